/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Some bits of SipHash under the store's key; the way back tries every id. */
#include "config.h"

#include "ask/pseudonym.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/num.h"
#include "base/siphash.h"
#include "store/store.h"

#define SHORT 10	/* hexadecimal digits on a screen */
#define WHOLE 16

static const char letters[] = {
	[PSEUDONYM_USER] = 'u',
	[PSEUDONYM_SESSION] = 's',
};

static bool shows_ids(const struct question *q)
{
	return outlook_asks(q->outlook, ASK_SHOW_USERS) && !store_hides(q->store, STORE_PEOPLE);
}

static struct str short_name(const struct question *q, struct arena *a, char letter,
			     struct str id)
{
	uint64_t mark = siphash(id, store_key(q->store)) >> 4 * (WHOLE - SHORT);

	return arena_printf(a, "%c-%0*" PRIx64, letter, SHORT, mark);
}

static struct str name(const struct question *q, struct arena *a, enum pseudonym_kind kind,
		       uint32_t number)
{
	const struct text *ids = kind == PSEUDONYM_USER ? &q->catalog->user_id
							: &q->catalog->session_id;

	if (number >= ids->n || !ids->offsets)
		return STR_NULL;
	return shows_ids(q) ? text_at(ids, number)
			    : short_name(q, a, letters[kind], text_at(ids, number));
}

struct str pseudonym_user(const struct question *q, struct arena *a, uint32_t user)
{
	return name(q, a, PSEUDONYM_USER, user);
}

struct str pseudonym_session(const struct question *q, struct arena *a, uint32_t session)
{
	return name(q, a, PSEUDONYM_SESSION, session);
}

struct str pseudonym_whole(const struct question *q, enum pseudonym_kind kind, struct str id,
			   struct strbuf *b)
{
	if (!id.len || shows_ids(q))
		return id;
	strbuf_reset(b);
	strbuf_addf(b, "%c-%0*" PRIx64, letters[kind], WHOLE, siphash(id, store_key(q->store)));
	return strbuf_str(b);
}

struct str pseudonym_person(const struct question *q, struct arena *a, struct str who)
{
	return store_hides(q->store, STORE_PEOPLE) ? short_name(q, a, 'p', who) : who;
}

/* "u-" and the digits of either length. */
static bool parse(struct str text, char letter, uint64_t *mark, unsigned *shift)
{
	if ((text.len != 2 + SHORT && text.len != 2 + WHOLE) || text.ptr[0] != letter ||
	    text.ptr[1] != '-')
		return false;
	*shift = text.len == 2 + SHORT ? 4 * (WHOLE - SHORT) : 0;
	return num_hex(str_span(text.ptr + 2, text.len - 2), mark);
}

static uint32_t find_mark(const struct store *s, const struct text *ids, char letter,
			  struct str text)
{
	const struct siphash_key *key = store_key(s);
	uint64_t mark;
	unsigned shift;

	if (!ids->offsets || !parse(text, letter, &mark, &shift))
		return CATALOG_NONE;
	for (uint32_t i = 0; i < ids->n; i++)
		if (siphash(text_at(ids, i), key) >> shift == mark)
			return i;
	return CATALOG_NONE;
}

uint32_t pseudonym_find_user(const struct store *s, struct str text)
{
	const struct catalog *cat = store_catalog(s);
	uint32_t user = cat->user_id.offsets && !store_hides(s, STORE_PEOPLE)
		? store_find(s, "user", text) : CATALOG_NONE;

	return user < cat->n_users ? user : find_mark(s, &cat->user_id, 'u', text);
}

uint32_t pseudonym_find_session(const struct store *s, struct str text)
{
	const struct catalog *cat = store_catalog(s);
	uint32_t lo = 0, hi = store_hides(s, STORE_PEOPLE) ? 0 : cat->n_sessions;

	if (!cat->session_id.offsets)
		return CATALOG_NONE;
	while (cat->session_by_id && lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (str_cmp(text_at(&cat->session_id, cat->session_by_id[mid]), text) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (cat->session_by_id && lo < cat->n_sessions && !store_hides(s, STORE_PEOPLE) &&
	    str_eq(text_at(&cat->session_id, cat->session_by_id[lo]), text))
		return cat->session_by_id[lo];
	return find_mark(s, &cat->session_id, 's', text);
}
