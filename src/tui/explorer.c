/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One thread draws and never waits for anything but poll(): keys, results of the
 * worker, a finished command, a new generation of the store, signals. A frame is
 * drawn when something changed and the terminal has shown the one before.
 */
#include "config.h"

#include "tui/explorer.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "base/utf8.h"
#include "store/watch.h"
#include "tui/state.h"
#include "view/view.h"

/* A panel that is ready so soon is worth waiting for: one frame, not two. */
#define GRACE 0.002
/* What is out of date is said, and dimmed later: no flicker in between. */
#define NAME_AFTER 0.04
#define DIM_AFTER 0.08
/* A held key comes more often than that; panels follow when it has rested. */
#define REST 0.06

void explorer_message(struct explorer *e, const char *fmt, ...)
{
	va_list ap;
	STRBUF(b);

	va_start(ap, fmt);
	strbuf_vaddf(&b, fmt, ap);
	va_end(ap);
	strbuf_reset(&e->message);
	sanitize(&e->message, strbuf_str(&b), SANITIZE_LINE);
	e->message_is_error = false;
	e->dirty = true;
}

void explorer_error(struct explorer *e, const struct err *err)
{
	explorer_message(e, "%s", err->text);
	e->message_is_error = true;
}

/* --- asking the worker */

/* was_busy: the one before is slow, so this one won't make the frame either. */
static void asked_something(struct explorer *e, bool was_busy)
{
	double now = time_now_monotonic();

	e->dirty = e->unsettled = true;
	if (!explorer_stale(e) || !was_busy)
		e->asked_at = now;
	e->grace = was_busy || e->rest || e->took > GRACE ? 0 : now + GRACE;
}

void explorer_ask_table(struct explorer *e, uint32_t category, uint32_t select)
{
	struct table_request r = {
		.edition = edition_ref(e->edition),
		.category = category,
		.reverse = e->reverse,
		.select = select,
	};

	bool busy = worker_busy(e->worker);

	memcpy(r.sort, e->sort, sizeof r.sort);
	e->category = category;
	e->table.stale = true;
	worker_ask_table(e->worker, &r);
	asked_something(e, busy);
}

static bool same_request(const struct panels_request *a, const struct panels_request *b)
{
	return a->edition == b->edition && a->product == b->product &&
	       a->category == b->category && a->same == b->same &&
	       a->level == b->level && a->multi == b->multi;
}

void explorer_ask_panels(struct explorer *e)
{
	const struct catalog *cat = e->edition->cat;
	struct panels_request r = {
		.edition = e->edition,
		.product = table_product(&e->table),
		.category = e->category,
		.same = e->same,
		.level = e->level,
		.multi = e->multi,
	};

	bool busy = worker_busy(e->worker);

	e->dirty = true;
	if (e->table.stale)
		return;
	if (r.product != CATALOG_NONE) {
		e->table.chosen = r.product;
		if (cat->product_category[r.product] < cat->n_categories)
			r.category = cat->product_category[r.product];
	}
	if (same_request(&r, &e->asked))
		return;
	e->asked = r;
	edition_ref(r.edition);
	worker_ask_panels(e->worker, &r);
	for (int p = PANE_SIMILAR; p < PANES; p++)
		e->list[p] = (struct list){.page = e->list[p].page};
	asked_something(e, busy);
}

void explorer_again(struct explorer *e)
{
	e->asked.edition = NULL;
	explorer_ask_panels(e);
}

bool explorer_stale(const struct explorer *e)
{
	return e->table.stale ||
	       (e->panels && !same_request(&e->panels->request, &e->asked));
}

enum late explorer_late(const struct explorer *e)
{
	double age = time_now_monotonic() - e->asked_at;

	if (!explorer_stale(e))
		return LATE_NOT;
	if (e->rest)
		return LATE_NAMED;
	return age < NAME_AFTER ? LATE_NOT : age < DIM_AFTER ? LATE_NAMED : LATE_DIM;
}

void explorer_moved(struct explorer *e)
{
	double now = time_now_monotonic();

	e->rest = now - e->moved_at < REST ? now + REST : 0;
	e->moved_at = now;
}

/* --- going places */

void explorer_focus(struct explorer *e, enum pane pane)
{
	if (pane != e->focus)
		e->tree_walk = false;
	e->focus = pane;
	e->dirty = true;
}

struct place explorer_place(const struct explorer *e)
{
	return (struct place){e->category, table_product(&e->table), e->focus};
}

static bool within(const struct catalog *cat, uint32_t category, uint32_t product)
{
	uint32_t first, end;

	if (category >= cat->n_categories)
		return true;
	catalog_products(cat, category, &first, &end);
	return product >= first && product < end;
}

void explorer_go_place(struct explorer *e, const struct place *p)
{
	tree_show(&e->tree, p->category);
	explorer_ask_table(e, p->category, p->product);
	explorer_focus(e, p->focus);
}

void explorer_go(struct explorer *e, uint32_t category, uint32_t product)
{
	struct place here = explorer_place(e);
	struct place there = {category, product, PANE_PRODUCTS};

	/* Stay in the list that is open if it holds the product. */
	if (product != CATALOG_NONE)
		there.category = within(e->edition->cat, e->category, product)
					 ? e->category
					 : e->edition->cat->product_category[product];
	trail_leave(&e->trail, &here);
	explorer_go_place(e, &there);
}

bool explorer_sort(struct explorer *e, struct str column, bool reverse)
{
	const struct view_class *v = view_find(STR("products"));

	if (column.len >= sizeof e->sort)
		return false;
	for (unsigned i = 0; i < v->n_columns; i++) {
		if (!(v->columns[i].flags & COLUMN_SORT) ||
		    !str_is(column, v->columns[i].key))
			continue;
		memmove(e->sort, column.ptr, column.len);
		e->sort[column.len] = '\0';
		e->reverse = reverse;
		explorer_ask_table(e, e->category, table_product(&e->table));
		return true;
	}
	return false;
}

/* --- results */

static void take_table(struct explorer *e)
{
	struct table_result *r = worker_take_table(e->worker);

	if (!r)
		return;
	if (r->request.edition != e->edition) {	/* of a generation that was left */
		table_result_destroy(r);
		return;
	}
	if (!r->view)
		explorer_error(e, &r->err);
	table_set(&e->table, r);
	explorer_ask_panels(e);
	e->dirty = e->unsettled = true;
}

static void take_panels(struct explorer *e)
{
	struct panels_result *r = worker_take_panels(e->worker);

	if (!r)
		return;
	panels_result_destroy(e->panels);
	e->panels = r;
	e->took = time_now_monotonic() - e->asked_at;
	list_set(&e->list[PANE_SIMILAR], r->panel[PANEL_SIMILAR].n_rows, 0);
	list_set(&e->list[PANE_COMPLEMENTARY], r->panel[PANEL_COMPLEMENTARY].n_rows, 0);
	list_set(&e->list[PANE_TRANSITIONS], r->flow.n_rows, 0);
	e->dirty = e->unsettled = true;
}

static void drain(int fd)
{
	uint64_t n;
	ssize_t ignored = read(fd, &n, sizeof n);

	(void)ignored;
}

static void take_results(struct explorer *e)
{
	const struct runner_result *r;

	drain(worker_fd(e->worker));
	if (!e->rest) {
		take_table(e);
		take_panels(e);
	}
	r = runner_take(e->runner);
	if (r) {
		line_finished(e, r);
		e->dirty = e->unsettled = true;
	}
}

/* The keys have rested: what waited for that is drawn. */
static void end_rest(struct explorer *e)
{
	e->rest = 0;
	e->asked_at = time_now_monotonic();	/* late only from here on */
	e->dirty = e->unsettled = true;
	take_results(e);
}

/* --- a new generation */

static void move_over(struct explorer *e, struct edition *new)
{
	struct edition *old = e->edition;
	uint32_t product = edition_product_in(old, table_product(&e->table), new);
	uint32_t category = edition_category_in(old, e->category, new);

	tree_move(&e->tree, old, new);
	trail_move(&e->trail, old, new);
	e->edition = new;
	e->asked.edition = NULL;
	e->beside = CATALOG_NONE;
	explorer_ask_table(e, category, product);
	edition_destroy(old);	/* closes once the screen shows nothing of it */
	explorer_message(e, "the store was imported again: now at import %llu",
			 (unsigned long long)store_generation(new->store));
}

static void reload(struct explorer *e)
{
	struct edition *new;
	struct err err = {0};

	e->unsettled = true;
	if (!edition_open(&new, e->path, &err)) {
		err_context(&err, "the new import can't be opened");
		explorer_error(e, &err);
	} else if (store_generation(new->store) == store_generation(e->edition->store)) {
		edition_destroy(new);
	} else {
		move_over(e, new);
	}
}

/* --- keys and signals */

static void prompt_input(struct explorer *e, uint32_t key)
{
	enum prompt_result r = prompt_key(key);
	STRBUF(line);

	strbuf_add(&line, prompt_text());
	if (e->find.typing) {
		if (r == PROMPT_TYPING)
			find_typed(e);
		else
			find_close(e, r == PROMPT_DONE);
	} else if (r == PROMPT_DONE && e->pager.open) {
		if (!pager_find(&e->pager, strbuf_str(&line), 1, true))
			explorer_message(e, "\"%s\" is not in this text", strbuf_c(&line));
	} else if (r == PROMPT_DONE) {
		line_run(e, strbuf_str(&line));
	}
}

static void take_mouse(struct explorer *e)
{
	MEVENT m;

	if (getmouse(&m) != OK || e->menu.open)
		return;
	if (m.bstate & (BUTTON4_PRESSED | BUTTON5_PRESSED)) {
		action_run(e, m.bstate & BUTTON4_PRESSED ? ACTION_up : ACTION_down, 3);
		return;
	}
	for (int p = 0; p < PANES && !e->pager.open; p++) {
		struct rect r = e->layout.pane[p], in = rect_inside(r);
		struct list *l = action_list(e, (enum pane)p);
		int row = m.y - in.y - (p == PANE_PRODUCTS);

		if (m.y < r.y || m.y >= r.y + r.h || m.x < r.x || m.x >= r.x + r.w ||
		    !l)
			continue;
		explorer_focus(e, (enum pane)p);
		if (row >= 0 && l->top + (uint64_t)row < l->count)
			action_run(e, ACTION_first, l->top + (uint64_t)row + 1);
	}
}

static void take_key(struct explorer *e, uint32_t key)
{
	enum action a;
	uint64_t count;

	if (key == (KEY_IS_CURSES | KEY_RESIZE))
		return;
	if (prompt_is_open()) {
		prompt_input(e, key);
		return;
	}
	strbuf_reset(&e->message);
	if (key == (KEY_IS_CURSES | KEY_MOUSE)) {
		take_mouse(e);
		return;
	}
	a = keys_take(&e->keys, key, &count);
	if (a != ACTION_NONE)
		action_run(e, a, count);
	else if (!keys_pending(&e->keys))
		explorer_message(e, "that key does nothing here: ? shows the keys");
}

static void take_paste(struct explorer *e)
{
	if (prompt_is_open()) {
		prompt_paste(input_paste(e->input));
		if (e->find.typing)
			find_typed(e);
	} else {
		/* Letters of a pasted text must not run as keys. */
		explorer_message(e, "pasted text: press / or : first, then paste");
	}
}

static void take_input(struct explorer *e)
{
	uint32_t key;
	double now = time_now_monotonic();

	for (;;) {
		switch (input_next(e->input, e->pace.waiting, now, &key)) {
		case INPUT_NOTHING:
			return;
		case INPUT_REPLY:
			pace_reply(&e->pace, time_now_monotonic());
			continue;
		case INPUT_PASTE:
			take_paste(e);
			break;
		case INPUT_KEY:
			take_key(e, key);
			break;
		}
		e->dirty = e->unsettled = true;
		if (e->quit)
			return;
	}
}

static void take_signals(struct explorer *e)
{
	struct signalfd_siginfo s;
	bool resized = false;

	while (read(e->signals, &s, sizeof s) == (ssize_t)sizeof s) {
		e->unsettled = e->dirty = true;
		switch (s.ssi_signo) {
		case SIGWINCH:
			resized = true;	/* a storm of them is one change */
			break;
		case SIGTSTP:
			term_suspend(e->term);
			break;
		case SIGCONT:
			term_resume(e->term);
			break;
		case SIGHUP:
			e->quit = e->hung_up = true;
			break;
		default:
			e->died_of = (int)s.ssi_signo;
			e->quit = true;
		}
	}
	if (resized) {
		term_resize(e->term);
		prompt_resize(e->term->rows, e->term->cols);
	}
}

/* --- the loop */

static bool draw(struct explorer *e)
{
	size_t sent;

	frame_draw(e);
	if (!term_flush(e->term, e->pace.asking, e->signals, &sent))
		return false;
	if (sent)
		pace_sent(&e->pace, time_now_monotonic(), sent);
	e->dirty = false;
	return true;
}

/* Everything that was asked for is on the screen and nothing is under way. */
static bool settled(struct explorer *e)
{
	return !e->dirty && !e->rest && !e->find.scanning && !e->pace.waiting &&
	       !worker_busy(e->worker) && !runner_busy(e->runner);
}

static void report_settled(struct explorer *e)
{
	struct pollfd p = {.fd = term_fd(e->term), .events = POLLIN};

	if (e->frame_fd < 0 || !e->unsettled || !settled(e) || poll(&p, 1, 0) > 0)
		return;
	e->unsettled = false;
	if (write(e->frame_fd, "f", 1) != 1)
		e->frame_fd = -1;
}

/* Seconds until panels that are out of date change their looks. */
static double late_wait(const struct explorer *e, double now)
{
	double at = e->asked_at + (e->late == LATE_NOT ? NAME_AFTER : DIM_AFTER);

	if (e->rest || e->late == LATE_DIM || !explorer_stale(e))
		return INFINITY;
	return at > now ? at - now : 0;
}

/* ms until something is due by itself; -1: never. */
static int time_to_wait(struct explorer *e, double now)
{
	double wait = INFINITY, held;

	if (e->find.scanning && !e->table.stale)
		return 0;
	if (e->dirty && worker_busy(e->worker) && e->grace > now)
		wait = e->grace - now;
	else if (e->dirty || (e->frame_fd >= 0 && e->pace.waiting))
		wait = pace_wait(&e->pace, now);
	wait = fmin(wait, late_wait(e, now));
	if (e->rest)
		wait = fmin(wait, fmax(e->rest - now, 0));
	if (input_held(e->input, now, &held) && held < wait)
		wait = held > 0 ? held : 0;
	return isinf(wait) ? -1 : (int)ceil(wait * 1000);
}

static void wait_for_something(struct explorer *e)
{
	struct pollfd p[] = {
		{.fd = term_fd(e->term), .events = POLLIN},
		{.fd = worker_fd(e->worker), .events = POLLIN},
		{.fd = runner_fd(e->runner), .events = POLLIN},
		{.fd = e->signals, .events = POLLIN},
		{.fd = e->watch ? watch_fd(e->watch) : -1, .events = POLLIN},
	};
	int n, bytes = 0;

	n = poll(p, sizeof p / sizeof p[0], time_to_wait(e, time_now_monotonic()));
	if (n < 0 && errno != EINTR)
		e->quit = true;
	if (n <= 0)
		return;
	if (p[3].revents)
		take_signals(e);
	/* Readable without a byte, or an error: the other end hung up. */
	if (p[0].revents && (ioctl(p[0].fd, FIONREAD, &bytes) < 0 || bytes == 0))
		e->quit = e->hung_up = true;
	if (p[1].revents || p[2].revents)
		take_results(e);
	/* Where nothing can be watched, at least what a command of ours did shows. */
	if ((p[4].revents && watch_changed(e->watch)) || (p[2].revents && !e->watch))
		reload(e);
}

static void loop(struct explorer *e)
{
	while (!e->quit) {
		double now;

		take_input(e);
		find_slice(e);
		now = time_now_monotonic();
		if (e->rest && now >= e->rest)
			end_rest(e);
		if (explorer_late(e) != e->late) {
			e->late = explorer_late(e);
			e->dirty = true;
		}
		if (e->dirty && !(worker_busy(e->worker) && now < e->grace) &&
		    pace_ready(&e->pace, now) && !e->quit && !draw(e))
			e->quit = e->hung_up = true;
		else if (!e->dirty && e->frame_fd >= 0)
			pace_ready(&e->pace, now);	/* a reply may be overdue */
		report_settled(e);
		if (!e->quit)
			wait_for_something(e);
	}
}

/* --- start and end */

static bool colour_wanted(const struct args *a)
{
	const char *no = getenv("NO_COLOR");
	struct str when = a ? args_text(a, OPT_ID_COLOR) : STR("auto");

	if (str_is(when, "auto"))
		return !no || !*no;
	return !str_is(when, "never");
}

static uint64_t env_number(const char *name, uint64_t none)
{
	const char *text = getenv(name);
	uint64_t n;

	return text && num_u64(str_from(text), &n) && n <= INT_MAX ? n : none;
}

static bool block_signals(struct explorer *e, sigset_t *old, struct err *err)
{
	static const int taken[] = {SIGWINCH, SIGTSTP, SIGCONT, SIGHUP, SIGTERM, SIGINT,
				    SIGQUIT};
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++)
		sigaddset(&set, taken[i]);
	sigprocmask(SIG_BLOCK, &set, old);
	e->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return e->signals >= 0 || err_errno(err, errno, "signalfd");
}

/* The busiest products first, by the best count that the data set has. */
static void first_sort(struct explorer *e)
{
	static const char *const columns[] = {"views", "purchases", "carts"};
	static const unsigned caps[] = {CAP_VIEWS, CAP_PURCHASES, CAP_CARTS};

	for (size_t i = 0; i < 3 && !e->sort[0]; i++)
		if (e->edition->cat->caps & caps[i])
			explorer_sort(e, str_from(columns[i]), false);
}

static bool start(struct explorer *e, const struct args *a, struct err *err)
{
	struct err unwatched = {0};

	/* Before the store is opened: an import between the two must not go unseen.
	 * A user may have 128 watches; beyond that the explorer works without. */
	if (!watch_open(&e->watch, e->path, &unwatched))
		e->watch = NULL;
	if (!edition_open(&e->edition, e->path, err) || !runner_create(&e->runner, err) ||
	    !worker_create(&e->worker, (unsigned)env_number("AISLE_TEST_SLOW_PANEL", 0),
			   err) ||
	    !term_open(&e->term, colour_wanted(a), err))
		return false;
	e->input = input_create();
	tree_init(&e->tree, e->edition->cat);
	pace_init(&e->pace);
	first_sort(e);
	if (!e->table.stale)
		explorer_ask_table(e, CATALOG_NONE, CATALOG_NONE);
	if (e->term->note)
		explorer_message(e, "%s", e->term->note);
	else if (!e->watch)
		explorer_message(e, "new imports will not show by themselves: %s",
				 unwatched.text);
	else
		explorer_message(e, "%s", "j and k move, Enter follows, ? shows all keys");
	e->dirty = e->unsettled = true;
	return true;
}

/* In the order that borrowing allows: what shows before what is shown. */
static void finish(struct explorer *e)
{
	prompt_finish();
	input_destroy(e->input);
	term_destroy(e->term);
	runner_destroy(e->runner);
	worker_destroy(e->worker);
	panels_result_destroy(e->panels);
	table_finish(&e->table);
	tree_finish(&e->tree);
	pager_finish(&e->pager);
	find_finish(&e->find);
	strbuf_finish(&e->message);
	watch_destroy(e->watch);
	edition_destroy(e->edition);
	scope_close(&e->signals);
	free(e);
}

bool explorer_run(struct cmd_env *env, const char *store, const struct args *a,
		  struct err *err)
{
	struct explorer *e = mem_zalloc(sizeof *e);
	int died_of;
	bool ok;
	sigset_t old;

	*e = (struct explorer){
		.env = env,
		.path = store,
		.signals = -1,
		.frame_fd = (int)(int64_t)env_number("AISLE_FRAME_FD", UINT64_MAX),
		.focus = PANE_PRODUCTS,
		.category = CATALOG_NONE,
		.level = UINT_MAX,
		.read_only = env->read_only || (a && args_flag(a, OPT_ID_READ_ONLY)),
		.asked = {.product = CATALOG_NONE, .category = CATALOG_NONE},
		.table = {.chosen = CATALOG_NONE},
		.moved_at = -REST,
		.beside = CATALOG_NONE,
	};
	ok = block_signals(e, &old, err) && start(e, a, err);
	if (ok)
		loop(e);
	died_of = e->died_of;
	finish(e);
	sigprocmask(SIG_SETMASK, &old, NULL);
	if (died_of) {
		signal(died_of, SIG_DFL);
		raise(died_of);
	}
	return ok;
}
