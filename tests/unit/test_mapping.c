/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "data/mapping.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/time.h"
#include "data/ds_csv.h"
#include "data/field.h"
#include "unit.h"

static void decimals(void **state)
{
	static const struct {
		const char *text;
		bool comma, ok;
		int64_t units;
		unsigned scale;
	} cases[] = {
		{"12.50", false, true, 1250, 2},	{"12,50", true, true, 1250, 2},
		{"1,234.5", false, true, 12345, 1},	{"1.234,5", true, true, 12345, 1},
		{"1 234,5", true, true, 12345, 1},	{"1'234.50", false, true, 123450, 2},
		{"-3", false, true, -3, 0},		{"007", false, true, 7, 0},
		{" 4 ", false, true, 4, 0},		{"$1.20", false, true, 120, 2},
		{"1.20 \u20ac", false, true, 120, 2},	{"EUR 1,20", true, true, 120, 2},
		{"1.20USD", false, true, 120, 2},	{"$-1.20", false, true, -120, 2},
		{"0.04844067796610169", false, true, 48440678, 9},
		{"0.9999999999", false, true, 1000000000, 9},
		{"(1)", false, true, -1, 0},		{"(1,234.50)", false, true, -123450, 2},
		{"\u22122", false, true, -2, 0},	{"2-", false, true, -2, 0},
		{"$(1.20)", false, true, -120, 2},	{"-1.0", false, true, -10, 1},
		{"1\u00a0129,00", true, true, 112900, 2},
		{"1\u202f129,00\u202f\u20ac", true, true, 112900, 2},
		{"1\u00a0129\u202f000", false, false, 0, 0},
		{"12\u00a0", false, true, 12, 0},	{"1\u00a012", false, false, 0, 0},
		{"()", false, false, 0, 0},		{"(-3)", false, false, 0, 0},
		{"-3-", false, false, 0, 0},		{"12,-", true, false, 0, 0},
		{"\u2212", false, false, 0, 0},		{"(", false, false, 0, 0},
		{"12,34", false, false, 0, 0},		{"1,23,456", false, false, 0, 0},
		{"1,2345", false, false, 0, 0},		{"1.2.3", false, false, 0, 0},
		{"", false, false, 0, 0},		{"-", false, false, 0, 0},
		{"12.", false, false, 0, 0},		{".5", false, false, 0, 0},
		{"1e5", false, false, 0, 0},		{"nan", false, false, 0, 0},
		{"0x10", false, false, 0, 0},		{"12a", false, false, 0, 0},
		{"123456789012345678901", false, false, 0, 0},
		{"EUR", false, false, 0, 0},		{"\u20ac", false, false, 0, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct decimal d = {-1, 99};
		bool ok = field_decimal(str_from(cases[i].text), cases[i].comma, &d);

		if (ok != cases[i].ok || (ok && (d.units != cases[i].units ||
						 d.scale != cases[i].scale)))
			fail_msg("'%s': %d %lld/%u", cases[i].text, ok, (long long)d.units,
				 d.scale);
	}
}

static void event_names(void **state)
{
	int kind;

	assert_true(field_event_kind(STR("Add_to-Cart"), &kind));
	assert_int_equal(kind, EVENT_CART);
	assert_true(field_event_kind(STR("PAGE VIEW"), &kind));
	assert_int_equal(kind, EVENT_VIEW);
	assert_false(field_event_kind(STR("addtocarts"), &kind));
	assert_false(field_event_kind(STR(""), &kind));
}

/* What is refused, and the words that the message must have. */
static void refusals(void **state)
{
	static const struct {
		const char *text, *said;
	} files[] = {
		{"time = a\nproduct\n", "shop:2: 'product' is no setting"},
		{"time = a\n\ncolour = b\n", "shop:3: 'colour' is no key of a mapping"},
		{"time = a\ntime = b\n", "shop:2: time: it is set twice"},
		{"footer = a|\r|b\n", "shop:1: footer: a value is one line: \\n and"},
		{"time =\n", "shop:1: time: the value is missing"},
		{"time = a+\n", "shop:1: time: the name of a column is missing"},
		{"time = a+b+c+d+e\n", "at most 4 columns"},
		{"separator = ab\n", "shop:1: separator: 'ab' is no separator"},
		{"encoding = klingon\n", "shop:1: encoding: 'klingon'"},
		{"header = maybe\n", "neither yes nor no"},
		{"decimal = 1\n", "neither comma nor point"},
		{"time-format = d.m\n", "shop:1: time-format: the time format"},
		{"kind = buy\n", "'buy' is no kind of event"},
		{"gap = 0\n", "shop:1: gap:"},
		{"currency = Dollars!!\n", "shop:1: currency:"},
		{"attribute. = x\n", "an attribute needs a name"},
		{"attribute.a = x\nattribute.a = y\n", "shop:2: the attribute 'a'"},
	}, lists[] = {
		{"time=a,product", "--map, character 8: 'product' is no setting"},
		{"time=a,time-format=Y", "--map, character 8: time-format:"},
	}, unfit[] = {
		{"product=a,kind=view,user=u,gap=5", "gap: there is no time"},
		{"product=a,kind=view,session=u+@day", "session: @day needs a time"},
		{"time=a,kind=view,user=u", "needs product"},
		{"time=a,product=p,user=u", "needs event"},
		{"time=a,product=p,user=u,event=e,kind=view", "kind: the event column"},
		{"time=a,product=p,kind=view", "needs session"},
	};
	SCOPED(mapping) m = NULL;
	struct err err;

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		assert_false(mapping_parse_file(&m, "shop", str_from(files[i].text), &err));
		assert_int_equal(err.code, ERR_USAGE);
		if (!strstr(err.text, files[i].said))
			fail_msg("wanted '%s', got '%s'", files[i].said, err.text);
	}
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		assert_false(mapping_load(&m, lists[i].text, &err));
		if (!strstr(err.text, lists[i].said))
			fail_msg("wanted '%s', got '%s'", lists[i].said, err.text);
	}
	for (size_t i = 0; i < sizeof(unfit) / sizeof(*unfit); i++) {
		assert_true(mapping_load(&m, unfit[i].text, &err));
		assert_false(mapping_check(m, &err));
		if (!strstr(err.text, unfit[i].said))
			fail_msg("wanted '%s', got '%s'", unfit[i].said, err.text);
		mapping_destroy(m);
		m = NULL;
	}
	assert_false(mapping_load(&m, "/nonexistent.aislemap", &err));
	assert_int_equal(err.code, ERR_IO);
}

/* Comments, escapes; written and read again it is the same. */
static void round_trip(void **state)
{
	static const char text[] =
		"\xef\xbb\xbf# a comment\r\n"
		"separator = \\t   # a tab\r\n"
		"time = a \\# b+c\\+d\n"
		"time-format=Y-m-d \\TH:M\n"
		"product = \\#3\n"
		"event = e\\,\\\\\n"
		"event.cart = in|put \\| in\n"
		"user = u\n"
		"attribute.big\\=size = s\n"
		"category-separator = >\n"
		"gap = 12.5";
	SCOPED(mapping) m = NULL;
	SCOPED(mapping) again = NULL;
	struct str list, notes[MAPPING_KEYS] = {[MAP_TIME] = STR("why\nand why")};
	struct err err;
	STRBUF(b);
	STRBUF(one);

	if (!mapping_parse_file(&m, "shop", str_from(text), &err))
		fail_msg("%s", err.text);
	for (int turn = 0; turn < 2; turn++) {
		assert_int_equal(m->form.separator, '\t');
		assert_int_equal(m->role[MAP_TIME].n, 2);
		assert_string_equal(m->role[MAP_TIME].part[0].ptr, "a # b");
		assert_string_equal(m->role[MAP_TIME].part[1].ptr, "c+d");
		assert_string_equal(m->time_format.ptr, "Y-m-d \\TH:M");
		assert_string_equal(m->role[MAP_EVENT].part[0].ptr, "e,\\");
		assert_string_equal(m->attribute[0].name.ptr, "big=size");
		assert_true(m->gap == 12.5);
		list = m->value[MAP_EVENT_VIEW + EVENT_CART].text;
		assert_true(mapping_next(&list, &one));
		assert_string_equal(strbuf_c(&one), "in");
		assert_true(mapping_next(&list, &one));
		assert_string_equal(strbuf_c(&one), "put | in");
		assert_false(mapping_next(&list, &one));
		strbuf_reset(&b);
		mapping_write(m, notes, &b);
		assert_non_null(strstr(strbuf_c(&b), "# why\n# and why\ntime "));
		if (!mapping_parse_file(&again, "shop", strbuf_str(&b), &err))
			fail_msg("%s in\n%s", err.text, strbuf_c(&b));
		mapping_destroy(m);
		m = again;
		again = NULL;
	}
}

struct line {
	const char *map;
	struct str field[8];
	unsigned n;
	enum row_result result;
	enum reject_reason why;
	const char *shown;	/* time kind product session quantity price path */
};

static void show(const struct event_row *ev, struct strbuf *b)
{
	time_add_rfc3339(b, ev->time);
	strbuf_addf(b, " %s%s %.*s '%.*s' %u ", ev->cancels ? "-" : "",
		    event_kind_name(ev->kind), STR_ARG(ev->product), STR_ARG(ev->session),
		    ev->quantity);
	if (ev->has_price)
		num_add_decimal(b, ev->price.units, ev->price.scale, false);
	strbuf_addf(b, " %.*s", STR_ARG(ev->category_path));
}

static void rows(void **state)
{
#define BASE "header=no,time=1,product=2,"
	static const struct line lines[] = {
		{BASE "kind=view,session=3", {STR("2020-01-02"), STR(" p "), STR("s")}, 3,
		 ROW_EVENT, 0, "2020-01-02T00:00:00Z view p 's' 1  "},
		{BASE "event=4,session=3", {STR("2020-01-02"), STR("p"), STR("s"),
		 STR("addToCart")}, 4, ROW_EVENT, 0, "2020-01-02T00:00:00Z cart p 's' 1  "},
		{BASE "event=4,session=3", {STR("2020-01-02"), STR("p"), STR("s"),
		 STR("search")}, 4, ROW_REJECT, REJECT_EVENT, ""},
		{BASE "event=4,session=3,event.ignore=search", {STR("2020-01-02"), STR("p"),
		 STR("s"), STR("search")}, 4, ROW_SKIP, 0, ""},
		{BASE "event=4,session=3,event.ignore=*", {STR("x"), STR("p"), STR("s"),
		 STR("what")}, 4, ROW_SKIP, 0, ""},
		{BASE "event=4,session=3,event.purchase=3|gekauft", {STR("2020-01-02"),
		 STR("p"), STR("s"), STR("3")}, 4, ROW_EVENT, 0,
		 "2020-01-02T00:00:00Z purchase p 's' 1  "},
		{BASE "event=4,session=3,event.purchase=3", {STR("2020-01-02"), STR("p"),
		 STR("s"), STR("view")}, 4, ROW_REJECT, REJECT_EVENT, ""},
		{BASE "kind=purchase,user=3,session=3+@day", {STR("2020-01-02 09:00"),
		 STR("p"), STR("c7")}, 3, ROW_EVENT, 0,
		 "2020-01-02T09:00:00Z purchase p 'c7 2020-01-02' 1  "},
		{BASE "kind=purchase,session=3,quantity=4,price=5,decimal=comma",
		 {STR("2020-01-02"), STR("p"), STR("s"), STR("3"), STR("1.234,50")}, 5,
		 ROW_EVENT, 0, "2020-01-02T00:00:00Z purchase p 's' 3 1234.50 "},
		{BASE "kind=purchase,session=3,quantity=4", {STR("2020-01-02"), STR("p"),
		 STR("s"), STR("-2")}, 4, ROW_EVENT, 0,
		 "2020-01-02T00:00:00Z -purchase p 's' 2  "},
		{BASE "kind=view,session=3,quantity=4", {STR("2020-01-02"), STR("p"),
		 STR("s"), STR("-2")}, 4, ROW_REJECT, REJECT_QUANTITY, ""},
		{BASE "kind=purchase,session=3,quantity=4", {STR("2020-01-02"), STR("p"),
		 STR("s"), STR("1.5")}, 4, ROW_REJECT, REJECT_QUANTITY, ""},
		{BASE "kind=purchase,session=3,cancelled=C|storno", {STR("2020-01-02"),
		 STR("p"), STR("c536")}, 3, ROW_EVENT, 0,
		 "2020-01-02T00:00:00Z -purchase p 'c536' 1  "},
		{BASE "kind=purchase,session=3,service=POST|gift wrap", {STR("x"),
		 STR("Post"), STR("s")}, 3, ROW_SKIP, 0, ""},
		{BASE "kind=purchase,session=3,price=4", {STR("2020-01-02"), STR("p"),
		 STR("s"), STR("-1")}, 4, ROW_REJECT, REJECT_PRICE, ""},
		{BASE "kind=purchase,session=3,price=4", {STR("2020-01-02"), STR("p"),
		 STR("s"), STR("1000000000.01")}, 4, ROW_REJECT, REJECT_PRICE, ""},
		{BASE "kind=view,session=3", {STR("2020-01-02"), STR("2.1E+18"), STR("s")}, 3,
		 ROW_REJECT, REJECT_EXPONENT, ""},
		{BASE "kind=view,session=3", {STR("2020-01-02"), STR("12E+x"), STR("s")}, 3,
		 ROW_EVENT, 0, "2020-01-02T00:00:00Z view 12E+x 's' 1  "},
		{BASE "kind=view,session=3", {STR("2020-01-02"), STR(" "), STR("s")}, 3,
		 ROW_REJECT, REJECT_ID, ""},
		{BASE "kind=view,session=3", {STR("2.1.2020"), STR("p"), STR("s")}, 3,
		 ROW_REJECT, REJECT_TIME, ""},
		{BASE "kind=view,session=3,time-format=d.m.Y,position=4", {STR("2.1.2020"),
		 STR("p"), STR("s"), STR("17")}, 4, ROW_EVENT, 0,
		 "2020-01-02T00:00:00.017Z view p 's' 1  "},
		{"header=no,time=1+3+4,product=2,kind=view,user=2,time-format=Y m d",
		 {STR("2020"), STR("p"), STR("1"), STR("2")}, 4, ROW_EVENT, 0,
		 "2020-01-02T00:00:00Z view p '' 1  "},
		{BASE "kind=view,session=3,category=4+5", {STR("2020-01-02"), STR("p"),
		 STR("s"), STR("a.b"), STR("c")}, 5, ROW_EVENT, 0,
		 "2020-01-02T00:00:00Z view p 's' 1  a.b\x1f" "c"},
		{BASE "kind=view,session=3", {STR("2020-01-02"), STR("p"), STR("")}, 3,
		 ROW_REJECT, REJECT_ID, ""},
		{BASE "kind=purchase,session=3,quantity=4,total=5", {STR("2020-01-02"),
		 STR("p"), STR("s"), STR("3"), STR("30.00")}, 5, ROW_EVENT, 0,
		 "2020-01-02T00:00:00Z purchase p 's' 3 10.00 "},
		{BASE "kind=purchase,session=3,quantity=4,total=5", {STR("2020-01-02"),
		 STR("p"), STR("s"), STR("3"), STR("10")}, 5, ROW_EVENT, 0,
		 "2020-01-02T00:00:00Z purchase p 's' 3 3.3333 "},
		{BASE "kind=purchase,session=3,quantity=4,total=5", {STR("2020-01-02"),
		 STR("p"), STR("s"), STR("-2"), STR("-9.00")}, 5, ROW_EVENT, 0,
		 "2020-01-02T00:00:00Z -purchase p 's' 2 4.50 "},
		{BASE "kind=purchase,session=3,quantity=4,total=5", {STR("2020-01-02"),
		 STR("p"), STR("s"), STR("2"), STR("-9.00")}, 5, ROW_REJECT, REJECT_PRICE, ""},
		{BASE "kind=purchase,session=3,status=4", {STR("x"), STR("p"), STR("s"),
		 STR("Cancelled by customer")}, 4, ROW_SKIP, 0, ""},
		{BASE "kind=purchase,session=3,status=4", {STR("2020-01-02"), STR("p"),
		 STR("s"), STR("partially refunded")}, 4, ROW_EVENT, 0,
		 "2020-01-02T00:00:00Z purchase p 's' 1  "},
		{BASE "kind=purchase,session=3,status=4,status.cancelled=9|gone", {STR("x"),
		 STR("p"), STR("s"), STR("Gone")}, 4, ROW_SKIP, 0, ""},
		{BASE "kind=purchase,session=3,price=4", {STR("2020-01-02"), STR("p"),
		 STR("s"), STR("NULL")}, 4, ROW_EVENT, 0,
		 "2020-01-02T00:00:00Z purchase p 's' 1  "},
		{BASE "kind=purchase,session=3", {STR("2020-01-02"), STR("p"), STR("NaN")}, 3,
		 ROW_REJECT, REJECT_ID, ""},
		{BASE "kind=purchase,session=3,missing=-|?", {STR("2020-01-02"), STR("p"),
		 STR("NA")}, 3, ROW_EVENT, 0, "2020-01-02T00:00:00Z purchase p 'NA' 1  "},
		{BASE "kind=purchase,session=3,id.float=yes", {STR("2020-01-02"),
		 STR("22.50"), STR("17850.0")}, 3, ROW_EVENT, 0,
		 "2020-01-02T00:00:00Z purchase 22.50 '17850' 1  "},
	};
	SCOPED(arena) arena = arena_create();

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct event_row ev = {.arena = arena};
		struct reject why = {0};
		SCOPED(mapping) m = NULL;
		SCOPED(csv_log) log = NULL;
		enum row_result r;
		struct err err;
		STRBUF(b);

		if (!mapping_load(&m, lines[i].map, &err) ||
		    !csv_log_create(&log, m, (struct strs){NULL, lines[i].n}, &err))
			fail_msg("%s: %s", lines[i].map, err.text);
		r = csv_log_row(log, (struct strs){lines[i].field, lines[i].n}, &ev,
				&why);
		if (r == ROW_EVENT)
			show(&ev, &b);
		if (r != lines[i].result || (r == ROW_REJECT && why.reason != lines[i].why) ||
		    strcmp(strbuf_c(&b), lines[i].shown) != 0)
			fail_msg("line %zu, %s: %d %s '%s'", i, lines[i].map, r,
				 reject_name(why.reason), strbuf_c(&b));
	}
}

static void columns(void **state)
{
	static const struct str names[] = {STR(" Time "), STR("sku"), STR("2"), STR("sku")};
	static const struct {
		const char *map, *said;
	} cases[] = {
		{"time=time,product=2,kind=view,session=TIME", NULL},
		{"time=time,product=4,kind=view,session=1", NULL},
		{"time=time,product=sku,kind=view,session=1",
		 "product: 2 columns are named 'sku'"},
		{"time=day,product=4,kind=view,session=1",
		 "time: there is no column 'day'; there are: Time, sku, 2, sku"},
		{"time=time,product=5,kind=view,session=1", "there is no column '5'"},
		{"time=time,product=@day,kind=view,session=1", "@day can be"},
		{"time=time,product=4,kind=view,session=1,category-separator=ab",
		 "one sign of ASCII"},
	};
	struct err err;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		SCOPED(mapping) m = NULL;
		SCOPED(csv_log) log = NULL;
		bool ok;

		assert_true(mapping_load(&m, cases[i].map, &err));
		ok = csv_log_create(&log, m, (struct strs){names, 4}, &err);
		if (ok != !cases[i].said || (!ok && !strstr(err.text, cases[i].said)))
			fail_msg("%s: %s", cases[i].map, ok ? "taken" : err.text);
	}
}

static void statuses(void **state)
{
	static const char *const yes[] = {
		"cancelled", "Canceled", "wc-refunded", "REFUNDED", "Returned", "voided",
		"payment failed", "storniert", "Annulée", "cancelado", "Annullato",
		"geannuleerd", "anulowane", "取消",
	};
	static const char *const no[] = {
		"complete", "partially_refunded", "not cancelled", "Shipped", "paid", "", "4",
		"Cancelation fee paid",
	};

	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		if (!field_cancels(str_from(yes[i])))
			fail_msg("%s cancels", yes[i]);
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		if (field_cancels(str_from(no[i])))
			fail_msg("%s doesn't cancel", no[i]);
}

UNIT_TESTS(mapping, UNIT(statuses), UNIT(decimals), UNIT(event_names), UNIT(refusals),
	   UNIT(round_trip),
	   UNIT(rows), UNIT(columns))
