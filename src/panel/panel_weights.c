/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both tables are made of panel_weights.def. */
#include "config.h"

#include "panel/panel_weights.h"

const struct panel_weight_row panel_weight_table[PANEL_WEIGHTS] = {
#define WEIGHT(ident, kind, name, value, least, most, tries)	\
	[WEIGHT_##ident] = {PANEL_##kind, name, value, least, most, tries},
#include "panel/panel_weights.def"
#undef WEIGHT
};

const struct panel_weights panel_weights_default = {{
#define WEIGHT(ident, kind, name, value, ...) [WEIGHT_##ident] = value,
#include "panel/panel_weights.def"
#undef WEIGHT
}};
