/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check: reads a whole open store and reports what can't be so. */
#ifndef STORE_CHECK_H
#define STORE_CHECK_H

#include <jansson.h>
#include <stdint.h>

struct catalog;
struct entry_list;
struct store;

struct checker {
	const struct store *s;
	const struct catalog *c;
	/* One line per fault; one fault per array and rule, with its first place. */
	void (*fault)(void *ctx, const char *text);
	/* Memory is out: nothing can be said of the file. */
	void (*unable)(void *ctx, const char *text);
	void (*progress)(void *ctx, uint64_t bytes);
	void *ctx;
	const char *file;	/* named before every fault; NULL: the generation's */
	unsigned faults;
};

void check_fault(struct checker *k, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Offsets that ascend, columns in bounds, texts that are UTF-8; then, as far as nothing was
 * found, all below but checksums. Without a fault the arrays can be followed blindly. */
void check_links(struct checker *k);
/* Checksums; the list of arrays against the one in meta. */
void check_arrays(struct checker *k);
/* The same for the arrays of any file. */
void check_entries(struct checker *k, const struct entry_list *l, const json_t *meta);
/* Tables against each other and totals against events. Only where offsets
 * ascend and columns are in bounds. */
void check_tables(struct checker *k);
/* Relations and transitions; likewise. */
void check_counts(struct checker *k);
/* Indexes against the id texts; likewise. */
void check_indexes(struct checker *k);

#endif
