/* SPDX-License-Identifier: GPL-3.0-or-later */
/* decision_file: decisions that come as a table: CSV with a header, or JSON lines. */
#ifndef VET_DECISION_FILE_H
#define VET_DECISION_FILE_H

#include "vet/decision.h"

/*
 * Columns, in any order: product, suggestion, decision; and where they are there panel,
 * who, time (RFC 3339), scope, position, reason, audit, rank, score, model, n, import, seq,
 * of, lift_low, lift_high. What a record leaves empty is dflt's. seq of a decision is the
 * file's own number then,
 * which `of` of an undo refers to; 0 without that column.
 */
struct decision_list {
	struct arena *arena;	/* texts */
	struct decision *at;	/* (n) in the order of the file */
	size_t n, cap;
};
void decision_list_finish(struct decision_list *l);

/* JSON lines by the first byte, a brace. All or none: ERR_FORMAT names line and column of
 * the first record that is no decision, or the column that is missing or unknown. */
bool decision_file_read(struct decision_list *l, const char *path,
			const struct decision *dflt, struct err *err);

#endif
