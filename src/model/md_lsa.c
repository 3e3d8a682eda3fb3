/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lsa: latent semantic analysis of texts (Deerwester et al. 1990), the baseline beside models
 * that were trained on language. A text is a row of
 *
 *	(1 + log tf) log(n / df)	of length 1
 *
 * over words that at least LEAST texts have; with the largest singular values of the matrix,
 * A ~ U S V' (learn/rsvd), a text's vector is U S = A V, and so is that of words that someone
 * typed. Beside "vectors": "lsa/word-offsets", "lsa/word-bytes", "lsa/idf" F32 (words) and
 * "lsa/term" F32 (words, dim), V.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/map.h"
#include "base/mem.h"
#include "learn/rsvd.h"
#include "learn/wordpiece.h"
#include "math/kernel.h"
#include "model/model.h"
#include "model/texts.h"

#define LEAST 2		/* texts that a word must be in */
#define EXTRA 10
#define ROUNDS 4

/* Words of one text, counted. */
struct counting {
	struct map *words;
	uint32_t *of, *tf;	/* (n) word and how often, of this text */
	uint32_t n;
	size_t cap_of, cap_tf;
	uint32_t *seen;		/* (cap_seen) place in `of` + 1 by word */
	size_t cap_seen, n_seen;
	bool full;		/* no more words fit */
	bool fixed;		/* only words that are known */
};

static void count_word(void *ctx, struct str word)
{
	struct counting *c = ctx;
	uint32_t w = c->fixed ? map_find(c->words, word) : map_intern(c->words, word, NULL);

	if (w == MAP_NONE) {
		c->full = c->full || !c->fixed;
		return;
	}
	if (w >= c->n_seen) {
		size_t had = c->n_seen;

		MEM_GROW(c->seen, c->cap_seen, (size_t)w + 1);
		c->n_seen = (size_t)w + 1;
		memset(c->seen + had, 0, (c->n_seen - had) * sizeof *c->seen);
	}
	if (!c->seen[w]) {
		MEM_GROW(c->of, c->cap_of, (size_t)c->n + 1);
		MEM_GROW(c->tf, c->cap_tf, (size_t)c->n + 1);
		c->of[c->n] = w;
		c->tf[c->n++] = 0;
		c->seen[w] = c->n;
	}
	c->tf[c->seen[w] - 1]++;
}

static void forget(struct counting *c)
{
	for (uint32_t i = 0; i < c->n; i++)
		c->seen[c->of[i]] = 0;
	c->n = 0;
}

static void counting_finish(struct counting *c)
{
	free(c->of);
	free(c->tf);
	free(c->seen);
}

struct learning {
	const struct lesson *l;
	struct texts t;
	struct map *words;
	struct ratings a, turned;	/* texts by words that are kept */
	uint32_t *df;			/* (words) then the column that a word has, or NONE */
	size_t cap_df;
	float *idf;			/* (columns) */
	unsigned dim;
};

/* a: every word with its count; df. */
static bool count_texts(struct learning *g, struct counting *c, struct err *err)
{
	size_t cap_column = 0, cap_value = 0;
	STRBUF(text);

	g->a.offsets = mem_big((size_t)g->t.n + 1, sizeof *g->a.offsets, "texts", err);
	if (!g->a.offsets)
		return false;
	for (uint32_t i = 0; i < g->t.n; i++) {
		strbuf_reset(&text);
		texts_add(g->l->catalog, params_choice(g->l->params, PARAM_ID_FIELDS),
			  g->t.product[i], &text);
		wordpiece_words(strbuf_str(&text), true, count_word, c);
		for (uint32_t k = 0; k < c->n; k++) {
			size_t had = g->cap_df, n = (size_t)c->of[k] + 1;

			if (n > had) {
				MEM_GROW(g->df, g->cap_df, n);
				memset(g->df + had, 0, (g->cap_df - had) * sizeof *g->df);
			}
			MEM_GROW(g->a.column, cap_column, g->a.entries + 1);
			MEM_GROW(g->a.value, cap_value, g->a.entries + 1);
			g->df[c->of[k]]++;
			g->a.column[g->a.entries] = c->of[k];
			g->a.value[g->a.entries++] = (float)c->tf[k];
		}
		g->a.offsets[i + 1] = g->a.entries;
		forget(c);
		if (i % 8192 == 0 && !job_check(g->l->work.job, err))
			return false;
	}
	g->a.rows = g->t.n;
	return !c->full || err_fail(err, ERR_NOMEM, "the words of these texts don't fit in "
				    "memory");
}

/* value (n) of one text to length 1. */
static void weigh(float *value, uint64_t n)
{
	double sum = 0;

	for (uint64_t i = 0; i < n; i++)
		sum += (double)value[i] * value[i];
	for (uint64_t i = 0; sum > 0 && i < n; i++)
		value[i] = (float)(value[i] / sqrt(sum));
}

/* Words that few have leave; what stays gets its weight. The order of words is that of texts. */
static bool weigh_all(struct learning *g, struct err *err)
{
	uint32_t words = map_count(g->words), kept = 0;
	uint64_t at = 0, from = 0;

	g->idf = mem_big(words, sizeof *g->idf, "texts", err);
	if (!g->idf)
		return false;
	for (uint32_t w = 0; w < words; w++) {
		uint32_t df = g->df[w];

		g->df[w] = df >= LEAST ? kept : CATALOG_NONE;
		if (df >= LEAST)
			g->idf[kept++] = (float)log((double)g->t.n / df);
	}
	for (uint32_t i = 0; i < g->t.n; i++) {
		uint64_t first = at;

		for (uint64_t e = from; e < g->a.offsets[i + 1]; e++) {
			uint32_t column = g->df[g->a.column[e]];

			if (column == CATALOG_NONE)
				continue;
			g->a.column[at] = column;
			g->a.value[at++] = (1 + logf(g->a.value[e])) * g->idf[column];
		}
		from = g->a.offsets[i + 1];
		g->a.offsets[i + 1] = at;
		weigh(g->a.value + first, at - first);
	}
	g->a.entries = at;
	g->a.columns = kept;
	return at || err_fail(err, ERR_NO, "no word is in two texts: there is nothing to learn");
}

static bool keep_words(const struct learning *g, struct sink *s, struct err *err)
{
	uint32_t words = map_count(g->words);
	uint64_t n = 0;
	void *offsets;
	STRBUF(bytes);

	if (!sink_reserve(s, "lsa/word-offsets", ARRAY_U64, (uint64_t)g->a.columns + 1, 1,
			  &offsets, err))
		return false;
	for (uint32_t w = 0; w < words; w++)
		if (g->df[w] != CATALOG_NONE) {
			strbuf_add(&bytes, map_key(g->words, w));
			((uint64_t *)offsets)[++n] = bytes.len;
		}
	return sink_array(s, "lsa/word-bytes", ARRAY_U8, bytes.len, 1, bytes.ptr, err) &&
	       sink_array(s, "lsa/idf", ARRAY_F32, g->a.columns, 1, g->idf, err);
}

static bool factorise(struct learning *g, struct err *err)
{
	const struct rsvd_options o = {.dim = g->dim, .extra = EXTRA, .rounds = ROUNDS,
				       .seed = g->l->params->seed};
	SCOPED_FREE float *u = mem_big((size_t)g->t.n * g->dim, sizeof *u, "texts", err);
	SCOPED_FREE float *s = mem_alloc(g->dim * sizeof *s);
	void *vectors, *term;

	if (!u || !ratings_transpose(&g->turned, &g->a, err) ||
	    !sink_reserve(g->l->sink, "vectors", ARRAY_F32, g->t.n_products, g->dim, &vectors,
			  err) ||
	    !sink_reserve(g->l->sink, "lsa/term", ARRAY_F32, g->a.columns, g->dim, &term, err) ||
	    !rsvd(&g->a, &g->turned, &o, (struct rsvd_parts){u, s, term}, g->l->work, err))
		return false;
	for (uint32_t p = 0; p < g->t.n_products; p++)
		for (unsigned d = 0; g->t.of[p] != CATALOG_NONE && d < g->dim; d++)
			((float *)vectors)[(size_t)p * g->dim + d] =
				u[(size_t)g->t.of[p] * g->dim + d] * s[d];
	json_object_set_new(sink_info(g->l->sink), "texts", json_integer(g->t.n));
	json_object_set_new(sink_info(g->l->sink), "words", json_integer(g->a.columns));
	return true;
}

static bool lsa_train(const struct lesson *l, struct err *err)
{
	SCOPED(map) words = map_create();
	struct learning g = {.l = l, .words = words};
	struct counting c = {.words = words};
	bool ok = texts_read(&g.t, l, params_choice(l->params, PARAM_ID_FIELDS), err) &&
		  count_texts(&g, &c, err) && weigh_all(&g, err);
	uint32_t most = g.a.rows < g.a.columns ? g.a.rows : g.a.columns;

	g.dim = (unsigned)params_count(l->params, PARAM_ID_DIM);
	g.dim = g.dim < most ? g.dim : most;
	ok = ok && keep_words(&g, l->sink, err) && factorise(&g, err);
	texts_finish(&g.t);
	ratings_finish(&g.a);
	ratings_finish(&g.turned);
	counting_finish(&c);
	free(g.df);
	free(g.idf);
	return ok;
}

/* --- words that someone typed */

struct bound {
	struct map *words;
	const float *idf, *term;
	unsigned dim;
};

static bool read_words(const struct model *m, struct bound *b, struct err *err)
{
	struct array offsets, bytes, idf, term;
	const uint64_t *at;

	if (!model_array(m, "lsa/word-offsets", ARRAY_U64, &offsets, err) ||
	    !model_array(m, "lsa/word-bytes", ARRAY_U8, &bytes, err) ||
	    !model_array(m, "lsa/idf", ARRAY_F32, &idf, err) ||
	    !model_array(m, "lsa/term", ARRAY_F32, &term, err))
		return false;
	if (offsets.rows != idf.rows + 1 || term.rows != idf.rows)
		return err_fail(err, ERR_STORE, "the model is damaged: its words don't fit "
				"together");
	at = offsets.data;
	for (uint64_t w = 0; w < idf.rows; w++)
		if (at[w] > at[w + 1] || at[w + 1] > bytes.rows ||
		    map_intern(b->words, str_span((const char *)bytes.data + at[w],
						  at[w + 1] - at[w]), err) != w)
			return err_fail(err, ERR_STORE, "the model is damaged: its words are not "
					"in order");
	b->idf = idf.data;
	b->term = term.data;
	b->dim = term.columns;
	return true;
}

static bool lsa_phrase(const struct model *m, struct str words, float *vector,
		       struct err *err)
{
	SCOPED(map) known = map_create();
	struct bound b = {.words = known};
	struct counting c = {.words = known, .fixed = true};

	if (!read_words(m, &b, err))
		return false;
	memset(vector, 0, b.dim * sizeof *vector);
	wordpiece_words(words, true, count_word, &c);
	for (uint32_t i = 0; i < c.n; i++)
		kernels_best()->axpy((1 + logf((float)c.tf[i])) * b.idf[c.of[i]],
				     b.term + (size_t)c.of[i] * b.dim, vector, b.dim);
	counting_finish(&c);
	return true;
}

static const struct param_default params[] = {
	{PARAM_ID_FIELDS, "described"},
	{PARAM_ID_DIM, "128"},
	{PARAM_IDS, NULL},
};

const struct model_class md_lsa = {
	.name = "lsa",
	.title = "Words in common",
	.summary = "Latent semantic analysis: words by how rare they are, brought to few numbers "
		   "by the largest singular values (Deerwester et al. 1990). It knows no "
		   "language but the store's own, in seconds: what a model of texts should beat.",
	.score_text = "cosine of the vectors of the two texts: 1 has the same words",
	.flags = MODEL_VECTORS,
	.params = params,
	.train = lsa_train,
	.phrase = lsa_phrase,
};
