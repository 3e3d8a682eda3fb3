/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counting each relation of a store's sessions anew, in memory, for bench/relations.py:
 *
 *	relations STORE THREADS
 *
 * Prints per relation: name, pairs, their sum, processor seconds of all threads and wall
 * seconds. That is reading the sessions, counting, a test of every pair, and the rows.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/num.h"
#include "base/pool.h"
#include "stats/relation.h"
#include "store/store.h"

static double now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void check(bool ok, const struct err *err)
{
	if (ok)
		return;
	fprintf(stderr, "relations: %s\n", err->text);
	exit(1);
}

int main(int argc, char **argv)
{
	SCOPED(pool) pool = NULL;
	SCOPED(store) store = NULL;
	struct err err = {0};
	uint64_t threads;

	if (argc != 3 || !num_u64(str_from(argv[2]), &threads)) {
		fprintf(stderr, "usage: relations STORE THREADS\n");
		return 2;
	}
	pool = pool_create((unsigned)threads);
	check(store_open(&store, argv[1], &err), &err);
	for (enum relation r = 0; r < RELATIONS; r++) {
		double cpu = now(CLOCK_PROCESS_CPUTIME_ID), wall = now(CLOCK_MONOTONIC);
		struct relation_table t;

		check(relation_table_make(&t, store_catalog(store), r,
					  (struct work){pool, NULL}, &err), &err);
		printf("%s %llu %llu %.4f %.4f\n", relation_name(r),
		       (unsigned long long)t.counts.pairs,
		       (unsigned long long)t.counts.instances,
		       now(CLOCK_PROCESS_CPUTIME_ID) - cpu, now(CLOCK_MONOTONIC) - wall);
		fflush(stdout);
		relation_table_finish(&t);
	}
	return 0;
}
