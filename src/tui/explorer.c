/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening the explorer and closing it: store, terminal, threads and settings. */
#include "config.h"

#include "tui/explorer.h"

#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/sandbox.h"
#include "base/time.h"
#include "store/watch.h"
#include "tui/state.h"

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

	for (size_t i = 0; i < 3; i++)
		if (e->edition->cat->caps & caps[i] &&
		    !outlook_asks(&e->sight.own[PANE_PRODUCTS], ASK_SORT))
			explorer_order(e, str_from(columns[i]));
}

/* A test takes the steps itself, or says how many ms each has. */
static double tour_pace(const struct explorer *e)
{
	uint64_t ms = env_number("AISLE_TEST_TOUR", 0);

	if (e->record)
		return 0;
	return ms ? (double)ms / 1000 : e->frame_fd >= 0 ? INFINITY : TOUR_PACE;
}

/* Before there are other threads, and once the terminal is open. */
static bool seal(const struct explorer *e, const struct args *a, struct err *err)
{
	bool open = !a || !args_flag(a, OPT_ID_KIOSK) || args_flag(a, OPT_ID_NO_SANDBOX);

	return open || sandbox_kiosk(e->path, err);
}

#define LABELS_SEEN 20000u

/* Some label has a letter beyond ASCII. */
static bool names_foreign(const struct catalog *cat)
{
	for (uint32_t p = 0; p < cat->n_products && p < LABELS_SEEN; p++) {
		struct str s = text_at(&cat->product_label, p);

		for (size_t i = 0; i < s.len; i++)
			if ((unsigned char)s.ptr[i] >= 0x80)
				return true;
	}
	return false;
}

static bool start(struct explorer *e, const struct args *a, struct err *err)
{
	struct err unwatched = {0};
	bool resumed = false;

	/* Before the store is opened: an import between the two must not go unseen.
	 * Where nothing can be watched the explorer works without. */
	if (!watch_open(&e->watch, e->path, &unwatched))
		e->watch = NULL;
	if (a && args_given(a, OPT_ID_RECORD) &&
	    !record_open(&e->record, args_text(a, OPT_ID_RECORD).ptr, err))
		return false;
	if (!edition_open(&e->edition, e->path, e->hidden, err) ||
	    !runner_create(&e->runner, err) || !pricing_create(&e->pricing, err) ||
	    !judging_create(&e->judging, err) ||
	    !term_open(&e->term, colour_wanted(a), err) || !seal(e, a, err) ||
	    !worker_create(&e->worker,
			   (struct opener_options){
				   e->env->threads,
				   (unsigned)env_number("AISLE_TEST_SLOW_PANEL", 0),
				   (unsigned)env_number("AISLE_TEST_SAMPLE", 0)},
			   err))
		return false;
	e->input = input_create();
	e->mouse = true;
	term_mouse(e->term, e->mouse);
	panes_start(e);
	deciding_start(e, a && args_given(a, OPT_ID_WHO) ? args_text(a, OPT_ID_WHO) : STR(""));
	pace_init(&e->pace);
	if (e->record) {
		e->pace.asking = false;
		term_listen(e->term, record_heard, e->record);
	}
	first_sort(e);
	if (e->tour.on) {
		tour_start(&e->tour, tour_pace(e), time_now_monotonic());
		/* What its visitors reject leaves the lists, for all to see. */
		outlook_set(&e->sight.asked, ASK_VERDICTS, STR("not-rejected"));
	}
	if (!e->kiosk)		/* which is the same for all: no one's keys and colours */
		settings_read(e);
	undo_finish(&e->undo);		/* what the file set is how it begins */
	if (e->resume && session_resume(e) && !e->config_errors)
		resumed = true;
	else if (!e->panes.at[PANE_PRODUCTS].number)
		explorer_ask_table(e, CATALOG_NONE, e->tour.on ? tour_product(e->edition->cat)
							       : CATALOG_NONE);
	e->dirty = e->unsettled = true;
	if (!e->term->utf8 && !e->tour.on && !e->config_errors &&
	    names_foreign(e->edition->cat)) {
		explorer_message(e, "????: this locale is ASCII; with LC_ALL=C.UTF-8 names show "
				 "all letters");
		return true;
	}
	if (e->config_errors || resumed)
		return true;
	if (e->tour.on)
		return true;
	if (e->term->note)
		explorer_message(e, "%s", e->term->note);
	else if (!e->watch)
		explorer_message(e, "new imports will not show by themselves: %s",
				 unwatched.text);
	else
		explorer_message(e, "j and k move, Enter follows, & filters, ? shows all keys");
	return true;
}

/* In the order that borrowing allows: what shows before what is shown. */
static void finish(struct explorer *e)
{
	prompt_finish();
	input_destroy(e->input);
	term_destroy(e->term);
	budget_leave(&e->budget);
	runner_destroy(e->runner);
	pricing_destroy(e->pricing);
	judging_destroy(e->judging);
	panes_finish(&e->panes);
	lens_destroy(e->lens);
	lens_destroy(e->shop_lens);
	strbuf_finish(&e->log);
	worker_destroy(e->worker);
	deciding_finish(&e->deciding);
	undo_finish(&e->undo);
	sight_finish(&e->sight);
	keymap_finish(&e->keymap);
	menu_close(&e->menu);
	basket_finish(&e->basket);
	pager_finish(&e->pager);
	find_finish(&e->find);
	strbuf_finish(&e->message.text);
	strbuf_finish(&e->config_said);
	chips_finish(&e->chips);
	record_destroy(e->record);
	watch_destroy(e->watch);
	edition_destroy(e->edition);
	scope_close(&e->signals);
	free(e);
}

/* Panels come and go with every key: what is big is taken from the system and given back, and
 * doesn't stay in the heap of each thread, as glibc would have it after the first time. */
static void give_memory_back(void)
{
#ifdef __GLIBC__
	mallopt(M_MMAP_THRESHOLD, 128 << 10);
#endif
}

bool explorer_run(struct cmd_env *env, const char *store, const struct args *a,
		  struct err *err)
{
	struct explorer *e = mem_zalloc(sizeof *e);
	int died_of;
	bool ok;
	sigset_t old;

	give_memory_back();
	*e = (struct explorer){
		.env = env,
		.path = store,
		.signals = -1,
		.frame_fd = (int)(int64_t)env_number("AISLE_FRAME_FD", UINT64_MAX),
		.category = CATALOG_NONE,
		.read_only = env->read_only || (a && args_flag(a, OPT_ID_READ_ONLY)),
		.moved_at = -REST,
		.chips = {.instead = UINT_MAX},
		.theme = THEMES,
		.glyphs_rich = true,
		.beside_delay = REST,
		.kiosk = a && args_flag(a, OPT_ID_KIOSK),
		.resume = !(a && args_flag(a, OPT_ID_NO_RESUME)),
		.show_users = a && args_flag(a, OPT_ID_SHOW_USERS),
		.hidden = a && args_flag(a, OPT_ID_MASK_PRICES) ? STORE_PRICES : 0,
		.tour = {.on = a && (args_flag(a, OPT_ID_TOUR) ||
				     args_given(a, OPT_ID_RECORD))},
	};
	e->kiosk |= e->tour.on;		/* others look at this screen */
	e->read_only = e->read_only || e->kiosk;
	e->resume = e->resume && !e->kiosk;
	if (e->kiosk) {
		e->hidden |= STORE_PEOPLE;
		if (a && args_flag(a, OPT_ID_KIOSK))
			e->budget.seconds = args_real(a, OPT_ID_SECONDS_MOST);
		prompt_private();
	}
	e->keys.map = &e->keymap;
	ok = block_signals(e, &old, err) && start(e, a, err);
	if (ok) {
		explorer_loop(e);
		session_save(e);
		ok = !e->record || record_close(e->record, err);
	}
	died_of = e->died_of;
	/* The terminal's end may be seen before the signal that tells of it: what is
	 * pending is discarded by this, and what comes yet ends nothing any more. */
	if (e->hung_up)
		signal(SIGHUP, SIG_IGN);
	finish(e);
	sigprocmask(SIG_SETMASK, &old, NULL);
	if (died_of) {
		signal(died_of, SIG_DFL);
		raise(died_of);
	}
	return ok;
}
