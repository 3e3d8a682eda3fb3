/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The counting of live.h: the pairs of one product from its sessions. A session's events
 * become bits (of the product, of a kind), 16 at a time. Every worker has a dense tally,
 * half a cache line for all that is counted of a product, and a list of what it touched,
 * so that clearing costs what was touched.
 */
#include "config.h"

#include "stats/live_impl.h"

#include <assert.h>
#include <stdlib.h>
#include <time.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/csr.h"
#include "base/job.h"
#include "base/mem.h"
#include "base/pool.h"

#define SESSIONS 2048u	/* of one product, per task */
#define AHEAD 12u	/* sessions whose memory is fetched ahead */
#define CHUNK 64u	/* events that are looked at together */
#define STEP 16u	/* at a time */
#define GROUPS_MAX 4096u	/* parts of a sample */
#define ALWAYS_INLINE inline __attribute__((always_inline))

/* --- the pairs of a product */

#define PACKED_SHIFT 29
#define PACKED_PRODUCT ((UINT32_C(1) << PACKED_SHIFT) - 1)
_Static_assert(EVENT_KINDS <= 1u << (32 - PACKED_SHIFT), "a kind has room");

struct packing {
	const struct catalog *c;
	uint32_t *event;
};
#define PACKED_TASK ((uint64_t)1 << 18)

static void pack_task(void *ctx, size_t task, unsigned worker)
{
	struct packing *g = ctx;
	uint64_t i = task * PACKED_TASK, end = i + PACKED_TASK;

	(void)worker;
	end = end < g->c->n_events ? end : g->c->n_events;
	for (; i < end; i++)
		g->event[i] = (uint32_t)g->c->event_kind[i] << PACKED_SHIFT |
			      g->c->event_product[i];
}

/* A session's memory is what its walk costs, so that a product and a kind share four
 * bytes. */
bool live_pack(struct live *l, struct err *err)
{
	struct packing g = {.c = &l->cut.catalog};

	if (l->base->n_products > PACKED_PRODUCT)
		return err_fail(err, ERR_NO, "pairs of more than %u products can't be counted "
				"under a filter of events", PACKED_PRODUCT);
	free(l->packed);
	/* Whole steps are read, also behind the last event. */
	l->packed = mem_big(g.c->n_events + STEP, sizeof *l->packed,
			    "the events that the filter lets in", err);
	if (!l->packed)
		return false;
	g.event = l->packed;
	pool_run(l->pool, (size_t)((g.c->n_events + PACKED_TASK - 1) / PACKED_TASK),
		 pack_task, &g);
	return true;
}

bool counter_init(struct counter *k, size_t products, struct err *err)
{
	k->room = mem_big(products + 2, sizeof *k->tally, "counting pairs", err);
	k->touched = mem_big(products + 1, sizeof *k->touched, "counting pairs", err);
	if (!k->room || !k->touched)
		return false;
	/* None may lie across two cache lines. */
	k->tally = (struct tally *)(((uintptr_t)k->room + 63) & ~(uintptr_t)63);
	return marks_init(&k->marks, products, err);
}

void counter_finish(struct counter *k)
{
	free(k->room);
	free(k->touched);
	marks_finish(&k->marks);
}

/* Without a branch: whether an event counts is anyone's guess. */
static inline void bump(struct counter *k, unsigned row, uint32_t b, bool counts)
{
	struct tally *t = &k->tally[b];

	k->touched[k->n_touched] = b;
	k->n_touched += counts & !t->listed;
	t->listed |= counts;
	t->n[row] += counts;
}

/* The events of one session, packed. */
struct span {
	const uint32_t *event;
	size_t n;
};

/* Up to CHUNK events as bits: which are of the product, which are of a kind. */
struct chunk {
	uint64_t product, view, cart, purchase;
};

#ifdef __SSE2__
/* Events [0, STEP), of which some may lie behind the last one. */
static ALWAYS_INLINE struct chunk look_step(const uint32_t *event, uint32_t a)
{
	const __m128i *p = (const __m128i *)(const void *)event;
	const __m128i products = _mm_set1_epi32(PACKED_PRODUCT);
	const __m128i wanted = _mm_set1_epi32((int)a);
	__m128i same[4], kind[4], k;

	for (unsigned i = 0; i < 4; i++) {
		__m128i e = _mm_loadu_si128(p + i);

		same[i] = _mm_cmpeq_epi32(_mm_and_si128(e, products), wanted);
		kind[i] = _mm_srli_epi32(e, PACKED_SHIFT);
	}
	k = _mm_packs_epi16(_mm_packs_epi32(kind[0], kind[1]),
			    _mm_packs_epi32(kind[2], kind[3]));
#define BITS(v) (unsigned)_mm_movemask_epi8(v)
	return (struct chunk){
		BITS(_mm_packs_epi16(_mm_packs_epi32(same[0], same[1]),
				     _mm_packs_epi32(same[2], same[3]))),
		BITS(_mm_cmpeq_epi8(k, _mm_set1_epi8(EVENT_VIEW))),
		BITS(_mm_cmpeq_epi8(k, _mm_set1_epi8(EVENT_CART))),
		BITS(_mm_cmpeq_epi8(k, _mm_set1_epi8(EVENT_PURCHASE))),
	};
#undef BITS
}
#else
static ALWAYS_INLINE struct chunk look_step(const uint32_t *event, uint32_t a)
{
	struct chunk c = {0};

	for (unsigned i = 0; i < STEP; i++) {
		unsigned kind = event[i] >> PACKED_SHIFT;

		c.product |= (uint64_t)((event[i] & PACKED_PRODUCT) == a) << i;
		c.view |= (uint64_t)(kind == EVENT_VIEW) << i;
		c.cart |= (uint64_t)(kind == EVENT_CART) << i;
		c.purchase |= (uint64_t)(kind == EVENT_PURCHASE) << i;
	}
	return c;
}
#endif

static ALWAYS_INLINE struct chunk look(const uint32_t *event, unsigned n, uint32_t a)
{
	uint64_t valid = UINT64_MAX >> (CHUNK - n);
	struct chunk c = look_step(event, a);

	for (unsigned i = STEP; i < n; i += STEP) {
		struct chunk more = look_step(event + i, a);

		c.product |= more.product << i;
		c.view |= more.view << i;
		c.cart |= more.cart << i;
		c.purchase |= more.purchase << i;
	}
	c.product &= valid;
	c.view &= valid;
	c.cart &= valid;
	c.purchase &= valid;
	return c;
}

/* Products of the events in `bits` that the round has not met; none is a. */
static inline void count_new(struct counter *k, const uint32_t *event, uint64_t bits,
			     unsigned row, uint32_t round)
{
	for (; bits; bits &= bits - 1) {
		uint32_t b = event[__builtin_ctzll(bits)] & PACKED_PRODUCT;
		bool fresh = k->tally[b].round != round;

		k->tally[b].round = round;
		bump(k, row, b, fresh);
	}
}

/* The same with a round of its own. */
static inline void count_row(struct counter *k, const uint32_t *event, uint64_t bits,
			     unsigned row)
{
	if (bits)
		count_new(k, event, bits, row, ++k->round);
}

/* Most of what is counted is views with a view, so these are put down with their round,
 * in steps that don't depend on how many there are, and counted later, many at once. */
static ALWAYS_INLINE void put_down(struct counter *k, const uint32_t *event, uint64_t bits,
			    uint64_t round)
{
	uint64_t *to = k->pending + k->n_pending;

	for (unsigned i = 0; i < STEP / 2; i++) {
		*to = round << 32 | (event[i] & PACKED_PRODUCT);
		to += bits >> i & 1;
	}
	for (bits &= ~UINT64_C(0) << STEP / 2; bits; bits &= bits - 1)
		*to++ = round << 32 | (event[__builtin_ctzll(bits)] & PACKED_PRODUCT);
	k->n_pending = (size_t)(to - k->pending);
}

static void count_pending(struct counter *k)
{
	const uint64_t *p = k->pending;

	for (size_t i = 0; i < k->n_pending; i++) {
		uint32_t b = (uint32_t)p[i], round = (uint32_t)(p[i] >> 32);
		bool fresh = k->tally[b].round != round;

		__builtin_prefetch(&k->tally[(uint32_t)p[i + AHEAD]], 1);
		k->tally[b].round = round;
		bump(k, REL_CO_VIEW, b, fresh);
	}
	k->n_pending = 0;
	p = k->beside;
	for (size_t i = 0; i < k->n_beside; i++) {
		__builtin_prefetch(&k->tally[(uint32_t)p[i + AHEAD]], 1);
		bump(k, (unsigned)(p[i] >> 32), (uint32_t)p[i], true);
	}
	k->n_beside = 0;
}

/* The views next to the view of a at place i, where they are of other products: what
 * repeats a is met again from its other end. */
static void count_beside(struct counter *k, const struct span *e, uint32_t a, size_t i)
{
	size_t next = i + 1, before = i;

	while (next < e->n && e->event[next] >> PACKED_SHIFT != EVENT_VIEW)
		next++;
	if (next < e->n)
		bump(k, REL_ADJACENT_VIEW, e->event[next] & PACKED_PRODUCT,
		     (e->event[next] & PACKED_PRODUCT) != a);
	while (before > 0 && e->event[before - 1] >> PACKED_SHIFT != EVENT_VIEW)
		before--;
	if (before > 0)
		bump(k, LIVE_INTO, e->event[before - 1] & PACKED_PRODUCT,
		     (e->event[before - 1] & PACKED_PRODUCT) != a);
}

#define ROW(r) (1u << (r))
#define BESIDE (ROW(REL_ADJACENT_VIEW) | ROW(LIVE_INTO))

/* The same in a session of one chunk. */
static ALWAYS_INLINE void count_neighbours(struct counter *k, const uint32_t *event,
				    const struct chunk *c)
{
	const uint64_t top = UINT64_C(1) << 63;
	uint64_t *to = k->beside + k->n_beside;

	/* Where there is none it is a itself, which doesn't count. */
	for (uint64_t at = c->product & c->view; at; at &= at - 1) {
		unsigned i = (unsigned)__builtin_ctzll(at);
		uint64_t after = c->view >> i >> 1;
		uint64_t before = c->view & ((UINT64_C(1) << i) - 1);
		unsigned next = i + 1 + (unsigned)__builtin_ctzll(after | top);
		unsigned last = 63 - (unsigned)__builtin_clzll(before | 1);

		next = after ? next : i;
		last = before ? last : i;
		*to = (uint64_t)REL_ADJACENT_VIEW << 32 | (event[next] & PACKED_PRODUCT);
		to += !(c->product >> next & 1);
		*to = (uint64_t)LIVE_INTO << 32 | (event[last] & PACKED_PRODUCT);
		to += !(c->product >> last & 1);
	}
	k->n_beside = (size_t)(to - k->beside);
}

static ALWAYS_INLINE void count_short(const struct counting *g, struct counter *k,
			       const struct span *e)
{
	struct chunk c = look(e->event, (unsigned)e->n, g->product);
	uint64_t viewed = c.product & c.view, others = ~c.product;

	if (viewed && (g->which & BESIDE))
		count_neighbours(k, e->event, &c);
	if (viewed && (g->which & ROW(REL_CO_VIEW)))
		put_down(k, e->event, c.view & others, ++k->round);
	if (viewed && (g->which & ROW(REL_VIEW_PURCHASE)))
		/* what is bought behind the first view */
		count_row(k, e->event, c.purchase & others & ~((viewed & -viewed) - 1),
			  REL_VIEW_PURCHASE);
	if ((c.product & c.cart) && (g->which & ROW(REL_CO_CART)))
		count_row(k, e->event, c.cart & others, REL_CO_CART);
	if ((c.product & c.purchase) && (g->which & ROW(REL_CO_PURCHASE)))
		count_row(k, e->event, c.purchase & others, REL_CO_PURCHASE);
}

static struct chunk look_at(const struct counting *g, const struct span *e, size_t at)
{
	return look(e->event + at, e->n - at < CHUNK ? (unsigned)(e->n - at) : CHUNK,
		    g->product);
}

/* One row of a session of many chunks. */
static void count_chunks(const struct counting *g, struct counter *k, const struct span *e,
			 enum relation r)
{
	uint32_t round = ++k->round;
	uint64_t behind = 0;	/* the first view of a, of this chunk */

	for (size_t at = 0; at < e->n; at += CHUNK) {
		struct chunk c = look_at(g, e, at);
		uint64_t viewed = c.product & c.view;
		uint64_t bits = r == REL_CO_VIEW ? c.view : r == REL_CO_CART ? c.cart :
				c.purchase;

		if (behind == 0 && viewed)
			behind = ~((viewed & -viewed) - 1);
		if (r == REL_VIEW_PURCHASE)
			bits &= behind;
		count_new(k, e->event + at, bits & ~c.product, r, round);
		if (behind)
			behind = UINT64_MAX;
	}
}

/* First what the session has of a, then what goes with it. */
static void __attribute__((noinline))
count_long(const struct counting *g, struct counter *k, const struct span *e)
{
	unsigned which = 0;

	for (size_t at = 0; at < e->n; at += CHUNK) {
		struct chunk c = look_at(g, e, at);
		uint64_t viewed = c.product & c.view;

		which |= viewed ? ROW(REL_CO_VIEW) | ROW(REL_VIEW_PURCHASE) : 0;
		which |= c.product & c.cart ? ROW(REL_CO_CART) : 0;
		which |= c.product & c.purchase ? ROW(REL_CO_PURCHASE) : 0;
		for (; viewed && (g->which & BESIDE); viewed &= viewed - 1)
			count_beside(k, e, g->product,
				     at + (size_t)__builtin_ctzll(viewed));
	}
	for (unsigned r = 0; r < RELATIONS; r++)
		if (which & g->which & ROW(r))
			count_chunks(g, k, e, r);
}

static ALWAYS_INLINE void count_session(const struct counting *g, struct counter *k,
					 uint32_t s)
{
	uint64_t first = g->c->session_offsets[s];
	struct span e = {g->event + first, g->c->session_offsets[s + 1] - first};

	if (e.n == 0)
		return;
	if (e.n <= CHUNK && (g->c->max_session == 0 || e.n <= g->c->max_session))
		count_short(g, k, &e);
	else if (!scan_counted(g->c, s, &k->marks))
		return;
	else if (e.n <= CHUNK)
		count_short(g, k, &e);
	else
		count_long(g, k, &e);
}

/* Of a sample the i-th session: one of the i-th `groups` sessions, the next of them by
 * chance in every group, so that the groups together hold each once. It may lie behind
 * the last one. */
static inline size_t place(const struct counting *g, size_t i)
{
	uint64_t x;

	if (g->groups == 1)
		return i;
	x = ((uint64_t)i + 1) * UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ x >> 32) * UINT64_C(0xd6e8feb86659fd93);
	x ^= x >> 29;
	return i * g->groups + ((x + g->group * (x >> 32 | 1)) & (g->groups - 1));
}

/* Sessions of one product lie far apart: their memory is asked for ahead. */
static void count_task(void *ctx, size_t task, unsigned worker)
{
	struct counting *g = ctx;
	struct counter *k = &g->counter[worker];
	size_t i = task * SESSIONS, end = i + SESSIONS, n = (g->n + g->groups - 1) / g->groups;

	end = end < n ? end : n;
	for (; i < end && !job_cancelled(g->job); i++) {
		size_t now = place(g, i), soon = place(g, i + AHEAD);
		size_t later = place(g, i + 2 * AHEAD);

		if (later < g->n)
			__builtin_prefetch(
				&g->c->session_offsets[g->session[later] - g->first]);
		if (soon < g->n) {
			uint64_t at = g->c->session_offsets[g->session[soon] - g->first];

			__builtin_prefetch(&g->event[at]);
			__builtin_prefetch(&g->event[at + STEP - 1]);
		}
		if (now < g->n)
			count_session(g, k, g->session[now] - g->first);
		if (k->n_pending >= PENDING || k->n_beside >= PENDING)
			count_pending(k);
	}
	count_pending(k);
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Walk sessions, in a hurry group by group until the time is up; returns how many. */
static uint64_t walk(struct live *l, struct counting *g)
{
	double start = seconds(), spent = 0;
	uint64_t walked = 0;

	g->groups = 1;
	while (l->hurry > 0 && g->groups < GROUPS_MAX &&
	       g->n / g->groups > l->group_sessions)
		g->groups *= 2;
	for (g->group = 0; g->group < g->groups && !job_cancelled(g->job); g->group++) {
		size_t n = (g->n + g->groups - 1) / g->groups;

		/* what the next one will take, by those before */
		if (g->group > 0 && spent + spent / g->group > l->hurry)
			break;
		pool_run(l->pool, (n + SESSIONS - 1) / SESSIONS, count_task, g);
		walked += n - (n > 0 && place(g, n - 1) >= g->n);
		spent = seconds() - start;
	}
	return walked;
}

static void add_entry(struct live_row *r, uint32_t b, uint32_t n, bool sampled)
{
	if (r->n == r->cap) {
		r->cap = r->cap * 2 + 64;
		r->column = mem_resize(r->column, r->cap, sizeof *r->column);
		r->value = mem_resize(r->value, r->cap, sizeof *r->value);
		r->seen = mem_resize(r->seen, r->cap, sizeof *r->seen);
	}
	r->column[r->n] = b;
	r->seen[r->n] = n;
	r->value[r->n++] = n;
	r->sampled = sampled;
}

/* The sum of all workers' tallies of b, which are cleared. */
static void collect_product(struct live *l, struct live_rows *rows, unsigned which,
			    uint32_t b)
{
	struct tally sum = {0};

	for (unsigned t = 0; t < pool_threads(l->pool); t++) {
		struct tally *x = &l->counter[t].tally[b];

		for (unsigned r = 0; r < LIVE_ROWS; r++)
			sum.n[r] += x->n[r];
		*x = (struct tally){0};
	}
	for (unsigned r = 0; r < LIVE_ROWS; r++)
		if (sum.n[r] && (which >> r & 1))
			add_entry(&rows->row[r], b, sum.n[r],
				  rows->walked < rows->sessions);
}

/* What any worker touched, ascending, without a sort: through bits. Returns how many;
 * the list is the first worker's. */
static size_t sort_touched(struct live *l)
{
	uint32_t *list = l->counter[0].touched;
	size_t words = l->base->n_products / 64 + 1, n = 0;

	for (unsigned t = 0; t < pool_threads(l->pool); t++) {
		struct counter *k = &l->counter[t];

		for (size_t i = 0; i < k->n_touched; i++)
			l->touched[k->touched[i] / 64] |= UINT64_C(1) << k->touched[i] % 64;
		k->n_touched = k->round = 0;
	}
	for (size_t w = 0; w < words; w++) {
		for (uint64_t any = l->touched[w]; any; any &= any - 1)
			list[n++] = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(any);
		l->touched[w] = 0;
	}
	return n;
}

static void collect(struct live *l, struct live_rows *rows, unsigned which)
{
	const uint32_t *list = l->counter[0].touched;
	unsigned threads = pool_threads(l->pool);
	size_t n = sort_touched(l);

	for (size_t i = 0; i < n; i++) {
		for (unsigned t = 0; t < threads && i + AHEAD < n; t++)
			__builtin_prefetch(&l->counter[t].tally[list[i + AHEAD]], 1);
		collect_product(l, rows, which, list[i]);
	}
}

bool live_count(struct live *l, uint32_t product, unsigned which, struct live_rows *rows,
		struct job *job, struct err *err)
{
	const struct catalog *base = l->base;
	const uint32_t *session = base->product_session +
				  base->product_session_offsets[product];
	size_t n = base->product_session_offsets[product + 1] -
		   base->product_session_offsets[product];
	size_t low = csr_lower(session, n, l->cut.first);
	/* One walk counts both sides of adjacent-view. */
	if (which & BESIDE)
		which |= BESIDE;
	assert(which && !(which >> LIVE_ROWS) && product < base->n_products);
	assert(l->made & LIVE_PAIRS);
	struct counting g = {.c = &l->cut.catalog, .counter = l->counter, .job = job,
			     .product = product, .which = which,
			     .event = l->packed, .first = l->cut.first,
			     .session = session + low};

	g.n = csr_lower(session, n, (uint64_t)g.first + g.c->n_sessions) - low;
	for (unsigned r = 0; r < LIVE_ROWS; r++) {
		rows->row[r].n = 0;
		free(rows->row[r].q);
		rows->row[r].q = NULL;
		rows->row[r].sampled = false;
	}
	rows->sessions = g.n;
	rows->walked = walk(l, &g);
	rows->product = product;
	rows->which = which;
	collect(l, rows, which);
	if (!job_check(job, err))
		return false;
	if (rows->walked < rows->sessions)
		live_scale(l, rows);
	return true;
}
