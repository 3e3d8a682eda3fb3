/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A list is bound to the range of its product's verdicts and to the rules whose terms of that
 * product hold; each row is then looked up in the one and tried by the others.
 */
#include "config.h"

#include "vet/vetting.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "vet/vetting_impl.h"

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
