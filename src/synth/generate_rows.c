/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands beside the events: products, categories, users, and the truth. */
#include "config.h"

#include "synth/generate_impl.h"

#include "synth/words.h"

#define PART_PRODUCTS 4096
#define PART_GROUPS 256

/* --- parts formatted on all cores, written in order */

/* Calls work for tasks 0 .. parts - 1, whose text goes to blocks[i].text for
 * part round + i. */
static bool write_parts(struct generator *g, uint64_t rows, unsigned part_rows,
			void (*work)(void *ctx, size_t task, unsigned worker),
			struct err *err)
{
	uint64_t parts = (rows + part_rows - 1) / part_rows;

	for (g->round = 0; g->round < parts; g->round += g->n_blocks) {
		uint64_t left = parts - g->round;
		size_t n = left < g->n_blocks ? left : g->n_blocks;

		if (!job_check(g->job, err))
			return false;
		pool_run(g->pool, n, work, g);
		for (size_t i = 0; i < n; i++)
			generate_put(g, &g->blocks[i]);
	}
	return true;
}

/* --- products.csv, which --products takes */

/* Paths of one or two other leaves with a code, parted by |, for a share of the products;
 * drawn from the product's number, so that nothing else of the shop changes. */
static void add_more(const struct generator *g, uint64_t product, uint32_t own,
		     struct strbuf *b)
{
	const struct synth *s = g->shop;
	uint64_t x = synth_mix(s->seed ^ UINT64_C(0x3a7e) << 44, product);
	unsigned n = 1 + (x >> 32 & 1);
	const char *before = NULL;

	if ((double)(uint32_t)x / 4294967296.0 >= g->options->more_categories)
		return;
	for (unsigned i = 0; i < n; i++) {
		uint32_t leaf = (uint32_t)((x >> (33 + 15 * i) & 32767) % s->n_leaves);
		const char *path = words_leaves[s->leaves[leaf].words].path;

		if (!s->leaves[leaf].coded || leaf == own || path == before)
			continue;
		if (before)
			strbuf_addc(b, '|');
		strbuf_adds(b, path);
		before = path;
	}
}

static void format_list(void *ctx, size_t task, unsigned worker)
{
	struct generator *g = ctx;
	const struct synth *s = g->shop;
	struct strbuf *b = &g->blocks[task].text;
	uint64_t from = (g->round + task) * PART_PRODUCTS, to = from + PART_PRODUCTS;

	strbuf_reset(b);
	for (uint64_t i = from; i < to && i < g->shop->n_products; i++) {
		const struct synth_product *p = &s->products[i];
		const struct synth_leaf *leaf = &s->leaves[s->groups[p->group].leaf];
		char id[20];

		strbuf_add(b, generate_product(g, (uint32_t)i, id));
		strbuf_addc(b, ',');
		synth_name(s, (uint32_t)i, b);
		strbuf_addf(b, ",%u,", p->code);
		if (p->brand != SYNTH_NO_BRAND)
			strbuf_add(b, str_span(s->brands[p->brand].name,
					       s->brands[p->brand].len));
		strbuf_addf(b, ",%.19s,%s", leaf->id,
			    leaf->coded ? words_leaves[leaf->words].path : "");
		if (g->options->more_categories > 0) {
			strbuf_addc(b, ',');
			add_more(g, i, s->groups[p->group].leaf, b);
		}
		strbuf_addc(b, '\n');
	}
}

bool generate_list(struct generator *g, struct err *err)
{
	job_step(g->job, "writing products", 0);
	out_add(g->out, STR("product_id,name,product_code,brand,category_id,category"));
	out_add(g->out, g->options->more_categories > 0 ? STR(",more_categories\n") : STR("\n"));
	return write_parts(g, g->shop->n_products, PART_PRODUCTS, format_list, err);
}

/* --- truth.csv */

static void add_truth(struct strbuf *b, struct str what, struct str x, struct str y)
{
	strbuf_add(b, what);
	strbuf_add(b, x);
	strbuf_addc(b, ',');
	strbuf_add(b, y);
	strbuf_addc(b, '\n');
}

static void add_pair(struct strbuf *b, const struct generator *g, struct str what,
		     uint32_t i, uint32_t j)
{
	char a[20], c[20];

	add_truth(b, what, generate_product(g, i, a), generate_product(g, j, c));
}

static void format_group(struct strbuf *b, const struct generator *all, uint32_t group)
{
	const struct synth *s = all->shop;
	const struct synth_group *g = &s->groups[group];

	for (uint32_t i = g->product; i < g->product_end; i++)
		for (uint32_t j = i + 1; j < g->product_end; j++)
			add_pair(b, all, STR("product,substitute,"), i, j);
	for (uint32_t k = s->partners.offsets[group]; k < s->partners.offsets[group + 1];
	     k++) {
		const struct synth_group *h = &s->groups[s->partners.to[k]];

		if (s->partners.to[k] < group)
			continue;
		for (uint32_t i = g->product; i < g->product_end; i++)
			for (uint32_t j = h->product; j < h->product_end; j++)
				add_pair(b, all, STR("product,complement,"), i, j);
	}
}

static void format_groups(void *ctx, size_t task, unsigned worker)
{
	struct generator *g = ctx;
	struct strbuf *b = &g->blocks[task].text;
	uint64_t from = (g->round + task) * PART_GROUPS, to = from + PART_GROUPS;

	strbuf_reset(b);
	for (uint64_t i = from; i < to && i < g->shop->n_groups; i++)
		format_group(b, g, (uint32_t)i);
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

bool generate_truth(struct generator *g, struct err *err)
{
	STRBUF(b);

	job_step(g->job, "writing the truth", 0);
	strbuf_adds(&b, "kind,relation,a,b\n");
	format_leaves(&b, g->shop, &g->shop->substitutes, STR("category,substitute,"));
	format_leaves(&b, g->shop, &g->shop->complements, STR("category,complement,"));
	out_add(g->out, strbuf_str(&b));
	return write_parts(g, g->shop->n_groups, PART_GROUPS, format_groups, err);
}

/* --- the data set's own files */

static void format_product(const struct generator *g, uint32_t i, struct strbuf *out)
{
	const struct synth *s = g->shop;
	const struct synth_product *p = &s->products[i];
	uint32_t number = s->groups[p->group].leaf;
	const struct words_leaf *w = &words_leaves[s->leaves[number].words];
	char id[20];
	STRBUF(code);
	STRBUF(name);
	STRBUF(description);
	struct event_row row = {
		.time = s->start,
		.product = generate_product(g, i, id),
		.session = STR(""),
		.user = STR(""),
		.category_parent = str_from(g->node[g->node_of[number]].parent),
		.category_name = str_from(w->path),
		.attribute = {
			[SHOP_KIND] = words_nth(w->kinds, p->kind),
			[SHOP_NOUN] = words_nth(w->nouns, p->group -
						s->leaves[number].group),
			[SHOP_LOOK] = words_nth(w->looks, p->look),
			[SHOP_SIZE] = words_nth(w->sizes, p->size),
		},
	};

	synth_name(s, i, &name);
	synth_description(s, i, &description);
	strbuf_addf(&code, "%u", p->code);
	row.name = strbuf_str(&name);
	row.description = strbuf_str(&description);
	row.group = strbuf_str(&code);
	generate_describe(g, i, 0, &row);
	g->file->row(out, &row);
}

static void format_node(const struct generator *g, uint32_t i, struct strbuf *out)
{
	struct event_row row = {
		.category = str_from(g->node[i].id),
		.category_parent = str_from(g->node[i].parent),
	};

	g->file->row(out, &row);
}

static void format_user(const struct generator *g, uint32_t i, struct strbuf *out)
{
	char text[9];
	struct event_row row = {.user = generate_user(i, text)};

	g->file->row(out, &row);
}

static uint32_t count_rows(const struct generator *g)
{
	switch (g->file->rows) {
	case SHOP_PRODUCTS:
		return g->shop->n_products;
	case SHOP_CATEGORIES:
		return g->n_nodes;
	case SHOP_USERS:
		return g->shop->n_users;
	default:
		return 0;
	}
}

static void format_rows(void *ctx, size_t task, unsigned worker)
{
	static void (*const format[])(const struct generator *, uint32_t,
				      struct strbuf *) = {
		[SHOP_PRODUCTS] = format_product,
		[SHOP_CATEGORIES] = format_node,
		[SHOP_USERS] = format_user,
	};
	struct generator *g = ctx;
	struct block *b = &g->blocks[task];
	uint64_t from = (g->round + task) * PART_PRODUCTS, to = from + PART_PRODUCTS;
	uint32_t n = count_rows(g);

	strbuf_reset(&b->text);
	for (uint64_t i = from; i < to && i < n; i++)
		format[g->file->rows](g, (uint32_t)i, &b->text);
	generate_spoil(g, b, g->round + task);
}

bool generate_rows(struct generator *g, struct err *err)
{
	job_step(g->job, "writing what stands beside the events", 0);
	return write_parts(g, count_rows(g), PART_PRODUCTS, format_rows, err);
}
