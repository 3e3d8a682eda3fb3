/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A typed line: words with '...' and "..." quotes and \ escapes. */
#include "config.h"

#include "cmd/typed_line.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/nearest.h"
#include "cmd/args.h"

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* ~/ before a word, not in quotes, is the person's home, as for a shell. */
static void expand_home(struct strbuf *word)
{
	const char *home = getenv("HOME");
	STRBUF(rest);

	if (!home || !str_starts(strbuf_str(word), STR("~/")))
		return;
	strbuf_adds(&rest, word->ptr + 1);
	strbuf_reset(word);
	strbuf_adds(word, home);
	strbuf_add(word, strbuf_str(&rest));
}

static void line_push(struct line *l, struct str s, size_t start, struct strbuf *word)
{
	MEM_GROW(l->word, l->cap, l->n + 1);
	if (s.ptr[start] == '~')
		expand_home(word);
	size_t len = word->len;
	strbuf_addc(word, '\0');
	l->word[l->n++] = (struct line_word){start, len, strbuf_detach(word)};
}

void line_finish(struct line *l)
{
	for (unsigned i = 0; i < l->n; i++)
		free(l->word[i].text);
	free(l->word);
	*l = (struct line){0};
}

bool line_split(struct line *l, struct str s, struct err *err)
{
	STRBUF(word);
	char quote = 0;
	bool in_word = false;
	size_t start = 0, quoted = 0;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		if (!quote && is_space(c)) {
			if (in_word)
				line_push(l, s, start, &word);
			in_word = false;
			continue;
		}
		if (!in_word)
			start = i;
		in_word = true;
		if (quote ? c == quote : c == '"' || c == '\'') {
			quote = quote ? 0 : c;
			quoted = i;
		} else if (c == '\\' && quote != '\'' && i + 1 < s.len) {
			strbuf_addc(&word, s.ptr[++i]);
		} else {
			strbuf_addc(&word, c);
		}
	}
	l->in_word = in_word;
	if (in_word)
		line_push(l, s, start, &word);
	if (quote)
		return err_fail(err, ERR_USAGE, "the quote at column %zu is not closed",
				quoted + 1);
	return true;
}

/* The store of the front end goes where the command's operands expect it. */
static void insert_store(struct args *a, const char *store)
{
	const struct command *c = a->command;
	unsigned at = (c->flags & CMD_STORE_SECOND) ? 1 : 0;
	if (!store || !(c->flags & CMD_STORE) || a->n < at)
		return;
	if (a->n >= c->min_operands && a->n >= c->max_operands)
		return;		/* another store was named */
	args_add(a, str_from(store));
	char *last = a->operand[a->n - 1];
	for (unsigned i = a->n - 1; i > at; i--)
		a->operand[i] = a->operand[i - 1];
	a->operand[at] = last;
}

static bool no_command(struct str word, size_t column, struct err *err)
{
	struct nearest near;
	STRBUF(hint);
	nearest_init(&near, word);
	for (const struct command *const *c = command_table; *c; c++)
		if ((*c)->flags & CMD_LIVE)
			nearest_try(&near, str_from((*c)->name));
	nearest_hint(&near, &hint);
	return err_fail(err, ERR_USAGE, "column %zu: '%.*s' is no command here%s", column,
			STR_ARG(word), hint.len ? strbuf_c(&hint) : ": see help");
}

static bool parse_split(const struct line *l, const char *store,
			const struct command **c, struct args **a, struct err *err)
{
	if (!l->n)
		return err_fail(err, ERR_USAGE, "the line is empty: see help");
	struct str name = str_span(l->word[0].text, l->word[0].len);
	const struct command *cmd = command_find(name);
	if (!cmd || !(cmd->flags & CMD_LIVE))
		return no_command(name, l->word[0].start + 1, err);
	SCOPED(args) args = args_create(cmd);
	SCOPED_FREE struct str *words = mem_alloc(l->n * sizeof *words);
	for (unsigned i = 1; i < l->n; i++)
		words[i - 1] = str_span(l->word[i].text, l->word[i].len);
	if (!args_parse(args, (struct strs){words, l->n - 1}, err))
		return false;
	insert_store(args, store);
	if (!args_flag(args, OPT_ID_HELP) && !args_check(args, err))
		return false;
	*c = cmd;
	*a = args;
	args = NULL;
	return true;
}

bool cmd_parse_line(struct str text, const char *store, const struct command **c,
		    struct args **a, struct err *err)
{
	struct line l = {0};
	bool ok = line_split(&l, text, err) && parse_split(&l, store, c, a, err);
	line_finish(&l);
	return ok;
}
