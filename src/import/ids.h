/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ids: every text of one kind that any witness saw, known by its place among all in order. */
#ifndef IMPORT_IDS_H
#define IMPORT_IDS_H

#include "import/witness.h"

struct pool;

/* The sorted union of one kind of texts. */
struct ids {
	uint32_t n;
	uint32_t *rank;		/* by base[worker] + the worker's number */
	uint32_t *sample;	/* (n): one of those of that rank */
	size_t *base;		/* (workers + 1) */
	uint32_t *at;		/* (n + 1) or NULL: text r is bytes[at[r] .. at[r + 1]), */
	char *bytes;		/* by ids_gather */
	const struct witnesses *from;	/* have the texts */
	enum id_kind kind;
};
struct str ids_text(const struct ids *ids, uint32_t rank);
/* The text of a rank is going to be asked for: each step asks for what the next one reads. */
enum ids_step { IDS_SAMPLE, IDS_PLACE, IDS_TEXT };
void ids_ask(const struct ids *ids, uint32_t rank, enum ids_step step);
/* The rank of a worker's number; MAP_NONE stays it. */
uint32_t ids_rank(const struct ids *ids, unsigned worker, uint32_t number);
/* UINT32_MAX when there is none. */
uint32_t ids_find(const struct ids *ids, struct str text);
/* A number among all witnesses', as that of one. */
struct id_place {
	unsigned w;
	uint32_t number;
};
struct id_place ids_place(const struct ids *ids, uint32_t i);
/* Is this witness the one of the rank's sample? */
bool ids_is_first(const struct ids *ids, unsigned w, uint32_t number);
/* The union of what the witnesses call so; what was there before goes. ERR_NOMEM, ERR_FORMAT
 * for too many. */
bool ids_merge(struct ids *ids, const struct witnesses *from, enum id_kind kind,
	       struct pool *pool, struct err *err);
/* Texts side by side, by rank, for who reads them all; where they are 4 GiB or more they stay
 * where they are. */
bool ids_gather(struct ids *ids, struct pool *pool, struct err *err);
void ids_finish(struct ids *ids);

#endif
