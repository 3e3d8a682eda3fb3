/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys that open screens: each is a command of the ':' line. */
#include "config.h"

#include "base/quote.h"
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
	uint32_t p = action_pointed(e);
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
	uint32_t p = action_pointed(e);
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
