/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cuts a file into pieces that end where a record ends, quotes considered. */
#include "config.h"

#include "data/record_split.h"

#include <limits.h>

#include "base/crc32c.h"
#include "base/encoding.h"
#include "base/mem.h"
#include "data/fill.h"
#include "data/foreign.h"
#include "data/unpack.h"
#include "table/json.h"
#include "table/parquet.h"

#define PIECES_MAX 4096
#define RAW_BYTES ((size_t)64 << 10)
#define CONVERT_ROOM (2 * FORM_HELD)	/* bytes that a conversion wants to have */
#define START_BYTES ((size_t)4 << 10)
#define LEAD_BYTES ((size_t)1 << 20)	/* of JSON in which columns are found */

struct split_limits split_limits_default(unsigned threads)
{
	struct split_limits l = {
		.field = SPLIT_FIELD_MAX,
		.record = SPLIT_RECORD_MAX,
		.piece = (size_t)256 << 10,
	};

	l.window = l.piece * 8 * (threads ? threads : 1);
	return l;
}

static bool is_eol(char c)
{
	return c == '\n' || c == '\r';
}

/* The first line end in [p, end), or NULL. */
static const char *find_eol(const char *p, const char *end)
{
	const char *lf = memchr(p, '\n', (size_t)(end - p));
	const char *cr = memchr(p, '\r', (size_t)((lf ? lf : end) - p));

	return cr ? cr : lf;
}

/* Step over the line end at p. */
static const char *skip_eol(const char *p, const char *end)
{
	return *p == '\r' && p + 1 < end && p[1] == '\n' ? p + 2 : p + 1;
}

size_t split_line(struct str s)
{
	const char *end = s.ptr + s.len, *eol = s.len ? find_eol(s.ptr, end) : NULL;

	return eol ? (size_t)(skip_eol(eol, end) - s.ptr) : s.len;
}

uint64_t split_count_lines(struct str s)
{
	uint64_t n = 0;

	while (s.len) {
		size_t len = split_line(s);

		n += is_eol(s.ptr[len - 1]);
		s = str_span(s.ptr + len, s.len - len);
	}
	return n;
}

/* What is left to split; eof: nothing follows. */
struct rest {
	const char *p, *end;
	bool eof;
};

/* One field from p. OK: *next is the byte after it (separator, line end or the
 * end of the text). Decides from at most limits->field + 2 bytes. */
static enum split_result quoted_field(struct rest r, char sep,
				      const struct split_limits *limits, const char **next)
{
	size_t max = limits->field;
	char quote = split_quote(limits);
	const char *last = (size_t)(r.end - r.p) > max + 1 ? r.p + max + 2 : r.end,
		   *q = r.p + 1;

	for (;;) {
		q = q < last ? memchr(q, quote, (size_t)(last - q)) : NULL;
		if (!q)
			return last < r.end || r.eof ? SPLIT_BAD : SPLIT_MORE;
		if (++q == r.end) {
			*next = q;
			return r.eof ? SPLIT_OK : SPLIT_MORE;
		}
		if (*q == quote) {
			q++;
			continue;
		}
		*next = q;
		return *q == sep || is_eol(*q) ? SPLIT_OK : SPLIT_BAD;
	}
}

static enum split_result plain_field(struct rest r, char sep, const struct split_limits *limits,
				     const char **next, enum reject_reason *reason)
{
	size_t max = limits->field;
	char quote = split_quote(limits);
	const char *last = (size_t)(r.end - r.p) > max ? r.p + max + 1 : r.end, *q = r.p;

	while (q < last && *q != sep && !is_eol(*q) && *q != quote)
		q++;
	*next = q;
	*reason = q < last ? REJECT_QUOTE : REJECT_LONG;
	if (q == last)
		return last < r.end || (size_t)(q - r.p) > max ? SPLIT_BAD
		       : r.eof				       ? SPLIT_OK
							       : SPLIT_MORE;
	return *q == quote ? SPLIT_BAD : SPLIT_OK;
}

static enum split_result bad(struct split_flaw *flaw, enum reject_reason reason,
			     unsigned column, size_t at)
{
	*flaw = (struct split_flaw){reason, column, at};
	return SPLIT_BAD;
}

enum split_result split_record(struct str s, bool eof, char sep,
			       const struct split_limits *limits, size_t *len,
			       struct split_flaw *flaw)
{
	const char *p = s.ptr, *end = s.ptr + s.len;

	for (unsigned column = 0;; column++, p++) {
		enum reject_reason reason = REJECT_QUOTE;
		const char *next = p;
		enum split_result r;

		if (p < end && *p == split_quote(limits))
			r = quoted_field((struct rest){p, end, eof}, sep, limits, &next);
		else
			r = plain_field((struct rest){p, end, eof}, sep, limits, &next,
					&reason);
		if (r == SPLIT_BAD)
			return bad(flaw, reason, column, (size_t)(p - s.ptr));
		if (r == SPLIT_MORE)
			return r;
		p = next;
		if ((size_t)(p - s.ptr) > limits->record)
			return bad(flaw, REJECT_LONG, UINT_MAX, 0);
		if (p == end)
			break;
		if (!is_eol(*p))
			continue;
		/* Is it CR LF? */
		if (*p == '\r' && p + 1 == end && !eof)
			return SPLIT_MORE;
		p = skip_eol(p, end);
		break;
	}
	*len = (size_t)(p - s.ptr);
	return SPLIT_OK;
}

struct split {
	char *path;
	struct unpack *in;
	char sep;
	bool eof, skipping, any;
	struct split_limits limits;
	struct encoding *encoding;	/* NULL: bytes are taken as they are */
	char *raw;			/* (RAW_BYTES) before conversion */
	size_t raw_len;
	bool raw_eof;
	struct form_state form;
	char *odd;			/* (RAW_BYTES) before it is put right; NULL: is it */
	size_t odd_len;
	bool odd_eof;
	struct fill *fill;		/* NULL: nothing is filled */
	bool fill_eof;
	struct strbuf lead;		/* the file's first bytes; [lead_at, len) is to come */
	size_t lead_at;
	struct table *table;		/* NULL: delimited text */
	bool named;			/* its names were given out */
	bool objects;			/* JSON that isn't a record a line */
	struct json_lines json;
	size_t cap;		/* bytes that always allow a verdict on a record */
	struct split_room own;	/* split_next's; else what was read too far */
	struct split_piece *pieces;
	size_t n_pieces, cap_pieces;
};

void split_room_finish(struct split_room *r)
{
	free(r->buf);
	parquet_group_destroy(r->group);
	*r = (struct split_room){0};
}

void split_destroy(struct split *s)
{
	if (!s)
		return;
	unpack_destroy(s->in);
	encoding_destroy(s->encoding);
	free(s->path);
	free(s->raw);
	free(s->odd);
	fill_destroy(s->fill);
	strbuf_finish(&s->lead);
	table_destroy(s->table);
	split_room_finish(&s->own);
	free(s->pieces);
	free(s);
}

/* Room for what is read. */
struct into {
	char *at;
	size_t room;
};

static bool read_bytes(struct split *s, struct into to, size_t *got, struct err *err)
{
	if (s->lead_at < s->lead.len) {
		*got = s->lead.len - s->lead_at < to.room ? s->lead.len - s->lead_at : to.room;
		memcpy(to.at, s->lead.ptr + s->lead_at, *got);
		s->lead_at += *got;
		if (s->lead_at == s->lead.len)
			strbuf_finish(&s->lead);
		return true;
	}
	if (s->limits.read && s->limits.read < to.room)
		to.room = s->limits.read;
	return unpack_read(s->in, (struct unpack_room){to.at, to.room, s->limits.read}, got,
			   err);
}

/* The same through the encoding; nothing is got only at the end of the file. */
static bool convert_bytes(struct split *s, struct into to, size_t *got, struct err *err)
{
	size_t used, more;

	do {
		if (!s->raw_eof && s->raw_len < RAW_BYTES) {
			if (!read_bytes(
				    s,
				    (struct into){s->raw + s->raw_len, RAW_BYTES - s->raw_len},
				    &more, err))
				return false;
			s->raw_eof = more == 0;
			s->raw_len += more;
		}
		*got = encoding_convert(s->encoding, s->raw, s->raw_len, &used, to.at, to.room,
					s->raw_eof);
		s->raw_len -= used;
		memmove(s->raw, s->raw + used, s->raw_len);
	} while (*got == 0 && !(s->raw_eof && s->raw_len == 0));
	return true;
}

/* The same through the form, which makes text shorter at most. */
static bool form_bytes(struct split *s, struct into to, size_t *got, struct err *err)
{
	size_t used, more;

	do {
		if (!s->odd_eof && s->odd_len + CONVERT_ROOM <= RAW_BYTES) {
			if (!(s->encoding ? convert_bytes : read_bytes)(
				    s,
				    (struct into){s->odd + s->odd_len, RAW_BYTES - s->odd_len},
				    &more, err))
				return false;
			s->odd_eof = more == 0;
			s->odd_len += more;
		}
		*got = form_convert(s->limits.form, &s->form, s->odd,
				    s->odd_len < to.room ? s->odd_len : to.room, &used, to.at,
				    to.room, s->odd_eof && s->odd_len <= to.room);
		s->odd_len -= used;
		memmove(s->odd, s->odd + used, s->odd_len);
	} while (*got == 0 && !(s->odd_eof && s->odd_len == 0));
	return true;
}

/* The same with objects brought to lines. */
static bool object_bytes(struct split *s, struct into to, size_t *got, struct err *err)
{
	size_t used, more;

	do {
		if (!s->odd_eof && s->odd_len < RAW_BYTES) {
			if (!read_bytes(
				    s, (struct into){s->odd + s->odd_len, RAW_BYTES - s->odd_len},
				    &more, err))
				return false;
			s->odd_eof = more == 0;
			s->odd_len += more;
		}
		*got = json_to_lines(&s->json, str_span(s->odd, s->odd_len), &used,
				     to.at, to.room);
		s->odd_len -= used;
		memmove(s->odd, s->odd + used, s->odd_len);
	} while (*got == 0 && !(s->odd_eof && s->odd_len == 0));
	return true;
}

/* Bytes of the plain form. */
static bool even_bytes(struct split *s, struct into to, size_t *got, struct err *err)
{
	return (s->objects ? object_bytes : s->odd ? form_bytes : s->encoding ? convert_bytes
									      : read_bytes)(
		s, to, got, err);
}

/* Bytes as records are cut from. */
static bool plain_bytes(struct split *s, struct into to, size_t *got, struct err *err)
{
	SCOPED_FREE char *part = NULL;

	if (!s->fill)
		return even_bytes(s, to, got, err);
	part = mem_alloc(RAW_BYTES);
	while (!(*got = fill_give(s->fill, to.at, to.room)) && !s->fill_eof) {
		size_t n;

		if (!even_bytes(s, (struct into){part, RAW_BYTES}, &n, err))
			return false;
		s->fill_eof = n == 0;
		fill_take(s->fill, str_span(part, n), n == 0);
	}
	return true;
}

bool split_is_table(const struct split *s)
{
	return s->table != NULL;
}

uint64_t split_position(const struct split *s)
{
	return s->table && !table_is_text(s->table) ? table_position(s->table)
						    : unpack_position(s->in);
}

void split_watch(struct split *s, struct job *job)
{
	unpack_watch(s->in, job);
}

static bool reserve(struct split_room *r, size_t cap, struct err *err)
{
	if (cap <= r->cap)
		return true;
	if (!mem_big_resize((void **)&r->buf, cap, 1, "read buffer", err))
		return false;
	r->cap = cap;
	return true;
}

/* What was read too far comes first. */
static bool get_bytes(struct split *s, struct split_room *r, size_t want, size_t *got,
		      struct err *err)
{
	struct split_room *own = &s->own;
	size_t left = own->len - own->pos;

	if (r == own || left == 0)
		return plain_bytes(s, (struct into){r->buf + r->len, want}, got, err);
	*got = left < want ? left : want;
	memcpy(r->buf + r->len, own->buf + own->pos, *got);
	own->pos += *got;
	return true;
}

/* Move what is left to the front and read until that is `want` bytes. */
static bool fill(struct split *s, struct split_room *r, size_t want, struct err *err)
{
	if (!reserve(r, want, err))
		return false;
	if (r->pos) {
		memmove(r->buf, r->buf + r->pos, r->len - r->pos);
		r->len -= r->pos;
		r->pos = 0;
	}
	while ((!s->eof || (r != &s->own && s->own.pos < s->own.len)) &&
	       r->len + (s->encoding || s->odd ? CONVERT_ROOM : 0) < want) {
		size_t n;

		if (!get_bytes(s, r, want - r->len, &n, err))
			return false;
		if (n == 0)
			s->eof = true;
		r->len += n;
	}
	return true;
}

static const struct {
	const char *magic;
	unsigned len;
	const char *what;
} refused[] = {
	{"\xff\xfe\0\0", 4, "is UTF-32 text; convert it: iconv -f UTF-32 -t UTF-8"},
	{"\0\0\xfe\xff", 4, "is UTF-32 text; convert it: iconv -f UTF-32 -t UTF-8"},
	{"\xff\xfe", 2, "is UTF-16 text; convert it: iconv -f UTF-16 -t UTF-8"},
	{"\xfe\xff", 2, "is UTF-16 text; convert it: iconv -f UTF-16 -t UTF-8"},
};

static bool check_start(struct split *s, struct err *err)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		if (s->own.len >= refused[i].len &&
		    memcmp(s->own.buf, refused[i].magic, refused[i].len) == 0)
			return err_fail(err, ERR_FORMAT, "%s %s", s->path,
					refused[i].what);
	if (s->own.len >= 3 && memcmp(s->own.buf, "\xef\xbb\xbf", 3) == 0)
		s->own.pos = 3;
	return true;
}

/* The first bytes, as they are in the file, so many or all. */
static bool read_lead(struct split *s, size_t want, struct err *err)
{
	size_t got = 1;

	while (s->lead.len < want && got) {
		strbuf_reserve(&s->lead, want - s->lead.len);
		if (!unpack_read(s->in,
				 (struct unpack_room){s->lead.ptr + s->lead.len,
						      want - s->lead.len, s->limits.read},
				 &got, err))
			return false;
		s->lead.len += got;
	}
	return true;
}

static bool open_parquet(struct split *s, struct err *err)
{
	if (strcmp(s->path, "-") == 0)
		return err_fail(err, ERR_FORMAT, "standard input is Parquet, which is read from "
				"its end; give the file's name");
	if (unpack_packed(s->in))
		return err_fail(err, ERR_FORMAT, "%s is a Parquet file that is packed once more; "
				"unpack it first: gunzip, unzstd or unxz", s->path);
	return table_parquet(&s->table, s->path, s->limits.choice, err);
}

/* Columns are found in the first lines; text of other habits it isn't. */
static bool open_json(struct split *s, struct err *err)
{
	struct json_lines lines = {0};
	SCOPED_FREE char *part = NULL;
	struct str head;
	size_t used, n;

	if (!read_lead(s, LEAD_BYTES, err))
		return false;
	head = strbuf_str(&s->lead);
	s->objects = !json_has_lines(head);
	if (s->objects) {
		part = mem_alloc(2 * LEAD_BYTES);
		n = json_to_lines(&lines, head, &used, part, 2 * LEAD_BYTES);
		head = str_span(part, n);
		if (!s->odd)
			s->odd = mem_alloc(RAW_BYTES);
	} else {
		free(s->odd);
		s->odd = NULL;
	}
	encoding_destroy(s->encoding);
	fill_destroy(s->fill);
	s->encoding = NULL;
	s->fill = NULL;
	s->limits.no_quotes = true;
	s->table = table_json(head, s->limits.choice);
	return true;
}

/* Is it a table? */
static bool look(struct split *s, struct err *err)
{
	struct str head;
	bool parquet, json;

	if (!read_lead(s, START_BYTES, err))
		return false;
	head = strbuf_str(&s->lead);
	parquet = parquet_is(head);
	json = json_is(head);
	if (!s->limits.tables && parquet)
		return err_fail(err, ERR_FORMAT, "%s is a Parquet file; delimited text was "
				"expected", s->path);
	if (!s->limits.tables || (!parquet && !json))
		return foreign_check(s->path, head, err);
	return parquet ? open_parquet(s, err) : open_json(s, err);
}

bool split_open(struct split **out, const char *path, char separator,
		const struct split_limits *limits, struct err *err)
{
	return split_open_encoded(out, path, NULL, separator, limits, err);
}

bool split_open_encoded(struct split **out, const char *path, const char *encoding,
			char separator, const struct split_limits *limits,
			struct err *err)
{
	SCOPED(split) s = mem_zalloc(sizeof *s);

	if (encoding && !encoding_create(&s->encoding, encoding, err))
		return false;
	if (s->encoding)
		s->raw = mem_alloc(RAW_BYTES);
	if (limits->form && form_needed(limits->form))
		s->odd = mem_alloc(RAW_BYTES);
	if (limits->form && limits->form->n_fill)
		s->fill = fill_create(limits->form);
	s->path = mem_strdup(path);
	s->sep = separator;
	s->limits = *limits;
	if (!unpack_open(&s->in, path, err) || !look(s, err))
		return false;
	if (s->table && !table_is_text(s->table)) {
		*out = s;
		s = NULL;
		return true;
	}
	/* A verdict on any record is possible with so many bytes of it. */
	s->cap = limits->window + limits->record + limits->field + 16 +
		(s->encoding || s->odd ? CONVERT_ROOM : 0);
	if (!fill(s, &s->own, START_BYTES, err) || !check_start(s, err))
		return false;
	*out = s;
	s = NULL;
	return true;
}

/* Start of the line that q stands in, not before p, where a line starts. */
static const char *line_start(const char *p, const char *q, const char *end)
{
	const char *lf = memrchr(p, '\n', (size_t)(q - p));
	const char *from = lf ? lf + 1 : p;
	const char *cr = memrchr(from, '\r', (size_t)(q - from));

	return cr ? skip_eol(cr, end) : from;
}

/* Does something follow what is in the room? */
static bool at_end(const struct split *s, const struct split_room *r)
{
	return s->eof && (r == &s->own || s->own.pos == s->own.len);
}

/*
 * The end of the piece that starts at r->pos, or NULL when the room holds too
 * little to tell. Blocks without quotes cost one memchr: there every line end
 * is a record's end.
 */
static const char *cut(const struct split *s, const struct split_room *r, bool *long_line)
{
	const char *pos = r->buf + r->pos, *end = r->buf + r->len, *p = pos;
	bool eof = at_end(s, r);
	/* Not the last byte: it could be the CR of a CR LF. */
	size_t left = r->len - r->pos - (eof ? 0 : 1);
	const char *target = pos + (left < s->limits.piece ? left : s->limits.piece);

	while (p < target) {
		const char *q = memchr(p, split_quote(&s->limits), (size_t)(target - p));
		const char *start = line_start(p, q ? q : target, end);
		struct str rest = {start, (size_t)(end - start)};
		struct split_flaw flaw;
		size_t len;

		if (!q && start > pos && start >= target)
			return start;
		switch (split_record(rest, eof, s->sep, &s->limits, &len, &flaw)) {
		case SPLIT_MORE:
			return start > pos ? start : NULL;
		case SPLIT_BAD:
			len = split_line(rest);
			if (len == rest.len && !eof && end[-1] != '\n') {
				if (len <= s->limits.record)
					return start > pos ? start : NULL;
				*long_line = true;
				return end[-1] == '\r' ? end - 1 : end;
			}
			break;
		case SPLIT_OK:
			break;
		}
		p = start + len;
	}
	return p > pos ? p : NULL;
}

/* Drop the rest of a line that is longer than a record may be. Its end stays
 * and is read as a blank line, so that lines are counted right. */
static bool skip_line(struct split *s, struct split_room *r, struct err *err)
{
	while (s->skipping) {
		const char *eol = r->len > r->pos ?
			find_eol(r->buf + r->pos, r->buf + r->len) : NULL;

		r->pos = eol ? (size_t)(eol - r->buf) : r->len;
		if (eol || at_end(s, r))
			s->skipping = false;
		else if (!fill(s, r, s->cap, err))
			return false;
	}
	return true;
}

/* Take the piece up to end off the room. */
static struct split_piece take(const struct split *s, struct split_room *r,
			       const char *end)
{
	struct split_piece piece = {
		.ptr = r->buf + r->pos,
		.end = end,
		.limit = r->buf + r->len,
		.eof = at_end(s, r),
		.part.of = s->table,
	};

	r->pos = (size_t)(end - r->buf);
	return piece;
}

/* The next part of a table that isn't cut from text, or its names. */
static bool table_piece(struct split *s, struct split_room *r, struct split_piece *piece,
			uint64_t *bytes, struct err *err)
{
	uint64_t read;

	*piece = (struct split_piece){"", "", "", .eof = true};
	if (!table_next(s->table, &piece->part, &r->group, &read, err))
		return false;
	if (bytes)
		*bytes = read;
	return true;
}

bool split_next(struct split *s, const struct split_piece **pieces, size_t *n,
		uint64_t *bytes, struct err *err)
{
	size_t start;

	s->n_pieces = 0;
	if (s->table && (!s->named || !table_is_text(s->table))) {
		s->named = true;
		MEM_GROW(s->pieces, s->cap_pieces, 1);
		*pieces = s->pieces;
		if (!table_piece(s, &s->own, s->pieces, bytes, err))
			return false;
		*n = !split_piece_empty(s->pieces);
		return true;
	}
	if (!skip_line(s, &s->own, err) || !fill(s, &s->own, s->cap, err))
		return false;
	start = s->own.pos;
	while (s->own.pos < s->own.len && s->n_pieces < PIECES_MAX && !s->skipping) {
		const char *end = cut(s, &s->own, &s->skipping);

		if (!end)
			break;
		MEM_GROW(s->pieces, s->cap_pieces, s->n_pieces + 1);
		s->pieces[s->n_pieces++] = take(s, &s->own, end);
	}
	*pieces = s->pieces;
	*n = s->n_pieces;
	if (bytes)
		*bytes = s->own.pos - start;
	return true;
}

bool split_crc(const struct split_piece *piece, uint32_t seed, uint32_t *crc, struct err *err)
{
	if (piece->part.of && !table_is_text(piece->part.of))
		return table_part_crc(&piece->part, seed, crc, err);
	*crc = crc32c(seed, piece->ptr, (size_t)(piece->end - piece->ptr));
	return true;
}

/* Keep what was read too far for the next one; a copy, since r's piece may look at
 * it. Where some of the last such rest is left, this came from before it. */
static bool give_back(struct split *s, const struct split_room *r, struct err *err)
{
	struct split_room *own = &s->own;
	size_t n = r->len - r->pos;

	if (own->pos < own->len) {
		own->pos -= n;
	} else {
		own->pos = own->len = 0;
		if (!reserve(own, n, err))
			return false;
		own->len = n;
	}
	if (n)
		memcpy(own->buf + own->pos, r->buf + r->pos, n);
	return true;
}

bool split_pull(struct split *s, struct split_room *r, struct split_piece *piece,
		uint64_t *bytes, struct err *err)
{
	size_t start, some = s->limits.piece + START_BYTES;
	const char *end = NULL;

	if (s->table && (!s->named || !table_is_text(s->table))) {
		s->named = true;
		return table_piece(s, r, piece, bytes, err);
	}
	r->pos = r->len = 0;
	if (!skip_line(s, r, err))
		return false;
	for (int all = 0; all < 2 && !end; all++) {
		if (!fill(s, r, !all && some < s->cap ? some : s->cap, err))
			return false;
		if (r->pos < r->len)
			end = cut(s, r, &s->skipping);
	}
	start = r->pos;
	*piece = take(s, r, end ? end : r->buf + r->pos);
	if (bytes)
		*bytes = r->pos - start;
	return give_back(s, r, err);
}
