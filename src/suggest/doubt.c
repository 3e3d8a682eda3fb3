/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A logistic model of few signs. Words are runs of letters and digits, ASCII without case,
 * known by a hash of 18 bits; a word that d of P products have weighs log(P / d), and a
 * text is the set of its words.
 */
#include "config.h"

#include "suggest/doubt.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/sort.h"
#include "model/texts.h"

#define WORD_BITS 18
#define BLOCK 1024u	/* products whose words a thread counts at once */
#define COUNTS 0.5	/* in log odds: what is worth being said */

const struct doubt_weights doubt_fixed = {
	.bias = 2.8,
	.weight = {
		[DOUBT_FEW] = 1.5, [DOUBT_WIDE] = 1.2, [DOUBT_ONE_WAY] = 0.6,
		[DOUBT_MODELS] = 1.2, [DOUBT_PRICE] = 1, [DOUBT_BRAND] = 0.4,
		[DOUBT_OTHER] = 1.6, [DOUBT_TEXT] = 0.5,
	},
};

double doubt_of(const struct doubt_weights *w, const float sign[DOUBT_SIGNS])
{
	double odds = w->bias;

	for (unsigned i = 0; i < DOUBT_SIGNS; i++)
		odds -= w->weight[i] * (double)sign[i];
	return 1 - 1 / (1 + exp(-odds));
}

enum doubt_sign doubt_reason(const struct doubt_weights *w, const float sign[DOUBT_SIGNS],
			     unsigned nth)
{
	bool said[DOUBT_SIGNS] = {false};
	unsigned best = DOUBT_SIGNS;

	assert(nth < DOUBT_SIGNS);
	for (unsigned k = 0; k <= nth; k++) {
		best = DOUBT_SIGNS;
		for (unsigned i = 0; i < DOUBT_SIGNS; i++) {
			double share = w->weight[i] * (double)sign[i];

			if (!said[i] && share >= COUNTS &&
			    (best == DOUBT_SIGNS || share > w->weight[best] * (double)sign[best]))
				best = i;
		}
		if (best == DOUBT_SIGNS)
			break;
		said[best] = true;
	}
	return best;
}

/* --- fitting */

#define DIM (DOUBT_SIGNS + 1)	/* the constant is the last */

/* a x = b by elimination; a is positive definite. x in b. */
static void solve(double a[DIM][DIM], double b[DIM])
{
	for (unsigned k = 0; k < DIM; k++)
		for (unsigned i = k + 1; i < DIM; i++) {
			double f = a[i][k] / a[k][k];

			for (unsigned j = k; j < DIM; j++)
				a[i][j] -= f * a[k][j];
			b[i] -= f * b[k];
		}
	for (unsigned k = DIM; k-- > 0;) {
		for (unsigned j = k + 1; j < DIM; j++)
			b[k] -= a[k][j] * b[j];
		b[k] /= a[k][k];
	}
}

/* One step of Newton's method on theta; the greatest change of a weight. */
static double step(double theta[DIM], const double prior[DIM], const float *sign,
		   const bool *approved, unsigned n)
{
	double hessian[DIM][DIM] = {{0}}, slope[DIM], most = 0;

	for (unsigned i = 0; i < DIM; i++) {
		hessian[i][i] = 1;
		slope[i] = prior[i] - theta[i];
	}
	for (unsigned r = 0; r < n; r++) {
		double x[DIM], odds = 0, p;

		for (unsigned i = 0; i < DIM; i++) {
			x[i] = i < DOUBT_SIGNS ? -(double)sign[(size_t)r * DOUBT_SIGNS + i] : 1;
			odds += theta[i] * x[i];
		}
		p = 1 / (1 + exp(-odds));
		for (unsigned i = 0; i < DIM; i++) {
			slope[i] += ((approved[r] ? 1 : 0) - p) * x[i];
			for (unsigned j = 0; j < DIM; j++)
				hessian[i][j] += p * (1 - p) * x[i] * x[j];
		}
	}
	solve(hessian, slope);
	for (unsigned i = 0; i < DIM; i++) {
		theta[i] += slope[i];
		most = fmax(most, fabs(slope[i]));
	}
	return most;
}

void doubt_fit(struct doubt_weights *w, const float *sign, const bool *approved, unsigned n)
{
	double prior[DIM], theta[DIM];

	assert(n == 0 || (sign && approved));
	for (unsigned i = 0; i < DIM; i++)
		theta[i] = prior[i] = i < DOUBT_SIGNS ? doubt_fixed.weight[i] : doubt_fixed.bias;
	for (unsigned turn = 0; turn < 50; turn++)
		if (step(theta, prior, sign, approved, n) < 1e-9)
			break;
	for (unsigned i = 0; i < DOUBT_SIGNS; i++)
		w->weight[i] = theta[i];
	w->bias = theta[DOUBT_SIGNS];
	w->decisions = n;
}

/* --- words */

struct doubt_words {
	const struct catalog *c;
	unsigned char letter[256];	/* in lower case; 0: it ends a word */
	_Atomic uint32_t *products;	/* (1 << WORD_BITS) that have a word of that hash */
};

/* Asked once a byte, a table is three times as fast as the C library. */
static void fill_letters(unsigned char letter[256])
{
	for (int ch = 0; ch < 256; ch++)
		letter[ch] = ch >= 0x80 ? (unsigned char)ch :
			     isalnum(ch) ? (unsigned char)tolower(ch) : 0;
}

/* The first words of a text, in their order. */
static unsigned words_in(const unsigned char letter[256], struct str text,
			 uint32_t word[DOUBT_WORDS])
{
	unsigned n = 0;
	size_t i = 0;

	while (i < text.len && n < DOUBT_WORDS) {
		uint64_t h = UINT64_C(0xcbf29ce484222325);	/* FNV-1a */
		size_t from;

		while (i < text.len && !letter[(unsigned char)text.ptr[i]])
			i++;
		for (from = i; i < text.len && letter[(unsigned char)text.ptr[i]]; i++)
			h = (h ^ letter[(unsigned char)text.ptr[i]]) * UINT64_C(0x100000001b3);
		if (i > from)
			word[n++] = (uint32_t)((h ^ h >> 32) & ((1u << WORD_BITS) - 1));
	}
	return n;
}

/* Each once, still in their order: a table of places, word + 1; 0: free. */
static unsigned once(uint32_t word[DOUBT_WORDS], unsigned n)
{
	uint32_t seen[2 * DOUBT_WORDS] = {0};
	unsigned kept = 0;

	for (unsigned k = 0; k < n; k++) {
		unsigned at = word[k] % (2 * DOUBT_WORDS);

		while (seen[at] && seen[at] != word[k] + 1)
			at = (at + 1) % (2 * DOUBT_WORDS);
		if (!seen[at])
			word[kept++] = word[k];
		seen[at] = word[k] + 1;
	}
	return kept;
}

static unsigned words_of(const struct doubt_words *w, uint32_t product, struct strbuf *text,
			 uint32_t word[DOUBT_WORDS])
{
	strbuf_reset(text);
	texts_add(w->c, TEXTS_ALL, product, text);
	return once(word, words_in(w->letter, strbuf_str(text), word));
}

struct counting {
	struct doubt_words *w;
	struct job *job;
};

static void count_words(void *ctx, size_t task, unsigned worker)
{
	const struct counting *x = ctx;
	uint32_t first = (uint32_t)task * BLOCK, end = first + BLOCK, n = x->w->c->n_products;
	uint32_t word[DOUBT_WORDS];
	STRBUF(text);

	(void)worker;
	if (job_cancelled(x->job))
		return;
	for (uint32_t p = first; p < end && p < n; p++)
		for (unsigned k = words_of(x->w, p, &text, word); k-- > 0;)
			atomic_fetch_add_explicit(&x->w->products[word[k]], 1,
						  memory_order_relaxed);
	job_advance(x->job, 1);
}

bool doubt_words_make(struct doubt_words **out, const struct catalog *c, struct work work,
		      struct err *err)
{
	SCOPED(doubt_words) w = mem_zalloc(sizeof *w);
	uint32_t blocks = c->n_products / BLOCK + 1;

	w->c = c;
	fill_letters(w->letter);
	w->products = mem_zalloc(sizeof *w->products << WORD_BITS);
	job_step(work.job, "reading texts", blocks);
	pool_run(work.pool, blocks, count_words, &(struct counting){w, work.job});
	if (!job_check(work.job, err))
		return false;
	*out = w;
	w = NULL;
	return true;
}

void doubt_words_destroy(struct doubt_words *w)
{
	if (!w)
		return;
	free(w->products);
	free(w);
}

static double weigh(const struct doubt_words *w, uint32_t word)
{
	uint32_t n = atomic_load_explicit(&w->products[word], memory_order_relaxed);
	double x = n ? log((double)w->c->n_products / n) : 0;

	return x * x;
}

void doubt_text_of(struct doubt_text *t, const struct doubt_words *w, uint32_t product)
{
	STRBUF(text);

	t->product = product;
	t->n = words_of(w, product, &text, t->word);
	if (t->n)
		sort_u32(t->word, t->n);
	t->weight = 0;
	for (unsigned i = 0; i < t->n; i++)
		t->weight += weigh(w, t->word[i]);
}

/* 0 where one of them has no text, or only words that all have. */
static double text_cosine(const struct doubt_words *w, const struct doubt_text *a, uint32_t b)
{
	struct doubt_text t;
	double both = 0;

	doubt_text_of(&t, w, b);
	for (unsigned i = 0, j = 0; i < a->n && j < t.n;) {
		if (a->word[i] == t.word[j])
			both += weigh(w, a->word[i]);
		if (a->word[i] <= t.word[j])
			i++;
		else
			j++;
	}
	return a->weight > 0 && t.weight > 0 ? both / sqrt(a->weight * t.weight) : 0;
}

/* --- signs */

static double within(double x)
{
	return fmin(fmax(x, 0), 1);
}

static double price_sign(const struct catalog *c, uint32_t a, uint32_t b)
{
	const int64_t *price = c->product_price;

	if (!price || price[a] == PRICE_NONE || price[b] == PRICE_NONE || price[a] <= 0 ||
	    price[b] <= 0)
		return 0;
	return within((fabs(log2((double)price[b] / (double)price[a])) - 1) / 2);
}

static bool other_brand(const struct catalog *c, uint32_t a, uint32_t b)
{
	return c->product_brand && c->product_brand[a] != CATALOG_NONE &&
	       c->product_brand[b] != CATALOG_NONE && c->product_brand[a] != c->product_brand[b];
}

void doubt_signs(const struct doubt_words *w, const struct doubt_text *a,
		 const struct panel_row *row, float sign[DOUBT_SIGNS])
{
	bool counted = row->counts.n_all > 0;
	double n = counted ? (double)row->counts.n : 0, wide = 1;

	if (counted && row->assoc.lift_low > 0)
		wide = within(log2(row->assoc.lift_high / row->assoc.lift_low) / 6);
	sign[DOUBT_FEW] = (float)(20 / (20 + n));
	sign[DOUBT_WIDE] = (float)wide;
	sign[DOUBT_PRICE] = (float)price_sign(w->c, a->product, row->product);
	sign[DOUBT_BRAND] = other_brand(w->c, a->product, row->product);
	sign[DOUBT_TEXT] = (float)(1 - text_cosine(w, a, row->product));
}
