/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys on a map: its cursor goes anywhere, not from spot to spot. */
#include "config.h"

#include "query/filter.h"
#include "view/map_view.h"
#include "view/press.h"

#define STEP 8		/* cells of half a page */
#define NEARER 0.5

static void step(struct map_view *m, int dy, int dx, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		map_move(m, dy, dx);
}

static bool moved(struct map_view *m, enum press_key key, uint64_t n)
{

	switch (key) {
	case PRESS_DOWN:
	case PRESS_UP:
		step(m, key == PRESS_DOWN ? 1 : -1, 0, n);
		break;
	case PRESS_RIGHT:
	case PRESS_LEFT:
		step(m, 0, key == PRESS_RIGHT ? 1 : -1, n);
		break;
	case PRESS_HALF_DOWN:
	case PRESS_HALF_UP:
		step(m, key == PRESS_HALF_DOWN ? 1 : -1, 0, STEP * n);
		break;
	case PRESS_PAGE_DOWN:
	case PRESS_PAGE_UP:
		step(m, key == PRESS_PAGE_DOWN ? 1 : -1, 0, (uint64_t)m->plot_h * n);
		break;
	case PRESS_FIRST:
	case PRESS_LAST:
		step(m, 0, key == PRESS_LAST ? 1 : -1, (uint64_t)m->plot_w);
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

/* The products in the rectangle are a term of a filter. */
static enum press_did filter_by(struct map_view *m, struct press *p)
{
	uint32_t product[FILTER_MAX / 4];
	size_t most = sizeof product / sizeof product[0], n = map_marked(m, product, most);
	STRBUF(ids);

	for (size_t i = 0; i < n && i < most; i++)
		add_product(&ids, text_at(&m->cat->product_id, product[i]));
	strbuf_addf(&p->term, "product in (%s)", strbuf_c(&ids));
	if (n && n <= most && p->term.len <= FILTER_MAX) {
		map_mark(m);
		strbuf_addf(&p->chip, "%zu product%s of the map", n, n == 1 ? "" : "s");
		strbuf_addf(&p->said, "the filter is %zu products of the map; Backspace goes back "
			    "to it", n);
		return DID_FILTER;
	}
	if (!n)
		strbuf_adds(&p->said, "no product is in the rectangle");
	else
		strbuf_addf(&p->said, "%zu products are too many for a filter: mark fewer, or "
			    "filter by category", n);
	return DID_TAKE;
}

static void next_colour(struct map_view *m, struct press *p)
{
	const struct map_colour *c;
	struct err err = {0};
	STRBUF(level);

	if (!map_next_colour(m, &err)) {
		strbuf_adds(&p->said, err.text);
		return;
	}
	c = &m->colours[m->colour];
	strbuf_addf(&level, "%u", c->level);
	outlook_set(p->outlook, ASK_COLOUR, c->by == MAP_LEVEL ? STR_NULL :
		    c->by == MAP_DENSITY ? STR("density") : str_from(c->model));
	outlook_set(p->outlook, ASK_LEVEL, c->by == MAP_LEVEL ? strbuf_str(&level) : STR_NULL);
	strbuf_adds(&p->said, "coloured by ");
	map_add_colour(m, &p->said);
}

/* What Enter goes to is the selected one when someone comes back. */
static void select_pointed(struct map_view *m, struct press *p)
{
	size_t at = map_pointed(m);
	struct err err = {0};

	if (at != SIZE_MAX && !map_select(m, m->product[at], &err))
		strbuf_adds(&p->said, err.text);
}

unsigned map_press(struct view *v, void *state, struct press *p)
{
	struct map_view *m = state;
	uint64_t n = p->count && p->count < 1000 ? p->count : 1;

	if (!p->page || !m->n)
		return DID_PASS;
	if (moved(m, p->key, n))
		return DID_TAKE;
	switch (p->key) {
	case PRESS_NEARER:
	case PRESS_FARTHER:
		map_zoom(m, p->key == PRESS_NEARER ? NEARER : 1 / NEARER);
		break;
	case PRESS_WHOLE:
		map_whole(m);
		break;
	case PRESS_COLOUR:
		next_colour(m, p);
		break;
	case PRESS_TURN:
		if (!map_turn(m))
			strbuf_adds(&p->said, "a map of two axes can't be turned: train map "
				    "--axes 3 makes one that can");
		break;
	case PRESS_RANGE:
		map_mark(m);
		break;
	case PRESS_FOLLOW:
		if (m->marking)
			return filter_by(m, p);
		select_pointed(m, p);
		return DID_PASS;
	case PRESS_CLOSE:
		if (!m->marking)
			return DID_PASS;
		map_mark(m);
		break;
	default:
		return DID_PASS;
	}
	return DID_TAKE;
}
