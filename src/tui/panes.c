/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pane is asked for again when its outlook, the import or the filter is another one than
 * it was asked with last; results come back in arriving.c. */
#include "config.h"

#include "tui/panes.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/time.h"
#include "tui/state.h"

/* A list that is to be decided on begins at its first open row, if that is among so many. */
#define OPEN_WITHIN 64

#define PANEL_FOLLOWS (MAY(PRODUCT) | MAY(WHERE) | MAY(SCOPE) | MAY(CODES) | \
		       MAY(VERDICTS) | MAY(SORT))

/* What the panes are, and what of all that is asked each follows. */
static const struct {
	const char *view;
	uint64_t follows;
	const char *lacks;	/* said where the ask that it needs isn't there */
	enum ask_id needs;
	bool leads;
} kinds[PANES] = {
	[PANE_CATEGORIES] = {"categories", MAY(WHERE) | MAY(SORT), NULL, ASK_IDS, true},
	[PANE_PRODUCTS] = {"products", MAY(CATEGORY) | MAY(WHERE) | MAY(SORT), NULL, ASK_IDS,
			   true},
	[PANE_SELECTED] = {"product", MAY(PRODUCT), "no product is selected", ASK_PRODUCT,
			   false},
	[PANE_SIMILAR] = {"similar", PANEL_FOLLOWS | MAY(MODEL), "no product is selected",
			  ASK_PRODUCT, false},
	[PANE_COMPLEMENTARY] = {"complementary", PANEL_FOLLOWS | MAY(SAME_CATEGORY) |
				MAY(CATEGORIES) | MAY(PER_CATEGORY),
				"no product is selected", ASK_PRODUCT, false},
	[PANE_TRANSITIONS] = {"transitions", MAY(CATEGORY) | MAY(LEVEL) | MAY(BASKETS) |
			      MAY(WHERE) | MAY(SORT), "this product has no category",
			      ASK_CATEGORY, false},
};

void panes_start(struct explorer *e)
{
	e->panes.focus = PANE_PRODUCTS;
	e->panes.chosen = CATALOG_NONE;
	for (int p = 0; p < PANES; p++)
		e->panes.at[p].class = view_find(str_from(kinds[p].view));
}

static void pop(struct panes *p)
{
	pane_finish(&p->sheet[--p->n]);
}

void panes_finish(struct panes *p)
{
	while (p->n)
		pop(p);
	free(p->sheet);
	strbuf_finish(&p->making);
	outlook_finish(&p->wanted_as);
	for (int i = 0; i < PANES; i++)
		pane_finish(&p->at[i]);
}

struct pane *panes_sheet(const struct explorer *e)
{
	const struct panes *p = &e->panes;

	return p->n && !p->away ? &p->sheet[p->n - 1] : NULL;
}

struct pane *panes_front(struct explorer *e)
{
	struct pane *s = panes_sheet(e);

	return s ? s : &e->panes.at[e->panes.focus];
}

bool pane_leads(enum pane_id at)
{
	return kinds[at].leads;
}

/* Numbers of another import than the one that is open are none. */
static uint32_t product_of(const struct explorer *e, const struct pane *p)
{
	return p->shown && p->shown->asked.edition == e->edition ? pane_product(p) : CATALOG_NONE;
}

uint32_t panes_selected(const struct explorer *e)
{
	return product_of(e, &e->panes.at[PANE_PRODUCTS]);
}

uint32_t panes_pointed(struct explorer *e)
{
	struct pane *p = panes_front(e);
	bool panel = !p->sheet && p->class->product && !kinds[e->panes.focus].leads &&
		     e->panes.focus != PANE_SELECTED;

	if (panel && pane_stale(p))
		panel = false;
	return p->sheet || panel ? product_of(e, p) : panes_selected(e);
}

/* --- what a pane asks */

/* The transitions are those of the selected product's category. */
static uint32_t category_of(const struct explorer *e, enum pane_id at, uint32_t product)
{
	const struct catalog *cat = e->edition->cat;

	if (at == PANE_TRANSITIONS && product < cat->n_products &&
	    cat->product_category[product] < cat->n_categories)
		return cat->product_category[product];
	return e->category;
}

/* Tests of products are asked of what is looked at, and of suggestions where it is said. */
static bool whole_shop(const struct explorer *e, enum pane_id at)
{
	return asks_take(kinds[at].follows, ASK_SCOPE) &&
	       !str_is(outlook_text(&e->sight.asked, ASK_SCOPE), "filter");
}

struct lens *panes_lens(const struct explorer *e, enum pane_id at)
{
	return whole_shop(e, at) ? e->shop_lens : e->lens;
}

/* What copied commands carry too; nothing where the filter tests no products. */
static struct str scope_of(const struct explorer *e, enum pane_id at)
{
	if (!asks_take(kinds[at].follows, ASK_SCOPE) || !e->lens ||
	    !(filter_classes(e->lens->filter) & FILTER_PRODUCT))
		return STR_NULL;
	return whole_shop(e, at) ? STR("shop") : STR("filter");
}

/* The view that is opened: complements by category are a view of their own. */
static const struct view_class *class_of(const struct explorer *e, enum pane_id at,
					 const struct outlook *o)
{
	if (at == PANE_COMPLEMENTARY && outlook_asks(o, ASK_CATEGORIES))
		return view_find(STR("along"));
	return view_find(str_from(kinds[at].view));
}

void panes_outlook(const struct explorer *e, enum pane_id at, struct outlook *o)
{
	const struct catalog *cat = e->edition->cat;
	uint32_t product = panes_selected(e), category = category_of(e, at, product);
	uint64_t follows = kinds[at].follows;
	STRBUF(terms);

	for (enum ask_id i = 0; i < ASK_IDS; i++)
		if (asks_take(follows, i) && outlook_asks(&e->sight.asked, i))
			outlook_set(o, i, outlook_text(&e->sight.asked, i));
	/* The terms that the view takes: others are for other panes. */
	if (e->lens)
		filter_add_terms(e->lens->filter, e->panes.at[at].class->where, &terms);
	outlook_set(o, ASK_WHERE, terms.len ? strbuf_str(&terms) : STR_NULL);
	outlook_set(o, ASK_SCOPE, scope_of(e, at));
	outlook_set(o, ASK_SORT, outlook_text(&e->sight.own[at], ASK_SORT));
	if (outlook_asks(&e->sight.own[at], ASK_MODEL))
		outlook_set(o, ASK_MODEL, outlook_text(&e->sight.own[at], ASK_MODEL));
	if (class_of(e, at, o) != view_find(str_from(kinds[at].view)))
		outlook_set(o, ASK_SORT, STR_NULL);	/* it stands by category */
	if (asks_take(follows, ASK_PRODUCT) && product != CATALOG_NONE)
		outlook_set(o, ASK_PRODUCT, text_at(&cat->product_id, product));
	if (asks_take(follows, ASK_CATEGORY))
		outlook_set(o, ASK_CATEGORY, category < cat->n_categories ?
			    text_at(&cat->category_id, category) : STR_NULL);
}

void panes_add_line(struct explorer *e, struct strbuf *b)
{
	struct pane *p = panes_front(e);
	OUTLOOK(o);

	if (p->sheet) {
		pane_add_line(p, NULL, b);
		return;
	}
	panes_outlook(e, e->panes.focus, &o);
	strbuf_addf(b, "show %s", class_of(e, e->panes.focus, &o)->name);
	outlook_print(&o, UINT64_MAX, b);
}

static const char *lacks(const struct explorer *e, enum pane_id at, const struct outlook *o)
{
	if (kinds[at].needs == ASK_IDS || outlook_asks(o, kinds[at].needs))
		return NULL;
	return kinds[at].needs == ASK_CATEGORY && !e->edition->cat->n_categories ?
	       "this log names no categories" : kinds[at].lacks;
}

static void none_wanted(struct explorer *e, enum pane_id at, const char *why)
{
	struct pane *p = &e->panes.at[at];

	p->idle = why;
	if (!p->number)
		return;
	worker_cancel(e->worker, at);
	p->number = 0;
	list_set(&p->list, 0, 0);
	e->dirty = true;
}

/* false: it is asked for already, or there is nothing to ask for. */
static bool ask(struct explorer *e, enum pane_id at, uint32_t select, bool again)
{
	struct pane *p = &e->panes.at[at];
	struct opening o = {0};
	OUTLOOK(look);

	panes_outlook(e, at, &look);
	if (lacks(e, at, &look)) {
		none_wanted(e, at, lacks(e, at, &look));
		return false;
	}
	if (!again && p->number && p->edition == e->edition && p->lens == panes_lens(e, at) &&
	    outlook_same(&p->asked, &look, UINT64_MAX))
		return false;
	outlook_copy(&p->asked, &look);
	p->edition = e->edition;
	p->lens = panes_lens(e, at);
	p->number = ++e->panes.numbers;
	o = (struct opening){
		.slot = at, .number = p->number, .class = class_of(e, at, &look), .outlook = look,
		.edition = edition_ref(e->edition), .lens = lens_ref(panes_lens(e, at)),
		.some = true, .hurry = true, .select = select, .rows = p->list.page,
	};
	look = (struct outlook){0};
	worker_ask(e->worker, &o);
	if (!kinds[at].leads)
		p->list = (struct list){.page = p->list.page};
	return true;
}

/* was_busy: the one before is slow, so this one won't make the frame either. */
static void asked_something(struct explorer *e, bool was_busy)
{
	double now = time_now_monotonic();

	e->dirty = e->unsettled = true;
	if (!explorer_stale(e) || !was_busy)
		e->asked_at = now;
	e->grace = was_busy || e->rest || e->took > GRACE ? 0 : now + GRACE;
}

void explorer_ask_table(struct explorer *e, uint32_t category, uint32_t select)
{
	const struct catalog *cat = e->edition->cat;
	bool busy = worker_busy(e->worker);

	e->category = category;
	outlook_set(&e->sight.asked, ASK_CATEGORY, category < cat->n_categories ?
		    text_at(&cat->category_id, category) : STR_NULL);
	ask(e, PANE_PRODUCTS, select, true);
	ask(e, PANE_CATEGORIES, CATALOG_NONE, false);
	asked_something(e, busy);
}

void explorer_ask_panels(struct explorer *e)
{
	uint32_t product = panes_selected(e);
	bool busy = worker_busy(e->worker), any = false;

	e->dirty = true;
	if (pane_stale(&e->panes.at[PANE_PRODUCTS]))
		return;
	if (product != CATALOG_NONE)
		e->panes.chosen = product;
	for (int p = 0; p < PANES; p++)
		if (!kinds[p].leads)
			any |= ask(e, (enum pane_id)p, CATALOG_NONE, false);
	if (any)
		asked_something(e, busy);
}

void panes_forget(struct explorer *e)
{
	for (int p = 0; p < PANES; p++)
		e->panes.at[p].edition = NULL;
}

void explorer_again(struct explorer *e)
{
	panes_forget(e);
	explorer_ask_panels(e);
}

static void order(struct explorer *e, struct str sort)
{
	enum pane_id at = e->panes.focus;

	if (panes_sheet(e)) {
		sheet_ask(e, ASK_SORT, sort);
		return;
	}
	undo_note(&e->undo, &e->sight);
	outlook_set(&e->sight.own[at], ASK_SORT, sort);
	if (at == PANE_PRODUCTS)
		explorer_ask_table(e, e->category, panes_selected(e));
	else if (ask(e, at, CATALOG_NONE, false))
		asked_something(e, false);
}

void panes_sort(struct explorer *e, const char *column, bool turned)
{
	STRBUF(sort);

	view_add_sort(panes_front(e)->class, column, turned, &sort);
	order(e, strbuf_str(&sort));
}

void panes_sort_then(struct explorer *e, const char *column)
{
	struct pane *p = panes_front(e);
	const struct outlook *o = p->sheet ? &p->shown->asked.outlook
					   : &e->sight.own[e->panes.focus];
	struct str rest = outlook_text(o, ASK_SORT), first;
	STRBUF(sort);

	if (rest.ptr && (str_next(&rest, ',', &first) || (first = rest).len) &&
	    !str_is(first, column))
		strbuf_addf(&sort, "%.*s,", STR_ARG(first));
	strbuf_adds(&sort, column);
	order(e, strbuf_str(&sort));
}

/* A sheet that has only its first rows gets more of them, bit by bit. */
static void go_on(struct explorer *e, struct pane *s)
{
	struct opening q = s->shown->asked;

	q.more = true;
	q.outlook = (struct outlook){0};
	outlook_copy(&q.outlook, &s->shown->asked.outlook);
	edition_ref(q.edition);
	q.lens = q.lens ? lens_ref(q.lens) : NULL;
	worker_ask(e->worker, &q);
	e->unsettled = true;
}

static void sheet_grows(struct explorer *e, struct pane *s, struct opened *r)
{
	if (r->view) {
		pane_take(s, r, true);
		return;
	}
	s->ended = true;
	explorer_error(e, &r->err);
	opened_destroy(r);
}

void panes_say(struct explorer *e)
{
	struct pane *s = panes_sheet(e);

	if (s && !s->ended && pane_view(s) && view_is_partial(pane_view(s)) &&
	    !e->panes.wanted && !worker_waits(e->worker, SLOT_SHEET))
		go_on(e, s);
	for (int i = 0; i < PANES && !e->rest; i++) {
		const struct pane *p = &e->panes.at[i];
		uint64_t end = p->list.top + p->list.page;

		end = end < p->list.count ? end : p->list.count;
		if (pane_view(p) && view_is_later(pane_view(p)) && p->shown->said < end &&
		    rect_shown(e->panes.layout.pane[i]) && !pane_stale(p) &&
		    !worker_waits(e->worker, (unsigned)i))
			worker_say(e->worker, p->shown, end);
	}
}

bool explorer_stale(const struct explorer *e)
{
	for (int p = 0; p < PANES; p++)
		if (p == PANE_PRODUCTS ? pane_stale(&e->panes.at[p]) :
		    !kinds[p].leads && e->panes.at[p].shown && pane_stale(&e->panes.at[p]))
			return true;
	return false;
}

enum late explorer_late(const struct explorer *e)
{
	double age = time_now_monotonic() - e->asked_at;

	if (!explorer_stale(e))
		return LATE_NOT;
	if (e->rest)
		return LATE_NAMED;
	return age < NAME_AFTER ? LATE_NOT : age < DIM_AFTER ? LATE_NAMED : LATE_DIM;
}

/* --- sheets */

/* The filter of a sheet: that of the panes where it is the same, so that it is counted
 * once. */
static struct lens *lens_for(struct explorer *e, const struct view_class *c,
			     const struct outlook *o)
{
	struct lens *const had[] = {e->lens, e->shop_lens};
	struct str where = outlook_text(o, ASK_WHERE);
	struct filter *f = NULL;

	if (!where.ptr || str_is(where, "none") || !filter_parse(&f, where, NULL))
		return NULL;
	if (asks_take(c->asks, ASK_SCOPE) && asked_whole_shop(o)) {
		struct filter *part = filter_part(f, ~(unsigned)FILTER_PRODUCT);

		filter_destroy(f);
		f = part;
	}
	for (size_t i = 0; f && i < sizeof had / sizeof *had; i++)
		if (had[i] && strcmp(filter_text(f), filter_text(had[i]->filter)) == 0) {
			filter_destroy(f);
			return lens_ref(had[i]);
		}
	return f ? lens_create(e->edition, f) : NULL;
}

void sheet_open(struct explorer *e, const struct view_class *c, const struct outlook *o,
		bool replaces)
{
	struct panes *p = &e->panes;
	struct opening q = {
		.slot = SLOT_SHEET, .number = ++p->numbers, .class = c,
		.edition = edition_ref(e->edition), .lens = lens_for(e, c, o),
		.select = CATALOG_NONE,
	};

	assert(c && o);
	outlook_copy(&q.outlook, o);
	/* What was to take a place still does. */
	p->replaces = p->wanted ? p->replaces : replaces;
	p->wanted = q.number;
	p->wanted_class = c;
	outlook_copy(&p->wanted_as, o);
	strbuf_reset(&p->making);
	strbuf_addf(&p->making, "show %s", c->name);
	outlook_print(o, UINT64_MAX, &p->making);
	log_add(e, strbuf_c(&p->making), STR_NULL);
	worker_ask(e->worker, &q);
	e->dirty = e->unsettled = true;
}

void sheet_print(struct explorer *e, const struct view_class *c, const struct outlook *o,
		 struct printing what)
{
	struct opening q = {
		.slot = SLOT_FILE, .number = ++e->panes.numbers, .class = c,
		.edition = edition_ref(e->edition), .lens = lens_for(e, c, o),
		.select = CATALOG_NONE, .format = what.format,
	};
	STRBUF(line);

	assert(what.line.ptr);
	outlook_copy(&q.outlook, o);
	strbuf_add(&line, what.line);
	strbuf_reset(&e->panes.making);
	strbuf_add(&e->panes.making, what.line);
	q.line = strbuf_detach(&line);
	worker_ask(e->worker, &q);
	e->dirty = e->unsettled = true;
}

bool panes_making(const struct explorer *e)
{
	return e->panes.wanted || worker_waits(e->worker, SLOT_FILE);
}

bool panes_stop_making(struct explorer *e)
{
	bool made = panes_making(e);

	worker_cancel(e->worker, SLOT_SHEET);
	worker_cancel(e->worker, SLOT_FILE);
	e->panes.wanted = 0;
	return made;
}

void sheet_ask(struct explorer *e, enum ask_id id, struct str value)
{
	struct pane *s = panes_sheet(e);
	OUTLOOK(o);

	assert(s);
	outlook_copy(&o, &s->shown->asked.outlook);
	outlook_set(&o, id, value);
	sheet_open(e, s->class, &o, true);
}

void sheet_refresh(struct explorer *e)
{
	struct pane *s = panes_sheet(e);

	if (s && s->shown->asked.edition != e->edition && !e->panes.wanted)
		sheet_open(e, s->class, &s->shown->asked.outlook, true);
}

void sheet_close(struct explorer *e)
{
	struct panes *p = &e->panes;
	bool over = p->sheet[p->n - 1].over;
	unsigned trail = p->sheet[p->n - 1].over_trail;

	pop(p);
	if (over && p->n) {	/* back to the panes, whence it was opened */
		p->away = true;
		p->trail = trail;
	}
	/* What was to take its place has none now. */
	if (p->wanted && p->replaces) {
		worker_cancel(e->worker, SLOT_SHEET);
		p->wanted = 0;
	}
	sheet_refresh(e);
}

void sheet_take(struct explorer *e, struct opened *r)
{
	struct panes *p = &e->panes;
	struct pane *top;
	bool wanted = r->asked.number == p->wanted, side = false, over;
	unsigned trail;

	if (wanted)
		p->wanted = 0;
	/* More rows behind those that are there. */
	if (r->asked.more && p->n && p->sheet[p->n - 1].number == r->asked.number) {
		sheet_grows(e, &p->sheet[p->n - 1], r);
		return;
	}
	if (!wanted || !r->view) {
		if (wanted)
			explorer_error(e, &r->err);
		opened_destroy(r);
		return;
	}
	over = p->away;
	trail = p->trail;
	if (p->replaces && p->n) {
		over = p->sheet[p->n - 1].over;
		trail = p->sheet[p->n - 1].over_trail;
		side = p->sheet[p->n - 1].side;
		pop(p);
	}
	MEM_GROW(p->sheet, p->cap, p->n + 1);
	top = &p->sheet[p->n++];
	*top = (struct pane){.class = r->asked.class, .number = r->asked.number,
			     .over = over && p->n > 1, .over_trail = trail, .side = side};
	pane_take(top, r, false);
	pane_measure(top);
	for (uint64_t i = 0; top->class->decides && i < OPEN_WITHIN && i < top->list.count; i++)
		if (!view_mark(pane_view(top), pane_row(top, i))) {
			list_go(&top->list, i);
			break;
		}
	p->away = false;
}
