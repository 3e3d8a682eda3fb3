/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A decision is about the row that was seen: it counts only where the cursor stood on that
 * suggestion in the last frame that the terminal has acknowledged (act_range.c), so a held key
 * on a slow line decides nothing unseen. Then the cursor moves on to the next row without a
 * decision, and to the next product when the first places of the list have theirs.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/quote.h"
#include "model/model.h"
#include "store/store.h"
#include "tui/state.h"
#include "vet/aside.h"
#include "vet/rules.h"
#include "vet/verdicts.h"
#include "view/names.h"

#define PLACES 10u	/* of a list are gone through before the next product's */

void deciding_start(struct explorer *e, struct str who)
{
	if (who.len)
		strbuf_add(&e->deciding.who, who);
	else if (e->kiosk)
		strbuf_adds(&e->deciding.who, "visitor");
	else
		verdicts_login(&e->deciding.who);
	if (e->kiosk)
		e->deciding.aside = aside_create(), e->deciding.notes = aside_create();
	worker_keep_aside(e->worker, e->deciding.aside, e->deciding.notes);
}

void deciding_finish(struct deciding *d)
{
	verdicts_destroy(d->verdicts);
	aside_destroy(d->aside);
	aside_destroy(d->notes);
	strbuf_finish(&d->reasons);
	strbuf_finish(&d->who);
}

bool deciding_may(const struct explorer *e)
{
	return !e->read_only || e->kiosk;
}

struct verdicts *deciding_verdicts(struct explorer *e)
{
	struct journal_place at = {e->path, "aisle explore", 1, e->deciding.aside};
	struct err err = {0};

	if (!e->deciding.verdicts && !verdicts_open(&e->deciding.verdicts, &at, &err))
		explorer_error(e, &err);
	return e->deciding.verdicts;
}

bool deciding_takes(const struct pane *p)
{
	return p->class->decides || asks_take(p->class->asks, ASK_VERDICTS);
}

/* A sheet over the panes that shows decisions; NULL: none does. */
static struct pane *deciding_sheet(const struct explorer *e)
{
	struct pane *s = panes_sheet(e);

	return s && deciding_takes(s) ? s : NULL;
}

/* Open it anew, and come back to where its cursor is. */
static void sheet_anew(struct explorer *e, struct pane *s)
{
	struct deciding *d = &e->deciding;
	struct view_target t = {.product = CATALOG_NONE, .with = CATALOG_NONE};

	(void)pane_at(s, &t);
	d->returns = true;
	d->product = t.product;
	d->with = t.with;
	d->row = s->list.cursor;
	d->top = s->list.top;
	sheet_open(e, s->class, &s->shown->asked.outlook, true);
}

/* Rows may have come before it: what others rejected stays with its mark. */
#define NEAR 64

static bool is_aim(const struct explorer *e, struct pane *p, uint64_t row)
{
	struct view_target t;

	view_target(pane_view(p), pane_row(p, row), &t);
	return t.product == e->deciding.product && t.with == e->deciding.with;
}

void deciding_return(struct explorer *e, struct pane *p)
{
	struct deciding *d = &e->deciding;
	uint64_t row = d->row;

	if (!d->returns)
		return;
	d->returns = false;
	for (uint64_t far = 0; far < NEAR; far++) {
		if (d->row + far < p->list.count && is_aim(e, p, d->row + far)) {
			row = d->row + far;
			break;
		}
		if (far <= d->row && d->row - far < p->list.count &&
		    is_aim(e, p, d->row - far)) {
			row = d->row - far;
			break;
		}
	}
	list_go(&p->list, row);
	p->list.top = row >= d->row ? d->top + (row - d->row) :
		      d->top > d->row - row ? d->top - (d->row - row) : 0;
}

void deciding_show(struct explorer *e)
{
	struct pane *sheet;

	e->returning = explorer_place(e);
	for (int i = PANE_PRODUCTS; i < PANES; i++)
		e->returns[i] = true;
	explorer_again(e);
	sheet = deciding_sheet(e);
	if (sheet)
		sheet_anew(e, sheet);
}

#define FOLLOW_EVERY 0.5	/* seconds: others' decisions are there within one */

double deciding_wait(const struct explorer *e, double now)
{
	const struct deciding *d = &e->deciding;

	if (!d->behind || e->panes.wanted || explorer_stale(e))
		return INFINITY;
	return fmax(d->followed + FOLLOW_EVERY - now, 0);
}

void deciding_watch(struct explorer *e, double now)
{
	struct verdicts *v = e->deciding.verdicts;
	uint64_t before = v ? verdicts_version(v) : 0;
	struct err err = {0};

	if (deciding_wait(e, now) > 0)
		return;
	e->deciding.behind = false;
	if (v && !verdicts_refresh(v, &err))
		explorer_error(e, &err);
	else if (v && verdicts_version(v) == before)
		return;		/* it was this explorer that decided */
	else
		deciding_show(e);
	e->deciding.followed = now;
}

void deciding_aside(struct explorer *e)
{
	struct deciding *d = &e->deciding;
	struct err err = {0};

	if (!d->aside || aside_count(d->aside) == d->known)
		return;
	d->known = aside_count(d->aside);
	if (d->verdicts && !verdicts_refresh(d->verdicts, &err))
		explorer_error(e, &err);
	deciding_show(e);
}

/* --- the row */

static unsigned column_of(const struct view_class *c, const char *key)
{
	unsigned i = 0;

	while (i < c->n_columns && strcmp(c->columns[i].key, key) != 0)
		i++;
	return i;
}

/* Has the row of the list a verdict already? */
static bool is_decided(const struct pane *p, uint64_t row)
{
	return view_mark(pane_view(p), pane_row(p, row)) != 0;
}

/* The first open row among the first n, the cursor's aside; n: none is. */
static uint64_t first_open(struct pane *p, uint64_t n)
{
	uint64_t at = 0;

	while (at < n && (at == p->list.cursor || is_decided(p, at)))
		at++;
	return at;
}

/* The product's first PLACES are done: the next product, with the same pane in front. */
static bool next_product(struct explorer *e, struct pane *p)
{
	struct list *products = &e->panes.at[PANE_PRODUCTS].list;
	uint64_t n = p->list.count < PLACES ? p->list.count : PLACES;

	if (p->sheet || p->list.cursor >= n || first_open(p, n) < n ||
	    products->cursor + 1 >= products->count)
		return false;
	list_move(products, 1);
	memset(e->returns, 0, sizeof e->returns);
	explorer_ask_panels(e);
	return true;
}

/* The next open row below, else the first one above. */
static void move_on(struct explorer *e, struct pane *p)
{
	uint64_t at = p->list.cursor + 1;

	while (at < p->list.count && is_decided(p, at))
		at++;
	if (at == p->list.count)
		at = first_open(p, p->list.count);
	if (at < p->list.count)
		list_go(&p->list, at);
}

/* Place, score and support as they are seen now. */
static void read_row(struct pane *p, uint64_t row, struct decision *d)
{
	const struct view_class *c = p->class;
	struct cell cells[PANE_COLUMNS];
	unsigned rank = column_of(c, "rank"), score = column_of(c, "score"), n = column_of(c, "n");
	unsigned low = column_of(c, "lift_low"), high = column_of(c, "lift_high");

	d->score = NAN;
	if (c->n_columns > PANE_COLUMNS)
		return;
	view_row(pane_view(p), pane_row(p, row), cells);
	if (rank < c->n_columns && !cells[rank].empty)
		d->rank = (unsigned)cells[rank].count;
	if (score < c->n_columns && !cells[score].empty)
		d->score = cells[score].real;
	if (n < c->n_columns && !cells[n].empty)
		d->n = (uint64_t)cells[n].count;
	if (high < c->n_columns && !cells[high].empty && !cells[low].empty) {
		d->low = cells[low].real;
		d->high = cells[high].real;
	}
}

/* Decisions may be made here and now; false, and said: they may not. */
static bool may_decide_here(struct explorer *e, const struct pane *p)
{
	if (!deciding_takes(p)) {
		explorer_message(e, "a decision is about a suggestion: go to one first (Alt-3, "
				 "Alt-4)");
		return false;
	}
	if (!deciding_saw(e) || (p->sheet && e->panes.wanted)) {
		explorer_message(e, "nothing was decided: the row wasn't on the screen yet");
		return false;
	}
	return true;
}

struct str deciding_panel(const struct pane *p)
{
	const struct outlook *o = view_question(pane_view(p))->outlook;

	if (p->class->decides && outlook_asks(o, ASK_PANEL))
		return outlook_text(o, ASK_PANEL);
	for (int i = 0; rules_panels[i]; i++)
		if (strcmp(p->class->name, rules_panels[i]) == 0)
			return str_from(rules_panels[i]);
	return STR("complementary");
}

/* The pair of a row, of a view that obeys verdicts; false: it has none. */
static bool take_pair(struct explorer *e, struct pane *p, uint64_t row, struct decision *d)
{
	const struct catalog *c = e->edition->cat;
	const struct question *q = view_question(pane_view(p));
	struct view_target t;

	view_target(pane_view(p), pane_row(p, row), &t);
	if (t.product == CATALOG_NONE)
		return false;
	d->panel = deciding_panel(p);
	d->product = text_at(&c->product_id, p->class->decides ? t.product : q->product);
	d->with = text_at(&c->product_id, p->class->decides ? t.with : t.product);
	d->audit = t.audit;
	d->model = q->model ? str_from(model_name(q->model)) : STR(MODEL_NONE);
	read_row(p, row, d);
	return true;
}

/* --- the keys */

/* The label of a product, or its id where the store has it no more, cut to `cells`. */
static void add_product(struct explorer *e, struct str id, int cells, struct strbuf *b)
{
	const struct catalog *c = e->edition->cat;
	uint32_t p = store_find(e->edition->store, "product", id);

	names_cut(b, p < c->n_products ? text_at(&c->product_label, p) : id, cells,
		  e->term->glyphs->ellipsis);
}

/* Of one decision both products, cut so that the keys behind them fit. */
static void say_decided(struct explorer *e, struct decisions made, uint64_t unseen,
			const char *what)
{
	static const char keys[] = "; u takes it back, c says why";
	const struct decision *d = made.at;
	const char *kiosk = e->kiosk ? ", in this kiosk:" : "";
	int room = e->panes.layout.message.w - 2;
	STRBUF(left);
	STRBUF(pair);

	if (unseen)
		strbuf_addf(&left, "; %ju that were never on the screen are left",
			    (uintmax_t)unseen);
	if (made.n > 1 || unseen) {
		explorer_message(e, "%s%s %zu suggestions%s; u takes them back, c says why", what,
				 kiosk, made.n, strbuf_c(&left));
		return;
	}
	room -= (int)(strlen(what) + strlen(kiosk) + strlen(keys) + strlen("  > "));
	room = room / 2 > 8 ? room / 2 : 8;
	add_product(e, d->product, room, &pair);
	strbuf_adds(&pair, " > ");
	add_product(e, d->with, room, &pair);
	explorer_message(e, "%s%s %s%s", what, kiosk, strbuf_c(&pair), keys);
}

static bool may_decide(struct explorer *e)
{
	if (!deciding_may(e))
		explorer_message(e, "the store was opened read-only");
	return deciding_may(e);
}

/* The rows of the range, or the cursor's: those that were seen; *unseen counts the others. */
static struct decisions take_rows(struct explorer *e, struct pane *p, const struct decision *like,
				  uint64_t *unseen)
{
	uint64_t from, n = range_rows(e, p, &from);
	struct decisions made = {mem_alloc(n * sizeof *made.at), 0};

	*unseen = 0;
	for (uint64_t i = 0; i < n && p->list.count; i++) {
		made.at[made.n] = *like;
		if (!range_shown(e, p, from + i))
			++*unseen;
		else if (take_pair(e, p, from + i, &made.at[made.n]))
			made.n++;
	}
	/* The cursor goes on from its end, whichever it began at. */
	if (n > 1)
		list_go(&p->list, from + n - 1);
	return made;
}

static bool keep(struct explorer *e, struct decisions made)
{
	struct err err = {0};

	if (!verdicts_add(e->deciding.verdicts, made, &err)) {
		explorer_error(e, &err);
		return false;
	}
	e->deciding.last = made.at[made.n - 1].seq;
	e->deciding.n = e->deciding.group = made.n;
	e->deciding.undone = 0;
	return true;
}

static void decide(struct explorer *e, enum decision_kind kind, unsigned position,
		   const char *what)
{
	struct pane *p = panes_front(e);
	struct decision like = {
		.who = strbuf_str(&e->deciding.who), .kind = kind, .position = position,
		.generation = store_generation(e->edition->store),
	};
	struct decisions made;
	uint64_t unseen;
	bool kept;

	if (!may_decide(e) || !may_decide_here(e, p) || !deciding_verdicts(e))
		return;
	made = take_rows(e, p, &like, &unseen);
	kept = made.n && keep(e, made);
	if (kept)
		say_decided(e, made, unseen, what);
	else if (!made.n)
		explorer_message(e, "there is no suggestion here");
	free(made.at);
	if (!kept)
		return;
	range_end(e);
	if (next_product(e, p))
		return;
	move_on(e, p);
	deciding_show(e);
}

void act_approve(struct explorer *e, uint64_t count)
{
	decide(e, DECISION_APPROVE, 0, "approved");
}

void act_reject(struct explorer *e, uint64_t count)
{
	decide(e, DECISION_REJECT, 0, "rejected");
}

void act_skip(struct explorer *e, uint64_t count)
{
	decide(e, DECISION_SKIP, 0, "skipped");
}

/* At place N of the list, or where it stands. */
void act_pin(struct explorer *e, uint64_t count)
{
	struct decision d = {0};
	struct pane *p = panes_front(e);

	if (count == 0 && asks_take(p->class->asks, ASK_VERDICTS) && !pane_stale(p) &&
	    p->list.count)
		read_row(p, p->list.cursor, &d);
	decide(e, DECISION_PIN, count ? (unsigned)(count < 1000 ? count : 1000) :
	       d.rank ? d.rank : 1, "pinned");
}

/* One decision, or all that one key made; `count` says how many instead. */
static void turn(struct explorer *e, bool redo, uint64_t count)
{
	struct verdicts *v = may_decide(e) ? deciding_verdicts(e) : NULL;
	struct str who = strbuf_str(&e->deciding.who);
	uint64_t n = count ? count : redo ? e->deciding.undone : e->deciding.group, done = 0;
	struct decision about = {0};
	uint64_t first = UINT64_MAX;
	struct err err = {0};

	while (v && done < (n ? n : 1) &&
	       (redo ? verdicts_redo(v, who, &about, &err) :
		       verdicts_undo(v, who, NULL, &about, &err))) {
		first = about.seq < first ? about.seq : first;
		done++;
	}
	if (!done) {
		if (v)
			explorer_error(e, &err);
		return;
	}
	if (done > 1)
		explorer_message(e, "%s %ju decisions", redo ? "gave again:" : "took back:",
				 (uintmax_t)done);
	else
		explorer_message(e, "%s %s %.*s > %.*s", redo ? "gave again:" : "took back:",
				 decision_kind_name(about.kind), STR_ARG(about.product),
				 STR_ARG(about.with));
	/* c is about all that came back, where they were made together. */
	e->deciding.last = redo ? about.seq : 0;
	e->deciding.n = about.seq - first + 1 == done ? done : 1;
	e->deciding.group = redo ? done : 0;
	e->deciding.undone = redo ? 0 : done;
	deciding_show(e);
}

void act_take_back(struct explorer *e, uint64_t count)
{
	turn(e, false, count);
}

void act_give_again(struct explorer *e, uint64_t count)
{
	turn(e, true, count);
}

/* --- the review queue */

/* Of the panel in front, complementary where it is another pane. */
void act_review(struct explorer *e, uint64_t count)
{
	bool similar = str_is(str_from(panes_front(e)->class->name), "similar");
	STRBUF(line);

	strbuf_adds(&line, similar ? "show queue --panel similar" : "show queue");
	if (!e->kiosk) {
		strbuf_adds(&line, " --as ");
		quote_word(&line, strbuf_str(&e->deciding.who));
	}
	if (e->lens && (filter_classes(e->lens->filter) & ~WHERE_PRODUCTS) == 0) {
		strbuf_adds(&line, " --where ");
		quote_word(&line, str_from(filter_text(e->lens->filter)));
	}
	line_run(e, strbuf_str(&line));
}
