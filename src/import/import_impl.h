/* SPDX-License-Identifier: GPL-3.0-or-later */
/* import_impl: what the parts of an import share; for import*.c alone. */
#ifndef IMPORT_IMPORT_IMPL_H
#define IMPORT_IMPORT_IMPL_H

#include <pthread.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/out.h"
#include "data/csv.h"
#include "import/import.h"
#include "import/resume.h"
#include "store/build.h"

/* Texts that are numbered. Every worker numbers those it meets; import_merge
 * gives them their place in the sorted union ("rank"). */
enum id_kind {
	ID_PRODUCT,
	ID_SESSION,
	ID_USER,
	ID_CATEGORY,
	ID_PATH,	/* and names of categories */
	ID_BRAND,
	ID_NAME,
	ID_GROUP,
	ID_VALUE,	/* of attributes and properties */
	ID_PROPERTY,
	ID_DESCRIPTION,
	ID_TRAIT,	/* and on, by enum trait */
	ID_KINDS = ID_TRAIT + TRAITS,
};

/* Where an event stands among events of the same time: it ascends with the
 * order of files and records, however they are cut into pieces. */
#define SEQ_ROW_BITS 28
struct stamp {
	int64_t time;
	uint64_t seq;
};
static inline bool stamp_later(struct stamp a, struct stamp b)
{
	return a.time > b.time || (a.time == b.time && a.seq > b.seq);
}

/* What the records say of a product or category: the latest event wins; an
 * empty field says nothing. */
struct fact {
	struct stamp at;
	uint32_t value;		/* of the fact's id_kind, or MAP_NONE */
	bool conflict;		/* records disagree */
};
enum {
	FACT_CATEGORY,
	FACT_BRAND,
	FACT_NAME,
	FACT_GROUP,
	FACT_DESCRIPTION,
	FACT_ATTRIBUTE,		/* and on */
};
enum { CATEGORY_PATH, CATEGORY_NAME, CATEGORY_PARENT, CATEGORY_FACTS };

struct category_seen {
	struct fact fact[CATEGORY_FACTS];
	bool own;		/* a record of its own, not a product's */
};

struct product_seen {
	int64_t first, last;
	struct stamp price_at;
	struct decimal price;
	bool has_price;
};

struct session_seen {
	struct stamp first;
	uint32_t user;		/* of the first event, or MAP_NONE */
	uint32_t events;
};

/* What a record that is no event says of a session. */
struct session_told {
	uint32_t session, user;		/* MAP_NONE: not said */
	int64_t time;			/* TIME_NONE: not said */
	uint64_t seq;
};

/* One of the named values of a product that few products may have. */
struct property {
	uint32_t product, name;
	struct fact value;
};

#define EVENT_CANCELS 0x80	/* takes a purchase back, see import_settle */
#define SESSION_NUMBERED '\1'	/* starts a made id, to be numbered */

#define RATING_NONE 0x7fc00000u	/* the bits of the one NAN that is written */

static inline uint32_t rating_bits(float x)
{
	uint32_t bits;

	memcpy(&bits, &x, sizeof bits);
	return x == x ? bits : RATING_NONE;
}

/* Events as columns. A time may be TIME_NONE until import_settle. price is in
 * units of 10^-scale, or PRICE_NONE. */
struct columns {
	uint32_t *product, *session;	/* the worker's numbers, later ours */
	int64_t *time;
	int64_t *price;
	uint8_t *kind;			/* and EVENT_CANCELS */
	uint32_t *quantity;		/* NULL without CAP_QUANTITIES */
	uint32_t *rating;		/* bits of a float; NULL without CAP_RATINGS */
	size_t n, cap;
	unsigned scale;
};

/* Events of one piece, or a part of it, packed (import_pack.c). */
#define SEGMENT_FINAL UINT16_MAX
struct segment {
	uint8_t *bytes;		/* NULL: in the temporary file */
	uint64_t at;
	uint64_t order;		/* ascends with the files */
	uint32_t size, n;
	uint32_t first, last;	/* the lowest and highest number of a session */
	uint16_t worker;	/* whose numbers they carry, or SEGMENT_FINAL: ours */
	uint8_t scale;		/* of prices */
};
struct packer {
	uint64_t *value;
	uint8_t *bytes, *read;
	size_t cap, room;
};

#define IMPORT_ROWS 64

struct import_worker {
	struct csv csv;
	struct map *map[ID_KINDS];
	struct product_seen *product;	/* by ID_PRODUCT */
	struct fact *fact;		/* (products, n_facts) */
	struct session_seen *session;	/* by ID_SESSION */
	bool traits;
	uint32_t *trait;		/* (sessions, TRAITS) if there are any */
	struct category_seen *category;	/* by ID_CATEGORY */
	struct map *properties;		/* product and name -> number */
	struct property *property;
	struct session_told *told;
	size_t cap_product, cap_fact, cap_session, cap_trait, cap_category, cap_property;
	size_t n_told, cap_told;
	uint64_t rounded;	/* prices, to 18 decimals */
	bool open;		/* events without a time, or cancellations */
	struct event_row row[IMPORT_ROWS];	/* waiting, see flush() */
	unsigned n_rows;
	struct arena *arena;	/* texts of the waiting rows */
	struct strbuf key;
	uint64_t by_kind[EVENT_KINDS];
	_Atomic uint64_t memory;	/* bytes, after its last piece */
	struct err err;
};

struct rejected {
	uint64_t line;		/* of the piece, from 0 */
	enum reject_reason reason;
	unsigned column;
	size_t value, value_len, text, text_len;	/* in batch.texts */
};

/* What came of one piece. */
struct batch {
	const struct split_piece *piece;
	const struct file_kind *kind;
	struct columns events;
	uint64_t number;	/* of the piece, over all files */
	uint64_t lines, records, skipped;
	uint64_t facts, rows;		/* rows: events and facts, for stamps */
	bool skip_first;	/* the header */
	struct rejected *rejected;
	size_t n_rejected, cap_rejected;
	struct strbuf texts;
};

struct source {
	uint64_t bytes;
	uint32_t crc;		/* CRC-32C of the contents */
};

/* The sorted union of one kind of texts. */
struct ids {
	uint32_t n;
	uint32_t *rank;		/* by base[worker] + the worker's number */
	uint32_t *sample;	/* (n): one of those of that rank */
	size_t *base;		/* (workers + 1) */
	const struct import *im;
	enum id_kind kind;
};

/* The category tree, nodes in preorder. */
struct tree {
	uint32_t n;
	struct tree_node {
		struct str id, name, path;
		struct str label;	/* the last part of its code, or "" */
		uint32_t parent, end;
		uint8_t depth;
	} *node;
	uint32_t *of;		/* (categories): node of a rank of ID_CATEGORY */
	struct arena *arena;
};

/* A session that is too long for pairs; the longest are named in meta. */
#define LONGEST 20
struct long_session {
	uint32_t session, products;	/* its number; distinct ones */
	uint64_t events;
};

/* The store that is added to. */
struct import_old {
	struct store *store;		/* NULL: there is none */
	struct resume kept;
	struct import_options options;	/* with its own in place of those not said */
};

struct import {
	const struct import_options *o;
	struct import_old old;
	const struct dataset *set;
	struct dataset configured;	/* what set points to */
	unsigned caps;			/* of the kinds of files seen so far */
	struct pool *pool;
	struct job *job;
	struct import_summary *sum;
	struct split_limits limits;
	unsigned workers, n_facts;
	bool quantities, ratings;	/* some kind of files has them */
	bool product_prices;		/* the list of products has them */
	bool kept_events;		/* they are in resume/event-* too */
	struct import_worker *worker;
	struct segment *segment;	/* in the order of the files */
	size_t n_segment, cap_segment;
	pthread_mutex_t lock;		/* of what segments_add changes */
	uint64_t n_events;
	unsigned scale;			/* of all prices */
	uint64_t memory;		/* bytes to keep to; 0: any */
	uint64_t held;			/* by segments */
	size_t n_spilled;		/* segments before are in the file */
	struct spill *spill;		/* NULL: nothing is in it */
	struct build *build;		/* who makes it */
	uint64_t pieces;
	struct source *source;
	struct out *rejects;
	/* merged */
	struct ids id[ID_KINDS];
	uint32_t conflicts;		/* products whose records disagree */
	struct product_seen *product;	/* by rank */
	struct fact *fact;		/* (products, n_facts), values are ranks */
	struct session_seen *session;	/* by rank; user is a rank */
	uint32_t *trait;		/* (sessions, TRAITS), ranks; NULL: none */
	struct category_seen *category;	/* by rank */
	struct property *property;	/* by product and name, all ranks */
	size_t n_property;
	uint32_t *session_number;	/* by rank */
	uint32_t *session_rank;		/* by number */
	uint32_t *product_number;	/* by rank */
	uint32_t *product_rank;		/* by number */
	uint32_t *product_node;		/* by number, CATALOG_NONE last */
	struct tree tree;
	struct long_session longest[LONGEST];	/* the longest first */
	unsigned n_longest;
};

/* import.c: what holds an import together. import_configure follows import_start;
 * import_finish is due after it, whatever it said. */
void import_start(struct import *im, const struct import_options *o, struct pool *pool,
		  struct job *job, struct import_summary *sum);
bool import_configure(struct import *im, struct err *err);
void import_finish(struct import *im);
/* From what the workers saw: the tree, numbers, and the arrays up to the sessions. */
bool import_catalog(struct import *im, struct build *b, struct err *err);

/* import_batch.c: one piece into a batch, on any thread. */
void import_worker_init(struct import *im, struct import_worker *w);
void import_worker_finish(struct import_worker *w);
/* Free what it saw of products, when all is merged. */
void import_worker_forget(struct import_worker *w);
bool batch_start(struct import *im, struct batch *b, const struct split_piece *piece,
		 const struct file_kind *kind, struct err *err);
void batch_finish(struct batch *b);
/* What a record says that holds no event. */
bool batch_facts(const struct import *im, struct import_worker *w, struct batch *b,
		 const struct event_row *ev);
/* The same for what a store kept: conflicts are bits by fact; own is a category's. */
bool batch_kept(const struct import *im, struct import_worker *w, struct batch *b,
		const struct event_row *ev, uint32_t conflicts, bool own);
/* Numbers of the worker; a session has that many more events, the first is ev. */
bool batch_product(const struct import *im, struct import_worker *w, struct str id,
		   uint32_t *number);
bool batch_session(struct import_worker *w, struct batch *b,
		   const struct event_row *ev, uint32_t events, uint32_t *number);
/* When events of a product were; TIME_NONE: there are none. */
bool batch_seen(const struct import *im, struct import_worker *w, struct str id,
		int64_t first, int64_t last);
/* Tell the others how much memory the worker holds. */
void batch_done(struct import_worker *w);
void batch_parse(struct import *im, struct batch *b, unsigned worker);
bool columns_reserve(struct columns *c, size_t n, const struct import *im, struct err *err);
void columns_finish(struct columns *c);
/* Prices with so many more digits; field_price bounds them so that all fit. */
void scale_prices(int64_t *price, size_t n, unsigned digits);
/* Bytes that it holds. */
uint64_t import_worker_memory(const struct import_worker *w);

/* import_pack.c: events in flight. */
/* Pack events [first, first + n). */
bool segment_pack(struct packer *k, const struct columns *c, size_t first, size_t n,
		  struct segment *out, struct err *err);
/* Append a segment's events to `to`, prices in im->scale. */
bool segment_unpack(const struct import *im, const struct segment *s, struct packer *k,
		    struct columns *to, struct err *err);
/* Their sessions alone, (n). */
bool segment_sessions(const struct import *im, const struct segment *s, struct packer *k,
		      uint32_t *session, struct err *err);
void packer_finish(struct packer *k);
/* Pack all of c and keep it in memory or in the temporary file; any thread. */
bool segments_add(struct import *im, struct packer *k, const struct columns *c,
		  unsigned worker, uint64_t order, struct err *err);
/* Into the order of the files. */
void segments_sort(struct import *im);
/* All of them into *segment (n), the caller's to free with their bytes; there are
 * none then, to be added anew. */
void segments_move(struct import *im, struct segment **segment, size_t *n);
void segments_finish(struct import *im);

/* import_read.c: all files into segments and the workers' dictionaries. */
bool import_read(struct import *im, struct err *err);
/* import_append.c: the store to add to, and what of the options it decides. */
bool import_old_open(struct import *im, struct err *err);
/* After the data set is configured: is it the same one? */
bool import_old_check(struct import *im, struct err *err);
void import_old_finish(struct import_old *old);
/* Has the file that was just read been imported before? */
bool import_old_source(struct import *im, unsigned file, struct err *err);
/* Counts of what was read from files before, added to those of now. */
void import_old_counts(struct import *im);
/* import_restore.c: what that store holds, as if it was read again. */
bool import_restore(struct import *im, struct err *err);

/* import_reject.c */
bool import_reject_batch(struct import *im, const char *file, uint64_t line,
			 const struct batch *b, struct err *err);
bool import_check_rejects(struct import *im, struct err *err);
/* import_header.c: the first record of a file against the data set. */
bool import_check_header(const struct dataset *set, const char *file,
			 const struct csv_record *r, const struct file_kind **kind,
			 struct err *err);
/* import_products.c: names and groups of the --products file. */
bool import_products(struct import *im, struct err *err);

/* import_merge.c */
bool import_merge(struct import *im, struct err *err);
/* Again, after a worker's sessions and users have changed. */
bool import_merge_sessions(struct import *im, struct err *err);
/* Blank traits for the sessions of the worker from `old` on; n in all. */
void import_new_traits(struct import_worker *w, uint32_t old, uint32_t n);
bool import_see_traits(struct import_worker *w, uint32_t session,
		       const struct str *trait);
/* import_settle.c: sessions cut by time, told and numbered ones; cancellations. */
bool import_settle(struct import *im, struct build *b, struct err *err);
/* Can only all files together tell some event's time or session, or whether it stays? */
bool import_is_open(const struct import *im);
bool import_has_told(const struct import *im);
/* (sessions) by rank: what holds of each, ranks too; MAP_NONE and TIME_NONE. free() it. */
struct session_told *import_told(const struct import *im, struct err *err);
struct str ids_text(const struct ids *ids, uint32_t rank);
/* UINT32_MAX when there is none. */
uint32_t ids_find(const struct ids *ids, struct str text);
/* import_edges.c: up (categories): the rank of the parent or MAP_NONE; no cycles. */
bool import_edges(struct import *im, uint32_t *up, struct err *err);
/* import_duplicates.c: which of the events (ranks of session and product beside them)
 * to drop. */
bool import_duplicates(struct import *im, const struct columns *c, const uint32_t *session,
		       const uint32_t *product, bool *drop, struct err *err);
/* Users and traits whose sessions turned out to be another's, or to have no event,
 * vanish. */
bool import_drop_unused(struct import *im, struct err *err);
/* import_tree.c */
bool import_tree(struct import *im, struct err *err);
/* import_order.c: numbers for products and sessions, put into the events. */
bool import_number(struct import *im, struct err *err);
/* import_keep.c: for a later append; events before they are settled. */
#define RESUME_OWN 0x80		/* in resume/category-flags */
bool import_keep_events(struct import *im, struct build *b, const struct columns *c,
			const uint32_t *session, const uint32_t *product, struct err *err);
bool import_keep(struct import *im, struct build *b, struct err *err);
/* import_write.c, import_events.c, import_meta.c */
bool import_write_ids(struct import *im, struct build *b, struct err *err);
bool import_write_events(struct import *im, struct build *b, struct err *err);
bool import_write_meta(struct import *im, struct build *b, struct err *err);

#endif
