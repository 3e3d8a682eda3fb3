/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the folder of a published encoder: what it is, its weights, its vocabulary. */
#include "config.h"

#include "learn/encoder_folder.h"

#include <jansson.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

/* ---- JSON beside the weights */

/* NULL: there is no such file; *ok false: it can't be read. */
static json_t *read_json(const char *folder, const char *name, bool *ok, struct err *err)
{
	STRBUF(path);
	json_error_t why;
	json_t *json;

	strbuf_addf(&path, "%s/%s", folder, name);
	if (access(strbuf_c(&path), F_OK))
		return NULL;
	json = json_load_file(strbuf_c(&path), 0, &why);
	if (!json)
		*ok = err_fail(err, ERR_FORMAT, "%s:%d: column %d: %s", strbuf_c(&path),
			       why.line, why.column, why.text);
	return json;
}

static bool number(const json_t *config, const char *key, unsigned most, unsigned *value,
		   struct err *err)
{
	json_int_t n = json_integer_value(json_object_get(config, key));

	if (n < 1 || n > most)
		return err_fail(err, ERR_FORMAT, "%s has to be from 1 to %u", key, most);
	*value = (unsigned)n;
	return true;
}

/* The value has to be that text, or not be there at all. */
static bool expect(const json_t *config, const char *key, const char *text, struct err *err)
{
	const json_t *value = json_object_get(config, key);
	const char *s = json_string_value(value);

	if (!value || (s && !strcmp(s, text)))
		return true;
	return err_fail(err, ERR_FORMAT, "%s is %s; encoders are read whose %s is %s", key,
			s ? s : "no text", key, text);
}

static bool take_config(struct encoder *e, const json_t *c, struct err *err)
{
	if (!json_object_get(c, "model_type"))
		return err_fail(err, ERR_FORMAT, "it doesn't say its model_type");
	if (!expect(c, "model_type", "bert", err) || !expect(c, "hidden_act", "gelu", err) ||
	    !expect(c, "position_embedding_type", "absolute", err) ||
	    !number(c, "num_hidden_layers", ENCODER_LAYERS, &e->layers, err) ||
	    !number(c, "num_attention_heads", 256, &e->heads, err) ||
	    !number(c, "hidden_size", 8192, &e->width, err) ||
	    !number(c, "intermediate_size", 65536, &e->inner, err) ||
	    !number(c, "vocab_size", 10000000, &e->vocabulary, err) ||
	    !number(c, "max_position_embeddings", 65536, &e->places, err))
		return false;
	if (e->width % e->heads)
		return err_fail(err, ERR_FORMAT, "hidden_size is no multiple of "
				"num_attention_heads");
	e->eps = (float)json_number_value(json_object_get(c, "layer_norm_eps"));
	return true;
}

static bool read_config(struct encoder *e, const char *folder, struct err *err)
{
	bool ok = true;
	json_t *c = read_json(folder, "config.json", &ok, err);

	if (!ok)
		return false;
	if (!c)
		return err_fail(err, ERR_NO, "there is no %s/config.json: an encoder's folder "
				"has model.safetensors, vocab.txt and config.json", folder);
	ok = take_config(e, c, err) || err_context(err, "%s/config.json", folder);
	json_decref(c);
	return ok;
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = s ? strlen(s) : 0, m = strlen(end);

	return n >= m && !strcmp(s + n - m, end);
}

static bool is_true(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

static bool read_pooling(struct encoder *e, const char *folder, struct err *err)
{
	bool ok = true;
	json_t *p = read_json(folder, "1_Pooling/config.json", &ok, err);

	if (p && is_true(p, "pooling_mode_cls_token"))
		e->first_token = true;
	else if (p && !is_true(p, "pooling_mode_mean_tokens"))
		ok = err_fail(err, ERR_FORMAT, "%s/1_Pooling/config.json: it pools neither by "
			      "the mean nor by the first token", folder);
	json_decref(p);
	return ok;
}

static bool read_modules(struct encoder *e, const char *folder, struct err *err)
{
	bool ok = true;
	json_t *m = read_json(folder, "modules.json", &ok, err), *row;
	size_t i;

	json_array_foreach(m, i, row) {
		const char *type = json_string_value(json_object_get(row, "type"));

		if (ends_with(type, ".Normalize"))
			e->unit = true;
		else if (!ends_with(type, ".Transformer") && !ends_with(type, ".Pooling"))
			ok = err_fail(err, ERR_FORMAT, "%s/modules.json: its part %s is not "
				      "read", folder, type ? type : "without a type");
	}
	json_decref(m);
	return ok && read_pooling(e, folder, err);
}

static bool read_length(struct encoder *e, const char *folder, struct err *err)
{
	bool ok = true;
	json_t *s = read_json(folder, "sentence_bert_config.json", &ok, err);
	json_int_t n = json_integer_value(json_object_get(s, "max_seq_length"));

	e->longest = e->places < 512 ? e->places : 512;
	if (n >= 2 && n < e->longest)
		e->longest = (unsigned)n;
	json_decref(s);
	return ok && (e->longest >= 2 ||
		      err_fail(err, ERR_FORMAT, "%s: it reads texts of one token", folder));
}

static bool read_pieces(struct encoder *e, const char *folder, struct err *err)
{
	bool ok = true, lower;
	json_t *t = read_json(folder, "tokenizer_config.json", &ok, err);
	STRBUF(path);

	lower = !json_is_false(json_object_get(t, "do_lower_case"));
	json_decref(t);
	strbuf_addf(&path, "%s/vocab.txt", folder);
	if (!ok || !wordpiece_open(&e->pieces, strbuf_c(&path), lower, err))
		return false;
	return wordpiece_count(e->pieces) <= e->vocabulary ||
	       err_fail(err, ERR_FORMAT, "%s has more lines than config.json's vocab_size %u",
			strbuf_c(&path), e->vocabulary);
}

/* ---- weights */

/* Names of tensors, with or without "bert." before them. */
struct naming {
	struct weights *w;
	const char *prefix;
	char layer[64];
};

static bool get(const struct naming *n, const char *name, size_t rows, size_t columns,
		const float **data, struct err *err)
{
	STRBUF(full);

	strbuf_addf(&full, "%s%s%s", n->prefix, n->layer, name);
	return weights_get(n->w, strbuf_c(&full), rows, columns, data, err);
}

/* A published matrix is (out, in); it goes to columns [first, first + out) of `to`. */
struct place {
	const struct dense_kernel *kernel;
	struct dense *to;
	size_t first, out;
};

static bool get_linear(const struct naming *n, const char *name, struct place p,
		       struct err *err)
{
	struct dense_matrix m = {.in = p.to->in, .out = p.out, .by_in = 1, .by_out = p.to->in};
	STRBUF(weight);
	STRBUF(bias);
	const float *add;

	strbuf_addf(&weight, "%s.weight", name);
	strbuf_addf(&bias, "%s.bias", name);
	if (!get(n, strbuf_c(&weight), m.out, m.in, &m.at, err) ||
	    !get(n, strbuf_c(&bias), m.out, 0, &add, err))
		return false;
	p.kernel->put(p.to, &m, p.first, add);
	return true;
}

static bool get_norm(const struct naming *n, const char *name, size_t width,
		     struct encoder_norm *norm, struct err *err)
{
	STRBUF(gain);
	STRBUF(bias);

	strbuf_addf(&gain, "%s.weight", name);
	strbuf_addf(&bias, "%s.bias", name);
	return get(n, strbuf_c(&gain), width, 0, &norm->gain, err) &&
	       get(n, strbuf_c(&bias), width, 0, &norm->bias, err);
}

static bool get_layer(const struct naming *n, const struct encoder *e,
		      struct encoder_layer *l, struct err *err)
{
	const struct dense_kernel *k = e->kernel;
	size_t d = e->width;

	return get_linear(n, "attention.self.query", (struct place){k, &l->qkv, 0, d}, err) &&
	       get_linear(n, "attention.self.key", (struct place){k, &l->qkv, d, d}, err) &&
	       get_linear(n, "attention.self.value", (struct place){k, &l->qkv, 2 * d, d},
			  err) &&
	       get_linear(n, "attention.output.dense", (struct place){k, &l->output, 0, d},
			  err) &&
	       get_norm(n, "attention.output.LayerNorm", d, &l->after_attention, err) &&
	       get_linear(n, "intermediate.dense", (struct place){k, &l->up, 0, e->inner},
			  err) &&
	       get_linear(n, "output.dense", (struct place){k, &l->down, 0, d}, err) &&
	       get_norm(n, "output.LayerNorm", d, &l->after_inner, err);
}

static bool get_embeddings(struct encoder *e, const struct naming *n, struct err *err)
{
	return get(n, "embeddings.word_embeddings.weight", e->vocabulary, e->width, &e->word,
		   err) &&
	       get(n, "embeddings.position_embeddings.weight", e->places, e->width, &e->place,
		   err) &&
	       get(n, "embeddings.token_type_embeddings.weight", 2, e->width, &e->type, err) &&
	       get_norm(n, "embeddings.LayerNorm", e->width, &e->after_embedding, err);
}

static bool read_weights(struct encoder *e, const char *folder, struct err *err)
{
	STRBUF(path);
	struct naming n = {.prefix = ""};

	strbuf_addf(&path, "%s/model.safetensors", folder);
	if (!weights_open(&e->weights, strbuf_c(&path), err))
		return false;
	n.w = e->weights;
	if (weights_have(e->weights, "bert.embeddings.word_embeddings.weight"))
		n.prefix = "bert.";
	if (!get_embeddings(e, &n, err) || !encoder_room(e, err))
		return false;
	for (unsigned i = 0; i < e->layers; i++) {
		snprintf(n.layer, sizeof n.layer, "encoder.layer.%u.", i);
		if (!get_layer(&n, e, &e->layer[i], err))
			return false;
	}
	return true;
}

bool encoder_open(struct encoder **out, const char *folder, struct err *err)
{
	SCOPED(encoder) e = mem_zalloc(sizeof *e);

	if (!read_config(e, folder, err) || !read_modules(e, folder, err) ||
	    !read_length(e, folder, err) || !read_pieces(e, folder, err) ||
	    !read_weights(e, folder, err))
		return false;
	*out = e;
	e = NULL;
	return true;
}

void encoder_destroy(struct encoder *e)
{
	if (!e)
		return;
	wordpiece_destroy(e->pieces);
	weights_destroy(e->weights);
	free(e->own);
	free(e->ordered);
	free(e);
}
