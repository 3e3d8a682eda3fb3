/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages: a head in Thrift, then levels and values. What a head says of sizes is checked
 * against the bytes that are there before anything is allocated; room for a packed page
 * grows with what comes out of it. Of a chunk a window is in memory: a page and what was
 * read beyond it.
 */
#include "config.h"

#include <zlib.h>
#include <zstd.h>

#include "base/mem.h"
#include "table/parquet_impl.h"
#include "table/snappy.h"

#define HEAD ((size_t)4 << 10)		/* bytes that a page's head has at most, mostly */
#define AHEAD ((size_t)64 << 10)	/* bytes read at least */
#define ROOM_FIRST ((size_t)256 << 10)

static const char *const codec_name[] = {
	"no packing", "snappy", "gzip", "LZO", "Brotli", "LZ4", "zstd", "LZ4", "unknown",
};

static void read_data_head(struct thrift *t, struct page_head *h, bool second)
{
	struct thrift_field f = {0};
	int64_t none, *number[2][8] = {
		{[1] = &h->values, [2] = &h->encoding, [3] = &h->level_encoding[0],
		 [4] = &h->level_encoding[1]},
		{[1] = &h->values, [2] = &none, [3] = &h->rows, [4] = &h->encoding,
		 [5] = &h->defined, [6] = &h->repeated},
	};

	while (thrift_next(t, &f))
		if (f.id == 7 && second && f.type <= THRIFT_FALSE)
			h->packed = thrift_bool(&f);
		else if (f.id < 8 && f.type == THRIFT_I32 && number[second][f.id])
			*number[second][f.id] = thrift_integer(t, &f);
		else
			thrift_skip(t, f.type);
}

/* Have the next n bytes in the window. */
static bool look(struct pages *s, size_t n, struct err *err)
{
	const struct parquet *p = s->at.file;
	uint64_t left = s->chunk->bytes - s->pos;
	size_t kept = 0, want = n > AHEAD ? n : AHEAD;

	if (p->fd < 0) {
		s->window = str_span(p->bytes.ptr + s->chunk->at, (size_t)s->chunk->bytes);
		s->start = 0;
		return true;
	}
	if (s->pos >= s->start && s->pos - s->start <= s->window.len)
		kept = s->window.len - (size_t)(s->pos - s->start);
	if (kept >= n)
		return true;
	if (want > left)
		want = (size_t)left;
	if (want > s->cap_read) {
		if (!mem_big_resize((void **)&s->read, want, 1, "a page", err))
			return false;
		s->cap_read = want;
	}
	if (kept)
		memmove(s->read, s->read + (s->pos - s->start), kept);
	s->start = s->pos;
	s->window = str_span(s->read, kept);
	if (!parquet_read_at(p, s->chunk->at + s->pos + kept, s->read + kept, want - kept, err))
		return false;
	s->window.len = want;
	return true;
}

/* What is in the window from pos on. */
static struct str in_window(const struct pages *s)
{
	size_t at = (size_t)(s->pos - s->start);

	return str_span(s->window.ptr + at, s->window.len - at);
}

static void parse_head(struct thrift *t, struct page_head *h)
{
	struct thrift_field f = {0};

	*h = (struct page_head){.kind = -1, .size = -1, .packed_size = -1, .values = -1,
				.packed = true};
	h->level_encoding[0] = h->level_encoding[1] = ENCODING_RLE;
	while (thrift_next(t, &f))
		if (f.id <= 3 && f.type == THRIFT_I32)
			*(f.id == 1 ? &h->kind : f.id == 2 ? &h->size : &h->packed_size) =
				thrift_integer(t, &f);
		else if ((f.id == 5 || f.id == 7 || f.id == 8) && f.type == THRIFT_STRUCT)
			read_data_head(t, h, f.id == 8);
		else
			thrift_skip(t, f.type);
}

/* Heads are small, but for those with long statistics. */
static bool read_head(struct pages *s, struct err *err)
{
	uint64_t left = s->chunk->bytes - s->pos;
	struct page_head *h = &s->head;
	struct thrift t;
	struct str all;

	for (size_t n = HEAD; ; n *= 8) {
		if (!look(s, n < left ? n : (size_t)left, err))
			return false;
		all = in_window(s);
		t = thrift_of(all);
		parse_head(&t, h);
		if (!t.bad || all.len >= left)
			break;
	}
	s->pos += (uint64_t)(t.p - (const uint8_t *)all.ptr);
	if (t.bad || h->size < 0 || h->packed_size < 0 ||
	    (uint64_t)h->packed_size > s->chunk->bytes - s->pos)
		return parquet_fail(&s->at, err, "a page is damaged or cut short");
	return true;
}

bool pages_peek(struct pages *s, struct err *err)
{
	const struct page_head *h = &s->head;

	while (!s->peeked) {
		if (s->pos >= s->chunk->bytes)
			return parquet_fail(&s->at, err, "it has fewer values than rows");
		if (!read_head(s, err))
			return false;
		s->peeked = h->kind != PAGE_INDEX;
		if (!s->peeked)
			s->pos += (uint64_t)h->packed_size;
	}
	if (h->kind != PAGE_DATA && h->kind != PAGE_DATA_2 && h->kind != PAGE_DICTIONARY)
		return parquet_fail(&s->at, err, "a page is of an unknown kind");
	if (h->values < 0 || h->values > UINT32_MAX || h->rows < 0 || h->rows > h->values ||
	    h->encoding < 0 || h->encoding >= ENCODINGS ||
	    (h->kind != PAGE_DICTIONARY && (uint64_t)h->values > s->left))
		return parquet_fail(&s->at, err, "a page says what can't be");
	return true;
}

void pages_start(struct pages *s, const struct chunk *chunk)
{
	s->chunk = chunk;
	s->codec = chunk->codec;
	s->left = chunk->values;
	s->pos = s->start = 0;
	s->window = STR_NULL;
	s->peeked = false;
}

void pages_finish(struct pages *s)
{
	ZSTD_freeDCtx(s->zstd);
	free(s->room);
	free(s->read);
}

void pages_skip(struct pages *s)
{
	s->pos += (uint64_t)s->head.packed_size;
	if (s->head.kind != PAGE_DICTIONARY)
		s->left -= (uint64_t)s->head.values;
	s->peeked = false;
}

/* Have room for `size` bytes, of which `used` are in use: not much more than those. */
static bool grow(struct pages *s, size_t size, size_t used, struct err *err)
{
	size_t cap = s->cap > ROOM_FIRST ? s->cap : ROOM_FIRST;

	while (cap < size && cap <= used)
		cap *= 2;
	if (cap > size)
		cap = size > ROOM_FIRST ? size : ROOM_FIRST;
	if (cap <= s->cap)
		return true;
	if (!mem_big_resize((void **)&s->room, cap, 1, "a page", err))
		return false;
	s->cap = cap;
	return true;
}

static bool unpack_gzip(struct pages *s, struct str in, size_t size, struct err *err)
{
	z_stream z = {.next_in = (Bytef *)(uintptr_t)in.ptr, .avail_in = (uInt)in.len};
	int result = Z_OK;
	size_t n = 0;
	bool ok = true;

	if (inflateInit2(&z, 15 + 32) != Z_OK)
		return err_fail(err, ERR_NOMEM, "no memory to unpack gzip");
	while (result == Z_OK && n < size && (ok = grow(s, size, n, err))) {
		size_t room = (s->cap < size ? s->cap : size) - n;

		z.next_out = (Bytef *)s->room + n;
		z.avail_out = (uInt)room;
		result = inflate(&z, Z_NO_FLUSH);
		n += room - z.avail_out;
	}
	inflateEnd(&z);
	return ok && (n == size || parquet_fail(&s->at, err, "its gzip data are damaged"));
}

static bool unpack_zstd(struct pages *s, struct str in, size_t size, struct err *err)
{
	ZSTD_inBuffer from = {in.ptr, in.len, 0};
	size_t n = 0, result = 1;
	bool ok = true;

	if (!s->zstd)
		s->zstd = ZSTD_createDCtx();
	if (!s->zstd)
		return err_fail(err, ERR_NOMEM, "no memory to unpack zstd");
	/* What says its size and has room needs no window. */
	if (s->cap >= size && ZSTD_getFrameContentSize(in.ptr, in.len) == size) {
		result = ZSTD_decompressDCtx(s->zstd, s->room, size, in.ptr, in.len);
		return result == size || parquet_fail(&s->at, err, "its zstd data are damaged");
	}
	ZSTD_DCtx_reset(s->zstd, ZSTD_reset_session_only);
	while (n < size && !ZSTD_isError(result) && (ok = grow(s, size, n, err))) {
		ZSTD_outBuffer out = {s->room, s->cap < size ? s->cap : size, n};

		result = ZSTD_decompressStream(s->zstd, &out, &from);
		if (out.pos == n && from.pos == from.size)
			break;
		n = out.pos;
	}
	return ok && (n == size || parquet_fail(&s->at, err, "its zstd data are damaged"));
}

static bool unpack_snappy(struct pages *s, struct str in, size_t size, struct err *err)
{
	if (size > snappy_most(in.len))
		return parquet_fail(&s->at, err, "its snappy data are cut short");
	return grow(s, size, size, err) &&
	       (snappy_unpack((const uint8_t *)in.ptr, in.len, (uint8_t *)s->room, size) ||
		parquet_fail(&s->at, err, "its snappy data are damaged"));
}

static bool (*const unpackers[CODECS])(struct pages *s, struct str in, size_t size,
				       struct err *err) = {
	[CODEC_SNAPPY] = unpack_snappy,
	[CODEC_GZIP] = unpack_gzip,
	[CODEC_ZSTD] = unpack_zstd,
};

static bool unpack(struct pages *s, struct str in, size_t size, struct str *out,
		   struct err *err)
{
	if (s->codec == CODEC_NONE || !s->head.packed) {
		*out = in;
		return in.len == size || parquet_fail(&s->at, err, "a page has another size "
						      "than it says");
	}
	if (s->codec >= CODECS || !unpackers[s->codec])
		return parquet_fail(&s->at, err, "it is packed by %s, which isn't read; write "
				    "it with compression snappy, gzip, zstd or none",
				    codec_name[s->codec]);
	*out = str_span("", 0);
	if (!size)
		return true;
	if (!unpackers[s->codec](s, in, size, err))
		return false;
	*out = str_span(s->room, size);
	return true;
}

static bool cut(struct pages *s, struct str *from, uint64_t n, struct str *part,
		struct err *err)
{
	if (n > from->len)
		return parquet_fail(&s->at, err, "a page is cut short");
	*part = str_span(from->ptr, (size_t)n);
	*from = str_span(from->ptr + n, from->len - (size_t)n);
	return true;
}

/* Levels of version 1 begin with their length. */
static bool cut_levels(struct pages *s, struct str *from, int64_t encoding, struct str *part,
		       struct err *err)
{
	struct str head = STR_NULL;
	uint32_t n = 0;

	if (encoding != ENCODING_RLE)
		return parquet_fail(&s->at, err, "its levels are written as packed bits, "
				    "which isn't read");
	if (!cut(s, from, 4, &head, err))
		return false;
	for (unsigned i = 0; i < 4; i++)
		n |= (uint32_t)(uint8_t)head.ptr[i] << (8 * i);
	return cut(s, from, n, part, err);
}

static bool open_first(struct pages *s, struct str in, struct page *page, struct err *err)
{
	const struct page_head *h = &s->head;

	return unpack(s, in, (size_t)h->size, &page->data, err) &&
	       (h->kind == PAGE_DICTIONARY || !s->leaf->repeated ||
		cut_levels(s, &page->data, h->level_encoding[1], &page->repeated, err)) &&
	       (h->kind == PAGE_DICTIONARY || !s->leaf->defined ||
		cut_levels(s, &page->data, h->level_encoding[0], &page->defined, err));
}

static bool open_second(struct pages *s, struct str in, struct page *page, struct err *err)
{
	const struct page_head *h = &s->head;
	int64_t levels = h->defined + h->repeated;

	if (h->defined < 0 || h->repeated < 0 || levels > h->size)
		return parquet_fail(&s->at, err, "a page says what can't be");
	return cut(s, &in, (uint64_t)h->repeated, &page->repeated, err) &&
	       cut(s, &in, (uint64_t)h->defined, &page->defined, err) &&
	       unpack(s, in, (size_t)(h->size - levels), &page->data, err);
}

bool pages_open(struct pages *s, struct page *page, struct err *err)
{
	const struct page_head *h = &s->head;
	struct str in;

	if (!look(s, (size_t)h->packed_size, err))
		return false;
	in = str_span(in_window(s).ptr, (size_t)h->packed_size);
	*page = (struct page){.encoding = (enum parquet_encoding)h->encoding,
			      .values = (uint32_t)h->values};
	pages_skip(s);
	return (h->kind == PAGE_DATA_2 ? open_second : open_first)(s, in, page, err);
}
