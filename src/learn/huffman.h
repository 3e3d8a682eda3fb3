/* SPDX-License-Identifier: GPL-3.0-or-later */
/* huffman: the binary tree of hierarchical softmax (Morin and Bengio 2005; with
 * Huffman's code, Mikolov et al. 2013): frequent words have short paths. */
#ifndef LEARN_HUFFMAN_H
#define LEARN_HUFFMAN_H

#include <stdint.h>

#include "base/err.h"

#define HUFFMAN_DEPTH 64u

struct huffman {
	uint32_t words, nodes;	/* inner nodes: words with a count, less one */
	uint64_t *offsets;	/* (words + 1) path of w: node[offsets[w] .. ), from the root */
	uint32_t *node;		/* inner nodes, the root is nodes - 1 */
	uint64_t *labels;	/* (words) bit j: 1 where the path takes the left branch at
				 * its j-th node */
};

/* Words with count 0 are not in the tree and have empty paths; at least two must be in
 * it. Fails when a path would be longer than HUFFMAN_DEPTH. */
bool huffman_make(struct huffman *h, const uint64_t *count, uint32_t words,
		  struct err *err);
void huffman_finish(struct huffman *h);

#endif
