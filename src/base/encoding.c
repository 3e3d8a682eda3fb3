/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Over iconv: what can't be converted becomes U+FFFD and is counted. */
#include "config.h"

#include "base/encoding.h"

#include <assert.h>
#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

#define REPLACEMENT "\xef\xbf\xbd"

struct encoding {
	iconv_t cd;
	uint64_t replaced;
	unsigned unit; /* bytes to leave out where nothing makes sense */
};

/* What people write and iconv doesn't know. */
static const struct {
	const char *name, *iconv;
} aliases[] = {
	{"latin-1", "ISO-8859-1"}, {"latin9", "ISO-8859-15"}, {"latin-9", "ISO-8859-15"},
	{"ansi", "WINDOWS-1252"},  {"utf8", "UTF-8"},
};

static const char *known_name(const char *name)
{
	for (size_t i = 0; i < sizeof(aliases) / sizeof(*aliases); i++)
		if (strcasecmp(name, aliases[i].name) == 0)
			return aliases[i].iconv;
	return name;
}

static unsigned unit_of(const char *name)
{
	if (strncasecmp(name, "UTF-16", 6) == 0 || strncasecmp(name, "UCS-2", 5) == 0)
		return 2;
	return strncasecmp(name, "UTF-32", 6) == 0 || strncasecmp(name, "UCS-4", 5) == 0
		       ? 4
		       : 1;
}

bool encoding_create(struct encoding **e, const char *name, struct err *err)
{
	const char *known = known_name(name);
	iconv_t cd;

	if (strcasecmp(known, "UTF-8") == 0 || strcasecmp(known, "ASCII") == 0 ||
	    strcasecmp(known, "US-ASCII") == 0) {
		*e = NULL;
		return true;
	}
	/* A // would switch on iconv's own guesses. */
	cd = *known && !strchr(known, '/') ? iconv_open("UTF-8", known) : (iconv_t)-1;
	if (cd == (iconv_t)-1)
		return err_fail(
			err, ERR_USAGE,
			"'%.60s' is no encoding that this system "
			"knows; names are utf-8, latin1, windows-1252, utf-16 ...",
			name);
	*e = mem_zalloc(sizeof **e);
	(*e)->cd = cd;
	(*e)->unit = unit_of(known);
	return true;
}

void encoding_destroy(struct encoding *e)
{
	if (!e)
		return;
	iconv_close(e->cd);
	free(e);
}

size_t encoding_convert(struct encoding *e, const char *in, size_t n, size_t *used,
			char *out, size_t cap, bool last)
{
	char *from = (char *)(uintptr_t)in, *to = out;
	size_t left = n, room = cap;

	assert(used && (n == 0 || in) && (cap == 0 || out));
	while (left) {
		if (iconv(e->cd, &from, &left, &to, &room) != (size_t)-1 ||
		    errno == E2BIG)
			break;
		if (errno == EINVAL && !last)
			break;
		/* EILSEQ, or a cut character at the very end. */
		if (room < sizeof(REPLACEMENT) - 1)
			break;
		memcpy(to, REPLACEMENT, sizeof(REPLACEMENT) - 1);
		to += sizeof(REPLACEMENT) - 1;
		room -= sizeof(REPLACEMENT) - 1;
		size_t skip = left < e->unit ? left : e->unit;
		from += skip;
		left -= skip;
		e->replaced++;
	}
	*used = n - left;
	return cap - room;
}

uint64_t encoding_replaced(const struct encoding *e)
{
	return e ? e->replaced : 0;
}
