/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aisle generate: a synthetic shop whose complements are known. */
#include "config.h"

#include "base/out.h"
#include "base/pool.h"
#include "cmd/cmd.h"
#include "cmd/load.h"
#include "synth/generate.h"

static const enum opt_id options[] = {
	OPT_ID_OUTPUT, OPT_ID_DATASET, OPT_ID_PRODUCTS, OPT_ID_SESSIONS, OPT_ID_SEED,
	OPT_ID_DAYS, OPT_ID_MORE_CATEGORIES, OPT_ID_DIRTY, OPT_IDS,
};

static bool run(struct cmd_env *env, const struct generate_options *o,
		struct generate_summary *sum, struct err *err)
{
	SCOPED(pool) pool = pool_create(env->threads);
	if (!env->quiet && env->progress_start)
		env->progress_start(env->front);
	bool ok = generate_run(o, (struct work){pool, env->job}, sum, err);
	if (!env->quiet && env->progress_finish)
		env->progress_finish(env->front);
	return ok;
}

/* The command that imports it. */
static void add_import(struct strbuf *b, const struct generate_options *o,
		       const struct generate_summary *sum)
{
	const struct dataset_writer *w = o->format->writer;

	strbuf_addf(b, "aisle import %s", o->format->name);
	for (unsigned i = 0; i < sum->n_log; i++)
		strbuf_addf(b, "%s %s", w->files[i].map ? " --map" : "", sum->file[i]);
	if (!w->described || o->more_categories > 0)
		strbuf_addf(b, " --products %s", sum->file[sum->n_log]);
	strbuf_adds(b, " --into SHOP.aisle\n");
}

static void summary(struct out *out, const struct generate_options *o,
		    const struct generate_summary *sum)
{
	STRBUF(b);
	num_add_grouped(&b, (int64_t)sum->events);
	strbuf_adds(&b, " events");
	if (sum->returns) {
		strbuf_adds(&b, " and ");
		num_add_grouped(&b, (int64_t)sum->returns);
		strbuf_adds(&b, " returns");
	}
	strbuf_adds(&b, " of ");
	num_add_grouped(&b, sum->products);
	strbuf_addf(&b, " products in %u categories, ", sum->categories);
	num_add_bytes(&b, sum->bytes);
	strbuf_addc(&b, '\n');
	if (sum->damaged) {
		num_add_grouped(&b, (int64_t)sum->damaged);
		strbuf_adds(&b, " lines are damaged, of which an import rejects ");
		num_add_grouped(&b, (int64_t)sum->rejected);
		strbuf_addc(&b, '\n');
	}
	for (unsigned i = 0; i < sum->n_files; i++)
		strbuf_addf(&b, "%s\n", sum->file[i]);
	add_import(&b, o, sum);
	out_add(out, strbuf_str(&b));
}

static bool generate_command(struct cmd_env *env, const struct args *a, struct err *err)
{
	struct generate_options o = {
		.output = args_text(a, OPT_ID_OUTPUT).ptr,
		.products = (uint32_t)args_count(a, OPT_ID_PRODUCTS),
		.sessions = args_count(a, OPT_ID_SESSIONS),
		.seed = args_count(a, OPT_ID_SEED),
		.days = (unsigned)args_count(a, OPT_ID_DAYS),
		.dirty = args_real(a, OPT_ID_DIRTY),
		.more_categories = args_real(a, OPT_ID_MORE_CATEGORIES),
	};
	struct generate_summary sum;
	if (!o.output)
		return err_fail(err, ERR_USAGE, "generate needs a folder to write: "
				"--output DIR");
	if (!load_dataset(args_text(a, OPT_ID_DATASET), &o.format, err))
		return false;
	if (!o.format->writer)
		return err_fail(err, ERR_USAGE, "%s can be read but not written",
				o.format->name);
	if (!run(env, &o, &sum, err))
		return false;
	if (!env->quiet)
		summary(env->out, &o, &sum);
	return true;
}

const struct command cmd_generate = {
	.name = "generate",
	.operands = "",
	.flags = CMD_LIVE,
	.options = options,
	.summary = "Write the log of a synthetic shop of any size.",
	.help = "The shop is the same in every form: --format takes any data set and writes "
		"its own files. It has a category tree, products with names, brands and "
		"prices, users with tastes, and sessions that view substitutes and buy "
		"complements. truth.csv lists which categories and products were planted as "
		"complements and substitutes, products.csv names all products. With --dirty "
		"damage.csv lists every damaged line of the log and what an import must "
		"make of it: load it, pass over it, or reject it for a reason. The same "
		"options give the same bytes on any machine.",
	.run = generate_command,
};
