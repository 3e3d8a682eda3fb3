/* SPDX-License-Identifier: GPL-3.0-or-later */
/* words: what the synthetic shop sells, as tables of words and typical prices. */
#ifndef SYNTH_WORDS_H
#define SYNTH_WORDS_H

#include "base/str.h"

/* Lists are words separated by '|'; see words.def. */
struct words_department {
	const char *name;
	unsigned spread;	/* sigma of log2(price), in 1/256 */
	const char *months;	/* (12): how busy, 1..16 */
};

struct words_leaf {
	const char *path;	/* "kitchen.drinkware.mugs" */
	const char *nouns;
	const char *kinds;	/* "Enamel|Stoneware..." */
	const char *looks;	/* "white|black..."; "": no variants */
	const char *sizes;	/* "250ml|350ml..."; "": none */
	uint32_t cents;		/* median price */
	const char *complements;	/* last parts of other leaves' paths */
};

struct words_substitute {
	const char *a, *b;	/* last parts of two leaves' paths */
};

#define WORDS_BRANDS 961	/* distinct names that words_brand can make */

extern const struct words_department words_departments[];
extern const struct words_leaf words_leaves[];	/* in the order of the tree */
extern const struct words_substitute words_substitutes[];
extern const unsigned words_n_departments, words_n_leaves, words_n_substitutes;

/* Words in a list: 0 in an empty one. */
unsigned words_count(const char *list);
/* Word i modulo the list's length; empty of an empty list. */
struct str words_nth(const char *list, unsigned i);
/* The leaf whose path ends in ".NAME", or UINT_MAX. */
unsigned words_find(struct str name);
/* The department that a path begins with (the tables hold it). */
unsigned words_department_of(const struct words_leaf *leaf);
/* Append the name of brand i < WORDS_BRANDS: "norwick". */
void words_brand(struct strbuf *b, unsigned i);
/* Append the name of product line i, different for every i: "Fjord", "Fjord 2". */
void words_line(struct strbuf *b, unsigned i);

#endif
