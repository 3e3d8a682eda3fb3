/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Another order than the panel's own: over every candidate, by what its row or its product says;
 * values of an attribute are in the order of numbers where all are some. */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "suggest/door.h"
#include "suggest/door_impl.h"

static double first(const struct panel_row *r)
{
	return r->rank;
}

static double score(const struct panel_row *r)
{
	return r->score;
}

static double n(const struct panel_row *r)
{
	return r->counts.n_all ? (double)r->counts.n : NAN;
}

static double confidence(const struct panel_row *r)
{
	return r->counts.n_all ? r->assoc.confidence : NAN;
}

static double lift_low(const struct panel_row *r)
{
	return r->counts.n_all ? r->assoc.lift_low : NAN;
}

static double lift(const struct panel_row *r)
{
	return r->counts.n_all ? r->assoc.lift : NAN;
}

const char *const suggest_sorts[] = {"rank", "score", "n", "confidence", "lift", "lift_low",
				      "label", "category", "brand", "price", NULL};
const char *const *const suggest_product_sorts = suggest_sorts + 6;
static const struct order_key keys[] = {
	{.number = first, .up = true}, {.number = score}, {.number = n},
	{.number = confidence}, {.number = lift}, {.number = lift_low},
	{.of = ORDER_LABEL, .up = true}, {.of = ORDER_CATEGORY, .up = true},
	{.of = ORDER_BRAND, .up = true}, {.of = ORDER_PRICE},
};
_Static_assert(sizeof suggest_sorts / sizeof *suggest_sorts ==
	       sizeof keys / sizeof *keys + 1, "a key for each name");

static bool has(const struct catalog *c, enum order_of of)
{
	return (of != ORDER_BRAND || c->product_brand) && (of != ORDER_PRICE || c->product_price);
}

/* c NULL: names that are no attribute's. */
static bool find(const struct catalog *c, struct str name, struct order_key *key)
{
	for (size_t i = 0; suggest_sorts[i]; i++)
		if (str_is(name, suggest_sorts[i])) {
			*key = keys[i];
			return !c || has(c, key->of);
		}
	for (uint32_t a = 0; c && c->product_attribute && a < c->n_attributes; a++)
		if (str_eq(text_at(&c->attribute_name, a), name)) {
			*key = (struct order_key){.of = ORDER_ATTRIBUTE, .attribute = a,
						  .up = true};
			return true;
		}
	return false;
}

bool suggest_sorts_by(const struct catalog *c, struct str name, bool *up)
{
	struct order_key key;

	if (!find(c, name, &key))
		return false;
	*up = key.up;
	return true;
}

bool order_find(struct suggestion *s, struct err *err)
{
	struct str rest = outlook_text(s->q.r->about.outlook, ASK_SORT);
	struct sort sort;

	while (rest.ptr && rest.len) {
		struct order_key *key = &s->order[s->orders];

		if (s->orders == ORDER_KEYS)
			return err_fail(err, ERR_USAGE, "--sort takes at most %d columns",
					ORDER_KEYS);
		if (!sort_next(&rest, &sort, err))
			return false;
		if (!find(s->q.c, sort.column, key))
			return err_fail(err, ERR_USAGE, "a panel can't be sorted by '%.*s', only "
					"by rank, score, n, confidence, lift, lift_low, label, "
					"category, brand, price or an attribute that the store has",
					STR_ARG(sort.column));
		key->turned = sort.way == (key->up ? SORT_DESCENDING : SORT_ASCENDING);
		s->orders++;
	}
	return true;
}

bool order_wanted(const struct suggestion *s)
{
	return s->orders && (s->order[0].number != first || s->order[0].turned);
}

/* What a row is ordered by; known false: it says nothing. */
struct value {
	bool known;
	double number;		/* NAN: a text that is none */
	struct str text;
};

struct keyed {
	struct value at[ORDER_KEYS];
	struct panel_row row;
};

static struct value number_of(double x)
{
	return (struct value){.known = !isnan(x), .number = x};
}

static struct value text_of(const struct text *t, uint32_t i)
{
	struct value v = {.known = i < t->n, .number = NAN};

	if (v.known)
		v.text = text_at(t, i);
	return v;
}

static struct value value_of(const struct catalog *c, const struct order_key *key,
			     const struct panel_row *row)
{
	uint32_t p = row->product;
	struct value v;

	switch (key->of) {
	case ORDER_LABEL:
		return text_of(&c->product_label, p);
	case ORDER_CATEGORY:
		return text_of(&c->category_path, c->product_category[p]);
	case ORDER_BRAND:
		return text_of(&c->brand_name, c->product_brand[p]);
	case ORDER_PRICE:
		return number_of(c->product_price[p] == PRICE_NONE ? NAN :
				 (double)c->product_price[p]);
	case ORDER_ATTRIBUTE:
		v = text_of(&c->attribute_value,
			    c->product_attribute[(size_t)p * c->n_attributes + key->attribute]);
		if (v.known)
			(void)num_real(v.text, &v.number);
		return v;
	default:
		return number_of(key->number(row));
	}
}

/* Not all values are numbers: they are texts. */
static bool are_texts(const struct keyed *k, unsigned rows, unsigned at)
{
	for (unsigned i = 0; i < rows; i++)
		if (k[i].at[at].known && isnan(k[i].at[at].number))
			return true;
	return false;
}

static int compare(const void *x, const void *y, void *ctx)
{
	const struct keyed *a = x, *b = y;
	const struct suggestion *s = ctx;

	for (unsigned i = 0; i < s->orders; i++) {
		const struct value *p = &a->at[i], *q = &b->at[i];
		int by;

		if (!p->known || !q->known) {
			if (p->known != q->known)
				return p->known ? -1 : 1;
			continue;
		}
		by = s->order[i].text ? str_cmp(p->text, q->text) :
		     (p->number > q->number) - (p->number < q->number);
		if (by)
			return s->order[i].up != s->order[i].turned ? by : -by;
	}
	return a->row.rank < b->row.rank ? -1 : a->row.rank > b->row.rank;
}

void order_run(struct suggestion *s)
{
	unsigned limit = s->q.r->limit;
	struct panel *p = &s->p;
	SCOPED_FREE struct keyed *k = mem_alloc((p->n_rows + 1) * sizeof *k);

	assert(s->orders > 0);
	for (unsigned i = 0; i < p->n_rows; i++) {
		k[i].row = p->rows[i];
		for (unsigned j = 0; j < s->orders; j++)
			k[i].at[j] = value_of(s->q.c, &s->order[j], &p->rows[i]);
	}
	for (unsigned j = 0; j < s->orders; j++)
		s->order[j].text = are_texts(k, p->n_rows, j);
	if (p->n_rows)
		qsort_r(k, p->n_rows, sizeof *k, compare, s);
	p->n_rows = p->n_rows < limit ? p->n_rows : limit;
	for (unsigned i = 0; i < p->n_rows; i++)
		p->rows[i] = k[i].row;
}
