/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A heap of the k best whose top is the worst of them: O(log k) for what gets in, O(1) for
 * what doesn't. */
#include "config.h"

#include "math/topk.h"

#include <assert.h>

int hit_compare(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;

	return hit_before(*x, *y) ? -1 : hit_before(*y, *x);
}

/* Put h at the place i or below, where nothing under it comes after it. */
static void sift(struct hit *heap, size_t n, size_t i, struct hit h)
{
	for (;;) {
		size_t child = 2 * i + 1;
		if (child >= n)
			break;
		if (child + 1 < n && hit_before(heap[child], heap[child + 1]))
			child++;
		if (!hit_before(h, heap[child]))
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = h;
}

void topk_insert(struct topk *t, struct hit h)
{
	assert(t->n <= t->k);
	if (t->n == t->k) {
		sift(t->hits, t->n, 0, h);
		return;
	}
	size_t i = t->n++;
	while (i > 0 && hit_before(t->hits[(i - 1) / 2], h)) {
		t->hits[i] = t->hits[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	t->hits[i] = h;
}

void topk_sort(struct topk *t)
{
	for (size_t n = t->n; n > 1; n--) {
		struct hit last = t->hits[n - 1];
		t->hits[n - 1] = t->hits[0];
		sift(t->hits, n - 1, 0, last);
	}
}
