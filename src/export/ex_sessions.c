/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All events, session by session: as a table, as RecBole's .inter, as Gorse's
 * feedback, or as a log of the data set that import reads back. Where the store
 * knows no user, a session stands for one in the files of other recommenders.
 */
#include "config.h"

#include "base/job.h"
#include "base/out.h"
#include "base/utf8.h"
#include "data/csv.h"
#include "data/output.h"
#include "data/restore.h"
#include "export/grid.h"
#include "query/filter.h"
#include "stats/live.h"
#include "store/store.h"

static const struct grid_column table[] = {
	{"session", GRID_ID}, {"user", GRID_ID}, {"time", GRID_TIME},
	{"event", GRID_TEXT}, {"product", GRID_ID}, {"category", GRID_TEXT},
	{"brand", GRID_TEXT}, {"price", GRID_NUMBER}, {"quantity", GRID_NUMBER},
	{"rating", GRID_NUMBER},
};
static const struct grid_column inter[] = {
	{"user_id", GRID_ID}, {"item_id", GRID_ID}, {"session_id", GRID_ID},
	{"event", GRID_TEXT}, {"timestamp", GRID_TIME},
	{"rating", GRID_NUMBER},
};
static const struct grid_column feedback[] = {
	{"feedback_type", GRID_TEXT}, {"user_id", GRID_ID}, {"item_id", GRID_ID},
	{"time_stamp", GRID_TIME},
};

/* What the filter and the category leave of the log. */
static bool is_in(const struct export_request *r, uint32_t session, uint64_t e)
{
	return (!r->about.live || live_event(r->about.live, session, e)) &&
	       export_has(r, store_catalog(r->about.store)->event_product[e]);
}

/* The user and the session of the events that come, as they are to be called. */
struct people {
	struct str user, session;
	struct strbuf b[2];
};

static void people_meet(struct people *p, const struct export_request *r, uint32_t session)
{
	const struct catalog *cat = store_catalog(r->about.store);
	uint32_t user = cat->session_user ? cat->session_user[session] : CATALOG_NONE;
	struct str none = STR("");

	p->user = pseudonym_whole(&r->about, PSEUDONYM_USER, user < cat->user_id.n
				  ? text_at(&cat->user_id, user) : none, &p->b[0]);
	p->session = pseudonym_whole(&r->about, PSEUDONYM_SESSION, cat->session_id.offsets
				     ? text_at(&cat->session_id, session) : none, &p->b[1]);
}

static void people_finish(struct people *p)
{
	strbuf_finish(&p->b[0]);
	strbuf_finish(&p->b[1]);
}

static void read_event(const struct export_request *r, const struct people *p,
		       uint32_t session, uint64_t e, struct event_row *ev)
{
	restore_event(store_catalog(r->about.store), session, e, ev);
	ev->user = p->user;
	ev->session = p->session;
}

static struct str user_of(const struct event_row *ev)
{
	return ev->user.len ? ev->user : ev->session;
}

/* The last column of a log that has ratings. */
static void add_rating(struct grid *s, const struct event_row *ev)
{
	if (!store_catalog(s->r->about.store)->event_rating)
		return;
	if (ev->has_rating)
		emit_real(&s->emit, ev->rating);
	else
		emit_empty(&s->emit);
}

static void table_row(struct grid *s, uint64_t e, const struct event_row *ev)
{
	const struct catalog *cat = store_catalog(s->r->about.store);
	uint32_t p = cat->event_product[e];

	emit_text(&s->emit, ev->session);
	if (ev->user.len)
		emit_text(&s->emit, ev->user);
	else
		emit_empty(&s->emit);
	grid_time(s, ev->time);
	emit_text(&s->emit, str_from(event_kind_name(ev->kind)));
	emit_text(&s->emit, ev->product);
	grid_name(s, &cat->category_path, cat->product_category[p]);
	emit_text(&s->emit, ev->brand);
	grid_money(s, ev->has_price ? ev->price.units : PRICE_NONE);
	emit_count(&s->emit, ev->quantity);
	add_rating(s, ev);
}

static void inter_row(struct grid *s, uint64_t e, const struct event_row *ev)
{
	(void)e;
	emit_text(&s->emit, user_of(ev));
	emit_text(&s->emit, ev->product);
	emit_text(&s->emit, ev->session);
	emit_text(&s->emit, str_from(event_kind_name(ev->kind)));
	grid_time(s, ev->time);
	add_rating(s, ev);
}

static void feedback_row(struct grid *s, uint64_t e, const struct event_row *ev)
{
	(void)e;
	emit_text(&s->emit, str_from(event_kind_name(ev->kind)));
	emit_text(&s->emit, user_of(ev));
	emit_text(&s->emit, ev->product);
	grid_time(s, ev->time);
}

static bool write_sheet(const struct export_request *r, const struct grid_column *columns,
			unsigned n,
			void (*row)(struct grid *s, uint64_t e, const struct event_row *ev),
			struct err *err)
{
	const struct catalog *cat = store_catalog(r->about.store);
	struct people people = {0};
	struct event_row ev;
	struct grid s;
	bool ok = true;

	grid_init(&s, r, columns, n);
	for (uint32_t i = 0; ok && i < cat->n_sessions; i++) {
		people_meet(&people, r, i);
		for (uint64_t e = cat->session_offsets[i]; e < cat->session_offsets[i + 1]; e++) {
			if (!is_in(r, i, e))
				continue;
			read_event(r, &people, i, e, &ev);
			row(&s, e, &ev);
		}
		job_advance(r->job, cat->session_offsets[i + 1] - cat->session_offsets[i]);
		ok = i % 1024 || grid_check(&s, err);
	}
	grid_finish(&s);
	people_finish(&people);
	return ok;
}

static bool log_dataset(const struct export_request *r, const struct dataset **set,
			struct err *err)
{
	const json_t *meta = store_meta(r->about.store);
	const char *name = json_string_value(json_object_get(meta, "dataset"));

	*set = name ? dataset_find(str_from(name)) : NULL;
	if (*set && output_log(*set))
		return true;
	return err_fail(err, ERR_USAGE, "the store was made of %s, which aisle can't write; "
			"take csv, tsv or jsonl", name ? name : "an unknown data set");
}

/* Apostrophes where a spreadsheet sees a formula: texts of the record, copied. */
static void make_safe(struct event_row *ev, struct strbuf *b)
{
	struct str *text[] = {
		&ev->product, &ev->session, &ev->user, &ev->category, &ev->category_path,
		&ev->brand, &ev->name, &ev->group, &ev->description,
	};
	size_t n = sizeof text / sizeof *text, total = 0;

	for (size_t i = 0; i < n + DATASET_ATTRIBUTES; i++)
		total += 1 + (i < n ? text[i] : &ev->attribute[i - n])->len;
	strbuf_reset(b);
	strbuf_reserve(b, total);	/* so that nothing moves below */
	for (size_t i = 0; i < n + DATASET_ATTRIBUTES; i++) {
		struct str *s = i < n ? text[i] : &ev->attribute[i - n];
		size_t at = b->len;

		if (!csv_is_formula(*s))
			continue;
		strbuf_addc(b, '\'');
		strbuf_add(b, *s);
		*s = str_span(b->ptr + at, b->len - at);
	}
}

static bool write_rows(const struct export_request *r, const struct output_file *log,
		       struct people *people, struct err *err)
{
	const struct catalog *cat = store_catalog(r->about.store);
	struct event_row ev;
	STRBUF(text);
	STRBUF(safe);

	if (log->header)
		log->header(&text);
	for (uint32_t i = 0; i < cat->n_sessions; i++) {
		people_meet(people, r, i);
		for (uint64_t e = cat->session_offsets[i]; e < cat->session_offsets[i + 1]; e++) {
			if (!is_in(r, i, e))
				continue;
			read_event(r, people, i, e, &ev);
			if (r->spreadsheet)
				make_safe(&ev, &safe);
			log->row(&text, &ev);
		}
		job_advance(r->job, cat->session_offsets[i + 1] - cat->session_offsets[i]);
		if (text.len >= 65536) {
			out_add(r->out, strbuf_str(&text));
			strbuf_reset(&text);
		}
		if (out_failed(r->out))
			return out_flush(r->out, err);
		if (i % 1024 == 0 && !job_check(r->job, err))
			return false;
	}
	out_add(r->out, strbuf_str(&text));
	return true;
}

static bool write_log(const struct export_request *r, struct err *err)
{
	struct people people = {0};
	const struct dataset *set;
	bool ok;

	if (!log_dataset(r, &set, err))
		return false;
	ok = write_rows(r, output_log(set), &people, err);
	people_finish(&people);
	return ok;
}

static bool sessions_run(const struct export_request *r, struct err *err)
{
	bool rated = store_catalog(r->about.store)->event_rating;

	/* Pseudonyms under such a filter would say of each what it is. */
	if (r->about.where && filter_has_users(r->about.where) &&
	    !outlook_asks(r->about.outlook, ASK_SHOW_USERS))
		return err_fail(err, ERR_USAGE, "what is known of users stays apart from what they "
				"did: with user. in --where, sessions are written with "
				"--show-users only");
	if (!store_catalog(r->about.store)->n_events)
		return err_fail(err, ERR_NO, "this store has no sessions to write: its counts were "
				"made elsewhere");
	job_step(r->job, "writing events", store_catalog(r->about.store)->n_events);
	if (r->format == EXPORT_LOG)
		return write_log(r, err);
	if (r->format == EXPORT_RECBOLE)
		return write_sheet(r, inter, sizeof inter / sizeof *inter - !rated, inter_row,
				   err);
	if (r->format == EXPORT_GORSE)
		return write_sheet(r, feedback, sizeof feedback / sizeof *feedback,
				   feedback_row, err);
	return write_sheet(r, table, sizeof table / sizeof *table - !rated, table_row, err);
}

const struct export_class ex_sessions = {
	.name = "sessions",
	.summary = "All events, session by session; as recbole the .inter file, as gorse the "
		"feedback, as log a file that import reads back.",
	.asks = MAY(CATEGORY) | MAY(SHOW_USERS),
	.formats = EXPORT_TABLES | 1u << EXPORT_RECBOLE | 1u << EXPORT_GORSE |
		1u << EXPORT_LOG,
	.dflt = EXPORT_CSV,
	.where = FILTER_PRODUCT | FILTER_EVENT | FILTER_SESSION,
	.run = sessions_run,
};
