/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counting the panels of one product under a filter, for bench/run.py:
 *
 *	live STORE FILTER SESSIONS THREADS ROUNDS
 *
 * Takes the product whose number of sessions is nearest to SESSIONS and prints, per
 * panel, a line of: name, sessions, events of these sessions, median wall ms, median
 * CPU ms, and a checksum of the rows. The first line is what the filter itself costs.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/crc32c.h"
#include "base/err.h"
#include "base/num.h"
#include "base/pool.h"
#include "stats/live.h"
#include "store/store.h"

static double now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void check(bool ok, const struct err *err)
{
	if (ok)
		return;
	fprintf(stderr, "live: %s\n", err->text);
	exit(1);
}

static uint64_t number(const char *text)
{
	uint64_t n;

	if (!num_u64(str_from(text), &n)) {
		fprintf(stderr, "live: %s is no number\n", text);
		exit(1);
	}
	return n;
}

static uint32_t nearest(const struct catalog *c, uint64_t sessions)
{
	uint32_t best = 0;
	uint64_t least = UINT64_MAX;

	for (uint32_t p = 0; p < c->n_products; p++) {
		uint64_t n = c->product_session_offsets[p + 1] -
			     c->product_session_offsets[p];
		uint64_t far = n > sessions ? n - sessions : sessions - n;

		if (far < least) {
			least = far;
			best = p;
		}
	}
	return best;
}

static uint64_t events_of(const struct catalog *c, uint32_t p)
{
	uint64_t n = 0;

	for (uint64_t i = c->product_session_offsets[p]; i < c->product_session_offsets[p + 1];
	     i++) {
		uint32_t s = c->product_session[i];

		n += c->session_offsets[s + 1] - c->session_offsets[s];
	}
	return n;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void measure(struct live *l, const struct catalog *c, const char *name,
		    unsigned which, uint32_t product, unsigned rounds)
{
	struct live_rows rows = {0};
	double wall[1000], cpu[1000];
	struct err err = {0};
	uint32_t sum = 0;

	for (unsigned i = 0; i < rounds; i++) {
		wall[i] = now(CLOCK_MONOTONIC);
		cpu[i] = now(CLOCK_PROCESS_CPUTIME_ID);
		check(live_count(l, product, which, &rows, NULL, &err), &err);
		wall[i] = now(CLOCK_MONOTONIC) - wall[i];
		cpu[i] = now(CLOCK_PROCESS_CPUTIME_ID) - cpu[i];
	}
	qsort(wall, rounds, sizeof *wall, ascending);
	qsort(cpu, rounds, sizeof *cpu, ascending);
	for (unsigned r = 0; r < LIVE_ROWS; r++) {
		sum = crc32c(sum, rows.row[r].column, rows.row[r].n * 4);
		sum = crc32c(sum, rows.row[r].value, rows.row[r].n * 4);
	}
	printf("%s %llu %llu %.3f %.3f %08x\n", name,
	       (unsigned long long)(c->product_session_offsets[product + 1] -
				    c->product_session_offsets[product]),
	       (unsigned long long)events_of(c, product), wall[rounds / 2],
	       cpu[rounds / 2], sum);
	live_rows_finish(&rows);
}

int main(int argc, char **argv)
{
	SCOPED(pool) pool = NULL;
	SCOPED(store) store = NULL;
	SCOPED(filter) filter = NULL;
	SCOPED(live) l = NULL;
	struct err err = {0};
	const struct catalog *c;
	unsigned rounds;
	uint32_t product;
	double start;

	if (argc != 6) {
		fprintf(stderr, "usage: live STORE FILTER SESSIONS THREADS ROUNDS\n");
		return 2;
	}
	rounds = (unsigned)number(argv[5]) % 1000;
	pool = pool_create((unsigned)number(argv[4]));
	check(store_open(&store, argv[1], &err), &err);
	check(filter_parse(&filter, str_from(argv[2]), &err), &err);
	c = store_catalog(store);
	start = now(CLOCK_MONOTONIC);
	check(live_create(&l, filter, c, (struct work){pool, NULL}, &err), &err);
	check(live_need(l, LIVE_PAIRS, NULL, &err), &err);
	printf("filter %.3f\n", now(CLOCK_MONOTONIC) - start);
	product = nearest(c, number(argv[3]));
	measure(l, c, "similar", 1u << REL_CO_VIEW | 1u << REL_ADJACENT_VIEW |
		1u << LIVE_INTO | 1u << REL_CO_PURCHASE, product, rounds);
	measure(l, c, "complementary", 1u << REL_CO_PURCHASE | 1u << REL_CO_CART |
		1u << REL_VIEW_PURCHASE, product, rounds);
	return 0;
}
