/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The nearest name by edits: insertions, deletions, substitutions and swaps of
 * neighbours (optimal string alignment), without case for ASCII.
 */
#include "config.h"

#include "base/nearest.h"

#define WORD_MAX 64

static unsigned char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c - 'A' + 'a') : (unsigned char)c;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static unsigned edits(struct str a, struct str b)
{
	unsigned rows[3][WORD_MAX + 1];
	for (unsigned j = 0; j <= b.len; j++)
		rows[0][j] = j;
	for (unsigned i = 1; i <= a.len; i++) {
		unsigned *row = rows[i % 3], *up = rows[(i + 2) % 3];
		const unsigned *upup = rows[(i + 1) % 3];
		row[0] = i;
		for (unsigned j = 1; j <= b.len; j++) {
			unsigned char x = lower(a.ptr[i - 1]), y = lower(b.ptr[j - 1]);
			row[j] = least(least(up[j] + 1, row[j - 1] + 1), up[j - 1] + (x != y));
			if (i > 1 && j > 1 && x == lower(b.ptr[j - 2]) &&
			    y == lower(a.ptr[i - 2]))
				row[j] = least(row[j], upup[j - 2] + 1);
		}
	}
	return rows[a.len % 3][b.len];
}

void nearest_init(struct nearest *n, struct str word)
{
	size_t most = word.len / 3 > 2 ? word.len / 3 : 2;
	if (word.len < 4)
		most = word.len > 1;
	*n = (struct nearest){.word = word, .edits = (unsigned)most + 1};
}

void nearest_try(struct nearest *n, struct str c)
{
	size_t far = c.len > n->word.len ? c.len - n->word.len : n->word.len - c.len;
	if (far >= n->edits || c.len > WORD_MAX || n->word.len > WORD_MAX || !c.len)
		return;
	unsigned e = edits(n->word, c);
	if (e < n->edits) {
		n->edits = e;
		n->best = c;
	}
}

void nearest_hint(const struct nearest *n, struct strbuf *b)
{
	if (n->best.len)
		strbuf_addf(b, ": did you mean %.*s?", STR_ARG(n->best));
}
