/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs the synthetic shop block by block and hands its rows to a writer. */
#include "config.h"

#include "synth/generate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/quote.h"
#include "synth/generate_impl.h"
#include "synth/words.h"

#define BLOCKS_PER_THREAD 4	/* in one round; changes no byte */
#define NODES_PER_LEAF 3
#define FIRST_NODE 100		/* the id of the first node that is no leaf */

static void generator_finish(struct generator *g)
{
	for (unsigned i = 0; i < g->n_blocks; i++) {
		free(g->blocks[i].drawn.items);
		free(g->blocks[i].own.items);
		free(g->blocks[i].late.items);
		free(g->blocks[i].damage.items);
		strbuf_finish(&g->blocks[i].text);
		strbuf_finish(&g->blocks[i].whole);
	}
	free(g->blocks);
	free(g->carried.items);
	free(g->name_at);
	free(g->node);
	free(g->node_of);
	strbuf_finish(&g->names);
	out_destroy(g->damage);
	synth_destroy(g->shop);
}

/* --- texts that several files share */

struct str generate_product(const struct generator *g, uint32_t product, char text[20])
{
	const struct synth_product *p = &g->shop->products[product];
	unsigned zeros = g->writer->id_digits;

	zeros = zeros > p->id_len ? zeros - p->id_len : 0;
	if (zeros == 0)
		return str_span(p->id, p->id_len);
	memset(text, '0', zeros);
	memcpy(text + zeros, p->id, p->id_len);
	return str_span(text, zeros + p->id_len);
}

/* Numbers of nine digits in no order. */
struct str generate_user(uint32_t user, char text[9])
{
	uint32_t id = 500000000 + (uint32_t)(user * UINT64_C(49999991) % 400000000);

	for (unsigned i = 9; i-- > 0; id /= 10)
		text[i] = (char)('0' + id % 10);
	return str_span(text, 9);
}

void generate_describe(const struct generator *g, uint32_t product, uint32_t time,
		       struct event_row *row)
{
	const struct synth *s = g->shop;
	const struct synth_product *p = &s->products[product];
	const struct synth_leaf *leaf = &s->leaves[s->groups[p->group].leaf];

	row->has_price = true;
	row->price = (struct decimal){synth_price(s, product, time / (7 * 86400)), 2};
	row->category = str_span(leaf->id, 19);
	row->category_path = leaf->coded ? str_from(words_leaves[leaf->words].path)
		: STR("");
	row->brand = STR("");
	if (p->brand != SYNTH_NO_BRAND)
		row->brand = str_span(s->brands[p->brand].name, s->brands[p->brand].len);
}

static void collect_names(struct generator *g)
{
	const struct synth *s = g->shop;

	g->name_at = mem_zalloc((s->n_products + (size_t)1) * sizeof *g->name_at);
	for (uint32_t i = 0; i < s->n_products; i++) {
		synth_name(s, i, &g->names);
		g->name_at[i + 1] = g->names.len;
	}
}

/* The node of the first `parts` parts of a path: that of the leaf before, if it has
 * the same ones, or a new one. way: the last leaf's nodes by depth. */
static uint32_t inner_node(struct generator *g, const char *path, const char *before,
			   unsigned depth, uint32_t way[NODES_PER_LEAF])
{
	size_t n = 0;
	struct category_node *node;

	for (unsigned dots = 0; path[n] && (path[n] != '.' || dots++ < depth); n++)
		;
	if (before && strncmp(path, before, n) == 0 && before[n] == '.')
		return way[depth];
	node = &g->node[g->n_nodes];
	snprintf(node->id, sizeof node->id, "%u", FIRST_NODE + g->n_nodes);
	if (depth > 0)
		memcpy(node->parent, g->node[way[depth - 1]].id, sizeof node->parent);
	return way[depth] = g->n_nodes++;
}

/* Leaves without a code stand at the top of the tree. */
static void grow_tree(struct generator *g)
{
	const struct synth *s = g->shop;
	const char *before = NULL;
	uint32_t way[NODES_PER_LEAF] = {0};

	g->node = mem_zalloc(s->n_leaves * (size_t)NODES_PER_LEAF * sizeof *g->node);
	g->node_of = mem_zalloc(s->n_leaves * sizeof *g->node_of);
	for (uint32_t i = 0; i < s->n_leaves; i++) {
		const struct synth_leaf *leaf = &s->leaves[i];
		const char *path = words_leaves[leaf->words].path;
		struct category_node *node;

		for (unsigned depth = 0; depth + 1 < NODES_PER_LEAF; depth++)
			(void)inner_node(g, path, before, depth, way);
		node = &g->node[g->n_nodes];
		memcpy(node->id, leaf->id, sizeof node->id);
		if (leaf->coded)
			memcpy(node->parent, g->node[way[NODES_PER_LEAF - 2]].id,
			       sizeof node->parent);
		g->node_of[i] = g->n_nodes++;
		before = path;
	}
}

/* --- damage */

void generate_spoil(const struct generator *g, struct block *b, uint64_t number)
{
	struct strbuf text = b->text;
	struct rng r;

	if (!g->share || !g->file->n_roles)
		return;
	rng_init(&r, g->shop->seed ^ UINT64_C(0xda3a9e) << 40,
		 (uint64_t)g->file_number << 56 | number);
	b->text = b->whole;
	b->whole = text;
	strbuf_reset(&b->text);
	b->damage.n = 0;
	b->lines = damage_text(g->file, g->writer->separator ? g->writer->separator
			       : g->options->format->separator, g->share,
			       strbuf_str(&b->whole), number == 0 && !g->file->header, &r,
			       &b->text, &b->damage);
}

void generate_put(struct generator *g, const struct block *b)
{
	STRBUF(row);

	out_add(g->out, strbuf_str(&b->text));
	if (!g->share || !g->file || !g->file->n_roles)
		return;
	for (size_t i = 0; i < b->damage.n; i++) {
		const struct damage_entry *e = &b->damage.items[i];

		strbuf_addf(&row, "%s,%llu,%s,%s,%s\n", g->file->name,
			    (unsigned long long)(g->lines + e->line + 1), damage_name(e),
			    damage_verdict_name(e->verdict),
			    e->reason ? reject_name(e->reason) : "");
		g->sum->damaged++;
		g->sum->rejected += e->verdict == DAMAGE_REJECTED;
	}
	out_add(g->damage, strbuf_str(&row));
	g->lines += b->lines;
}

static void generate_header(struct generator *g)
{
	STRBUF(header);

	if (g->file->header)
		g->file->header(&header);
	out_add(g->out, strbuf_str(&header));
	g->lines = g->file->header != NULL;
	if (g->file->rows == SHOP_EVENTS)
		g->sum->bytes += header.len;
}

/* --- files */

static bool check_options(const struct generate_options *o, struct err *err)
{
	if (!o->format->writer)
		return err_fail(err, ERR_USAGE,
				"data set %s can only be read: generate another one",
				o->format->name);
	if (o->dirty < 0 || o->dirty > 0.5)
		return err_fail(err, ERR_USAGE, "at most half of the lines can be damaged");
	return true;
}

static bool name_file(struct generate_summary *sum, const char *folder, const char *name,
		      struct err *err)
{
	struct stat st;
	STRBUF(b);

	strbuf_addf(&b, "%s/%s", folder, name);
	if (b.len >= sizeof sum->file[0])
		return err_fail(err, ERR_USAGE, "the path %s is too long", folder);
	if (lstat(strbuf_c(&b), &st) == 0)
		return err_fail(err, ERR_USAGE, "%s exists and is kept: remove it or name "
				"another folder", strbuf_c(&b));
	memcpy(sum->file[sum->n_files++], b.ptr, b.len + 1);
	return true;
}

/* Make the folder and the names of the files, which must not exist. */
static bool prepare_files(struct generator *g, const char *folder, struct err *err)
{
	struct generate_summary *sum = g->sum;

	for (unsigned i = 0; i < g->writer->n_files; i++)
		if (!name_file(sum, folder, g->writer->files[i].name, err))
			return false;
	sum->n_log = sum->n_files;
	if (!name_file(sum, folder, "products.csv", err) ||
	    !name_file(sum, folder, "truth.csv", err) ||
	    (g->share && !name_file(sum, folder, "damage.csv", err)))
		return false;
	if (mkdir(folder, 0777) != 0 && errno != EEXIST)
		return err_errno(err, errno, "can't make the folder %s", folder);
	return true;
}

/* File i of the summary: the data set's own, then the list, then the truth. */
static bool write_file(struct generator *g, unsigned i, struct err *err)
{
	SCOPED(out) out = out_file(g->sum->file[i], err);
	bool ok;

	if (!out)
		return false;
	g->out = out;
	g->file_number = i;
	g->file = i < g->sum->n_log ? &g->writer->files[i] : NULL;
	if (g->file) {
		generate_header(g);
		ok = g->file->rows == SHOP_EVENTS ? generate_events(g, err)
			: generate_rows(g, err);
	} else {
		ok = i == g->sum->n_log ? generate_list(g, err) : generate_truth(g, err);
	}
	return ok && out_close(out, err);
}

/* What is small comes first; the log last. */
static bool write_files(struct generator *g, struct err *err)
{
	unsigned n = g->sum->n_log + 2, done = n;

	if (g->share) {
		g->damage = out_file(g->sum->file[n], err);
		if (!g->damage)
			return false;
		out_add(g->damage, STR("file,line,damage,verdict,reason\n"));
	}
	while (done > 0 && write_file(g, done - 1, err))
		done--;
	if (done == 0 && (!g->damage || out_close(g->damage, err)))
		return true;
	for (unsigned i = done; i < n; i++)
		unlink(g->sum->file[i]);
	return false;
}

static bool generate(struct generator *g, struct err *err)
{
	const struct generate_options *o = g->options;
	bool names = false;

	g->n_blocks = pool_threads(g->pool) * BLOCKS_PER_THREAD;
	g->blocks = mem_zalloc(g->n_blocks * sizeof *g->blocks);
	job_step(g->job, "stocking the shop", 0);
	g->shop = synth_create((struct synth_size){o->products, o->sessions, o->days, o->seed},
			       err);
	if (!g->shop || !prepare_files(g, o->output, err))
		return false;
	for (unsigned i = 0; i < g->writer->n_files; i++)
		names |= g->writer->files[i].names;
	if (names)
		collect_names(g);
	grow_tree(g);
	g->sum->products = g->shop->n_products;
	g->sum->categories = g->shop->n_leaves;
	g->sum->brands = g->shop->n_brands;
	return write_files(g, err);
}

bool generate_run(const struct generate_options *o, struct work work,
		  struct generate_summary *sum, struct err *err)
{
	struct generator g = {
		.options = o,
		.writer = o->format->writer,
		.pool = work.pool,
		.job = work.job,
		.share = (uint32_t)(o->dirty * 0x1p32),
	};
	SCOPED_FREE struct generate_summary *result = mem_zalloc(sizeof *result);
	bool ok;

	if (!check_options(o, err))
		return false;
	if (work.job)
		work.job->unit = "sessions";
	g.sum = result;
	ok = generate(&g, err);
	generator_finish(&g);
	if (ok)
		*sum = *result;
	return ok;
}
