/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd: the one command table that serves argv, the shell and the ':' line. */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/scope.h"
#include "base/str.h"

struct job;
struct live;
struct out;
struct store;

enum opt_type {
	OPT_FLAG,	/* --strict */
	OPT_TEXT,
	OPT_COUNT,	/* integer within [min, max] */
	OPT_REAL,
	OPT_SHARE,	/* 0..1 or per cent: 0.1, 10% */
	OPT_CHOICE,	/* one of `choices`, separated by | */
	OPT_FILE,	/* text completed as a file name */
	OPT_PRODUCT,	/* text completed as a product id */
	OPT_CATEGORY,	/* text completed as a category path */
	OPT_FILTER,	/* the language of query/filter.h; none: no filter */
};

/* Who may give an option where others sit at the keys (explore --kiosk). */
enum opt_whose {
	OPT_OWNER,	/* who started the program */
	OPT_VISITOR,	/* visitors too */
};

/* A row of opts.def: OPT(identifier, whose, name, letter, type, min, max, default,
 * metavar, choices, help). */
enum opt_id {
#define OPT(ident, ...) OPT_ID_##ident,
#include "cmd/opts.def"
#undef OPT
	OPT_IDS
};

struct opt {
	enum opt_whose whose;
	const char *name;	/* without -- */
	char letter;		/* 0: none */
	enum opt_type type;
	double min, max;
	const char *dflt;	/* as text, NULL: none */
	const char *metavar;
	const char *choices;
	const char *help;	/* one sentence; prints in help and the manual */
};
extern const struct opt opt_table[OPT_IDS];
/* The option of that name among a list that ends with OPT_IDS, or OPT_IDS. */
enum opt_id opt_find(const enum opt_id *list, struct str name);
/* Would `text` do as its value? ERR_USAGE names the option and the bounds. */
bool opt_check(enum opt_id o, struct str text, struct err *err);
/* What every command takes: help, quiet, verbose, threads, color. */
extern const enum opt_id opt_common[];
/* What `set` can change: defaults of the views' options. */
extern const enum opt_id opt_settable[];
/* What `set` can change in the explorer. */
extern const enum opt_id opt_explorer[];

enum cmd_flag {
	CMD_STORE = 1 << 0,	/* first operand is a store: left out on the ':' line */
	CMD_STORE_SECOND = 1 << 5,	/* with CMD_STORE: it is the second (show) */
	CMD_WRITES = 1 << 1,	/* changes a store: refused when read-only */
	CMD_LIVE = 1 << 3,	/* makes sense on the ':' line and in the shell */
	CMD_FRONT = 1 << 4,	/* only there; where run is NULL cmd_env.live does it */
	CMD_VISITOR = 1 << 6,	/* visitors of a kiosk may run it; it trains and writes nothing
				   but what the kiosk keeps in memory */
	CMD_READS = 1 << 7,	/* changes no file at all, so it needn't be able to */
};

struct args;
struct aside;
struct outlook;
struct view_class;
struct completion;
struct cmd_env;

/* A command is a file cmd_NAME.c that defines `const struct command cmd_NAME`
 * and a row CMD(NAME) in cmds.def. */
struct command {
	const char *name;
	const char *alias;	/* or NULL */
	const char *operands;	/* "VIEW STORE", "DATASET FILE..." for usage */
	unsigned min_operands, max_operands;	/* UINT_MAX: any number */
	unsigned flags;
	const enum opt_id *options;	/* ends with OPT_IDS */
	/* Which of those that are asks the first operand takes (a set as ask/ask.h has them),
	 * UINT64_MAX: no such operand. NULL: all, whatever the operands. */
	uint64_t (*asks)(struct str operand);
	const char *summary;	/* one sentence */
	const char *help;	/* paragraphs for `help NAME` and the manual */
	/* A table for the help: names of views, of data sets ... (or NULL). */
	const char *topics_title;
	void (*topics)(void (*add)(void *ctx, const char *name, const char *text),
		       void *ctx);
	bool (*run)(struct cmd_env *env, const struct args *a, struct err *err);
	/* The view that it prints and what that is asked, for front ends that draw it themselves;
	 * *v NULL: none with these arguments. NULL: it never prints a view. */
	bool (*view)(const struct args *a, const struct view_class **v, struct outlook *o,
		     struct err *err);
	/* Offers what operand c->n may be, or NULL. */
	void (*complete)(const struct completion *c);
};

extern const struct command *const command_table[];	/* cmds.def, then NULL */
const struct command *command_find(struct str name);

/* What a front end lends to a command. */
struct cmd_env {
	struct out *out;	/* data; stdout in the CLI, a text pane in the explorer */
	struct job *job;	/* progress and cancel */
	struct store *store;	/* the open one (shell, ':' line), or NULL */
	bool read_only, quiet, verbose, colour;
	const char *sandbox;	/* what holds this process, as sandbox_add says it, or NULL */
	bool visitor;		/* who types is a visitor of a kiosk */
	struct aside *notes, *decisions;	/* where they are kept instead of the store, or
						   NULL */
	unsigned threads;	/* 0: all */
	const struct live *counted;	/* the filter that one looks through, read already, or
					   NULL */
	/* Messages for people that are not data (stderr, message line). */
	void (*say)(void *front, const char *text);
	/* Show progress of env->job until finish is called (may be NULL). */
	void (*progress_start)(void *front);
	void (*progress_finish)(void *front);
	/* The front ends' own work, so that its commands can stand in the table. */
	bool (*explore)(void *front, const char *store, const struct args *a,
			struct err *err);
	bool (*shell)(void *front, const char *store, const struct args *a,
		      struct err *err);
	/* Commands with CMD_FRONT, and a new default for an option that was checked
	 * (NULL: not here). */
	bool (*live)(void *front, const struct command *c, const struct args *a,
		     struct err *err);
	bool (*set)(void *front, enum opt_id o, struct str value, struct err *err);
	/* The options that set takes here, ends with OPT_IDS; NULL: opt_settable. */
	const enum opt_id *settings;
	/* `set` alone: say what they are. NULL: not here. */
	bool (*list_settings)(void *front, struct err *err);
	void *front;
};

/* Parsed operands and options. */
void args_destroy(struct args *a);
SCOPED_DEFINE(args)
unsigned args_operands(const struct args *a);
struct str args_operand(const struct args *a, unsigned i);	/* NUL-terminated */
bool args_given(const struct args *a, enum opt_id o);	/* typed by the person, or set */
bool args_typed(const struct args *a, enum opt_id o);	/* in the command itself */
bool args_flag(const struct args *a, enum opt_id o);
struct str args_text(const struct args *a, enum opt_id o);	/* default if not given;
								   NUL-terminated */
/* How many were given of an option that may stand several times (OPT_PRODUCT). */
unsigned args_values(const struct args *a, enum opt_id o);
double args_real(const struct args *a, enum opt_id o);
uint64_t args_count(const struct args *a, enum opt_id o);
/* Does what the command's first operand names take all asks that were typed? asks: those that
 * it takes. ERR_USAGE: "transitions takes no --model; it takes ...". Filters and orders are
 * let through: views refuse them with better words. */
bool args_fit(const struct args *a, uint64_t asks, const char *name, struct err *err);
/* What was given, of the asks that are taken; filters and orders that were typed go along. */
void args_outlook(const struct args *a, uint64_t asks, struct outlook *o);
/* Is that option of the command one that the operand takes, or no ask at all? */
bool opt_fits(enum opt_id o, uint64_t asks);
/* Another default for this run: used unless the option was given (or the
 * command doesn't take it). `text` must have passed opt_check. */
void args_default(struct args *a, enum opt_id o, struct str text);

/*
 * argv without the program's name. No words: `help`; a first word that is no
 * command but names a store: `explore`. Everywhere: --help, -q, -v, --threads,
 * --color, --version. Errors are ERR_USAGE, name the word and propose the
 * nearest name.
 */
bool cmd_parse(int argc, const char *const *argv, const struct command **c,
	       struct args **a, struct err *err);
/* A line as typed: words, '...' and "..." quotes, \ escapes; errors name the
 * column. `store` stands in for the operand of CMD_STORE commands. */
bool cmd_parse_line(struct str line, const char *store, const struct command **c,
		    struct args **a, struct err *err);
/* May it be run there? ERR_USAGE: it changes a store that is read-only; or the command, an
 * option, a file or what the operand needs is not for visitors. */
bool cmd_allowed(const struct cmd_env *env, const struct command *c, const struct args *a,
		 struct err *err);
/* Run it if it is allowed. */
bool cmd_run(struct cmd_env *env, const struct command *c, const struct args *a,
	     struct err *err);
/* Words that may stand at byte `cursor` of the line: commands, options, their
 * choices, products, category paths. *start gets the byte where they begin. */
void cmd_complete(struct cmd_env *env, struct str line, size_t cursor, size_t *start,
		  void (*add)(void *ctx, struct str word), void *ctx);

/* A word that is being completed. */
struct completion {
	struct cmd_env *env;
	unsigned n;		/* operands before it */
	struct str prefix;
	void (*add)(void *ctx, struct str word);
	void *ctx;
};
/* It is a candidate if it has the prefix. */
static inline void completion_offer(const struct completion *c, struct str word)
{
	if (str_starts(word, c->prefix))
		c->add(c->ctx, word);
}

/* What help is asked about: NULL for the overview; a command, a view, a model, "where", "keys";
 * "man" for a manual page in roff, which `page` names (manual.h); "bash", "zsh" or "fish". */
struct help_topic {
	const char *name, *page;
};
/* Help from the tables. Unknown topics: ERR_USAGE with the nearest. */
bool help_write(struct out *out, struct help_topic topic, struct err *err);

#endif
