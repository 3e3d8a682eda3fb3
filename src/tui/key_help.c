/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of keys: the table with the keys that there are now, and what the panels mean. */
#include "config.h"

#include <string.h>

#include "cmd/key_table.h"
#include "tui/state.h"
#include "view/ranking.h"

/* What is worth pressing where someone is; the rest of the table follows. */
static const enum action on_products[] = {
	ACTION_down, ACTION_next_pane, ACTION_follow, ACTION_find, ACTION_filter, ACTION_sort,
	ACTION_product, ACTION_transitions, ACTION_compare, ACTION_overview, ACTION_NONE,
};
static const enum action on_panel[] = {
	ACTION_down, ACTION_why, ACTION_follow, ACTION_back, ACTION_approve, ACTION_reject,
	ACTION_pin, ACTION_lift_order, ACTION_scope, ACTION_codes, ACTION_same_category,
	ACTION_similar_model, ACTION_zoom, ACTION_NONE,
};
static const enum action on_transitions[] = {
	ACTION_down, ACTION_follow, ACTION_level, ACTION_multi, ACTION_transitions, ACTION_sort,
	ACTION_zoom, ACTION_NONE,
};
static const enum action on_sheet[] = {
	ACTION_down, ACTION_next_pane, ACTION_follow, ACTION_close, ACTION_left, ACTION_right,
	ACTION_sort, ACTION_find, ACTION_filter, ACTION_range, ACTION_yank, ACTION_export,
	ACTION_NONE,
};
static const enum action on_map[] = {
	ACTION_down, ACTION_map_nearer, ACTION_map_farther, ACTION_map_whole, ACTION_map_colour,
	ACTION_range, ACTION_follow, ACTION_next_pane, ACTION_close, ACTION_NONE,
};

const enum action *help_place(struct explorer *e)
{
	const struct pane *s = panes_sheet(e);

	if (s)
		return s->chart && s->page.fills ? on_map : on_sheet;
	if (e->panes.focus == PANE_TRANSITIONS)
		return on_transitions;
	return e->panes.focus == PANE_SIMILAR || e->panes.focus == PANE_COMPLEMENTARY ? on_panel
										    : on_products;
}

static void add_place(struct explorer *e, struct strbuf *b)
{
	const struct view_class *c = panes_front(e)->class;
	const enum action *a = help_place(e);

	strbuf_addf(b, "\nKeys here, in %s\n", c->title ? c->title : c->name);
	for (; *a != ACTION_NONE; a++) {
		STRBUF(keys);

		keys_add_names(&keys, keymap_keys(&e->keymap, *a));
		if (keys.len)
			strbuf_addf(b, "  %-16s %s\n", strbuf_c(&keys), key_table[*a].help);
	}
}

static void add_legend(struct strbuf *b)
{
	strbuf_adds(b,
		    "What the panels mean\n"
		    "  3 Similar        could be bought instead of the selected product\n"
		    "  4 Complementary  is bought along with it\n"
		    "  5 Transitions    of the baskets with a product of its category: how many\n"
		    "                   hold one of another category too\n"
		    "\nWhat stands in them\n"
		    "  bar              score: the best one of the list has a full bar; the order\n"
		    "                   is the score's, lift and n say why\n"
		    "  n                baskets (or sessions) that hold both\n"
		    "  lift             how many times more often together than by chance: 1x is\n"
		    "                   chance, 3x three times as often, 0.5x half as often\n"
		    "  95%              what the lift may be, by the counts that there are\n"
		    "  1 = chance       the same as a picture: o the lift, [ ] what it may be,\n"
		    "                   | where chance is\n"
		    "  conf             share of those with the selected product that hold both\n"
		    "  a/b/both         of those who saw both and bought: the selected product\n"
		    "                   alone, this one alone, both\n"
		    "  | on a bar       in transitions: what chance would give\n"
		    "  1 before a row   one-way: its own panel does not hold the selected product\n"
		    "  import 1         how often a log was read into this store, and its days\n"
		    "  k, M             thousands and millions: 1.2k is 1,200\n"
		    "  price            the log's; scaled ones compare, and are no money\n"
		    "  names            as in the log, (1) and all; behind · or # stands\n"
		    "                   what tells products of one name apart: an attribute, or\n"
		    "                   the end of the id\n"
		    "  A R P            people approved, rejected or pinned it\n"
		    "  dim              a small sample, n below 20; or the panel of the product\n"
		    "                   before, while the new one is computed\n"
		    "\nby: where a suggestion comes from\n");
	for (int s = 0; s < PANEL_SOURCES; s++)
		if (ranking_source_short((enum panel_source)s))	/* it stands in panels */
			strbuf_addf(b, "  %-4s %-13s %s\n",
				    ranking_source_short((enum panel_source)s),
				    panel_source_name((enum panel_source)s),
				    panel_source_text((enum panel_source)s));
}

#define HELP_INDENT 19
#define HELP_WIDE 58	/* cells of an explanation: fits 80 columns */

/* Words on lines of HELP_WIDE, all but the first indented. */
static void add_wrapped(struct strbuf *b, const char *text)
{
	size_t used = 0;

	while (*text) {
		size_t w = strcspn(text, " ");

		if (used && used + 1 + w > HELP_WIDE) {
			strbuf_addc(b, '\n');
			strbuf_fill(b, ' ', HELP_INDENT);
			used = 0;
		} else if (used) {
			strbuf_addc(b, ' ');
			used++;
		}
		strbuf_add(b, str_span(text, w));
		used += w;
		text += w;
		text += strspn(text, " ");
	}
	strbuf_addc(b, '\n');
}

/* What the words over the columns of a sheet mean: its first question. */
static void add_columns(const struct pane *s, struct strbuf *b)
{
	const struct view_class *c = s->class;

	strbuf_addf(b, "What the columns of %s mean\n", c->name);
	for (unsigned i = 0; i < c->n_columns; i++) {
		const struct column *col = &c->columns[i];
		size_t start = b->len;

		if (col->flags & COLUMN_DATA || !col->title[0])
			continue;
		strbuf_addf(b, "  %s ", col->title);
		if (b->len - start < HELP_INDENT)
			strbuf_fill(b, ' ', HELP_INDENT - (b->len - start));
		add_wrapped(b, col->help);
	}
	strbuf_addc(b, '\n');
}

void help_open(struct explorer *e)
{
	const char *keys[ACTIONS];
	STRBUF(b);

	for (int a = ACTION_NONE + 1; a < ACTIONS; a++)
		keys[a - 1] = keymap_keys(&e->keymap, (enum action)a);
	if (panes_sheet(e) && !panes_sheet(e)->chart)
		add_columns(panes_sheet(e), &b);
	add_legend(&b);
	add_place(e, &b);
	strbuf_adds(&b, "\nAll keys\n\n");
	keys_help(&b, keys);
	strbuf_adds(&b,
		    "\n/ searches in this page; /@C-d looks for a key. bind and unbind give keys\n"
		    "to actions (help bind), set lists what can be set and where the file of\n"
		    "settings is.\n"
		    "\nA number typed first repeats a movement (5j) or names a row (12G).\n");
	pager_open(&e->pager, STR("Keys, and what the panels mean"), strbuf_str(&b));
	e->pager.keys = true;
}
