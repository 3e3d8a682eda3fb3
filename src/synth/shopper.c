/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One session of a shopper: what is looked at, put in the cart and bought. */
#include "config.h"

#include "synth/shopper.h"

#include <assert.h>

#include "base/mem.h"
#include "synth/synth.h"
#include "synth/words.h"
#include "store/catalog.h"

/* All chances in percent. */
#define AIMLESS 26		/* sessions */
#define STRAY 13		/* views of an aimed session */
#define OTHER_GROUP 10		/* ... of another group of the category */
#define OTHER_LEAF 6		/* ... of a category that can replace it */
#define BUYER 48		/* aimed sessions that put things into the cart */
#define CHECKOUT 74		/* ... and buy what is in it */
#define VIEWS_MAX 24
#define CART_MAX 12

/* What one session is drawn with. */
struct draw {
	const struct synth *shop;
	struct rng rng;
	struct shopper_events *out;
	uint64_t session, taste;	/* taste: random bits of the user */
	uint32_t user, time;
	unsigned month;
	struct {
		uint32_t product;
		bool noise;
	} cart[CART_MAX];
	unsigned n_cart;
};

static bool chance(struct draw *d, unsigned percent)
{
	return rng_below(&d->rng, 100) < percent;
}

/* How often an event with this chance happens before it doesn't, up to most. */
static unsigned repeats(struct draw *d, unsigned percent, unsigned most)
{
	unsigned n = 0;

	while (n < most && chance(d, percent))
		n++;
	return n;
}

static void emit(struct draw *d, enum event_kind kind, uint32_t product, bool noise)
{
	struct shopper_events *o = d->out;

	MEM_GROW(o->items, o->cap, o->n + 1);
	o->items[o->n++] = (struct shopper_event){
		d->session, d->time, product, d->user, (uint8_t)kind, false, noise};
	d->time += 3 + (uint32_t)rng_below(&d->rng, 40);
	if (chance(d, 15))
		d->time += (uint32_t)rng_below(&d->rng, 400);
}

static void put_in_cart(struct draw *d, uint32_t product, bool noise)
{
	if (d->n_cart == CART_MAX)
		return;
	for (unsigned i = 0; i < d->n_cart; i++)
		if (d->cart[i].product == product)
			return;
	d->cart[d->n_cart].product = product;
	d->cart[d->n_cart++].noise = noise;
	if (!chance(d, 12))	/* the rest is bought without a cart */
		emit(d, EVENT_CART, product, noise);
}

static void check_out(struct draw *d)
{
	if (d->n_cart > 1 && chance(d, 14)) {
		unsigned i = (unsigned)rng_below(&d->rng, d->n_cart);

		emit(d, EVENT_REMOVE, d->cart[i].product, d->cart[i].noise);
		d->cart[i] = d->cart[--d->n_cart];
	}
	if (!chance(d, CHECKOUT))
		return;
	for (unsigned i = 0; i < d->n_cart; i++)
		emit(d, EVENT_PURCHASE, d->cart[i].product, d->cart[i].noise);
}

/* Any product: what is popular, or by chance. */
static uint32_t any_product(struct draw *d)
{
	const struct synth *s = d->shop;

	for (unsigned i = 0; i < 4 && chance(d, 40); i++) {
		uint32_t p = (uint32_t)rng_below(&d->rng, s->n_products);

		if (!s->products[p].cold)
			return p;
	}
	return synth_pick(s, &d->rng, 0, s->n_products);
}

static void stray(struct draw *d)
{
	uint32_t p = any_product(d);

	emit(d, EVENT_VIEW, p, true);
	if (chance(d, 6))
		put_in_cart(d, p, true);
}

static void browse(struct draw *d)
{
	unsigned n = 1 + repeats(d, 82, VIEWS_MAX);

	while (n-- > 0)
		stray(d);
	check_out(d);
}

/* --- taste: departments, price tier and brands that a user prefers */

static uint32_t draw_department(struct draw *d)
{
	const struct synth *s = d->shop;
	uint32_t choice = 0;

	/* out of season people come back to choose again */
	for (unsigned i = 0; i < 4; i++) {
		uint64_t x = rng_below(&d->rng, 100);
		const char *months;

		if (x < 50)
			choice = (uint32_t)(d->taste % s->n_departments);
		else if (x < 75)
			choice = (uint32_t)((d->taste >> 16) % s->n_departments);
		else
			choice = (uint32_t)rng_below(&d->rng, s->n_departments);
		months = words_departments[s->departments[choice].words].months;
		if (rng_below(&d->rng, 16) < (uint64_t)months[d->month])
			break;
	}
	return choice;
}

static unsigned tier_distance(const struct draw *d, uint32_t product)
{
	const struct synth *s = d->shop;
	unsigned tier = s->groups[s->products[product].group].tier;
	unsigned wanted = (unsigned)(d->taste >> 32) % SYNTH_TIERS;

	return tier > wanted ? tier - wanted : wanted - tier;
}

/* One brand in four is liked. */
static bool likes(const struct draw *d, uint32_t product)
{
	uint16_t brand = d->shop->products[product].brand;

	return brand != SYNTH_NO_BRAND &&
	       (synth_mix(d->taste >> 40, brand) & 3) == 0;
}

/* By popularity from a range that is not all cold; liked brands first. */
static uint32_t choose(struct draw *d, uint32_t from, uint32_t to)
{
	uint32_t a = synth_pick(d->shop, &d->rng, from, to), b;

	if (likes(d, a))
		return a;
	b = synth_pick(d->shop, &d->rng, from, to);
	return likes(d, b) ? b : a;
}

static uint32_t choose_group(struct draw *d, uint32_t group)
{
	const struct synth_group *g = &d->shop->groups[group];

	return choose(d, g->product, g->product_end);
}

static uint32_t choose_leaf(struct draw *d, uint32_t leaf)
{
	const struct synth_leaf *l = &d->shop->leaves[leaf];

	return choose(d, l->product, l->product_end);
}

/* A neighbour of node, or SYNTH_NONE. */
static uint32_t neighbour(struct draw *d, const struct synth_graph *g, uint32_t node)
{
	uint32_t n = g->offsets[node + 1] - g->offsets[node];

	if (n == 0)
		return SYNTH_NONE;
	return g->to[g->offsets[node] + rng_below(&d->rng, n)];
}

/* What the session is after: popular in a department that the user prefers, of
 * the price tier that suits better. */
static uint32_t draw_aim(struct draw *d)
{
	const struct synth_department *dep = &d->shop->departments[draw_department(d)];
	uint32_t a = synth_pick(d->shop, &d->rng, dep->product, dep->product_end);
	uint32_t b = synth_pick(d->shop, &d->rng, dep->product, dep->product_end);

	return tier_distance(d, b) < tier_distance(d, a) ? b : a;
}

/* --- a session with an aim */

/* View something that could replace `last`; returns what is of its group. */
static uint32_t view_substitute(struct draw *d, uint32_t last)
{
	const struct synth *s = d->shop;
	uint32_t group = s->products[last].group, leaf = s->groups[group].leaf;
	uint64_t x = rng_below(&d->rng, 100);
	uint32_t p, other;

	if (x < STRAY) {
		stray(d);
		return last;
	}
	other = neighbour(d, &s->substitutes, leaf);
	if (x < STRAY + OTHER_LEAF && other != SYNTH_NONE) {
		emit(d, EVENT_VIEW, choose_leaf(d, other), false);
		return last;
	}
	if (x < STRAY + OTHER_LEAF + OTHER_GROUP) {
		emit(d, EVENT_VIEW, choose_leaf(d, leaf), false);
		return last;
	}
	p = choose_group(d, group);
	if (p == last)
		p = choose_group(d, group);
	emit(d, EVENT_VIEW, p, false);
	return p;
}

/* Add something that goes with `bought`. */
static void add_complement(struct draw *d, uint32_t bought)
{
	const struct synth *s = d->shop;
	uint32_t group = s->products[bought].group, other, p;
	uint64_t x = rng_below(&d->rng, 100);
	bool noise = x < 10;

	if (noise) {
		p = any_product(d);
	} else if (x < 26) {
		other = neighbour(d, &s->complements, s->groups[group].leaf);
		p = choose_leaf(d, other);
	} else {
		other = neighbour(d, &s->partners, group);
		p = choose_group(d, other);
	}
	if (!chance(d, 10))
		emit(d, EVENT_VIEW, p, noise);
	if (!noise && chance(d, 30))
		p = view_substitute(d, p);
	put_in_cart(d, p, noise);
}

static void pursue(struct draw *d)
{
	uint32_t last = draw_aim(d);
	unsigned views = repeats(d, 70, VIEWS_MAX);

	emit(d, EVENT_VIEW, last, false);
	while (views-- > 0)
		last = view_substitute(d, last);
	if (!chance(d, BUYER))
		return;
	put_in_cart(d, last, false);
	/* rarely two that could replace each other */
	if (chance(d, 4))
		put_in_cart(d, choose_group(d, d->shop->products[last].group), false);
	/* Few at a time: two complements of one product need not go together. */
	for (unsigned more = 75; chance(d, more); more /= 2)
		add_complement(d, last);
	check_out(d);
}

/* --- many sessions */

/* Half of the sessions are of an eighth of the users. */
static uint32_t draw_user(struct draw *d)
{
	uint32_t n = d->shop->n_users;

	return (uint32_t)rng_below(&d->rng, chance(d, 50) ? n / 8 + UINT64_C(1) : n);
}

static void draw_session(struct draw *d, const struct synth_cold **cold,
			 const struct synth_cold *cold_end)
{
	const struct synth *s = d->shop;

	d->user = draw_user(d);
	d->taste = synth_mix(~s->seed, d->user);
	d->time = synth_arrival(s, d->session, (uint32_t)(rng_next(&d->rng) >> 32));
	d->month = s->months[d->time / 86400];
	d->n_cart = 0;
	if (chance(d, AIMLESS))
		browse(d);
	else
		pursue(d);
	for (; *cold < cold_end && (*cold)->session == d->session; ++*cold)
		emit(d, EVENT_VIEW, (*cold)->product, true);
}

void shopper_draw(const struct synth *s, uint64_t block, uint64_t first, uint64_t end,
		  struct shopper_events *out)
{
	const struct synth_cold *cold = s->cold, *cold_end = s->cold + s->n_cold;
	struct draw d = {.shop = s, .out = out};
	size_t low = 0, high = s->n_cold;

	assert(first <= end);
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (cold[middle].session < first)
			low = middle + 1;
		else
			high = middle;
	}
	cold += low;
	rng_init(&d.rng, s->seed, SYNTH_STREAM_BLOCKS + block);
	for (d.session = first; d.session < end; d.session++)
		draw_session(&d, &cold, cold_end);
}
