/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ':' line: parsed as the shell's, run here or in the runner. */
#include "config.h"

#include "base/num.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "tui/state.h"
#include "view/view.h"

/* Text is kept in memory: a table of a million rows is for the shell. */
#define LINE_ROWS "5000"
#define LINE_ROWS_N 5000

/* --- what the table's own commands do here */

static bool live_view(struct explorer *e, struct str what, struct err *err)
{
	if (str_is(what, "undo"))
		explorer_undo(e);
	else if (str_is(what, "redo"))
		explorer_redo(e);
	else
		return err_fail(err, ERR_USAGE, "view undo or view redo");
	return true;
}

static bool live(void *front, const struct command *c, const struct args *a,
		 struct err *err)
{
	struct explorer *e = front;

	if (strcmp(c->name, "quit") == 0) {
		e->quit = true;
		return true;
	}
	if (strcmp(c->name, "view") == 0)
		return live_view(e, args_operand(a, 0), err);
	if (strcmp(c->name, "bind") == 0)
		return keymap_bind(&e->keymap, args_operand(a, 0), args_operand(a, 1), err);
	if (strcmp(c->name, "unbind") == 0)
		return keymap_unbind(&e->keymap, args_operand(a, 0), err);
	if (strcmp(c->name, "go") == 0)
		return line_go(e, args_operand(a, 0), err);
	return err_fail(err, ERR_USAGE, "%s can't be used in the explorer", c->name);
}

/* --- the line */

static struct cmd_env line_env(struct explorer *e)
{
	struct cmd_env env = *e->env;

	env.store = e->edition->store;
	env.read_only = e->read_only;
	env.visitor = e->kiosk;
	env.notes = e->deciding.notes;
	env.decisions = e->deciding.aside;
	env.live = live;
	env.set = settings_set;
	env.settings = opt_explorer;
	env.list_settings = settings_list;
	env.explore = NULL;
	env.shell = NULL;
	env.front = e;
	env.say = NULL;
	env.out = NULL;
	env.job = NULL;
	env.progress_start = env.progress_finish = NULL;
	return env;
}

bool line_command(struct explorer *e, const struct command *c, struct args *a,
		  struct err *err)
{
	struct cmd_env env = line_env(e);

	return cmd_run(&env, c, a, err);
}

static void complete(void *ctx, struct str line, size_t cursor, size_t *start,
		     void (*add)(void *add_ctx, struct str word), void *add_ctx)
{
	struct explorer *e = ctx;
	struct cmd_env env = line_env(e);

	cmd_complete(&env, line, cursor, start, add, add_ctx);
}

void line_open(struct explorer *e)
{
	static struct prompt_completer completer = {.complete = complete};

	completer.ctx = e;
	strbuf_reset(&e->message.text);
	prompt_open(':', &completer);
}

static bool run(struct explorer *e, struct str typed, struct err *err);

/* note TEXT: the rows of what is in front that are seen, opened once more by the runner, so that
 * what is kept is no estimate. */
static void note_front(struct explorer *e, struct str text, struct err *err)
{
	struct pane *p = panes_front(e);
	struct str show, rest;
	STRBUF(shown);
	STRBUF(line);

	if (pane_stale(p) || !pane_view(p)) {
		explorer_message(e, "what is in front isn't there yet");
		return;
	}
	panes_add_line(e, &shown);
	rest = strbuf_str(&shown);
	str_next(&rest, ' ', &show);
	strbuf_addf(&line, "note %s ", p->class->name);
	quote_word(&line, text);
	if (rest.len > strlen(p->class->name))
		strbuf_adds(&line, rest.ptr + strlen(p->class->name));
	log_add(e, strbuf_c(&line), STR_NULL);
	if (!p->chart)
		strbuf_addf(&line, " --offset %ju --limit %u", (uintmax_t)p->list.top,
			    p->list.page ? p->list.page : 1);
	run(e, strbuf_str(&line), err);
}

/* `find TEXT` looks at all products, `go NAME` goes to one: the line is text, not words. */
static bool own_words(struct explorer *e, struct str line)
{
	struct err err = {0};

	if (str_is(line, "log")) {
		log_open(e);
		return true;
	}
	if (str_is(line, "help") || str_is(line, "h")) {
		help_open(e);
		return true;
	}
	if (str_is(line, "note") || str_starts(line, STR("note "))) {
		note_front(e, str_trim(str_span(line.ptr + 4, line.len - 4)), &err);
		if (err.code != ERR_NONE)
			explorer_error(e, &err);
		return true;
	}
	/* What stands in quotes, or has options, is a command as any other. */
	if (str_starts(line, STR("go ")) && line.ptr[3] != '-' &&
	    str_chr(line, '"') == SIZE_MAX && str_chr(line, '\'') == SIZE_MAX) {
		if (!line_go(e, str_trim(str_span(line.ptr + 3, line.len - 3)), &err))
			explorer_error(e, &err);
		return true;
	}
	if (!str_starts(line, STR("find ")))
		return false;
	if (e->category != CATALOG_NONE) {
		explorer_go(e, CATALOG_NONE, CATALOG_NONE);
	}
	find_start(e, str_trim(str_span(line.ptr + 5, line.len - 5)));
	e->find.scanning = e->find.query.len > 0;
	return true;
}

static void add_product(struct explorer *e, struct strbuf *line, const char *option,
			uint32_t p)
{
	if (p == CATALOG_NONE)
		return;
	strbuf_addf(line, " --%s ", option);
	quote_word(line, text_at(&e->edition->cat->product_id, p));
}

/* A view of a product that is asked for without one means the selected one. */
static void add_selected(struct explorer *e, const struct args *a, struct strbuf *line)
{
	const struct view_class *v = view_find(args_operand(a, 0));
	uint32_t p = panes_selected(e), with = panes_pointed(e);
	bool why = v && asks_need(v->asks, ASK_WITH);

	if (!v)
		return;
	if (asks_need(v->asks, ASK_TO) && !args_given(a, OPT_ID_TO))
		add_product(e, line, "to", with);
	if (!asks_need(v->asks, ASK_PRODUCT) || args_values(a, OPT_ID_PRODUCT))
		return;
	if (v->many && e->basket.n) {
		for (size_t i = 0; i < e->basket.n; i++) {
			strbuf_adds(line, " --product ");
			quote_word(line, str_from(e->basket.id[i]));
		}
		return;
	}
	add_product(e, line, "product", why ? p : with);
	if (why && with != p && !args_given(a, OPT_ID_WITH))
		add_product(e, line, "with", with);
}

/* The line as it is meant here, and parsed. */
static bool parse(struct explorer *e, struct strbuf *line, const struct command **c,
		  struct args **a, struct err *err)
{
	size_t typed = line->len;

	if (!cmd_parse_line(strbuf_str(line), e->path, c, a, err))
		return false;
	if (strcmp((*c)->name, "show") == 0)
		add_selected(e, *a, line);
	if (line->len == typed)
		return true;
	args_destroy(*a);
	*a = NULL;
	return cmd_parse_line(strbuf_str(line), e->path, c, a, err);
}

static void limit_rows(struct explorer *e, struct args *a)
{
	e->limited = !args_given(a, OPT_ID_LIMIT);
	if (e->limited)
		args_default(a, OPT_ID_LIMIT, STR(LINE_ROWS));
}

/* A view without a format is a sheet; with one a text, by the worker too, which has the filter
 * that the panes count by. */
static bool show(struct explorer *e, const struct command *c, struct args *a, struct str line,
		 bool *shown, struct err *err)
{
	bool prints = args_typed(a, OPT_ID_FORMAT);
	enum format format = FORMAT_TEXT;
	const struct view_class *v;
	OUTLOOK(o);

	if (prints)
		limit_rows(e, a);
	if (!c->view(a, &v, &o, err))
		return false;
	*shown = v;
	format_parse(args_text(a, OPT_ID_FORMAT), &format);
	if (v && prints)
		sheet_print(e, v, &o, (struct printing){line, format});
	else if (v)
		sheet_open(e, v, &o, false);
	return true;
}

static bool run(struct explorer *e, struct str typed, struct err *err)
{
	struct cmd_env env = line_env(e);
	const struct command *c;
	SCOPED(args) a = NULL;
	struct running what = {.edition = e->edition, .lens = e->lens};
	bool shown = false;
	struct str line;
	STRBUF(whole);

	strbuf_add(&whole, typed);
	if (!parse(e, &whole, &c, &a, err))
		return false;
	line = strbuf_str(&whole);
	if (!(c->flags & CMD_LIVE))
		return err_fail(err, ERR_USAGE, "%s is for the shell's command line, not "
				"for the explorer", c->name);
	if (!cmd_allowed(&env, c, a, err))
		return false;
	/* What changes the screen runs here; what computes, in the runner. */
	if (c->flags & CMD_FRONT)
		return line_command(e, c, a, err);
	if (e->show_users)
		args_default(a, OPT_ID_SHOW_USERS, STR("1"));
	if (c->view && (!show(e, c, a, line, &shown, err) || shown))
		return shown;
	if (runner_busy(e->runner))
		return err_fail(err, ERR_LOCKED,
				"a command is running already: Ctrl-C cancels it");
	limit_rows(e, a);
	what.command = c;
	what.args = a;
	what.line = line;
	a = NULL;
	return runner_start(e->runner, &env, what, err);
}

void line_run(struct explorer *e, struct str line)
{
	struct err err = {0};

	line = str_trim(line);
	if (line.len == 0 || own_words(e, line))
		return;
	if (!run(e, line, &err))
		explorer_error(e, &err);
}

void line_printed(struct explorer *e, const char *line, struct str output)
{
	STRBUF(title);

	strbuf_addf(&title, ":%s", line);
	pager_open(&e->pager, strbuf_str(&title), output);
	if (e->limited && e->pager.list.count > LINE_ROWS_N)
		explorer_message(e, "the first " LINE_ROWS " rows; --limit N shows more");
}

void line_finished(struct explorer *e, const struct runner_result *r)
{
	strbuf_reset(&e->message.text);
	if (r->err.code == ERR_CANCELLED && e->budget.command)
		explorer_message(e, "longer than the %g s that visitors have: %s",
				 e->budget.seconds, r->line);
	else if (r->err.code == ERR_CANCELLED)
		explorer_message(e, "cancelled: %s", r->line);
	else if (r->err.code != ERR_NONE)
		explorer_error(e, &r->err);
	else if (r->said.len)
		explorer_message(e, "%.*s", STR_ARG(str_trim(r->said)));
	e->budget.command = false;
	deciding_aside(e);
	if (r->output.len == 0) {
		if (r->err.code == ERR_NONE && r->said.len == 0)
			explorer_message(e, "done: %s", r->line);
		return;
	}
	line_printed(e, r->line, r->output);
}
