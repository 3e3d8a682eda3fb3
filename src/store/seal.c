/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SipHash under the machine's id, which machine-id(5) asks to be kept from others; where there is
   none, under the number of its boot. */
#include "config.h"

#include "store/seal.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/num.h"
#include "base/scope.h"
#include "base/siphash.h"

#define ATTRIBUTE "user.aisle.checked"
#define DIGITS 32

/* 32 hexadecimal digits, with hyphens among them or without. */
static bool key_of(const char *file, struct siphash_key *key)
{
	SCOPED_FD int fd = open(file, O_RDONLY | O_CLOEXEC);
	char text[DIGITS + 5], id[DIGITS];
	ssize_t n = fd >= 0 ? read(fd, text, sizeof text) : -1;
	size_t digits = 0;

	for (ssize_t i = 0; i < n && digits < DIGITS; i++)
		if (text[i] != '-')
			id[digits++] = text[i];
	return digits == DIGITS && num_hex(str_span(id, DIGITS / 2), &key->half[0]) &&
	       num_hex(str_span(id + DIGITS / 2, DIGITS / 2), &key->half[1]);
}

static bool machine_key(struct siphash_key *key)
{
	return key_of("/etc/machine-id", key) || key_of("/proc/sys/kernel/random/boot_id", key);
}

static bool mark_of(int fd, uint64_t *mark)
{
	struct siphash_key key;
	struct stat st;
	uint64_t what[6];

	if (!machine_key(&key) || fstat(fd, &st) != 0)
		return false;
	what[0] = 1;		/* of this form, and of what is checked now */
	what[1] = st.st_dev;
	what[2] = st.st_ino;
	what[3] = (uint64_t)st.st_size;
	what[4] = (uint64_t)st.st_mtim.tv_sec;
	what[5] = (uint64_t)st.st_mtim.tv_nsec;
	*mark = siphash(str_span((const char *)what, sizeof what), &key);
	return true;
}

bool seal_holds(int fd)
{
	uint64_t mark, kept;

	return fgetxattr(fd, ATTRIBUTE, &kept, sizeof kept) == (ssize_t)sizeof kept &&
	       mark_of(fd, &mark) && mark == kept;
}

void seal_put(int fd)
{
	uint64_t mark;

	if (mark_of(fd, &mark))
		fsetxattr(fd, ATTRIBUTE, &mark, sizeof mark, 0);
}
