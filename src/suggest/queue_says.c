/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a queue says of itself: its rows are those of the lists in their order. */
#include "config.h"

#include <assert.h>
#include <math.h>

#include "suggest/queue_impl.h"
#include "vet/rules.h"
#include "vet/verdicts.h"

#define COVER 0.95	/* of the traffic */

const char *queue_mark(enum queue_state s)
{
	static const char *const marks[] = {
		[QUEUE_OPEN] = "", [QUEUE_REOPENED] = "", [QUEUE_APPROVED] = "A",
		[QUEUE_PINNED] = "P", [QUEUE_REJECTED] = "R", [QUEUE_SKIPPED] = ".",
	};

	return marks[s];
}

uint32_t queue_count(const struct queue *q)
{
	return q->n;
}

uint64_t queue_rows(const struct queue *q)
{
	return q->rows;
}

bool queue_whole(const struct queue *q)
{
	return q->whole;
}

struct queue_product queue_at(const struct queue *q, uint32_t k)
{
	uint32_t i = q->order[k];

	assert(k < q->n && i < q->base->n);
	return (struct queue_product){
		.product = q->base->product[i], .traffic = q->base->traffic[i],
		.n = q->at[i].list->n, .open = q->at[i].open, .audit = q->at[i].drawn,
		.doubt = q->at[i].doubt, .place = q->at[i].list->place,
	};
}

const struct doubt_weights *queue_weights(const struct queue *q)
{
	return &q->weights;
}

const struct verdicts *queue_verdicts(const struct queue *q)
{
	return q->vetting ? vetting_verdicts(q->vetting) : NULL;
}

struct queue_change queue_change(const struct queue *q)
{
	return q->change;
}

const struct vetting *queue_vetting(const struct queue *q)
{
	return q->vetting;
}

uint64_t queue_rules(const struct queue *q)
{
	return q->rules;
}

struct str queue_who(const struct queue *q)
{
	return str_from(q->base->who);
}

unsigned queue_back(const struct queue *q, uint32_t product, uint32_t with, bool *known)
{
	uint32_t there = q->base->entry[with];
	const struct queue_list *l = there == CATALOG_NONE ? NULL : q->at[there].list;

	*known = l;
	for (unsigned i = 0; l && i < l->firsts; i++)
		if (l->first[i] == product)
			return i + 1;
	return 0;
}

bool queue_blind(const struct queue *q)
{
	return q->blind;
}

const struct decision *queue_decision(const struct queue *q, uint32_t product, uint32_t with)
{
	const struct verdicts *v = queue_verdicts(q);
	const struct queue_base *b = q->base;
	uint32_t pair = !v ? UINT32_MAX :
			verdicts_find(v, str_from(rules_panels[b->kind]),
				      text_at(&b->c->product_id, product),
				      text_at(&b->c->product_id, with));

	if (pair == UINT32_MAX)
		return NULL;
	return q->blind ? verdicts_by(v, pair, str_from(b->who)) : verdicts_of(v, pair, false);
}

struct queue_progress queue_progress(const struct queue *q)
{
	const struct queue_base *b = q->base;
	struct queue_progress p = {.sold = b->sold, .whole = q->whole};
	double seen = 0;

	for (uint32_t i = 0; i < b->n; i++) {
		bool wanted = seen < COVER * b->all;
		const struct queue_entry *e = &q->at[i];
		unsigned open = e->list ? e->open : QUEUE_PLACES;

		seen += b->traffic[i];
		if (e->list && !e->list->n)
			continue;
		p.products++;
		p.done += !open;
		p.open += open;
		p.wanted += wanted;
		p.left += wanted && open;
		p.traffic_listed += b->traffic[i] / b->all;
		p.traffic_done += open ? 0 : b->traffic[i] / b->all;
	}
	return p;
}

const struct decision *queue_last(const struct queue *q)
{
	const struct verdicts *v = queue_verdicts(q);
	const struct queue_base *b = q->base;

	for (uint64_t i = v ? verdicts_count(v) : 0; i-- > 0;) {
		const struct decision *d = verdicts_at(v, i);

		if (str_is(d->who, b->who) && str_is(d->panel, rules_panels[b->kind]) &&
		    verdicts_stands(v, i))
			return d;
	}
	return NULL;
}

const struct decision *queue_newest(const struct queue *q, enum decision_kind *turned)
{
	const struct verdicts *v = queue_verdicts(q);
	const struct queue_base *b = q->base;

	for (uint64_t i = v ? verdicts_count(v) : 0; i-- > 0;) {
		const struct decision *d = verdicts_at(v, i);
		const struct decision *about = verdicts_about(v, d);

		if (!str_is(d->who, b->who) || !str_is(about->panel, rules_panels[b->kind]))
			continue;
		*turned = d->kind;
		return about;
	}
	return NULL;
}

/* --- reasons */

static void add_sign(const struct queue *q, uint32_t product, const struct queue_place *p,
		     enum doubt_sign sign, struct strbuf *b)
{
	const int64_t *price = q->base->c->product_price;
	static const char *const words[DOUBT_SIGNS] = {
		[DOUBT_WIDE] = "wide", [DOUBT_ONE_WAY] = "one-way",
		[DOUBT_MODELS] = "models differ",
		[DOUBT_BRAND] = "other brand", [DOUBT_TEXT] = "other words",
	};

	if (sign == DOUBT_FEW && isnan(p->lift))
		strbuf_adds(b, "not counted");
	else if (sign == DOUBT_FEW)
		strbuf_addf(b, "n %u", p->n);
	else if (sign == DOUBT_PRICE)
		strbuf_addf(b, "price %.2gx", (double)price[p->with] / (double)price[product]);
	else if (sign == DOUBT_OTHER)
		strbuf_adds(b, q->base->kind == PANEL_SIMILAR ? "complement?" : "substitute?");
	else
		strbuf_adds(b, words[sign]);
}

void queue_add_reason(const struct queue *q, uint32_t product, const struct queue_place *p,
		      struct strbuf *b)
{
	if (p->state == QUEUE_REOPENED)
		strbuf_addf(b, "approved at n %u, now %u", p->n_then, p->n);
	for (unsigned nth = 0; nth < 2; nth++) {
		enum doubt_sign sign = doubt_reason(&q->weights, p->sign, nth);

		/* where nothing was counted the interval says the same again */
		if (sign == DOUBT_SIGNS || (sign == DOUBT_WIDE && isnan(p->lift)))
			break;
		strbuf_adds(b, b->len ? ", " : "");
		add_sign(q, product, p, sign, b);
	}
}
