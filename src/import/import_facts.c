/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was said of every product, as arrays of numbers. Products lie anywhere in memory, so
 * all arrays are filled in one pass over them.
 */
#include "config.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/pool.h"
#include "import/steps.h"
#include "store/build.h"

/* What a worker sees of its products. */
struct facts_seen {
	uint64_t unseen;	/* without an event */
	uint64_t conflicts;	/* whose records disagree */
	int64_t first, last;	/* of the events of all */
};

/* By number; NULL: there is no such array. */
struct facts {
	const struct made *m;
	unsigned scale;		/* of prices */
	uint32_t *brand;
	int64_t *price, *first, *last;
	int64_t *time;		/* (products, n_facts + 1): of each fact, then of the price */
	uint32_t *category, *conflict;	/* ranks; bits by fact */
	struct facts_seen *seen;	/* (workers) */
};

int64_t import_price(const struct product_seen *p, unsigned scale)
{
	int64_t units = PRICE_NONE;

	if (p->has_price)
		(void)num_rescale(product_price(p), scale, &units);
	return units;
}

/* Those that stand with the product, then those aside. */
static struct fact fact_of(const struct facts *f, uint64_t product, const struct stamps *at,
			   unsigned fact)
{
	return fact < FACTS_WITH ? product_fact(f->m->number.product[product], at, fact)
				 : numbers_fact(&f->m->number, &f->m->seen, product, fact);
}

static void take_times(const struct facts *f, const struct product_seen *p, uint64_t product)
{
	struct stamps at = numbers_stamps(&f->m->number, &f->m->seen, product);
	unsigned n = f->m->seen.n_facts;
	int64_t *to = f->time + product * (n + 1);

	for (unsigned k = 0; k < n; k++)
		to[k] = fact_time(fact_of(f, product, &at, k));
	to[n] = p->has_price ? at.price.time : TIME_NONE;
}

static uint32_t conflicts_of(const struct facts *f, const struct product_seen *p,
			     uint64_t product)
{
	uint32_t bits = p->conflicts;

	for (unsigned k = FACTS_WITH; f->m->seen.fact && k < f->m->seen.n_facts; k++)
		bits |= (uint32_t)numbers_fact(&f->m->number, &f->m->seen, product, k).conflict
			<< k;
	return bits;
}

static void take_facts(void *ctx, struct pool_rows rows, unsigned worker)
{
	const struct facts *f = ctx;
	struct facts_seen *seen = &f->seen[worker];

	for (size_t i = rows.begin; i < rows.end; i++) {
		const struct product_seen *p = numbers_product(&f->m->number, i);
		bool unseen = p->first > p->last;
		uint32_t conflicts = conflicts_of(f, p, i);

		seen->unseen += unseen;
		seen->conflicts += conflicts != 0;
		seen->first = p->first < seen->first ? p->first : seen->first;
		seen->last = p->last > seen->last ? p->last : seen->last;
		f->first[i] = unseen ? TIME_NONE : p->first;
		f->last[i] = unseen ? TIME_NONE : p->last;
		if (f->brand)
			f->brand[i] = p->value[FACT_BRAND];
		if (f->price)
			f->price[i] = import_price(p, f->scale);
		if (!f->time)
			continue;
		take_times(f, p, i);
		f->category[i] = p->value[FACT_CATEGORY];
		f->conflict[i] = conflicts;
	}
}

/* Room for an array of one column or several. */
static bool room(const struct facts *f, const char *name, enum array_type type,
		 uint32_t columns, void *to, struct err *err)
{
	return build_reserve(f->m->build, name, type, f->m->seen.id[ID_PRODUCT].n, columns, to,
			     err);
}

static bool make_room(struct facts *f, const struct taken *t, struct err *err)
{
	bool brands = t->caps & CAP_BRANDS, prices = (t->caps & CAP_PRICES) || t->product_prices;

	return (!brands || room(f, "product/brand", ARRAY_U32, 1, &f->brand, err)) &&
	       (!prices || room(f, "product/price", ARRAY_I64, 1, &f->price, err)) &&
	       room(f, "product/first", ARRAY_I64, 1, &f->first, err) &&
	       room(f, "product/last", ARRAY_I64, 1, &f->last, err) &&
	       (!f->m->keep ||
		(room(f, "resume/fact-time", ARRAY_I64, f->m->seen.n_facts + 1, &f->time, err) &&
		 room(f, "resume/product-category", ARRAY_U32, 1, &f->category, err) &&
		 room(f, "resume/conflict", ARRAY_U32, 1, &f->conflict, err)));
}

bool import_write_facts(const struct import *im, const struct taken *t, struct made *m,
			struct err *err)
{
	unsigned workers = pool_threads(im->pool);
	uint32_t n = m->seen.id[ID_PRODUCT].n;
	SCOPED_FREE struct facts_seen *seen = mem_alloc(workers * sizeof *seen);
	struct facts f = {.m = m, .scale = t->events.scale, .seen = seen};
	struct import_summary *sum = im->sum;

	for (unsigned i = 0; i < workers; i++)
		seen[i] = (struct facts_seen){.first = INT64_MAX, .last = INT64_MIN};
	build_hold(m->build);
	if (!build_array(m->build, "product/category", ARRAY_U32, n, 1, m->number.product_node,
			 err) ||
	    !make_room(&f, t, err))
		return false;
	pool_run_rows(im->pool, n, take_facts, &f);
	build_seal(m->build, im->pool);
	sum->first_time = INT64_MAX;
	sum->last_time = INT64_MIN;
	for (unsigned i = 0; i < workers; i++) {
		sum->unseen += seen[i].unseen;
		m->conflicts += seen[i].conflicts;
		sum->first_time = seen[i].first < sum->first_time ? seen[i].first
								  : sum->first_time;
		sum->last_time = seen[i].last > sum->last_time ? seen[i].last : sum->last_time;
	}
	return true;
}
