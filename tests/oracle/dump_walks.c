/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dump_walks P Q EXTEND SEED: reads nodes and edges (U32) and for every edge a, b (U32)
 * and its weight (F32), sorted, both directions of an undirected one. Prints, as JSON
 * lines, the probability of every step t -> v -> x, how often x was drawn of DRAWS, and
 * the walks of one pass.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/num.h"
#include "learn/walks.h"

#define DRAWS 20000u

struct edges {
	uint32_t n;
	uint64_t *offsets;
	uint32_t *column;
	float *weight;
};

static bool read_edges(struct edges *e)
{
	struct edge {
		uint32_t a, b;
		float weight;
	} edge;
	uint32_t head[2];

	if (fread(head, sizeof head, 1, stdin) != 1)
		return false;
	e->n = head[0];
	e->offsets = calloc(e->n + 1, sizeof *e->offsets);
	e->column = calloc(head[1], sizeof *e->column);
	e->weight = calloc(head[1], sizeof *e->weight);
	if (!e->offsets || !e->column || !e->weight)
		return false;
	for (uint32_t i = 0; i < head[1]; i++) {
		if (fread(&edge, sizeof edge, 1, stdin) != 1 || edge.a >= e->n)
			return false;
		e->column[i] = edge.b;
		e->weight[i] = edge.weight;
		e->offsets[edge.a + 1]++;
	}
	for (uint32_t i = 0; i < e->n; i++)
		e->offsets[i + 1] += e->offsets[i];
	return true;
}

static void print_step(const struct walks *w, const struct edges *e, uint32_t t, uint32_t v,
		       struct rng *r)
{
	uint64_t first = e->offsets[v], end = e->offsets[v + 1];
	double sum = 0;
	uint32_t *drawn = calloc(e->n, sizeof *drawn);

	if (!drawn)
		exit(1);
	for (uint64_t k = first; k < end; k++)
		sum += (double)(e->weight[k] * walks_bias(w, t, v, k));
	for (unsigned i = 0; i < DRAWS; i++)
		drawn[walks_step(w, t, v, r)]++;
	for (uint64_t k = first; k < end; k++)
		printf("{\"t\": %u, \"v\": %u, \"x\": %u, \"p\": %.9g, \"drawn\": %u}\n", t, v,
		       e->column[k], (double)(e->weight[k] * walks_bias(w, t, v, k)) / sum,
		       drawn[e->column[k]]);
	free(drawn);
}

static void print_walks(const struct walks *w, uint64_t seed)
{
	struct corpus c = walks_corpus(w);
	uint32_t *node = calloc(c.longest, sizeof *node);

	if (!node)
		exit(1);
	for (uint64_t i = 0; i < c.n; i++) {
		uint32_t n = corpus_read(&c, (struct corpus_pass){seed, 0}, i, node);

		printf("{\"walk\": [");
		for (uint32_t k = 0; k < n; k++)
			printf("%s%u", k ? ", " : "", node[k]);
		puts("]}");
	}
	free(node);
}

int main(int argc, char **argv)
{
	struct walks_options o = {.walks = 3, .length = 30};
	struct edges e;
	struct walks w;
	struct rng r;
	uint64_t seed;

	if (argc != 5 || !num_real(str_from(argv[1]), &o.p) ||
	    !num_real(str_from(argv[2]), &o.q) || !num_u64(str_from(argv[4]), &seed) ||
	    !read_edges(&e))
		return 2;
	o.extend = argv[3][0] == '1';
	if (!walks_init(&w, e.n, e.offsets, e.column, e.weight, &o, NULL, NULL))
		return 1;
	rng_init(&r, seed, 99);
	for (uint32_t t = 0; t < e.n; t++)
		for (uint64_t k = e.offsets[t]; k < e.offsets[t + 1]; k++)
			if (e.offsets[e.column[k] + 1] > e.offsets[e.column[k]])
				print_step(&w, &e, t, e.column[k], &r);
	print_walks(&w, seed);
	walks_finish(&w);
	free(e.offsets);
	free(e.column);
	free(e.weight);
	return 0;
}
