/* SPDX-License-Identifier: GPL-3.0-or-later */
/* generate: a synthetic shop of any size, whose complements are known. */
#ifndef SYNTH_GENERATE_H
#define SYNTH_GENERATE_H

#include "base/err.h"
#include "base/work.h"
#include "data/output.h"


struct generate_options {
	const struct dataset *format;	/* one that can write */
	const char *output;	/* folder, made if missing; existing files are kept */
	uint32_t products;	/* >= 50 */
	uint64_t sessions;	/* >= 1 */
	uint64_t seed;
	unsigned days;		/* 1 .. 3660 */
	double more_categories;	/* share of products that stand in other leaves, too, 0 .. 1 */
	double dirty;		/* share of the lines to damage, 0 .. 0.5 */
};

struct generate_summary {
	uint64_t events, bytes;	/* of the log; events before any damage */
	uint64_t returns;	/* rows beside the events that take one back */
	uint64_t noise;		/* events whose product was drawn regardless of any aim */
	uint32_t products, categories, brands;
	uint64_t damaged, rejected;	/* lines; those that an import must reject */
	/* The data set's own files, the log first; then products.csv, truth.csv and,
	 * of a dirty log, damage.csv. */
	char file[OUTPUT_FILES + 3][4096];
	unsigned n_files, n_log;
};

/*
 * Writes the data set's own files (output.h), OUTPUT/products.csv
 * (product_id,name,product_code,brand,category_id,category, and more_categories where
 * options ask for them) and OUTPUT/truth.csv:
 *	kind,relation,a,b	kind: category | product
 *				relation: substitute | complement
 * Categories by id, products by id; a pair stands once and holds both ways.
 * products.csv also lists products that no event mentions. Of a dirty log
 * OUTPUT/damage.csv lists every line that was spoilt (damage.h):
 *	file,line,damage,verdict,reason	verdict: loaded | dropped | rejected
 *					reason: as in an import's file of rejects
 *
 * The same bytes for the same options on any machine and for any number of
 * threads: sessions are drawn in blocks, each from its own random stream, and
 * all distributions come from integer tables; rows ascend in time. Fails with
 * ERR_USAGE, and writes nothing, if one of the files exists, if the data set has
 * no writer, or if a number is out of bounds (see synth.h). What a failure later
 * has written is removed.
 */
bool generate_run(const struct generate_options *o, struct work work,
		  struct generate_summary *sum, struct err *err);

#endif
