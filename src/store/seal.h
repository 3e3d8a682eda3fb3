/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seal: a file that this machine has made or looked through needn't be looked through again. */
#ifndef STORE_SEAL_H
#define STORE_SEAL_H

#include <stdbool.h>

/*
 * A mark on the open file (the attribute user.aisle.checked), which only this machine can make
 * and which holds for this very file as it is now: a keyed hash of its device, number, size and
 * time of change. A file that was copied, unpacked, edited or sent has none that holds.
 */
bool seal_holds(int fd);
/* Nothing happens where the file system keeps no such attributes or the file is another's. */
void seal_put(int fd);

#endif
