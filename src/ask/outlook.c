/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An outlook is a text per row of asks.def; every verb is a loop over the table. */
#include "config.h"

#include "ask/outlook.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/quote.h"

static void clear(struct asked *a)
{
	for (unsigned i = 0; i < a->n; i++)
		free(a->value[i]);
	free(a->value);
	*a = (struct asked){0};
}

static void append(struct asked *a, struct str text)
{
	STRBUF(copy);

	strbuf_add(&copy, text);
	strbuf_addc(&copy, '\0');
	a->value = mem_resize(a->value, a->n + 1, sizeof *a->value);
	a->value[a->n++] = strbuf_detach(&copy);
}

void outlook_finish(struct outlook *o)
{
	for (enum ask_id i = 0; i < ASK_IDS; i++)
		clear(&o->ask[i]);
}

void outlook_add(struct outlook *o, enum ask_id id, struct str text)
{
	assert((unsigned)id < ASK_IDS && text.ptr);
	if (!(ask_table[id].flags & ASK_REPEATS))
		clear(&o->ask[id]);
	append(&o->ask[id], text);
}

void outlook_set(struct outlook *o, enum ask_id id, struct str text)
{
	struct asked old = o->ask[id];

	assert((unsigned)id < ASK_IDS);
	o->ask[id] = (struct asked){0};
	if (text.ptr)
		append(&o->ask[id], text);	/* which may be one of the old */
	clear(&old);
}

void outlook_copy(struct outlook *to, const struct outlook *from)
{
	if (to == from)
		return;
	outlook_finish(to);
	for (enum ask_id i = 0; i < ASK_IDS; i++)
		for (unsigned k = 0; k < from->ask[i].n; k++)
			append(&to->ask[i], str_from(from->ask[i].value[k]));
}

static bool asked_same(const struct asked *a, const struct asked *b)
{
	bool same = a->n == b->n;

	for (unsigned i = 0; same && i < a->n; i++)
		same = strcmp(a->value[i], b->value[i]) == 0;
	return same;
}

bool outlook_same(const struct outlook *a, const struct outlook *b, uint64_t asks)
{
	for (enum ask_id i = 0; i < ASK_IDS; i++)
		if (asks_take(asks, i) && !asked_same(&a->ask[i], &b->ask[i]))
			return false;
	return true;
}

uint64_t asks_flagged(unsigned flags)
{
	uint64_t asks = 0;

	for (enum ask_id i = 0; i < ASK_IDS; i++)
		if (ask_table[i].flags & flags)
			asks |= UINT64_C(1) << i;
	return asks;
}

bool outlook_asks(const struct outlook *o, enum ask_id id)
{
	return o && o->ask[id].n > 0;
}

struct str outlook_text(const struct outlook *o, enum ask_id id)
{
	assert((unsigned)id < ASK_IDS);
	return outlook_asks(o, id) ? str_from(o->ask[id].value[o->ask[id].n - 1]) : STR_NULL;
}

uint64_t outlook_count(const struct outlook *o, enum ask_id id, uint64_t other)
{
	uint64_t n;

	assert(id < ASK_IDS);
	return outlook_asks(o, id) && num_u64(outlook_text(o, id), &n) ? n : other;
}

void outlook_print(const struct outlook *o, uint64_t asks, struct strbuf *b)
{
	for (enum ask_id i = 0; i < ASK_IDS; i++)
		for (unsigned k = 0; asks_take(asks, i) && k < o->ask[i].n; k++) {
			strbuf_addf(b, " --%s", ask_table[i].name);
			if (!ask_table[i].value)
				continue;
			strbuf_addc(b, ' ');
			quote_word(b, str_from(o->ask[i].value[k]));
		}
}
