/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "suggest/door.h"

#include <math.h>

#include "base/job.h"
#include "base/pool.h"
#include "model/model.h"
#include "panel/candidates.h"
#include "panel/prior.h"
#include "stats/relation.h"
#include "stats/scan.h"

#include "fixture.h"
#include "minishop.h"
#include "unit.h"

#define P MINI_PRODUCTS

/* Of that product; what more is asked o says (NULL: nothing). */
static struct panel_request asked(const struct store *s, enum panel_kind kind,
				  uint32_t product, const struct outlook *o)
{
	struct panel_request r = {.about = question_of(s, o), .kind = kind, .limit = P};

	r.about.product = product;
	return r;
}

static struct panel compute(const struct panel_request *r)
{
	struct panel p;
	struct err err = {0};

	if (!suggest(r, &p, NULL, &err))
		fail_msg("%s", err.text);
	return p;
}

/* Sources that are ranked as one share a number, which rises down a panel. */
static int ranking_of(const struct panel_request *r, enum panel_source s)
{
	const struct relation_counts *rel = r->about.catalog->relation;
	bool merged = rel[REL_CO_PURCHASE].out.offsets || rel[REL_CO_CART].out.offsets;

	if (merged && (s == SOURCE_CO_CART || s == SOURCE_SECOND || s == SOURCE_TRANSITION))
		return SOURCE_CO_PURCHASE;
	return (int)s;
}

/* What holds for every panel whatever the data. */
static void sound(const struct panel_request *r, const struct panel *p)
{
	enum same_category mode = asked_same_category(r->about.outlook);
	bool seen[P] = {false};

	assert_true(p->n_rows <= r->limit);
	for (unsigned i = 0; i < p->n_rows; i++) {
		const struct panel_row *x = &p->rows[i];
		bool same = catalog_same_category(r->about.catalog, r->about.product, x->product);

		assert_false(catalog_variants(r->about.catalog, r->about.product, x->product));
		assert_false(seen[x->product]);
		seen[x->product] = true;
		assert_true(x->score > 0 && (i == 0 || x[-1].score >= x->score));
		assert_true(same == !!(x->flags & PANEL_SAME_CATEGORY));
		assert_true(mode != SAME_EXCLUDE || !same);
		assert_true(mode != SAME_ONLY || same);
		assert_true(isnan(x->assoc.lift) == (x->counts.n_all == 0));
		if (i > 0 && ranking_of(r, x[-1].source) == ranking_of(r, x->source))
			assert_true(x[-1].score > x->score ||
				    (x[-1].score == x->score && x[-1].product < x->product));
		else if (i > 0)
			assert_true(ranking_of(r, x[-1].source) < ranking_of(r, x->source));
	}
}

/* The reverse rank is the place in the other product's own panel. */
static void same_reverse(const struct panel_request *r, const struct panel *p)
{
	for (unsigned i = 0; i < p->n_rows; i++) {
		const struct panel_row *x = &p->rows[i];
		struct panel_request back = *r;
		struct panel other;
		uint32_t rank = 0;

		if (x->counts.n_all == 0)
			continue;
		back.about.product = x->product;
		back.limit = P;
		back.reverse = false;
		other = compute(&back);
		for (unsigned k = 0; k < other.n_rows; k++)
			if (other.rows[k].product == r->about.product &&
			    ranking_of(r, other.rows[k].source) == ranking_of(r, x->source))
				rank = k + 1;
		/* Ranks are within a ranking: comparable where it leads both. */
		if (other.n_rows > 0 &&
		    ranking_of(r, other.rows[0].source) == ranking_of(r, x->source))
			assert_int_equal(x->reverse_rank, rank);
		rank = x->reverse_rank;
		assert_true(!!(x->flags & PANEL_ONE_WAY) == (rank == 0 || rank > PANEL_ROWS));
		panel_finish(&other);
	}
}

static void test_sound(void **state)
{
	static struct minishop m;
	char *folder = fixture_folder(), name[16];

	(void)state;
	for (unsigned kinds = 1; kinds < 16; kinds += 2) {
		char *path;
		struct store *s;

		snprintf(name, sizeof name, "%u.aisle", kinds);
		path = fixture_path(folder, name);
		minishop_draw(&m, kinds, kinds);
		s = minishop_store(&m, path, 2);
		for (unsigned i = 0; i < P * 8; i++) {
			OUTLOOK(o);
			struct panel_request r = asked(s, i % 2 ? PANEL_SIMILAR :
						       PANEL_COMPLEMENTARY, i / 8, &o);
			struct panel p;

			outlook_set(&o, ASK_SAME_CATEGORY,
				    str_from(same_category_name(i / 2 % 4)));
			outlook_set(&o, ASK_CODES, STR("all"));
			r.limit = i % 3 ? 5 : P;
			r.reverse = true;
			p = compute(&r);
			sound(&r, &p);
			same_reverse(&r, &p);
			panel_finish(&p);
		}
		store_destroy(s);
		free(path);
	}
	fixture_remove(folder);
}

static struct str text_of(const struct catalog *c, uint32_t p, const char *sort)
{
	if (strcmp(sort, "label") == 0)
		return text_at(&c->product_label, p);
	if (strcmp(sort, "category") == 0)
		return c->product_category[p] == CATALOG_NONE ? STR_NULL :
		       text_at(&c->category_path, c->product_category[p]);
	return c->product_brand && c->product_brand[p] != CATALOG_NONE ?
	       text_at(&c->brand_name, c->product_brand[p]) : STR_NULL;
}

/* A to Z: how many products have a text before this one's. */
static double text_key(const struct catalog *c, uint32_t p, const char *sort)
{
	struct str own = text_of(c, p, sort);
	unsigned before = 0;

	if (!own.ptr)
		return -INFINITY;
	for (uint32_t i = 0; i < c->n_products; i++) {
		struct str s = text_of(c, i, sort);

		before += s.ptr && str_cmp(s, own) < 0;
	}
	return -(double)before;
}

static double key_of(const struct catalog *c, const struct panel_row *r, const char *sort)
{
	if (strcmp(sort, "price") == 0)
		return c->product_price[r->product] == PRICE_NONE ? -INFINITY :
		       (double)c->product_price[r->product];
	if (strcmp(sort, "label") == 0 || strcmp(sort, "category") == 0 ||
	    strcmp(sort, "brand") == 0)
		return text_key(c, r->product, sort);
	if (strcmp(sort, "rank") == 0)
		return -(double)r->rank;
	if (strcmp(sort, "score") == 0)
		return r->score;
	if (r->counts.n_all == 0)
		return -INFINITY;	/* last, whatever it is sorted by */
	return strcmp(sort, "n") == 0 ? (double)r->counts.n :
	       strcmp(sort, "lift") == 0 ? r->assoc.lift :
	       strcmp(sort, "lift_low") == 0 ? r->assoc.lift_low : r->assoc.confidence;
}

/* The first three by any column are the three first of all candidates. */
static void sorted(const struct panel_request *own, const struct panel *all)
{
	for (size_t k = 0; suggest_sorts[k]; k++) {
		OUTLOOK(o);
		struct panel_request r = *own;
		const struct catalog *c = r.about.catalog;
		struct panel p;
		bool up;

		if (!suggest_sorts_by(c, str_from(suggest_sorts[k]), &up))
			continue;
		r.limit = 3;
		r.about.outlook = &o;
		outlook_set(&o, ASK_SORT, str_from(suggest_sorts[k]));
		p = compute(&r);
		assert_int_equal(p.n_rows, all->n_rows < 3 ? all->n_rows : 3);
		for (unsigned i = 0; i < p.n_rows; i++) {
			double key = key_of(c, &p.rows[i], suggest_sorts[k]);
			unsigned before = 0;

			assert_int_equal(all->rows[p.rows[i].rank - 1].product,
					 p.rows[i].product);
			for (unsigned j = 0; j < all->n_rows; j++) {
				double x = key_of(c, &all->rows[j], suggest_sorts[k]);

				before += x > key || (x == key && j + 1 < p.rows[i].rank);
			}
			assert_int_equal(before, i);
		}
		panel_finish(&p);
	}
}

/* One of each product code: the list of all without those whose code stands above. */
static void test_codes(void **state)
{
	static struct minishop m;
	char *folder = fixture_folder(), *path = fixture_path(folder, "s.aisle");
	unsigned dropped = 0;
	struct store *s;
	struct err err = {0};

	(void)state;
	minishop_draw(&m, 8, 15);
	s = minishop_store(&m, path, 1);
	for (unsigned i = 0; i < P * 2; i++) {
		OUTLOOK(o);
		struct panel_request r = asked(s, i % 2, i / 2, NULL);
		const struct catalog *c = r.about.catalog;
		struct panel one = compute(&r), all;
		unsigned k = 0;

		outlook_set(&o, ASK_CODES, STR("all"));
		r.about.outlook = &o;
		all = compute(&r);
		for (unsigned j = 0; j < all.n_rows; j++) {
			bool stands = false;

			for (unsigned h = 0; h < k; h++)
				stands |= catalog_variants(c, one.rows[h].product,
							   all.rows[j].product);
			dropped += stands;
			if (stands)
				continue;
			assert_true(k < one.n_rows);
			assert_int_equal(one.rows[k].product, all.rows[j].product);
			assert_int_equal(one.rows[k++].source, all.rows[j].source);
		}
		assert_int_equal(k, one.n_rows);
		/* What is looked for stands for its code. */
		for (unsigned j = 0; j < all.n_rows; j++) {
			struct panel_row row;
			unsigned rank;

			r.about.outlook = NULL;
			assert_true(suggest_find(&r, all.rows[j].product, &row, &rank, NULL,
						 &err));
			assert_true(rank > 0 && rank <= j + 1);
		}
		panel_finish(&one);
		panel_finish(&all);
	}
	assert_true(dropped > 0);
	store_destroy(s);
	fixture_remove(folder);
	free(path);
}

static void test_sorted(void **state)
{
	static struct minishop m;
	char *folder = fixture_folder(), *path = fixture_path(folder, "s.aisle");
	struct store *s;
	struct err err = {0};

	(void)state;
	minishop_draw(&m, 5, 15);
	s = minishop_store(&m, path, 1);
	for (unsigned i = 0; i < P * 2; i++) {
		OUTLOOK(o);
		struct panel_request r = asked(s, i % 2, i / 2, &o);
		struct panel all, p;
		unsigned first = 0;

		r.limit = 1000;
		all = compute(&r);

		/* One source alone: with fewer rows the others aren't asked. */
		while (first < all.n_rows && ranking_of(&r, all.rows[first].source) ==
					     ranking_of(&r, all.rows[0].source))
			first++;
		all.n_rows = first;
		if (first >= 3)
			sorted(&r, &all);
		outlook_set(&o, ASK_SORT, STR("rank:desc"));
		p = compute(&r);
		for (unsigned k = 0; k < p.n_rows; k++)
			assert_int_equal(p.rows[k].rank, p.n_rows - k);
		panel_finish(&p);
		panel_finish(&all);
		outlook_set(&o, ASK_SORT, STR("brand"));
		assert_false(suggest(&r, &p, NULL, &err));
		assert_int_equal(err.code, ERR_USAGE);
		err = (struct err){0};
	}
	store_destroy(s);
	fixture_remove(folder);
	free(path);
}

/* Ranks back asked for later are those asked for at once; only a range may stand. */
static void test_later_and_within(void **state)
{
	static struct minishop m;
	char *folder = fixture_folder(), *path = fixture_path(folder, "s.aisle");
	SCOPED(pool) pool = pool_create(3);
	struct store *s;
	struct err err = {0};

	(void)state;
	minishop_draw(&m, 6, 15);
	s = minishop_store(&m, path, 1);
	for (unsigned i = 0; i < P * 2; i++) {
		struct panel_request r = asked(s, i % 2, i / 2, NULL);
		struct panel at_once, later, within;
		uint32_t begin, end;
		unsigned k = 0;

		r.reverse = true;
		at_once = compute(&r);
		r.reverse = false;
		later = compute(&r);
		assert_int_equal(later.n_rows, at_once.n_rows);
		assert_true(suggest_back(&r, &later, (struct work){.pool = pool}, &err));
		for (unsigned j = 0; j < later.n_rows; j++) {
			assert_int_equal(later.rows[j].reverse_rank,
					 at_once.rows[j].reverse_rank);
			assert_int_equal(later.rows[j].flags, at_once.rows[j].flags);
		}
		r.about.category = 0;
		catalog_products(r.about.catalog, 0, &begin, &end);
		within = compute(&r);
		for (unsigned j = 0; j < within.n_rows; j++)
			assert_true(within.rows[j].product >= begin &&
				    within.rows[j].product < end);
		/* What of the range is in the whole list stands in it too. */
		for (unsigned j = 0; j < later.n_rows; j++)
			k += later.rows[j].product >= begin && later.rows[j].product < end;
		assert_true(within.n_rows >= k);
		panel_finish(&at_once);
		panel_finish(&later);
		panel_finish(&within);
	}
	store_destroy(s);
	fixture_remove(folder);
	free(path);
}

/* A model ranks either panel as it ranks products, without variants. */
static void test_by_model(void **state)
{
	static struct minishop m;
	char *folder = fixture_folder(), *path = fixture_path(folder, "s.aisle");
	const struct model_class *class = model_find(STR("itemknn"));
	SCOPED(pool) pool = pool_create(1);
	struct sink *sink = sink_create();
	struct params params;
	struct model *model;
	struct store *s;
	struct err err = {0};

	(void)state;
	minishop_draw(&m, 7, 15);
	s = minishop_store(&m, path, 1);
	params_init(&params, class->params);
	assert_true(model_train(class,
				&(struct lesson){store_catalog(s), &params, sink,
						 (struct work){pool, NULL}},
				&err));
	assert_true(
		model_open_sink(&model, &(struct model_form){class, &params, P}, sink, &err));
	for (unsigned i = 0; i < P * 2; i++) {
		uint32_t a = i / 2;
		OUTLOOK(o);
		struct panel_request r = asked(s, i % 2, a, &o);
		struct panel p;
		struct history h = {&a, NULL, 1};
		struct model_query q = {.history = h, .limit = P};
		struct hit hits[P];
		size_t n;
		unsigned k = 0;

		outlook_set(&o, ASK_CODES, STR("all"));
		r.about.model = model;
		p = compute(&r);
		assert_true(model_rank(model, &q, hits, &n, NULL, &err));
		for (size_t j = 0; j < n; j++) {
			if (catalog_variants(r.about.catalog, a, hits[j].id))
				continue;
			assert_true(k < p.n_rows);
			assert_int_equal(p.rows[k].product, hits[j].id);
			assert_int_equal(p.rows[k++].source, SOURCE_MODEL);
		}
		assert_int_equal(k, p.n_rows);
		panel_finish(&p);
	}
	model_destroy(model);
	sink_destroy(sink);
	store_destroy(s);
	fixture_remove(folder);
	free(path);
}

static void test_similar_score(void **state)
{
	static struct minishop m;
	char *folder = fixture_folder(), *path = fixture_path(folder, "x.aisle");
	struct panel_request r;
	const struct catalog *c;
	struct store *s;

	(void)state;
	minishop_draw(&m, 8, 0x1f);
	s = minishop_store(&m, path, 2);
	r = asked(s, PANEL_SIMILAR, 0, NULL);
	c = store_catalog(s);
	for (r.about.product = 0; r.about.product < P; r.about.product++) {
		struct panel p = compute(&r);

		for (unsigned i = 0; i < p.n_rows; i++) {
			const struct panel_row *x = &p.rows[i];
			uint32_t a = r.about.product, b = x->product;
			double n = relation_pair(&c->relation[REL_CO_VIEW], a, b);
			double next = relation_pair(&c->relation[REL_ADJACENT_VIEW], a, b);

			if (x->source != SOURCE_CO_VIEW)
				continue;
			next += 0.3 * relation_pair(&c->relation[REL_ADJACENT_VIEW], b, a);
			n += 10 * next * next / (next + 20);
			n /= sqrt((double)x->counts.n_a * (double)x->counts.n_b) + 20;
			n *= x->flags & PANEL_PENALISED ? 0.25 : 1;
			assert_true(fabs(n - x->score) < 1e-12);
		}
		panel_finish(&p);
	}
	store_destroy(s);
	free(path);
	fixture_remove(folder);
}

/* Second steps over every other product. */
static double second_score(const struct catalog *c, uint32_t a, uint32_t b)
{
	const struct relation_counts *bought = &c->relation[REL_CO_PURCHASE];
	double score = 0;

	for (uint32_t over = 0; over < P; over++) {
		double all = 0;

		for (uint32_t x = 0; x < P; x++)
			all += relation_pair(bought, over, x);
		if (all > 0)
			score += relation_pair(bought, a, over) *
				 (double)relation_pair(bought, over, b) / all;
	}
	return score;
}

/* Sessions, second steps, and the prior. */
static double complementary_score(const struct catalog *c, struct prior *prior, uint32_t a,
				  uint32_t b)
{
	prior_for(prior, c, c->product_category[a]);
	return relation_pair(&c->relation[REL_CO_PURCHASE], a, b) +
	       0.667 * relation_pair(&c->relation[REL_CO_CART], a, b) + second_score(c, a, b) +
	       6 * prior->mean * prior_of(prior, b);
}

static void test_complementary_score(void **state)
{
	static struct minishop m;
	char *folder = fixture_folder(), *path = fixture_path(folder, "x.aisle");
	struct panel_request r = {.kind = PANEL_COMPLEMENTARY, .limit = P};
	struct prior prior = {0};
	unsigned second = 0;
	struct store *s;

	(void)state;
	minishop_draw(&m, 8, 0x1f);
	s = minishop_store(&m, path, 2);
	r.about.catalog = store_catalog(s);
	for (r.about.product = 0; r.about.product < P; r.about.product++) {
		struct panel p = compute(&r);

		for (unsigned i = 0; i < p.n_rows; i++) {
			const struct panel_row *x = &p.rows[i];

			if (x->source == SOURCE_VIEW_PURCHASE || x->source == SOURCE_POPULAR)
				continue;
			second += x->source == SOURCE_SECOND;
			assert_true(fabs(complementary_score(r.about.catalog, &prior,
							     r.about.product, x->product) -
					 x->score) < 1e-9);
		}
		panel_finish(&p);
	}
	assert_true(second > 0);
	prior_finish(&prior);
	store_destroy(s);
	free(path);
	fixture_remove(folder);
}

/* What each product of a basket says, added up; one that stands twice speaks once. */
static void test_basket_score(void **state)
{
	static struct minishop m;
	char *folder = fixture_folder(), *path = fixture_path(folder, "x.aisle");
	struct panel_request r = {.kind = PANEL_BASKET, .limit = P};
	struct prior prior = {0};
	uint32_t basket[3];
	unsigned rows = 0;
	struct store *s;

	(void)state;
	minishop_draw(&m, 8, 0x1f);
	s = minishop_store(&m, path, 2);
	r.about.catalog = store_catalog(s);
	r.about.basket = basket;
	r.about.n_basket = 3;
	for (uint32_t a = 0; a + 1 < P; a++) {
		struct panel p;

		basket[0] = basket[1] = a;
		basket[2] = r.about.product = a + 1;
		p = compute(&r);
		for (unsigned i = 0; i < p.n_rows; i++) {
			const struct catalog *c = r.about.catalog;
			uint32_t b = p.rows[i].product;
			double score = 0;

			for (unsigned k = 1; k < 3; k++) {
				prior_for(&prior, c, c->product_category[basket[k]]);
				score += relation_pair(&c->relation[REL_CO_PURCHASE], basket[k],
						       b) +
					 0.3 * second_score(c, basket[k], b) +
					 2 * prior.mean * prior_of(&prior, b);
			}
			assert_true(fabs(score - p.rows[i].score) < 1e-9);
			assert_true(b != a && b != a + 1);
			rows++;
		}
		panel_finish(&p);
	}
	assert_true(rows > 0);
	prior_finish(&prior);
	store_destroy(s);
	free(path);
	fixture_remove(folder);
}

static bool lets_but_six(void *ctx, uint32_t product)
{
	return product != 6;
}

/* Places are counted as lists are ranked, also of what stands in ranges. */
static void test_places(void **state)
{
	static const uint32_t popularity[] = {3, 9, 0, 1, 5, 2, 9, 4, 4, 7};
	struct candidates c = {
		.range = {{1, 4, 0.1}, {5, 9, 0.2}}, .ranges = 2, .scale = 3,
		.popularity = popularity,
	}, ranked = c;
	static const uint32_t expected[] = {0, 1, 3, 7, 8, 5, 9};
	struct candidates best;
	struct err err = {0};
	size_t kept = 0;

	for (uint32_t i = 0; i < 10; i += 3) {
		candidates_add(&c, i, i == 3 ? 2.7 : i == 6 ? 5.4 : 9.0 / (i + 1));
		candidates_add(&ranked, i, i == 3 ? 2.7 : i == 6 ? 5.4 : 9.0 / (i + 1));
	}
	if (!candidates_expand(&ranked, &err))
		fail_msg("%s", err.text);
	assert_int_equal(ranked.n, 8);
	for (size_t i = 0; i < ranked.n; i++)
		if (lets_but_six(NULL, ranked.at[i].product))
			ranked.at[kept++] = ranked.at[i];
	ranked.n = kept;
	candidates_rank(&ranked, 10);
	assert_int_equal(ranked.n, 7);
	/* 9, 2.7 twice, 2.4 twice, 1.2, .9: ties by number */
	for (uint32_t i = 0; i < 7; i++)
		assert_int_equal(candidates_place(&c, ranked.at[i].product, lets_but_six, NULL),
				 i + 1);
	for (uint32_t i = 0; i < 7; i++)
		assert_int_equal(ranked.at[i].product, expected[i]);
	assert_int_equal(candidates_place(&c, 6, lets_but_six, NULL), 0);
	assert_int_equal(candidates_place(&c, 2, lets_but_six, NULL), 0);
	assert_int_equal(candidates_place(&c, 4, lets_but_six, NULL), 0);
	c.ranges = 0;
	best = candidates_best(&c, 2);
	assert_true(best.n == 2 && best.at[0].product == 0 && best.at[1].product == 6);
	candidates_finish(&best);
	candidates_rank(&ranked, 2);
	assert_int_equal(ranked.n, 2);
	candidates_finish(&c);
	candidates_finish(&ranked);
}

static void test_notes(void **state)
{
	static struct minishop m;
	char *folder = fixture_folder(), *path = fixture_path(folder, "x.aisle");
	struct panel_request r;
	struct store *s;
	struct panel p;

	(void)state;
	minishop_draw(&m, 2, KIND_BIT(EVENT_VIEW));
	s = minishop_store(&m, path, 1);
	r = asked(s, PANEL_COMPLEMENTARY, 3, NULL);
	r.limit = 8;
	p = compute(&r);
	assert_int_equal(p.rows[0].source, SOURCE_TRANSITION);
	assert_non_null(strstr(p.note, "This store has no purchases"));
	panel_finish(&p);
	r.kind = PANEL_SIMILAR;
	r.limit = 1;
	p = compute(&r);
	assert_string_equal(p.note, "");
	panel_finish(&p);
	store_destroy(s);
	free(path);
	fixture_remove(folder);
}

static void test_cancelled(void **state)
{
	static struct minishop m;
	char *folder = fixture_folder(), *path = fixture_path(folder, "x.aisle");
	struct panel_request r;
	struct panel p = {.n_rows = 77};
	struct err err = {0};
	struct store *s;
	struct job job;

	(void)state;
	minishop_draw(&m, 2, 0x1f);
	s = minishop_store(&m, path, 1);
	r = asked(s, PANEL_SIMILAR, 0, NULL);
	job_init(&job);
	atomic_store(&job.cancel, true);
	assert_false(suggest(&r, &p, &job, &err));
	assert_int_equal(err.code, ERR_CANCELLED);
	assert_int_equal(p.n_rows, 77);
	store_destroy(s);
	free(path);
	fixture_remove(folder);
}

static void test_names(void **state)
{
	enum same_category same;

	(void)state;
	for (unsigned i = 0; i < PANEL_SOURCES; i++)
		assert_true(strlen(panel_source_name(i)) && strlen(panel_source_text(i)));
	for (unsigned i = 0; i <= SAME_ONLY; i++) {
		assert_true(same_category_parse(str_from(same_category_name(i)), &same));
		assert_int_equal(same, i);
	}
	assert_false(same_category_parse(STR("some"), &same));
}

UNIT_TESTS(panel, UNIT(test_sound), UNIT(test_codes), UNIT(test_sorted),
	   UNIT(test_later_and_within),
	   UNIT(test_by_model), UNIT(test_similar_score),
	   UNIT(test_complementary_score), UNIT(test_basket_score), UNIT(test_places),
	   UNIT(test_notes), UNIT(test_cancelled), UNIT(test_names))
