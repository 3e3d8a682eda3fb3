/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bound: keeps what the process holds in anonymous memory within a bound, by temporary files. */
#ifndef BASE_BOUND_H
#define BASE_BOUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * From bound_start to bound_end big blocks (mem.h asks about each) that would take the process
 * beyond `bytes` of anonymous memory, as the kernel counts it, lie in files of `folder`: one a
 * block, without a name, gone with the block. Their pages are the kernel's to write out. A wish:
 * where no file can be made or the disk is full, the block stays in memory (bound_failed). The
 * bound holds for the process; the one started last counts.
 */
void bound_start(uint64_t bytes, const char *folder);
void bound_end(void);
/* Bytes that stayed in memory since bound_start, and why the first of them did (an errno). */
uint64_t bound_failed(int *why);
/* Would a new block of so many bytes be laid into a file? */
bool bound_asks(size_t bytes);
/* Lay a fresh block of malloc, all zeros, into a file. Its contents are zeros again. */
void bound_lay(void *p, size_t bytes);

#endif
