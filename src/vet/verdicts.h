/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verdicts: what all people decided, folded from the journal, kept up with others. */
#ifndef VET_VERDICTS_H
#define VET_VERDICTS_H

#include "vet/decision.h"
#include "vet/journal.h"

/* Seconds that a reader waits for writers, who have the log for the moment of a commit. */
#define VERDICTS_PATIENCE 10

/*
 * The journal is a log; the state is what it adds up to. Of a pair (panel, product, with)
 * each person has at most one decision that stands: the last that was not taken back. The
 * pair's verdict is the latest of those, skips aside; in blind mode it takes two people who
 * decided alike. Nothing is overwritten: what stood before is a step back in the log.
 *
 * at.store NULL keeps decisions in memory alone (a kiosk). Not for several threads at once.
 */
struct verdicts;
bool verdicts_open(struct verdicts **v, const struct journal_place *at, struct err *err);
void verdicts_destroy(struct verdicts *v);
SCOPED_DEFINE(verdicts)

/* Take in what others have written since. */
bool verdicts_refresh(struct verdicts *v, struct err *err);
/* journal_version as it was read or written last: another one says that someone has decided or
 * set rules since. */
uint64_t verdicts_version(const struct verdicts *v);

struct decisions {
	struct decision *at; /* (n) */
	size_t n;
};
/*
 * Keep n decisions, all or none: they are on the disk when it returns. seq and, where it is
 * 0, time are filled in. Those of others that came before are taken in first.
 * Errors: those of decision_check and the journal.
 */
bool verdicts_add(struct verdicts *v, struct decisions d, struct err *err);
/*
 * Take in decisions that were exported elsewhere (seq and `of` are that log's numbers), undo
 * and redo too, in their order; those that the log has already (same time, person, pair and
 * kind) are left out. *added gets how many were new. All or none.
 */
bool verdicts_merge(struct verdicts *v, struct decisions d, size_t *added, struct err *err);
/*
 * Take back the last decision of `who` that stands, of that pair or of any (pair NULL), with
 * those that it says again (decision.of); redo gives back what was taken back last, unless
 * something was decided since. *d is the decision that it was about. ERR_NO: there is none.
 */
bool verdicts_undo(struct verdicts *v, struct str who, const struct decision *pair,
		   struct decision *d, struct err *err);
bool verdicts_redo(struct verdicts *v, struct str who, struct decision *d, struct err *err);

/* --- what stands; everything returned is valid as long as v */

/* Records in all, and the i-th of them (seq i + 1), undone or not. */
uint64_t verdicts_count(const struct verdicts *v);
const struct decision *verdicts_at(const struct verdicts *v, uint64_t i);
/* d, or what it takes back or gives again. */
const struct decision *verdicts_about(const struct verdicts *v, const struct decision *d);
/* It was not taken back. */
bool verdicts_stands(const struct verdicts *v, uint64_t i);

/* Pairs that someone decided on, by number; the pair's verdict, NULL: none stands. */
uint32_t verdicts_pairs(const struct verdicts *v);
const struct decision *verdicts_of(const struct verdicts *v, uint32_t pair, bool blind);
/* The pair's number, UINT32_MAX: no one decided on it. */
uint32_t verdicts_find(const struct verdicts *v, struct str panel, struct str product,
		       struct str with);
/* What stands of that person, skips too; NULL: nothing. */
const struct decision *verdicts_by(const struct verdicts *v, uint32_t pair, struct str who);
/* The pair's decisions that stand, one a person, the latest first: pass NULL first. */
const struct decision *verdicts_next(const struct verdicts *v, uint32_t pair,
				     const struct decision *after);

/* Who decides where nobody says a name: the login name. */
void verdicts_login(struct strbuf *name);

#endif
