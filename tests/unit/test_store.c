/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/store.h"

#include <fcntl.h>
#include <lmdb.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "fixture.h"
#include "store/catalog.h"
#include "unit.h"

static bool refused(const char *folder, const char *says)
{
	SCOPED(store) s = NULL;
	struct err err = {0};

	if (store_open(&s, folder, &err))
		return false;
	assert_null(s);
	assert_int_equal(err.code, ERR_STORE);
	if (!strstr(err.text, says))
		fail_msg("wanted \"%s\", got \"%s\"", says, err.text);
	return true;
}

static void no_store(void **state)
{
	char *folder = fixture_folder();
	char *current = fixture_path(folder, "CURRENT");
	static const char *const bad[] = {
		"",		     "\n",		  "catalog-1.mdb",
		"catalog-01.mdb\n",  "catalog-0.mdb\n",	  "catalog-1.mdb\n\n",
		"catalog-1.mdb \n",  "catalog--1.mdb\n",  "catalog-.mdb\n",
		"../catalog-1.mdb\n", "catalog-18446744073709551616.mdb\n",
	};

	assert_true(refused("/nowhere/at/all", "there is no store"));
	assert_true(refused(folder, "is not a store"));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		FILE *f = fopen(current, "w");

		fputs(bad[i], f);
		fclose(f);
		assert_true(refused(folder, "does not name a generation"));
	}
	FILE *f = fopen(current, "w");

	fputs("catalog-7.mdb\n", f);
	fclose(f);
	assert_true(refused(folder, "catalog-7.mdb is missing"));
	free(current);
	fixture_remove(folder);
}

/* Change the meta of a published file with LMDB alone. */
static void rewrite_meta(const char *file, const char *key, json_t *value)
{
	MDB_env *env;
	MDB_txn *txn;
	MDB_dbi dbi;
	static char name[] = "meta", crc_name[] = "meta-crc";
	MDB_val k = {4, name}, v, crc_key = {8, crc_name};
	MDB_envinfo info;
	struct stat st;
	json_t *meta;
	uint32_t crc;

	assert_int_equal(mdb_env_create(&env), 0);
	mdb_env_set_mapsize(env, 64 << 20);
	assert_int_equal(mdb_env_open(env, file, MDB_NOSUBDIR | MDB_NOLOCK, 0664), 0);
	assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
	assert_int_equal(mdb_dbi_open(txn, NULL, 0, &dbi), 0);
	assert_int_equal(mdb_get(txn, dbi, &k, &v), 0);
	meta = json_loadb(v.mv_data, v.mv_size, 0, NULL);
	json_object_set_new(meta, key, value);
	v.mv_data = json_dumps(meta, 0);
	v.mv_size = strlen(v.mv_data);
	crc = crc32c(0, v.mv_data, v.mv_size);
	assert_int_equal(mdb_put(txn, dbi, &k, &v, 0), 0);
	free(v.mv_data);
	v = (MDB_val){sizeof crc, &crc};
	assert_int_equal(mdb_put(txn, dbi, &crc_key, &v, 0), 0);
	assert_int_equal(mdb_txn_commit(txn), 0);
	mdb_env_info(env, &info);
	mdb_env_close(env);
	json_decref(meta);
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(truncate(file, (off_t)(info.me_last_pgno + 1) * 4096), 0);
}

static void other_schema(void **state)
{
	char *folder = fixture_folder();
	char *file = fixture_path(folder, "catalog-1.mdb");

	fixture_publish(folder, 1);
	rewrite_meta(file, "schema", json_integer(STORE_SCHEMA));
	assert_false(refused(folder, ""));
	rewrite_meta(file, "schema", json_integer(STORE_SCHEMA + 1));
	assert_true(refused(folder, "another version of aisle"));
	assert_true(refused(folder, "aisle import"));
	free(file);
	fixture_remove(folder);
}

static void meta_is_kept(void **state)
{
	char *folder = fixture_folder();
	SCOPED(store) s = NULL;
	struct err err = {0};
	const json_t *meta;

	fixture_publish(folder, 1);
	assert_true(store_open(&s, folder, &err));
	meta = store_meta(s);
	assert_string_equal(json_string_value(json_object_get(meta, "dataset")), "fixture");
	assert_int_equal(json_integer_value(json_object_get(meta, "generation")), 1);
	assert_int_equal(json_string_length(json_object_get(meta, "uuid")), 36);
	assert_string_equal(store_path(s), folder);
	assert_true(store_bytes(s) % 4096 == 0);
	fixture_remove(folder);
}

static void arrays_by_name(void **state)
{
	char *folder = fixture_folder();
	SCOPED(store) s = NULL;
	struct err err = {0};
	struct array a;

	fixture_publish(folder, 42);
	assert_true(store_open(&s, folder, &err));
	assert_true(store_array(s, "test/mark", ARRAY_U32, &a, &err));
	assert_int_equal(*(const uint32_t *)a.data, 42);
	assert_false(store_array(s, "test/mark", ARRAY_U8, &a, &err));
	assert_non_null(strstr(err.text, "holds u32, not u8"));
	assert_false(store_array(s, "test/nark", ARRAY_U32, &a, &err));
	assert_false(store_array(s, "test/nark", ARRAY_U32, &a, NULL));
	fixture_remove(folder);
}

/* Processes that die with the store open leave their slots behind. */
static void killed_readers(void **state)
{
	char *folder = fixture_folder();
	struct err err = {0};

	fixture_publish(folder, 1);
	for (int i = 0; i < 1100; i++) {
		int status;
		pid_t pid = fork();

		if (pid == 0) {
			struct store *s;

			_exit(store_open(&s, folder, NULL) ? 0 : 1);
		}
		waitpid(pid, &status, 0);
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			fail_msg("reader %d could not open", i);
	}
	SCOPED(store) s = NULL;

	assert_true(store_open(&s, folder, &err));
	fixture_remove(folder);
}

static void many_handles(void **state)
{
	char *folder = fixture_folder();
	struct store *s[100];
	struct err err = {0};

	fixture_publish(folder, 1);
	for (int i = 0; i < 100; i++)
		if (!store_open(&s[i], folder, &err))
			fail_msg("%d: %s", i, err.text);
	for (int i = 0; i < 100; i++) {
		assert_int_equal(store_find(s[i], "user", STR("u2")), 1);
		store_destroy(s[i]);
	}
	fixture_remove(folder);
}

static void *find_often(void *ctx)
{
	for (int i = 0; i < 20000; i++)
		if (store_find(ctx, "product", STR("200")) != 3 ||
		    store_find(ctx, "brand", STR("Acme")) != 0)
			return ctx;
	return NULL;
}

static void finding_in_threads(void **state)
{
	char *folder = fixture_folder();
	SCOPED(store) s = NULL;
	pthread_t thread[4];
	void *failed;
	struct err err = {0};

	fixture_publish(folder, 1);
	assert_true(store_open(&s, folder, &err));
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, find_often, s), 0);
	for (int i = 0; i < 4; i++) {
		pthread_join(thread[i], &failed);
		assert_null(failed);
	}
	fixture_remove(folder);
}

/* As another user, for whom the folder can't be written. */
static void read_only_folder(void **state)
{
	char *folder = fixture_folder();
	int status;
	pid_t pid;

	fixture_publish(folder, 9);
	assert_int_equal(chmod(folder, 0555), 0);
	pid = fork();
	if (pid == 0) {
		struct store *s;

		if (geteuid() == 0 && setuid(65534) != 0)
			_exit(2);
		_exit(store_open(&s, folder, NULL) &&
				      store_find(s, "product", STR("900")) == 5
			      ? 0
			      : 1);
	}
	waitpid(pid, &status, 0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	chmod(folder, 0755);
	fixture_remove(folder);
}

/* Publish again and again while others open, read and close. */
static void opening_under_publish(void **state)
{
	char *folder = fixture_folder();
	pid_t pid[3];
	int status;

	fixture_publish(folder, 1);
	for (int i = 0; i < 3; i++) {
		pid[i] = fork();
		if (pid[i] == 0) {
			for (int k = 0; k < 300; k++) {
				struct store *s;
				struct array a;

				if (!store_open(&s, folder, NULL) ||
				    !store_array(s, "test/mark", ARRAY_U32, &a, NULL) ||
				    *(const uint32_t *)a.data != store_generation(s) ||
				    store_find(s, "product", STR("900")) != 5)
					_exit(1);
				store_destroy(s);
			}
			_exit(0);
		}
	}
	for (uint32_t i = 2; i < 12; i++)
		assert_int_equal(fixture_publish(folder, i), i);
	for (int i = 0; i < 3; i++) {
		waitpid(pid[i], &status, 0);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
	}
	fixture_remove(folder);
}

UNIT_TESTS(store, UNIT(no_store), UNIT(other_schema), UNIT(meta_is_kept),
	   UNIT(arrays_by_name), UNIT(killed_readers), UNIT(many_handles),
	   UNIT(finding_in_threads), UNIT(read_only_folder), UNIT(opening_under_publish))
