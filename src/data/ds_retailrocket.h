/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ds_retailrocket: what reading and writing of the Retailrocket files share. */
#ifndef DATA_DS_RETAILROCKET_H
#define DATA_DS_RETAILROCKET_H

#include "data/dataset.h"
#include "data/output.h"

enum { E_TIME, E_VISITOR, E_EVENT, E_ITEM, E_TRANSACTION, E_COLUMNS };
enum { P_TIME, P_ITEM, P_PROPERTY, P_VALUE, P_COLUMNS };
enum { T_CATEGORY, T_PARENT, T_COLUMNS };
extern const char *const rocket_event_columns[E_COLUMNS];
extern const char *const rocket_property_columns[P_COLUMNS];
extern const char *const rocket_tree_columns[T_COLUMNS];

/* What the files call an event. */
struct rocket_event {
	const char *name;
	enum event_kind kind;
};
#define ROCKET_EVENTS 3
extern const struct rocket_event rocket_events[ROCKET_EVENTS];

/* What generate writes: the four files (write_retailrocket.c). */
extern const struct dataset_writer rocket_writer;

#endif
