/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * output: how a data set is written: which files it has, and a function that turns
 * one row of the synthetic shop into a line of each. Stands in the data set's own
 * file, beside its reader.
 */
#ifndef DATA_OUTPUT_H
#define DATA_OUTPUT_H

#include "data/dataset.h"

/* What a file has a line for. Rows are events as in dataset.h; those that are no
 * event fill, beside the texts of the same name: */
enum shop_rows {
	SHOP_EVENTS,
	SHOP_PRODUCTS,	/* time (the first day), price, attribute[enum shop_attribute],
			 * category_parent; category_name: the whole path, also where
			 * category_path is empty */
	SHOP_CATEGORIES,	/* category, category_parent (empty at the top) */
	SHOP_USERS,	/* user */
	SHOP_ONCE,	/* nothing: the header is the file */
};
enum shop_attribute { SHOP_KIND, SHOP_NOUN, SHOP_LOOK, SHOP_SIZE };

/* What the reader makes of a column; says which damage it takes and what becomes of
 * the record then. */
enum column_role {
	COLUMN_OTHER,	/* anything; never touched by itself */
	COLUMN_TEXT,	/* anything */
	COLUMN_ID,	/* needed, field_id */
	COLUMN_NUMBER,	/* needed, numeric field_id */
	COLUMN_TIME,
	COLUMN_PRICE,
	COLUMN_QUANTITY,
	COLUMN_EVENT,
	COLUMN_USER,	/* an id that may be empty */
};

/* A file that generate writes. */
struct output_file {
	const char *name;	/* "articles.csv" */
	enum shop_rows rows;
	unsigned kinds;		/* events: those it has, 1 << enum event_kind */
	/* Events session by session, ev->cursor counting from 0 in each; otherwise
	 * all of them by time, and the cursor is 0. */
	bool by_session;
	bool returns;		/* events: also purchases that are taken back later */
	bool alone;		/* one line is one event and says all that the reader
				 * wants to know: sessions can be exported so */
	bool names;		/* events: names are wanted */
	bool map;		/* no log, but what --map wants */
	void (*header)(struct strbuf *out);	/* NULL: none */
	void (*row)(struct strbuf *out, const struct event_row *ev);
	/* For damage; n_roles 0: the file is left alone. */
	const enum column_role *roles;	/* (n_roles) by column */
	unsigned n_roles;
	bool lenient;		/* read by a mapping: NULL is unknown, 0 pieces and bytes
				 * that are no UTF-8 are taken, empty records skipped */
	bool any_fields;	/* lines of any length, all fields like the first */
	const char *spared;	/* lines with this text are left alone, or NULL */
};

struct dataset_writer {
	const struct output_file *files;	/* (n_files); the log comes first */
	unsigned n_files;
	char separator;		/* 0: the data set's */
	bool described;		/* the files say all of products.csv but its groups */
	unsigned id_digits;	/* product ids are filled up to these with zeros */
	uint64_t first_session;	/* sessions are numbers from this; 0: UUIDs */
};
#define OUTPUT_FILES 8
#define OUTPUT_KINDS(kind) (1u << (kind))
#define OUTPUT_PURCHASES OUTPUT_KINDS(EVENT_PURCHASE)
#define OUTPUT_ALL (~0u)

/* The file that alone is the data set's log, one event a line, or NULL. */
const struct output_file *output_log(const struct dataset *set);

#endif
