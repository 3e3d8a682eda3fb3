/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One basket per line and nothing else: the form of market basket collections. */
#include "config.h"

#include "data/dataset.h"

#include <limits.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/quote.h"
#include "base/time.h"
#include "data/csv.h"
#include "data/field.h"
#include "data/output.h"

#define LOOKED_AT 2000	/* lines that are looked at before */
#define LINES_LEAST 20	/* of fewer nothing is said */

/* How the lines are to be read. */
struct baskets {
	struct arena *arena;
	struct form form;
	struct file_kind kind;
	bool one_hot, users;
	unsigned skip;		/* fields in front of the items */
	const char **name;	/* (kind.n_columns) one-hot: the items */
};

/* Two separators side by side, or one at the end, have no item between them; what
 * table programs pad a line with is none. */
static unsigned next_item(struct strs field, unsigned from)
{
	while (from < field.n &&
	       (!str_trim(field.at[from]).len || field_missing(str_trim(field.at[from]))))
		from++;
	return from;
}

/* All of a record, before its first item is taken. */
static bool check_items(struct strs field, unsigned from, struct reject *why)
{
	struct str id;

	for (unsigned i = next_item(field, from); i < field.n;
	     i = next_item(field, i + 1))
		if (!field_id((struct field){str_trim(field.at[i]), i}, false, &id, why))
			return false;
	return true;
}

static void make_event(struct event_row *ev, struct str item, uint32_t quantity)
{
	ev->time = TIME_NONE;
	ev->kind = EVENT_PURCHASE;
	ev->quantity = quantity;
	ev->product = ev->name = item;
}

static enum row_result row(const void *ctx, struct strs field, struct event_row *ev,
			   struct reject *why)
{
	const struct baskets *k = ctx;
	unsigned from = k->skip, at = next_item(field, ev->cursor ? ev->cursor : from);

	if (at >= field.n)
		return ROW_SKIP;
	if (ev->cursor == 0) {
		ev->user = STR_NULL;
		if (!check_items(field, from, why) ||
		    (k->users && !field_id((struct field){str_trim(field.at[0]), 0}, false,
					   &ev->user, why)))
			return ROW_REJECT;
	} else if (k->users) {
		ev->user = str_trim(field.at[0]);
	}
	make_event(ev, str_trim(field.at[at]), 1);
	ev->cursor = next_item(field, at + 1);
	return ev->cursor < field.n ? ROW_MORE : ROW_EVENT;
}

/* Pieces of an item: 0 where it isn't in the basket. */
static uint32_t pieces(struct str s)
{
	static const char *const yes[] = {"true", "t", "yes", "y", "x"};
	struct decimal d;
	int64_t n;

	if (field_decimal(s, false, &d))
		return num_rescale(d, 0, &n) && n > 0 && n <= 1000000 ? (uint32_t)n : 0;
	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		if (field_same_name(str_trim(s), str_from(yes[i])))
			return 1;
	return 0;
}

static unsigned next_yes(struct strs field, unsigned from)
{
	while (from < field.n && !pieces(field.at[from]))
		from++;
	return from;
}

static enum row_result one_hot_row(const void *ctx, struct strs field,
				   struct event_row *ev, struct reject *why)
{
	const struct baskets *k = ctx;
	unsigned at = next_yes(field, ev->cursor ? ev->cursor : k->skip);
	struct str id;

	(void)why;
	if (at == field.n)
		return ROW_SKIP;
	if (!field_id((struct field){str_from(k->name[at]), at}, false, &id, why))
		return ROW_REJECT;
	make_event(ev, id, pieces(field.at[at]));
	ev->cursor = next_yes(field, at + 1);
	return ev->cursor < field.n ? ROW_MORE : ROW_EVENT;
}

/* What the first lines of a file look like. */
struct looks {
	struct map *items, *first;	/* behind the first field; it */
	uint32_t *count;		/* (items) */
	size_t cap_count;
	uint32_t n, cells, counters;	/* counters: the first field is the number of items */
	struct str header[DATASET_COLUMNS]; /* the first line */
	unsigned n_header;
};

static void look_at(struct looks *l, struct arena *arena, const struct csv_record *r)
{
	unsigned items = 0;
	uint64_t number;

	for (unsigned i = 0; i < r->n; i++) {
		struct str s = str_trim(r->field[i]);
		uint32_t code;

		if (l->n == 0 && i < DATASET_COLUMNS)
			l->header[l->n_header++] = arena_str(arena, s);
		if (!s.len || field_missing(s))
			continue;
		if (i == 0) {
			map_intern(l->first, s, NULL);
			continue;
		}
		items++;
		code = map_intern(l->items, s, NULL);
		MEM_GROW(l->count, l->cap_count, (size_t)code + 1);
		l->count[code] = code + 1 == map_count(l->items) && l->count[code] == 0
					 ? 1 : l->count[code] + 1;
	}
	l->cells += items;
	l->counters += r->n && num_u64(str_trim(r->field[0]), &number) && number == items;
	l->n++;
}

static bool read_head(struct looks *l, struct arena *arena, const char *path,
		      const struct dataset *set, struct err *err)
{
	struct split_limits limits = split_limits_default(1);
	const struct split_piece *p;
	SCOPED(split) s = NULL;
	struct csv_record r;
	struct csv csv;
	size_t n = 1;
	bool ok;

	limits.field = limits.record = limits.piece = limits.window = 1 << 16;
	if (!split_open_encoded(&s, path, set->encoding, set->separator, &limits, err))
		return false;
	csv_reader_init(&csv, set->separator, &limits);
	while ((ok = split_next(s, &p, &n, NULL, err)) && n && l->n < LOOKED_AT)
		for (size_t i = 0; i < n; i++) {
			csv_reader_start(&csv, &p[i]);
			while (l->n < LOOKED_AT && csv_reader_next(&csv, &r))
				if (!r.reason)
					look_at(l, arena, &r);
		}
	csv_reader_finish(&csv);
	return ok;
}

static uint32_t times(const struct looks *l, struct str item)
{
	uint32_t code = map_find(l->items, item);

	return code == MAP_NONE ? 0 : l->count[code];
}

/* Names that come nowhere else, above items that come again. */
static bool has_header(const struct looks *l)
{
	uint32_t once = 0;

	for (uint32_t i = 0; i < map_count(l->items); i++)
		once += l->count[i] == 1;
	for (unsigned i = 0; i < l->n_header; i++)
		if (!l->header[i].len || times(l, l->header[i]) > (i > 0) ||
		    (i == 0 && map_count(l->first) < l->n / 2))
			return false;
	return l->n_header > 1 && l->n >= LINES_LEAST && once * 4 < map_count(l->items) &&
	       l->n_header - 1 + once / 2 >= once;
}

/* A first field that is another one on each line and no item of any. */
static bool has_names(const struct looks *l)
{
	uint32_t again = 0;

	for (uint32_t i = 0; i < map_count(l->first); i++)
		again += times(l, map_key(l->first, i)) > 0;
	return l->n >= LINES_LEAST && map_count(l->first) * 20 >= l->n * 19 &&
	       again * 20 < l->n && map_count(l->items) * 2 < l->cells;
}

/* What doesn't look like an item is asked about; who says what it is isn't asked. */
static bool ask(const struct dataset_options *o, const struct looks *l, const char *path,
		struct err *err)
{
	if (!o->header && has_header(l))
		return err_fail(err, ERR_FORMAT, "the first line of %s looks like a header: none "
				"of it comes again. Say --header yes, or --header no if these "
				"are items", path);
	if (o->skip_columns >= 0 || o->layout)
		return true;
	if (has_names(l))
		return err_fail(err, ERR_FORMAT, "the lines of %s begin with a name or number "
				"that never comes again. Say --layout user-items if it is the "
				"user, --skip-columns 1 to leave it out, or --skip-columns 0 if "
				"it is an item", path);
	if (l->n >= LINES_LEAST && l->counters * 20 >= l->n * 19)
		return err_fail(err, ERR_FORMAT, "the lines of %s begin with the number of their "
				"items. Say --skip-columns 1 to leave it out, or --skip-columns 0 "
				"if it is an item", path);
	return true;
}

static bool look(const struct dataset_options *o, const struct dataset *set,
		 struct baskets *k, const char *path, struct err *err)
{
	struct looks l = {.items = map_create(), .first = map_create()};
	bool ok = strcmp(path, "-") == 0 || read_head(&l, k->arena, path, set, err);

	ok = ok && (k->one_hot || l.n == 0 || ask(o, &l, path, err));
	if (ok && k->one_hot && !l.n_header)
		ok = err_fail(err, ERR_USAGE, "--layout one-hot needs a file with a header, not "
			      "standard input");
	if (ok && k->one_hot) {
		k->name = arena_alloc(k->arena, l.n_header * sizeof *k->name);
		for (unsigned i = 0; i < l.n_header; i++)
			k->name[i] = l.header[i].ptr;
		k->kind.n_columns = l.n_header;
		k->kind.columns = k->name;
		k->kind.header = true;
	}
	map_destroy(l.items);
	map_destroy(l.first);
	free(l.count);
	return ok;
}

static void finish(struct dataset *copy)
{
	struct baskets *k = (struct baskets *)(uintptr_t)copy->ctx;

	if (k)
		arena_destroy(k->arena);
	free(k);
}

static bool configure(struct dataset *copy, const struct dataset_options *o,
		      struct dataset_files files, struct err *err)
{
	struct baskets *k;

	if (o->gap)
		return err_fail(err, ERR_USAGE, "every line of baskets is a basket: "
				"--gap has no say there");
	k = mem_zalloc(sizeof *k);
	copy->ctx = k;
	k->arena = arena_create();
	k->kind = copy->kinds[0];
	k->one_hot = o->layout && strcmp(o->layout, "one-hot") == 0;
	k->users = o->layout && strcmp(o->layout, "user-items") == 0;
	k->skip = o->skip_columns > 0 ? (unsigned)o->skip_columns : k->users;
	k->form = (struct form){.separator = copy->separator, .quote = '"'};
	k->form.skip = !k->one_hot && o->header && strcmp(o->header, "yes") == 0;
	k->kind.row = k->one_hot ? one_hot_row : row;
	k->kind.caps |= k->users ? CAP_USERS : 0;
	copy->kinds = &k->kind;
	copy->form = form_needed(&k->form) ? &k->form : NULL;
	if (!files.n || look(o, copy, k, files.at[0], err))
		return true;
	finish(copy);
	return false;
}

/* Each item takes the line end of the one before it away. */
static void write_row(struct strbuf *out, const struct event_row *ev)
{
	if (ev->cursor)
		out->ptr[out->len - 1] = ',';
	quote_csv(out, ev->product, ',');
	strbuf_addc(out, '\n');
}

static const enum column_role roles[] = {COLUMN_ID};
static const struct output_file output[] = {{
	.name = "baskets.csv",
	.kinds = OUTPUT_PURCHASES,
	.by_session = true,
	.row = write_row,
	.roles = roles,
	.n_roles = 1,
	.any_fields = true,
}};
static const struct dataset_writer writer = {.files = output, .n_files = 1};

static const struct file_kind kind[] = {{
	.name = "baskets",
	.caps = CAP_PURCHASES | CAP_UNDATED,
	.row = row,
}};

const struct dataset ds_baskets = {
	.name = "baskets",
	.title = "one basket per line",
	.files = "one or more files, a basket on each line, its items parted by commas or what "
		 "--separator says (space for the FIMI files); --header, --skip-columns and "
		 "--layout tell of others",
	.basket = "one line",
	.note = "All items are purchases. There are no times: the baskets are in the order "
		"of the files, and their numbers are their ids.",
	.separator = ',',
	.kinds = kind,
	.n_kinds = 1,
	.currency = "",
	.lists = true,
	.configure = configure,
	.finish = finish,
	.writer = &writer,
};
