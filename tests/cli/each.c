/* SPDX-License-Identifier: GPL-3.0-or-later */
/* each STORE: the lines of stdin as commands on the store, each for itself; a line for each: why
 * it failed, or nothing. What they print is thrown away. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/out.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "store/store.h"

static void say(void *front, const char *text)
{
}

static void run(struct cmd_env *env, struct str line, const char *store, struct err *err)
{
	const struct command *c;
	SCOPED(args) a = NULL;

	if (cmd_parse_line(line, store, &c, &a, err))
		cmd_run(env, c, a, err);
}

int main(int argc, char **argv)
{
	SCOPED_FREE char *line = NULL;
	SCOPED(store) s = NULL;
	struct job job = {0};
	struct err err = {0};
	size_t room = 0;

	if (argc != 2 || !store_open(&s, argv[1], &err)) {
		fprintf(stderr, "each: %s\n", argc == 2 ? err.text : "STORE is missing");
		return 1;
	}
	while (getline(&line, &room, stdin) > 0) {
		STRBUF(printed);
		SCOPED(out) out = out_buffer(&printed);
		struct cmd_env env = {.out = out, .job = &job, .store = s, .say = say};
		struct err why = {0};

		run(&env, str_trim(str_from(line)), argv[1], &why);
		puts(why.text);
	}
	return 0;
}
