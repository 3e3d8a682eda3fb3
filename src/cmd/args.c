/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words to operands and options. */
#include "config.h"

#include "cmd/args.h"

#include <limits.h>
#include <stdio.h>

#include "ask/ask.h"
#include "ask/outlook.h"
#include "base/mem.h"
#include "base/nearest.h"

static const enum opt_id no_options[] = {OPT_IDS};

struct args *args_create(const struct command *c)
{
	struct args *a = mem_zalloc(sizeof *a);
	a->command = c;
	for (unsigned o = 0; o < OPT_IDS; o++) {
		if (!opt_table[o].dflt)
			continue;
		args_take(a, o, str_from(opt_table[o].dflt), NULL);
		a->value[o].given = false;
	}
	return a;
}

void args_destroy(struct args *a)
{
	if (!a)
		return;
	for (unsigned i = 0; i < a->n; i++)
		free(a->operand[i]);
	for (unsigned o = 0; o < OPT_IDS; o++) {
		for (unsigned i = 0; i < a->value[o].n_before; i++)
			free(a->value[o].before[i]);
		free(a->value[o].before);
		free(a->value[o].text);
	}
	free(a->operand);
	free(a);
}

void args_add(struct args *a, struct str operand)
{
	MEM_GROW(a->operand, a->cap, a->n + 1);
	char *copy = mem_alloc(operand.len + 1);
	if (operand.len)
		memcpy(copy, operand.ptr, operand.len);
	copy[operand.len] = '\0';
	a->operand[a->n++] = copy;
}

static const enum opt_id *options_of(const struct command *c)
{
	return c->options ? c->options : no_options;
}

bool args_knows(const struct command *c, enum opt_id o)
{
	const enum opt_id *lists[] = {options_of(c), opt_common};
	for (unsigned i = 0; i < 2; i++)
		for (const enum opt_id *p = lists[i]; *p != OPT_IDS; p++)
			if (*p == o)
				return true;
	return false;
}

static enum opt_id find_long(const struct command *c, struct str name)
{
	enum opt_id o = opt_find(options_of(c), name);
	if (o == OPT_IDS)
		o = opt_find(opt_common, name);
	return o;
}

static enum opt_id find_letter(const struct command *c, char letter)
{
	const enum opt_id *lists[] = {options_of(c), opt_common};
	for (unsigned i = 0; i < 2; i++)
		for (const enum opt_id *p = lists[i]; *p != OPT_IDS; p++)
			if (opt_table[*p].letter == letter)
				return *p;
	return OPT_IDS;
}

/* word: the option as it was typed. */
static bool no_option(const struct args *a, struct str word, struct str near, struct err *err)
{
	const char *name = a->unnamed ? "aisle" : a->command->name;

	if (near.len)
		return err_fail(err, ERR_USAGE, "%s has no option %.*s: did you mean --%.*s?",
				name, STR_ARG(word), STR_ARG(near));
	return err_fail(err, ERR_USAGE, "%s has no option %.*s: see aisle help%s%s", name,
			STR_ARG(word), a->unnamed ? "" : " ", a->unnamed ? "" : name);
}

/* --name */
static bool unknown_option(const struct args *a, struct str name, struct err *err)
{
	const struct command *c = a->command;
	struct nearest near;
	nearest_init(&near, name);
	const enum opt_id *lists[] = {options_of(c), opt_common};
	for (unsigned i = 0; i < 2; i++)
		for (const enum opt_id *p = lists[i]; *p != OPT_IDS; p++)
			nearest_try(&near, str_from(opt_table[*p].name));
	return no_option(a, str_span(name.ptr - 2, name.len + 2), near.best, err);
}

/* The value of option o is `attached` or the next word. */
static bool take_value(struct args *a, enum opt_id o, const struct str *attached,
		       struct strs words, unsigned *i, struct err *err)
{
	const struct opt *opt = &opt_table[o];
	if (opt->type == OPT_FLAG) {
		if (attached)
			return err_fail(err, ERR_USAGE, "--%s takes no value", opt->name);
		return args_take(a, o, STR("1"), err);
	}
	if (attached)
		return args_take(a, o, *attached, err);
	if (*i + 1 >= words.n)
		return err_fail(err, ERR_USAGE, "--%s needs a value: %s", opt->name,
				opt->metavar ? opt->metavar : "TEXT");
	return args_take(a, o, words.at[++*i], err);
}

static bool take_long(struct args *a, struct strs words, unsigned *i, struct err *err)
{
	struct str word = str_span(words.at[*i].ptr + 2, words.at[*i].len - 2), value;
	size_t eq = str_chr(word, '=');
	struct str name = word;
	if (eq != SIZE_MAX) {
		name.len = eq;
		value = str_span(word.ptr + eq + 1, word.len - eq - 1);
	}
	enum opt_id o = find_long(a->command, name);
	if (o == OPT_IDS)
		return unknown_option(a, name, err);
	return take_value(a, o, eq != SIZE_MAX ? &value : NULL, words, i, err);
}

/* -qv, -n 5, -n5. */
static bool take_letters(struct args *a, struct strs words, unsigned *i, struct err *err)
{
	struct str word = words.at[*i];
	for (size_t k = 1; k < word.len; k++) {
		enum opt_id o = find_letter(a->command, word.ptr[k]);
		if (o == OPT_IDS)
			return no_option(a, str_from((char[]){'-', word.ptr[k], 0}), STR_NULL,
					 err);
		struct str rest = str_span(word.ptr + k + 1, word.len - k - 1);
		bool flag = opt_table[o].type == OPT_FLAG;
		if (!take_value(a, o, !flag && rest.len ? &rest : NULL, words, i, err))
			return false;
		if (!flag)
			break;
	}
	return true;
}

bool args_parse(struct args *a, struct strs words, struct err *err)
{
	bool options = true;
	for (unsigned i = 0; i < words.n; i++) {
		struct str w = words.at[i];
		bool ok = true;
		if (options && str_is(w, "--"))
			options = false;
		else if (options && str_starts(w, STR("--")))
			ok = take_long(a, words, &i, err);
		else if (options && w.len > 1 && w.ptr[0] == '-')
			ok = take_letters(a, words, &i, err);
		else
			args_add(a, w);
		if (!ok)
			return false;
	}
	return true;
}

bool args_check(const struct args *a, struct err *err)
{
	const struct command *c = a->command;
	if (a->n < c->min_operands)
		return err_fail(err, ERR_USAGE, "%s needs %s: aisle %s %s", c->name,
				a->n ? "more operands" : "operands", c->name, c->operands);
	if (a->n > c->max_operands)
		return err_fail(err, ERR_USAGE, "'%s' is one operand too many: aisle %s%s%s",
				a->operand[c->max_operands], c->name,
				c->operands[0] ? " " : "", c->operands);
	return true;
}

void args_default(struct args *a, enum opt_id o, struct str text)
{
	if (a->value[o].given || !args_knows(a->command, o))
		return;
	a->value[o].setting = args_take(a, o, text, NULL);
}

bool opt_fits(enum opt_id o, uint64_t asks)
{
	const char *name = opt_table[o].name;
	return asks_name(asks, name) || !asks_name(UINT64_MAX, name);
}

static void list_fitting(const struct command *c, uint64_t asks, struct strbuf *b)
{
	for (const enum opt_id *o = c->options; *o != OPT_IDS; o++)
		if (opt_fits(*o, asks))
			strbuf_addf(b, "%s--%s", b->len ? ", " : "", opt_table[*o].name);
}

bool args_fit(const struct args *a, uint64_t asks, const char *name, struct err *err)
{
	STRBUF(list);
	for (const enum opt_id *o = a->command->options; *o != OPT_IDS; o++) {
		if (!args_typed(a, *o) || opt_fits(*o, asks | MAY(WHERE) | MAY(SORT)))
			continue;
		list_fitting(a->command, asks, &list);
		return err_fail(err, ERR_USAGE, "%s takes no --%s; it takes %s", name,
				opt_table[*o].name, strbuf_c(&list));
	}
	return true;
}

static struct str value_at(const struct args *a, enum opt_id o, unsigned i)
{
	const struct value *v = &a->value[o];

	return str_from(i < v->n_before ? v->before[i] : v->text);
}

void args_outlook(const struct args *a, uint64_t asks, struct outlook *o)
{
	for (enum ask_id i = 0; i < ASK_IDS; i++) {
		enum opt_id id = opt_find(a->command->options, str_from(ask_table[i].name));
		bool refused = i == ASK_WHERE || i == ASK_SORT;	/* by what takes none */

		if (id == OPT_IDS || !args_given(a, id) ||
		    !(asks_take(asks, i) || (refused && args_typed(a, id))))
			continue;
		for (unsigned k = 0; k < args_values(a, id); k++)
			outlook_add(o, i, value_at(a, id, k));
	}
}

bool args_typed(const struct args *a, enum opt_id o)
{
	return a->value[o].given && !a->value[o].setting;
}

unsigned args_operands(const struct args *a)
{
	return a->n;
}

struct str args_operand(const struct args *a, unsigned i)
{
	return i < a->n ? str_from(a->operand[i]) : STR_NULL;
}

bool args_given(const struct args *a, enum opt_id o)
{
	return a->value[o].given;
}

bool args_flag(const struct args *a, enum opt_id o)
{
	return a->value[o].given;
}

struct str args_text(const struct args *a, enum opt_id o)
{
	return str_from(a->value[o].text);
}

unsigned args_values(const struct args *a, enum opt_id o)
{
	return a->value[o].text ? a->value[o].n_before + 1 : 0;
}

double args_real(const struct args *a, enum opt_id o)
{
	return a->value[o].real;
}

uint64_t args_count(const struct args *a, enum opt_id o)
{
	return a->value[o].count;
}
