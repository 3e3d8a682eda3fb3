/* SPDX-License-Identifier: GPL-3.0-or-later */
/* guard: what the program needs before it starts, and what it says when it dies. */
#ifndef CLI_GUARD_H
#define CLI_GUARD_H

/* Give the standard descriptors that are closed something that can't be used, so
 * that no file gets their number and is written to by a message. */
void guard_descriptors(void);

/* For a command with these flags (enum cmd_flag): what a fault in a mapped file
 * means. Reading a store: it may be damaged, exit 3. Writing one: the disk failed
 * under the map, exit 5. Other crashes stay what they are: bugs. */
void guard_crash(unsigned flags);

#endif
