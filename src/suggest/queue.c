/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A queue is made of what the store says now: of nothing, or of the one before it. */
#include "config.h"

#include "suggest/queue.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "store/store.h"
#include "suggest/queue_impl.h"
#include "vet/journal.h"
#include "vet/rules.h"
#include "vet/verdicts.h"

/* Of the lines that say something: a draft that is kept, a comment, changes no list. */
static uint64_t hash_rules(struct str text)
{
	uint64_t h = 0;
	struct str line;

	while (text.len) {
		if (!str_next(&text, '\n', &line)) {
			line = text;
			text.len = 0;
		}
		line = str_trim(line);
		if (line.len && line.ptr[0] != '#')
			h = str_hash(line, h);
	}
	return h;
}

static bool read_store(struct queue *q, struct pool *pool, struct err *err)
{
	struct journal_place at = {store_path(q->base->store), "aisle show queue",
				   VERDICTS_PATIENCE};
	struct vetting_options o = {
		.mode = VETTING_MARKED, .now = time_now(), .lenient = true, .pool = pool,
		.aside = q->base->aside,
	};
	SCOPED(journal) j = NULL;
	STRBUF(rules);
	bool ok = journal_read(&j, &at, err) && journal_text(j, RULES_TEXT, &rules, err);

	q->rules = ok ? hash_rules(strbuf_str(&rules)) : 0;
	journal_destroy(j);
	j = NULL;
	if (!ok || !vetting_open(&q->vetting, q->base->store, true, &o, err))
		return false;
	q->blind = q->vetting && vetting_blind(q->vetting);
	q->seq = queue_verdicts(q) ? verdicts_count(queue_verdicts(q)) : 0;
	return true;
}

/* The same, on lists that are shared; what is made from here on is its own. */
static void copy_from(struct queue *q, const struct queue *b)
{
	uint32_t n = q->base->n;

	q->weights = b->weights;
	memcpy(q->at, b->at, n * sizeof *q->at);
	for (uint32_t i = 0; i < n; i++)
		if (q->at[i].list)
			atomic_fetch_add(&q->at[i].list->refs, 1);
	memcpy(q->order, b->order, b->n * sizeof *q->order);
	q->n = b->n;
	q->rows = b->rows;
	q->front = b->front;
	q->draw = mem_dup(b->draw, (b->n_draws + 1) * sizeof *q->draw);
	q->audit = mem_dup(b->audit, (b->n_draws + 1) * sizeof *q->audit);
	q->n_draws = b->n_draws;
	q->next = b->next;
	q->n_audit = b->n_audit;
	q->looked = b->looked;
	q->whole = b->whole;
}

static bool fill(struct queue *q, const struct queue *before, struct work work,
		 struct err *err)
{
	uint32_t n = q->base->n;

	q->at = mem_zalloc((n + 1) * sizeof *q->at);
	q->order = mem_zalloc((n + 1) * sizeof *q->order);
	if (!read_store(q, work.pool, err))
		return false;
	if (before) {
		copy_from(q, before);
		return queue_bring_up(q, before, work, err);
	}
	q->weights = doubt_fixed;
	queue_draw_all(q);
	return queue_lists_fit(q, work, err);
}

bool queue_make(struct queue **out, const struct queue_request *r, const struct queue *before,
		struct work work, struct err *err)
{
	SCOPED(queue) q = mem_zalloc(sizeof *q);

	atomic_init(&q->refs, 1);
	if (before) {
		q->base = before->base;
		atomic_fetch_add(&q->base->refs, 1);
	} else if (!queue_base_make(&q->base, r, work, err)) {
		return false;
	}
	if (!fill(q, before, work, err) ||
	    !queue_order_on(q, r->rows, r->seconds, work, err) || !queue_draw_look(q, work, err))
		return false;
	*out = q;
	q = NULL;
	return true;
}

struct queue *queue_ref(struct queue *q)
{
	atomic_fetch_add(&q->refs, 1);
	return q;
}

void queue_destroy(struct queue *q)
{
	if (!q || atomic_fetch_sub(&q->refs, 1) != 1)
		return;
	for (uint32_t i = 0; q->at && i < q->base->n; i++)
		queue_list_destroy(q->at[i].list);
	free(q->at);
	free(q->order);
	free(q->draw);
	free(q->audit);
	vetting_destroy(q->vetting);
	queue_base_destroy(q->base);
	free(q);
}

void queue_keep_finish(struct queue_keep *k)
{
	queue_destroy(k->last);
	free(k->key);
	*k = (struct queue_keep){0};
}
