/* SPDX-License-Identifier: GPL-3.0-or-later */
/* generate: a synthetic shop of any size, whose complements are known. */
#ifndef DATA_GENERATE_H
#define DATA_GENERATE_H

#include "base/err.h"
#include "data/dataset.h"

struct job;
struct pool;

struct generate_options {
	const struct dataset *format;	/* one that can write */
	const char *output;	/* folder, made if missing; existing files are kept */
	uint32_t products;	/* >= 50 */
	uint64_t sessions;	/* >= 1 */
	uint64_t seed;
	unsigned days;		/* 1 .. 3660 */
};

struct generate_summary {
	uint64_t events, bytes;	/* rows and bytes of events.csv */
	uint64_t noise;		/* events whose product was drawn regardless of any aim */
	uint32_t products, categories, brands;
	char events_file[4096], products_file[4096], truth_file[4096];
};

/*
 * Writes OUTPUT/events.csv in the data set's form, OUTPUT/products.csv
 * (product_id,name,product_code,brand,category_id,category) and OUTPUT/truth.csv:
 *	kind,relation,a,b	kind: category | product
 *				relation: substitute | complement
 * Categories by id, products by id; a pair stands once and holds both ways.
 * products.csv also lists products that no event mentions.
 *
 * The same bytes for the same options on any machine and for any number of
 * threads: sessions are drawn in blocks, each from its own random stream, and
 * all distributions come from integer tables; rows ascend in time. Fails with
 * ERR_USAGE, and writes nothing, if one of the files exists, if the data set has
 * no writer, or if a number is out of bounds (see synth.h). What a failure later
 * has written is removed.
 */
bool generate_run(const struct generate_options *o, struct pool *pool, struct job *job,
		  struct generate_summary *sum, struct err *err);

#endif
