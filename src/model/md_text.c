/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * text: vectors of what is written of products, by a published encoder (learn/encoder;
 * Reimers and Gurevych 2019, "Sentence-BERT"). Beside "vectors" stand "text/hash" U64 (P),
 * the hash of each product's text (0: none), by which the next training takes over what
 * it needn't compute again, and in meta "from", the folder, and "weights", which tells
 * whether it is still the same encoder.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/job.h"
#include "base/map.h"
#include "base/mem.h"
#include "learn/encoder.h"
#include "model/model.h"
#include "model/texts.h"
#include "model/vector_scores.h"
#include "store/unfinished.h"

#define CHUNK 1024	/* texts that are in memory at a time */

/* Vectors of distinct texts on their way. */
struct making {
	const struct catalog *c;
	enum texts_fields fields;
	const struct encoder *e;
	struct texts t;
	unsigned dim;
	float *vector;		/* (t.n, dim) */
	bool *known;		/* (t.n) taken over, or made */
	uint32_t taken;
	struct unfinished *unfinished;
	struct strbuf key;	/* of the encoder and what it reads */
};

/* What tells one encoder from another without reading all of it. */
static json_t *identity(const char *folder)
{
	STRBUF(path);
	struct stat st = {0};

	strbuf_addf(&path, "%s/model.safetensors", folder);
	if (stat(strbuf_c(&path), &st))
		return json_null();
	return json_pack("{s:I, s:I}", "bytes", (json_int_t)st.st_size, "changed",
			 (json_int_t)st.st_mtime);
}

static void add_key(struct making *m, const json_t *weights)
{
	char *text = json_dumps(weights, JSON_ENCODE_ANY | JSON_COMPACT);

	strbuf_addf(&m->key, "text, vectors of %u by %s of fields %u", m->dim, text ? text : "",
		    (unsigned)m->fields);
	free(text);
}

/* Rows of vectors and the hashes of their texts (n). */
struct rows {
	const uint64_t *hash;
	const float *vector;
	uint64_t n;
};

/* Those that are wanted; taken grows by how many they are. ERR_NOMEM. */
static bool take_rows(struct making *m, struct rows r, uint32_t *taken, struct err *err)
{
	SCOPED(map) at = map_create();

	for (uint32_t i = 0; i < m->t.n; i++)
		if (map_intern(at, str_span((const char *)&m->t.hash[i], sizeof *r.hash), err) ==
		    MAP_NONE)
			return false;
	for (uint64_t k = 0; k < r.n; k++) {
		uint32_t i = map_find(at, str_span((const char *)&r.hash[k], sizeof *r.hash));

		if (i == MAP_NONE || m->known[i])
			continue;
		memcpy(m->vector + (size_t)i * m->dim, r.vector + k * m->dim,
		       m->dim * sizeof(float));
		m->known[i] = true;
		(*taken)++;
	}
	return true;
}

/* --- what a training that was stopped had made: hashes, then vectors */

static void keep_unfinished(struct making *m)
{
	STRBUF(state);

	if (!m->unfinished)
		return;
	for (uint32_t i = 0; i < m->t.n; i++)
		if (m->known[i])
			strbuf_add(&state, str_span((const char *)&m->t.hash[i],
						    sizeof *m->t.hash));
	for (uint32_t i = 0; i < m->t.n; i++)
		if (m->known[i])
			strbuf_add(&state, str_span((const char *)(m->vector +
								   (size_t)i * m->dim),
						    m->dim * sizeof *m->vector));
	if (state.len)
		unfinished_keep(m->unfinished, strbuf_str(&m->key), strbuf_str(&state));
}

static bool go_on(struct making *m, struct job *job, struct err *err)
{
	size_t row = sizeof(uint64_t) + m->dim * sizeof(float);
	uint32_t found = 0;
	STRBUF(state);
	struct rows r;

	if (!unfinished_find(m->unfinished, strbuf_str(&m->key), &state) || state.len % row)
		return true;
	r.n = state.len / row;
	r.hash = (const uint64_t *)(const void *)state.ptr;
	r.vector = (const float *)(const void *)(r.hash + r.n);
	if (!take_rows(m, r, &found, err))
		return false;
	if (found)
		job_notice(job, "going on where it was stopped: %u of %u texts were embedded",
			   (unsigned)found, (unsigned)m->t.n);
	return true;
}

/* Vectors that the model before has of the same text by the same encoder. */
static bool take_over(struct making *m, const struct model *before, const json_t *weights,
		      const struct params *p, struct err *err)
{
	struct array hash, vectors;

	if (!before || !json_equal(json_object_get(model_meta(before), "weights"), weights) ||
	    params_choice(&before->params, PARAM_ID_FIELDS) !=
		    params_choice(p, PARAM_ID_FIELDS) ||
	    !model_array(before, "text/hash", ARRAY_U64, &hash, NULL) ||
	    !model_array(before, "vectors", ARRAY_F32, &vectors, NULL) ||
	    hash.rows != vectors.rows || vectors.columns != m->dim)
		return true;
	return take_rows(m, (struct rows){hash.data, vectors.data, hash.rows}, &m->taken, err);
}

struct text_numbers {
	const uint32_t *at;
	uint32_t n;
};

/* Encode the texts (n) of those numbers. */
static bool encode_chunk(const struct making *m, struct text_numbers chunk, struct work work,
			 struct err *err)
{
	SCOPED_FREE float *out = mem_big((size_t)chunk.n * m->dim, sizeof *out, "texts", err);
	SCOPED_FREE struct str *text = mem_alloc(chunk.n * sizeof *text);
	SCOPED_FREE size_t *end = mem_alloc(chunk.n * sizeof *end);
	STRBUF(all);
	bool ok;

	if (!out)
		return false;
	for (uint32_t i = 0; i < chunk.n; i++) {
		STRBUF(one);

		texts_add(m->c, m->fields, m->t.product[chunk.at[i]], &one);
		strbuf_add(&all, strbuf_str(&one));
		end[i] = all.len;
	}
	for (uint32_t i = 0; i < chunk.n; i++) {
		size_t from = i ? end[i - 1] : 0;

		text[i] = str_span(all.ptr + from, end[i] - from);
	}
	ok = encoder_encode(m->e, text, chunk.n, out, work, err);
	for (uint32_t i = 0; ok && i < chunk.n; i++)
		memcpy(m->vector + (size_t)chunk.at[i] * m->dim, out + (size_t)i * m->dim,
		       m->dim * sizeof *out);
	return ok;
}

static bool encode_all(struct making *m, struct work work, struct err *err)
{
	uint32_t number[CHUNK], n = 0, left = 0;

	for (uint32_t i = 0; i < m->t.n; i++)
		left += !m->known[i];
	job_step(work.job, "embedding texts", left);
	for (uint32_t i = 0; i <= m->t.n; i++) {
		if (n == CHUNK || (i == m->t.n && n)) {
			if (!encode_chunk(m, (struct text_numbers){number, n}, work, err)) {
				keep_unfinished(m);
				return false;
			}
			while (n)
				m->known[number[--n]] = true;
			if (unfinished_due(m->unfinished))
				keep_unfinished(m);
		}
		if (i < m->t.n && !m->known[i])
			number[n++] = i;
	}
	return true;
}

static bool keep(const struct making *m, struct sink *s, struct err *err)
{
	void *vectors, *hash;

	if (!sink_reserve(s, "vectors", ARRAY_F32, m->t.n_products, m->dim, &vectors, err) ||
	    !sink_reserve(s, "text/hash", ARRAY_U64, m->t.n_products, 1, &hash, err))
		return false;
	for (uint32_t p = 0; p < m->t.n_products; p++) {
		uint32_t i = m->t.of[p];

		if (i == CATALOG_NONE)
			continue;
		memcpy((float *)vectors + (size_t)p * m->dim,
		       m->vector + (size_t)i * m->dim, m->dim * sizeof(float));
		((uint64_t *)hash)[p] = m->t.hash[i];
	}
	json_object_set_new(sink_info(s), "texts", json_integer(m->t.n));
	json_object_set_new(sink_info(s), "taken", json_integer(m->taken));
	return true;
}

static void making_finish(struct making *m)
{
	texts_finish(&m->t);
	free(m->vector);
	free(m->known);
	strbuf_finish(&m->key);
}

static bool text_read(const struct lesson *l, const struct model_source *from,
		      struct err *err)
{
	SCOPED(encoder) e = NULL;
	struct making m = {.c = l->catalog,
			   .fields = params_choice(l->params, PARAM_ID_FIELDS),
			   .unfinished = l->unfinished};
	json_t *weights = identity(from->folder);
	bool ok = encoder_open(&e, from->folder, err) && texts_read(&m.t, l, m.fields, err);

	json_object_set_new(sink_info(l->sink), "from", json_string(from->folder));
	json_object_set_new(sink_info(l->sink), "weights", weights);
	if (ok) {
		m.e = e;
		m.dim = encoder_width(e);
		m.vector = mem_big((size_t)m.t.n * m.dim, sizeof *m.vector, "texts", err);
		m.known = mem_big(m.t.n, sizeof *m.known, "texts", err);
	}
	ok = ok && m.vector && m.known &&
	     take_over(&m, from->before, weights, l->params, err);
	if (ok)
		add_key(&m, weights);
	ok = ok && go_on(&m, l->work.job, err) &&
	     encode_all(&m, l->work, err) && keep(&m, l->sink, err);
	making_finish(&m);
	return ok;
}

static bool text_phrase(const struct model *m, struct str words, float *vector,
			struct err *err)
{
	const char *folder = json_string_value(json_object_get(model_meta(m), "from"));
	SCOPED(encoder) e = NULL;

	if (!folder)
		return err_fail(err, ERR_STORE, "the model doesn't say which encoder made it");
	if (!encoder_open(&e, folder, err))
		return err_context(err, "the encoder that made model %s", model_name(m));
	if (encoder_width(e) != vectors_dim(m))
		return err_fail(err, ERR_FORMAT, "%s is no more the encoder that made model "
				"%s: train it again", folder, model_name(m));
	return encoder_encode(e, &words, 1, vector, (struct work){0}, err);
}

static const struct param_default params[] = {
	{PARAM_ID_FIELDS, "described"},
	{PARAM_IDS, NULL},
};

const struct model_class md_text = {
	.name = "text",
	.title = "Vectors of texts",
	.summary = "A published encoder of BERT's type (--from DIR) reads what is written of "
		   "each product; what reads alike gets vectors of the same direction, sold "
		   "or not. Texts that were embedded before are taken over.",
	.score_text = "cosine of the vectors of the two texts: 1 reads the same",
	.flags = MODEL_VECTORS,
	.params = params,
	.read = text_read,
	.phrase = text_phrase,
};
