/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lex: the words of a filter. */
#ifndef QUERY_LEX_H
#define QUERY_LEX_H

#include "base/arena.h"
#include "base/err.h"

enum token_type {
	TOKEN_END,
	TOKEN_WORD,	/* letters, then letters, digits and _ . - */
	TOKEN_NUMBER,	/* starts with a digit: a number, a date, an id */
	TOKEN_STRING,
	TOKEN_OP,	/* = != < <= > >= */
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_COMMA,
};

struct token {
	enum token_type type;
	struct str text;	/* of a string: what it means */
	unsigned column;	/* characters from 1 */
};

struct lexer {
	struct str text;
	size_t at;
	unsigned column;	/* of `at` */
	struct arena *arena;	/* for strings with doubled quotes */
};

bool lex_next(struct lexer *l, struct token *t, struct err *err);
/* The token is that word, whatever its case. */
bool token_is(const struct token *t, const char *word);
/* What a person would call it: 'abc', "the end of the filter". */
void token_describe(const struct token *t, struct strbuf *b);

#endif
