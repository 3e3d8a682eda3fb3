/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Verdicts become entries (product, suggestion) sorted per panel, so that those of a product
 * are one range; a decision that is said of every list has product CATALOG_NONE. Tests of
 * rules become a set of products each; what compares both sides is computed.
 */
#include "config.h"

#include "vet/vetting.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "query/select.h"
#include "store/store.h"
#include "vet/aside.h"
#include "vet/rules.h"
#include "vet/verdicts.h"

#define PANELS RULES_LIST

static const char *const modes[VETTING_MODES] = {
	[VETTING_NOT_REJECTED] = "not-rejected", [VETTING_MARKED] = "marked",
	[VETTING_APPROVED] = "approved",	 [VETTING_NONE] = "none",
};

bool vetting_mode_parse(struct str s, enum vetting_mode *mode)
{
	for (unsigned m = 0; m < VETTING_MODES; m++)
		if (str_is(s, modes[m])) {
			*mode = m;
			return true;
		}
	return false;
}

struct entry {
	uint32_t product, with;	/* product CATALOG_NONE: in every list */
	const struct decision *d;
};

struct entries {
	struct entry *at;
	uint32_t n;
	size_t cap;
	uint32_t everywhere;	/* from here on those of every list */
};

struct bound_term {
	struct selection set;	/* TERM_FILTER */
	const uint32_t *number;	/* TERM_SAME: (P, stride); NULL: the store has none */
	uint32_t stride;
};

struct bound_rule {
	const struct rule *rule;
	struct bound_term *term;	/* (rule->n) */
	uint32_t pinned;		/* of a pin by id; CATALOG_NONE: not in the store */
	struct bound_term alike;	/* of once */
};

struct vetting {
	const struct store *store;
	const struct catalog *c;
	enum vetting_mode mode;
	struct entries panel[PANELS];
	struct bound_rule *rule;	/* (n_rules) those that apply now */
	uint32_t n_rules, gone;
	int64_t until;			/* ms: other rules apply from then on */
	struct verdicts *verdicts;	/* of vetting_open, and what it was asked */
	bool blind;
	struct rules *rules;
	struct vetting_options options;
	uint64_t asides;		/* records kept aside that are in it */
	bool with_rules;
	uint32_t (*group)[2];		/* (n_grouped) see make_groups; NULL: not yet */
	uint32_t n_grouped;
};

/* --- verdicts */

static void push(struct entries *e, uint32_t product, uint32_t with,
		 const struct decision *d)
{
	MEM_GROW(e->at, e->cap, (size_t)e->n + 1);
	e->at[e->n++] = (struct entry){product, with, d};
}

static int by_group(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	if (x[0] != y[0])
		return x[0] < y[0] ? -1 : 1;
	return x[1] < y[1] ? -1 : x[1] > y[1];
}

/* (group, product) of every product that has a group, sorted: made for the first decision
 * that is said of variants. */
static void make_groups(struct vetting *v)
{
	const uint32_t *group = v->c->product_group;

	v->group = mem_alloc((size_t)v->c->n_products * sizeof *v->group);
	for (uint32_t p = 0; group && p < v->c->n_products; p++) {
		if (group[p] == CATALOG_NONE)
			continue;
		v->group[v->n_grouped][0] = group[p];
		v->group[v->n_grouped++][1] = p;
	}
	if (v->n_grouped)
		qsort(v->group, v->n_grouped, sizeof *v->group, by_group);
}

struct pair {
	uint32_t product, with;
};

static void push_variants(struct vetting *v, struct entries *e, struct pair p,
			  const struct decision *d)
{
	uint32_t low = 0, high, group;

	push(e, p.product, p.with, d);
	if (!v->group)
		make_groups(v);
	group = v->c->product_group ? v->c->product_group[p.with] : CATALOG_NONE;
	for (high = v->n_grouped; low < high;) {
		uint32_t mid = low + (high - low) / 2;

		if (v->group[mid][0] < group)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < v->n_grouped && v->group[low][0] == group; low++)
		if (v->group[low][1] != p.with && v->group[low][1] != p.product)
			push(e, p.product, v->group[low][1], d);
}

static void push_scope(struct vetting *v, struct entries *e, struct pair p,
		       const struct decision *d)
{
	assert(p.with != CATALOG_NONE);
	switch (d->scope) {
	case SCOPE_BOTH:
		push(e, p.with, p.product, d);
		push(e, p.product, p.with, d);
		break;
	case SCOPE_VARIANTS:
		push_variants(v, e, p, d);
		break;
	case SCOPE_EVERYWHERE:
		push(e, CATALOG_NONE, p.with, d);
		break;
	default:
		push(e, p.product, p.with, d);
	}
}

static unsigned panel_of(struct str name)
{
	unsigned p = 0;

	while (p < PANELS && !str_is(name, rules_panels[p]))
		p++;
	return p;
}

/* By product and suggestion, the latest decision first. */
static int by_pair(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->product != y->product)
		return x->product < y->product ? -1 : 1;
	if (x->with != y->with)
		return x->with < y->with ? -1 : 1;
	return x->d->seq > y->d->seq ? -1 : 1;
}

static void settle(struct entries *e)
{
	uint32_t kept = 0;

	if (e->n)
		qsort(e->at, e->n, sizeof *e->at, by_pair);
	for (uint32_t i = 0; i < e->n; i++)
		if (!kept || e->at[kept - 1].product != e->at[i].product ||
		    e->at[kept - 1].with != e->at[i].with)
			e->at[kept++] = e->at[i];
	e->n = kept;
	e->everywhere = kept;
	while (e->everywhere && e->at[e->everywhere - 1].product == CATALOG_NONE)
		e->everywhere--;
}

static void bind_verdicts(struct vetting *v, const struct store *s,
			  const struct verdicts *all, bool blind)
{
	for (uint32_t pair = 0; all && pair < verdicts_pairs(all); pair++) {
		const struct decision *d = verdicts_of(all, pair, blind);
		uint32_t a, b;

		if (!d || panel_of(d->panel) == PANELS)
			continue;
		a = store_find(s, "product", d->product);
		b = store_find(s, "product", d->with);
		if (b == UINT32_MAX || (a == UINT32_MAX && d->scope != SCOPE_EVERYWHERE))
			v->gone++;
		else
			push_scope(v, &v->panel[panel_of(d->panel)], (struct pair){a, b}, d);
	}
	for (unsigned p = 0; p < PANELS; p++)
		settle(&v->panel[p]);
}

/* --- rules */

static bool bind_attribute(struct vetting *v, struct str name, struct bound_term *b,
			   struct err *err)
{
	const struct catalog *c = v->c;

	for (uint32_t a = 0; c->product_attribute && a < c->n_attributes; a++)
		if (str_eq(text_at(&c->attribute_name, a), name)) {
			b->number = c->product_attribute + a;
			b->stride = c->n_attributes;
			return true;
		}
	return err_fail(err, ERR_NO, "the store's products have no attribute '%.*s'",
			STR_ARG(name));
}

/* Numbers that are the same for products alike in the field. */
static bool bind_field(struct vetting *v, enum rule_field field, struct str attribute,
		       struct bound_term *b, struct err *err)
{
	b->stride = 1;
	if (field == RULE_ATTRIBUTE)
		return bind_attribute(v, attribute, b, err);
	b->number = field == RULE_BRAND ? v->c->product_brand :
		    field == RULE_VARIANT ? v->c->product_group : v->c->product_category;
	return b->number || err_fail(err, ERR_NO, "the store has no %s",
				     field == RULE_BRAND ? "brands" : "variants");
}

static bool bind_term(struct vetting *v, const struct rule *r, const struct rule_term *t,
		      struct bound_term *b, struct pool *pool, struct err *err)
{
	struct err why = {0};

	b->stride = 1;
	if (t->type == TERM_FILTER) {
		return selection_make(&b->set, t->filter, v->c, pool, &why) ||
		       err_fail(err, why.code, "line %u, %s", r->line, why.text);
	}
	if (t->type == TERM_PRICE)
		return v->c->product_price ||
		       err_fail(err, ERR_NO, "line %u, column %u: the store has no prices",
				r->line, t->column);
	return bind_field(v, t->field, t->attribute, b, &why) ||
	       err_fail(err, why.code, "line %u, column %u: %s", r->line, t->column, why.text);
}

static bool bind_rule(struct vetting *v, const struct rule *r, struct pool *pool,
		      struct err *err)
{
	struct bound_rule *b = &v->rule[v->n_rules++];
	struct err why = {0};

	*b = (struct bound_rule){
		.rule = r, .pinned = CATALOG_NONE,
		.term = mem_zalloc((r->n + 1) * sizeof *b->term),
	};
	if (r->id.ptr) {
		b->pinned = store_find(v->store, "product", r->id);
		v->gone += b->pinned == UINT32_MAX;
	}
	for (unsigned i = 0; i < r->n; i++)
		if (!bind_term(v, r, &r->term[i], &b->term[i], pool, err))
			return false;
	return r->action != RULE_ONCE ||
	       bind_field(v, r->field, r->attribute, &b->alike, &why) ||
	       err_fail(err, why.code, "line %u, column %u: %s", r->line, r->column, why.text);
}

static void release_rule(struct bound_rule *b)
{
	for (unsigned k = 0; k < b->rule->n; k++)
		selection_finish(&b->term[k].set);
	free(b->term);
}

static void drop_rule(struct vetting *v)
{
	release_rule(&v->rule[--v->n_rules]);
	v->gone++;
}

/* When the rule begins or ends to apply. */
static void note_change(struct vetting *v, const struct rule *r, int64_t now)
{
	int64_t next = now < r->from ? r->from : r->until;

	if (now < next && next < v->until)
		v->until = next;
}

static bool bind_rules(struct vetting *v, const struct rules *rules,
		       const struct vetting_options *o, struct err *err)
{
	struct err unsaid;

	v->rule = mem_zalloc((rules ? rules->n : 0) * sizeof *v->rule);
	for (unsigned i = 0; rules && i < rules->n; i++) {
		const struct rule *r = &rules->at[i];

		note_change(v, r, o->now);
		if (o->now < r->from || o->now >= r->until ||
		    bind_rule(v, r, o->pool, err ? err : &unsaid))
			continue;
		if (!o->lenient || (err ? err : &unsaid)->code != ERR_NO)
			return false;
		drop_rule(v);
	}
	return true;
}

bool vetting_make(struct vetting **out, const struct store *s,
		  const struct verdicts *verdicts, const struct rules *rules,
		  const struct vetting_options *o, struct err *err)
{
	SCOPED(vetting) v = mem_zalloc(sizeof *v);

	v->store = s;
	v->c = store_catalog(s);
	v->mode = o->mode;
	v->until = INT64_MAX;
	v->blind = o->blind;
	if (!bind_rules(v, rules, o, err))
		return false;
	bind_verdicts(v, s, verdicts, o->blind);
	*out = v;
	v = NULL;
	return true;
}

/* rules NULL: they aren't wanted. */
static bool read_texts(struct rules **rules, bool *blind, const struct journal_place *at,
		       struct err *err)
{
	SCOPED(journal) j = NULL;
	STRBUF(text);
	STRBUF(reviews);

	if (!journal_read(&j, at, err) || !journal_text(j, RULES_TEXT, &text, err) ||
	    !journal_text(j, VETTING_BLIND, &reviews, err))
		return false;
	*blind = str_is(strbuf_str(&reviews), "on");
	return !rules || !text.len || rules_parse(rules, strbuf_str(&text), err) ||
	       err_context(err, "the rules of %s", at->store);
}

/* The same without what was decided, or taken back, from `until` on. */
static bool cut_at(struct verdicts **all, int64_t until, struct err *err)
{
	struct journal_place nowhere = {0};
	SCOPED(verdicts) old = NULL;
	uint64_t n = verdicts_count(*all);
	SCOPED_FREE struct decision *d = mem_alloc((n + 1) * sizeof *d);
	size_t kept = 0, added;

	for (uint64_t i = 0; i < n; i++)
		if (verdicts_at(*all, i)->time < until)
			d[kept++] = *verdicts_at(*all, i);
	if (!verdicts_open(&old, &nowhere, err) ||
	    !verdicts_merge(old, (struct decisions){d, kept}, &added, err))
		return false;
	verdicts_destroy(*all);
	*all = old;
	old = NULL;
	return true;
}

bool vetting_open(struct vetting **out, const struct store *s, bool with_rules,
		  const struct vetting_options *o, struct err *err)
{
	struct journal_place at = {store_path(s), "aisle", VERDICTS_PATIENCE, o->aside};
	SCOPED(verdicts) verdicts = NULL;
	SCOPED(rules) rules = NULL;
	struct vetting_options how = *o;
	struct vetting *v = NULL;

	if (!verdicts_open(&verdicts, &at, err) ||
	    (o->until && !cut_at(&verdicts, o->until, err)) ||
	    !read_texts(with_rules ? &rules : NULL, &how.blind, &at, err))
		return false;
	if ((verdicts_pairs(verdicts) || (rules && rules->n) || how.blind) &&
	    !vetting_make(&v, s, verdicts, rules, &how, err))
		return err_context(err, "the rules of %s", at.store);
	if (v) {
		v->options = *o;
		v->asides = o->aside ? aside_count(o->aside) : 0;
		v->with_rules = with_rules;
		v->verdicts = verdicts;
		v->rules = rules;
		verdicts = NULL;
		rules = NULL;
	}
	*out = v;
	return true;
}

bool vetting_latest(const struct vetting *v, const struct store *s, bool with_rules,
		    const struct vetting_options *o)
{
	struct journal_place at = {store_path(s), "aisle", VERDICTS_PATIENCE};
	SCOPED(journal) j = NULL;

	if (v->c != store_catalog(s) || v->with_rules != with_rules ||
	    v->options.mode != o->mode || v->options.blind != o->blind ||
	    v->options.lenient != o->lenient || o->now >= v->until)
		return false;
	if (o->aside)
		return v->asides == aside_count(o->aside);
	return o->just_read || (journal_read(&j, &at, NULL) &&
				journal_version(j) == verdicts_version(v->verdicts));
}

void vetting_destroy(struct vetting *v)
{
	if (!v)
		return;
	for (uint32_t i = 0; i < v->n_rules; i++)
		release_rule(&v->rule[i]);
	free(v->rule);
	free(v->group);
	verdicts_destroy(v->verdicts);
	rules_destroy(v->rules);
	for (unsigned p = 0; p < PANELS; p++)
		free(v->panel[p].at);
	free(v);
}

const struct verdicts *vetting_verdicts(const struct vetting *v)
{
	return v->verdicts;
}

bool vetting_blind(const struct vetting *v)
{
	return v->blind;
}

uint32_t vetting_gone(const struct vetting *v)
{
	return v->gone;
}

/* --- a list */

static uint32_t first_of(const struct entries *e, uint32_t product)
{
	uint32_t low = 0, high = e->everywhere;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (e->at[mid].product < product)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Of both sides or of the suggestion: asked for each of them. */
static bool is_of_product(const struct rule_term *t)
{
	return t->type == TERM_FILTER && t->of_product;
}

/* It looks at the product that a list is of: it says nothing of lists without one. */
static bool needs_product(const struct rule_term *t)
{
	return t->type != TERM_FILTER || t->of_product;
}

static bool concerns(const struct bound_rule *b, unsigned panel, uint32_t product)
{
	if (!(b->rule->panels >> panel & 1))
		return false;
	for (unsigned i = 0; i < b->rule->n; i++)
		if (product == CATALOG_NONE ? needs_product(&b->rule->term[i]) :
		    is_of_product(&b->rule->term[i]) && !selection_has(&b->term[i].set, product))
			return false;
	return true;
}

/* Room for n lists' verdicts and rules; those of one fill the array from its end. */
static void begin(struct vetting_list *l, const struct vetting *v, unsigned n)
{
	size_t room = (size_t)v->n_rules * (n ? n : 1);

	*l = (struct vetting_list){
		.v = v, .product = CATALOG_NONE,
		.of = mem_alloc((n ? n : 1) * PANELS * sizeof *l->of),
		.rule = mem_alloc((room + 1) * sizeof *l->rule),
	};
	l->once = l->rule + room;
}

/* Verdicts on suggesting something for the product in that panel; CATALOG_NONE: in every list. */
static void add_verdicts(struct vetting_list *l, unsigned panel, uint32_t product)
{
	const struct entries *e = &l->v->panel[panel];
	struct vetting_of *of = &l->of[l->n_of++];

	*of = (struct vetting_of){product, panel, 0, 0};
	if (product == CATALOG_NONE)
		of->low = of->high = e->everywhere;
	else
		of->low = of->high = first_of(e, product);
	while (of->high < e->everywhere && e->at[of->high].product == product)
		of->high++;
	l->reorders |= l->v->mode == VETTING_MARKED && (of->high > of->low || e->n > e->everywhere);
}

/* Rule i where its terms of the product hold; a rule `once` asks nothing else, and counts once. */
static void add_rule(struct vetting_list *l, uint32_t i, unsigned panel, uint32_t product)
{
	const struct bound_rule *b = &l->v->rule[i];
	struct vetting_rule at = {i, product};

	if (!concerns(b, panel, product))
		return;
	l->reorders |= b->rule->action >= RULE_PIN;
	if (b->rule->action != RULE_ONCE) {
		l->rule[l->n_rules++] = at;
	} else if (!l->n_once || l->once->rule != i) {
		*--l->once = at;
		l->n_once++;
	}
}

void vetting_list_begin(struct vetting_list *l, const struct vetting *v, unsigned panel,
			uint32_t product)
{
	const struct entries *e = &v->panel[panel];

	assert(panel < PANELS && product < v->c->n_products);
	begin(l, v, 1);
	l->product = product;
	l->pins = true;
	add_verdicts(l, panel, product);
	for (uint32_t i = l->of->low; i < l->of->high; i++)
		l->reorders |= e->at[i].d->kind == DECISION_PIN && v->mode != VETTING_NONE;
	for (uint32_t i = 0; i < v->n_rules; i++)
		add_rule(l, i, panel, product);
}

void vetting_context_begin(struct vetting_list *l, const struct vetting *v,
			   const uint32_t *product, unsigned n)
{
	const uint32_t nothing = CATALOG_NONE;

	assert(n == 0 || product);
	if (!n)
		product = &nothing;
	begin(l, v, n);
	for (unsigned k = 0; k < (n ? n : 1); k++)
		for (unsigned panel = 0; panel < PANELS; panel++)
			add_verdicts(l, panel, product[k]);
	for (uint32_t i = 0; i < v->n_rules; i++)
		for (unsigned k = 0; k < (n ? n : 1); k++)
			add_rule(l, i, RULES_LIST, product[k]);
}

void vetting_list_finish(struct vetting_list *l)
{
	free(l->of);
	free(l->rule);
}

static const struct decision *find(const struct entries *e, uint32_t low, uint32_t high,
				   uint32_t with)
{
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (e->at[mid].with == with)
			return e->at[mid].d;
		if (e->at[mid].with < with)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static const struct decision *verdict_of(const struct vetting_list *l,
					 const struct vetting_of *of, uint32_t with)
{
	const struct entries *e = &l->v->panel[of->panel];
	const struct decision *own = find(e, of->low, of->high, with);
	const struct decision *all = find(e, e->everywhere, e->n, with);

	return !own || (all && all->seq > own->seq) ? all : own;
}

const struct decision *vetting_verdict(const struct vetting_list *l, uint32_t with)
{
	const struct decision *d = NULL;

	for (unsigned i = 0; i < l->n_of; i++) {
		const struct decision *x = verdict_of(l, &l->of[i], with);

		if (x && (!d || x->kind == DECISION_REJECT))
			d = x;
	}
	return d;
}

bool vetting_struck(const struct vetting_list *l, uint32_t with)
{
	const struct decision *d = l->v->mode == VETTING_MARKED ? vetting_verdict(l, with) : NULL;

	return d && d->kind == DECISION_REJECT;
}

/* The suggestion's price over the product's; NAN: one is unknown, or the product is free. */
static double times(const struct catalog *c, uint32_t product, uint32_t with)
{
	int64_t a = c->product_price[product], b = c->product_price[with];

	return a == PRICE_NONE || b == PRICE_NONE || a <= 0 ? NAN : (double)b / (double)a;
}

/* As in the language of filters: what isn't known passes no test, and `not` and != turn
 * that round. */
static bool term_holds(const struct catalog *c, const struct rule_term *t,
		       const struct bound_term *b, const uint32_t pair[2])
{
	uint32_t product = pair[0], with = pair[1], x, y;
	double ratio;
	bool in;

	if (t->type == TERM_FILTER)
		return selection_has(&b->set, t->of_product ? product : with);
	if (t->type == TERM_PRICE) {
		ratio = times(c, product, with);
		in = (t->low_open ? ratio > t->low : ratio >= t->low) &&
		     (t->high_open ? ratio < t->high : ratio <= t->high);
		return in != t->negated;
	}
	x = b->number[(size_t)product * b->stride];
	y = b->number[(size_t)with * b->stride];
	return (x != CATALOG_NONE && x == y) != t->negated;
}

static bool rule_holds(const struct vetting_list *l, struct vetting_rule at, uint32_t with)
{
	const struct bound_rule *b = &l->v->rule[at.rule];
	const uint32_t pair[] = {at.product, with};

	for (unsigned k = 0; k < b->rule->n; k++)
		if (!is_of_product(&b->rule->term[k]) &&
		    !term_holds(l->v->c, &b->rule->term[k], &b->term[k], pair))
			return false;
	return true;
}

static bool verdict_lets_in(const struct vetting_list *l, uint32_t with)
{
	const struct decision *d = l->v->mode == VETTING_NONE ? NULL : vetting_verdict(l, with);

	if (l->v->mode == VETTING_APPROVED)
		return d && d->kind != DECISION_REJECT;
	return l->v->mode == VETTING_MARKED || !d || d->kind != DECISION_REJECT;
}

uint32_t *vetting_approved(const struct vetting_list *l, unsigned *n)
{
	const struct vetting_of *of = l->of;
	const struct entries *e = &l->v->panel[of->panel];
	uint32_t *with = mem_alloc((of->high - of->low + 1) * sizeof *with);

	assert(l->n_of == 1);
	*n = 0;
	for (uint32_t i = of->low; i < of->high; i++)
		if (e->at[i].d->kind != DECISION_REJECT &&
		    vetting_verdict(l, e->at[i].with)->kind != DECISION_REJECT)
			with[(*n)++] = e->at[i].with;
	return with;
}

enum vetting_tier vetting_tier(const struct vetting_list *l, uint32_t with, unsigned *line)
{
	enum vetting_tier tier = TIER_REST;

	assert(with < l->v->c->n_products);
	*line = 0;
	if (!verdict_lets_in(l, with))
		return TIER_OUT;
	for (unsigned i = 0; i < l->n_rules; i++) {
		const struct rule *r = l->v->rule[l->rule[i].rule].rule;
		bool holds = r->action != RULE_PIN && rule_holds(l, l->rule[i], with);

		if (r->action == (holds ? RULE_BLOCK : RULE_ONLY)) {
			*line = r->line;
			return TIER_OUT;
		}
		if (!holds || tier != TIER_REST || r->action < RULE_BOOST)
			continue;
		tier = r->action == RULE_BOOST ? TIER_BOOSTED : TIER_BURIED;
		*line = r->line;
	}
	return tier;
}

uint32_t vetting_alike(const struct vetting_list *l, unsigned k, uint32_t with)
{
	const struct bound_term *t = &l->v->rule[l->once[k].rule].alike;

	return t->number[(size_t)with * t->stride];
}

/* --- pins */

static void add_pin(struct vetting_pin *pins, unsigned *n, struct vetting_pin p)
{
	if (p.with == CATALOG_NONE && p.rule == CATALOG_NONE)
		return;	/* of an id that the store doesn't have */
	pins[(*n)++] = p;
}

static void add_verdict_pins(const struct vetting_list *l, struct vetting_pin *pins,
			     unsigned *n)
{
	const struct vetting_of *of = l->of;
	const struct entries *e = &l->v->panel[of->panel];

	for (uint32_t i = of->low; l->v->mode != VETTING_NONE && i < of->high; i++)
		if (e->at[i].d->kind == DECISION_PIN)
			add_pin(pins, n, (struct vetting_pin){
				e->at[i].d->position, 0, e->at[i].with, CATALOG_NONE});
}

static void add_rule_pins(const struct vetting_list *l, bool by_id, struct vetting_pin *pins,
			  unsigned *n)
{
	for (unsigned i = 0; i < l->n_rules; i++) {
		const struct bound_rule *b = &l->v->rule[l->rule[i].rule];

		if (i > 0 && l->rule[i - 1].rule == l->rule[i].rule)
			continue;	/* for another product of the page */
		if (b->rule->action == RULE_PIN && by_id == (b->rule->id.ptr != NULL))
			add_pin(pins, n, (struct vetting_pin){
				b->rule->position, b->rule->line, b->pinned,
				by_id ? CATALOG_NONE : l->rule[i].rule});
	}
}

struct vetting_pin *vetting_pins(const struct vetting_list *l, unsigned *n)
{
	struct vetting_pin *pins =
		mem_alloc((l->of->high - l->of->low + l->n_rules) * sizeof *pins);

	*n = 0;
	if (l->pins)
		add_verdict_pins(l, pins, n);
	add_rule_pins(l, true, pins, n);
	add_rule_pins(l, false, pins, n);
	return pins;
}

bool vetting_fits(const struct vetting_list *l, const struct vetting_pin *p, uint32_t with)
{
	if (p->with != CATALOG_NONE)
		return p->with == with;
	for (unsigned i = 0; i < l->n_rules; i++)
		if (l->rule[i].rule == p->rule && rule_holds(l, l->rule[i], with))
			return true;
	return false;
}
