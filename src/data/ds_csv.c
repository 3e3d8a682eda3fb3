/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any shop's log, by a mapping that says what its columns are. */
#include "config.h"

#include "data/ds_csv.h"

#include "base/arena.h"
#include "base/time_format.h"
#include "data/csv.h"
#include "data/csv_log.h"

#define DEFAULT_GAP 30.0  /* minutes */

static unsigned csv_log_caps(const struct csv_log *l)
{
	static const struct {
		enum mapping_key role;
		unsigned cap;
	} told[] = {
		{MAP_USER, CAP_USERS},		{MAP_PRICE, CAP_PRICES},
		{MAP_NAME, CAP_NAMES},		{MAP_BRAND, CAP_BRANDS},
		{MAP_QUANTITY, CAP_QUANTITIES}, {MAP_RATING, CAP_RATINGS},
		{MAP_TOTAL, CAP_PRICES},
	};
	static const unsigned kinds[EVENT_KINDS] = {
		[EVENT_VIEW] = CAP_VIEWS,
		[EVENT_CART] = CAP_CARTS,
		[EVENT_PURCHASE] = CAP_PURCHASES,
	};
	unsigned caps = 0;

	for (size_t i = 0; i < sizeof(told) / sizeof(*told); i++)
		caps |= l->role[told[i].role].n ? told[i].cap : 0;
	for (int k = 0; k < EVENT_KINDS; k++)
		caps |= l->map->kind == k || l->event[k].n ||
					(l->role[MAP_EVENT].n && !l->own_events)
				? kinds[k]
				: 0;
	if (!l->role[MAP_TIME].n || time_format_is_number(l->map->time_format))
		caps |= CAP_UNDATED;
	else if (time_format_has_hours(l->map->time_format))
		caps |= CAP_HOURS;
	return caps;
}

/* The first record of a file; its texts in the arena. */
static bool read_names(const struct mapping *m, const char *path, const char *encoding,
		       struct arena *arena, struct str **names, unsigned *n,
		       struct err *err)
{
	/* Small: freeing a big block would change how malloc deals with later ones. */
	struct split_limits limits = {
		.field = 1 << 14,
		.record = 1 << 15,
		.piece = 1 << 15,
		.window = 1 << 15,
		.no_quotes = !m->form.quote,
		.quote = m->form.quote,
		.form = &m->form,
		.tables = true,
	};
	const struct split_piece *pieces;
	SCOPED(split) s = NULL;
	struct csv_record r;
	struct csv csv;
	bool found = false;
	size_t pieces_n = 1;

	if (!split_open_encoded(&s, path, encoding, m->form.separator, &limits, err))
		return false;
	csv_reader_init(&csv, m->form.separator, &limits);
	while (!found && pieces_n && split_next(s, &pieces, &pieces_n, NULL, err))
		for (size_t i = 0; i < pieces_n && !found; i++) {
			csv_reader_start(&csv, &pieces[i]);
			found = csv_reader_next(&csv, &r);
		}
	if (!found)
		err_fail(err, ERR_FORMAT, "%s is empty", path);
	else if (r.reason || r.n > DATASET_COLUMNS)
		found = err_fail(err, ERR_FORMAT,
				 "%s:%llu: the first record can't be read: "
				 "%s",
				 path, (unsigned long long)r.line + 1,
				 r.reason ? reject_text(r.reason) : "too many columns");
	if (found) {
		*n = r.n;
		*names = arena_alloc(arena, r.n * sizeof **names);
		for (unsigned i = 0; i < r.n; i++)
			(*names)[i] = arena_str(arena, r.field[i]);
	}
	csv_reader_finish(&csv);
	return found;
}

/* What stands on the first line of an order alone; of several columns none is it. */
static void take_fill(struct mapping *m)
{
	static const enum mapping_key roles[] = {MAP_TIME, MAP_USER, MAP_STATUS, MAP_COUNTRY,
						 MAP_CHANNEL};
	struct form *f = &m->form;

	if (m->role[MAP_SESSION].n != 1)
		return;
	f->order = m->role[MAP_SESSION].part[0];
	f->header = m->header;
	for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++)
		for (unsigned k = 0; k < m->role[roles[i]].n && f->n_fill < FORM_FILLS; k++)
			f->fill[f->n_fill++] = m->role[roles[i]].part[k];
}

static bool csv_configure(struct dataset *copy, const struct dataset_options *o,
			  struct dataset_files files, struct err *err)
{
	SCOPED(mapping) m = NULL;
	SCOPED(csv_log) l = NULL;
	SCOPED(arena) arena = arena_create();
	struct str *names = NULL;
	STRBUF(text);
	unsigned n;

	if (!o->map && !o->mapping)
		return err_fail(err, ERR_USAGE,
				"csv needs to know the columns: --map "
				"time=COLUMN,product=COLUMN,... or --map FILE.aislemap; "
				"aisle import --guess FILE proposes one");
	if (!(o->map ? mapping_load(&m, o->map, err)
		     : mapping_parse_file(&m, "the store's mapping", str_from(o->mapping),
					  err)))
		return false;
	mapping_write(m, NULL, &text);
	if (o->gap && m->role[MAP_SESSION].n)
		return err_fail(err, ERR_USAGE,
				"the mapping names a session column: --gap "
				"has no say there");
	if (o->separator) {
		m->form.separator = o->separator;
		m->form.wide[0] = '\0';
	}
	if (!copy->encoding && m->value[MAP_ENCODING].text.ptr)
		copy->encoding = m->value[MAP_ENCODING].text.ptr;
	if (!files.n)
		return false;
	l = csv_log_make(m);
	/* What is read from standard input can't be read again: see begin(). */
	if (strcmp(files.at[0], "-") != 0 &&
	    (!read_names(m, files.at[0], copy->encoding, arena, &names, &n, err) ||
	     !csv_log_columns(l, (struct strs){m->header ? names : NULL, n}, err)))
		return false;
	if (!csv_log_check(l, err))
		return false;
	l->kind = (struct file_kind){
		.name = "events",
		.header = m->header,
		.blank_first_line = true,
		.n_columns = l->n,
		.columns = l->name,
		.caps = csv_log_caps(l),
		.row = csv_log_row,
	};
	copy->kinds = &l->kind;
	copy->n_kinds = 1;
	copy->choice = l->n ? &l->choice : NULL;
	if (m->fill)
		take_fill(m);
	copy->separator = m->form.separator;
	copy->no_quotes = !m->form.quote;
	copy->form = form_needed(&m->form) || m->form.n_fill || m->form.quote == '\'' ? &m->form
										 : NULL;
	copy->path_separator = l->path_separator;
	copy->every_category = m->every_category;
	copy->traits = m->role[MAP_COUNTRY].n || m->role[MAP_CHANNEL].n;
	copy->n_attributes = m->n_attributes;
	copy->attributes = l->attribute_name;
	if (m->value[MAP_CURRENCY].text.ptr)
		copy->currency = m->value[MAP_CURRENCY].text.ptr;
	if (!m->role[MAP_TIME].n && o->gap)
		return err_fail(err, ERR_USAGE,
				"the mapping names no time column: --gap has no say there");
	if (!m->role[MAP_SESSION].n && m->role[MAP_TIME].n && !copy->gap)
		copy->gap = (int64_t)((m->gap > 0 ? m->gap : DEFAULT_GAP) * 60000);
	copy->mapping = arena_str(l->arena, strbuf_str(&text)).ptr;
	copy->ctx = l;
	l->map = l->owned = m;
	m = NULL;
	l = NULL;
	return true;
}

static bool csv_begin(const struct dataset *copy, struct strs field, struct err *err)
{
	struct csv_log *l = (struct csv_log *)(uintptr_t)copy->ctx;

	if (l->n)
		return true;
	if (field.n > DATASET_COLUMNS)
		return err_fail(err, ERR_FORMAT, "the first record has too many columns");
	if (!csv_log_columns(l, (struct strs){l->map->header ? field.at : NULL, field.n},
			  err))
		return false;
	l->kind.n_columns = l->n;
	l->kind.columns = l->name;
	return true;
}

#define UNUSED_SHOWN 12

static const char *csv_unused(const struct dataset *copy)
{
	const struct csv_log *l = copy->ctx;
	unsigned n = 0;
	STRBUF(list);

	for (unsigned i = 0; i < l->n && l->map->header; i++)
		if (!l->used[i] && n++ < UNUSED_SHOWN)
			strbuf_addf(&list, "%s%s", n > 1 ? ", " : "", l->name[i]);
	if (n > UNUSED_SHOWN)
		strbuf_addf(&list, " and %u more", n - UNUSED_SHOWN);
	return n ? arena_str(l->arena, strbuf_str(&list)).ptr : NULL;
}

static void csv_finish(struct dataset *copy)
{
	csv_log_destroy((struct csv_log *)(uintptr_t)copy->ctx);
}

const struct dataset ds_csv = {
	.name = "csv",
	.title = "any shop's log, by a mapping of its columns",
	.files = "one or more files of delimited text with the same columns",
	.basket = "what the mapping says: a column, several, a customer's day, or a "
		  "visitor's events without a long gap",
	.note = "aisle import --guess FILE proposes a mapping; aisle-import(5) has its "
		"keys.",
	.separator = ',',
	.mapped = true,
	.repairs = true,
	.price_scale = 2,
	.currency = "",
	.configure = csv_configure,
	.begin = csv_begin,
	.unused = csv_unused,
	.finish = csv_finish,
	.writer = &csv_writer,
};
