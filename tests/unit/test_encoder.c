/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces of words and vectors of texts, against published ones and small files of our own. */
#include "config.h"

#include "learn/encoder.h"
#include "learn/text_fit.h"
#include "learn/vocabulary.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/pool.h"
#include "learn/weights.h"
#include "learn/wordpiece.h"
#include "math/blas.h"

#include "unit.h"

#define WIDTH 384

static const char *folder(char *path, size_t size, const char *name)
{
	const char *data = getenv("AISLE_TEST_DATA");

	if (!data)
		skip();
	snprintf(path, size, "%s/minilm%s%s", data, *name ? "/" : "", name);
	return path;
}

static void write_file(const char *path, const void *data, size_t n)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

/* ---- word pieces */

static void check_ids(const struct wordpiece *w, struct str text, struct str want,
		      unsigned most, unsigned line)
{
	uint32_t ids[512];
	unsigned n = wordpiece_encode(w, text, most, ids), i = 0;
	struct str word;

	while (str_next(&want, ' ', &word)) {
		uint64_t id = 0;

		assert_true(num_u64(str_trim(word), &id));
		if (i >= n || ids[i] != id)
			fail_msg("line %u: piece %u", line, i);
		i++;
	}
	assert_int_equal(i, n);
}

static void published_pieces(void **state)
{
	char path[4096], *line = NULL;
	SCOPED(wordpiece) w = NULL;
	struct err err;
	size_t cap = 0;
	unsigned lines = 0;
	FILE *f;

	if (!wordpiece_open(&w, folder(path, sizeof path, "vocab.txt"), true, &err))
		fail_msg("%s", err.text);
	f = fopen(folder(path, sizeof path, "wordpiece.tsv"), "r");
	assert_non_null(f);
	assert_true(getline(&line, &cap, f) > 0);
	for (; getline(&line, &cap, f) > 0; lines++) {
		struct str rest = str_from(line), text, ids = STR_NULL;
		json_t *json;

		assert_true(str_next(&rest, '\t', &text) && str_next(&rest, '\t', &ids));
		json = json_loadb(text.ptr, text.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
		assert_non_null(json);
		check_ids(w, str_span(json_string_value(json), json_string_length(json)),
			  ids, 256, lines + 2);
		json_decref(json);
	}
	free(line);
	fclose(f);
	assert_int_equal(lines, 40);
}

static void small_vocabulary(void **state)
{
	const struct str piece[] = {
		STR("[UNK]"), STR("[CLS]"), STR("[SEP]"), STR("red"), STR("##dish"),
		STR("sh"), STR("##oe"), STR("-"), STR("##s"),
	};
	SCOPED(wordpiece) w = NULL;
	struct err err;

	assert_true(wordpiece_make(&w, (struct strs){piece, 9}, true, &err));
	check_ids(w, STR("Reddish  r\xc3\xa9" "d-shoes"), STR("1 3 4 3 7 5 6 8 2"), 64, 1);
	check_ids(w, STR("blue"), STR("1 0 2"), 64, 2);
	check_ids(w, STR("red shoes [SEP] red"), STR("1 3 5 6 2"), 5, 3);
	check_ids(w, STR("[SEP]red"), STR("1 2 3 2"), 64, 4);
	check_ids(w, STR("red"), STR("1 2"), 2, 5);
	assert_false(wordpiece_make(&w, (struct strs){piece + 3, 6}, true, &err));
	assert_int_equal(err.code, ERR_FORMAT);
}

/* ---- tensors */

static bool open_tensors(struct weights **w, const char *header, const void *data, size_t n,
			 struct err *err)
{
	char path[] = "/tmp/test_encoder.XXXXXX", file[4096] = {0};
	int fd = mkstemp(path);
	size_t len = strlen(header);
	bool ok;

	assert_true(fd >= 0 && len + n + 8 < sizeof file);
	close(fd);
	file[0] = (char)len;
	file[1] = (char)(len >> 8);
	memcpy(file + 8, header, len);
	memcpy(file + 8 + len, data, n);
	write_file(path, file, 8 + len + n);
	ok = weights_open(w, path, err);
	unlink(path);
	return ok;
}

static void types_of_numbers(void **state)
{
	const uint16_t half[] = {0x3c00, 0xc000, 0x0001, 0x7c00}, brain[] = {0x3f80, 0xc049};
	const float single[] = {0.5f, -3};
	static const char header[] =
		"{\"h\":{\"dtype\":\"F16\",\"shape\":[2,2],\"data_offsets\":[0,8]},"
		"\"b\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[8,12]},"
		"\"s\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[12,20]},"
		"\"i\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}";
	unsigned char data[20];
	SCOPED(weights) w = NULL;
	const float *x;
	struct err err;

	memcpy(data, half, 8);
	memcpy(data + 8, brain, 4);
	memcpy(data + 12, single, 8);
	assert_true(open_tensors(&w, header, data, 20, &err));
	assert_true(weights_get(w, "h", 2, 2, &x, &err));
	assert_true(x[0] == 1 && x[1] == -2 && x[2] == ldexpf(1, -24) && isinf(x[3]));
	assert_true(weights_get(w, "b", 2, 0, &x, &err));
	assert_true(x[0] == 1 && x[1] == -3.140625f);
	assert_true(weights_get(w, "s", 1, 2, &x, &err));
	assert_true(x[0] == 0.5f && x[1] == -3);
	assert_false(weights_get(w, "s", 2, 1, &x, &err));
	assert_non_null(strstr(err.text, "shape 2 x 1"));
	assert_false(weights_get(w, "i", 1, 0, &x, &err));
	assert_non_null(strstr(err.text, "I64"));
	assert_false(weights_get(w, "gone", 1, 0, &x, &err));
	assert_non_null(strstr(err.text, "no tensor gone"));
}

static void hostile_tensors(void **state)
{
	static const char *const header[] = {
		"{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
		"{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-4,4]}}",
		"{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}",
		"{\"x\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,8]}}",
		"{\"x\":{\"dtype\":\"F32\",\"shape\":[9007199254740992],\"data_offsets\":[0,8]}}",
		"{\"x\":{\"shape\":[2],\"data_offsets\":[0,8]}}",
		"{\"x\":3}",
	};

	for (size_t i = 0; i < sizeof header / sizeof *header; i++) {
		SCOPED(weights) w = NULL;
		const float *x;
		struct err err;

		assert_true(open_tensors(&w, header[i], "01234567", 8, &err));
		assert_false(weights_get(w, "x", 2, 0, &x, &err));
		assert_int_equal(err.code, ERR_FORMAT);
	}
	for (unsigned i = 0; i < 2; i++) {
		SCOPED(weights) w = NULL;
		struct err err;

		assert_false(open_tensors(&w, i ? "[]" : "{\"x\":", "", 0, &err));
		assert_int_equal(err.code, ERR_FORMAT);
	}
}

/* ---- vectors */

static unsigned read_reference(struct str *text, float (*vector)[WIDTH], char **lines)
{
	char path[4096];
	size_t cap = 0;
	unsigned n = 0;
	FILE *f = fopen(folder(path, sizeof path, "reference.tsv"), "r");

	assert_non_null(f);
	assert_true(getline(&lines[0], &cap, f) > 0);
	while (n < 20) {
		struct str rest, field, number;

		cap = 0;
		lines[n] = n ? NULL : (free(lines[0]), NULL);
		if (getline(&lines[n], &cap, f) <= 0)
			break;
		rest = str_trim(str_from(lines[n]));
		assert_true(str_next(&rest, '\t', &field) && str_next(&rest, '\t', &text[n]) &&
			    str_next(&rest, '\t', &field) && str_next(&rest, '\t', &field));
		for (unsigned d = 0; str_next(&field, ' ', &number); d++) {
			double x = 0;

			assert_true(d < WIDTH && num_real(number, &x));
			vector[n][d] = (float)x;
		}
		n++;
	}
	fclose(f);
	return n;
}

static void published_vectors(void **state)
{
	static float want[20][WIDTH], got[20][WIDTH], again[20][WIDTH];
	char path[4096], *lines[20] = {0};
	struct str text[20];
	SCOPED(encoder) e = NULL;
	SCOPED(pool) three = pool_create(3);
	struct err err;
	double worst = 0;
	unsigned n = read_reference(text, want, lines);

	assert_int_equal(n, 20);
	if (!encoder_open(&e, folder(path, sizeof path, ""), &err) ||
	    !encoder_encode(e, text, n, got[0], (struct work){0}, &err) ||
	    !encoder_encode(e, text, n, again[0], (struct work){three, NULL}, &err))
		fail_msg("%s", err.text);
	assert_int_equal(encoder_width(e), WIDTH);
	for (unsigned i = 0; i < n; i++)
		for (unsigned d = 0; d < WIDTH; d++)
			worst = fmax(worst, fabs((double)got[i][d] - want[i][d]));
	if (!(worst < 1e-5))
		fail_msg("vectors differ by %g", worst);
	assert_memory_equal(got, again, sizeof got);
	for (unsigned i = 0; i < n; i++)
		free(lines[i]);
}

static void folders_that_are_none(void **state)
{
	char path[] = "/tmp/test_encoder.XXXXXX", file[64];
	static const char roberta[] = "{\"model_type\":\"roberta\"}";
	SCOPED(encoder) e = NULL;
	struct err err;

	assert_non_null(mkdtemp(path));
	assert_false(encoder_open(&e, path, &err));
	assert_int_equal(err.code, ERR_NO);
	assert_non_null(strstr(err.text, "config.json"));
	snprintf(file, sizeof file, "%s/config.json", path);
	write_file(file, roberta, sizeof roberta - 1);
	assert_false(encoder_open(&e, path, &err));
	assert_int_equal(err.code, ERR_FORMAT);
	assert_non_null(strstr(err.text, "model_type is roberta"));
	unlink(file);
	rmdir(path);
}

/* --- trained here */

static const char *const own_texts[] = {
	"blue cotton shirt with long sleeves", "red cotton shirt with short sleeves",
	"blue denim jeans with a high waist", "black denim jeans with a low waist",
	"warm wool coat", "warm wool jacket with a hood", "leather boots", "leather shoes",
};
#define OWN (sizeof own_texts / sizeof *own_texts)

/* Lines as strings; the caller frees at. */
static struct strs own_pieces(struct strbuf *b, unsigned most)
{
	struct str text[OWN], rest, line, *at = mem_alloc((most + 1) * sizeof *at);
	struct err err = {0};
	unsigned n = 0;

	for (size_t i = 0; i < OWN; i++)
		text[i] = str_from(own_texts[i]);
	assert_true(vocabulary_learn(text, OWN, most, b, (struct work){0}, &err));
	for (rest = strbuf_str(b); str_next(&rest, '\n', &line);)
		if (line.len)
			at[n++] = line;
	assert_true(n <= most);
	return (struct strs){at, n};
}

static void vocabulary(void **state)
{
	struct err err = {0};
	uint32_t id[64];
	STRBUF(b);
	struct strs piece = own_pieces(&b, 90);
	SCOPED(wordpiece) w = NULL;
	bool shirt = false;

	assert_true(wordpiece_make(&w, piece, true, &err));
	assert_true(str_is(piece.at[1], "[UNK]") && str_is(piece.at[4], "[MASK]"));
	for (unsigned i = 0; i < piece.n; i++)
		shirt = shirt || str_is(piece.at[i], "with");
	assert_true(shirt);	/* met the most often */
	for (size_t i = 0; i < OWN; i++) {
		unsigned n = wordpiece_encode(w, str_from(own_texts[i]), 64, id);

		assert_true(n > 2);
		for (unsigned k = 0; k < n; k++)
			assert_true(id[k] != 1);	/* no [UNK] */
	}
	free((void *)piece.at);
}

/* What is embedded with is what was trained. */
static void own_vectors(void **state)
{
	struct err err = {0};
	STRBUF(b);
	struct strs piece = own_pieces(&b, 120);
	const struct transformer t = {.layers = 2, .heads = 2, .width = 64, .inner = 128,
				      .vocabulary = piece.n, .places = 32};
	float *theta = mem_zalloc(transformer_size(&t) * sizeof *theta);
	float *table = mem_zalloc(piece.n * t.width * sizeof *table);
	const struct transformer_weights weights = {theta, table};
	SCOPED(wordpiece) w = NULL;
	SCOPED(encoder) e = NULL;

	transformer_begin(&t, 7, theta, table);
	for (size_t i = 0; i < transformer_size(&t); i += 3)
		theta[i] += .1F;
	assert_true(blas_load(&err) && wordpiece_make(&w, piece, true, &err));
	assert_true(encoder_of(&e, &t, weights, piece, &err));
	assert_int_equal(encoder_width(e), t.width);
	for (size_t i = 0; i < OWN; i++) {
		struct str text = str_from(own_texts[i]);
		float out[64], y[64], length;
		uint32_t id[32];
		size_t offset[] = {0, wordpiece_encode(w, text, 32, id)};
		const struct transformer_batch batch = {id, offset, 1};
		struct transformer_room room = {
			mem_zalloc(transformer_room(&t, &batch) * sizeof(float))};

		assert_true(encoder_encode(e, &text, 1, out, (struct work){0}, &err));
		transformer_forward(&t, weights, &batch, room);
		transformer_pool(&batch, t.width, transformer_rows(&t, &batch, room), y,
				 &length);
		for (unsigned k = 0; k < 64; k++)
			assert_true(fabsf(out[k] - y[k]) < 1e-5F);
		free(room.at);
	}
	free((void *)piece.at);
	free(theta);
	free(table);
}

/* The loss of every way to learn falls, and one seed gives the same bytes. */
static void own_training(void **state)
{
	static const uint32_t pair[][2] = {{0, 1}, {2, 3}, {4, 5}, {6, 7}};
	enum { EPOCHS = 30 };
	struct err err = {0};
	STRBUF(b);
	struct strs piece = own_pieces(&b, 60);
	const struct transformer t = {.layers = 1, .heads = 2, .width = 16, .inner = 32,
				      .vocabulary = piece.n, .places = 32};
	size_t n = transformer_size(&t), words = piece.n * t.width;
	SCOPED(wordpiece) w = NULL;
	uint32_t id[OWN * 32];
	uint64_t offset[OWN + 1] = {0};
	float *theta = mem_zalloc(2 * n * sizeof *theta);
	float *table = mem_zalloc(2 * words * sizeof *table);

	assert_true(blas_load(&err) && wordpiece_make(&w, piece, true, &err));
	for (size_t i = 0; i < OWN; i++) {
		uint32_t own[32];
		unsigned k = wordpiece_encode(w, str_from(own_texts[i]), 32, own);

		memcpy(id + offset[i], own + 1, (k - 2) * sizeof *id);
		offset[i + 1] = offset[i] + k - 2;
	}
	for (enum text_fit_by by = TEXT_CROPS; by <= TEXT_PAIRS; by++) {
		const struct text_fit f = {
			.by = by, .id = id, .offset = offset, .n = OWN, .pair = pair, .n_pairs = 4,
			.first = 2, .last = 3, .mask = 4, .batch = 4, .epochs = EPOCHS,
			.rate = .01, .temperature = .1, .seed = 3,
		};
		double loss[EPOCHS], early = 0, late = 0;

		for (int twice = 0; twice < 2; twice++) {
			transformer_begin(&t, 5, theta + twice * n, table + twice * words);
			assert_true(text_fit(&t, theta + twice * n, table + twice * words, &f,
					     loss, (struct work){0}, &err));
		}
		assert_memory_equal(theta, theta + n, n * sizeof *theta);
		assert_memory_equal(table, table + words, words * sizeof *table);
		for (unsigned i = 0; i < 8; i++) {
			early += loss[i];
			late += loss[EPOCHS - 1 - i];
		}
		assert_true(late < .8 * early);
	}
	free((void *)piece.at);
	free(theta);
	free(table);
}

UNIT_TESTS(encoder, UNIT(published_pieces), UNIT(small_vocabulary), UNIT(types_of_numbers),
	   UNIT(hostile_tensors), UNIT(published_vectors), UNIT(folders_that_are_none),
	   UNIT(vocabulary), UNIT(own_vectors), UNIT(own_training))
