/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A catalog from values: they become the facts that records of a log would have said,
 * so that the same steps give the same tree, labels and numbers.
 */
#include "config.h"

#include "import/catalog_make.h"

#include "import/batch.h"
#include "import/steps.h"

static const struct dataset given_set = {
	.name = "counts",
	.title = "counts that were made elsewhere",
	.basket = "what a session is where they were counted",
	.separator = '\t',
	.currency = "",
};

struct making {
	struct taken *to;
	struct witness *w;
	const struct catalog_given *given;
	struct map *category;	/* id, or \1 and path -> its place in given */
	struct batch batch;	/* for stamps */
};

static bool check_id(const char *what, struct str id, struct err *err)
{
	struct reject why;

	return field_id((struct field){id, 0}, false, &id, &why) ||
	       err_fail(err, ERR_FORMAT, "%s id '%.*s': %s", what,
			(int)(id.len < 80 ? id.len : 80), id.ptr ? id.ptr : "",
			reject_text(why.reason));
}

static bool take_fact(struct making *m, const struct event_row *ev, struct err *err)
{
	if (batch_kept(m->w, &m->batch, ev,
		       (struct heard){0, ev->category_name.len > 0 ||
						 ev->category_parent.len > 0}))
		return true;
	if (err)
		*err = m->w->err;
	return false;
}

/* A category without an id is known by its path. */
static struct str key_of(struct str id, struct str path, struct strbuf *key)
{
	strbuf_reset(key);
	if (!id.len && path.len)
		strbuf_addc(key, '\1');
	strbuf_add(key, id.len ? id : path);
	return strbuf_str(key);
}

static bool take_categories(struct making *m, struct err *err)
{
	STRBUF(key);

	for (uint32_t i = 0; i < m->given->n_categories; i++) {
		const struct given_category *c = &m->given->category[i];
		struct event_row ev = {
			.category = c->id,
			.category_path = c->path,
			.category_name = c->name,
			.category_parent = c->parent,
		};
		struct str name = c->id.len ? c->id : c->path;

		if (!check_id("category", name, err) || !take_fact(m, &ev, err))
			return false;
		if (map_intern(m->category, key_of(c->id, c->path, &key), err) != i)
			return err_fail(err, ERR_FORMAT, "category '%.*s' is there twice",
					STR_ARG(name));
	}
	return true;
}

/* The price in the catalog's scale, which grows with it. */
static bool take_price(struct making *m, const struct given_product *p, struct err *err)
{
	struct decimal d = p->price;
	int64_t units;

	if (!p->has_price)
		return true;
	while (d.scale > m->to->events.scale && d.units % 10 == 0) {
		d.units /= 10;
		d.scale--;
	}
	if (d.scale > m->to->events.scale)
		m->to->events.scale = d.scale;
	return (d.units >= 0 && num_rescale(d, m->to->events.scale, &units)) ||
	       err_fail(err, ERR_FORMAT, "product '%.*s': its price is below 0 or too big",
			STR_ARG(p->id));
}

static bool take_product(struct making *m, const struct given_product *p, struct err *err)
{
	struct witness *w = m->w;
	uint32_t known = map_count(w->map[ID_PRODUCT]);
	struct event_row ev = {
		.product = p->id,
		.category = p->category,
		.category_path = p->path,
		.brand = p->brand,
		.name = p->name,
		.group = p->group,
		.description = p->description,
		.has_price = p->has_price,
		.price = p->price,
	};

	STRBUF(key);

	for (unsigned i = 0; p->attribute && i < m->given->n_attributes; i++)
		ev.attribute[i] = p->attribute[i];
	if (!check_id("product", p->id, err) || !take_price(m, p, err))
		return false;
	if ((p->category.len || p->path.len) &&
	    map_find(m->category, key_of(p->category, p->path, &key)) == MAP_NONE)
		return err_fail(err, ERR_FORMAT, "product '%.*s': its category '%.*s' is not "
				"among the categories", STR_ARG(p->id),
				STR_ARG(p->category.len ? p->category : p->path));
	if (!take_fact(m, &ev, err))
		return false;
	if (map_count(w->map[ID_PRODUCT]) == known)
		return err_fail(err, ERR_FORMAT, "product '%.*s' is there twice",
				STR_ARG(p->id));
	if (batch_seen(w, p->id, p->first, p->last))
		return true;
	if (err)
		*err = w->err;
	return false;
}

static bool take_given(struct taken *t, const struct catalog_given *g, struct err *err)
{
	SCOPED(map) category = map_create();
	struct making m = {.to = t, .w = t->heard.of, .given = g, .category = category,
			   .batch.number = t->pieces++};

	if (!take_categories(&m, err))
		return false;
	for (uint32_t i = 0; i < g->n_products; i++)
		if (!take_product(&m, &g->product[i], err))
			return false;
	return true;
}

bool catalog_make(struct build *b, const struct catalog_given *g, struct work work,
		  struct import_summary *sum, struct err *err)
{
	const char *attribute[DATASET_ATTRIBUTES] = {NULL};
	struct dataset set = given_set;
	struct import_options o = {
		.set = &set,
		.max_session = g->max_session,
		.duplicates = DUPLICATES_KEEP,
		.currency = g->currency,
		.time_zone = g->time_zone,
		.products = g->products,
	};
	struct import im = {.o = &o,
			    .set = &set,
			    .pool = work.pool,
			    .job = work.job,
			    .limits = split_limits_default(1),
			    .sum = sum};
	struct taken t;
	struct made m = {.build = b};
	bool ok;

	im.limits.tables = true;
	set.path_separator = g->path_separator;
	set.n_attributes = g->n_attributes;
	set.attributes = attribute;
	for (unsigned i = 0; i < g->n_attributes; i++)
		attribute[i] = g->attribute[i].ptr;
	*sum = (struct import_summary){0};
	taken_start(&t, &im, b);
	t.caps = g->caps;
	t.events.scale = g->price_scale;
	ok = take_given(&t, g, err) && import_products(&im, &t, err) &&
	     import_catalog(&im, &t, &m, err) &&
	     import_write_events(&im, &t, &m, err) && import_write_meta(&im, &t, &m, err);
	made_finish(&m);
	taken_finish(&t);
	return ok;
}
