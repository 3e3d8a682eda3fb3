/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dump_import [-p PRODUCTS] [-m SHARE] [-g MINUTES] [-s SEPARATOR] DATASET STORE
 *	THREADS PIECE FILE...
 * Imports and prints all that the catalog holds, for import_oracle.py.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/num.h"
#include "base/pool.h"
#include "data/record_split.h"
#include "import/import.h"
#include "store/build.h"
#include "store/store.h"

static void put(struct str s)
{
	printf("\t%.*s", STR_ARG(s));
}

static void put_product(const struct catalog *c, uint32_t p)
{
	uint32_t category = c->product_category[p];

	printf("P");
	put(text_at(&c->product_id, p));
	put(category == CATALOG_NONE ? STR("-") : text_at(&c->category_id, category));
	if (c->product_brand)
		put(c->product_brand[p] == CATALOG_NONE ? STR("-")
		    : text_at(&c->brand_name, c->product_brand[p]));
	else
		put(STR("-"));
	printf("\t%lld\t%lld\t%lld",
	       (long long)(c->product_price ? c->product_price[p] : PRICE_NONE),
	       (long long)c->product_first[p], (long long)c->product_last[p]);
	put(text_at(&c->product_id, c->product_group[p]));
	put(text_at(&c->product_label, p));
	for (uint32_t a = 0; a < c->n_attributes; a++) {
		uint32_t v = c->product_attribute[(size_t)p * c->n_attributes + a];

		put(v == CATALOG_NONE ? STR("-") : text_at(&c->attribute_value, v));
	}
	printf("\n");
}

/* What is said of a product in words; a line break as \n. */
static void put_words(const struct catalog *c, uint32_t p)
{
	struct str text = c->product_description.n ? text_at(&c->product_description, p)
		: STR("");
	const uint64_t *row = c->product_property_offsets;

	if (text.len) {
		printf("D");
		put(text_at(&c->product_id, p));
		printf("\t");
		for (size_t i = 0; i < text.len; i++)
			printf(text.ptr[i] == '\n' ? "\\n" : "%c", text.ptr[i]);
		printf("\n");
	}
	for (uint64_t i = row ? row[p] : 0; row && i < row[p + 1]; i++) {
		printf("V");
		put(text_at(&c->product_id, p));
		put(text_at(&c->property_name, c->product_property[i]));
		put(text_at(&c->attribute_value, c->product_property_value[i]));
		printf("\n");
	}
}

static void put_categories(const struct catalog *c)
{
	for (uint32_t i = 0; i < c->n_categories; i++) {
		uint32_t parent = c->category_parent[i];

		printf("C");
		put(text_at(&c->category_id, i));
		put(text_at(&c->category_path, i));
		put(parent == CATALOG_NONE ? STR("-") : text_at(&c->category_id, parent));
		printf("\t%u\t%u\t%u\n", c->category_depth[i], c->category_end[i] - i,
		       c->category_product[i]);
	}
}

static void put_sessions(const struct catalog *c)
{
	for (uint32_t s = 0; s < c->n_sessions; s++) {
		uint32_t user = c->session_user ? c->session_user[s] : CATALOG_NONE;

		printf("S");
		put(text_at(&c->session_id, s));
		put(user == CATALOG_NONE ? STR("-") : text_at(&c->user_id, user));
		printf("\n");
		for (uint64_t e = c->session_offsets[s];
		     e < c->session_offsets[s + 1]; e++) {
			printf("E");
			put(text_at(&c->product_id, c->event_product[e]));
			printf("\t%lld\t%s\t%lld\t%u\n", (long long)c->event_time[e],
			       event_kind_name(c->event_kind[e]),
			       (long long)(c->event_price ? c->event_price[e] : PRICE_NONE),
			       c->event_quantity ? c->event_quantity[e] : 1);
		}
	}
}

/* The cross references that the lines above don't show. */
static bool consistent(const struct store *s, const struct catalog *c)
{
	bool ok = true;

	for (uint32_t i = 0; i < c->n_products; i++)
		ok &= store_find(s, "product", text_at(&c->product_id, i)) == i;
	for (uint32_t i = 0; i < c->n_categories; i++)
		ok &= store_find(s, "category", text_at(&c->category_id, i)) == i;
	for (uint32_t i = 1; i < c->n_sessions; i++)
		ok &= str_cmp(text_at(&c->session_id, c->session_by_id[i - 1]),
			      text_at(&c->session_id, c->session_by_id[i])) < 0;
	for (uint32_t u = 0; u < c->n_users; u++) {
		ok &= store_find(s, "user", text_at(&c->user_id, u)) == u;
		for (uint64_t i = c->user_offsets[u]; i < c->user_offsets[u + 1]; i++)
			ok &= c->session_user[c->user_session[i]] == u &&
				(i == c->user_offsets[u] ||
				 c->user_session[i - 1] < c->user_session[i]);
	}
	return ok;
}

static bool import(struct import_options *o, const char *path, struct pool *pool,
		   struct err *err)
{
	SCOPED(build) b = NULL;
	struct import_summary sum;

	if (!build_begin(&b, path, "dump_import", 0, err) ||
	    !import_run(b, o, (struct work){pool, NULL}, &sum, err) ||
	    !build_publish(b, err))
		return false;
	printf("T\t%llu\t%llu\t%llu\n", (unsigned long long)sum.records,
	       (unsigned long long)sum.events, (unsigned long long)sum.rejected);
	if (sum.cancelled || sum.cancels_lost)
		printf("X\t%llu\t%llu\n", (unsigned long long)sum.cancelled,
		       (unsigned long long)sum.cancels_lost);
	for (int r = 1; r < REJECT_REASONS; r++)
		if (sum.rejected_by[r])
			printf("R\t%s\t%llu\n", reject_name(r),
			       (unsigned long long)sum.rejected_by[r]);
	return true;
}

int main(int argc, char **argv)
{
	struct import_options o = {.max_rejects = 0.1, .max_session = 500};
	struct split_limits limits;
	struct err err = {0};
	uint64_t threads, piece;
	double minutes;
	int option;
	SCOPED(pool) pool = NULL;
	SCOPED(store) s = NULL;

	while ((option = getopt(argc, argv, "p:m:g:s:")) > 0) {
		if (option == 'p')
			o.products = optarg;
		else if (option == 's')
			o.dataset.separator = optarg[0];
		else if (option == 'g' && num_real(str_from(optarg), &minutes))
			o.dataset.gap = (int64_t)(minutes * 60000);
		else if (option != 'm' || !num_real(str_from(optarg), &o.max_rejects))
			return 2;
	}
	argv += optind;
	argc -= optind;
	if (argc < 5 || !(o.set = dataset_find(str_from(argv[0]))) ||
	    !num_u64(str_from(argv[2]), &threads) || !num_u64(str_from(argv[3]), &piece))
		return 2;
	pool = pool_create((unsigned)threads);
	limits = split_limits_default((unsigned)threads);
	if (piece)
		limits.piece = piece;
	o.limits = &limits;
	o.files = (const char *const *)argv + 4;
	o.n_files = (unsigned)argc - 4;
	if (!import(&o, argv[1], pool, &err) || !store_open(&s, argv[1], &err)) {
		fprintf(stderr, "%s\n", err.text);
		return err_exit_code(err.code);
	}
	for (uint32_t p = 0; p < store_catalog(s)->n_products; p++)
		put_product(store_catalog(s), p);
	for (uint32_t p = 0; p < store_catalog(s)->n_products; p++)
		put_words(store_catalog(s), p);
	put_categories(store_catalog(s));
	put_sessions(store_catalog(s));
	printf("ok\t%d\n", consistent(s, store_catalog(s)));
	return 0;
}
