/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the command for words, parses its options by the table and runs it. */
#include "config.h"

#include "cmd/cmd.h"

#include <unistd.h>

#include "ask/ask.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "cmd/args.h"
#include "model/model.h"

#define CMD(name) extern const struct command cmd_##name;
#include "cmd/cmds.def"
#undef CMD

const struct command *const command_table[] = {
#define CMD(name) &cmd_##name,
#include "cmd/cmds.def"
#undef CMD
	NULL,
};

const struct command *command_find(struct str name)
{
	for (const struct command *const *c = command_table; *c; c++)
		if (str_is(name, (*c)->name) || ((*c)->alias && str_is(name, (*c)->alias)))
			return *c;
	return NULL;
}

static bool unknown_command(struct str word, struct err *err)
{
	struct nearest near;
	STRBUF(hint);
	nearest_init(&near, word);
	for (const struct command *const *c = command_table; *c; c++)
		nearest_try(&near, str_from((*c)->name));
	nearest_hint(&near, &hint);
	return err_fail(err, ERR_USAGE, "'%.*s' is no command of aisle%s", STR_ARG(word),
			hint.len ? strbuf_c(&hint) : ": see aisle help");
}

/* A folder that holds the file CURRENT, or what is named like a store. */
static bool names_store(struct str word)
{
	STRBUF(path);
	strbuf_add(&path, word);
	if (str_chr(word, '/') != SIZE_MAX)	/* no command has one: it is a path */
		return true;
	if (word.len > 6 && str_is(str_span(word.ptr + word.len - 6, 6), ".aisle"))
		return true;
	strbuf_adds(&path, "/CURRENT");
	return access(strbuf_c(&path), F_OK) == 0;
}

/* Index of the first word that is no option; n if there is none. The options
 * that may stand before a command take no separate value but --threads, --color. */
static unsigned first_operand(struct strs words)
{
	for (unsigned i = 0; i < words.n; i++) {
		if (words.at[i].len < 2 || words.at[i].ptr[0] != '-')
			return i;
		if (str_is(words.at[i], "--threads") || str_is(words.at[i], "--color"))
			i++;
	}
	return words.n;
}

static bool wants(struct strs words, const char *option, const char *letter)
{
	for (unsigned i = 0; i < words.n && !str_is(words.at[i], "--"); i++)
		if (str_is(words.at[i], option) || str_is(words.at[i], letter))
			return true;
	return false;
}

/* `help` with the topic, or --version. */
static bool plain_help(enum opt_id flag, const char *topic,
		       const struct command **c, struct args **a, struct err *err)
{
	const struct command *help = command_find(STR("help"));
	struct args *args = args_create(help);
	if (topic && strcmp(topic, help->name) != 0)
		args_add(args, str_from(topic));
	if (flag != OPT_IDS)
		args_take(args, flag, STR("1"), NULL);
	*c = help;
	*a = args;
	return true;
}

/* train MODEL --help is about the model. */
static const char *topic_of(const struct command *cmd, struct strs words)
{
	if (!cmd)
		return NULL;
	for (unsigned i = 1; i < words.n && strcmp(cmd->name, "train") == 0; i++)
		if (model_find(words.at[i]))
			return model_find(words.at[i])->name;
	return cmd->name;
}

static bool parse_words(struct strs words, const struct command **c, struct args **a,
			struct err *err)
{
	unsigned first = first_operand(words);
	const struct command *cmd = first < words.n ? command_find(words.at[first])
						    : command_find(STR("help"));
	if (wants(words, "--version", "-V") && (first == words.n || !cmd))
		return plain_help(OPT_ID_VERSION, NULL, c, a, err);
	if (!cmd && !names_store(words.at[first]))
		return unknown_command(words.at[first], err);
	if (wants(words, "--help", "-h"))
		return plain_help(
			OPT_IDS,
			topic_of(cmd, (struct strs){words.at + first, words.n - first}),
			c, a, err);
	bool implied = !cmd || first == words.n;
	if (!cmd)
		cmd = command_find(STR("explore"));
	if (cmd->flags & CMD_FRONT)
		return err_fail(err, ERR_USAGE, "%s works in aisle shell and on the "
				"explorer's : line", cmd->name);
	SCOPED(args) args = args_create(cmd);
	args->unnamed = first == words.n;
	if (!args_parse(args, (struct strs){words.at, first}, err) ||
	    !args_parse(args,
			(struct strs){words.at + first + !implied,
				      words.n - first - !implied},
			err) ||
	    !args_check(args, err))
		return false;
	*c = cmd;
	*a = args;
	args = NULL;
	return true;
}

bool cmd_parse(int argc, const char *const *argv, const struct command **c,
	       struct args **a, struct err *err)
{
	unsigned n = argc > 0 ? (unsigned)argc : 0;
	SCOPED_FREE struct str *words = mem_alloc((n + 1) * sizeof *words);
	for (unsigned i = 0; i < n; i++)
		words[i] = str_from(argv[i]);
	return parse_words((struct strs){words, n}, c, a, err);
}

static bool not_for_visitors(const char *what, const char *name, struct err *err)
{
	return err_fail(err, ERR_USAGE, "%s%s is not for visitors of a kiosk", what, name);
}

/* What the operand can't do without may be the owner's alone (diff: another store). */
static bool needs_owner(const struct command *c, const struct args *a)
{
	uint64_t asks = c->asks ? c->asks(args_operand(a, 0)) : 0;

	for (enum ask_id i = 0; asks != UINT64_MAX && i < ASK_IDS; i++)
		if (asks_need(asks, i) && ask_table[i].flags & ASK_OWNER)
			return true;
	return false;
}

static bool visitor_may(const struct command *c, const struct args *a, struct err *err)
{
	if (!(c->flags & CMD_VISITOR))
		return not_for_visitors("", c->name, err);
	if (needs_owner(c, a))
		return not_for_visitors("", args_operand(a, 0).ptr, err);
	for (enum opt_id o = 0; o < OPT_IDS; o++)
		if (args_typed(a, o) &&
		    (opt_table[o].whose == OPT_OWNER || opt_table[o].type == OPT_FILE))
			return not_for_visitors("--", opt_table[o].name, err);
	return true;
}

bool cmd_allowed(const struct cmd_env *env, const struct command *c, const struct args *a,
		 struct err *err)
{
	if (env->visitor && !visitor_may(c, a, err))
		return false;
	if (env->visitor && env->decisions)
		return true;
	return !env->read_only || !(c->flags & CMD_WRITES) ||
	       err_fail(err, ERR_USAGE, "%s changes a store, and this is read-only", c->name);
}

bool cmd_run(struct cmd_env *env, const struct command *c, const struct args *a,
	     struct err *err)
{
	struct cmd_env e = *env;
	e.quiet |= args_flag(a, OPT_ID_QUIET);
	e.verbose |= args_flag(a, OPT_ID_VERBOSE);
	if (args_given(a, OPT_ID_THREADS))
		e.threads = (unsigned)args_count(a, OPT_ID_THREADS);
	if (!cmd_allowed(env, c, a, err))
		return false;
	if (args_flag(a, OPT_ID_HELP))
		return help_write(e.out, (struct help_topic){c->name, NULL}, err);
	if (c->run)
		return c->run(&e, a, err);
	if (!e.live)
		return err_fail(err, ERR_USAGE, "%s does nothing here", c->name);
	return e.live(e.front, c, a, err);
}
