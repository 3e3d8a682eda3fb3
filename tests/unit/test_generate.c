/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "synth/generate.h"

#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "base/map.h"
#include "base/num.h"
#include "base/pool.h"
#include "synth/shopper.h"
#include "synth/synth.h"
#include "synth/words.h"
#include "unit.h"

/* A form of its own, so that the bytes below depend on the generator alone. */
static void write_plain(struct strbuf *out, const struct event_row *ev)
{
	strbuf_addf(out, "%lld,%d,%.*s,%.*s,%.*s,%.*s,%lld,%.*s,%.*s\n",
		    (long long)ev->time, (int)ev->kind, STR_ARG(ev->product),
		    STR_ARG(ev->category), STR_ARG(ev->category_path), STR_ARG(ev->brand),
		    (long long)ev->price.units, STR_ARG(ev->user), STR_ARG(ev->session));
}

static const struct output_file plain_file = {
	.name = "events.csv", .kinds = OUTPUT_ALL, .row = write_plain,
};
static const struct output_file orders_file = {
	.name = "events.csv", .kinds = OUTPUT_PURCHASES, .row = write_plain,
};
static const struct dataset_writer plain_writer = {.files = &plain_file, .n_files = 1};
static const struct dataset_writer orders_writer = {.files = &orders_file, .n_files = 1};
static const struct dataset plain = {.name = "plain", .writer = &plain_writer};
static const struct dataset orders = {.name = "orders", .writer = &orders_writer};
static const struct dataset reader = {.name = "reader"};

struct files {
	char folder[64];
	struct generate_summary sum;
	char *events, *products, *truth;
	size_t events_len, products_len, truth_len;
};

static struct generate_options options(const struct files *f)
{
	return (struct generate_options){.format = &plain, .output = f->folder,
					 .products = 400, .sessions = 9000, .seed = 7,
					 .days = 60};
}

static void folder_create(struct files *f)
{
	memcpy(f->folder, "/tmp/aisle-generate-XXXXXX", 27);
	assert_non_null(mkdtemp(f->folder));
}

static void folder_remove(struct files *f)
{
	unlink(f->sum.file[0]);
	unlink(f->sum.file[1]);
	unlink(f->sum.file[2]);
	rmdir(f->folder);
	free(f->events);
	free(f->products);
	free(f->truth);
}

/* Generate into a new folder and read what was written. */
static void make(struct files *f, const struct dataset *format, unsigned threads)
{
	struct generate_options o;
	SCOPED(pool) pool = pool_create(threads);
	struct err err = {0};

	*f = (struct files){0};
	folder_create(f);
	o = options(f);
	o.format = format;
	if (!generate_run(&o, (struct work){pool, NULL}, &f->sum, &err))
		fail_msg("%s", err.text);
	f->events = unit_read(f->sum.file[0], &f->events_len);
	f->products = unit_read(f->sum.file[1], &f->products_len);
	f->truth = unit_read(f->sum.file[2], &f->truth_len);
	assert_non_null(f->events);
	assert_non_null(f->products);
	assert_non_null(f->truth);
	assert_int_equal(f->events_len, f->sum.bytes);
}

static void assert_same(const char *a, size_t na, const char *b, size_t nb)
{
	assert_int_equal(na, nb);
	assert_int_equal(memcmp(a, b, na), 0);
}

static void same_bytes_for_any_threads(void **state)
{
	struct files one, three;

	make(&one, &plain, 1);
	make(&three, &plain, 3);
	assert_same(one.events, one.events_len, three.events, three.events_len);
	assert_same(one.products, one.products_len, three.products, three.products_len);
	assert_same(one.truth, one.truth_len, three.truth, three.truth_len);
	folder_remove(&one);
	folder_remove(&three);
}

/* Whoever changes these numbers changes every shop that a seed stands for. */
static void known_bytes(void **state)
{
	struct files f;

	make(&f, &plain, 2);
	assert_int_equal(crc32c(0, f.events, f.events_len), 0x1155090c);
	assert_int_equal(crc32c(0, f.products, f.products_len), 0x05431e00);
	assert_int_equal(crc32c(0, f.truth, f.truth_len), 0x4016e278);
	folder_remove(&f);
}

static struct str field(struct str line, unsigned n)
{
	struct str part = STR("");

	for (unsigned i = 0; i <= n; i++)
		assert_true(str_next(&line, ',', &part));
	return part;
}

static bool next_line(struct str *rest, struct str *line)
{
	return str_next(rest, '\n', line) && line->len > 0;
}

/* The first fields of all lines of a file, numbered in order. */
static struct map *ids(const char *text, size_t len, unsigned column)
{
	struct str rest = str_span(text, len), line;
	struct map *m = map_create();

	while (next_line(&rest, &line))
		map_intern(m, field(line, column), NULL);
	return m;
}

static void truth_names_what_is_there(void **state)
{
	unsigned count[2][2] = {{0}};
	SCOPED(map) products = NULL;
	SCOPED(map) categories = NULL;
	SCOPED(map) pairs = map_create();
	struct str rest, line;
	struct files f;

	make(&f, &plain, 2);
	products = ids(f.products, f.products_len, 0);
	categories = ids(f.events, f.events_len, 3);
	assert_int_equal(map_count(products), 401);	/* and the header */
	rest = str_span(f.truth, f.truth_len);
	assert_true(next_line(&rest, &line));
	assert_true(str_is(line, "kind,relation,a,b"));
	while (next_line(&rest, &line)) {
		bool product = str_is(field(line, 0), "product");
		bool substitute = str_is(field(line, 1), "substitute");
		const struct map *known = product ? products : categories;
		uint32_t before = map_count(pairs);

		assert_true(product || str_is(field(line, 0), "category"));
		assert_true(substitute || str_is(field(line, 1), "complement"));
		assert_int_not_equal(map_find(known, field(line, 2)), MAP_NONE);
		assert_int_not_equal(map_find(known, field(line, 3)), MAP_NONE);
		assert_false(str_eq(field(line, 2), field(line, 3)));
		map_intern(pairs, line, NULL);
		assert_int_equal(map_count(pairs), before + 1);
		count[product][substitute]++;
	}
	assert_in_range(count[0][0], f.sum.categories / 2, 4 * f.sum.categories);
	assert_in_range(count[0][1], 1, f.sum.categories);
	assert_in_range(count[1][0], 400, 40000);
	assert_in_range(count[1][1], 400, 4000);
	folder_remove(&f);
}

static void rows_ascend_in_time(void **state)
{
	struct str rest, line;
	uint64_t last = 0, rows = 0, first;
	struct files f;

	make(&f, &plain, 3);
	rest = str_span(f.events, f.events_len);
	assert_true(num_u64(field(rest, 0), &first));
	while (next_line(&rest, &line)) {
		uint64_t time;

		assert_true(num_u64(field(line, 0), &time));
		assert_true(time >= last);
		last = time;
		rows++;
	}
	assert_int_equal(rows, f.sum.events);
	assert_true(last - first > 58 * UINT64_C(86400000));
	assert_true(last - first < 61 * UINT64_C(86400000));
	folder_remove(&f);
}

static void noise_is_a_third(void **state)
{
	struct files f;

	make(&f, &plain, 2);
	assert_true(f.sum.noise * 10 >= f.sum.events * 3);
	assert_true(f.sum.noise * 10 <= f.sum.events * 4);
	folder_remove(&f);
}

static void orders_hold_purchases_alone(void **state)
{
	struct files f;

	make(&f, &orders, 2);
	assert_in_range(f.sum.events, 1000, 20000);
	assert_true(f.sum.noise < f.sum.events);
	folder_remove(&f);
}

/* data/shop is what data/README.md says. */
static void committed_shop_is_this_one(void **state)
{
	static const char *const names[] = {"events", "products", "truth"};
	const char *top = getenv("top_srcdir");
	SCOPED(pool) pool = pool_create(2);
	struct files f = {0};
	struct generate_options o = {.format = dataset_find(STR("mkechinov")),
				     .output = f.folder, .products = 120,
				     .sessions = 240, .seed = 1, .days = 30};

	if (!top)
		skip();
	folder_create(&f);
	assert_non_null(o.format);
	assert_true(generate_run(&o, (struct work){pool, NULL}, &f.sum, NULL));
	for (int i = 0; i < 3; i++) {
		char path[4096];
		size_t there_len = 0, made_len = 0;
		char *there, *made;

		snprintf(path, sizeof path, "%s/data/shop/%s.csv", top, names[i]);
		there = unit_read(path, &there_len);
		snprintf(path, sizeof path, "%s/%s.csv", f.folder, names[i]);
		made = unit_read(path, &made_len);
		assert_non_null(there);
		assert_same(there, there_len, made, made_len);
		free(there);
		free(made);
	}
	folder_remove(&f);
}

/* --- the shop behind the files */

static int descending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? 1 : x > y ? -1 : 0;
}

/* Events per product over all sessions; the first and the last session of each. */
static uint32_t *count_products(const struct synth *s, uint64_t *first)
{
	uint32_t *count = calloc(s->n_products, sizeof *count);
	struct shopper_events e = {0};

	shopper_draw(s, 0, 0, s->sessions, &e);
	for (size_t i = 0; i < e.n; i++) {
		assert_in_range(e.items[i].product, 0, s->n_products - 1);
		if (count[e.items[i].product]++ == 0)
			first[e.items[i].product] = e.items[i].session;
	}
	free(e.items);
	return count;
}

static void popularity_is_zipfian(void **state)
{
	SCOPED(synth) s = synth_create((struct synth_size){2000, 40000, 90, 3}, NULL);
	uint64_t first[2000], total = 0, top = 0;
	uint32_t *count = count_products(s, first);

	qsort(count, s->n_products, sizeof *count, descending);
	for (unsigned i = 0; i < 2000; i++) {
		total += count[i];
		top += i < 200 ? count[i] : 0;
	}
	/* a tenth of the products gets half of the events, not nearly all; over two
	 * decades of ranks counts fall by more than one and less than three */
	assert_in_range(top * 100 / total, 45, 75);
	assert_true(count[9] > 10 * count[999] && count[9] < 1000 * count[999]);
	assert_true(count[1500] >= 1);
	free(count);
}

static void cold_products_come_last(void **state)
{
	SCOPED(synth) s = synth_create((struct synth_size){2000, 40000, 90, 3}, NULL);
	uint64_t first[2000];
	uint32_t *count = count_products(s, first), cold = 0, seen = 0;

	for (uint32_t i = 0; i < s->n_products; i++) {
		if (!s->products[i].cold)
			continue;
		cold++;
		seen += count[i] > 0;
		assert_in_range(count[i], 0, 2);
		if (count[i] > 0)
			assert_true(first[i] >= s->sessions - s->sessions / 16 - 1);
	}
	assert_in_range(cold, 2000 * 5 / 100, 2000 * 10 / 100);
	assert_in_range(seen, cold / 2, cold - 1);
	free(count);
}

static void check_group(const struct synth *s, uint32_t g)
{
	const struct synth_group *group = &s->groups[g];

	assert_in_range(group->product_end - group->product, 1, 12);
	assert_true(s->popularity[group->product_end] > s->popularity[group->product]);
	assert_true(s->partners.offsets[g + 1] > s->partners.offsets[g]);
	for (uint32_t i = group->product; i < group->product_end; i++) {
		const struct synth_product *p = &s->products[i];

		assert_int_equal(p->group, g);
		assert_true(p->cents > 0);
		if (i > group->product && p->code == p[-1].code) {
			assert_int_equal(p->cents, p[-1].cents);
			assert_int_equal(p->brand, p[-1].brand);
			assert_int_not_equal(p->look, p[-1].look);
		}
	}
}

static void every_leaf_is_stocked(void **state)
{
	static const uint32_t sizes[] = {50, 51, 200, 999, 5000, 60000};

	for (unsigned k = 0; k < sizeof sizes / sizeof *sizes; k++) {
		SCOPED(synth) s = synth_create((struct synth_size){sizes[k], 100, 30, k}, NULL);

		assert_non_null(s);
		assert_in_range(s->n_leaves, 6, words_n_leaves);
		for (uint32_t i = 0; i < s->n_leaves; i++) {
			const struct synth_leaf *l = &s->leaves[i];

			assert_true(l->product < l->product_end);
			assert_true(l->group < l->group_end);
			assert_true(s->complements.offsets[i + 1] >
				    s->complements.offsets[i]);
			assert_int_equal(l->id[0], '2');
		}
		assert_int_equal(s->leaves[s->n_leaves - 1].product_end, sizes[k]);
		for (uint32_t g = 0; g < s->n_groups; g++)
			check_group(s, g);
	}
}

static void words_hold_together(void **state)
{
	SCOPED(map) brands = map_create();

	for (unsigned i = 0; i < words_n_leaves; i++) {
		const struct words_leaf *l = &words_leaves[i];
		struct str rest = str_from(l->path), last, name;
		const char *department =
			words_departments[words_department_of(l)].name;
		unsigned parts = 0;

		assert_true(str_starts(rest, str_from(department)));
		while (str_next(&rest, '.', &last))
			parts++;
		assert_int_equal(parts, 3);
		assert_int_equal(words_find(last), i);
		rest = str_from(l->complements);
		while (str_next(&rest, '|', &name))
			assert_in_range(words_find(name), 0, words_n_leaves - 1);
	}
	for (unsigned i = 0; i < WORDS_BRANDS; i++) {
		STRBUF(b);

		words_brand(&b, i);
		assert_in_range(b.len, 4, sizeof ((struct synth_brand *)NULL)->name);
		assert_int_equal(map_intern(brands, strbuf_str(&b), NULL), i);
	}
}

/* The integer tables against the functions that they stand for. */
static void prices_are_log_normal(void **state)
{
	for (unsigned q = 0; q < 256; q++) {
		double share = (q + 0.5) / 256, z = 0;
		double price = synth_lognormal(100000, 170, q);

		/* Newton's method on the normal distribution */
		for (int i = 0; i < 60; i++)
			z -= (0.5 * erfc(-z * M_SQRT1_2) - share) /
			     (exp(-z * z / 2) * 0.3989422804014327);
		assert_true(fabs(price / (100000 * exp2(170. / 256 * z)) - 1) < 0.001);
	}
}

/* --- what is refused */

static void refuse(struct generate_options *o, const char *words)
{
	SCOPED(pool) pool = pool_create(1);
	struct generate_summary sum;
	struct err err = {0};

	assert_false(generate_run(o, (struct work){pool, NULL}, &sum, &err));
	assert_int_equal(err.code, ERR_USAGE);
	if (!strstr(err.text, words))
		fail_msg("\"%s\" is not in: %s", words, err.text);
}

static void bounds_are_kept(void **state)
{
	struct files f = {0};
	struct generate_options o;

	folder_create(&f);
	o = options(&f);
	o.products = 49;
	refuse(&o, "50 to");
	o = options(&f);
	o.sessions = 0;
	refuse(&o, "sessions");
	o = options(&f);
	o.days = 3661;
	refuse(&o, "1 to 3660 days");
	o.days = 0;
	refuse(&o, "1 to 3660 days");
	o = options(&f);
	o.format = &reader;
	refuse(&o, "reader");
	assert_int_equal(rmdir(f.folder), 0);	/* nothing was written */
}

static void existing_files_are_kept(void **state)
{
	struct files f, again = {0};
	struct generate_options o;
	size_t len = 0;

	make(&f, &plain, 1);
	o = options(&f);
	o.seed = 8;
	refuse(&o, "events.csv exists");
	again.events = unit_read(f.sum.file[0], &len);
	assert_same(f.events, f.events_len, again.events, len);
	unlink(f.sum.file[0]);
	refuse(&o, "products.csv exists");
	assert_int_equal(access(f.sum.file[0], F_OK), -1);
	free(again.events);
	folder_remove(&f);
}

UNIT_TESTS(generate, UNIT(same_bytes_for_any_threads), UNIT(known_bytes),
	   UNIT(truth_names_what_is_there), UNIT(rows_ascend_in_time),
	   UNIT(noise_is_a_third), UNIT(orders_hold_purchases_alone),
	   UNIT(committed_shop_is_this_one),
	   UNIT(popularity_is_zipfian), UNIT(cold_products_come_last),
	   UNIT(every_leaf_is_stocked), UNIT(words_hold_together),
	   UNIT(prices_are_log_normal), UNIT(bounds_are_kept),
	   UNIT(existing_files_are_kept))
