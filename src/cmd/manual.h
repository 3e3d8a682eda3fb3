/* SPDX-License-Identifier: GPL-3.0-or-later */
/* manual: the manual pages in roff, made from the tables. */
#ifndef CMD_MANUAL_H
#define CMD_MANUAL_H

#include <stdbool.h>

struct err;
struct out;

/* page: NULL for aisle(1), a command for aisle-COMMAND(1), views, models, filters or keys for
 * aisle-NAME(7). Others: ERR_USAGE with the nearest name. */
bool manual_write(struct out *out, const char *page, struct err *err);

#endif
