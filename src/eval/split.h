/* SPDX-License-Identifier: GPL-3.0-or-later */
/* split: which events a model may learn from, and the sequences it is tested on. */
#ifndef EVAL_SPLIT_H
#define EVAL_SPLIT_H

#include "base/err.h"
#include "base/str.h"
#include "stats/part.h"
#include "store/catalog.h"

struct job;

/*
 *	auto		   time:DATE for the first day with four fifths of all events before
 *			   it, latest:0.2 in a log of a single day or without dates,
 *			   random:0.2 where all happened at once
 *	time:DATE	   tested on what happens from DATE on (when the shop's day begins), or
 *			   from a time as 2008-08-01T12:30:00+02:00
 *	time:DATE,DATE	   the same; parameters are chosen on what lies between the two
 *	time:DATE..DATE	   tested on what lies between the two; what follows is in neither
 *			   part, as if it had not happened yet
 *	latest:SHARE	   on the latest SHARE of all events
 *	last:N		   on the last N items of each session
 *	random:SHARE	   on whole sessions, drawn by the seed
 *	links:SHARE	   on so many of the pairs that were bought together, of which nothing else
 *			   of the log tells that they were (eval/hold.h); for complements
 *	products:SHARE	   on what was bought along with so many of the products, which are
 *			   taken out of what is learnt from altogether; for complements
 *			   (of a graph without events these two, and auto is links:0.2)
 *	given		   on the sessions that a file names; split_given makes it
 *
 * A session that crosses a date is cut: its earlier events are learnt from, and its
 * later ones are a session of their own. Parameters are chosen on a part of what is
 * learnt from, split off the same way: with one date as long as the test part, at most
 * half of the time before it.
 */
enum split_kind {
	SPLIT_TIME,
	SPLIT_LATEST,	/* the same once it is settled */
	SPLIT_LAST,
	SPLIT_RANDOM,
	SPLIT_LINKS,
	SPLIT_PRODUCTS,
	SPLIT_GIVEN,
	SPLIT_AUTO,	/* for split_settle */
};
/* An instant, or when a day begins. */
struct split_moment {
	int64_t at;		/* ms, of a day after split_settle; or TIME_NONE */
	int64_t clock;		/* of a day: what the shop's clock shows */
	bool day;
};
enum split_side { SIDE_NONE, SIDE_TRAIN, SIDE_TEST };
struct split_spec {
	enum split_kind kind;
	struct split_moment from;	/* SPLIT_TIME, SPLIT_LATEST */
	struct split_moment tune_from;	/* or TIME_NONE */
	struct split_moment until;	/* SPLIT_TIME: before it, or TIME_NONE */
	unsigned last;		/* SPLIT_LAST, >= 1 */
	bool repeats;		/* TASK_NEXT: consecutive duplicates stay */
	unsigned only;		/* TASK_NEXT: the last so many of a test session alone are
				   asked for; 0: all */
	double share;		/* of RANDOM, LATEST, LINKS, PRODUCTS; 0..1 without its ends */
	const uint8_t *side;	/* SPLIT_GIVEN: (n_sessions) enum split_side */
	uint64_t seed;
};
/* Errors: ERR_USAGE. The seed is left alone. */
bool split_parse(struct str text, struct split_spec *s, struct err *err);
/* Makes of auto what it is for the catalog, and instants of days and shares. ERR_NOMEM; ERR_NO
 * for days of a log without dates, and for latest where all happened at once. */
bool split_settle(struct split_spec *s, const struct catalog *c, struct err *err);
void split_text(const struct split_spec *s, struct strbuf *b);
/* What parameters are chosen by, inside what s leaves to learn from. LINKS and PRODUCTS of a
 * graph are to be made of the part that is left (split_part), others of the whole with that part's
 * events. */
bool split_tune(const struct split_spec *s, const struct catalog *c,
		struct split_spec *tune, struct err *err);

/* What is asked about a test session. */
enum task {
	TASK_NEXT,		/* the next item, from those before it */
	TASK_COMPLEMENT,	/* what else is in the basket, from one of its products */
	TASK_BASKET,		/* one product of a basket, from all others */
};
const char *task_name(enum task t);
bool task_parse(struct str s, enum task *t);

/*
 * TASK_NEXT: item lists are products viewed (purchased or carted, in a log without
 * views) in the order of events, without consecutive duplicates unless repeats. The other two:
 * distinct products purchased (or carted), ascending.
 */
struct split {
	uint8_t *train;		/* (n_events) 1: may be learnt from; NULL: pieces may */
	struct part_pieces pieces;	/* SPLIT_LINKS */
	/* Of a catalog whose relations stand alone, which has no events. */
	struct part_unlinked unlinked;
	uint64_t *pair;			/* what is out of it */
	uint8_t *product;
	uint64_t train_events;		/* or pairs */
	enum event_kind kind;	/* of the items */
	/* Test lists of two items or more: list i is
	 * item[offsets[i] .. offsets[i + 1]); targets start at place given[i]. */
	uint64_t *offsets;
	uint32_t *item, *given, *session;	/* session (n) of the catalog; 0 without any */
	size_t n;
};

/* within (n_events) or NULL: only events with 1 there are in either part. Errors:
 * ERR_NO when a part would be empty or the log has no such events, ERR_NOMEM. */
bool split_make(struct split *p, const struct split_spec *s, const struct catalog *c,
		enum task task, const uint8_t *within, struct err *err);
void split_finish(struct split *p);
/* What may be learnt from as a catalog; see stats/part.h. */
bool split_part(struct part **part, const struct split *p, const struct catalog *c,
		struct work work, struct err *err);

#endif
