/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checksums, manifests, and the shapes that many arrays share. */
#include "config.h"

#include "store/check.h"

#include <stdio.h>

#include "base/crc32c.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "store/catalog.h"
#include "store/store_impl.h"

void check_fault(struct checker *k, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	int n = k->file ? snprintf(text, sizeof text, "%s: ", k->file) : 0;

	va_start(ap, fmt);
	vsnprintf(text + n, sizeof text - (size_t)n, fmt, ap);
	va_end(ap);
	k->faults++;
	k->fault(k->ctx, text);
}

/* --- checksums */

#define PIECE ((uint64_t)64 << 20)	/* bytes between two signs of progress */

static void check_entry(struct checker *k, const struct entry *e)
{
	for (uint32_t i = 0; i < e->parts; i++) {
		uint64_t bytes;
		const char *data = entry_part(e, i, &bytes);
		uint32_t crc = 0;

		for (uint64_t at = 0; at < bytes; at += PIECE) {
			uint64_t n = bytes - at < PIECE ? bytes - at : PIECE;

			crc = crc32c(crc, data + at, n);
			k->progress(k->ctx, n);
		}
		if (crc == e->crc[i])
			continue;
		if (e->parts > 1)
			check_fault(k, "array %s: the data of part %u of %u are not what was "
				       "written", e->name, i + 1, e->parts);
		else
			check_fault(k, "array %s: the data are not what was written",
				    e->name);
	}
}

/* A branch page that lost entries gives a shorter list without an error. */
static void check_manifest(struct checker *k, const struct entry_list *l,
			   const json_t *meta)
{
	json_t *all = json_object_get(meta, "arrays"), *row;
	const char *name;

	if (json_object_size(all) != l->n)
		check_fault(k, "the file has %zu arrays, its meta lists %zu", l->n,
			    json_object_size(all));
	json_object_foreach(all, name, row) {
		const struct entry *e = entry_find(l, str_from(name));
		json_t *crc = json_object_get(row, "crc");

		if (!e) {
			check_fault(k, "array %s is missing", name);
			continue;
		}
		if ((uint64_t)json_integer_value(json_object_get(row, "rows")) !=
			    e->array.rows ||
		    json_integer_value(json_object_get(row, "columns")) !=
			    e->array.columns ||
		    json_array_size(crc) != e->parts)
			check_fault(k, "array %s: its size is not what the meta lists", name);
		else
			for (uint32_t i = 0; i < e->parts; i++)
				if (json_integer_value(json_array_get(crc, i)) != e->crc[i])
					check_fault(k, "array %s: its checksum is not what "
						       "the meta lists", name);
	}
}

void check_entries(struct checker *k, const struct entry_list *l, const json_t *meta)
{
	check_manifest(k, l, meta);
	for (size_t i = 0; i < l->n; i++)
		check_entry(k, &l->at[i]);
}

void check_arrays(struct checker *k)
{
	check_entries(k, store_entries(k->s), store_meta(k->s));
}

/* --- bounds */

static void check_offsets(struct checker *k, const char *name, const uint64_t *offsets,
			  uint64_t rows)
{
	for (uint64_t i = 0; offsets && i < rows; i++) {
		if (offsets[i] <= offsets[i + 1])
			continue;
		check_fault(k, "array %s: descends at row %ju", name, (uintmax_t)i);
		return;
	}
}

struct checked_column {
	const uint32_t *column; /* (rows) */
	uint64_t rows, bound;	/* all are below it */
};

struct checked_rows {
	const uint64_t *offsets; /* (rows + 1) */
	uint64_t rows;
	const uint32_t *column;
	uint64_t bound;
};

/* Every value is below `bound`, or CATALOG_NONE where `none`. */
static void check_bound(struct checker *k, const char *name, struct checked_column c, bool none)
{
	for (uint64_t i = 0; c.column && i < c.rows; i++) {
		if (c.column[i] < c.bound || (none && c.column[i] == CATALOG_NONE))
			continue;
		check_fault(k, "array %s: row %ju is %u, out of bounds (%ju)", name,
			    (uintmax_t)i, c.column[i], (uintmax_t)c.bound);
		return;
	}
}

static void check_text(struct checker *k, const char *name, const struct text *t)
{
	unsigned before = k->faults;
	STRBUF(offsets);

	if (!t->offsets)
		return;
	strbuf_addf(&offsets, "%s/offsets", name);
	check_offsets(k, strbuf_c(&offsets), t->offsets, t->n);
	for (uint64_t i = 0; k->faults == before && i < t->n; i++)
		if (!utf8_valid(text_at(t, i)))
			check_fault(k, "array %s/bytes: text %ju is not UTF-8", name,
				    (uintmax_t)i);
}

/* Entries ascend within a row and stay below `bound`; rows need their offsets. */
static void check_rows(struct checker *k, const char *prefix, const char *last,
		       struct checked_rows r)
{
	unsigned before = k->faults;
	STRBUF(name);

	if (!r.offsets || !r.column)
		return;
	strbuf_addf(&name, "%soffsets", prefix);
	check_offsets(k, strbuf_c(&name), r.offsets, r.rows);
	if (k->faults != before)
		return;
	strbuf_reset(&name);
	strbuf_addf(&name, "%s%s", prefix, last);
	check_bound(k, strbuf_c(&name),
		    (struct checked_column){r.column, r.offsets[r.rows], r.bound}, false);
	for (uint64_t a = 0; k->faults == before && a < r.rows; a++)
		for (uint64_t i = r.offsets[a] + 1; i < r.offsets[a + 1]; i++)
			if (r.column[i - 1] >= r.column[i]) {
				check_fault(k, "array %s: row %ju does not ascend",
					    strbuf_c(&name), (uintmax_t)a);
				break;
			}
}

static void check_csr(struct checker *k, const char *prefix, const struct csr *m)
{
	check_rows(k, prefix, "column",
		   (struct checked_rows){m->offsets, m->rows, m->column, m->rows});
}

static void bounds_of_counts(struct checker *k)
{
	char prefix[64];

	for (unsigned i = 0; i < RELATIONS; i++) {
		const struct relation_counts *r = &k->c->relation[i];

		snprintf(prefix, sizeof prefix, "pairs/%s/",
			 relation_name((enum relation)i));
		check_csr(k, prefix, &r->out);
		snprintf(prefix, sizeof prefix, "pairs/%s/in-",
			 relation_name((enum relation)i));
		if (r->in.column != r->out.column)
			check_csr(k, prefix, &r->in);
	}
	for (unsigned i = 0; i < BASKET_KINDS; i++)
		for (unsigned d = 0; d < k->c->transition[i].levels; d++) {
			snprintf(prefix, sizeof prefix, "transition/%s/%u/",
				 basket_kind_name((enum basket_kind)i), d);
			check_csr(k, prefix, &k->c->transition[i].level[d]);
		}
}

static void bounds_of_categories(struct checker *k)
{
	const struct catalog *c = k->c;
	uint32_t n = c->n_categories;

	check_bound(k, "category/parent", (struct checked_column){c->category_parent, n, n},
		    true);
	check_bound(k, "category/end",
		    (struct checked_column){c->category_end, n, (uint64_t)n + 1}, false);
	check_bound(k, "category/product",
		    (struct checked_column){c->category_product, (uint64_t)n + 1,
					    (uint64_t)c->n_products + 1},
		    false);
}

/* The sort orders hold every product once. */
static void check_permutation(struct checker *k, const char *name, const uint32_t *order,
			      uint32_t n)
{
	SCOPED_FREE unsigned char *seen = NULL;
	unsigned before = k->faults;

	if (!order)
		return;
	check_bound(k, name, (struct checked_column){order, n, n}, false);
	seen = mem_zalloc((size_t)n + 1);
	for (uint32_t i = 0; k->faults == before && i < n; i++)
		if (seen[order[i]]++)
			check_fault(k, "array %s: row %u repeats %u", name, i, order[i]);
}

static void check_bounds(struct checker *k)
{
	const struct catalog *c = k->c;
	uint32_t p = c->n_products;

#define CATALOG_ARRAY(field, name, type, rows, need)				\
	if (str_starts(STR(name), STR("order/")))				\
		check_permutation(k, name, (const void *)c->field, p);
#define CATALOG_TEXT(field, name, rows, need) check_text(k, name, &c->field);
#include "store/catalog.def"
#undef CATALOG_ARRAY
#undef CATALOG_TEXT
	check_bound(k, "product/category",
		    (struct checked_column){c->product_category, p, c->n_categories}, true);
	check_bound(k, "product/brand",
		    (struct checked_column){c->product_brand, p, c->n_brands}, true);
	check_bound(k, "product/attribute",
		    (struct checked_column){c->product_attribute, (uint64_t)p * c->n_attributes,
					    c->attribute_value.n},
		    true);
	check_rows(k, "product/property-", "",
		   (struct checked_rows){c->product_property_offsets, p, c->product_property,
					 c->property_name.n});
	if (c->product_property_offsets)
		check_bound(k, "product/property-value",
			    (struct checked_column){c->product_property_value,
						    c->product_property_offsets[p],
						    c->attribute_value.n},
			    false);
	check_rows(k, "product/place-", "",
		   (struct checked_rows){c->product_place_offsets, p, c->product_place,
					 c->n_categories});
	check_rows(k, "category/guest-", "",
		   (struct checked_rows){c->category_guest_offsets, c->n_categories,
					 c->category_guest, p});
	bounds_of_categories(k);
	check_rows(k, "user/", "session",
		   (struct checked_rows){c->user_offsets, c->n_users, c->user_session,
					 c->n_sessions});
	check_bound(k, "user/attribute",
		    (struct checked_column){c->user_attribute,
					    (uint64_t)c->n_users * c->n_user_attributes,
					    c->user_attribute_value.n},
		    true);
	check_permutation(k, "session/by-id", c->session_by_id, c->n_sessions);
	check_bound(k, "session/user",
		    (struct checked_column){c->session_user, c->n_sessions, c->n_users}, true);
	check_bound(
		k, "session/country",
		(struct checked_column){c->session_country, c->n_sessions, c->country_name.n},
		true);
	check_bound(
		k, "session/channel",
		(struct checked_column){c->session_channel, c->n_sessions, c->channel_name.n},
		true);
	check_offsets(k, "session/offsets", c->session_offsets, c->n_sessions);
	check_bound(k, "event/product",
		    (struct checked_column){c->event_product, c->n_events, p}, false);
	for (uint64_t i = 0; i < c->n_events; i++)
		if (c->event_kind[i] >= EVENT_KINDS) {
			check_fault(k, "array event/kind: row %ju is %u, which is no kind",
				    (uintmax_t)i, c->event_kind[i]);
			break;
		}
	check_rows(k, "product/session-", "",
		   (struct checked_rows){c->product_session_offsets, p, c->product_session,
					 c->n_sessions});
	bounds_of_counts(k);
}

void check_links(struct checker *k)
{
	const char *lacks = catalog_lacks(k->c);

	if (lacks)
		check_fault(k, "array %s is missing", lacks);
	check_bounds(k);
	if (k->faults)
		return;		/* what follows goes where the arrays point */
	check_tables(k);
	check_counts(k);
	check_indexes(k);
}
