/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The users with what they did, or Gorse's users (without labels). */
#include "config.h"

#include "base/job.h"
#include "export/grid.h"

static const struct grid_column columns[] = {
	{"user", GRID_ID}, {"sessions", GRID_NUMBER}, {"events", GRID_NUMBER},
	{"first", GRID_TIME}, {"last", GRID_TIME},
};
static const struct grid_column gorse[] = {
	{"user_id", GRID_ID}, {"labels", GRID_TEXT},
};

static void write_user(struct grid *s, uint32_t u)
{
	const struct catalog *cat = s->r->about.catalog;
	uint64_t from = cat->user_offsets[u], end = cat->user_offsets[u + 1], events = 0;
	int64_t last = INT64_MIN;

	for (uint64_t i = from; i < end; i++) {
		uint32_t session = cat->user_session[i];
		uint64_t after = cat->session_offsets[session + 1];

		events += after - cat->session_offsets[session];
		if (after && cat->event_time[after - 1] > last)
			last = cat->event_time[after - 1];
	}
	grid_person(s, PSEUDONYM_USER, text_at(&cat->user_id, u));
	emit_count(&s->emit, end - from);
	emit_count(&s->emit, events);
	if (events) {
		grid_time(s, cat->event_time[cat->session_offsets[cat->user_session[from]]]);
		grid_time(s, last);
	} else {
		emit_empty(&s->emit);
		emit_empty(&s->emit);
	}
}

static bool write_users(struct grid *s, struct err *err)
{
	const struct catalog *cat = s->r->about.catalog;

	for (uint32_t u = 0; u < cat->n_users; u++) {
		if (s->r->format == EXPORT_GORSE) {
			grid_person(s, PSEUDONYM_USER, text_at(&cat->user_id, u));
			emit_text(&s->emit, STR("null"));
		} else {
			write_user(s, u);
		}
		job_advance(s->r->job, 1);
		if (u % 1024 == 0 && !grid_check(s, err))
			return false;
	}
	return true;
}

static bool users_run(const struct export_request *r, struct err *err)
{
	bool plain = r->format == EXPORT_GORSE, ok;
	struct grid s;

	if (!r->about.catalog->user_offsets || !r->about.catalog->n_users)
		return err_fail(err, ERR_NO, "the store knows no users");
	job_step(r->job, "writing users", r->about.catalog->n_users);
	grid_init(&s, r, plain ? gorse : columns, plain ? sizeof gorse / sizeof *gorse
							 : sizeof columns / sizeof *columns);
	ok = write_users(&s, err);
	grid_finish(&s);
	return ok;
}

const struct export_class ex_users = {
	.name = "users",
	.summary = "The users with their sessions, events, first and last time; as gorse its "
		"users.",
	.asks = MAY(SHOW_USERS),
	.formats = EXPORT_TABLES | 1u << EXPORT_GORSE,
	.dflt = EXPORT_CSV,
	.run = users_run,
};
