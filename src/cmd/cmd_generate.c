/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aisle generate: a synthetic shop whose complements are known. */
#include "config.h"

#include "base/out.h"
#include "base/pool.h"
#include "cmd/cmd.h"
#include "cmd/load.h"
#include "data/generate.h"

static const enum opt_id options[] = {
	OPT_ID_OUTPUT, OPT_ID_DATASET, OPT_ID_PRODUCTS, OPT_ID_SESSIONS, OPT_ID_SEED,
	OPT_ID_DAYS, OPT_IDS,
};

static bool run(struct cmd_env *env, const struct generate_options *o,
		struct generate_summary *sum, struct err *err)
{
	SCOPED(pool) pool = pool_create(env->threads);
	if (!env->quiet && env->progress_start)
		env->progress_start(env->front);
	bool ok = generate_run(o, pool, env->job, sum, err);
	if (!env->quiet && env->progress_finish)
		env->progress_finish(env->front);
	return ok;
}

static void summary(struct out *out, const struct generate_options *o,
		    const struct generate_summary *sum)
{
	STRBUF(b);
	num_add_grouped(&b, (int64_t)sum->events);
	strbuf_adds(&b, " events of ");
	num_add_grouped(&b, sum->products);
	strbuf_addf(&b, " products in %u categories, ", sum->categories);
	num_add_bytes(&b, sum->bytes);
	strbuf_addf(&b, "\n%s\n%s\n%s\n", sum->events_file, sum->products_file,
		    sum->truth_file);
	strbuf_addf(&b, "aisle import %s %s --products %s --into SHOP.aisle\n",
		    o->format->name, sum->events_file, sum->products_file);
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
	};
	struct generate_summary sum = {0};
	if (!o.output)
		return err_fail(err, ERR_USAGE, "generate needs a folder to write: "
				"--output DIR");
	if (!load_dataset(args_text(a, OPT_ID_DATASET), &o.format, err))
		return false;
	if (!o.format->write)
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
	.flags = CMD_FILES | CMD_LIVE,
	.options = options,
	.summary = "Write the log of a synthetic shop of any size.",
	.help = "The shop has a category tree, products with names, brands and prices, "
		"users with tastes, and sessions that view substitutes and buy complements. "
		"truth.csv lists which categories and products were planted as complements "
		"and substitutes. The same options give the same bytes on any machine.",
	.run = generate_command,
};
