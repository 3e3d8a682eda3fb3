/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A page per command, a page each for views, models, filters and keys, and one above them that
 * says which there are. All come from the tables, so that a new row is documented.
 */
#include "config.h"

#include "cmd/manual.h"

#include "base/nearest.h"
#include "base/out.h"
#include "cmd/cmd.h"
#include "cmd/help_pages.h"
#include "cmd/leaf.h"
#include "model/model.h"
#include "view/view.h"

static const struct {
	const char *code, *meaning;
} exit_codes[] = {
	{"0", "All went well; also when the reader of the output went away."},
	{"1", "The answer is no, or data were refused."},
	{"2", "The command line is wrong."},
	{"3", "The store can't be opened or is damaged."},
	{"4", "Someone else holds the lock, or a time limit was reached."},
	{"5", "The disk is full, memory is out, or reading or writing failed."},
	{"130", "Interrupted."},
};

static const struct {
	const char *name, *meaning;
} variables[] = {
	{"NO_COLOR", "When set and not empty: no colours."},
	{"XDG_CONFIG_HOME", "The explorer's settings are aisle/config below it, lines of set, "
	 "bind and unbind; default ~/.config."},
	{"XDG_DATA_HOME", "Encoders of texts are looked for in aisle/weights below it; default "
	 "~/.local/share."},
	{"XDG_STATE_HOME", "Histories and the explorer's places are in aisle below it; default "
	 "~/.local/state."},
};

static void views(const struct leaf *p)
{
	out_add(p->out, STR(".SH DESCRIPTION\n"));
	leaf_paragraph(p, "A view is a table of typed cells: aisle show prints it, the explorer "
		       "shows it. Every column has its name and its meaning here.", 0);
	out_add(p->out, STR(".SH VIEWS\n"));
	for (const struct view_class *const *v = view_classes; *v; v++)
		help_view(p, *v);
}

static void models(const struct leaf *p)
{
	out_add(p->out, STR(".SH DESCRIPTION\n"));
	leaf_paragraph(p, "aisle train MODEL STORE trains a model and keeps it in the store; "
		       "--model NAME ranks by it, aisle evaluate measures it.", 0);
	out_add(p->out, STR(".SH MODELS\n"));
	for (const struct model_class *const *m = model_classes; *m; m++)
		help_model(p, *m);
}

static void filters(const struct leaf *p)
{
	out_add(p->out, STR(".SH DESCRIPTION\n"));
	help_where(p);
}

static void keys(const struct leaf *p)
{
	out_add(p->out, STR(".SH DESCRIPTION\n"));
	help_keys(p);
}

/* Pages beside those of commands. */
static const struct topic {
	const char *name, *summary;
	void (*write)(const struct leaf *p);
	bool nested;
} topics[] = {
	{"views", "the tables that aisle shows, column by column", views, true},
	{"models", "the recommenders of aisle and their parameters", models, true},
	{"filters", "the language of aisle's --where and --having", filters, true},
	{"keys", "the keys of aisle's explorer", keys, true},
};

static const size_t n_topics = sizeof topics / sizeof *topics;

/* "aisle-show(1), " ... */
static void see_also(const struct leaf *p, const char *but)
{
	const char *space = "";

	out_add(p->out, STR(".SH SEE ALSO\n"));
	if (but)
		out_addf(p->out, ".BR aisle (1)"), space = ",\n";
	for (size_t i = 0; i < n_topics; i++) {
		if (but && strcmp(but, topics[i].name) == 0)
			continue;
		out_addf(p->out, "%s.BR aisle\\-%s (7)", space, topics[i].name);
		space = ",\n";
	}
	out_addf(p->out, "%s.BR aisle\\-import (5),\n.BR aisle\\-bundle (5),\n"
		 ".BR aisle\\-kiosk (7)\n", space);
}

static void top_page(const struct leaf *p)
{
	const struct leaf nested = {p->out, true, true};

	out_addf(p->out, ".\\\" Made by aisle help man; do not edit.\n"
		 ".TH AISLE 1 \"\" \"aisle %s\" \"User Commands\"\n"
		 ".SH NAME\naisle \\- explore product recommendations in a terminal\n"
		 ".SH SYNOPSIS\n.B aisle\n.I COMMAND\n[\\fIOPTION\\fR...]\n.br\n"
		 ".B aisle\n.I STORE\n.SH DESCRIPTION\n", PACKAGE_VERSION);
	leaf_paragraph(p, "aisle reads shop logs into a store, counts what is seen and bought "
		       "together, and lets a person walk through the result in a terminal. "
		       "Everything that a screen shows can also be printed by a command. Data go "
		       "to standard output, which stays empty unless the exit code is 0; errors "
		       "are one line on standard error.", 0);
	out_add(p->out, STR(".PP\n"));
	leaf_paragraph(p, "First steps: aisle demo.", 0);
	leaf_heading(p, "Commands");
	for (const struct command *const *c = command_table; *c; c++) {
		STRBUF(name);

		if ((*c)->flags & CMD_FRONT)
			continue;
		strbuf_addf(&name, "aisle-%s(1)", (*c)->name);
		leaf_entry(p, strbuf_c(&name), (*c)->summary);
	}
	leaf_heading(p, "Options of every command");
	help_common_options(&nested);
	leaf_heading(p, "Exit status");
	for (size_t i = 0; i < sizeof exit_codes / sizeof *exit_codes; i++)
		leaf_entry(p, exit_codes[i].code, exit_codes[i].meaning);
	leaf_heading(p, "Environment");
	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
		leaf_entry(p, variables[i].name, variables[i].meaning);
	see_also(p, NULL);
}

/* What every other page begins with: NAME as apropos(1) finds it. */
static void top(const struct leaf *p, const char *name, unsigned section, const char *summary)
{
	STRBUF(upper);
	size_t n = strlen(summary);

	for (const char *s = name; *s; s++)
		strbuf_addc(&upper, *s >= 'a' && *s <= 'z' ? (char)(*s - 32) : *s);
	out_addf(p->out, ".\\\" Made by aisle help man %s; do not edit.\n"
		 ".TH AISLE\\-%s %u \"\" \"aisle %s\" \"%s\"\n"
		 ".SH NAME\naisle\\-%s \\- ", name, strbuf_c(&upper), section, PACKAGE_VERSION,
		 section == 1 ? "User Commands" : "Miscellaneous", name);
	STRBUF(line);
	strbuf_add(&line, str_span(summary, n && summary[n - 1] == '.' ? n - 1 : n));
	leaf_text(p, strbuf_c(&line));
	out_addc(p->out, '\n');
}

/* The commands of the shell and of the explorer's line have no page of their own. */
static void front_commands(const struct leaf *p)
{
	const struct leaf nested = {p->out, true, true};

	leaf_heading(p, "Commands of the shell");
	leaf_paragraph(p, "They work on the explorer's : line too.", 0);
	for (const struct command *const *c = command_table; *c; c++)
		if ((*c)->flags & CMD_FRONT)
			help_command(&nested, *c);
}

static void command_manual(const struct leaf *p, const struct command *c)
{
	top(p, c->name, 1, c->summary);
	help_command(p, c);
	if (strcmp(c->name, "shell") == 0)
		front_commands(p);
	leaf_heading(p, "Options of every command");
	help_common_options(p);
	see_also(p, c->name);
}

bool manual_write(struct out *out, const char *name, struct err *err)
{
	struct leaf p = {.out = out, .roff = true};
	struct str page = str_from(name);
	const struct command *c = name ? command_find(page) : NULL;
	struct nearest near;
	STRBUF(hint);

	if (!name) {
		top_page(&p);
		return true;
	}
	if (c && !(c->flags & CMD_FRONT)) {
		command_manual(&p, c);
		return true;
	}
	nearest_init(&near, page);
	for (size_t i = 0; i < n_topics; i++) {
		if (str_is(page, topics[i].name)) {
			top(&p, topics[i].name, 7, topics[i].summary);
			p.nested = topics[i].nested;
			topics[i].write(&p);
			p.nested = false;
			see_also(&p, topics[i].name);
			return true;
		}
		nearest_try(&near, str_from(topics[i].name));
	}
	for (const struct command *const *k = command_table; *k; k++)
		nearest_try(&near, str_from((*k)->name));
	nearest_hint(&near, &hint);
	return err_fail(err, ERR_USAGE, "there is no manual page of '%s'%s", name,
			hint.len ? strbuf_c(&hint) :
				   ": it is a command, views, models, filters or keys");
}
