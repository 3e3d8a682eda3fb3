/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files and row groups. Of a group nothing is kept but where its columns are: whole ones are
 * larger than any cache, and fresh memory costs more than to read twice. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "base/mem.h"
#include "table/parquet_impl.h"

#define PART ((size_t)256 << 10)	/* bytes read at once */
#define TAIL 8	/* bytes of the length and the mark behind the footer */

bool parquet_fail(const struct parquet_place *at, struct err *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err_vfail(err, ERR_FORMAT, fmt, ap);
	va_end(ap);
	if (at->leaf == PARQUET_NONE)
		return err_context(err, "%s: row group %u", at->file->path, at->group + 1);
	return err_context(err, "%s: row group %u, column %.*s", at->file->path, at->group + 1,
			   STR_ARG(at->file->leaf[at->leaf].name));
}

bool parquet_is(struct str bytes)
{
	return str_starts(bytes, STR(PARQUET_MAGIC)) || str_starts(bytes, STR("PARE"));
}

void parquet_destroy(struct parquet *p)
{
	if (!p)
		return;
	if (p->fd >= 0)
		close(p->fd);
	for (unsigned i = 0; i < p->n_groups; i++)
		free(p->group[i].chunk);
	free(p->group);
	free(p->leaf);
	arena_destroy(p->arena);
	free(p->footer);
	free(p->chosen);
	free(p->path);
	free(p);
}

bool parquet_read_at(const struct parquet *p, uint64_t at, char *to, size_t n,
		     struct err *err)
{
	if (p->fd < 0) {
		memcpy(to, p->bytes.ptr + at, n);
		return true;
	}
	while (n) {
		ssize_t got = pread(p->fd, to, n, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_errno(err, errno, "cannot read %s", p->path);
		if (got == 0)
			return err_fail(err, ERR_FORMAT, "%s became shorter while it was read",
					p->path);
		at += (uint64_t)got;
		to += got;
		n -= (size_t)got;
	}
	return true;
}

static bool read_end(struct parquet *p, struct err *err)
{
	char tail[TAIL];
	uint64_t n = 0;

	if (p->size < sizeof tail + 4)
		return err_fail(err, ERR_FORMAT, "%s is a Parquet file that is cut short", p->path);
	if (!parquet_read_at(p, p->size - sizeof tail, tail, sizeof tail, err))
		return false;
	if (memcmp(tail + 4, "PARE", 4) == 0)
		return err_fail(err, ERR_FORMAT, "%s is an encrypted Parquet file", p->path);
	for (unsigned i = 0; i < 4; i++)
		n |= (uint64_t)(uint8_t)tail[i] << (8 * i);
	if (memcmp(tail + 4, PARQUET_MAGIC, 4) != 0 || n > p->size - sizeof tail - 4)
		return err_fail(err, ERR_FORMAT, "%s is a Parquet file that is cut short or "
				"damaged: its end doesn't say where its columns are", p->path);
	p->footer = mem_big(n, 1, "a footer", err);
	p->footer_len = (size_t)n;
	return p->footer && parquet_read_at(p, p->size - sizeof tail - n, p->footer, n, err) &&
	       parquet_read_footer(p, err);
}

static struct parquet *create(const char *name)
{
	struct parquet *p = mem_zalloc(sizeof *p);

	p->path = mem_strdup(name);
	p->arena = arena_create();
	p->fd = -1;
	return p;
}

bool parquet_open(struct parquet **out, const char *path, struct err *err)
{
	SCOPED(parquet) p = create(path);
	struct stat st;

	p->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (p->fd < 0 || fstat(p->fd, &st) < 0)
		return err_errno(err, errno, "cannot open %s", path);
	if (!S_ISREG(st.st_mode))
		return err_fail(err, ERR_FORMAT, "%s is no regular file: Parquet is read from "
				"its end", path);
	p->size = (uint64_t)st.st_size;
	if (!read_end(p, err))
		return false;
	*out = p;
	p = NULL;
	return true;
}

bool parquet_parse(struct parquet **out, struct str bytes, const char *name, struct err *err)
{
	SCOPED(parquet) p = create(name);

	p->bytes = bytes;
	p->size = bytes.len;
	if (!read_end(p, err))
		return false;
	*out = p;
	p = NULL;
	return true;
}

unsigned parquet_columns(const struct parquet *p)
{
	return p->n_leaves;
}

struct str parquet_column(const struct parquet *p, unsigned i)
{
	return p->leaf[i].name;
}

bool parquet_readable(const struct parquet *p, unsigned i)
{
	return p->leaf[i].readable;
}

struct str parquet_footer(const struct parquet *p)
{
	return str_span(p->footer, p->footer_len);
}

unsigned parquet_groups(const struct parquet *p)
{
	return p->n_groups;
}

uint64_t parquet_group_rows(const struct parquet *p, unsigned group)
{
	return p->group[group].rows;
}

void parquet_choose(struct parquet *p, const uint32_t *column, unsigned n)
{
	p->chosen = mem_resize(p->chosen, n + 1, sizeof *p->chosen);
	for (unsigned i = 0; i < n; i++)
		p->chosen[i] = column[i];
	p->n_chosen = n;
}

/* ---- row groups */

/* All chosen columns can be read; *bytes: of them together. */
static bool check_chosen(const struct parquet *p, unsigned group, uint64_t *bytes,
			 struct err *err)
{
	*bytes = 0;
	for (unsigned i = 0; i < p->n_chosen; i++) {
		uint32_t leaf = p->chosen[i];
		struct parquet_place at = {p, group, leaf};

		if (leaf == PARQUET_NONE)
			continue;
		if (!p->leaf[leaf].readable)
			return parquet_fail(&at, err, "its values are of a kind that isn't "
					    "read: a list of groups or lists, a map, an interval "
					    "or a number of half precision");
		if (!p->leaf[leaf].repeated &&
		    p->group[group].chunk[leaf].values != p->group[group].rows)
			return parquet_fail(&at, err, "it has another number of values than "
					    "the group has rows");
		*bytes += p->group[group].chunk[leaf].bytes;
	}
	return true;
}

bool parquet_load(const struct parquet *p, unsigned group, struct parquet_group **out,
		  struct err *err)
{
	struct parquet_group *g;
	uint64_t bytes;

	if (!check_chosen(p, group, &bytes, err))
		return false;
	g = mem_zalloc(sizeof *g);
	g->file = p;
	g->number = group;
	g->bytes = bytes;
	atomic_init(&g->owners, 1);
	*out = g;
	return true;
}

struct parquet_group *parquet_group_share(struct parquet_group *g)
{
	atomic_fetch_add(&g->owners, 1);
	return g;
}

void parquet_group_destroy(struct parquet_group *g)
{
	if (!g || atomic_fetch_sub(&g->owners, 1) > 1)
		return;
	free(g);
}

uint64_t parquet_group_bytes(const struct parquet_group *g)
{
	return g->bytes;
}

bool parquet_group_crc(const struct parquet_group *g, uint32_t seed, uint32_t *crc,
		       struct err *err)
{
	const struct parquet *p = g->file;
	SCOPED_FREE char *part = mem_alloc(PART);

	*crc = seed;
	for (unsigned i = 0; i < p->n_chosen; i++) {
		const struct chunk *c;

		if (p->chosen[i] == PARQUET_NONE)
			continue;
		c = &p->group[g->number].chunk[p->chosen[i]];
		for (uint64_t at = 0; at < c->bytes; at += PART) {
			size_t n = c->bytes - at < PART ? (size_t)(c->bytes - at) : PART;

			if (!parquet_read_at(p, c->at + at, part, n, err))
				return false;
			*crc = crc32c(*crc, part, n);
		}
	}
	return true;
}
