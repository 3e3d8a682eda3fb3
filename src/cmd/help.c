/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help and the manual page, both from the tables. */
#include "config.h"

#include "base/nearest.h"
#include "base/out.h"
#include "cmd/bash.h"
#include "cmd/cmd.h"
#include "cmd/key_table.h"
#include "model/model.h"
#include "query/filter.h"
#include "view/view.h"

#define HELP_COLUMNS 78

/* One writer for the two forms; `out` gets plain text or roff. */
struct page {
	struct out *out;
	bool roff;
};

/* Roff takes a backslash, a leading dot or quote and a hyphen for its own. */
static void add_escaped(const struct page *p, const char *text)
{
	for (const char *s = text; *s; s++) {
		if (!p->roff)
			out_addc(p->out, *s);
		else if (*s == '\\')
			out_add(p->out, STR("\\e"));
		else if (*s == '-')
			out_add(p->out, STR("\\-"));
		else if ((*s == '.' || *s == '\'') && s == text)
			out_addf(p->out, "\\&%c", *s);
		else
			out_addc(p->out, *s);
	}
}

static void wrap(const struct page *p, const char *text, unsigned indent)
{
	unsigned column = 0;
	while (*text) {
		size_t n = strcspn(text, " \n");
		if (column && column + 1 + n > HELP_COLUMNS) {
			out_addc(p->out, '\n');
			column = 0;
		}
		if (!column)
			out_addf(p->out, "%*s", (int)indent, "");
		else
			out_addc(p->out, ' ');
		out_add(p->out, str_span(text, n));
		column = (column ? column + 1 : indent) + (unsigned)n;
		text += n;
		text += strspn(text, " \n");
	}
	out_addc(p->out, '\n');
}

static void paragraph(const struct page *p, const char *text, unsigned indent)
{
	if (!text[0])
		return;
	if (p->roff) {
		add_escaped(p, text);
		out_addc(p->out, '\n');
	} else {
		wrap(p, text, indent);
	}
}

static void heading(const struct page *p, const char *title)
{
	if (p->roff)
		out_addf(p->out, ".PP\n%s:\n", title);
	else
		out_addf(p->out, "\n%s:\n", title);
}

/* A name and what it means. */
static void entry(const struct page *p, const char *name, const char *text)
{
	if (p->roff) {
		out_add(p->out, STR(".TP\n.B "));
		add_escaped(p, name);
		out_addc(p->out, '\n');
	} else {
		out_addf(p->out, "  %s\n", name);
	}
	paragraph(p, text, 6);
}

static void add_topic(void *ctx, const char *name, const char *text)
{
	entry(ctx, name, text);
}

static void option(const struct page *p, enum opt_id id)
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
	entry(p, strbuf_c(&name), strbuf_c(&text));
}

static void usage_line(const struct page *p, const struct command *c)
{
	STRBUF(b);
	bool live = c->flags & CMD_FRONT;
	strbuf_addf(&b, "%s%s%s%s", live ? "" : "aisle ", c->name, c->operands[0] ? " " : "",
		    c->operands);
	if (c->options)
		strbuf_adds(&b, " [OPTION...]");
	if (p->roff) {
		out_add(p->out, STR(".SS "));
		add_escaped(p, strbuf_c(&b));
		out_addc(p->out, '\n');
	} else {
		out_addf(p->out, "Usage: %s\n\n", strbuf_c(&b));
	}
}

static void where(const struct page *p, const struct command *c)
{
	if (c->flags & CMD_FRONT)
		paragraph(p, "Works in aisle shell and on the explorer's : line.", 0);
	else if ((c->flags & CMD_LIVE) && (c->flags & CMD_STORE))
		paragraph(p, "Works in aisle shell and on the explorer's : line too, where "
			  "STORE is left out.", 0);
}

static void command_page(const struct page *p, const struct command *c)
{
	usage_line(p, c);
	paragraph(p, c->summary, 0);
	if (!p->roff && c->help[0])
		out_addc(p->out, '\n');
	paragraph(p, c->help, 0);
	where(p, c);
	if (c->options)
		heading(p, "Options");
	for (const enum opt_id *o = c->options; o && *o != OPT_IDS; o++)
		option(p, *o);
	if (c->topics) {
		heading(p, c->topics_title);
		c->topics(add_topic, (void *)p);
	}
}

static void common_options(const struct page *p)
{
	for (const enum opt_id *o = opt_common; *o != OPT_IDS; o++)
		option(p, *o);
}

static void view_usage(const struct page *p, const struct view_class *v)
{
	out_addf(p->out, "Usage: aisle show %s STORE", v->name);
	for (enum ask_id i = 0; i < ASK_IDS; i++)
		if (asks_need(v->asks, i))
			out_addf(p->out, " --%s %s", ask_table[i].name, ask_table[i].value);
	out_add(p->out, STR(" [OPTION...]\n\n"));
}

static void view_takes(const struct page *p, const struct view_class *v)
{
	STRBUF(b);
	strbuf_adds(&b, "Takes ");
	asks_list(view_asks(v), &b);
	strbuf_adds(&b, ", --format: see aisle help show.");
	if (!p->roff)
		out_addc(p->out, '\n');
	paragraph(p, strbuf_c(&b), 0);
}

static void view_page(const struct page *p, const struct view_class *v)
{
	if (p->roff)
		out_addf(p->out, ".SS %s\n", v->name);
	else
		view_usage(p, v);
	paragraph(p, v->summary, 0);
	view_takes(p, v);
	heading(p, "Columns");
	for (unsigned i = 0; i < v->n_columns; i++) {
		const struct column *c = &v->columns[i];
		STRBUF(text);
		strbuf_adds(&text, c->help);
		if (c->flags & COLUMN_SORT)
			strbuf_adds(&text, " (sorts)");
		if (c->flags & COLUMN_PEOPLE)
			strbuf_adds(&text, " (text only)");
		entry(p, c->key, strbuf_c(&text));
	}
}

/* What stands in place of a default in certain logs. */
static void add_other(struct strbuf *b, const struct param_default *list, enum param_id id,
		      const char *where)
{
	for (; list && list->id != PARAM_IDS; list++)
		if (list->id == id)
			strbuf_addf(b, "; %s %s", where, list->value);
}

static void model_page(const struct page *p, const struct model_class *m)
{
	const struct param_default *d = m->params;

	if (p->roff)
		out_addf(p->out, ".SS %s\n", m->name);
	else
		out_addf(p->out, "Usage: aisle train %s STORE [OPTION...]\n\n", m->name);
	paragraph(p, m->summary, 0);
	if (!p->roff)
		out_addc(p->out, '\n');
	STRBUF(score);
	strbuf_addf(&score, "A score is %s.%s", m->score_text, m->flags & MODEL_RACES ?
		    " The same seed gives the same bytes with --threads 1; more threads train side "
		    "by side, and no two runs are quite the same." : "");
	paragraph(p, strbuf_c(&score), 0);
	if (d && d->id != PARAM_IDS)
		heading(p, "Parameters");
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
		entry(p, strbuf_c(&name), strbuf_c(&text));
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
	"their values are numbers.",
	"Under tests of date, event, country and channel everything is counted as if the "
	"log had only those events: sessions are cut, and totals, marginals and q are of "
	"what is left. Tests of products choose what is listed; a panel still has as many"
	" rows as were asked for. pairs shows pairs of such products (with --product, "
	"such partners); categories and transitions count such products. n, lift and "
	"confidence choose rows of panels, pairs and transitions. What stands between the"
	" outermost and is of one kind.",
};

static void where_page(const struct page *p)
{
	if (p->roff)
		out_add(p->out, STR(".SH FILTERS\n"));
	else
		out_add(p->out, STR("Usage: aisle show VIEW STORE --where FILTER\n\n"));
	for (size_t i = 0; i < sizeof filter_text_parts / sizeof *filter_text_parts; i++) {
		if (i)
			out_add(p->out, p->roff ? STR(".PP\n") : STR("\n"));
		paragraph(p, filter_text_parts[i], 0);
	}
	heading(p, "Fields");
	filter_fields(add_topic, (void *)p);
}

struct keys_page {
	const struct page *page;
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
	entry(k->page, strbuf_c(&names), text);
}

static const char keys_count[] =
	"A number typed first repeats a movement (5j) or names a row (12G).";

static void keys_page(const struct page *p)
{
	struct keys_page k = {.page = p};
	STRBUF(b);

	if (p->roff) {
		out_add(p->out, STR(".SH KEYS OF THE EXPLORER\n"));
		paragraph(p, keys_count, 0);
		keys_each(man_key, &k);
		return;
	}
	keys_help(&b, NULL);
	out_add(p->out, strbuf_str(&b));
	out_addf(p->out, "\n%s\n", keys_count);
}

static void overview(const struct page *p)
{
	out_add(p->out, STR("aisle: explore product recommendations in a terminal\n\n"
			    "Usage: aisle COMMAND [OPTION...]\n"
			    "       aisle STORE\n\nCommands:\n"));
	for (const struct command *const *c = command_table; *c; c++)
		if (!((*c)->flags & CMD_FRONT))
			out_addf(p->out, "  %-10s %s\n", (*c)->name, (*c)->summary);
	out_add(p->out, STR("\nIn aisle shell and on the explorer's : line also:\n"));
	for (const struct command *const *c = command_table; *c; c++)
		if ((*c)->flags & CMD_FRONT)
			out_addf(p->out, "  %-10s %s\n", (*c)->name, (*c)->summary);
	heading(p, "Options of every command");
	common_options(p);
	out_add(p->out, STR("\naisle help COMMAND shows a command, aisle help VIEW the "
			    "columns of a view,\naisle help MODEL the parameters of a model, "
			    "aisle help where the language of\nfilters, aisle help keys the "
			    "explorer's keys.\n"
			    "First steps: aisle demo\n"));
}

static const struct {
	const char *code, *meaning;
} exit_codes[] = {
	{"0", "All went well; also when the reader of the output went away."},
	{"1", "The answer is no, or data were refused."},
	{"2", "The command line is wrong."},
	{"3", "The store can't be opened or is damaged."},
	{"4", "Someone else holds the lock, or a time limit was reached."},
	{"5", "The disk is full, memory is out, or reading or writing failed."},
	{"130", "Interrupted."},
};

static const struct {
	const char *name, *meaning;
} variables[] = {
	{"NO_COLOR", "When set and not empty: no colours."},
	{"XDG_STATE_HOME", "The shell's history is aisle/history below it; default "
	 "~/.local/state."},
};

static void man_top(const struct page *p)
{
	out_addf(p->out, ".\\\" Made by aisle help man; do not edit.\n"
		 ".TH AISLE 1 \"\" \"aisle %s\" \"User Commands\"\n"
		 ".SH NAME\naisle \\- explore product recommendations in a terminal\n"
		 ".SH SYNOPSIS\n.B aisle\n.I COMMAND\n[\\fIOPTION\\fR...]\n.br\n"
		 ".B aisle\n.I STORE\n.SH DESCRIPTION\n", PACKAGE_VERSION);
	paragraph(p, "aisle reads shop logs into a store, counts what is seen and bought "
		  "together, and lets a person walk through the result in a terminal. "
		  "Everything that a screen shows can also be printed by a command. Data go "
		  "to standard output, which stays empty unless the exit code is 0; errors "
		  "are one line on standard error.", 0);
}

static void man_page(const struct page *p)
{
	man_top(p);
	out_add(p->out, STR(".SH COMMANDS\n"));
	for (const struct command *const *c = command_table; *c; c++)
		command_page(p, *c);
	out_add(p->out, STR(".SH OPTIONS OF EVERY COMMAND\n"));
	common_options(p);
	out_add(p->out, STR(".SH VIEWS\n"));
	for (const struct view_class *const *v = view_classes; *v; v++)
		view_page(p, *v);
	out_add(p->out, STR(".SH MODELS\n"));
	for (const struct model_class *const *m = model_classes; *m; m++)
		model_page(p, *m);
	where_page(p);
	keys_page(p);
	out_add(p->out, STR(".SH EXIT STATUS\n"));
	for (size_t i = 0; i < sizeof exit_codes / sizeof *exit_codes; i++)
		entry(p, exit_codes[i].code, exit_codes[i].meaning);
	out_add(p->out, STR(".SH ENVIRONMENT\n"));
	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
		entry(p, variables[i].name, variables[i].meaning);
}

static bool no_topic(struct str topic, struct err *err)
{
	struct nearest near;
	STRBUF(hint);
	nearest_init(&near, topic);
	for (const struct command *const *c = command_table; *c; c++)
		nearest_try(&near, str_from((*c)->name));
	for (const struct view_class *const *v = view_classes; *v; v++)
		nearest_try(&near, str_from((*v)->name));
	for (const struct model_class *const *m = model_classes; *m; m++)
		nearest_try(&near, str_from((*m)->name));
	nearest_hint(&near, &hint);
	return err_fail(err, ERR_USAGE, "there is no help on '%.*s'%s", STR_ARG(topic),
			hint.len ? strbuf_c(&hint) : ": aisle help lists what there is");
}

bool help_write(struct out *out, const char *topic, struct err *err)
{
	struct page p = {.out = out};
	if (!topic) {
		overview(&p);
		return true;
	}
	struct str name = str_from(topic);
	const struct command *c = command_find(name);
	const struct view_class *v = view_find(name);
	const struct model_class *m = model_find(name);
	p.roff = str_is(name, "man");
	if (p.roff)
		man_page(&p);
	else if (str_is(name, "bash"))
		bash_write(out);
	else if (v && (c || m)) {	/* similar, clusters and map are both */
		view_page(&p, v);
		out_addc(out, '\n');
		if (c)
			command_page(&p, c);
		else
			model_page(&p, m);
	} else if (c)
		command_page(&p, c);
	else if (v)
		view_page(&p, v);
	else if (m)
		model_page(&p, m);
	else if (str_is(name, "where"))
		where_page(&p);
	else if (str_is(name, "keys"))
		keys_page(&p);
	else
		return no_topic(name, err);
	return true;
}
