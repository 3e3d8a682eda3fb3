/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/sort.h"

#include <math.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/rng.h"
#include "base/scope.h"
#include "unit.h"

#define BIG 400000

static int by_key_then_value(const void *a, const void *b)
{
	const struct sort_item *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->value > y->value) - (x->value < y->value);
}

/* value is the place before: so the stable result is the one by key, value. */
static void fill(struct sort_item *items, size_t n, uint64_t mask, uint64_t seed)
{
	struct rng r;

	rng_init(&r, seed, 0);
	for (size_t i = 0; i < n; i++)
		items[i] = (struct sort_item){rng_next(&r) & mask, i};
}

static void items_like_qsort(void **state)
{
	static const size_t sizes[] = {0, 1, 2, 47, 48, 49, 1000, 65536, BIG};
	static const uint64_t masks[] = {UINT64_MAX, 0xff, 0, UINT64_C(0xff00ff) << 20,
					 0xfffff, UINT64_C(1) << 63};
	static const unsigned threads[] = {1, 2, 5};
	struct sort_item *want = malloc(BIG * sizeof *want);
	struct sort_item *got = malloc(BIG * sizeof *got);

	for (size_t t = 0; t < sizeof threads / sizeof *threads; t++) {
		SCOPED(pool) pool = pool_create(threads[t]);

		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
			for (size_t m = 0; m < sizeof masks / sizeof *masks; m++) {
				size_t n = sizes[i];

				fill(want, n, masks[m], i);
				memcpy(got, want, n * sizeof *got);
				qsort(want, n, sizeof *want, by_key_then_value);
				assert_true(sort_items(got, n, pool, NULL));
				if (n)
					assert_memory_equal(got, want, n * sizeof *got);
				assert_true(sort_items(got, n, pool, NULL));
				if (n)
					assert_memory_equal(got, want, n * sizeof *got);
			}
	}
	assert_true(sort_items(got, 0, NULL, NULL));
	free(want);
	free(got);
}

struct texts {
	struct str *at;
	char *bytes;
	size_t n;
};

static struct str text_at(const void *ctx, uint32_t i)
{
	return ((const struct texts *)ctx)->at[i];
}

static const struct texts *compared;	/* qsort passes no context */

static int by_text_then_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	int order = str_cmp(compared->at[x], compared->at[y]);

	return order ? order : (x > y) - (x < y);
}

/* Short alphabets, zero bytes, shared prefixes and repeats on purpose. */
static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Numbers of few and many values, in order, backwards, as organ pipes. */
static uint64_t shaped(struct rng *r, int shape, size_t i, size_t n)
{
	switch (shape) {
	case 0:
		return rng_next(r);
	case 1:
		return rng_next(r) % 3;
	case 2:
		return i;
	case 3:
		return n - i;
	case 4:
		return i < n / 2 ? i : n - i;
	default:
		return 7;
	}
}

static void numbers_like_qsort(void **state)
{
	static const size_t sizes[] = {0, 1, 2, 3, 24, 25, 26, 100, 1000, 65537};
	uint64_t *x = mem_alloc(65537 * sizeof *x), *y = mem_alloc(65537 * sizeof *y);
	struct rng r;

	(void)state;
	rng_init(&r, 3, 0);
	for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
		for (int shape = 0; shape < 6; shape++) {
			for (size_t i = 0; i < sizes[k]; i++)
				x[i] = y[i] = shaped(&r, shape, i, sizes[k]);
			sort_u64(x, sizes[k]);
			qsort(y, sizes[k], sizeof *y, by_number);
			assert_memory_equal(x, y, sizes[k] * sizeof *x);
		}
	free(x);
	free(y);
}

static void make_texts(struct texts *t, size_t n, int shape)
{
	struct rng r;
	char *p;

	rng_init(&r, (uint64_t)shape, n);
	t->n = n;
	t->at = malloc((n + 1) * sizeof *t->at);
	t->bytes = p = malloc(n * 160 + 1);
	for (size_t i = 0; i < n; i++) {
		size_t len = 0;

		if (shape == 1)		/* numbers with a prefix that all share */
			len = (size_t)snprintf(p, 40, "product-%llu",
					(unsigned long long)(rng_next(&r) >> 40));
		else if (shape == 2)	/* deep, mostly equal */
			for (len = 60 + rng_below(&r, 90); len < 160 && len % 7; len++)
				;
		else
			len = rng_below(&r, 20);
		for (size_t k = 0; shape != 1 && k < len; k++)
			p[k] = shape == 2 ? "xy"[k > 70 && rng_below(&r, 20) == 0]
					  : "\0\1a\xff"[rng_below(&r, 4)];
		t->at[i] = str_span(p, len);
		p += len;
	}
}

static void check_texts(size_t n, int shape, struct pool *pool)
{
	struct texts t;
	uint32_t *want = malloc((n + 1) * sizeof *want);
	uint32_t *got = malloc((n + 1) * sizeof *got);

	make_texts(&t, n, shape);
	for (size_t i = 0; i < n; i++)
		want[i] = (uint32_t)i;
	compared = &t;
	qsort(want, n, sizeof *want, by_text_then_number);
	assert_true(sort_texts(got, n, text_at, &t, pool, NULL));
	if (n)
		assert_memory_equal(got, want, n * sizeof *got);
	free(t.at);
	free(t.bytes);
	free(want);
	free(got);
}

/* Small numbers, so that many are equal; and the greatest first with ties by place, NAN last. */
static void small_and_keyed(void **state)
{
	static const size_t sizes[] = {0, 1, 2, 31, 32, 33, 500};
	struct rng r;

	rng_init(&r, 7, 1);
	for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
		size_t n = sizes[k];
		uint32_t *x = calloc(n + 1, sizeof *x);
		struct sort_keyed *at = calloc(n + 1, sizeof *at);
		unsigned count[20] = {0};

		for (size_t i = 0; i < n; i++) {
			x[i] = (uint32_t)rng_below(&r, 20);
			count[x[i]]++;
			at[i] = (struct sort_keyed){x[i] == 3 ? NAN : x[i], i};
		}
		sort_u32(x, n);
		for (size_t i = 0; i < n; i++) {
			assert_true(i == 0 || x[i - 1] <= x[i]);
			count[x[i]]--;
		}
		for (size_t i = 0; i < 20; i++)
			assert_int_equal(count[i], 0);
		sort_greatest(at, n);
		for (size_t i = 1; i < n; i++) {
			bool same = at[i - 1].key == at[i].key ||
				    (isnan(at[i - 1].key) && isnan(at[i].key));

			assert_true(same ? at[i - 1].at < at[i].at :
				    isnan(at[i].key) || at[i - 1].key > at[i].key);
		}
		free(x);
		free(at);
	}
}

static void texts_like_qsort(void **state)
{
	static const size_t sizes[] = {0, 1, 2, 17, 100, 5000, 100000};
	static const unsigned threads[] = {1, 3};

	for (size_t t = 0; t < sizeof threads / sizeof *threads; t++) {
		SCOPED(pool) pool = pool_create(threads[t]);

		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
			for (int shape = 0; shape < 3; shape++)
				check_texts(sizes[i], shape, pool);
	}
}

/* Against counting one by one, with equal numbers and both ends of the range. */
static void before(void **state)
{
	uint64_t x[40] = {0, 0, 1};

	for (size_t i = 3; i < 39; i++)
		x[i] = 1 + i / 3 * 2;
	x[39] = UINT64_MAX;
	for (size_t n = 0; n <= 40; n++)
		for (uint64_t least = 0; least < 40; least++) {
			size_t want = 0;

			while (want < n && x[want] < least)
				want++;
			assert_int_equal(sort_u64_before(x, n, least), want);
		}
	assert_int_equal(sort_u64_before(x, 40, UINT64_MAX), 39);
}

UNIT_TESTS(sort, UNIT(items_like_qsort), UNIT(numbers_like_qsort), UNIT(small_and_keyed),
	   UNIT(before), UNIT(texts_like_qsort))
