/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aisle demo [DIR]: make, import and open a synthetic shop. */
#include "config.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/out.h"
#include "base/pool.h"
#include "cmd/cmd.h"
#include "cmd/load.h"
#include "synth/generate.h"
#include "store/store.h"
#include "view/view.h"

#define DEMO_PRODUCTS 5000
#define DEMO_SESSIONS 60000
#define DEMO_SEED 1
#define DEMO_DAYS 90

struct demo {
	struct strbuf shop, events, products, store;
};

static void demo_paths(struct demo *d, const char *dir)
{
	strbuf_addf(&d->shop, "%s/shop", dir);
	strbuf_addf(&d->events, "%s/shop/events.csv", dir);
	strbuf_addf(&d->products, "%s/shop/products.csv", dir);
	strbuf_addf(&d->store, "%s/demo.aisle", dir);
}

static void demo_finish(struct demo *d)
{
	strbuf_finish(&d->shop);
	strbuf_finish(&d->events);
	strbuf_finish(&d->products);
	strbuf_finish(&d->store);
}

static bool exists(const struct strbuf *path)
{
	return access(strbuf_c(path), F_OK) == 0;
}

static void say(struct cmd_env *env, const char *what, const struct strbuf *path)
{
	STRBUF(b);
	strbuf_addf(&b, "%s %s", what, strbuf_c(path));
	if (env->say && !env->quiet)
		env->say(env->front, strbuf_c(&b));
}

static bool make_files(struct cmd_env *env, const struct demo *d,
		       const struct dataset *set, struct err *err)
{
	struct generate_summary sum;
	struct generate_options o = {
		.format = set,
		.output = strbuf_c(&d->shop),
		.products = DEMO_PRODUCTS,
		.sessions = DEMO_SESSIONS,
		.seed = DEMO_SEED,
		.days = DEMO_DAYS,
	};
	if (exists(&d->events) && exists(&d->products))
		return true;
	say(env, "making a shop in", &d->shop);
	SCOPED(pool) pool = pool_create(env->threads);
	return generate_run(&o, (struct work){pool, env->job}, &sum, err);
}

static bool make_store(struct cmd_env *env, const struct demo *d, struct err *err)
{
	const struct dataset *set;
	struct import_summary sum = {0};
	const char *files[] = {strbuf_c(&d->events)};
	struct import_options o = {
		.files = files,
		.n_files = 1,
		.products = strbuf_c(&d->products),
		.max_rejects = 0.1,
		.max_session = 500,
	};
	if (!load_dataset(STR("mkechinov"), &set, err) || !make_files(env, d, set, err))
		return false;
	o.set = set;
	say(env, "importing it into", &d->store);
	return load_store(env, &o, strbuf_c(&d->store), 0, 0, &sum, err);
}

static bool print_view(struct cmd_env *env, const struct store *s, const char *name,
		       uint32_t product, struct err *err)
{
	SCOPED(view) v = NULL;
	OUTLOOK(o);
	outlook_set(&o, ASK_LIMIT, STR("5"));
	struct view_request r = {.about = question_of(s, &o)};
	r.about.product = product;
	out_addf(env->out, "\n%s\n", name);
	return view_open(&v, view_find(str_from(name)), &r, env->job, err) &&
		view_write(v, FORMAT_TEXT, 0, UINT64_MAX, env->out, err);
}

/* Without a terminal: what the explorer would show for the best seller. */
static bool print_panels(struct cmd_env *env, const char *path, struct err *err)
{
	SCOPED(store) s = NULL;
	if (!store_open(&s, path, err))
		return false;
	const struct catalog *cat = store_catalog(s);
	uint32_t best = cat->order_purchases ? cat->order_purchases[0] : 0;
	out_addf(env->out, "The demo shop is ready. In a terminal open it with:\n"
		 "  aisle explore %s\nIts best seller and what goes with it:\n", path);
	return print_view(env, s, "product", best, err) &&
		print_view(env, s, "similar", best, err) &&
		print_view(env, s, "complementary", best, err);
}

static bool make_dir(const char *dir, struct err *err)
{
	if (mkdir(dir, 0777) != 0 && errno != EEXIST)
		return err_errno(err, errno, "%s can't be made", dir);
	return true;
}

static bool demo_run(struct cmd_env *env, const struct args *a, struct err *err)
{
	const char *dir = args_operands(a) ? args_operand(a, 0).ptr : "demo";
	struct demo d = {{0}};
	demo_paths(&d, dir);
	STRBUF(current);
	strbuf_addf(&current, "%s/CURRENT", strbuf_c(&d.store));
	bool ok = make_dir(dir, err) && (exists(&current) || make_store(env, &d, err));
	bool terminal = out_is_tty(env->out) && isatty(STDIN_FILENO);
	if (ok && (terminal || args_given(a, OPT_ID_RECORD)) && env->explore)
		ok = env->explore(env->front, strbuf_c(&d.store), a, err);
	else if (ok)
		ok = print_panels(env, strbuf_c(&d.store), err);
	demo_finish(&d);
	return ok;
}

static const enum opt_id options[] = {OPT_ID_TOUR, OPT_ID_RECORD, OPT_IDS};

const struct command cmd_demo = {
	.name = "demo",
	.operands = "[DIR]",
	.max_operands = 1,
	.flags = CMD_WRITES,
	.options = options,
	.summary = "Make a synthetic shop of 5,000 products, import it and open it.",
	.help = "Files go to DIR/shop, the store to DIR/demo.aisle; DIR is demo when it is "
		"left out. What is there already is used again. Without a terminal it "
		"prints how to open the store, and one product with its panels. --tour plays "
		"keys in it, with captions: Space takes the next step at once, q leaves, any "
		"other key pauses and continues. The explorer is a kiosk meanwhile. "
		"--record plays it for a file, as fast as it can and without a terminal; the file "
		"has the story's own time.",
	.run = demo_run,
};
