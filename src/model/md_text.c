/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * text: vectors of what is written of products, by a published encoder (learn/encoder;
 * Reimers and Gurevych 2019, "Sentence-BERT"). Beside "vectors" stand "text/hash" U64 (P),
 * the hash of each product's text (0: none), by which the next training takes over what
 * it needn't compute again, and in meta "from", the folder, and "weights", which tells
 * whether it is still the same encoder.
 */
#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include "base/job.h"
#include "base/map.h"
#include "base/mem.h"
#include "learn/encoder.h"
#include "model/model.h"
#include "model/texts.h"
#include "model/vector_scores.h"

#define CHUNK 2048	/* texts that are in memory at a time */

/* Vectors of distinct texts on their way. */
struct making {
	const struct catalog *c;
	enum texts_fields fields;
	const struct encoder *e;
	struct texts t;
	unsigned dim;
	float *vector;		/* (t.n, dim) */
	bool *known;		/* (t.n) taken over */
	uint32_t taken;
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

/* Vectors that the model before has of the same text by the same encoder. */
static bool take_over(struct making *m, const struct model *before, const json_t *weights,
		      const struct params *p, struct err *err)
{
	struct array hash, vectors;
	SCOPED(map) at = map_create();
	const uint64_t *h;

	if (!before || !json_equal(json_object_get(model_meta(before), "weights"), weights) ||
	    params_choice(&before->params, PARAM_ID_FIELDS) !=
		    params_choice(p, PARAM_ID_FIELDS) ||
	    !model_array(before, "text/hash", ARRAY_U64, &hash, NULL) ||
	    !model_array(before, "vectors", ARRAY_F32, &vectors, NULL) ||
	    hash.rows != vectors.rows || vectors.columns != m->dim)
		return true;
	h = hash.data;
	for (uint32_t i = 0; i < m->t.n; i++)
		if (map_intern(at, str_span((const char *)&m->t.hash[i], sizeof *h), err) ==
		    MAP_NONE)
			return false;
	for (uint64_t r = 0; r < hash.rows; r++) {
		uint32_t i = map_find(at, str_span((const char *)&h[r], sizeof *h));

		if (i == MAP_NONE || m->known[i])
			continue;
		memcpy(m->vector + (size_t)i * m->dim,
		       (const float *)vectors.data + r * m->dim, m->dim * sizeof(float));
		m->known[i] = true;
		m->taken++;
	}
	return true;
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

static bool encode_all(const struct making *m, struct work work, struct err *err)
{
	uint32_t number[CHUNK], n = 0;

	job_step(work.job, "embedding texts", m->t.n - m->taken);
	for (uint32_t i = 0; i <= m->t.n; i++) {
		if (n == CHUNK || (i == m->t.n && n)) {
			if (!encode_chunk(m, (struct text_numbers){number, n}, work, err))
				return false;
			n = 0;
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
}

static bool text_read(const struct lesson *l, const struct model_source *from,
		      struct err *err)
{
	SCOPED(encoder) e = NULL;
	struct making m = {.c = l->catalog,
			   .fields = params_choice(l->params, PARAM_ID_FIELDS)};
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
	     take_over(&m, from->before, weights, l->params, err) &&
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
