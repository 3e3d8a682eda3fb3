/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Members are put side by side, group by group; counts of a group lie in dense arrays
 * that are emptied along the list of what was touched. */
#include "config.h"

#include "view/typical.h"

#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/scope.h"
#include "base/utf8.h"

#define LETTERS 3	/* of the shortest word */
#define PRODUCTS 2	/* that a typical word must be in */

/* The words of every label, each once a product. */
struct word_lists {
	const struct catalog *c;
	struct typical *t;
	uint64_t *offsets;	/* (P + 1) */
	uint32_t *word;
	size_t cap;
	uint32_t *count;	/* (words) products that have it */
	size_t count_cap;
};

struct tally {
	uint32_t *count;	/* (n) zero between groups */
	uint32_t *touched;	/* (n_touched) */
	size_t n_touched;
};

/* --- words */

static bool is_letter(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 0xc0 && c != 0xd7 && c != 0xf7 &&
					  !(c >= 0x2000 && c <= 0x2bff) && c != UTF8_BAD);
}

static bool add_word(struct word_lists *l, uint32_t product, struct str word, struct err *err)
{
	uint32_t w = map_intern(l->t->words, word, err);
	uint64_t at = l->offsets[product + 1];

	if (w == MAP_NONE)
		return false;
	for (uint64_t i = l->offsets[product]; i < at; i++)
		if (l->word[i] == w)
			return true;
	MEM_GROW(l->word, l->cap, at + 1);
	l->word[at] = w;
	l->offsets[product + 1]++;
	if (w >= l->count_cap) {
		size_t had = l->count_cap;

		MEM_GROW(l->count, l->count_cap, (size_t)w + 1);
		memset(l->count + had, 0, (l->count_cap - had) * sizeof *l->count);
	}
	l->count[w]++;
	return true;
}

static bool add_label(struct word_lists *l, uint32_t product, struct strbuf *fold,
		      struct err *err)
{
	struct str text;
	size_t pos = 0, start = 0, letters = 0;

	strbuf_reset(fold);
	utf8_fold(fold, text_at(&l->c->product_label, product));
	text = strbuf_str(fold);
	l->offsets[product + 1] = l->offsets[product];
	while (start < text.len) {
		size_t before = pos;
		bool end = pos >= text.len || !is_letter(utf8_next(text, &pos));

		letters += !end;
		if (!end)
			continue;
		if (letters >= LETTERS &&
		    !add_word(l, product, str_span(text.ptr + start, before - start), err))
			return false;
		letters = 0;
		start = before >= text.len ? text.len : pos;
	}
	return true;
}

static bool read_words(struct word_lists *l, struct job *job, struct err *err)
{
	STRBUF(fold);

	l->offsets = mem_big((size_t)l->c->n_products + 1, sizeof *l->offsets, "words", err);
	if (!l->offsets)
		return false;
	for (uint32_t p = 0; p < l->c->n_products; p++) {
		if (p % 65536 == 0 && !job_check(job, err))
			return false;
		if (!add_label(l, p, &fold, err))
			return false;
	}
	return true;
}

/* --- what is typical */

static void tally_add(struct tally *t, uint32_t i)
{
	if (t->count[i]++ == 0)
		t->touched[t->n_touched++] = i;
}

/* The best so far, and what each is worth: (n). */
struct kept {
	struct typical_feature *best;
	double *worth;
	unsigned n;
};

static void keep_best(struct kept k, uint32_t number, double share, double w)
{
	unsigned at;

	if (!(w > k.worth[k.n - 1]))
		return;
	for (at = k.n - 1; at > 0 && k.worth[at - 1] < w; at--) {
		k.worth[at] = k.worth[at - 1];
		k.best[at] = k.best[at - 1];
	}
	k.worth[at] = w;
	k.best[at] = (struct typical_feature){number, share};
}

/* The n features worth most; the tally is empty afterwards. */
static void take_best(struct tally *t, const uint32_t *all, uint32_t size, uint32_t products,
		      uint32_t least, struct typical_feature *best, unsigned n)
{
	double worth[TYPICAL_WORDS] = {0};

	for (unsigned i = 0; i < n; i++)
		best[i] = (struct typical_feature){CATALOG_NONE, 0};
	for (size_t i = 0; i < t->n_touched; i++) {
		uint32_t f = t->touched[i];
		double share = (double)t->count[f] / size;

		if (t->count[f] >= least)
			keep_best((struct kept){best, worth, n}, f, share,
				  share * log(share * products / all[f]));
		t->count[f] = 0;
	}
	t->n_touched = 0;
}

static bool tally_init(struct tally *t, size_t n, struct err *err)
{
	t->count = mem_big(n + 1, sizeof *t->count, "features of groups", err);
	t->touched = mem_big(n + 1, sizeof *t->touched, "features of groups", err);
	return t->count && t->touched;
}

static void tally_finish(struct tally *t)
{
	free(t->count);
	free(t->touched);
}

static uint32_t *count_all(const uint32_t *of, uint32_t products, uint32_t n,
			   struct err *err)
{
	uint32_t *count = mem_big((size_t)n + 1, sizeof *count, "features", err);

	for (uint32_t p = 0; count && of && p < products; p++)
		if (of[p] != CATALOG_NONE)
			count[of[p]]++;
	return count;
}

static void add_members(struct tally *t, const struct typical *x,
			const struct typical_group *g, const uint32_t *of)
{
	for (uint32_t i = 0; of && i < g->size; i++) {
		uint32_t f = of[x->product[g->first + i]];

		if (f != CATALOG_NONE)
			tally_add(t, f);
	}
}

static bool describe(struct typical *x, const struct word_lists *l, struct job *job,
		     struct err *err)
{
	SCOPED_FREE uint32_t *in_category =
		count_all(l->c->product_category, l->c->n_products, l->c->n_categories, err);
	SCOPED_FREE uint32_t *of_brand =
		count_all(l->c->product_brand, l->c->n_products, l->c->n_brands, err);
	struct tally category = {0}, brand = {0}, word = {0};
	bool ok = in_category && of_brand && tally_init(&category, l->c->n_categories, err) &&
		  tally_init(&brand, l->c->n_brands, err) &&
		  tally_init(&word, map_count(x->words), err);

	for (uint32_t i = 0; ok && i < x->n; i++) {
		struct typical_group *g = &x->group[i];

		add_members(&category, x, g, l->c->product_category);
		add_members(&brand, x, g, l->c->product_brand);
		for (uint32_t m = 0; m < g->size; m++) {
			uint32_t p = x->product[g->first + m];

			for (uint64_t w = l->offsets[p]; w < l->offsets[p + 1]; w++)
				tally_add(&word, l->word[w]);
		}
		take_best(&category, in_category, g->size, l->c->n_products, 1, &g->category,
			  1);
		take_best(&brand, of_brand, g->size, l->c->n_products, 1, &g->brand, 1);
		take_best(&word, l->count, g->size, l->c->n_products, PRODUCTS, g->word,
			  TYPICAL_WORDS);
		ok = i % 4096 != 0 || job_check(job, err);
	}
	tally_finish(&category);
	tally_finish(&brand);
	tally_finish(&word);
	return ok;
}

static bool place_members(struct typical *x, uint32_t products, const uint32_t *group,
			  struct err *err)
{
	uint32_t at = 0;

	x->group = mem_big((size_t)x->n + 1, sizeof *x->group, "groups", err);
	x->product = mem_big(products, sizeof *x->product, "groups", err);
	if (!x->group || !x->product)
		return false;
	for (uint32_t p = 0; p < products; p++) {
		if (group[p] >= x->n)
			x->outside++;
		else
			x->group[group[p]].size++;
	}
	for (uint32_t i = 0; i < x->n; i++) {
		x->group[i].first = at;
		at += x->group[i].size;
		x->group[i].size = 0;
	}
	for (uint32_t p = 0; p < products; p++)
		if (group[p] < x->n) {
			struct typical_group *g = &x->group[group[p]];

			x->product[g->first + g->size++] = p;
		}
	return true;
}

bool typical_make(struct typical *t, const struct catalog *c, const uint32_t *group,
		  uint32_t n, struct job *job, struct err *err)
{
	struct typical x = {.n = n, .words = map_create()};
	struct word_lists l = {.c = c, .t = &x};
	bool ok = place_members(&x, c->n_products, group, err) && read_words(&l, job, err) &&
		  describe(&x, &l, job, err);

	free(l.offsets);
	free(l.word);
	free(l.count);
	if (ok)
		*t = x;
	else
		typical_finish(&x);
	return ok;
}

void typical_finish(struct typical *t)
{
	free(t->group);
	free(t->product);
	map_destroy(t->words);
	*t = (struct typical){0};
}

struct str typical_word(const struct typical *t, uint32_t number)
{
	return map_key(t->words, number);
}
