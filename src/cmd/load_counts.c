/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts that an engine made of a log too big for one machine, into a store. */
#include "config.h"

#include "cmd/load_counts.h"

#include "base/job.h"
#include "base/out.h"
#include "base/pool.h"
#include "base/spill.h"
#include "base/utf8.h"
#include "cmd/args.h"
#include "import/bundle.h"
#include "stats/given.h"
#include "store/build.h"

struct counting {
	struct build *b;
	struct bundle *bundle;
	struct pool *pool;
	struct job *job;
	struct import_summary sum;
	uint64_t pairs[RELATIONS];
};

static bool write_catalog(struct counting *l, struct err *err)
{
	struct bundle_totals t;
	const struct catalog *c;
	struct catalog_given given;
	job_step(l->job, "reading products", 0);
	if (!bundle_catalog(l->bundle, &given, err) ||
	    !catalog_make(l->b, &given, (struct work){l->pool, l->job}, &l->sum, err) ||
	    !build_catalog(l->b, &c, err) || !bundle_number(l->bundle, c, err))
		return false;
	unsigned scale = c->price_scale;
	if (!bundle_totals(l->bundle, &t, err))
		return false;
	struct totals totals = {t.views, t.carts, t.purchases, t.revenue, scale};
	bool ok = given_totals(l->b, &totals, err);
	totals_finish(&totals);
	return ok;
}

static bool write_relation(struct counting *l, enum relation r, struct err *err)
{
	struct bundle_pairs p;
	if (!bundle_pairs(l->bundle, r, &p, err))
		return false;
	struct relation_given given = {p.offsets, p.entry, p.from, p.to, p.total, p.pairs,
				       p.instances};
	bool ok = given_relation(l->b, r, &given, (struct work){l->pool, l->job}, err);
	l->pairs[r] = p.pairs;
	bundle_pairs_finish(&p);
	return ok;
}

static bool write_transitions(struct counting *l, enum basket_kind k, struct err *err)
{
	struct bundle_transitions t;
	if (!bundle_transitions(l->bundle, k, &t, err))
		return false;
	bool ok = given_transitions(l->b, k, &t.counts, err);
	bundle_transitions_finish(&t);
	return ok;
}

static bool write_all(struct counting *l, const char *dir, struct err *err)
{
	if (!bundle_open(&l->bundle, dir, (struct work){l->pool, l->job}, err) ||
	    !write_catalog(l, err))
		return false;
	for (unsigned r = 0; r < RELATIONS; r++)
		if (bundle_has_relation(l->bundle, r) && !write_relation(l, r, err))
			return false;
	for (unsigned k = 0; k < BASKET_KINDS; k++)
		if (bundle_has_baskets(l->bundle, k) && !write_transitions(l, k, err))
			return false;
	json_object_set_new(build_meta(l->b), "counted",
			    json_deep_copy(bundle_meta(l->bundle)));
	return order_write(l->b, (struct work){l->pool, l->job}, err) &&
	       build_publish(l->b, err);
}

static void add_count(struct strbuf *b, const char *before, uint64_t n, const char *after)
{
	strbuf_adds(b, before);
	num_add_grouped(b, (int64_t)n);
	strbuf_adds(b, after);
}

static void summary(struct cmd_env *env, const struct counting *l, const char *into)
{
	const json_t *meta = bundle_meta(l->bundle);
	json_int_t sessions = json_integer_value(json_object_get(meta, "sessions"));
	STRBUF(b);
	STRBUF(clean);
	add_count(&b, "counted   ", (uint64_t)sessions, " sessions elsewhere: no events here\n");
	add_count(&b, "products  ", l->sum.products, "");
	add_count(&b, " in ", l->sum.categories, " categories");
	add_count(&b, ", ", l->sum.brands, " brands\n");
	for (unsigned r = 0; r < RELATIONS; r++)
		if (bundle_has_relation(l->bundle, r)) {
			add_count(&b, "pairs     ", l->pairs[r], " ");
			strbuf_addf(&b, "%s\n", relation_name(r));
		}
	strbuf_addf(&b, "store     %s: aisle explore %s\n", into, into);
	sanitize(&clean, strbuf_str(&b), SANITIZE_TEXT);
	out_add(env->out, strbuf_str(&clean));
}

/* Options that say how a log is read mean nothing here. */
static bool check_options(const struct args *a, struct err *err)
{
	for (const enum opt_id *o = a->command->options; *o != OPT_IDS; o++)
		if (*o != OPT_ID_INTO && *o != OPT_ID_WAIT && args_given(a, *o))
			return err_fail(err, ERR_USAGE, "import counts takes no --%s; it takes "
					"--into and --wait", opt_table[*o].name);
	return true;
}

bool load_counts(struct cmd_env *env, const struct args *a, struct err *err)
{
	const char *into = args_text(a, OPT_ID_INTO).ptr;
	SCOPED(build) b = NULL;
	if (args_operands(a) != 2 || !into)
		return err_fail(err, ERR_USAGE, "counts come from one folder: aisle import "
				"counts DIR --into STORE");
	if (args_flag(a, OPT_ID_APPEND))
		return err_fail(err, ERR_USAGE, "counts take no --append: a session may span "
				"both bundles. Count the whole log again, or import its events");
	if (!check_options(a, err))
		return false;
	if (!build_begin(&b, into, "aisle import counts", args_real(a, OPT_ID_WAIT), err))
		return false;
	SCOPED(pool) pool = pool_create(env->threads);
	struct counting l = {.b = b, .pool = pool, .job = env->job};
	if (!env->quiet && env->progress_start)
		env->progress_start(env->front);
	bool ok = write_all(&l, args_operand(a, 1).ptr, err);
	if (!env->quiet && env->progress_finish)
		env->progress_finish(env->front);
	if (ok && !env->quiet)
		summary(env, &l, into);
	bundle_destroy(l.bundle);
	return ok;
}
