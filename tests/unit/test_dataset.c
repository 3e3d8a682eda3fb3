/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "data/dataset.h"

#include <limits.h>

#include "base/time.h"
#include "data/csv.h"
#include "data/output.h"
#include "unit.h"

static enum reject_reason id_verdict(struct str s, bool numeric)
{
	struct reject why = {0};
	struct str id;

	if (!field_id((struct field){s, 3}, numeric, &id, &why)) {
		assert_int_equal(why.column, 3);
		return why.reason;
	}
	assert_true(str_eq(id, s));
	return REJECT_NONE;
}

static void ids(void **state)
{
	static const struct {
		const char *text;
		enum reject_reason numeric, any;
	} cases[] = {
		{"1", REJECT_NONE, REJECT_NONE},
		{"", REJECT_ID, REJECT_ID},
		{"0", REJECT_ID, REJECT_NONE},
		{"0108775015", REJECT_ID, REJECT_NONE},
		{"2053013555631882655", REJECT_NONE, REJECT_NONE},
		{"18446744073709551615", REJECT_NONE, REJECT_NONE},
		{"18446744073709551616", REJECT_ID, REJECT_NONE},
		{"2.10381E+18", REJECT_EXPONENT, REJECT_NONE},
		{"2,1e18", REJECT_EXPONENT, REJECT_NONE},
		{"1e-999", REJECT_EXPONENT, REJECT_NONE},
		{"1e", REJECT_ID, REJECT_NONE},
		{"e5", REJECT_ID, REJECT_NONE},
		{"-1", REJECT_ID, REJECT_NONE},
		{" 1", REJECT_ID, REJECT_NONE},
		{"A13", REJECT_ID, REJECT_NONE},
		{"caf\xc3\xa9", REJECT_ID, REJECT_NONE},
		{"caf\xe9", REJECT_ID, REJECT_UTF8},
		{"a\tb", REJECT_ID, REJECT_ID},
	};
	char longest[DATASET_ID_MAX + 1];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str s = str_from(cases[i].text);

		assert_int_equal(id_verdict(s, true), cases[i].numeric);
		assert_int_equal(id_verdict(s, false), cases[i].any);
	}
	memset(longest, 'a', sizeof longest);
	assert_int_equal(id_verdict(str_span(longest, DATASET_ID_MAX), false),
			 REJECT_NONE);
	assert_int_equal(id_verdict(str_span(longest, DATASET_ID_MAX + 1), false),
			 REJECT_LONG);
}

static bool price_ok(struct str s)
{
	struct event_row ev = {0};
	struct reject why;

	return field_price(s, 6, &ev, &why) && ev.has_price;
}

static void prices(void **state)
{
	static const char *const good[] = {
		"0", "0.00", "9.99", "0.10", "1000000000", "1000000000.00", "0.005",
		"0.123456789", "0.12345678900000",
	};
	static const char *const bad[] = {
		"", "-1", "-0", "+1", ".5", "5.", "1e3", "inf", "nan", "0x10", "010",
		"1,5", " 1", "1 ", "1000000000.01", "1000000001", "0.1234567891", "\xd9\xa3",
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_true(price_ok(str_from(good[i])));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(price_ok(str_from(bad[i])));
}

static void exact_prices(void **state)
{
	static const struct {
		const char *text;
		int64_t units;
		unsigned scale;
		bool rounded;
	} good[] = {
		{"0.04844067796610169", INT64_C(4844067796610169), 17, false},
		{"0.0026949152542372883", INT64_C(2694915254237288), 18, true},
		{"0.00033898305084745763", INT64_C(338983050847458), 18, true},
		{"9.2", 92, 1, false},
		{"0.0000000000000000000", 0, 18, true},
	};
	static const char *const bad[] = {
		"9.3", "-0.1", "0.000000000000000000x", "0.0000000000000000001e",
		"0.123456789012345678.1",
	};
	struct event_row ev = {0};
	struct reject why;

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		assert_true(field_price_exact(str_from(good[i].text), 0, &ev, &why));
		assert_int_equal(ev.price.units, good[i].units);
		assert_int_equal(ev.price.scale, good[i].scale);
		assert_int_equal(ev.rounded, good[i].rounded);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(field_price_exact(str_from(bad[i]), 0, &ev, &why));
}

/* The proposed verdicts, but for what aisle-import(5) says otherwise: prices to
 * nine decimals, numbers up to 1,000,000,000 whatever their look. */
static void torture(void **state)
{
	struct split_limits l = split_limits_default(1);
	size_t len = 0, n = 0;
	char *text = unit_data("torture/own-torture/numbers.csv", &len);
	struct split_piece piece = {text, text + len, text + len, true};
	struct csv_record r;
	struct csv csv;

	csv_reader_init(&csv, ',', &l);
	csv_reader_start(&csv, &piece);
	assert_true(csv_reader_next(&csv, &r));
	for (; csv_reader_next(&csv, &r); n++) {
		bool fine = str_is(r.field[0], "9.999") || str_is(r.field[0], "0.005");

		if (r.reason == REJECT_NUL)	/* a number with a NUL byte in it */
			continue;
		assert_int_equal(r.n, 4);
		if (price_ok(r.field[0]) != (fine || str_is(r.field[1], "ok")) ||
		    (id_verdict(r.field[0], true) == REJECT_NONE) !=
		    str_is(r.field[2], "ok"))
			fail_msg("%.*s", STR_ARG(r.text));
	}
	assert_int_equal(n, 65);
	csv_reader_finish(&csv);
	free(text);
}

/* Unquoted texts live in the reader: it is kept until the next call. */
static enum row_result take(const char *set, const char *line, struct event_row *ev,
			    struct reject *why)
{
	const struct dataset *d = dataset_find(str_from(set));
	static struct split_limits l;
	size_t len = strlen(line);
	struct csv_record r;
	static struct csv csv;
	static bool in_use;

	assert_non_null(d);
	if (in_use)
		csv_reader_finish(&csv);
	in_use = true;
	l = split_limits_default(1);
	csv_reader_init(&csv, d->separator, &l);
	csv_reader_start(&csv, &(struct split_piece){line, line + len, line + len, true});
	assert_true(csv_reader_next(&csv, &r));
	assert_true(r.n == d->kinds[0].n_columns || !d->kinds[0].n_columns);
	*why = (struct reject){0};
	return d->kinds[0].row(d->ctx, (struct strs){r.field, r.n}, ev, why);
}

static void rows(void **state)
{
	struct event_row ev = {0};
	struct reject why;

	assert_int_equal(take("mkechinov", "2019-10-01 00:00:01 UTC,cart,44600062,"
			      "2103807459595387724,a.b,shiseido,35.79,541312140,s1", &ev,
			      &why), ROW_EVENT);
	assert_true(ev.time == INT64_C(1569888001000) && ev.kind == EVENT_CART);
	assert_true(str_is(ev.product, "44600062") && str_is(ev.session, "s1"));
	assert_true(str_is(ev.category, "2103807459595387724"));
	assert_true(str_is(ev.category_path, "a.b") && str_is(ev.user, "541312140"));
	assert_true(ev.has_price && ev.price.units == 3579 && ev.price.scale == 2);
	assert_int_equal(take("clickstream", "2008;4;1;2;29;1;3;C16;8;6;1;33;2;1", &ev,
			      &why), ROW_EVENT);
	assert_true(ev.time == INT64_C(1207008000002) && ev.kind == EVENT_VIEW);
	assert_true(str_is(ev.category, "3") && str_is(ev.category_path, "blouses"));
	assert_true(str_is(ev.attribute[0], "navy blue") && ev.price.units == 33);
	assert_int_equal(take("mkechinov-orders", "2018-12-01 11:40:29 UTC,19,18,2,,"
			      "jewelry.ring,,5.5,15,f,red,gold,", &ev, &why), ROW_EVENT);
	assert_true(ev.quantity == 2 && ev.kind == EVENT_PURCHASE && !ev.category.len);
	assert_true(str_is(ev.attribute[1], "gold") && str_is(ev.session, "19"));
}

static void rejected_rows(void **state)
{
	static const struct {
		const char *set, *line;
		enum reject_reason reason;
		unsigned column;
	} cases[] = {
		{"mkechinov", "2019-02-30 00:00:01 UTC,cart,1,2,,,1,4,s", REJECT_TIME, 0},
		{"mkechinov", "2019-10-01 00:00:01 UTC,buy,1,2,,,1,4,s", REJECT_EVENT, 1},
		{"mkechinov", "2019-10-01 00:00:01 UTC,cart,1,2E+1,,,1,4,s",
		 REJECT_EXPONENT, 3},
		{"mkechinov", "2019-10-01 00:00:01 UTC,cart,1,2,,,x,4,s", REJECT_PRICE, 6},
		{"mkechinov", "2019-10-01 00:00:01 UTC,cart,1,2,,,1,4,", REJECT_ID, 8},
		{"mkechinov-orders", "2019-10-01 00:00:01 UTC,1,2,0,,,,1,4,,,,",
		 REJECT_QUANTITY, 3},
		{"clickstream", "2008;13;1;2;29;1;3;C16;8;6;1;33;2;1", REJECT_TIME, 1},
		{"clickstream", "2008;2;30;2;29;1;3;C16;8;6;1;33;2;1", REJECT_TIME, 2},
	};
	struct event_row ev = {0};
	struct reject why;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(take(cases[i].set, cases[i].line, &ev, &why),
				 ROW_REJECT);
		assert_int_equal(why.reason, cases[i].reason);
		assert_int_equal(why.column, cases[i].column);
	}
}

/* What a data set writes it reads back. */
static void written_rows_read_back(void **state)
{
	for (size_t i = 0; datasets[i]; i++) {
		struct event_row ev = {
			.time = INT64_C(1569888001000), .kind = EVENT_PURCHASE,
			.quantity = 3, .has_price = true, .price = {1999, 2},
			.product = STR("12"), .session = STR("34"), .user = STR("56"),
			.category = STR("78"), .category_path = STR("a.b"),
			.brand = STR("x, \"y\""),
		}, back = {0};
		struct reject why;
		STRBUF(line);

		if (!output_log(datasets[i]))
			continue;
		output_log(datasets[i])->row(&line, &ev);
		assert_int_equal(take(datasets[i]->name, strbuf_c(&line), &back, &why),
				 ROW_EVENT);
		assert_true(back.time == ev.time && back.kind == ev.kind);
		assert_true(back.price.units == 1999 && str_eq(back.user, ev.user));
		assert_true(str_eq(back.product, ev.product));
		assert_true(str_eq(back.category_path, ev.category_path));
	}
}

static void check_kind(const struct file_kind *k)
{
	assert_true(k->name && k->row && k->caps < 1u << 16);
	assert_true(k->n_columns <= DATASET_COLUMNS);
	assert_true(!k->header || (k->n_columns && k->columns));
	for (unsigned c = 0; c < k->n_columns; c++)
		assert_true(k->columns[c] && *k->columns[c]);
}

/* A header belongs to one kind alone. */
static bool same_columns(const struct file_kind *a, const struct file_kind *b)
{
	if (!a->header || !b->header || a->n_columns != b->n_columns)
		return false;
	for (unsigned c = 0; c < a->n_columns; c++)
		if (strcmp(a->columns[c], b->columns[c]) != 0)
			return false;
	return true;
}

static void the_table_is_complete(void **state)
{
	for (size_t i = 0; datasets[i]; i++) {
		const struct dataset *d = datasets[i];

		assert_ptr_equal(dataset_find(str_from(d->name)), d);
		assert_true(d->title && d->files && d->basket && d->currency);
		assert_true(d->n_kinds > 0 || d->configure);
		assert_true(d->n_attributes <= DATASET_ATTRIBUTES);
		for (unsigned k = 0; k < d->n_kinds; k++) {
			check_kind(&d->kinds[k]);
			assert_true(d->kinds[k].header || k + 1 == d->n_kinds);
			for (unsigned j = 0; j < k; j++)
				assert_false(same_columns(&d->kinds[j], &d->kinds[k]));
		}
	}
	assert_null(dataset_find(STR("nosuch")));
	for (int r = 0; r < REJECT_REASONS; r++)
		assert_true(*reject_name(r) && *reject_text(r));
}

UNIT_TESTS(dataset, UNIT(ids), UNIT(prices), UNIT(exact_prices), UNIT(torture), UNIT(rows),
	   UNIT(rejected_rows), UNIT(written_rows_read_back), UNIT(the_table_is_complete))
