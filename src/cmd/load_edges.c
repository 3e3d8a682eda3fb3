/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An edge of weight n counts as n sessions with both of its products and no other. */
#include "config.h"

#include "cmd/load_edges.h"

#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/out.h"
#include "base/pool.h"
#include "cmd/args.h"
#include "cmd/load_files.h"
#include "import/catalog_make.h"
#include "import/edge_list.h"
#include "stats/given.h"
#include "stats/relation.h"
#include "store/build.h"

struct linking {
	struct build *b;
	struct edge_list edges;
	enum relation relation;
	struct work work;
	struct import_summary sum;
	uint64_t pairs;
};

static unsigned caps_of(enum relation r)
{
	unsigned kinds = relation_kinds(r);

	return CAP_UNDATED | (kinds >> EVENT_VIEW & 1 ? CAP_VIEWS : 0) |
	       (kinds >> EVENT_CART & 1 ? CAP_CARTS : 0) |
	       (kinds >> EVENT_PURCHASE & 1 ? CAP_PURCHASES : 0);
}

static bool write_products(struct linking *l, struct err *err)
{
	uint32_t n = map_count(l->edges.id);
	struct given_product *product = mem_big(n, sizeof *product, "products", err);
	struct catalog_given given = {.product = product, .n_products = n,
				      .caps = caps_of(l->relation)};
	bool ok = product != NULL;

	for (uint32_t i = 0; ok && i < n; i++)
		product[i] = (struct given_product){
			.id = map_key(l->edges.id, i),
			.first = TIME_NONE, .last = TIME_NONE,
		};
	ok = ok && catalog_make(l->b, &given, l->work, &l->sum, err);
	free(product);
	return ok;
}

/* Totals are the weights of a product's edges, of the kinds that the relation is of. */
static bool write_totals(struct linking *l, const struct catalog *c, const struct edge_rows *r,
			 struct err *err)
{
	SCOPED_FREE uint32_t *none = mem_big(c->n_products, sizeof *none, "totals", err);
	bool after = l->relation == REL_VIEW_PURCHASE;
	unsigned caps = caps_of(l->relation);
	struct totals t = {
		.views = caps & CAP_VIEWS ? r->from : none,
		.carts = caps & CAP_CARTS ? r->from : none,
		.purchases = !(caps & CAP_PURCHASES) ? none : after ? r->to : r->from,
	};

	return none && given_totals(l->b, &t, err);
}

static bool write_edges(struct linking *l, struct err *err)
{
	const struct catalog *c;
	struct relation_given given = {0};
	struct given_memory rows = {0};
	struct edge_rows r;
	bool ok;

	if (!build_catalog(l->b, &c, err) ||
	    !edge_rows_make(&r, &l->edges, c, relation_directed(l->relation), l->work, err))
		return false;
	ok = given_memory_start(&rows, c->n_products, (struct given_rows){r.offsets, r.entry},
				relation_directed(l->relation), err) &&
	     write_totals(l, c, &r, err);
	given = (struct relation_given){
		.rows = given_memory_source(&rows),
		.from = r.from,
		.to = r.to,
		.total = r.total,
	};
	ok = ok && given_relation(l->b, l->relation, &given, l->work, err);
	l->pairs = given.pairs;
	given_memory_finish(&rows);
	edge_rows_finish(&r);
	if (!ok)
		return false;
	json_object_set_new(build_meta(l->b), "counted",
			    json_pack("{s:s, s:s, s:I}", "of", "edges", "relation",
				      relation_name(l->relation), "sessions",
				      (json_int_t)given.total));
	return order_write(l->b, l->work, err) && build_publish(l->b, err);
}

static bool read_all(struct linking *l, const struct load_files *f, struct err *err)
{
	job_step(l->work.job, "reading edges", f->n);
	for (unsigned i = 0; i < f->n; i++) {
		if (!edge_list_read(&l->edges, f->at[i], err) || !job_check(l->work.job, err))
			return false;
		job_advance(l->work.job, 1);
	}
	return l->edges.n > 0 || err_fail(err, ERR_FORMAT, "%s has no edge", f->at[0]);
}

static void summary(struct cmd_env *env, const struct linking *l, const char *into)
{
	STRBUF(b);

	strbuf_adds(&b, "edges     ");
	num_add_grouped(&b, (int64_t)l->pairs);
	strbuf_addf(&b, " of the relation %s%s\n", relation_name(l->relation),
		    !relation_directed(l->relation) ? ", without direction" :
		    l->edges.both ? ", both ways" : "");
	if (l->edges.own) {
		strbuf_adds(&b, "left out  ");
		num_add_grouped(&b, (int64_t)l->edges.own);
		strbuf_adds(&b, " from a product to itself\n");
	}
	strbuf_adds(&b, "products  ");
	num_add_grouped(&b, l->sum.products);
	strbuf_addf(&b, "\nstore     %s: aisle explore %s\n", into, into);
	out_add(env->out, strbuf_str(&b));
}

static bool check_options(const struct args *a, struct err *err)
{
	for (const enum opt_id *o = a->command->options; *o != OPT_IDS; o++)
		if (*o != OPT_ID_INTO && *o != OPT_ID_WAIT && *o != OPT_ID_RELATION &&
		    *o != OPT_ID_UNDIRECTED && args_given(a, *o))
			return err_fail(err, ERR_USAGE, "import edges takes no --%s; it takes "
					"--relation, --undirected, --into and --wait",
					opt_table[*o].name);
	return true;
}

bool load_edges(struct cmd_env *env, const struct args *a, struct err *err)
{
	const char *into = args_text(a, OPT_ID_INTO).ptr;
	struct load_files files __attribute__((cleanup(load_files_finish))) = {0};
	SCOPED(build) b = NULL;
	SCOPED(pool) pool = NULL;
	struct linking l = {.relation = REL_CO_PURCHASE};
	bool ok;

	if (args_operands(a) < 2 || !into)
		return err_fail(err, ERR_USAGE, "edges come from files: aisle import edges "
				"FILE... --relation co-view --into STORE");
	if (args_given(a, OPT_ID_RELATION))
		(void)relation_parse(args_text(a, OPT_ID_RELATION), &l.relation);
	/* Of an undirected relation edges have no direction anyway. */
	l.edges.both = args_flag(a, OPT_ID_UNDIRECTED) && relation_directed(l.relation);
	for (unsigned i = 1; i < args_operands(a); i++)
		if (!load_files_add(&files, args_operand(a, i).ptr, err))
			return false;
	if (!check_options(a, err) ||
	    !build_begin(&b, into, "aisle import edges", args_real(a, OPT_ID_WAIT), err))
		return false;
	pool = pool_create(env->threads);
	l.b = b;
	l.work = (struct work){pool, env->job};
	if (!env->quiet && env->progress_start)
		env->progress_start(env->front);
	ok = read_all(&l, &files, err) && write_products(&l, err) && write_edges(&l, err);
	if (!env->quiet && env->progress_finish)
		env->progress_finish(env->front);
	if (ok && !env->quiet)
		summary(env, &l, into);
	edge_list_finish(&l.edges);
	return ok;
}
