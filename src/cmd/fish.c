/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fish takes one `complete` line per candidate, with the condition under which it is one:
 * __aisle_at COMMAND [OPERAND] holds where that command (and its first operand) stands already.
 */
#include "config.h"

#include "cmd/completions.h"

#include "base/out.h"
#include "cmd/args.h"
#include "view/view.h"

static const char top[] =
	"# fish completion for aisle\n"
	"# SPDX-License-Identifier: GPL-3.0-or-later\n"
	"# Made by aisle help fish; do not edit.\n\n"
	"function __aisle_words	# what stands before the cursor, options left out\n"
	"	for word in (commandline -opc)\n"
	"		string match -q -- '-*' $word; or echo $word\n"
	"	end\n"
	"end\n\n"
	"function __aisle_at	# COMMAND [OPERAND]\n"
	"	set -l words (__aisle_words)\n"
	"	test (count $words) -ge 2; and test $words[2] = $argv[1]; or return 1\n"
	"	test (count $argv) -lt 2; and return 0\n"
	"	test (count $words) -ge 3; and test $words[3] = $argv[2]\n"
	"end\n\n"
	"function __aisle_first	# COMMAND: its first operand comes next\n"
	"	set -l words (__aisle_words)\n"
	"	test (count $words) -eq 2; and test $words[2] = $argv[1]\n"
	"end\n\n"
	"function __aisle_none	# no command yet\n"
	"	test (count (__aisle_words)) -eq 1\n"
	"end\n\n"
	"function __aisle_categories	# of the store that the line names\n"
	"	for word in (__aisle_words)\n"
	"		test -e $word/CURRENT; or continue\n"
	"		aisle show categories $word --columns path --format tsv \\\n"
	"			2>/dev/null | tail -n +2\n"
	"	end\n"
	"end\n\n"
	"complete -c aisle -n '__aisle_none' -k -a '(__fish_complete_directories)' -d Store\n";

/* 'text' up to the end of its first sentence, quoted as fish reads it. */
static void add_text(struct out *out, const char *text)
{
	out_addc(out, '\'');
	for (const char *s = text; s && *s && !(s[0] == '.' && (s[1] == ' ' || !s[1])); s++) {
		if (*s == '\'' || *s == '\\')
			out_addc(out, '\\');
		out_addc(out, *s);
	}
	out_addc(out, '\'');
}

static void add_choices(struct out *out, const struct opt *opt)
{
	struct str rest = str_from(opt->choices), word;

	out_add(out, STR(" -x -a '"));
	for (const char *space = ""; choice_next(&rest, &word); space = " ")
		out_addf(out, "%s%.*s", space, STR_ARG(word));
	out_addc(out, '\'');
}

/* operand: the view for which columns and orders are asked, or NULL. */
static void add_columns(struct out *out, const struct view_class *v, unsigned flag)
{
	out_add(out, STR(" -x -a '"));
	for (unsigned i = 0, n = 0; v && i < v->n_columns; i++)
		if ((v->columns[i].flags & flag) == flag)
			out_addf(out, "%s%s", n++ ? " " : "", v->columns[i].key);
	out_addc(out, '\'');
}

static void add_option(struct out *out, enum opt_id id, const struct view_class *v)
{
	const struct opt *opt = &opt_table[id];
	const char *kind = completion_kind(id);

	out_addf(out, " -l %s", opt->name);
	if (opt->letter)
		out_addf(out, " -s %c", opt->letter);
	out_add(out, STR(" -d "));
	add_text(out, opt->help);
	if (opt->type == OPT_FLAG)
		;
	else if (opt->choices)
		add_choices(out, opt);
	else if (strcmp(kind, "file") == 0)
		out_add(out, STR(" -r -F"));
	else if (strcmp(kind, "category") == 0)
		out_add(out, STR(" -x -a '(__aisle_categories)'"));
	else if (strcmp(kind, "columns") == 0)
		add_columns(out, v, 0);
	else if (strcmp(kind, "sort") == 0)
		add_columns(out, v, COLUMN_SORT);
	else
		out_add(out, STR(" -x"));
	out_addc(out, '\n');
}

struct operands {
	struct out *out;
	const struct command *c;
};

/* A word that may be the first operand, and the options that fit behind it. */
static void add_operand(void *ctx, struct str word)
{
	const struct operands *o = ctx;
	const struct view_class *v = o->c->asks ? view_find(word) : NULL;

	out_addf(o->out, "complete -c aisle -n '__aisle_first %s' -a %.*s", o->c->name,
		 STR_ARG(word));
	if (v) {
		out_add(o->out, STR(" -d "));
		add_text(o->out, v->summary);
	}
	out_addc(o->out, '\n');
	if (!o->c->asks)
		return;
	for (const enum opt_id *i = o->c->options; i && *i != OPT_IDS; i++)
		if (opt_fits(*i, o->c->asks(word))) {
			out_addf(o->out, "complete -c aisle -n '__aisle_at %s %.*s'",
				 o->c->name, STR_ARG(word));
			add_option(o->out, *i, v);
		}
}

static void add_command(void *ctx, const struct command *c)
{
	struct cmd_env env = {0};
	struct operands o = {ctx, c};

	out_addf(ctx, "complete -c aisle -n __aisle_none -f -a %s -d ", c->name);
	add_text(ctx, c->summary);
	out_addc(ctx, '\n');
	if (c->complete)
		c->complete(&(struct completion){&env, 0, STR(""), add_operand, &o});
	for (const enum opt_id *i = c->options; !c->asks && i && *i != OPT_IDS; i++) {
		out_addf(ctx, "complete -c aisle -n '__aisle_at %s'", c->name);
		add_option(ctx, *i, NULL);
	}
}

void fish_write(const struct command *const *commands, struct out *out)
{
	out_add(out, str_from(top));
	completion_commands(commands, add_command, out);
	for (const enum opt_id *o = opt_common; *o != OPT_IDS; o++) {
		out_add(out, STR("complete -c aisle"));
		add_option(out, *o, NULL);
	}
}
