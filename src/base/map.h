/* SPDX-License-Identifier: GPL-3.0-or-later */
/* map: a dictionary that numbers distinct byte strings 0, 1, 2 ... */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/scope.h"
#include "base/str.h"

struct err;
struct map;

#define MAP_NONE UINT32_MAX

/* Open addressing; 20 to 32 bytes per key beside the key's own bytes (a slot of
 * 8 at a load of 0.35 to 0.7, a pointer, a length). */
struct map *map_create(void);
void map_destroy(struct map *m);
SCOPED_DEFINE(map)

/* The number of key, which is added (a copy) when it is new. MAP_NONE with
 * ERR_NOMEM when memory or numbers are out. */
uint32_t map_intern(struct map *m, struct str key, struct err *err);
/* The same for n keys at once, with the memory that they need fetched ahead:
 * worth it for maps that outgrow the caches. numbers (n); on failure the keys
 * before the one that failed stay interned. */
bool map_intern_many(struct map *m, const struct str *keys, size_t n,
		     uint32_t *numbers, struct err *err);
/* The number of key or MAP_NONE. */
uint32_t map_find(const struct map *m, struct str key);
uint32_t map_count(const struct map *m);
/* The key with that number; valid as long as the map. */
struct str map_key(const struct map *m, uint32_t number);
/* Have the memory of that key come nearer: first where it lies, then the key. */
void map_prefetch(const struct map *m, uint32_t number, bool key);
/* Let go of what only finding and interning need: a rest, until the next key is interned
 * (which costs as much as interning all anew); nothing is found meanwhile. */
void map_rest(struct map *m);
/* Bytes of memory in use. */
size_t map_memory(const struct map *m);

#endif
