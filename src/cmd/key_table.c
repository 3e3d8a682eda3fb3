/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of keys and the table's rows as text. */
#include "config.h"

#include "cmd/key_table.h"

#define NAMES_WIDTH 16

enum {
#define KEY_GROUP(name, title) GROUP_##name,
#define KEY(...)
#include "cmd/keys.def"
#undef KEY
#undef KEY_GROUP
	GROUPS,
};

static const char *const titles[GROUPS] = {
#define KEY_GROUP(name, title) [GROUP_##name] = title,
#define KEY(...)
#include "cmd/keys.def"
#undef KEY
#undef KEY_GROUP
};

static const struct {
	int group;
	const char *keys, *help;
} rows[] = {
#define KEY_GROUP(name, title)
#define KEY(name, group, keys, footer, help) {GROUP_##group, keys, help},
#include "cmd/keys.def"
#undef KEY
#undef KEY_GROUP
};

void keys_add_names(struct strbuf *b, const char *keys)
{
	struct str rest = str_from(keys), word;
	size_t start = b->len;

	while (str_next(&rest, ' ', &word)) {
		if (b->len > start)
			strbuf_adds(b, ", ");
		if (word.len == 3 && str_starts(word, STR("C-")))
			strbuf_addf(b, "Ctrl-%c", word.ptr[2] & ~32);
		else if (word.len == 3 && str_starts(word, STR("M-")))
			strbuf_addf(b, "Alt-%c", word.ptr[2]);
		else if (str_is(word, "S-Tab"))
			strbuf_adds(b, "Shift-Tab");
		else
			strbuf_add(b, word);
	}
}

void keys_each(void (*row)(void *ctx, const char *group, const char *keys,
			   const char *help), void *ctx)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		row(ctx, titles[rows[i].group], rows[i].keys, rows[i].help);
}

struct help {
	struct strbuf *out;
	const char *const *keys;	/* of the next rows, or NULL */
	const char *group;
};

static void help_row(void *ctx, const char *group, const char *keys, const char *text)
{
	struct help *h = ctx;
	size_t start;

	if (group != h->group)
		strbuf_addf(h->out, "%s%s\n", h->group ? "\n" : "", group);
	h->group = group;
	strbuf_adds(h->out, "  ");
	start = h->out->len;
	keys_add_names(h->out, h->keys ? *h->keys++ : keys);
	if (h->out->len - start < NAMES_WIDTH)
		strbuf_fill(h->out, ' ', NAMES_WIDTH - (h->out->len - start));
	strbuf_addf(h->out, " %s\n", text);
}

void keys_help(struct strbuf *b, const char *const *keys)
{
	struct help h = {.out = b, .keys = keys};

	keys_each(help_row, &h);
}
