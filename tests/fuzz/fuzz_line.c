/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as a typed line: it is a command with as many operands as it takes and
 * values within their bounds, or there is a message; and whatever the place of the
 * cursor, completion offers words that go on from what stands there. Nothing is run.
 */
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/args.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void require(bool fine, const char *what)
{
	if (!fine) {
		fprintf(stderr, "fuzz_line: %s\n", what);
		abort();
	}
}

static void check_value(const struct args *a, enum opt_id o, bool plain)
{
	struct str s = args_text(a, o);

	require(args_knows(a->command, o), "an option that the command has not");
	require(s.ptr && s.ptr[s.len] == '\0', "a value without its end");
	if (plain && opt_table[o].type != OPT_FLAG)
		require(opt_check(o, s, NULL), "a value that does not do");
	if (opt_table[o].type == OPT_COUNT)
		require((double)args_count(a, o) >= opt_table[o].min &&
			(double)args_count(a, o) <= opt_table[o].max, "a count out of bounds");
	if (opt_table[o].type == OPT_SHARE || opt_table[o].type == OPT_REAL)
		require(args_real(a, o) >= opt_table[o].min &&
			args_real(a, o) <= opt_table[o].max, "a number out of bounds");
}

static void parse(struct str line, const char *store)
{
	const struct command *c = NULL;
	SCOPED(args) a = NULL;
	struct err err = {0};
	bool plain = line.len && !memchr(line.ptr, '\0', line.len);

	if (!cmd_parse_line(line, store, &c, &a, &err)) {
		require(!c && !a, "outputs without success");
		require(err.code == ERR_USAGE && err.text[0], "no message");
		require(!strchr(err.text, '\n') || memchr(line.ptr, '\n', line.len),
			"a message of two lines");
		return;
	}
	require(c && a && a->command == c && (c->flags & CMD_LIVE), "no command");
	if (!args_flag(a, OPT_ID_HELP))
		require(a->n >= c->min_operands && a->n <= c->max_operands, "operands");
	for (unsigned i = 0; i < a->n; i++)
		require(args_operand(a, i).ptr != NULL, "an operand that is none");
	for (unsigned o = 0; o < OPT_IDS; o++)
		if (args_given(a, o))
			check_value(a, o, plain);
}

struct offer {
	struct str typed;	/* from where the words begin to the cursor */
	bool bare;		/* without quotes: the words begin with it */
};

static void take_word(void *ctx, struct str word)
{
	const struct offer *o = ctx;

	require(word.ptr && word.len, "an empty word");
	require(!o->bare || str_starts(word, o->typed), "a word that does not go on");
}

/* Completion is asked twice: for where the words begin, and then for the words. */
static void complete(struct str line, size_t cursor)
{
	struct cmd_env env = {0};
	struct offer o = {STR_NULL, false};
	size_t start = SIZE_MAX;

	cmd_complete(&env, line, cursor, &start, take_word, &o);
	require(start <= cursor, "words that begin behind the cursor");
	o.typed = str_span(line.ptr + start, cursor - start);
	o.bare = true;
	for (size_t i = start; i < cursor; i++)
		o.bare &= !memchr("\"'\\", line.ptr[i], 3);
	cmd_complete(&env, line, cursor, &start, take_word, &o);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct str line = {len ? (const char *)bytes : "", len};

	parse(line, "shop.aisle");
	parse(line, NULL);
	/* What stands before the cursor is what counts: other inputs are its other places. */
	complete(line, len / 2);
	complete(line, len);
	return 0;
}
