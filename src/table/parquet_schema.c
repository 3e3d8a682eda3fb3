/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The end of a file: the schema is a tree in preorder, whose leaves are the columns; a
 * leaf's levels count the optional and repeated nodes above it. Then the row groups, each
 * with a chunk for every leaf.
 */
#include "config.h"

#include "base/mem.h"
#include "table/parquet_impl.h"

#define DEPTH 16	/* of the schema */

/* An element of the schema. */
struct element {
	struct str name;
	int64_t type;		/* -1: a group */
	int64_t length, repetition, children, converted, logical, scale;
	enum parquet_meaning meaning;
	bool known;		/* there is no other thing to know of its values */
};

/* ---- what values mean */

static const enum parquet_meaning converted_meaning[] = {
	[5] = MEANS_DECIMAL,	[6] = MEANS_DATE,	 [7] = MEANS_TIME_MS,
	[8] = MEANS_TIME_US,	[9] = MEANS_INSTANT_MS,	 [10] = MEANS_INSTANT_US,
	[11] = MEANS_UNSIGNED,	[12] = MEANS_UNSIGNED,	 [13] = MEANS_UNSIGNED,
	[14] = MEANS_UNSIGNED,	[21] = MEANS_NOTHING,
};
#define CONVERTED (sizeof converted_meaning / sizeof *converted_meaning)

/* A union: the id of the field that is set; 0: none. Its value is skipped. */
static int read_unit(struct thrift *t)
{
	struct thrift_field f = {0};
	int unit = 0;

	while (thrift_next(t, &f)) {
		unit = f.id;
		thrift_skip(t, f.type);
	}
	return unit;
}

/* TIME and TIMESTAMP: in what zone, in what unit. */
static enum parquet_meaning read_time(struct thrift *t, bool instants)
{
	struct thrift_field f = {0};
	bool utc = false;
	int unit = 0;

	while (thrift_next(t, &f))
		if (f.id == 1)
			utc = thrift_bool(&f);
		else if (f.id == 2 && f.type == THRIFT_STRUCT)
			unit = read_unit(t);
		else
			thrift_skip(t, f.type);
	if (unit < 1 || unit > 3)
		return MEANS_NOTHING;
	return (instants ? utc ? MEANS_INSTANT_MS : MEANS_WALL_MS : MEANS_TIME_MS) +
	       (enum parquet_meaning)(unit - 1);
}

/* DECIMAL and INTEGER: two numbers, of which one counts. */
static int64_t read_parameter(struct thrift *t, int id)
{
	struct thrift_field f = {0};
	int64_t x = 0;

	while (thrift_next(t, &f))
		if (f.id == id && (f.type == THRIFT_TRUE || f.type == THRIFT_FALSE))
			x = thrift_bool(&f);
		else if (f.id == id)
			x = thrift_integer(t, &f);
		else
			thrift_skip(t, f.type);
	return x;
}

static void read_logical(struct thrift *t, struct element *e)
{
	struct thrift_field f = {0};

	while (thrift_next(t, &f)) {
		e->known = true;
		e->meaning = MEANS_PLAIN;
		if (f.type != THRIFT_STRUCT) {
			thrift_skip(t, f.type);
			continue;
		}
		if (f.id == 5) {
			e->meaning = MEANS_DECIMAL;
			e->scale = read_parameter(t, 1);
		} else if (f.id == 7 || f.id == 8) {
			e->meaning = read_time(t, f.id == 8);
		} else if (f.id == 10) {
			e->meaning = read_parameter(t, 2) ? MEANS_PLAIN : MEANS_UNSIGNED;
		} else {
			e->meaning = f.id == 6 ? MEANS_DATE
				   : f.id == 14 ? MEANS_UUID
				   : f.id > 14 ? MEANS_NOTHING : MEANS_PLAIN;
			thrift_skip(t, f.type);
		}
	}
}

static void read_element(struct thrift *t, struct element *e)
{
	struct thrift_field f = {0};
	int64_t *number[] = {[1] = &e->type, [2] = &e->length, [3] = &e->repetition,
			     [5] = &e->children, [6] = &e->converted, [7] = &e->scale};

	*e = (struct element){.type = -1, .converted = -1};
	while (thrift_next(t, &f))
		if (f.id == 4 && f.type == THRIFT_BINARY)
			e->name = thrift_binary(t);
		else if (f.id == 10 && f.type == THRIFT_STRUCT)
			read_logical(t, e);
		else if (f.id >= 1 && f.id <= 7 && f.id != 4 && f.type == THRIFT_I32)
			*number[f.id] = thrift_integer(t, &f);
		else
			thrift_skip(t, f.type);
	if (!e->known && e->converted >= 0 && (uint64_t)e->converted < CONVERTED)
		e->meaning = converted_meaning[e->converted];
}

/* ---- the tree */

/* A group whose children are being read. */
struct level {
	int64_t left;
	uint8_t defined, repeated, element;
	size_t prefix;		/* bytes of the names above its children */
	bool only;		/* it has one child */
	bool nameless;		/* inside a list: its child is the list's value */
	bool tangled;		/* a list of groups or of lists */
};

static bool fits(const struct leaf *l)
{
	switch (l->meaning) {
	case MEANS_PLAIN:
		return true;
	case MEANS_UNSIGNED:
		return l->type == PARQUET_INT32 || l->type == PARQUET_INT64;
	case MEANS_DATE:
	case MEANS_TIME_MS:
		return l->type == PARQUET_INT32;
	case MEANS_DECIMAL:
		return l->scale >= 0 && l->scale <= 38 &&
		       (l->type == PARQUET_INT32 || l->type == PARQUET_INT64 ||
			l->type == PARQUET_BYTES ||
			(l->type == PARQUET_FIXED && l->length <= 16));
	case MEANS_UUID:
		return l->type == PARQUET_FIXED && l->length == 16;
	case MEANS_NOTHING:
		return false;
	default:
		return l->type == PARQUET_INT64;
	}
}

static void add_leaf(struct parquet *p, const struct element *e, const struct level *at,
		     struct str name)
{
	struct leaf *l = &p->leaf[p->n_leaves++];

	*l = (struct leaf){
		.name = arena_str(p->arena, name),
		.type = (enum parquet_type)e->type,
		.meaning = e->meaning,
		.length = (int32_t)e->length,
		.scale = (int32_t)e->scale,
		.defined = at->defined,
		.repeated = at->repeated,
		.element = at->element,
	};
	l->readable = fits(l) && at->repeated <= 1 && !at->tangled &&
		      (l->type != PARQUET_FIXED || l->length > 0);
}

/* What holds below element e of the group `up`. */
static struct level enter(const struct level *up, const struct element *e, size_t prefix)
{
	struct level in = *up;

	in.left = e->children;
	in.only = e->children == 1;
	in.prefix = prefix;
	in.defined += e->repetition != PARQUET_REQUIRED;
	if (e->repetition == PARQUET_REPEATED) {
		in.tangled |= in.repeated > 0;
		in.repeated++;
		in.element = in.defined;
		in.nameless = e->children <= 1;
	} else if (in.repeated && e->children > 0) {
		in.nameless = false;
	}
	in.tangled |= in.repeated && e->children > 1;
	return in;
}

/* The list of elements, the root first. */
static const char *read_tree(struct parquet *p, struct thrift *t)
{
	struct level stack[DEPTH] = {{.left = 0}};
	uint32_t n = thrift_list(t, THRIFT_STRUCT);
	unsigned depth = 0;
	struct element e;
	STRBUF(name);

	if (n < 2 || n > 2 * PARQUET_COLUMNS)
		return "its schema has no column, or over 4,096";
	p->leaf = mem_zalloc(n * sizeof *p->leaf);
	read_element(t, &e);
	stack[0].left = e.children;
	for (uint32_t i = 1; i < n && !t->bad; i++) {
		struct level *up = &stack[depth], in;
		bool list_child;

		if (up->left-- <= 0)
			return "its schema is no tree";
		read_element(t, &e);
		if (e.children < 0 || (e.children > 0) == (e.type >= 0) || e.repetition < 0 ||
		    e.repetition > PARQUET_REPEATED || e.type >= PARQUET_TYPES ||
		    e.length < 0 || e.length > INT32_MAX)
			return "its schema has an element that is neither a group nor a column";
		name.len = up->prefix;
		/* x.list.element is the list x. */
		list_child = up->nameless ||
			     (e.repetition == PARQUET_REPEATED && up->only && name.len);
		if (!list_child) {
			strbuf_adds(&name, name.len ? "." : "");
			strbuf_add(&name, e.name);
		}
		in = enter(up, &e, name.len);
		if (e.type >= 0) {
			add_leaf(p, &e, &in, strbuf_str(&name));
		} else if (++depth == DEPTH) {
			return "its groups lie over 16 deep in one another";
		} else {
			stack[depth] = in;
		}
		while (depth > 0 && stack[depth].left == 0)
			depth--;
	}
	return t->bad || depth > 0 || stack[0].left || !p->n_leaves ? "its schema is cut short"
								     : NULL;
}

/* ---- row groups */

static bool read_chunk_meta(struct thrift *t, struct chunk *c)
{
	struct thrift_field f = {0};
	int64_t x[12] = {0};

	while (thrift_next(t, &f))
		if (f.id >= 4 && f.id <= 11 && (f.type == THRIFT_I32 || f.type == THRIFT_I64))
			x[f.id] = thrift_integer(t, &f);
		else
			thrift_skip(t, f.type);
	c->codec = x[4] >= 0 && x[4] < CODECS ? (enum parquet_codec)x[4] : CODECS;
	c->values = (uint64_t)x[5];
	c->bytes = (uint64_t)x[7];
	c->at = (uint64_t)(x[11] > 0 && x[11] < x[9] ? x[11] : x[9]);
	return x[5] >= 0 && x[7] >= 0 && x[9] >= 0;
}

static const char *read_chunk(const struct parquet *p, struct thrift *t, struct chunk *c)
{
	struct thrift_field f = {0};
	bool fine = false;

	while (thrift_next(t, &f)) {
		if (f.id == 1 && f.type == THRIFT_BINARY) {
			if (thrift_binary(t).len)
				return "has columns in other files";
		} else if (f.id == 3 && f.type == THRIFT_STRUCT) {
			fine = read_chunk_meta(t, c);
		} else if (f.id == 8 || f.id == 9) {
			return "is encrypted";
		} else {
			thrift_skip(t, f.type);
		}
	}
	if (!fine || c->at > p->size || c->bytes > p->size - c->at)
		return "is damaged: a column lies outside of it";
	return NULL;
}

static const char *read_group(const struct parquet *p, struct thrift *t, struct row_group *g)
{
	struct thrift_field f = {0};
	const char *wrong = NULL;
	uint64_t bytes = 0;
	int64_t rows = -1;

	while (!wrong && thrift_next(t, &f))
		if (f.id == 1 && f.type == THRIFT_LIST && !g->chunk) {
			uint32_t n = thrift_list(t, THRIFT_STRUCT);

			if (n != p->n_leaves)
				return "is damaged: a row group has not all columns";
			g->chunk = mem_zalloc(n * sizeof *g->chunk);
			for (uint32_t i = 0; i < n && !wrong; i++) {
				wrong = read_chunk(p, t, &g->chunk[i]);
				bytes += g->chunk[i].bytes;
				if (!wrong && bytes > p->size)
					wrong = "is damaged: its columns overlap";
			}
		} else if (f.id == 3 && f.type == THRIFT_I64) {
			rows = thrift_integer(t, &f);
		} else {
			thrift_skip(t, f.type);
		}
	g->rows = (uint64_t)rows;
	return wrong ? wrong : rows < 0 || !g->chunk ? "is damaged: a row group has no rows"
						     : NULL;
}

static const char *read_groups(struct parquet *p, struct thrift *t)
{
	uint32_t n = thrift_list(t, THRIFT_STRUCT);
	const char *wrong = NULL;

	if (!p->n_leaves || p->group)
		return "is damaged: its schema doesn't come first";
	p->group = mem_zalloc((n + 1) * sizeof *p->group);
	for (uint32_t i = 0; i < n && !wrong && !t->bad; i++) {
		p->n_groups++;
		wrong = read_group(p, t, &p->group[i]);
	}
	return wrong;
}

bool parquet_read_footer(struct parquet *p, struct err *err)
{
	struct thrift t = thrift_of(str_span(p->footer, p->footer_len));
	struct thrift_field f = {0};
	const char *wrong = NULL;

	while (!wrong && thrift_next(&t, &f))
		if (f.id == 2 && f.type == THRIFT_LIST && !p->leaf)
			wrong = read_tree(p, &t);
		else if (f.id == 4 && f.type == THRIFT_LIST)
			wrong = read_groups(p, &t);
		else
			thrift_skip(&t, f.type);
	if (!wrong && (t.bad || !p->group))
		wrong = "is damaged: its footer is cut short";
	if (wrong && strncmp(wrong, "its", 3) == 0)
		return err_fail(err, ERR_FORMAT, "%s is damaged: %s", p->path, wrong);
	return !wrong || err_fail(err, ERR_FORMAT, "%s %s", p->path, wrong);
}
