/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parsing one piece: records to columns, texts to the worker's numbers. */
#include "config.h"

#include "import/batch.h"

#include <limits.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "base/zone.h"

#define VALUE_MAX 200		/* bytes of a rejected value that are kept */
#define TEXT_MAX 4096		/* and of its record */

void parser_start(struct parser *p, const struct dataset *set,
		  const struct split_limits *limits)
{
	*p = (struct parser){.arena = arena_create()};
	csv_reader_init(&p->csv, set->separator, limits);
}

void parser_finish(struct parser *p)
{
	if (!p->arena)
		return;
	csv_reader_finish(&p->csv);
	arena_destroy(p->arena);
	*p = (struct parser){0};
}

bool batch_start(struct batch *b, const struct dataset *set, const struct split_piece *piece,
		 const struct file_kind *kind, struct err *err)
{
	size_t len = (size_t)(piece->end - piece->ptr);
	/* A record has a separator or line end for each column. */
	size_t rows = piece->part.rows ? (size_t)piece->part.rows
				       : len / (kind->n_columns ? kind->n_columns : 4) + 1;

	b->piece = piece;
	b->kind = kind;
	b->lines = b->records = b->skipped = b->facts = b->rows = 0;
	b->n_rejected = 0;
	strbuf_reset(&b->texts);
	b->events.n = 0;
	b->events.scale = set->price_scale;
	b->events.caps = dataset_caps(set);
	return columns_reserve(&b->events, rows, err);
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

static void reject(struct batch *b, const struct csv_record *r, uint64_t line,
		   const struct reject *why)
{
	struct rejected x = {.line = line, .reason = why->reason, .column = why->column};

	x.value = keep(&b->texts, why->value, VALUE_MAX);
	x.value_len = b->texts.len - x.value;
	if (b->keep_rejects) {
		x.text = keep(&b->texts, r->text, TEXT_MAX);
		x.text_len = b->texts.len - x.text;
	}
	MEM_GROW(b->rejected, b->cap_rejected, b->n_rejected + 1);
	b->rejected[b->n_rejected++] = x;
}

static struct stamp next_stamp(struct batch *b, const struct event_row *ev)
{
	uint64_t seq = b->number << SEQ_ROW_BITS | b->rows++;

	return (struct stamp){ev->time == TIME_NONE ? 0 : ev->time, seq};
}

/* ---- what holds no event */

bool batch_facts(struct witness *w, struct batch *b, const struct event_row *ev)
{
	struct stamp at = next_stamp(b, ev);
	uint32_t number;

	b->facts++;
	if (ev->has_price)	/* for its scale */
		(void)columns_price(&b->events, ev->price);
	if (ev->product.len)
		return witness_product(w, ev->product, &number) &&
			witness_hear_product(w, ev, at, number);
	if (ev->session.len)
		return witness_hear_told(w, ev, at);
	if (w->people.n && ev->user.len)
		return people_hear(&w->people, ev, at.seq, &w->err);
	if (!witness_hear_category(w, ev, at, &number))
		return false;
	if (number != MAP_NONE)
		w->category[number].own = true;
	return true;
}

static bool keep_category(struct witness *w, const struct event_row *ev, struct stamp at,
			  struct heard h)
{
	struct category_seen *c;
	uint32_t number;

	if (!witness_hear_category(w, ev, at, &number))
		return false;
	if (number == MAP_NONE)
		return true;
	c = &w->category[number];
	c->own |= h.own;
	for (unsigned f = 0; f < CATEGORY_FACTS; f++)
		c->fact[f].conflict |= h.conflicts >> f & 1;
	return true;
}

bool batch_kept(struct witness *w, struct batch *b, const struct event_row *ev, struct heard h)
{
	struct stamp at = next_stamp(b, ev);
	uint32_t key[2];

	if (!ev->product.len)
		return ev->session.len ? witness_hear_told(w, ev, at)
				       : keep_category(w, ev, at, h);
	if (!witness_product(w, ev->product, &key[0]) ||
	    !witness_hear_product(w, ev, at, key[0]))
		return false;
	for (unsigned f = 0; f < w->n_facts && !ev->property.len; f++)
		if (h.conflicts >> f & 1)
			witness_conflict(w, key[0], f);
	if (!ev->property.len)
		return true;
	key[1] = map_find(w->map[ID_PROPERTY], ev->property);
	w->property[map_find(w->properties, str_span((const char *)key, sizeof key))]
		.value.conflict |= h.conflicts & 1;
	return true;
}

bool batch_session(struct witness *w, struct batch *b, const struct event_row *ev,
		   uint32_t events, uint32_t *number)
{
	struct stamp at = next_stamp(b, ev);
	uint32_t known = map_count(w->map[ID_SESSION]);
	bool grown;

	if (!witness_number(w, (struct witnessed){ID_SESSION, ev->session}, number, &grown))
		return false;
	witness_new_sessions(w, known);
	return witness_hear_session(w, ev, at, *number, MAP_NONE, events);
}

bool batch_seen(struct witness *w, struct str id, int64_t first, int64_t last)
{
	uint32_t number;

	if (!witness_product(w, id, &number))
		return false;
	if (first != TIME_NONE)
		witness_see(&w->product[number], first);
	if (last != TIME_NONE)
		witness_see(&w->product[number], last);
	return true;
}

/* ---- records */

struct parsing {
	const struct batch_rules *rules;
	struct parser *p;
	struct witness *w;
	struct batch *b;
};

struct session_list {
	const uint32_t *session;
	unsigned n;
};

/* Number the users of rows that begin a session, together. */
static bool number_users(struct parsing *a, struct session_list s, uint32_t known,
			 uint32_t *user)
{
	const struct event_row *ev = a->p->row;
	struct str id[BATCH_ROWS];
	uint32_t number[BATCH_ROWS];
	unsigned row[BATCH_ROWS], found = 0;

	for (unsigned i = 0; i < s.n; i++) {
		user[i] = MAP_NONE;
		if (s.session[i] < known || !ev[i].user.len)
			continue;
		id[found] = ev[i].user;
		row[found++] = i;
	}
	if (!map_intern_many(a->w->map[ID_USER], id, found, number, &a->w->err))
		return false;
	for (unsigned i = 0; i < found; i++)
		user[row[i]] = number[i];
	return true;
}

static bool take_event(struct parsing *a, const struct event_row *ev, uint32_t user)
{
	struct columns *c = &a->b->events;
	struct stamp at = next_stamp(a->b, ev);
	struct witness *w = a->w;
	size_t i = c->n;

	witness_see(&w->product[c->product[i]], at.time);
	if (!witness_hear_product(w, ev, at, c->product[i]) ||
	    !witness_hear_session(w, ev, at, c->session[i], user, 1))
		return false;
	c->time[i] = ev->time;
	c->kind[i] = (uint8_t)(ev->kind | (ev->cancels ? EVENT_CANCELS : 0));
	if (c->quantity) {
		c->quantity[i] = ev->quantity;
		w->nothing += ev->quantity == 0;
	}
	if (c->rating)
		c->rating[i] = ev->has_rating ? rating_bits(ev->rating) : RATING_NONE;
	w->free += ev->has_price && ev->price.units == 0;
	c->price[i] = ev->has_price ? columns_price(c, ev->price) : PRICE_NONE;
	c->n++;
	w->by_kind[ev->kind] += !ev->cancels;
	w->rounded += ev->rounded;
	w->open |= ev->cancels || ev->time == TIME_NONE;
	w->wall |= ev->wall;
	return true;
}

/* Number the ids of the waiting rows together and ask for the memory that they
 * touch, so that the waits overlap; then take the rows one by one. */
static bool flush(struct parsing *a)
{
	struct witness *w = a->w;
	struct columns *c = &a->b->events;
	const struct event_row *row = a->p->row;
	uint32_t *product, *session;
	uint32_t products = map_count(w->map[ID_PRODUCT]);
	uint32_t sessions = map_count(w->map[ID_SESSION]);
	struct str id[BATCH_ROWS];
	uint32_t user[BATCH_ROWS];
	unsigned n = a->p->n_rows;

	a->p->n_rows = 0;
	if (!columns_reserve(c, c->n + n, &w->err))
		return false;
	product = c->product + c->n;
	session = c->session + c->n;
	for (unsigned i = 0; i < n; i++)
		id[i] = row[i].product;
	if (!map_intern_many(w->map[ID_PRODUCT], id, n, product, &w->err))
		return false;
	for (unsigned i = 0; i < n; i++)
		id[i] = row[i].session;
	if (!map_intern_many(w->map[ID_SESSION], id, n, session, &w->err))
		return false;
	if (!number_users(a, (struct session_list){session, n}, sessions, user))
		return false;
	witness_new_products(w, products);
	witness_new_sessions(w, sessions);
	for (unsigned i = 0; i < n; i++) {
		product_ask(&w->product[product[i]]);
		__builtin_prefetch(&w->session[session[i]], 1);
	}
	for (unsigned i = 0; i < n; i++)
		if (!take_event(a, &row[i], user[i]))
			return false;
	arena_reset(a->p->arena);
	return true;
}

static void set_instant(struct event_row *ev)
{
	if (ev->wall && ev->zone)
		ev->time = zone_instant(ev->zone, ev->time);
}

/* The texts of a record that was unquoted last only until the next one. */
static bool add_event(struct parsing *a, const struct csv_record *r)
{
	struct event_row *ev = &a->p->row[a->p->n_rows];

	set_instant(ev);
	if (!ev->session.len && a->rules->set->gap)
		ev->session = ev->user;
	else if (!ev->session.len)
		ev->session = arena_printf(a->p->arena, "%c%020llu", SESSION_NUMBERED,
					   (unsigned long long)(a->b->number <<
					   SEQ_ROW_BITS | a->b->records));
	a->p->n_rows++;
	return (a->p->n_rows < BATCH_ROWS && !r->copied) || flush(a);
}

static bool add_facts(struct parsing *a)
{
	struct event_row *ev = &a->p->row[a->p->n_rows];
	bool ok;

	set_instant(ev);
	/* What stands before it in the file comes first. */
	if (a->p->n_rows && !flush(a))
		return false;
	ok = batch_facts(a->w, a->b, ev);
	arena_reset(a->p->arena);
	return ok;
}

/* A record that can't be used. */
static void add_reject(struct batch *b, const struct csv_record *r, struct reject *why)
{
	if (r->cut && (why->reason == REJECT_QUOTE ||
		       (why->reason == REJECT_FIELDS && r->n < b->kind->n_columns)))
		why->reason = REJECT_CUT;
	reject(b, r, r->flaw_line, why);
}

/* Fields of a record that isn't UTF-8 where the rest of its file is: the bytes that mean
 * nothing are taken for Windows-1252. */
static void repair(struct parsing *a, const struct csv_record *r)
{
	bool any = false;

	for (unsigned i = 0; i < r->n && i < CSV_FIELDS; i++) {
		struct str *s = &a->p->csv.field[i];
		STRBUF(b);

		if (utf8_valid(*s))
			continue;
		utf8_repair(&b, *s);
		*s = arena_str(a->p->arena, strbuf_str(&b));
		any = true;
	}
	a->w->repaired += any;
}

static bool has_high_bytes(struct str s)
{
	uint64_t all = 0, word;
	size_t i = 0;

	for (; i + sizeof word <= s.len; i += sizeof word) {
		memcpy(&word, s.ptr + i, sizeof word);
		all |= word;
	}
	for (; i < s.len; i++)
		all |= (unsigned char)s.ptr[i];
	return all & UINT64_C(0x8080808080808080);
}

/* One record to its events or facts; false when memory is out. */
static bool add_record(struct parsing *a, const struct csv_record *r)
{
	const struct file_kind *kind = a->b->kind;
	struct reject why = {r->reason, r->column, STR_NULL};
	enum row_result result = ROW_MORE;
	unsigned columns = kind->n_columns, cursor = 0;
	const struct str *field = r->field;

	a->b->records++;
	if (!r->reason && (columns ? r->n != columns : r->n > CSV_FIELDS))
		why = (struct reject){REJECT_FIELDS, UINT_MAX, STR_NULL};
	if (a->rules->spreadsheet) {
		for (unsigned i = 0; i < r->n && i < CSV_FIELDS; i++)
			a->p->csv.field[i] = csv_without_apostrophe(r->field[i]);
		field = a->p->csv.field;
	}
	if (why.reason)
		result = ROW_REJECT;
	else if (a->rules->set->repairs && has_high_bytes(r->text))
		repair(a, r);
	while (result == ROW_MORE) {
		struct event_row *ev = &a->p->row[a->p->n_rows];

		ev->cursor = cursor;
		ev->session = STR_NULL;
		ev->wall = false;
		ev->known = r->known;
		result = kind->row(a->rules->set->ctx, (struct strs){field, r->n}, ev,
				   &why);
		cursor = ev->cursor;
		if ((result == ROW_EVENT || result == ROW_MORE) && !add_event(a, r))
			return false;
	}
	if (result == ROW_FACTS)
		return add_facts(a);
	if (result == ROW_REJECT)
		add_reject(a->b, r, &why);
	a->b->skipped += result == ROW_SKIP;
	return true;
}

void batch_parse(const struct batch_rules *rules, struct parser *p, struct witness *w,
		 struct batch *b)
{
	struct parsing a = {rules, p, w, b};
	struct csv_record r;

	if (w->err.code || job_cancelled(rules->job))
		return;
	for (unsigned i = 0; i < BATCH_ROWS; i++)
		p->row[i] = (struct event_row){
			.arena = p->arena, .zone = rules->zone};
	csv_reader_start(&p->csv, b->piece);
	while (csv_reader_next(&p->csv, &r)) {
		if (b->skip_first)
			b->skip_first--;
		else if (!add_record(&a, &r) || (r.copied && p->n_rows && !flush(&a)))
			return;
	}
	if (p->csv.err.code) {
		w->err = p->csv.err;
		return;
	}
	(void)flush(&a);
	b->lines = p->csv.line;
	witness_measure(w);
}
