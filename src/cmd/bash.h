/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bash: completion of aisle's words in bash, made from the tables. */
#ifndef CMD_BASH_H
#define CMD_BASH_H

struct out;

/* A file to source: commands, options with their values, views, columns, data
 * sets, files; category paths are asked of the store that the line names. */
void bash_write(struct out *out);

#endif
