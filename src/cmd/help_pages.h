/* SPDX-License-Identifier: GPL-3.0-or-later */
/* help_pages: what help says of a command, a view, a model, filters and keys, from the tables. */
#ifndef CMD_HELP_PAGES_H
#define CMD_HELP_PAGES_H

struct command;
struct model_class;
struct leaf;
struct view_class;

void help_command(const struct leaf *p, const struct command *c);
void help_common_options(const struct leaf *p);
/* roff: a subsection each */
void help_view(const struct leaf *p, const struct view_class *v);
void help_model(const struct leaf *p, const struct model_class *m);
void help_where(const struct leaf *p);
void help_keys(const struct leaf *p);

#endif
