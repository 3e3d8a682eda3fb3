/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sessions are gone through once; their pieces are lists of events, which a part copies. */
#include "config.h"

#include "eval/hold.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/scope.h"
#include "base/siphash.h"
#include "base/sort.h"

static bool drawn(const struct split_spec *s, struct str text)
{
	const struct siphash_key key = {{s->seed, HOLD_KEY}};

	return (double)(siphash(text, &key) >> 11) * 0x1p-53 < s->share;
}

bool hold_product(const struct split_spec *s, const struct catalog *c, uint32_t product)
{
	return drawn(s, text_at(&c->product_id, product));
}

/* Of both. */
static bool hold_pair(const struct split_spec *s, const struct catalog *c, uint32_t a, uint32_t b)
{
	struct str x = text_at(&c->product_id, a), y = text_at(&c->product_id, b);
	bool swap = str_cmp(x, y) > 0;
	STRBUF(both);

	strbuf_add(&both, swap ? y : x);
	strbuf_addc(&both, '\t');
	strbuf_add(&both, swap ? x : y);
	return drawn(s, strbuf_str(&both));
}

/* --- pieces */

struct holding {
	const struct split_spec *spec;
	const struct catalog *c;
	struct split *p;
	struct map *seen;		/* pairs that are test lists already */
	size_t cap_events, cap_pieces, cap_lists;
	uint64_t events;
	uint32_t *item;			/* distinct products of the session, ascending */
	size_t n, cap_item;
	uint8_t *held;			/* (n, n) */
	size_t cap_held;
};

static void piece_begin(struct holding *h, uint32_t session)
{
	struct part_pieces *x = &h->p->pieces;

	if (x->n + 2 > h->cap_pieces) {
		h->cap_pieces = h->cap_pieces * 3 / 2 + 64;
		x->offsets = mem_resize(x->offsets, h->cap_pieces, sizeof *x->offsets);
		x->session = mem_resize(x->session, h->cap_pieces, sizeof *x->session);
	}
	x->offsets[0] = 0;
	x->session[x->n] = session;
}

static void piece_add(struct holding *h, uint64_t event)
{
	MEM_GROW(h->p->pieces.event, h->cap_events, h->events + 1);
	h->p->pieces.event[h->events++] = event;
}

/* One without events isn't there. */
static void piece_end(struct holding *h)
{
	struct part_pieces *x = &h->p->pieces;

	if (h->events > x->offsets[x->n])
		x->offsets[++x->n] = h->events;
}

static void find_products(struct holding *h, uint32_t session)
{
	const struct catalog *c = h->c;
	uint64_t from = c->session_offsets[session], end = c->session_offsets[session + 1];
	size_t n = 0;

	MEM_GROW(h->item, h->cap_item, end - from + 1);
	for (uint64_t i = from; i < end; i++)
		if (c->event_kind[i] == h->p->kind)
			h->item[n++] = c->event_product[i];
	sort_u32(h->item, n);
	h->n = 0;
	for (size_t i = 0; i < n; i++)
		if (!h->n || h->item[h->n - 1] != h->item[i])
			h->item[h->n++] = h->item[i];
}

/* A test list. */
static void ask_pair(struct holding *h, uint32_t session, uint32_t a, uint32_t b)
{
	struct split *p = h->p;
	const uint32_t pair[2] = {a, b};

	if (p->n + 2 > h->cap_lists) {
		size_t cap = h->cap_lists = h->cap_lists * 3 / 2 + 64;

		p->offsets = mem_resize(p->offsets, cap, sizeof *p->offsets);
		p->given = mem_resize(p->given, cap, sizeof *p->given);
		p->session = mem_resize(p->session, cap, sizeof *p->session);
		p->item = mem_resize(p->item, cap, 2 * sizeof *p->item);
	}
	memcpy(p->item + 2 * p->n, pair, sizeof pair);
	p->given[p->n] = 0;
	p->session[p->n] = session;
	p->offsets[p->n] = 2 * p->n;
	p->n++;
	p->offsets[p->n] = 2 * p->n;
}

static bool add_pair(struct holding *h, uint32_t session, uint32_t a, uint32_t b, struct err *err)
{
	const uint32_t pair[2] = {a, b};
	uint32_t before = map_count(h->seen);
	uint32_t at = map_intern(h->seen, str_span((const char *)pair, sizeof pair), err);

	if (at == before)
		ask_pair(h, session, a, b);
	return at != MAP_NONE;
}

/* held: which pairs are; any: whether one is. */
static bool find_held(struct holding *h, uint32_t session, bool *any, struct err *err)
{
	size_t n = h->n;

	*any = false;
	if (n < 2 || (h->c->max_session && n > h->c->max_session))
		return true;
	MEM_GROW(h->held, h->cap_held, n * n);
	memset(h->held, 0, n * n);
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++) {
			if (!hold_pair(h->spec, h->c, h->item[i], h->item[j]))
				continue;
			h->held[i * n + j] = h->held[j * n + i] = 1;
			*any = true;
			if (!add_pair(h, session, h->item[i], h->item[j], err))
				return false;
		}
	return true;
}

static bool of_basket(const struct holding *h, uint64_t event)
{
	uint32_t p = h->c->event_product[event];

	if (h->c->event_kind[event] == EVENT_VIEW)
		return false;
	for (size_t i = 0; i < h->n; i++)
		if (h->item[i] == p)
			return true;
	return false;
}

/* The session's events of a and b that aren't views. */
static void add_two(struct holding *h, uint32_t session, uint32_t a, uint32_t b)
{
	const struct catalog *c = h->c;

	piece_begin(h, session);
	for (uint64_t i = c->session_offsets[session]; i < c->session_offsets[session + 1]; i++)
		if (c->event_kind[i] != EVENT_VIEW &&
		    (c->event_product[i] == a || c->event_product[i] == b))
			piece_add(h, i);
	piece_end(h);
}

static void cut_session(struct holding *h, uint32_t session)
{
	const struct catalog *c = h->c;
	size_t n = h->n;

	piece_begin(h, session);
	for (uint64_t i = c->session_offsets[session]; i < c->session_offsets[session + 1]; i++)
		if (!of_basket(h, i))
			piece_add(h, i);
	piece_end(h);
	for (size_t i = 0; i < n; i++) {
		size_t left = 0;

		for (size_t j = 0; j < n; j++) {
			left += i != j && !h->held[i * n + j];
			if (i < j && !h->held[i * n + j])
				add_two(h, session, h->item[i], h->item[j]);
		}
		if (!left)
			add_two(h, session, h->item[i], h->item[i]);
	}
}

bool hold_links(struct split *p, const struct split_spec *s, const struct catalog *c,
		struct err *err)
{
	SCOPED(map) seen = map_create();
	struct holding h = {.spec = s, .c = c, .p = p, .seen = seen};
	bool ok = true, any;

	piece_begin(&h, 0);
	for (uint32_t k = 0; k < c->n_sessions && ok; k++) {
		find_products(&h, k);
		ok = find_held(&h, k, &any, err);
		if (ok && any) {
			cut_session(&h, k);
			continue;
		}
		piece_begin(&h, k);
		for (uint64_t i = c->session_offsets[k]; i < c->session_offsets[k + 1]; i++)
			piece_add(&h, i);
		piece_end(&h);
	}
	p->train_events = h.events;
	free(h.item);
	free(h.held);
	return ok;
}

static bool hold_one(const struct holding *h, uint32_t a, uint32_t b)
{
	return h->p->product ? h->p->product[a] || h->p->product[b] :
	       hold_pair(h->spec, h->c, a, b);
}

/* The whole graph's pairs, each once. */
static void draw_pairs(struct holding *h, const struct csr *m)
{
	size_t cap = 0;

	for (uint32_t a = 0; a < m->rows; a++)
		for (uint64_t i = m->offsets[a]; i < m->offsets[a + 1]; i++) {
			uint32_t b = m->column[i];

			if (b <= a)
				continue;
			if (!hold_one(h, a, b)) {
				h->p->train_events++;
				continue;
			}
			ask_pair(h, 0, a, b);
			MEM_GROW(h->p->pair, cap, h->p->n);
			h->p->pair[h->p->n - 1] = (uint64_t)a << 32 | b;
		}
}

bool hold_pairs(struct split *p, const struct split_spec *s, const struct catalog *c,
		struct err *err)
{
	struct holding h = {.spec = s, .c = c, .p = p};
	enum relation r = p->kind == EVENT_CART ? REL_CO_CART : REL_CO_PURCHASE;

	if (s->kind == SPLIT_PRODUCTS) {
		p->product = mem_big(c->n_products, 1, "the split", err);
		for (uint32_t i = 0; p->product && i < c->n_products; i++)
			p->product[i] = hold_product(s, c, i);
		if (!p->product)
			return false;
	}
	draw_pairs(&h, &c->relation[r].out);
	p->unlinked = (struct part_unlinked){r, p->pair, p->n, p->product};
	return true;
}
