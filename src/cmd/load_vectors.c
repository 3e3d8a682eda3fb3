/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ids of a vector file are matched with the products of a store. */
#include "config.h"

#include "cmd/load_vectors.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/out.h"
#include "base/pool.h"
#include "base/time.h"
#include "base/utf8.h"
#include "cmd/cmd.h"
#include "model/vector_scores.h"
#include "near/vecfile.h"
#include "store/store.h"
#include "store/trained.h"

struct loading {
	struct vecfile file;
	size_t unknown, first_unknown;
	uint32_t with;			/* products that get a vector */
	const struct store *store;
	struct sink *sink;
};

/* Put every vector at its product's row. */
static bool place(struct loading *l, const char *path, double max_rejects, struct err *err)
{
	const struct vecfile *v = &l->file;
	uint32_t n = store_catalog(l->store)->n_products;
	void *room;
	if (!sink_reserve(l->sink, "vectors", ARRAY_F32, n, v->dim, &room, err))
		return false;
	for (size_t i = 0; i < v->n; i++) {
		uint32_t p = store_find(l->store, "product", vecfile_id(v, i));
		if (p >= n) {
			if (l->unknown++ == 0)
				l->first_unknown = i;
			continue;
		}
		memcpy((float *)room + (size_t)p * v->dim, v->data + i * v->dim,
		       v->dim * sizeof *v->data);
		l->with++;
	}
	if (l->with > 0 && (double)l->unknown <= max_rejects * (double)v->n)
		return true;
	struct str id = vecfile_id(v, l->first_unknown);
	return err_fail(err, ERR_FORMAT, "%s: %zu of its %zu ids are no products of the store, "
			"the first is '%.*s'%s", path, l->unknown, v->n, STR_ARG(id),
			l->with ? "; --max-rejects SHARE allows more" : "");
}

bool load_index(struct cmd_env *env, const struct args *a, struct sink *sink,
		struct pool *pool, struct err *err)
{
	struct str way = args_text(a, OPT_ID_INDEX);
	struct array vectors;
	bool have = sink_find(sink, "vectors", &vectors);
	if (!vectors_codes(sink, pool, err))
		return false;
	if (str_is(way, "none") || (str_is(way, "auto") &&
				    (!have || vectors.rows < VECTORS_INDEX_FROM)))
		return true;
	return vectors_index(sink, args_count(a, OPT_ID_SEED),
			     (struct work){pool, env->job}, err);
}

static json_t *make_meta(const struct loading *l, const char *path, double seconds)
{
	const char *slash = strrchr(path, '/');
	json_t *name = json_string(slash ? slash + 1 : path);
	return json_pack("{s:s, s:{}, s:f, s:o, s:s, s:I, s:I}", "model", "vectors",
			 "parameters", "seconds", seconds, "file",
			 name ? name : json_null(), "file form",
			 vecfile_form_name(l->file.form), "dimensions",
			 (json_int_t)l->file.dim, "unknown", (json_int_t)l->unknown);
}

static void add_summary(struct strbuf *b, const struct loading *l, const char *name,
			const char *path)
{
	uint32_t n = store_catalog(l->store)->n_products;
	strbuf_addf(b, "model     %s: imported vectors\nread      %s, %s: ", name, path,
		    vecfile_form_name(l->file.form));
	num_add_grouped(b, (int64_t)l->file.n);
	strbuf_addf(b, " vectors of %u dimensions\nproducts  ", l->file.dim);
	num_add_grouped(b, l->with);
	strbuf_adds(b, " of ");
	num_add_grouped(b, n);
	strbuf_adds(b, " have one; ");
	num_add_grouped(b, (int64_t)l->unknown);
	strbuf_addf(b, " ids are not in the store\nuse       aisle near %s --model %s PRODUCT\n",
		    store_path(l->store), name);
}

static void finish(struct cmd_env *env, const struct loading *l, const char *name,
		   const char *path)
{
	STRBUF(b);
	STRBUF(clean);
	if (env->quiet)
		return;
	add_summary(&b, l, name, path);
	sanitize(&clean, strbuf_str(&b), SANITIZE_TEXT);
	out_add(env->out, strbuf_str(&clean));
}

static bool make(struct cmd_env *env, const struct args *a, struct loading *l,
		 const char *path, struct err *err)
{
	SCOPED(pool) pool = pool_create(env->threads);
	if (!env->quiet && env->progress_start)
		env->progress_start(env->front);
	bool ok = vecfile_read(&l->file, path, args_text(a, OPT_ID_IDS_FILE).ptr, err) &&
		  place(l, path, args_real(a, OPT_ID_MAX_REJECTS), err) &&
		  load_index(env, a, l->sink, pool, err);
	if (!env->quiet && env->progress_finish)
		env->progress_finish(env->front);
	return ok;
}

bool load_vectors(struct cmd_env *env, const struct args *a, struct err *err)
{
	SCOPED(store) owned = NULL;
	SCOPED(sink) sink = sink_create();
	struct loading l = {.sink = sink};
	struct str into = args_text(a, OPT_ID_INTO);
	double start = time_now_monotonic();
	if (args_operands(a) != 3 || !into.ptr)
		return err_fail(err, ERR_USAGE, "import vectors needs a name, a file and a "
				"store: aisle import vectors NAME FILE --into STORE");
	const char *name = args_operand(a, 1).ptr, *path = args_operand(a, 2).ptr;
	if (!trained_name_check(str_from(name), err) ||
	    !store_open(&owned, into.ptr, err))
		return false;
	l.store = owned;
	bool ok = make(env, a, &l, path, err);
	if (ok) {
		json_t *meta = make_meta(&l, path, time_now_monotonic() - start);
		ok = trained_publish(owned, (struct trained_model){name, sink, meta},
				     args_real(a, OPT_ID_WAIT), err);
		json_decref(meta);
	}
	if (ok)
		finish(env, &l, name, path);
	vecfile_finish(&l.file);
	return ok;
}
