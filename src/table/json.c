/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Paths make a tree. Objects are walked beside it: a key that is no child there is passed
 * by with its value, and since records say their keys in the same order, the child after
 * the last one is tried first. Texts without escapes are borrowed.
 */
#include "config.h"

#include "table/json.h"

#include "base/mem.h"
#include "base/utf8.h"

#define NESTED 64	/* arrays and objects in one another */
#define NONE UINT32_MAX

struct node {
	struct str key;
	uint32_t child, next;	/* NONE: there is none */
	uint32_t column;	/* or NONE */
	uint32_t items;		/* the column x[], or NONE */
	uint32_t first, end;	/* columns of the node and all below it */
};

struct json_shape {
	struct arena *arena;
	struct node *node;	/* the first is the root */
	unsigned n, cap, columns;
	uint32_t *below;	/* columns, as nodes name them */
};

/* ---- bytes */

static const char *spaces(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
		p++;
	return p;
}

/* Behind the text that starts with the quote at p, or NULL. */
static const char *pass_text(const char *p, const char *end, bool *escapes)
{
	*escapes = false;
	for (p++; p < end; p++) {
		if (*p == '"')
			return p + 1;
		if (*p == '\\') {
			*escapes = true;
			p++;
		}
	}
	return NULL;
}

static bool in_word(char c)
{
	return (unsigned char)((c | 32) - 'a') < 26 || (unsigned char)(c - '0') < 10 ||
	       c == '-' || c == '+' || c == '.';
}

/* Behind the value at p, or NULL. */
static const char *pass_value(const char *p, const char *end)
{
	uint64_t objects = 0;	/* a bit for every open bracket: is it an object's? */
	unsigned depth = 0;
	bool escapes;

	do {
		p = spaces(p, end);
		if (p == end)
			return NULL;
		if (*p == '"') {
			p = pass_text(p, end, &escapes);
			if (!p)
				return NULL;
		} else if (*p == '{' || *p == '[') {
			if (depth++ == NESTED)
				return NULL;
			objects = objects << 1 | (*p++ == '{');
		} else if (*p == '}' || *p == ']') {
			if (!depth-- || (objects & 1) != (*p++ == '}'))
				return NULL;
			objects >>= 1;
		} else if ((*p == ',' || *p == ':') && depth) {
			p++;
		} else if (in_word(*p)) {
			while (p < end && in_word(*p))
				p++;
		} else {
			return NULL;
		}
	} while (depth);
	return p;
}

bool json_is(struct str s)
{
	const char *end = s.ptr + s.len, *p;

	if (str_starts(s, STR("\xef\xbb\xbf")))
		s.ptr += 3;
	p = spaces(s.ptr, end);
	if (p < end && *p == '[')
		p = spaces(p + 1, end);
	if (p == end || *p != '{')
		return false;
	p = spaces(p + 1, end);
	return p < end && (*p == '"' || *p == '}');
}

bool json_has_lines(struct str s)
{
	const char *end = s.ptr + s.len, *p, *eol;

	if (str_starts(s, STR("\xef\xbb\xbf")))
		s.ptr += 3;
	p = spaces(s.ptr, end);
	if (p == end || *p != '{')
		return false;
	eol = memchr(p, '\n', (size_t)(end - p));
	if (!eol)
		eol = end;
	p = pass_value(p, eol);
	return p && spaces(p, eol) == eol;
}

size_t json_to_lines(struct json_lines *s, struct str in, size_t *used, char *to, size_t cap)
{
	size_t n = 0, i = 0;

	for (; i < in.len && n + 2 <= cap; i++) {
		char c = in.ptr[i];

		if (s->text) {
			s->text = s->escape || c != '"';
			s->escape = !s->escape && c == '\\';
			to[n++] = c == '\n' || c == '\r' ? ' ' : c;
			continue;
		}
		if (!s->depth && (c == '[' || c == ']' || c == ',' || (unsigned char)c <= ' '))
			continue;
		s->text = c == '"';
		if (c == '{' || c == '[')
			s->depth++;
		else if ((c == '}' || c == ']') && s->depth)
			s->depth--;
		to[n++] = c == '\n' || c == '\r' ? ' ' : c;
		if (!s->depth && c == '}')
			to[n++] = '\n';
	}
	*used = i;
	return n;
}

/* ---- finding columns */

struct finding {
	struct json_columns *to;
	struct str path[JSON_DEPTH];
	unsigned depth;
	const char *end;
};

static struct str join_path(struct finding *f, const char *tail)
{
	STRBUF(b);

	for (unsigned i = 0; i < f->depth; i++) {
		strbuf_adds(&b, i ? "." : "");
		strbuf_add(&b, f->path[i]);
	}
	strbuf_adds(&b, tail);
	return arena_str(f->to->arena, strbuf_str(&b));
}

static void add_column(struct finding *f, const char *tail)
{
	struct str name = join_path(f, tail);

	for (unsigned i = 0; i < f->to->n; i++)
		if (str_eq(f->to->name[i], name))
			return;
	if (f->to->n < JSON_COLUMNS)
		f->to->name[f->to->n++] = name;
}

static const char *find_in(struct finding *f, const char *p);

/* The array at p: its first item tells what it holds. */
static const char *find_in_array(struct finding *f, const char *p)
{
	const char *item = spaces(p + 1, f->end);

	if (item == f->end || *item == ']' || *item == '[')
		return pass_value(p, f->end);
	if (*item != '{') {
		add_column(f, "");
		add_column(f, "[]");
		return pass_value(p, f->end);
	}
	if (!f->to->rows.len)
		f->to->rows = join_path(f, "");
	if (!str_eq(f->to->rows, join_path(f, "")))
		return pass_value(p, f->end);
	while (item && item < f->end && *item == '{') {
		item = find_in(f, item);
		if (!item)
			return NULL;
		item = spaces(item, f->end);
		if (item < f->end && *item == ',')
			item = spaces(item + 1, f->end);
	}
	return pass_value(p, f->end);
}

/* The object at p. */
static const char *find_in(struct finding *f, const char *p)
{
	bool escapes;

	p = spaces(p + 1, f->end);
	while (p < f->end && *p == '"') {
		const char *key = p + 1;

		p = pass_text(p, f->end, &escapes);
		if (!p)
			return NULL;
		if (f->depth == JSON_DEPTH)
			return NULL;
		f->path[f->depth++] = str_span(key, (size_t)(p - 1 - key));
		p = spaces(p, f->end);
		if (p == f->end || *p != ':')
			return NULL;
		p = spaces(p + 1, f->end);
		if (p < f->end && *p == '{' && f->depth < JSON_DEPTH) {
			p = find_in(f, p);
		} else if (p < f->end && *p == '[') {
			p = find_in_array(f, p);
		} else {
			bool null = f->end - p >= 4 && memcmp(p, "null", 4) == 0;

			if (!null)
				add_column(f, "");
			p = pass_value(p, f->end);
		}
		f->depth--;
		if (!p)
			return NULL;
		p = spaces(p, f->end);
		if (p < f->end && *p == ',')
			p = spaces(p + 1, f->end);
	}
	return p < f->end && *p == '}' ? p + 1 : NULL;
}

void json_find(struct json_columns *c, struct str lines)
{
	struct str line;

	while (lines.len && str_next(&lines, '\n', &line)) {
		struct finding f = {.to = c, .end = line.ptr + line.len};
		const char *p = spaces(line.ptr, f.end);

		if (p < f.end && *p == '{')
			(void)find_in(&f, p);
	}
}

/* ---- the tree of paths */

static uint32_t child_of(struct json_shape *s, uint32_t parent, struct str key)
{
	uint32_t *last = &s->node[parent].child;

	while (*last != NONE) {
		if (str_eq(s->node[*last].key, key))
			return *last;
		last = &s->node[*last].next;
	}
	*last = s->n;
	MEM_GROW(s->node, s->cap, s->n + 1);
	s->node[s->n] = (struct node){.key = arena_str(s->arena, key), .child = NONE,
				      .next = NONE, .column = NONE, .items = NONE};
	return s->n++;
}

static void add_path(struct json_shape *s, struct str path, uint32_t column)
{
	bool items = path.len > 2 && memcmp(path.ptr + path.len - 2, "[]", 2) == 0;
	uint32_t at = 0, *to;
	unsigned depth = 0;
	struct str key;

	path.len -= items ? 2 : 0;
	/* What lies too deep is one key, which nothing has. */
	while (++depth < JSON_DEPTH && str_chr(path, '.') != SIZE_MAX &&
	       str_next(&path, '.', &key))
		at = child_of(s, at, key);
	at = child_of(s, at, path);
	to = items ? &s->node[at].items : &s->node[at].column;
	if (*to == NONE)
		*to = column;
}

/* Columns below every node, for the rows of its items. */
static uint32_t gather(struct json_shape *s, uint32_t at, uint32_t from)
{
	struct node *n = &s->node[at];

	n->first = from;
	if (n->column != NONE)
		s->below[from++] = n->column;
	if (n->items != NONE)
		s->below[from++] = n->items;
	for (uint32_t c = n->child; c != NONE; c = s->node[c].next)
		from = gather(s, c, from);
	s->node[at].end = from;
	return from;
}

struct json_shape *json_shape_create(const struct str *name, const bool *used, unsigned n)
{
	struct json_shape *s = mem_zalloc(sizeof *s);

	s->arena = arena_create();
	s->columns = n;
	MEM_GROW(s->node, s->cap, 1);
	s->node[s->n++] = (struct node){.child = NONE, .next = NONE, .column = NONE,
					.items = NONE};
	for (unsigned i = 0; i < n; i++) {
		bool items = name[i].len > 2 &&
			     memcmp(name[i].ptr + name[i].len - 2, "[]", 2) == 0;

		if (used ? used[i] : !items)
			add_path(s, name[i], i);
	}
	s->below = mem_alloc((n + 1) * sizeof *s->below);
	gather(s, 0, 0);
	return s;
}

void json_shape_destroy(struct json_shape *s)
{
	if (!s)
		return;
	arena_destroy(s->arena);
	free(s->node);
	free(s->below);
	free(s);
}

/* ---- texts */

static int hex4(const char *p, const char *end)
{
	int x = 0;

	for (int i = 0; i < 4; i++, p++) {
		int digit = p >= end ? -1
			: *p >= '0' && *p <= '9' ? *p - '0'
			: (*p | 32) >= 'a' && (*p | 32) <= 'f' ? (*p | 32) - 'a' + 10 : -1;

		if (digit < 0)
			return -1;
		x = x * 16 + digit;
	}
	return x;
}

static char *put_utf8(char *to, uint32_t c)
{
	if (c < 0x80) {
		*to++ = (char)c;
	} else if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
		*to++ = (char)(0x80 | (c & 63));
	} else {
		if (c < 0x10000) {
			*to++ = (char)(0xe0 | c >> 12);
		} else {
			*to++ = (char)(0xf0 | c >> 18);
			*to++ = (char)(0x80 | (c >> 12 & 63));
		}
		*to++ = (char)(0x80 | (c >> 6 & 63));
		*to++ = (char)(0x80 | (c & 63));
	}
	return to;
}

/* \uXXXX behind the u at *p, pairs joined; what is no character becomes U+FFFD. */
static uint32_t escaped(const char **p, const char *end)
{
	int c = hex4(*p + 1, end), low;

	if (c < 0)
		return 0xfffd;
	*p += 4;
	if (c >= 0xd800 && c < 0xdc00 && end - *p > 6 && (*p)[1] == '\\' && (*p)[2] == 'u') {
		low = hex4(*p + 3, end);
		if (low >= 0xdc00 && low < 0xe000) {
			*p += 6;
			return 0x10000 + ((uint32_t)(c - 0xd800) << 10) + (uint32_t)(low - 0xdc00);
		}
	}
	return c == 0 || (c >= 0xd800 && c < 0xe000) ? 0xfffd : (uint32_t)c;
}

/* What stands between quotes, its escapes undone: never longer. */
static struct str unescape(struct arena *arena, struct str s)
{
	static const char from[] = "bfnrt", sign[] = "\b\f\n\r\t";
	const char *end = s.ptr + s.len;
	char *room = arena_alloc(arena, s.len + 4), *to = room;

	for (const char *p = s.ptr; p < end; p++) {
		const char *known;

		if (*p != '\\' || p + 1 == end) {
			*to++ = *p;
			continue;
		}
		p++;
		known = *p ? strchr(from, *p) : NULL;
		if (*p == 'u')
			to = put_utf8(to, escaped(&p, end));
		else
			*to++ = known ? sign[known - from] : *p;
	}
	return str_span(room, (size_t)(to - room));
}

/* The value at p as a text; *p goes behind it. */
static struct str take_text(struct json_record *r, const char **p)
{
	const char *from = *p, *to;
	struct str s;
	bool escapes;

	if (*from == '"') {
		to = pass_text(from, r->end, &escapes);
		r->bad |= !to;
		if (!to)
			return STR("");
		*p = to;
		s = str_span(from + 1, (size_t)(to - from - 2));
		r->made |= escapes;
		return escapes ? unescape(r->arena, s) : s;
	}
	to = pass_value(from, r->end);
	r->bad |= !to;
	if (!to)
		return STR("");
	*p = to;
	s = str_span(from, (size_t)(to - from));
	return str_is(s, "null") || str_is(s, "NaN") || str_is(s, "Infinity") ||
		       str_is(s, "-Infinity") ? STR("") : s;
}

/* Values of the array at *p, parted by |. */
static struct str join_values(struct json_record *r, const char **p)
{
	bool any = false;
	STRBUF(b);

	*p = spaces(*p + 1, r->end);
	while (!r->bad && *p < r->end && **p != ']') {
		if (any)
			strbuf_addc(&b, '|');
		any = true;
		strbuf_add(&b, take_text(r, p));
		*p = spaces(*p, r->end);
		if (*p < r->end && **p == ',')
			*p = spaces(*p + 1, r->end);
		else if (*p < r->end && **p != ']')
			r->bad = true;
	}
	r->bad |= *p >= r->end;
	if (!r->bad)
		++*p;
	r->made = true;
	return arena_str(r->arena, strbuf_str(&b));
}

/* ---- records */

static void take_object(struct json_record *r, uint32_t at, struct str *cell, bool item);

/* The value at r->p of a node; in an item no other array makes rows. */
static void take_value(struct json_record *r, uint32_t at, struct str *cell, bool item)
{
	const struct node *n = &r->shape->node[at];
	const char *from = r->p;

	if (*from == '{' && n->child != NONE) {
		take_object(r, at, cell, item);
		return;
	}
	if (*from == '[' && (n->child != NONE || n->items != NONE) && !item && !r->items) {
		r->items = from;
		r->node = at;
	}
	if (n->column != NONE && *from == '[')
		cell[n->column] = join_values(r, &r->p);
	else if (n->column != NONE)
		cell[n->column] = take_text(r, &r->p);
	else
		r->p = pass_value(from, r->end);
	r->bad |= !r->p;
}

static uint32_t find_child(const struct json_shape *s, uint32_t parent, uint32_t hint,
			   struct str key)
{
	if (hint != NONE && str_eq(s->node[hint].key, key))
		return hint;
	for (uint32_t c = s->node[parent].child; c != NONE; c = s->node[c].next)
		if (str_eq(s->node[c].key, key))
			return c;
	return NONE;
}

static void take_object(struct json_record *r, uint32_t at, struct str *cell, bool item)
{
	const struct json_shape *s = r->shape;
	uint32_t hint = s->node[at].child;
	bool escapes;

	r->p = spaces(r->p + 1, r->end);
	while (r->p < r->end && *r->p == '"') {
		const char *key = r->p + 1;
		uint32_t child;
		struct str name;

		r->p = pass_text(r->p, r->end, &escapes);
		if (!r->p)
			break;
		name = str_span(key, (size_t)(r->p - 1 - key));
		r->p = spaces(r->p, r->end);
		if (r->p == r->end || *r->p != ':')
			break;
		r->p = spaces(r->p + 1, r->end);
		if (r->p == r->end)
			break;
		child = find_child(s, at, hint, name);
		if (child == NONE) {
			r->p = pass_value(r->p, r->end);
		} else {
			hint = s->node[child].next;
			take_value(r, child, cell, item);
		}
		if (!r->p || r->bad)
			break;
		r->p = spaces(r->p, r->end);
		if (r->p < r->end && *r->p == ',')
			r->p = spaces(r->p + 1, r->end);
		else
			break;
	}
	if (r->bad || !r->p || r->p >= r->end || *r->p != '}')
		r->bad = true;
	else
		r->p++;
}

bool json_start(struct json_record *r, const struct json_shape *s, struct str text,
		struct str *cell)
{
	r->shape = s;
	r->p = text.ptr;
	r->end = text.ptr + text.len;
	r->items = NULL;
	r->bad = r->made = false;
	if (!r->arena)
		r->arena = arena_create();
	arena_reset(r->arena);
	for (unsigned i = 0; i < s->columns; i++)
		cell[i] = STR("");
	r->p = spaces(r->p, r->end);
	if (r->p == r->end || *r->p != '{')
		return false;
	take_object(r, 0, cell, false);
	if (r->bad || spaces(r->p, r->end) != r->end)
		return false;
	r->p = r->items ? r->items + 1 : NULL;
	r->once = !r->items;
	return true;
}

bool json_row(struct json_record *r, struct str *cell)
{
	const struct node *n = &r->shape->node[r->node];

	if (!r->items || r->bad) {
		bool row = r->once && !r->bad;

		r->once = false;
		return row;
	}
	r->p = spaces(r->p, r->end);
	if (r->p < r->end && *r->p == ',')
		r->p = spaces(r->p + 1, r->end);
	if (r->p >= r->end || *r->p == ']')
		return false;
	for (uint32_t i = n->first; i < n->end; i++)
		if (r->shape->below[i] != n->column)
			cell[r->shape->below[i]] = STR("");
	if (*r->p == '{' && n->child != NONE)
		take_object(r, r->node, cell, true);
	else if (n->items != NONE)
		cell[n->items] = take_text(r, &r->p);
	else
		r->p = pass_value(r->p, r->end);
	r->bad |= !r->p;
	return !r->bad;
}
