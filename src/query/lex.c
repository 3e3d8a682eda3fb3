/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words, numbers, quoted texts and operators, with their columns. */
#include "config.h"

#include "query/lex.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Bytes over ASCII are letters: names are in any language. */
static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (unsigned char)c >= 0x80;
}

static char peek(const struct lexer *l, size_t ahead)
{
	return l->at + ahead < l->text.len ? l->text.ptr[l->at + ahead] : '\0';
}

static void step(struct lexer *l, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		l->column += ((unsigned char)l->text.ptr[l->at++] & 0xc0) != 0x80;
}

static void take(struct lexer *l, struct token *t, enum token_type type, size_t bytes)
{
	t->type = type;
	t->text = str_span(l->text.ptr + l->at, bytes);
	step(l, bytes);
}

static size_t word_length(const struct lexer *l)
{
	size_t n = 1;

	while (is_letter(peek(l, n)) || is_digit(peek(l, n)) || peek(l, n) == '.' ||
	       peek(l, n) == '-')
		n++;
	return n;
}

/* Also what stands in times (:), shares (%) and offsets (+). */
static size_t number_length(const struct lexer *l)
{
	size_t n = 1;

	for (char c = peek(l, n); is_letter(c) || is_digit(c) || (c && strchr(".-:%+", c));
	     c = peek(l, n))
		n++;
	return n;
}

static bool take_string(struct lexer *l, struct token *t, struct err *err)
{
	char quote = peek(l, 0);
	STRBUF(b);

	step(l, 1);
	for (;;) {
		if (l->at == l->text.len)
			return err_fail(err, ERR_USAGE, "column %u: the text that starts here "
					"has no end, expected %c", t->column, quote);
		if (peek(l, 0) == '\0')
			return err_fail(err, ERR_USAGE, "column %u: a text can't hold a NUL "
					"byte", l->column);
		if (peek(l, 0) == quote && peek(l, 1) != quote)
			break;
		step(l, peek(l, 0) == quote);
		strbuf_addc(&b, peek(l, 0));
		step(l, 1);
	}
	step(l, 1);
	t->type = TOKEN_STRING;
	t->text = arena_str(l->arena, strbuf_str(&b));
	return true;
}

bool lex_next(struct lexer *l, struct token *t, struct err *err)
{
	char c;

	while (l->at < l->text.len && strchr(" \t\r\n", peek(l, 0)) && peek(l, 0))
		step(l, 1);
	*t = (struct token){.type = TOKEN_END, .column = l->column};
	if (l->at == l->text.len)
		return true;
	c = peek(l, 0);
	if (is_letter(c))
		take(l, t, TOKEN_WORD, word_length(l));
	else if (is_digit(c) || (c == '-' && is_digit(peek(l, 1))))
		take(l, t, TOKEN_NUMBER, number_length(l));
	else if (c == '\'' || c == '"')
		return take_string(l, t, err);
	else if (c == '(' || c == ')' || c == ',')
		take(l, t, c == '(' ? TOKEN_OPEN : c == ')' ? TOKEN_CLOSE : TOKEN_COMMA, 1);
	else if (c == '!' && peek(l, 1) == '=')
		take(l, t, TOKEN_OP, 2);
	else if (c == '<' || c == '>' || c == '=')
		take(l, t, TOKEN_OP, peek(l, 1) == '=' || (c == '<' && peek(l, 1) == '>') ?
		     2 : 1);
	else
		return err_fail(err, ERR_USAGE, "column %u: '%c' has no meaning here, expected "
				"a field, a value, and, or, not or a parenthesis", t->column,
				(unsigned char)c < ' ' || c == 0x7f ? '?' : c);
	return true;
}

bool token_is(const struct token *t, const char *word)
{
	struct str w = str_from(word);

	return t->type == TOKEN_WORD && t->text.len == w.len &&
	       str_find_nocase(t->text, w) == 0;
}

void token_describe(const struct token *t, struct strbuf *b)
{
	if (t->type == TOKEN_END)
		strbuf_adds(b, "the end of the filter");
	else
		strbuf_addf(b, "'%.*s'", STR_ARG(t->text));
}
