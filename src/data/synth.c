/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "data/synth.h"

#include <limits.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/time.h"
#include "data/words.h"

#define PRODUCTS_PER_LEAF 20	/* wanted; all leaves are used in a big shop */
#define LEAVES_MIN 6
#define GROUP_MIN 4
#define GROUP_MAX 12
#define COLD_PERCENT 8
#define COLD_TAIL 16		/* cold events fall into the last 1/16 of sessions */
#define ZIPF_OFFSET UINT64_C(30)		/* weight of rank r: 1 / (r + offset) */
#define FIRST_CATEGORY UINT64_C(2053013552259662037)

/* Quantiles (i + 0.5) / 256 of the normal distribution for i = 128 .. 255, in
 * 1/4096; the lower half is its mirror image. */
static const uint16_t normal[128] = {
	20, 60, 100, 140, 181, 221, 261, 301, 341, 382, 422, 462,
	503, 543, 584, 624, 665, 705, 746, 787, 828, 869, 910, 951,
	992, 1034, 1075, 1117, 1158, 1200, 1242, 1284, 1326, 1369, 1411, 1454,
	1497, 1539, 1583, 1626, 1669, 1713, 1757, 1801, 1845, 1890, 1935, 1979,
	2025, 2070, 2116, 2162, 2208, 2255, 2301, 2348, 2396, 2444, 2492, 2540,
	2589, 2638, 2688, 2738, 2788, 2839, 2890, 2942, 2994, 3046, 3100, 3153,
	3207, 3262, 3318, 3374, 3430, 3487, 3545, 3604, 3664, 3724, 3785, 3847,
	3910, 3973, 4038, 4104, 4170, 4238, 4307, 4378, 4450, 4523, 4597, 4673,
	4751, 4830, 4912, 4995, 5080, 5168, 5258, 5351, 5447, 5545, 5647, 5753,
	5863, 5977, 6095, 6219, 6350, 6486, 6631, 6784, 6948, 7123, 7312, 7519,
	7746, 8001, 8290, 8628, 9038, 9565, 10324, 11820,
};

/* 2^(i/32) in 1/65536. */
static const uint32_t power[33] = {
	65536, 66971, 68438, 69936, 71468, 73032, 74632, 76266, 77936,
	79642, 81386, 83169, 84990, 86851, 88752, 90696, 92682, 94711,
	96785, 98905, 101070, 103283, 105545, 107856, 110218, 112631, 115098,
	117618, 120194, 122825, 125515, 128263, 131072,
};

/* How busy the hours of a day and the days of a week (from Monday) are. */
static const uint8_t hour_weight[24] = {
	6, 4, 3, 2, 3, 5, 9, 14, 20, 25, 28, 29,
	30, 29, 28, 28, 29, 32, 36, 40, 42, 38, 26, 13,
};
static const uint8_t day_weight[7] = {20, 19, 19, 20, 22, 28, 27};

uint64_t synth_mix(uint64_t seed, uint64_t x)
{
	uint64_t z = seed + (x + 1) * UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint32_t synth_lognormal(uint32_t median, unsigned spread, unsigned q)
{
	/* log2 of the factor in 1/2^20, made positive by adding 16 */
	uint32_t z = q < 128 ? normal[127 - q] : normal[q - 128];
	uint32_t log = q < 128 ? (16u << 20) - spread * z : (16u << 20) + spread * z;
	unsigned whole = log >> 20, step = (log >> 15) & 31;
	uint64_t rest = log & 0x7fff;
	uint64_t factor = power[step] + ((power[step + 1] - power[step]) * rest >> 15);

	return (uint32_t)((median * factor << whole) >> 32);
}

/* Prices as shops write them: 4.39, 18.49, 129.99, 1499.00. */
static uint32_t price_point(uint32_t cents)
{
	if (cents < 1000)
		return cents - cents % 10 + 9;
	if (cents < 10000)
		return cents - cents % 50 + 49;
	if (cents < 100000)
		return cents - cents % 100 + 99;
	return cents - cents % 1000 + 900;
}

uint32_t synth_price(const struct synth *s, uint32_t product, uint32_t week)
{
	uint32_t cents = s->products[product].cents;
	uint64_t h = synth_mix(s->seed ^ s->products[product].code, week);

	return h % 12 == 0 ? price_point(cents - cents / (4 + h / 12 % 4)) : cents;
}

/* --- which leaves the shop has */

/* Leaves are taken by following complements from the first one, so that a small
 * shop too holds what goes together. chosen[i]: words_leaves[i] is in. */
static void choose_leaves(bool *chosen, unsigned wanted)
{
	SCOPED_FREE unsigned *queue = mem_alloc(words_n_leaves * sizeof *queue);
	unsigned head = 0, tail = 0, next = 0;

	while (tail < wanted) {
		struct str rest, name;

		if (head == tail) {
			while (chosen[next])
				next++;
			chosen[next] = true;
			queue[tail++] = next;
		}
		rest = str_from(words_leaves[queue[head++]].complements);
		while (tail < wanted && str_next(&rest, '|', &name)) {
			unsigned i = words_find(name);

			if (i != UINT_MAX && !chosen[i]) {
				chosen[i] = true;
				queue[tail++] = i;
			}
		}
	}
}

static void create_leaves(struct synth *s)
{
	SCOPED_FREE bool *chosen = mem_zalloc(words_n_leaves);
	unsigned wanted = s->n_products / PRODUCTS_PER_LEAF;
	uint32_t last = SYNTH_NONE;

	wanted = wanted < LEAVES_MIN ? LEAVES_MIN : wanted;
	wanted = wanted > words_n_leaves ? words_n_leaves : wanted;
	choose_leaves(chosen, wanted);
	s->leaves = mem_zalloc(wanted * sizeof *s->leaves);
	s->departments = mem_zalloc(words_n_departments * sizeof *s->departments);
	for (unsigned i = 0; i < words_n_leaves; i++) {
		struct synth_leaf *l = &s->leaves[s->n_leaves];
		uint32_t d = words_department_of(&words_leaves[i]);

		if (!chosen[i])
			continue;
		if (d != last)
			s->departments[s->n_departments++].words = last = d;
		l->words = i;
		l->department = s->n_departments - 1;
		l->coded = s->n_leaves % 25 != 17;
		s->n_leaves++;
	}
}

/* Number of the shop's leaf whose path ends in name, or SYNTH_NONE. */
static uint32_t find_leaf(const struct synth *s, struct str name)
{
	unsigned words = words_find(name);

	for (uint32_t i = 0; i < s->n_leaves; i++)
		if (s->leaves[i].words == words)
			return i;
	return SYNTH_NONE;
}

/* Products, in unequal shares, to leaves; ids as in a real log. */
static void size_leaves(struct synth *s, struct rng *r)
{
	SCOPED_FREE uint64_t *share = mem_zalloc((s->n_leaves + 1) * sizeof *share);

	for (uint32_t i = 0; i < s->n_leaves; i++)
		share[i + 1] = share[i] + 64 + rng_below(r, 97);
	for (uint32_t i = 0; i < s->n_leaves; i++) {
		struct synth_leaf *l = &s->leaves[i];
		struct synth_department *d = &s->departments[l->department];
		uint64_t id = FIRST_CATEGORY + (i + 1) * (UINT64_C(1) << 27) +
			      rng_below(r, 1 << 26);

		l->product = (uint32_t)(s->n_products * share[i] / share[s->n_leaves]);
		l->product_end =
			(uint32_t)(s->n_products * share[i + 1] / share[s->n_leaves]);
		if (d->product_end == 0)
			d->product = l->product;
		d->product_end = l->product_end;
		for (unsigned k = 19; k-- > 0; id /= 10)
			l->id[k] = (char)('0' + id % 10);
	}
}

/* --- groups and products */

static void create_brands(struct synth *s)
{
	uint32_t per_tier = s->n_products / 16 / (SYNTH_TIERS * s->n_departments);
	uint32_t most = WORDS_BRANDS / (SYNTH_TIERS * s->n_departments);

	per_tier = per_tier < 2 ? 2 : per_tier > most ? most : per_tier;
	s->n_brands = per_tier * SYNTH_TIERS * s->n_departments;
	s->brands = mem_zalloc(s->n_brands * sizeof *s->brands);
	for (uint32_t i = 0; i < s->n_brands; i++) {
		STRBUF(name);

		words_brand(&name, (unsigned)((i * UINT64_C(432) + s->seed % WORDS_BRANDS) %
					      WORDS_BRANDS));
		s->brands[i].len = (uint8_t)name.len;
		memcpy(s->brands[i].name, name.ptr, name.len);
	}
}

/* A brand of a department and mostly of the tier; the first ones are larger. */
static uint16_t draw_brand(const struct synth *s, struct rng *r, uint32_t department,
			   uint32_t tier)
{
	uint32_t per_tier = s->n_brands / (SYNTH_TIERS * s->n_departments);
	uint64_t a = rng_below(r, per_tier), b = rng_below(r, per_tier);

	if (rng_below(r, 10) == 0)
		return SYNTH_NO_BRAND;
	if (rng_below(r, 4) == 0)
		tier = (uint32_t)rng_below(r, SYNTH_TIERS);
	a = a < b ? a : b;
	return (uint16_t)((a * SYNTH_TIERS + tier) * s->n_departments + department);
}

/* Numeric ids in no order: a step that has no factor in common with the range
 * visits every number once. */
static void product_id(const struct synth *s, uint32_t i, struct synth_product *p)
{
	uint64_t range = s->n_products <= 9000000 ? 9000000 : 9000000000;
	uint64_t id = range / 9 + (i * UINT64_C(7654321) + s->seed % range) % range;
	char digits[20];
	unsigned n = 0;

	for (; id > 0; id /= 10)
		digits[n++] = (char)('0' + id % 10);
	p->id_len = (uint8_t)n;
	for (unsigned k = 0; k < n; k++)
		p->id[k] = digits[n - 1 - k];
}

/* The products of one group: families of one to three variants. Prices are near
 * the group's own. */
static void fill_group(struct synth *s, struct rng *r, uint32_t g, uint32_t cents,
		       uint32_t *code)
{
	const struct synth_group *group = &s->groups[g];
	const struct synth_leaf *leaf = &s->leaves[group->leaf];
	const struct words_leaf *words = &words_leaves[leaf->words];
	unsigned kinds = words_count(words->kinds), looks = words_count(words->looks);
	unsigned sizes = words_count(words->sizes);
	unsigned kind = (unsigned)rng_below(r, kinds), size = (unsigned)rng_below(r, 64);
	unsigned family = 0, left = 0, look = 0;

	for (uint32_t i = group->product; i < group->product_end; i++) {
		struct synth_product *p = &s->products[i];

		product_id(s, i, p);
		p->group = g;
		if (left-- > 0) {
			p->cents = p[-1].cents;
			p->brand = p[-1].brand;
		} else {
			left = looks > 2 && rng_below(r, 10) < 3 ?
				       1 + (unsigned)rng_below(r, 2) : 0;
			look = (unsigned)rng_below(r, 64);
			p->cents = price_point(
				(uint32_t)(cents * (92 + rng_below(r, 17)) / 100));
			p->brand = draw_brand(s, r, leaf->department, group->tier);
			++*code;
			family++;
		}
		p->code = *code;
		p->kind = (uint8_t)((kind + family) % kinds);
		p->size = (uint8_t)(sizes ? (size + family + family / kinds) % sizes : 0);
		p->look = (uint8_t)(looks ? (look + left) % looks : 0);
		p->cold = i > group->product && rng_below(r, 100) < COLD_PERCENT;
	}
}

/* Split [from, end) into groups; returns the end of the first. */
static uint32_t group_end(struct rng *r, uint32_t from, uint32_t end)
{
	uint32_t left = end - from, size = 5 + (uint32_t)rng_below(r, 7);

	if (left <= GROUP_MAX)
		return end;
	if (left - size < GROUP_MIN)
		size = left / 2;
	return from + size;
}

static void create_groups(struct synth *s, struct rng *r)
{
	uint32_t code = 100000;

	for (uint32_t i = 0; i < s->n_leaves; i++) {
		struct synth_leaf *l = &s->leaves[i];
		const struct words_leaf *w = &words_leaves[l->words];
		unsigned spread =
			words_departments[s->departments[l->department].words].spread;

		l->group = s->n_groups;
		for (uint32_t p = l->product; p < l->product_end;) {
			struct synth_group *g = &s->groups[s->n_groups++];

			*g = (struct synth_group){i, p, group_end(r, p, l->product_end), 0};
			p = g->product_end;
		}
		l->group_end = s->n_groups;
		for (uint32_t g = l->group; g < l->group_end; g++) {
			uint64_t n = l->group_end - l->group;
			uint64_t q = ((g - l->group) * 256 + rng_below(r, 256)) / n;

			s->groups[g].tier = (uint32_t)(q * SYNTH_TIERS / 256);
			fill_group(s, r, g, synth_lognormal(w->cents, spread, (unsigned)q),
				   &code);
		}
	}
}

/* Ranks to products by chance, weights by rank: Zipf and Mandelbrot's law. */
static bool create_popularity(struct synth *s, struct err *err)
{
	SCOPED_FREE uint32_t *order = mem_big(s->n_products, sizeof *order,
					      "product ranks", err);
	struct rng r;

	s->popularity = mem_big(s->n_products + (size_t)1, sizeof *s->popularity,
				"product popularity", err);
	if (!order || !s->popularity)
		return false;
	rng_init(&r, s->seed, SYNTH_STREAM_POPULARITY);
	for (uint32_t i = 0; i < s->n_products; i++) {
		uint32_t j = (uint32_t)rng_below(&r, i + UINT64_C(1));

		order[i] = order[j];
		order[j] = i;
	}
	for (uint32_t i = 0; i < s->n_products; i++) {
		uint64_t weight = (UINT64_C(1) << 40) / (order[i] + ZIPF_OFFSET);

		s->popularity[i + 1] =
			s->popularity[i] + (s->products[i].cold ? 0 : weight);
	}
	return true;
}

static int by_session(const void *a, const void *b)
{
	const struct synth_cold *x = a, *y = b;

	if (x->session != y->session)
		return x->session < y->session ? -1 : 1;
	return x->product < y->product ? -1 : x->product > y->product;
}

static bool create_cold(struct synth *s, struct err *err)
{
	uint64_t tail = s->sessions / COLD_TAIL + 1;
	size_t n = 0, used = 0;
	struct rng r;

	for (uint32_t i = 0; i < s->n_products; i++)
		n += s->products[i].cold;
	s->cold = mem_big(2 * n, sizeof *s->cold, "cold products", err);
	if (!s->cold)
		return false;
	rng_init(&r, s->seed, SYNTH_STREAM_COLD);
	for (uint32_t i = 0; i < s->n_products; i++) {
		uint64_t times = s->products[i].cold ? rng_below(&r, 3) : 0;

		while (times-- > 0)
			s->cold[used++] = (struct synth_cold){
				s->sessions - 1 - rng_below(&r, tail), i};
	}
	s->n_cold = used;
	qsort(s->cold, used, sizeof *s->cold, by_session);
	return true;
}

/* --- what goes together */

struct pairs {
	uint32_t (*items)[2];
	size_t n, cap;
};

static void pairs_add(struct pairs *p, uint32_t a, uint32_t b)
{
	MEM_GROW(p->items, p->cap, p->n + 1);
	p->items[p->n][0] = a < b ? a : b;
	p->items[p->n][1] = a < b ? b : a;
	p->n++;
}

static int by_pair(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	if (x[0] != y[0])
		return x[0] < y[0] ? -1 : 1;
	return x[1] < y[1] ? -1 : x[1] > y[1];
}

/* Both directions of the distinct pairs over n nodes; the pairs are used up. */
static void graph_create(struct synth_graph *g, struct pairs *p, uint32_t n)
{
	size_t distinct = 0;

	qsort(p->items, p->n, sizeof *p->items, by_pair);
	g->offsets = mem_zalloc((n + (size_t)2) * sizeof *g->offsets);
	for (size_t i = 0; i < p->n; i++) {
		if (i > 0 && by_pair(p->items[i], p->items[distinct - 1]) == 0)
			continue;
		memmove(p->items[distinct++], p->items[i], sizeof *p->items);
		g->offsets[p->items[i][0] + 2]++;
		g->offsets[p->items[i][1] + 2]++;
	}
	for (size_t i = 2; i < n + (size_t)2; i++)
		g->offsets[i] += g->offsets[i - 1];
	g->to = mem_zalloc(2 * distinct * sizeof *g->to);
	for (size_t i = 0; i < distinct; i++) {
		g->to[g->offsets[p->items[i][0] + 1]++] = p->items[i][1];
		g->to[g->offsets[p->items[i][1] + 1]++] = p->items[i][0];
	}
	free(p->items);
	*p = (struct pairs){0};
}

static void create_complements(struct synth *s)
{
	struct pairs p = {0};

	for (uint32_t i = 0; i < s->n_leaves; i++) {
		struct str rest = str_from(words_leaves[s->leaves[i].words].complements);
		struct str name;
		size_t before = p.n;

		while (str_next(&rest, '|', &name)) {
			uint32_t j = find_leaf(s, name);

			if (j != SYNTH_NONE && j != i)
				pairs_add(&p, i, j);
		}
		if (p.n == before)
			pairs_add(&p, i, (i + s->n_leaves / 2) % s->n_leaves);
	}
	graph_create(&s->complements, &p, s->n_leaves);
	for (unsigned i = 0; i < words_n_substitutes; i++) {
		uint32_t a = find_leaf(s, str_from(words_substitutes[i].a));
		uint32_t b = find_leaf(s, str_from(words_substitutes[i].b));

		if (a != SYNTH_NONE && b != SYNTH_NONE)
			pairs_add(&p, a, b);
	}
	graph_create(&s->substitutes, &p, s->n_leaves);
}

/* Groups of complement leaves are matched in order of price: cheap things go
 * with cheap things. */
static void create_partners(struct synth *s)
{
	const struct synth_graph *c = &s->complements;
	struct pairs p = {0};

	for (uint32_t i = 0; i < s->n_leaves; i++) {
		for (uint32_t k = c->offsets[i]; k < c->offsets[i + 1]; k++) {
			const struct synth_leaf *a = &s->leaves[i], *b = &s->leaves[c->to[k]];
			uint64_t na = a->group_end - a->group, nb = b->group_end - b->group;
			uint64_t most = na > nb ? na : nb;

			if (c->to[k] < i)
				continue;
			for (uint64_t m = 0; m < most; m++)
				pairs_add(&p, a->group + (uint32_t)(m * na / most),
					  b->group + (uint32_t)(m * nb / most));
		}
	}
	graph_create(&s->partners, &p, s->n_groups);
}

/* --- when people come */

static void create_calendar(struct synth *s)
{
	int64_t first = 0;

	time_days(2024, 10, 1, &first);	/* a Tuesday */
	s->start = first * TIME_DAY;
	s->months = mem_zalloc(s->days);
	s->hours = mem_zalloc((s->days * (size_t)24 + 1) * sizeof *s->hours);
	for (unsigned d = 0; d < s->days; d++) {
		unsigned month, day;
		int year;

		time_civil(s->start + d * TIME_DAY, &year, &month, &day);
		s->months[d] = (uint8_t)(month - 1);
		for (unsigned h = 0; h < 24; h++) {
			size_t i = d * (size_t)24 + h;

			/* the weeks before Christmas are busier */
			uint64_t weight = hour_weight[h] * day_weight[(d + 1) % 7] *
					  (month == 12 && day < 24 ? 5u : 4u);

			s->hours[i + 1] = s->hours[i] + (weight << 20);
		}
	}
}

uint32_t synth_arrival(const struct synth *s, uint64_t number, uint32_t jitter)
{
	size_t low = 0, high = s->days * (size_t)24 - 1;
	unsigned __int128 total = s->hours[high + 1];
	uint64_t at;

	total *= ((unsigned __int128)number << 32) + jitter;
	at = (uint64_t)(total / s->sessions >> 32);
	while (low < high) {
		size_t middle = (low + high + 1) / 2;

		if (s->hours[middle] <= at)
			low = middle;
		else
			high = middle - 1;
	}
	at = (at - s->hours[low]) * 3600 / (s->hours[low + 1] - s->hours[low]);
	return (uint32_t)(low * 3600 + (at > 3599 ? 3599 : at));
}

/* --- the whole */

static bool synth_check(uint32_t products, uint64_t sessions, unsigned days,
		       struct err *err)
{
	if (products < SYNTH_PRODUCTS_MIN || products > SYNTH_PRODUCTS_MAX)
		return err_fail(err, ERR_USAGE, "a shop has %u to %u products, not %u",
				SYNTH_PRODUCTS_MIN, SYNTH_PRODUCTS_MAX, products);
	if (sessions < 1 || sessions > SYNTH_SESSIONS_MAX)
		return err_fail(err, ERR_USAGE, "a shop has 1 to %llu sessions, not %llu",
				(unsigned long long)SYNTH_SESSIONS_MAX,
				(unsigned long long)sessions);
	if (days < 1 || days > SYNTH_DAYS_MAX)
		return err_fail(err, ERR_USAGE, "a shop's log has 1 to %u days, not %u",
				SYNTH_DAYS_MAX, days);
	return true;
}

struct synth *synth_create(uint32_t products, uint64_t sessions, unsigned days,
			 uint64_t seed, struct err *err)
{
	SCOPED(synth) s = mem_zalloc(sizeof *s);
	struct synth *result;
	struct rng r;

	if (!synth_check(products, sessions, days, err))
		return NULL;
	s->seed = seed;
	s->sessions = sessions;
	s->days = days;
	s->n_products = products;
	s->n_users = (uint32_t)(sessions * 2 / 5 < 100000000 ? sessions * 2 / 5 + 1
							     : 100000000);
	rng_init(&r, seed, SYNTH_STREAM_PRODUCTS);
	create_leaves(s);
	size_leaves(s, &r);
	create_brands(s);
	s->products = mem_big(products, sizeof *s->products, "products", err);
	s->groups = mem_big(products / GROUP_MIN + s->n_leaves, sizeof *s->groups,
			    "product groups", err);
	if (!s->products || !s->groups)
		return NULL;
	create_groups(s, &r);
	create_complements(s);
	create_partners(s);
	create_calendar(s);
	if (!create_popularity(s, err) || !create_cold(s, err))
		return NULL;
	result = s;
	s = NULL;
	return result;
}

static void graph_finish(struct synth_graph *g)
{
	free(g->offsets);
	free(g->to);
}

void synth_destroy(struct synth *s)
{
	if (!s)
		return;
	graph_finish(&s->partners);
	graph_finish(&s->complements);
	graph_finish(&s->substitutes);
	free(s->products);
	free(s->groups);
	free(s->leaves);
	free(s->departments);
	free(s->brands);
	free(s->popularity);
	free(s->cold);
	free(s->hours);
	free(s->months);
	free(s);
}

uint32_t synth_pick(const struct synth *s, struct rng *r, uint32_t from, uint32_t to)
{
	const uint64_t *sum = s->popularity;
	uint32_t low = from, high = to - 1;
	uint64_t at;

	if (sum[to] == sum[from])
		return SYNTH_NONE;
	at = sum[from] + rng_below(r, sum[to] - sum[from]);
	while (low < high) {
		uint32_t middle = low + (high - low + 1) / 2;

		if (sum[middle] <= at)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

static void add_word(struct strbuf *b, struct str word)
{
	if (word.len == 0)
		return;
	if (b->len > 0)
		strbuf_addc(b, ' ');
	strbuf_add(b, word);
}

void synth_name(const struct synth *s, uint32_t product, struct strbuf *b)
{
	const struct synth_product *p = &s->products[product];
	const struct synth_group *g = &s->groups[p->group];
	const struct synth_leaf *leaf = &s->leaves[g->leaf];
	const struct words_leaf *w = &words_leaves[leaf->words];
	uint32_t number = p->group - leaf->group;
	unsigned nouns = words_count(w->nouns);
	STRBUF(name);

	/* one noun per group; product lines tell further groups apart */
	if (number >= nouns)
		words_line(&name, number / nouns - 1);
	add_word(&name, words_nth(w->kinds, p->kind));
	add_word(&name, words_nth(w->nouns, number));
	add_word(&name, words_nth(w->looks, p->look));
	add_word(&name, words_nth(w->sizes, p->size));
	strbuf_add(b, strbuf_str(&name));
}
