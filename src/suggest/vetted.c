/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What verdicts and rules do to a list, in the order that is published: filters and blocks
 * take candidates away before they are ranked, so a list keeps its length; then rows are
 * boosted before and buried after the rest, each in the order of the ranking; then pins by id
 * and by condition take their places, and the others close up around them.
 */
#include "config.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "suggest/door_impl.h"

static_assert(PANEL_SIMILAR == 0 && PANEL_COMPLEMENTARY == 1 && PANEL_KINDS == 2,
	      "rules_panels names the panels in this order");

bool vetted_wanted(const struct suggestion *s)
{
	return s->q.r->about.vetting != NULL;
}

/* Candidates that no list may have. */
void vetted_block(struct suggestion *s)
{
	size_t kept = 0;
	unsigned line;

	for (size_t i = 0; i < s->c.n; i++)
		if (vetting_tier(&s->q.vetted, s->c.at[i].product, &line) != TIER_OUT)
			s->c.at[kept++] = s->c.at[i];
	s->c.n = kept;
}

bool vetted_reorders(const struct suggestion *s)
{
	return vetted_wanted(s) && s->q.vetted.reorders;
}

/* --- once */

/* Pairs (rule, what is alike) that stand already: a table with open addresses. */
struct seen {
	uint64_t *at;		/* (size) key + 1; 0: free */
	size_t size;		/* a power of two */
};

static uint64_t *place_of(const struct seen *s, uint64_t key)
{
	size_t i = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (s->size - 1);

	while (s->at[i] && s->at[i] != key)
		i = (i + 1) & (s->size - 1);
	return &s->at[i];
}

/* What was rejected and is only shown stands for nobody. */
static bool is_first(struct seen *seen, const struct vetting_list *l, uint32_t with)
{
	for (int turn = 0; turn < 2; turn++)	/* all are asked before one is noted */
		for (unsigned k = 0; k < l->n_once; k++) {
			uint32_t alike = vetting_alike(l, k, with);
			uint64_t key = ((uint64_t)k << 32 | alike) + 1, *place;

			if (alike == CATALOG_NONE)
				continue;
			place = place_of(seen, key);
			if (turn == 0 && *place)
				return false;
			if (turn == 1)
				*place = key;
		}
	return true;
}

/* Rows like one above them go, so that the next source fills the list. */
void vetted_once(struct suggestion *s)
{
	const struct vetting_list *l = &s->q.vetted;
	struct panel *p = &s->p;
	struct seen seen = {.size = 64};
	unsigned kept = 0;

	assert(vetted_wanted(s));
	if (!l->n_once)
		return;
	while (seen.size < 2 * (size_t)p->n_rows * l->n_once)
		seen.size *= 2;
	seen.at = mem_zalloc(seen.size * sizeof *seen.at);
	for (unsigned i = 0; i < p->n_rows; i++)
		if (vetting_struck(l, p->rows[i].product) ||
		    is_first(&seen, l, p->rows[i].product))
			p->rows[kept++] = p->rows[i];
	p->n_rows = kept;
	free(seen.at);
}

/* --- places */

/* Boosted, rest, buried: a stable sort by tier. */
static void order_tiers(struct suggestion *s)
{
	struct panel *p = &s->p;
	SCOPED_FREE struct panel_row *rows = mem_alloc((p->n_rows + 1) * sizeof *rows);
	unsigned n = 0;

	for (enum vetting_tier tier = TIER_BOOSTED; tier <= TIER_BURIED; tier++)
		for (unsigned i = 0; i < p->n_rows; i++) {
			unsigned line;

			if (vetting_tier(&s->q.vetted, p->rows[i].product, &line) != tier)
				continue;
			rows[n] = p->rows[i];
			rows[n++].rule = line;
		}
	assert(n == p->n_rows);
	if (n)
		memcpy(p->rows, rows, n * sizeof *rows);
}

/* The row of the product, or a new one at the end where no source has it. */
static struct panel_row *find_or_add(struct panel *p, uint32_t product)
{
	for (unsigned i = 0; i < p->n_rows; i++)
		if (p->rows[i].product == product)
			return &p->rows[i];
	p->rows = mem_resize(p->rows, p->n_rows + 1, sizeof *p->rows);
	p->rows[p->n_rows] = (struct panel_row){.product = product, .source = SOURCE_PIN};
	return &p->rows[p->n_rows++];
}

static bool is_asked(const struct question *about, uint32_t product)
{
	for (unsigned i = 0; i < about->n_basket; i++)
		if (about->basket[i] == product)
			return true;
	return product == about->product;
}

/* What a pin gives a place to; NULL: nothing. What is kept out no pin brings in. */
static struct panel_row *find_pinned(struct suggestion *s, const struct vetting_pin *pin)
{
	struct panel *p = &s->p;
	unsigned line;

	if (pin->with != CATALOG_NONE) {
		if (is_asked(&s->q.r->about, pin->with) ||
		    vetting_struck(&s->q.vetted, pin->with) ||
		    vetting_tier(&s->q.vetted, pin->with, &line) == TIER_OUT)
			return NULL;
		return find_or_add(p, pin->with);
	}
	for (unsigned i = 0; i < p->n_rows; i++)
		if (!(p->rows[i].flags & PANEL_PINNED) &&
		    !vetting_struck(&s->q.vetted, p->rows[i].product) &&
		    vetting_fits(&s->q.vetted, pin, p->rows[i].product))
			return &p->rows[i];
	return NULL;
}

/* Each pin marks its row, whose rank becomes the place. Returns how many have one. */
static unsigned give_places(struct suggestion *s)
{
	unsigned n, given = 0;
	SCOPED_FREE struct vetting_pin *pin = vetting_pins(&s->q.vetted, &n);

	for (unsigned k = 0; k < n; k++) {
		struct panel_row *row = find_pinned(s, &pin[k]);

		if (!row || row->flags & PANEL_PINNED)
			continue;
		row->flags |= PANEL_PINNED;
		row->rank = pin[k].position;
		row->rule = pin[k].line;
		given++;
	}
	return given;
}

/* The pinned row with the least place, in the order of the rows; n_rows: none is left. */
static unsigned next_pinned(const struct panel *p, const bool *done)
{
	unsigned best = p->n_rows;

	for (unsigned i = 0; i < p->n_rows; i++)
		if (!done[i] && p->rows[i].flags & PANEL_PINNED &&
		    (best == p->n_rows || p->rows[i].rank < p->rows[best].rank))
			best = i;
	return best;
}

/* Rows in their final order: place `at` goes to a pin that wants it or one before it, else
 * to the next row of the ranking. A rejected row that is shown takes no place. */
static void merge(struct suggestion *s, unsigned pinned)
{
	struct panel *p = &s->p;
	struct panel_row *rows = mem_alloc((p->n_rows + 1) * sizeof *rows);
	SCOPED_FREE bool *done = mem_zalloc((p->n_rows + 1) * sizeof *done);
	unsigned n = 0, at = 1, next = 0;

	while (n < p->n_rows) {
		unsigned pin = pinned ? next_pinned(p, done) : p->n_rows, from;

		while (next < p->n_rows && p->rows[next].flags & PANEL_PINNED)
			next++;
		from = pin < p->n_rows && (p->rows[pin].rank <= at || next == p->n_rows) ? pin :
		       next++;
		pinned -= from == pin;
		done[from] = true;
		rows[n] = p->rows[from];
		rows[n].rank = vetting_struck(&s->q.vetted, rows[n].product) ? 0 : at++;
		n++;
	}
	free(p->rows);
	p->rows = rows;
}

/* The first r->limit that have a rank, and what stands between them. */
static void cut(struct suggestion *s)
{
	struct panel *p = &s->p;
	unsigned n = 0, ranked = 0;

	while (n < p->n_rows && ranked < s->q.r->limit)
		ranked += p->rows[n++].rank > 0;
	p->n_rows = n;
}

void vetted_place(struct suggestion *s)
{
	order_tiers(s);
	merge(s, give_places(s));
	if (!order_wanted(s))
		cut(s);
}

void vetted_mark(struct suggestion *s)
{
	for (unsigned i = 0; i < s->p.n_rows; i++) {
		struct panel_row *row = &s->p.rows[i];
		const struct decision *d = vetting_verdict(&s->q.vetted, row->product);

		if (d)
			row->flags |= d->kind == DECISION_REJECT ? PANEL_REJECTED : PANEL_APPROVED;
	}
}
