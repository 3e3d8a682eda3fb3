/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clusters as bars of their sizes, each with what is typical of it; Enter lists one. */
#include "config.h"

#include <math.h>

#include "base/arena.h"
#include "base/num.h"
#include "base/quote.h"
#include "chart/chart.h"
#include "query/filter.h"
#include "view/clusters.h"
#include "view/page.h"

#define HEAD 18		/* cells: "12    1,234,567 " */
#define BAR_LEAST 8
#define SHARE 7
#define NEAREST 3
#define WIDE 110	/* from here on what is typical stands beside the bar */

struct drawing {
	const struct clusters *s;
	struct page *p;
	uint32_t most;		/* products of the largest */
	int bar;		/* cells of its bar */
};

static uint32_t at_row(const struct clusters *s, uint32_t i)
{
	return s->order ? s->order[i] : i;
}

static void add_feature(struct strbuf *b, const struct text *names,
			const struct typical_feature *f)
{
	if (f->number == CATALOG_NONE)
		return;
	strbuf_addf(b, "%s%.*s %.0f%%", b->len ? ", " : "",
		    STR_ARG(text_at(names, f->number)), 100 * f->share);
}

/* "kitchen > mugs 80%, aqua 25%; words: mug blue" */
static void add_typical(const struct clusters *s, struct strbuf *b,
			const struct typical_group *g)
{
	size_t from = b->len;

	add_feature(b, &s->cat->category_path, &g->category);
	add_feature(b, &s->cat->brand_name, &g->brand);
	for (unsigned i = 0; i < TYPICAL_WORDS && g->word[i].number != CATALOG_NONE; i++) {
		strbuf_adds(b, i ? " " : b->len > from ? "; words: " : "words: ");
		strbuf_add(b, typical_word(&s->typical, g->word[i].number));
	}
	if (b->len == from)
		strbuf_adds(b, "nothing is typical of it");
}

static void add_nearest(const struct clusters *s, struct strbuf *b, uint32_t cluster)
{
	uint32_t best[NEAREST];
	unsigned n = groups_nearest(&s->groups, &s->typical, cluster, best, NEAREST);

	for (unsigned i = 0; i < n; i++) {
		strbuf_adds(b, i ? "; " : "");
		strbuf_add(b, text_at(&s->cat->product_label, best[i]));
	}
}

static double share_of(const struct clusters *s, uint32_t cluster)
{
	uint32_t with = s->cat->n_products - s->typical.outside;

	return with ? (double)s->typical.group[cluster].size / with : 0;
}

static void add_id(struct strbuf *b, struct str id)
{
	strbuf_adds(b, b->len ? ", '" : "'");
	for (size_t i = 0; i < id.len; i++) {
		strbuf_addc(b, id.ptr[i]);
		if (id.ptr[i] == '\'')
			strbuf_addc(b, '\'');
	}
	strbuf_addc(b, '\'');
}

/* Its products, where they fit into a filter. */
static void add_term(const struct drawing *d, struct page_spot *spot, uint32_t cluster)
{
	const struct clusters *s = d->s;
	uint32_t size = s->typical.group[cluster].size;
	STRBUF(ids);

	if (!size || size > FILTER_MAX / 4)
		return;
	for (uint32_t p = 0; p < s->cat->n_products && ids.len < FILTER_MAX; p++)
		if (s->groups.cluster[p] == cluster)
			add_id(&ids, text_at(&s->cat->product_id, p));
	if (ids.len + 32 > FILTER_MAX)
		return;
	spot->term = arena_printf(d->p->arena, "product in (%s)", strbuf_c(&ids)).ptr;
	spot->chip = arena_printf(d->p->arena, "%u product%s of cluster %u", size,
				  size == 1 ? "" : "s", cluster + 1).ptr;
}

static void add_spot(const struct drawing *d, int y, uint32_t cluster)
{
	struct page_spot *spot = page_spot(d->p, (struct rect){y, 0, 1, 4});
	STRBUF(line);
	STRBUF(label);

	strbuf_addf(&line, "show cluster --cluster %u --model ", cluster + 1);
	quote_word(&line, str_from(model_name(d->s->groups.model)));
	spot->line = arena_str(d->p->arena, strbuf_str(&line)).ptr;
	add_term(d, spot, cluster);
	strbuf_addf(&label, "cluster %u", cluster + 1);
	if (d->s->typical.group[cluster].size) {
		strbuf_adds(&label, ", nearest to its centre: ");
		add_nearest(d->s, &label, cluster);
	}
	spot->label = arena_str(d->p->arena, strbuf_str(&label)).ptr;
}

/* Returns the lines that it took. */
static int draw_cluster(const struct drawing *d, int y, uint32_t cluster)
{
	const struct typical_group *g = &d->s->typical.group[cluster];
	struct canvas *c = &d->p->canvas;
	int x = HEAD + d->bar + 1 + SHARE + 2, w = c->w - x;
	STRBUF(b);

	add_spot(d, y, cluster);
	strbuf_addf(&b, "%u", cluster + 1);
	canvas_right(c, (struct rect){y, 0, 1, 4}, strbuf_str(&b), INK_HEAD);
	strbuf_reset(&b);
	num_add_grouped(&b, g->size);
	canvas_right(c, (struct rect){y, 5, 1, HEAD - 6}, strbuf_str(&b), INK_NUMBER);
	chart_bar(c, (struct rect){y, HEAD, 1, d->bar},
		  d->most ? (double)g->size / d->most : 0, INK_SERIES);
	strbuf_reset(&b);
	strbuf_addf(&b, "%.1f%%", 100 * share_of(d->s, cluster));
	canvas_right(c, (struct rect){y, HEAD + d->bar + 1, 1, SHARE}, strbuf_str(&b),
		     INK_DIM);
	strbuf_reset(&b);
	add_typical(d->s, &b, g);
	if (c->w >= WIDE)
		return page_text(d->p, (struct rect){y, x, 1, w}, strbuf_str(&b),
				 INK_TEXT);
	return 1 + page_text(d->p, (struct rect){y + 1, 5, 1, c->w - 5}, strbuf_str(&b),
			     INK_TEXT);
}

void clusters_page(struct view *v, void *state, struct page *p)
{
	struct drawing d = {.s = state, .p = p};
	const struct clusters *s = d.s;
	int y = 0, w = p->canvas.w;

	if (!s->groups.n)	/* the note says why */
		return;
	for (uint32_t i = 0; i < s->groups.n; i++)
		if (s->typical.group[i].size > d.most)
			d.most = s->typical.group[i].size;
	d.bar = w >= WIDE ? w / 3 - HEAD - SHARE : w - HEAD - SHARE - 2;
	d.bar = d.bar < BAR_LEAST ? BAR_LEAST : d.bar;
	canvas_right(&p->canvas, (struct rect){y, 0, 1, 4}, STR("#"), INK_DIM);
	canvas_right(&p->canvas, (struct rect){y, 5, 1, HEAD - 6}, STR("products"),
		     INK_DIM);
	canvas_right(&p->canvas, (struct rect){y, HEAD + d.bar + 1, 1, SHARE},
		     STR("share"), INK_DIM);
	if (w >= WIDE)
		canvas_text(&p->canvas, (struct rect){y, HEAD + d.bar + SHARE + 3, 1, w},
			    STR("typical of it: "
				"category, brand, words"),
			    INK_DIM);
	p->freeze_y = ++y;
	for (uint32_t i = 0; i < s->groups.n; i++)
		y += draw_cluster(&d, y, at_row(s, i));
}

void clusters_words(struct view *v, void *state, struct strbuf *b)
{
	const struct clusters *s = state;

	for (uint32_t i = 0; i < s->groups.n; i++) {
		uint32_t k = at_row(s, i);
		const struct typical_group *g = &s->typical.group[k];

		strbuf_addf(b, "Cluster %u: ", k + 1);
		num_add_grouped(b, g->size);
		strbuf_addf(b, " product%s, %.1f%%; ", g->size == 1 ? "" : "s",
			    100 * share_of(s, k));
		STRBUF(typical);
		add_typical(s, &typical, g);
		strbuf_add(b, strbuf_str(&typical));
		strbuf_adds(b, g->size ? "; nearest to its centre: " : "");
		add_nearest(s, b, k);
		strbuf_adds(b, ".\n");
	}
}
