/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/keys.h"

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
static enum action lookup(uint32_t first, uint32_t second, bool *prefix)
{
	*prefix = false;
	for (int a = ACTION_NONE + 1; a < ACTIONS; a++) {
		struct str rest = str_from(key_table[a].keys);
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

	return lookup(canonical(key), KEY_NONE, &prefix);
}

static bool is_digit(const struct keys *k, uint32_t key)
{
	return key >= (k->count ? '0' : '1') && key <= '9';
}

enum action keys_take(struct keys *k, uint32_t key, uint64_t *count)
{
	enum action a;
	bool prefix;

	*count = 0;
	if (!k->first && is_digit(k, key)) {
		k->count = k->count * 10 + (key - '0');
		if (k->count > COUNT_MAX)
			k->count = COUNT_MAX;
		return ACTION_NONE;
	}
	key = canonical(key);
	if (k->first)
		a = lookup(k->first, key, &prefix);
	else
		a = lookup(key, KEY_NONE, &prefix);
	if (a == ACTION_NONE && !k->first && prefix) {
		k->first = key;
		return ACTION_NONE;
	}
	*count = k->count;
	*k = (struct keys){0};
	return a;
}

bool keys_pending(const struct keys *k)
{
	return k->first || k->count;
}
