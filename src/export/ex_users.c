/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The users with what they did, or Gorse's users (without labels). */
#include "config.h"

#include "base/job.h"
#include "export/sheet.h"

static const struct sheet_column columns[] = {
	{"user", SHEET_ID}, {"sessions", SHEET_NUMBER}, {"events", SHEET_NUMBER},
	{"first", SHEET_TIME}, {"last", SHEET_TIME},
};
static const struct sheet_column gorse[] = {
	{"user_id", SHEET_ID}, {"labels", SHEET_TEXT},
};

static void write_user(struct sheet *s, uint32_t u)
{
	const struct catalog *cat = s->r->catalog;
	uint64_t from = cat->user_offsets[u], end = cat->user_offsets[u + 1], events = 0;
	int64_t last = INT64_MIN;

	for (uint64_t i = from; i < end; i++) {
		uint32_t session = cat->user_session[i];
		uint64_t after = cat->session_offsets[session + 1];

		events += after - cat->session_offsets[session];
		if (after && cat->event_time[after - 1] > last)
			last = cat->event_time[after - 1];
	}
	sheet_text(s, text_at(&cat->user_id, u));
	sheet_count(s, end - from);
	sheet_count(s, events);
	if (events) {
		sheet_time(s, cat->event_time[cat->session_offsets[cat->user_session[from]]]);
		sheet_time(s, last);
	} else {
		sheet_empty(s);
		sheet_empty(s);
	}
}

static bool write_users(struct sheet *s, struct err *err)
{
	const struct catalog *cat = s->r->catalog;

	for (uint32_t u = 0; u < cat->n_users; u++) {
		if (s->r->format == EXPORT_GORSE) {
			sheet_text(s, text_at(&cat->user_id, u));
			sheet_text(s, STR("null"));
		} else {
			write_user(s, u);
		}
		job_advance(s->r->job, 1);
		if (u % 1024 == 0 && !sheet_check(s, err))
			return false;
	}
	return true;
}

static bool users_run(const struct export_request *r, struct err *err)
{
	bool plain = r->format == EXPORT_GORSE, ok;
	struct sheet s;

	if (!r->catalog->user_offsets || !r->catalog->n_users)
		return err_fail(err, ERR_NO, "the store knows no users");
	job_step(r->job, "writing users", r->catalog->n_users);
	sheet_init(&s, r, plain ? gorse : columns, plain ? sizeof gorse / sizeof *gorse
							 : sizeof columns / sizeof *columns);
	ok = write_users(&s, err);
	sheet_finish(&s);
	return ok;
}

const struct export_class ex_users = {
	.name = "users",
	.summary = "The users with their sessions, events, first and last time; as gorse its "
		"users.",
	.formats = EXPORT_TABLES | 1u << EXPORT_GORSE,
	.dflt = EXPORT_CSV,
	.run = users_run,
};
