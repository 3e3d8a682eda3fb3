/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Completion of a typed line from the tables and the open store. */
#include "config.h"

#include "cmd/args.h"
#include "cmd/target.h"
#include "cmd/typed_line.h"
#include "store/catalog.h"
#include "store/store.h"

#define CANDIDATES_MAX 200	/* ids and paths of a store offered at once */

static void offer_commands(const struct completion *t)
{
	for (const struct command *const *c = command_table; *c; c++)
		if ((*c)->flags & CMD_LIVE &&
		    (!t->env->visitor || (*c)->flags & CMD_VISITOR))
			completion_offer(t, str_from((*c)->name));
}

/* Those that the first operand takes, once it stands there. */
static void offer_options(const struct completion *t, const struct command *c, uint64_t asks)
{
	const enum opt_id *lists[] = {c->options, opt_common};
	STRBUF(word);
	for (unsigned i = 0; i < 2; i++)
		for (const enum opt_id *o = lists[i]; o && *o != OPT_IDS; o++) {
			if (!opt_fits(*o, asks) ||
			    (t->env->visitor && opt_table[*o].whose == OPT_OWNER))
				continue;
			strbuf_reset(&word);
			strbuf_addf(&word, "--%s", opt_table[*o].name);
			completion_offer(t, strbuf_str(&word));
		}
}

static void offer_texts(const struct completion *t, const struct text *texts, uint32_t n)
{
	unsigned found = 0;
	for (uint32_t i = 0; i < n && found < CANDIDATES_MAX; i++) {
		struct str s = text_at(texts, i);
		if (!s.len || !str_starts(s, t->prefix))
			continue;
		t->add(t->ctx, s);
		found++;
	}
}

static void offer_values(const struct completion *t, enum opt_id o)
{
	const struct opt *opt = &opt_table[o];
	struct str rest = str_from(opt->choices), word;
	while (opt->choices && choice_next(&rest, &word))
		completion_offer(t, word);
	if (!t->env->store)
		return;
	const struct catalog *cat = store_catalog(t->env->store);
	if (o == OPT_ID_MODEL || o == OPT_ID_SET_COMPLEMENTARY)
		target_models(t->env->store, t->prefix, t->add, t->ctx);
	else if (opt->type == OPT_PRODUCT)
		offer_texts(t, &cat->product_id, cat->n_products);
	else if (opt->type == OPT_CATEGORY)
		offer_texts(t, &cat->category_path, cat->n_categories);
}

static enum opt_id letter_at(const struct command *c, char letter)
{
	const enum opt_id *lists[] = {c->options, opt_common};
	for (unsigned i = 0; i < 2; i++)
		for (const enum opt_id *o = lists[i]; o && *o != OPT_IDS; o++)
			if (opt_table[*o].letter == letter)
				return *o;
	return OPT_IDS;
}

/* An option of the command, or one that all have. */
static enum opt_id option_named(const struct command *c, struct str name)
{
	enum opt_id o = c->options ? opt_find(c->options, name) : OPT_IDS;
	return o != OPT_IDS ? o : opt_find(opt_common, name);
}

/* The option whose value stands after word i, or OPT_IDS. */
static enum opt_id option_at(const struct command *c, const struct line *l, unsigned i)
{
	struct str w = str_span(l->word[i].text, l->word[i].len);
	if (w.len < 2 || w.ptr[0] != '-' || str_chr(w, '=') != SIZE_MAX)
		return OPT_IDS;
	enum opt_id o = w.len == 2 ? letter_at(c, w.ptr[1])
				   : option_named(c, str_span(w.ptr + 2, w.len - 2));
	return o != OPT_IDS && opt_table[o].type != OPT_FLAG ? o : OPT_IDS;
}

/* What the first operand among the words 1..n-1 takes; all where it says nothing. */
static uint64_t asks_before(const struct command *c, const struct line *l, unsigned n)
{
	for (unsigned i = 1; i < n && c->asks; i++) {
		if (l->word[i].text[0] != '-')
			return c->asks(str_span(l->word[i].text, l->word[i].len));
		if (option_at(c, l, i) != OPT_IDS)
			i++;
	}
	return UINT64_MAX;
}

/* Operands among the words 1..n-1: words that are no options nor their values. */
static unsigned operands_before(const struct command *c, const struct line *l, unsigned n)
{
	unsigned k = 0;
	for (unsigned i = 1; i < n; i++) {
		if (l->word[i].text[0] != '-')
			k++;
		else if (option_at(c, l, i) != OPT_IDS)
			i++;
	}
	return k;
}

/* n whole words stand before the one that is completed. */
static void offer_word(struct completion *t, const struct line *l, unsigned n, size_t *start)
{
	const struct command *c = command_find(str_span(l->word[0].text, l->word[0].len));
	if (!c)
		return;
	enum opt_id value = n > 1 ? option_at(c, l, n - 1) : OPT_IDS;
	size_t eq = str_chr(t->prefix, '=');
	if (value != OPT_IDS) {
		offer_values(t, value);
	} else if (str_starts(t->prefix, STR("--")) && eq != SIZE_MAX) {
		enum opt_id o = option_named(c, str_span(t->prefix.ptr + 2, eq - 2));
		t->prefix = str_span(t->prefix.ptr + eq + 1, t->prefix.len - eq - 1);
		*start += eq + 1;
		if (o != OPT_IDS)
			offer_values(t, o);
	} else if (str_starts(t->prefix, STR("-"))) {
		offer_options(t, c, asks_before(c, l, n));
	} else if (c->name && strcmp(c->name, "set") == 0 && n == 2) {
		enum opt_id o = opt_find(t->env->settings ? t->env->settings
							     : opt_settable,
					 str_span(l->word[1].text, l->word[1].len));
		if (o != OPT_IDS)
			offer_values(t, o);
	} else if (c->complete) {
		t->n = operands_before(c, l, n);
		c->complete(t);
	}
}

void cmd_complete(struct cmd_env *env, struct str text, size_t cursor, size_t *start,
		  void (*add)(void *ctx, struct str word), void *ctx)
{
	struct line l = {0};
	if (cursor > text.len)
		cursor = text.len;
	line_split(&l, str_span(text.ptr, cursor), NULL);
	unsigned n = l.n - l.in_word;
	struct completion t = {.env = env, .prefix = STR(""), .add = add, .ctx = ctx};
	*start = cursor;
	if (l.in_word) {
		t.prefix = str_span(l.word[n].text, l.word[n].len);
		*start = l.word[n].start;
	}
	if (n == 0)
		offer_commands(&t);
	else
		offer_word(&t, &l, n, start);
	line_finish(&l);
}
