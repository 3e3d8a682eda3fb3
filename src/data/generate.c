/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "data/generate.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/pool.h"
#include "data/shopper.h"
#include "data/synth.h"
#include "data/words.h"

#define BLOCK_SESSIONS 2048	/* what one random stream draws: part of the format */
#define BLOCKS_PER_THREAD 4	/* in one round; changes no byte */
#define PART_PRODUCTS 4096
#define PART_GROUPS 256
#define DIGIT_BITS 11		/* of the radix sort by time */

enum file {
	FILE_EVENTS,
	FILE_PRODUCTS,
	FILE_TRUTH,
	FILES,
};
static const char *const file_names[FILES] = {
	[FILE_EVENTS] = "events.csv",
	[FILE_PRODUCTS] = "products.csv",
	[FILE_TRUTH] = "truth.csv",
};

/* One block of sessions on its way to text. */
struct block {
	struct shopper_events drawn;	/* sessions one by one; then sorted by time */
	struct shopper_events own;	/* those before the next block's first second */
	struct shopper_events late;	/* the others */
	struct strbuf text;
	uint64_t rows, noise;
};

struct generator {
	const struct generate_options *options;
	struct synth *shop;
	struct pool *pool;
	struct job *job;
	struct block *blocks;	/* (n_blocks): one round */
	unsigned n_blocks;
	uint64_t round;		/* number of the round's first block or part */
	struct out *out;	/* of the events */
	size_t unwritten;	/* blocks of the last round whose text is not in out */
	struct shopper_events carried;	/* late events of earlier blocks */
};

static void generator_finish(struct generator *g)
{
	for (unsigned i = 0; i < g->n_blocks; i++) {
		free(g->blocks[i].drawn.items);
		free(g->blocks[i].own.items);
		free(g->blocks[i].late.items);
		strbuf_finish(&g->blocks[i].text);
	}
	free(g->blocks);
	free(g->carried.items);
	synth_destroy(g->shop);
}

/* --- products.csv and truth.csv: parts formatted on all cores, written in order */

/* Calls work for tasks 0 .. parts - 1, whose text goes to blocks[i].text for
 * part round + i. */
static bool write_parts(struct generator *g, uint64_t parts, struct out *out,
			void (*work)(void *ctx, size_t task, unsigned worker),
			struct err *err)
{
	for (g->round = 0; g->round < parts; g->round += g->n_blocks) {
		uint64_t left = parts - g->round;
		size_t n = left < g->n_blocks ? left : g->n_blocks;

		if (!job_check(g->job, err))
			return false;
		pool_run(g->pool, n, work, g);
		for (size_t i = 0; i < n; i++)
			out_add(out, strbuf_str(&g->blocks[i].text));
	}
	return true;
}

static struct str product_id(const struct synth *s, uint32_t i)
{
	return str_span(s->products[i].id, s->products[i].id_len);
}

static void format_products(void *ctx, size_t task, unsigned worker)
{
	struct generator *g = ctx;
	const struct synth *s = g->shop;
	struct strbuf *b = &g->blocks[task].text;
	uint64_t from = (g->round + task) * PART_PRODUCTS, to = from + PART_PRODUCTS;

	strbuf_reset(b);
	for (uint64_t i = from; i < to && i < g->shop->n_products; i++) {
		const struct synth_product *p = &s->products[i];
		const struct synth_leaf *leaf = &s->leaves[s->groups[p->group].leaf];

		strbuf_add(b, product_id(s, (uint32_t)i));
		strbuf_addc(b, ',');
		synth_name(s, (uint32_t)i, b);
		strbuf_addf(b, ",%u,", p->code);
		if (p->brand != SYNTH_NO_BRAND)
			strbuf_add(b, str_span(s->brands[p->brand].name,
					       s->brands[p->brand].len));
		strbuf_addf(b, ",%.19s,%s\n", leaf->id,
			    leaf->coded ? words_leaves[leaf->words].path : "");
	}
}

static void add_truth(struct strbuf *b, struct str what, struct str x, struct str y)
{
	strbuf_add(b, what);
	strbuf_add(b, x);
	strbuf_addc(b, ',');
	strbuf_add(b, y);
	strbuf_addc(b, '\n');
}

static void format_group(struct strbuf *b, const struct synth *s, uint32_t group)
{
	const struct synth_group *g = &s->groups[group];

	for (uint32_t i = g->product; i < g->product_end; i++)
		for (uint32_t j = i + 1; j < g->product_end; j++)
			add_truth(b, STR("product,substitute,"), product_id(s, i),
				  product_id(s, j));
	for (uint32_t k = s->partners.offsets[group]; k < s->partners.offsets[group + 1];
	     k++) {
		const struct synth_group *h = &s->groups[s->partners.to[k]];

		if (s->partners.to[k] < group)
			continue;
		for (uint32_t i = g->product; i < g->product_end; i++)
			for (uint32_t j = h->product; j < h->product_end; j++)
				add_truth(b, STR("product,complement,"), product_id(s, i),
					  product_id(s, j));
	}
}

static void format_groups(void *ctx, size_t task, unsigned worker)
{
	struct generator *g = ctx;
	struct strbuf *b = &g->blocks[task].text;
	uint64_t from = (g->round + task) * PART_GROUPS, to = from + PART_GROUPS;

	strbuf_reset(b);
	for (uint64_t i = from; i < to && i < g->shop->n_groups; i++)
		format_group(b, g->shop, (uint32_t)i);
}

static void format_leaves(struct strbuf *b, const struct synth *s,
			  const struct synth_graph *graph, struct str what)
{
	for (uint32_t i = 0; i < s->n_leaves; i++)
		for (uint32_t k = graph->offsets[i]; k < graph->offsets[i + 1]; k++)
			if (graph->to[k] > i)
				add_truth(b, what, str_from(s->leaves[i].id),
					  str_from(s->leaves[graph->to[k]].id));
}

static bool write_products(struct generator *g, struct out *out, struct err *err)
{
	uint64_t parts = (g->shop->n_products + PART_PRODUCTS - UINT64_C(1)) / PART_PRODUCTS;

	job_step(g->job, "writing products", 0);
	out_add(out, STR("product_id,name,product_code,brand,category_id,category\n"));
	return write_parts(g, parts, out, format_products, err);
}

static bool write_truth(struct generator *g, struct out *out, struct err *err)
{
	uint64_t parts = (g->shop->n_groups + PART_GROUPS - UINT64_C(1)) / PART_GROUPS;
	STRBUF(b);

	job_step(g->job, "writing the truth", 0);
	strbuf_adds(&b, "kind,relation,a,b\n");
	format_leaves(&b, g->shop, &g->shop->substitutes, STR("category,substitute,"));
	format_leaves(&b, g->shop, &g->shop->complements, STR("category,complement,"));
	out_add(out, strbuf_str(&b));
	return write_parts(g, parts, out, format_groups, err);
}

/* --- events.csv */

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
		out_add(g->out, strbuf_str(&g->blocks[i].text));
	g->unwritten = 0;
}

static void draw_block(struct generator *g, size_t i)
{
	struct block *b = &g->blocks[i];
	uint64_t block = g->round + i, first = block * BLOCK_SESSIONS;
	uint64_t left = g->shop->sessions - first;
	uint32_t border = block_start(g, block + 1);

	b->drawn.n = b->own.n = b->late.n = 0;
	shopper_draw(g->shop, block, first,
		     first + (left < BLOCK_SESSIONS ? left : BLOCK_SESSIONS), &b->drawn);
	for (size_t k = 0; k < b->drawn.n; k++)
		events_add(b->drawn.items[k].time < border ? &b->own : &b->late,
			   &b->drawn.items[k], 1);
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

/* Numbers of nine digits in no order. */
static struct str user_text(uint32_t user, char text[9])
{
	uint32_t id = 500000000 + (uint32_t)(user * UINT64_C(49999991) % 400000000);

	for (unsigned i = 9; i-- > 0; id /= 10)
		text[i] = (char)('0' + id % 10);
	return str_span(text, 9);
}

static void format_event(const struct generator *g, const struct shopper_event *e,
			 struct strbuf *out)
{
	const struct synth *s = g->shop;
	const struct synth_product *p = &s->products[e->product];
	const struct synth_leaf *leaf = &s->leaves[s->groups[p->group].leaf];
	char session[36], user[9];
	struct event_row row = {
		.time = s->start + e->time * INT64_C(1000),
		.kind = e->kind,
		.quantity = 1,
		.has_price = true,
		.price = {synth_price(s, e->product, e->time / (7 * 86400)), 2},
		.product = product_id(s, e->product),
		.session = session_text(s, e->session, session),
		.user = user_text(e->user, user),
		.category = str_span(leaf->id, 19),
		.category_path = STR(""),
		.brand = STR(""),
		.name = STR(""),
		.group = STR(""),
	};

	if (leaf->coded)
		row.category_path = str_from(words_leaves[leaf->words].path);
	if (p->brand != SYNTH_NO_BRAND)
		row.brand = str_span(s->brands[p->brand].name, s->brands[p->brand].len);
	g->options->format->write(out, &row);
}

static void format_block(void *ctx, size_t task, unsigned worker)
{
	struct generator *g = ctx;
	struct block *b = &g->blocks[task];

	events_add(&b->drawn, b->own.items, b->own.n);
	sort_by_time(&b->drawn, &b->own);
	strbuf_reset(&b->text);
	b->rows = b->noise = 0;
	for (size_t i = 0; i < b->drawn.n; i++) {
		size_t before = b->text.len;

		format_event(g, &b->drawn.items[i], &b->text);
		/* a data set of orders leaves views out */
		if (b->text.len > before) {
			b->rows++;
			b->noise += b->drawn.items[i].noise;
		}
	}
}

static bool write_events(struct generator *g, struct out *out,
			 struct generate_summary *sum, struct err *err)
{
	uint64_t blocks = (g->shop->sessions + BLOCK_SESSIONS - 1) / BLOCK_SESSIONS;
	STRBUF(header);

	job_step(g->job, "writing events", g->shop->sessions);
	if (g->options->format->write_header)
		g->options->format->write_header(&header);
	out_add(out, strbuf_str(&header));
	sum->bytes = header.len;
	g->out = out;
	for (g->round = 0; g->round < blocks; g->round += g->n_blocks) {
		uint64_t left = blocks - g->round;
		size_t n = left < g->n_blocks ? left : g->n_blocks;

		if (!job_check(g->job, err))
			return false;
		pool_run(g->pool, n + 1, draw_round, g);
		carry(g, n);
		pool_run(g->pool, n, format_block, g);
		g->unwritten = n;
		for (size_t i = 0; i < n; i++) {
			sum->bytes += g->blocks[i].text.len;
			sum->events += g->blocks[i].rows;
			sum->noise += g->blocks[i].noise;
		}
		left = g->shop->sessions - g->round * BLOCK_SESSIONS;
		job_advance(g->job, left < n * BLOCK_SESSIONS ? left : n * BLOCK_SESSIONS);
		if (out_failed(out))
			break;	/* out_close says why */
	}
	write_blocks(g);
	return true;
}

/* --- files */

static bool check_options(const struct generate_options *o, struct err *err)
{
	if (!o->format->write)
		return err_fail(err, ERR_USAGE,
				"data set %s can only be read: generate another one",
				o->format->name);
	return true;
}

/* Make the folder and the names of the files, which must not exist. */
static bool prepare_files(const char *folder, char *const paths[FILES], size_t size,
			  struct err *err)
{
	struct stat st;

	for (int i = 0; i < FILES; i++) {
		STRBUF(b);

		strbuf_addf(&b, "%s/%s", folder, file_names[i]);
		if (b.len >= size)
			return err_fail(err, ERR_USAGE, "the path %s is too long", folder);
		if (lstat(strbuf_c(&b), &st) == 0)
			return err_fail(err, ERR_USAGE,
					"%s exists and is kept: remove it or name another "
					"folder", strbuf_c(&b));
		memcpy(paths[i], b.ptr, b.len + 1);
	}
	if (mkdir(folder, 0777) != 0 && errno != EEXIST)
		return err_errno(err, errno, "can't make the folder %s", folder);
	return true;
}

static bool write_files(struct generator *g, char *const paths[FILES],
			struct generate_summary *sum, struct err *err)
{
	SCOPED(out) events = out_file(paths[FILE_EVENTS], err);
	SCOPED(out) products = events ? out_file(paths[FILE_PRODUCTS], err) : NULL;
	SCOPED(out) truth = products ? out_file(paths[FILE_TRUTH], err) : NULL;

	if (!truth || !write_products(g, products, err) || !write_truth(g, truth, err) ||
	    !write_events(g, events, sum, err))
		return false;
	if (!out_close(products, err))
		return false;
	if (!out_close(truth, err)) {
		unlink(paths[FILE_PRODUCTS]);
		return false;
	}
	if (!out_close(events, err)) {
		unlink(paths[FILE_PRODUCTS]);
		unlink(paths[FILE_TRUTH]);
		return false;
	}
	return true;
}

static bool generate(struct generator *g, struct generate_summary *sum, struct err *err)
{
	const struct generate_options *o = g->options;
	char *const paths[FILES] = {
		[FILE_EVENTS] = sum->events_file,
		[FILE_PRODUCTS] = sum->products_file,
		[FILE_TRUTH] = sum->truth_file,
	};

	g->n_blocks = pool_threads(g->pool) * BLOCKS_PER_THREAD;
	g->blocks = mem_zalloc(g->n_blocks * sizeof *g->blocks);
	job_step(g->job, "stocking the shop", 0);
	g->shop = synth_create(o->products, o->sessions, o->days, o->seed, err);
	if (!g->shop || !prepare_files(o->output, paths, sizeof sum->events_file, err))
		return false;
	sum->products = g->shop->n_products;
	sum->categories = g->shop->n_leaves;
	sum->brands = g->shop->n_brands;
	return write_files(g, paths, sum, err);
}

bool generate_run(const struct generate_options *o, struct pool *pool, struct job *job,
		  struct generate_summary *sum, struct err *err)
{
	struct generator g = {.options = o, .pool = pool, .job = job};
	struct generate_summary result = {0};
	bool ok;

	if (!check_options(o, err))
		return false;
	if (job)
		job->unit = "sessions";
	ok = generate(&g, &result, err);
	generator_finish(&g);
	if (ok)
		*sum = result;
	return ok;
}
