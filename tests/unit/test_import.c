/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "import/import.h"

#include <ftw.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/job.h"
#include "base/pool.h"
#include "base/time.h"
#include "store/build.h"
#include "store/store.h"
#include "unit.h"

#define HEADER "event_time,event_type,product_id,category_id,category_code,brand,"	\
	       "price,user_id,user_session\n"
#define ROW(product, rest) "2019-10-01 00:00:00 UTC,view," product "," rest "\n"
#define GOOD ROW("1", "2,a.b,acme,1.50,4,s1")

static char folder[] = "/tmp/aisle-import-XXXXXX";

static int set_up(void **state)
{
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *f)
{
	return remove(path);
}

static int tear_down(void **state)
{
	return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static const char *in_folder(const char *name)
{
	static char path[32][256];
	static unsigned next;
	char *p = path[next++ % 32];

	snprintf(p, sizeof *path, "%s/%s", folder, name);
	return p;
}

static const char *put_file(const char *name, const char *text, size_t len)
{
	const char *path = in_folder(name);
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
	return path;
}

static struct err error;
static struct import_summary sum;

/* Import one file into the folder's store; o may hold more options. */
static bool import(const char *set, const char *path, struct import_options o,
		   struct job *job)
{
	SCOPED(pool) pool = pool_create(2);
	SCOPED(build) b = NULL;

	error = (struct err){0};
	o.set = dataset_find(str_from(set));
	o.files = &path;
	o.n_files = 1;
	if (o.max_rejects == 0)
		o.max_rejects = 0.1;
	if (!o.max_session)
		o.max_session = 500;
	assert_true(build_begin(&b, in_folder("s.aisle"), "test", 0, &error));
	return import_run(b, &o, (struct work){pool, job}, &sum, &error) &&
	       build_publish(b, &error);
}

static bool import_text(const char *set, const char *text, struct import_options o)
{
	return import(set, put_file("in.csv", text, strlen(text)), o, NULL);
}

static void fails(const char *set, const char *text, const char *words)
{
	assert_false(import_text(set, text, (struct import_options){0}));
	assert_int_equal(error.code, ERR_FORMAT);
	if (!strstr(error.text, words))
		fail_msg("'%s' is not in: %s", words, error.text);
}

static void headers(void **state)
{
	fails("mkechinov", "", "is empty");
	fails("mkechinov", "\n\n", "is empty");
	fails("mkechinov", "a,b\n1,2\n", "in.csv:1: the first line must name");
	fails("mkechinov", "\n\nsep=,\n" HEADER, "in.csv:3: the first line must name");
	fails("mkechinov", GOOD, "expected 'event_time,event_type");
	fails("clickstream", HEADER GOOD, "aisle import mkechinov");
	fails("mkechinov-orders", HEADER GOOD, "of the data set mkechinov");
	fails("mkechinov", HEADER, "there is no event");
	assert_true(import_text("mkechinov", "\xef\xbb\xbf\" Event_Time\",event_type ,"
		"product_id,category_id,category_code,BRAND,price,user_id,user_session\r"
		GOOD, (struct import_options){0}));
	assert_int_equal(sum.events, 1);
}

static void nul_file(void **state)
{
	static char nuls[1000];

	assert_false(import("mkechinov", put_file("in.csv", nuls, sizeof nuls),
			    (struct import_options){0}, NULL));
	assert_non_null(strstr(error.text, "NUL"));
}

#define BAD ROW("2.1E+9", "2,a.b,acme,1.50,4,s1")

static void rejects(void **state)
{
	struct import_options o = {.rejects = in_folder("rejects.csv")};
	size_t len;
	char *text;

	fails("mkechinov", HEADER GOOD BAD, "1 of 2 records were rejected (50.0%");
	o.max_rejects = 0.5;
	assert_true(import_text("mkechinov", HEADER GOOD BAD, o));
	assert_int_equal(sum.rejected_by[REJECT_EXPONENT], 1);
	assert_non_null(strstr(sum.first_reject, "in.csv:3: column product_id '2.1E+9'"));
	text = unit_read(o.rejects, &len);
	assert_non_null(text);
	assert_non_null(strstr(text, "file,line,reason,column,value,record\n"));
	assert_non_null(strstr(text, "in.csv,3,exponent,product_id,2.1E+9,\"2019-10-01 "));
	free(text);
	o.strict = true;
	assert_false(import_text("mkechinov", HEADER GOOD BAD BAD, o));
	assert_non_null(strstr(error.text, "in.csv:3:"));
}

static void the_last_record(void **state)
{
	struct import_options o = {.max_rejects = 0.5};

	assert_true(import_text("mkechinov", HEADER GOOD "2019-10-01 00:00:00 UTC,vi", o));
	assert_int_equal(sum.rejected_by[REJECT_CUT], 1);
	assert_true(import_text("mkechinov", HEADER GOOD "2019-10-01 00:00:00 UTC,\"vi",
				o));
	assert_int_equal(sum.rejected_by[REJECT_CUT], 1);
	assert_true(import_text("mkechinov", HEADER GOOD "2019-10-01 00:00:00 UTC,view,7,"
				"2,,,1,4,s", o));
	assert_int_equal(sum.events, 2);
}

static void products_have_names_and_groups(void **state)
{
	static const char list[] = "name,weight,product_id,product_code\n"
		"\"Lamp, red\",5,11,L\nLamp blue\x1b[31m,5,12,L\nChair,5,13,\nGone,1,99,G\n";
	struct import_options o = {.products = put_file("p.csv", list, sizeof list - 1)};
	const struct catalog *c;
	SCOPED(store) s = NULL;

	assert_true(import_text("mkechinov", HEADER ROW("11", "2,a_b.c_d,acme,1.5,4,s1")
		ROW("12", "2,a_b.c_d,acme,1.5,4,s1") ROW("13", "2,a_b.c_d,,2,4,s1")
		ROW("1234567", "3,,acme,1.125,4,s1") ROW("15", "2,,,,4,s1"), o));
	assert_true(store_open(&s, in_folder("s.aisle"), &error));
	c = store_catalog(s);
	assert_int_equal(c->n_products, 6);
	assert_int_equal(c->price_scale, 3);
	assert_true(c->caps & CAP_NAMES);
	/* Without an event, and so without a day and a price. */
	assert_true(str_is(text_at(&c->product_label, 5), "Gone"));
	assert_true(c->product_first[5] == TIME_NONE && c->product_last[5] == TIME_NONE);
	assert_true(c->product_price[5] == PRICE_NONE);
	/* "(no code)" comes last */
	assert_true(str_is(text_at(&c->product_label, 0), "Lamp, red"));
	assert_true(str_is(text_at(&c->product_label, 1), "Lamp blue^[[31m"));
	assert_true(str_is(text_at(&c->product_label, 2), "Chair"));
	assert_true(str_is(text_at(&c->product_label, 3), "c d #15"));
	assert_true(str_is(text_at(&c->product_label, 4), "acme 1.125 #234567"));
	assert_true(catalog_variants(c, 0, 1) && !catalog_variants(c, 1, 2));
	assert_true(str_is(text_at(&c->category_path, 2), "(no code)"));
	assert_true(str_is(text_at(&c->category_path, 3), "(no code).#3"));
	assert_true(c->product_price[3] == PRICE_NONE && c->event_price[4] == PRICE_NONE);
}

/* No price is not a price of 0, also when the scale grows after it. */
static void prices_that_are_not_given(void **state)
{
	const struct catalog *c;
	SCOPED(store) s = NULL;

	assert_true(import_text("mkechinov", HEADER ROW("11", "2,a,,,4,s1")
		ROW("12", "2,a,,0.00,4,s1") ROW("13", "2,a,,1.2345,4,s1")
		ROW("13", "2,a,,,4,s1"), (struct import_options){0}));
	assert_true(store_open(&s, in_folder("s.aisle"), &error));
	c = store_catalog(s);
	assert_int_equal(c->price_scale, 4);
	assert_true(c->product_price[0] == PRICE_NONE && c->event_price[0] == PRICE_NONE);
	assert_true(c->product_price[1] == 0 && c->event_price[1] == 0);
	assert_true(c->product_price[2] == 12345 && c->event_price[3] == PRICE_NONE);
	assert_true(str_is(text_at(&c->product_label, 0), "a #11"));
	assert_true(str_is(text_at(&c->product_label, 1), "a 0.0000 #12"));
}

/* They keep their events and are named, the longest first. */
static void long_sessions(void **state)
{
	const json_t *list, *first;
	SCOPED(store) s = NULL;

	assert_true(import_text("mkechinov", HEADER
		ROW("11", "2,a,,1,4,s1") ROW("12", "2,a,,1,4,s1") ROW("13", "2,a,,1,4,s1")
		ROW("11", "2,a,,1,4,s2") ROW("12", "2,a,,1,4,s2") ROW("13", "2,a,,1,4,s2")
		ROW("14", "2,a,,1,4,s2") ROW("14", "2,a,,1,4,s2")
		ROW("11", "2,a,,1,4,s3") ROW("12", "2,a,,1,4,s3") ROW("12", "2,a,,1,4,s3"),
		(struct import_options){.max_session = 2}));
	assert_int_equal(sum.long_sessions, 2);
	assert_int_equal(sum.events, 11);
	assert_true(store_open(&s, in_folder("s.aisle"), &error));
	list = json_object_get(store_meta(s), "long_sessions");
	assert_int_equal(json_array_size(list), 2);
	first = json_array_get(list, 0);
	assert_string_equal(json_string_value(json_object_get(first, "session")), "s2");
	assert_int_equal(json_integer_value(json_object_get(first, "products")), 4);
	assert_int_equal(json_integer_value(json_object_get(first, "events")), 5);
}

static void a_list_needs_its_columns(void **state)
{
	struct import_options o = {.products = put_file("p.csv", "number,name\n", 12)};

	assert_false(import_text("mkechinov", HEADER GOOD, o));
	assert_non_null(strstr(error.text, "p.csv:1:"));
}

static void cancelled(void **state)
{
	uint64_t generation, after;
	const char *path;
	struct job job;

	assert_true(import_text("mkechinov", HEADER GOOD, (struct import_options){0}));
	path = in_folder("s.aisle");
	assert_true(store_current(path, &generation, &error));
	job_init(&job);
	atomic_store(&job.cancel, true);
	assert_false(import("mkechinov", in_folder("in.csv"), (struct import_options){0},
			    &job));
	assert_int_equal(error.code, ERR_CANCELLED);
	assert_true(store_current(in_folder("s.aisle"), &after, &error));
	assert_int_equal(after, generation);
}

/* A code deeper than the tree may be, one that is also an id, and a loop of
 * names: no recursion and no lost product. */
static void deep_and_odd_trees(void **state)
{
	const struct catalog *c;
	SCOPED(store) s = NULL;
	uint32_t first, end;

	assert_true(import_text("mkechinov", HEADER
		ROW("1", "21,a.b.c.d.e.f.g.h.i.j,,1,4,s") ROW("2", "22,21.x,,1,4,s")
		ROW("3", "23,a.b,,1,4,s") ROW("4", "24,a.b,,1,4,s")
		ROW("5", ",a.b.c,,1,4,s") ROW("6", ",,,1,4,s") ROW("7", "25,..a..,,1,4,s"),
		(struct import_options){0}));
	assert_true(store_open(&s, in_folder("s.aisle"), &error));
	c = store_catalog(s);
	assert_int_equal(c->n_products, 7);
	assert_int_equal(c->product_category[6], CATALOG_NONE);
	assert_int_equal(catalog_category(c, STR("25")), catalog_category(c, STR("a")));
	catalog_products(c, catalog_category(c, STR("a.b")), &first, &end);
	assert_int_equal(end - first, 4);
	catalog_products(c, catalog_category(c, STR("a")), &first, &end);
	assert_int_equal(end - first, 5);
	for (uint32_t i = 0; i < c->n_categories; i++)
		assert_true(c->category_depth[i] < CATALOG_LEVELS);
	assert_int_not_equal(catalog_category(c, STR("22")), CATALOG_NONE);
	assert_int_not_equal(store_find(s, "category", STR("21")), UINT32_MAX);
	assert_int_not_equal(store_find(s, "category", STR(".21")), UINT32_MAX);
}

static void write_endless_quote(const char *fifo)
{
	static char block[1 << 20];
	FILE *f = fopen(fifo, "wb");

	memset(block, 'x', sizeof block);
	if (f && fputs(HEADER GOOD "2019-10-01 00:00:00 UTC,view,\"", f) >= 0)
		for (int i = 0; i < 400; i++)
			if (fwrite(block, 1, sizeof block, f) != sizeof block)
				break;
	_exit(f && fputs("\n" GOOD, f) >= 0 && fclose(f) == 0 ? 0 : 1);
}

/* 400 MB behind one quote: that line is refused in the memory of a window. */
static void an_endless_quote_takes_no_memory(void **state)
{
	const char *fifo = in_folder("fifo");
	struct rusage before, after;
	int status;
	pid_t child;

	assert_int_equal(mkfifo(fifo, 0600), 0);
	child = fork();
	if (child == 0)
		write_endless_quote(fifo);
	getrusage(RUSAGE_SELF, &before);
	assert_true(import("mkechinov", fifo, (struct import_options){.max_rejects = .5},
			   NULL));
	getrusage(RUSAGE_SELF, &after);
	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
	assert_int_equal(sum.events, 2);
	assert_int_equal(sum.rejected_by[REJECT_QUOTE], 1);
	assert_non_null(strstr(sum.first_reject, "fifo:3: column product_id"));
	assert_true(after.ru_maxrss - before.ru_maxrss < 64 << 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(headers), UNIT(nul_file), UNIT(rejects), UNIT(the_last_record),
		UNIT(products_have_names_and_groups), UNIT(prices_that_are_not_given),
		UNIT(long_sessions), UNIT(a_list_needs_its_columns),
		UNIT(cancelled), UNIT(deep_and_odd_trees),
		UNIT(an_endless_quote_takes_no_memory),
	};

	return cmocka_run_group_tests_name("import", tests, set_up, tear_down);
}
