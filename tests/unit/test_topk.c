/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "math/topk.h"

#include "base/rng.h"

#include "unit.h"

enum { N = 300 };

static int before(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;
	return hit_before(*x, *y) ? -1 : hit_before(*y, *x);
}

/* Against sorting everything, with many ties, in several orders of offering. */
static void like_sorting(void **state)
{
	struct hit all[N], hits[N];
	struct rng r;
	rng_init(&r, 1, 0);
	for (size_t k = 0; k <= N; k = k * 2 + 1) {
		for (uint32_t i = 0; i < N; i++)
			all[i] = (struct hit){i, (float)rng_below(&r, 40)};
		struct topk t;
		topk_init(&t, hits, k);
		for (size_t i = 0; i < N; i++) {
			struct hit h = all[i * 7 % N];
			assert_true(h.score >= topk_floor(&t) ||
				    (t.n == k && (k == 0 || !hit_before(h, t.hits[0]))));
			topk_push(&t, h.id, h.score);
		}
		topk_sort(&t);
		qsort(all, N, sizeof *all, before);
		assert_int_equal(t.n, k < N ? k : N);
		for (size_t i = 0; i < t.n; i++) {
			assert_int_equal(hits[i].id, all[i].id);
			assert_true(hits[i].score == all[i].score);
		}
	}
}

static void odd_scores(void **state)
{
	struct hit hits[3];
	struct topk t;
	topk_init(&t, hits, 3);
	topk_push(&t, 1, NAN);
	topk_push(&t, 2, -INFINITY);
	topk_push(&t, 3, 0);
	topk_push(&t, 4, NAN);
	topk_push(&t, 5, INFINITY);
	topk_push(&t, 6, -0.0F);
	topk_push(&t, 7, NAN);
	topk_sort(&t);
	assert_int_equal(t.n, 3);
	assert_int_equal(hits[0].id, 5);
	assert_int_equal(hits[1].id, 3);
	assert_int_equal(hits[2].id, 6);
}

UNIT_TESTS(topk, UNIT(like_sorting), UNIT(odd_scores))
