/* SPDX-License-Identifier: GPL-3.0-or-later */
/* notes: what people wrote down of what they saw, in the store's folder. */
#ifndef VET_NOTES_H
#define VET_NOTES_H

#include <jansson.h>

#include "vet/journal.h"

#define NOTE_TEXT 1000	/* bytes of what someone wrote */
#define NOTE_ROWS 60	/* rows that are kept at most */
#define NOTES_ASIDE 200	/* notes that a kiosk keeps in memory */

/*
 * A note is an object: time (ms UTC), who, text, view, asks (what the view was asked: an array
 * of texts for each name), first (its first row that is kept), import (the generation), columns
 * (their keys) and rows, each an array of the row's key, its label, and a value per column:
 * a number, a text or null.
 *
 * The notes of a place, the oldest first; the array is the caller's (json_decref). Those of
 * an aside are all that a kiosk shows: the owner's stay in the store.
 * Errors: those of journal_read; ERR_STORE for a record that is no note.
 */
bool notes_read(const struct journal_place *at, json_t **notes, struct err *err);
/*
 * One more, on the disk when it returns (aside: in memory). Where a record can't hold all rows
 * the last ones are dropped; *rows gets how many were kept. ERR_USAGE for a text that is
 * empty, too long or not UTF-8, and for more than NOTES_ASIDE; those of journal_write.
 */
bool notes_add(const struct journal_place *at, json_t *note, size_t *rows, struct err *err);

#endif
