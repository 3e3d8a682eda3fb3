/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Everything known of one suggestion: product b, suggested for product a. The
 * relation of the 2x2 table is the one that was asked for, else the source of b's
 * row in a's panels, else the first of the usual order that counted the pair.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "model/model.h"
#include "stats/relation.h"
#include "store/store.h"
#include "suggest/door.h"
#include "vet/rules.h"
#include "vet/verdicts.h"
#include "view/cells.h"
#include "ask/pseudonym.h"
#include "view/format.h"
#include "view/why.h"

#define DEPTH 1000	/* ranks are looked up in so many rows of a panel */
#define EXAMPLES 10	/* sessions that are shown */
#define REASONS 8	/* of a model's score */
#define EVENTS 50	/* of one of them */

static void add_product(struct why *w, const char *letter, uint32_t p)
{
	STRBUF(shown);
	struct str id = text_at(&w->cat->product_id, p);
	strbuf_addf(&shown, "%.*s  %.*s", STR_ARG(id),
		    STR_ARG(text_at(&w->cat->product_label, p)));
	facts_add(&w->facts, letter, id, strbuf_str(&shown))->product = p;
}

struct assoc_counts why_counts(const struct why *w, enum relation r, uint32_t a, uint32_t b)
{
	const struct relation_counts *x = &w->cat->relation[r];

	return (struct assoc_counts){relation_pair(x, a, b), x->from[a], x->to[b], x->total};
}

static bool is_counted(const struct catalog *cat, enum relation rel)
{
	return cat->relation[rel].out.offsets && cat->relation[rel].from &&
		cat->relation[rel].to;
}

bool why_counted(const struct why *w, enum relation r)
{
	return is_counted(w->cat, r);
}

static void add_count(struct why *w, const char *field, enum relation rel, uint32_t a,
		      uint32_t b)
{
	struct assoc_counts c = why_counts(w, rel, a, b);
	STRBUF(more);
	bool back = a == w->b;
	strbuf_addf(&more, "%s: ", back ? "B then A" : relation_directed(rel) ? "A then B"
							: "both");
	strbuf_addf(&more, "%s ", back ? "B" : "A");
	num_add_grouped(&more, (int64_t)c.n_a);
	strbuf_addf(&more, ", %s ", back ? "A" : "B");
	num_add_grouped(&more, (int64_t)c.n_b);
	strbuf_adds(&more, ", all ");
	num_add_grouped(&more, (int64_t)c.n_all);
	facts_number(&w->facts, field, c.n, " %s", strbuf_c(&more));
}

static void add_counts(struct why *w)
{
	w->facts.section = "counts";
	for (unsigned rel = 0; rel < RELATIONS; rel++) {
		const char *name = relation_name(rel);
		STRBUF(back);
		if (!is_counted(w->cat, rel))
			continue;
		add_count(w, name, rel, w->a, w->b);
		if (!relation_directed(rel))
			continue;
		strbuf_addf(&back, "%s-back", name);
		add_count(w, strbuf_c(&back), rel, w->b, w->a);
	}
}

/* What people decided on it, person by person, in the panels' order. */
static bool add_decided(struct why *w, const struct question *q, struct err *err)
{
	struct journal_place at = {store_path(q->store), "aisle show why", VERDICTS_PATIENCE,
				   q->aside};
	SCOPED(verdicts) v = NULL;

	if (!verdicts_open(&v, &at, err))
		return false;
	w->facts.section = "decided";
	for (unsigned kind = 0; kind < PANEL_KINDS; kind++) {
		const struct decision *d = NULL;
		uint32_t pair = verdicts_find(v, str_from(rules_panels[kind]),
					      text_at(&w->cat->product_id, w->a),
					      text_at(&w->cat->product_id, w->b));

		while (pair != UINT32_MAX && (d = verdicts_next(v, pair, d)) != NULL) {
			STRBUF(shown);

			strbuf_addf(&shown, "%s by %.*s on ", decision_kind_name(d->kind),
				    STR_ARG(pseudonym_person(q, w->facts.arena, d->who)));
			time_add_date(&shown, d->time);
			if (d->n)
				strbuf_addf(&shown, " at n %ju", (uintmax_t)d->n);
			if (d->reason.len)
				strbuf_addf(&shown, ": %.*s", STR_ARG(d->reason));
			facts_add(&w->facts, rules_panels[kind],
				  str_from(decision_kind_name(d->kind)), strbuf_str(&shown));
		}
	}
	return true;
}

/* What a store doesn't have is said when all else has been. */
static void add_missing(struct why *w)
{
	w->facts.section = "counts";
	for (unsigned rel = 0; rel < RELATIONS; rel++)
		if (!is_counted(w->cat, rel))
			facts_missing(&w->facts, relation_name(rel), "not counted in this store");
}

/* --- the 2x2 table and what follows from it */

static void add_share_of(struct facts *f, const char *field, uint64_t n, uint64_t all)
{
	if (all)
		facts_number(f, field, n, " %.1f%%", 100 * (double)n / (double)all);
	else
		facts_number(f, field, n, NULL);
}

static void add_table(struct why *w, const struct assoc_counts *c)
{
	struct facts *f = &w->facts;
	f->section = "table";
	facts_text(f, "relation", str_from(relation_name(w->relation)));
	facts_text(f, "unit", w->relation == REL_ADJACENT_VIEW ? STR("occurrences")
							       : STR("sessions"));
	add_share_of(f, "A and B", c->n, c->n_all);
	add_share_of(f, "A without B", c->n_a - c->n, c->n_all);
	add_share_of(f, "B without A", c->n_b - c->n, c->n_all);
	add_share_of(f, "neither", c->n_all - c->n_a - c->n_b + c->n, c->n_all);
	facts_number(f, "all", c->n_all, NULL);
}

static void add_measures(struct why *w)
{
	struct facts *f = &w->facts;
	if (w->relation == RELATIONS)
		return;
	struct assoc_counts c = w->counts;
	struct assoc_counts turned = {c.n, c.n_b, c.n_a, c.n_all};
	struct assoc x, y;
	assoc_compute(&c, &x);
	assoc_compute(&turned, &y);
	add_table(w, &c);
	f->section = "measures";
	facts_real(f, "support", (struct bounded){x.support, NAN, NAN}, true);
	facts_real(f, "confidence",
		   (struct bounded){x.confidence, x.confidence_low, x.confidence_high}, true);
	facts_real(f, "confidence_back",
		   (struct bounded){y.confidence, y.confidence_low, y.confidence_high}, true);
	facts_real(f, "lift", (struct bounded){x.lift, x.lift_low, x.lift_high}, false);
	facts_real(f, "pmi (bits)", (struct bounded){x.pmi, NAN, NAN}, false);
	facts_real(f, "leverage", (struct bounded){x.leverage, NAN, NAN}, false);
	facts_real(f, "g2", (struct bounded){x.g2, NAN, NAN}, false);
	facts_chance(f, "p", x.p);
	facts_chance(f, "q", assoc_q(w->cat->relation[w->relation].q, x.p));
}

/* --- ranks */

static bool find_place(const struct why *w, enum panel_kind kind, struct why_place *p,
		       struct job *job, struct err *err)
{
	struct panel_request r = {.about = *w->q, .kind = kind, .limit = DEPTH};
	struct panel_row row;
	if (kind != PANEL_SIMILAR)
		r.about.model = NULL;
	if (!suggest_find(&r, w->b, &p->row, &p->rank, job, err))
		return false;
	r.about.product = w->b;
	return suggest_find(&r, w->a, &row, &p->back, job, err);
}

static void add_rank(struct facts *f, const char *field, unsigned rank)
{
	if (rank)
		facts_number(f, field, rank, NULL);
	else
		facts_missing(f, field, "not among the first 1,000");
}

static void add_place(struct why *w, const char *section, const struct why_place *p)
{
	struct facts *f = &w->facts;
	f->section = section;
	add_rank(f, "rank of B for A", p->rank);
	add_rank(f, "rank of A for B", p->back);
	if (!p->rank)
		return;
	facts_text(f, "source", str_from(panel_source_name(p->row.source)));
	facts_real(f, "score", (struct bounded){p->row.score, NAN, NAN}, false);
	if (p->row.source >= SOURCE_ATTRIBUTES) {
		facts_missing(f, "reverse_rank", "this source counts no pairs");
		return;
	}
	if (p->row.reverse_rank)
		facts_number(f, "reverse_rank", p->row.reverse_rank,
			     "in what the same source gives B");
	else
		facts_missing(f, "reverse_rank", "the same source doesn't give A to B");
	facts_text(f, "one-way", p->row.flags & PANEL_ONE_WAY ? STR("yes") : STR("no"));
	facts_text(f, "small sample", p->row.flags & PANEL_SMALL ? STR("yes") : STR("no"));
	if (p->row.source == SOURCE_CO_VIEW)
		facts_text(f, "penalised", p->row.flags & PANEL_PENALISED
			   ? STR("yes: bought together more than by chance") : STR("no"));
}

/* The paths or parts of a model's score, the strongest first. */
static void add_reasons(struct why *w)
{
	struct model_reason reason[REASONS];
	const struct model *m = w->q->model;
	unsigned n =
		m ? model_explain(m, w->a, w->b, (struct reasons){reason, REASONS}) : 0;

	if (!m)
		return;
	w->facts.section = "model";
	facts_text(&w->facts, "model", str_from(model_name(m)));
	facts_text(&w->facts, "a score is", str_from(model_meaning(m)));
	for (unsigned i = 0; i < n; i++) {
		STRBUF(field);
		STRBUF(text);
		strbuf_addf(&field, "%.1f%% of it", 100 * reason[i].share);
		if (reason[i].via != CATALOG_NONE)
			strbuf_addf(&text, "by way of %.*s: ",
				    STR_ARG(text_at(&w->cat->product_label, reason[i].via)));
		strbuf_adds(&text, reason[i].text);
		struct str name = arena_str(w->facts.arena, strbuf_str(&field));
		facts_text(&w->facts, name.ptr, strbuf_str(&text));
	}
}

/* The relation that a panel's row speaks of, or RELATIONS. */
static enum relation relation_of(const struct why_place *p)
{
	return p->rank ? panel_source_relation(p->row.source) : RELATIONS;
}

/* The better rank's source, then any relation that has the pair, then any. */
static enum relation choose_relation(const struct why *w, const struct why_place *similar,
				     const struct why_place *together)
{
	static const enum relation usual[RELATIONS] = {
		REL_CO_PURCHASE, REL_CO_VIEW, REL_CO_CART, REL_VIEW_PURCHASE,
		REL_ADJACENT_VIEW,
	};
	bool swap = similar->rank && (!together->rank || similar->rank < together->rank);
	enum relation first = relation_of(swap ? similar : together);
	enum relation second = relation_of(swap ? together : similar), any = RELATIONS;
	if (asked_relation(w->q->outlook, &any) && is_counted(w->cat, any))
		return any;
	any = RELATIONS;
	if (first != RELATIONS || second != RELATIONS)
		return first != RELATIONS ? first : second;
	for (unsigned i = RELATIONS; i-- > 0;) {
		if (!is_counted(w->cat, usual[i]))
			continue;
		bool pair = relation_pair(&w->cat->relation[usual[i]], w->a, w->b) > 0;
		if (pair || any == RELATIONS ||
		    !relation_pair(&w->cat->relation[any], w->a, w->b))
			any = usual[i];
	}
	return any;
}

/* --- what they share */

static void add_pair_of_names(struct why *w, const char *field, struct cell a,
			      struct cell b)
{
	STRBUF(text);
	if (a.empty && b.empty)
		return;
	if (!a.empty && !b.empty && str_eq(a.text, b.text)) {
		strbuf_addf(&text, "both %.*s", STR_ARG(a.text));
		facts_add(&w->facts, field, a.text, strbuf_str(&text));
		return;
	}
	strbuf_addf(&text, "A %.*s, B %.*s", STR_ARG(a.empty ? STR("unknown") : a.text),
		    STR_ARG(b.empty ? STR("unknown") : b.text));
	facts_text(&w->facts, field, strbuf_str(&text));
}

static void add_price(struct why *w)
{
	const int64_t *price = w->cat->product_price;
	if (!price || price[w->a] == PRICE_NONE || price[w->b] == PRICE_NONE ||
	    price[w->a] <= 0)
		return;
	STRBUF(exact);
	STRBUF(shown);
	double ratio = (double)price[w->b] / (double)price[w->a];
	num_add_exact(&exact, ratio);
	strbuf_addf(&shown, "%.2f: A ", ratio);
	format_money(&shown, price[w->a], w->cat->price_scale);
	strbuf_adds(&shown, ", B ");
	format_money(&shown, price[w->b], w->cat->price_scale);
	strbuf_addf(&shown, " %s", w->cat->currency);
	facts_add(&w->facts, "price B / A", strbuf_str(&exact),
		  str_trim(strbuf_str(&shown)));
}

static void add_shared(struct why *w)
{
	const struct catalog *cat = w->cat;
	uint32_t n = cat->product_attribute ? cat->n_attributes : 0;
	const uint32_t *a = n ? cat->product_attribute + (size_t)w->a * n : NULL;
	const uint32_t *b = n ? cat->product_attribute + (size_t)w->b * n : NULL;
	w->facts.section = "products";
	add_pair_of_names(w, "category",
			  cell_name(&cat->category_path, cat->product_category[w->a]),
			  cell_name(&cat->category_path, cat->product_category[w->b]));
	if (cat->product_brand)
		add_pair_of_names(w, "brand",
				  cell_name(&cat->brand_name, cat->product_brand[w->a]),
				  cell_name(&cat->brand_name, cat->product_brand[w->b]));
	for (uint32_t i = 0; i < n; i++) {
		struct str name = arena_str(w->facts.arena, text_at(&cat->attribute_name, i));
		add_pair_of_names(w, name.ptr, cell_name(&cat->attribute_value, a[i]),
				  cell_name(&cat->attribute_value, b[i]));
	}
	add_price(w);
	if (catalog_variants(cat, w->a, w->b))
		facts_text(&w->facts, "variants", STR("of one product"));
}

/* --- the categories */

static void add_flow_row(struct why *w, const struct flow *f, const struct flow_row *row)
{
	struct facts *facts = &w->facts;
	STRBUF(level);
	strbuf_addf(&level, "%u", f->level);
	facts_text(facts, "baskets", str_from(basket_kind_name(f->kind)));
	facts_text(facts, "level", strbuf_str(&level));
	facts_number(facts, "n", row ? row->counts.n : 0, NULL);
	if (!row)
		return;
	facts_number(facts, "n_a", row->counts.n_a, NULL);
	facts_number(facts, "n_b", row->counts.n_b, NULL);
	facts_number(facts, "n_all", row->counts.n_all, NULL);
	facts_real(facts, "share", (struct bounded){row->share, NAN, NAN}, true);
	facts_real(facts, "confidence",
		   (struct bounded){row->assoc.confidence, row->assoc.confidence_low,
				    row->assoc.confidence_high},
		   true);
	if (row->from == row->to)
		return;		/* one event, not two: there is no chance to compare with */
	facts_real(facts, "lift",
		   (struct bounded){row->assoc.lift, row->assoc.lift_low, row->assoc.lift_high},
		   false);
	facts_chance(facts, "q", row->q);
}

static bool add_transition(struct why *w, struct err *err)
{
	uint32_t from = w->cat->product_category[w->a], to = w->cat->product_category[w->b];
	struct flow_request r = {w->cat, from, BASKET_KINDS, asked_level(w->q->outlook),
				 asked_baskets(w->q->outlook)};
	struct flow f;
	w->facts.section = "transition";
	if (from == CATALOG_NONE || to == CATALOG_NONE) {
		facts_missing(&w->facts, "n", "a category is unknown");
		return true;
	}
	if (!flow_compute(&r, &f, err))
		return false;
	if (f.kind == BASKET_KINDS) {
		facts_missing(&w->facts, "n", "no baskets were counted");
		return true;
	}
	size_t i = 0;
	to = catalog_ancestor(w->cat, to, f.level);
	while (i < f.n_rows && f.rows[i].to != to)
		i++;
	w->has_flow = i < f.n_rows;
	if (w->has_flow)
		w->flow = f.rows[i];
	w->flow_kind = f.kind;
	add_flow_row(w, &f, w->has_flow ? &w->flow : NULL);
	flow_finish(&f);
	return true;
}

/* --- the sessions themselves */

/* The stronger first, then the newer. */
static bool before(const struct why_basket *x, const struct why_basket *y)
{
	return x->strength != y->strength ? x->strength > y->strength
					  : x->session > y->session;
}

static int strength_of(const struct why *w, uint32_t session)
{
	const struct catalog *cat = w->cat;
	unsigned a = 0, b = 0;
	for (uint64_t i = cat->session_offsets[session];
	     i < cat->session_offsets[session + 1]; i++) {
		if (cat->event_kind[i] >= EVENT_KINDS)
			continue;	/* damage: verify says so */
		if (cat->event_product[i] == w->a)
			a |= 1u << cat->event_kind[i];
		else if (cat->event_product[i] == w->b)
			b |= 1u << cat->event_kind[i];
	}
	if (a & b & 1u << EVENT_PURCHASE)
		return 3;
	if ((a | b) & 1u << EVENT_PURCHASE)
		return 2;
	return a & b & 1u << EVENT_CART ? 1 : 0;
}

static void meet(struct why *w, uint32_t session)
{
	struct why_basket x = {session, strength_of(w, session)};
	unsigned i;

	w->first = w->sessions++ ? w->first : session;
	w->last = session;
	if (w->n_baskets == WHY_BASKETS && !before(&x, &w->basket[WHY_BASKETS - 1]))
		return;
	i = w->n_baskets < WHY_BASKETS ? w->n_baskets++ : WHY_BASKETS - 1;
	for (; i > 0 && before(&x, &w->basket[i - 1]); i--)
		w->basket[i] = w->basket[i - 1];
	w->basket[i] = x;
}

/* Both products' sessions ascend: read them side by side. */
static bool find_meetings(struct why *w, struct job *job, struct err *err)
{
	const uint64_t *offsets = w->cat->product_session_offsets;
	const uint32_t *session = w->cat->product_session;
	uint64_t i = offsets[w->a], j = offsets[w->b];
	while (i < offsets[w->a + 1] && j < offsets[w->b + 1]) {
		if (session[i] == session[j]) {
			meet(w, session[i]);
			if (w->sessions % 65536 == 0 && !job_check(job, err))
				return false;
			i++;
			j++;
		} else if (session[i] < session[j]) {
			i++;
		} else {
			j++;
		}
	}
	return job_check(job, err);
}

/* view A, or where times of day are real: +1:05 view A, in minutes and seconds. Where all
 * that there is was bought, the product alone. */
static void add_step(const struct why *w, struct strbuf *b, uint64_t i, int64_t start,
		     const struct str names[2])
{
	const struct catalog *cat = w->cat;

	strbuf_adds(b, b->len ? ", " : "");
	if ((cat->caps & CAP_HOURS) && cat->event_time[i] > start) {
		uint64_t s = (uint64_t)(cat->event_time[i] - start) / 1000;
		strbuf_addf(b, "+%llu:%02llu ", (unsigned long long)s / 60,
			    (unsigned long long)s % 60);
	}
	if (cat->caps & (CAP_VIEWS | CAP_CARTS))
		strbuf_addf(b, "%s ", event_kind_name(cat->event_kind[i]));
	strbuf_add(b, names[cat->event_product[i] == w->a ? 0 : 1]);
}

static void add_others(struct strbuf *b, unsigned *others)
{
	if (*others)
		strbuf_addf(b, "%s%u other%s", b->len ? ", " : "", *others,
			    *others == 1 ? "" : "s");
	*others = 0;
}

void why_add_basket(const struct why *w, uint32_t session, const struct str names[2],
		    struct strbuf *b)
{
	const struct catalog *cat = w->cat;
	uint64_t first = cat->session_offsets[session], end = cat->session_offsets[session + 1];
	unsigned others = 0;

	for (uint64_t i = first; i < end && i < first + EVENTS; i++) {
		if (cat->event_product[i] != w->a && cat->event_product[i] != w->b) {
			others++;
			continue;
		}
		add_others(b, &others);
		add_step(w, b, i, cat->event_time[first], names);
	}
	add_others(b, &others);
	if (end - first > EVENTS)
		strbuf_adds(b, ", ...");
}

/* For people the two products alone, for data every event. */
static void add_example(struct why *w, uint32_t session)
{
	static const struct str letters[2] = {{"A", 1}, {"B", 1}};
	const struct catalog *cat = w->cat;
	uint64_t first = cat->session_offsets[session], end = cat->session_offsets[session + 1];
	struct str name = pseudonym_session(w->q, w->facts.arena, session);
	STRBUF(exact);
	STRBUF(shown);

	for (uint64_t i = first; i < end && i < first + EVENTS; i++) {
		strbuf_adds(&exact, i > first ? "; " : "");
		if (!(cat->caps & CAP_UNDATED)) {
			time_add_rfc3339(&exact, cat->event_time[i]);
			strbuf_addc(&exact, ' ');
		}
		strbuf_addf(&exact, "%s %.*s", event_kind_name(cat->event_kind[i]),
			    STR_ARG(text_at(&cat->product_id, cat->event_product[i])));
	}
	if (!(cat->caps & CAP_UNDATED)) {
		time_add_date(&shown, catalog_clock(cat, cat->event_time[first]));
		strbuf_addc(&shown, ' ');
	}
	why_add_basket(w, session, letters, &shown);
	facts_add(&w->facts, !name.ptr ? "session" : arena_str(w->facts.arena, name).ptr,
		  strbuf_str(&exact), strbuf_str(&shown));
}

/* Which one those bought who saw both. */
static bool add_choice(struct why *w, struct job *job, struct err *err)
{
	struct facts *f = &w->facts;

	if (!choice_known(w->cat))
		return true;
	if (!choice_count(w->cat, w->a, &w->b, 1, &w->choice, job, err))
		return false;
	f->section = "choice";
	facts_number(f, "saw both, bought", choice_seen(&w->choice), NULL);
	facts_number(f, "only A", w->choice.only_a, NULL);
	facts_number(f, "only B", w->choice.only_b, NULL);
	facts_number(f, "both", w->choice.both, NULL);
	return true;
}

static bool add_sessions(struct why *w, struct job *job, struct err *err)
{
	const struct catalog *cat = w->cat;
	w->facts.section = "together";
	if (!cat->product_session_offsets || !cat->product_session) {
		facts_missing(&w->facts, "sessions", "not in this store");
		return true;
	}
	if (!find_meetings(w, job, err))
		return false;
	facts_number(&w->facts, "sessions", w->sessions, "with any event of both");
	if (!w->sessions)
		return true;
	facts_time(&w->facts, "first", cat->event_time[cat->session_offsets[w->first]]);
	facts_time(&w->facts, "last", cat->event_time[cat->session_offsets[w->last]]);
	w->facts.section = "sessions";
	for (unsigned i = 0; i < w->n_baskets && i < EXAMPLES; i++)
		add_example(w, w->basket[i].session);
	return true;
}

static bool why_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct why *w = state;

	w->q = view_question(v);
	w->cat = w->q->catalog;
	w->a = w->q->product;
	w->b = w->q->with;
	if (w->a == w->b)
		return err_fail(err, ERR_USAGE, "why needs two different products");
	for (unsigned kind = 0; kind < PANEL_KINDS; kind++)
		if (!find_place(w, kind, &w->place[kind], job, err))
			return false;
	if (!trend_count(&w->trend, w->cat, w->a, w->b, job, err))
		return false;
	w->relation = choose_relation(w, &w->place[PANEL_SIMILAR], &w->place[PANEL_COMPLEMENTARY]);
	if (w->relation != RELATIONS)
		w->counts = why_counts(w, w->relation, w->a, w->b);
	facts_init(&w->facts, w->cat);
	w->facts.section = "why";
	add_product(w, "A", w->a);
	add_product(w, "B", w->b);
	add_counts(w);
	add_measures(w);
	add_place(w, "similar", &w->place[PANEL_SIMILAR]);
	add_reasons(w);
	add_place(w, "complementary", &w->place[PANEL_COMPLEMENTARY]);
	if (!add_decided(w, view_question(v), err))
		return false;
	add_shared(w);
	if (!add_transition(w, err))
		return false;
	trend_facts(&w->facts, &w->trend);
	if (!add_choice(w, job, err) || !add_sessions(w, job, err))
		return false;
	add_missing(w);
	return true;
}

const struct view_class vw_why = {
	.name = "why",
	.summary = "Everything known of one suggestion: --product A --with B.",
	.asks = MUST(PRODUCT) | MUST(WITH) | MAY(RELATION) | MAY(SAME_CATEGORY) | MAY(MODEL) |
		MAY(SHOW_USERS) | MAY(LEVEL) | MAY(BASKETS),
	.fixed = true,
	.n_columns = FACT_COLUMNS,
	.columns = facts_columns,
	.size = sizeof(struct why),
	.open = why_open,
	.close = facts_close,
	.count = facts_count,
	.row = facts_row,
	.product = facts_product,
	.page = why_page,
	.words = why_words,
};
