/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where products stand on a map of a model's vectors. */
#include "config.h"

#include <math.h>

#include "base/mem.h"
#include "query/select.h"
#include "stats/live.h"
#include "view/cells.h"
#include "view/map_view.h"
#include "view/view_impl.h"

enum { COL_PRODUCT, COL_LABEL, COL_CATEGORY, COL_X, COL_Y, COL_Z, COLUMNS };

static const struct column columns[COLUMNS] = {
	{"product", "product", CELL_ID, 10, 0, 0, "id of the product"},
	{"label", "label", CELL_TEXT, 28, 0, COLUMN_MAIN, "its label"},
	{"category", "category", CELL_TEXT, 24, 0, 0, "path of its category"},
	{"x", "x", CELL_REAL, 8, 3, 0, "place; only who is near to whom means something"},
	{"y", "y", CELL_REAL, 8, 3, 0, "the same upwards"},
	{"z", "z", CELL_REAL, 8, 3, 0, "the same towards you; empty on a map of two axes"},
};

static const float *place_of(const struct map_view *s, uint32_t product)
{
	uint32_t i = s->model->inside ? s->model->inside[product] : product;
	const float *at;

	if (i == CATALOG_NONE)
		return NULL;
	at = (const float *)s->place.data + (size_t)i * s->place.columns;
	return isnan(at[0]) ? NULL : at;
}

static void add_note(struct view *v, const struct map_view *s)
{
	const json_t *meta = model_meta(s->model), *trust = json_object_get(meta, "trust"),
		     *same = json_object_get(meta, "agreement");
	STRBUF(b);

	strbuf_addf(&b, "%s.", model_name(s->model));
	if (!s->n)
		strbuf_adds(&b, " No product is on it, or none that the filter lets in.");
	if (trust)
		strbuf_addf(&b, " Trustworthiness %.4f (10 neighbours).",
			    json_number_value(trust));
	if (same)
		strbuf_addf(&b, " Of the 10 nearest on the map %.1f%% are of the product's "
			    "category, among the vectors %.1f%%, by chance %.1f%%.",
			    100 * json_number_value(same),
			    100 * json_number_value(json_object_get(meta,
								    "agreement_vectors")),
			    100 * json_number_value(json_object_get(meta,
								    "agreement_chance")));
	if (model_stale(s->model))
		strbuf_adds(&b, " It was made before the last import; products are matched by "
			    "id.");
	view_set_note(v, "%s", strbuf_c(&b));
}

static bool take_points(struct map_view *s, const struct selection *only, struct err *err)
{
	uint32_t n = s->cat->n_products;

	s->product = mem_big(n, sizeof *s->product, "places", err);
	s->x = mem_big(n, sizeof *s->x, "places", err);
	s->y = mem_big(n, sizeof *s->y, "places", err);
	s->class = mem_big(n, sizeof *s->class, "places", err);
	if (!s->product || !s->x || !s->y || !s->class)
		return false;
	for (uint32_t p = 0; p < n; p++)
		if (selection_has(only, p) && place_of(s, p))
			s->product[s->n++] = p;
	return true;
}

/* The model that the map was made of may be gone or changed: then nothing is near. */
static bool open_vectors(struct map_view *s, const struct store *store, struct err *err)
{
	const char *of = json_string_value(json_object_get(model_meta(s->model), "of"));
	struct err why = {0};

	if (!of || model_open(&s->vectors, store, of, &why)) {
		if (s->vectors && !(s->vectors->class->flags & MODEL_VECTORS)) {
			model_destroy(s->vectors);
			s->vectors = NULL;
		}
		return true;
	}
	return why.code == ERR_NOMEM ? err_fail(err, why.code, "%s", why.text) : true;
}

static bool map_open(struct view *v, void *state, struct job *job, struct err *err)
{
	const struct question *q = view_question(v);
	struct map_view *s = state;

	s->cat = q->catalog;
	s->store = q->store;
	s->selected = SIZE_MAX;
	if (!groups_model(v, "map", &s->model, &s->own, err))
		return false;
	if (!s->model)
		return true;
	if (!model_array(s->model, "place", ARRAY_F32, &s->place, err))
		return false;
	if (s->place.rows != s->model->n_products || s->place.columns < 2 ||
	    s->place.columns > 3)
		return err_fail(err, ERR_STORE, "model %s is damaged: its places are not those "
				"of its products", model_name(s->model));
	if (!take_points(s, q->live ? live_selection(q->live) : NULL, err) ||
	    !open_vectors(s, q->store, err))
		return false;
	map_place_points(s);
	add_note(v, s);
	return map_colours(s, q, err) && map_select(s, q->product, err);
}

static void map_close(void *state)
{
	struct map_view *s = state;

	groups_finish(&s->clusters);
	map_groups_finish(s);
	scatter_finish(&s->scatter);
	model_destroy(s->vectors);
	model_destroy(s->own);
	free(s->product);
	free(s->x);
	free(s->y);
	free(s->class);
	free(s->centre);
}

static uint64_t map_count(const void *state)
{
	return ((const struct map_view *)state)->n;
}

static void map_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct map_view *s = state;
	uint32_t p = s->product[i];
	const float *at = place_of(s, p);

	cells[COL_PRODUCT] = cell_name(&s->cat->product_id, p);
	cells[COL_LABEL] = cell_name(&s->cat->product_label, p);
	cells[COL_CATEGORY] = cell_name(&s->cat->category_path, s->cat->product_category[p]);
	cells[COL_X] = cell_real(at ? at[0] : NAN);
	cells[COL_Y] = cell_real(at ? at[1] : NAN);
	cells[COL_Z] = cell_real(at && s->place.columns > 2 ? at[2] : NAN);
}

static uint32_t map_product(const void *state, uint64_t i)
{
	return ((const struct map_view *)state)->product[i];
}

const struct view_class vw_map = {
	.name = "map",
	.summary = "Where products stand on a map of a model's vectors (--model, made by "
		   "aisle train map).",
	.asks = MAY(PRODUCT) | MAY(MODEL) | MAY(COLOUR) | MAY(LEVEL),
	.where = WHERE_PRODUCTS,
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct map_view),
	.open = map_open,
	.close = map_close,
	.count = map_count,
	.row = map_row,
	.product = map_product,
	.page = map_page,
	.words = map_words,
	.key = map_press,
};
