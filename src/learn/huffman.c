/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Huffman's code (1952) by two ascending queues (van Leeuwen 1976); a word's path is read
 * from the tree, its leaf first.
 */
#include "config.h"

#include "learn/huffman.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/scope.h"
#include "base/sort.h"

/* The tree while it grows: leaves [0, n) by ascending count, inner nodes from n on. */
struct tree {
	struct sort_item *leaf;	/* (n) key: count, value: word */
	uint64_t *count;	/* (n) of inner nodes, ascending as they are made */
	uint32_t *parent;	/* (2 n - 1) inner node, counted from 0 */
	uint8_t *right;		/* (2 n - 1) */
	uint32_t n;
};

static void tree_finish(struct tree *t)
{
	free(t->leaf);
	free(t->count);
	free(t->parent);
	free(t->right);
}

static bool tree_init(struct tree *t, const uint64_t *count, uint32_t words, struct err *err)
{
	uint32_t n = 0;

	for (uint32_t w = 0; w < words; w++)
		n += count[w] > 0;
	if (n < 2)
		return err_fail(err, ERR_NO, "a tree needs two words, there are %u", n);
	t->n = n;
	t->leaf = mem_big(n, sizeof *t->leaf, "tree", err);
	t->count = mem_big(n, sizeof *t->count, "tree", err);
	t->parent = mem_big(2 * (size_t)n, sizeof *t->parent, "tree", err);
	t->right = mem_big(2 * (size_t)n, sizeof *t->right, "tree", err);
	if (!t->leaf || !t->count || !t->parent || !t->right)
		return false;
	n = 0;
	for (uint32_t w = 0; w < words; w++)
		if (count[w] > 0)
			t->leaf[n++] = (struct sort_item){count[w], w};
	return sort_items(t->leaf, n, NULL, err);
}

/* Join the two rarest until one is left: leaves and inner nodes are two queues that
 * ascend, so no heap is needed (van Leeuwen 1976). */
static void tree_grow(struct tree *t)
{
	uint32_t leaf = 0, inner = 0;

	for (uint32_t made = 0; made + 1 < t->n; made++) {
		uint64_t sum = 0;

		for (unsigned side = 0; side < 2; side++) {
			bool take_leaf = leaf < t->n &&
				(inner == made || t->leaf[leaf].key <= t->count[inner]);
			uint32_t at = take_leaf ? leaf : t->n + inner;

			sum += take_leaf ? t->leaf[leaf++].key : t->count[inner++];
			t->parent[at] = made;
			t->right[at] = (uint8_t)side;
		}
		t->count[made] = sum;
	}
}

static unsigned depth(const struct tree *t, uint32_t leaf)
{
	uint32_t root = 2 * t->n - 2;
	unsigned n = 0;

	for (uint32_t at = leaf; at != root; at = t->n + t->parent[at])
		n++;
	return n;
}

static bool lengths(struct huffman *h, const struct tree *t, struct err *err)
{
	for (uint32_t i = 0; i < t->n; i++) {
		unsigned n = depth(t, i);

		if (n > HUFFMAN_DEPTH)
			return err_fail(err, ERR_FORMAT, "counts differ too much for "
					"hierarchical softmax: use negative sampling");
		h->offsets[t->leaf[i].value + 1] = n;
	}
	for (uint32_t w = 0; w < h->words; w++)
		h->offsets[w + 1] += h->offsets[w];
	return true;
}

static void paths(struct huffman *h, const struct tree *t)
{
	uint32_t root = 2 * t->n - 2;

	for (uint32_t i = 0; i < t->n; i++) {
		uint64_t word = t->leaf[i].value, first = h->offsets[word];
		uint64_t j = h->offsets[word + 1] - first;

		for (uint32_t at = i; at != root; at = t->n + t->parent[at]) {
			h->node[first + --j] = t->parent[at];
			h->labels[word] |= (uint64_t)!t->right[at] << j;
		}
	}
}

static bool make(struct huffman *h, const struct tree *t, struct err *err)
{
	h->nodes = t->n - 1;
	h->offsets = mem_big((size_t)h->words + 1, sizeof *h->offsets, "tree", err);
	h->labels = mem_big(h->words, sizeof *h->labels, "tree", err);
	if (!h->offsets || !h->labels || !lengths(h, t, err))
		return false;
	h->node = mem_big(h->offsets[h->words], sizeof *h->node, "tree", err);
	if (!h->node)
		return false;
	paths(h, t);
	return true;
}

bool huffman_make(struct huffman *h, const uint64_t *count, uint32_t words,
		  struct err *err)
{
	struct huffman made = {.words = words};
	struct tree t = {0};
	bool ok = tree_init(&t, count, words, err);

	if (ok) {
		tree_grow(&t);
		ok = make(&made, &t, err);
	}
	tree_finish(&t);
	if (ok)
		*h = made;
	else
		huffman_finish(&made);
	return ok;
}

void huffman_finish(struct huffman *h)
{
	free(h->offsets);
	free(h->node);
	free(h->labels);
	*h = (struct huffman){0};
}
