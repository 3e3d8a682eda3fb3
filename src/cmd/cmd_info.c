/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aisle info STORE: what is in it, where it came from, how it was made. */
#include "config.h"

#include <jansson.h>

#include "base/num.h"
#include "base/out.h"
#include "base/quote.h"
#include "base/time.h"
#include "base/utf8.h"
#include "cmd/cmd.h"
#include "cmd/target.h"
#include "model/model.h"
#include "store/catalog.h"
#include "view/format.h"
#include "view/view.h"

static const enum opt_id options[] = {OPT_ID_FORMAT, OPT_IDS};

struct size {
	json_t *arrays;
};

static bool add_array(void *ctx, const char *name, const struct array *a)
{
	struct size *s = ctx;
	json_object_set_new(s->arrays, name, json_pack("{s:s, s:I, s:i}", "type",
			    array_type_name(a->type), "rows", (json_int_t)a->rows,
			    "columns", (int)a->columns));
	return true;
}

static json_t *relations(const struct catalog *cat)
{
	json_t *all = json_object();
	for (unsigned r = 0; r < RELATIONS; r++) {
		const struct relation_counts *c = &cat->relation[r];
		if (!c->out.offsets)
			continue;
		json_object_set_new(all, relation_name(r), json_pack("{s:I, s:I, s:I}",
				    "pairs", (json_int_t)c->pairs, "instances",
				    (json_int_t)c->instances, "total",
				    (json_int_t)c->total));
	}
	return all;
}

static json_t *trained(const struct store *s)
{
	json_t *all = json_object();
	struct model_list l;
	models_of(s, &l);
	for (size_t i = 0; i < l.n; i++) {
		const struct model_entry *e = &l.at[i];
		json_object_set_new(all, e->name, e->meta ?
			json_pack("{s:O*, s:b, s:I, s:I, s:O*, s:O*, s:O*, s:O*}", "model",
				  json_object_get(e->meta, "model"), "stale", (int)e->stale,
				  "bytes", (json_int_t)e->bytes, "products",
				  (json_int_t)e->products, "parameters",
				  json_object_get(e->meta, "parameters"), "links",
				  json_object_get(e->meta, "links"), "seconds",
				  json_object_get(e->meta, "seconds"), "loss",
				  json_object_get(e->meta, "loss")) :
			json_pack("{s:s}", "fault", e->err.text));
	}
	model_list_finish(&l);
	return all;
}

/* Whose days they are. */
static const char *days(const struct store *s)
{
	const struct catalog *cat = store_catalog(s);
	const char *in = json_string_value(json_object_get(store_meta(s), STORE_DAYS_IN));
	const char *zone = json_string_value(json_object_get(store_meta(s), "time_zone"));

	if (cat->caps & CAP_UNDATED)
		return "none: the log has no times";
	if (in)
		return cat->zone ? in : "UTC, as the time zone database is not installed here";
	if (zone && strcmp(zone, "UTC") != 0 && (cat->caps & CAP_HOURS))
		return "UTC, as the store was imported before they followed time_zone";
	return "UTC";
}

/* The meta document with what follows from the file beside it. */
static json_t *describe(const struct store *s)
{
	const struct catalog *cat = store_catalog(s);
	json_t *doc = json_deep_copy(store_meta(s));
	struct size size = {.arrays = json_object()};
	if (cat->caps & CAP_UNDATED) {
		json_object_del(doc, "first_time");
		json_object_del(doc, "last_time");
	}
	store_arrays(s, add_array, &size);
	json_object_set_new(doc, STORE_DAYS_IN, json_string(days(s)));
	if (cat->price_scale > MONEY_DIGITS && !cat->currency[0] && (cat->caps & CAP_PRICES))
		json_object_set_new(doc, "prices", json_string("scaled: they compare, and are no "
							       "money"));
	json_object_set_new(doc, "store", json_string(store_path(s)));
	json_object_set_new(doc, "generation", json_integer((json_int_t)store_generation(s)));
	json_object_set_new(doc, "bytes", json_integer((json_int_t)store_bytes(s)));
	json_object_set_new(doc, "relations", relations(cat));
	json_object_set_new(doc, "models", trained(s));
	json_object_set_new(doc, "arrays", size.arrays);
	return doc;
}

static void add_scalar(struct strbuf *b, const char *key, const json_t *v)
{
	size_t n = strlen(key);
	bool time = n > 5 && strcmp(key + n - 5, "_time") == 0;
	bool bytes = strcmp(key, "bytes") == 0;
	if (json_is_string(v))
		sanitize(b, str_from(json_string_value(v)), SANITIZE_LINE);
	else if (json_is_integer(v) && time)
		time_add_rfc3339(b, json_integer_value(v));
	else if (json_is_integer(v) && bytes)
		num_add_bytes(b, (uint64_t)json_integer_value(v));
	else if (json_is_integer(v))
		num_add_grouped(b, json_integer_value(v));
	else if (json_is_real(v))
		strbuf_addf(b, "%.3f", json_real_value(v));
	else if (json_is_boolean(v))
		strbuf_adds(b, json_is_true(v) ? "yes" : "no");
	else
		strbuf_addc(b, '-');
}

/* [a, b] of plain values on one line. */
static bool plain_list(const json_t *v)
{
	size_t i;
	const json_t *item;
	if (!json_is_array(v))
		return false;
	json_array_foreach(v, i, item)
		if (json_is_object(item) || json_is_array(item))
			return false;
	return true;
}

#define INFO_DEPTH 6	/* of the meta document: deeper ones are cut */

static void add_value(struct strbuf *b, const char *key, const json_t *v, unsigned depth);

static void add_members(struct strbuf *b, const json_t *v, unsigned depth)
{
	const char *key;
	json_t *item;
	size_t i;
	if (json_is_object(v)) {
		json_object_foreach((json_t *)v, key, item)
			add_value(b, key, item, depth);
		return;
	}
	json_array_foreach(v, i, item) {
		STRBUF(number);
		strbuf_addf(&number, "%zu", i + 1);
		add_value(b, strbuf_c(&number), item, depth);
	}
}

static void add_value(struct strbuf *b, const char *key, const json_t *v, unsigned depth)
{
	bool nested = (json_is_object(v) || json_is_array(v)) && !plain_list(v);
	strbuf_fill(b, ' ', 2 * (size_t)depth);
	STRBUF(clean);
	sanitize(&clean, str_from(key), SANITIZE_LINE);
	if (nested || utf8_cells(strbuf_str(&clean)) > 18)
		strbuf_add(b, strbuf_str(&clean));
	else
		utf8_fit(b, strbuf_str(&clean), 18, "");
	if (nested) {
		strbuf_addc(b, '\n');
		if (depth < INFO_DEPTH)
			add_members(b, v, depth + 1);
		return;
	}
	strbuf_adds(b, "  ");
	size_t i;
	const json_t *item;
	if (json_is_array(v)) {
		json_array_foreach(v, i, item) {
			strbuf_adds(b, i ? ", " : "");
			add_scalar(b, key, item);
		}
	} else {
		add_scalar(b, key, v);
	}
	strbuf_addc(b, '\n');
}

/* A field of csv, or of tsv with the escapes that `show` writes. */
static void add_field(struct strbuf *b, struct str s, char sep)
{
	if (sep == ',') {
		quote_csv(b, s, sep);
		return;
	}
	for (size_t i = 0; i < s.len; i++) {
		const char *with = s.ptr[i] == '\t' ? "\\t" : s.ptr[i] == '\n' ? "\\n"
			: s.ptr[i] == '\r' ? "\\r" : s.ptr[i] == '\\' ? "\\\\" : NULL;
		if (with)
			strbuf_adds(b, with);
		else
			strbuf_addc(b, s.ptr[i]);
	}
}

/* A string as it is, all else as JSON. */
static void add_leaf(struct strbuf *b, const json_t *v, char sep)
{
	SCOPED_FREE char *text = NULL;
	if (json_is_string(v)) {
		add_field(b, str_span(json_string_value(v), json_string_length(v)), sep);
		return;
	}
	text = json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT);
	add_field(b, str_from(text ? text : ""), sep);
}

/* path.to.key TAB value, one line each. */
static void add_flat(struct strbuf *b, const char *path, const json_t *v, char sep,
		     unsigned depth)
{
	const char *key;
	json_t *item;
	size_t i;
	STRBUF(sub);
	if (json_is_object(v) && depth < INFO_DEPTH) {
		json_object_foreach((json_t *)v, key, item) {
			strbuf_reset(&sub);
			strbuf_addf(&sub, "%s%s%s", path, path[0] ? "." : "", key);
			add_flat(b, strbuf_c(&sub), item, sep, depth + 1);
		}
	} else if (json_is_array(v) && depth < INFO_DEPTH) {
		json_array_foreach(v, i, item) {
			strbuf_reset(&sub);
			strbuf_addf(&sub, "%s.%zu", path, i);
			add_flat(b, strbuf_c(&sub), item, sep, depth + 1);
		}
	} else {
		add_field(b, str_from(path), sep);
		strbuf_addc(b, sep);
		add_leaf(b, v, sep);
		strbuf_addc(b, '\n');
	}
}

static void write_text(struct strbuf *b, json_t *doc)
{
	json_object_del(doc, "arrays");		/* for programs */
	add_members(b, doc, 0);
}

static bool write_doc(json_t *doc, enum format f, struct out *out, struct err *err)
{
	STRBUF(b);
	if (f == FORMAT_TEXT) {
		write_text(&b, doc);
	} else if (f == FORMAT_JSON || f == FORMAT_JSONL) {
		char *text = json_dumps(doc, f == FORMAT_JSON ? JSON_INDENT(2) : JSON_COMPACT);
		strbuf_adds(&b, text ? text : "");
		strbuf_addc(&b, '\n');
		free(text);
	} else {
		strbuf_addf(&b, "key%cvalue\n", f == FORMAT_TSV ? '\t' : ',');
		add_flat(&b, "", doc, f == FORMAT_TSV ? '\t' : ',', 0);
	}
	out_add(out, strbuf_str(&b));
	return out_flush(out, err);
}

/* What a visitor of a kiosk is shown of it: no one's names, no files, nothing to guess from. */
static json_t *for_visitors(const json_t *doc)
{
	static const char *const shown[] = {
		"dataset", "capabilities", "counts", "currency", "prices", "time_zone",
		STORE_DAYS_IN,
		"first_time", "last_time", "generation", "bytes", "relations", "schema",
	};
	json_t *some = json_object(), *model, *models = json_object();
	const char *name;

	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
		if (json_object_get(doc, shown[i]))
			json_object_set(some, shown[i], json_object_get(doc, shown[i]));
	json_object_foreach(json_object_get(doc, "models"), name, model)
		json_object_set_new(models, name, json_pack("{s:O*, s:O*}", "model",
				    json_object_get(model, "model"), "products",
				    json_object_get(model, "products")));
	json_object_set_new(some, "models", models);
	return some;
}

static bool info_run(struct cmd_env *env, const struct args *a, struct err *err)
{
	const struct store *s;
	SCOPED(store) owned = NULL;
	enum format f = FORMAT_TEXT;
	if (!target_store(env, args_operand(a, 0).ptr, &owned, &s, err))
		return false;
	format_parse(args_text(a, OPT_ID_FORMAT), &f);
	json_t *doc = describe(s);
	if (env->visitor) {
		json_t *some = for_visitors(doc);
		json_decref(doc);
		doc = some;
	}
	if (env->sandbox)
		json_object_set_new(doc, "sandbox", json_string(env->sandbox));
	bool ok = write_doc(doc, f, env->out, err);
	json_decref(doc);
	return ok;
}

const struct command cmd_info = {
	.name = "info",
	.operands = "STORE",
	.min_operands = 1,
	.max_operands = 1,
	.flags = CMD_STORE | CMD_LIVE | CMD_VISITOR | CMD_READS,
	.options = options,
	.summary = "Show what a store holds, where it came from and how it was made.",
	.help = "Data set, source files, counts, capabilities, rejected records by reason, "
		"seconds of every step, relations; in data formats also every array.",
	.run = info_run,
};
