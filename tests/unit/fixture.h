/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fixture: a shop of six products that tests build in a folder of their own. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "base/err.h"
#include "store/build.h"

/*
 * categories  0 home, 1 home.tea, 2 toys
 * products    0 "100" home; 1 "101", 2 "102" home.tea; 3 "200", 4 "201" toys;
 *	       5 "900" without a category. 1 and 2 are variants of one group.
 * brands      0 Acme, 1 Tea Co; users 0 u1, 1 u2; price scale 2, EUR
 * sessions    0 "s3" u1: view 0, view 1, cart 1, purchase 1 x2
 *	       1 "s1" u2: view 0, view 1, view 0, purchase 3, purchase 1
 *	       2 "s5" u1: view 3, view 4, cart 3, cart 4, purchase 3, purchase 4
 *	       3 "s2" -:  view 5, remove 5
 *	       4 "s4" u2: view 1, view 2, view 1, purchase 1, purchase 3
 */
#define FIXTURE_PRODUCTS 6
#define FIXTURE_CATEGORIES 3
#define FIXTURE_SESSIONS 5
#define FIXTURE_EVENTS 22

/* What an import writes; `counted` adds what stats does. */
bool fixture_fill(struct build *b, bool counted, struct err *err);
/* Element `at` of that array gets another value in what fixture_fill writes from now
 * on, under a right checksum: a store that only verify finds fault with. NULL: none. */
void fixture_spoil(const char *array, uint64_t at, int64_t value);
/* Build and publish a generation with it and an array "test/mark" U32 (1). Fails
 * the test if that fails. Returns the generation. */
uint64_t fixture_publish(const char *path, uint32_t mark);

/* A new empty folder under $TMPDIR, and its removal with all it holds; free(). */
char *fixture_folder(void);
void fixture_remove(char *folder);
/* FOLDER/name; free(). */
char *fixture_path(const char *folder, const char *name);

#endif
