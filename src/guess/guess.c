/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A proposal of a mapping: a sample of the file, its columns, their roles, the text. */
#include "config.h"

#include "guess/guess.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "data/record_split.h"
#include "data/unpack.h"
#include "guess/guess_impl.h"
#include "table/json.h"
#include "table/parquet.h"

#define SAMPLE_HEAD ((size_t)2 << 20)
#define GIVEN_HEAD ((size_t)256 << 10) /* where the mapping is known */
#define SAMPLE_REST ((size_t)256 << 10) /* from the middle and from the end */

static void guess_finish(struct guess *g)
{
	for (unsigned i = 0; i < DATASET_COLUMNS; i++) {
		map_destroy(g->column[i].values);
		free(g->column[i].code);
		free(g->column[i].count);
	}
	for (int k = 0; k < MAPPING_KEYS; k++)
		strbuf_finish(&g->note[k]);
	free(g->line);
	strbuf_finish(&g->footer);
	strbuf_finish(&g->text);
	mapping_destroy(g->map);
	arena_destroy(g->arena);
	free(g);
}

/* head_lines: so many lines of the sample are the file's first ones. */
static bool propose(const char *name, struct str bytes, bool whole, uint64_t head_lines,
		    struct strbuf *out, struct err *err)
{
	struct guess *g = mem_zalloc(sizeof *g);
	STRBUF(text);
	bool ok;

	g->file = name;
	g->arena = arena_create();
	g->map = mapping_create("the proposal");
	g->head_lines = head_lines;
	ok = guess_sample(g, bytes, whole, err);
	if (ok) {
		guess_roles(g);
		ok = guess_tell(g, &text, err);
	}
	guess_finish(g);
	if (ok)
		strbuf_add(out, strbuf_str(&text));
	return ok;
}

bool guess_text(const char *name, struct str bytes, bool whole, struct strbuf *out,
		struct err *err)
{
	return propose(name, bytes, whole, UINT64_MAX, out, err);
}

/* Whole lines from [at, at + len) of the file. */
static bool read_part(int fd, off_t at, size_t len, struct strbuf *b)
{
	SCOPED_FREE char *part = mem_alloc(len);
	size_t n = 0, from = 0;

	while (n < len) {
		ssize_t got = pread(fd, part + n, len - n, at + (off_t)n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return false;
		if (got == 0)
			break;
		n += (size_t)got;
	}
	if (at > 0) {
		const char *eol = memchr(part, '\n', n);

		from = eol ? (size_t)(eol - part) + 1 : n;
	}
	if (n == len) {
		const char *eol = memrchr(part + from, '\n', n - from);

		n = eol ? (size_t)(eol - part) + 1 : n;
	}
	strbuf_add(b, str_span(part + from, n - from));
	return true;
}

/* The head of what can be read once only. */
static bool read_head(struct unpack *in, size_t most, struct strbuf *b, bool *whole,
		      struct err *err)
{
	SCOPED_FREE char *part = mem_alloc(most);
	size_t n = 0, got = 1;

	while (n < most && got) {
		if (!unpack_read(in, (struct unpack_room){part + n, most - n, 0}, &got, err))
			return false;
		n += got;
	}
	*whole = n < most;
	if (!*whole) {
		const char *eol = memrchr(part, '\n', n);

		n = eol ? (size_t)(eol - part) + 1 : n;
	}
	strbuf_add(b, str_span(part, n));
	return true;
}

/* Standard input can't be opened again as a table. */
static bool no_table(const char *path, const struct strbuf *b, struct err *err)
{
	if (!parquet_is(strbuf_str(b)) && !json_is(strbuf_str(b)))
		return true;
	return err_fail(err, ERR_FORMAT, "%s is JSON or Parquet: a guess wants the file's name",
			strcmp(path, "-") == 0 ? "standard input" : path);
}

/* Where the middle part begins: it touches neither the head nor the end. */
static off_t middle_of(off_t size)
{
	off_t from = (off_t)SAMPLE_HEAD, to = size - 2 * (off_t)SAMPLE_REST;

	return size / 2 < from ? from : size / 2 > to ? to : size / 2;
}

bool guess_file(const char *path, struct strbuf *out, struct err *err)
{
	SCOPED(unpack) in = NULL;
	SCOPED_FD int fd = -1;
	struct stat st;
	STRBUF(b);
	uint64_t head_lines;
	bool whole, wide, ok, standard = strcmp(path, "-") == 0;

	if (!standard && !guess_table(path, SAMPLE_HEAD, &b, err))
		return false;
	if (b.len)
		return propose(path, strbuf_str(&b), b.len < SAMPLE_HEAD, 0, out, err);
	if (!unpack_open(&in, path, err))
		return false;
	if (standard || unpack_packed(in) || stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return read_head(in, SAMPLE_HEAD, &b, &whole, err) &&
			no_table(path, &b, err) &&
			guess_text(path, strbuf_str(&b), whole, out, err);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_errno(err, errno, "cannot open %s", path);
	/* Parts that would touch are read as one. */
	whole = (uint64_t)st.st_size <= SAMPLE_HEAD + 3 * SAMPLE_REST;
	ok = read_part(fd, 0, whole ? (size_t)st.st_size + 1 : SAMPLE_HEAD, &b);
	head_lines = split_count_lines(strbuf_str(&b));
	/* UTF-16 has no line ends of one byte. */
	wide = b.len > 1 && (memchr(b.ptr, 0, b.len < 4096 ? b.len : 4096) ||
			     (unsigned char)b.ptr[0] >= 0xfe);
	if (ok && !whole && !wide)
		ok = read_part(fd, middle_of(st.st_size), SAMPLE_REST, &b) &&
		     read_part(fd, st.st_size - (off_t)SAMPLE_REST, SAMPLE_REST, &b);
	if (!ok)
		return err_errno(err, errno, "cannot read %s", path);
	return propose(path, strbuf_str(&b), whole, head_lines, out, err);
}

void guess_unnamed(const char *path, const struct mapping *m, struct strbuf *out)
{
	struct guess *g;
	SCOPED(unpack) in = NULL;
	struct stat st;
	STRBUF(b);
	bool whole;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode) ||
	    !guess_table(path, GIVEN_HEAD, &b, NULL))
		return;
	whole = b.len > 0 && b.len < GIVEN_HEAD;
	if (!b.len && (!unpack_open(&in, path, NULL) ||
		       !read_head(in, GIVEN_HEAD, &b, &whole, NULL)))
		return;
	g = mem_zalloc(sizeof *g);
	g->file = path;
	g->arena = arena_create();
	g->map = mapping_create("the mapping");
	g->head_lines = UINT64_MAX;
	if (guess_sample(g, strbuf_str(&b), whole, NULL)) {
		guess_roles_given(g, m);
		guess_warn_given(g, out);
	}
	guess_finish(g);
}
