/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads safetensors: eight bytes with the length of a header, that header in JSON (a
 * type, a shape and two offsets per tensor), then the numbers, all little-endian.
 */
#include "config.h"

#include "learn/weights.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/str.h"

#define HEADER_MOST (UINT64_C(64) << 20)	/* bytes; published ones have some 100 KB */

struct converted {
	const char *name;	/* the header's */
	float *data;
};

struct weights {
	char *path;
	const unsigned char *map;
	size_t size;
	size_t data;		/* where the tensors begin */
	json_t *header;
	struct converted *converted;
	size_t n, cap;
};

/* A tensor as the header tells it. */
struct tensor {
	const char *type;
	const unsigned char *at;
	size_t bytes, count;
};

void weights_destroy(struct weights *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < w->n; i++)
		free(w->converted[i].data);
	free(w->converted);
	json_decref(w->header);
	if (w->map)
		munmap((void *)w->map, w->size);
	free(w->path);
	free(w);
}

static bool map_file(struct weights *w, struct err *err)
{
	SCOPED_FD int fd = open(w->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	void *map;

	if (fd < 0 && errno == ENOENT)
		return err_fail(err, ERR_NO, "there is no %s", w->path);
	if (fd < 0 || fstat(fd, &st))
		return err_errno(err, errno, "can't open %s", w->path);
	if (!S_ISREG(st.st_mode) || st.st_size < 8)
		return err_fail(err, ERR_FORMAT, "%s: not a file of tensors (safetensors)",
				w->path);
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return err_errno(err, errno, "can't map %s", w->path);
	w->map = map;
	w->size = (size_t)st.st_size;
	return true;
}

static bool read_header(struct weights *w, struct err *err)
{
	uint64_t n = 0;
	json_error_t why;

	for (unsigned i = 8; i-- > 0;)
		n = n << 8 | w->map[i];
	if (n > HEADER_MOST || n > w->size - 8)
		return err_fail(err, ERR_FORMAT, "%s: not a file of tensors (safetensors): its "
				"header doesn't fit into it", w->path);
	w->header = json_loadb((const char *)w->map + 8, (size_t)n, JSON_REJECT_DUPLICATES,
			       &why);
	if (!json_is_object(w->header))
		return err_fail(err, ERR_FORMAT, "%s: its header is not JSON: %s", w->path,
				why.text);
	w->data = 8 + (size_t)n;
	return true;
}

static bool broken(const struct weights *w, const char *name, struct err *err)
{
	return err_fail(err, ERR_FORMAT, "%s: the place of tensor %s is not within the file",
			w->path, name);
}

/* How many numbers a shape has; false when that is absurd. */
static bool count_of(const json_t *shape, size_t most, size_t *count)
{
	size_t i;
	json_t *side;

	*count = 1;
	json_array_foreach(shape, i, side) {
		json_int_t n = json_integer_value(side);

		if (!json_is_integer(side) || n < 0 || (n > 0 && *count > most / (size_t)n))
			return false;
		*count *= (size_t)n;
	}
	return true;
}

static unsigned bytes_of(const char *type)
{
	if (!strcmp(type, "F32"))
		return 4;
	return !strcmp(type, "F16") || !strcmp(type, "BF16") ? 2 : 0;
}

static bool find_tensor(const struct weights *w, const char *name, struct tensor *t,
			struct err *err)
{
	const json_t *row = json_object_get(w->header, name);
	const json_t *offsets = json_object_get(row, "data_offsets"),
		     *shape = json_object_get(row, "shape");
	json_int_t from = json_integer_value(json_array_get(offsets, 0)),
		   end = json_integer_value(json_array_get(offsets, 1));

	if (!row)
		return err_fail(err, ERR_FORMAT, "%s: there is no tensor %s", w->path, name);
	t->type = json_string_value(json_object_get(row, "dtype"));
	if (!t->type || json_array_size(offsets) != 2 || from < 0 || end < from ||
	    (uint64_t)end > w->size - w->data)
		return broken(w, name, err);
	if (!bytes_of(t->type))
		return err_fail(err, ERR_FORMAT, "%s: tensor %s is of type %s; only F32, F16 "
				"and BF16 are read", w->path, name, t->type);
	t->at = w->map + w->data + from;
	t->bytes = (size_t)(end - from);
	if (!json_is_array(shape) || !count_of(shape, t->bytes, &t->count) ||
	    t->count * bytes_of(t->type) != t->bytes)
		return broken(w, name, err);
	return true;
}

/* IEEE 754 binary16. */
static float from_half(uint16_t h)
{
	int exponent = h >> 10 & 31;
	float fraction = (float)(h & 1023) / 1024, x;

	if (exponent == 31)
		x = h & 1023 ? NAN : INFINITY;
	else
		x = exponent ? ldexpf(1 + fraction, exponent - 15) : ldexpf(fraction, -14);
	return h >> 15 ? -x : x;
}

static void convert(const struct tensor *t, float *out)
{
	bool single = !strcmp(t->type, "F32"), brain = !strcmp(t->type, "BF16");

	for (size_t i = 0; i < t->count; i++) {
		const unsigned char *b = t->at + i * (single ? 4 : 2);
		uint32_t bits = (uint32_t)b[0] | (uint32_t)b[1] << 8;

		if (single)
			bits |= (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
		if (brain)
			bits <<= 16;
		if (single || brain)
			memcpy(out + i, &bits, sizeof bits);
		else
			out[i] = from_half((uint16_t)bits);
	}
}

/* Floats of it that are made once. */
static const float *converted(struct weights *w, const char *name, const struct tensor *t,
			      struct err *err)
{
	float *data;

	for (size_t i = 0; i < w->n; i++)
		if (!strcmp(w->converted[i].name, name))
			return w->converted[i].data;
	data = mem_big(t->count, sizeof *data, "weights", err);
	if (!data)
		return NULL;
	convert(t, data);
	MEM_GROW(w->converted, w->cap, w->n + 1);
	w->converted[w->n++] = (struct converted){
		json_object_iter_key(json_object_iter_at(w->header, name)), data,
	};
	return data;
}

static bool in_place(const struct tensor *t)
{
	return !strcmp(t->type, "F32") && (uintptr_t)t->at % _Alignof(float) == 0 &&
	       __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
}

bool weights_get(struct weights *w, const char *name, size_t rows, size_t columns,
		 const float **data, struct err *err)
{
	const json_t *shape = json_object_get(json_object_get(w->header, name), "shape");
	size_t sides = columns ? 2 : 1;
	struct tensor t = {0};

	if (!find_tensor(w, name, &t, err))
		return false;
	if (json_array_size(shape) != sides ||
	    (size_t)json_integer_value(json_array_get(shape, 0)) != rows ||
	    (columns &&
	     (size_t)json_integer_value(json_array_get(shape, 1)) != columns))
		return err_fail(err, ERR_FORMAT, "%s: tensor %s has not the shape %zu%s%.0zu "
				"that the model's config.json says", w->path, name, rows,
				columns ? " x " : "", columns);
	*data = in_place(&t) ? (const float *)(const void *)t.at
			     : converted(w, name, &t, err);
	return *data;
}

bool weights_have(const struct weights *w, const char *name)
{
	return json_object_get(w->header, name);
}

bool weights_open(struct weights **out, const char *path, struct err *err)
{
	SCOPED(weights) w = mem_zalloc(sizeof *w);

	w->path = mem_strdup(path);
	if (!map_file(w, err) || !read_header(w, err))
		return false;
	*out = w;
	w = NULL;
	return true;
}
