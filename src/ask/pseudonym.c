/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 40 bits of a keyed hash; the way back tries every id. */
#include "config.h"

#include "ask/pseudonym.h"

#include "base/arena.h"
#include "store/store.h"

#define BITS 40

static uint64_t key_of(const struct store *s)
{
	const json_t *meta = store_meta(s);
	const json_t *source = json_array_get(json_object_get(meta, "sources"), 0);
	const char *set = json_string_value(json_object_get(meta, "dataset"));
	const char *crc = json_string_value(json_object_get(source, "crc32c"));
	return str_hash(str_from(crc), str_hash(str_from(set), 0));
}

static uint64_t mark_of(struct str id, uint64_t key)
{
	return str_hash(id, key) >> (64 - BITS);
}

static struct str name(const struct question *q, struct arena *a, char letter,
		       const struct text *ids, uint32_t number)
{
	if (number >= ids->n || !ids->offsets)
		return STR_NULL;
	if (outlook_asks(q->outlook, ASK_SHOW_USERS))
		return text_at(ids, number);
	return arena_printf(a, "%c-%010llx", letter, (unsigned long long)
			    mark_of(text_at(ids, number), key_of(q->store)));
}

struct str pseudonym_user(const struct question *q, struct arena *a, uint32_t user)
{
	return name(q, a, 'u', &q->catalog->user_id, user);
}

struct str pseudonym_session(const struct question *q, struct arena *a, uint32_t session)
{
	return name(q, a, 's', &q->catalog->session_id, session);
}

/* "u-" and hexadecimal digits. */
static bool parse(struct str text, char letter, uint64_t *mark)
{
	uint64_t x = 0;
	if (text.len != 2 + BITS / 4 || text.ptr[0] != letter || text.ptr[1] != '-')
		return false;
	for (size_t i = 2; i < text.len; i++) {
		size_t digit = str_chr(STR("0123456789abcdef"), text.ptr[i]);
		if (digit == SIZE_MAX)
			return false;
		x = x << 4 | digit;
	}
	*mark = x;
	return true;
}

static uint32_t find_mark(const struct store *s, const struct text *ids, char letter,
			  struct str text)
{
	uint64_t mark, key = key_of(s);
	if (!ids->offsets || !parse(text, letter, &mark))
		return CATALOG_NONE;
	for (uint32_t i = 0; i < ids->n; i++)
		if (mark_of(text_at(ids, i), key) == mark)
			return i;
	return CATALOG_NONE;
}

uint32_t pseudonym_find_user(const struct store *s, struct str text)
{
	const struct catalog *cat = store_catalog(s);
	uint32_t user = cat->user_id.offsets ? store_find(s, "user", text) : CATALOG_NONE;
	return user < cat->n_users ? user : find_mark(s, &cat->user_id, 'u', text);
}

uint32_t pseudonym_find_session(const struct store *s, struct str text)
{
	const struct catalog *cat = store_catalog(s);
	uint32_t lo = 0, hi = cat->n_sessions;
	if (!cat->session_id.offsets)
		return CATALOG_NONE;
	while (cat->session_by_id && lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (str_cmp(text_at(&cat->session_id, cat->session_by_id[mid]), text) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (cat->session_by_id && lo < cat->n_sessions &&
	    str_eq(text_at(&cat->session_id, cat->session_by_id[lo]), text))
		return cat->session_by_id[lo];
	return find_mark(s, &cat->session_id, 's', text);
}
