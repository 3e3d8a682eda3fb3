/* SPDX-License-Identifier: GPL-3.0-or-later */
/* guard: what the program needs before it starts, and what it says when it dies. */
#ifndef CLI_GUARD_H
#define CLI_GUARD_H

struct args;
struct command;
struct strbuf;

/* Give the standard descriptors that are closed something that can't be used, so
 * that no file gets their number and is written to by a message. */
void guard_descriptors(void);

/* For a command with these flags (enum cmd_flag): what a fault in a mapped file
 * means. Reading a store: it may be damaged, exit 3. Writing one: the disk failed
 * under the map, exit 5. Other crashes stay what they are: bugs. */
void guard_crash(unsigned flags);

/* Give up what the command has no use for; how that went stands in *said and is returned,
 * NULL: nothing was given up (explorer, shell, which start others). */
const char *guard_sandbox(const struct command *c, const struct args *a, struct strbuf *said);

#endif
