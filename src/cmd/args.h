/* SPDX-License-Identifier: GPL-3.0-or-later */
/* args: the insides of parsed operands and options, for cmd/ alone. */
#ifndef CMD_ARGS_H
#define CMD_ARGS_H

#include "cmd/cmd.h"

struct value {
	bool given;
	bool setting;		/* by args_default, not in the command's own words */
	char *text;		/* NULL: no default either */
	double real;
	uint64_t count;
	char **before;		/* (n_before) values given before this one: --product */
	unsigned n_before, cap;
};

struct args {
	const struct command *command;
	bool unnamed;			/* no word names it, and no store does: help */
	char **operand;
	unsigned n, cap;
	struct value value[OPT_IDS];
};

/* All options at their defaults, no operands. */
struct args *args_create(const struct command *c);
void args_add(struct args *a, struct str operand);
/* Check and take a value. */
bool args_take(struct args *a, enum opt_id o, struct str text, struct err *err);
/* The words after the command's name: options and operands in any order. */
bool args_parse(struct args *a, struct strs words, struct err *err);
/* Are there as many operands as the command takes? */
bool args_check(const struct args *a, struct err *err);
/* Does the command take that option (its own and the common ones)? */
bool args_knows(const struct command *c, enum opt_id o);

/* One of the words split by |, for OPT_CHOICE. */
bool choice_next(struct str *rest, struct str *word);

#endif
