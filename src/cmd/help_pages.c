/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every page walks over the rows of its table; no name or option is written here. */
#include "config.h"

#include "cmd/help_pages.h"

#include "base/out.h"
#include "cmd/cmd.h"
#include "cmd/key_table.h"
#include "cmd/leaf.h"
#include "model/model.h"
#include "query/filter.h"
#include "view/view.h"

static void option(const struct leaf *p, enum opt_id id)
{
	const struct opt *o = &opt_table[id];
	STRBUF(name);
	STRBUF(text);
	if (o->letter)
		strbuf_addf(&name, "-%c, ", o->letter);
	strbuf_addf(&name, "--%s", o->name);
	if (o->choices)
		strbuf_addf(&name, " %s", o->choices);
	else if (o->metavar)
		strbuf_addf(&name, " %s", o->metavar);
	strbuf_adds(&text, o->help);
	if (o->dflt)
		strbuf_addf(&text, " Default: %s.", o->dflt);
	leaf_entry(p, strbuf_c(&name), strbuf_c(&text));
}

static void usage_line(const struct leaf *p, const struct command *c)
{
	STRBUF(b);
	bool live = c->flags & CMD_FRONT;
	strbuf_addf(&b, "%s%s%s%s", live ? "" : "aisle ", c->name, c->operands[0] ? " " : "",
		    c->operands);
	if (c->options)
		strbuf_adds(&b, " [OPTION...]");
	if (!p->roff) {
		out_addf(p->out, "Usage: %s\n\n", strbuf_c(&b));
		return;
	}
	out_add(p->out, p->nested ? STR(".SS ") : STR(".SH SYNOPSIS\n.B "));
	leaf_text(p, strbuf_c(&b));
	out_add(p->out, p->nested ? STR("\n") : STR("\n.SH DESCRIPTION\n"));
}

static void where(const struct leaf *p, const struct command *c)
{
	if (p->roff && (c->flags & CMD_LIVE))
		out_add(p->out, STR(".PP\n"));
	if (c->flags & CMD_FRONT)
		leaf_paragraph(p, "Works in aisle shell and on the explorer's : line.", 0);
	else if ((c->flags & CMD_LIVE) && (c->flags & CMD_STORE))
		leaf_paragraph(p, "Works in aisle shell and on the explorer's : line too, where "
			  "STORE is left out.", 0);
}

void help_command(const struct leaf *p, const struct command *c)
{
	usage_line(p, c);
	leaf_paragraph(p, c->summary, 0);
	if (c->help[0])
		out_add(p->out, p->roff ? STR(".PP\n") : STR("\n"));
	leaf_paragraph(p, c->help, 0);
	where(p, c);
	if (c->options)
		leaf_heading(p, "Options");
	for (const enum opt_id *o = c->options; o && *o != OPT_IDS; o++)
		option(p, *o);
	if (c->topics) {
		leaf_heading(p, c->topics_title);
		c->topics(leaf_topic, (void *)p);
	}
}

void help_common_options(const struct leaf *p)
{
	for (const enum opt_id *o = opt_common; *o != OPT_IDS; o++)
		option(p, *o);
}

static void view_usage(const struct leaf *p, const struct view_class *v)
{
	out_addf(p->out, "Usage: aisle show %s STORE", v->name);
	for (enum ask_id i = 0; i < ASK_IDS; i++)
		if (asks_need(v->asks, i))
			out_addf(p->out, " --%s %s", ask_table[i].name, ask_table[i].value);
	out_add(p->out, STR(" [OPTION...]\n\n"));
}

static void view_takes(const struct leaf *p, const struct view_class *v)
{
	STRBUF(b);
	strbuf_adds(&b, "Takes ");
	asks_list(view_asks(v), &b);
	strbuf_adds(&b, ", --format: see aisle help show.");
	if (!p->roff)
		out_addc(p->out, '\n');
	leaf_paragraph(p, strbuf_c(&b), 0);
}

void help_view(const struct leaf *p, const struct view_class *v)
{
	if (p->roff)
		out_addf(p->out, ".SS %s\n", v->name);
	else
		view_usage(p, v);
	leaf_paragraph(p, v->summary, 0);
	view_takes(p, v);
	leaf_heading(p, "Columns");
	for (unsigned i = 0; i < v->n_columns; i++) {
		const struct column *c = &v->columns[i];
		STRBUF(text);
		strbuf_adds(&text, c->help);
		if (c->flags & COLUMN_SORT)
			strbuf_adds(&text, " (sorts)");
		if (c->flags & COLUMN_PEOPLE)
			strbuf_adds(&text, " (text only)");
		leaf_entry(p, c->key, strbuf_c(&text));
	}
	if (v->sorts_by)
		leaf_paragraph(p, "--sort takes attributes of the suggested products too, and what "
			       "else is known of them: category, brand, price, label.", 0);
}

/* What stands in place of a default in certain logs. */
static void add_other(struct strbuf *b, const struct param_default *list, enum param_id id,
		      const char *where)
{
	for (; list && list->id != PARAM_IDS; list++)
		if (list->id == id)
			strbuf_addf(b, "; %s %s", where, list->value);
}

void help_model(const struct leaf *p, const struct model_class *m)
{
	const struct param_default *d = m->params;

	if (p->roff)
		out_addf(p->out, ".SS %s\n", m->name);
	else
		out_addf(p->out, "Usage: aisle train %s STORE [OPTION...]\n\n", m->name);
	leaf_paragraph(p, m->summary, 0);
	if (!p->roff)
		out_addc(p->out, '\n');
	STRBUF(score);
	strbuf_addf(&score, "A score is %s.%s", m->score_text, m->flags & MODEL_RACES ?
		    " The same seed gives the same bytes with --threads 1; more threads train side "
		    "by side, and no two runs are quite the same." : "");
	leaf_paragraph(p, strbuf_c(&score), 0);
	if (d && d->id != PARAM_IDS)
		leaf_heading(p, "Parameters");
	for (; d && d->id != PARAM_IDS; d++) {
		const struct param *row = &param_table[d->id];
		STRBUF(name);
		STRBUF(text);
		strbuf_addf(&name, "--%s %s", row->name,
			    row->choices ? row->choices : row->metavar);
		strbuf_addf(&text, "%s Default: %s", row->help, d->value);
		add_other(&text, m->sparse, d->id, "in a sparse log");
		add_other(&text, m->baskets, d->id, "where it reads no views");
		strbuf_addc(&text, '.');
		if (!row->choices)
			strbuf_addf(&text, " From %g to %g.", row->min, row->max);
		leaf_entry(p, strbuf_c(&name), strbuf_c(&text));
	}
}

static const char *const filter_text_parts[] = {
	"A filter narrows what a view shows: tests joined by and, or, not and parentheses. "
	"A test is a field, one of = != < <= > >= in like, and a value: price<30, "
	"brand in ('aqua', 'alba'), label like 'gold', not category='toys.games'. and binds "
	"closer than or. contains is another word for like, in may be not in.",
	"Texts stand in single or double quotes, doubled inside; words, numbers and dates "
	"may stand without. = compares texts exactly, and where nothing is equal "
	"ignoring case, and accents that aren't typed; like looks for a text anywhere, in the "
	"same way: label like 'creme' finds Cr\303\250me. A value that is not known "
	"passes no test but = none; != and not turn a test round, so not price>5 lets in "
	"products without a price, unlike SQL (and price!=none leaves them out). Other "
	"names than those below are attributes of the products: metal='gold', and stock>0 where "
	"their values are numbers. user.age, user.club and so on are what a file of users says "
	"of them: counted, never listed by person, and refused "
	"where fewer than five users are left.",
	"Under tests of date, event, country, channel and user. everything is counted as if the "
	"log had only those events: sessions are cut, and totals, marginals and q are of "
	"what is left. Tests of products choose what is listed; a panel still has as many"
	" rows as were asked for. pairs shows pairs of such products (with --product, "
	"such partners); categories and transitions count such products. n, lift and "
	"confidence choose rows of panels, pairs and transitions. What stands between the"
	" outermost and is of one kind.",
};

void help_where(const struct leaf *p)
{
	if (!p->roff)
		out_add(p->out, STR("Usage: aisle show VIEW STORE --where FILTER\n\n"));
	for (size_t i = 0; i < sizeof filter_text_parts / sizeof *filter_text_parts; i++) {
		if (i)
			out_add(p->out, p->roff ? STR(".PP\n") : STR("\n"));
		leaf_paragraph(p, filter_text_parts[i], 0);
	}
	leaf_heading(p, "Fields");
	filter_fields(leaf_topic, (void *)p);
}

struct keys_page {
	const struct leaf *page;
	const char *group;
};

static void man_key(void *ctx, const char *group, const char *keys, const char *text)
{
	struct keys_page *k = ctx;
	STRBUF(names);

	if (group != k->group)
		out_addf(k->page->out, ".SS %s\n", group);
	k->group = group;
	keys_add_names(&names, keys);
	leaf_entry(k->page, strbuf_c(&names), text);
}

static const char keys_count[] =
	"A number typed first repeats a movement (5j) or names a row (12G).";

void help_keys(const struct leaf *p)
{
	struct keys_page k = {.page = p};
	STRBUF(b);

	if (p->roff) {
		leaf_paragraph(p, keys_count, 0);
		keys_each(man_key, &k);
		return;
	}
	keys_help(&b, NULL);
	out_add(p->out, strbuf_str(&b));
	out_addf(p->out, "\n%s\n", keys_count);
}
