/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The explorer without a screen: single words move through the products and read
 * out what there is, one line for one thing. There are no boxes, no colours and no
 * cursor, and a chart is told in sentences, so that a screen reader, a braille line
 * or a teletype show all of it.
 */
#include "config.h"

#include "cli/plain.h"

#include <stdlib.h>

#include "base/match.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/out.h"
#include "base/quote.h"
#include "base/sandbox.h"
#include "base/utf8.h"
#include "cli/front.h"
#include "cli/shell.h"
#include "cmd/show.h"
#include "store/store.h"
#include "vet/aside.h"
#include "view/view.h"

#define ROWS "10"	/* of a list, until `set limit` says otherwise */
#define PANEL_LINES 3	/* of each panel with the product */

struct plain {
	struct front *f;
	const char *path;
	struct shown *list;		/* the products that one walks through */
	struct shown *last;		/* what was read out last */
	uint64_t at;			/* row of the list */
	struct strbuf id, category;	/* the product, what the list is narrowed to */
	char **trail;			/* (n_trail) products left by `open` */
	size_t n_trail, cap_trail;
};

struct word {
	const char *name;
	char letter;		/* the word in short, or 0 */
	const char *takes;	/* NULL: it stands alone */
	const char *help;
	bool (*run)(struct plain *p, struct str rest, struct err *err);
	const char *view;	/* without run: the view of the product that is shown */
};

static bool open_view(struct plain *p, struct str line, struct shown **shown,
		      struct err *err)
{
	const struct command *c;
	SCOPED(args) a = NULL;
	struct front *f = p->f;

	if (!cmd_parse_line(line, p->path, &c, &a, err))
		return false;
	shell_settings(f, a);
	return show_open(shown, f->env.store, a, &f->env, err);
}

/* The busiest first, by what was counted. */
static const char *busiest(const struct catalog *cat)
{
	return cat->caps & CAP_VIEWS ? " --sort views" :
	       cat->caps & CAP_PURCHASES ? " --sort purchases" : "";
}

/* The list is made again when it is needed, with the product where it is now. */
static bool need_list(struct plain *p, struct err *err)
{
	const struct catalog *cat = store_catalog(p->f->env.store);
	uint32_t product = store_find(p->f->env.store, "product", strbuf_str(&p->id));
	uint64_t n;
	STRBUF(line);

	if (p->list)
		return true;
	strbuf_addf(&line, "show products%s", busiest(cat));
	if (p->category.len) {
		strbuf_adds(&line, " --category ");
		quote_word(&line, strbuf_str(&p->category));
	}
	if (!open_view(p, strbuf_str(&line), &p->list, err))
		return false;
	n = view_count(p->list->view);
	for (uint64_t i = 0; i < n; i++)
		if (view_product(p->list->view, i) == product) {
			p->at = i;
			return true;
		}
	p->at = 0;
	if (n) {
		strbuf_reset(&p->id);
		strbuf_add(&p->id, text_at(&cat->product_id, view_product(p->list->view, 0)));
	}
	return true;
}

static bool need_product(struct plain *p, struct err *err)
{
	if (!need_list(p, err))
		return false;
	return p->id.len > 0 ||
	       err_fail(err, ERR_NO, "there is no product here: try category, or "
			"set where none");
}

/* "2 of 120. Name: product ..., price 7.59" */
static bool say_product(struct plain *p, struct err *err)
{
	uint64_t n;
	STRBUF(b);

	if (!need_product(p, err))
		return false;
	n = view_count(p->list->view);
	num_add_grouped(&b, (int64_t)p->at + 1);
	strbuf_adds(&b, " of ");
	num_add_grouped(&b, (int64_t)n);
	strbuf_adds(&b, ". ");
	view_add_sentence(p->list->view, p->at, &b);
	strbuf_addc(&b, '\n');
	out_add(p->f->env.out, strbuf_str(&b));
	return true;
}

static void add_view_line(const struct plain *p, const char *view, struct strbuf *b)
{
	strbuf_addf(b, "show %s --product ", view);
	quote_word(b, strbuf_str(&p->id));
}

/* A panel's first rows, in one line each behind its name. */
static bool say_panel(struct plain *p, const char *name, struct err *err)
{
	SCOPED(shown) s = NULL;
	STRBUF(line);
	STRBUF(b);

	add_view_line(p, name, &line);
	if (!open_view(p, strbuf_str(&line), &s, err))
		return false;
	if (!view_count(s->view))
		strbuf_addf(&b, "%s: nothing. %s\n", name, view_note(s->view));
	for (uint64_t i = 0; i < view_count(s->view) && i < PANEL_LINES; i++) {
		strbuf_addf(&b, "%s %llu: ", name, (unsigned long long)i + 1);
		view_add_sentence(s->view, i, &b);
		strbuf_addc(&b, '\n');
	}
	out_add(p->f->env.out, strbuf_str(&b));
	return true;
}

static bool run_here(struct plain *p, struct str rest, struct err *err)
{
	return say_product(p, err) && say_panel(p, "similar", err) &&
	       say_panel(p, "complementary", err);
}

/* --- moving */

static bool go_to_row(struct plain *p, uint64_t row, struct err *err)
{
	uint32_t product = view_product(p->list->view, row);

	p->at = row;
	strbuf_reset(&p->id);
	strbuf_add(&p->id, text_at(&store_catalog(p->f->env.store)->product_id, product));
	return say_product(p, err);
}

static bool steps(struct str rest, uint64_t *n, struct err *err)
{
	*n = 1;
	return !rest.len || num_u64(rest, n) ||
	       err_fail(err, ERR_USAGE, "'%.*s' is no number of products", STR_ARG(rest));
}

static bool run_next(struct plain *p, struct str rest, struct err *err)
{
	uint64_t n, left;

	if (!steps(rest, &n, err) || !need_product(p, err))
		return false;
	left = view_count(p->list->view) - 1 - p->at;
	if (!left)
		return err_fail(err, ERR_NO, "this is the last product");
	return go_to_row(p, p->at + (n < left ? n : left), err);
}

static bool run_previous(struct plain *p, struct str rest, struct err *err)
{
	uint64_t n;

	if (!steps(rest, &n, err) || !need_product(p, err))
		return false;
	if (!p->at)
		return err_fail(err, ERR_NO, "this is the first product");
	return go_to_row(p, n < p->at ? p->at - n : 0, err);
}

static bool run_first(struct plain *p, struct str rest, struct err *err)
{
	return need_product(p, err) && go_to_row(p, 0, err);
}

static bool run_last(struct plain *p, struct str rest, struct err *err)
{
	return need_product(p, err) && go_to_row(p, view_count(p->list->view) - 1, err);
}

/* The list shows all products when it doesn't hold this one. */
static bool go_to_id(struct plain *p, struct str id, struct err *err)
{
	uint32_t product = store_find(p->f->env.store, "product", id);

	if (product >= store_catalog(p->f->env.store)->n_products)
		return err_fail(err, ERR_NO, "there is no product '%.*s' in the store",
				STR_ARG(id));
	for (int again = 0; again < 2; again++) {
		shown_destroy(p->list);
		p->list = NULL;
		strbuf_reset(&p->id);
		strbuf_add(&p->id, id);
		if (!need_list(p, err))
			return false;
		if (str_eq(strbuf_str(&p->id), id))
			return run_here(p, STR(""), err);
		strbuf_reset(&p->category);
	}
	return err_fail(err, ERR_NO, "the filter leaves out the product '%.*s': "
			"set where none takes it away", STR_ARG(id));
}

/* Row N of what was read out last, as text of an id; false: it is no such number. */
static bool row_product(const struct plain *p, struct str rest, uint32_t *product)
{
	uint64_t n;
	struct view_target t;

	if (!p->last || !num_u64(rest, &n) || n < 1 || n > view_count(p->last->view))
		return false;
	view_target(p->last->view, n - 1, &t);
	*product = t.product;
	return *product != CATALOG_NONE;
}

static bool run_open(struct plain *p, struct str rest, struct err *err)
{
	const struct text *ids = &store_catalog(p->f->env.store)->product_id;
	char *from = mem_strdup(strbuf_c(&p->id));
	uint32_t product;
	bool ok;
	STRBUF(id);

	strbuf_add(&id, row_product(p, rest, &product) ? text_at(ids, product) : rest);
	ok = id.len ? go_to_id(p, strbuf_str(&id), err)
		    : err_fail(err, ERR_USAGE, "open what? The number of a line of the "
			       "last list, or a product's id");
	if (ok && from[0]) {
		MEM_GROW(p->trail, p->cap_trail, p->n_trail + 1);
		p->trail[p->n_trail++] = from;
	} else {
		free(from);
	}
	return ok;
}

static bool run_back(struct plain *p, struct str rest, struct err *err)
{
	SCOPED_FREE char *id = NULL;

	if (!p->n_trail)
		return err_fail(err, ERR_NO, "you haven't come from anywhere");
	id = p->trail[--p->n_trail];
	return go_to_id(p, str_from(id), err);
}

/* --- finding */

static bool run_find(struct plain *p, struct str rest, struct err *err)
{
	const struct catalog *cat = store_catalog(p->f->env.store);
	uint64_t n;
	MATCH(wanted);
	STRBUF(scratch);

	if (!need_product(p, err))
		return false;
	n = view_count(p->list->view);
	match_words(&wanted, rest);
	for (uint64_t i = 1; i <= n; i++) {
		uint64_t row = (p->at + i) % n;
		uint32_t product = view_product(p->list->view, row);

		if ((product < cat->product_label.n &&
		     match_found(&wanted, text_at(&cat->product_label, product), &scratch)) ||
		    str_eq(text_at(&cat->product_id, product), rest))
			return go_to_row(p, row, err);
	}
	return err_fail(err, ERR_NO, "no product here is named '%.*s'", STR_ARG(rest));
}

static bool run_category(struct plain *p, struct str rest, struct err *err)
{
	struct strbuf before = p->category;

	plain_forget(p);
	p->category = (struct strbuf)STRBUF_INIT;
	strbuf_add(&p->category, rest);
	if (!need_list(p, err)) {
		strbuf_finish(&p->category);
		p->category = before;
		return false;
	}
	strbuf_finish(&before);
	return view_count(p->list->view) ? run_first(p, STR(""), err)
					 : need_product(p, err);
}

/* --- reading out */

static bool read_out(struct plain *p, struct str line, struct err *err)
{
	const struct command *c;
	SCOPED(args) a = NULL;

	if (!cmd_parse_line(line, p->path, &c, &a, err))
		return false;
	shell_settings(p->f, a);
	return plain_show(p, a, err);
}

static bool run_why(struct plain *p, struct str rest, struct err *err)
{
	const struct text *ids = &store_catalog(p->f->env.store)->product_id;
	uint32_t product;
	STRBUF(line);

	if (!rest.len)
		return err_fail(err, ERR_USAGE, "why what? The number of a line of the last "
				"list, or a product's id");
	if (!need_product(p, err))
		return false;
	add_view_line(p, "why", &line);
	strbuf_adds(&line, " --limit 1000 --with ");
	quote_word(&line, row_product(p, rest, &product) ? text_at(ids, product) : rest);
	return read_out(p, strbuf_str(&line), err);
}

static bool run_help(struct plain *p, struct str rest, struct err *err);

static const struct word words[] = {
	{"here", 0, NULL, "the product, and the first lines of its panels", run_here, NULL},
	{"next", 'n', "[N]", "the next product of the list, or the Nth", run_next, NULL},
	{"previous", 'p', "[N]", "the product before", run_previous, NULL},
	{"first", 0, NULL, "the first product of the list", run_first, NULL},
	{"last", 0, NULL, "the last one", run_last, NULL},
	{"open", 'o', "N|ID", "go to the product of line N of the last list, or by its id",
	 run_open, NULL},
	{"back", 'b', NULL, "back to the product before open", run_back, NULL},
	{"find", 'f', "TEXT", "the next product with that in its name", run_find, NULL},
	{"category", 'c', "[PATH]", "walk through that category; alone: all products",
	 run_category, NULL},
	{"similar", 's', NULL, "similar products", NULL, "similar"},
	{"complementary", 'm', NULL, "products that go with it", NULL, "complementary"},
	{"why", 'w', "N|ID", "all that is known of a suggestion", run_why, NULL},
	{"product", 'i', NULL, "the product in full", NULL, "product"},
	{"transitions", 't', NULL, "where the baskets of categories go", NULL,
	 "transitions"},
	{"compare", 0, NULL, "the product's rankings side by side", NULL, "compare"},
	{"overview", 0, NULL, "the shop at a glance", NULL, "overview"},
	{"categories", 0, NULL, "all categories", NULL, "categories"},
	{"help", '?', NULL, "these words; help NAME explains a command", run_help, NULL},
};
#define WORDS (sizeof words / sizeof *words)

static bool run_help(struct plain *p, struct str rest, struct err *err)
{
	struct out *out = p->f->env.out;

	for (size_t i = 0; i < WORDS; i++) {
		const struct word *w = &words[i];

		out_addf(out, "%s%s%s", w->name, w->takes ? " " : "", w->takes ? w->takes : "");
		if (w->letter)
			out_addf(out, " (or %c)", w->letter);
		out_addf(out, ": %s\n", w->help);
	}
	out_addf(out, "quit: leave\nCommands of aisle shell work too, as show users or "
		 "set where price<30: see help shell and help show.\n");
	return true;
}

static bool run_word(struct plain *p, const struct word *w, struct str rest, struct err *err)
{
	STRBUF(line);

	if (w->run)
		return w->run(p, rest, err) && out_flush(p->f->env.out, err);
	/* Of the categories and the shop, which take no product. */
	if (!asks_need(view_find(str_from(w->view))->asks, ASK_PRODUCT) &&
	    strcmp(w->view, "compare") != 0) {
		strbuf_addf(&line, "show %s", w->view);
		return read_out(p, strbuf_str(&line), err);
	}
	if (!need_product(p, err))
		return false;
	add_view_line(p, w->view, &line);
	return read_out(p, strbuf_str(&line), err);
}

bool plain_line(struct plain *p, struct str line, bool *taken, struct err *err)
{
	size_t space = str_chr(line, ' ');
	struct str name = space == SIZE_MAX ? line : str_span(line.ptr, space);
	struct str rest = str_trim(str_span(line.ptr + name.len, line.len - name.len));

	*taken = false;
	for (size_t i = 0; i < WORDS && !*taken; i++) {
		const struct word *w = &words[i];

		if (!str_is(name, w->name) && !(name.len == 1 && name.ptr[0] == w->letter))
			continue;
		if (rest.len && !w->takes)
			return true;	/* similar NAME, help NAME: the shell's */
		*taken = true;
		return run_word(p, w, rest, err);
	}
	return true;
}

/* That a list was cut is no secret. Views with sentences of their own tell all. */
static void say_more(struct plain *p, const struct view *v, uint64_t shown)
{
	uint64_t n = view_count(v);

	if (shown < n && !view_class_of(v)->words)
		out_addf(p->f->env.out, "%llu more: --limit and --offset reach them\n",
			 (unsigned long long)(n - shown));
}

bool plain_show(struct plain *p, const struct args *a, struct err *err)
{
	SCOPED(shown) s = NULL;
	enum format format = FORMAT_WORDS;
	uint64_t first = args_count(a, OPT_ID_OFFSET);
	uint64_t limit = args_given(a, OPT_ID_LIMIT) ? args_count(a, OPT_ID_LIMIT)
						     : UINT64_MAX;

	if (!show_open(&s, p->f->env.store, a, &p->f->env, err))
		return false;
	format_parse(args_text(a, OPT_ID_FORMAT), &format);
	if (!view_write(s->view, format, first, limit, p->f->env.out, err))
		return false;
	if (format == FORMAT_WORDS && limit != UINT64_MAX)
		say_more(p, s->view, first + limit);
	shown_destroy(p->last);
	p->last = s;
	s = NULL;
	return out_flush(p->f->env.out, err);
}

void plain_complete(struct str prefix, void (*add)(void *ctx, struct str word), void *ctx)
{
	for (size_t i = 0; i < WORDS; i++)
		if (str_starts(str_from(words[i].name), prefix))
			add(ctx, str_from(words[i].name));
}

/* --- start and end */

void plain_forget(struct plain *p)
{
	shown_destroy(p->list);
	shown_destroy(p->last);
	p->list = p->last = NULL;
}

static void plain_finish(struct plain *p)
{
	plain_forget(p);
	for (size_t i = 0; i < p->n_trail; i++)
		free(p->trail[i]);
	free(p->trail);
	strbuf_finish(&p->id);
	strbuf_finish(&p->category);
}

bool plain_begin(struct plain *p, struct err *err)
{
	const struct catalog *cat = store_catalog(p->f->env.store);
	STRBUF(b);

	strbuf_adds(&b, "aisle: ");
	num_add_grouped(&b, cat->n_products);
	strbuf_adds(&b, cat->n_products == 1 ? " product in " : " products in ");
	num_add_grouped(&b, cat->n_categories);
	strbuf_addf(&b, " %s. help says what you can do, quit leaves.\n",
		    cat->n_categories == 1 ? "category" : "categories");
	out_add(p->f->env.out, strbuf_str(&b));
	if (cat->n_products && !run_here(p, STR(""), err))
		return false;
	return out_flush(p->f->env.out, err);
}

bool plain_run(void *front, const char *store, const struct args *a, struct err *err)
{
	struct front *f = front;
	struct plain p = {.f = f, .path = store};
	bool ok;

	f->env.visitor = args_flag(a, OPT_ID_KIOSK);
	f->env.read_only |= f->env.visitor;
	f->seconds = f->env.visitor ? args_real(a, OPT_ID_SECONDS_MOST) : 0;
	f->hidden = (args_flag(a, OPT_ID_MASK_PRICES) ? STORE_PRICES : 0) |
		    (f->env.visitor ? STORE_PEOPLE : 0);
	shell_set_default(f, OPT_ID_FORMAT, STR("words"));
	shell_set_default(f, OPT_ID_LIMIT, STR(ROWS));
	if (args_flag(a, OPT_ID_SHOW_USERS))
		shell_set_default(f, OPT_ID_SHOW_USERS, STR("1"));
	if (f->env.visitor && !args_flag(a, OPT_ID_NO_SANDBOX) && !sandbox_kiosk(store, err))
		return false;
	f->plain = &p;
	f->env.decisions = f->env.visitor ? aside_create() : NULL;
	ok = shell_run(f, store, a, err);
	f->plain = NULL;
	aside_destroy(f->env.decisions);
	f->env.decisions = NULL;
	plain_finish(&p);
	return ok;
}
