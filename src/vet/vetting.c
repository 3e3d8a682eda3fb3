/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Verdicts become entries (product, suggestion) sorted per panel, so that those of a product
 * are one range; a decision that is said of every list has product CATALOG_NONE. Tests of
 * rules become a set of products each; what compares both sides is computed.
 */
#include "config.h"

#include "vet/vetting.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "store/store.h"
#include "vet/aside.h"
#include "vet/vetting_impl.h"

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
