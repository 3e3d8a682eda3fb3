/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of keys, what is bound besides, and the one or two keys that are pending. */
#include "config.h"

#include "tui/keys.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "tui/curses.h"
#include "tui/input.h"

#define COUNT_MAX UINT64_C(1000000000)

const struct key_row key_table[ACTIONS] = {
#define KEY_GROUP(name, title)
#define KEY(name, group, keys, footer, help) \
	[ACTION_##name] = {#name, GROUP_##group, keys, footer, help},
#include "cmd/keys.def"
#undef KEY
#undef KEY_GROUP
};

static const struct {
	const char *name;
	uint32_t key;
} names[] = {
	{"Backspace", KEY_IS_CURSES | KEY_BACKSPACE},
	{"Down", KEY_IS_CURSES | KEY_DOWN},
	{"End", KEY_IS_CURSES | KEY_END},
	{"Enter", '\r'},
	{"Esc", KEY_ESCAPE},
	{"F1", KEY_IS_CURSES | KEY_F(1)},
	{"Home", KEY_IS_CURSES | KEY_HOME},
	{"Left", KEY_IS_CURSES | KEY_LEFT},
	{"PgDn", KEY_IS_CURSES | KEY_NPAGE},
	{"PgUp", KEY_IS_CURSES | KEY_PPAGE},
	{"Right", KEY_IS_CURSES | KEY_RIGHT},
	{"S-Tab", KEY_IS_CURSES | KEY_BTAB},
	{"Space", ' '},
	{"Tab", '\t'},
	{"Up", KEY_IS_CURSES | KEY_UP},
};

static uint32_t key_named(struct str s)
{
	if (s.len == 1)
		return (unsigned char)s.ptr[0];
	if (s.len == 3 && s.ptr[0] == 'C' && s.ptr[1] == '-')
		return KEY_CTRL(s.ptr[2]);
	if (s.len == 3 && s.ptr[0] == 'M' && s.ptr[1] == '-')
		return KEY_IS_ALT | (unsigned char)s.ptr[2];
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (str_is(s, names[i].name))
			return names[i].key;
	return KEY_NONE;
}

bool keys_next(struct str *rest, uint32_t *first, uint32_t *second)
{
	struct str word;

	do {
		if (!str_next(rest, ' ', &word))
			return false;
	} while (word.len == 0);
	*second = KEY_NONE;
	*first = key_named(word);
	if (*first == KEY_NONE && word.len == 2) {
		*first = (unsigned char)word.ptr[0];
		*second = (unsigned char)word.ptr[1];
	}
	return true;
}

const char *keymap_keys(const struct keymap *m, enum action a)
{
	return m && m->keys[a] ? m->keys[a] : key_table[a].keys;
}

void keymap_finish(struct keymap *m)
{
	for (int a = 0; a < ACTIONS; a++)
		free(m->keys[a]);
	*m = (struct keymap){0};
}

/* Terminals differ in what they send for these. */
static uint32_t canonical(uint32_t key)
{
	switch (key) {
	case 127:
	case '\b':
		return KEY_IS_CURSES | KEY_BACKSPACE;
	case '\n':
	case KEY_IS_CURSES | KEY_ENTER:
		return '\r';
	default:
		return key;
	}
}

/* *prefix: a key of two characters begins with `first`. */
static enum action lookup(const struct keymap *m, uint32_t first, uint32_t second,
			  bool *prefix)
{
	*prefix = false;
	for (int a = ACTION_NONE + 1; a < ACTIONS; a++) {
		struct str rest = str_from(keymap_keys(m, (enum action)a));
		uint32_t k1, k2;

		while (keys_next(&rest, &k1, &k2)) {
			if (k1 == first && k2 == second)
				return (enum action)a;
			if (k1 == first && second == KEY_NONE)
				*prefix = true;
		}
	}
	return ACTION_NONE;
}

enum action keys_find(uint32_t key)
{
	bool prefix;

	return lookup(NULL, canonical(key), KEY_NONE, &prefix);
}

static bool is_digit(const struct keys *k, uint32_t key)
{
	return key >= (k->count ? '0' : '1') && key <= '9';
}

enum action keys_take(struct keys *k, uint32_t key, uint64_t *count)
{
	enum action a;
	bool prefix;

	assert(key && count);
	*count = 0;
	if (!k->first && is_digit(k, key)) {
		k->count = k->count * 10 + (key - '0');
		if (k->count > COUNT_MAX)
			k->count = COUNT_MAX;
		return ACTION_NONE;
	}
	key = canonical(key);
	if (k->first)
		a = lookup(k->map, k->first, key, &prefix);
	else
		a = lookup(k->map, key, KEY_NONE, &prefix);
	if (a == ACTION_NONE && !k->first && prefix) {
		k->first = key;
		return ACTION_NONE;
	}
	*count = k->count;
	*k = (struct keys){.map = k->map};
	return a;
}

bool keys_pending(const struct keys *k)
{
	return k->first || k->count;
}

/* --- binding */

static bool parse_key(struct str key, uint32_t *first, uint32_t *second, struct err *err)
{
	struct str rest = key;

	if (keys_next(&rest, first, second) && *first != KEY_NONE && rest.len == 0)
		return true;
	return err_fail(err, ERR_USAGE, "'%.*s' is no key: a character, C-x, M-x, two "
			"characters, or a name like Up, Enter, F1, PgDn", STR_ARG(key));
}

/* The action whose key is that one, its beginning or its continuation. */
static enum action taken(const struct keymap *m, uint32_t first, uint32_t second,
			 bool whole)
{
	for (int a = ACTION_NONE + 1; a < ACTIONS; a++) {
		struct str rest = str_from(keymap_keys(m, (enum action)a));
		uint32_t k1, k2;

		while (keys_next(&rest, &k1, &k2))
			if (k1 == first && (k2 == second || (!whole && (!k2 || !second))))
				return (enum action)a;
	}
	return ACTION_NONE;
}

static enum action action_named(struct str name)
{
	for (int a = ACTION_NONE + 1; a < ACTIONS; a++)
		if (str_is(name, key_table[a].name))
			return (enum action)a;
	return ACTION_NONE;
}

bool keymap_bind(struct keymap *m, struct str key, struct str action, struct err *err)
{
	enum action a = action_named(action), has;
	uint32_t first, second;
	STRBUF(b);

	if (!parse_key(key, &first, &second, err))
		return false;
	if (a == ACTION_NONE)
		return err_fail(err, ERR_USAGE, "'%.*s' is no action: help bind lists them",
				STR_ARG(action));
	if (!second && first >= '0' && first <= '9')
		return err_fail(err, ERR_USAGE, "digits are counts and can't be bound");
	has = taken(m, first, second, false);
	if (has == a && taken(m, first, second, true) == a)
		return true;
	if (has != ACTION_NONE)
		return err_fail(err, ERR_USAGE, "%.*s belongs to %s (%s): unbind it first",
				STR_ARG(key), key_table[has].name, keymap_keys(m, has));
	strbuf_adds(&b, keymap_keys(m, a));
	strbuf_addf(&b, "%s%.*s", b.len ? " " : "", STR_ARG(key));
	free(m->keys[a]);
	m->keys[a] = strbuf_detach(&b);
	return true;
}

bool keymap_unbind(struct keymap *m, struct str key, struct err *err)
{
	uint32_t first, second, k1, k2;
	enum action a;
	struct str rest;
	STRBUF(b);

	if (!parse_key(key, &first, &second, err))
		return false;
	a = taken(m, first, second, true);
	if (a == ACTION_NONE)
		return err_fail(err, ERR_USAGE, "%.*s is bound to nothing", STR_ARG(key));
	rest = str_from(keymap_keys(m, a));
	for (struct str at = rest; keys_next(&rest, &k1, &k2); at = rest) {
		struct str word = str_trim(str_span(at.ptr, at.len - rest.len));

		if (k1 != first || k2 != second)
			strbuf_addf(&b, "%s%.*s", b.len ? " " : "", STR_ARG(word));
	}
	strbuf_adds(&b, "");
	free(m->keys[a]);
	m->keys[a] = b.ptr ? strbuf_detach(&b) : mem_strdup("");
	return true;
}
