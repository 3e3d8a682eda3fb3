/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of keys: the table with the keys that there are now, and what the panels mean. */
#include "config.h"

#include "cmd/key_table.h"
#include "tui/state.h"
#include "view/ranking.h"

void help_open(struct explorer *e)
{
	const char *keys[ACTIONS];
	STRBUF(b);

	for (int a = ACTION_NONE + 1; a < ACTIONS; a++)
		keys[a - 1] = keymap_keys(&e->keymap, (enum action)a);
	keys_help(&b, keys);
	strbuf_adds(&b,
		    "\n/ searches in this page; /@C-d looks for a key. bind and unbind give keys\n"
		    "to actions (help bind), set lists what can be set.\n"
		    "\nA number typed first repeats a movement (5j) or names a row (12G).\n"
		    "\nReading the panels\n"
		    "  bar              score, as a part of the best one of its ranking\n"
		    "  n                sessions that hold both; in transitions: baskets\n"
		    "  lift             how many times more often together than by chance\n"
		    "  95%              interval of the lift; in transitions of the per cent\n"
		    "  1                one-way: its own panel does not hold this product\n"
		    "  dim              a small sample, n below 20; or the panel of the product\n"
		    "                   before, while the new one is computed\n"
		    "\nby: where a suggestion comes from\n");
	for (int s = 0; s < PANEL_SOURCES; s++)
		strbuf_addf(&b, "  %-4s %-13s %s\n",
			    ranking_source_short((enum panel_source)s),
			    panel_source_name((enum panel_source)s),
			    panel_source_text((enum panel_source)s));
	pager_open(&e->pager, STR("Keys"), strbuf_str(&b));
	e->pager.keys = true;
}
