/* SPDX-License-Identifier: GPL-3.0-or-later */
/* people: what records say of users, apart from what they did: age, club, a segment. */
#ifndef IMPORT_PEOPLE_H
#define IMPORT_PEOPLE_H

#include "base/map.h"
#include "data/dataset.h"

struct build;

/* What one worker heard; of a person the last line counts. */
struct people {
	unsigned n;		/* attributes; 0: the data set has none */
	struct map *id, *value;
	uint32_t *of;		/* (ids, n) numbers of values; MAP_NONE: not said */
	uint64_t *seq;		/* (ids) where that line stands */
	size_t cap_of, cap_seq;
};
void people_start(struct people *p, unsigned attributes);
void people_finish(struct people *p);
/* What ev says of ev->user. */
bool people_hear(struct people *p, const struct event_row *ev, uint64_t seq, struct err *err);

/* The users of a catalog. */
struct people_users {
	uint32_t n;
	struct str (*id)(const void *ctx, uint64_t user);
	const void *ctx;
};
/* Writes user/attribute and its names and values, of these users alone: of people without an
 * event nothing is kept. all: what n workers heard; names: those of the attributes. */
struct people_heard {
	const struct people *const *all;	/* (n) */
	unsigned n;
	const char *const *names;
};
bool people_write(struct build *b, struct people_heard heard, struct people_users users,
		  struct err *err);

#endif
