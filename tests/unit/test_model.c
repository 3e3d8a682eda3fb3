/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dirent.h>
#include <math.h>

#include "base/pool.h"
#include "fixture.h"
#include "minishop.h"
#include "model/model.h"
#include "stats/scan.h"
#include "store/trained.h"
#include "unit.h"

#define OK(call)							\
	do {								\
		if (!(call))						\
			fail_msg("%s: %s", #call, err.text);		\
	} while (0)

static const struct model_class *class_of(const char *name)
{
	const struct model_class *c = model_find(str_from(name));

	assert_non_null(c);
	return c;
}

static struct sink *trained(const char *name, const struct catalog *c, unsigned threads,
			    struct params *p)
{
	SCOPED(pool) pool = pool_create(threads);
	struct sink *s = sink_create();
	struct err err = {0};

	params_init(p, class_of(name)->params);
	OK(model_train(class_of(name),
		       &(struct lesson){c, p, s, (struct work){pool, NULL}}, &err));
	return s;
}

static void every_class_says_what_it_is(void **state)
{
	for (const struct model_class *const *c = model_classes; *c; c++) {
		struct params p, q;
		struct err err = {0};

		assert_true((*c)->title && (*c)->summary && (*c)->score_text);
		assert_true((*c)->train || (*c)->fit || ((*c)->flags & MODEL_VECTORS));
		assert_true(model_ranks(*c) || (*c)->fit);
		params_init(&p, (*c)->params);
		p.seed = 7;
		for (const struct param_default *d = p.list; d->id != PARAM_IDS; d++)
			OK(params_set(&p, d->id, str_from(d->value), &err));
		json_t *json = params_json(&p);

		params_init(&q, (*c)->params);
		OK(params_read(&q, json, &err));
		assert_memory_equal(&p, &q, sizeof p);
		json_decref(json);
	}
}

static void parameters_have_bounds(void **state)
{
	struct params p;
	struct err err = {0};
	STRBUF(b);

	params_init(&p, class_of("covis")->params);
	assert_false(params_set(&p, PARAM_ID_WINDOW, STR("0"), &err));
	assert_string_equal(err.text, "--window takes a whole number from 1 to 1000, not '0'");
	assert_false(params_set(&p, PARAM_ID_WINDOW, STR("2.5"), &err));
	assert_false(params_set(&p, PARAM_ID_SCORE, STR("cosin"), &err));
	assert_true(params_set(&p, PARAM_ID_SCORE, STR("cosine"), &err));
	assert_true(params_set(&p, PARAM_ID_SHRINK, STR("2.5"), &err));
	params_add_all(&p, true, &b);
	assert_string_equal(strbuf_c(&b), "--score cosine --shrink 2.5");
	assert_false(params_takes(&p, PARAM_ID_HOPS));
}

/* Every array that one sink has must be in the other, byte by byte. */
static void same_array(void *ctx, const char *name, const struct array *a)
{
	struct array b;

	assert_true(sink_find(ctx, name, &b));
	assert_int_equal(a->rows, b.rows);
	assert_int_equal(a->columns, b.columns);
	assert_memory_equal(a->data, b.data, a->rows * a->columns * array_size(a->type));
}

static void threads_change_nothing(void **state)
{
	static const char *const names[] = {"covis", "walk", "itemknn", "vsknn", "vstan",
					     "blend", "slist", "popular"};
	struct minishop *shop = malloc(sizeof *shop);
	char *folder = fixture_folder();

	minishop_draw(shop, 5, KIND_BIT(EVENT_VIEW) | KIND_BIT(EVENT_PURCHASE));
	SCOPED(store) s = minishop_store(shop, folder, 1);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct params p;
		SCOPED(sink) one = trained(names[i], store_catalog(s), 1, &p);
		SCOPED(sink) three = trained(names[i], store_catalog(s), 3, &p);

		sink_each(one, same_array, three);
		sink_each(three, same_array, one);
	}
	free(shop);
	fixture_remove(folder);
}

/* What is said of several histories at once is what is said of each, one by one or not; whether
 * the model is asked for several at once. */
static bool says_the_same(const struct model_class *class, const struct catalog *c)
{
	static const uint32_t product[] = {3, 9, 4, 3, 7, 1, 0, 12, 5, 2, 11};
	static const float weight[] = {0.25F, 1, 3};
	float many[MODEL_MANY * MINI_PRODUCTS], one[MINI_PRODUCTS];
	struct history h[MODEL_MANY];
	struct err err = {0};
	struct params p;
	SCOPED(sink) sink = trained(class->name, c, 1, &p);
	SCOPED(model) m = NULL;

	OK(model_open_sink(&m, &(struct model_form){class, &p, c->n_products}, sink, &err));
	for (unsigned i = 0; i < MODEL_MANY; i++)
		h[i] = (struct history){product + i, i == 2 ? weight : NULL, 1 + i % 4};
	h[2].n = 3;
	for (unsigned n = 1; n <= MODEL_MANY; n += 3) {
		OK(model_score_many(m, h, n, (struct scoring){many, NULL}, &err));
		for (unsigned i = 0; i < n; i++) {
			OK(model_score(m, &h[i], (struct scoring){one, NULL}, &err));
			for (uint32_t b = 0; b < c->n_products; b++) {
				float x = many[i * c->n_products + b];

				if (!(x == one[b] || fabsf(x - one[b]) <= 1e-6F * fabsf(one[b])))
					fail_msg("%s: %.9g and %.9g", class->name, (double)x,
						 (double)one[b]);
			}
		}
	}
	return model_scores_many(m);
}

static void many_at_once(void **state)
{
	struct minishop *shop = malloc(sizeof *shop);
	char *folder = fixture_folder();
	unsigned walks = 0;

	minishop_draw(shop, 8, KIND_BIT(EVENT_VIEW) | KIND_BIT(EVENT_PURCHASE));
	SCOPED(store) s = minishop_store(shop, folder, 1);
	for (size_t c = 0; model_classes[c]; c++)	/* and one of those asked one by one */
		if ((model_classes[c]->score_many && model_classes[c] != class_of("companion")) ||
		    model_classes[c] == class_of("covis"))
			walks += says_the_same(model_classes[c], store_catalog(s));
	assert_int_equal(walks, 2);
	free(shop);
	fixture_remove(folder);
}

/* Companion learns from pairs that are bought together more than they are seen together: here
 * nothing is seen. */
static void companion_of_many(void **state)
{
	struct minishop *shop = malloc(sizeof *shop);
	char *folder = fixture_folder();

	minishop_draw(shop, 8, KIND_BIT(EVENT_PURCHASE));
	SCOPED(store) s = minishop_store(shop, folder, 1);
	assert_true(says_the_same(class_of("companion"), store_catalog(s)));
	free(shop);
	fixture_remove(folder);
}

static void ranks_and_masks(void **state)
{
	struct minishop *shop = malloc(sizeof *shop);
	char *folder = fixture_folder();
	float scores[MINI_PRODUCTS];
	uint32_t last[] = {3, 4};
	struct model_query q = {.history = {last, NULL, 2}, .limit = 5};
	struct hit hits[MINI_PRODUCTS];
	struct params p;
	struct err err = {0};
	uint64_t allow = UINT64_C(0xff00);
	size_t n;

	minishop_draw(shop, 6, KIND_BIT(EVENT_VIEW));
	SCOPED(store) s = minishop_store(shop, folder, 1);
	SCOPED(sink) sink = trained("covis", store_catalog(s), 1, &p);
	SCOPED(model) m = NULL;

	OK(model_open_sink(&m, &(struct model_form){class_of("covis"), &p, shop->products},
			   sink, &err));
	OK(model_score(m, &q.history, (struct scoring){scores, NULL}, &err));
	OK(model_rank(m, &q, hits, &n, NULL, &err));
	assert_int_equal(n, 5);
	for (size_t i = 0; i < n; i++) {
		assert_true(hits[i].id != 3 && hits[i].id != 4);
		assert_true(hits[i].score == scores[hits[i].id]);
		assert_true(i == 0 || hit_before(hits[i - 1], hits[i]));
	}
	q.allow = &allow;
	q.limit = MINI_PRODUCTS;
	OK(model_rank(m, &q, hits, &n, NULL, &err));
	assert_true(n > 0 && n <= 8);
	for (size_t i = 0; i < n; i++)
		assert_true(hits[i].id >= 8 && hits[i].id < 16);
	free(shop);
	fixture_remove(folder);
}

/* What is so old that nothing is left of its weight makes no pairs, however often it
 * comes, and no 0 / 0. */
static void too_old_to_count(void **state)
{
	static const char *const ways[] = {"set", "adjacent", "window"};
	struct minishop *shop = malloc(sizeof *shop);
	char *folder = fixture_folder();
	float scores[MINI_PRODUCTS];
	struct err err = {0};

	minishop_draw(shop, 6, KIND_BIT(EVENT_VIEW));
	SCOPED(store) s = minishop_store(shop, folder, 1);
	for (unsigned way = 0; way < 3; way++) {
		SCOPED(sink) sink = sink_create();
		SCOPED(model) m = NULL;
		struct params p;
		struct array offsets, column, value;

		params_init(&p, class_of("covis")->params);
		OK(params_set(&p, PARAM_ID_COUNT, str_from(ways[way]), &err));
		OK(params_set(&p, PARAM_ID_SHRINK, STR("0"), &err));
		/* an event is a millisecond: 1e-7 days are 8.64 of them */
		OK(params_set(&p, PARAM_ID_HALF_LIFE, STR("1e-7"), &err));
		OK(model_train(
			class_of("covis"),
			&(struct lesson){store_catalog(s), &p, sink, (struct work){0}},
			&err));
		assert_true(sink_find(sink, "pairs/offsets", &offsets) &&
			    sink_find(sink, "pairs/column", &column) &&
			    sink_find(sink, "pairs/value", &value));
		for (uint32_t a = 0; a < shop->products; a++) {
			const uint64_t *o = offsets.data;

			for (uint64_t k = o[a]; k < o[a + 1]; k++)
				assert_true(k == o[a] || ((const uint32_t *)column.data)[k - 1] <
							 ((const uint32_t *)column.data)[k]);
		}
		OK(model_open_sink(&m,
				   &(struct model_form){class_of("covis"), &p, shop->products},
				   sink, &err));
		for (uint32_t a = 0; a < shop->products; a++) {
			OK(model_score(m, &(struct history){&a, NULL, 1},
				       (struct scoring){scores, NULL}, &err));
			for (uint32_t b = 0; b < shop->products; b++)
				assert_true(scores[b] > 0 || scores[b] == -INFINITY);
		}
	}
	free(shop);
	fixture_remove(folder);
}

/* Whatever the numbers of a file are, nothing outside its arrays is touched. */
static void damaged_numbers(void **state)
{
	static const struct {
		const char *model, *array;
		bool wide;	/* 64 bits */
	} damage[] = {
		{"covis", "pairs/offsets", true}, {"covis", "pairs/column", false},
		{"walk", "pairs/offsets", true}, {"walk", "pairs/column", false},
		{"trail", "next/offsets", true}, {"trail", "next/column", false},
		{"itemknn", "neighbour/offsets", true}, {"itemknn", "neighbour/column", false},
		{"vsknn", "sequence/offsets", true}, {"vsknn", "sequence/product", false},
		{"vsknn", "place/offsets", true}, {"vsknn", "place/sequence", false},
		{"vstan", "sequence/offsets", true}, {"vstan", "sequence/product", false},
	};
	struct minishop *shop = malloc(sizeof *shop);
	char *folder = fixture_folder();
	float *scores = malloc(MINI_PRODUCTS * sizeof *scores);
	struct err err = {0};

	minishop_draw(shop, 6, KIND_BIT(EVENT_VIEW));
	SCOPED(store) s = minishop_store(shop, folder, 1);
	for (size_t i = 0; i < sizeof damage / sizeof *damage; i++) {
		struct params p;
		SCOPED(sink) sink = trained(damage[i].model, store_catalog(s), 1, &p);
		SCOPED(model) m = NULL;
		struct model_reason reasons[4];
		struct array x;

		assert_true(sink_find(sink, damage[i].array, &x));
		for (uint64_t k = 3; k + 3 < x.rows; k += 5) {
			if (damage[i].wide)
				((uint64_t *)x.data)[k] = UINT64_C(1) << 40;
			else
				((uint32_t *)x.data)[k] = 0x7fffffff;
		}
		OK(model_open_sink(
			&m, &(struct model_form){class_of(damage[i].model), &p, MINI_PRODUCTS},
			sink, &err));
		for (uint32_t a = 0; a + 1 < shop->products; a++) {
			uint32_t two[] = {a, a + 1};

			OK(model_score(m, &(struct history){two, NULL, 2},
				       (struct scoring){scores, NULL}, &err));
			model_explain(m, a, a + 1, (struct reasons){reasons, 4});
		}
	}
	free(scores);
	free(shop);
	fixture_remove(folder);
}

/* --- files */

static void publish(const struct store *s, const char *name, uint32_t mark)
{
	SCOPED(sink) sink = sink_create();
	struct err err = {0};
	json_t *meta = json_pack("{s:s, s:{s:i}}", "model", "popular", "parameters", "seed",
				 (int)mark);
	uint32_t count[FIXTURE_PRODUCTS] = {mark, 2, 3, 4, 5, 0};

	OK(sink_array(sink, "count", ARRAY_U32, FIXTURE_PRODUCTS, 1, count, &err));
	OK(trained_publish(s, (struct trained_model){name, sink, meta}, 0, &err));
	json_decref(meta);
}

static void is_latest(const struct store *s, const char *name)
{
	SCOPED(model) m = models_latest(s, "popular");

	assert_non_null(m);
	assert_string_equal(model_name(m), name);
}

static unsigned files_of(const char *folder, const char *starts)
{
	DIR *d = opendir(folder);
	struct dirent *e;
	unsigned n = 0;

	assert_non_null(d);
	while ((e = readdir(d)))
		n += strncmp(e->d_name, starts, strlen(starts)) == 0 &&
		     !strstr(e->d_name, "-lock");
	closedir(d);
	return n;
}

static void replaced_while_open(void **state)
{
	char *folder = fixture_folder();
	struct err err = {0};
	uint32_t product = 1;
	struct history h = {&product, NULL, 1};
	float scores[FIXTURE_PRODUCTS];

	fixture_publish(folder, 1);
	SCOPED(store) s = NULL;
	OK(store_open(&s, folder, &err));
	assert_false(model_open(&(struct model *){NULL}, s, "a-b", &err));
	assert_int_equal(err.code, ERR_NO);
	publish(s, "a-b", 10);
	{
		SCOPED(model) old = NULL;
		SCOPED(model) new = NULL;

		OK(model_open(&old, s, "a-b", &err));
		publish(s, "a-b", 20);
		OK(model_open(&new, s, "a-b", &err));
		assert_int_equal(files_of(folder, "model-a-b-"), 2);
		OK(model_score(old, &h, (struct scoring){scores, NULL}, &err));
		assert_true(scores[0] == 10);
		OK(model_score(new, &h, (struct scoring){scores, NULL}, &err));
		assert_true(scores[0] == 20 && scores[5] == -INFINITY);
		assert_false(model_stale(new));
	}
	/* the last one out removed it */
	assert_int_equal(files_of(folder, "model-a-b-"), 1);
	publish(s, "a", 30);
	is_latest(s, "a");	/* within the same second */
	struct model_list l;

	models_of(s, &l);
	assert_int_equal(l.n, 2);
	assert_string_equal(l.at[0].name, "a");
	assert_string_equal(l.at[1].name, "a-b");
	model_list_finish(&l);
	OK(trained_remove(s, "a-b", 0, &err));
	assert_int_equal(files_of(folder, "model-"), 1);
	assert_false(trained_remove(s, "a-b", 0, &err));
	publish(s, "a-b", 40);
	is_latest(s, "a-b");
	publish(s, "a", 50);
	is_latest(s, "a");
	fixture_remove(folder);
}

/* A file that isn't of this form is old or new, not damaged; one of this form is. */
static void forms(void **state)
{
	static const struct {
		int form;
		const char *says;
	} file[] = {
		{0, "model r was trained by an older aisle"},
		{0, "train it again with aisle train rank "},
		{0, " --objective logistic --as r"},
		{TRAINED_FORM, "is damaged"},
		{TRAINED_FORM + 1, "trained by a newer aisle"},
	};
	char *folder = fixture_folder();
	struct err err = {0};

	fixture_publish(folder, 1);
	SCOPED(store) s = NULL;
	OK(store_open(&s, folder, &err));
	for (size_t i = 0; i < sizeof file / sizeof *file; i++) {
		SCOPED(sink) sink = sink_create();
		json_t *meta = json_pack("{s:s, s:{s:i, s:s}, s:i}", "model", "rank",
					 "parameters", "seed", 1, "objective", "logistic", "form",
					 file[i].form);

		OK(trained_publish(s, (struct trained_model){"r", sink, meta}, 0, &err));
		json_decref(meta);
		assert_false(model_open(&(struct model *){NULL}, s, "r", &err));
		assert_int_equal(err.code, ERR_STORE);
		if (!strstr(err.text, file[i].says))
			fail_msg("%s", err.text);
	}
	fixture_remove(folder);
}

#define SOLVED 6
#define P MINI_PRODUCTS

/* Inverse of a (n, n) by Gauss and Jordan. */
static void invert(double a[SOLVED][SOLVED])
{
	double b[SOLVED][SOLVED] = {0};

	for (unsigned i = 0; i < SOLVED; i++)
		b[i][i] = 1;
	for (unsigned i = 0; i < SOLVED; i++)
		for (unsigned k = 0; k < SOLVED; k++) {
			double f = k == i ? 1 - 1 / a[i][i] : a[k][i] / a[i][i];

			for (unsigned j = 0; j < SOLVED; j++) {
				b[k][j] -= f * b[i][j];
				if (j != i)
					a[k][j] -= f * a[i][j];
			}
			a[k][i] = k == i;
		}
	memcpy(a, b, sizeof b);
}

/* The products with the most sessions are solved together, other pairs alone. */
static void ease_of_some(void **state)
{
	static struct minishop shop;
	char *folder = fixture_folder();
	double n[P][P] = {0}, solved[SOLVED][SOLVED];
	uint32_t top[SOLVED], place[P];
	struct err err = {0};
	struct params p;

	minishop_draw(&shop, 5, KIND_BIT(EVENT_VIEW));
	shop.max_session = P;
	SCOPED(store) store = minishop_store(&shop, folder, 1);
	for (uint32_t s = 0; s < shop.sessions; s++) {
		bool in[P];

		minishop_basket(&shop, s, KIND_BIT(EVENT_VIEW), in);
		for (unsigned a = 0; a < P; a++)
			for (unsigned b = 0; b < P; b++)
				n[a][b] += in[a] && in[b];
	}
	for (unsigned a = 0; a < P; a++)
		place[a] = CATALOG_NONE;
	for (unsigned i = 0; i < SOLVED; i++) {
		top[i] = CATALOG_NONE;
		for (unsigned a = 0; a < P; a++)
			if (place[a] == CATALOG_NONE &&
			    (top[i] == CATALOG_NONE || n[a][a] > n[top[i]][top[i]]))
				top[i] = a;
		place[top[i]] = i;
	}
	for (unsigned i = 0; i < SOLVED; i++)
		for (unsigned j = 0; j < SOLVED; j++)
			solved[i][j] = n[top[i]][top[j]] + (i == j) * 10;
	invert(solved);

	params_init(&p, class_of("ease")->params);
	params_set(&p, PARAM_ID_MOST, STR("6"), NULL);
	params_set(&p, PARAM_ID_LAMBDA, STR("10"), NULL);
	SCOPED(sink) sink = sink_create();
	SCOPED(pool) pool = pool_create(1);
	SCOPED(model) m = NULL;
	OK(model_train(class_of("ease"),
		       &(struct lesson){store_catalog(store), &p, sink,
					(struct work){pool, NULL}}, &err));
	OK(model_open_sink(&m, &(struct model_form){class_of("ease"), &p, P}, sink, &err));
	for (uint32_t a = 0; a < P; a++) {
		struct history h = {&a, NULL, 1};
		float scores[P];

		OK(model_score(m, &h, (struct scoring){scores, NULL}, &err));
		for (unsigned b = 0; b < P; b++) {
			bool both = place[a] != CATALOG_NONE && place[b] != CATALOG_NONE;
			double want = a == b ? 0 : !both ? n[a][b] / (n[a][a] + 10) :
				      -solved[place[a]][place[b]] / solved[place[b]][place[b]];

			if (fabs(want) > 1e-6)
				assert_true(fabs(want - scores[b]) < 1e-4);
		}
	}
	fixture_remove(folder);
}

static void names_of_models(void **state)
{
	static const char *const bad[] = {"", "a/b", "-a", "a-", "a b", ".a", "a\n", "\xc3\xa4"};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(trained_name_check(str_from(bad[i]), NULL));
	assert_true(trained_name_check(STR("a-2.b_C"), NULL));
}

UNIT_TESTS(model, UNIT(every_class_says_what_it_is), UNIT(parameters_have_bounds),
	   UNIT(threads_change_nothing), UNIT(many_at_once), UNIT(companion_of_many),
	   UNIT(ranks_and_masks),
	   UNIT(too_old_to_count), UNIT(damaged_numbers), UNIT(replaced_while_open),
	   UNIT(forms),
	   UNIT(names_of_models), UNIT(ease_of_some))
