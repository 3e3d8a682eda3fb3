/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dump_meta STORE: its meta document, with every array's checksum. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "store/store.h"

int main(int argc, char **argv)
{
	SCOPED(store) s = NULL;
	SCOPED_FREE char *text = NULL;
	struct err err = {0};

	if (argc != 2 || !store_open(&s, argv[1], &err)) {
		fprintf(stderr, "dump_meta: %s\n", argc == 2 ? err.text : "STORE is missing");
		return 1;
	}
	text = json_dumps(store_meta(s), JSON_SORT_KEYS | JSON_INDENT(1));
	return text && puts(text) >= 0 ? 0 : 1;
}
