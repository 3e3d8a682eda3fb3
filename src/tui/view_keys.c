/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys that a view takes itself: the front one is asked first, then the panes beside. */
#include "config.h"

#include "tui/state.h"
#include "view/press.h"

static const enum press_key keys[ACTIONS] = {
	[ACTION_down] = PRESS_DOWN, [ACTION_up] = PRESS_UP,
	[ACTION_left] = PRESS_LEFT, [ACTION_right] = PRESS_RIGHT,
	[ACTION_first] = PRESS_FIRST, [ACTION_last] = PRESS_LAST,
	[ACTION_half_down] = PRESS_HALF_DOWN, [ACTION_half_up] = PRESS_HALF_UP,
	[ACTION_page_down] = PRESS_PAGE_DOWN, [ACTION_page_up] = PRESS_PAGE_UP,
	[ACTION_follow] = PRESS_FOLLOW,
	[ACTION_close] = PRESS_CLOSE, [ACTION_escape] = PRESS_CLOSE,
	[ACTION_level] = PRESS_LEVEL, [ACTION_multi] = PRESS_BASKETS,
	[ACTION_map_nearer] = PRESS_NEARER, [ACTION_map_farther] = PRESS_FARTHER,
	[ACTION_map_whole] = PRESS_WHOLE, [ACTION_map_colour] = PRESS_COLOUR,
	[ACTION_map_turn] = PRESS_TURN, [ACTION_range] = PRESS_RANGE,
};

/* The view is to be opened with another outlook. */
static void ask(struct explorer *e, struct pane *p, const struct outlook *was,
		const struct outlook *now)
{
	if (p->sheet) {
		sheet_open(e, p->class, now, true);
		return;
	}
	for (enum ask_id i = 0; i < ASK_IDS; i++)
		if (!outlook_same(was, now, UINT64_C(1) << i))
			explorer_set(e, i, outlook_text(now, i));
}

static void take(struct explorer *e, struct pane *p, struct press *k)
{
	if (p->sheet)
		outlook_copy(&p->shown->asked.outlook, k->outlook);
	else
		list_set(&p->list, view_count(pane_view(p)), k->row);
	if (k->said.len)
		explorer_message(e, "%s", strbuf_c(&k->said));
	if (p == &e->panes.at[e->panes.focus])
		explorer_led(e);
}

static bool offer(struct explorer *e, struct pane *p, enum pane_id at, enum press_key key,
		  uint64_t count)
{
	enum press_did did;
	struct press k = {.key = key, .count = count, .page = p->chart};
	OUTLOOK(was);
	OUTLOOK(now);

	if (!pane_view(p) || !p->class->key)
		return false;
	/* Keys that are typed while the view is opened anew change what it is opened with. */
	if (p->sheet && e->panes.wanted && e->panes.replaces &&
	    e->panes.wanted_class == p->class)
		outlook_copy(&was, &e->panes.wanted_as);
	else if (p->sheet)
		outlook_copy(&was, &p->shown->asked.outlook);
	else
		panes_outlook(e, at, &was);
	outlook_copy(&now, &was);
	k.outlook = &now;
	k.row = pane_row(p, p->list.cursor);
	did = view_press(pane_view(p), &k);
	p->page_w = 0;		/* it may look different */
	if (did == DID_TAKE) {
		take(e, p, &k);
	} else if (did == DID_ASK) {
		ask(e, p, &was, &now);
		explorer_message(e, "%s", strbuf_c(&k.said));
	} else if (did == DID_FILTER) {
		explorer_message(e, "%s", strbuf_c(&k.said));
		chips_brush(e, strbuf_str(&k.term), strbuf_str(&k.chip));
	} else if (!p->sheet) {
		list_set(&p->list, view_count(pane_view(p)), k.row);
	}
	press_finish(&k);
	return did != DID_PASS;
}

bool view_takes(struct explorer *e, enum action a, uint64_t count)
{
	struct pane *front = panes_front(e);

	if (!keys[a])
		return false;
	if (offer(e, front, e->panes.focus, keys[a], count))
		return true;
	for (int p = 0; p < PANES; p++)
		if ((keys[a] == PRESS_LEVEL || keys[a] == PRESS_BASKETS) &&
		    &e->panes.at[p] != front &&
		    offer(e, &e->panes.at[p], (enum pane_id)p, keys[a], count))
			return true;
	return false;
}
