/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as a mapping, as a list of its settings, as a time format and a time, as a
 * number: what can be read says the same when it is written again; what is refused has a
 * reason.
 */
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/time_format.h"
#include "data/field.h"
#include "data/mapping.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void require(bool fine, const char *what, const char *why)
{
	if (!fine) {
		fprintf(stderr, "fuzz_mapping: %s: %s\n", what, why);
		abort();
	}
}

/* Written and read until it stays the same: at once. */
static void take_mapping(struct str text, bool list)
{
	SCOPED(mapping) m = NULL;
	SCOPED(mapping) again = NULL;
	struct err err = {0};
	STRBUF(first);
	STRBUF(second);

	if (!(list ? mapping_parse_list(&m, text, &err) :
		     mapping_parse_file(&m, "input", text, &err))) {
		require(err.code == ERR_USAGE && err.text[0], "no reason", "mapping");
		return;
	}
	mapping_write(m, NULL, &first);
	require(mapping_parse_file(&again, "written", strbuf_str(&first), &err),
		"a mapping doesn't read back", err.text);
	mapping_write(again, NULL, &second);
	require(str_eq(strbuf_str(&first), strbuf_str(&second)), "mappings differ",
		strbuf_c(&first));
}

/* The first line as a format, the second as a time. */
static void take_time(struct str text)
{
	struct str format = {0}, time = {0};
	int64_t ms = 0;

	str_next(&text, '\n', &format);
	str_next(&text, '\n', &time);
	if (!time_format_check(format, NULL) || !time_format_parse(format, time, &ms))
		return;
	require(ms >= INT64_C(-62135596800000) && ms < INT64_C(253402300800000),
		"a time out of the years 1 to 9999", "format");
}

static void take_number(struct str text)
{
	struct decimal d = {0};

	for (int comma = 0; comma < 2; comma++)
		if (field_decimal(text, comma, &d))
			require(d.scale <= 9, "too many decimals", "number");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct str text = {(const char *)bytes, len};

	take_mapping(text, false);
	take_mapping(text, true);
	take_time(text);
	take_number(text);
	return 0;
}
