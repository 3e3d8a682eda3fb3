/* SPDX-License-Identifier: GPL-3.0-or-later */
/* decision: what one person said of one suggestion, and how that is written down. */
#ifndef VET_DECISION_H
#define VET_DECISION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#define DECISION_ID 200		/* bytes of an id, as in a store */
#define DECISION_WHO 64		/* bytes of a person's name */
#define DECISION_REASON 1000	/* bytes of a reason */
#define DECISION_PLACES 1000	/* the last position of a pin */

enum decision_kind {
	DECISION_APPROVE,
	DECISION_REJECT,
	DECISION_SKIP,		/* seen, and left open */
	DECISION_PIN,		/* approved, at a position of the list */
	DECISION_UNDO,		/* takes decision `of` back */
	DECISION_REDO,		/* and gives it again */
	DECISION_KINDS,
};
const char *decision_kind_name(enum decision_kind k);	/* "approve" ... */
bool decision_kind_parse(struct str s, enum decision_kind *k);

/* What a decision on the pair (product, with) is said of. */
enum decision_scope {
	SCOPE_PAIR,		/* with, in the list of product */
	SCOPE_BOTH,		/* and the other way round */
	SCOPE_VARIANTS,		/* every variant of with, in the list of product */
	SCOPE_EVERYWHERE,	/* with, in the list of any product */
	DECISION_SCOPES,
};
const char *decision_scope_name(enum decision_scope s);	/* "pair" ... */
bool decision_scope_parse(struct str s, enum decision_scope *scope);

/* Ids are texts, so that a decision outlives imports and trainings. */
struct decision {
	uint64_t seq;		/* its number in the journal, from 1; 0: not kept yet */
	int64_t time;		/* ms since 1970 UTC */
	struct str who, panel, product, with, reason;
	enum decision_kind kind;
	enum decision_scope scope;
	unsigned position;	/* of a pin, 1-based; 0: it has none */
	uint64_t of;		/* of undo and redo: the decision taken back or given again; of
				 * others: the one that this says again, with a reason or of
				 * another scope; 0: none */
	bool audit;		/* drawn at random: counts for the acceptance rate */
	/* As it was seen: 1-based place, 0: not in the list; score, NAN: none; the model or
	 * panel that ranked; sessions with both; generation of the store. */
	unsigned rank;
	double score;
	struct str model;
	uint64_t n, generation;
	double low, high;	/* 95% interval of lift then; high 0: there was none */
};

/* ERR_USAGE for an empty or too long name, id or reason, or a pin without position. */
bool decision_check(const struct decision *d, struct err *err);
/* Fields parted by tabs, escaped as in tsv: the journal's record. */
void decision_write(const struct decision *d, struct strbuf *record);
/* Texts are copied to the arena; false: it is no decision. seq is left alone. */
bool decision_read(struct decision *d, struct str record, struct arena *arena);

#endif
