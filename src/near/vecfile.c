/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each form has a reader that says its lines; values are checked as they come. */
#include "config.h"

#include "near/vecfile.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/scope.h"
#include "table/parquet.h"

const char *vecfile_form_name(enum vecfile_form f)
{
	static const char *const names[] = {
		[VECFILE_TEXT] = "word2vec text",
		[VECFILE_BINARY] = "word2vec binary",
		[VECFILE_NPY] = "npy",
		[VECFILE_TSV] = "tsv",
		[VECFILE_PARQUET] = "Parquet",
	};
	return names[f];
}

struct str vecfile_id(const struct vecfile *v, size_t i)
{
	size_t start = i > 0 ? v->ends[i - 1] : 0;
	assert(i < v->n);
	return str_span(strbuf_str(&v->bytes).ptr + start, v->ends[i] - start);
}

void vecfile_finish(struct vecfile *v)
{
	free(v->data);
	free(v->ends);
	strbuf_finish(&v->bytes);
	*v = (struct vecfile){0};
}

#define BAD(...) err_fail(err, ERR_FORMAT, __VA_ARGS__)

/* --- lines */

struct lines {
	struct str rest;
	const char *name;
	size_t number;		/* of the line that was read last */
	unsigned columns;	/* of Parquet, whose lines are rows */
};

static bool next_line(struct lines *l, struct str *line)
{
	if (!str_next(&l->rest, '\n', line) || (line->len == 0 && l->rest.len == 0))
		return false;
	if (line->len > 0 && line->ptr[line->len - 1] == '\r')
		line->len--;
	l->number++;
	return true;
}

static size_t count_lines(struct str text)
{
	struct lines l = {.rest = text};
	struct str line;
	while (next_line(&l, &line))
		;
	return l.number;
}

/* The next run of bytes that are neither spaces nor tabs. */
static bool next_field(struct str *line, struct str *field)
{
	while (line->len > 0 && (*line->ptr == ' ' || *line->ptr == '\t'))
		*line = str_span(line->ptr + 1, line->len - 1);
	size_t n = 0;
	while (n < line->len && line->ptr[n] != ' ' && line->ptr[n] != '\t')
		n++;
	*field = str_span(line->ptr, n);
	*line = str_span(line->ptr + n, line->len - n);
	return n > 0;
}

static size_t count_fields(struct str line)
{
	struct str field;
	size_t n = 0;
	while (next_field(&line, &field))
		n++;
	return n;
}

static bool read_value(struct str field, float *to)
{
	double x;
	if (!num_real(field, &x) || !isfinite((float)x))
		return false;
	*to = (float)x;
	return true;
}

/* dim numbers and nothing else. */
static bool read_values(const struct lines *l, struct str line, unsigned dim, float *to,
			struct err *err)
{
	struct str field;
	for (unsigned j = 0; j < dim; j++) {
		if (!next_field(&line, &field))
			return BAD("%s:%zu: has %u numbers and not %u",
					l->name, l->number, j, dim);
		if (!read_value(field, to + j))
			return BAD("%s:%zu: '%.*s' is no finite number",
					l->name, l->number,
					(int)(field.len < 40 ? field.len : 40), field.ptr);
	}
	if (next_field(&line, &field))
		return BAD("%s:%zu: has more than %u numbers", l->name,
				l->number, dim);
	return true;
}

/* --- memory */

static bool make_room(struct vecfile *v, const char *name, uint64_t n, uint64_t dim,
		      struct err *err)
{
	if (n == 0)
		return BAD("%s: has no vectors", name);
	if (dim == 0 || dim > VECFILE_DIM_MAX || n >= UINT32_MAX)
		return BAD("%s: vectors have 1 to %u dimensions, not %ju",
				name, VECFILE_DIM_MAX, (uintmax_t)dim);
	v->n = n;
	v->dim = (unsigned)dim;
	v->data = mem_big(n * dim, sizeof *v->data, "vectors", err);
	v->ends = mem_big(n, sizeof *v->ends, "ids of vectors", err);
	return v->data && v->ends;
}

static void put_id(struct vecfile *v, size_t i, struct str id)
{
	strbuf_add(&v->bytes, id);
	v->ends[i] = v->bytes.len;
}

/* Every id has something in it and comes once. */
static bool check_ids(const struct vecfile *v, const char *name, struct err *err)
{
	SCOPED(map) seen = map_create();
	for (size_t i = 0; i < v->n; i++) {
		struct str id = vecfile_id(v, i);
		if (id.len == 0)
			return BAD("%s: vector %zu has no id", name, i + 1);
		uint32_t number = map_intern(seen, id, err);
		if (number == MAP_NONE)
			return false;
		if (number != i)
			return BAD("%s: the id '%.*s' comes twice: for "
					"vectors %u and %zu", name, STR_ARG(id), number + 1,
					i + 1);
	}
	return true;
}

/* --- word2vec */

static bool read_text(struct vecfile *v, struct lines *l, struct err *err)
{
	struct str line, id;
	for (size_t i = 0; i < v->n; i++) {
		if (!next_line(l, &line))
			return BAD("%s:1: promises %zu vectors, but there "
					"are %zu", l->name, v->n, i);
		next_field(&line, &id);
		put_id(v, i, id);
		if (!read_values(l, line, v->dim, v->data + i * v->dim, err))
			return false;
	}
	if (next_line(l, &line))
		return BAD("%s:%zu: more vectors than the %zu that its "
				"first line promises", l->name, l->number, v->n);
	return true;
}

static bool read_binary(struct vecfile *v, struct str all, struct str rest, const char *name,
			struct err *err)
{
	size_t size = v->dim * sizeof(float);
	for (size_t i = 0; i < v->n; i++) {
		while (rest.len > 0 && *rest.ptr == '\n')
			rest = str_span(rest.ptr + 1, rest.len - 1);
		size_t space = str_chr(rest, ' ');
		if (space == SIZE_MAX || rest.len - space - 1 < size)
			return BAD("%s: byte %zu: ends in vector %zu of %zu", name,
				    (size_t)(rest.ptr - all.ptr), i + 1, v->n);
		put_id(v, i, str_span(rest.ptr, space));
		float *to = v->data + i * v->dim;
		memcpy(to, rest.ptr + space + 1, size);
		for (unsigned j = 0; j < v->dim; j++)
			if (!isfinite(to[j]))
				return BAD("%s: byte %zu: value %u of vector "
						"%zu is no finite number", name,
						(size_t)(rest.ptr - all.ptr) + space + 1 +
						j * sizeof(float), j + 1, i + 1);
		rest = str_span(rest.ptr + space + 1 + size, rest.len - space - 1 - size);
	}
	if (str_trim(rest).len > 0)
		return BAD("%s: byte %zu: more than the %zu vectors that its "
				"first line promises", name, (size_t)(rest.ptr - all.ptr), v->n);
	return true;
}

/* The line after the first of a text: text, and as many fields as it must have. */
static bool looks_like_text(struct str rest, uint64_t dim)
{
	struct lines l = {.rest = rest};
	struct str line;
	if (!next_line(&l, &line) || count_fields(line) != dim + 1)
		return false;
	for (size_t i = 0; i < line.len; i++)
		if ((unsigned char)line.ptr[i] < ' ' && line.ptr[i] != '\t')
			return false;
	return true;
}

/* "N DIM", parted by a space: in a .tsv there would be a tab. */
static bool read_promise(struct str line, uint64_t *n, uint64_t *dim)
{
	struct str a, b, more;
	return next_field(&line, &a) && next_field(&line, &b) && !next_field(&line, &more) &&
	       num_u64(a, n) && num_u64(b, dim);
}

static bool read_word2vec(struct vecfile *v, struct str bytes, const char *name, uint64_t n,
			  uint64_t dim, struct err *err)
{
	struct lines l = {.rest = bytes, .name = name};
	struct str first;
	next_line(&l, &first);
	if (!l.rest.ptr)
		l.rest = str_span(bytes.ptr + bytes.len, 0);
	bool text = looks_like_text(l.rest, dim);
	uint64_t least = text ? 2 : sizeof(float);	/* bytes of a value */
	v->form = text ? VECFILE_TEXT : VECFILE_BINARY;
	if (dim > 0 && n > l.rest.len / dim / least + 1)
		return BAD("%s: promises %ju vectors of %ju dimensions, which is more than there "
			   "is in it", name, (uintmax_t)n, (uintmax_t)dim);
	return make_room(v, name, n, dim, err) &&
	       (text ? read_text(v, &l, err) : read_binary(v, bytes, l.rest, name, err)) &&
	       check_ids(v, name, err);
}

/* --- matrices with a second file */

static bool read_ids(struct vecfile *v, struct str ids, const char *ids_name, struct err *err)
{
	struct lines l = {.rest = ids, .name = ids_name};
	struct str line, id;
	if (!ids.ptr)
		return err_fail(err, ERR_USAGE, "the ids of the vectors are needed: %s, a line "
				"for each, or --ids FILE", ids_name ? ids_name : "a second file");
	size_t n = count_lines(ids);
	if (n != v->n && n != v->n + 1)
		return BAD("%s: has %zu ids for %zu vectors", ids_name, n,
				v->n);
	if (n == v->n + 1)
		next_line(&l, &line);
	for (size_t i = 0; i < v->n && next_line(&l, &line); i++) {
		size_t tab = str_chr(line, '\t');
		id = str_span(line.ptr, tab == SIZE_MAX ? line.len : tab);
		put_id(v, i, id);
	}
	return check_ids(v, ids_name, err);
}

static bool read_tsv(struct vecfile *v, struct str bytes, const char *name, struct err *err)
{
	struct lines l = {.rest = bytes, .name = name};
	struct str line;
	v->form = VECFILE_TSV;
	if (!next_line(&l, &line))
		return BAD("%s: is empty", name);
	if (!make_room(v, name, count_lines(bytes), count_fields(line), err))
		return false;
	for (size_t i = 0; i < v->n; i++) {
		if (!read_values(&l, line, v->dim, v->data + i * v->dim, err))
			return false;
		next_line(&l, &line);
	}
	return true;
}

/* What follows "'KEY':" in the head of an .npy file. */
static struct str npy_value(struct str head, const char *key)
{
	size_t at = str_find(head, str_from(key));
	if (at == SIZE_MAX)
		return STR_NULL;
	head = str_span(head.ptr + at + strlen(key), head.len - at - strlen(key));
	while (head.len > 0 && (*head.ptr == ' ' || *head.ptr == ':'))
		head = str_span(head.ptr + 1, head.len - 1);
	return head;
}

static bool npy_shape(struct str text, uint64_t *n, uint64_t *dim)
{
	struct str a, b, all = text;
	size_t end = str_chr(text, ')');
	if (text.len == 0 || *text.ptr != '(' || end == SIZE_MAX)
		return false;
	all = str_span(text.ptr + 1, end - 1);
	if (!str_next(&all, ',', &a) || !str_next(&all, ',', &b) || str_trim(all).len > 0)
		return false;
	return num_u64(str_trim(a), n) && num_u64(str_trim(b), dim);
}

static float npy_number(const char *data, size_t i, bool wide)
{
	if (!wide) {
		float x;
		memcpy(&x, data + i * sizeof x, sizeof x);
		return x;
	}
	double x;
	memcpy(&x, data + i * sizeof x, sizeof x);
	return (float)x;
}

static bool npy_data(struct vecfile *v, struct str data, size_t start, const char *name,
		     bool wide, bool by_column, struct err *err)
{
	size_t size = wide ? 8 : 4;
	for (size_t i = 0; i < v->n; i++)
		for (size_t j = 0; j < v->dim; j++) {
			size_t at = by_column ? j * v->n + i : i * v->dim + j;
			float x = npy_number(data.ptr, at, wide);
			if (!isfinite(x))
				return BAD("%s: byte %zu: value %zu of vector "
						"%zu is no finite number", name,
						start + at * size, j + 1, i + 1);
			v->data[i * v->dim + j] = x;
		}
	return true;
}

/* Versions 1 to 3 of NEP 1: magic, version, length of the head, the head. */
static bool read_npy(struct vecfile *v, struct str bytes, const char *name, struct err *err)
{
	const unsigned char *b = (const unsigned char *)bytes.ptr;
	uint64_t n, dim, start = 10, len;
	v->form = VECFILE_NPY;
	if (bytes.len < 12)
		return BAD("%s: is cut off in its head", name);
	len = b[8] | (unsigned)b[9] << 8;
	if (b[6] > 1) {
		start = 12;
		len |= (uint64_t)b[10] << 16 | (uint64_t)b[11] << 24;
	}
	if (bytes.len - start < len)
		return BAD("%s: is cut off in its head", name);
	struct str head = str_span(bytes.ptr + start, len);
	struct str data = str_span(head.ptr + len, bytes.len - start - len);
	struct str type = npy_value(head, "'descr'");
	bool wide = str_starts(type, STR("'<f8'"));
	if (!wide && !str_starts(type, STR("'<f4'")))
		return BAD("%s: has %.*s where '<f4' or '<f8' is wanted", name,
				(int)(type.len < 8 ? type.len : 8), type.ptr ? type.ptr : "");
	if (!npy_shape(npy_value(head, "'shape'"), &n, &dim))
		return BAD("%s: is no matrix (vectors, dimensions)", name);
	bool by_column = str_starts(npy_value(head, "'fortran_order'"), STR("True"));
	size_t size = wide ? 8 : 4;
	if (dim > 0 && (n > data.len / dim / size || n * dim * size != data.len))
		return BAD("%s: has %zu bytes of data for %ju vectors of %ju dimensions", name,
			    data.len, (uintmax_t)n, (uintmax_t)dim);
	return make_room(v, name, n, dim, err) &&
	       npy_data(v, data, start + len, name, wide, by_column, err);
}

/* --- Parquet: the first column is the id */

/* The cells of a row as one text of numbers. */
static struct str row_text(const struct str *cell, unsigned n, struct strbuf *b)
{
	strbuf_reset(b);
	for (unsigned j = 1; j < n; j++) {
		strbuf_adds(b, j > 1 ? " " : "");
		strbuf_add(b, cell[j]);
	}
	for (size_t i = 0; i < b->len; i++)
		if (b->ptr[i] == '|')
			b->ptr[i] = ' ';
	return strbuf_str(b);
}

/* Rows behind those that are there; l->rest is as long as the file has rows. */
static bool read_rows(struct vecfile *v, struct parquet_cursor *c, struct lines *l,
		      struct err *err)
{
	const struct str *cell;
	unsigned n;
	STRBUF(b);

	for (;;) {
		if (!parquet_next(c, &cell, &n, err))
			return false;
		if (!n)
			return true;
		for (unsigned i = 0; i < n; i++, cell += l->columns) {
			struct str text = row_text(cell, l->columns, &b);
			size_t row = l->number++;

			if (!v->data && !make_room(v, l->name, l->rest.len, count_fields(text),
						   err))
				return false;
			put_id(v, row, cell[0]);
			if (!read_values(l, text, v->dim, v->data + row * v->dim, err))
				return false;
		}
	}
}

static bool read_group(struct vecfile *v, const struct parquet *p, unsigned number,
		       struct lines *l, struct err *err)
{
	struct parquet_cursor *c = parquet_cursor_create();
	struct parquet_group *group = NULL;
	bool ok = parquet_load(p, number, &group, err);

	if (ok) {
		parquet_seek(c, group, 0, parquet_group_rows(p, number));
		ok = read_rows(v, c, l, err);
	}
	parquet_group_destroy(group);
	parquet_cursor_destroy(c);
	return ok;
}

static bool read_parquet(struct vecfile *v, struct vecfile_text file, struct err *err)
{
	SCOPED(parquet) p = NULL;
	SCOPED_FREE uint32_t *column = NULL;
	struct lines l = {.name = file.name};

	v->form = VECFILE_PARQUET;
	if (!parquet_parse(&p, file.bytes, file.name, err))
		return false;
	column = mem_alloc(parquet_columns(p) * sizeof *column);
	for (unsigned i = 0; i < parquet_columns(p); i++)
		if (parquet_readable(p, i))
			column[l.columns++] = i;
	if (l.columns < 2)
		return BAD("%s: has no column of ids and one of lists of numbers, or several of "
			   "numbers", file.name);
	parquet_choose(p, column, l.columns);
	for (unsigned g = 0; g < parquet_groups(p); g++)
		l.rest.len += parquet_group_rows(p, g);
	if (l.rest.len > file.bytes.len)
		return BAD("%s: promises %zu vectors, which is more than there is in it",
			   file.name, l.rest.len);
	for (unsigned g = 0; g < parquet_groups(p); g++)
		if (!read_group(v, p, g, &l, err))
			return false;
	return v->data ? check_ids(v, file.name, err) : BAD("%s: has no vectors", file.name);
}

/* --- a file */

static bool parse(struct vecfile *v, struct vecfile_text file, struct vecfile_text second,
		  struct err *err)
{
	struct lines l = {.rest = file.bytes};
	struct str first;
	uint64_t n, dim;
	if (parquet_is(file.bytes))
		return read_parquet(v, file, err);
	if (str_starts(file.bytes, STR("\x93NUMPY")))
		return read_npy(v, file.bytes, file.name, err) &&
		       read_ids(v, second.bytes, second.name, err);
	if (next_line(&l, &first) && str_chr(first, '\t') == SIZE_MAX &&
	    read_promise(first, &n, &dim))
		return read_word2vec(v, file.bytes, file.name, n, dim, err);
	return read_tsv(v, file.bytes, file.name, err) &&
	       read_ids(v, second.bytes, second.name, err);
}

bool vecfile_parse(struct vecfile *v, struct vecfile_text file, struct vecfile_text second,
		   struct err *err)
{
	struct vecfile made = {0};
	if (!parse(&made, file, second, err)) {
		vecfile_finish(&made);
		return false;
	}
	*v = made;
	return true;
}

/* *text is freed by the caller; ptr NULL and true: there is no such file. */
static bool read_whole(const char *path, bool may_lack, char **text, size_t *len,
		       struct err *err)
{
	SCOPED_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	if (fd < 0 && errno == ENOENT && may_lack)
		return true;
	if (fd < 0 || fstat(fd, &st) != 0)
		return err_errno(err, errno, "%s can't be read", path);
	if (!S_ISREG(st.st_mode))
		return err_fail(err, ERR_IO, "%s can't be read: it is no file", path);
	SCOPED_FREE char *room = mem_big((size_t)st.st_size, 1, "a file of vectors", err);
	size_t have = 0;
	if (!room)
		return false;
	while (have < (size_t)st.st_size) {
		ssize_t n = read(fd, room + have, (size_t)st.st_size - have);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, errno, "%s can't be read", path);
		if (n == 0)
			break;
		have += (size_t)n;
	}
	*len = have;
	*text = room;
	room = NULL;
	return true;
}

/* FILE.npy has its ids in FILE.ids or in FILE.metadata.tsv. */
static bool read_second(const char *path, const char *end, char **text, size_t *len,
			struct strbuf *name, struct err *err)
{
	const char *dot = strrchr(path, '.');
	bool extension = dot && !strchr(dot, '/');
	strbuf_reset(name);
	strbuf_add(name, str_span(path, extension ? (size_t)(dot - path) : strlen(path)));
	strbuf_adds(name, end);
	return read_whole(strbuf_c(name), true, text, len, err);
}

bool vecfile_read(struct vecfile *v, const char *path, const char *ids, struct err *err)
{
	SCOPED_FREE char *text = NULL;
	SCOPED_FREE char *second = NULL;
	size_t len, second_len = 0;
	STRBUF(name);
	if (!read_whole(path, false, &text, &len, err))
		return false;
	if (ids) {
		strbuf_adds(&name, ids);
		if (!read_whole(ids, false, &second, &second_len, err))
			return false;
	} else if (!read_second(path, ".metadata.tsv", &second, &second_len, &name, err) ||
		   (!second && !read_second(path, ".ids", &second, &second_len, &name, err))) {
		return false;
	}
	return vecfile_parse(
		v, (struct vecfile_text){str_span(text, len), path},
		(struct vecfile_text){second ? str_span(second, second_len) : STR_NULL,
				      strbuf_c(&name)},
		err);
}
