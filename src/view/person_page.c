/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A user as a page: history on the shop's days, the list with reasons, and who is alike. */
#include "config.h"

#include <string.h>

#include "ask/pseudonym.h"
#include "base/arena.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "chart/chart.h"
#include "view/page.h"
#include "view/person.h"
#include "view/reason.h"

#define LATEST 8	/* events that are listed */
#define KIND 9		/* cells of "purchase" */
#define SOURCE 12	/* cells of "category +2" */
#define SOURCES 24	/* distinct ones that are counted */

struct box {
	struct view *v;
	const struct person *s;
	struct page *p;
	int y, x, w;
};

static bool dated(const struct person *s)
{
	return s->cat->event_time && !(s->cat->caps & CAP_UNDATED);
}

/* "14 purchases and 3 views in 2 sessions, 16 to 20 September" */
static void add_sum(const struct person *s, struct strbuf *b)
{
	const char *between = "";

	for (unsigned k = 0; k < EVENT_KINDS; k++) {
		if (!s->tally.kind[k])
			continue;
		strbuf_adds(b, between);
		num_add_grouped(b, (int64_t)s->tally.kind[k]);
		strbuf_addf(b, " %s%s", event_kind_name((uint8_t)k),
			    s->tally.kind[k] == 1 ? "" : "s");
		between = ", ";
	}
	strbuf_adds(b, s->tally.events ? " in " : "Nothing was done in ");
	num_add_grouped(b, (int64_t)s->tally.sessions);
	strbuf_addf(b, " session%s", s->tally.sessions == 1 ? "" : "s");
	if (!s->tally.events || !dated(s))
		return;
	strbuf_adds(b, ", ");
	reason_add_day(b, s->cat, s->tally.first);
	if (catalog_day(s->cat, s->tally.first) != catalog_day(s->cat, s->tally.last)) {
		strbuf_adds(b, " to ");
		reason_add_day(b, s->cat, s->tally.last);
	}
}

/* --- history */

struct span_of_days {
	int64_t first, n;
	int cells, each;	/* columns, and the cells of one */
};

/* A column a day, wider where there is room, or of several days. */
static struct span_of_days days_of(const struct box *b)
{
	const struct catalog *c = b->s->cat;
	struct span_of_days d = {.first = catalog_day(c, c->first_time)};
	int room = b->w - KIND - 1;

	d.n = catalog_day(c, c->last_time) - d.first + 1;
	d.cells = d.n < room ? (int)d.n : room;
	d.each = d.cells > 0 && room / d.cells > 1 ? room / d.cells : 1;
	d.each = d.each > 6 ? 6 : d.each;
	return d;
}

static void draw_kind(struct box *b, const struct span_of_days *d, unsigned kind)
{
	const struct catalog *c = b->s->cat;
	SCOPED_FREE double *value = mem_zalloc((size_t)d->cells * sizeof *value);

	for (uint64_t i = 0; i < b->s->n_events; i++) {
		uint64_t e = b->s->event[i];
		int64_t day = catalog_day(c, c->event_time[e]) - d->first;

		if (c->event_kind[e] == kind && day >= 0 && day < d->n)
			value[day * d->cells / d->n]++;
	}
	canvas_text(&b->p->canvas, (struct rect){b->y, b->x, 1, KIND},
		    str_from(event_kind_name((uint8_t)kind)), INK_DIM);
	chart_columns(&b->p->canvas,
		      (struct rect){b->y, b->x + KIND + 1, 1, d->each > 1 ? d->each - 1 : 1},
		      d->each > 1, (struct series){value, d->cells, 0},
		      (enum ink)(INK_SERIES + kind % INK_SERIES_N));
	b->y++;
}

static void draw_axis(struct box *b, const struct span_of_days *d)
{
	const struct catalog *c = b->s->cat;
	int x = b->x + KIND + 1, w = d->cells * d->each;
	STRBUF(first);
	STRBUF(last);

	time_add_date(&first, catalog_clock(c, c->first_time));
	time_add_date(&last, catalog_clock(c, c->last_time));
	canvas_text(&b->p->canvas, (struct rect){b->y, x, 1, 10}, strbuf_str(&first), INK_DIM);
	if (w >= 22)
		canvas_right(&b->p->canvas, (struct rect){b->y, x + w - 10, 1, 10},
			     strbuf_str(&last), INK_DIM);
	else
		canvas_text(&b->p->canvas, (struct rect){b->y, x + 10, 1, 14},
			    str_from(arena_printf(b->p->arena, " to %s", strbuf_c(&last)).ptr),
			    INK_DIM);
	b->y++;
}

static void draw_event(struct box *b, uint64_t e, const struct str *name)
{
	const struct catalog *c = b->s->cat;
	struct page_spot *spot;
	int x = b->x;
	STRBUF(day);

	if (dated(b->s)) {
		time_add_date(&day, catalog_clock(c, c->event_time[e]));
		canvas_text(&b->p->canvas, (struct rect){b->y, x, 1, 10}, strbuf_str(&day),
			    INK_DIM);
		x += 11;
	}
	canvas_text(&b->p->canvas, (struct rect){b->y, x, 1, KIND},
		    str_from(event_kind_name(c->event_kind[e])), INK_DIM);
	x += KIND + 1;
	canvas_text(&b->p->canvas, (struct rect){b->y, x, 1, b->x + b->w - x}, *name, INK_TEXT);
	spot = page_spot(b->p, (struct rect){b->y, x, 1, b->x + b->w - x});
	spot->target.product = c->event_product[e];
	b->y++;
}

static void draw_history(struct box *b)
{
	const struct person *s = b->s;
	unsigned n = s->n_events < LATEST ? (unsigned)s->n_events : LATEST;
	uint32_t product[LATEST];
	const struct str *names;
	STRBUF(sum);

	page_heading(b->p, (struct rect){b->y++, b->x, 1, b->w}, "History", NULL);
	add_sum(s, &sum);
	b->y += page_text(b->p, (struct rect){b->y, b->x, 1, b->w}, strbuf_str(&sum), INK_TEXT);
	if (n && dated(s)) {
		struct span_of_days d = days_of(b);

		for (unsigned k = 0; d.cells > 0 && k < EVENT_KINDS; k++)
			if (s->tally.kind[k])
				draw_kind(b, &d, k);
		draw_axis(b, &d);
	}
	for (unsigned i = 0; i < n; i++)
		product[i] = s->cat->event_product[s->event[i]];
	names = page_names(b->p, s->cat, product, n, b->w - KIND - 1 - (dated(s) ? 11 : 0));
	for (unsigned i = 0; i < n; i++)
		draw_event(b, s->event[i], &names[i]);
	if (s->n_events > n)
		b->y += page_text(b->p, (struct rect){b->y, b->x, 1, b->w},
				  arena_printf(b->p->arena, "and %ju earlier ones: show user",
					       (uintmax_t)(s->n_events - n)), INK_DIM);
}

/* --- the list */

/* "repeat +2": the first source, and how many more. */
static void add_short(struct str sources, struct strbuf *b)
{
	struct str first;
	unsigned more = 0;

	str_next(&sources, ',', &first);
	for (struct str one; str_next(&sources, ',', &one);)
		more++;
	strbuf_add(b, first);
	if (more)
		strbuf_addf(b, " +%u", more);
}

static void draw_suggested(struct box *b, unsigned i, const struct str *name)
{
	const struct person *s = b->s;
	const struct panel_row *row = &s->list.rows[i];
	struct page_spot *spot;
	STRBUF(source);
	STRBUF(why);

	add_short(person_source(s, i), &source);
	canvas_right(&b->p->canvas, (struct rect){b->y, b->x, 1, 2},
		     arena_printf(b->p->arena, "%u", i + 1), INK_DIM);
	canvas_text(&b->p->canvas, (struct rect){b->y, b->x + 3, 1, b->w - 4 - SOURCE}, *name,
		    INK_HEAD);
	canvas_right(&b->p->canvas, (struct rect){b->y, b->x + b->w - SOURCE, 1, SOURCE},
		     strbuf_str(&source), INK_NUMBER);
	spot = page_spot(b->p, (struct rect){b->y, b->x, 1, b->w});
	spot->target.product = row->product;
	reason_add(&why, s->q, &s->past, row);
	canvas_text(&b->p->canvas, (struct rect){b->y + 1, b->x + 3, 1, b->w - 3},
		    strbuf_str(&why), INK_DIM);
	strbuf_addf(&why, " (from %.*s)", STR_ARG(person_source(s, i)));
	spot->label = arena_str(b->p->arena, strbuf_str(&why)).ptr;
	b->y += 2;
}

/* "7 from repeat, 5 from together": of each source how many rows came from it. */
static void add_sources(const struct person *s, struct strbuf *b)
{
	struct str word[SOURCES];
	unsigned n = 0, count[SOURCES];

	for (unsigned i = 0; i < s->list.n_rows; i++) {
		struct str rest = person_source(s, i), one;

		while (str_next(&rest, ',', &one)) {
			unsigned k = 0;

			one = str_trim(one);
			while (k < n && !str_eq(word[k], one))
				k++;
			if (k == SOURCES)
				continue;
			if (k == n) {
				word[n] = one;
				count[n++] = 0;
			}
			count[k]++;
		}
	}
	for (unsigned k = 0; k < n; k++)
		strbuf_addf(b, "%s%u from %.*s", k ? ", " : "", count[k], STR_ARG(word[k]));
}

static void draw_list(struct box *b)
{
	const struct person *s = b->s;
	unsigned n = s->list.n_rows;
	SCOPED_FREE uint32_t *product = mem_alloc((n + (size_t)1) * sizeof *product);
	const struct str *names;
	STRBUF(sources);

	page_heading(b->p, (struct rect){b->y++, b->x, 1, b->w},
		     arena_printf(b->p->arena, "Suggested, %s", !s->past.n ? "popular ones" :
				  s->ranker ?
				  arena_printf(b->p->arena, "by %s", model_name(s->ranker)).ptr :
				  "by hand").ptr, NULL);
	if (!s->past.n)
		b->y += page_text(b->p, (struct rect){b->y, b->x, 1, b->w},
				  STR("Nothing is known of what was done before."), INK_DIM);
	for (unsigned i = 0; i < n; i++)
		product[i] = s->list.rows[i].product;
	names = page_names(b->p, s->cat, product, n, b->w - 4 - SOURCE);
	for (unsigned i = 0; i < n; i++)
		draw_suggested(b, i, &names[i]);
	add_sources(s, &sources);
	if (sources.len)
		b->y += page_text(b->p, (struct rect){b->y, b->x, 1, b->w}, strbuf_str(&sources),
				  INK_DIM);
}

/* --- who is alike */

static void add_alike(const struct person *s, unsigned i, struct strbuf *b)
{
	uint32_t user = s->near[i].id;

	strbuf_addf(b, "%u of its %ju in common", alike_both(&s->alike, &s->past, user),
		    (uintmax_t)(s->alike.user_offsets[user + 1] - s->alike.user_offsets[user]));
}

static void draw_alike(struct box *b, unsigned i)
{
	const struct person *s = b->s;
	struct str user = pseudonym_user(s->q, b->p->arena, s->near[i].id);
	struct page_spot *spot;
	STRBUF(both);
	STRBUF(news);

	add_alike(s, i, &both);
	canvas_text(&b->p->canvas, (struct rect){b->y, b->x, 1, 13},
		    user.ptr ? user : STR("someone"), INK_HEAD);
	canvas_text(&b->p->canvas, (struct rect){b->y, b->x + 14, 1, 6},
		    arena_printf(b->p->arena, "%.3f", (double)s->near[i].score), INK_NUMBER);
	canvas_text(&b->p->canvas, (struct rect){b->y, b->x + 21, 1, b->w - 21},
		    strbuf_str(&both), INK_DIM);
	spot = page_spot(b->p, (struct rect){b->y, b->x, 1, b->w});
	spot->target.user = s->near[i].id;
	person_add_products(s, s->near[i].id, false, 4, &news);
	spot->label = news.len ?
		arena_printf(b->p->arena, "has too: %s", strbuf_c(&news)).ptr : NULL;
	b->y++;
	if (news.len)
		canvas_text(&b->p->canvas, (struct rect){b->y++, b->x + 2, 1, b->w - 2},
			    strbuf_str(&news), INK_TEXT);
}

static void draw_users(struct box *b)
{
	const struct person *s = b->s;

	page_heading(b->p, (struct rect){b->y++, b->x, 1, b->w}, "Who is alike", NULL);
	b->y += page_text(b->p, (struct rect){b->y, b->x, 1, b->w}, !s->past.n ?
			  STR("Nobody: there is nothing to share.") : !s->n_near ?
			  STR("Nobody with some of it has anything else.") : s->alike.user_vector ?
			  STR("cosine of the texts of what both have; below, what only they have") :
			  STR("|both| / sqrt(|a| |b|); below, what only they have"), INK_DIM);
	for (unsigned i = 0; i < s->n_near; i++)
		draw_alike(b, i);
}

void person_page(struct view *v, void *state, struct page *p)
{
	static void (*const parts[])(struct box *b) = {draw_history, draw_list, draw_users};
	const struct person *s = state;
	struct page_columns columns;
	struct str user = pseudonym_user(s->q, p->arena, s->q->user);
	int w = p->canvas.w;

	canvas_text(&p->canvas, (struct rect){0, 0, 1, w}, user.ptr ? user : STR("A user"),
		    INK_HEAD);
	page_columns(&columns, w);
	for (int i = 0; i < 4; i++)
		columns.y[i] = 1;
	for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++) {
		struct box b = {.v = v, .s = s, .p = p, .w = columns.w};
		int y, column = page_box(&columns, &y, &b.x);

		b.y = y;
		parts[i](&b);
		page_box_end(&columns, column, b.y - y);
	}
}

void person_words(struct view *v, void *state, struct strbuf *b)
{
	const struct person *s = state;
	SCOPED(arena) a = arena_create();

	(void)v;
	add_sum(s, b);
	strbuf_adds(b, ".\n");
	for (unsigned i = 0; i < s->list.n_rows; i++) {
		strbuf_addf(b, "%u. %.*s: ", i + 1,
			    STR_ARG(text_at(&s->cat->product_label, s->list.rows[i].product)));
		reason_add(b, s->q, &s->past, &s->list.rows[i]);
		strbuf_adds(b, ".\n");
	}
	add_sources(s, b);
	strbuf_adds(b, ".\n");
	for (unsigned i = 0; i < s->n_near; i++) {
		struct str user = pseudonym_user(s->q, a, s->near[i].id);

		strbuf_addf(b, "Alike: %.*s, ", STR_ARG(user.ptr ? user : STR("someone")));
		add_alike(s, i, b);
		strbuf_adds(b, ".\n");
	}
}
