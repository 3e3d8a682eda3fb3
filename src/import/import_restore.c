/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An append: what the store holds goes first, as if its files were read again, and then
 * the new files. Events come from the catalog, session by session; where that isn't
 * what the files said (seen_is_open), from resume/event-*.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"
#include "import/batch.h"
#include "import/steps.h"
#include "store/store.h"

#define PIECE 65536	/* events of a batch, of whole sessions */

struct restoring {
	const struct import *im;
	struct taken *to;
	const struct catalog *cat;
	const struct resume *kept;
	struct batch facts;		/* for stamps */
	struct further_category *further;	/* of one product */
	size_t cap_further;
	/* Events by session: the catalog's, or as they were read. */
	uint32_t sessions;
	const uint64_t *offsets;	/* (sessions + 1) */
	const uint32_t *order;		/* (sessions), or NULL: as they stand */
	const struct text *session_id, *user_id;
	const uint32_t *user;		/* (sessions), or NULL */
	const uint32_t *trait[TRAITS];	/* the same */
	const struct text *trait_name[TRAITS];
	const uint32_t *of, *quantity;
	const uint32_t *number;		/* of the product that `of` says, or NULL: itself */
	const int64_t *time, *price;
	const float *rating;
	const uint8_t *kind;
	uint32_t *first;		/* (batches + 1): sessions */
	size_t batches, cap_first;
	uint64_t base;			/* number of the first batch */
	struct old_reader *reader;	/* (workers) */
};

struct old_reader {
	uint32_t *product;	/* (P): the store's are these in the worker, or MAP_NONE */
	struct batch batch;
	struct packer packer;
};

static void take_catalog(struct restoring *r)
{
	const struct catalog *c = r->cat;

	r->sessions = c->n_sessions;
	r->offsets = c->session_offsets;
	r->session_id = &c->session_id;
	r->user_id = &c->user_id;
	r->user = c->session_user;
	r->trait[TRAIT_COUNTRY] = c->session_country;
	r->trait_name[TRAIT_COUNTRY] = r->kept->country.offsets ? &r->kept->country
		: &c->country_name;
	r->trait[TRAIT_CHANNEL] = c->session_channel;
	r->trait_name[TRAIT_CHANNEL] = r->kept->channel.offsets ? &r->kept->channel
		: &c->channel_name;
	r->of = c->event_product;
	r->quantity = c->event_quantity;
	r->rating = c->event_rating;
	r->time = c->event_time;
	r->price = c->event_price;
	r->kind = c->event_kind;
}

static void take_kept(struct restoring *r)
{
	const struct resume *k = r->kept;

	r->sessions = (uint32_t)k->session.n;
	r->offsets = k->session_offsets;
	r->order = k->session_order;
	r->session_id = &k->session;
	r->user_id = &k->user;
	r->user = k->session_user;
	r->trait[TRAIT_COUNTRY] = k->session_country;
	r->trait_name[TRAIT_COUNTRY] = &k->open_country;
	r->trait[TRAIT_CHANNEL] = k->session_channel;
	r->trait_name[TRAIT_CHANNEL] = &k->open_channel;
	r->of = k->event_product;
	r->number = k->product;
	r->quantity = k->event_quantity;
	r->rating = k->event_rating;
	r->time = k->event_time;
	r->price = k->event_price;
	r->kind = k->event_kind;
}

/* ---- facts */

static struct str text_or_none(const struct text *t, uint32_t i)
{
	return i == CATALOG_NONE || i >= t->n ? STR("") : text_at(t, i);
}

/* The text as read, or the catalog's, which is the same then. */
static struct str kept_text(const struct text *raw, const struct text *shown, uint32_t i)
{
	return text_or_none(raw->offsets ? raw : shown, i);
}

static void set_category(const struct restoring *r, uint32_t category,
			 struct event_row *ev)
{
	struct str key = text_or_none(&r->kept->category, category);

	if (key.len && key.ptr[0] == '\1')
		ev->category_path = str_span(key.ptr + 1, key.len - 1);
	else
		ev->category = key;
}

/* The first category of a product, with its further ones. */
static void set_categories(struct restoring *r, uint32_t p, struct event_row *ev)
{
	const uint64_t *row = r->kept->place_offsets;
	unsigned n = row ? (unsigned)(row[p + 1] - row[p]) : 0;

	set_category(r, r->kept->product_category[p], ev);
	MEM_GROW(r->further, r->cap_further, n);
	for (unsigned i = 0; i < n; i++) {
		struct event_row one = {0};

		set_category(r, r->kept->place[row[p] + i], &one);
		r->further[i] = (struct further_category){one.category, one.category_path};
	}
	ev->further = r->further;
	ev->n_further = n;
}

static void set_fact(struct restoring *r, uint32_t p, unsigned fact,
		     struct event_row *ev)
{
	const struct catalog *c = r->cat;
	const struct resume *k = r->kept;
	unsigned a = fact - FACT_ATTRIBUTE;

	if (fact == FACT_CATEGORY)
		set_categories(r, p, ev);
	else if (fact == FACT_BRAND && c->product_brand)
		ev->brand = kept_text(&k->brand, &c->brand_name, c->product_brand[p]);
	else if (fact == FACT_NAME)
		ev->name = kept_text(&k->name, &c->product_label, p);
	else if (fact == FACT_GROUP && k->product_group)
		ev->group = text_or_none(&k->group, k->product_group[p]);
	else if (fact == FACT_DESCRIPTION)
		ev->description = kept_text(&k->description, &c->product_description, p);
	else if (fact == r->to->heard.n_facts) {
		ev->has_price = true;
		ev->price = (struct decimal){c->product_price[p], c->price_scale};
	} else if (fact >= FACT_ATTRIBUTE)
		ev->attribute[a] = kept_text(&k->value, &c->attribute_value,
			c->product_attribute[(size_t)p * c->n_attributes + a]);
}

/* Facts of one time go together. */
static bool restore_product(struct restoring *r, uint32_t p)
{
	unsigned n = r->to->heard.n_facts + 1, said = 0;
	const int64_t *time = r->kept->fact_time + (size_t)p * n;
	uint32_t done = 0;

	for (unsigned f = 0; f <= n; f++) {
		struct event_row ev = {.product = text_at(&r->cat->product_id, p)};

		if (f == n ? said > 0 : time[f] == TIME_NONE || (done & 1u << f))
			continue;
		for (unsigned g = f; g < n; g++)
			if (time[g] == time[f]) {
				set_fact(r, p, g, &ev);
				done |= 1u << g;
			}
		ev.time = f == n ? 0 : time[f];
		said++;
		if (!batch_kept(r->to->heard.of, &r->facts, &ev,
				(struct heard){r->kept->conflict[p], false}))
			return false;
	}
	return batch_seen(r->to->heard.of, text_at(&r->cat->product_id, p),
			  r->cat->product_first[p], r->cat->product_last[p]);
}

static bool restore_properties(struct restoring *r, uint32_t p)
{
	const struct catalog *c = r->cat;
	const uint64_t *row = c->product_property_offsets;

	for (uint64_t i = row ? row[p] : 0; row && i < row[p + 1]; i++) {
		struct event_row ev = {
			.product = text_at(&c->product_id, p),
			.property = kept_text(&r->kept->property, &c->property_name,
					      c->product_property[i]),
			.value = kept_text(&r->kept->value, &c->attribute_value,
					   c->product_property_value[i]),
			.time = r->kept->property_time[i],
		};

		if (!batch_kept(r->to->heard.of, &r->facts, &ev,
				(struct heard){r->kept->property_conflict[i], false}))
			return false;
	}
	return true;
}

static void set_edge(const struct restoring *r, uint32_t value, unsigned fact,
		     struct event_row *ev)
{
	if (fact == CATEGORY_PATH)
		ev->category_path = text_or_none(&r->kept->path, value);
	else if (fact == CATEGORY_NAME)
		ev->category_name = text_or_none(&r->kept->path, value);
	else
		ev->category_parent = text_or_none(&r->kept->category, value);
}

/* One fact at a time: of each there is one. */
static bool restore_category(struct restoring *r, uint32_t category)
{
	const int64_t *time = r->kept->category_time + (size_t)category * CATEGORY_FACTS;
	const uint32_t *value = r->kept->category_fact + (size_t)category * CATEGORY_FACTS;
	unsigned flags = r->kept->category_flags[category];

	for (unsigned f = 0; f <= CATEGORY_FACTS; f++) {
		struct event_row ev = {0};

		set_category(r, category, &ev);
		if (f < CATEGORY_FACTS && time[f] == TIME_NONE)
			continue;
		if (f < CATEGORY_FACTS) {
			ev.time = time[f];
			set_edge(r, value[f], f, &ev);
		}
		if (!batch_kept(r->to->heard.of, &r->facts, &ev,
				(struct heard){flags, flags & RESUME_OWN}))
			return false;
	}
	return true;
}

static bool restore_words(struct restoring *r, enum id_kind kind, const struct text *raw,
			  const struct text *shown)
{
	const struct text *t = raw->offsets ? raw : shown;
	struct witness *w = r->to->heard.of;

	for (uint64_t i = 0; t->offsets && i < t->n; i++)
		if (map_intern(w->map[kind], text_at(t, i), &w->err) == MAP_NONE)
			return false;
	return true;
}

static bool restore_person(struct restoring *r, uint32_t user)
{
	const struct catalog *c = r->cat;
	struct event_row ev = {.user = text_at(&c->user_id, user)};
	struct witness *w = r->to->heard.of;
	bool any = false;

	for (unsigned a = 0; a < c->n_user_attributes && a < w->people.n; a++) {
		ev.person[a] = text_or_none(&c->user_attribute_value, c->user_attribute[
						(size_t)user * c->n_user_attributes + a]);
		any |= ev.person[a].len > 0;
	}
	return !any || people_hear(&w->people, &ev, 0, &w->err);
}

static bool restore_facts(struct restoring *r, struct err *err)
{
	const struct catalog *c = r->cat;
	bool ok = restore_words(r, ID_BRAND, &r->kept->brand, &c->brand_name) &&
		restore_words(r, ID_VALUE, &r->kept->value, &c->attribute_value) &&
		restore_words(r, ID_PROPERTY, &r->kept->property, &c->property_name);

	for (uint32_t u = 0; ok && c->user_attribute && u < c->n_users; u++)
		ok = restore_person(r, u);
	for (uint32_t i = 0; ok && i < r->kept->category.n; i++)
		ok = restore_category(r, i);
	for (uint32_t p = 0; ok && p < c->n_products; p++)
		ok = restore_product(r, p) && restore_properties(r, p);
	if (!ok && err)
		*err = r->to->heard.of->err;
	return ok;
}

/* ---- events */

static bool worker_product(struct restoring *r, unsigned worker, uint32_t p,
			   uint32_t *number)
{
	uint32_t *known = &r->reader[worker].product[p];

	if (*known == MAP_NONE &&
	    !witness_product(&r->to->heard.of[worker], text_at(&r->cat->product_id, p),
			   known))
		return false;
	*number = *known;
	return true;
}

/* Its text; of one that is known by its place it is made again, ascending. */
static struct str session_key(const struct restoring *r, struct witness *w,
			      uint32_t session)
{
	struct str id = text_at(r->session_id, session);

	if (id.len)
		return id;
	strbuf_reset(&w->key);
	strbuf_addf(&w->key, "%c%020u", SESSION_NUMBERED, session);
	return strbuf_str(&w->key);
}

/* The time that stamps of its events begin with. */
static int64_t first_time(const struct restoring *r, uint64_t from, uint64_t end)
{
	int64_t first = INT64_MAX;

	for (uint64_t e = from; e < end; e++) {
		int64_t time = r->time && r->time[e] != TIME_NONE ? r->time[e] : 0;

		if (time < first)
			first = time;
	}
	return first;
}

static bool restore_event(struct restoring *r, unsigned worker, uint64_t e,
			  uint32_t session)
{
	struct witness *w = &r->to->heard.of[worker];
	struct columns *to = &r->reader[worker].batch.events;
	size_t i = to->n++;

	if (!worker_product(r, worker, r->number ? r->number[r->of[e]] : r->of[e],
			    &to->product[i]))
		return false;
	to->session[i] = session;
	to->time[i] = r->time ? r->time[e] : TIME_NONE;
	to->kind[i] = r->kind[e];
	to->price[i] = r->price ? r->price[e] : PRICE_NONE;
	if (to->quantity)
		to->quantity[i] = r->quantity ? r->quantity[e] : 1;
	if (to->rating)
		to->rating[i] = r->rating ? rating_bits(r->rating[e]) : RATING_NONE;
	w->open |= (to->kind[i] & EVENT_CANCELS) || to->time[i] == TIME_NONE;
	if (!(to->kind[i] & EVENT_CANCELS))
		w->by_kind[to->kind[i]]++;
	return true;
}

static bool restore_session(struct restoring *r, unsigned worker, uint32_t s)
{
	struct witness *w = &r->to->heard.of[worker];
	uint64_t first = r->offsets[s], end = r->offsets[s + 1];
	struct event_row ev = {.user = r->user ? text_or_none(r->user_id, r->user[s])
					: STR("")};
	uint32_t number;
	bool ok;

	if (first == end)
		return true;	/* other records told of it */
	ev.session = r->im->set->gap ? ev.user : session_key(r, w, s);
	ev.time = first_time(r, first, end);
	for (int t = 0; t < TRAITS; t++)
		if (r->trait[t])
			ev.trait[t] = text_or_none(r->trait_name[t], r->trait[t][s]);
	ok = batch_session(w, &r->reader[worker].batch, &ev, (uint32_t)(end - first),
			   &number);
	for (uint64_t e = first; ok && e < end; e++)
		ok = restore_event(r, worker, e, number);
	return ok;
}

static uint32_t place_of(const struct restoring *r, uint32_t s)
{
	return r->order ? r->order[s] : s;
}

static uint64_t events_of(const struct restoring *r, uint32_t s)
{
	return r->offsets[place_of(r, s) + 1] - r->offsets[place_of(r, s)];
}

struct session_range {
	uint32_t first, end;
};

static bool restore_sessions(struct restoring *r, unsigned worker, struct session_range of,
			     struct err *err)
{
	struct columns *c = &r->reader[worker].batch.events;

	c->n = 0;
	c->caps = r->to->events.caps;
	c->scale = r->cat->price_scale;
	for (uint32_t s = of.first; s < of.end; s++)
		if (!columns_reserve(c, c->n + events_of(r, s), err) ||
		    !restore_session(r, worker, place_of(r, s)))
			return false;
	return segments_add(&r->to->events, &r->reader[worker].packer, c, worker,
			    r->reader[worker].batch.number, err);
}

static void restore_batch(void *ctx, size_t task, unsigned worker)
{
	struct restoring *r = ctx;
	struct witness *w = &r->to->heard.of[worker];
	struct batch *b = &r->reader[worker].batch;

	if (w->err.code || job_cancelled(r->im->job))
		return;
	b->number = r->base + task;
	b->rows = 0;
	(void)restore_sessions(
		r, worker, (struct session_range){r->first[task], r->first[task + 1]}, &w->err);
	witness_measure(w);
}

static void bound_batches(struct restoring *r)
{
	uint32_t at = 0;

	for (;;) {
		uint64_t events = 0;

		MEM_GROW(r->first, r->cap_first, r->batches + 1);
		r->first[r->batches] = at;
		if (at == r->sessions)
			break;
		r->batches++;
		do
			events += events_of(r, at++);
		while (at < r->sessions && events + events_of(r, at) <= PIECE);
	}
	r->base = r->to->pieces;
	r->to->pieces += r->batches;
}

static bool restore_events(struct restoring *r, struct err *err)
{
	const struct import *im = r->im;

	bound_batches(r);
	pool_run(im->pool, r->batches, restore_batch, r);
	for (unsigned w = 0; w < r->to->heard.n; w++)
		if (r->to->heard.of[w].err.code) {
			if (err)
				*err = r->to->heard.of[w].err;
			return false;
		}
	return job_check(im->job, err);
}

/* What records said of sessions that no event may name yet. */
static bool restore_told(struct restoring *r, struct err *err)
{
	const struct resume *k = r->kept;
	struct witness *w = r->to->heard.of;
	bool ok = true;

	for (uint64_t i = 0; ok && k->told_time && i < k->session.n; i++) {
		struct event_row ev = {.session = text_at(&k->session, i),
				       .user = text_or_none(&k->user, k->told_user[i]),
				       .time = k->told_time[i]};

		if (ev.session.len && (ev.user.len || ev.time != TIME_NONE))
			ok = batch_kept(w, &r->facts, &ev, (struct heard){0, false});
	}
	if (!ok && err)
		*err = w->err;
	return ok;
}

static bool start(struct restoring *r, struct err *err)
{
	uint32_t n = r->cat->n_products;

	for (unsigned w = 0; w < r->to->heard.n; w++) {
		uint32_t *known = mem_big(n, sizeof *known, "products", err);

		if (!known)
			return false;
		memset(known, 0xff, n * sizeof *known);
		r->reader[w].product = known;
	}
	r->facts.number = r->to->pieces++;
	r->facts.events.scale = r->cat->price_scale;
	if (r->kept->session_offsets)
		take_kept(r);
	else
		take_catalog(r);
	return true;
}

static void finish(struct restoring *r)
{
	for (unsigned w = 0; w < r->to->heard.n; w++) {
		free(r->reader[w].product);
		batch_finish(&r->reader[w].batch);
		packer_finish(&r->reader[w].packer);
	}
	free(r->reader);
	free(r->first);
	free(r->further);
}

bool import_restore(const struct import *im, struct taken *t, struct err *err)
{
	struct restoring r = {
		.im = im,
		.to = t,
		.cat = store_catalog(im->old->store),
		.kept = &im->old->kept,
		.reader = mem_zalloc(t->heard.n * sizeof *r.reader),
	};
	bool ok;

	job_step(im->job, "reading the store", 0);
	t->caps |= r.cat->caps & ~(unsigned)CAP_NAMES;
	t->product_prices |= r.cat->product_price != NULL;
	if (r.cat->price_scale > t->events.scale)
		t->events.scale = r.cat->price_scale;
	ok = start(&r, err) && restore_facts(&r, err) && restore_events(&r, err) &&
		restore_told(&r, err);
	finish(&r);
	return ok;
}
