/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Damage done to the finished text of a block, as real logs have it. */
#include "config.h"

#include "synth/damage.h"

#include "base/mem.h"
#include "base/num.h"

#define TRIES 8		/* ways that are drawn before a line is left alone */
#define FIELDS 64
#define LONG_ID (DATASET_ID_MAX + 1)

/* A line on its way: its fields as they stand in the file, quotes included. */
struct line {
	const struct output_file *file;
	struct rng *rng;
	struct str text, next;	/* next: the line behind it, or empty */
	struct str field[FIELDS];
	unsigned n;
	char separator;
	struct strbuf *out;
	struct damage_entry entry;
	unsigned lines;		/* line ends that went out */
	bool took_next;
};

static struct str until(struct str text, char separator)
{
	bool quoted = false;
	size_t i = 0;

	for (; i < text.len && (quoted || text.ptr[i] != separator); i++)
		quoted ^= text.ptr[i] == '"';
	return str_span(text.ptr, i);
}

/* False when it has more fields than the file's lines have. */
static bool cut_fields(struct line *l)
{
	struct str rest = l->text;

	for (l->n = 0; l->n < FIELDS; l->n++) {
		struct str f = l->field[l->n] = until(rest, l->separator);

		if (f.len == rest.len) {
			l->n++;
			return l->file->any_fields || l->n == l->file->n_roles;
		}
		rest = str_span(rest.ptr + f.len + 1, rest.len - f.len - 1);
	}
	return false;
}

static enum column_role role_of(const struct line *l, unsigned column)
{
	return l->file->roles[l->file->any_fields ? 0 : column];
}

/* A column of one of the roles (bits), by chance; false when there is none. */
static bool draw_column(struct line *l, unsigned roles, unsigned *column)
{
	unsigned n = 0;

	for (unsigned i = 0; i < l->n; i++)
		n += roles >> role_of(l, i) & 1;
	if (n == 0)
		return false;
	n = (unsigned)rng_below(l->rng, n);
	for (*column = 0; !(roles >> role_of(l, *column) & 1) || n-- > 0; ++*column)
		;
	return true;
}
#define ROLE(role) (1u << COLUMN_##role)

static void end_line(struct line *l, struct str end)
{
	strbuf_add(l->out, end);
	l->lines++;
}

static bool say(struct line *l, enum damage_verdict verdict, enum reject_reason reason)
{
	l->entry.verdict = verdict;
	l->entry.reason = reason;
	return true;
}

/* The line with `text` in place of a field. */
static void put(struct line *l, unsigned column, struct str text)
{
	struct str f = l->field[column];
	size_t before = (size_t)(f.ptr - l->text.ptr), after = before + f.len;

	strbuf_add(l->out, str_span(l->text.ptr, before));
	strbuf_add(l->out, text);
	strbuf_add(l->out, str_span(l->text.ptr + after, l->text.len - after));
	end_line(l, STR("\n"));
}

struct damage_texts {
	const char *const *at; /* (n) */
	size_t n;
};

/* Put one of several texts into a column of the role. */
static bool put_one(struct line *l, unsigned roles, struct damage_texts texts,
		    enum reject_reason reason)
{
	unsigned column;

	if (!draw_column(l, roles, &column))
		return false;
	put(l, column, str_from(texts.at[rng_below(l->rng, texts.n)]));
	return say(l, DAMAGE_REJECTED, reason);
}
#define PUT_ONE(l, roles, texts, reason)                                                       \
	put_one(l, roles, (struct damage_texts){texts, sizeof(texts) / sizeof(*(texts))},      \
		reason)

static bool torn(struct line *l)
{
	struct str last;

	if (l->file->any_fields || l->n < 2)
		return false;
	last = l->field[rng_below(l->rng, l->n - 1)];
	if (last.ptr + last.len == l->text.ptr)
		return false;	/* nothing would be left */
	strbuf_add(l->out, str_span(l->text.ptr,
				    (size_t)(last.ptr + last.len - l->text.ptr)));
	end_line(l, STR("\n"));
	return say(l, DAMAGE_REJECTED, REJECT_FIELDS);
}

static bool glued(struct line *l)
{
	if (l->file->any_fields || l->n < 2 || !l->next.len)
		return false;
	strbuf_add(l->out, l->text);
	strbuf_add(l->out, l->next);
	l->took_next = true;
	end_line(l, STR("\n"));
	/* a quoted field is followed by something else than a separator then */
	return say(l, DAMAGE_REJECTED, l->text.ptr[l->text.len - 1] == '"'
		   ? REJECT_QUOTE : REJECT_FIELDS);
}

static bool extra_field(struct line *l)
{
	if (l->file->any_fields)
		return false;
	strbuf_add(l->out, l->text);
	strbuf_addc(l->out, l->separator);
	end_line(l, STR("\n"));
	return say(l, DAMAGE_REJECTED, REJECT_FIELDS);
}

static bool bad_price(struct line *l)
{
	static const char *const texts[] = {"free", "-1", "1.2.3", "0x1F", "1e3"};

	return PUT_ONE(l, ROLE(PRICE), texts, REJECT_PRICE);
}

static bool bad_quantity(struct line *l)
{
	static const char *const texts[] = {"1.5", "some", "99999999", "+1"};

	return PUT_ONE(l, ROLE(QUANTITY), texts, REJECT_QUANTITY);
}

/* What a lenient reader takes, another one rejects. */
static bool put_lenient(struct line *l, unsigned roles, struct damage_texts texts,
			enum reject_reason reason)
{
	return put_one(l, roles, texts, reason) &&
	       (!l->file->lenient || say(l, DAMAGE_LOADED, REJECT_NONE));
}

static bool unknown_price(struct line *l)
{
	static const char *const texts[] = {"NULL", "NaN", "\\N", "N/A"};

	return put_lenient(l, ROLE(PRICE),
			   (struct damage_texts){texts, sizeof(texts) / sizeof(*texts)},
			   REJECT_PRICE);
}

static bool no_pieces(struct line *l)
{
	static const char *const texts[] = {"0"};

	return put_lenient(l, ROLE(QUANTITY), (struct damage_texts){texts, 1}, REJECT_QUANTITY);
}

/* 3,0 where a comma is the decimal mark: what table programs make of 3. */
static bool pieces_with_decimals(struct line *l)
{
	unsigned column;
	STRBUF(b);

	if (!l->file->lenient || !draw_column(l, ROLE(QUANTITY), &column))
		return false;
	strbuf_add(&b, l->field[column]);
	strbuf_adds(&b, ",0");
	put(l, column, strbuf_str(&b));
	return say(l, DAMAGE_LOADED, REJECT_NONE);
}

/* What programs write where nobody is known. */
static bool unknown_user(struct line *l)
{
	static const char *const texts[] = {"NA", "NULL", "\\N", "nan", "(not set)"};
	unsigned column;

	if (!l->file->lenient || !draw_column(l, ROLE(USER), &column))
		return false;
	put(l, column, str_from(texts[rng_below(l->rng, sizeof(texts) / sizeof(*texts))]));
	return say(l, DAMAGE_LOADED, REJECT_NONE);
}

static bool unknown_id(struct line *l)
{
	static const char *const texts[] = {"N/A", "null", "NaN", "None"};

	return l->file->lenient && PUT_ONE(l, ROLE(ID), texts, REJECT_ID);
}

/* 1.299,00 with another sign between its groups, and a currency. */
static bool dressed_price(struct line *l)
{
	static const char *const groups[] = {"\xc2\xa0", "\xe2\x80\xaf", "'", " "};
	static const char *const currencies[] = {"\xe2\x82\xac", " EUR", "\xc2\xa0\xe2\x82\xac",
						 ""};
	const char *group = groups[rng_below(l->rng, sizeof(groups) / sizeof(*groups))];
	unsigned column;
	STRBUF(b);

	if (!l->file->lenient || !draw_column(l, ROLE(PRICE), &column) || !l->field[column].len)
		return false;
	for (size_t i = 0; i < l->field[column].len; i++) {
		char c = l->field[column].ptr[i];

		if (c == '.')
			strbuf_adds(&b, group);
		else
			strbuf_addc(&b, c);
	}
	strbuf_adds(&b, currencies[rng_below(l->rng, sizeof(currencies) / sizeof(*currencies))]);
	put(l, column, strbuf_str(&b));
	return say(l, DAMAGE_LOADED, REJECT_NONE);
}

static bool wide_time(struct line *l)
{
	unsigned column;
	size_t blank;
	STRBUF(b);

	if (!l->file->lenient || !draw_column(l, ROLE(TIME), &column))
		return false;
	blank = str_chr(l->field[column], ' ');
	if (blank == SIZE_MAX)
		return false;
	strbuf_add(&b, str_span(l->field[column].ptr, blank));
	strbuf_addc(&b, ' ');
	strbuf_add(&b, str_span(l->field[column].ptr + blank, l->field[column].len - blank));
	put(l, column, strbuf_str(&b));
	return say(l, DAMAGE_LOADED, REJECT_NONE);
}

static bool bad_time(struct line *l)
{
	static const char *const texts[] = {
		"never", "2024-13-45 25:61:61", "", "0000-00-00 00:00:00", "1.1.",
	};

	return PUT_ONE(l, ROLE(TIME), texts, REJECT_TIME);
}

/* The year 2999, or the same in ms. */
static bool far_future(struct line *l)
{
	unsigned column;
	struct str f;
	size_t at;
	uint64_t ms;
	STRBUF(b);

	if (!draw_column(l, ROLE(TIME), &column))
		return false;
	f = l->field[column];
	at = str_find(f, STR("202"));
	if (num_u64(f, &ms) && f.len == 13) {
		strbuf_adds(&b, "32503679999000");
	} else if (at != SIZE_MAX && at + 4 <= f.len) {
		strbuf_add(&b, str_span(f.ptr, at));
		strbuf_adds(&b, "2999");
		strbuf_add(&b, str_span(f.ptr + at + 4, f.len - at - 4));
	} else {
		return false;
	}
	put(l, column, strbuf_str(&b));
	return say(l, DAMAGE_LOADED, REJECT_NONE);
}

static bool no_such_event(struct line *l)
{
	static const char *const texts[] = {"hover", "VIEW!", "?"};

	return PUT_ONE(l, ROLE(EVENT), texts, REJECT_EVENT);
}

static bool empty_id(struct line *l)
{
	static const char *const texts[] = {""};

	return !l->file->any_fields &&
		PUT_ONE(l, ROLE(ID) | ROLE(NUMBER), texts, REJECT_ID);
}

static bool long_id(struct line *l)
{
	char text[LONG_ID];
	unsigned column;

	if (!draw_column(l, ROLE(ID) | ROLE(NUMBER), &column))
		return false;
	memset(text, '7', sizeof text);
	put(l, column, str_span(text, sizeof text));
	return say(l, DAMAGE_REJECTED, REJECT_LONG);
}

static bool exponent(struct line *l)
{
	static const char *const texts[] = {"2.10381E+18", "1e+09"};

	return PUT_ONE(l, ROLE(NUMBER), texts, REJECT_EXPONENT);
}

/* Bytes at the end of an id or a text that isn't quoted. */
static bool append(struct line *l, struct str bytes, bool is_utf8)
{
	unsigned column;
	STRBUF(b);

	if (!draw_column(l, ROLE(ID) | ROLE(TEXT), &column))
		return false;
	if (l->field[column].len && l->field[column].ptr[0] == '"')
		return false;
	strbuf_add(&b, l->field[column]);
	strbuf_add(&b, bytes);
	put(l, column, strbuf_str(&b));
	if (is_utf8 || l->file->lenient || role_of(l, column) == COLUMN_TEXT)
		return say(l, DAMAGE_LOADED, REJECT_NONE);
	return say(l, DAMAGE_REJECTED, REJECT_UTF8);
}

static bool overlong(struct line *l)
{
	return append(l, STR("\xc0\xaf"), false);
}

static bool lone_surrogate(struct line *l)
{
	return append(l, STR("\xed\xa0\x80"), false);
}

static bool control_c1(struct line *l)
{
	return append(l, STR("\xc2\x85"), true);
}

static bool byte_order_mark(struct line *l)
{
	return append(l, STR("\xef\xbb\xbf"), true);
}

static bool wide_blank(struct line *l)
{
	return append(l, STR("\xc2\xa0"), true);
}

static bool one_byte_letter(struct line *l)
{
	return append(l, STR("\xfc"), false);
}

/* What a table program makes of a number: an id of its own, unless the mapping says. */
static bool id_with_point(struct line *l)
{
	unsigned column;
	STRBUF(b);

	if (!l->file->lenient || !draw_column(l, ROLE(ID), &column) || !l->field[column].len ||
	    l->field[column].ptr[0] == '"')
		return false;
	strbuf_add(&b, l->field[column]);
	strbuf_adds(&b, ".0");
	put(l, column, strbuf_str(&b));
	return say(l, DAMAGE_LOADED, REJECT_NONE);
}

/* "5\" wide": the quote closes the field, as nothing says that backslashes escape. */
static bool backslash(struct line *l)
{
	unsigned column;

	if (!draw_column(l, ROLE(TEXT), &column))
		return false;
	put(l, column, STR("\"5\\\" wide\""));
	return say(l, DAMAGE_REJECTED, REJECT_QUOTE);
}

/* 5" wide: behind it stands no separator, so that it can't close what another
 * line has opened. */
static bool stray_quote(struct line *l)
{
	unsigned column = (unsigned)rng_below(l->rng, l->n);
	struct str f = l->field[column];
	STRBUF(b);

	if (f.len && f.ptr[0] == '"')
		return false;
	strbuf_adds(&b, "5\"w");
	strbuf_add(&b, f);
	put(l, column, strbuf_str(&b));
	return say(l, DAMAGE_REJECTED, REJECT_QUOTE);
}

static bool unclosed_quote(struct line *l)
{
	unsigned column = (unsigned)rng_below(l->rng, l->n);
	struct str f = l->field[column];
	STRBUF(b);

	if (!f.len || f.ptr[0] == '"')
		return false;
	strbuf_addc(&b, '"');
	strbuf_add(&b, f);
	put(l, column, strbuf_str(&b));
	return say(l, DAMAGE_REJECTED, REJECT_QUOTE);
}

static bool embedded_nul(struct line *l)
{
	size_t at = rng_below(l->rng, l->text.len);

	/* behind the quote of a quoted field only text may stand */
	if (str_chr(l->text, '"') != SIZE_MAX)
		return false;
	strbuf_add(l->out, str_span(l->text.ptr, at));
	strbuf_addc(l->out, '\0');
	strbuf_add(l->out, str_span(l->text.ptr + at, l->text.len - at));
	end_line(l, STR("\n"));
	return say(l, DAMAGE_REJECTED, REJECT_NUL);
}

static bool crlf(struct line *l)
{
	strbuf_add(l->out, l->text);
	end_line(l, STR("\r\n"));
	return say(l, DAMAGE_LOADED, REJECT_NONE);
}

static bool lone_cr(struct line *l)
{
	strbuf_add(l->out, l->text);
	end_line(l, STR("\r"));
	return say(l, DAMAGE_LOADED, REJECT_NONE);
}

/* Behind the line, so that no CR comes before its LF. */
static bool blank_line(struct line *l)
{
	strbuf_add(l->out, l->text);
	end_line(l, STR("\n"));
	end_line(l, STR("\n"));
	l->entry.line++;
	return say(l, DAMAGE_DROPPED, REJECT_NONE);
}

/* What spreadsheets write for an empty row, behind the line. */
static bool empty_record(struct line *l)
{
	if (!l->file->lenient)
		return false;
	strbuf_add(l->out, l->text);
	end_line(l, STR("\n"));
	for (unsigned i = 1; i < l->n; i++)
		strbuf_addc(l->out, l->separator);
	end_line(l, STR("\n"));
	l->entry.line++;
	return say(l, DAMAGE_DROPPED, REJECT_NONE);
}

/* A sum amid the records, behind the line. */
static bool sum_line(struct line *l)
{
	if (!l->file->lenient || role_of(l, 0) != COLUMN_TIME)
		return false;
	strbuf_add(l->out, l->text);
	end_line(l, STR("\n"));
	strbuf_adds(l->out, "Summe");
	for (unsigned i = 1; i < l->n; i++)
		strbuf_addc(l->out, l->separator);
	end_line(l, STR("\n"));
	l->entry.line++;
	return say(l, DAMAGE_REJECTED, REJECT_EVENT);
}

static bool duplicate(struct line *l)
{
	strbuf_add(l->out, l->text);
	end_line(l, STR("\n"));
	strbuf_add(l->out, l->text);
	end_line(l, STR("\n"));
	l->entry.line++;
	return say(l, DAMAGE_LOADED, REJECT_NONE);
}

static const struct {
	const char *name;
	/* Write the line, spoilt; false, and nothing written, when it can't be. */
	bool (*spoil)(struct line *l);
} kinds[] = {
	{"torn", torn},
	{"glued", glued},
	{"extra field", extra_field},
	{"bad price", bad_price},
	{"bad quantity", bad_quantity},
	{"bad time", bad_time},
	{"far future", far_future},
	{"no such event", no_such_event},
	{"empty id", empty_id},
	{"long id", long_id},
	{"exponent", exponent},
	{"overlong UTF-8", overlong},
	{"lone surrogate", lone_surrogate},
	{"C1 control", control_c1},
	{"byte order mark", byte_order_mark},
	{"stray quote", stray_quote},
	{"unclosed quote", unclosed_quote},
	{"NUL", embedded_nul},
	{"CR LF", crlf},
	{"CR", lone_cr},
	{"blank line", blank_line},
	{"duplicate", duplicate},
	{"unknown price", unknown_price},
	{"no pieces", no_pieces},
	{"pieces with decimals", pieces_with_decimals},
	{"blank that doesn't break", wide_blank},
	{"letter of Windows-1252", one_byte_letter},
	{"empty record", empty_record},
	{"unknown user", unknown_user},
	{"unknown id", unknown_id},
	{"price with signs", dressed_price},
	{"two blanks in a time", wide_time},
	{"id with a point", id_with_point},
	{"backslash before a quote", backslash},
	{"sum", sum_line},
};
#define KINDS (sizeof(kinds) / sizeof(*kinds))

const char *damage_name(const struct damage_entry *e)
{
	return kinds[e->kind].name;
}

const char *damage_verdict_name(enum damage_verdict v)
{
	static const char *const names[DAMAGE_VERDICTS] = {
		[DAMAGE_LOADED] = "loaded",
		[DAMAGE_DROPPED] = "dropped",
		[DAMAGE_REJECTED] = "rejected",
	};

	return names[v];
}

static bool spared(const struct output_file *file, struct str text)
{
	return file->spared && str_find(text, str_from(file->spared)) != SIZE_MAX;
}

static bool spoil(struct line *l)
{
	if (spared(l->file, l->text) || !l->text.len || !cut_fields(l))
		return false;
	for (unsigned i = 0; i < TRIES; i++) {
		unsigned kind = (unsigned)rng_below(l->rng, KINDS);

		l->entry.kind = (uint8_t)kind;
		if (kinds[kind].spoil(l))
			return true;
	}
	return false;
}

uint64_t damage_text(const struct output_file *file, char separator, uint32_t share,
		     struct str text, bool first, struct rng *r, struct strbuf *out,
		     struct damage_list *list)
{
	struct str line;
	uint64_t lines = 0;

	while (text.len && str_next(&text, '\n', &line)) {
		struct str after = text, next = STR("");
		struct line l = {.file = file, .rng = r, .text = line, .out = out,
			.separator = separator, .entry = {.line = lines}};

		if (after.len && str_next(&after, '\n', &next))
			l.next = next;
		if ((uint32_t)rng_next(r) < share && !(first && lines == 0) && spoil(&l)) {
			MEM_GROW(list->items, list->cap, list->n + 1);
			list->items[list->n++] = l.entry;
			lines += l.lines;
			if (l.took_next)
				text = after;
			continue;
		}
		strbuf_add(out, line);
		strbuf_addc(out, '\n');
		lines++;
	}
	return lines;
}
