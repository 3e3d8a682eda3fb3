/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts that an engine made of a log too big for one machine, into a store. */
#include "config.h"

#include "cmd/load_counts.h"

#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/out.h"
#include "base/pool.h"
#include "base/spill.h"
#include "base/utf8.h"
#include "cmd/args.h"
#include "cmd/load.h"
#include "import/bundle.h"
#include "stats/given.h"
#include "store/build.h"

struct counting {
	struct build *b;
	struct bundle *bundle;
	struct pool *pool;
	struct job *job;
	struct import_summary sum;
	const char *append;	/* the store that it is added to; or NULL */
	uint32_t top;		/* pairs that a product keeps of a relation; 0: all */
	uint64_t pairs[RELATIONS], instances[RELATIONS];
	struct given_cut of[RELATIONS];
	json_t *cut;		/* what that cut off, by relation; or NULL */
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

static bool load_rows(void *ctx, struct given_ask ask, struct given_rows *rows, struct err *err)
{
	const struct bundle_pairs *p = ctx;
	struct pair_loaded loaded;

	if (!bundle_pairs_load(p, (struct pair_ask){ask.worker, ask.in, ask.range}, &loaded, err))
		return false;
	*rows = (struct given_rows){loaded.offsets, loaded.entry};
	return true;
}

/* How many entries each range has. */
static uint64_t *count_entries(const struct pair_sort *sort, unsigned side)
{
	uint32_t n = pair_sort_ranges(sort);
	uint64_t *entries = mem_alloc(((size_t)n + 1) * sizeof *entries);

	for (uint32_t i = 0; i < n; i++)
		entries[i] = pair_sort_entries(sort, side, i);
	return entries;
}

static void note_cut(struct counting *l, enum relation r, const struct relation_given *g)
{
	if (!g->top)
		return;
	if (!l->cut)
		l->cut = json_object();
	json_object_set_new(l->cut, relation_name(r),
			    json_pack("{s:I, s:I, s:I, s:I, s:I}", "kept", (json_int_t)g->pairs,
				      "cut", (json_int_t)g->cut.pairs, "cut_instances",
				      (json_int_t)g->cut.instances, "most",
				      (json_int_t)g->cut.most, "products",
				      (json_int_t)g->cut.products));
}

static bool write_pairs(struct counting *l, struct bundle_pairs *p, struct err *err)
{
	bool directed = relation_directed(p->relation), known = bundle_pairs_known(p);
	uint64_t *out = count_entries(p->sort, 0);
	uint64_t *in = directed ? count_entries(p->sort, 1) : NULL;
	struct relation_given given = {
		.rows = {pair_sort_ranges(p->sort), pair_sort_first(p->sort),
			 {known ? out : NULL, known ? in : NULL}, load_rows, p},
		.from = p->from,
		.to = p->to,
		.total = p->total,
		.top = l->top,
	};
	bool ok = given_relation(l->b, p->relation, &given, (struct work){l->pool, l->job}, err);

	l->pairs[p->relation] = given.pairs;
	l->instances[p->relation] = given.instances;
	l->of[p->relation] = given.cut;
	note_cut(l, p->relation, &given);
	free(out);
	free(in);
	return ok;
}

static bool write_relation(struct counting *l, enum relation r, struct err *err)
{
	SCOPED(spill) spill = NULL;
	struct bundle_pairs p;

	if ((build_memory(l->b) && !build_spill(l->b, &spill, err)) ||
	    !bundle_pairs(l->bundle, r, spill, &p, err))
		return false;
	bool ok = write_pairs(l, &p, err);
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

/* The bundle's document, and what was left of it. */
static void write_counted(struct counting *l)
{
	json_t *counted = bundle_counted(l->bundle);

	if (l->cut) {
		json_object_set_new(counted, "top", json_integer(l->top));
		json_object_set(counted, "cut", l->cut);
	}
	json_object_set_new(build_meta(l->b), "counted", counted);
}

static bool write_all(struct counting *l, const char *dir, struct err *err)
{
	if (!bundle_open(&l->bundle, dir, (struct work){l->pool, l->job}, err) ||
	    (l->append && !bundle_add_to(l->bundle, l->append, err)) || !write_catalog(l, err))
		return false;
	bundle_set_memory(l->bundle, build_memory(l->b));
	for (unsigned r = 0; r < RELATIONS; r++)
		if (bundle_has_relation(l->bundle, r) && !write_relation(l, r, err))
			return false;
	for (unsigned k = 0; k < BASKET_KINDS; k++)
		if (bundle_has_baskets(l->bundle, k) && !write_transitions(l, k, err))
			return false;
	if (!bundle_sessions(l->bundle, l->b, err) || !bundle_keep(l->bundle, l->b, err))
		return false;
	write_counted(l);
	return order_write(l->b, (struct work){l->pool, l->job}, err) &&
	       build_publish(l->b, err);
}

static void add_count(struct strbuf *b, const char *before, uint64_t n, const char *after)
{
	strbuf_adds(b, before);
	num_add_grouped(b, (int64_t)n);
	strbuf_adds(b, after);
}

static void add_cut(struct strbuf *b, const struct counting *l, unsigned r)
{
	const struct given_cut *c = &l->of[r];
	double all = (double)(l->instances[r] + c->instances);

	if (!c->pairs)
		return;
	add_count(b, "; --top cut ", c->pairs, " off");
	add_count(b, ", none counted over ", c->most, "");
	strbuf_addf(b, ": %.2f%% of all counts", 100 * (double)c->instances / all);
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
			strbuf_adds(&b, relation_name(r));
			add_cut(&b, l, r);
			strbuf_addc(&b, '\n');
		}
	strbuf_addf(&b, "store     %s: aisle explore %s\n", into, into);
	sanitize(&clean, strbuf_str(&b), SANITIZE_TEXT);
	out_add(env->out, strbuf_str(&clean));
}

/* Options that say how a log is read mean nothing here. */
static bool check_options(const struct args *a, struct err *err)
{
	for (const enum opt_id *o = a->command->options; *o != OPT_IDS; o++)
		if (*o != OPT_ID_INTO && *o != OPT_ID_WAIT && *o != OPT_ID_MEMORY &&
		    *o != OPT_ID_COUNTS_TOP && *o != OPT_ID_APPEND && args_given(a, *o))
			return err_fail(err, ERR_USAGE, "import counts takes no --%s; it takes "
					"--into, --top, --memory, --append and --wait",
					opt_table[*o].name);
	return true;
}

bool load_counts(struct cmd_env *env, const struct args *a, struct err *err)
{
	const char *into = args_text(a, OPT_ID_INTO).ptr;
	SCOPED(build) b = NULL;
	uint64_t memory;
	if (args_operands(a) != 2 || !into)
		return err_fail(err, ERR_USAGE, "counts come from one folder: aisle import "
				"counts DIR --into STORE");
	if (!check_options(a, err) || !load_memory(a, &memory, err))
		return false;
	if (!job_check(env->job, err) ||
	    !build_begin(&b, into, "aisle import counts", args_real(a, OPT_ID_WAIT), err))
		return false;
	SCOPED(pool) pool = pool_create(env->threads);
	build_set_memory(b, memory);
	struct counting l = {.b = b, .pool = pool, .job = env->job,
			     .append = args_flag(a, OPT_ID_APPEND) ? into : NULL,
			     .top = (uint32_t)args_count(a, OPT_ID_COUNTS_TOP)};
	if (!env->quiet && env->progress_start)
		env->progress_start(env->front);
	bool ok = write_all(&l, args_operand(a, 1).ptr, err);
	if (!env->quiet && env->progress_finish)
		env->progress_finish(env->front);
	load_tell_memory(env->job);
	if (ok && !env->quiet)
		summary(env, &l, into);
	bundle_destroy(l.bundle);
	json_decref(l.cut);
	return ok;
}
