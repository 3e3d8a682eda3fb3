/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/verify.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "base/job.h"
#include "base/num.h"
#include "base/rng.h"
#include "fixture.h"
#include "store/build.h"
#include "store/catalog.h"
#include "store/store.h"
#include "unit.h"

static unsigned faults(const char *folder, struct strbuf *text)
{
	struct verify_report r = {0};
	struct err err = {0};

	if (!verify_store(folder, &r, NULL, &err))
		fail_msg("%s", err.text);
	strbuf_reset(text);
	strbuf_add(text, strbuf_str(&r.text));
	verify_report_finish(&r);
	return r.faults;
}

static void sound_store(void **state)
{
	char *folder = fixture_folder();
	struct verify_report r = {0};
	struct err err = {0};
	struct job job;

	job_init(&job);
	fixture_publish(folder, 5);
	assert_true(verify_store(folder, &r, &job, &err));
	if (r.faults)
		fail_msg("%s", strbuf_c(&r.text));
	assert_int_equal(r.generation, 1);
	assert_true(r.arrays > 60);
	assert_true(r.bytes > 4096 * r.arrays);
	assert_int_equal(job.done, job.total);
	verify_report_finish(&r);
	fixture_remove(folder);
}

static void not_a_store(void **state)
{
	char *folder = fixture_folder();
	struct verify_report r = {0};
	struct err err = {0};

	assert_false(verify_store(folder, &r, NULL, &err));
	assert_int_equal(err.code, ERR_STORE);
	assert_false(verify_store("/nowhere/at/all", &r, NULL, &err));
	assert_int_equal(err.code, ERR_STORE);
	fixture_remove(folder);
}

/* --- wrong contents that were written as they are: no checksum helps */

struct wrong {
	const char *array;
	uint64_t at;		/* element */
	int64_t value;
	const char *says;
};

/* Each changes one element of an array before it is sealed. */
static const struct wrong wrongs[] = {
	{"product/category", 0, 3, "product/category: row 0 is 3, out of bounds"},
	{"product/category", 1, 0, "product/category: row 1"},
	{"product/brand", 0, 2, "product/brand"},
	{"category/parent", 1, 2, "categories: 1"},
	{"category/end", 0, 0, "categories: 0"},
	{"category/depth", 1, 7, "categories: 1"},
	{"category/product", 1, 6, "category/product"},
	{"session/offsets", 1, 20, "session/offsets: descends"},
	{"session/by-id", 0, 3, "session/by-id"},
	{"session/user", 0, 1, "user/session: row 0"},
	{"user/session", 0, 4, "user/session"},
	{"event/product", 3, 6, "event/product: row 3 is 6"},
	{"event/kind", 3, EVENT_KINDS, "event/kind: row 3"},
	{"event/kind", 3, EVENT_REMOVE, "product/purchases: row 1"},
	{"event/time", 2, 0, "event/time: row 2"},
	{"event/quantity", 3, 9, "product/purchases: row 1 is"},
	{"event/price", 3, 1, "product/revenue: row 1 is"},
	{"product/session", 0, 2, "product/session"},
	{"product/views", 5, 9, "product/views: row 5 is 9, the events say 1"},
	{"product/last", 5, 9, "product/last: row 5"},
	{"category/views", 0, 1, "category/views: row 0 is 1"},
	{"order/views", 0, 0, "order/views: row 1 repeats 0"},
	{"order/label", 0, 6, "order/label: row 0 is 6"},
	{"pairs/co-view/column", 0, 6, "pairs/co-view/column: row 0 is 6"},
	{"pairs/co-view/column", 0, 3, "pairs/co-view: the pair"},
	{"pairs/co-view/value", 0, 1, "pairs/co-view: the pair 0, 1"},
	{"pairs/co-view/offsets", 1, 5, "pairs/co-view/offsets: descends"},
	{"pairs/co-view/totals", 1, 1, "pairs/co-view: its totals"},
	{"pairs/co-view/from", 0, 0, "pairs/co-view: the pair"},
	{"pairs/adjacent-view/in-value", 0, 7, "pairs/adjacent-view: the pair"},
	{"transition/purchase/0/value", 0, 9, "transition/purchase/0"},
	{"transition/purchase/0/q", 0, 1, "transition/purchase/0/q: row 0 is 1"},
	{"transition/purchase/0/q", 1, 1, "transition/purchase/0/q: row 0 is 0.5"},
	{"transition/purchase/0/q", 2, 1, "transition/purchase/0/q: row 2 is 1"},
	{"transition/purchase/baskets", 0, 0, "transition/purchase: category"},
	{"product/label/bytes", 0, 0xff, "product/label/bytes: text 0 is not UTF-8"},
	{"product/id/bytes", 0, '0', "index product: \"100\""},
	{"product/id/bytes", 5, '3', "product/id: text 2"},
	{"user/id/bytes", 0, 'v', "index user: \"u1\""},
};

static void publish_wrong(const char *folder, const struct wrong *w)
{
	SCOPED(build) b = NULL;
	struct err err = {0};

	assert_true(build_begin(&b, folder, "test", 0, &err));
	fixture_spoil(w->array, w->at, w->value);
	if (!fixture_fill(b, true, &err))
		fail_msg("%s", err.text);
	fixture_spoil(NULL, 0, 0);
	if (!build_publish(b, &err))
		fail_msg("%s: %s", w->array, err.text);
}

static void wrong_contents(void **state)
{
	for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
		char *folder = fixture_folder();
		STRBUF(text);

		publish_wrong(folder, &wrongs[i]);
		if (faults(folder, &text) == 0)
			fail_msg("%s: no fault found", wrongs[i].array);
		if (!strstr(strbuf_c(&text), wrongs[i].says))
			fail_msg("%s: wanted \"%s\", got: %s", wrongs[i].array, wrongs[i].says,
				 strbuf_c(&text));
		fixture_remove(folder);
	}
}

/* --- damaged files */

static bool add_sum(void *ctx, const char *name, const struct array *a)
{
	uint32_t *sum = ctx;
	uint64_t shape[3] = {a->rows, a->columns, a->type};

	*sum = crc32c(*sum, name, strlen(name));
	*sum = crc32c(*sum, shape, sizeof shape);
	*sum = crc32c(*sum, a->data, a->rows * a->columns * array_size(a->type));
	return true;
}

/* All that a reader can see of the store, as one number; 0 when it can't be opened. */
static uint32_t sum_of(const char *folder)
{
	SCOPED(store) s = NULL;
	SCOPED_FREE char *meta = NULL;
	uint32_t sum = 0;
	const struct catalog *c;

	if (!store_open(&s, folder, NULL))
		return 0;
	c = store_catalog(s);
	store_arrays(s, add_sum, &sum);
	meta = json_dumps(store_meta(s), JSON_COMPACT | JSON_SORT_KEYS);
	sum = crc32c(sum, meta, strlen(meta));
	for (uint32_t i = 0; i < c->n_products; i++) {
		uint32_t found = store_find(s, "product", text_at(&c->product_id, i));

		sum = crc32c(sum, &found, sizeof found);
	}
	return sum;
}

/* A file that verify calls sound must read the same; in a child, as it may crash. */
static bool reads_the_same(const char *folder, uint32_t sum)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(sum_of(folder) == sum ? 0 : 1);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void write_file(const char *path, const char *data, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, n, f), n);
	fclose(f);
}

/* One damage of a random kind; returns what is left of the file. */
static size_t damage(char *data, size_t n, struct rng *rng)
{
	size_t at = rng_below(rng, n), len;

	/* half of them among the pages of the trees and the arrays' heads */
	if (rng_below(rng, 2))
		at = at / 4096 * 4096 + rng_below(rng, 80);
	switch (rng_below(rng, 4)) {
	case 0:
		return rng_below(rng, n);
	case 1:
		len = 1 + rng_below(rng, 600);
		for (size_t i = at; i < at + len && i < n; i++)
			data[i] = (char)rng_next(rng);
		return n;
	case 2:
		len = 1 + rng_below(rng, 5000);
		memset(data + at, 0, at + len < n ? len : n - at);
		return n;
	default:
		data[at] ^= (char)(1 << rng_below(rng, 8));
		return n;
	}
}

/* AISLE_DAMAGES sets how many; 5,000 take about a minute. */
static void damaged_files(void **state)
{
	char *folder = fixture_folder();
	char *file = fixture_path(folder, "catalog-1.mdb");
	const char *count = getenv("AISLE_DAMAGES");
	uint64_t n = 400, unseen = 0, found = 0;
	uint32_t sum;
	struct rng rng;
	size_t size = 0;
	char *good, *bad;

	if (count)
		assert_true(num_u64(str_from(count), &n));
	fixture_publish(folder, 5);
	sum = sum_of(folder);
	assert_true(sum != 0);
	good = unit_read(file, &size);
	bad = malloc(size);
	rng_init(&rng, 4, 2);
	for (uint64_t i = 0; i < n; i++) {
		STRBUF(text);

		memcpy(bad, good, size);
		write_file(file, bad, damage(bad, size, &rng));
		if (faults(folder, &text) > 0)
			found++;
		else if (reads_the_same(folder, sum))
			unseen++;	/* padding, free pages */
		else
			fail_msg("damage %ju was accepted", (uintmax_t)i);
	}
	assert_true(found > n / 3);
	free(good);
	free(bad);
	free(file);
	fixture_remove(folder);
}

static void named_array(void **state)
{
	char *folder = fixture_folder();
	char *file = fixture_path(folder, "catalog-1.mdb");
	size_t size = 0;
	char *data, *label;
	STRBUF(text);

	fixture_publish(folder, 5);
	data = unit_read(file, &size);
	label = memmem(data, size, "KettleGreen tea", 15);
	assert_non_null(label);
	*label = 'N';
	write_file(file, data, size);
	assert_int_equal(faults(folder, &text), 1);
	assert_string_equal(strbuf_c(&text), "array product/label/bytes: the data are not "
					     "what was written\n");
	free(data);
	free(file);
	fixture_remove(folder);
}

static void cut_file(void **state)
{
	char *folder = fixture_folder();
	char *file = fixture_path(folder, "catalog-1.mdb");
	struct stat st;
	struct err err = {0};
	char expected[64];
	STRBUF(text);

	fixture_publish(folder, 5);
	assert_int_equal(stat(file, &st), 0);
	snprintf(expected, sizeof expected, "expected %jd", (intmax_t)st.st_size);
	for (off_t size = st.st_size - 1; size > 0; size /= 2) {
		SCOPED(store) s = NULL;

		assert_int_equal(truncate(file, size), 0);
		assert_false(store_open(&s, folder, &err));
		assert_int_equal(err.code, ERR_STORE);
		assert_non_null(strstr(err.text, "the store is damaged"));
		if (size > 9000)
			assert_non_null(strstr(err.text, expected));
		assert_int_equal(faults(folder, &text), 1);
	}
	free(file);
	fixture_remove(folder);
}

static void open_elsewhere(void **state)
{
	char *folder = fixture_folder();
	SCOPED(store) s = NULL;
	STRBUF(text);

	fixture_publish(folder, 5);
	assert_true(store_open(&s, folder, NULL));
	assert_int_equal(faults(folder, &text), 0);
	assert_int_equal(store_find(s, "product", STR("102")), 2);
	store_destroy(s);
	s = NULL;
	fixture_remove(folder);
}

UNIT_TESTS(verify, UNIT(sound_store), UNIT(not_a_store), UNIT(wrong_contents),
	   UNIT(damaged_files), UNIT(named_array), UNIT(cut_file), UNIT(open_elsewhere))
