/* SPDX-License-Identifier: GPL-3.0-or-later */
/* segments: events in flight, packed, in memory or in a temporary file. */
#ifndef IMPORT_SEGMENTS_H
#define IMPORT_SEGMENTS_H

#include <pthread.h>

#include "import/columns.h"

struct build;
struct spill;
struct witnesses;

/* Events of one piece of a file, or a part of it. */
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

struct segments {
	struct segment *of;	/* (n), in the order of the files once sorted */
	size_t n, cap;
	uint64_t n_events;
	unsigned scale;		/* of all prices */
	unsigned caps;		/* enum capability: the columns of events */
	uint64_t memory;	/* bytes to keep to, with what ids take; 0: any */
	const struct witnesses *ids;	/* those; NULL: they are gone */
	uint64_t held;			/* by segments */
	size_t n_spilled;		/* segments before are in the file */
	struct spill *spill;		/* NULL: nothing is in it */
	struct build *build;		/* who makes it */
	pthread_mutex_t lock;		/* of what segments_add changes */
};
void segments_start(struct segments *s, struct build *b);
void segments_finish(struct segments *s);

/* Room to pack and unpack in, one a thread; starts as zero. */
struct packer {
	uint64_t *value;
	uint8_t *bytes, *read;
	size_t cap, room;
};
void packer_finish(struct packer *k);

/* Pack all of c and keep it; any thread. */
bool segments_add(struct segments *s, struct packer *k, const struct columns *c,
		  unsigned worker, uint64_t order, struct err *err);
/* Append a segment's events to `to`, prices in the scale of all. */
bool segments_unpack(const struct segments *s, const struct segment *one, struct packer *k,
		     struct columns *to, struct err *err);
/* Their sessions alone, (n). */
bool segments_sessions(const struct segments *s, const struct segment *one,
		       struct packer *k, uint32_t *session, struct err *err);
/* Into the order of the files. */
void segments_sort(struct segments *s);
/* All of them into *segment (n), the caller's to free with their bytes; there are
 * none then, to be added anew. */
void segments_move(struct segments *s, struct segment **segment, size_t *n);
/* Forget them all. */
void segments_clear(struct segments *s);

#endif
