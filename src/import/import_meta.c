/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the store's meta document says of an import. */
#include "config.h"

#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/time.h"
#include "base/utf8.h"
#include "import/steps.h"
#include "store/build.h"
#include "store/store.h"

static const struct {
	enum capability cap;
	const char *name;
} capabilities[] = {
	{CAP_VIEWS, "views"},	{CAP_CARTS, "carts"},	{CAP_PURCHASES, "purchases"},
	{CAP_USERS, "users"},	{CAP_PRICES, "prices"}, {CAP_HOURS, "hours"},
	{CAP_NAMES, "names"},	{CAP_BRANDS, "brands"}, {CAP_QUANTITIES, "quantities"},
	{CAP_RATINGS, "ratings"},
	{CAP_UNDATED, "undated"},
};

static json_t *number(uint64_t n)
{
	return json_integer((json_int_t)n);
}

/* File names are bytes; JSON is UTF-8. */
static json_t *text(const char *s)
{
	STRBUF(clean);

	sanitize(&clean, str_from(s), SANITIZE_LINE);
	return json_string(strbuf_c(&clean));
}

static json_t *old_sources(const struct import *im)
{
	const json_t *meta = store_meta(im->old->store);
	json_t *list = json_deep_copy(json_object_get(meta, "sources")), *source;
	size_t i;

	if (!list)
		return json_array();
	json_array_foreach(list, i, source)
		if (!json_object_get(source, "imported"))
			json_object_set(source, "imported",
					json_object_get(meta, "created"));
	return list;
}

static json_t *sources(const struct import *im, const struct taken *t)
{
	json_t *list = im->old ? old_sources(im) : json_array();
	STRBUF(now);

	time_add_rfc3339(&now, time_now() / 1000 * 1000);
	for (unsigned i = 0; i < im->o->n_files; i++) {
		char crc[9];
		json_t *o = json_object(), *path;
		char *full = realpath(im->o->files[i], NULL);

		path = text(full ? full : im->o->files[i]);
		free(full);
		snprintf(crc, sizeof crc, "%08x", t->source[i].crc);
		json_object_set_new(o, "path", path);
		json_object_set_new(o, "bytes", number(t->source[i].bytes));
		json_object_set_new(o, "crc32c", json_string(crc));
		json_object_set_new(o, "imported", json_string(strbuf_c(&now)));
		json_array_append_new(list, o);
	}
	return list;
}

static void keep_option(const struct import *im, json_t *to, const char *key)
{
	json_t *has = json_object_get(
		json_object_get(store_meta(im->old->store), "options"), key);

	if (has)
		json_object_set(to, key, has);
}

static json_t *options(const struct import *im)
{
	const struct import_options *o = im->o;
	json_t *j = json_object();

	json_object_set_new(j, "strict", json_boolean(o->strict));
	json_object_set_new(j, "max_rejects", json_real(o->max_rejects));
	json_object_set_new(j, "max_session", number(o->max_session));
	if (o->dataset.map)
		json_object_set_new(j, "map", text(o->dataset.map));
	if (im->set->mapping)
		json_object_set_new(j, "mapping", json_string(im->set->mapping));
	if (o->duplicates == DUPLICATES_DROP)
		json_object_set_new(j, "duplicates", json_string("drop"));
	if (o->dataset.separator)
		json_object_set_new(j, "separator",
				    json_stringn(&o->dataset.separator, 1));
	if (im->set->encoding)
		json_object_set_new(j, "encoding", text(im->set->encoding));
	if (o->dataset.header)
		json_object_set_new(j, "header", text(o->dataset.header));
	if (o->dataset.layout)
		json_object_set_new(j, "layout", text(o->dataset.layout));
	if (im->set->lists && o->dataset.skip_columns >= 0)
		json_object_set_new(j, "skip_columns",
				    number((uint64_t)o->dataset.skip_columns));
	if (im->set->gap)
		json_object_set_new(j, "gap_ms", number((uint64_t)im->set->gap));
	if (o->products)
		json_object_set_new(j, "products", text(o->products));
	else if (im->old)
		keep_option(im, j, "products");
	if (o->users)
		json_object_set_new(j, "users", text(o->users));
	else if (im->old)
		keep_option(im, j, "users");
	return j;
}

static json_t *counts(const struct import_summary *s)
{
	json_t *j = json_object();

	json_object_set_new(j, "records", number(s->records));
	json_object_set_new(j, "events", number(s->events));
	json_object_set_new(j, "rejected", number(s->rejected));
	json_object_set_new(j, "skipped", number(s->skipped));
	json_object_set_new(j, "products", number(s->products));
	json_object_set_new(j, "categories", number(s->categories));
	json_object_set_new(j, "brands", number(s->brands));
	json_object_set_new(j, "users", number(s->users));
	json_object_set_new(j, "sessions", number(s->sessions));
	json_object_set_new(j, "facts", number(s->facts));
	json_object_set_new(j, "duplicates", number(s->duplicates));
	json_object_set_new(j, "unseen_products", number(s->unseen));
	if (s->several)
		json_object_set_new(j, "products_in_several_categories", number(s->several));
	json_object_set_new(j, "cancelled", number(s->cancelled));
	json_object_set_new(j, "cancels_lost", number(s->cancels_lost));
	json_object_set_new(j, "long_sessions", number(s->long_sessions));
	for (int k = 0; k < EVENT_KINDS; k++)
		json_object_set_new(j, event_kind_name(k), number(s->by_kind[k]));
	return j;
}

static json_t *rejected(const struct import_summary *s)
{
	json_t *j = json_object();

	for (int r = REJECT_NONE + 1; r < REJECT_REASONS; r++)
		if (s->rejected_by[r])
			json_object_set_new(j, reject_name(r), number(s->rejected_by[r]));
	return j;
}

/* The sessions that no pair was counted in, the longest: most are robots. */
static json_t *long_sessions(const struct made *m, const struct catalog *c)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < m->n_longest; i++) {
		const struct long_session *x = &m->longest[i];
		json_t *o = json_object();
		STRBUF(id);

		if (c->session_id.offsets)
			strbuf_add(&id, text_at(&c->session_id, x->session));
		if (id.len)
			json_object_set_new(o, "session", text(strbuf_c(&id)));
		json_object_set_new(o, "products", number(x->products));
		json_object_set_new(o, "events", number(x->events));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *caps(unsigned has)
{
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof(capabilities) / sizeof(*capabilities); i++)
		if (has & capabilities[i].cap)
			json_array_append_new(list, json_string(capabilities[i].name));
	return list;
}

/* What was said now, else what the store that is added to keeps. */
static void put_weights(const struct import *im, json_t *meta)
{
	const json_t *old = im->old ? json_object_get(store_meta(im->old->store), "weights") : NULL;
	json_t *j;

	if (!im->o->weights) {
		if (old)
			json_object_set_new(meta, "weights", json_deep_copy(old));
		return;
	}
	j = json_object();
	for (unsigned k = 0; k < EVENT_KINDS; k++)
		if (k != EVENT_REMOVE && k != EVENT_RATING)
			json_object_set_new(j, event_kind_name((enum event_kind)k),
					    json_real((double)im->o->weights[k]));
	json_object_set_new(meta, "weights", j);
}

bool import_write_meta(const struct import *im, const struct taken *t, const struct made *m,
		       struct err *err)
{
	const struct import_options *o = im->o;
	const struct import_summary *s = im->sum;
	const char *currency = o->currency ? o->currency : im->set->currency;
	json_t *meta = build_meta(m->build);
	const struct catalog *c;

	if (!build_catalog(m->build, &c, err))
		return false;
	im->sum->several = catalog_several(c);
	json_object_set_new(meta, "dataset", json_string(im->set->name));
	json_object_set_new(meta, "title", json_string(im->set->title));
	json_object_set_new(meta, "sources", sources(im, t));
	json_object_set_new(meta, "options", options(im));
	json_object_set_new(meta, "counts", counts(s));
	json_object_set_new(meta, "rejected", rejected(s));
	if (m->n_longest)
		json_object_set_new(meta, "long_sessions", long_sessions(m, c));
	json_object_set_new(meta, "conflicts", number(m->conflicts));
	json_object_set_new(meta, "capabilities",
			    caps(t->caps | (m->seen.id[ID_NAME].n ? CAP_NAMES : 0)));
	put_weights(im, meta);
	json_object_set_new(meta, "price_scale", number(t->events.scale));
	json_object_set_new(meta, "currency", text(currency ? currency : ""));
	json_object_set_new(meta, "time_zone", text(o->time_zone ? o->time_zone : "UTC"));
	if (im->zone)
		json_object_set_new(meta, STORE_DAYS_IN, text(o->time_zone));
	json_object_set_new(meta, "first_time", json_integer(s->first_time));
	json_object_set_new(meta, "last_time", json_integer(s->last_time));
	json_object_set_new(meta, "max_session", number(o->max_session));
	return true;
}
