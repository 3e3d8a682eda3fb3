/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The overview as charts: boxes side by side, headings lead to the views behind them. */
#include "config.h"

#include <math.h>

#include "base/arena.h"
#include "base/num.h"
#include "base/time.h"
#include "chart/chart.h"
#include "view/overview.h"
#include "view/page.h"
#include "ask/pseudonym.h"

#define LINE_ROWS 5
#define NUMBER 11	/* cells of a number beside a bar */

static const char *const weekdays[7] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

struct box {
	struct view *v;
	const struct overview *o;
	struct page *p;
	int y, x, w;
};

static void text(struct box *b, struct span at, struct str s, enum ink ink)
{
	canvas_text(&b->p->canvas, (struct rect){b->y, b->x + at.x, 1, at.w}, s, ink);
}

static void number(struct box *b, struct span at, uint64_t n, enum ink ink)
{
	STRBUF(s);
	num_add_grouped(&s, (int64_t)n);
	canvas_right(&b->p->canvas, (struct rect){b->y, b->x + at.x, 1, at.w}, strbuf_str(&s),
		     ink);
}

static void heading(struct box *b, const char *title, const char *line)
{
	page_heading(b->p, (struct rect){b->y++, b->x, 1, b->w}, title, line);
}

static void nothing(struct box *b, const char *why)
{
	b->y += page_text(b->p, (struct rect){b->y, b->x, 1, b->w}, str_from(why), INK_DIM);
}

static void fact(struct box *b, const char *name, uint64_t n)
{
	text(b, (struct span){0, 14}, str_from(name), INK_TEXT);
	number(b, (struct span){14, NUMBER}, n, INK_NUMBER);
	b->y++;
}

/* "name   1,234 #####   12.3%": the bar has what is left. */
static void bar_row(struct box *b, struct str name, int name_w, uint64_t n, double share,
		    const char *after, enum ink ink)
{
	int w = b->w - name_w - NUMBER - 3 - (after ? 8 : 0);
	text(b, (struct span){0, name_w}, name, INK_TEXT);
	number(b, (struct span){name_w, NUMBER}, n, INK_NUMBER);
	if (w > 2)
		chart_bar(&b->p->canvas,
			  (struct rect){b->y, b->x + name_w + NUMBER + 1, 1, w}, share,
			  ink);
	if (after)
		canvas_right(&b->p->canvas, (struct rect){b->y, b->x + b->w - 8, 1, 8},
			     str_from(after), INK_DIM);
	b->y++;
}

static void draw_shop(struct box *b)
{
	const struct catalog *cat = b->o->cat;
	const char *title = json_string_value(json_object_get(b->o->meta, "title"));
	STRBUF(s);
	heading(b, "The shop", NULL);
	if (title) {
		text(b, (struct span){0, b->w}, str_from(title), INK_TEXT);
		b->y++;
	}
	if (cat->n_events && !(cat->caps & CAP_UNDATED)) {
		time_add_date(&s, catalog_clock(cat, cat->first_time));
		strbuf_adds(&s, " to ");
		time_add_date(&s, catalog_clock(cat, cat->last_time));
		text(b, (struct span){0, b->w}, strbuf_str(&s), INK_TEXT);
		b->y++;
	}
	fact(b, "events", cat->n_events);
	fact(b, "sessions", cat->n_sessions);
	if (cat->caps & CAP_USERS)
		fact(b, "users", cat->n_users);
	fact(b, "products", cat->n_products);
	fact(b, "categories", cat->n_categories);
}

static const char *percent(struct box *b, uint64_t n, uint64_t all)
{
	return all ? arena_printf(b->p->arena, "%.1f%%", 100 * (double)n / (double)all).ptr : "-";
}

/* The line that is drawn next is a filter. */
static void brush(struct box *b, struct strbuf *term, struct strbuf *chip, struct strbuf *label)
{
	struct page_spot *s = page_spot(b->p, (struct rect){b->y, b->x, 1, b->w});

	s->term = arena_str(b->p->arena, strbuf_str(term)).ptr;
	s->chip = chip->len ? arena_str(b->p->arena, strbuf_str(chip)).ptr : NULL;
	strbuf_adds(label, ": Enter filters by it");
	s->label = arena_str(b->p->arena, strbuf_str(label)).ptr;
}

static void brush_kind(struct box *b, unsigned kind)
{
	STRBUF(term);
	STRBUF(chip);
	STRBUF(label);

	strbuf_addf(&term, "event = '%s'", event_kind_name(kind));
	strbuf_addf(&chip, "%ss alone", event_kind_name(kind));
	strbuf_addf(&label, "%ss alone, everything counted anew", event_kind_name(kind));
	brush(b, &term, &chip, &label);
}

static void draw_kinds(struct box *b)
{
	uint64_t most = 1;
	heading(b, "Events by kind, share of all events", "show sessions");
	for (unsigned k = 0; k < EVENT_KINDS; k++)
		most = b->o->events[k] > most ? b->o->events[k] : most;
	for (unsigned k = 0; k < EVENT_KINDS; k++) {
		if (!b->o->events[k])
			continue;
		if (b->o->events[k] < b->o->cat->n_events)
			brush_kind(b, k);
		bar_row(b, str_from(event_kind_name(k)), 9, b->o->events[k],
			(double)b->o->events[k] / (double)most,
			percent(b, b->o->events[k], b->o->cat->n_events),
			INK_SERIES + k);
	}
}

/* "65 of the 118 with a cart bought; 135 of the 200 that bought had none": the parts of
 * both add up. */
static void add_step(const struct overview *o, struct strbuf *s)
{
	const unsigned cart = 1u << EVENT_CART, bought = 1u << EVENT_PURCHASE;
	uint64_t carted = overview_sessions(o, cart), buyers = overview_sessions(o, bought);
	uint64_t both = overview_sessions(o, cart | bought);

	if (!carted || !buyers)
		return;
	num_add_grouped(s, (int64_t)both);
	strbuf_adds(s, " of the ");
	num_add_grouped(s, (int64_t)carted);
	strbuf_addf(s, " with a cart bought (%.1f%%); ", 100 * (double)both / (double)carted);
	num_add_grouped(s, (int64_t)(buyers - both));
	strbuf_adds(s, " of the ");
	num_add_grouped(s, (int64_t)buyers);
	strbuf_adds(s, " that bought had none");
}

/* Sessions with each kind, and what carts came to. */
static void draw_funnel(struct box *b)
{
	static const unsigned kind[] = {EVENT_VIEW, EVENT_CART, EVENT_PURCHASE};
	STRBUF(step);

	unsigned before = 0;
	uint64_t all = b->o->cat->n_sessions;
	heading(b, "Funnel: sessions with each kind, share of all sessions", NULL);
	for (unsigned i = 0; i < 3; i++) {
		unsigned bit = 1u << kind[i];
		uint64_t n = overview_sessions(b->o, bit);
		if (!n)
			continue;
		bar_row(b, str_from(event_kind_name(kind[i])), 9, n,
			all ? (double)n / (double)all : 0,
			percent(b, n, all),
			INK_SERIES + kind[i]);
		before = bit;
	}
	add_step(b->o, &step);
	if (step.len)
		nothing(b, arena_str(b->p->arena, strbuf_str(&step)).ptr);
	if (before == 1u << EVENT_VIEW)
		nothing(b, "This log has views alone: nothing was put in a cart or bought.");
	else if (before == 1u << EVENT_PURCHASE && !b->o->events[EVENT_VIEW])
		nothing(b, "This log has purchases alone: what was viewed is not in it.");
}

static void add_date(struct strbuf *s, const void *ctx, int i)
{
	const struct overview *o = ctx;
	time_add_date(s, overview_bin_start(o, (size_t)i));
	if (o->step == STEP_MONTH && s->len >= 3)
		s->ptr[s->len -= 3] = '\0';
}

static double *series(const struct overview *o, struct arena *a, unsigned kind, double *most)
{
	double *x = arena_alloc(a, (o->n_bins + 1) * sizeof *x);
	*most = 0;
	for (size_t i = 0; i < o->n_bins; i++) {
		x[i] = (double)o->bins[i * EVENT_KINDS + kind];
		*most = fmax(*most, x[i]);
	}
	return x;
}

/* Bins [first, end) in days, as a filter, as a chip and in words. */
static void add_days(const struct overview *o, size_t first, size_t end, struct page_spot *s,
		     struct arena *a)
{
	int64_t from = overview_bin_start(o, first), to = overview_bin_start(o, end);
	STRBUF(low);
	STRBUF(high);
	STRBUF(last);

	time_add_date(&low, from);
	time_add_date(&high, to);
	time_add_date(&last, to - TIME_DAY);
	if (to - from <= TIME_DAY) {
		s->term = arena_printf(a, "date = %s", strbuf_c(&low)).ptr;
		s->label = arena_str(a, strbuf_str(&low)).ptr;
		return;
	}
	s->term = arena_printf(a, "date >= %s and date < %s", strbuf_c(&low),
			       strbuf_c(&high)).ptr;
	s->label = arena_printf(a, "%s to %s", strbuf_c(&low), strbuf_c(&last)).ptr;
}

/* A spot for every cell of the line below the chart: the bins above it. */
static void brush_time(struct box *b, unsigned kind, int w)
{
	const struct overview *o = b->o;
	struct arena *a = b->p->arena;
	size_t cells = o->n_bins < (size_t)w ? o->n_bins : (size_t)w;

	for (size_t i = 0; i < cells; i++) {
		size_t first = i * o->n_bins / cells, end = (i + 1) * o->n_bins / cells;
		int x = (int)(i * (size_t)w / cells), next = (int)((i + 1) * (size_t)w / cells);
		struct page_spot *s = page_spot(
			b->p, (struct rect){b->y, b->x + 10 + x, 1, next - x});
		uint64_t n = 0;
		STRBUF(count);

		for (size_t k = first; k < end; k++)
			n += o->bins[k * EVENT_KINDS + kind];
		num_add_grouped(&count, (int64_t)n);
		add_days(o, first, end, s, a);
		s->label = arena_printf(a, "%s: %s %s%s; Enter filters by it", s->label,
					strbuf_c(&count), event_kind_name(kind),
					n == 1 ? "" : "s").ptr;
	}
}

static void draw_time(struct box *b, unsigned kind)
{
	const struct overview *o = b->o;
	double most, *x = series(o, b->p->arena, kind, &most);
	struct canvas *c = &b->p->canvas;
	STRBUF(first);
	STRBUF(last);
	heading(b, arena_printf(b->p->arena, "%ss per %s%s", event_kind_name(kind),
				overview_step_name(o->step),
				o->cat->zone ? "" : " (UTC)").ptr, NULL);
	number(b, (struct span){0, 9}, (uint64_t)most, INK_DIM);
	chart_line(c, (struct rect){b->y, b->x + 10, LINE_ROWS, b->w - 10},
		   (struct series){x, (int)o->n_bins, most}, INK_SERIES + kind);
	b->y += LINE_ROWS - 1;
	brush_time(b, kind, b->w - 10);
	number(b, (struct span){0, 9}, 0, INK_DIM);
	b->y++;
	add_date(&first, o, 0);
	add_date(&last, o, (int)o->n_bins - 1);
	text(b, (struct span){10, b->w - 10}, strbuf_str(&first), INK_DIM);
	canvas_right(c, (struct rect){b->y++, b->x + 22, 1, b->w - 22}, strbuf_str(&last),
		     INK_DIM);
}

/* A heading, and the command that it leads to. */
struct head {
	const char *title, *line;
	const char *field;	/* of a filter, that its bins are of; or NULL */
};

/* Products by a total, the greatest first. */
struct best {
	const uint32_t *order, *totals;
};

static void draw_top(struct box *b, struct head head, struct best best, enum ink ink)
{
	const struct catalog *cat = b->o->cat;
	int w = b->w - NUMBER - 12;
	const struct str *names =
		page_names(b->p, cat, best.order,
			   cat->n_products < OVERVIEW_TOP ? cat->n_products : OVERVIEW_TOP, w);

	heading(b, head.title, head.line);
	for (uint32_t i = 0; i < OVERVIEW_TOP && i < cat->n_products; i++) {
		uint32_t p = best.order[i];
		if (!best.totals[p])
			break;
		page_spot(b->p, (struct rect){b->y, b->x, 1, b->w})->target.product = p;
		bar_row(b, names[i], w, best.totals[p],
			(double)best.totals[p] / best.totals[best.order[0]], NULL, ink);
	}
}

static void draw_users(struct box *b)
{
	const struct overview *o = b->o;
	heading(b, "Most active users, events", "show users");
	for (unsigned i = 0; i < o->n_top; i++) {
		struct str name = pseudonym_user(view_question(b->v), b->p->arena,
						  o->top_users[i]);
		page_spot(b->p, (struct rect){b->y, b->x, 1, b->w})->target.user = o->top_users[i];
		bar_row(b, name, 14, o->top_events[i],
			(double)o->top_events[i] / (double)o->top_events[0], NULL, INK_SERIES);
	}
	if (!o->heavy_users)
		return;
	STRBUF(s);
	strbuf_addf(&s, "Views of a user: %.2f on average, %.2f in the top 10%%,",
		    (double)o->user_views_all / o->cat->n_users,
		    (double)o->heavy_views / (double)o->heavy_users);
	nothing(b, strbuf_c(&s));
	strbuf_reset(&s);
	strbuf_addf(&s, "who made %.1f%% of all views.",
		    o->user_views_all ? 100 * (double)o->heavy_views / (double)o->user_views_all
				      : 0);
	nothing(b, strbuf_c(&s));
}

/* A bin of products, where the field tells it. */
static void brush_bin(struct box *b, const char *field, unsigned bin, uint64_t n)
{
	unsigned long long low = bin ? 1ull << (bin - 1) : 0;
	STRBUF(term);
	STRBUF(chip);
	STRBUF(label);

	if (bin < 2)
		strbuf_addf(&term, "%s = %llu", field, low);
	else if (bin < OVERVIEW_BINS - 1)
		strbuf_addf(&term, "%s >= %llu and %s < %llu", field, low, field, 2 * low);
	else
		strbuf_addf(&term, "%s >= %llu", field, low);
	num_add_grouped(&label, (int64_t)n);
	strbuf_addf(&label, " product%s with %s ", n == 1 ? "" : "s", field);
	overview_add_bin(&label, bin);
	brush(b, &term, &chip, &label);
}

static void draw_spread(struct box *b, struct head head, const struct overview_spread *s,
			enum ink ink)
{
	uint64_t most = 0;
	heading(b, head.title, head.line);
	for (unsigned k = 0; k < OVERVIEW_BINS; k++)
		most = s->bin[k] > most ? s->bin[k] : most;
	for (unsigned k = 0; k < overview_used(s); k++) {
		STRBUF(name);
		overview_add_bin(&name, k);
		if (head.field && s->bin[k])
			brush_bin(b, head.field, k, s->bin[k]);
		bar_row(b, strbuf_str(&name), 14, s->bin[k],
			log1p((double)s->bin[k]) / log1p((double)most),
			percent(b, s->bin[k], s->n), ink);
	}
}

static void draw_hours(struct box *b)
{
	const struct overview *o = b->o;
	int w = (b->w - 4) / 7 < 8 ? (b->w - 4) / 7 : 8;
	uint64_t most = 0, total = 0;
	unsigned busiest = 0;
	heading(b, arena_printf(b->p->arena, "Events by weekday and hour (%s)",
				o->zone_name).ptr, NULL);
	if (!(o->cat->caps & CAP_HOURS)) {
		nothing(b, "The times of this data set have no hours.");
		return;
	}
	for (unsigned i = 0; i < 7 * 24; i++) {
		if (o->hours[i / 24][i % 24] > most)
			busiest = i;
		most = o->hours[busiest / 24][busiest % 24];
		total += o->hours[i / 24][i % 24];
	}
	nothing(b, arena_printf(b->p->arena, "busiest: %s %02u:00 to %02u:00, %llu events",
				weekdays[busiest / 24], busiest % 24, busiest % 24 + 1,
				(unsigned long long)most).ptr);
	for (int d = 0; d < 7; d++)
		canvas_right(&b->p->canvas,
			     (struct rect){b->y, b->x + 4 + d * w, 1, w - 1},
			     str_from(weekdays[d]), INK_DIM);
	b->y++;
	for (int h = 0; h < 24; h++, b->y++) {
		number(b, (struct span){0, 2}, (uint64_t)h, INK_DIM);
		for (int d = 0; d < 7; d++) {
			uint64_t n = o->hours[d][h];
			STRBUF(s);
			struct page_spot *spot = page_spot(
				b->p, (struct rect){b->y, b->x + 4 + d * w, 1, w});
			num_add_short(&s, n);
			chart_heat(&b->p->canvas, (struct rect){b->y, b->x + 4 + d * w, 1, w},
				   (struct heat){most ? (double)n / (double)most : 0,
						 strbuf_str(&s), false});
			spot->label = arena_printf(b->p->arena, "%s %02d:00 to %02d:00 %s: %llu "
						   "events, %.2f%% of all", weekdays[d], h,
						   h + 1, o->zone_name, (unsigned long long)n,
						   total ? 100 * (double)n / (double)total : 0).ptr;
		}
	}
	STRBUF(s);
	num_add_grouped(&s, (int64_t)most);
	chart_heat_legend(&b->p->canvas, (struct rect){b->y++, b->x}, STR("0"), strbuf_str(&s));
}

static bool measured(const struct overview *o, int i)
{
	for (int j = 0; j < MEASURES; j++)
		if (!isnan(o->correlation[i][j]))
			return true;
	return false;
}

static void draw_correlations(struct box *b)
{
	const struct overview *o = b->o;
	static const char *const heads[MEASURES] = {
		"views", "carts", "bought", "revenue", "price", "conv.",
	};
	int at = 0, w = (b->w - 11) / MEASURES < 9 ? (b->w - 11) / MEASURES : 9;
	bool any = false;
	heading(b, "Correlation of product measures (r, ground: its size)", NULL);
	for (int i = 0; i < MEASURES; i++)
		any |= measured(o, i);
	if (!any) {
		nothing(b, "There are no two measures that vary.");
		return;
	}
	for (int j = 0; j < MEASURES; j++)
		if (measured(o, j))
			canvas_right(&b->p->canvas,
				     (struct rect){b->y, b->x + 11 + w * at++, 1, w},
				     str_from(heads[j]), INK_DIM);
	b->y++;
	for (int i = 0; i < MEASURES; i++) {
		if (!measured(o, i))
			continue;
		text(b, (struct span){0, 10}, str_from(overview_measures[i]), INK_TEXT);
		at = 0;
		for (int j = 0; j < MEASURES; j++) {
			STRBUF(s);
			double r = o->correlation[i][j];
			if (!measured(o, j))
				continue;
			if (!isnan(r))
				strbuf_addf(&s, "%+.2f", r);
			chart_heat(&b->p->canvas,
				   (struct rect){b->y, b->x + 11 + w * at++, 1, w},
				   (struct heat){fabs(r), strbuf_str(&s), false});
		}
		b->y++;
	}
	chart_heat_legend(&b->p->canvas, (struct rect){b->y++, b->x}, STR("0"), STR("1"));
}

/* The rows of the section `quality`, as the table has them. */
static void draw_quality(struct box *b)
{
	const struct facts *f = &b->o->facts;
	heading(b, "Quality of the data", NULL);
	for (size_t i = 0; i < f->n; i++) {
		if (strcmp(f->at[i].section, "quality") != 0)
			continue;
		text(b, (struct span){0, 24}, f->at[i].field, INK_TEXT);
		b->y += page_text(b->p, (struct rect){b->y, b->x + 25, 1, b->w - 25},
				  f->at[i].shown, INK_NUMBER);
	}
}

static void draw_tops(struct box *b, unsigned which)
{
	const struct catalog *c = b->o->cat;
	if (which == 0)
		draw_top(b,
			 (struct head){"Most viewed products, views",
				       "show products --sort views"},
			 (struct best){c->order_views, c->product_views},
			 INK_SERIES + EVENT_VIEW);
	else if (which == 1)
		draw_top(b,
			 (struct head){"Most often put in a cart, times",
				       "show products --sort carts"},
			 (struct best){c->order_carts, c->product_carts},
			 INK_SERIES + EVENT_CART);
	else
		draw_top(b,
			 (struct head){"Most bought products, pieces",
				       "show products --sort purchases"},
			 (struct best){c->order_purchases, c->product_purchases},
			 INK_SERIES + EVENT_PURCHASE);
}

static bool has_top(const struct catalog *c, unsigned which)
{
	return which == 0 ? c->caps & CAP_VIEWS && c->order_views && c->product_views :
	       which == 1 ? c->caps & CAP_CARTS && c->order_carts && c->product_carts :
	       c->caps & CAP_PURCHASES && c->order_purchases && c->product_purchases;
}

enum part {
	PART_SHOP, PART_KINDS, PART_FUNNEL, PART_TIME,
	PART_TOPS = PART_TIME + EVENT_KINDS, PART_USERS = PART_TOPS + 3, PART_HOURS,
	PART_VIEWED, PART_BOUGHT, PART_ACTIVE, PART_CORRELATION, PART_QUALITY, PARTS,
};

static bool has_part(const struct overview *o, int part)
{
	if (part >= PART_TIME && part < PART_TOPS)
		return o->events[part - PART_TIME] && !(o->cat->caps & CAP_UNDATED) &&
		       o->n_bins > 1;	/* one dot says what the bars of kinds do */
	if (part >= PART_TOPS && part < PART_USERS)
		return has_top(o->cat, (unsigned)(part - PART_TOPS));
	return part == PART_USERS ? o->n_top :
	       part == PART_VIEWED ? o->viewed.n :
	       part == PART_BOUGHT ? o->bought.n :
	       part == PART_ACTIVE ? o->active.n : true;
}

static void draw_part(struct box *b, int part)
{
	const struct overview *o = b->o;
	if (part >= PART_TIME && part < PART_TOPS)
		draw_time(b, (unsigned)(part - PART_TIME));
	else if (part >= PART_TOPS && part < PART_USERS)
		draw_tops(b, (unsigned)(part - PART_TOPS));
	else if (part == PART_SHOP)
		draw_shop(b);
	else if (part == PART_KINDS)
		draw_kinds(b);
	else if (part == PART_FUNNEL)
		draw_funnel(b);
	else if (part == PART_USERS)
		draw_users(b);
	else if (part == PART_HOURS)
		draw_hours(b);
	else if (part == PART_VIEWED)
		draw_spread(
			b,
			(struct head){"Products by their views (log scale)", "show products",
				      "views"},
			&o->viewed, INK_SERIES + EVENT_VIEW);
	else if (part == PART_BOUGHT)
		draw_spread(
			b,
			(struct head){"Products by pieces bought (log scale)", "show products",
				      "sold"},
			&o->bought, INK_SERIES + EVENT_PURCHASE);
	else if (part == PART_ACTIVE)
		draw_spread(b, (struct head){"Users by their events (log scale)", "show users"},
			    &o->active, INK_SERIES);
	else if (part == PART_CORRELATION)
		draw_correlations(b);
	else
		draw_quality(b);
}

void overview_page(struct view *v, void *state, struct page *p)
{
	struct page_columns columns;
	page_columns(&columns, p->canvas.w);
	for (int part = 0; part < PARTS; part++) {
		struct box b = {.v = v, .o = state, .p = p, .w = columns.w};
		if (!has_part(b.o, part))
			continue;
		int column = page_box(&columns, &b.y, &b.x), top = b.y;
		draw_part(&b, part);
		page_box_end(&columns, column, b.y - top);
	}
}

/* --- in sentences */

static void words_top(const struct overview *o, unsigned which, struct strbuf *b)
{
	static const char *const name[] = {"viewed", "put in a cart", "bought"};
	const struct catalog *c = o->cat;
	const uint32_t *order[] = {c->order_views, c->order_carts, c->order_purchases};
	const uint32_t *totals[] = {c->product_views, c->product_carts, c->product_purchases};
	if (!has_top(c, which) || !c->n_products || !totals[which][order[which][0]])
		return;
	strbuf_addf(b, "Most often %s: ", name[which]);
	for (uint32_t i = 0; i < 3 && i < c->n_products; i++) {
		uint32_t p = order[which][i];
		strbuf_addf(b, "%s%.*s (", i ? ", " : "", STR_ARG(text_at(&c->product_label, p)));
		num_add_grouped(b, totals[which][p]);
		strbuf_addc(b, ')');
	}
	strbuf_adds(b, ".\n");
}

static void words_hours(const struct overview *o, struct strbuf *b)
{
	unsigned low = 0, high = 0;
	if (!(o->cat->caps & CAP_HOURS)) {
		strbuf_adds(b, "The times of this data set have no hours.\n");
		return;
	}
	for (unsigned i = 1; i < 7 * 24; i++) {
		low = o->hours[i / 24][i % 24] < o->hours[low / 24][low % 24] ? i : low;
		high = o->hours[i / 24][i % 24] > o->hours[high / 24][high % 24] ? i : high;
	}
	strbuf_addf(b, "Busiest hour: %s %02u:00 with ", weekdays[high / 24], high % 24);
	num_add_grouped(b, (int64_t)o->hours[high / 24][high % 24]);
	strbuf_addf(b, " events; quietest: %s %02u:00 with ", weekdays[low / 24], low % 24);
	num_add_grouped(b, (int64_t)o->hours[low / 24][low % 24]);
	strbuf_addf(b, " (%s).\n", o->zone_name);
}

static void words_funnel(const struct overview *o, struct strbuf *b)
{
	static const unsigned kind[] = {EVENT_VIEW, EVENT_CART, EVENT_PURCHASE};
	STRBUF(step);
	for (unsigned i = 0; i < 3; i++) {
		uint64_t n = overview_sessions(o, 1u << kind[i]);
		if (!n)
			continue;
		num_add_grouped(b, (int64_t)n);
		strbuf_addf(b, " of ");
		num_add_grouped(b, o->cat->n_sessions);
		strbuf_addf(b, " sessions (%.1f%%) have a %s.\n",
			    100 * (double)n / o->cat->n_sessions, event_kind_name(kind[i]));
	}
	add_step(o, &step);
	strbuf_addf(b, "%s%s", strbuf_c(&step), step.len ? ".\n" : "");
}

/* A first or last week that is cut would look like a fall. */
static void add_whole_date(struct strbuf *s, const void *ctx, int i)
{
	add_date(s, ctx, i + 1);
}

static void words_time(const struct overview *o, struct arena *a, unsigned kind,
		       struct strbuf *b)
{
	bool whole = o->step != STEP_DAY && o->n_bins > 3;
	double most, *x = series(o, a, kind, &most);
	STRBUF(name);
	strbuf_addf(&name, "%ss per %s%s", event_kind_name(kind), whole ? "whole " : "",
		    overview_step_name(o->step));
	chart_words(b, strbuf_c(&name), x + whole, (int)o->n_bins - 2 * whole,
		    whole ? add_whole_date : add_date, o);
	strbuf_adds(b, ".\n");
}

void overview_words(struct view *v, void *state, struct strbuf *b)
{
	const struct overview *o = state;
	num_add_grouped(b, (int64_t)o->cat->n_events);
	strbuf_adds(b, " events in ");
	num_add_grouped(b, o->cat->n_sessions);
	strbuf_adds(b, " sessions, ");
	num_add_grouped(b, o->cat->n_products);
	strbuf_adds(b, " products in ");
	num_add_grouped(b, o->cat->n_categories);
	strbuf_adds(b, " categories.\n");
	words_funnel(o, b);
	for (unsigned k = 0; k < EVENT_KINDS; k++)
		if (has_part(o, PART_TIME + (int)k))
			words_time(o, view_arena(v), k, b);
	for (unsigned i = 0; i < 3; i++)
		words_top(o, i, b);
	words_hours(o, b);
}
