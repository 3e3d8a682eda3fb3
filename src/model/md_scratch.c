/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * scratch: a small transformer that knows nothing but the store's own texts (aisle train text
 * --from-scratch). It learns its pieces of words (learn/vocabulary), then by --learn crops that
 * two pieces of a text belong together (InfoNCE), or by --learn masked to guess pieces that are
 * hidden; with --tune-on similar further that texts of products that are alike belong together
 * (model/links). Then it embeds all texts as text does. Arrays beside "vectors": "encoder/theta",
 * "encoder/table" F32 (learn/transformer.h) and "encoder/pieces" U8, a line each.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/rng.h"
#include "learn/encoder.h"
#include "learn/text_fit.h"
#include "learn/vocabulary.h"
#include "learn/wordpiece.h"
#include "math/blas.h"
#include "model/layers.h"
#include "model/links.h"
#include "model/model.h"
#include "model/texts.h"
#include "store/unfinished.h"

#define PLACES 128	/* pieces of a text that are read, its two ends included */
#define INNER 4		/* widths */
#define HEAD 32		/* numbers of a head */
#define TUNE_RATE 0.2	/* of --rate */

enum learn { LEARN_CROPS, LEARN_MASKED };

struct learning {
	const struct lesson *l;
	struct texts t;
	struct strbuf all, pieces;
	struct str *text;	/* (t.n) in all */
	struct strs piece;
	struct transformer shape;
	float *theta, *table;
	uint32_t *id;
	uint64_t *offset;	/* (n + 1) of texts that have pieces */
	uint32_t *place;	/* (t.n) text of these, or CATALOG_NONE */
	uint32_t n;
	struct strbuf key, state;	/* of what was kept of a training that was stopped */
	uint64_t tuning;		/* the second fit is the one that runs */
	double *loss;			/* (epochs) of the first */
};

/* --- what is learnt from */

static bool read_texts(struct learning *g, struct err *err)
{
	unsigned fields = params_choice(g->l->params, PARAM_ID_FIELDS);
	SCOPED_FREE size_t *end = NULL;

	if (!texts_read(&g->t, g->l, fields, err))
		return false;
	end = mem_big(g->t.n, sizeof *end, "texts", err);
	g->text = mem_big(g->t.n, sizeof *g->text, "texts", err);
	if (!end || !g->text)
		return false;
	for (uint32_t i = 0; i < g->t.n; i++) {
		STRBUF(one);

		texts_add(g->l->catalog, fields, g->t.product[i], &one);
		strbuf_add(&g->all, strbuf_str(&one));
		end[i] = g->all.len;
	}
	for (uint32_t i = 0; i < g->t.n; i++) {
		size_t from = i ? end[i - 1] : 0;

		g->text[i] = str_span(g->all.ptr + from, end[i] - from);
	}
	return true;
}

/* Lines of text as strings in it; free() at. */
static struct strs lines(struct str s)
{
	struct strs out = {0};
	size_t n = 0;
	struct str *at;
	struct str line;

	for (size_t i = 0; i < s.len; i++)
		n += s.ptr[i] == '\n';
	at = mem_alloc((n + 1) * sizeof *at);
	for (n = 0; str_next(&s, '\n', &line);)
		if (line.len)
			at[n++] = line;
	out.at = at;
	out.n = n;
	return out;
}

static bool learn_pieces(struct learning *g, struct err *err)
{
	if (!vocabulary_learn(g->text, g->t.n,
			      (unsigned)params_count(g->l->params, PARAM_ID_PIECES), &g->pieces,
			      g->l->work, err))
		return false;
	g->piece = lines(strbuf_str(&g->pieces));
	return true;
}

/* Texts as pieces, without the ends that wordpiece_encode puts. */
static bool cut_texts(struct learning *g, const struct wordpiece *w, struct err *err)
{
	uint32_t ids[PLACES];
	size_t cap = 0;
	uint64_t at = 0;

	g->offset = mem_big((size_t)g->t.n + 1, sizeof *g->offset, "texts", err);
	g->place = mem_big(g->t.n, sizeof *g->place, "texts", err);
	if (!g->offset || !g->place)
		return false;
	for (uint32_t i = 0; i < g->t.n; i++) {
		unsigned n = wordpiece_encode(w, g->text[i], PLACES, ids);

		g->place[i] = n > 2 ? g->n : CATALOG_NONE;
		if (n <= 2)
			continue;
		MEM_GROW(g->id, cap, at + n);
		memcpy(g->id + at, ids + 1, (n - 2) * sizeof *ids);
		at += n - 2;
		g->offset[++g->n] = at;
	}
	return g->n > 1 || err_fail(err, ERR_NO, "one text is too little to learn from");
}

/* --- what is kept of a training that is stopped: which fit it is in, the losses of the first,
 * the fit's own state */

/* All that it is made of: another training begins anew. */
static void add_key(struct learning *g)
{
	json_t *params = params_json(g->l->params);
	char *text = json_dumps(params, JSON_COMPACT | JSON_SORT_KEYS);
	const struct catalog *c = g->l->catalog;
	uint64_t all = g->t.n;

	for (uint32_t i = 0; i < g->t.n; i++)
		all = all * UINT64_C(0x9e3779b97f4a7c15) + g->t.hash[i];
	strbuf_addf(&g->key, "scratch %s, texts %016jx, %ju events to %jd", text ? text : "",
		    (uintmax_t)all, (uintmax_t)c->n_events, (intmax_t)c->last_time);
	json_decref(params);
	free(text);
}

static bool is_due(void *ctx)
{
	const struct learning *g = ctx;

	return unfinished_due(g->l->unfinished);
}

static void keep_so_far(void *ctx, struct str state)
{
	struct learning *g = ctx;
	size_t epochs = params_count(g->l->params, PARAM_ID_EPOCHS);
	STRBUF(all);

	strbuf_add(&all, str_span((const char *)&g->tuning, sizeof g->tuning));
	strbuf_add(&all, str_span((const char *)g->loss, epochs * sizeof *g->loss));
	strbuf_add(&all, state);
	unfinished_keep(g->l->unfinished, strbuf_str(&g->key), strbuf_str(&all));
}

/* Where the first fit is done, its losses are known. */
static void find_unfinished(struct learning *g)
{
	size_t epochs = params_count(g->l->params, PARAM_ID_EPOCHS);
	size_t head = sizeof g->tuning + epochs * sizeof *g->loss;

	g->loss = mem_zalloc(epochs * sizeof *g->loss);
	add_key(g);
	if (!unfinished_find(g->l->unfinished, strbuf_str(&g->key), &g->state) ||
	    g->state.len < head)
		return;
	memcpy(&g->tuning, g->state.ptr, sizeof g->tuning);
	memcpy(g->loss, g->state.ptr + sizeof g->tuning, epochs * sizeof *g->loss);
	job_notice(g->l->work.job, "going on where it was stopped");
}

static struct str state_of_fit(const struct learning *g)
{
	size_t head = sizeof g->tuning +
		      params_count(g->l->params, PARAM_ID_EPOCHS) * sizeof *g->loss;

	return g->state.len < head ? str_span(NULL, 0) :
	       str_span(g->state.ptr + head, g->state.len - head);
}

/* --- training */

static struct text_fit task_of(const struct learning *g)
{
	const struct params *p = g->l->params;

	return (struct text_fit){
		.by = params_choice(p, PARAM_ID_LEARN) == LEARN_MASKED ? TEXT_MASKED : TEXT_CROPS,
		.id = g->id, .offset = g->offset, .n = g->n,
		.first = 2, .last = 3, .mask = 4,	/* as vocabulary_learn has them */
		.batch = (unsigned)params_count(p, PARAM_ID_BATCH_SIZE),
		.epochs = (unsigned)params_count(p, PARAM_ID_EPOCHS),
		.rate = params_real(p, PARAM_ID_RATE),
		.decay = params_real(p, PARAM_ID_DECAY),
		.temperature = params_real(p, PARAM_ID_TEMPERATURE),
		.seed = p->seed,
	};
}

static void note_losses(struct learning *g, const struct text_fit *f, const double *loss,
			const char *note)
{
	json_t *list = json_array();

	for (unsigned e = 0; e < f->epochs; e++) {
		if (!note)
			sink_loss(g->l->sink, loss[e]);
		json_array_append_new(list, json_real(loss[e]));
	}
	json_object_set_new(sink_info(g->l->sink), note ? note : "loss_of_epochs", list);
}

static bool run(struct learning *g, struct text_fit *f, const char *note, struct err *err)
{
	const struct text_keeper keeper = {g, is_due, keep_so_far};
	SCOPED_FREE double *own = mem_zalloc(f->epochs * sizeof *own);
	double *loss = note ? own : g->loss;

	f->keeper = g->l->unfinished ? &keeper : NULL;
	f->state = state_of_fit(g);
	if (!text_fit(&g->shape, g->theta, g->table, f, loss, g->l->work, err))
		return false;
	note_losses(g, f, loss, note);
	return true;
}

/* Texts of products that are alike, each pair of texts as often as products say so. */
static bool read_pairs(const struct learning *g, const struct links *similar,
		       uint32_t (**out)[2], size_t *n)
{
	uint32_t (*pair)[2] = NULL;
	size_t cap = 0;

	*n = 0;
	for (uint32_t a = 0; a < g->t.n_products; a++)
		for (uint64_t i = similar->offsets[a]; i < similar->offsets[a + 1]; i++) {
			uint32_t x = g->t.of[a], y = g->t.of[similar->column[i]];

			if (x == CATALOG_NONE || y == CATALOG_NONE || x == y ||
			    g->place[x] == CATALOG_NONE || g->place[y] == CATALOG_NONE)
				continue;
			MEM_GROW(pair, cap, *n + 1);
			pair[*n][0] = g->place[x];
			pair[(*n)++][1] = g->place[y];
		}
	*out = pair;
	return *n > 1;
}

/* Shuffled, and no more than half as many as texts were met before. */
static size_t choose_pairs(const struct learning *g, uint32_t (*pair)[2], size_t n)
{
	size_t most = params_count(g->l->params, PARAM_ID_EPOCHS) * (size_t)g->n / 2;
	struct rng rng;

	rng_init(&rng, g->l->params->seed, 0x7061);
	for (size_t i = n; i-- > 1;) {
		size_t j = rng_below(&rng, i + 1);
		uint32_t swap[2];

		memcpy(swap, pair[i], sizeof swap);
		memcpy(pair[i], pair[j], sizeof swap);
		memcpy(pair[j], swap, sizeof swap);
	}
	return n < most || most < 2 ? n : most;
}

static bool tune(struct learning *g, struct err *err)
{
	const struct features_ask ask = {.wanted = FEATURES_ALL, .buckets = 1024};
	struct text_fit f = task_of(g);
	uint32_t (*pair)[2] = NULL;
	struct features features = {0};
	struct link_sets links = {0};
	bool ok = features_make(&features, g->l->catalog, &ask, g->l->work.job, err) &&
		  links_read(&links, g->l, &features, err);

	f.by = TEXT_PAIRS;
	f.rate *= TUNE_RATE;
	ok = ok && (read_pairs(g, &links.similar, &pair, &f.n_pairs) ||
		    err_fail(err, ERR_NO, "no products are known to be alike: there is nothing to "
			     "tune on"));
	f.pair = (const uint32_t (*)[2])pair;
	f.epochs = 1;
	f.n_pairs = ok ? choose_pairs(g, pair, f.n_pairs) : 0;
	if (!g->tuning)	/* what was kept is of the fit before */
		strbuf_reset(&g->state);
	g->tuning = 1;
	json_object_set_new(sink_info(g->l->sink), "tuned_by",
			    json_string(links.by_features ? "features" : "sessions"));
	ok = ok && run(g, &f, "loss_tuned", err);
	links_finish(&links);
	features_finish(&features);
	free(pair);
	return ok;
}

static bool begin(struct learning *g, struct err *err)
{
	size_t width = params_count(g->l->params, PARAM_ID_DIM);

	width = (width + HEAD - 1) / HEAD * HEAD;
	g->shape = (struct transformer){
		.layers = params_count(g->l->params, PARAM_ID_LAYERS), .heads = width / HEAD,
		.width = width, .inner = INNER * width, .vocabulary = g->piece.n,
		.places = PLACES,
	};
	g->theta = mem_big(transformer_size(&g->shape), sizeof *g->theta, "a network", err);
	g->table = mem_big(g->piece.n * width, sizeof *g->table, "a network", err);
	if (!g->theta || !g->table)
		return false;
	transformer_begin(&g->shape, g->l->params->seed, g->theta, g->table);
	return true;
}

/* --- what is kept */

static void note_layers(const struct transformer *t, struct sink *s)
{
	uint64_t w = t->width, inner = t->inner;

	layers_note(s, &(struct layer){"pieces of words", t->vocabulary, w, t->vocabulary * w,
				       NULL});
	layers_note(s, &(struct layer){"places", t->places, w, (t->places + 2) * w, "norm"});
	for (unsigned i = 0; i < t->layers; i++) {
		STRBUF(name);

		strbuf_addf(&name, "attention %u, %zu heads", i + 1, t->heads);
		layers_note(s, &(struct layer){strbuf_c(&name), w, w, 4 * w * w + 6 * w, "norm"});
		strbuf_reset(&name);
		strbuf_addf(&name, "up %u", i + 1);
		layers_note(s, &(struct layer){strbuf_c(&name), w, inner, (w + 1) * inner,
					       "GELU"});
		strbuf_reset(&name);
		strbuf_addf(&name, "down %u", i + 1);
		layers_note(s, &(struct layer){strbuf_c(&name), inner, w, (inner + 1) * w + 2 * w,
					       "norm"});
	}
}

static bool embed(struct learning *g, const struct encoder *e, struct err *err)
{
	uint32_t width = encoder_width(e);
	SCOPED_FREE float *out = mem_big((size_t)g->t.n * width, sizeof *out, "texts", err);
	void *vectors;

	job_step(g->l->work.job, "embedding texts", g->t.n);
	if (!out || !encoder_encode(e, g->text, g->t.n, out, g->l->work, err) ||
	    !sink_reserve(g->l->sink, "vectors", ARRAY_F32, g->t.n_products, width, &vectors,
			  err))
		return false;
	for (uint32_t p = 0; p < g->t.n_products; p++)
		if (g->t.of[p] != CATALOG_NONE)
			memcpy((float *)vectors + (size_t)p * width,
			       out + (size_t)g->t.of[p] * width, width * sizeof *out);
	return true;
}

static bool keep(struct learning *g, struct err *err)
{
	SCOPED(encoder) e = NULL;
	struct sink *s = g->l->sink;
	const struct transformer *t = &g->shape;

	note_layers(t, s);
	json_object_set_new(sink_info(s), "texts", json_integer(g->t.n));
	return encoder_of(&e, t, (struct transformer_weights){g->theta, g->table}, g->piece,
			  err) &&
	       embed(g, e, err) &&
	       sink_array(s, "encoder/theta", ARRAY_F32, transformer_size(t), 1, g->theta, err) &&
	       sink_array(s, "encoder/table", ARRAY_F32, t->vocabulary, (uint32_t)t->width,
			  g->table, err) &&
	       sink_array(s, "encoder/pieces", ARRAY_U8, g->pieces.len, 1, g->pieces.ptr, err);
}

static void finish(struct learning *g)
{
	texts_finish(&g->t);
	strbuf_finish(&g->all);
	strbuf_finish(&g->pieces);
	free(g->text);
	free((void *)g->piece.at);
	free(g->theta);
	free(g->table);
	free(g->id);
	free(g->offset);
	free(g->place);
	free(g->loss);
	strbuf_finish(&g->key);
	strbuf_finish(&g->state);
}

static bool scratch_train(const struct lesson *l, struct err *err)
{
	SCOPED(wordpiece) w = NULL;
	struct learning g = {.l = l};
	struct text_fit f;
	bool ok;

	ok = blas_load(err) && read_texts(&g, err) && learn_pieces(&g, err) &&
	     wordpiece_make(&w, g.piece, true, err) && cut_texts(&g, w, err) && begin(&g, err);
	if (ok)
		find_unfinished(&g);
	f = task_of(&g);
	if (g.tuning)
		note_losses(&g, &f, g.loss, NULL);
	ok = ok && (g.tuning || run(&g, &f, NULL, err)) &&
	     (params_choice(l->params, PARAM_ID_TUNE_ON) == 0 || tune(&g, err)) &&
	     keep(&g, err);
	finish(&g);
	return ok;
}

/* --- words that someone typed */

static bool scratch_phrase(const struct model *m, struct str words, float *vector,
			   struct err *err)
{
	SCOPED(encoder) e = NULL;
	struct array theta, table, pieces;
	struct transformer t;
	struct strs piece;
	bool ok;

	if (!model_array(m, "encoder/theta", ARRAY_F32, &theta, err) ||
	    !model_array(m, "encoder/table", ARRAY_F32, &table, err) ||
	    !model_array(m, "encoder/pieces", ARRAY_U8, &pieces, err))
		return false;
	t = (struct transformer){
		.layers = params_count(&m->params, PARAM_ID_LAYERS),
		.heads = table.columns / HEAD, .width = table.columns,
		.inner = INNER * (size_t)table.columns, .vocabulary = table.rows,
		.places = PLACES,
	};
	piece = lines(str_span(pieces.data, pieces.rows));
	if (transformer_size(&t) != theta.rows || piece.n != table.rows)
		ok = err_fail(err, ERR_STORE, "the model is damaged: its network doesn't fit "
			      "together");
	else
		ok = encoder_of(&e, &t, (struct transformer_weights){theta.data, table.data},
				piece, err) &&
		     encoder_encode(e, &words, 1, vector, (struct work){0}, err);
	free((void *)piece.at);
	return ok;
}

static const struct param_default params[] = {
	{PARAM_ID_FIELDS, "described"},
	{PARAM_ID_LEARN, "crops"},
	{PARAM_ID_TUNE_ON, "nothing"},
	{PARAM_ID_PIECES, "6000"},
	{PARAM_ID_LAYERS, "2"},
	{PARAM_ID_DIM, "128"},
	{PARAM_ID_EPOCHS, "10"},
	{PARAM_ID_BATCH_SIZE, "128"},
	{PARAM_ID_RATE, "0.001"},
	{PARAM_ID_DECAY, "0.01"},
	{PARAM_ID_TEMPERATURE, "0.05"},
	{PARAM_IDS, NULL},
};

const struct model_class md_scratch = {
	.name = "scratch",
	.title = "Vectors of texts, from scratch",
	.summary = "A small transformer with pieces of words of its own that has read nothing but "
		   "the store's texts (aisle train text --from-scratch): two pieces of a text "
		   "belong together (--learn crops), or what is hidden is guessed (masked); "
		   "--tune-on similar goes on with products that are alike.",
	.score_text = "cosine of the vectors of the two texts: 1 reads the same",
	.flags = MODEL_VECTORS,
	.params = params,
	.train = scratch_train,
	.phrase = scratch_phrase,
};
