/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of 32 hexadecimal digits, from the kernel's random numbers. */
#include "config.h"

#include "store/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/scope.h"
#include "store/folder.h"

#define DIGITS 32

static bool read_half(const char *digits, uint64_t *half)
{
	return num_hex(str_span(digits, DIGITS / 2), half);
}

bool secret_read(const char *folder, struct siphash_key *key)
{
	SCOPED_FREE char *file = folder_file(folder, FOLDER_KEY);
	SCOPED_FD int fd = folder_open(file, O_RDONLY, NULL);
	char text[DIGITS + 2];
	struct siphash_key k;

	if (fd < 0 || read(fd, text, sizeof text) != DIGITS + 1 || text[DIGITS] != '\n' ||
	    !read_half(text, &k.half[0]) || !read_half(text + DIGITS / 2, &k.half[1]))
		return false;
	*key = k;
	return true;
}

bool secret_make(const char *folder, struct err *err)
{
	struct siphash_key key;
	STRBUF(line);

	if (secret_read(folder, &key))
		return true;
	if (getrandom(&key, sizeof key, 0) != (ssize_t)sizeof key)
		return err_errno(err, errno, "no random numbers for the store's pseudonyms");
	strbuf_addf(&line, "%016" PRIx64 "%016" PRIx64 "\n", key.half[0], key.half[1]);
	return folder_put(folder, FOLDER_KEY, strbuf_str(&line), err);
}
