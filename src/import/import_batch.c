/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parsing one piece: records to columns, texts to the worker's numbers. */
#include "config.h"

#include "import/import_impl.h"

#include <limits.h>
#include <stdatomic.h>

#include "base/job.h"
#include "base/mem.h"

#define VALUE_MAX 200		/* bytes of a rejected value that are kept */
#define TEXT_MAX 4096		/* and of its record */

void import_worker_init(struct import *im, struct import_worker *w)
{
	csv_reader_init(&w->csv, im->set->separator, &im->limits);
	for (int k = 0; k < ID_KINDS; k++)
		w->map[k] = map_create();
	w->traits = im->set->traits;
	w->properties = map_create();
	w->arena = arena_create();
}

void import_worker_finish(struct import_worker *w)
{
	csv_reader_finish(&w->csv);
	for (int k = 0; k < ID_KINDS; k++)
		map_destroy(w->map[k]);
	free(w->product);
	free(w->fact);
	free(w->session);
	free(w->trait);
	free(w->category);
	free(w->property);
	free(w->told);
	map_destroy(w->properties);
	arena_destroy(w->arena);
	strbuf_finish(&w->key);
}

uint64_t import_worker_memory(const struct import_worker *w)
{
	uint64_t bytes = w->cap_product * sizeof *w->product +
		w->cap_fact * sizeof *w->fact + w->cap_session * sizeof *w->session +
		w->cap_trait * sizeof *w->trait +
		w->cap_property * sizeof *w->property + w->cap_told * sizeof *w->told;

	for (int k = 0; k < ID_KINDS; k++)
		bytes += map_memory(w->map[k]);
	return bytes;
}

void import_worker_forget(struct import_worker *w)
{
	free(w->product);
	free(w->fact);
	w->product = NULL;
	w->fact = NULL;
	w->cap_product = w->cap_fact = 0;
}

void columns_finish(struct columns *c)
{
	free(c->product);
	free(c->session);
	free(c->time);
	free(c->price);
	free(c->kind);
	free(c->quantity);
	free(c->rating);
	*c = (struct columns){0};
}

#define RESIZE(column)								\
	mem_big_resize((void **)&c->column, cap, sizeof *c->column, "events", err)

bool columns_reserve(struct columns *c, size_t n, const struct import *im, struct err *err)
{
	size_t cap = c->cap + c->cap / 2;

	if (n <= c->cap)
		return true;
	if (cap < n)
		cap = n;
	if (!RESIZE(product) || !RESIZE(session) || !RESIZE(time) || !RESIZE(price) ||
	    !RESIZE(kind) || (im->quantities && !RESIZE(quantity)) ||
	    (im->ratings && !RESIZE(rating)))
		return false;
	c->cap = cap;
	return true;
}

void scale_prices(int64_t *price, size_t n, unsigned digits)
{
	int64_t factor = 1;

	while (digits-- > 0)
		factor *= 10;
	for (size_t i = 0; i < n && factor > 1; i++)
		if (price[i] != PRICE_NONE)
			price[i] *= factor;
}

static void columns_rescale(struct columns *c, unsigned scale)
{
	if (scale <= c->scale)
		return;
	scale_prices(c->price, c->n, scale - c->scale);
	c->scale = scale;
}

bool batch_start(struct import *im, struct batch *b, const struct split_piece *piece,
		 const struct file_kind *kind, struct err *err)
{
	size_t len = (size_t)(piece->end - piece->ptr);
	/* A record has a separator or line end for each column. */
	size_t rows = len / (kind->n_columns ? kind->n_columns : 4) + 1;

	b->piece = piece;
	b->kind = kind;
	b->lines = b->records = b->skipped = b->facts = b->rows = 0;
	b->n_rejected = 0;
	strbuf_reset(&b->texts);
	b->events.n = 0;
	b->events.scale = im->set->price_scale;
	return columns_reserve(&b->events, rows, im, err);
}

void batch_finish(struct batch *b)
{
	columns_finish(&b->events);
	free(b->rejected);
	strbuf_finish(&b->texts);
}

static size_t keep(struct strbuf *b, struct str s, size_t max)
{
	size_t at = b->len;

	strbuf_add(b, str_span(s.ptr, s.len < max ? s.len : max));
	return at;
}

static void reject(const struct import *im, struct batch *b, const struct csv_record *r,
		   uint64_t line, const struct reject *why)
{
	struct rejected x = {.line = line, .reason = why->reason, .column = why->column};

	x.value = keep(&b->texts, why->value, VALUE_MAX);
	x.value_len = b->texts.len - x.value;
	if (im->o->rejects) {
		x.text = keep(&b->texts, r->text, TEXT_MAX);
		x.text_len = b->texts.len - x.text;
	}
	MEM_GROW(b->rejected, b->cap_rejected, b->n_rejected + 1);
	b->rejected[b->n_rejected++] = x;
}

/* The number of text, a new one included; grown tells that it is new. */
static bool intern(struct import_worker *w, enum id_kind kind, struct str text,
		   uint32_t *number, bool *grown)
{
	uint32_t count = map_count(w->map[kind]);

	*number = map_intern(w->map[kind], text, &w->err);
	*grown = *number == count;
	return *number != MAP_NONE;
}

static bool note(struct import_worker *w, struct fact *f, enum id_kind kind,
		 struct str text, struct stamp at)
{
	bool known = f->value != MAP_NONE, grown;
	uint32_t value;

	if (text.len == 0)
		return true;
	if (known && str_eq(map_key(w->map[kind], f->value), text)) {
		if (stamp_later(at, f->at))
			f->at = at;
		return true;
	}
	if (!intern(w, kind, text, &value, &grown))
		return false;
	f->conflict |= known;
	if (!known || stamp_later(at, f->at)) {
		f->value = value;
		f->at = at;
	}
	return true;
}

/* A category without an id is named by its path behind a byte that no id has. */
static struct str category_key(struct import_worker *w, const struct event_row *ev)
{
	if (ev->category.len || !ev->category_path.len)
		return ev->category;
	strbuf_reset(&w->key);
	strbuf_addc(&w->key, '\1');
	strbuf_add(&w->key, ev->category_path);
	return strbuf_str(&w->key);
}

/* Blank entries for the categories from `old` on. */
static void new_categories(struct import_worker *w, uint32_t old)
{
	uint32_t n = map_count(w->map[ID_CATEGORY]);

	MEM_GROW(w->category, w->cap_category, n);
	for (uint32_t i = old; i < n; i++) {
		w->category[i] = (struct category_seen){0};
		for (unsigned f = 0; f < CATEGORY_FACTS; f++)
			w->category[i].fact[f].value = MAP_NONE;
	}
}

/* What is said of the category itself. */
static bool note_edge(struct import_worker *w, const struct event_row *ev,
		      struct stamp at, uint32_t number)
{
	uint32_t known = map_count(w->map[ID_CATEGORY]);
	struct fact *f = w->category[number].fact;

	if (!note(w, f + CATEGORY_PATH, ID_PATH, ev->category_path, at) ||
	    !note(w, f + CATEGORY_NAME, ID_PATH, ev->category_name, at) ||
	    !note(w, f + CATEGORY_PARENT, ID_CATEGORY, ev->category_parent, at))
		return false;
	new_categories(w, known);
	return true;
}

static bool note_category(struct import_worker *w, struct fact *f,
			  const struct event_row *ev, struct stamp at)
{
	struct str key = category_key(w, ev);
	uint32_t number = f->value, old;
	bool grown;

	if (!key.len)
		return true;
	if (number == MAP_NONE || !str_eq(map_key(w->map[ID_CATEGORY], number), key)) {
		if (!intern(w, ID_CATEGORY, key, &number, &grown))
			return false;
		if (grown)
			new_categories(w, number);
	}
	old = f->value;
	f->conflict |= old != MAP_NONE && old != number;
	if (old == MAP_NONE || stamp_later(at, f->at)) {
		f->value = number;
		f->at = at;
	}
	return !ev->category.len || note_edge(w, ev, at, number);
}

static struct fact *facts_of(const struct import *im, const struct import_worker *w,
			     uint32_t product)
{
	return w->fact ? w->fact + (size_t)product * im->n_facts : NULL;
}

/* Blank entries for the products from `old` on. */
static void new_products(const struct import *im, struct import_worker *w, uint32_t old)
{
	uint32_t n = map_count(w->map[ID_PRODUCT]);

	MEM_GROW(w->product, w->cap_product, n);
	MEM_GROW(w->fact, w->cap_fact, (size_t)n * im->n_facts);
	for (uint32_t i = old; i < n; i++)
		w->product[i] = (struct product_seen){.first = INT64_MAX,
						      .last = INT64_MIN};
	for (struct fact *f = facts_of(im, w, old); f < facts_of(im, w, n); f++)
		*f = (struct fact){.value = MAP_NONE};
}

void import_new_traits(struct import_worker *w, uint32_t old, uint32_t n)
{
	if (!w->traits)
		return;
	MEM_GROW(w->trait, w->cap_trait, (size_t)n * TRAITS);
	for (size_t i = (size_t)old * TRAITS; i < (size_t)n * TRAITS; i++)
		w->trait[i] = MAP_NONE;
}

bool import_see_traits(struct import_worker *w, uint32_t session, const struct str *trait)
{
	uint32_t *to = w->trait ? w->trait + (size_t)session * TRAITS : NULL;
	bool grown;

	for (int t = 0; w->traits && t < TRAITS; t++) {
		to[t] = MAP_NONE;
		if (trait[t].len && !intern(w, (enum id_kind)(ID_TRAIT + t), trait[t], &to[t],
					    &grown))
			return false;
	}
	return true;
}

static void new_sessions(struct import_worker *w, uint32_t old)
{
	uint32_t n = map_count(w->map[ID_SESSION]);

	MEM_GROW(w->session, w->cap_session, n);
	for (uint32_t i = old; i < n; i++)
		w->session[i] = (struct session_seen){.first = {INT64_MAX, UINT64_MAX},
						      .user = MAP_NONE};
	import_new_traits(w, old, n);
}

static bool note_property(struct import_worker *w, const struct event_row *ev,
			  struct stamp at, uint32_t product)
{
	uint32_t key[2] = {product}, known = map_count(w->properties), number;
	bool grown;

	if (!ev->property.len)
		return true;
	if (!intern(w, ID_PROPERTY, ev->property, &key[1], &grown))
		return false;
	number = map_intern(w->properties, str_span((const char *)key, sizeof key),
			    &w->err);
	if (number == MAP_NONE)
		return false;
	MEM_GROW(w->property, w->cap_property, (size_t)number + 1);
	if (number == known)
		w->property[number] = (struct property){product, key[1],
							{.value = MAP_NONE}};
	return note(w, &w->property[number].value, ID_VALUE, ev->value, at);
}

static void see_product(struct product_seen *p, int64_t time)
{
	if (time < p->first)
		p->first = time;
	if (time > p->last)
		p->last = time;
}

static bool note_product(const struct import *im, struct import_worker *w,
			 const struct event_row *ev, struct stamp at, uint32_t number)
{
	struct product_seen *p = &w->product[number];
	struct fact *f = facts_of(im, w, number);

	if (ev->has_price && (!p->has_price || stamp_later(at, p->price_at))) {
		p->has_price = true;
		p->price = ev->price;
		p->price_at = at;
	}
	if (!note_category(w, f + FACT_CATEGORY, ev, at) ||
	    !note(w, f + FACT_BRAND, ID_BRAND, ev->brand, at) ||
	    !note(w, f + FACT_NAME, ID_NAME, ev->name, at) ||
	    !note(w, f + FACT_GROUP, ID_GROUP, ev->group, at) ||
	    !note(w, f + FACT_DESCRIPTION, ID_DESCRIPTION, ev->description, at) ||
	    !note_property(w, ev, at, number))
		return false;
	for (unsigned i = 0; i < im->set->n_attributes; i++)
		if (!note(w, f + FACT_ATTRIBUTE + i, ID_VALUE, ev->attribute[i], at))
			return false;
	return true;
}

/* user: its number if it is known already, else MAP_NONE. */
static bool note_session(struct import_worker *w, const struct event_row *ev,
			 struct stamp at, uint32_t number, uint32_t user)
{
	struct session_seen *s = &w->session[number];
	bool grown;

	s->events++;
	if (!stamp_later(s->first, at))
		return true;
	s->first = at;
	s->user = user;
	return import_see_traits(w, number, ev->trait) &&
		(user != MAP_NONE || !ev->user.len ||
		 intern(w, ID_USER, ev->user, &s->user, &grown));
}

/* Number the users of rows that begin a session, together. */
static bool number_users(struct import_worker *w, const uint32_t *session, unsigned n,
			 uint32_t known, uint32_t *user)
{
	struct str id[IMPORT_ROWS];
	uint32_t number[IMPORT_ROWS];
	unsigned row[IMPORT_ROWS], found = 0;

	for (unsigned i = 0; i < n; i++) {
		user[i] = MAP_NONE;
		if (session[i] < known || !w->row[i].user.len)
			continue;
		id[found] = w->row[i].user;
		row[found++] = i;
	}
	if (!map_intern_many(w->map[ID_USER], id, found, number, &w->err))
		return false;
	for (unsigned i = 0; i < found; i++)
		user[row[i]] = number[i];
	return true;
}

/* The price in the batch's scale, which grows when digits would be lost. */
static int64_t scaled_price(struct columns *c, const struct event_row *ev)
{
	struct decimal d = ev->price;
	int64_t units;

	if (!ev->has_price)
		return PRICE_NONE;
	if (num_rescale(d, c->scale, &units))
		return units;
	while (d.scale > c->scale && d.units % 10 == 0) {
		d.units /= 10;
		d.scale--;
	}
	columns_rescale(c, d.scale);
	return d.units;
}

static struct stamp next_stamp(struct batch *b, const struct event_row *ev)
{
	uint64_t seq = b->number << SEQ_ROW_BITS | b->rows++;

	return (struct stamp){ev->time == TIME_NONE ? 0 : ev->time, seq};
}

static bool take_event(const struct import *im, struct import_worker *w, struct batch *b,
		       const struct event_row *ev, uint32_t user)
{
	struct columns *c = &b->events;
	struct stamp at = next_stamp(b, ev);
	size_t i = c->n;

	see_product(&w->product[c->product[i]], at.time);
	if (!note_product(im, w, ev, at, c->product[i]) ||
	    !note_session(w, ev, at, c->session[i], user))
		return false;
	c->time[i] = ev->time;
	c->kind[i] = (uint8_t)(ev->kind | (ev->cancels ? EVENT_CANCELS : 0));
	if (c->quantity)
		c->quantity[i] = ev->quantity;
	if (c->rating)
		c->rating[i] = ev->has_rating ? rating_bits(ev->rating) : RATING_NONE;
	c->price[i] = scaled_price(c, ev);
	c->n++;
	w->by_kind[ev->kind] += !ev->cancels;
	w->rounded += ev->rounded;
	w->open |= ev->cancels || ev->time == TIME_NONE;
	return true;
}

static bool take_session(struct import_worker *w, const struct event_row *ev,
			 struct stamp at)
{
	uint32_t known = map_count(w->map[ID_SESSION]);
	struct session_told t = {.user = MAP_NONE, .time = ev->time, .seq = at.seq};
	bool grown;

	if (!intern(w, ID_SESSION, ev->session, &t.session, &grown) ||
	    (ev->user.len && !intern(w, ID_USER, ev->user, &t.user, &grown)))
		return false;
	new_sessions(w, known);
	MEM_GROW(w->told, w->cap_told, w->n_told + 1);
	w->told[w->n_told++] = t;
	return true;
}

/* A record that holds no event. */
bool batch_facts(const struct import *im, struct import_worker *w, struct batch *b,
		 const struct event_row *ev)
{
	struct fact category = {.value = MAP_NONE};
	struct stamp at = next_stamp(b, ev);
	uint32_t number;

	b->facts++;
	(void)scaled_price(&b->events, ev);
	if (ev->product.len)
		return batch_product(im, w, ev->product, &number) &&
			note_product(im, w, ev, at, number);
	if (ev->session.len)
		return take_session(w, ev, at);
	if (!note_category(w, &category, ev, at))
		return false;
	if (category.value != MAP_NONE)
		w->category[category.value].own = true;
	return true;
}

/* The number of a product, made with a blank entry if it is new. */
bool batch_product(const struct import *im, struct import_worker *w, struct str id,
		   uint32_t *number)
{
	uint32_t known = map_count(w->map[ID_PRODUCT]);
	bool grown;

	if (!intern(w, ID_PRODUCT, id, number, &grown))
		return false;
	new_products(im, w, known);
	return true;
}

bool batch_seen(const struct import *im, struct import_worker *w, struct str id,
		int64_t first, int64_t last)
{
	uint32_t number;

	if (!batch_product(im, w, id, &number))
		return false;
	if (first != TIME_NONE)
		see_product(&w->product[number], first);
	if (last != TIME_NONE)
		see_product(&w->product[number], last);
	return true;
}

bool batch_session(struct import_worker *w, struct batch *b, const struct event_row *ev,
		   uint32_t events, uint32_t *number)
{
	struct stamp at = next_stamp(b, ev);
	uint32_t known = map_count(w->map[ID_SESSION]);
	struct session_seen *s;
	bool grown;

	if (!intern(w, ID_SESSION, ev->session, number, &grown))
		return false;
	new_sessions(w, known);
	s = &w->session[*number];
	s->events += events;
	if (!stamp_later(s->first, at))
		return true;
	s->first = at;
	s->user = MAP_NONE;
	return import_see_traits(w, *number, ev->trait) &&
		(!ev->user.len || intern(w, ID_USER, ev->user, &s->user, &grown));
}

static bool keep_category(struct import_worker *w, const struct event_row *ev,
			  struct stamp at, uint32_t conflicts, bool own)
{
	struct fact found = {.value = MAP_NONE};
	struct category_seen *c;

	if (!note_category(w, &found, ev, at))
		return false;
	if (found.value == MAP_NONE)
		return true;
	c = &w->category[found.value];
	c->own |= own;
	for (unsigned f = 0; f < CATEGORY_FACTS; f++)
		c->fact[f].conflict |= conflicts >> f & 1;
	return true;
}

bool batch_kept(const struct import *im, struct import_worker *w, struct batch *b,
		const struct event_row *ev, uint32_t conflicts, bool own)
{
	struct stamp at = next_stamp(b, ev);
	uint32_t key[2];

	if (!ev->product.len)
		return ev->session.len ? take_session(w, ev, at)
			: keep_category(w, ev, at, conflicts, own);
	if (!batch_product(im, w, ev->product, &key[0]) ||
	    !note_product(im, w, ev, at, key[0]))
		return false;
	for (unsigned f = 0; f < im->n_facts && !ev->property.len; f++)
		facts_of(im, w, key[0])[f].conflict |= conflicts >> f & 1;
	if (!ev->property.len)
		return true;
	key[1] = map_find(w->map[ID_PROPERTY], ev->property);
	w->property[map_find(w->properties, str_span((const char *)key, sizeof key))]
		.value.conflict |= conflicts & 1;
	return true;
}

/* Number the ids of the waiting rows together and ask for the memory that they
 * touch, so that the waits overlap; then take the rows one by one. */
static bool flush(const struct import *im, struct import_worker *w, struct batch *b)
{
	uint32_t *product, *session;
	uint32_t products = map_count(w->map[ID_PRODUCT]);
	uint32_t sessions = map_count(w->map[ID_SESSION]);
	struct str id[IMPORT_ROWS];
	uint32_t user[IMPORT_ROWS];
	unsigned n = w->n_rows;

	w->n_rows = 0;
	if (!columns_reserve(&b->events, b->events.n + n, im, &w->err))
		return false;
	product = b->events.product + b->events.n;
	session = b->events.session + b->events.n;
	for (unsigned i = 0; i < n; i++)
		id[i] = w->row[i].product;
	if (!map_intern_many(w->map[ID_PRODUCT], id, n, product, &w->err))
		return false;
	for (unsigned i = 0; i < n; i++)
		id[i] = w->row[i].session;
	if (!map_intern_many(w->map[ID_SESSION], id, n, session, &w->err))
		return false;
	if (!number_users(w, session, n, sessions, user))
		return false;
	new_products(im, w, products);
	new_sessions(w, sessions);
	for (unsigned i = 0; i < n; i++) {
		__builtin_prefetch(&w->product[product[i]], 1);
		__builtin_prefetch(facts_of(im, w, product[i]), 1);
		__builtin_prefetch(&w->session[session[i]], 1);
	}
	for (unsigned i = 0; i < n; i++)
		if (!take_event(im, w, b, &w->row[i], user[i]))
			return false;
	arena_reset(w->arena);
	return true;
}

/* The texts of a record that was unquoted last only until the next one. */
static bool add_event(const struct import *im, struct import_worker *w, struct batch *b,
		      const struct csv_record *r)
{
	struct event_row *ev = &w->row[w->n_rows];

	if (!ev->session.len && im->set->gap)
		ev->session = ev->user;
	else if (!ev->session.len)
		ev->session = arena_printf(w->arena, "%c%020llu", SESSION_NUMBERED,
					   (unsigned long long)(b->number <<
					   SEQ_ROW_BITS | b->records));
	w->n_rows++;
	return (w->n_rows < IMPORT_ROWS && !r->copied) || flush(im, w, b);
}

static bool add_facts(const struct import *im, struct import_worker *w, struct batch *b)
{
	const struct event_row *ev = &w->row[w->n_rows];
	bool ok;

	/* What stands before it in the file comes first. */
	if (w->n_rows && !flush(im, w, b))
		return false;
	ok = batch_facts(im, w, b, ev);
	arena_reset(w->arena);
	return ok;
}

/* A record that can't be used. */
static void add_reject(const struct import *im, struct batch *b,
		       const struct csv_record *r, struct reject *why)
{
	if (r->cut && (why->reason == REJECT_QUOTE ||
		       (why->reason == REJECT_FIELDS && r->n < b->kind->n_columns)))
		why->reason = REJECT_CUT;
	reject(im, b, r, r->flaw_line, why);
}

/* One record to its events or facts; false when memory is out. */
static bool add_record(const struct import *im, struct import_worker *w, struct batch *b,
		       const struct csv_record *r)
{
	struct reject why = {r->reason, r->column, STR_NULL};
	enum row_result result = ROW_MORE;
	unsigned columns = b->kind->n_columns, cursor = 0;

	b->records++;
	if (!r->reason && (columns ? r->n != columns : r->n > CSV_FIELDS))
		why = (struct reject){REJECT_FIELDS, UINT_MAX, STR_NULL};
	if (im->o->spreadsheet)
		for (unsigned i = 0; i < r->n && i < CSV_FIELDS; i++)
			w->csv.field[i] = csv_without_apostrophe(r->field[i]);
	if (why.reason)
		result = ROW_REJECT;
	while (result == ROW_MORE) {
		struct event_row *ev = &w->row[w->n_rows];

		ev->cursor = cursor;
		ev->session = STR_NULL;
		result = b->kind->row(im->set->ctx, r->field, r->n, ev, &why);
		cursor = ev->cursor;
		if ((result == ROW_EVENT || result == ROW_MORE) &&
		    !add_event(im, w, b, r))
			return false;
	}
	if (result == ROW_FACTS)
		return add_facts(im, w, b);
	if (result == ROW_REJECT)
		add_reject(im, b, r, &why);
	b->skipped += result == ROW_SKIP;
	return true;
}

void batch_done(struct import_worker *w)
{
	atomic_store_explicit(&w->memory, import_worker_memory(w), memory_order_relaxed);
}

void batch_parse(struct import *im, struct batch *b, unsigned worker)
{
	struct import_worker *w = &im->worker[worker];
	struct csv_record r;

	if (w->err.code || job_cancelled(im->job))
		return;
	for (unsigned i = 0; i < IMPORT_ROWS; i++)
		w->row[i] = (struct event_row){.arena = w->arena};
	csv_reader_start(&w->csv, b->piece);
	while (csv_reader_next(&w->csv, &r)) {
		if (b->skip_first)
			b->skip_first = false;
		else if (!add_record(im, w, b, &r))
			return;
	}
	(void)flush(im, w, b);
	b->lines = w->csv.line;
	batch_done(w);
}
