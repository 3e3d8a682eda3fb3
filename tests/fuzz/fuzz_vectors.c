/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as a file of vectors, and what stands behind a line "===" as its ids: what is
 * taken has only finite values and an id for each vector.
 */
#include "config.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "near/vecfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void require(bool fine, const char *what)
{
	if (!fine) {
		fprintf(stderr, "fuzz_vectors: %s\n", what);
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const struct str mark = STR("\n===\n");
	struct str file = str_span((const char *)bytes, len), ids = STR_NULL;
	struct vecfile v;
	struct err err = {0};
	size_t at = str_find(file, mark);

	if (at != SIZE_MAX) {
		ids = str_span(file.ptr + at + mark.len, len - at - mark.len);
		file.len = at + 1;
	}
	if (!vecfile_parse(&v, (struct vecfile_text){file, "FILE"},
			   (struct vecfile_text){ids, "IDS"}, &err)) {
		require(err.code != ERR_NONE && err.text[0], "refused without a reason");
		return 0;
	}
	require(v.n > 0 && v.dim > 0 && v.dim <= VECFILE_DIM_MAX, "no vectors");
	for (size_t i = 0; i < v.n * v.dim; i++)
		require(isfinite(v.data[i]), "a value that is not finite");
	for (size_t i = 0; i < v.n; i++)
		require(vecfile_id(&v, i).len > 0, "no id");
	vecfile_finish(&v);
	return 0;
}
