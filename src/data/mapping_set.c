/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The settings of a mapping: a table of their names, and for each what its value may be. */
#include "config.h"

#include "data/mapping.h"

#include <math.h>
#include <stdio.h>
#include <strings.h>

#include "base/arena.h"
#include "base/encoding.h"
#include "base/time_format.h"
#include "data/mapping_impl.h"

static const struct {
	const char *name, *help;
} keys[MAPPING_KEYS] = {
	[MAP_TIME] = {"time",
		      "When it happened; year+month+day joins columns by spaces. "
		      "Without it the order of the lines is all that is known: the "
		      "store has no days."},
	[MAP_EVENT] = {"event", "What happened: viewed, put into the cart, bought ..."},
	[MAP_PRODUCT] = {"product", "The product's id."},
	[MAP_SESSION] = {"session", "What goes together: a visit, an order, a basket; "
				    "@day is the day of the event, as in customer+@day."},
	[MAP_USER] = {"user", "The customer or visitor."},
	[MAP_CATEGORY] = {"category", "The category's path; a+b+c joins levels."},
	[MAP_CATEGORY_ID] = {"category-id", "The category's id, beside its path."},
	[MAP_BRAND] = {"brand", "The product's brand."},
	[MAP_NAME] = {"name", "The product's name."},
	[MAP_GROUP] = {"group", "What variants of one product share."},
	[MAP_PRICE] = {"price", "The price of one piece."},
	[MAP_QUANTITY] = {"quantity", "Pieces; a negative number is a return."},
	[MAP_POSITION] = {"position", "A number that orders the events of one time."},
	[MAP_COUNTRY] = {"country", "Where a session comes from; that of its first event."},
	[MAP_CHANNEL] = {"channel", "How: web, app, shop ...; likewise."},
	[MAP_RATING] = {"rating", "How much was given, where the event is a rating."},
	[MAP_TOTAL] = {"total", "What all pieces of the line cost together: the price is a "
				"quantity's share of it."},
	[MAP_STATUS] = {"status", "How the order went; lines of cancelled ones are left "
				  "out."},
	[MAP_MORE_CATEGORIES] = {"more-categories", "Columns of further categories of the "
				 "product; a+b are two."},
	[MAP_CATEGORY_LIST] = {"category-list", "What parts several categories in one cell: the "
			       "first is the product's place in the tree. Lists of JSON and "
			       "Parquet are parted by |."},
	[MAP_EVERY_CATEGORY] = {"every-category", "yes: a product has every category that any "
				"record names; else the latest record tells them all."},
	[MAP_SEPARATOR] = {"separator",
			   "What parts the fields: up to 8 characters, tab, "
			   "comma, semicolon, pipe, space or control-a."},
	[MAP_QUOTE] = {"quote", "What encloses fields: a double or a single quote, or none."},
	[MAP_ESCAPE] = {"escape", "backslash: in quotes it takes the meaning from the next "
				  "character; none."},
	[MAP_SPACES] = {"spaces", "yes: blanks may stand between separators and quotes."},
	[MAP_TRAILING] = {"trailing", "rows: lines end with a separator too many; header: the "
				      "first one alone; none."},
	[MAP_SKIP] = {"skip", "Lines before the header, or before the first record."},
	[MAP_FILL] = {"fill", "yes: time, user, status, country and channel stand on the first "
			      "line of an order alone."},
	[MAP_TIME_ZONE] = {"time-zone", "The shop's, as Europe/Berlin or UTC-05:00; --time-zone "
					"stands above it."},
	[MAP_MAX_REJECTS] = {"max-rejects", "The share of records that may be rejected; "
					    "--max-rejects stands above it."},
	[MAP_RATING_LEAST] = {"rating.least", "The lowest rating that counts; records with "
					      "a lower one, or none, are left out."},
	[MAP_FOOTER] = {"footer", "How lines begin that are no records: Total|Sum."},
	[MAP_ENCODING] = {"encoding", "utf-8, latin1, windows-1252, utf-16 ..."},
	[MAP_HEADER] = {"header",
			"yes: the first line names the columns; no: columns are "
			"known by number."},
	[MAP_DECIMAL] = {"decimal", "point or comma, in prices, quantities and ratings."},
	[MAP_TIME_FORMAT] = {"time-format",
			     "iso, unix, unix-ms, unix-us, excel, day, or letters as in "
			     "d.m.Y H:M."},
	[MAP_KIND] = {"kind", "What every line is where no column tells: view, cart, "
			      "remove, purchase or rating."},
	[MAP_CATEGORY_SEPARATOR] = {"category-separator", "What parts a path; default: a "
							  "point."},
	[MAP_SERVICE] = {"service",
			 "Product ids that are no products: postage, gift wrap "
			 "...; left out."},
	[MAP_CANCELLED] = {"cancelled",
			   "How the ids of cancelled orders begin; their lines "
			   "are returns."},
	[MAP_GAP] = {"gap",
		     "Minutes without an event that end a session, where no column "
		     "tells sessions."},
	[MAP_CURRENCY] = {"currency", "Of the prices, as EUR."},
	[MAP_STATUS_CANCELLED] = {"status.cancelled",
				  "The status words that cancel; default: cancelled, "
				  "refunded, returned, voided, failed and the like."},
	[MAP_MISSING] = {"missing", "What stands for an unknown id or number; default: NA, "
				    "N/A, NULL, null, nan, NaN, None, \\N, (not set)."},
	[MAP_ID_FLOAT] = {"id.float", "yes: ids that a table program made numbers with a "
				      "point, as 17850.0, lose it."},
	[MAP_EVENT_VIEW] = {"event.view", "What the log calls a view."},
	[MAP_EVENT_VIEW + EVENT_CART] = {"event.cart", "What it calls putting into the "
						       "cart."},
	[MAP_EVENT_VIEW + EVENT_REMOVE] = {"event.remove", "And taking out of it."},
	[MAP_EVENT_VIEW +
		EVENT_PURCHASE] = {"event.purchase", "What it calls a purchase."},
	[MAP_EVENT_VIEW + EVENT_RATING] = {"event.rating", "What it calls a rating."},
	[MAP_EVENT_IGNORE] = {"event.ignore", "Events to leave out; * is all others."},
};

const char *mapping_key_name(enum mapping_key k)
{
	return keys[k].name;
}

typedef bool take_fn(struct mapping *m, struct str value, struct err *err);

/* A byte that can part fields. */
static bool parts_fields(char c)
{
	return ((c >= ' ' && c <= '~') || c == '\t') && c != '"' && c != '\'' &&
	       (unsigned char)(c - '0') > 9;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool take_separator(struct mapping *m, struct str value, struct err *err)
{
	static const struct {
		const char *name;
		char c;
	} names[] = {
		{"tab", '\t'}, {"comma", ','}, {"semicolon", ';'},
		{"pipe", '|'}, {"space", ' '}, {"control-a", 1},
		{"control-b", 2}, {"control-_", 0x1f}, {"control-^", 0x1e},
	};
	struct str s = mapping_plain(m, value);
	bool fine = s.len > 0 && s.len <= FORM_SEPARATOR;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_is(s, names[i].name)) {
			m->form.separator = names[i].c;
			return true;
		}
	for (size_t i = 0; i < s.len; i++)
		fine &= parts_fields(s.ptr[i]) && (s.len == 1 || !is_letter(s.ptr[i]));
	if (!fine)
		return err_fail(err, ERR_USAGE,
				"'%.*s' is no separator; it is one character of ASCII, or up "
				"to %d that are no letters, digits or quotes, or tab, comma, "
				"semicolon, pipe, space or control-a",
				STR_ARG(s), FORM_SEPARATOR);
	m->form.separator = s.len == 1 ? s.ptr[0] : FORM_MARK;
	if (s.len > 1)
		memcpy(m->form.wide, s.ptr, s.len);
	return true;
}

static bool take_quote(struct mapping *m, struct str value, struct err *err)
{
	struct str s = mapping_plain(m, value);

	if (str_is(s, "\"") || str_is(s, "double"))
		m->form.quote = '"';
	else if (str_is(s, "'") || str_is(s, "single"))
		m->form.quote = '\'';
	else if (str_is(s, "none"))
		m->form.quote = 0;
	else
		return err_fail(err, ERR_USAGE,
				"'%.*s': fields are enclosed by \", by ' or by "
				"none",
				STR_ARG(s));
	return true;
}

static bool take_encoding(struct mapping *m, struct str value, struct err *err)
{
	SCOPED(encoding) e = NULL;

	return encoding_create(&e, mapping_plain(m, value).ptr, err);
}

static bool either(struct str s, const char *yes, const char *no, bool *is,
		   struct err *err)
{
	*is = str_is(s, yes);
	return *is || str_is(s, no) ||
	       err_fail(err, ERR_USAGE, "'%.*s' is neither %s nor %s", STR_ARG(s), yes,
			no);
}

static bool take_header(struct mapping *m, struct str value, struct err *err)
{
	return either(value, "yes", "no", &m->header, err);
}

static bool take_escape(struct mapping *m, struct str value, struct err *err)
{
	return either(value, "backslash", "none", &m->form.escape, err);
}

static bool take_spaces(struct mapping *m, struct str value, struct err *err)
{
	return either(value, "yes", "no", &m->form.spaces, err);
}

static bool take_trailing(struct mapping *m, struct str value, struct err *err)
{
	m->form.trailing = str_is(value, "rows")     ? TRAILING_ROWS
			   : str_is(value, "header") ? TRAILING_HEADER
						     : TRAILING_NONE;
	return m->form.trailing || str_is(value, "none") ||
	       err_fail(err, ERR_USAGE, "'%.*s' is neither rows, header nor none",
			STR_ARG(value));
}

static bool take_skip(struct mapping *m, struct str value, struct err *err)
{
	uint64_t n;

	if (!num_u64(value, &n) || n > 1000)
		return err_fail(err, ERR_USAGE, "'%.*s' is no number of lines up to 1000",
				STR_ARG(value));
	m->form.skip = (unsigned)n;
	return true;
}

static bool take_footer(struct mapping *m, struct str value, struct err *err)
{
	struct form *f = &m->form;
	STRBUF(b);

	while (mapping_next(&value, &b)) {
		if (f->n_footers == FORM_FOOTERS || b.len > FORM_HELD / 2)
			return err_fail(err, ERR_USAGE,
					"there may be %d beginnings of lines of at most %d bytes",
					FORM_FOOTERS, FORM_HELD / 2);
		if (b.len)
			f->footer[f->n_footers++] = arena_str(m->arena, strbuf_str(&b));
	}
	return true;
}

static bool take_rating_least(struct mapping *m, struct str value, struct err *err)
{
	return num_real(value, &m->rating_least) ||
	       err_fail(err, ERR_USAGE, "'%.*s' is no number", STR_ARG(value));
}

static bool take_time_zone(struct mapping *m, struct str value, struct err *err)
{
	(void)err;
	m->time_zone = mapping_plain(m, value).ptr;
	return true;
}

static bool take_max_rejects(struct mapping *m, struct str value, struct err *err)
{
	return (num_real(value, &m->max_rejects) && m->max_rejects >= 0 && m->max_rejects <= 1) ||
	       err_fail(err, ERR_USAGE, "'%.*s' is no share from 0 to 1", STR_ARG(value));
}

static bool take_fill(struct mapping *m, struct str value, struct err *err)
{
	return either(value, "yes", "no", &m->fill, err);
}

static bool take_id_float(struct mapping *m, struct str value, struct err *err)
{
	return either(value, "yes", "no", &m->id_float, err);
}

static bool take_decimal(struct mapping *m, struct str value, struct err *err)
{
	return either(value, "comma", "point", &m->decimal_comma, err);
}

static bool take_time_format(struct mapping *m, struct str value, struct err *err)
{
	/* A backslash before these is for the mapping, others are the format's. */
	STRBUF(b);

	for (size_t i = 0; i < value.len; i++) {
		if (value.ptr[i] == '\\' && i + 1 < value.len &&
		    strchr(",+|#=\\", value.ptr[i + 1]))
			i++;
		strbuf_addc(&b, value.ptr[i]);
	}
	m->time_format = arena_str(m->arena, strbuf_str(&b));
	if (time_format_check(m->time_format, err))
		return true;
	if (err)
		err->code = ERR_USAGE;
	return false;
}

static bool take_kind(struct mapping *m, struct str value, struct err *err)
{
	for (int k = 0; k < EVENT_KINDS; k++)
		if (str_is(value, event_kind_name(k))) {
			m->kind = k;
			return true;
		}
	return err_fail(err, ERR_USAGE,
			"'%.*s' is no kind of event; there are view, cart, "
			"remove, purchase and rating",
			STR_ARG(value));
}

static bool take_category_separator(struct mapping *m, struct str value, struct err *err)
{
	m->category_separator = mapping_plain(m, value);
	return m->category_separator.len ||
	       err_fail(err, ERR_USAGE, "what parts a category's path is empty");
}

static bool take_category_list(struct mapping *m, struct str value, struct err *err)
{
	m->category_list = mapping_plain(m, value);
	return m->category_list.len ||
	       err_fail(err, ERR_USAGE, "what parts the categories of a cell is empty");
}

static bool take_every_category(struct mapping *m, struct str value, struct err *err)
{
	return either(value, "yes", "no", &m->every_category, err);
}

static bool take_gap(struct mapping *m, struct str value, struct err *err)
{
	return (num_real(value, &m->gap) && m->gap > 0 && m->gap <= 525600) ||
	       err_fail(err, ERR_USAGE, "'%.*s' is no number of minutes from 0 to 525600",
			STR_ARG(value));
}

static bool take_currency(struct mapping *m, struct str value, struct err *err)
{
	bool fine = value.len <= 7;

	for (size_t i = 0; i < value.len; i++)
		fine &= value.ptr[i] > ' ' && value.ptr[i] <= '~';
	return fine || err_fail(err, ERR_USAGE,
				"a currency has at most 7 letters, as EUR, "
				"not '%.*s'",
				STR_ARG(value));
}

static take_fn *const takes[MAPPING_KEYS] = {
	[MAP_SEPARATOR] = take_separator,
	[MAP_QUOTE] = take_quote,
	[MAP_ENCODING] = take_encoding,
	[MAP_HEADER] = take_header,
	[MAP_DECIMAL] = take_decimal,
	[MAP_TIME_FORMAT] = take_time_format,
	[MAP_KIND] = take_kind,
	[MAP_CATEGORY_SEPARATOR] = take_category_separator,
	[MAP_CATEGORY_LIST] = take_category_list,
	[MAP_EVERY_CATEGORY] = take_every_category,
	[MAP_GAP] = take_gap,
	[MAP_CURRENCY] = take_currency,
	[MAP_ID_FLOAT] = take_id_float,
	[MAP_ESCAPE] = take_escape,
	[MAP_SPACES] = take_spaces,
	[MAP_TRAILING] = take_trailing,
	[MAP_SKIP] = take_skip,
	[MAP_FOOTER] = take_footer,
	[MAP_RATING_LEAST] = take_rating_least,
	[MAP_FILL] = take_fill,
	[MAP_TIME_ZONE] = take_time_zone,
	[MAP_MAX_REJECTS] = take_max_rejects,
};

static bool take_ref(struct mapping *m, struct str value, struct mapping_ref *ref,
		     struct err *err)
{
	struct mapping_ref r = {0};
	struct str part;

	while (mapping_next_bare(&value, '+', &part)) {
		if (r.n == MAPPING_PARTS)
			return err_fail(err, ERR_USAGE, "at most %d columns go together",
					MAPPING_PARTS);
		r.part[r.n] = mapping_plain(m, part);
		if (!r.part[r.n++].len)
			return err_fail(err, ERR_USAGE,
					"the name of a column is missing");
	}
	*ref = r;
	return true;
}

static bool set_attribute(struct mapping *m, struct str name,
			  const struct mapping_value *v, struct err *err)
{
	struct mapping_attribute *a = &m->attribute[m->n_attributes];

	for (unsigned i = 0; i < m->n_attributes; i++)
		if (str_eq(m->attribute[i].name, name))
			return mapping_fail(m, v, NULL, err,
					    "the attribute '%.*s' is set "
					    "twice",
					    STR_ARG(name));
	if (!name.len)
		return mapping_fail(m, v, NULL, err,
				    "an attribute needs a name: "
				    "attribute.colour = COLUMN");
	if (m->n_attributes == DATASET_ATTRIBUTES)
		return mapping_fail(m, v, NULL, err, "there may be %d attributes",
				    DATASET_ATTRIBUTES);
	*a = (struct mapping_attribute){.name = name, .value = *v};
	if (!take_ref(m, v->text, &a->ref, err))
		return mapping_fail(m, v, name.ptr, err, "%s", err ? err->text : "");
	m->n_attributes++;
	return true;
}

static enum mapping_key find_key(struct str key)
{
	int k = 0;

	while (k < MAPPING_KEYS && !str_is(key, keys[k].name))
		k++;
	return (enum mapping_key)k;
}

static bool unknown_key(const struct mapping *m, const struct mapping_value *v,
			struct str key, struct err *err)
{
	STRBUF(list);

	for (int k = 0; k < MAPPING_KEYS; k++)
		strbuf_addf(&list, "%s%s", k ? ", " : "", keys[k].name);
	return mapping_fail(m, v, NULL, err,
			    "'%.*s' is no key of a mapping; there are %s "
			    "and attribute.NAME",
			    STR_ARG(key), strbuf_c(&list));
}

bool mapping_set(struct mapping *m, struct str key, struct str value, struct mapping_place at,
		 struct err *err)
{
	struct err why = {0};
	struct mapping_value v = {arena_str(m->arena, str_trim(value)), at.line, at.column};
	enum mapping_key k;
	bool ok;

	key = mapping_plain(m, key);
	if (str_chr(v.text, '\n') != SIZE_MAX || str_chr(v.text, '\r') != SIZE_MAX)
		return mapping_fail(m, &v, key.ptr, err,
				    "a value is one line: \\n and \\r are line ends in it");
	if (str_starts(key, STR("attribute.")))
		return set_attribute(m, str_span(key.ptr + 10, key.len - 10), &v, err);
	k = find_key(key);
	if (k == MAPPING_KEYS)
		return unknown_key(m, &v, key, err);
	if (m->value[k].text.ptr)
		return mapping_fail(m, &v, key.ptr, err, "it is set twice");
	if (!v.text.len)
		return mapping_fail(m, &v, key.ptr, err, "the value is missing");
	ok = k < MAPPING_ROLES ? take_ref(m, v.text, &m->role[k], &why)
			       : !takes[k] || takes[k](m, v.text, &why);
	if (!ok)
		return mapping_fail(m, &v, key.ptr, err, "%s", why.text);
	m->value[k] = v;
	return true;
}
