/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/str.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/mem.h"
#include "unit.h"

static void order(void **state)
{
	assert_int_equal(str_cmp(STR("a"), STR("a")), 0);
	assert_true(str_cmp(STR("a"), STR("ab")) < 0);
	assert_true(str_cmp(STR("b"), STR("ab")) > 0);
	assert_true(str_cmp(STR("a"), STR("\xc3\xa9")) < 0);	/* bytes are unsigned */
	assert_true(str_cmp(STR("a\0"), STR("a")) > 0);
	assert_int_equal(str_cmp(STR_NULL, STR("")), 0);
	assert_true(str_eq(STR_NULL, STR("")));
	assert_true(str_is(STR("x"), "x"));
	assert_true(str_starts(STR("abc"), STR("ab")));
	assert_true(str_starts(STR("abc"), STR("")));
	assert_false(str_starts(STR("a"), STR("ab")));
}

static void finding(void **state)
{
	assert_int_equal(str_chr(STR("abc"), 'c'), 2);
	assert_true(str_chr(STR("abc"), 'x') == SIZE_MAX);
	assert_true(str_chr(STR_NULL, 'x') == SIZE_MAX);
	assert_int_equal(str_find(STR("hello"), STR("lo")), 3);
	assert_int_equal(str_find(STR("hello"), STR("")), 0);
	assert_true(str_find(STR("lo"), STR("hello")) == SIZE_MAX);
	assert_true(str_find(STR_NULL, STR("x")) == SIZE_MAX);
	assert_int_equal(str_find_nocase(STR("Blue JEANS"), STR("jeAns")), 5);
	assert_true(str_find_nocase(STR("jean"), STR("jeans")) == SIZE_MAX);
	/* '@' and '`' differ by the same bit as letters do */
	assert_true(str_find_nocase(STR("@"), STR("`")) == SIZE_MAX);
}

static void trimming(void **state)
{
	assert_true(str_is(str_trim(STR(" \t a b\r\n")), "a b"));
	assert_true(str_is(str_trim(STR("  ")), ""));
	assert_true(str_is(str_trim(STR_NULL), ""));
}

static void parts(void **state)
{
	struct str rest = STR("a,,b,"), part;

	assert_true(str_next(&rest, ',', &part) && str_is(part, "a"));
	assert_true(str_next(&rest, ',', &part) && str_is(part, ""));
	assert_true(str_next(&rest, ',', &part) && str_is(part, "b"));
	assert_true(str_next(&rest, ',', &part) && str_is(part, ""));
	assert_false(str_next(&rest, ',', &part));
	rest = STR("");
	assert_true(str_next(&rest, ',', &part) && str_is(part, ""));
	assert_false(str_next(&rest, ',', &part));
}

static void hashes(void **state)
{
	static const char text[] = "0123456789abcdefghijklmnopqrstuvwxyz";

	/* Fixed for ever: stores may hold what was derived from it. */
	assert_true(str_hash(STR("aisle"), 1) == str_hash(STR("aisle"), 1));
	assert_false(str_hash(STR("aisle"), 1) == str_hash(STR("aisle"), 2));
	for (size_t i = 0; i < sizeof text; i++)
		for (size_t j = 0; j < i; j++)
			assert_false(str_hash(str_span(text, i), 0) ==
				     str_hash(str_span(text, j), 0));
	/* each bit of each byte matters, at every length */
	for (size_t n = 1; n < sizeof text; n++) {
		uint64_t whole = str_hash(str_span(text, n), 7);

		for (size_t bit = 0; bit < n * 8; bit++) {
			char copy[sizeof text];

			memcpy(copy, text, n);
			copy[bit / 8] = (char)(copy[bit / 8] ^ 1 << bit % 8);
			assert_false(str_hash(str_span(copy, n), 7) == whole);
		}
	}
}

static void buffers(void **state)
{
	STRBUF(b);
	char *own;

	assert_string_equal(strbuf_c(&b), "");
	strbuf_adds(&b, "a");
	strbuf_addc(&b, 'b');
	strbuf_add(&b, STR("cd"));
	strbuf_add(&b, STR_NULL);
	strbuf_addf(&b, "%d-%s", 42, "x");
	strbuf_fill(&b, '.', 3);
	assert_string_equal(strbuf_c(&b), "abcd42-x...");
	assert_int_equal(b.len, 11);
	strbuf_reset(&b);
	assert_string_equal(strbuf_c(&b), "");
	strbuf_addf(&b, "%0200d", 7);		/* longer than the room at hand */
	assert_int_equal(b.len, 200);
	assert_int_equal(strlen(strbuf_c(&b)), 200);
	own = strbuf_detach(&b);
	assert_int_equal(strlen(own), 200);
	assert_int_equal(b.len, 0);
	free(own);
	own = strbuf_detach(&b);
	assert_string_equal(own, "");
	free(own);
}

static void arenas(void **state)
{
	SCOPED(arena) a = arena_create();
	struct str first = arena_str(a, STR("one")), text;

	assert_string_equal(first.ptr, "one");
	for (size_t size = 0; size < 3 << 20; size = size * 3 + 1) {
		char *p = arena_alloc(a, size);

		assert_int_equal((uintptr_t)p % 16, 0);
		memset(p, 0xaa, size);
	}
	assert_string_equal(first.ptr, "one");
	text = arena_printf(a, "%s-%d", "x", 5);
	assert_true(str_is(text, "x-5"));
	arena_reset(a);
	assert_int_equal(arena_used(a), 0);
	for (int i = 0; i < 100000; i++)
		memset(arena_alloc(a, 40), i, 40);
	assert_int_equal(arena_used(a), 4000000);
	arena_destroy(NULL);
}

static void memory(void **state)
{
	struct err err = {0};
	void *p = mem_big(SIZE_MAX / 2, 4, "a matrix", &err);
	int *list = NULL;
	size_t cap = 0;

	assert_null(p);
	assert_int_equal(err.code, ERR_NOMEM);
	assert_non_null(strstr(err.text, "a matrix"));
	assert_null(mem_big((size_t)1 << 62, 1, "an index", &err));
	assert_string_equal(err.text, "out of memory: an index needs 4.0 EiB");
	p = mem_big(0, 8, "x", &err);
	assert_non_null(p);
	assert_true(mem_big_resize(&p, 100, 8, "x", &err));
	assert_false(mem_big_resize(&p, SIZE_MAX, 8, "x", &err));
	assert_non_null(p);
	free(p);
	for (int i = 0; i < 1000; i++) {
		MEM_GROW(list, cap, (size_t)i + 1);
		list[i] = i;
	}
	assert_int_equal(list[999], 999);
	free(list);
}

UNIT_TESTS(str, UNIT(order), UNIT(finding), UNIT(trimming), UNIT(parts), UNIT(hashes),
	   UNIT(buffers), UNIT(arenas), UNIT(memory))
