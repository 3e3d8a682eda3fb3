/* SPDX-License-Identifier: GPL-3.0-or-later */
/* looking: what the panes are asked, how that changes, and how it is undone. */
#ifndef TUI_LOOKING_H
#define TUI_LOOKING_H

#include "base/err.h"
#include "tui/undo.h"

struct explorer;
struct filter;

/* The sight is about to change. */
void explorer_changes(struct explorer *e);
void explorer_undo(struct explorer *e);
void explorer_redo(struct explorer *e);
/* Another value (checked by opt_check; STR_NULL: none) of an ask of all panes that neither
 * the filter nor the category is; undoable. */
void explorer_set(struct explorer *e, enum ask_id id, struct str value);
/* Similar products by that trained model, or MODEL_NONE; undoable. */
bool explorer_model(struct explorer *e, struct str name, struct err *err);
/* The same of what ranks the pane Complementary. */
bool explorer_complements(struct explorer *e, struct str name, struct err *err);
/* The order of the products, as COLUMN[:asc|:desc]; false: nothing they can be sorted by. */
bool explorer_order(struct explorer *e, struct str sort);
/* Another filter (NULL: none), which becomes the explorer's; asks for nothing. */
void explorer_put_filter(struct explorer *e, struct filter *f);
/* The tree's cursor goes to the category that is open. */
void explorer_show_category(struct explorer *e);

#endif
