/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unit: what every unit test includes (last): cmocka, a main, the test data. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define UNIT(function) cmocka_unit_test(function)

/* UNIT_TESTS(str, UNIT(first), UNIT(second)) is the whole main. */
#define UNIT_TESTS(name, ...)						\
	int main(void)							\
	{								\
		const struct CMUnitTest tests[] = {__VA_ARGS__};	\
									\
		return cmocka_run_group_tests_name(#name, tests, NULL, NULL); \
	}

/* The contents of a file (malloc, NUL-terminated) or NULL. */
static inline char *unit_read(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	char *text = NULL;
	long size;

	if (!f)
		return NULL;
	if (fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) >= 0) {
		rewind(f);
		text = malloc((size_t)size + 1);
		*len = text ? fread(text, 1, (size_t)size, f) : 0;
		if (text)
			text[*len] = '\0';
	}
	fclose(f);
	return text;
}

/* The same for a file of $AISLE_TEST_DATA. Skips the test (does not return)
 * when that is not set, fails it when it is set and the file is not there. */
static inline char *unit_data(const char *name, size_t *len)
{
	const char *folder = getenv("AISLE_TEST_DATA");
	char path[4096];
	char *text;

	if (!folder || !*folder)
		skip();
	snprintf(path, sizeof path, "%s/%s", folder, name);
	text = unit_read(path, len);
	if (!text)
		fail_msg("can't read %s", path);
	return text;
}

#endif
