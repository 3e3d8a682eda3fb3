/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cut_files: which sessions are learnt from and which are asked, as files name them. */
#ifndef EVAL_CUT_FILES_H
#define EVAL_CUT_FILES_H

#include "eval/split.h"
#include "store/store.h"

/* Paths; "-" is standard input. */
struct cut_files {
	const char *train;	/* NULL: all sessions that test doesn't name */
	const char *test;
};

/*
 * side (n_sessions, free it) for SPLIT_GIVEN. A line begins with the id of a session, ended by
 * a tab, comma or semicolon, so that the logs of a published cut do as they are: a session may
 * stand on many lines. *unknown counts lines that begin with none of the store's ids, a header
 * among them. ERR_IO; ERR_NO where the store keeps no session ids, a file names none of its
 * sessions, or both name one.
 */
bool cut_files_read(uint8_t **side, const struct store *s, const struct cut_files *f,
		    uint64_t *unknown, struct err *err);

#endif
