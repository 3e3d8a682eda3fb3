/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/build.h"

#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"
#include "store/catalog.h"
#include "store/store.h"
#include "unit.h"

#define OK(call)								\
	do {									\
		if (!(call))							\
			fail_msg("%s: %s", #call, err.text);			\
	} while (0)

static bool exists(const char *folder, const char *name)
{
	char *path = fixture_path(folder, name);
	bool there = access(path, F_OK) == 0;

	free(path);
	return there;
}

static uint32_t mark_of(const struct store *s)
{
	struct array a;

	assert_true(store_array(s, "test/mark", ARRAY_U32, &a, NULL));
	return *(const uint32_t *)a.data;
}

/* --- arrays */

static const enum array_type types[] = {ARRAY_U8,  ARRAY_U32, ARRAY_U64,
					ARRAY_I64, ARRAY_F32, ARRAY_F64};
#define TYPES (sizeof types / sizeof types[0])
static const uint64_t row_counts[] = {0, 1, 7, 1024, 1025, 20001};
#define COUNTS (sizeof row_counts / sizeof row_counts[0])
static const uint32_t widths[] = {1, 3, 128};
#define WIDTHS (sizeof widths / sizeof widths[0])

static void fill(unsigned char *data, uint64_t bytes, unsigned salt)
{
	for (uint64_t i = 0; i < bytes; i++)
		data[i] = (unsigned char)((i * 2654435761u + salt) >> 13);
}

static void each(void (*call)(void *ctx, const char *name, enum array_type type,
			      uint64_t rows, uint32_t columns, unsigned salt),
		 void *ctx)
{
	for (unsigned t = 0; t < TYPES; t++)
		for (unsigned n = 0; n < COUNTS; n++)
			for (unsigned w = 0; w < WIDTHS; w++) {
				char name[64];

				snprintf(name, sizeof name, "test/%s-%ju-%u",
					 array_type_name(types[t]),
					 (uintmax_t)row_counts[n], widths[w]);
				call(ctx, name, types[t], row_counts[n], widths[w],
				     t * 100 + n * 10 + w);
			}
}

static void write_one(void *ctx, const char *name, enum array_type type, uint64_t rows,
		      uint32_t columns, unsigned salt)
{
	uint64_t bytes = rows * columns * array_size(type);
	struct err err = {0};
	unsigned char *data;
	void *room;

	OK(build_reserve(ctx, name, type, rows, columns, &room, &err));
	data = room;
	assert_true((uintptr_t)data % 64 == 0);
	for (uint64_t i = 0; i < bytes; i++)
		if (data[i])
			fail_msg("%s is not zeroed at %ju", name, (uintmax_t)i);
	fill(data, bytes, salt);
}

static void read_one(void *ctx, const char *name, enum array_type type, uint64_t rows,
		     uint32_t columns, unsigned salt)
{
	uint64_t bytes = rows * columns * array_size(type);
	unsigned char *expected = malloc(bytes + 1);
	struct array a;
	struct err err = {0};

	OK(store_array(ctx, name, type, &a, &err));
	assert_int_equal(a.rows, rows);
	assert_int_equal(a.columns, columns);
	assert_true((uintptr_t)a.data % 64 == 0);
	fill(expected, bytes, salt);
	assert_memory_equal(a.data, expected, bytes + (bytes == 0));
	free(expected);
}

static void read_one_or_none(void *ctx, const char *name, enum array_type type,
			     uint64_t rows, uint32_t columns, unsigned salt)
{
	if (rows)
		read_one(ctx, name, type, rows, columns, salt);
}

static void round_trip(uint64_t part)
{
	char *folder = fixture_folder();
	struct err err = {0};

	{
		SCOPED(build) b = NULL;

		OK(build_begin(&b, folder, "test", 0, &err));
		if (part)
			build_part_bytes(b, part);
		OK(fixture_fill(b, true, &err));
		each(write_one, b);
		OK(build_publish(b, &err));
	}
	{
		SCOPED(store) s = NULL;

		OK(store_open(&s, folder, &err));
		each(read_one_or_none, s);
		assert_int_equal(store_catalog(s)->n_events, FIXTURE_EVENTS);
	}
	fixture_remove(folder);
}

static void every_type(void **state)
{
	round_trip(0);
}

/* Parts of 4 and 12 KiB: rows of 12 and 1024 bytes need other splits. */
static void many_parts(void **state)
{
	round_trip(4096);
	round_trip(3 * 4096 + 17);
}

static void refusals(void **state)
{
	char *folder = fixture_folder();
	SCOPED(build) b = NULL;
	struct err err = {0};
	struct array a;
	void *room;

	OK(build_begin(&b, folder, "test", 0, &err));
	assert_false(build_reserve(b, "a b", ARRAY_U8, 1, 1, &room, &err));
	assert_false(build_reserve(b, "a#1", ARRAY_U8, 1, 1, &room, &err));
	assert_false(build_reserve(b, "", ARRAY_U8, 1, 1, &room, &err));
	assert_false(build_reserve(b, "a", (enum array_type)99, 1, 1, &room, &err));
	assert_false(build_reserve(b, "a", ARRAY_U8, 1, 0, &room, &err));
	assert_false(build_reserve(b, "a", ARRAY_U64, UINT64_MAX / 4, 1, &room, &err));
	assert_false(build_find(b, "a", &a));
	assert_true(build_array(b, "a", ARRAY_U8, 3, 1, "xyz", &err));
	assert_false(build_array(b, "a", ARRAY_U8, 3, 1, "xyz", &err));
	assert_true(build_find(b, "a", &a));
	assert_memory_equal(a.data, "xyz", 3);
	/* without its required arrays it is no catalog */
	assert_false(build_publish(b, &err));
	assert_non_null(strstr(err.text, "product/id"));
	build_destroy(b);
	b = NULL;
	assert_false(exists(folder, "CURRENT"));
	fixture_remove(folder);
}

/* --- indexes */

static struct str numbered(const void *ctx, uint64_t i)
{
	static char text[2][256];
	static unsigned turn;
	char *t = text[turn++ % 2];

	return str_span(t, (size_t)snprintf(t, sizeof text[0], "%0*ju", *(const int *)ctx,
					    (uintmax_t)i));
}

static void big_index(void **state)
{
	char *folder = fixture_folder();
	const int width = 200, bad = 201;
	const uint32_t n = 120000;
	struct err err = {0};

	{
		SCOPED(build) b = NULL;

		OK(build_begin(&b, folder, "test", 0, &err));
		OK(fixture_fill(b, false, &err));
		assert_false(build_index(b, "bad", &(struct id_source){1, numbered, &bad, NULL},
					 &err));
		OK(build_index(b, "many", &(struct id_source){n, numbered, &width, NULL},
			       &err));
		OK(build_index(b, "none", &(struct id_source){0, numbered, &width, NULL},
			       &err));
		OK(build_publish(b, &err));
	}
	{
		SCOPED(store) s = NULL;

		OK(store_open(&s, folder, &err));
		for (uint32_t i = 0; i < n; i += 101)
			assert_int_equal(store_find(s, "many", numbered(&width, i)), i);
		assert_int_equal(store_find(s, "many", numbered(&width, n)), UINT32_MAX);
		assert_int_equal(store_find(s, "none", STR("1")), UINT32_MAX);
		assert_int_equal(store_find(s, "nothing", STR("1")), UINT32_MAX);
		assert_int_equal(store_find(s, "product", STR("201")), 4);
		assert_int_equal(store_find(s, "product", STR("20")), UINT32_MAX);
		assert_int_equal(store_find(s, "product", STR("")), UINT32_MAX);
	}
	fixture_remove(folder);
}

/* --- generations */

static void readers_keep_theirs(void **state)
{
	char *folder = fixture_folder();
	SCOPED(store) one = NULL;
	SCOPED(store) same = NULL;
	SCOPED(store) two = NULL;
	SCOPED(store) three = NULL;
	struct err err = {0};

	assert_int_equal(fixture_publish(folder, 11), 1);
	OK(store_open(&one, folder, &err));
	assert_int_equal(fixture_publish(folder, 22), 2);
	OK(store_open(&two, folder, &err));
	assert_int_equal(fixture_publish(folder, 33), 3);
	OK(store_open(&three, folder, &err));
	assert_int_equal(store_generation(three), 3);
	OK(store_open(&same, folder, &err));
	assert_int_equal(mark_of(one), 11);
	assert_int_equal(mark_of(two), 22);
	assert_int_equal(mark_of(three), 33);
	assert_int_equal(mark_of(same), 33);
	assert_true(exists(folder, "catalog-1.mdb") && exists(folder, "catalog-2.mdb"));
	store_destroy(two);
	two = NULL;
	assert_false(exists(folder, "catalog-2.mdb"));
	assert_false(exists(folder, "catalog-2.mdb-lock"));
	assert_int_equal(mark_of(one), 11);
	assert_int_equal(store_find(one, "product", STR("900")), 5);
	store_destroy(one);
	one = NULL;
	assert_false(exists(folder, "catalog-1.mdb"));
	store_destroy(same);
	same = NULL;
	assert_true(exists(folder, "catalog-3.mdb"));
	assert_int_equal(mark_of(three), 33);
	/* without readers publish itself removes the old one */
	store_destroy(three);
	three = NULL;
	assert_int_equal(fixture_publish(folder, 44), 4);
	assert_false(exists(folder, "catalog-3.mdb"));
	assert_false(exists(folder, "catalog-3.mdb-lock"));
	fixture_remove(folder);
}

static void killed_builder(void **state)
{
	char *folder = fixture_folder();
	struct err err = {0};

	fixture_publish(folder, 1);
	for (int round = 0; round < 3; round++) {
		int ready[2], status;
		char byte;
		pid_t pid;

		assert_int_equal(pipe(ready), 0);
		pid = fork();
		if (pid == 0) {
			struct build *b;
			void *room;

			if (!build_begin(&b, folder, "test", 0, NULL) ||
			    (round > 0 && !fixture_fill(b, true, NULL)) ||
			    !build_reserve(b, "test/x", ARRAY_U8, 100000, 1, &room, NULL))
				_exit(1);
			memset(room, 1, 50000);
			(void)!write(ready[1], "", 1);
			pause();
		}
		assert_int_equal(read(ready[0], &byte, 1), 1);
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		assert_true(WIFSIGNALED(status));
		close(ready[0]);
		close(ready[1]);
		assert_true(exists(folder, "building-2.mdb"));
		SCOPED(store) s = NULL;

		OK(store_open(&s, folder, &err));
		assert_int_equal(mark_of(s), 1);
	}
	assert_int_equal(fixture_publish(folder, 2), 2);
	assert_false(exists(folder, "building-2.mdb"));
	fixture_remove(folder);
}

static void orphan_generation(void **state)
{
	char *folder = fixture_folder();
	char *current = fixture_path(folder, "CURRENT");
	SCOPED(store) s = NULL;
	struct err err = {0};
	FILE *f;

	fixture_publish(folder, 1);
	{
		SCOPED(store) hold = NULL;

		OK(store_open(&hold, folder, &err));
		fixture_publish(folder, 2);
		/* as if the import had died before it switched CURRENT */
		f = fopen(current, "w");
		fputs("catalog-1.mdb\n", f);
		fclose(f);
	}
	assert_true(exists(folder, "catalog-2.mdb"));
	OK(store_open(&s, folder, &err));
	assert_int_equal(mark_of(s), 1);
	assert_int_equal(fixture_publish(folder, 3), 2);
	store_destroy(s);
	s = NULL;
	OK(store_open(&s, folder, &err));
	assert_int_equal(mark_of(s), 3);
	free(current);
	store_destroy(s);
	s = NULL;
	fixture_remove(folder);
}

/* --- folders */

static void foreign_folder(void **state)
{
	char *folder = fixture_folder();
	char *file = fixture_path(folder, "letter.txt");
	char *inner = fixture_path(folder, "shop.aisle");
	SCOPED(build) b = NULL;
	struct err err = {0};

	fclose(fopen(file, "w"));
	assert_false(build_begin(&b, folder, "test", 0, &err));
	assert_int_equal(err.code, ERR_STORE);
	assert_non_null(strstr(err.text, "letter.txt"));
	assert_false(build_begin(&b, file, "test", 0, &err));
	assert_non_null(strstr(err.text, "is a file"));
	/* a folder of ours goes when nothing was published */
	OK(build_begin(&b, inner, "test", 0, &err));
	assert_true(exists(inner, "writer.lock"));
	build_destroy(b);
	b = NULL;
	assert_false(exists(folder, "shop.aisle"));
	free(file);
	free(inner);
	fixture_remove(folder);
}

static void second_writer(void **state)
{
	char *folder = fixture_folder();
	SCOPED(build) b = NULL;
	SCOPED(build) other = NULL;
	struct err err = {0};

	OK(build_begin(&b, folder, "aisle import x", 0, &err));
	assert_false(build_begin(&other, folder, "aisle import y", 0.05, &err));
	assert_int_equal(err.code, ERR_LOCKED);
	assert_non_null(strstr(err.text, "aisle import x"));
	fixture_remove(folder);
}

/* A lock that can't be had is not one that another holds. */
static void unusable_lock(void **state)
{
	char *folder = fixture_folder(), *path = fixture_path(folder, "s.aisle");
	char *lock = fixture_path(folder, "s.aisle/writer.lock");
	SCOPED(build) b = NULL;
	struct err err = {0};

	assert_int_equal(mkdir(path, 0777), 0);
	assert_int_equal(mkdir(lock, 0777), 0);
	assert_false(build_begin(&b, path, "aisle import x", 0, &err));
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.text, "can't open "));
	assert_non_null(strstr(err.text, "s.aisle/writer.lock: Is a directory"));
	assert_null(strstr(err.text, "being written"));
	fixture_remove(folder);
	free(path);
	free(lock);
}

/* --- limits */

static void small_files_only(void **state)
{
	char *folder = fixture_folder();
	int status;
	pid_t pid;

	fixture_publish(folder, 1);
	pid = fork();
	if (pid == 0) {
		struct rlimit r = {4 << 20, 4 << 20};
		struct build *b;
		struct err err = {0};
		void *room;

		setrlimit(RLIMIT_FSIZE, &r);
		if (!build_begin(&b, folder, "test", 0, &err) ||
		    !fixture_fill(b, true, &err))
			_exit(2);
		if (build_reserve(b, "test/x", ARRAY_U8, 8 << 20, 1, &room, &err))
			_exit(3);
		build_destroy(b);
		_exit(err.code == ERR_NOSPACE && strstr(err.text, "ulimit") ? 0 : 4);
	}
	waitpid(pid, &status, 0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_int_equal(fixture_publish(folder, 2), 2);
	fixture_remove(folder);
}

/* Writes ever more into a small file system; its own process, since a failure
 * would be a SIGBUS. */
static int fill_disk(const char *store, struct err *err)
{
	struct build *b = NULL;
	bool ok = build_begin(&b, store, "test", 0, err) && fixture_fill(b, true, err);

	for (int i = 0; ok; i++) {
		char name[32];
		void *room;

		snprintf(name, sizeof name, "test/x%d", i);
		ok = build_reserve(b, name, ARRAY_U8, 300000, 1, &room, err);
		if (ok)
			memset(room, 1, 300000);
	}
	build_destroy(b);
	return err->code == ERR_NOSPACE && strstr(err->text, "disk full") ? 0 : 4;
}

static void full_disk(void **state)
{
	static const char *const sizes[] = {"size=2m", "size=2300k", "size=3m", "size=6m"};
	char *folder = fixture_folder();

	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct err err = {0};
		char *store;
		int status;
		pid_t pid;

		if (mount("aisle-test", folder, "tmpfs", 0, sizes[i]) != 0) {
			fixture_remove(folder);
			skip();
		}
		store = fixture_path(folder, "s.aisle");
		fixture_publish(store, 7);
		pid = fork();
		if (pid == 0)
			_exit(fill_disk(store, &err));
		waitpid(pid, &status, 0);
		SCOPED(store) s = NULL;

		bool open = store_open(&s, store, &err);
		uint32_t mark = open ? mark_of(s) : 0;

		store_destroy(s);
		s = NULL;
		umount(folder);
		free(store);
		assert_true(open);
		assert_int_equal(mark, 7);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
	}
	fixture_remove(folder);
}

UNIT_TESTS(build, UNIT(every_type), UNIT(many_parts), UNIT(refusals), UNIT(big_index),
	   UNIT(readers_keep_theirs), UNIT(killed_builder), UNIT(orphan_generation),
	   UNIT(foreign_folder), UNIT(second_writer),
	   UNIT(unusable_lock), UNIT(small_files_only), UNIT(full_disk))
