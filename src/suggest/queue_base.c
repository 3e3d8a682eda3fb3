/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Products with traffic by a sort of it; models are opened, and words are counted, once. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sort.h"
#include "model/model.h"
#include "query/select.h"
#include "store/store.h"
#include "suggest/queue_impl.h"

void queue_base_destroy(struct queue_base *b)
{
	if (!b || atomic_fetch_sub(&b->refs, 1) != 1)
		return;
	for (unsigned i = 0; i < b->n_models; i++)
		model_destroy(b->model[i]);
	free(b->model);
	doubt_words_destroy(b->words);
	free(b->who);
	free(b->product);
	free(b->traffic);
	free(b->entry);
	free(b);
}

static bool is_reviewed(const struct queue_request *r, const struct members *m, uint32_t p)
{
	return members_has(m, p) && selection_has(r->only, p);
}

static void choose_products(struct queue_base *b, const struct queue_request *r)
{
	const struct catalog *c = b->c;
	const uint32_t *traffic = b->sold ? c->product_purchases : c->product_views;
	struct sort_keyed *x = mem_alloc(((size_t)c->n_products + 1) * sizeof *x);
	struct members m = catalog_members(c, r->category);
	uint32_t n = 0;

	b->entry = mem_alloc(((size_t)c->n_products + 1) * sizeof *b->entry);
	for (uint32_t p = 0; p < c->n_products; p++) {
		b->entry[p] = CATALOG_NONE;
		if (!traffic || !traffic[p] || !is_reviewed(r, &m, p))
			continue;
		x[n++] = (struct sort_keyed){traffic[p], p};
		b->all += traffic[p];
	}
	sort_greatest(x, n);
	b->n = n < QUEUE_MOST ? n : QUEUE_MOST;
	b->product = mem_alloc((b->n + 1) * sizeof *b->product);
	b->traffic = mem_alloc((b->n + 1) * sizeof *b->traffic);
	for (uint32_t i = 0; i < b->n; i++) {
		b->product[i] = x[i].at;
		b->traffic[i] = traffic[x[i].at];
		b->entry[x[i].at] = i;
	}
	free(x);
}

static bool open_models(struct queue_base *b, struct str names, struct err *err)
{
	struct str name;

	while (names.ptr && str_next(&names, ',', &name)) {
		STRBUF(text);

		strbuf_add(&text, str_trim(name));
		b->model = mem_resize(b->model, b->n_models + 1, sizeof *b->model);
		if (!model_open(&b->model[b->n_models], b->store, strbuf_c(&text), err))
			return false;
		b->n_models++;
	}
	return true;
}

bool queue_base_make(struct queue_base **out, const struct queue_request *r, struct work work,
		     struct err *err)
{
	struct queue_base *b = mem_zalloc(sizeof *b);
	bool ok;

	atomic_init(&b->refs, 1);
	b->store = r->store;
	b->c = store_catalog(r->store);
	b->kind = r->kind;
	b->aside = r->aside;
	b->who = mem_alloc(r->who.len + 1);
	memcpy(b->who, r->who.ptr ? r->who.ptr : "", r->who.len);
	b->who[r->who.len] = '\0';
	b->sold = (b->c->caps & CAP_PURCHASES) && b->c->product_purchases;
	choose_products(b, r);
	ok = (b->n || err_fail(err, ERR_NO, "nothing is to be reviewed: no product that was "
			       "asked for has traffic")) &&
	     open_models(b, r->models, err) &&
	     doubt_words_make(&b->words, b->c, work, err);
	if (ok)
		*out = b;
	else
		queue_base_destroy(b);
	return ok;
}
