/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Events in flight. The events of a piece of a file are near each other in time
 * and number, so a segment keeps every column as differences to its smallest
 * value, in as few whole bytes as the largest one needs: 9 to 13 bytes an event
 * instead of 25. A segment is one block of bytes, in memory or in the temporary
 * file:
 *
 *	per column: smallest value (8), unit (4), bytes per event (1), holes (1),
 *	then columns one after another; 8 spare bytes at the end
 *
 * Where there are holes (no time, price or rating) 0 stands for one and the rest is one
 * higher. Prices keep the scale of their segment.
 */
#include "config.h"

#include "import/segments.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/spill.h"
#include "import/witness.h"
#include "store/build.h"

#define HEAD 14
#define SPARE 8
#define SEGMENT_MAX 4096	/* events */
#define MS_PER_SECOND 1000

enum { PRODUCT, SESSION, TIME, PRICE, KIND, QUANTITY, RATING, PARTS };

/* How the values of one column are packed. */
struct packing {
	uint64_t base;
	uint32_t unit;
	uint8_t width, holes;
};

static struct packing plan(const uint64_t *v, size_t n, uint64_t hole, uint32_t unit)
{
	struct packing p = {.unit = unit};
	bool any = false;
	uint64_t most = 0;

	for (size_t i = 0; i < n; i++) {
		if (v[i] == hole) {
			p.holes = 1;
		} else if (!any || (int64_t)v[i] < (int64_t)p.base) {
			p.base = v[i];
			any = true;
		}
	}
	for (size_t i = 0; i < n; i++) {
		uint64_t step = v[i] - p.base;

		if (p.holes && v[i] == hole)
			continue;
		most = step > most ? step : most;
		if (p.unit > 1 && step % p.unit)
			p.unit = 1;
	}
	most = most / p.unit + p.holes;
	while (p.width < 8 && most >> (p.width * 8))
		p.width++;
	return p;
}

struct numbers_in {
	const uint64_t *v; /* (n) */
	size_t n;
	uint64_t hole;
};

/* n events from the first on. */
struct stretch {
	const struct columns *c;
	size_t first, n;
};

static uint8_t *put(uint8_t *to, struct numbers_in in, const struct packing *p)
{
	for (size_t i = 0; i < in.n && p->width; i++) {
		uint64_t code = in.v[i] - p->base;

		if (p->unit > 1)
			code /= p->unit;
		code = p->holes && in.v[i] == in.hole ? 0 : code + p->holes;
		memcpy(to, &code, sizeof code);
		to += p->width;
	}
	return to;
}

/* Values of a column as 64 bits. */
static void load(struct stretch s, int part, uint64_t *v)
{
	for (size_t i = 0, k = s.first; i < s.n; i++, k++)
		v[i] = part == PRODUCT	  ? s.c->product[k]
		       : part == SESSION  ? s.c->session[k]
		       : part == TIME	  ? (uint64_t)s.c->time[k]
		       : part == PRICE	  ? (uint64_t)s.c->price[k]
		       : part == KIND	  ? s.c->kind[k]
		       : part == QUANTITY ? (s.c->quantity ? s.c->quantity[k] : 0)
		       : s.c->rating	  ? s.c->rating[k]
					  : 0;
}

static uint64_t hole_of(int part)
{
	return part == TIME ? (uint64_t)TIME_NONE : part == PRICE ? (uint64_t)PRICE_NONE
		: part == RATING ? RATING_NONE : UINT64_MAX;
}

/* Events [first, first + n). */
static bool pack(struct packer *k, struct stretch s, struct segment *out, struct err *err)
{
	size_t most = PARTS * (HEAD + 8 * s.n) + SPARE;
	uint8_t *to, *end;

	if (s.n > k->cap) {
		if (!mem_big_resize((void **)&k->value, s.n, sizeof *k->value, "events", err) ||
		    !mem_big_resize((void **)&k->bytes, most, 1, "events", err))
			return false;
		k->cap = s.n;
	}
	end = k->bytes + (size_t)PARTS * HEAD;
	for (int part = 0; part < PARTS; part++) {
		struct packing p;

		load(s, part, k->value);
		p = plan(k->value, s.n, hole_of(part), part == TIME ? MS_PER_SECOND : 1);
		to = k->bytes + (size_t)part * HEAD;
		memcpy(to, &p.base, sizeof p.base);
		memcpy(to + 8, &p.unit, sizeof p.unit);
		to[12] = p.width;
		to[13] = p.holes;
		end = put(end, (struct numbers_in){k->value, s.n, hole_of(part)}, &p);
	}
	memset(end, 0, SPARE);
	*out = (struct segment){
		.n = (uint32_t)s.n,
		.size = (uint32_t)(end - k->bytes) + SPARE,
		.scale = (uint8_t)s.c->scale,
	};
	return true;
}

void packer_finish(struct packer *k)
{
	free(k->value);
	free(k->bytes);
	free(k->read);
	*k = (struct packer){0};
}

/* Where the part's codes start, and what they mean. */
static const uint8_t *find(const struct segment *s, const uint8_t *bytes, int part,
			   struct packing *p)
{
	const uint8_t *at = bytes + (size_t)PARTS * HEAD;

	for (int i = 0; i < part; i++)
		at += (size_t)s->n * bytes[(size_t)i * HEAD + 12];
	bytes += (size_t)part * HEAD;
	memcpy(&p->base, bytes, sizeof p->base);
	memcpy(&p->unit, bytes + 8, sizeof p->unit);
	p->width = bytes[12];
	p->holes = bytes[13];
	return at;
}

#define UNPACK(name, type)							\
	static void name(const struct segment *s, const uint8_t *bytes, int part, \
			 type *to)						\
	{									\
		struct packing p;						\
		const uint8_t *at = find(s, bytes, part, &p);			\
		uint64_t mask = p.width < 8 ? (UINT64_C(1) << (p.width * 8)) - 1 \
			: UINT64_MAX, code;					\
										\
		for (uint32_t i = 0; i < s->n; i++, at += p.width) {		\
			memcpy(&code, at, sizeof code);				\
			code &= mask;						\
			to[i] = (type)(p.holes && !code ? hole_of(part)		\
				       : p.base + (code - p.holes) * p.unit);	\
		}								\
	}
UNPACK(unpack_8, uint8_t)
UNPACK(unpack_32, uint32_t)
UNPACK(unpack_64, int64_t)

static const uint8_t *bytes_of(const struct segments *s, const struct segment *one,
			       struct packer *k, struct err *err)
{
	if (one->bytes)
		return one->bytes;
	if (one->size > k->room) {
		if (!mem_big_resize((void **)&k->read, one->size, 1, "events", err))
			return NULL;
		k->room = one->size;
	}
	return spill_read(s->spill, (struct spill_range){one->at, one->size}, k->read, err)
		       ? k->read
		       : NULL;
}

bool segments_sessions(const struct segments *s, const struct segment *one,
		       struct packer *k, uint32_t *session, struct err *err)
{
	const uint8_t *bytes = bytes_of(s, one, k, err);

	if (bytes)
		unpack_32(one, bytes, SESSION, session);
	return bytes != NULL;
}

bool segments_unpack(const struct segments *s, const struct segment *one, struct packer *k,
		     struct columns *to, struct err *err)
{
	const uint8_t *bytes = bytes_of(s, one, k, err);
	size_t at = to->n;

	if (!bytes || !columns_reserve(to, at + one->n, err))
		return false;
	unpack_32(one, bytes, PRODUCT, to->product + at);
	unpack_32(one, bytes, SESSION, to->session + at);
	unpack_64(one, bytes, TIME, to->time + at);
	unpack_64(one, bytes, PRICE, to->price + at);
	unpack_8(one, bytes, KIND, to->kind + at);
	if (to->quantity)
		unpack_32(one, bytes, QUANTITY, to->quantity + at);
	if (to->rating)
		unpack_32(one, bytes, RATING, to->rating + at);
	scale_prices(to->price + at, one->n, s->scale - one->scale);
	to->n += one->n;
	return true;
}

/* ---- all of them */

static bool spill(struct segments *s, struct segment *one, const uint8_t *bytes,
		  struct err *err)
{
	if (!s->spill && !build_spill(s->build, &s->spill, err))
		return false;
	if (!spill_write(s->spill, bytes, one->size, &one->at, err))
		return false;
	if (one->bytes) {
		s->held -= one->size;
		free(one->bytes);
		one->bytes = NULL;
	}
	return true;
}

/* Dictionaries have grown: the oldest segments leave memory. */
static bool make_way(struct segments *s, uint64_t room, struct err *err)
{
	while (s->held > room && s->n_spilled < s->n) {
		struct segment *one = &s->of[s->n_spilled++];

		if (one->bytes && !spill(s, one, one->bytes, err))
			return false;
	}
	return true;
}

static bool keep(struct segments *s, const struct packer *k, struct segment *one,
		 struct err *err)
{
	/* One half is for the dictionaries, their merging, and for ordering. */
	uint64_t ids = s->memory && s->ids ? witnesses_memory(s->ids) : 0;
	uint64_t room = s->memory / 2 > ids ? s->memory / 2 - ids : 0;

	MEM_GROW(s->of, s->cap, s->n + 1);
	if (s->memory && s->held + one->size > room) {
		if (!spill(s, one, k->bytes, err) || !make_way(s, room, err))
			return false;
	} else {
		one->bytes = mem_big(one->size, 1, "events", err);
		if (!one->bytes)
			return false;
		memcpy(one->bytes, k->bytes, one->size);
		s->held += one->size;
	}
	s->of[s->n++] = *one;
	s->n_events += one->n;
	if (one->scale > s->scale)
		s->scale = one->scale;
	return true;
}

static void bound(struct segment *s, const struct columns *c, size_t first)
{
	s->first = s->last = c->session[first];
	for (size_t i = first; i < first + s->n; i++) {
		s->first = c->session[i] < s->first ? c->session[i] : s->first;
		s->last = c->session[i] > s->last ? c->session[i] : s->last;
	}
}

bool segments_add(struct segments *s, struct packer *k, const struct columns *c,
		  unsigned worker, uint64_t order, struct err *err)
{
	bool ok = true;

	for (size_t at = 0; ok && at < c->n; at += SEGMENT_MAX) {
		size_t n = c->n - at < SEGMENT_MAX ? c->n - at : SEGMENT_MAX;
		struct segment one;

		if (!pack(k, (struct stretch){c, at, n}, &one, err))
			return false;
		one.worker = (uint16_t)worker;
		one.order = order << SEQ_ROW_BITS | at;
		if (worker == SEGMENT_FINAL)
			bound(&one, c, at);
		pthread_mutex_lock(&s->lock);
		ok = keep(s, k, &one, err);
		if (ok && s->n_events > UINT32_MAX)
			ok = err_fail(err, ERR_FORMAT, "more than %u events: import them "
				      "in parts", UINT32_MAX);
		pthread_mutex_unlock(&s->lock);
	}
	/* A scale that no event has needs to be kept too. */
	pthread_mutex_lock(&s->lock);
	if (c->scale > s->scale)
		s->scale = c->scale;
	pthread_mutex_unlock(&s->lock);
	return ok;
}

static int by_order(const void *a, const void *b)
{
	const struct segment *x = a, *y = b;

	return x->order < y->order ? -1 : x->order > y->order;
}

void segments_sort(struct segments *s)
{
	if (s->n)
		qsort(s->of, s->n, sizeof *s->of, by_order);
}

void segments_move(struct segments *s, struct segment **segment, size_t *n)
{
	*segment = s->of;
	*n = s->n;
	s->of = NULL;
	s->n = s->cap = s->n_spilled = 0;
	s->n_events = s->held = 0;
}

void segments_clear(struct segments *s)
{
	struct segment *one;
	size_t n;

	segments_move(s, &one, &n);
	for (size_t i = 0; i < n; i++)
		free(one[i].bytes);
	free(one);
}

void segments_start(struct segments *s, struct build *b)
{
	*s = (struct segments){.build = b, .memory = build_memory(b)};
	pthread_mutex_init(&s->lock, NULL);
}

void segments_finish(struct segments *s)
{
	segments_clear(s);
	spill_destroy(s->spill);
	pthread_mutex_destroy(&s->lock);
}
