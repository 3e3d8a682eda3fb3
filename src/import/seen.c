/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From what each worker saw of a product, session or category to one answer, by places among
 * the sorted texts of all. Nothing here depends on which worker saw what.
 */
#include "config.h"

#include "import/seen.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/pool.h"
#include "base/sort.h"

#define AHEAD 16	/* sessions that are asked for before they are looked at */

static struct id_place product_place(const struct seen *s, uint32_t rank)
{
	unsigned w = 0;

	while (s->product_at[rank] >= s->product_base[w + 1])
		w++;
	return (struct id_place){w, s->product_at[rank] - (uint32_t)s->product_base[w]};
}

struct product_seen *seen_product(const struct seen *s, uint32_t rank)
{
	struct id_place x = product_place(s, rank);

	return &s->from->of[x.w].product[x.number];
}

struct stamps seen_stamps(const struct seen *s, uint32_t product)
{
	struct id_place x = product_place(s, product);

	return witness_stamps(&s->from->of[x.w], x.number);
}

void seen_ask(const struct seen *s, uint32_t rank)
{
	product_ask(seen_product(s, rank));
}

/* One that stands aside. */
static struct fact *fact_place(const struct seen *s, uint32_t product, unsigned fact)
{
	return &s->fact[(size_t)product * (s->n_facts - FACTS_WITH) + fact - FACTS_WITH];
}

struct fact seen_fact(const struct seen *s, uint32_t product, unsigned fact)
{
	struct stamps at;

	if (fact >= FACTS_WITH)
		return s->fact ? *fact_place(s, product, fact) : (struct fact){.value = MAP_NONE};
	at = seen_stamps(s, product);
	return product_fact(seen_product(s, product), &at, fact);
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

/* Where every category counts none disagrees. */
static void merge_first(const struct placed_set *p, struct fact *to, struct fact from)
{
	if (from.value != MAP_NONE &&
	    (to->value == MAP_NONE || placed_first(p, from.at, to->at)))
		*to = from;
}

/* Of one product, both in ranks; at, from_at: their stamps. */
static void join_product(const struct placed_set *places, struct product_seen *to,
			 struct stamps *at, const struct product_seen *from,
			 const struct stamps *from_at)
{
	if (from->first < to->first)
		to->first = from->first;
	if (from->last > to->last)
		to->last = from->last;
	if (from->has_price && (!to->has_price || stamp_later(from_at->price, at->price))) {
		to->has_price = true;
		to->price_units = from->price_units;
		to->price_scale = from->price_scale;
		at->price = from_at->price;
	}
	for (unsigned f = 0; f < FACTS_WITH; f++) {
		struct fact mine = product_fact(to, at, f);

		if (f == FACT_CATEGORY && places->every)
			merge_first(places, &mine, product_fact(from, from_at, f));
		else
			merge_fact(&mine, product_fact(from, from_at, f));
		product_set(to, at, f, mine);
	}
}

static void rank_facts(const struct seen *s, unsigned w, struct product_seen *p)
{
	for (unsigned f = 0; f < FACTS_WITH; f++)
		p->value[f] = ids_rank(&s->id[fact_kind(f)], w, p->value[f]);
}

static void merge_aside(struct seen *s, unsigned w, uint32_t number, uint32_t rank)
{
	for (unsigned f = FACTS_WITH; s->from->of[w].fact && f < s->n_facts; f++) {
		struct fact fact = *witness_fact(&s->from->of[w], number, f);

		fact.value = ids_rank(&s->id[fact_kind(f)], w, fact.value);
		merge_fact(fact_place(s, rank, f), fact);
	}
}

/* Those that stand aside, if a witness has any. */
static bool blank_facts(struct seen *s, uint32_t n, struct err *err)
{
	size_t facts = (size_t)n * (s->n_facts - FACTS_WITH);
	bool any = false;

	for (unsigned w = 0; w < s->from->n; w++)
		any |= s->from->of[w].fact != NULL;
	if (!any)
		return true;
	s->fact = mem_big(facts, sizeof *s->fact, "products", err);
	for (size_t i = 0; s->fact && i < facts; i++)
		s->fact[i].value = MAP_NONE;
	return s->fact != NULL;
}

/* One witness's part of a merge, by chunks of its numbers: no two of them are of one rank,
 * so no two tasks write to one place. */
struct joining {
	struct seen *seen;
	unsigned w;
	pthread_mutex_t lock;
	atomic_bool room;	/* all witnesses have room for stamps that differ */
	bool failed;
};

/* Few logs need it, and only a merge shows that. */
static bool make_apart(struct joining *j)
{
	struct witnesses *from = j->seen->from;

	pthread_mutex_lock(&j->lock);
	for (unsigned w = 0; w < from->n && !atomic_load(&j->room) && !j->failed; w++) {
		struct witness *x = &from->of[w];
		uint32_t n = map_count(x->map[ID_PRODUCT]);

		if (!x->apart)
			x->apart = mem_big(n, sizeof *x->apart, "products", NULL);
		j->failed = !x->apart;
	}
	atomic_store(&j->room, !j->failed);
	pthread_mutex_unlock(&j->lock);
	return atomic_load(&j->room);
}

/* What a later witness knows of a product joins what the first one does. */
static void join_witnessed(struct joining *j, struct id_place first, uint32_t number)
{
	struct witness *from = &j->seen->from->of[j->w], *to = &j->seen->from->of[first.w];
	struct stamps from_at = witness_stamps(from, number);
	struct stamps at = witness_stamps(to, first.number);
	struct product_seen *p = &to->product[first.number];

	join_product(&from->places, p, &at, &from->product[number], &from_at);
	if (atomic_load(&j->room) || !product_parts(p, &at) || make_apart(j))
		witness_stamp(to, first.number, &at);
}

static void rank_products(void *ctx, size_t task, unsigned worker)
{
	struct seen *s = ((struct joining *)ctx)->seen;
	const struct ids *ids = &s->id[ID_PRODUCT];
	struct witness *w = &s->from->of[task];
	uint32_t n = map_count(w->map[ID_PRODUCT]), kept = 0;

	for (uint32_t i = 0; i < n; i++) {
		rank_facts(s, (unsigned)task, &w->product[i]);
		kept += ids_is_first(ids, (unsigned)task, i);
	}
	s->product_base[task + 1] = kept;
}

static void join_products(void *ctx, struct pool_rows rows, unsigned worker)
{
	struct joining *j = ctx;
	struct seen *s = j->seen;
	const struct ids *ids = &s->id[ID_PRODUCT];

	for (uint32_t i = (uint32_t)rows.begin; i < rows.end; i++) {
		uint32_t rank = ids_rank(ids, j->w, i);
		struct id_place first = ids_place(ids, ids->sample[rank]);

		if (!ids_is_first(ids, j->w, i))
			join_witnessed(j, first, i);
		merge_aside(s, j->w, i, rank);
	}
}

/* What is left of a witness's table has no gaps. */
static void keep_products(void *ctx, size_t task, unsigned worker)
{
	struct seen *s = ((struct joining *)ctx)->seen;
	const struct ids *ids = &s->id[ID_PRODUCT];
	struct witness *w = &s->from->of[task];
	uint32_t n = map_count(w->map[ID_PRODUCT]), kept = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (!ids_is_first(ids, (unsigned)task, i))
			continue;
		s->product_at[ids_rank(ids, (unsigned)task, i)] =
			(uint32_t)(s->product_base[task] + kept);
		if (w->product[i].apart)
			w->apart[kept] = w->apart[i];
		w->product[kept++] = w->product[i];
	}
	w->product = mem_resize(w->product, kept, sizeof *w->product);
	w->cap_product = kept;
	if (w->apart)
		w->apart = mem_resize(w->apart, kept, sizeof *w->apart);
	witness_forget_aside(w);
}

/* The sample of a rank is of the first witness that has it: sorting is stable. */
static bool merge_products(struct seen *s, struct pool *pool, struct err *err)
{
	uint32_t n = s->id[ID_PRODUCT].n;
	struct joining j = {.seen = s, .lock = PTHREAD_MUTEX_INITIALIZER};

	s->product_at = mem_big(n, sizeof *s->product_at, "products", err);
	s->product_base = mem_zalloc((s->from->n + 1) * sizeof *s->product_base);
	if (!s->product_at || !blank_facts(s, n, err))
		return false;
	pool_run(pool, s->from->n, rank_products, &j);
	for (unsigned w = 0; w < s->from->n; w++)
		s->product_base[w + 1] += s->product_base[w];
	for (j.w = 0; j.w < s->from->n; j.w++)
		pool_run_rows(pool, map_count(s->from->of[j.w].map[ID_PRODUCT]), join_products,
			      &j);
	if (j.failed)
		return err_fail(err, ERR_NOMEM, "out of memory: what is known of products");
	pool_run(pool, s->from->n, keep_products, &j);
	return true;
}

static void merge_traits(struct seen *s, unsigned w, uint32_t number, uint32_t rank)
{
	const uint32_t *from = s->from->of[w].trait;

	for (int t = 0; s->trait && t < TRAITS; t++)
		s->trait[(size_t)rank * TRAITS + t] =
			ids_rank(&s->id[ID_TRAIT + t], w, from[(size_t)number * TRAITS + t]);
}

static void join_sessions(void *ctx, struct pool_rows rows, unsigned worker)
{
	const struct joining *j = ctx;
	struct seen *s = j->seen;
	const struct witness *from = &s->from->of[j->w];
	const uint32_t *ranks = s->id[ID_SESSION].rank + s->id[ID_SESSION].base[j->w];

	for (uint32_t i = (uint32_t)rows.begin; i < rows.end; i++) {
		const struct session_seen *one = &from->session[i];
		struct session_seen *to = &s->session[ranks[i]];

		if (i + AHEAD < rows.end)
			__builtin_prefetch(&s->session[ranks[i + AHEAD]], 1);
		if (to->events == 0 || stamp_later(to->first, one->first)) {
			to->first = one->first;
			to->user = ids_rank(&s->id[ID_USER], j->w, one->user);
			merge_traits(s, j->w, i, ranks[i]);
		}
		to->events += one->events;
	}
}

static bool merge_sessions(struct seen *s, struct pool *pool, struct err *err)
{
	uint32_t n = s->id[ID_SESSION].n;
	struct joining j = {.seen = s};

	s->session = mem_dense(n, sizeof *s->session, "sessions", err);
	if (s->session && s->from->of->traits)
		s->trait = mem_big((size_t)n * TRAITS, sizeof *s->trait, "sessions", err);
	if (!s->session || (s->from->of->traits && !s->trait))
		return false;
	for (j.w = 0; j.w < s->from->n; j.w++) {
		struct witness *w = &s->from->of[j.w];

		pool_run_rows(pool, map_count(w->map[ID_SESSION]), join_sessions, &j);
		free(w->session);
		w->session = NULL;
		w->cap_session = 0;
		free(w->trait);
		w->trait = NULL;
		w->cap_trait = 0;
	}
	return true;
}

static void merge_category(struct seen *s, unsigned w, uint32_t number)
{
	const struct category_seen *from = &s->from->of[w].category[number];
	uint32_t rank = ids_rank(&s->id[ID_CATEGORY], w, number);
	struct category_seen *to = &s->category[rank];

	to->own |= from->own;
	for (unsigned f = 0; f < CATEGORY_FACTS; f++) {
		struct fact fact = from->fact[f];
		enum id_kind kind = f == CATEGORY_PARENT ? ID_CATEGORY : ID_PATH;

		fact.value = ids_rank(&s->id[kind], w, fact.value);
		merge_fact(&to->fact[f], fact);
	}
}

static bool merge_categories(struct seen *s, struct err *err)
{
	uint32_t n = s->id[ID_CATEGORY].n;

	s->category = mem_big(n, sizeof *s->category, "categories", err);
	if (!s->category)
		return false;
	for (uint32_t i = 0; i < n; i++)
		for (unsigned f = 0; f < CATEGORY_FACTS; f++)
			s->category[i].fact[f].value = MAP_NONE;
	for (unsigned w = 0; w < s->from->n; w++) {
		uint32_t count = map_count(s->from->of[w].map[ID_CATEGORY]);

		for (uint32_t i = 0; i < count; i++)
			merge_category(s, w, i);
	}
	return true;
}

static size_t count_properties(const struct seen *s)
{
	size_t n = 0;

	for (unsigned w = 0; w < s->from->n; w++)
		n += map_count(s->from->of[w].properties);
	return n;
}

/* Named values as ranks, one worker's after another's. */
static void gather_properties(const struct seen *s, struct property *to)
{
	for (unsigned w = 0; w < s->from->n; w++) {
		uint32_t n = map_count(s->from->of[w].properties);

		for (uint32_t i = 0; i < n; i++, to++) {
			*to = s->from->of[w].property[i];
			to->product = ids_rank(&s->id[ID_PRODUCT], w, to->product);
			to->name = ids_rank(&s->id[ID_PROPERTY], w, to->name);
			to->value.value = ids_rank(&s->id[ID_VALUE], w, to->value.value);
		}
	}
}

static bool merge_properties(struct seen *s, struct pool *pool, struct err *err)
{
	size_t n = count_properties(s), last = 0;
	SCOPED_FREE struct property *all = mem_big(n, sizeof *all, "properties", err);
	SCOPED_FREE struct sort_item *item = mem_big(n, sizeof *item, "properties", err);

	if (!all || !item)
		return false;
	s->property = mem_big(n, sizeof *s->property, "properties", err);
	if (!s->property)
		return false;
	gather_properties(s, all);
	for (size_t i = 0; i < n; i++)
		item[i] = (struct sort_item){(uint64_t)all[i].product << 32 |
					     all[i].name, i};
	if (!sort_items(item, n, pool, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct property *p = &all[item[i].value];

		if (i && item[i].key == item[i - 1].key) {
			merge_fact(&s->property[last].value, p->value);
			continue;
		}
		last = s->n_property++;
		s->property[last] = *p;
	}
	return true;
}

static bool merge_ids(struct seen *s, enum id_kind kind, struct pool *pool, struct err *err)
{
	return ids_merge(&s->id[kind], s->from, kind, pool, err);
}

bool seen_merge_sessions(struct seen *s, struct pool *pool, struct err *err)
{
	free(s->session);
	free(s->trait);
	s->session = NULL;
	s->trait = NULL;
	for (int t = 0; t < TRAITS; t++)
		if (!merge_ids(s, (enum id_kind)(ID_TRAIT + t), pool, err))
			return false;
	return merge_ids(s, ID_SESSION, pool, err) && merge_ids(s, ID_USER, pool, err) &&
	       merge_sessions(s, pool, err);
}

/* Every step-th of n numbers names one. */
struct namings {
	uint32_t *named;
	size_t step;
	uint32_t n;
};

/* Renumber what n sessions name, each in steps of `step` words. */
static bool drop_unused(struct ids *ids, struct namings x, struct err *err)
{
	SCOPED_FREE uint32_t *number = mem_big(ids->n, sizeof *number, "ids", err);
	uint32_t used = 0;

	if (!number)
		return false;
	for (size_t i = 0; i < x.n; i++)
		if (x.named[i * x.step] != MAP_NONE)
			number[x.named[i * x.step]] = 1;
	for (uint32_t i = 0; i < ids->n; i++)
		if (number[i]) {
			number[i] = used;
			ids->sample[used++] = ids->sample[i];
		}
	ids->n = used;
	for (size_t i = 0; i < x.n; i++)
		if (x.named[i * x.step] != MAP_NONE)
			x.named[i * x.step] = number[x.named[i * x.step]];
	return true;
}

bool seen_drop_unused(struct seen *s, struct err *err)
{
	uint32_t n = s->id[ID_SESSION].n;
	bool ok = drop_unused(
		&s->id[ID_USER],
		(struct namings){&s->session->user, sizeof *s->session / sizeof(uint32_t), n},
		err);

	for (int t = 0; ok && s->trait && t < TRAITS; t++)
		ok = drop_unused(&s->id[ID_TRAIT + t],
				 (struct namings){s->trait + t, TRAITS, n}, err);
	return ok;
}

/* Sessions, which are the most, when what was seen of products is out of memory. */
bool seen_merge(struct seen *s, struct witnesses *from, struct pool *pool, struct err *err)
{
	s->from = from;
	s->n_facts = from->n_facts;
	witnesses_rest(from);
	for (int k = 0; k < ID_KINDS; k++)
		if (k != ID_SESSION && k != ID_USER && k < ID_TRAIT &&
		    !merge_ids(s, (enum id_kind)k, pool, err))
			return false;
	return merge_categories(s, err) && merge_properties(s, pool, err) &&
		merge_products(s, pool, err) && placed_merge(s, pool, err) &&
		seen_merge_sessions(s, pool, err);
}

/* ---- what only all files together can tell */

/* The last one in the files wins. */
struct session_told *seen_told(const struct seen *s, struct err *err)
{
	const struct ids *t = &s->id[ID_SESSION], *u = &s->id[ID_USER];
	struct session_told *all = mem_big(t->n, sizeof *all, "sessions", err);

	for (uint32_t i = 0; all && i < t->n; i++)
		all[i] = (struct session_told){MAP_NONE, MAP_NONE, TIME_NONE, 0};
	for (unsigned w = 0; all && w < s->from->n; w++)
		for (size_t i = 0; i < s->from->of[w].n_told; i++) {
			struct session_told told = s->from->of[w].told[i];

			told.session = t->rank[t->base[w] + told.session];
			if (told.user != MAP_NONE)
				told.user = u->rank[u->base[w] + told.user];
			if (told.seq >= all[told.session].seq)
				all[told.session] = told;
		}
	return all;
}

bool seen_has_told(const struct seen *s)
{
	bool told = false;

	for (unsigned w = 0; w < s->from->n; w++)
		told |= s->from->of[w].n_told > 0;
	return told;
}

bool seen_is_open(const struct seen *s)
{
	uint32_t sessions = s->id[ID_SESSION].n;
	bool open = sessions && ids_text(&s->id[ID_SESSION], 0).ptr[0] ==
		SESSION_NUMBERED;

	for (unsigned w = 0; w < s->from->n; w++)
		open |= s->from->of[w].open;
	return open || seen_has_told(s);
}

bool seen_gather(struct seen *s, struct pool *pool, struct err *err)
{
	return ids_gather(&s->id[ID_PRODUCT], pool, err) &&
	       ids_gather(&s->id[ID_USER], pool, err);
}

void seen_finish(struct seen *s)
{
	for (int k = 0; k < ID_KINDS; k++)
		ids_finish(&s->id[k]);
	free(s->product_at);
	free(s->product_base);
	free(s->fact);
	free(s->session);
	free(s->trait);
	free(s->category);
	free(s->place);
	free(s->property);
	*s = (struct seen){0};
}
