/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adds the events of every user up to a row of products. */
#include "config.h"

#include "model/ratings_read.h"

#include <assert.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/scope.h"
#include "base/sort.h"
#include "stats/scan.h"

/* One row being added up: sums lie in a dense array. */
struct row {
	struct marks seen;
	float *sum;		/* (P) */
	uint32_t *product;	/* touched */
	uint32_t n;
	size_t cap;
};

static const float weight_of[EVENT_KINDS] = {
	[EVENT_VIEW] = 1,
	[EVENT_CART] = 2,
	[EVENT_PURCHASE] = 3,
};

static void add_session(struct row *r, const struct catalog *c, uint32_t s, unsigned kinds)
{
	for (uint64_t i = c->session_offsets[s]; i < c->session_offsets[s + 1]; i++) {
		uint32_t p = c->event_product[i];

		if (!(kinds >> c->event_kind[i] & 1))
			continue;
		if (marks_add(&r->seen, p)) {
			MEM_GROW(r->product, r->cap, (size_t)r->n + 1);
			r->product[r->n++] = p;
			r->sum[p] = 0;
		}
		r->sum[p] += weight_of[c->event_kind[i]];
	}
}

static bool end_row(struct ratings *q, struct row *r, size_t *cap, struct err *err)
{
	if (!r->n)
		return true;
	if (q->entries + r->n > *cap) {
		size_t more = *cap * 3 / 2 + r->n + 4096;
		void *column = q->column, *value = q->value;
		bool ok = mem_big_resize(&column, more, sizeof *q->column, "ratings", err);

		q->column = column;
		ok = ok && mem_big_resize(&value, more, sizeof *q->value, "ratings", err);
		q->value = value;
		if (!ok)
			return false;
		*cap = more;
	}
	sort_u32(r->product, r->n);
	for (uint32_t i = 0; i < r->n; i++) {
		q->column[q->entries] = r->product[i];
		q->value[q->entries++] = r->sum[r->product[i]];
	}
	q->offsets[++q->rows] = q->entries;
	r->n = 0;
	marks_next(&r->seen);
	return true;
}

static bool read_rows(struct ratings *q, struct row *r, const struct catalog *c,
		      unsigned kinds, struct job *job, struct err *err)
{
	bool users = c->user_offsets && c->user_session;
	uint32_t n = users ? c->n_users : c->n_sessions;
	size_t cap = 0;

	q->offsets = mem_big((size_t)n + c->n_sessions + 1, sizeof *q->offsets, "ratings", err);
	if (!q->offsets)
		return false;
	marks_next(&r->seen);
	for (uint32_t u = 0; u < n; u++) {
		if (u % 65536 == 0 && !job_check(job, err))
			return false;
		if (!users)
			add_session(r, c, u, kinds);
		for (uint64_t i = users ? c->user_offsets[u] : 0;
		     users && i < c->user_offsets[u + 1]; i++)
			add_session(r, c, c->user_session[i], kinds);
		if (!end_row(q, r, &cap, err))
			return false;
	}
	/* sessions of nobody are rows of their own */
	for (uint32_t s = 0; users && c->session_user && s < c->n_sessions; s++) {
		if (c->session_user[s] != CATALOG_NONE)
			continue;
		add_session(r, c, s, kinds);
		if (!end_row(q, r, &cap, err))
			return false;
	}
	return true;
}

bool ratings_read(struct ratings *out, const struct lesson *l, unsigned kinds, struct err *err)
{
	struct ratings q = {.columns = l->catalog->n_products};
	struct row r = {.sum = mem_big(l->catalog->n_products, sizeof(float), "ratings", err)};
	bool ok = r.sum && marks_init(&r.seen, l->catalog->n_products, err);

	assert(kinds);
	job_step(l->work.job, "reading", 0);
	ok = ok && read_rows(&q, &r, l->catalog, kinds, l->work.job, err);
	if (ok && !q.entries)
		ok = err_fail(err, ERR_NO, "the log has no such events to learn from");
	free(r.sum);
	free(r.product);
	marks_finish(&r.seen);
	if (ok)
		*out = q;
	else
		ratings_finish(&q);
	return ok;
}
