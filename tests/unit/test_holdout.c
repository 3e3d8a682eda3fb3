/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "eval/split.h"

#include <unistd.h>

#include "base/time.h"
#include "base/zone.h"
#include "stats/scan.h"

#include "unit.h"

/* Three sessions of one category-less shop; event i is at i days. Products repeat in a
 * row at 1-2 and over the border of day 6. */
static const uint64_t offsets[] = {0, 5, 9, 12};
static const uint32_t product[] = {0, 1, 1, 2, 3, 4, 4, 5, 0, 1, 2, 1};
static const uint8_t kind[] = {0, 0, 0, 3, 0, 0, 0, 0, 0, 3, 3, 3};
static int64_t time_of[12];

static struct catalog shop(void)
{
	for (int i = 0; i < 12; i++)
		time_of[i] = i * TIME_DAY;
	return (struct catalog){
		.n_products = 6, .n_sessions = 3, .n_events = 12,
		.session_offsets = offsets, .event_product = product,
		.event_kind = kind, .event_time = time_of,
		.first_time = 0, .last_time = time_of[11],
	};
}

static void check(const struct split *p, const char *train, size_t list,
		  const uint32_t *items, size_t n, uint32_t given)
{
	for (size_t i = 0; i < 12; i++)
		assert_int_equal(p->train[i], train[i] == '1');
	assert_true(list < p->n);
	assert_int_equal(p->offsets[list + 1] - p->offsets[list], n);
	assert_memory_equal(p->item + p->offsets[list], items, n * sizeof *items);
	assert_int_equal(p->given[list], given);
}

static void by_time(void **state)
{
	struct split_spec s = {.seed = 1};
	struct catalog c = shop();
	struct split p;
	struct err err = {0};

	assert_true(split_parse(STR("time:1970-01-07"), &s, &err));
	assert_true(split_make(&p, &s, &c, TASK_NEXT, NULL, &err));
	/* cut at day 6: what follows is 4, 5, 0, the 4 before it is learnt from */
	check(&p, "111111000000", 0, (uint32_t[]){4, 5, 0}, 3, 1);
	assert_int_equal(p.n, 1);
	assert_int_equal(p.kind, EVENT_VIEW);
	assert_int_equal(p.train_events, 6);
	split_finish(&p);
}

/* What follows the second date is in neither part. */
static void between(void **state)
{
	struct split_spec s = {.seed = 1};
	struct catalog c = shop();
	struct split p;
	struct err err = {0};
	STRBUF(text);

	assert_true(split_parse(STR("time:1970-01-06..1970-01-08"), &s, &err));
	split_text(&s, &text);
	assert_string_equal(strbuf_c(&text), "time:1970-01-06..1970-01-08");
	assert_false(split_make(&p, &s, &c, TASK_NEXT, NULL, &err));	/* 4, 4 is one item */
	s.repeats = true;
	assert_true(split_make(&p, &s, &c, TASK_NEXT, NULL, &err));
	check(&p, "111110000000", 0, (uint32_t[]){4, 4}, 2, 1);
	assert_int_equal(p.n, 1);
	split_finish(&p);
}

static void by_last(void **state)
{
	struct split_spec s = {.seed = 1};
	struct catalog c = shop();
	struct split p;
	struct err err = {0};

	assert_true(split_parse(STR("last:1"), &s, &err));
	assert_true(split_make(&p, &s, &c, TASK_NEXT, NULL, &err));
	assert_int_equal(p.n, 2);	/* the third session has no views: learnt from */
	check(&p, "111101110111", 0, (uint32_t[]){0, 1, 3}, 3, 2);
	check(&p, "111101110111", 1, (uint32_t[]){4, 5, 0}, 3, 2);
	split_finish(&p);
}

static void baskets(void **state)
{
	struct split_spec s = {.seed = 1};
	struct catalog c = shop();
	struct split p;
	struct err err = {0};

	assert_true(split_parse(STR("time:1970-01-09"), &s, &err));
	assert_true(split_make(&p, &s, &c, TASK_COMPLEMENT, NULL, &err));
	assert_int_equal(p.n, 1);
	assert_int_equal(p.session[0], 2);
	check(&p, "111111110000", 0, (uint32_t[]){1, 2}, 2, 0);
	split_finish(&p);
	c.n_events = offsets[2];
	c.n_sessions = 2;
	assert_false(split_make(&p, &s, &c, TASK_COMPLEMENT, NULL, &err));
	assert_int_equal(err.code, ERR_NO);
}

/* Whole sessions, the same ones for the same seed; nothing is in both parts. */
static void by_chance(void **state)
{
	enum { N = 2000 };
	static uint64_t two[N + 1];
	static uint32_t items[2 * N];
	static uint8_t kinds[2 * N];
	static int64_t times[2 * N];
	struct catalog c = {.n_products = 2, .n_sessions = N, .n_events = 2 * N,
			    .session_offsets = two, .event_product = items,
			    .event_kind = kinds, .event_time = times};
	struct split_spec s = {.seed = 5};
	struct split p;
	struct err err = {0};

	for (uint32_t i = 0; i < 2 * N; i++)
		items[i] = i % 2;
	for (uint32_t i = 0; i <= N; i++)
		two[i] = 2 * i;
	assert_true(split_parse(STR("random:0.2"), &s, &err));
	assert_true(split_make(&p, &s, &c, TASK_NEXT, NULL, &err));
	assert_true(p.n > N / 5 - 90 && p.n < N / 5 + 90);	/* 5 standard deviations */
	assert_int_equal(p.train_events, 2 * (N - p.n));
	for (size_t i = 0; i < p.n; i++)
		assert_false(p.train[two[p.session[i]]]);
	split_finish(&p);
}

/* Parameters are chosen inside what the test leaves. */
static void inside(void **state)
{
	struct split_spec s = {.seed = 1}, tune;
	struct catalog c = shop();
	struct split p, q;
	struct err err = {0};

	assert_true(split_parse(STR("time:1970-01-03,1970-01-10"), &s, &err));
	assert_true(split_tune(&s, &c, &tune, &err));
	assert_true(split_make(&p, &s, &c, TASK_NEXT, NULL, &err) || err.code == ERR_NO);
	assert_true(split_parse(STR("time:1970-01-08"), &s, &err));
	assert_true(split_make(&p, &s, &c, TASK_NEXT, NULL, &err));
	assert_true(split_make(&q, &tune, &c, TASK_NEXT, p.train, &err));
	for (size_t i = 0; i < 12; i++)
		assert_true(!q.train[i] || p.train[i]);
	check(&q, "110000000000", 0, (uint32_t[]){1, 3}, 2, 1);
	split_finish(&p);
	split_finish(&q);
}

static void settled(void **state)
{
	int64_t time[10] = {0, 1, 2, TIME_DAY, TIME_DAY + 1, TIME_DAY + 2, 2 * TIME_DAY,
			    2 * TIME_DAY + 1, 3 * TIME_DAY, 3 * TIME_DAY + 5};
	struct catalog c = {.n_events = 10, .event_time = time, .last_time = time[9]};
	struct split_spec s = {0};
	struct err err;
	STRBUF(text);

	assert_true(split_parse(STR("auto"), &s, &err));
	assert_true(split_settle(&s, &c, &err));
	split_text(&s, &text);
	assert_string_equal(strbuf_c(&text), "time:1970-01-04");
	c.last_time = c.n_events = 3;	/* a single day */
	assert_true(split_parse(STR("auto"), &s, &err) && split_settle(&s, &c, &err));
	assert_int_equal(s.kind, SPLIT_LATEST);
	assert_int_equal(s.from.at, 2);
	c.last_time = 0;	/* a single moment */
	assert_true(split_parse(STR("auto"), &s, &err) && split_settle(&s, &c, &err));
	assert_int_equal(s.kind, SPLIT_RANDOM);
	c.caps = CAP_UNDATED;
	assert_true(split_parse(STR("time:2008-08-01"), &s, &err));
	assert_false(split_settle(&s, &c, &err));
	c.caps = 0;
	strbuf_reset(&text);
	assert_true(split_parse(STR("time:2008-08-01T12:30:15+02:00"), &s, &err));
	assert_true(split_settle(&s, &c, &err));
	split_text(&s, &text);
	assert_string_equal(strbuf_c(&text), "time:2008-08-01T10:30:15Z");
}

/* Days begin when the shop's clock shows midnight. */
static void days_of_the_shop(void **state)
{
	int64_t time[4] = {TIME_DAY / 4, TIME_DAY, 2 * TIME_DAY + TIME_DAY / 8, 3 * TIME_DAY};
	struct zone zone;
	struct catalog c = {.n_events = 4, .event_time = time, .first_time = time[0],
			    .last_time = time[3], .zone = &zone};
	struct split_spec s = {0};
	struct err err;
	STRBUF(text);

	if (access("/usr/share/zoneinfo/Etc/GMT+5", R_OK) != 0)
		skip();
	assert_true(zone_open(&zone, "Etc/GMT+5"));
	assert_true(split_parse(STR("time:1970-01-03"), &s, &err));
	assert_true(split_settle(&s, &c, &err));
	assert_int_equal(s.from.at, 2 * TIME_DAY + 5 * TIME_DAY / 24);
	split_text(&s, &text);
	assert_string_equal(strbuf_c(&text), "time:1970-01-03");
	assert_true(split_parse(STR("auto"), &s, &err) && split_settle(&s, &c, &err));
	assert_int_equal(s.from.at, TIME_DAY + 5 * TIME_DAY / 24);
	assert_true(s.from.day);
	zone_finish(&zone);
}

static void refused(void **state)
{
	static const char *const bad[] = {"", "time", "time:", "time:2008", "last:0",
					  "last:x", "random:0", "random:1", "random:2", "links:0",
					  "links:80", "products:1",
					  "time:2008-08-01,2008-07-01", "days:3",
					  "time:2008-07-01,2008-08-01,2008-09-01",
					  "time:2008-07-01..2008-07-01"};
	static const char *const good[] = {"time:2008-08-01", "time:2008-07-01,2008-08-01",
					   "last:2", "random:0.25", "latest:0.1",
					   "links:0.2", "products:0.1"};
	struct split_spec s = {.seed = 1};
	struct err err = {0};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_false(split_parse(str_from(bad[i]), &s, &err));
		assert_int_equal(err.code, ERR_USAGE);
	}
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		STRBUF(b);

		assert_true(split_parse(str_from(good[i]), &s, &err));
		split_text(&s, &b);
		assert_string_equal(strbuf_c(&b), good[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_time),
		cmocka_unit_test(between),
		cmocka_unit_test(by_last),
		cmocka_unit_test(baskets),
		cmocka_unit_test(by_chance),
		cmocka_unit_test(inside),
		cmocka_unit_test(refused),
		cmocka_unit_test(settled),
		cmocka_unit_test(days_of_the_shop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
