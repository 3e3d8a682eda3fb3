/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A topic is looked for among commands, views and models; some words are topics of their own. */
#include "config.h"

#include "base/nearest.h"
#include "base/out.h"
#include "cmd/cmd.h"
#include "cmd/completions.h"
#include "cmd/help_pages.h"
#include "cmd/manual.h"
#include "cmd/leaf.h"
#include "model/model.h"
#include "view/view.h"

static void overview(const struct leaf *p)
{
	out_add(p->out, STR("aisle: explore product recommendations in a terminal\n\n"
			    "Usage: aisle COMMAND [OPTION...]\n"
			    "       aisle STORE\n\nCommands:\n"));
	for (const struct command *const *c = command_table; *c; c++)
		if (!((*c)->flags & CMD_FRONT))
			out_addf(p->out, "  %-10s %s\n", (*c)->name, (*c)->summary);
	out_add(p->out, STR("\nIn aisle shell and on the explorer's : line also:\n"));
	for (const struct command *const *c = command_table; *c; c++)
		if ((*c)->flags & CMD_FRONT)
			out_addf(p->out, "  %-10s %s\n", (*c)->name, (*c)->summary);
	leaf_heading(p, "Options of every command");
	help_common_options(p);
	out_add(p->out, STR("\naisle help COMMAND shows a command, aisle help VIEW the "
			    "columns of a view,\naisle help MODEL the parameters of a model, "
			    "aisle help where the language of\nfilters, aisle help keys the "
			    "explorer's keys.\n"
			    "First steps: aisle demo\n"));
}

static bool no_topic(struct str topic, struct err *err)
{
	struct nearest near;
	STRBUF(hint);
	nearest_init(&near, topic);
	for (const struct command *const *c = command_table; *c; c++)
		nearest_try(&near, str_from((*c)->name));
	for (const struct view_class *const *v = view_classes; *v; v++)
		nearest_try(&near, str_from((*v)->name));
	for (const struct model_class *const *m = model_classes; *m; m++)
		nearest_try(&near, str_from((*m)->name));
	nearest_hint(&near, &hint);
	return err_fail(err, ERR_USAGE, "there is no help on '%.*s'%s", STR_ARG(topic),
			hint.len ? strbuf_c(&hint) : ": aisle help lists what there is");
}

bool help_write(struct out *out, struct help_topic topic, struct err *err)
{
	struct leaf p = {.out = out};

	if (!topic.name) {
		overview(&p);
		return true;
	}
	struct str name = str_from(topic.name);
	const struct command *c = command_find(name);
	const struct view_class *v = view_find(name);
	const struct model_class *m = model_find(name);
	if (str_is(name, "man"))
		return manual_write(out, topic.page, err);
	if (topic.page)
		return err_fail(err, ERR_USAGE, "help takes one topic; only man takes a page");
	if (completion_write(command_table, name, out))
		return true;
	/* similar, clusters, map and rules are more than one of these */
	if (v)
		help_view(&p, v);
	if (v && (c || m))
		out_addc(out, '\n');
	if (c)
		help_command(&p, c);
	if (c && m)
		out_addc(out, '\n');
	if (m)
		help_model(&p, m);
	if (v || c || m)
		return true;
	if (str_is(name, "where"))
		help_where(&p);
	else if (str_is(name, "keys"))
		help_keys(&p);
	else
		return no_topic(name, err);
	return true;
}
