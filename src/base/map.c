/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Open addressing over 32-bit tags; keys lie in blocks and never move. */
#include "config.h"

#include "base/map.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/err.h"
#include "base/mem.h"

#define FIRST_SLOTS 64u
#define FIRST_BLOCK ((size_t)4 << 10)
#define BLOCK_MAX ((size_t)4 << 20)
#define BATCH 32
#define SLOTS_OF_LINE 8
#define LONG_KEY 255u	/* this length byte: 4 bytes of length follow */

/* Eight slots share a cache line; the tag is the low half of the hash, so a
 * wrong key is almost never looked at and growing reads no key at all. */
struct slot {
	uint32_t tag;
	uint32_t place;		/* number + 1; 0: empty, as fresh memory is */
};

struct block {
	struct block *next;
	size_t size, used;
	unsigned char data[];	/* length byte, (length,) bytes of a key */
};

struct map {
	struct slot *slots;	/* (mask + 1), linear probing; NULL: at rest */
	const unsigned char **keys;	/* (count): into a block */
	struct block *blocks;	/* the newest first */
	size_t cap_keys, memory;
	uint64_t seed;
	uint32_t mask, count;
};

struct map *map_create(void)
{
	struct map *m = mem_zalloc(sizeof *m);

	m->slots = mem_zalloc(FIRST_SLOTS * sizeof *m->slots);
	m->mask = FIRST_SLOTS - 1;
	/* The seed moves slots about, never the numbers. */
	if (getrandom(&m->seed, sizeof m->seed, GRND_NONBLOCK) < 0)
		m->seed = (uintptr_t)m;
	return m;
}

void map_destroy(struct map *m)
{
	struct block *next;

	if (!m)
		return;
	for (struct block *b = m->blocks; b; b = next) {
		next = b->next;
		free(b);
	}
	free(m->keys);
	free(m->slots);
	free(m);
}

static struct str key_at(const unsigned char *p)
{
	uint32_t len = p[0];

	if (len < LONG_KEY)
		return str_span((const char *)p + 1, len);
	memcpy(&len, p + 1, sizeof len);
	return str_span((const char *)p + 1 + sizeof len, len);
}

/* The slot that holds key or the empty one where it belongs. */
static struct slot *find_slot(const struct map *m, struct str key, uint32_t tag)
{
	uint32_t i = tag & m->mask;

	for (;; i = (i + 1) & m->mask) {
		struct slot *s = &m->slots[i];

		if (s->place == 0)
			return s;
		if (s->tag == tag && str_eq(key_at(m->keys[s->place - 1]), key))
			return s;
	}
}

/* Empty ones, written to: a page that is read before it is written costs two faults. */
static struct slot *make_slots(size_t n, struct err *err)
{
	struct slot *slots = mem_big(n, sizeof *slots, "a dictionary", err);

	if (slots)
		memset(slots, 0, n * sizeof *slots);
	return slots;
}

static bool grow_slots(struct map *m, struct err *err)
{
	size_t n = ((size_t)m->mask + 1) * 2;
	uint32_t mask = (uint32_t)(n - 1);
	struct slot *slots;

	if (n > UINT64_C(1) << 32)
		return err_fail(err, ERR_NOMEM, "too many different ids: more than "
				"%u", m->count);
	slots = make_slots(n, err);
	if (!slots)
		return false;
	for (size_t i = 0; i <= m->mask; i++) {
		uint32_t to = m->slots[i].tag & mask;

		if (m->slots[i].place == 0)
			continue;
		while (slots[to].place != 0)
			to = (to + 1) & mask;
		slots[to] = m->slots[i];
	}
	free(m->slots);
	m->slots = slots;
	m->mask = mask;
	return true;
}

void map_rest(struct map *m)
{
	free(m->slots);
	m->slots = NULL;
}

static bool wake(struct map *m, struct err *err)
{
	m->slots = make_slots((size_t)m->mask + 1, err);
	for (uint32_t i = 0; m->slots && i < m->count; i++) {
		uint32_t tag = (uint32_t)str_hash(key_at(m->keys[i]), m->seed);
		uint32_t to = tag & m->mask;

		while (m->slots[to].place != 0)
			to = (to + 1) & m->mask;
		m->slots[to] = (struct slot){tag, i + 1};
	}
	return m->slots != NULL;
}

static bool add_block(struct map *m, size_t need, struct err *err)
{
	size_t size = m->blocks ? m->blocks->size * 2 : FIRST_BLOCK;
	struct block *b;

	if (size > BLOCK_MAX)
		size = BLOCK_MAX;
	if (size < need)
		size = need;
	b = mem_big(1, sizeof *b + size, "a dictionary's keys", err);
	if (!b)
		return false;
	*b = (struct block){.next = m->blocks, .size = size};
	m->blocks = b;
	m->memory += sizeof *b + size;
	return true;
}

static bool copy_key(struct map *m, struct str key, struct err *err)
{
	uint32_t len = (uint32_t)key.len;
	size_t head = len < LONG_KEY ? 1 : 1 + sizeof len, need = head + key.len;
	unsigned char *p;

	if (key.len > UINT32_MAX / 2)
		return err_fail(err, ERR_NOMEM, "an id of %zu bytes", key.len);
	if (!m->blocks || need > m->blocks->size - m->blocks->used)
		if (!add_block(m, need, err))
			return false;
	p = m->blocks->data + m->blocks->used;
	p[0] = (unsigned char)(len < LONG_KEY ? len : LONG_KEY);
	if (len >= LONG_KEY)
		memcpy(p + 1, &len, sizeof len);
	if (len)
		memcpy(p + head, key.ptr, len);
	m->blocks->used += need;
	m->keys[m->count] = p;
	return true;
}

static bool make_room(struct map *m, struct err *err)
{
	/* load <= 0.7 */
	if ((uint64_t)m->count * 10 >= ((uint64_t)m->mask + 1) * 7)
		if (!grow_slots(m, err))
			return false;
	if (m->count == m->cap_keys) {
		size_t cap = m->cap_keys + m->cap_keys / 2 + FIRST_SLOTS;
		void *keys = m->keys;

		if (!mem_big_resize(&keys, cap, sizeof *m->keys, "a dictionary", err))
			return false;
		m->keys = keys;
		m->cap_keys = cap;
	}
	return true;
}

static uint32_t intern(struct map *m, struct str key, uint32_t tag, struct err *err)
{
	uint32_t mask = m->mask;
	struct slot *s = find_slot(m, key, tag);

	if (s->place != 0)
		return s->place - 1;
	if (!make_room(m, err) || !copy_key(m, key, err))
		return MAP_NONE;
	if (m->mask != mask)
		s = find_slot(m, key, tag);
	*s = (struct slot){tag, m->count + 1};
	return m->count++;
}

uint32_t map_intern(struct map *m, struct str key, struct err *err)
{
	if (!m->slots && !wake(m, err))
		return MAP_NONE;
	return intern(m, key, (uint32_t)str_hash(key, m->seed), err);
}

/* The first slot of the tag, as far as the cache line goes that was asked for. */
static uint32_t likely_place(const struct map *m, uint32_t tag)
{
	uint32_t i = tag & m->mask;

	do {
		if (m->slots[i].tag == tag || m->slots[i].place == 0)
			return m->slots[i].place;
		i = (i + 1) & m->mask;
	} while (i % SLOTS_OF_LINE);
	return 0;
}

/* Slots first, then the keys that they point at: each lookup's cache misses are
 * under way while the others' are waited for. */
static bool intern_batch(struct map *m, const struct str *keys, size_t n,
			 uint32_t *numbers, struct err *err)
{
	uint32_t tags[BATCH], place[BATCH];

	for (size_t i = 0; i < n; i++) {
		tags[i] = (uint32_t)str_hash(keys[i], m->seed);
		__builtin_prefetch(&m->slots[tags[i] & m->mask]);
	}
	for (size_t i = 0; i < n; i++) {
		place[i] = likely_place(m, tags[i]);
		if (place[i])
			__builtin_prefetch(&m->keys[place[i] - 1]);
	}
	for (size_t i = 0; i < n; i++)
		if (place[i])
			__builtin_prefetch(m->keys[place[i] - 1]);
	for (size_t i = 0; i < n; i++) {
		numbers[i] = intern(m, keys[i], tags[i], err);
		if (numbers[i] == MAP_NONE)
			return false;
	}
	return true;
}

bool map_intern_many(struct map *m, const struct str *keys, size_t n,
		     uint32_t *numbers, struct err *err)
{
	if (!m->slots && !wake(m, err))
		return false;
	for (size_t i = 0; i < n; i += BATCH) {
		size_t some = n - i < BATCH ? n - i : BATCH;

		if (!intern_batch(m, keys + i, some, numbers + i, err))
			return false;
	}
	return true;
}

uint32_t map_find(const struct map *m, struct str key)
{
	assert(m->slots);
	/* place 0 wraps to MAP_NONE */
	return find_slot(m, key, (uint32_t)str_hash(key, m->seed))->place - 1;
}

uint32_t map_count(const struct map *m)
{
	return m->count;
}

struct str map_key(const struct map *m, uint32_t number)
{
	assert(number < map_count(m));
	return key_at(m->keys[number]);
}

void map_prefetch(const struct map *m, uint32_t number, bool key)
{
	__builtin_prefetch(key ? (const void *)m->keys[number] : &m->keys[number]);
}

size_t map_memory(const struct map *m)
{
	return sizeof *m + (m->slots ? ((size_t)m->mask + 1) * sizeof *m->slots : 0) +
	       m->cap_keys * sizeof *m->keys + m->memory;
}
