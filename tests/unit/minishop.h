/* SPDX-License-Identifier: GPL-3.0-or-later */
/* minishop: random shops for tests of what is counted, and their naive counts. */
#ifndef MINISHOP_H
#define MINISHOP_H

#include <stdbool.h>
#include <stdint.h>

#include "store/store.h"

#define MINI_CATEGORIES 7	/* 0 a, 1 a.b, 2 a.b.c, 3 a.d, 4 e, 5 e.f, 6 g */
#define MINI_PRODUCTS 40	/* the last two without a category */
#define MINI_EVENTS 6000
#define MINI_SESSIONS 400

struct minishop {
	uint32_t products, sessions, events, max_session;
	uint32_t category[MINI_PRODUCTS];
	uint32_t group[MINI_PRODUCTS];
	bool several;	/* every third product has a further category, if set after drawing */
	uint64_t offsets[MINI_SESSIONS + 1];
	uint32_t product[MINI_EVENTS];
	uint8_t kind[MINI_EVENTS];
	int64_t time[MINI_EVENTS];	/* ms: the number of the event as drawn */
};

extern const uint32_t mini_parent[MINI_CATEGORIES];
extern const uint8_t mini_depth[MINI_CATEGORIES];

/* A shop drawn from the seed; kinds: KIND_BITs of the events it has. */
void minishop_draw(struct minishop *m, uint64_t seed, unsigned kinds);
/* Its distinct products with an event of the kinds, and how many. */
unsigned minishop_basket(const struct minishop *m, uint32_t session, unsigned kinds,
			 bool in[MINI_PRODUCTS]);
/* The session is not over the cap. */
bool minishop_counts(const struct minishop *m, uint32_t session);
/* Publish it, counted with so many threads, and open it. Fails the test if that
 * fails. */
struct store *minishop_store(const struct minishop *m, const char *path, unsigned threads);

#endif
