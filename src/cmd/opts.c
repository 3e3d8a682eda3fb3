/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options: the table, and what may stand as a value. */
#include "config.h"

#include <stdio.h>

#include "ask/ask.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/num.h"
#include "cmd/args.h"
#include "query/filter.h"

const struct opt opt_table[OPT_IDS] = {
#define OPT(ident, whose_, name_, letter_, type_, min_, max_, dflt_, metavar_, choices_, help_) \
	[OPT_ID_##ident] = {						\
		.whose = whose_,					\
		.name = name_,						\
		.letter = letter_,					\
		.type = type_,						\
		.min = min_,						\
		.max = max_,						\
		.dflt = dflt_,						\
		.metavar = metavar_,					\
		.choices = choices_,					\
		.help = help_,						\
	},
#include "cmd/opts.def"
#undef OPT
};

const enum opt_id opt_common[] = {
	OPT_ID_HELP, OPT_ID_QUIET, OPT_ID_VERBOSE, OPT_ID_THREADS, OPT_ID_COLOR, OPT_IDS,
};

const enum opt_id opt_settable[] = {
	OPT_ID_RELATION, OPT_ID_SAME_CATEGORY, OPT_ID_LEVEL, OPT_ID_BASKETS, OPT_ID_LIMIT,
	OPT_ID_FORMAT, OPT_ID_WHERE, OPT_ID_MODEL, OPT_ID_SCOPE, OPT_ID_CODES, OPT_IDS,
};

const enum opt_id opt_explorer[] = {
	OPT_ID_WHERE, OPT_ID_CATEGORY, OPT_ID_SORT, OPT_ID_SAME_CATEGORY, OPT_ID_LEVEL,
	OPT_ID_BASKETS, OPT_ID_MODEL, OPT_ID_SET_COMPLEMENTARY, OPT_ID_CATEGORIES,
	OPT_ID_PER_CATEGORY, OPT_ID_SCOPE, OPT_ID_CODES, OPT_ID_SET_THEME,
	OPT_ID_SET_GLYPHS, OPT_ID_SET_MOUSE, OPT_ID_SET_SHOW_USERS,
	OPT_ID_SET_BESIDE_DELAY, OPT_ID_SET_REASONS, OPT_ID_SET_LINK, OPT_ID_SET_LEAN,
	OPT_IDS,
};

enum opt_id opt_find(const enum opt_id *list, struct str name)
{
	for (; *list != OPT_IDS; list++)
		if (str_is(name, opt_table[*list].name))
			return *list;
	return OPT_IDS;
}

bool choice_next(struct str *rest, struct str *word)
{
	return str_next(rest, '|', word);
}

static bool bounds_fail(const struct opt *o, struct str text, const char *what,
			struct err *err)
{
	return err_fail(err, ERR_USAGE, "--%s takes %s from %.0f to %.0f, not '%.*s'",
			o->name, what, o->min, o->max, STR_ARG(text));
}

static bool take_count(const struct opt *o, struct str text, struct value *v,
		       struct err *err)
{
	if (!num_u64(text, &v->count) || (double)v->count < o->min ||
	    (double)v->count > o->max)
		return bounds_fail(o, text, "a whole number", err);
	v->real = (double)v->count;
	return true;
}

static bool take_real(const struct opt *o, struct str text, struct value *v,
		      struct err *err)
{
	if (!num_real(text, &v->real) || v->real < o->min || v->real > o->max)
		return bounds_fail(o, text, "a number", err);
	return true;
}

static bool take_share(const struct opt *o, struct str text, struct value *v,
		       struct err *err)
{
	struct str number = text;
	bool percent = text.len && text.ptr[text.len - 1] == '%';
	if (percent)
		number.len--;
	if (!num_real(number, &v->real))
		return bounds_fail(o, text, "a share (0.1 or 10%)", err);
	if (percent)
		v->real /= 100;
	if (v->real < o->min || v->real > o->max)
		return bounds_fail(o, text, "a share (0.1 or 10%)", err);
	return true;
}

static bool take_choice(const struct opt *o, struct str text, struct err *err)
{
	struct str rest = str_from(o->choices), word;
	struct nearest near;
	nearest_init(&near, text);
	while (choice_next(&rest, &word)) {
		if (str_eq(word, text))
			return true;
		nearest_try(&near, word);
	}
	STRBUF(hint);
	nearest_hint(&near, &hint);
	STRBUF(list);
	rest = str_from(o->choices);
	while (choice_next(&rest, &word))
		strbuf_addf(&list, "%s%.*s", list.len ? ", " : "", STR_ARG(word));
	return err_fail(err, ERR_USAGE, "--%s takes %s, not '%.*s'%s", o->name,
			strbuf_c(&list), STR_ARG(text), strbuf_c(&hint));
}

/* Its errors begin with the column. */
static bool take_filter(const struct opt *o, struct str text, struct err *err)
{
	SCOPED(filter) f = NULL;
	return str_is(text, "none") || filter_parse(&f, text, err) ||
		err_context(err, "--%s", o->name);
}

static bool take(enum opt_id id, struct str text, struct value *v, struct err *err)
{
	const struct opt *o = &opt_table[id];
	switch (o->type) {
	case OPT_COUNT:
		return take_count(o, text, v, err);
	case OPT_REAL:
		return take_real(o, text, v, err);
	case OPT_SHARE:
		return take_share(o, text, v, err);
	case OPT_CHOICE:
		return take_choice(o, text, err);
	case OPT_FILTER:
		return take_filter(o, text, err);
	case OPT_FLAG:
		return true;
	default:
		if (!text.len)
			return err_fail(err, ERR_USAGE, "--%s has an empty value", o->name);
		return true;
	}
}

bool opt_check(enum opt_id o, struct str text, struct err *err)
{
	struct value v = {0};
	return take(o, text, &v, err);
}

/* The new value takes the old one's place, or stands behind it. */
static void args_keep(struct value *old, struct value *new, bool several)
{
	new->before = old->before;
	new->n_before = old->n_before;
	new->cap = old->cap;
	if (several && old->given && !old->setting) {
		MEM_GROW(new->before, new->cap, new->n_before + 1);
		new->before[new->n_before++] = old->text;
	} else {
		free(old->text);
	}
	*old = *new;
}

bool args_take(struct args *a, enum opt_id o, struct str text, struct err *err)
{
	struct value v = {.given = true};
	if (!take(o, text, &v, err))
		return false;
	struct strbuf copy = STRBUF_INIT;
	strbuf_add(&copy, text);
	strbuf_addc(&copy, '\0');
	v.text = strbuf_detach(&copy);
	args_keep(&a->value[o], &v, opt_table[o].type == OPT_PRODUCT);
	return true;
}
