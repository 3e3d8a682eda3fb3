/* SPDX-License-Identifier: GPL-3.0-or-later */
/* keys: from keys to actions, by the table in cmd/keys.def. */
#ifndef TUI_KEYS_H
#define TUI_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum action {
	ACTION_NONE,
#define KEY_GROUP(name, title)
#define KEY(name, ...) ACTION_##name,
#include "cmd/keys.def"
#undef KEY
#undef KEY_GROUP
	ACTIONS,
};

enum key_group {
#define KEY_GROUP(name, title) GROUP_##name,
#define KEY(...)
#include "cmd/keys.def"
#undef KEY
#undef KEY_GROUP
	KEY_GROUPS,
};

struct key_row {
	const char *name;
	enum key_group group;
	const char *keys, *footer, *help;
};
extern const struct key_row key_table[ACTIONS];

/* The keys that actions have: those of the table, as a person changed them. */
struct keymap {
	char *keys[ACTIONS];	/* as in the table; NULL: as the table says */
};
void keymap_finish(struct keymap *m);
const char *keymap_keys(const struct keymap *m, enum action a);	/* m NULL: the table's */
/* ERR_USAGE: no such key or action, or the key (or what begins or continues it) belongs
 * to another action. */
bool keymap_bind(struct keymap *m, struct str key, struct str action, struct err *err);
bool keymap_unbind(struct keymap *m, struct str key, struct err *err);

/* What has been typed of a count and of a key of two characters. */
struct keys {
	uint64_t count;		/* 0: none typed */
	uint32_t first;		/* of two, or 0 */
	const struct keymap *map;	/* NULL: the table */
};

/* One key typed. ACTION_NONE: none, or more is to come (keys_pending). *count
 * gets the number typed before it, or 0. */
enum action keys_take(struct keys *k, uint32_t key, uint64_t *count);
bool keys_pending(const struct keys *k);
/* The action of a single key by the table, counts aside. */
enum action keys_find(uint32_t key);
/* Cut the next key's name off *rest. *second gets the second of two or 0. */
bool keys_next(struct str *rest, uint32_t *first, uint32_t *second);

#endif
