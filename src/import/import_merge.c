/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the workers' numbers to places in the sorted union of their texts, and
 * from what each worker saw of a product, session or category to one answer.
 * Nothing here depends on which worker saw what.
 */
#include "config.h"

#include "import/import_impl.h"

#include "base/mem.h"
#include "base/pool.h"
#include "base/sort.h"

static struct str text_at_number(const void *ctx, uint32_t i)
{
	const struct ids *ids = ctx;
	unsigned w = 0;

	while (i >= ids->base[w + 1])
		w++;
	return map_key(ids->im->worker[w].map[ids->kind], i - (uint32_t)ids->base[w]);
}

struct str ids_text(const struct ids *ids, uint32_t rank)
{
	return text_at_number(ids, ids->sample[rank]);
}

uint32_t ids_find(const struct ids *ids, struct str text)
{
	uint32_t low = 0, high = ids->n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (str_cmp(ids_text(ids, middle), text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < ids->n && str_eq(ids_text(ids, low), text) ? low : UINT32_MAX;
}

/* Sorted texts into ranks: equal ones are neighbours and share one. */
struct ranking {
	struct ids *ids;
	const uint32_t *order;	/* (total) */
	uint8_t *fresh;		/* (total) not equal to the one before */
	uint32_t *first;	/* (chunks) fresh ones before */
	size_t total;
};
#define RANK_CHUNK ((size_t)1 << 16)
/* Texts lie anywhere: ask for where one is so far ahead, and for it half as far. */
#define AHEAD 16

static size_t rank_end(const struct ranking *r, size_t chunk)
{
	size_t end = (chunk + 1) * RANK_CHUNK;

	return end < r->total ? end : r->total;
}

static void ask_for(const struct ids *ids, uint32_t i, bool key)
{
	unsigned w = 0;

	while (i >= ids->base[w + 1])
		w++;
	map_prefetch(ids->im->worker[w].map[ids->kind], i - (uint32_t)ids->base[w], key);
}

static void find_fresh(void *ctx, size_t task, unsigned worker)
{
	struct ranking *r = ctx;
	size_t begin = task * RANK_CHUNK, end = rank_end(r, task);
	struct str before = STR_NULL;
	uint32_t n = 0;

	if (begin)
		before = text_at_number(r->ids, r->order[begin - 1]);
	for (size_t i = begin; i < end; i++) {
		struct str text;

		if (i + AHEAD < end)
			ask_for(r->ids, r->order[i + AHEAD], false);
		if (i + AHEAD / 2 < end)
			ask_for(r->ids, r->order[i + AHEAD / 2], true);
		text = text_at_number(r->ids, r->order[i]);
		r->fresh[i] = i == 0 || !str_eq(before, text);
		n += r->fresh[i];
		before = text;
	}
	r->first[task] = n;
}

static void set_ranks(void *ctx, size_t task, unsigned worker)
{
	struct ranking *r = ctx;
	uint32_t n = r->first[task];

	for (size_t i = task * RANK_CHUNK; i < rank_end(r, task); i++) {
		if (r->fresh[i])
			r->ids->sample[n++] = r->order[i];
		r->ids->rank[r->order[i]] = n - 1;
	}
}

static bool rank_texts(struct ids *ids, const uint32_t *order, size_t total,
		       struct err *err)
{
	struct pool *pool = ids->im->pool;
	size_t chunks = (total + RANK_CHUNK - 1) / RANK_CHUNK;
	SCOPED_FREE uint8_t *fresh = mem_big(total, 1, "ids", err);
	SCOPED_FREE uint32_t *first = mem_alloc(chunks * sizeof *first);
	struct ranking r = {ids, order, fresh, first, total};

	if (!fresh)
		return false;
	pool_run(pool, chunks, find_fresh, &r);
	for (size_t i = 0; i < chunks; i++) {
		uint32_t n = first[i];

		first[i] = ids->n;
		ids->n += n;
	}
	ids->sample = mem_big(ids->n, sizeof *ids->sample, "ids", err);
	if (!ids->sample)
		return false;
	pool_run(pool, chunks, set_ranks, &r);
	return true;
}

static bool merge_ids(struct import *im, enum id_kind kind, struct err *err)
{
	struct ids *ids = &im->id[kind];
	SCOPED_FREE uint32_t *order = NULL;
	size_t total = 0;

	free(ids->base);
	free(ids->rank);
	free(ids->sample);
	*ids = (struct ids){.im = im, .kind = kind};
	ids->base = mem_zalloc((im->workers + 1) * sizeof *ids->base);
	for (unsigned w = 0; w < im->workers; w++) {
		total += map_count(im->worker[w].map[kind]);
		ids->base[w + 1] = total;
	}
	if (total >= UINT32_MAX)
		return err_fail(err, ERR_FORMAT, "more than %u different ids",
				UINT32_MAX - 1);
	order = mem_big(total, sizeof *order, "ids", err);
	if (!order || !sort_texts(order, total, text_at_number, ids, im->pool, err))
		return false;
	ids->rank = mem_big(total, sizeof *ids->rank, "ids", err);
	return ids->rank && rank_texts(ids, order, total, err);
}

static uint32_t rank_of(const struct ids *ids, unsigned worker, uint32_t number)
{
	return number == MAP_NONE ? MAP_NONE : ids->rank[ids->base[worker] + number];
}

/* Add what one worker holds true, its value already a rank. */
static void merge_fact(struct fact *to, struct fact from)
{
	if (from.value == MAP_NONE)
		return;
	from.conflict |= to->conflict ||
		(to->value != MAP_NONE && to->value != from.value);
	if (to->value == MAP_NONE || stamp_later(from.at, to->at))
		*to = from;
	else
		to->conflict = from.conflict;
}

static enum id_kind fact_kind(unsigned fact)
{
	static const enum id_kind kinds[] = {
		[FACT_CATEGORY] = ID_CATEGORY,
		[FACT_BRAND] = ID_BRAND,
		[FACT_NAME] = ID_NAME,
		[FACT_GROUP] = ID_GROUP,
		[FACT_DESCRIPTION] = ID_DESCRIPTION,
	};

	return fact < FACT_ATTRIBUTE ? kinds[fact] : ID_VALUE;
}

static void merge_product(struct import *im, unsigned w, uint32_t number, bool *seen)
{
	const struct product_seen *from = &im->worker[w].product[number];
	uint32_t rank = rank_of(&im->id[ID_PRODUCT], w, number);
	struct product_seen *to = &im->product[rank];

	if (!seen[rank]) {
		seen[rank] = true;
		*to = *from;
	} else {
		if (from->first < to->first)
			to->first = from->first;
		if (from->last > to->last)
			to->last = from->last;
		if (from->has_price &&
		    (!to->has_price || stamp_later(from->price_at, to->price_at))) {
			to->has_price = true;
			to->price = from->price;
			to->price_at = from->price_at;
		}
	}
	for (unsigned f = 0; f < im->n_facts; f++) {
		struct fact fact =
			im->worker[w].fact[(size_t)number * im->n_facts + f];

		fact.value = rank_of(&im->id[fact_kind(f)], w, fact.value);
		merge_fact(&im->fact[(size_t)rank * im->n_facts + f], fact);
	}
}

static bool merge_products(struct import *im, struct err *err)
{
	uint32_t n = im->id[ID_PRODUCT].n;
	SCOPED_FREE bool *seen = mem_big(n, sizeof *seen, "products", err);
	size_t facts = (size_t)n * im->n_facts;

	if (!seen)
		return false;
	im->product = mem_big(n, sizeof *im->product, "products", err);
	im->fact = im->product ? mem_big(facts, sizeof *im->fact, "products", err) : NULL;
	if (!im->fact)
		return false;
	for (size_t i = 0; i < facts; i++)
		im->fact[i].value = MAP_NONE;
	for (unsigned w = 0; w < im->workers; w++) {
		uint32_t count = map_count(im->worker[w].map[ID_PRODUCT]);

		for (uint32_t i = 0; i < count; i++)
			merge_product(im, w, i, seen);
		import_worker_forget(&im->worker[w]);
	}
	for (uint32_t i = 0; i < n; i++)
		for (unsigned f = 0; f < im->n_facts; f++)
			if (im->fact[(size_t)i * im->n_facts + f].conflict) {
				im->conflicts++;
				break;
			}
	return true;
}

static void merge_traits(struct import *im, unsigned w, uint32_t number, uint32_t rank)
{
	const uint32_t *from = im->worker[w].trait;

	for (int t = 0; im->trait && t < TRAITS; t++)
		im->trait[(size_t)rank * TRAITS + t] =
			rank_of(&im->id[ID_TRAIT + t], w, from[(size_t)number * TRAITS + t]);
}

static bool merge_sessions(struct import *im, struct err *err)
{
	uint32_t n = im->id[ID_SESSION].n;

	im->session = mem_big(n, sizeof *im->session, "sessions", err);
	if (im->session && im->set->traits)
		im->trait = mem_big((size_t)n * TRAITS, sizeof *im->trait, "sessions", err);
	if (!im->session || (im->set->traits && !im->trait))
		return false;
	for (unsigned w = 0; w < im->workers; w++) {
		uint32_t count = map_count(im->worker[w].map[ID_SESSION]);

		for (uint32_t i = 0; i < count; i++) {
			const struct session_seen *from = &im->worker[w].session[i];
			uint32_t rank = rank_of(&im->id[ID_SESSION], w, i);
			struct session_seen *to = &im->session[rank];

			if (to->events == 0 || stamp_later(to->first, from->first)) {
				to->first = from->first;
				to->user = rank_of(&im->id[ID_USER], w, from->user);
				merge_traits(im, w, i, rank);
			}
			to->events += from->events;
		}
		free(im->worker[w].session);
		im->worker[w].session = NULL;
		im->worker[w].cap_session = 0;
		free(im->worker[w].trait);
		im->worker[w].trait = NULL;
		im->worker[w].cap_trait = 0;
	}
	return true;
}

static void merge_category(struct import *im, unsigned w, uint32_t number)
{
	const struct category_seen *from = &im->worker[w].category[number];
	uint32_t rank = rank_of(&im->id[ID_CATEGORY], w, number);
	struct category_seen *to = &im->category[rank];

	to->own |= from->own;
	for (unsigned f = 0; f < CATEGORY_FACTS; f++) {
		struct fact fact = from->fact[f];
		enum id_kind kind = f == CATEGORY_PARENT ? ID_CATEGORY : ID_PATH;

		fact.value = rank_of(&im->id[kind], w, fact.value);
		merge_fact(&to->fact[f], fact);
	}
}

static bool merge_categories(struct import *im, struct err *err)
{
	uint32_t n = im->id[ID_CATEGORY].n;

	im->category = mem_big(n, sizeof *im->category, "categories", err);
	if (!im->category)
		return false;
	for (uint32_t i = 0; i < n; i++)
		for (unsigned f = 0; f < CATEGORY_FACTS; f++)
			im->category[i].fact[f].value = MAP_NONE;
	for (unsigned w = 0; w < im->workers; w++) {
		uint32_t count = map_count(im->worker[w].map[ID_CATEGORY]);

		for (uint32_t i = 0; i < count; i++)
			merge_category(im, w, i);
	}
	return true;
}

static size_t count_properties(const struct import *im)
{
	size_t n = 0;

	for (unsigned w = 0; w < im->workers; w++)
		n += map_count(im->worker[w].properties);
	return n;
}

/* Named values as ranks, one worker's after another's. */
static void gather_properties(const struct import *im, struct property *to)
{
	for (unsigned w = 0; w < im->workers; w++) {
		uint32_t n = map_count(im->worker[w].properties);

		for (uint32_t i = 0; i < n; i++, to++) {
			*to = im->worker[w].property[i];
			to->product = rank_of(&im->id[ID_PRODUCT], w, to->product);
			to->name = rank_of(&im->id[ID_PROPERTY], w, to->name);
			to->value.value = rank_of(&im->id[ID_VALUE], w, to->value.value);
		}
	}
}

static bool merge_properties(struct import *im, struct err *err)
{
	size_t n = count_properties(im), last = 0;
	SCOPED_FREE struct property *all = mem_big(n, sizeof *all, "properties", err);
	SCOPED_FREE struct sort_item *item = mem_big(n, sizeof *item, "properties", err);

	if (!all || !item)
		return false;
	im->property = mem_big(n, sizeof *im->property, "properties", err);
	if (!im->property)
		return false;
	gather_properties(im, all);
	for (size_t i = 0; i < n; i++)
		item[i] = (struct sort_item){(uint64_t)all[i].product << 32 |
					     all[i].name, i};
	if (!sort_items(item, n, im->pool, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct property *p = &all[item[i].value];

		if (i && item[i].key == item[i - 1].key) {
			merge_fact(&im->property[last].value, p->value);
			continue;
		}
		last = im->n_property++;
		im->property[last] = *p;
	}
	return true;
}

bool import_merge_sessions(struct import *im, struct err *err)
{
	free(im->session);
	free(im->trait);
	im->session = NULL;
	im->trait = NULL;
	for (int t = 0; t < TRAITS; t++)
		if (!merge_ids(im, (enum id_kind)(ID_TRAIT + t), err))
			return false;
	return merge_ids(im, ID_SESSION, err) && merge_ids(im, ID_USER, err) &&
		merge_sessions(im, err);
}

/* Renumber what n sessions name, each in steps of `step` words. */
static bool drop_unused(struct ids *ids, uint32_t *named, size_t step, uint32_t n,
			struct err *err)
{
	SCOPED_FREE uint32_t *number = mem_big(ids->n, sizeof *number, "ids", err);
	uint32_t used = 0;

	if (!number)
		return false;
	for (size_t s = 0; s < n; s++)
		if (named[s * step] != MAP_NONE)
			number[named[s * step]] = 1;
	for (uint32_t i = 0; i < ids->n; i++)
		if (number[i]) {
			number[i] = used;
			ids->sample[used++] = ids->sample[i];
		}
	ids->n = used;
	for (size_t s = 0; s < n; s++)
		if (named[s * step] != MAP_NONE)
			named[s * step] = number[named[s * step]];
	return true;
}

bool import_drop_unused(struct import *im, struct err *err)
{
	uint32_t n = im->id[ID_SESSION].n;
	bool ok = drop_unused(&im->id[ID_USER], &im->session->user,
			      sizeof *im->session / sizeof(uint32_t), n, err);

	for (int t = 0; ok && im->trait && t < TRAITS; t++)
		ok = drop_unused(&im->id[ID_TRAIT + t], im->trait + t, TRAITS, n, err);
	return ok;
}

/* Sessions, which are the most, when what was seen of products is out of memory. */
bool import_merge(struct import *im, struct err *err)
{
	for (int k = 0; k < ID_KINDS; k++)
		if (k != ID_SESSION && k != ID_USER && k < ID_TRAIT &&
		    !merge_ids(im, k, err))
			return false;
	return merge_categories(im, err) && merge_properties(im, err) &&
		merge_products(im, err) && import_merge_sessions(im, err);
}
