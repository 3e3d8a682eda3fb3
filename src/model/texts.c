/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Puts together what a catalog says of a product in words, and finds what says the same. */
#include "config.h"

#include "model/texts.h"

#include <assert.h>

#include "base/job.h"
#include "base/map.h"
#include "base/mem.h"

#define POLL 8192	/* products between two looks at the job */

static void add_part(struct strbuf *b, struct str part, const char *between)
{
	part = str_trim(part);
	if (!part.len)
		return;
	if (b->len)
		strbuf_adds(b, between);
	strbuf_add(b, part);
}

static void add_attributes(const struct catalog *c, uint32_t product, struct strbuf *b)
{
	for (uint32_t a = 0; c->product_attribute && a < c->n_attributes; a++) {
		uint32_t value = c->product_attribute[(size_t)product * c->n_attributes + a];

		if (value != CATALOG_NONE)
			add_part(b, text_at(&c->attribute_value, value), ", ");
	}
}

void texts_add(const struct catalog *c, enum texts_fields f, uint32_t product,
	       struct strbuf *b)
{
	uint32_t category = c->product_category[product];
	uint32_t brand = c->product_brand ? c->product_brand[product] : CATALOG_NONE;

	if (c->caps & CAP_NAMES)
		add_part(b, text_at(&c->product_label, product), ". ");
	if (f >= TEXTS_DESCRIBED && c->product_description.offsets)
		add_part(b, text_at(&c->product_description, product), ". ");
	if (f < TEXTS_ALL)
		return;
	if (category != CATALOG_NONE)
		add_part(b, text_at(&c->category_path, category), ". ");
	if (brand != CATALOG_NONE)
		add_part(b, text_at(&c->brand_name, brand), ". ");
	add_attributes(c, product, b);
}

static bool number_them(struct texts *t, struct map *seen, const struct lesson *l,
			enum texts_fields f, struct err *err)
{
	STRBUF(text);

	for (uint32_t p = 0; p < t->n_products; p++) {
		uint64_t hash;

		if (p % POLL == 0 && !job_check(l->work.job, err))
			return false;
		strbuf_reset(&text);
		texts_add(l->catalog, f, p, &text);
		t->of[p] = CATALOG_NONE;
		if (!text.len)
			continue;
		hash = str_hash(strbuf_str(&text), 0);
		t->of[p] = map_intern(seen, str_span((const char *)&hash, sizeof hash), err);
		if (t->of[p] == MAP_NONE)
			return false;
		if (t->of[p] < t->n)
			continue;
		t->product[t->n] = p;
		t->hash[t->n++] = hash;
	}
	return true;
}

bool texts_read(struct texts *out, const struct lesson *l, enum texts_fields f, struct err *err)
{
	SCOPED(map) seen = map_create();
	struct texts t = {.n_products = l->catalog->n_products};
	bool ok;

	assert(f <= TEXTS_ALL);
	job_step(l->work.job, "reading texts", 0);
	t.of = mem_big(t.n_products, sizeof *t.of, "texts", err);
	t.product = mem_big(t.n_products, sizeof *t.product, "texts", err);
	t.hash = mem_big(t.n_products, sizeof *t.hash, "texts", err);
	ok = t.of && t.product && t.hash && number_them(&t, seen, l, f, err);
	if (ok && !t.n)
		ok = err_fail(err, ERR_NO, "the products of this store have no texts of that "
			      "kind: import names and descriptions with the log or by "
			      "--products%s", f < TEXTS_ALL ? ", or take --fields all" : "");
	if (ok)
		*out = t;
	else
		texts_finish(&t);
	return ok;
}

void texts_finish(struct texts *t)
{
	free(t->of);
	free(t->product);
	free(t->hash);
}
