/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sight that panes share: every change of it is noted first, and put back whole. */
#include "config.h"

#include "tui/looking.h"

#include "ask/asked.h"
#include "cmd/cmd.h"
#include "cmd/target.h"
#include "tui/state.h"
#include "view/view.h"

void explorer_changes(struct explorer *e)
{
	undo_note(&e->undo, &e->sight);
}

void explorer_put_filter(struct explorer *e, struct filter *f)
{
	struct filter *part = f ? filter_part(f, ~(unsigned)FILTER_PRODUCT) : NULL;

	lens_destroy(e->shop_lens);
	lens_destroy(e->lens);
	e->lens = f ? lens_create(e->edition, f) : NULL;
	if (part && !(filter_classes(f) & FILTER_PRODUCT)) {
		filter_destroy(part);
		e->shop_lens = lens_ref(e->lens);
	} else {
		e->shop_lens = part ? lens_create(e->edition, part) : NULL;
	}
	outlook_set(&e->sight.asked, ASK_WHERE, f ? str_from(filter_text(f)) : STR_NULL);
	panes_forget(e);
}

void explorer_show_category(struct explorer *e)
{
	struct pane *p = &e->panes.at[PANE_CATEGORIES];
	uint64_t row = pane_view(p) && p->shown->asked.edition == e->edition ?
		view_reveal(pane_view(p), e->category) : UINT64_MAX;

	if (row != UINT64_MAX)
		list_set(&p->list, view_count(pane_view(p)), row);
}

static void put_back(struct explorer *e, struct sight *s)
{
	uint32_t product = panes_selected(e), category;
	struct filter *f = NULL;
	struct str id;

	sight_finish(&e->sight);
	e->sight = *s;
	/* Only what was a filter before stands there. */
	if (outlook_asks(&e->sight.asked, ASK_WHERE) &&
	    !filter_parse(&f, outlook_text(&e->sight.asked, ASK_WHERE), NULL))
		f = NULL;
	explorer_put_filter(e, f);
	id = outlook_text(&e->sight.asked, ASK_CATEGORY);
	category = id.ptr ? store_find(e->edition->store, "category", id) : CATALOG_NONE;
	explorer_ask_table(e, category, product);
	explorer_show_category(e);
}

/* Sights that say what is there already are skipped: changes that changed nothing. */
static bool walk(struct explorer *e, bool (*step)(struct undo *u, struct sight *now),
		 const char *did)
{
	struct sight s = {0};
	STRBUF(what);

	sight_copy(&s, &e->sight);
	while (step(&e->undo, &s)) {
		if (sight_same(&s, &e->sight))
			continue;
		sight_add_changes(&s, &e->sight, &what);
		put_back(e, &s);
		explorer_message(e, "%s: %s", did, strbuf_c(&what));
		return true;
	}
	sight_finish(&s);
	return false;
}

void explorer_undo(struct explorer *e)
{
	if (!walk(e, undo_back, "undone"))
		explorer_message(e, "no change of the view is left to undo");
}

void explorer_redo(struct explorer *e)
{
	if (!walk(e, undo_forward, "done again"))
		explorer_message(e, "no change of the view was undone");
}

void explorer_set(struct explorer *e, enum ask_id id, struct str value)
{
	const char *usual = opt_table[opt_find(opt_explorer, str_from(ask_table[id].name))].dflt;
	struct str said = value.ptr ? value : str_from(usual ? usual :
						       id == ASK_MODEL ? MODEL_NONE : NULL);
	STRBUF(command);

	/* What has no default can't be set back in a script: it says so. */
	strbuf_addf(&command, said.ptr ? "set %s" : "# %s as it was at the start",
		    ask_table[id].name);
	log_add(e, strbuf_c(&command), said);
	explorer_changes(e);
	outlook_set(&e->sight.asked, id, value.ptr && usual && str_is(value, usual) ? STR_NULL
										   : value);
	explorer_ask_panels(e);
}

bool explorer_model(struct explorer *e, struct str name, struct err *err)
{
	if (!target_model(e->edition->store, name, err))
		return false;
	explorer_set(e, ASK_MODEL, str_is(name, MODEL_NONE) ? STR_NULL : name);
	return true;
}

bool explorer_complements(struct explorer *e, struct str name, struct err *err)
{
	struct outlook *own = &e->sight.own[PANE_COMPLEMENTARY];

	if (!target_model(e->edition->store, name, err))
		return false;
	log_add(e, "set complementary %s", name);
	explorer_changes(e);
	outlook_set(own, ASK_MODEL, str_is(name, MODEL_NONE) ? STR_NULL : name);
	explorer_ask_panels(e);
	return true;
}

/* --- the order of the products */

bool explorer_order(struct explorer *e, struct str text)
{
	const struct view_class *v = view_find(STR("products"));
	struct outlook *own = &e->sight.own[PANE_PRODUCTS];
	struct sort sort;
	OUTLOOK(o);

	outlook_set(&o, ASK_SORT, text);
	if (!asked_sort(&o, &sort, NULL) || !sort.column.ptr ||
	    !view_sorts_by(v, e->edition->cat, sort.column))
		return false;
	if (outlook_asks(own, ASK_SORT))
		explorer_changes(e);
	outlook_set(own, ASK_SORT, text);
	explorer_ask_table(e, e->category, panes_selected(e));
	return true;
}
