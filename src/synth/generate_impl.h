/* SPDX-License-Identifier: GPL-3.0-or-later */
/* generate_impl: what the parts of generate share; for generate*.c alone. */
#ifndef SYNTH_GENERATE_IMPL_H
#define SYNTH_GENERATE_IMPL_H

#include "base/job.h"
#include "base/out.h"
#include "base/pool.h"
#include "synth/damage.h"
#include "synth/generate.h"
#include "synth/shopper.h"
#include "synth/synth.h"

/* One block of sessions, or one part of other rows, on its way to text. */
struct block {
	struct shopper_events drawn;	/* sessions one by one; then sorted by time */
	struct shopper_events own;	/* those before the next block's first second */
	struct shopper_events late;	/* the others */
	struct strbuf text, whole;	/* whole: before it is damaged */
	struct damage_list damage;
	uint64_t lines;			/* of a damaged text */
	uint64_t rows, returns, noise;	/* returns are rows too */
};

/* A node of the category tree as data sets with such a file have it. */
struct category_node {
	char id[20], parent[20];	/* "": at the top */
};

struct generator {
	const struct generate_options *options;
	const struct dataset_writer *writer;
	struct synth *shop;
	struct pool *pool;
	struct job *job;
	struct block *blocks;	/* (n_blocks): one round */
	unsigned n_blocks;
	uint64_t round;		/* number of the round's first block or part */
	const struct output_file *file;	/* the one that is written */
	unsigned file_number;
	struct out *out;	/* of it */
	size_t unwritten;	/* blocks of the last round whose text is not in out */
	struct shopper_events carried;	/* late events of earlier blocks */
	struct strbuf names;	/* of all products, if a file wants them */
	size_t *name_at;	/* (products + 1) */
	struct category_node *node;	/* (n_nodes), parents before children */
	uint32_t *node_of;	/* (leaves) */
	uint32_t n_nodes;
	/* damage */
	uint32_t share;		/* in 1/2^32; 0: none */
	struct out *damage;
	uint64_t lines;		/* line ends written to out */
	struct generate_summary *sum;
};

/* Texts of the shop; text has room for what is said there. */
struct str generate_product(const struct generator *g, uint32_t product, char text[20]);
struct str generate_user(uint32_t user, char text[9]);
/* Fill in what a row says of its product: category, brand, price in that second. */
void generate_describe(const struct generator *g, uint32_t product, uint32_t time,
		       struct event_row *row);

/* Damage the text of a block or part (number: over the whole file), from any thread. */
void generate_spoil(const struct generator *g, struct block *b, uint64_t number);
/* Write that text out and list what is damaged in it. */
void generate_put(struct generator *g, const struct block *b);

/* generate_events.c, generate_rows.c: all rows of g->file. */
bool generate_events(struct generator *g, struct err *err);
bool generate_rows(struct generator *g, struct err *err);
/* generate_rows.c: products.csv and truth.csv */
bool generate_list(struct generator *g, struct err *err);
bool generate_truth(struct generator *g, struct err *err);

#endif
