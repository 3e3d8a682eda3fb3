/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/watch.h"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "fixture.h"
#include "unit.h"

static bool readable(const struct watch *w)
{
	struct pollfd p = {.fd = watch_fd(w), .events = POLLIN};

	return poll(&p, 1, 0) == 1;
}

static bool comes(struct watch *w, int ms)
{
	struct pollfd p = {.fd = watch_fd(w), .events = POLLIN};

	return poll(&p, 1, ms) == 1 && watch_changed(w);
}

/* ms: at once by inotify; where another suite holds all there are, by the timer. */
static int soon(void)
{
	int fd = inotify_init1(IN_CLOEXEC);

	if (fd < 0)
		return 10000;
	close(fd);
	return 0;
}

static void sees_publishing(void **state)
{
	char *folder = fixture_folder();
	SCOPED(watch) w = NULL;
	struct err err = {0};
	int ms;

	fixture_publish(folder, 1);
	ms = soon();
	assert_true(watch_open(&w, folder, &err));
	assert_false(readable(w));
	assert_false(watch_changed(w));
	fixture_publish(folder, 2);
	assert_true(comes(w, ms));
	assert_false(watch_changed(w));
	fixture_publish(folder, 3);
	fixture_publish(folder, 4);
	assert_true(comes(w, ms));
	assert_false(watch_changed(w));
	fixture_remove(folder);
}

/* What a build writes before it publishes is no news. */
static void ignores_the_rest(void **state)
{
	char *folder = fixture_folder();
	char *from = fixture_path(folder, "a"), *to = fixture_path(folder, "b");
	SCOPED(watch) w = NULL;
	SCOPED(build) b = NULL;
	struct err err = {0};

	fixture_publish(folder, 1);
	assert_true(watch_open(&w, folder, &err));
	assert_true(build_begin(&b, folder, "test", 0, &err));
	assert_true(fixture_fill(b, true, &err));
	build_destroy(b);
	b = NULL;
	fclose(fopen(from, "w"));
	assert_int_equal(rename(from, to), 0);
	assert_false(watch_changed(w));
	assert_false(watch_open(&w, "/nowhere/at/all", &err));
	free(from);
	free(to);
	fixture_remove(folder);
}

/* A user has 128 at most: who comes later looks by a timer. */
static void more_than_there_are(void **state)
{
	enum { MANY = 2000 };
	char *folder = fixture_folder();
	SCOPED(watch) w = NULL;
	struct err err = {0};
	static int taken[MANY];
	unsigned n = 0;

	fixture_publish(folder, 1);
	while (n < MANY && (taken[n] = inotify_init1(IN_CLOEXEC)) >= 0)
		n++;
	assert_true(n < MANY);
	assert_false(watch_open(&w, "/nowhere/at/all", &err));
	assert_int_equal(err.code, ERR_IO);
	assert_true(watch_open(&w, folder, &err));
	assert_false(readable(w));
	assert_false(watch_changed(w));
	fixture_publish(folder, 2);
	assert_true(comes(w, 10000));
	assert_false(watch_changed(w));
	while (n)
		close(taken[--n]);
	fixture_remove(folder);
}

UNIT_TESTS(watch, UNIT(sees_publishing), UNIT(ignores_the_rest),
	   UNIT(more_than_there_are))
