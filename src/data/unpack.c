/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes of a file that may be packed with gzip, zstd or xz. */
#include "config.h"

#include "data/unpack.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <lzma.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "base/job.h"
#include "base/mem.h"

#define WATCH_MS 100
#define RAW_BYTES ((size_t)256 << 10)
#define XZ_MEMORY (UINT64_C(1) << 30)	/* what xz -9 needs is 65 MiB */

struct unpacker;
struct unpack {
	char *path;
	int fd;
	uint64_t position;
	struct job *watch;	/* see unpack_watch */
	char *raw;		/* (RAW_BYTES); [at, len) is not used up */
	size_t at, len;
	bool eof;		/* of the file */
	bool whole;		/* a compressed part has ended, none has begun since */
	const struct unpacker *unpacker;	/* NULL: not compressed */
	union {
		z_stream gzip;
		ZSTD_DStream *zstd;
		lzma_stream xz;
	};
};

/* One row per kind of compression. step() moves bytes from raw to `to`, sets
 * in->whole, and returns NULL or what is wrong. */
struct unpacker {
	const char *name, *magic;
	size_t len;
	bool (*open)(struct unpack *in);
	const char *(*step)(struct unpack *in, char *to, size_t n, size_t *got);
	void (*close)(struct unpack *in);
};

/* ---- gzip */

static bool gzip_open(struct unpack *in)
{
	in->gzip = (z_stream){0};
	return inflateInit2(&in->gzip, 15 + 16) == Z_OK;
}

static const char *gzip_step(struct unpack *in, char *to, size_t n, size_t *got)
{
	z_stream *z = &in->gzip;
	int result;

	/* Behind the end there may be zeros, of tapes and of blocks; gzip skips them too. */
	while (in->whole && in->at < in->len && in->raw[in->at] == 0)
		in->at++;
	*got = 0;
	if (in->whole && in->at == in->len)
		return NULL;
	if (in->whole && inflateReset(z) != Z_OK)
		return "can't be unpacked";
	z->next_in = (Bytef *)in->raw + in->at;
	z->avail_in = (uInt)(in->len - in->at);
	z->next_out = (Bytef *)to;
	z->avail_out = n > UINT_MAX ? UINT_MAX : (uInt)n;
	n = z->avail_out;
	result = inflate(z, Z_NO_FLUSH);
	in->at = in->len - z->avail_in;
	*got = n - z->avail_out;
	in->whole = result == Z_STREAM_END;
	return result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR ? NULL
		: z->msg ? z->msg : "damaged";
}

static void gzip_close(struct unpack *in)
{
	inflateEnd(&in->gzip);
}

/* ---- zstd */

static bool zstd_open(struct unpack *in)
{
	in->zstd = ZSTD_createDStream();
	return in->zstd && !ZSTD_isError(ZSTD_initDStream(in->zstd));
}

static const char *zstd_step(struct unpack *in, char *to, size_t n, size_t *got)
{
	ZSTD_inBuffer from = {in->raw, in->len, in->at};
	ZSTD_outBuffer out = {to, n, 0};
	size_t result = ZSTD_decompressStream(in->zstd, &out, &from);

	in->at = from.pos;
	*got = out.pos;
	in->whole = result == 0;
	return ZSTD_isError(result) ? ZSTD_getErrorName(result) : NULL;
}

static void zstd_close(struct unpack *in)
{
	ZSTD_freeDStream(in->zstd);
}

/* ---- xz */

static bool xz_open(struct unpack *in)
{
	in->xz = (lzma_stream)LZMA_STREAM_INIT;
	return lzma_stream_decoder(&in->xz, XZ_MEMORY, LZMA_CONCATENATED) == LZMA_OK;
}

static const char *xz_step(struct unpack *in, char *to, size_t n, size_t *got)
{
	lzma_stream *x = &in->xz;
	lzma_ret result;

	x->next_in = (uint8_t *)in->raw + in->at;
	x->avail_in = in->len - in->at;
	x->next_out = (uint8_t *)to;
	x->avail_out = n;
	/* Only the end of the file tells that no other stream follows. */
	result = lzma_code(x, in->eof ? LZMA_FINISH : LZMA_RUN);
	in->at = in->len - x->avail_in;
	*got = n - x->avail_out;
	in->whole = result == LZMA_STREAM_END;
	return result == LZMA_OK || result == LZMA_STREAM_END || result == LZMA_BUF_ERROR
		? NULL : result == LZMA_MEMLIMIT_ERROR ? "needs over 1 GiB to be unpacked"
		: "damaged";
}

static void xz_close(struct unpack *in)
{
	lzma_end(&in->xz);
}

static const struct unpacker unpackers[] = {
	{"gzip", "\x1f\x8b", 2, gzip_open, gzip_step, gzip_close},
	{"xz", "\xfd" "7zXZ\0", 6, xz_open, xz_step, xz_close},
	{"zstd", "\x28\xb5\x2f\xfd", 4, zstd_open, zstd_step, zstd_close},
};

/* ---- the file */

void unpack_destroy(struct unpack *in)
{
	if (!in)
		return;
	if (in->unpacker)
		in->unpacker->close(in);
	if (in->fd > STDERR_FILENO)
		close(in->fd);
	free(in->path);
	free(in->raw);
	free(in);
}

/* A pipe may keep us waiting; the one thing that interrupts is a wish to stop. */
static bool failed(const char *what, const char *path, struct err *err)
{
	if (errno == EINTR)
		return err_fail(err, ERR_CANCELLED, "stopped");
	return err_errno(err, errno, "cannot %s %s", what, path);
}

void unpack_watch(struct unpack *in, struct job *job)
{
	struct stat st;

	/* Regular files don't keep anyone waiting. */
	in->watch = fstat(in->fd, &st) == 0 && S_ISREG(st.st_mode) ? NULL : job;
}

static bool wait_for_bytes(struct unpack *in, struct err *err)
{
	struct pollfd p = {.fd = in->fd, .events = POLLIN};

	while (poll(&p, 1, WATCH_MS) <= 0)
		if (!job_check(in->watch, err))
			return false;
	return true;
}

static bool read_file(struct unpack *in, struct unpack_room to, size_t *got, struct err *err)
{
	ssize_t result;

	if (in->watch && !wait_for_bytes(in, err))
		return false;
	result = read(in->fd, to.at, to.most && to.most < to.n ? to.most : to.n);

	if (result < 0)
		return failed("read", in->path, err);
	*got = (size_t)result;
	in->position += *got;
	in->eof = *got == 0;
	return true;
}

/* Have raw hold more than it does. */
static bool fill(struct unpack *in, size_t most, struct err *err)
{
	size_t got;

	memmove(in->raw, in->raw + in->at, in->len - in->at);
	in->len -= in->at;
	in->at = 0;
	if (in->eof || in->len == RAW_BYTES)
		return true;
	if (!read_file(in, (struct unpack_room){in->raw + in->len, RAW_BYTES - in->len, most},
		       &got, err))
		return false;
	in->len += got;
	return true;
}

static bool find_unpacker(struct unpack *in, struct err *err)
{
	while (!in->eof && in->len < 6)
		if (!fill(in, 0, err))
			return false;
	for (size_t i = 0; i < sizeof(unpackers) / sizeof(*unpackers); i++) {
		const struct unpacker *u = &unpackers[i];

		if (in->len < u->len || memcmp(in->raw, u->magic, u->len) != 0)
			continue;
		if (!u->open(in))
			return err_fail(err, ERR_NOMEM, "%s: no memory to unpack %s",
					in->path, u->name);
		in->unpacker = u;
		in->whole = false;
	}
	return true;
}

bool unpack_open(struct unpack **out, const char *path, struct err *err)
{
	SCOPED(unpack) in = mem_zalloc(sizeof *in);
	bool standard = strcmp(path, "-") == 0;

	in->path = mem_strdup(standard ? "standard input" : path);
	in->raw = mem_alloc(RAW_BYTES);
	in->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (in->fd < 0)
		return failed("open", path, err);
	(void)posix_fadvise(in->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	if (!find_unpacker(in, err))
		return false;
	*out = in;
	in = NULL;
	return true;
}

static bool read_packed(struct unpack *in, struct unpack_room to, size_t *got, struct err *err)
{
	for (;;) {
		const char *wrong;
		size_t before;

		if (in->at == in->len && !in->eof && !fill(in, to.most, err))
			return false;
		*got = 0;
		if (in->whole && in->eof && in->at == in->len)
			return true;
		before = in->at;
		wrong = in->unpacker->step(in, to.at, to.n, got);
		if (wrong)
			return err_fail(err, ERR_FORMAT, "%s: its %s data can't be "
					"unpacked: %s", in->path, in->unpacker->name,
					wrong);
		if (*got)
			return true;
		if (in->eof && in->at == before && !in->whole)
			return err_fail(err, ERR_FORMAT, "%s: its %s data is cut short",
					in->path, in->unpacker->name);
		/* It may want more than raw holds. */
		if (in->at == before && !in->eof && !fill(in, to.most, err))
			return false;
	}
}

bool unpack_read(struct unpack *in, struct unpack_room to, size_t *got, struct err *err)
{
	assert(to.at && to.n > 0);
	if (in->unpacker)
		return read_packed(in, to, got, err);
	if (in->at == in->len)
		return in->eof ? (*got = 0, true) : read_file(in, to, got, err);
	*got = in->len - in->at < to.n ? in->len - in->at : to.n;
	memcpy(to.at, in->raw + in->at, *got);
	in->at += *got;
	return true;
}

bool unpack_packed(const struct unpack *in)
{
	return in->unpacker != NULL;
}

uint64_t unpack_position(const struct unpack *in)
{
	return in->position;
}
