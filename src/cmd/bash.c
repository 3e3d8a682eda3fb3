/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The file has tables as `case` lists, made here, and one function that walks
 * the words. Candidates are compared and quoted one by one: compgen -W would
 * expand what stands in them, and the names of categories come from a log.
 */
#include "config.h"

#include "cmd/completions.h"

#include "base/out.h"
#include "cmd/args.h"
#include "view/view.h"

static const char top[] =
	"# bash completion for aisle -*- shell-script -*-\n"
	"# SPDX-License-Identifier: GPL-3.0-or-later\n"
	"# Made by aisle help bash; do not edit.\n";

static const char walk[] =
	"_aisle_add()	# _aisle_add PREFIX WORD...: candidates that fit $cur\n"
	"{\n"
	"	local before=$1 word\n"
	"	shift\n"
	"	for word; do\n"
	"		[[ $before$word == \"$cur\"* ]] || continue\n"
	"		printf -v word %q \"$before$word\"\n"
	"		COMPREPLY+=(\"${word//\\\\,/,}\")\n"
	"	done\n"
	"}\n\n"
	"_aisle_files()\n"
	"{\n"
	"	compopt -o filenames 2>/dev/null\n"
	"	local IFS=$'\\n'\n"
	"	COMPREPLY=($(compgen -f -- \"$cur\"))\n"
	"}\n\n"
	"_aisle_categories()\n"
	"{\n"
	"	local path\n"
	"	[[ $store ]] || return\n"
	"	while IFS= read -r path; do\n"
	"		_aisle_add '' \"$path\"\n"
	"	done < <(aisle show categories \"$store\" --columns path --format tsv \\\n"
	"		2>/dev/null | tail -n +2)\n"
	"}\n\n"
	"_aisle()\n"
	"{\n"
	"	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
	"	local command= view= store= word words kind columns sorts commands i n=0\n"
	"	local end=$COMP_CWORD\n"
	"	COMPREPLY=()\n"
	"	# --name=value comes as three words\n"
	"	if [[ $cur == = ]]; then\n"
	"		cur=\n"
	"		end=$((end - 1))\n"
	"	elif [[ $prev == = && $COMP_CWORD -gt 2 ]]; then\n"
	"		prev=${COMP_WORDS[COMP_CWORD-2]}\n"
	"		end=$((end - 2))\n"
	"	fi\n"
	"	for ((i = 1; i < end; i++)); do\n"
	"		word=${COMP_WORDS[i]}\n"
	"		if [[ $word == -* ]]; then\n"
	"			_aisle_value \"$command\" \"$word\" && i=$((i + 1))\n"
	"			[[ ${COMP_WORDS[i]} == = ]] && i=$((i + 1))\n"
	"		elif [[ ! $command ]]; then\n"
	"			command=$word\n"
	"		else\n"
	"			[[ $n == 0 ]] && view=$word\n"
	"			[[ -e $word/CURRENT ]] && store=$word\n"
	"			n=$((n + 1))\n"
	"		fi\n"
	"	done\n"
	"	if [[ $prev == -* ]] && _aisle_value \"$command\" \"$prev\"; then\n"
	"		case $kind in\n"
	"		file) _aisle_files ;;\n"
	"		category) _aisle_categories ;;\n"
	"		columns)\n"
	"			_aisle_columns \"$view\"\n"
	"			words=\n"
	"			[[ $cur == *,* ]] && words=${cur%,*},\n"
	"			_aisle_add \"$words\" $columns ;;\n"
	"		sort)\n"
	"			_aisle_columns \"$view\"\n"
	"			_aisle_add '' $sorts ;;\n"
	"		*) _aisle_add '' $words ;;\n"
	"		esac\n"
	"	elif [[ $cur == -* ]]; then\n"
	"		_aisle_options \"$command\" \"$view\"\n"
	"		_aisle_add '' $words\n"
	"	elif [[ ! $command ]]; then\n"
	"		_aisle_files\n"
	"		_aisle_names\n"
	"		_aisle_add '' $commands\n"
	"	else\n"
	"		_aisle_operands \"$command:$n\" && _aisle_add '' $words || _aisle_files\n"
	"	fi\n"
	"}\n\n"
	"complete -F _aisle aisle\n";

/* Those that fit. */
static void add_list(struct out *out, const enum opt_id *o, uint64_t asks)
{
	for (; o && *o != OPT_IDS; o++)
		if (opt_fits(*o, asks))
			out_addf(out, "--%s ", opt_table[*o].name);
}

struct taking {
	struct out *out;
	const struct command *c;
};

static void add_taken(void *ctx, struct str operand)
{
	const struct taking *t = ctx;
	out_addf(t->out, "	%s:%.*s) words='", t->c->name, STR_ARG(operand));
	add_list(t->out, t->c->options, t->c->asks(operand));
	out_add(t->out, STR("' ;;\n"));
}

static void add_options(void *ctx, const struct command *c)
{
	struct out *out = ctx;
	struct cmd_env env = {0};
	struct taking t = {out, c};
	if (!c->options)
		return;
	if (c->asks)
		c->complete(&(struct completion){&env, 0, STR(""), add_taken, &t});
	out_addf(out, "	%s:*) words='", c->name);
	add_list(out, c->options, UINT64_MAX);
	out_add(out, STR("' ;;\n"));
}

static void options_function(const struct command *const *commands, struct out *out)
{
	out_add(out, STR("_aisle_options()	# the options of a command and its operand\n"
			 "{\n	case $1:$2 in\n"));
	completion_commands(commands, add_options, out);
	out_add(out, STR("	:*) words='--version ' ;;\n	*) words= ;;\n	esac\n"
			 "	words+='"));
	add_list(out, opt_common, UINT64_MAX);
	out_add(out, STR("'\n}\n\n"));
}

/* "  command:--name | command:-n) kind=...; words='...' ;;" */
static void add_value(struct out *out, const char *command, enum opt_id o)
{
	const struct opt *opt = &opt_table[o];
	struct str rest = str_from(opt->choices), word;
	if (opt->type == OPT_FLAG)
		return;
	out_addf(out, "	%s:--%s", command, opt->name);
	if (opt->letter)
		out_addf(out, " | %s:-%c", command, opt->letter);
	out_addf(out, ") kind=%s words='", completion_kind(o));
	for (const char *space = ""; opt->choices && choice_next(&rest, &word); space = " ")
		out_addf(out, "%s%.*s", space, STR_ARG(word));
	out_add(out, STR("' ;;\n"));
}

static void add_values(void *ctx, const struct command *c)
{
	for (const enum opt_id *o = c->options; o && *o != OPT_IDS; o++)
		add_value(ctx, c->name, *o);
}

static void value_function(const struct command *const *commands, struct out *out)
{
	out_add(out, STR("_aisle_value()	# what stands after an option of a command; "
			 "1: nothing does\n{\n	case $1:$2 in\n"));
	completion_commands(commands, add_values, out);
	for (const enum opt_id *o = opt_common; *o != OPT_IDS; o++)
		add_value(out, "*", *o);
	out_add(out, STR("	*) return 1 ;;\n	esac\n}\n\n"));
}

static void add_columns(struct out *out, const struct view_class *v, unsigned flag,
			const char *name)
{
	const char *more;
	unsigned n = 0;

	out_addf(out, " %s='", name);
	for (unsigned i = 0; i < v->n_columns; i++)
		if ((v->columns[i].flags & flag) == flag)
			out_addf(out, "%s%s", n++ ? " " : "", v->columns[i].key);
	for (unsigned i = 0; flag && (more = view_next_sort(v, NULL, &i));)
		out_addf(out, " %s", more);
	out_addc(out, '\'');
}

static void columns_function(struct out *out)
{
	out_add(out, STR("_aisle_columns()	# columns and sorts of a view\n"
			 "{\n	case $1 in\n"));
	for (const struct view_class *const *v = view_classes; *v; v++) {
		out_addf(out, "	%s)", (*v)->name);
		add_columns(out, *v, 0, "columns");
		add_columns(out, *v, COLUMN_SORT, "sorts");
		out_add(out, STR(" ;;\n"));
	}
	out_add(out, STR("	*) columns= sorts= ;;\n	esac\n}\n\n"));
}

static void add_word(void *ctx, struct str word)
{
	out_addf(ctx, " %.*s", STR_ARG(word));
}

/* Words of the first operand; what comes from a store is not there. */
static void add_operands(void *ctx, const struct command *c)
{
	struct out *out = ctx;
	struct cmd_env env = {0};
	if (!c->complete)
		return;
	out_addf(out, "	%s:0) words='", c->name);
	c->complete(&(struct completion){&env, 0, STR(""), add_word, out});
	out_add(out, STR("' ;;\n"));
}

static void operands_function(const struct command *const *commands, struct out *out)
{
	out_add(out, STR("_aisle_operands()	# words for COMMAND:OPERAND; 1: files\n"
			 "{\n	case $1 in\n"));
	completion_commands(commands, add_operands, out);
	out_add(out, STR("	*) return 1 ;;\n	esac\n}\n\n"));
}

static void add_name(void *ctx, const struct command *c)
{
	out_addf(ctx, " %s", c->name);
}

void bash_write(const struct command *const *commands, struct out *out)
{
	out_add(out, str_from(top));
	out_add(out, STR("\n_aisle_names()	# the commands\n{\n	commands='"));
	completion_commands(commands, add_name, out);
	out_add(out, STR("'\n}\n\n"));
	options_function(commands, out);
	value_function(commands, out);
	columns_function(out);
	operands_function(commands, out);
	out_add(out, str_from(walk));
}
