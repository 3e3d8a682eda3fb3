/* SPDX-License-Identifier: GPL-3.0-or-later */
/* foreign: files of other programs that are no text, and what turns them into something
 * that is read. */
#ifndef DATA_FOREIGN_H
#define DATA_FOREIGN_H

#include "base/err.h"
#include "base/str.h"

/* By a file's first bytes, unpacked: true where it may be text. Else ERR_FORMAT says what it
 * is and the command that turns it into CSV or Parquet. */
bool foreign_check(const char *path, struct str head, struct err *err);

#endif
