/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * json: records of JSON as rows of texts.
 *
 * A column is a dotted path: user.id of {"user":{"id":7}}. Where a path leads through an
 * array of objects, the record is as many rows as that has items, each with what stands
 * beside the array; none where it is empty. x[] does the same for the values of an array
 * x; the column x holds them parted by |. Of several such arrays the record's first one
 * makes the rows. What is missing, null or no number is the empty text; an object is its
 * JSON.
 */
#ifndef TABLE_JSON_H
#define TABLE_JSON_H

#include "base/arena.h"
#include "base/str.h"

#define JSON_COLUMNS 256u	/* more aren't found */
#define JSON_DEPTH 8u		/* of paths */

/* Does a file begin as JSON objects, or an array of them, do? */
bool json_is(struct str bytes);

/* Brings objects behind one another, and arrays of objects, to one object a line. */
struct json_lines {
	unsigned depth;
	bool text, escape, array;
};
/* Is every record a line already? */
bool json_has_lines(struct str bytes);
/* The n bytes at in to `to`, which has room for cap; *used of them were taken. */
size_t json_to_lines(struct json_lines *s, struct str in, size_t *used, char *to, size_t cap);

/* Paths, in the order of their first appearance. */
struct json_columns {
	struct arena *arena;
	struct str name[JSON_COLUMNS];
	unsigned n;
	struct str rows;	/* the array of objects whose items are rows; or empty */
};
/* Find those of lines of JSON. */
void json_find(struct json_columns *c, struct str lines);

/* What is to be taken of every record; shared by threads. */
struct json_shape;
/* names (n); used (n): false are empty in every row; NULL: all but x[] are used. */
struct json_shape *json_shape_create(const struct str *name, const bool *used, unsigned n);
void json_shape_destroy(struct json_shape *s);
SCOPED_DEFINE(json_shape)

/* A record that is being read; zero it first. */
struct json_record {
	const struct json_shape *shape;
	const char *p, *end;	/* what is left of it */
	const char *items;	/* the array that makes the rows; NULL: there is none */
	uint32_t node;		/* of the shape, where it stands */
	bool once;		/* a record without one is a row */
	struct arena *arena;	/* texts that had escapes or were joined; freed by the
				 * caller */
	bool made;		/* there are some */
	bool bad;
};
/* Take a record's text; cell (n of the shape) gets what stands outside of items. False:
 * it is no JSON object. */
bool json_start(struct json_record *r, const struct json_shape *s, struct str text,
		struct str *cell);
/* The next row; false at the end, or with r->bad where the record breaks off. */
bool json_row(struct json_record *r, struct str *cell);

#endif
