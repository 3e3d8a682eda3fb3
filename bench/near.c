/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The searches of near/ behind a line protocol, for bench/near.py: a command on standard
 * input, on standard output the seconds that it took by the clock and of the processors.
 * What was found goes into a file of 32-bit row numbers, so that the driver can compare.
 *
 *	near VECTORS N DIM METRIC THREADS	raw 32-bit floats, at least N rows
 *	exact FIRST COUNT K OUT			for the rows from FIRST on, which may be
 *	build M EFC				rows after the N that are searched
 *	search FIRST COUNT K EF OUT		by the graph, on one thread
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/pool.h"
#include "math/blas.h"
#include "near/coarse.h"
#include "near/exact.h"
#include "near/hnsw.h"

struct bench {
	struct vectors v;
	struct space space;
	struct pool *pool;
	struct hnsw *graph;
	float *data;
	struct coarse coarse;
};

static double seconds(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct watch {
	double wall, cpu;
};

static struct watch start_watch(void)
{
	return (struct watch){seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID)};
}

static void stop_watch(struct watch w)
{
	printf("%.6f %.6f\n", seconds(CLOCK_MONOTONIC) - w.wall,
	       seconds(CLOCK_PROCESS_CPUTIME_ID) - w.cpu);
}

static void stop(const char *what)
{
	fprintf(stderr, "near: %s\n", what);
	exit(1);
}

static void check(bool ok, const struct err *err)
{
	if (!ok)
		stop(err->text);
}

static uint64_t number(const char *text)
{
	uint64_t n;
	if (!text || !num_u64(str_from(text), &n))
		stop("a number is wrong");
	return n;
}

static void load(struct bench *b, const char *path)
{
	FILE *f = fopen(path, "rb");
	if (!f || fseek(f, 0, SEEK_END) != 0)
		stop("the vectors can't be read");
	size_t count = (size_t)ftell(f) / sizeof *b->data;
	rewind(f);
	if (posix_memalign((void **)&b->data, 64, count * sizeof *b->data) != 0)
		stop("out of memory");
	if (count < b->v.n * b->v.dim || fread(b->data, sizeof *b->data, count, f) != count)
		stop("the vectors can't be read");
	fclose(f);
	b->v.data = b->data;
}

/* As a model keeps them. */
static void make_codes(struct bench *b)
{
	struct err err = {0};
	struct coarse_room room = {
		.code = mem_big(b->v.n, coarse_width(b->v.dim), "codes", &err),
		.weight = mem_big(b->v.n, sizeof *room.weight, "codes", &err),
		.spread = mem_big(coarse_blocks(b->v.n), sizeof *room.spread, "codes", &err),
	};

	check(room.code && room.weight && room.spread, &err);
	coarse_make(&b->v, b->space.metric, room, b->pool);
	b->coarse = (struct coarse){room.code, room.weight, room.spread};
	b->space.coarse = &b->coarse;
}

static void save(const char *path, const struct hit *hits, const uint32_t *found, size_t n,
		 size_t k)
{
	FILE *f = fopen(path, "wb");
	for (size_t i = 0; f && i < n; i++)
		for (size_t j = 0; j < k; j++) {
			uint32_t id = j < found[i] ? hits[i * k + j].id : UINT32_MAX;
			fwrite(&id, sizeof id, 1, f);
		}
	if (!f || fclose(f) != 0)
		stop("the answers can't be written");
}

static void search(struct bench *b, bool exact, size_t first, size_t n, size_t k, unsigned ef,
		   const char *path)
{
	struct err err = {0};
	struct hit *hits = calloc(n * k, sizeof *hits);
	uint32_t *found = calloc(n, sizeof *found);
	struct near_query q = {
		.q = vectors_row(&b->v, first), .n = n, .stride = b->v.stride, .k = k,
	};
	struct watch w = start_watch();
	if (exact)
		check(exact_search(&b->space, &q, hits, found,
				   (struct work){b->pool, NULL}, &err),
		      &err);
	else
		check(hnsw_search(hnsw_graph(b->graph), &b->space, &q, ef, hits, found,
				  (struct work){0}, &err),
		      &err);
	stop_watch(w);
	save(path, hits, found, n, k);
	free(hits);
	free(found);
}

static void command(struct bench *b, char *line)
{
	char *word[8] = {0}, *rest = line;
	for (int i = 0; i < 8 && (word[i] = strsep(&rest, " \n")) && *word[i]; i++)
		;
	struct err err = {0};
	if (strcmp(word[0], "build") == 0) {
		struct hnsw_params p = {
			.m = (unsigned)number(word[1]), .ef = (unsigned)number(word[2]),
		};
		hnsw_destroy(b->graph);
		struct watch w = start_watch();
		check(hnsw_build(&b->graph, &b->space, &p, (struct work){b->pool, NULL},
				 &err),
		      &err);
		stop_watch(w);
	} else {
		bool exact = strcmp(word[0], "exact") == 0;
		search(b, exact, number(word[1]), number(word[2]), number(word[3]),
		       exact ? 0 : (unsigned)number(word[4]), word[exact ? 4 : 5]);
	}
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct bench b = {0};
	struct err err = {0};
	enum metric metric;
	char line[4096];
	if (argc != 6 || !metric_parse(str_from(argv[4]), &metric))
		stop("usage: near VECTORS N DIM METRIC THREADS");
	blas_prepare();
	b.v = (struct vectors){
		.n = number(argv[2]), .dim = (unsigned)number(argv[3]),
		.stride = (unsigned)number(argv[3]),
	};
	load(&b, argv[1]);
	b.pool = pool_create((unsigned)number(argv[5]));
	check(space_init(&b.space, b.v, metric, b.pool, &err), &err);
	if (metric != METRIC_L2)
		make_codes(&b);
	puts("ready");
	fflush(stdout);
	while (fgets(line, sizeof line, stdin))
		command(&b, line);
	return 0;
}
