/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings as text: from a file or a list to mapping_set, and back to a file. */
#include "config.h"

#include "data/mapping.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <strings.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/mem.h"
#include "data/mapping_impl.h"

#define FILE_MAX ((size_t)256 << 10)
#define KEY_WIDTH 18

struct mapping *mapping_create(const char *source)
{
	struct mapping *m = mem_zalloc(sizeof *m);

	m->arena = arena_create();
	m->source = arena_str(m->arena, str_from(source));
	m->form = (struct form){.separator = ',', .quote = '"'};
	m->header = true;
	m->time_format = STR("iso");
	m->kind = -1;
	m->rating_least = NAN;
	m->max_rejects = NAN;
	m->category_separator = STR(".");
	return m;
}

void mapping_destroy(struct mapping *m)
{
	if (!m)
		return;
	arena_destroy(m->arena);
	free(m);
}

bool mapping_fail(const struct mapping *m, const struct mapping_value *v, const char *key,
		  struct err *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err_vfail(err, ERR_USAGE, fmt, ap);
	va_end(ap);
	if (key)
		err_context(err, "%s", key);
	if (v && v->line)
		return err_context(err, "%.*s:%u", STR_ARG(m->source), v->line);
	if (v && v->column)
		return err_context(err, "%.*s, character %u", STR_ARG(m->source),
				   v->column);
	return err_context(err, "%.*s", STR_ARG(m->source));
}

/* Position of the first c that no backslash stands before, or SIZE_MAX. */
static size_t find_bare(struct str s, char c)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '\\')
			i++;
		else if (s.ptr[i] == c)
			return i;
	}
	return SIZE_MAX;
}

bool mapping_next_bare(struct str *rest, char sep, struct str *part)
{
	size_t at;

	if (!rest->ptr)
		return false;
	at = find_bare(*rest, sep);
	*part = str_span(rest->ptr, at == SIZE_MAX ? rest->len : at);
	*rest = at == SIZE_MAX ? STR_NULL
			       : str_span(rest->ptr + at + 1, rest->len - at - 1);
	return true;
}

static void unescape(struct strbuf *b, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (c == '\\' && i + 1 < s.len) {
			c = s.ptr[++i];
			c = c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c;
		}
		strbuf_addc(b, c);
	}
}

struct str mapping_plain(struct mapping *m, struct str s)
{
	STRBUF(b);

	unescape(&b, str_trim(s));
	return arena_str(m->arena, strbuf_str(&b));
}

bool mapping_next(struct str *list, struct strbuf *b)
{
	struct str part;

	strbuf_reset(b);
	if (!mapping_next_bare(list, '|', &part))
		return false;
	unescape(b, str_trim(part));
	return true;
}

void mapping_add_text(struct strbuf *b, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (c == '\t' || c == '\n' || c == '\r') {
			strbuf_adds(b, c == '\t' ? "\\t" : c == '\n' ? "\\n" : "\\r");
			continue;
		}
		if (strchr("\\,+|#=", c) || (c == ' ' && (i == 0 || i + 1 == s.len)))
			strbuf_addc(b, '\\');
		strbuf_addc(b, c);
	}
}

static bool set_pair(struct mapping *m, struct str pair, struct mapping_place at,
		     struct err *err)
{
	struct mapping_value v = {STR_NULL, at.line, at.column};
	size_t eq = find_bare(pair, '=');

	if (eq == SIZE_MAX)
		return mapping_fail(m, &v, NULL, err, "'%.*s' is no setting: KEY = VALUE",
				    pair.len > 100 ? 100 : (int)pair.len, pair.ptr);
	return mapping_set(m, str_trim(str_span(pair.ptr, eq)),
			   str_span(pair.ptr + eq + 1, pair.len - eq - 1), at, err);
}

/* Without the comment: a # that starts the line or stands behind a space. */
static struct str without_comment(struct str line)
{
	for (size_t i = 0; i < line.len; i++) {
		if (line.ptr[i] == '\\')
			i++;
		else if (line.ptr[i] == '#' &&
			 (i == 0 || line.ptr[i - 1] == ' ' || line.ptr[i - 1] == '\t'))
			return str_span(line.ptr, i);
	}
	return line;
}

bool mapping_parse_file(struct mapping **out, const char *name, struct str text,
			struct err *err)
{
	SCOPED(mapping) m = mapping_create(name);
	struct str line;

	if (str_starts(text, STR("\xef\xbb\xbf")))
		text = str_span(text.ptr + 3, text.len - 3);
	for (unsigned n = 1; str_next(&text, '\n', &line); n++) {
		line = str_trim(without_comment(line));
		if (line.len && !set_pair(m, line, (struct mapping_place){n, 0}, err))
			return false;
	}
	*out = m;
	m = NULL;
	return true;
}

bool mapping_parse_list(struct mapping **out, struct str text, struct err *err)
{
	SCOPED(mapping) m = mapping_create("--map");
	struct str rest = text, pair;

	while (mapping_next_bare(&rest, ',', &pair))
		if (!set_pair(m, pair,
			      (struct mapping_place){0, (unsigned)(pair.ptr - text.ptr) + 1},
			      err))
			return false;
	*out = m;
	m = NULL;
	return true;
}

static bool read_all(const char *path, struct strbuf *b, struct err *err)
{
	SCOPED_FD int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_errno(err, errno, "cannot open the mapping %s", path);
	for (;;) {
		char part[4096];
		ssize_t n = read(fd, part, sizeof part);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, errno, "cannot read %s", path);
		if (n == 0)
			return true;
		strbuf_add(b, str_span(part, (size_t)n));
		if (b->len > FILE_MAX || memchr(part, 0, (size_t)n))
			return err_fail(err, ERR_FORMAT,
					"%s is no mapping: a mapping is a "
					"text of KEY = VALUE lines, at most 256 KiB",
					path);
	}
}

bool mapping_load(struct mapping **m, const char *text, struct err *err)
{
	STRBUF(b);

	if (strchr(text, '='))
		return mapping_parse_list(m, str_from(text), err);
	return read_all(text, &b, err) &&
	       mapping_parse_file(m, text, strbuf_str(&b), err);
}

/* The order of the file is all there is: what needs days or hours is refused. */
static bool check_without_time(const struct mapping *m, struct err *err)
{
	static const enum mapping_key timed[] = {MAP_TIME_FORMAT, MAP_POSITION, MAP_GAP};

	for (size_t i = 0; i < sizeof(timed) / sizeof(*timed); i++)
		if (m->value[timed[i]].text.ptr)
			return mapping_fail(m, &m->value[timed[i]], mapping_key_name(timed[i]), err,
					    "there is no time column: time = COLUMN");
	for (unsigned i = 0; i < m->role[MAP_SESSION].n; i++)
		if (str_is(m->role[MAP_SESSION].part[i], "@day"))
			return mapping_fail(m, &m->value[MAP_SESSION], "session", err,
					    "@day needs a time column: time = COLUMN");
	return true;
}

bool mapping_check(const struct mapping *m, struct err *err)
{
	if (!m->role[MAP_PRODUCT].n)
		return mapping_fail(m, NULL, NULL, err,
				    "a mapping needs product = COLUMN");
	if (!m->role[MAP_TIME].n && !check_without_time(m, err))
		return false;
	if (!m->role[MAP_EVENT].n && m->kind < 0)
		return mapping_fail(
			m, NULL, NULL, err,
			"a mapping needs event = COLUMN or, "
			"where every line is of one kind, kind = purchase (or "
			"view, cart ...)");
	if (m->role[MAP_EVENT].n && m->kind >= 0)
		return mapping_fail(m, &m->value[MAP_KIND], "kind", err,
				    "the event column "
				    "tells the kind already");
	if (m->category_list.len && m->role[MAP_CATEGORY].n > 1)
		return mapping_fail(m, &m->value[MAP_CATEGORY_LIST], "category-list", err,
				    "category joins columns: a cell has one level of a path, "
				    "not a list");
	if (m->role[MAP_TOTAL].n && m->role[MAP_PRICE].n)
		return mapping_fail(m, &m->value[MAP_TOTAL], "total", err,
				    "the price column tells what one piece costs");
	if (!m->role[MAP_SESSION].n && !m->role[MAP_USER].n)
		return mapping_fail(m, NULL, NULL, err,
				    "a mapping needs session = COLUMN "
				    "or user = COLUMN, whose events a gap then parts");
	return true;
}

static void add_lines(struct strbuf *out, struct str text)
{
	struct str line;

	while (text.len && str_next(&text, '\n', &line)) {
		strbuf_adds(out, line.len ? "# " : "#");
		strbuf_add(out, line);
		strbuf_addc(out, '\n');
	}
}

/* A value as it was read, but no # in it begins a comment. */
static void add_value(struct strbuf *out, struct str value)
{
	for (size_t i = 0; i < value.len; i++) {
		bool first = i == 0 || value.ptr[i - 1] == ' ' || value.ptr[i - 1] == '\t';
		bool bare = value.ptr[i] != '\\' || i + 1 == value.len;
		char c = value.ptr[bare ? i : ++i];

		if (!bare || (c == '#' && first))
			strbuf_addc(out, '\\');
		strbuf_addc(out, c);
	}
}

static void add_setting(struct strbuf *out, struct str key, struct str value)
{
	size_t start = out->len;

	strbuf_add(out, key);
	if (out->len - start < KEY_WIDTH)
		strbuf_fill(out, ' ', KEY_WIDTH - (out->len - start));
	strbuf_adds(out, " = ");
	add_value(out, value);
	strbuf_addc(out, '\n');
}

void mapping_write(const struct mapping *m, const struct str *note, struct strbuf *out)
{
	/* How to read comes first, then what the columns are. */
	for (int i = 0; i < MAPPING_KEYS; i++) {
		int k = (i + MAPPING_ROLES) % MAPPING_KEYS;

		if (note)
			add_lines(out, note[k]);
		if (m->value[k].text.ptr)
			add_setting(out, str_from(mapping_key_name(k)), m->value[k].text);
	}
	for (unsigned i = 0; i < m->n_attributes; i++) {
		STRBUF(key);

		strbuf_adds(&key, "attribute.");
		mapping_add_text(&key, m->attribute[i].name);
		add_setting(out, strbuf_str(&key), m->attribute[i].value.text);
	}
}
