/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kiosk: what an explorer gives up before a visitor sits down at it. */
#ifndef CLI_KIOSK_H
#define CLI_KIOSK_H

#include <stdbool.h>

struct args;
struct err;
struct front;

/*
 * The environment is what a kiosk needs, the process stands in the store's folder's folder, so
 * that no message names more than the store, and has no more memory than --memory beyond
 * what it has. *store becomes the store's name there, a part of what it was.
 */
bool kiosk_enter(const char **store, const struct args *a, struct err *err);

/* --plain: from here on a line may take f->seconds; the job is cancelled then, and twice that
 * later the program ends. Nothing without a budget. */
void kiosk_begin_line(struct front *f);
/* true: in time, or failed by itself; else err says that it was not. */
bool kiosk_end_line(struct front *f, bool ok, struct err *err);

#endif
