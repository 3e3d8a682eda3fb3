/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stable LSD radix sort of numbers; of texts MSD by slices, then by comparison. */
#include "config.h"

#include "base/sort.h"

#include <assert.h>
#include <endian.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/scope.h"

#define BUCKETS 256
#define SMALL 48		/* insertion sort below */
#define CHUNK_MIN 65536		/* items: a smaller chunk isn't worth a thread */
#define DEPTH_MAX 64		/* bytes by radix, then by comparison */
#define SLICES 64		/* tasks of a parallel step over texts */

struct chunk {
	size_t places[BUCKETS];		/* counts, then where the next item goes */
	uint64_t differs;		/* bits of keys that are not equal everywhere */
	bool falls;			/* it is out of order somewhere */
};

/* One pass of an LSD radix sort. A chunk of from is counted and scattered by
 * one task; places are laid out by (digit, chunk), so the pass is stable and
 * its result is the same for any number of chunks. */
struct pass {
	const struct sort_item *from;
	struct sort_item *to;
	size_t n, chunk;		/* items in all, in one chunk */
	struct chunk *chunks;
	unsigned shift;
};

static size_t chunk_end(const struct pass *p, size_t task)
{
	size_t end = (task + 1) * p->chunk;

	return end < p->n ? end : p->n;
}

static void survey(void *ctx, size_t task, unsigned worker)
{
	const struct pass *p = ctx;
	size_t begin = task * p->chunk, end = chunk_end(p, task);
	uint64_t first = p->from[0].key, differs = 0;
	uint64_t last = p->from[begin ? begin - 1 : 0].key;
	bool falls = false;

	for (size_t i = begin; i < end; i++) {
		uint64_t key = p->from[i].key;

		differs |= key ^ first;
		falls |= key < last;
		last = key;
	}
	p->chunks[task].differs = differs;
	p->chunks[task].falls = falls;
}

static void count_digits(void *ctx, size_t task, unsigned worker)
{
	const struct pass *p = ctx;
	size_t end = chunk_end(p, task);
	size_t *places = p->chunks[task].places;

	memset(places, 0, sizeof p->chunks[task].places);
	for (size_t i = task * p->chunk; i < end; i++)
		places[p->from[i].key >> p->shift & (BUCKETS - 1)]++;
}

static void scatter(void *ctx, size_t task, unsigned worker)
{
	const struct pass *p = ctx;
	size_t end = chunk_end(p, task);
	size_t *places = p->chunks[task].places;

	for (size_t i = task * p->chunk; i < end; i++) {
		struct sort_item item = p->from[i];

		p->to[places[item.key >> p->shift & (BUCKETS - 1)]++] = item;
	}
}

static void counts_to_places(struct pass *p, size_t chunks)
{
	size_t at = 0;

	for (size_t digit = 0; digit < BUCKETS; digit++) {
		for (size_t c = 0; c < chunks; c++) {
			size_t count = p->chunks[c].places[digit];

			p->chunks[c].places[digit] = at;
			at += count;
		}
	}
}

static void insertion_sort(struct sort_item *items, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct sort_item item = items[i];
		size_t j = i;

		for (; j > 0 && items[j - 1].key > item.key; j--)
			items[j] = items[j - 1];
		items[j] = item;
	}
}

static size_t chunk_count(size_t n, const struct pool *pool)
{
	size_t most = (size_t)pool_threads(pool) * 2, chunks = n / CHUNK_MIN;

	if (pool_threads(pool) == 1 || chunks == 0)
		return 1;
	return chunks < most ? chunks : most;
}

/* Sort with spare (n) at hand; the result is in items. */
static void radix_sort(struct sort_item *items, struct sort_item *spare, size_t n,
		       struct pool *pool)
{
	size_t chunks = chunk_count(n, pool);
	struct sort_item *from = items, *to = spare;
	SCOPED_FREE struct chunk *many = NULL;
	struct chunk one;
	struct pass p;
	uint64_t differs = 0;
	bool falls = false;

	if (n <= SMALL) {
		insertion_sort(items, n);
		return;
	}
	p.n = n;
	p.chunk = (n + chunks - 1) / chunks;
	chunks = (n + p.chunk - 1) / p.chunk;
	p.from = from;
	p.chunks = chunks > 1 ? many = mem_resize(NULL, chunks, sizeof one) : &one;
	pool_run(pool, chunks, survey, &p);
	for (size_t c = 0; c < chunks; c++) {
		differs |= p.chunks[c].differs;
		falls |= p.chunks[c].falls;
	}
	if (!falls)
		return;
	for (p.shift = 0; p.shift < 64; p.shift += 8) {
		struct sort_item *done = to;

		if (!(differs >> p.shift & (BUCKETS - 1)))
			continue;
		p.from = from;
		p.to = to;
		pool_run(pool, chunks, count_digits, &p);
		counts_to_places(&p, chunks);
		pool_run(pool, chunks, scatter, &p);
		to = from;
		from = done;
	}
	if (from != items)
		memcpy(items, from, n * sizeof *items);
}

bool sort_items(struct sort_item *items, size_t n, struct pool *pool,
		struct err *err)
{
	SCOPED_FREE struct sort_item *spare = NULL;

	assert(n == 0 || items);
	if (n > SMALL) {
		spare = mem_big(n, sizeof *spare, "sorting", err);
		if (!spare)
			return false;
	}
	radix_sort(items, spare, n, pool);
	return true;
}

struct texts {
	struct str (*text)(const void *ctx, uint32_t i);
	const void *ctx;
	struct sort_item *items, *spare;	/* (n): key bytes, text number */
};

/* Eight bytes from depth on as a big-endian number, zeros after the end. */
static uint64_t bytes_at(struct str s, size_t depth)
{
	unsigned char bytes[8] = {0};
	uint64_t key;

	if (depth < s.len)
		memcpy(bytes, s.ptr + depth, s.len - depth < 8 ? s.len - depth : 8);
	memcpy(&key, bytes, sizeof key);
	return be64toh(key);
}

static void merge_sort(const struct texts *t, size_t begin, size_t n)
{
	struct sort_item *a = t->items + begin, *spare = t->spare + begin;
	size_t half = n / 2, i = 0, j = half;

	if (n <= 1)
		return;
	merge_sort(t, begin, half);
	merge_sort(t, begin + half, n - half);
	for (size_t k = 0; k < n; k++) {
		bool second = i == half ||
			(j < n && str_cmp(t->text(t->ctx, (uint32_t)a[i].value),
					  t->text(t->ctx, (uint32_t)a[j].value)) > 0);

		spare[k] = second ? a[j++] : a[i++];
	}
	memcpy(a, spare, n * sizeof *a);
}

/* n items from `begin` on. */
struct stretch {
	size_t begin, n;
};

static void sort_depth(const struct texts *t, struct stretch s, size_t depth,
		       struct pool *pool);

/* Items whose bytes are equal up to depth: texts that end there come first, by
 * length (a prefix before what it is a prefix of, with zero bytes in it too). */
static void sort_equal(const struct texts *t, struct stretch s, size_t depth, struct pool *pool)
{
	struct sort_item *items = t->items + s.begin, *spare = t->spare + s.begin;
	size_t ended = 0, longer = 0;

	if (s.n <= 16 || depth >= DEPTH_MAX) {
		merge_sort(t, s.begin, s.n);
		return;
	}
	for (size_t i = 0; i < s.n; i++) {
		size_t len = t->text(t->ctx, (uint32_t)items[i].value).len;

		if (len <= depth)
			items[ended++] = (struct sort_item){len, items[i].value};
		else
			spare[longer++] = items[i];
	}
	memcpy(items + ended, spare, longer * sizeof *items);
	radix_sort(items, spare, ended, pool);
	sort_depth(t, (struct stretch){s.begin + ended, longer}, depth, pool);
}

/* Work that is split by slices of the items. */
struct slices {
	const struct texts *t;
	size_t begin, n, depth, count;
	size_t start[SLICES + 1];	/* (count + 1): where a group begins */
	size_t big;			/* groups from this size on are left out */
};

static void fill_keys(void *ctx, size_t task, unsigned worker)
{
	const struct slices *s = ctx;
	struct sort_item *items = s->t->items + s->begin;
	size_t end = s->n * (task + 1) / s->count;

	for (size_t i = s->n * task / s->count; i < end; i++) {
		uint32_t number = (uint32_t)items[i].value;

		items[i].key = bytes_at(s->t->text(s->t->ctx, number), s->depth);
	}
}

/* The bounds of the group of equal keys that item i is in. */
static size_t group_begin(const struct sort_item *items, size_t i)
{
	size_t low = 0, high = i;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (items[middle].key < items[i].key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t group_end(const struct sort_item *items, size_t i, size_t n)
{
	size_t end = i + 1;

	while (end < n && items[end].key == items[i].key)
		end++;
	return end;
}

static void sort_slice(void *ctx, size_t task, unsigned worker)
{
	const struct slices *s = ctx;
	const struct sort_item *items = s->t->items + s->begin;
	size_t to = s->start[task + 1];

	for (size_t i = s->start[task], end; i < to; i = end) {
		end = group_end(items, i, to);
		if (end - i > 1 && end - i < s->big)
			sort_equal(s->t, (struct stretch){s->begin + i, end - i}, s->depth + 8,
				   NULL);
	}
}

/* Groups are independent: slices of small ones are sorted by one thread each,
 * then the few big ones (a prefix that most texts share) by all together. The
 * bounds are found first since sorting a group changes its keys. */
static void sort_groups(struct slices *s, struct pool *pool)
{
	const struct sort_item *items = s->t->items + s->begin;
	struct { size_t begin, end; } big[SLICES];
	size_t found = 0;

	s->big = pool_threads(pool) > 1 ? s->n / (SLICES / 2) + 2 : SIZE_MAX;
	for (size_t k = 0; k < s->count; k++) {
		size_t at = s->n * k / s->count, begin = group_begin(items, at);
		size_t end;

		s->start[k] = begin;
		if (pool_threads(pool) == 1 || (found && begin < big[found - 1].end))
			continue;
		end = group_end(items, begin, s->n);
		if (end - begin >= s->big) {
			big[found].begin = begin;
			big[found++].end = end;
		}
	}
	s->start[s->count] = s->n;
	pool_run(pool, s->count, sort_slice, s);
	for (size_t i = 0; i < found; i++)
		sort_equal(s->t,
			   (struct stretch){s->begin + big[i].begin, big[i].end - big[i].begin},
			   s->depth + 8, pool);
}

static void sort_depth(const struct texts *t, struct stretch of, size_t depth,
		       struct pool *pool)
{
	struct slices s = {.t = t, .begin = of.begin, .n = of.n, .depth = depth};

	if (s.n == 0)
		return;
	if (s.n < CHUNK_MIN)
		pool = NULL;
	s.count = pool_threads(pool) > 1 ? SLICES : 1;
	pool_run(pool, s.count, fill_keys, &s);
	radix_sort(t->items + s.begin, t->spare + s.begin, s.n, pool);
	sort_groups(&s, pool);
}

bool sort_texts(uint32_t *order, size_t n,
		struct str (*text)(const void *ctx, uint32_t i), const void *ctx,
		struct pool *pool, struct err *err)
{
	struct texts t = {.text = text, .ctx = ctx};
	SCOPED_FREE struct sort_item *items = NULL;
	SCOPED_FREE struct sort_item *spare = NULL;

	assert(n == 0 || (order && text));
	items = mem_big(n, sizeof *items, "sorting texts", err);
	spare = items ? mem_big(n, sizeof *spare, "sorting texts", err) : NULL;
	if (!spare)
		return false;
	for (size_t i = 0; i < n; i++)
		items[i].value = i;
	t.items = items;
	t.spare = spare;
	sort_depth(&t, (struct stretch){0, n}, 0, pool);
	for (size_t i = 0; i < n; i++)
		order[i] = (uint32_t)items[i].value;
	return true;
}

/* ---- numbers */

#define FEW 24		/* numbers of which insertion is the quickest */

static void insert_u64(uint64_t *x, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		uint64_t v = x[i];
		size_t at = i;

		for (; at > 0 && x[at - 1] > v; at--)
			x[at] = x[at - 1];
		x[at] = v;
	}
}

static uint64_t middle_u64(uint64_t a, uint64_t b, uint64_t c)
{
	if (a > b)
		return a < c ? a : b > c ? b : c;
	return b < c ? b : a > c ? a : c;
}

/* Floyd's heap sort, for what would take quicksort too long. */
static void heap_u64(uint64_t *x, size_t n)
{
	for (size_t start = n / 2, end = n; end > 1;) {
		uint64_t v;
		size_t at, child;

		if (start > 0) {
			v = x[at = --start];
		} else {
			v = x[--end];
			x[end] = x[0];
			at = 0;
		}
		for (; (child = 2 * at + 1) < end; at = child) {
			child += child + 1 < end && x[child + 1] > x[child];
			if (x[child] <= v)
				break;
			x[at] = x[child];
		}
		x[at] = v;
	}
}

/* Quicksort (Hoare 1962) on the median of three; the longer side by the loop. */
static void quick_u64(uint64_t *x, size_t n, unsigned depth)
{
	while (n > FEW) {
		uint64_t pivot = middle_u64(x[0], x[n / 2], x[n - 1]);
		size_t i = 0, j = n - 1;

		if (depth-- == 0) {
			heap_u64(x, n);
			return;
		}
		for (;; i++, j--) {
			while (x[i] < pivot)
				i++;
			while (x[j] > pivot)
				j--;
			if (i >= j)
				break;
			uint64_t v = x[i];

			x[i] = x[j];
			x[j] = v;
		}
		if (i < n - i) {
			quick_u64(x, i, depth);
			x += i;
			n -= i;
		} else {
			quick_u64(x + i, n - i, depth);
			n = i;
		}
	}
	insert_u64(x, n);
}

void sort_u64(uint64_t *x, size_t n)
{
	size_t i = 1;
	unsigned depth = 0;

	assert(n == 0 || x);
	while (i < n && x[i - 1] <= x[i])
		i++;
	if (i >= n)
		return;
	for (size_t k = n; k > 1; k /= 2)
		depth += 2;
	quick_u64(x, n, depth);
}

size_t sort_u64_before(const uint64_t *x, size_t n, uint64_t least)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (x[middle] < least)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int compare_u32(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	return a < b ? -1 : a > b;
}

void sort_u32(uint32_t *x, size_t n)
{
	if (n > 32) {
		qsort(x, n, sizeof *x, compare_u32);
		return;
	}
	for (size_t i = 1; i < n; i++) {
		uint32_t v = x[i];
		size_t j = i;

		for (; j > 0 && x[j - 1] > v; j--)
			x[j] = x[j - 1];
		x[j] = v;
	}
}

static int greatest_first(const void *x, const void *y)
{
	const struct sort_keyed *a = x, *b = y;

	if (isnan(a->key) != isnan(b->key))
		return isnan(a->key) ? 1 : -1;
	if (a->key != b->key && !isnan(a->key))
		return a->key > b->key ? -1 : 1;
	return a->at < b->at ? -1 : a->at > b->at;
}

void sort_greatest(struct sort_keyed *k, size_t n)
{
	if (n > 1)
		qsort(k, n, sizeof *k, greatest_first);
}
