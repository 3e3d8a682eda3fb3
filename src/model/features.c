/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Features come one after the other, each with a function that says how many columns it has
 * and one that adds a product's entries; hashes are those of base/str, the same anywhere.
 */
#include "config.h"

#include "model/features.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/scope.h"
#include "base/time.h"
#include "base/utf8.h"

#define POLL 1024u	/* products between two looks at the job */
#define BANDS 5u
#define GRAM 4u		/* letters in a row, as in fastText (Bojanowski et al. 2017) */
#define HASH_WORDS 0x776f7264
#define HASH_LETTERS 0x6c657474

const struct feature feature_table[FEATURE_IDS] = {
#define FEATURE(ident, name, needs, help) {name, needs, help},
#include "model/features.def"
#undef FEATURE
};

struct scale {
	double mean, inverse;	/* 1 / deviation; 0: they are all the same */
};

struct making {
	const struct catalog *c;
	const struct features_ask *ask;
	struct features *f;
	size_t n, column_room, value_room;
	uint32_t *band;		/* (P) or NULL */
	struct values {		/* (attributes + 1): where the columns of one stand */
		uint32_t first, columns, least;
	} *values;
	struct scale price, age;
	struct strbuf text, folded;
};

/* --- numbers */

static double price_of(const struct catalog *c, uint32_t p)
{
	if (!c->product_price || c->product_price[p] == PRICE_NONE || c->product_price[p] <= 0)
		return NAN;
	return log((double)c->product_price[p]);
}

static double age_of(const struct catalog *c, uint32_t p)
{
	int64_t days;

	if (!c->product_first || c->product_first[p] == TIME_NONE)
		return NAN;
	days = (c->last_time - c->product_first[p]) / TIME_DAY;
	return log1p(days > 0 ? (double)days : 0);
}

static struct scale scale_of(const struct catalog *c,
			     double (*of)(const struct catalog *c, uint32_t p))
{
	double n = 0, sum = 0, square = 0, variance;

	for (uint32_t p = 0; p < c->n_products; p++) {
		double x = of(c, p);

		if (isnan(x))
			continue;
		n++;
		sum += x;
		square += x * x;
	}
	if (n == 0)
		return (struct scale){0, 0};
	variance = square / n - sum / n * (sum / n);
	return (struct scale){sum / n, variance > 1e-12 ? 1 / sqrt(variance) : 0};
}

static int by_price(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return x[0] < y[0] ? -1 : x[0] > y[0] ? 1 : (x[1] > y[1]) - (x[1] < y[1]);
}

/* The fifth of products [first, end) that each is in, by how many are cheaper: equal prices
 * are in one. */
static void set_bands(struct making *m, uint32_t first, uint32_t end, int64_t (*room)[2])
{
	uint32_t n = 0, cheaper = 0;

	for (uint32_t p = first; p < end; p++) {
		if (isnan(price_of(m->c, p)))
			continue;
		room[n][0] = m->c->product_price[p];
		room[n++][1] = p;
	}
	qsort(room, n, sizeof *room, by_price);
	for (uint32_t i = 0; i < n; i++) {
		cheaper = i && room[i - 1][0] == room[i][0] ? cheaper : i;
		m->band[room[i][1]] = (uint32_t)((uint64_t)cheaper * BANDS / n);
	}
}

static bool find_bands(struct making *m, struct err *err)
{
	const struct catalog *c = m->c;
	SCOPED_FREE int64_t (*room)[2] = mem_big(c->n_products, sizeof *room, "prices", err);

	m->band = room ? mem_big(c->n_products, sizeof *m->band, "prices", err) : NULL;
	if (!m->band)
		return false;
	memset(m->band, 0xff, c->n_products * sizeof *m->band);
	for (uint32_t k = 0; k < c->n_categories; k++)
		set_bands(m, c->category_product[k], c->category_product[k + 1], room);
	if (c->n_categories)
		set_bands(m, c->category_product[c->n_categories], c->n_products, room);
	else
		set_bands(m, 0, c->n_products, room);
	return true;
}

/* --- entries */

static void add(struct making *m, uint32_t column, double value)
{
	struct features *f = m->f;

	assert(column < f->width);
	MEM_GROW(f->column, m->column_room, m->n + 1);
	MEM_GROW(f->value, m->value_room, m->n + 1);
	f->column[m->n] = column;
	f->value[m->n++] = (float)value;
}

static void add_category(struct making *m, uint32_t first, uint32_t p)
{
	uint32_t k = m->c->product_category[p];

	for (; k < m->c->n_categories; k = m->c->category_parent[k])
		add(m, first + k, 1);
}

static void add_brand(struct making *m, uint32_t first, uint32_t p)
{
	if (m->c->product_brand[p] < m->c->n_brands)
		add(m, first + m->c->product_brand[p], 1);
}

static void add_band(struct making *m, uint32_t first, uint32_t p)
{
	if (m->band[p] < BANDS)
		add(m, first + m->band[p], 1);
}

static void add_price(struct making *m, uint32_t first, uint32_t p)
{
	double x = price_of(m->c, p);

	if (!isnan(x) && m->price.inverse > 0)
		add(m, first, (x - m->price.mean) * m->price.inverse);
}

static void add_age(struct making *m, uint32_t first, uint32_t p)
{
	double x = age_of(m->c, p);

	if (!isnan(x) && m->age.inverse > 0)
		add(m, first, (x - m->age.mean) * m->age.inverse);
}

static void add_properties(struct making *m, uint32_t first, uint32_t p)
{
	const struct catalog *c = m->c;

	for (uint64_t k = c->product_property_offsets[p];
	     k < c->product_property_offsets[p + 1]; k++) {
		uint64_t pair[2] = {c->product_property[k], c->product_property_value[k]};
		uint64_t hash = str_hash(str_span((const char *)pair, sizeof pair), 0);

		add(m, first + (uint32_t)(hash % m->ask->buckets), 1);
	}
}

static void add_attributes(struct making *m, uint32_t first, uint32_t p)
{
	const struct catalog *c = m->c;
	uint32_t n = c->product_attribute ? c->n_attributes : 0;

	for (uint32_t a = 0; a < n; a++) {
		uint32_t v = c->product_attribute[(size_t)p * n + a];
		const struct values *x = &m->values[a];

		if (v != CATALOG_NONE)
			add(m, first + x->first + (v - x->least) % x->columns, 1);
	}
	if (c->product_property_offsets)
		add_properties(m, first + m->values[n].first, p);
}

/* The name and description of p, folded: in m->folded. */
static void fold_text(struct making *m, uint32_t p)
{
	const struct catalog *c = m->c;

	strbuf_reset(&m->text);
	strbuf_reset(&m->folded);
	if (c->caps & CAP_NAMES)
		strbuf_add(&m->text, text_at(&c->product_label, p));
	strbuf_add(&m->text, STR(" "));
	if (c->product_description.offsets)
		strbuf_add(&m->text, text_at(&c->product_description, p));
	utf8_fold(&m->folded, strbuf_str(&m->text));
}

static bool is_letter(unsigned char x)
{
	return x >= 0x80 || (x >= '0' && x <= '9') || (x >= 'a' && x <= 'z');
}

/* The next word of text from *at; false at the end. */
static bool next_word(struct str text, size_t *at, struct str *word)
{
	size_t from = *at;

	while (from < text.len && !is_letter((unsigned char)text.ptr[from]))
		from++;
	*at = from;
	while (*at < text.len && is_letter((unsigned char)text.ptr[*at]))
		++*at;
	*word = str_span(text.ptr + from, *at - from);
	return word->len > 0;
}

/* Entries from `from` on become 1 / sqrt(n) each. */
static void even_out(struct making *m, size_t from)
{
	float each = m->n > from ? (float)(1 / sqrt((double)(m->n - from))) : 0;

	for (size_t i = from; i < m->n; i++)
		m->f->value[i] = each;
}

static void add_words(struct making *m, uint32_t first, uint32_t p)
{
	size_t from = m->n, at = 0;
	struct str word;

	fold_text(m, p);
	while (next_word(strbuf_str(&m->folded), &at, &word))
		add(m, first + (uint32_t)(str_hash(word, HASH_WORDS) % m->ask->buckets), 1);
	even_out(m, from);
}

/* Every GRAM letters in a row of "<word>". */
static void add_grams(struct making *m, uint32_t first, struct str word)
{
	STRBUF(marked);
	size_t start[GRAM], n = 0, at = 0;

	strbuf_addf(&marked, "<%.*s>", STR_ARG(word));
	while (at < marked.len) {
		start[n++ % GRAM] = at;
		utf8_next(strbuf_str(&marked), &at);
		if (n < GRAM)
			continue;
		at = at > marked.len ? marked.len : at;
		add(m, first + (uint32_t)(str_hash(str_span(marked.ptr + start[n % GRAM],
							    at - start[n % GRAM]),
						   HASH_LETTERS) % m->ask->buckets), 1);
	}
}

static void add_letters(struct making *m, uint32_t first, uint32_t p)
{
	size_t from = m->n, at = 0;
	struct str word;

	fold_text(m, p);
	while (next_word(strbuf_str(&m->folded), &at, &word))
		add_grams(m, first, word);
	even_out(m, from);
}

static void add_vector(struct making *m, uint32_t first, const struct vectors *v, uint32_t p)
{
	const float *x = vectors_row(v, p);
	double sum = 0;

	for (unsigned d = 0; d < v->dim; d++)
		sum += (double)x[d] * x[d];
	for (unsigned d = 0; sum > 0 && d < v->dim; d++)
		add(m, first + d, x[d] / sqrt(sum));
}

static void add_text(struct making *m, uint32_t first, uint32_t p)
{
	add_vector(m, first, m->ask->text, p);
}

static void add_item(struct making *m, uint32_t first, uint32_t p)
{
	add_vector(m, first, m->ask->item, p);
}

/* --- columns */

/* Values of all attributes are numbered in one table: the numbers that attribute a has. */
static uint32_t span_of(const struct catalog *c, uint32_t a, uint32_t *least)
{
	uint32_t most = 0;

	*least = UINT32_MAX;
	for (uint32_t p = 0; p < c->n_products; p++) {
		uint32_t v = c->product_attribute[(size_t)p * c->n_attributes + a];

		if (v == CATALOG_NONE)
			continue;
		*least = v < *least ? v : *least;
		most = v > most ? v : most;
	}
	return *least == UINT32_MAX ? 0 : most - *least + 1;
}

static uint32_t attribute_columns(struct making *m)
{
	const struct catalog *c = m->c;
	uint32_t n = c->product_attribute ? c->n_attributes : 0;

	m->values = mem_zalloc((n + 1) * sizeof *m->values);
	for (uint32_t a = 0; a < n; a++) {
		uint32_t span = span_of(c, a, &m->values[a].least);

		m->values[a].columns = span < m->ask->buckets ? span : m->ask->buckets;
		m->values[a + 1].first = m->values[a].first + m->values[a].columns;
	}
	return m->values[n].first + (c->product_property_offsets ? m->ask->buckets : 0);
}

static uint32_t columns_of(struct making *m, enum feature_id id)
{
	const struct catalog *c = m->c;
	bool text = (c->caps & CAP_NAMES) || c->product_description.offsets;

	switch (id) {
	case FEATURE_ID_CATEGORY:
		return c->n_categories;
	case FEATURE_ID_BRAND:
		return c->product_brand ? c->n_brands : 0;
	case FEATURE_ID_BAND:
		return c->product_price ? BANDS : 0;
	case FEATURE_ID_PRICE:
		return c->product_price != NULL;
	case FEATURE_ID_ATTRIBUTES:
		return attribute_columns(m);
	case FEATURE_ID_WORDS:
	case FEATURE_ID_LETTERS:
		return text ? m->ask->buckets : 0;
	case FEATURE_ID_AGE:
		return c->product_first && !(c->caps & CAP_UNDATED);
	case FEATURE_ID_TEXT:
		return m->ask->text ? m->ask->text->dim : 0;
	case FEATURE_ID_ITEM:
		return m->ask->item ? m->ask->item->dim : 0;
	default:
		return 0;
	}
}

static void (*const adders[FEATURE_IDS])(struct making *m, uint32_t first, uint32_t p) = {
	[FEATURE_ID_CATEGORY] = add_category,
	[FEATURE_ID_BRAND] = add_brand,
	[FEATURE_ID_BAND] = add_band,
	[FEATURE_ID_PRICE] = add_price,
	[FEATURE_ID_ATTRIBUTES] = add_attributes,
	[FEATURE_ID_WORDS] = add_words,
	[FEATURE_ID_LETTERS] = add_letters,
	[FEATURE_ID_AGE] = add_age,
	[FEATURE_ID_TEXT] = add_text,
	[FEATURE_ID_ITEM] = add_item,
};

/* --- all of them */

static bool prepare(struct making *m, struct err *err)
{
	struct features *f = m->f;

	for (unsigned id = 0; id < FEATURE_IDS; id++) {
		bool has = m->ask->wanted & FEATURE_BIT(id) &&
			   (m->c->caps & feature_table[id].needs) == feature_table[id].needs;

		f->first[id + 1] = f->first[id] +
				   (has ? columns_of(m, (enum feature_id)id) : 0);
	}
	f->width = f->first[FEATURE_IDS];
	f->offsets = mem_big((size_t)f->n_products + 1, sizeof *f->offsets, "features", err);
	if (f->first[FEATURE_ID_PRICE + 1] > f->first[FEATURE_ID_PRICE])
		m->price = scale_of(m->c, price_of);
	if (f->first[FEATURE_ID_AGE + 1] > f->first[FEATURE_ID_AGE])
		m->age = scale_of(m->c, age_of);
	return f->offsets && (f->first[FEATURE_ID_BAND + 1] == f->first[FEATURE_ID_BAND] ||
			      find_bands(m, err));
}

/* Entries [from, m->n) ascending by column, each once, with the sum of its values. */
static void tidy(struct making *m, size_t from)
{
	uint32_t *column = m->f->column;
	float *value = m->f->value;
	size_t to = from;

	for (size_t i = from + 1; i < m->n; i++) {
		uint32_t c = column[i];
		float v = value[i];
		size_t at = i;

		for (; at > from && column[at - 1] > c; at--) {
			column[at] = column[at - 1];
			value[at] = value[at - 1];
		}
		column[at] = c;
		value[at] = v;
	}
	for (size_t i = from; i < m->n; i++) {
		if (to > from && column[to - 1] == column[i]) {
			value[to - 1] += value[i];
			continue;
		}
		column[to] = column[i];
		value[to++] = value[i];
	}
	m->n = to;
}

static bool fill(struct making *m, struct job *job, struct err *err)
{
	struct features *f = m->f;

	for (uint32_t p = 0; p < f->n_products; p++) {
		if (p % POLL == 0 && !job_check(job, err))
			return false;
		for (unsigned id = 0; id < FEATURE_IDS; id++)
			if (f->first[id + 1] > f->first[id])
				adders[id](m, f->first[id], p);
		tidy(m, f->offsets[p]);
		f->offsets[p + 1] = m->n;
	}
	return true;
}

bool features_make(struct features *f, const struct catalog *c,
		   const struct features_ask *ask, struct job *job, struct err *err)
{
	struct making m = {.c = c, .ask = ask, .f = f};
	bool ok;

	*f = (struct features){.n_products = c->n_products};
	ok = prepare(&m, err) && fill(&m, job, err);
	free(m.band);
	free(m.values);
	strbuf_finish(&m.text);
	strbuf_finish(&m.folded);
	if (!ok)
		features_finish(f);
	return ok;
}

/* The fifth of its category's prices that a price is in, as set_bands has it. */
static uint32_t band_of(const struct catalog *c, const struct features_given *g)
{
	uint32_t n = 0, below = 0, k = c->n_categories, from = k ? c->category_product[k] : 0;
	uint32_t end = c->n_products;

	if (g->price == PRICE_NONE || g->price <= 0)
		return BANDS;
	if (g->category < k) {
		from = c->category_product[g->category];
		end = c->category_product[g->category + 1];
	}
	for (uint32_t p = from; p < end; p++) {
		if (isnan(price_of(c, p)))
			continue;
		n++;
		below += c->product_price[p] < g->price;
	}
	below = n ? (uint32_t)((uint64_t)below * BANDS / n) : 0;
	return below < BANDS ? below : BANDS - 1;
}

/* It is filled in as the only product of a catalog that is else the same. */
bool features_give(struct features *f, const struct catalog *c, const struct features_ask *ask,
		   const struct features_given *g, struct err *err)
{
	struct making m = {.c = c, .ask = ask, .f = f};
	const uint64_t text[] = {0, g->words.len};
	uint32_t band = band_of(c, g);
	const int64_t never = TIME_NONE;
	struct catalog one = *c;
	bool ok;

	*f = (struct features){.n_products = c->n_products};
	ok = prepare(&m, err);
	free(m.band);
	m.band = &band;
	f->n_products = one.n_products = 1;
	one.product_category = &g->category;
	one.product_place_offsets = NULL;
	one.product_brand = c->product_brand ? &g->brand : NULL;
	one.product_price = c->product_price ? &g->price : NULL;
	one.product_first = c->product_first ? &never : NULL;
	one.product_label = (struct text){.offsets = text, .bytes = g->words.ptr, .n = 1};
	one.product_description = (struct text){0};
	one.product_attribute = NULL;
	one.product_property_offsets = NULL;
	m.c = &one;
	ok = ok && fill(&m, NULL, err);
	free(m.values);
	strbuf_finish(&m.text);
	strbuf_finish(&m.folded);
	if (!ok)
		features_finish(f);
	return ok;
}

void features_finish(struct features *f)
{
	free(f->offsets);
	free(f->column);
	free(f->value);
	*f = (struct features){0};
}

/* The entry of product p in a feature's columns, or f->offsets' end. */
static uint64_t entry_of(const struct features *f, enum feature_id id, uint32_t p)
{
	uint64_t k = f->offsets[p];

	while (k < f->offsets[p + 1] && f->column[k] < f->first[id])
		k++;
	return k < f->offsets[p + 1] && f->column[k] < f->first[id + 1] ? k : UINT64_MAX;
}

float features_number(const struct features *f, enum feature_id id, uint32_t p)
{
	uint64_t k = entry_of(f, id, p);

	return k == UINT64_MAX ? 0 : f->value[k];
}

uint32_t features_kind(const struct features *f, enum feature_id id, uint32_t p)
{
	uint64_t k = entry_of(f, id, p);

	return k == UINT64_MAX ? UINT32_MAX : f->column[k] - f->first[id];
}

unsigned features_wanted(const struct params *p)
{
	unsigned left_out = params_choice(p, PARAM_ID_WITHOUT);	/* 0: nothing */

	return left_out ? FEATURES_ALL & ~FEATURE_BIT(left_out - 1) : FEATURES_ALL;
}
