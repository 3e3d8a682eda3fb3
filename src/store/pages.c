/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A page is a head of 16 bytes (number, pad, flags, lower, upper), offsets of nodes up to
 * `lower` and nodes from `upper` on; a node has 8 bytes (two halves of a size or of a page
 * number, flags, size of the key), its key and its data. Large data lie on pages of their own
 * behind a head that counts them. (lmdb 0.9, mdb.c: MDB_page, MDB_node, MDB_db.)
 */
#include "config.h"

#include "store/pages.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "base/mem.h"
#include "base/scope.h"

#define HEAD 16u
#define NODE 8u
#define META_MAIN 88u	/* the main table in a meta page */
#define META_FREE 40u
#define META_TXN 144u
#define TABLE 48u
#define TABLE_FLAGS 4u
#define TABLE_ROOT 40u
#define NONE UINT64_MAX
#define DEPTH_MAX 31u	/* LMDB's cursors hold 32 */

enum {
	PAGE_BRANCH = 1,
	PAGE_LEAF = 2,
	PAGE_OVERFLOW = 4,
	NODE_BIG = 1,
	NODE_TABLE = 2,
	FIXED_MAP = 1,
};

struct walk {
	const unsigned char *map;
	uint64_t pages;			/* of the file */
	size_t page;
	unsigned char *seen;		/* a bit per page */
};

static uint16_t read16(const unsigned char *p)
{
	uint16_t x;

	memcpy(&x, p, sizeof x);
	return x;
}

static uint64_t read64(const unsigned char *p)
{
	uint64_t x;

	memcpy(&x, p, sizeof x);
	return x;
}

static bool bad(uint64_t number, const char *what, struct err *err)
{
	return err_fail(err, ERR_STORE, "the store is damaged: page %ju %s", (uintmax_t)number,
			what);
}

/* Pages [number, number + n) are of the file and belong to no one yet. */
static bool claim(struct walk *w, uint64_t number, uint64_t n, struct err *err)
{
	if (number < 2 || number >= w->pages || n > w->pages - number)
		return bad(number, "lies outside the file", err);
	for (uint64_t i = number; i < number + n; i++) {
		if (w->seen[i / 8] >> i % 8 & 1)
			return bad(i, "is used twice", err);
		w->seen[i / 8] |= (unsigned char)(1u << i % 8);
	}
	return read64(w->map + number * w->page) == number ||
	       bad(number, "says that it is another one", err);
}

static bool check_big(struct walk *w, uint64_t number, uint64_t size, struct err *err)
{
	uint64_t need = size / w->page + (size % w->page + HEAD + w->page - 1) / w->page;
	const unsigned char *p = w->map + number * w->page;
	uint32_t count;

	if (!claim(w, number, 1, err))
		return false;
	memcpy(&count, p + 12, sizeof count);
	if (read16(p + 10) != PAGE_OVERFLOW || count < need)
		return bad(number, "does not hold the value that it should", err);
	w->seen[number / 8] &= (unsigned char)~(1u << number % 8);
	return claim(w, number, count, err);
}

static bool check_page(struct walk *w, uint64_t number, unsigned depth, bool main,
		       struct err *err);

static bool check_table(struct walk *w, const unsigned char *table, bool main, struct err *err)
{
	uint64_t root = read64(table + TABLE_ROOT);

	if (read16(table + TABLE_FLAGS) != 0)
		return err_fail(err, ERR_STORE, "the store is damaged: it has a table of a kind "
				"that no store has");
	return root == NONE || check_page(w, root, 0, main, err);
}

static bool check_leaf(struct walk *w, uint64_t number, const unsigned char *node, size_t room,
		       bool main, struct err *err)
{
	uint64_t size = read16(node) | (uint64_t)read16(node + 2) << 16;
	unsigned flags = read16(node + 4), key = read16(node + 6);
	const unsigned char *data = node + NODE + key;
	size_t inside = flags == NODE_BIG ? sizeof size : size;

	if (NODE + key > room || inside > room - NODE - key)
		return bad(number, "has a node that leaves it", err);
	if (flags == NODE_BIG)
		return check_big(w, read64(data), size, err);
	if (flags == NODE_TABLE && main && size == TABLE)
		return check_table(w, data, false, err);
	return flags == 0 || bad(number, "has a node of a kind that no store has", err);
}

static bool check_node(struct walk *w, uint64_t number, size_t at, unsigned depth, bool main,
		       struct err *err)
{
	const unsigned char *p = w->map + number * w->page, *node = p + at;
	size_t room = w->page - at;
	uint64_t child;

	if (read16(p + 10) == PAGE_LEAF)
		return check_leaf(w, number, node, room, main, err);
	if (NODE + read16(node + 6) > room)
		return bad(number, "has a node that leaves it", err);
	child = read16(node) | (uint64_t)read16(node + 2) << 16 |
		(uint64_t)read16(node + 4) << 32;
	return check_page(w, child, depth + 1, main, err);
}

static bool check_page(struct walk *w, uint64_t number, unsigned depth, bool main,
		       struct err *err)
{
	const unsigned char *p = w->map + number * w->page;
	unsigned lower, upper, flags;

	if (depth > DEPTH_MAX)
		return bad(number, "is too deep in its tree", err);
	if (!claim(w, number, 1, err))
		return false;
	flags = read16(p + 10);
	lower = read16(p + 12);
	upper = read16(p + 14);
	if (flags != PAGE_LEAF && flags != PAGE_BRANCH)
		return bad(number, "is of no kind that a tree has", err);
	if (lower < HEAD + 2 || lower % 2 || lower > upper || upper > w->page ||
	    (flags == PAGE_BRANCH && lower < HEAD + 4))
		return bad(number, "has its nodes in no place", err);
	for (unsigned at = HEAD; at < lower; at += 2) {
		unsigned node = read16(p + at);

		if (node < upper || node % 2 || node + NODE > w->page)
			return bad(number, "has a node outside", err);
		if (!check_node(w, number, node, depth, main, err))
			return false;
	}
	return true;
}

bool pages_check(int fd, uint64_t bytes, size_t page, struct err *err)
{
	struct walk w = {.pages = bytes / page, .page = page};
	SCOPED_FREE unsigned char *seen = mem_zalloc(w.pages / 8 + 1);
	const unsigned char *meta;
	void *map = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, 0);
	bool ok;

	if (map == MAP_FAILED)
		return err_errno(err, errno, "can't map the store");
	w.map = map;
	w.seen = seen;
	meta = w.map + (read64(w.map + META_TXN) < read64(w.map + page + META_TXN) ? page : 0);
	ok = !(read16(meta + META_FREE + TABLE_FLAGS) & FIXED_MAP) ||
	     err_fail(err, ERR_STORE, "the store is damaged: it wants a place of its own in "
		      "memory");
	ok = ok && check_table(&w, meta + META_MAIN, true, err);
	munmap(map, bytes);
	return ok;
}
