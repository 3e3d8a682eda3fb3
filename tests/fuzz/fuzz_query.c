/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as a filter: a refusal names its column; what is taken has a canonical form
 * that parses to itself and to the same pieces of time, and its chips are filters.
 */
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query/event_filter.h"
#include "query/filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void require(bool fine, const char *what)
{
	if (!fine) {
		fprintf(stderr, "fuzz_query: %s\n", what);
		abort();
	}
}

static void same_events(const struct filter *f, const struct filter *g)
{
	struct event_filter a, b;

	event_filter_make(&a, f, NULL);
	event_filter_make(&b, g, NULL);
	require(a.n == b.n, "other pieces of time");
	for (size_t i = 0; i < a.n; i++) {
		require(a.from[i] == b.from[i] && a.kinds[i] == b.kinds[i], "other events");
		require(i == 0 || a.from[i] > a.from[i - 1], "pieces out of order");
	}
	event_filter_finish(&a);
	event_filter_finish(&b);
}

static void check_terms(const struct filter *f)
{
	for (unsigned i = 0; i < filter_terms(f); i++) {
		SCOPED(filter) term = NULL;
		STRBUF(b);

		filter_add_term(f, i, &b);
		require(b.len > FILTER_MAX || filter_parse(&term, strbuf_str(&b), NULL),
			"a chip is no filter");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct filter_row rows[] = {{1, 0.5, 0.1}, {20, 3, 0.5}};
	SCOPED(filter) f = NULL;
	SCOPED(filter) again = NULL;
	struct err err = {0};
	const char *text;

	if (!filter_parse(&f, str_span((const char *)bytes, len), &err)) {
		require(err.code == ERR_USAGE && strncmp(err.text, "column ", 7) == 0,
			"an error without a column");
		return 0;
	}
	text = filter_text(f);
	if (strlen(text) > FILTER_MAX)
		return 0;
	require(filter_parse(&again, str_from(text), &err), "the canonical form is refused");
	require(strcmp(filter_text(again), text) == 0, "the canonical form has another one");
	require(filter_classes(again) == filter_classes(f), "other classes");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		require(filter_row(f, &rows[i]) == filter_row(again, &rows[i]), "other rows");
	same_events(f, again);
	check_terms(f);
	return 0;
}
