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
#include "stats/transition.h"
#include "store/build.h"

/* A file, and what its edges are. */
struct edge_file {
	const char *path;
	enum relation relation;
};

struct linking {
	struct build *b;
	struct edge_list edges;
	struct edge_file *file;		/* (n_files) */
	unsigned n_files;
	const char *products;		/* NULL: nothing is known of them */
	struct work work;
	struct import_summary sum;
	uint64_t pairs[RELATIONS], total[RELATIONS];
	bool too_many;		/* more than transitions can be counted of */
};

static unsigned caps_of(enum relation r)
{
	unsigned kinds = relation_kinds(r);

	return CAP_UNDATED | (kinds >> EVENT_VIEW & 1 ? CAP_VIEWS : 0) |
	       (kinds >> EVENT_CART & 1 ? CAP_CARTS : 0) |
	       (kinds >> EVENT_PURCHASE & 1 ? CAP_PURCHASES : 0);
}

static bool has(const struct linking *l, enum relation r)
{
	return l->edges.of[r].n > 0;
}

static bool write_products(struct linking *l, struct err *err)
{
	uint32_t n = map_count(l->edges.id);
	struct given_product *product = mem_big(n, sizeof *product, "products", err);
	struct catalog_given given = {.product = product, .n_products = n,
				      .products = l->products};
	bool ok = product != NULL;

	for (unsigned r = 0; r < RELATIONS; r++)
		given.caps |= has(l, r) ? caps_of(r) : 0;
	for (uint32_t i = 0; ok && i < n; i++)
		product[i] = (struct given_product){
			.id = map_key(l->edges.id, i),
			.first = TIME_NONE, .last = TIME_NONE,
		};
	ok = ok && catalog_make(l->b, &given, l->work, &l->sum, err);
	free(product);
	return ok;
}

static bool write_totals(struct linking *l, struct err *err)
{
	struct totals t = {0};
	const struct catalog *c;
	bool ok = build_catalog(l->b, &c, err) && totals_of_pairs(&t, c, err) &&
		  given_totals(l->b, &t, err);

	totals_finish(&t);
	return ok;
}

static bool write_relation(struct linking *l, enum relation r, const struct edge_rows *rows,
			   struct err *err)
{
	struct given_memory memory = {0};
	struct relation_given given = {0};
	const struct catalog *c;
	bool ok;

	ok = build_catalog(l->b, &c, err) &&
	     given_memory_start(&memory, c->n_products,
				(struct given_rows){rows->offsets, rows->entry},
				relation_directed(r), err);
	if (ok) {
		given = (struct relation_given){
			.rows = given_memory_source(&memory),
			.from = rows->from,
			.to = rows->to,
			.total = rows->total,
		};
		ok = given_relation(l->b, r, &given, l->work, err);
	}
	l->pairs[r] = given.pairs;
	l->total[r] = given.total;
	given_memory_finish(&memory);
	return ok;
}

/* Each edge is a basket of its two products, of the kind that its relation is counted in. */
static bool write_transitions(struct linking *l, struct err *err)
{
	bool ok = true;

	for (unsigned k = 0; k < BASKET_KINDS && ok; k++) {
		struct transition_table t = {0};
		const struct catalog *c;

		if (!has(l, basket_relation(k)))
			continue;
		if (l->total[basket_relation(k)] > UINT32_MAX) {
			l->too_many = true;
			continue;
		}
		ok = build_catalog(l->b, &c, err);
		if (!ok || !c->n_categories)
			continue;
		ok = transition_table_of_pairs(&t, c, k, l->work, err) &&
		     given_transitions(l->b, k, &t.counts, err);
		transition_table_finish(&t);
	}
	return ok;
}

/* What the meta document says of it: names by commas, and the most sessions. */
static void tell_counted(struct linking *l)
{
	uint64_t most = 0;
	STRBUF(names);

	for (unsigned r = 0; r < RELATIONS; r++) {
		if (!has(l, r))
			continue;
		strbuf_addf(&names, "%s%s", names.len ? ", " : "", relation_name(r));
		most = l->total[r] > most ? l->total[r] : most;
	}
	json_object_set_new(build_meta(l->b), "counted",
			    json_pack("{s:s, s:s, s:I}", "of", "edges", "relation",
				      strbuf_c(&names), "sessions", (json_int_t)most));
}

static bool write_edges(struct linking *l, struct err *err)
{
	struct edge_rows rows[RELATIONS] = {{0}};
	const struct catalog *c;
	bool ok = build_catalog(l->b, &c, err);

	for (unsigned r = 0; ok && r < RELATIONS; r++)
		ok = !has(l, r) || edge_rows_make(&rows[r], (struct edge_graph){&l->edges, r}, c,
						  l->work, err);
	for (unsigned r = 0; ok && r < RELATIONS; r++)
		ok = !has(l, r) || write_relation(l, r, &rows[r], err);
	ok = ok && write_totals(l, err) && write_transitions(l, err);
	for (unsigned r = 0; r < RELATIONS; r++)
		edge_rows_finish(&rows[r]);
	if (!ok)
		return false;
	tell_counted(l);
	return order_write(l->b, l->work, err) && build_publish(l->b, err);
}

static bool read_all(struct linking *l, struct err *err)
{
	bool any = false;

	job_step(l->work.job, "reading edges", l->n_files);
	for (unsigned i = 0; i < l->n_files; i++) {
		if (!edge_list_read(&l->edges, l->file[i].path, l->file[i].relation, err) ||
		    !job_check(l->work.job, err))
			return false;
		job_advance(l->work.job, 1);
	}
	for (unsigned r = 0; r < RELATIONS; r++)
		any |= has(l, r);
	return any || err_fail(err, ERR_FORMAT, "%s has no edge", l->file[0].path);
}

static void summary(struct cmd_env *env, const struct linking *l, const char *into)
{
	STRBUF(b);

	for (unsigned r = 0; r < RELATIONS; r++) {
		if (!has(l, r))
			continue;
		strbuf_adds(&b, b.len ? "          " : "edges     ");
		num_add_grouped(&b, (int64_t)l->pairs[r]);
		strbuf_addf(&b, " of the relation %s%s\n", relation_name(r),
			    !relation_directed(r) ? ", without direction" :
			    l->edges.both ? ", both ways" : "");
	}
	if (l->edges.own) {
		strbuf_adds(&b, "left out  ");
		num_add_grouped(&b, (int64_t)l->edges.own);
		strbuf_adds(&b, " from a product to itself\n");
	}
	if (l->too_many)
		strbuf_adds(&b, "left out  transitions: the weights come to more than "
				"4,294,967,295\n");
	strbuf_adds(&b, "products  ");
	num_add_grouped(&b, l->sum.products);
	if (l->sum.categories) {
		strbuf_adds(&b, " in ");
		num_add_grouped(&b, l->sum.categories);
		strbuf_adds(&b, " categories");
	}
	strbuf_addf(&b, "\nstore     %s: aisle explore %s\n", into, into);
	out_add(env->out, strbuf_str(&b));
}

/* FILE, or RELATION=FILE; a folder stands for the files in it. */
static bool add_files(struct linking *l, struct load_files *files, struct str word,
		      enum relation relation, struct err *err)
{
	size_t equals = str_chr(word, '='), before = files->n;
	enum relation named;

	if (equals != SIZE_MAX && relation_parse(str_span(word.ptr, equals), &named)) {
		word = str_span(word.ptr + equals + 1, word.len - equals - 1);
		relation = named;
	}
	if (!load_files_add(files, word.ptr, err))
		return false;
	l->file = mem_resize(l->file, files->n, sizeof *l->file);
	for (size_t i = before; i < files->n; i++)
		l->file[i].relation = relation;
	l->n_files = files->n;
	return true;
}

static bool check_options(const struct args *a, struct err *err)
{
	for (const enum opt_id *o = a->command->options; *o != OPT_IDS; o++)
		if (*o != OPT_ID_INTO && *o != OPT_ID_WAIT && *o != OPT_ID_RELATION &&
		    *o != OPT_ID_UNDIRECTED && *o != OPT_ID_PRODUCTS_FILE &&
		    args_given(a, *o))
			return err_fail(err, ERR_USAGE, "import edges takes no --%s; it takes "
					"--relation, --undirected, --products, --into and --wait, "
					"and files of several relations at once, each as "
					"RELATION=FILE", opt_table[*o].name);
	return true;
}

bool load_edges(struct cmd_env *env, const struct args *a, struct err *err)
{
	const char *into = args_text(a, OPT_ID_INTO).ptr;
	struct load_files files __attribute__((cleanup(load_files_finish))) = {0};
	SCOPED(build) b = NULL;
	SCOPED(pool) pool = NULL;
	struct linking l = {.products = args_text(a, OPT_ID_PRODUCTS_FILE).ptr};
	enum relation relation = REL_CO_PURCHASE;
	bool ok;

	if (args_operands(a) < 2 || !into)
		return err_fail(err, ERR_USAGE, "edges come from files: aisle import edges "
				"[RELATION=]FILE... --relation co-view --into STORE");
	if (args_given(a, OPT_ID_RELATION))
		(void)relation_parse(args_text(a, OPT_ID_RELATION), &relation);
	l.edges.both = args_flag(a, OPT_ID_UNDIRECTED);
	for (unsigned i = 1; i < args_operands(a); i++)
		if (!add_files(&l, &files, args_operand(a, i), relation, err)) {
			free(l.file);
			return false;
		}
	/* The list of paths moved while it grew. */
	for (unsigned i = 0; i < files.n; i++)
		l.file[i].path = files.at[i];
	if (!check_options(a, err) || !job_check(env->job, err) ||
	    !build_begin(&b, into, "aisle import edges", args_real(a, OPT_ID_WAIT), err)) {
		free(l.file);
		return false;
	}
	pool = pool_create(env->threads);
	l.b = b;
	l.work = (struct work){pool, env->job};
	if (!env->quiet && env->progress_start)
		env->progress_start(env->front);
	ok = read_all(&l, err) && write_products(&l, err) && write_edges(&l, err);
	if (!env->quiet && env->progress_finish)
		env->progress_finish(env->front);
	if (ok && !env->quiet)
		summary(env, &l, into);
	edge_list_finish(&l.edges);
	free(l.file);
	return ok;
}
