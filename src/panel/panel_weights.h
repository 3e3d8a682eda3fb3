/* SPDX-License-Identifier: GPL-3.0-or-later */
/* panel_weights: the constants of the panels' scores, by name, so that they can be chosen. */
#ifndef PANEL_WEIGHTS_H
#define PANEL_WEIGHTS_H

#include "panel/panel.h"

enum panel_weight {
#define WEIGHT(ident, ...) WEIGHT_##ident,
#include "panel/panel_weights.def"
#undef WEIGHT
	PANEL_WEIGHTS
};

struct panel_weights {
	double at[PANEL_WEIGHTS];
};

struct panel_weight_row {
	enum panel_kind kind;	/* the panel that it is of */
	const char *name;
	double value, least, most;
	const char *tries;	/* values to choose from, by commas */
};
extern const struct panel_weight_row panel_weight_table[PANEL_WEIGHTS];

/* What stands where nobody gives others. */
extern const struct panel_weights panel_weights_default;

#endif
