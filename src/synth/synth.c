/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shop itself: its categories, products and who goes with whom. */
#include "config.h"

#include "synth/synth.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "base/time.h"
#include "synth/synth_impl.h"
#include "synth/words.h"

#define COLD_TAIL 16		/* cold events fall into the last 1/16 of sessions */
#define ZIPF_OFFSET UINT64_C(30)		/* weight of rank r: 1 / (r + offset) */

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

/* --- how popular things are */

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
	size_t hours = s->days * (size_t)24, hour;
	unsigned __int128 total = s->hours[hours];
	uint64_t at;

	total *= ((unsigned __int128)number << 32) + jitter;
	at = (uint64_t)(total / s->sessions >> 32);
	hour = sort_u64_before(s->hours + 1, hours - 1, at + 1);
	at = (at - s->hours[hour]) * 3600 / (s->hours[hour + 1] - s->hours[hour]);
	return (uint32_t)(hour * 3600 + (at > 3599 ? 3599 : at));
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

struct synth *synth_create(struct synth_size size, struct err *err)
{
	SCOPED(synth) s = mem_zalloc(sizeof *s);
	struct synth *result;
	struct rng r;

	if (!synth_check(size.products, size.sessions, size.days, err))
		return NULL;
	s->seed = size.seed;
	s->sessions = size.sessions;
	s->days = size.days;
	s->n_products = size.products;
	s->n_users = (uint32_t)(size.sessions * 2 / 5 < 100000000 ? size.sessions * 2 / 5 + 1
								  : 100000000);
	rng_init(&r, size.seed, SYNTH_STREAM_PRODUCTS);
	synth_create_leaves(s);
	synth_size_leaves(s, &r);
	synth_create_brands(s);
	s->products = mem_big(size.products, sizeof *s->products, "products", err);
	s->groups = mem_big(size.products / SYNTH_GROUP_MIN + s->n_leaves, sizeof *s->groups,
			    "product groups", err);
	if (!s->products || !s->groups)
		return NULL;
	synth_create_groups(s, &r);
	synth_create_complements(s);
	synth_create_partners(s);
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
	uint64_t at;

	if (sum[to] == sum[from])
		return SYNTH_NONE;
	at = sum[from] + rng_below(r, sum[to] - sum[from]);
	return from + (uint32_t)sort_u64_before(sum + from + 1, to - from - 1, at + 1);
}
