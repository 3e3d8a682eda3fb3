/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A product's days, prices and neighbours in its sessions. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/time.h"
#include "suggest/door.h"
#include "view/product.h"

/* --- events over time, and prices */

struct moment {
	int64_t time, price;
};

static int by_time(const void *a, const void *b)
{
	const struct moment *x = a, *y = b;
	return x->time != y->time ? (x->time > y->time) - (x->time < y->time)
				  : (x->price > y->price) - (x->price < y->price);
}

/* The whole log's days, so that products can be compared. */
static void choose_bins(struct product *s)
{
	int64_t first = catalog_day(s->cat, s->cat->first_time);
	int64_t last = catalog_day(s->cat, s->cat->last_time);
	static const int days[] = {1, 7, 28, 91, 364};
	size_t k = 0;
	while (k + 1 < sizeof days / sizeof *days && (last - first) / days[k] >= PRODUCT_BINS)
		k++;
	s->days = days[k];
	s->first_day = first;
	int64_t bins = (last - first) / s->days + 1;
	s->bins = bins < PRODUCT_BINS ? (int)bins : PRODUCT_BINS;
}

/* Runs of equal prices, the latest PRODUCT_PRICES of them. */
static void take_prices(struct product *s, struct moment *m, size_t n)
{
	if (n)
		qsort(m, n, sizeof *m, by_time);
	for (size_t i = 0; i < n; i++) {
		struct product_price *last = s->n_prices ? &s->price[s->n_prices - 1] : NULL;
		if (last && last->price == m[i].price) {
			last->events++;
			continue;
		}
		s->price_changes += last != NULL;
		if (s->n_prices == PRODUCT_PRICES) {
			memmove(s->price, s->price + 1, (PRODUCT_PRICES - 1) * sizeof *s->price);
			s->n_prices--;
		}
		s->price[s->n_prices++] = (struct product_price){m[i].time, m[i].price, 1};
	}
}

static bool take_events(struct product *s, struct job *job, struct err *err)
{
	const struct catalog *cat = s->cat;
	const uint64_t *of = cat->product_session_offsets + s->number;
	struct moment *m = NULL;
	size_t n = 0, cap = 0;
	for (uint64_t k = of[0]; k < of[1]; k++) {
		uint32_t session = cat->product_session[k];
		if (k % 65536 == 0 && !job_check(job, err)) {
			free(m);
			return false;
		}
		for (uint64_t i = cat->session_offsets[session];
		     i < cat->session_offsets[session + 1]; i++) {
			unsigned kind = cat->event_kind[i];
			int64_t day = catalog_day(cat, cat->event_time[i]);
			int64_t bin = (day - s->first_day) / s->days;
			if (cat->event_product[i] != s->number || kind >= EVENT_KINDS)
				continue;
			s->kinds[kind]++;
			if (cat->event_rating && !isnan(cat->event_rating[i])) {
				s->ratings++;
				s->rating_sum += (double)cat->event_rating[i];
			}
			if (bin >= 0 && bin < s->bins)
				s->history[kind][bin]++;
			if (!cat->event_price || cat->event_price[i] == PRICE_NONE)
				continue;
			MEM_GROW(m, cap, n + 1);
			m[n++] = (struct moment){cat->event_time[i], cat->event_price[i]};
		}
	}
	take_prices(s, m, n);
	free(m);
	return true;
}

/* --- who suggests it */

struct near {
	uint32_t product, n;
};

static int by_count(const void *a, const void *b)
{
	const struct near *x = a, *y = b;
	return x->n != y->n ? (x->n < y->n) - (x->n > y->n)
			    : (x->product > y->product) - (x->product < y->product);
}

static int by_product(const void *a, const void *b)
{
	const struct near *x = a, *y = b;
	return (x->product > y->product) - (x->product < y->product);
}

/* Products that share sessions with it, each once, the most often first. */
static size_t neighbours(const struct product *s, struct near **out)
{
	struct near *all = NULL;
	size_t n = 0, cap = 0, kept = 0;
	for (unsigned rel = 0; rel < RELATIONS; rel++) {
		const struct csr *rows[] = {&s->cat->relation[rel].out,
					    &s->cat->relation[rel].in};
		for (unsigned k = 0; k < 2 && rows[k]->offsets; k++)
			for (uint64_t i = rows[k]->offsets[s->number];
			     i < rows[k]->offsets[s->number + 1]; i++) {
				MEM_GROW(all, cap, n + 1);
				all[n++] = (struct near){rows[k]->column[i], rows[k]->value[i]};
			}
	}
	if (n)
		qsort(all, n, sizeof *all, by_product);
	for (size_t i = 0; i < n; i++) {
		if (kept && all[kept - 1].product == all[i].product)
			all[kept - 1].n += all[i].n;
		else
			all[kept++] = all[i];
	}
	if (kept)
		qsort(all, kept, sizeof *all, by_count);
	*out = all;
	return kept < PRODUCT_ASKED ? kept : PRODUCT_ASKED;
}

static void keep_by(struct product *s, enum panel_kind kind, const struct product_by *x)
{
	struct product_by *by = s->by[kind];
	unsigned n = s->n_by[kind], i;
	if (n == PRODUCT_BY && x->rank >= by[n - 1].rank)
		return;
	i = n < PRODUCT_BY ? s->n_by[kind]++ : n - 1;
	for (; i > 0 && by[i - 1].rank > x->rank; i--)
		by[i] = by[i - 1];
	by[i] = *x;
}

static bool find_by(struct product *s, const struct question *q, struct job *job,
		    struct err *err)
{
	struct near *near;
	size_t n = neighbours(s, &near);
	bool ok = true;
	job_step(job, "asking the panels of others", n);
	for (size_t i = 0; ok && i < n; i++)
		for (int kind = 0; ok && kind < PANEL_KINDS; kind++) {
			struct panel_request r = {.about = *q, .kind = (enum panel_kind)kind,
						  .limit = PANEL_ROWS};
			struct panel_row row = {0};
			unsigned rank = 0;
			r.about.product = near[i].product;
			ok = suggest_find(&r, s->number, &row, &rank, job, err);
			if (ok && rank)
				keep_by(s, (enum panel_kind)kind,
					&(struct product_by){near[i].product, rank, row.score});
		}
	free(near);
	return ok;
}

bool product_history(struct product *s, const struct question *q, struct job *job,
		     struct err *err)
{
	const struct catalog *cat = s->cat;
	if (cat->n_events && cat->product_session_offsets && cat->product_session) {
		choose_bins(s);
		if (!take_events(s, job, err))
			return false;
	}
	return find_by(s, q, job, err);
}
