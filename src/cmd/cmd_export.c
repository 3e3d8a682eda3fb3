/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aisle export WHAT STORE -o FILE */
#include "config.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/nearest.h"
#include "base/out.h"
#include "base/pool.h"
#include "cmd/cmd.h"
#include "cmd/curated.h"
#include "cmd/target.h"
#include "export/export.h"
#include "vet/vetting.h"

static const enum opt_id options[] = {
	OPT_ID_EXPORT_FILE, OPT_ID_EXPORT_FORMAT, OPT_ID_WHERE, OPT_ID_CATEGORY,
	OPT_ID_RELATION, OPT_ID_LEVEL, OPT_ID_BASKETS, OPT_ID_SPREADSHEET, OPT_ID_VECTORS,
	OPT_ID_LISTS_OF, OPT_ID_PANEL, OPT_ID_LISTS_TOP, OPT_ID_KEEP_APPROVED,
	OPT_ID_CHANGED_SINCE, OPT_ID_MANIFEST, OPT_ID_SHOW_USERS, OPT_ID_REPEAT, OPT_ID_VERDICTS,
	OPT_ID_RULES, OPT_ID_ADJACENT, OPT_ID_UNDIRECTED, OPT_ID_EXPORT_PARTS, OPT_IDS,
};

static bool find_class(struct str name, const struct export_class **c, struct err *err)
{
	*c = export_find(name);
	if (*c)
		return true;
	struct nearest near;
	STRBUF(hint);
	STRBUF(list);
	nearest_init(&near, name);
	for (const struct export_class *const *e = export_classes; *e; e++) {
		nearest_try(&near, str_from((*e)->name));
		strbuf_addf(&list, "%s%s", list.len ? ", " : "", (*e)->name);
	}
	nearest_hint(&near, &hint);
	return err_fail(err, ERR_USAGE, "'%.*s' can't be exported; there are %s%s",
			STR_ARG(name), strbuf_c(&list), strbuf_c(&hint));
}

static bool choose_format(const struct export_class *c, const struct args *a,
			  enum export_format *f, struct err *err)
{
	struct str file = args_text(a, OPT_ID_EXPORT_FILE);
	if (!file.ptr)
		return err_fail(err, ERR_USAGE, "export needs a file to write: -o FILE, or "
				"-o - for standard output");
	if (args_given(a, OPT_ID_EXPORT_FORMAT))
		export_format_parse(args_text(a, OPT_ID_EXPORT_FORMAT), f);
	else if (str_is(file, "-"))
		*f = c->dflt;
	else if (!export_format_of(file, f) && args_given(a, OPT_ID_EXPORT_PARTS))
		*f = EXPORT_PARQUET;
	else if (!export_format_of(file, f))
		return err_fail(err, ERR_USAGE, "the name '%.*s' does not tell the form: "
				"--format FORMAT", STR_ARG(file));
	if (export_second(c, *f) && str_is(file, "-"))
		return err_fail(err, ERR_USAGE, "%s needs a file: its ids go to a second one "
				"beside it", export_format_name(*f));
	return true;
}

/* SHOP.ids for SHOP.mtx. */
static struct out *open_second(struct str file, const char *end, struct err *err)
{
	STRBUF(path);
	size_t n = file.len;
	while (n > 0 && file.ptr[n - 1] != '.' && file.ptr[n - 1] != '/')
		n--;
	strbuf_add(&path, n > 1 && file.ptr[n - 1] == '.' ? str_span(file.ptr, n - 1) : file);
	strbuf_adds(&path, end);
	return out_file(strbuf_c(&path), err);
}

static bool run(struct cmd_env *env, const struct export_class *c,
		const struct export_request *r, struct err *err)
{
	bool own = r->out != env->out;
	if (own && !env->quiet && env->progress_start)
		env->progress_start(env->front);
	bool ok = export_run(c, r, err);
	if (own && !env->quiet && env->progress_finish)
		env->progress_finish(env->front);
	return ok;
}

static bool export_file(struct cmd_env *env, const struct export_class *c,
			struct export_request *r, struct str file, struct err *err)
{
	SCOPED(out) out = out_file(file.ptr, err);
	SCOPED(out) ids = NULL;
	if (!out)
		return false;
	const char *second = export_second(c, r->format);
	if (second) {
		ids = open_second(file, second, err);
		if (!ids)
			return false;
	}
	r->out = out;
	r->ids = ids;
	return run(env, c, r, err) && (!ids || out_close(ids, err)) && out_close(out, err);
}

/* A folder of parts. */
static bool export_folder(struct cmd_env *env, const struct export_class *c,
			  struct export_request *r, struct str folder, struct err *err)
{
	STRBUF(path);

	if (mkdir(folder.ptr, 0777) != 0)
		return err_errno(err, errno, "can't make the folder %s", folder.ptr);
	for (r->part = 0; r->part < r->parts; r->part++) {
		strbuf_reset(&path);
		strbuf_addf(&path, "%s/part-%05u.%s", folder.ptr, r->part,
			    r->format == EXPORT_PARQUET_WIDE ? "parquet"
							     : export_format_name(r->format));
		if (!export_file(env, c, r, strbuf_str(&path), err))
			return false;
	}
	strbuf_reset(&path);
	strbuf_addf(&path, "%s/_SUCCESS", folder.ptr);
	SCOPED(out) done = out_file(strbuf_c(&path), err);
	return done && out_close(done, err);
}

static bool read_parts(const struct args *a, struct export_request *r, struct err *err)
{
	if (!args_given(a, OPT_ID_EXPORT_PARTS))
		return true;
	r->parts = (unsigned)args_count(a, OPT_ID_EXPORT_PARTS);
	if (str_is(args_text(a, OPT_ID_EXPORT_FILE), "-"))
		return err_fail(err, ERR_USAGE, "--parts makes a folder: -o DIR");
	if (args_flag(a, OPT_ID_MANIFEST) || (r->format != EXPORT_CSV && r->format != EXPORT_TSV &&
	    r->format != EXPORT_JSONL && r->format != EXPORT_PARQUET &&
	    r->format != EXPORT_PARQUET_WIDE))
		return err_fail(err, ERR_USAGE, "--parts is for csv, tsv, jsonl, parquet and "
				"parquet-wide, and without --manifest");
	return true;
}

/* What lists alone take. */
static bool read_lists(const struct export_class *c, const struct args *a,
		       struct export_request *r, struct err *err)
{
	if (!asks_take(c->asks, ASK_RANKER))
		return !(args_typed(a, OPT_ID_LISTS_OF) || args_typed(a, OPT_ID_LISTS_TOP) ||
			 args_typed(a, OPT_ID_PANEL)) ||
			err_fail(err, ERR_USAGE, "%s takes no --of, --panel and --top: they are "
				 "of lists", c->name);
	r->of_products = str_is(args_text(a, OPT_ID_LISTS_OF), "products");
	r->top = (unsigned)args_count(a, OPT_ID_LISTS_TOP);
	r->of_panel = args_typed(a, OPT_ID_PANEL);
	r->panel = panel_kind_of(args_text(a, OPT_ID_PANEL));
	if (r->of_panel && args_typed(a, OPT_ID_LISTS_OF) && !r->of_products)
		return err_fail(err, ERR_USAGE, "a panel is of products: --of products, or "
				"leave it out");
	return true;
}

/* What a panel's lists alone take. */
static bool read_curated(const struct args *a, struct export_request *r, struct err *err)
{
	static const enum opt_id own[] = {
		OPT_ID_KEEP_APPROVED, OPT_ID_CHANGED_SINCE, OPT_ID_MANIFEST,
	};

	for (size_t i = 0; i < sizeof own / sizeof *own && !r->of_panel; i++)
		if (args_typed(a, own[i]))
			return err_fail(err, ERR_USAGE, "--%s is of a panel's lists: --panel "
				"similar or "
					"complementary", opt_table[own[i]].name);
	r->keep_approved = args_flag(a, OPT_ID_KEEP_APPROVED);
	if (args_flag(a, OPT_ID_MANIFEST) && str_is(args_text(a, OPT_ID_EXPORT_FILE), "-"))
		return err_fail(err, ERR_USAGE, "--manifest stands beside a file: -o FILE");
	return true;
}

static bool write(struct cmd_env *env, const struct export_class *c,
		  struct export_request *r, const struct args *a, struct err *err)
{
	struct str file = args_text(a, OPT_ID_EXPORT_FILE);
	struct export_counts counts = {0};
	SCOPED(pool) pool = NULL;
	SCOPED(vetting) before = NULL;
	bool ok;

	r->counts = &counts;
	if (!read_curated(a, r, err) || !export_begin(c, r, err) ||
	    !curated_since(env, a, r, &before, err))
		return false;
	if (r->about.where)
		r->pool = pool = pool_create(env->threads);
	ok = str_is(file, "-") ? run(env, c, r, err) :
	     r->parts ? export_folder(env, c, r, file, err) : export_file(env, c, r, file, err);
	ok = ok && (!args_flag(a, OPT_ID_MANIFEST) || curated_manifest(r, a, err));
	r->counts = NULL;
	return ok;
}

static bool export_command(struct cmd_env *env, const struct args *a, struct err *err)
{
	const struct export_class *class;
	const struct store *s;
	SCOPED(store) owned = NULL;
	OUTLOOK(o);
	struct export_request r = {
		.spreadsheet = args_flag(a, OPT_ID_SPREADSHEET), .out = env->out, .job = env->job,
		.threads = env->threads,
	};
	bool ok;

	if (!find_class(args_operand(a, 0), &class, err) ||
	    !args_fit(a, export_asks(class), class->name, err) ||
	    !choose_format(class, a, &r.format, err) ||
	    !target_store(env, args_operand(a, 1).ptr, &owned, &s, err) ||
	    !read_parts(a, &r, err) || !read_lists(class, a, &r, err))
		return false;
	args_outlook(a, export_asks(class), &o);
	r.about = question_of(s, &o);
	r.about.counted = env->counted;
	ok = write(env, class, &r, a, err);
	question_finish(&r.about);
	return ok;
}

static uint64_t asks(struct str name)
{
	const struct export_class *c = export_find(name);
	return c ? export_asks(c) : UINT64_MAX;
}

static void export_topics(void (*add)(void *ctx, const char *name, const char *text),
			  void *ctx)
{
	for (const struct export_class *const *c = export_classes; *c; c++) {
		STRBUF(b);
		const char *before = " Forms: ";
		strbuf_adds(&b, (*c)->summary);
		for (unsigned f = 0; f < EXPORT_FORMATS; f++) {
			if (!((*c)->formats >> f & 1))
				continue;
			strbuf_addf(&b, "%s%s", before, export_format_name(f));
			before = ", ";
		}
		strbuf_addc(&b, '.');
		strbuf_adds(&b, export_asks(*c) ? " Takes " : "");
		asks_list(export_asks(*c), &b);
		strbuf_adds(&b, export_asks(*c) ? "." : "");
		add(ctx, (*c)->name, strbuf_c(&b));
	}
}

static void export_complete(const struct completion *c)
{
	for (const struct export_class *const *e = export_classes; c->n == 0 && *e; e++)
		completion_offer(c, str_from((*e)->name));
}

const struct command cmd_export = {
	.name = "export",
	.operands = "WHAT STORE -o FILE",
	.min_operands = 2,
	.max_operands = 2,
	.flags = CMD_STORE | CMD_STORE_SECOND | CMD_LIVE,
	.options = options,
	.asks = asks,
	.summary = "Write what a store holds to a file for other programs.",
	.help = "Rows are written as they are made, whatever their number. csv and tsv name "
		"the columns in the first line; in tsv a tab, a line end and a backslash "
		"inside a value are \\t, \\n, \\r and \\\\. Times are RFC 3339 in UTC. "
		"parquet has "
		"texts, whole and real numbers and instants, packed by zstd. edg is two "
		"ids and a count, parted by tabs, without a header. mtx is a Matrix Market "
		"file whose row and column i are the product in line i of the file .ids "
		"beside it; a relation without direction is a symmetric matrix. recbole "
		"names its columns with their types, has times in seconds, and a tab, a line "
		"end or a double quote inside a value is a space; call the files NAME.inter "
		"and NAME.item. gorse is CSV as its dashboard imports it. Where a store has "
		"no users, recbole and gorse take a session for one. log is the form of the "
		"data set that was imported; category, brand and other facts of a product "
		"are the latest ones, times whole seconds. Vectors are written as word2vec's "
		"text or binary, which gensim and fastText read, as npy with the ids beside it, "
		"as tsv with the products in FILE.metadata.tsv for the TensorFlow projector, "
		"or as "
		"parquet, a list of floats for each product (parquet-wide: a column for each "
		"number), which aisle import vectors reads again; "
		"products without a vector are left out. --where and --category leave what "
		"aisle show counts under them; of sessions the events that pass, each by its "
		"own time, kind and product.",
	.topics_title = "What",
	.topics = export_topics,
	.run = export_command,
	.complete = export_complete,
};
