/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was found, as settings with their reasons; tried on the sample. */
#include "config.h"

#include "guess/guess_impl.h"

#include "base/mem.h"
#include "base/time_format.h"
#include "base/utf8.h"
#include "data/ds_csv.h"
#include "data/field.h"

#define ATTRIBUTE_VALUES 2000
#define GAP_MINUTES "30"
#define MAX_REJECTS 0.1 /* of import, unless it is told otherwise */
#define MOST_REJECTS 0.5 /* above which no mapping is proposed to take them */

void guess_note(struct guess *g, enum mapping_key k, const char *fmt, ...)
{
	va_list ap;

	if (g->note[k].len)
		strbuf_addc(&g->note[k], '\n');
	va_start(ap, fmt);
	strbuf_vaddf(&g->note[k], fmt, ap);
	va_end(ap);
}

/* The proposal is made of checked parts: a setting that is refused is our mistake and
 * shows when the text is read back. */
void guess_set(struct guess *g, const char *key, struct str value)
{
	(void)mapping_set(g->map, str_from(key), value, (struct mapping_place){0}, NULL);
}

static const char *key_of(enum mapping_key k)
{
	return mapping_key_name(k);
}

unsigned guess_percent(double share)
{
	return (unsigned)(share * 100 + 0.5);
}

/* A column as it is written in a mapping: by number where its name doesn't do. */
void guess_add_column(const struct guess *g, struct strbuf *b, size_t i)
{
	struct str name = g->column[i].name;
	bool plain = g->header && name.len <= 100 && name.ptr[0] != '@';

	for (size_t c = 0; plain && c < g->n; c++)
		plain = c == i || !field_same_name(g->column[c].name, name);
	for (size_t c = 0; plain && c < name.len; c++)
		plain = (unsigned char)name.ptr[c] >= ' ' && name.ptr[c] != 0x7f;
	if (plain)
		mapping_add_text(b, name);
	else
		strbuf_addf(b, "%zu", i + 1);
}

void guess_set_column(struct guess *g, enum mapping_key k, size_t i)
{
	STRBUF(b);

	guess_add_column(g, &b, i);
	guess_set(g, key_of(k), strbuf_str(&b));
}

/* A separator as mappings name it. */
static const char *separator_name(const struct form *f, char *room)
{
	static const struct {
		char c;
		const char *name;
	} names[] = {
		{',', "comma"}, {';', "semicolon"}, {'\t', "tab"},
		{'|', "pipe"},	{' ', "space"}, {1, "control-a"},
		{2, "control-b"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].c == f->separator)
			return names[i].name;
	room[0] = f->separator;
	room[1] = '\0';
	return f->wide[0] ? f->wide : room;
}

/* What differs from the plain form. */
static void tell_habits(struct guess *g)
{
	const struct form *f = &g->form;

	if (f->escape)
		guess_set(g, "escape", STR("backslash"));
	if (f->spaces)
		guess_set(g, "spaces", STR("yes"));
	if (f->trailing) {
		guess_set(g, "trailing",
			  f->trailing == TRAILING_ROWS ? STR("rows") : STR("header"));
		guess_note(g, MAP_TRAILING, "%s a separator too many",
		     f->trailing == TRAILING_ROWS ? "lines end with" : "the header has");
	}
	if (f->skip && g->header) {
		STRBUF(n);

		strbuf_addf(&n, "%u", f->skip);
		guess_set(g, "skip", strbuf_str(&n));
		guess_note(g, MAP_SKIP, "the header stands on line %u", f->skip + 1);
	}
	if (g->footer.len) {
		guess_set(g, "footer", strbuf_str(&g->footer));
		guess_note(g, MAP_FOOTER, "what stands at the end is no record");
	}
}

static void tell_fill(struct guess *g)
{
	if (!g->fill)
		return;
	guess_set(g, "fill", STR("yes"));
	guess_note(g, MAP_FILL,
		   "time and the like stand on the first line of an order alone");
}

static void tell_form(struct guess *g)
{
	char room[2], quote[2] = {g->form.quote, '\0'};
	STRBUF(separator);

	mapping_add_text(&separator, str_from(separator_name(&g->form, room)));
	guess_set(g, "separator", strbuf_str(&separator));
	guess_note(g, MAP_SEPARATOR, "%u%% of the sampled records have %u fields",
	     guess_percent(g->fit), g->n);
	guess_set(g, "quote", quote[0] ? str_from(quote) : STR("none"));
	if (!quote[0])
		guess_note(g, MAP_QUOTE,
			   "more records fit when \" is a sign like others");
	tell_habits(g);
	tell_fill(g);
	guess_set(g, "encoding", str_from(g->encoding));
	if (g->foreign)
		guess_note(g, MAP_ENCODING,
			   "WARNING: %zu sampled lines are not UTF-8; they read as "
		     "Windows-1252", g->foreign);
	if (g->doubtful_encoding)
		guess_note(g, MAP_ENCODING,
		     "CHECK: by the look of the letters: see that names read well");
	guess_set(g, "header", g->header ? STR("yes") : STR("no"));
	if (!g->header)
		guess_note(g, MAP_HEADER,
		     "the first record holds data: columns are known by number");
}

/* Is the visit's number one among those of its user alone? */
static bool numbered_by_user(const struct guess *g, size_t s, size_t u)
{
	const struct guess_column *c = &g->column[s];
	struct str name = c->name;

	if (g->header && (str_find_nocase(name, STR("ga_session")) != SIZE_MAX ||
			  field_same_name(name, STR("visit number")) ||
			  field_same_name(name, STR("session number"))))
		return true;
	return c->distinct < g->column[u].distinct && c->integers > 0.99 &&
	       guess_determines(g, s, u) < 0.2;
}

static bool tell_session(struct guess *g, bool bought)
{
	size_t s = g->role[MAP_SESSION], u = g->role[MAP_USER];
	STRBUF(b);

	if (g->bare)
		guess_note(g, MAP_USER,
			   "CHECK: of two columns of ids the first is taken for the "
		     "user, the second for\nthe product");
	if (g->by_time)
		guess_note(g, MAP_PRODUCT,
			   "CHECK: without names: the records of a session stand close "
		     "together in time,\nthose of a product don't");
	if (u != GUESS_NO) {
		guess_set_column(g, MAP_USER, u);
		guess_note(g, MAP_USER,
			   "%u different in %u records", g->column[u].distinct,
		     g->rows);
	}
	if (s != GUESS_NO && u != GUESS_NO && numbered_by_user(g, s, u)) {
		guess_add_column(g, &b, u);
		strbuf_adds(&b, "+");
		guess_add_column(g, &b, s);
		guess_set(g, "session", strbuf_str(&b));
		guess_note(g, MAP_SESSION, "visits are numbered for each user");
		return true;
	}
	if (s != GUESS_NO) {
		guess_set_column(g, MAP_SESSION, s);
		guess_note(g, MAP_SESSION, "%u different in %u records%s",
		     g->column[s].distinct, g->rows,
		     g->score[MAP_SESSION] >= 10 || g->header || g->by_time ? ""
			     : "; each has one time and one customer");
		return true;
	}
	if (u == GUESS_NO)
		return false;
	if (g->role[MAP_TIME] == GUESS_NO && g->year == GUESS_NO) {
		guess_set_column(g, MAP_SESSION, u);
		guess_note(g, MAP_SESSION,
			   "CHECK: nothing tells visits: all of a user goes together");
		return true;
	}
	if (!guess_times_are_days(g) && !bought) {
		guess_set(g, "gap", STR(GAP_MINUTES));
		guess_note(g, MAP_GAP,
		     "no column tells visits: a visitor's events are parted where "
		     "nothing happens for so many minutes");
		return true;
	}
	guess_add_column(g, &b, u);
	strbuf_adds(&b, "+@day");
	guess_set(g, "session", strbuf_str(&b));
	guess_note(g, MAP_SESSION,
	     "no column tells orders: what a customer did on one day goes "
	     "together");
	return true;
}

/* The column whose marks tell how numbers are written. */
static size_t real_column(const struct guess *g)
{
	const size_t columns[] = {g->role[MAP_PRICE], g->total, g->role[MAP_RATING],
				  g->role[MAP_QUANTITY]};

	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++)
		if (columns[i] != GUESS_NO && g->column[columns[i]].fractions > 0)
			return columns[i];
	return GUESS_NO;
}

static void tell_total(struct guess *g)
{
	size_t q = g->role[MAP_QUANTITY], p = g->role[MAP_PRODUCT];
	const struct guess_column *c = &g->column[g->total];
	uint32_t n = 0;
	int is = 0;

	guess_set_column(g, MAP_TOTAL, g->total);
	if (q != GUESS_NO)
		is = guess_is_total(g, p, g->total, q, &n);
	if (is > 0)
		guess_note(g, MAP_TOTAL,
			   "it grows with the quantity (%u records compared)", n);
	else if (q != GUESS_NO)
		guess_note(g, MAP_TOTAL,
		     "CHECK: by its name what all pieces of a line cost; if it is what one "
		     "costs,\nwrite price = %.*s", STR_ARG(c->shown));
	else
		guess_note(g, MAP_TOTAL,
			   "no column tells pieces: each line counts as one");
}

static void tell_quantity(struct guess *g)
{
	size_t q = g->role[MAP_QUANTITY];

	guess_set_column(g, MAP_QUANTITY, q);
	if (g->header && !guess_name_score(g->column[q].name, MAP_QUANTITY))
		guess_note(g, MAP_QUANTITY,
			   "CHECK: small whole numbers that the price grows with");
	if (g->column[q].negative > 0)
		guess_note(g, MAP_QUANTITY, "negative ones (%.2g%%) are returns",
		     g->column[q].negative * 100);
	else if (!g->header)
		guess_note(g, MAP_QUANTITY,
			   "CHECK: small whole numbers from 1 on, mostly 1");
}

static void tell_numbers(struct guess *g)
{
	size_t p = g->role[MAP_PRICE], r = g->role[MAP_RATING], real = real_column(g);

	if (p != GUESS_NO) {
		guess_set_column(g, MAP_PRICE, p);
		guess_note(g, MAP_PRICE, "numbers from %.6g to %.6g", g->column[p].least,
		     g->column[p].most);
	}
	if (g->total != GUESS_NO)
		tell_total(g);
	if (real != GUESS_NO && g->column[real].commas > 0.5) {
		guess_set(g, "decimal", STR("comma"));
		guess_note(g, MAP_DECIMAL, "%s",
		     real == r ? "ratings like 4,5" : "prices like 12,50");
	}
	if (r != GUESS_NO) {
		guess_set_column(g, MAP_RATING, r);
		guess_note(g, MAP_RATING, "numbers from %.6g to %.6g", g->column[r].least,
		     g->column[r].most);
	}
	if (g->role[MAP_QUANTITY] != GUESS_NO)
		tell_quantity(g);
}

/* The words of the status column that cancel. */
static void tell_status(struct guess *g)
{
	const struct guess_column *c = &g->column[g->status == GUESS_NO ? 0 : g->status];
	STRBUF(words);

	if (g->status == GUESS_NO)
		return;
	guess_set_column(g, MAP_STATUS, g->status);
	for (uint32_t v = 0; v < map_count(c->values); v++) {
		struct str s = map_key(c->values, v);

		if (!c->count[v] || !field_cancels(s))
			continue;
		strbuf_adds(&words, words.len ? "|" : "");
		mapping_add_text(&words, str_trim(s));
	}
	if (words.len <= GUESS_WORDS_MAX)
		guess_set(g, "status.cancelled", strbuf_str(&words));
	STRBUF(all);
	guess_add_values(g, &all, g->status, GUESS_SHOWN);
	guess_note(g, MAP_STATUS,
		   "CHECK: %.2g%% of the records are of orders that came to nothing; "
	     "they are left out\n(there are: %s)", c->cancels * 100, strbuf_c(&all));
}

/* Ids of numbers with a point, and words for unknown ones. */
static void tell_ids(struct guess *g)
{
	static const enum mapping_key ids[] = {MAP_PRODUCT, MAP_SESSION, MAP_USER,
					       MAP_CATEGORY_ID};
	bool floats = false;

	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
		size_t at = g->role[ids[i]];

		if (at == GUESS_NO)
			continue;
		if (g->column[at].floats) {
			floats = true;
			guess_note(g, MAP_ID_FLOAT,
				   "%.*s holds numbers like 17850.0 that a table "
			     "program made of ids", STR_ARG(g->column[at].shown));
		}
		if (g->column[at].unknown && ids[i] == MAP_USER)
			guess_note(g, MAP_USER, "unknown in %u", g->column[at].unknown);
	}
	if (floats)
		guess_set(g, "id.float", STR("yes"));
}

static void tell_product(struct guess *g)
{
	size_t p = g->role[MAP_PRODUCT];
	STRBUF(b);

	guess_set_column(g, MAP_PRODUCT, p);
	if (g->by_rest)
		guess_note(g, MAP_PRODUCT,
			   "CHECK: nothing is called like a product; this is the column "
		     "of ids that is left");
	for (size_t i = 0, n = 0; i < g->n && n < 4; i++)
		if (i != p && g->column[i].distinct > 1 &&
		    g->column[i].distinct < g->column[p].distinct &&
		    guess_determines(g, p, i) > GUESS_SURE)
			strbuf_addf(&b, "%s%.*s", n++ ? ", " : "",
				    STR_ARG(g->column[i].shown));
	guess_note(g, MAP_PRODUCT,
		   "%u different in %u records%s%s", g->column[p].distinct,
	     g->rows, b.len ? "; tells also: " : "", strbuf_c(&b));
}

static void tell_category(struct guess *g)
{
	size_t c = g->role[MAP_CATEGORY];
	char sign[2] = {0};

	if (g->role[MAP_CATEGORY_ID] != GUESS_NO)
		guess_set_column(g, MAP_CATEGORY_ID, g->role[MAP_CATEGORY_ID]);
	if (c == GUESS_NO)
		return;
	guess_set_column(g, MAP_CATEGORY, c);
	sign[0] = g->column[c].path_separator;
	if (g->column[c].paths < 0.3 || sign[0] == '.')
		return;
	STRBUF(b);
	mapping_add_text(&b, str_from(sign));
	guess_set(g, "category-separator", strbuf_str(&b));
}

/* Lines that are no goods: what their ids or names say. */
static bool is_service(struct str s)
{
	static const char *const words[] = {
		"post",		  "postage",
		"dotcom postage", "dot",
		"shipping",	  "shipping cost",
		"delivery",	  "carriage",
		"manual",	  "m",
		"discount",	  "d",
		"bank charges",	  "gift wrap",
		"amazonfee",	  "amazon fee",
		"cruk",		  "samples",
		"versand",	  "versandkosten",
		"porto",	  "rabatt",
		"gutschein",	  "frais de port",
		"livraison",	  "remise",
		"envio",	  "descuento",
		"spedizione",	  "sconto",
		"verzendkosten",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (field_same_name(s, str_from(words[i])))
			return true;
	return false;
}

static void tell_service(struct guess *g)
{
	const struct guess_column *c = &g->column[g->role[MAP_PRODUCT]];
	size_t s = g->role[MAP_SESSION];
	uint32_t cancelled = 0;
	STRBUF(list);

	for (uint32_t v = 0; v < map_count(c->values) && list.len < 200; v++) {
		if (!c->count[v] || !is_service(map_key(c->values, v)))
			continue;
		strbuf_adds(&list, list.len ? "|" : "");
		mapping_add_text(&list, str_trim(map_key(c->values, v)));
	}
	if (list.len) {
		guess_set(g, "service", strbuf_str(&list));
		guess_note(g, MAP_SERVICE, "CHECK: these sound like no products");
	}
	if (s == GUESS_NO || g->role[MAP_QUANTITY] == GUESS_NO)
		return;
	/* C536379 among 536365 ... */
	c = &g->column[s];
	for (uint32_t v = 0; v < map_count(c->values); v++) {
		struct str id = map_key(c->values, v);

		cancelled += c->count[v] && id.len > 3 &&
			     (id.ptr[0] == 'C' || id.ptr[0] == 'c') &&
			     (unsigned char)(id.ptr[1] - '0') <= 9;
	}
	if (!cancelled || cancelled * 2 > c->distinct)
		return;
	guess_set(g, "cancelled", STR("C"));
	guess_note(g, MAP_CANCELLED, "%u orders begin with C: cancelled ones", cancelled);
}

/* What a product determines and people could read belongs to it. */
static void tell_rest(struct guess *g, struct strbuf *unused)
{
	static const enum mapping_key plain[] = {MAP_BRAND, MAP_NAME, MAP_GROUP,
						 MAP_POSITION, MAP_COUNTRY, MAP_CHANNEL};
	size_t p = g->role[MAP_PRODUCT];

	for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++)
		if (g->role[plain[i]] != GUESS_NO)
			guess_set_column(g, plain[i], g->role[plain[i]]);
	for (size_t i = 0; i < g->n; i++) {
		const struct guess_column *c = &g->column[i];
		STRBUF(key);
		STRBUF(value);

		if (guess_used(g, i))
			continue;
		if (!c->personal && c->distinct > 1 && c->distinct <= ATTRIBUTE_VALUES &&
		    !c->exponent && g->map->n_attributes < DATASET_ATTRIBUTES &&
		    guess_determines(g, p, i) > GUESS_SURE) {
			strbuf_adds(&key, g->header ? "attribute." : "attribute.column ");
			mapping_add_text(&key, c->shown);
			guess_add_column(g, &value, i);
			guess_set(g, strbuf_c(&key), strbuf_str(&value));
			continue;
		}
		if (c->personal || !c->filled)
			continue;
		strbuf_addf(unused, "%s%s%.*s", unused->len ? ", " : "",
			    g->header ? "" : "column ", STR_ARG(c->shown));
		guess_why_unused(g, i, unused);
	}
}

/* A column in which most values are times, but not enough. */
static void add_nearly_times(const struct guess *g, struct strbuf *b)
{
	for (size_t i = 0; i < g->n; i++) {
		const struct guess_column *c = &g->column[i];

		if (g->role[MAP_TIME] == GUESS_NO && c->near_times >= 0.2)
			strbuf_addf(b, ". %u%% of %.*s read as %s", guess_percent(c->near_times),
				    STR_ARG(c->shown), c->near_format);
	}
}

static bool refuse(const struct guess *g, const char *lacks, struct err *err)
{
	STRBUF(list);
	STRBUF(nearly);

	if (guess_other(g, err))
		return false;
	for (size_t i = 0; i < g->n && list.len < 400; i++)
		strbuf_addf(&list, "%s%.*s", i ? ", " : "", STR_ARG(g->column[i].shown));
	add_nearly_times(g, &nearly);
	return err_fail(err, ERR_FORMAT,
			"%s: no column looks like %s; there are: %s%s. Name it "
			"by --map, or name the data set",
			g->file, lacks, strbuf_c(&list), strbuf_c(&nearly));
}

/* How many of the sampled records load, and the first that doesn't. */
struct tried {
	uint32_t loaded, skipped, rejected, line;
	enum reject_reason reason;
	size_t column;		/* or GUESS_NO */
	struct str value;
};

/* Would the proposal load the sampled records? */
static bool try_it(struct guess *g, const struct mapping *m, struct tried *t, struct err *err)
{
	SCOPED_FREE struct str *names = mem_alloc(g->n * sizeof *names);
	SCOPED_FREE struct str *field = mem_alloc(g->n * sizeof *field);
	SCOPED(csv_log) log = NULL;
	SCOPED(arena) arena = arena_create();
	struct event_row ev = {.arena = arena};
	enum row_result result;
	struct reject why;

	for (size_t i = 0; i < g->n; i++)
		names[i] = g->column[i].name;
	if (!csv_log_create(&log, m, (struct strs){g->header ? names : NULL, g->n}, err))
		return false;
	*t = (struct tried){.column = GUESS_NO};
	for (uint32_t r = 0; r < g->rows; r++) {
		for (size_t i = 0; i < g->n; i++) {
			const struct guess_column *c = &g->column[i];

			field[i] = c->code[r] == MAP_NONE
					   ? STR("")
					   : map_key(c->values, c->code[r]);
		}
		result = csv_log_row(log, (struct strs){field, g->n}, &ev, &why);
		t->loaded += result == ROW_EVENT;
		t->skipped += result == ROW_SKIP;
		if (result == ROW_REJECT && t->rejected++ == 0) {
			t->line = g->line[r];
			t->reason = why.reason;
			t->column = why.column < g->n ? why.column : GUESS_NO;
			t->value = arena_str(g->arena, why.value);
		}
		arena_reset(arena);
	}
	return true;
}

static double share_of(const struct guess *g, const struct tried *t)
{
	return (double)(t->rejected + g->misfits) /
	       (double)(g->rows + g->misfits ? g->rows + g->misfits : 1);
}

/* Import refuses a log of which so many records don't load, unless the mapping says. */
static void tell_rejects(struct guess *g, const struct tried *t)
{
	double share = share_of(g, t);
	STRBUF(most);

	if (share <= MAX_REJECTS || share > MOST_REJECTS)
		return;
	strbuf_addf(&most, "%.2g", share + 0.02);
	guess_set(g, "max-rejects", strbuf_str(&most));
	guess_note(g, MAP_MAX_REJECTS,
		   "CHECK: import takes a log of which %u%% are rejected only "
	     "because of this line", guess_percent(share));
}

static void add_rejected(const struct guess *g, const struct tried *t, struct strbuf *out)
{
	if (t->rejected) {
		strbuf_addf(out, "# WARNING: %u sampled records don't load: %s", t->rejected,
			    reject_text(t->reason));
		if (t->line)
			strbuf_addf(out, ", the first on line %u", t->line);
		strbuf_adds(out, "\n");
		if (t->column != GUESS_NO) {
			strbuf_addf(out, "# (%.*s '", STR_ARG(g->column[t->column].shown));
			guess_add_value(out, t->value);
			strbuf_adds(out, "').\n");
		}
	}
	if (share_of(g, t) > MOST_REJECTS)
		strbuf_addf(out, "# WARNING: import refuses so many (%u%%) unless --max-rejects is "
			    "given.\n", guess_percent(share_of(g, t)));
}

static void add_head(const struct guess *g, const struct tried *t, struct strbuf *out)
{
	const char *set = guess_known_set(g);
	STRBUF(file);

	sanitize(&file, str_from(g->file), SANITIZE_LINE);
	strbuf_addf(out,
		    "# A proposal for %s, from %u sampled records, of which %u load.\n"
		    "# Read it, then: aisle import csv FILE --map THIS --into STORE\n",
		    strbuf_c(&file), g->rows + g->misfits, t->loaded + t->skipped);
	if (set)
		strbuf_addf(out, "# These are the columns of the data set %s, which needs no "
			    "mapping:\n# aisle import %s FILE --into STORE\n", set, set);
	if (g->export)
		strbuf_addf(out, "# It looks like %s.\n", guess_export_name(g->export));
	add_rejected(g, t, out);
}

static void write_all(const struct guess *g, struct strbuf *text)
{
	struct str notes[MAPPING_KEYS];

	for (int k = 0; k < MAPPING_KEYS; k++)
		notes[k] = strbuf_str(&g->note[k]);
	strbuf_reset(text);
	mapping_write(g->map, notes, text);
}

bool guess_tell(struct guess *g, struct strbuf *out, struct err *err)
{
	SCOPED(mapping) read = NULL;
	STRBUF(unused);
	STRBUF(text);
	struct tried tried = {0};

	tell_form(g);
	if (!guess_tell_time(g))
		return refuse(g, "times", err);
	if (g->role[MAP_PRODUCT] == GUESS_NO)
		return refuse(g, "product ids", err);
	if (!tell_session(g, guess_tell_event(g)))
		return refuse(g, "sessions, orders or customers", err);
	tell_product(g);
	tell_numbers(g);
	tell_category(g);
	tell_service(g);
	tell_status(g);
	tell_ids(g);
	tell_rest(g, &unused);
	write_all(g, &text);
	if (!mapping_parse_file(&read, "the proposal", strbuf_str(&text), err) ||
	    !try_it(g, read, &tried, err))
		return false;
	if (!tried.loaded)
		return refuse(g, "what a log needs together", err);
	tell_rejects(g, &tried);
	write_all(g, &text);
	add_head(g, &tried, out);
	guess_warn(g, out);
	strbuf_add(out, strbuf_str(&text));
	if (unused.len)
		strbuf_addf(out, "# not used: %s\n", strbuf_c(&unused));
	return true;
}
