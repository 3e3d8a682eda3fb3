/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys that open screens: each is a command of the ':' line. */
#include "config.h"

#include "base/quote.h"
#include "model/model.h"
#include "tui/state.h"

#define CATEGORIES_LEAST 4	/* a heat map of fewer says little: look a level deeper */

static void add_word(struct strbuf *b, const char *option, struct str value)
{
	strbuf_addf(b, " --%s ", option);
	quote_word(b, value);
}

static void add_filter(struct strbuf *b, const struct explorer *e)
{
	if (e->lens)
		add_word(b, "where", str_from(filter_text(e->lens->filter)));
}

void act_overview(struct explorer *e, uint64_t count)
{
	line_run(e, STR("show overview"));
}

/* The first level with some categories. */
static unsigned broad_level(const struct catalog *cat)
{
	unsigned n[CATALOG_LEVELS] = {0}, level = 0;

	for (uint32_t c = 0; c < cat->n_categories; c++)
		if (cat->category_depth[c] < CATALOG_LEVELS)
			n[cat->category_depth[c]]++;
	while (level + 1 < CATALOG_LEVELS && n[level] < CATEGORIES_LEAST && n[level + 1])
		level++;
	return level;
}

void act_transitions(struct explorer *e, uint64_t count)
{
	STRBUF(line);

	strbuf_addf(&line, "show transitions --level %u",
		    (unsigned)outlook_count(&e->sight.asked, ASK_LEVEL,
					    broad_level(e->edition->cat)));
	outlook_print(&e->sight.asked, MAY(BASKETS), &line);
	add_filter(&line, e);
	line_run(e, strbuf_str(&line));
}

/* The command with the product that the cursor is on. */
static void run_for_product(struct explorer *e, const char *command, bool filter)
{
	uint32_t p = panes_pointed(e);
	STRBUF(line);

	if (p == CATALOG_NONE) {
		explorer_message(e, "no product is selected");
		return;
	}
	strbuf_adds(&line, command);
	add_word(&line, "product", text_at(&e->edition->cat->product_id, p));
	if (filter)
		add_filter(&line, e);
	line_run(e, strbuf_str(&line));
}

void act_product(struct explorer *e, uint64_t count)
{
	run_for_product(e, "show product", false);
}

void act_compare(struct explorer *e, uint64_t count)
{
	run_for_product(e, "show compare", false);
}

/* --- the basket */

void act_basket_add(struct explorer *e, uint64_t count)
{
	uint32_t p = panes_pointed(e);
	struct str label;
	bool in;

	if (p == CATALOG_NONE) {
		explorer_message(e, "no product is selected");
		return;
	}
	label = text_at(&e->edition->cat->product_label, p);
	if (!basket_turn(&e->basket, text_at(&e->edition->cat->product_id, p), &in))
		explorer_message(e, "the basket is full: it takes %d products", BASKET_MOST);
	else if (in)
		explorer_message(e, "in the basket: %.*s (%zu in all); B shows what goes with them",
				 STR_ARG(label), e->basket.n);
	else
		explorer_message(e, "taken out of the basket: %.*s (%zu left)", STR_ARG(label),
				 e->basket.n);
}

void act_basket(struct explorer *e, uint64_t count)
{
	STRBUF(line);

	if (!e->basket.n) {
		explorer_message(e, "the basket is empty: b puts the product into it");
		return;
	}
	strbuf_adds(&line, "show basket");
	for (size_t i = 0; i < e->basket.n; i++)
		add_word(&line, "product", str_from(e->basket.id[i]));
	line_run(e, strbuf_str(&line));
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
	uint32_t p = panes_pointed(e);
	STRBUF(name);
	STRBUF(line);

	strbuf_adds(&line, "show map");
	if (choose_map(e, &name))
		add_word(&line, "model", strbuf_str(&name));
	if (p != CATALOG_NONE)
		add_word(&line, "product", text_at(&e->edition->cat->product_id, p));
	add_filter(&line, e);
	line_run(e, strbuf_str(&line));
}

/* Keys of maps; a map that is in front has taken them before. */
#define ON_A_MAP(name)							\
	void act_##name(struct explorer *e, uint64_t count)		\
	{								\
		explorer_message(e, "no map is in front: m opens one");	\
	}
ON_A_MAP(map_nearer)
ON_A_MAP(map_farther)
ON_A_MAP(map_whole)
ON_A_MAP(map_colour)
ON_A_MAP(map_turn)

/* --- v: what the cursor is on becomes a filter */

static void add_quoted(struct strbuf *b, struct str s)
{
	strbuf_addc(b, '\'');
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '\'')
			strbuf_addc(b, '\'');
		strbuf_addc(b, s.ptr[i]);
	}
	strbuf_addc(b, '\'');
}

/* The categories of a target, or its product; false: it has neither. */
static bool add_target(const struct catalog *cat, const struct view_target *t, bool both,
		       struct strbuf *term, struct strbuf *chip)
{
	bool flow = t->to < cat->n_categories, from = t->category < cat->n_categories;

	if (t->product < cat->n_products && !flow) {
		strbuf_adds(term, "product = ");
		add_quoted(term, text_at(&cat->product_id, t->product));
		strbuf_add(chip, text_at(&cat->product_label, t->product));
		return true;
	}
	if (!flow && !from)
		return false;
	strbuf_adds(term, "category in (");
	if (from && (both || !flow) && t->category != t->to) {
		add_quoted(term, text_at(&cat->category_id, t->category));
		strbuf_adds(term, flow ? ", " : "");
		strbuf_add(chip, text_at(&cat->category_name, t->category));
		strbuf_adds(chip, flow ? " and " : "");
	}
	if (flow) {
		add_quoted(term, text_at(&cat->category_id, t->to));
		strbuf_add(chip, text_at(&cat->category_name, t->to));
	}
	strbuf_addc(term, ')');
	return true;
}

/* A bar, bin or cell of a chart says what filter it is; else the categories or the product of
 * the row do: of a heat cell both categories, of a bar the one that it leads to. */
void filter_by_cursor(struct explorer *e)
{
	struct pane *p = panes_front(e);
	const struct page_spot *spot = pane_spot(p);
	struct view_target t;
	STRBUF(term);
	STRBUF(chip);

	if (spot && spot->term) {
		strbuf_adds(&term, spot->term);
		strbuf_adds(&chip, spot->chip ? spot->chip : "");
	} else if (pane_stale(p) || !(spot || pane_at(p, &t)) ||
		   !add_target(e->edition->cat, spot ? &spot->target : &t, p->sheet, &term,
			       &chip)) {
		explorer_message(e, "nothing to filter by is here: v takes bars, bins and cells of "
				    "charts, categories, products");
		return;
	}
	explorer_message(e, "only %s; Backspace in & takes it away, U goes back",
			 chip.len ? strbuf_c(&chip) : strbuf_c(&term));
	chips_brush(e, strbuf_str(&term), strbuf_str(&chip));
}

void act_diff(struct explorer *e, uint64_t count)
{
	static const char start[] = "show diff --with ";

	if (e->kiosk) {
		explorer_message(e, "a kiosk compares no other store");
		return;
	}
	line_open(e);
	prompt_put(str_from(start), sizeof start - 1);
}
