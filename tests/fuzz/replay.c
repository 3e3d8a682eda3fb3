/* SPDX-License-Identifier: GPL-3.0-or-later */
/* replay: runs the target fuzz_NAME over tests/fuzz/corpus/NAME, without libFuzzer;
 * TAP. */
#include "config.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static int replay(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *bytes = malloc(1 << 20);
	size_t n = 0;

	if (!f || !bytes) {
		free(bytes);
		return 1;
	}
	n = fread(bytes, 1, 1 << 20, f);
	fclose(f);
	LLVMFuzzerTestOneInput(bytes, n);
	/* and every beginning of it */
	for (size_t cut = 0; cut < n && cut < 300; cut++) {
		uint8_t *part = malloc(cut + 1);

		if (!part)
			break;
		memcpy(part, bytes, cut);
		LLVMFuzzerTestOneInput(part, cut);
		free(part);
	}
	free(bytes);
	return 0;
}

int main(int argc, char **argv)
{
	const char *source = getenv("top_srcdir"), *name = strstr(argv[0], "fuzz_");
	char folder[4096];
	struct dirent *e;
	int n = 0;
	DIR *d;

	snprintf(folder, sizeof folder, "%s/tests/fuzz/corpus/%s", source ? source : ".",
		 argc > 1 ? argv[1] : name ? name + 5 : "csv");
	d = opendir(folder);
	if (!d) {
		printf("1..1\nnot ok 1 - cannot open %s\n", folder);
		return 1;
	}
	while ((e = readdir(d))) {
		char path[8192];

		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
		printf("%s %d - %s\n", replay(path) ? "not ok" : "ok", ++n, e->d_name);
	}
	closedir(d);
	printf("1..%d\n", n);
	return n ? 0 : 1;
}
