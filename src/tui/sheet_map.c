/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys on a map: its cursor goes anywhere, not from spot to spot. */
#include "config.h"

#include "base/quote.h"
#include "cmd/show.h"
#include "query/filter.h"
#include "store/trained.h"
#include "tui/state.h"
#include "view/map_view.h"

#define STEP 8		/* cells of half a page */
#define NEARER 0.5

struct map_view *sheet_map(const struct sheet *s)
{
	return s && s->chart ? view_map(s->shown->view) : NULL;
}

static void step(struct map_view *m, int dy, int dx, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		map_move(m, dy, dx);
}

static bool moved(struct map_view *m, enum action a, uint64_t count)
{
	uint64_t n = count && count < 1000 ? count : 1;

	switch (a) {
	case ACTION_down:
	case ACTION_up:
		step(m, a == ACTION_down ? 1 : -1, 0, n);
		break;
	case ACTION_right:
	case ACTION_left:
		step(m, 0, a == ACTION_right ? 1 : -1, n);
		break;
	case ACTION_half_down:
	case ACTION_half_up:
		step(m, a == ACTION_half_down ? 1 : -1, 0, STEP * n);
		break;
	case ACTION_page_down:
	case ACTION_page_up:
		step(m, a == ACTION_page_down ? 1 : -1, 0, (uint64_t)m->plot_h * n);
		break;
	case ACTION_first:
	case ACTION_last:
		step(m, 0, a == ACTION_last ? 1 : -1, (uint64_t)m->plot_w);
		break;
	default:
		return false;
	}
	return true;
}

static void add_product(struct strbuf *b, struct str id)
{
	strbuf_adds(b, b->len ? ", '" : "'");
	for (size_t i = 0; i < id.len; i++) {
		strbuf_addc(b, id.ptr[i]);
		if (id.ptr[i] == '\'')
			strbuf_addc(b, '\'');
	}
	strbuf_addc(b, '\'');
}

/* The products in the rectangle become a term of the filter, and the panes show them. */
static void filter_by(struct explorer *e, struct sheet *s, struct map_view *m)
{
	static const char begin[] = "product in (";
	uint32_t product[FILTER_MAX / 4];
	size_t most = sizeof product / sizeof product[0], n = map_marked(m, product, most);
	struct err err = {0};
	STRBUF(ids);
	STRBUF(term);

	for (size_t i = 0; i < n && i < most; i++)
		add_product(&ids, text_at(&m->cat->product_id, product[i]));
	strbuf_addf(&term, "%s%s)", begin, strbuf_c(&ids));
	if (!n) {
		explorer_message(e, "no product is in the rectangle");
		return;
	}
	if (n > most || term.len > FILTER_MAX) {
		explorer_message(e, "%zu products are too many for a filter: mark fewer, or "
				 "filter by category", n);
		return;
	}
	if (!chips_add(e, strbuf_str(&term), UINT32_MAX, &err)) {
		explorer_error(e, &err);
		return;
	}
	map_mark(m);
	e->sheets.away = true;
	e->sheets.trail = e->trail.at;
	explorer_message(e, "the filter is %zu products of the map; Backspace goes back to it",
			 n);
}

static void next_colour(struct explorer *e, struct sheet *s, struct map_view *m)
{
	struct outlook *o = &s->shown->outlook;
	const struct map_colour *c;
	struct err err = {0};
	STRBUF(b);
	STRBUF(level);

	if (!map_next_colour(m, &err)) {
		explorer_error(e, &err);
		return;
	}
	c = &m->colours[m->colour];
	strbuf_addf(&level, "%u", c->level);
	outlook_set(o, ASK_COLOUR, c->by == MAP_LEVEL ? STR_NULL :
		    c->by == MAP_DENSITY ? STR("density") : str_from(c->model));
	outlook_set(o, ASK_LEVEL, c->by == MAP_LEVEL ? strbuf_str(&level) : STR_NULL);
	map_add_colour(m, &b);
	explorer_message(e, "coloured by %s", strbuf_c(&b));
}

/* What Enter goes to is the selected one when someone comes back. */
static void select_pointed(struct explorer *e, struct map_view *m)
{
	size_t at = map_pointed(m);
	struct err err = {0};

	if (at != SIZE_MAX && !map_select(m, m->product[at], &err))
		explorer_error(e, &err);
}

bool sheet_map_action(struct explorer *e, enum action a, uint64_t count)
{
	struct sheet *s = sheets_top(&e->sheets);
	struct map_view *m = sheet_map(s);

	if (!m || moved(m, a, count))
		return m;
	switch (a) {
	case ACTION_map_nearer:
	case ACTION_map_farther:
		map_zoom(m, a == ACTION_map_nearer ? NEARER : 1 / NEARER);
		break;
	case ACTION_map_whole:
		map_whole(m);
		break;
	case ACTION_map_colour:
		next_colour(e, s, m);
		break;
	case ACTION_map_turn:
		if (!map_turn(m))
			explorer_message(e, "a map of two axes can't be turned: train map "
					 "--axes 3 makes one that can");
		break;
	case ACTION_range:
		map_mark(m);
		break;
	case ACTION_follow:
		if (m->marking) {
			filter_by(e, s, m);
			break;
		}
		select_pointed(e, m);
		return false;
	case ACTION_escape:
	case ACTION_close:
		if (!m->marking)
			return false;
		map_mark(m);
		break;
	default:
		return false;
	}
	return true;
}

/* --- from elsewhere */

static void no_map(struct explorer *e)
{
	explorer_message(e, "no map is in front: m opens one");
}

void act_map_nearer(struct explorer *e, uint64_t count)
{
	no_map(e);
}

void act_map_farther(struct explorer *e, uint64_t count)
{
	no_map(e);
}

void act_map_whole(struct explorer *e, uint64_t count)
{
	no_map(e);
}

void act_map_colour(struct explorer *e, uint64_t count)
{
	no_map(e);
}

void act_map_turn(struct explorer *e, uint64_t count)
{
	no_map(e);
}

void act_range(struct explorer *e, uint64_t count)
{
	no_map(e);
}

/* The map of the model that ranks, or the first one; the view says how to make one. */
static bool choose_map(const struct explorer *e, struct strbuf *name)
{
	struct model_list l;
	unsigned maps = 0;
	bool fits = false;

	models_of(e->edition->store, &l);
	for (size_t i = 0; i < l.n && !fits; i++) {
		const char *of;

		if (!l.at[i].class || !str_is(str_from(l.at[i].class->name), "map"))
			continue;
		of = json_string_value(json_object_get(l.at[i].meta, "of"));
		fits = of && str_is(outlook_text(&e->sight.asked, ASK_MODEL), of);
		if (maps++ && !fits)
			continue;
		strbuf_reset(name);
		strbuf_adds(name, l.at[i].name);
	}
	model_list_finish(&l);
	return maps > 0;
}

void act_map(struct explorer *e, uint64_t count)
{
	uint32_t p = action_pointed(e);
	STRBUF(name);
	STRBUF(line);

	strbuf_adds(&line, "show map");
	if (choose_map(e, &name))
		strbuf_addf(&line, " --model %s", strbuf_c(&name));
	if (p != CATALOG_NONE) {
		strbuf_adds(&line, " --product ");
		quote_word(&line, text_at(&e->edition->cat->product_id, p));
	}
	if (e->lens) {
		strbuf_adds(&line, " --where ");
		quote_word(&line, str_from(filter_text(e->lens->filter)));
	}
	line_run(e, strbuf_str(&line));
}
