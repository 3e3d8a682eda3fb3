/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sessions of a synthetic shop, by time or one by one. */
#include "config.h"

#include "synth/generate_impl.h"

#include "base/mem.h"

#define BLOCK_SESSIONS 2048	/* what one random stream draws: part of the format */
#define DIGIT_BITS 11		/* of the radix sort by time */
#define RETURNED 40		/* one purchase in so many */
#define RETURN_DAYS 15		/* is taken back within these */

/* What a session and a product decide by themselves; use: a different number for
 * each decision. */
static uint64_t decide(const struct generator *g, const struct shopper_event *e,
		       uint64_t use)
{
	return synth_mix(g->shop->seed ^ use << 48, e->session << 20 ^ e->product);
}

static void events_add(struct shopper_events *e, const struct shopper_event *items,
		       size_t n)
{
	MEM_GROW(e->items, e->cap, e->n + n);
	if (n > 0)
		memcpy(e->items + e->n, items, n * sizeof *items);
	e->n += n;
}

/* The first second of a block; no event of it or of a later one is earlier. */
static uint32_t block_start(const struct generator *g, uint64_t block)
{
	if (block * BLOCK_SESSIONS >= g->shop->sessions)
		return UINT32_MAX;
	return synth_arrival(g->shop, block * BLOCK_SESSIONS, 0);
}

static void write_blocks(struct generator *g)
{
	for (size_t i = 0; i < g->unwritten; i++)
		generate_put(g, &g->blocks[i]);
	g->unwritten = 0;
}

/* The event goes to its own block, or waits for a later one. */
static void sort_out(const struct generator *g, struct block *b, uint32_t border,
		     const struct shopper_event *e)
{
	struct shopper_event back = *e;

	if (!(g->file->kinds >> e->kind & 1))
		return;
	events_add(e->time < border ? &b->own : &b->late, e, 1);
	if (!g->file->returns || e->kind != EVENT_PURCHASE ||
	    decide(g, e, 1) % RETURNED != 0)
		return;
	back.cancels = true;
	back.time += 3600 + (uint32_t)(decide(g, e, 2) % (RETURN_DAYS * 86400));
	if (back.time / 86400 < g->shop->days)
		events_add(back.time < border ? &b->own : &b->late, &back, 1);
}

static void draw_block(struct generator *g, size_t i)
{
	struct block *b = &g->blocks[i];
	uint64_t block = g->round + i, first = block * BLOCK_SESSIONS;
	uint64_t left = g->shop->sessions - first;
	uint32_t border = g->file->by_session ? UINT32_MAX : block_start(g, block + 1);

	b->drawn.n = b->own.n = b->late.n = 0;
	shopper_draw(g->shop, block, first,
		     first + (left < BLOCK_SESSIONS ? left : BLOCK_SESSIONS), &b->drawn);
	for (size_t k = 0; k < b->drawn.n; k++)
		sort_out(g, b, border, &b->drawn.items[k]);
}

/* Task 0 writes what the last round formatted while the others draw. */
static void draw_round(void *ctx, size_t task, unsigned worker)
{
	struct generator *g = ctx;

	if (task == 0)
		write_blocks(g);
	else
		draw_block(g, task - 1);
}

/* Hand late events over to the block that holds their second, ahead of its own:
 * they are of earlier sessions. */
static void carry(struct generator *g, size_t n)
{
	struct shopper_events *c = &g->carried;

	for (size_t i = 0; i < n; i++) {
		struct block *b = &g->blocks[i];
		uint32_t border = block_start(g, g->round + i + 1);
		size_t kept = 0;

		b->drawn.n = 0;
		for (size_t k = 0; k < c->n; k++) {
			if (c->items[k].time < border)
				events_add(&b->drawn, &c->items[k], 1);
			else
				c->items[kept++] = c->items[k];
		}
		c->n = kept;
		events_add(c, b->late.items, b->late.n);
	}
}

/* Stable radix sort by time; `other` is room for as many. */
static void sort_by_time(struct shopper_events *e, struct shopper_events *other)
{
	uint32_t low = UINT32_MAX, high = 0;

	for (size_t i = 0; i < e->n; i++) {
		low = e->items[i].time < low ? e->items[i].time : low;
		high = e->items[i].time > high ? e->items[i].time : high;
	}
	MEM_GROW(other->items, other->cap, e->n);
	other->n = e->n;
	for (unsigned shift = 0; high > low && shift < 32 && (high - low) >> shift;
	     shift += DIGIT_BITS) {
		size_t at[(1 << DIGIT_BITS) + 1] = {0};
		struct shopper_events swap = *e;

		for (size_t i = 0; i < e->n; i++)
			at[((e->items[i].time - low) >> shift & ((1 << DIGIT_BITS) - 1)) + 1]++;
		for (size_t i = 1; i <= 1 << DIGIT_BITS; i++)
			at[i] += at[i - 1];
		for (size_t i = 0; i < e->n; i++)
			other->items[at[(e->items[i].time - low) >> shift &
					((1 << DIGIT_BITS) - 1)]++] = e->items[i];
		*e = *other;
		*other = swap;
	}
}

/* A version 4 UUID that is a function of seed and session. */
static struct str session_text(const struct synth *s, uint64_t session, char text[36])
{
	static const char hex[] = "0123456789abcdef";
	static const uint8_t place[16] = {0,  2,  4,  6,  9,  11, 14, 16,
					  19, 21, 24, 26, 28, 30, 32, 34};
	uint64_t x[2] = {synth_mix(s->seed ^ UINT64_C(0x5e5510), session),
			 synth_mix(s->seed ^ UINT64_C(0x1d5), session)};

	x[0] = (x[0] & ~UINT64_C(0xf000)) | 0x4000;
	x[1] = (x[1] & (UINT64_MAX >> 2)) | UINT64_C(1) << 63;
	text[8] = text[13] = text[18] = text[23] = '-';
	for (unsigned i = 0; i < 16; i++) {
		unsigned byte = x[i / 8] >> (56 - i % 8 * 8) & 255;

		text[place[i]] = hex[byte >> 4];
		text[place[i] + 1] = hex[byte & 15];
	}
	return str_span(text, 36);
}

/* Most lines of an order are of one piece. */
static uint32_t pieces(const struct generator *g, const struct shopper_event *e)
{
	uint64_t x = decide(g, e, 3);
	uint32_t n = x % 16 < 11 ? 1 : 2 + (uint32_t)(x / 16 % 5);

	/* some returns are of a part */
	return e->cancels && n > 1 && x >> 63 ? n / 2 : n;
}

/* "536365" or a UUID, see struct dataset_writer. */
static struct str session_id(const struct generator *g, uint64_t session, char text[36])
{
	uint64_t id = g->writer->first_session + session;
	unsigned at = 36;

	if (!g->writer->first_session)
		return session_text(g->shop, session, text);
	for (; id > 0; id /= 10)
		text[--at] = (char)('0' + id % 10);
	return str_span(text + at, 36 - at);
}

static void format_event(const struct generator *g, const struct shopper_event *e,
			 unsigned cursor, struct strbuf *out)
{
	char session[36], user[9], product[20];
	struct event_row row = {
		.time = g->shop->start + e->time * INT64_C(1000),
		.kind = e->kind,
		.cancels = e->cancels,
		.quantity = e->kind == EVENT_PURCHASE ? pieces(g, e) : 1,
		.product = generate_product(g, e->product, product),
		.session = session_id(g, e->session, session),
		.user = generate_user(e->user, user),
		.name = STR(""),
		.group = STR(""),
		.cursor = cursor,
	};

	generate_describe(g, e->product, e->time, &row);
	if (g->file->names)
		row.name = str_span(g->names.ptr + g->name_at[e->product],
				    g->name_at[e->product + 1] - g->name_at[e->product]);
	g->file->row(out, &row);
}

static void format_block(void *ctx, size_t task, unsigned worker)
{
	struct generator *g = ctx;
	struct block *b = &g->blocks[task];
	unsigned cursor = 0;

	events_add(&b->drawn, b->own.items, b->own.n);
	if (!g->file->by_session)
		sort_by_time(&b->drawn, &b->own);
	strbuf_reset(&b->text);
	b->rows = b->drawn.n;
	b->noise = b->returns = 0;
	for (size_t i = 0; i < b->drawn.n; i++) {
		const struct shopper_event *e = &b->drawn.items[i];

		cursor = g->file->by_session && i > 0 && e[-1].session == e->session
			? cursor + 1 : 0;
		format_event(g, e, cursor, &b->text);
		b->noise += e->noise && !e->cancels;
		b->returns += e->cancels;
	}
	generate_spoil(g, b, g->round + task);
}

static void run_round(struct generator *g, size_t n)
{
	struct generate_summary *sum = g->sum;

	pool_run(g->pool, n + 1, draw_round, g);
	carry(g, n);
	pool_run(g->pool, n, format_block, g);
	g->unwritten = n;
	for (size_t i = 0; i < n; i++) {
		sum->bytes += g->blocks[i].text.len;
		sum->events += g->blocks[i].rows - g->blocks[i].returns;
		sum->returns += g->blocks[i].returns;
		sum->noise += g->blocks[i].noise;
	}
}

bool generate_events(struct generator *g, struct err *err)
{
	uint64_t blocks = (g->shop->sessions + BLOCK_SESSIONS - 1) / BLOCK_SESSIONS;

	job_step(g->job, "writing events", g->shop->sessions);
	for (g->round = 0; g->round < blocks; g->round += g->n_blocks) {
		uint64_t left = blocks - g->round;
		size_t n = left < g->n_blocks ? left : g->n_blocks;

		if (!job_check(g->job, err))
			return false;
		run_round(g, n);
		left = g->shop->sessions - g->round * BLOCK_SESSIONS;
		job_advance(g->job, left < n * BLOCK_SESSIONS ? left : n * BLOCK_SESSIONS);
		if (out_failed(g->out))
			break;	/* out_close says why */
	}
	write_blocks(g);
	return true;
}
