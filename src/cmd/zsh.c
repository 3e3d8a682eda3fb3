/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * zsh wants one _arguments call per command, or per view where a command's options depend on it:
 * they are functions, found by the words that stand on the line already.
 */
#include "config.h"

#include "cmd/completions.h"

#include "base/out.h"
#include "cmd/args.h"
#include "view/view.h"

static const char top[] =
	"#compdef aisle\n"
	"# zsh completion for aisle\n"
	"# SPDX-License-Identifier: GPL-3.0-or-later\n"
	"# Made by aisle help zsh; do not edit.\n\n"
	"_aisle_categories()	# of the store that the line names\n"
	"{\n"
	"	local word\n"
	"	local -a paths\n"
	"	for word in $words; do\n"
	"		[[ -e $word/CURRENT ]] || continue\n"
	"		paths=(${(f)\"$(aisle show categories $word --columns path \\\n"
	"			--format tsv 2>/dev/null | tail -n +2)\"})\n"
	"		compadd -a paths\n"
	"	done\n"
	"}\n\n";

static const char bottom[] =
	"_aisle()\n"
	"{\n"
	"	local word command= operand=\n"
	"	for word in ${words[2,CURRENT-1]}; do\n"
	"		[[ $word == -* ]] && continue\n"
	"		if [[ -z $command ]]; then\n"
	"			command=$word\n"
	"		elif [[ -z $operand ]]; then\n"
	"			operand=$word\n"
	"		fi\n"
	"	done\n"
	"	if [[ -z $command ]]; then\n"
	"		_describe -t commands command _aisle_commands\n"
	"		_files -/\n"
	"	elif (( $+functions[_aisle_${command}_$operand] )); then\n"
	"		_aisle_${command}_$operand\n"
	"	elif (( $+functions[_aisle_$command] )); then\n"
	"		_aisle_$command\n"
	"	else\n"
	"		_files\n"
	"	fi\n"
	"}\n\n"
	"_aisle \"$@\"\n";

/* text up to the end of its first sentence, as it stands in '...' within [...]. */
static void add_text(struct out *out, const char *text)
{
	for (const char *s = text; s && *s && !(s[0] == '.' && (s[1] == ' ' || !s[1])); s++) {
		if (*s == '\'')
			out_add(out, STR("'\\''"));
		else if (strchr("[]:\\", *s))
			out_addf(out, "\\%c", *s);
		else
			out_addc(out, *s);
	}
}

static void add_columns(struct out *out, const struct view_class *v, unsigned flag)
{
	out_addc(out, '(');
	for (unsigned i = 0, n = 0; v && i < v->n_columns; i++)
		if ((v->columns[i].flags & flag) == flag)
			out_addf(out, "%s%s", n++ ? " " : "", v->columns[i].key);
	out_addc(out, ')');
}

/* What stands behind the option: ":NAME:ACTION". */
static void add_value(struct out *out, enum opt_id id, const struct view_class *v)
{
	const struct opt *opt = &opt_table[id];
	const char *kind = completion_kind(id);
	struct str rest = str_from(opt->choices), word;

	out_add(out, STR(":"));
	add_text(out, opt->metavar ? opt->metavar : opt->name);
	out_add(out, STR(":"));
	if (opt->choices) {
		out_addc(out, '(');
		for (const char *space = ""; choice_next(&rest, &word); space = " ")
			out_addf(out, "%s%.*s", space, STR_ARG(word));
		out_addc(out, ')');
	} else if (strcmp(kind, "file") == 0) {
		out_add(out, STR("_files"));
	} else if (strcmp(kind, "category") == 0) {
		out_add(out, STR("_aisle_categories"));
	} else if (strcmp(kind, "columns") == 0) {
		out_add(out, STR("_sequence compadd - "));
		add_columns(out, v, 0);
	} else if (strcmp(kind, "sort") == 0) {
		add_columns(out, v, COLUMN_SORT);
	} else {
		out_addc(out, ' ');
	}
}

static void add_spelling(struct out *out, enum opt_id id, const struct view_class *v,
			 bool letter)
{
	const struct opt *opt = &opt_table[id];

	if (letter)
		out_addf(out, "\t\t'-%c[", opt->letter);
	else
		out_addf(out, "\t\t'--%s[", opt->name);
	add_text(out, opt->help);
	out_addc(out, ']');
	if (opt->type != OPT_FLAG)
		add_value(out, id, v);
	out_add(out, STR("' \\\n"));
}

static void add_option(struct out *out, enum opt_id id, const struct view_class *v)
{
	add_spelling(out, id, v, false);
	if (opt_table[id].letter)
		add_spelling(out, id, v, true);
}

static void add_common(struct out *out)
{
	for (const enum opt_id *o = opt_common; *o != OPT_IDS; o++)
		add_option(out, *o, NULL);
}

struct words {
	struct out *out;
	const struct command *c;
	unsigned n;
};

static void add_operand(void *ctx, struct str word)
{
	struct words *w = ctx;
	const struct view_class *v = w->c->asks ? view_find(word) : NULL;

	out_addf(w->out, "\t\t'%.*s", STR_ARG(word));
	if (v) {
		out_addc(w->out, ':');
		add_text(w->out, v->summary);
	}
	out_add(w->out, STR("'\n"));
	w->n++;
}

/* A function of its own for what takes other options than its neighbours. */
static void add_function(void *ctx, struct str word)
{
	const struct words *w = ctx;
	const struct view_class *v = view_find(word);

	out_addf(w->out, "_aisle_%s_%.*s()\n{\n\t_arguments -s -S \\\n", w->c->name,
		 STR_ARG(word));
	for (const enum opt_id *o = w->c->options; o && *o != OPT_IDS; o++)
		if (opt_fits(*o, w->c->asks(word)))
			add_option(w->out, *o, v);
	add_common(w->out);
	out_add(w->out, STR("\t\t'*:file:_files'\n}\n\n"));
}

static void add_command(void *ctx, const struct command *c)
{
	struct out *out = ctx;
	struct cmd_env env = {0};
	struct words w = {out, c, 0};

	if (c->asks)
		c->complete(&(struct completion){&env, 0, STR(""), add_function, &w});
	out_addf(out, "_aisle_%s()\n{\n\tlocal -a first=(\n", c->name);
	if (c->complete)
		c->complete(&(struct completion){&env, 0, STR(""), add_operand, &w});
	out_add(out, STR("\t)\n\t_arguments -s -S \\\n"));
	for (const enum opt_id *o = c->options; o && *o != OPT_IDS; o++)
		add_option(out, *o, NULL);
	add_common(out);
	out_addf(out, "\t\t':command:' \\\n\t\t'::word:%s' \\\n\t\t'*:file:_files'\n}\n\n",
		 w.n ? "{_describe -t words word first; _files}" : "_files");
}

static void add_name(void *ctx, const struct command *c)
{
	out_addf(ctx, "\t'%s:", c->name);
	add_text(ctx, c->summary);
	out_add(ctx, STR("'\n"));
}

void zsh_write(const struct command *const *commands, struct out *out)
{
	out_add(out, str_from(top));
	out_add(out, STR("typeset -ga _aisle_commands=(\n"));
	completion_commands(commands, add_name, out);
	out_add(out, STR(")\n\n"));
	completion_commands(commands, add_command, out);
	out_add(out, str_from(bottom));
}
