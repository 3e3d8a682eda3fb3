/* SPDX-License-Identifier: GPL-3.0-or-later */
/* doubt: how likely a suggestion is to be rejected, by what can be seen of it. */
#ifndef SUGGEST_DOUBT_H
#define SUGGEST_DOUBT_H

#include "base/err.h"
#include "base/scope.h"
#include "base/str.h"
#include "base/work.h"
#include "panel/panel.h"

/* What speaks against it, each from 0, nothing, to 1. */
enum doubt_sign {
	DOUBT_FEW,	/* 20 / (20 + n), n sessions with both; 1 where nothing was counted */
	DOUBT_WIDE,	/* doublings from one end of lift's interval to the other, of 6 */
	DOUBT_ONE_WAY,	/* the first 20 of its own list don't hold the product */
	DOUBT_MODELS,	/* share of the models asked whose first 20 don't hold it */
	DOUBT_PRICE,	/* doublings or halvings of the price beyond the first, of 2 */
	DOUBT_BRAND,	/* both have a brand, and not the same */
	DOUBT_OTHER,	/* (11 - place) / 10 of the first ten of the other panel */
	DOUBT_TEXT,	/* 1 - cosine of the words of both texts, weighted by rarity */
	DOUBT_SIGNS,
};

/* Doubt is 1 - 1 / (1 + exp(-(bias - sum of weight x sign))). */
struct doubt_weights {
	double bias, weight[DOUBT_SIGNS];
	unsigned decisions;	/* they were fitted to; 0: they are the fixed ones */
};
/* Chosen by hand, so that what is credible in every way has a doubt of 5%. */
extern const struct doubt_weights doubt_fixed;

/* Decisions at random that make weights. */
#define DOUBT_FIT 200

double doubt_of(const struct doubt_weights *w, const float sign[DOUBT_SIGNS]);
/*
 * The weights with the greatest posterior under independent normal priors of deviation 1
 * around the fixed ones, by Newton's method (Bishop 2006, 4.4). sign (n, DOUBT_SIGNS),
 * approved (n).
 */
void doubt_fit(struct doubt_weights *w, const float *sign, const bool *approved, unsigned n);
/* The sign with the `nth` greatest share of the doubt, from 0; DOUBT_SIGNS: none that counts. */
enum doubt_sign doubt_reason(const struct doubt_weights *w, const float sign[DOUBT_SIGNS],
			     unsigned nth);

/* Words of all products' texts: how many products have each. */
struct doubt_words;
bool doubt_words_make(struct doubt_words **w, const struct catalog *c, struct work work,
		      struct err *err);
void doubt_words_destroy(struct doubt_words *w);
SCOPED_DEFINE(doubt_words)

/* The words of one product's text. */
#define DOUBT_WORDS 128u	/* of a text, the first ones */
struct doubt_text {
	uint32_t product, word[DOUBT_WORDS];	/* (n) hashes, ascending */
	unsigned n;
	double weight;		/* of all of them, squares summed */
};
void doubt_text_of(struct doubt_text *t, const struct doubt_words *w, uint32_t product);

/* FEW, WIDE, PRICE, BRAND and TEXT of suggesting row->product for a->product; others are let
 * be. */
void doubt_signs(const struct doubt_words *w, const struct doubt_text *a,
		 const struct panel_row *row, float sign[DOUBT_SIGNS]);

#endif
