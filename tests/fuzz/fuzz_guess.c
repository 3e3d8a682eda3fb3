/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as a log without a description: the mapping that is proposed can be read, has
 * all that a mapping must have and says the same when it is written again; what is refused
 * has a reason. Half of all inputs, those of an even length, are the beginning of a file,
 * the others are whole: a guess takes long under a fuzzer, and only one is made per run.
 */
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "data/mapping.h"
#include "guess/guess.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void require(bool fine, const char *what, const char *why)
{
	if (!fine) {
		fprintf(stderr, "fuzz_guess: %s: %s\n", what, why);
		abort();
	}
}

static void take_proposal(struct str text)
{
	SCOPED(mapping) m = NULL;
	SCOPED(mapping) again = NULL;
	struct err err = {0};
	STRBUF(first);
	STRBUF(second);

	require(mapping_parse_file(&m, "proposal", text, &err), "a proposal that can't be read",
		err.text);
	require(mapping_check(m, &err), "a proposal that lacks something", err.text);
	mapping_write(m, NULL, &first);
	require(mapping_parse_file(&again, "written", strbuf_str(&first), &err),
		"a mapping doesn't read back", err.text);
	mapping_write(again, NULL, &second);
	require(str_eq(strbuf_str(&first), strbuf_str(&second)), "mappings differ",
		strbuf_c(&first));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct err err = {0};
	STRBUF(out);

	if (guess_text("input", str_span((const char *)bytes, len), len % 2, &out, &err))
		take_proposal(strbuf_str(&out));
	else
		require(err.code == ERR_FORMAT && err.text[0], "no reason", "guess");
	return 0;
}
