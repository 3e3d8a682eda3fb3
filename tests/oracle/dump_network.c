/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dump_network STORE MODEL: as JSON lines the features of all products, as the model read
 * them, where the columns of each begin, and the model's arrays
 * {"name", "rows", "columns", "data"}.
 */
#include "config.h"

#include <stdio.h>

#include "model/features.h"
#include "model/model.h"
#include "store/store.h"

static void print_array(const struct model *m, const char *name)
{
	struct array a;

	if (!m->find(m->ctx, name, &a))
		return;
	printf("{\"name\":\"%s\",\"rows\":%llu,\"columns\":%u,\"data\":[", name,
	       (unsigned long long)a.rows, a.columns);
	for (uint64_t i = 0; i < a.rows * a.columns; i++)
		if (a.type == ARRAY_F32)
			printf("%s%.9g", i ? "," : "", (double)((const float *)a.data)[i]);
		else
			printf("%s%u", i ? "," : "", ((const uint32_t *)a.data)[i]);
	printf("]}\n");
}

static void print_features(const struct features *f)
{
	printf("{\"name\":\"features\",\"rows\":[");
	for (uint32_t p = 0; p < f->n_products; p++) {
		printf("%s[", p ? "," : "");
		for (uint64_t k = f->offsets[p]; k < f->offsets[p + 1]; k++)
			printf("%s[%u,%.9g]", k > f->offsets[p] ? "," : "", f->column[k],
			       (double)f->value[k]);
		printf("]");
	}
	printf("]}\n{\"name\":\"first\",\"data\":[");
	for (unsigned id = 0; id <= FEATURE_IDS; id++)
		printf("%s%u", id ? "," : "", f->first[id]);
	printf("]}\n");
}

static void print_ids(const struct catalog *c)
{
	printf("{\"name\":\"ids\",\"data\":[");
	for (uint32_t p = 0; p < c->n_products; p++)
		printf("%s\"%.*s\"", p ? "," : "", STR_ARG(text_at(&c->product_id, p)));
	printf("]}\n");
}

int main(int argc, char **argv)
{
	static const char *const arrays[] = {
		"vectors", "net/theta", "net/table", "net/norm", "type/gamma",
		"type/complement", "type/project", "type/of", "count",
	};
	SCOPED(store) s = NULL;
	SCOPED(model) m = NULL;
	struct features f;
	struct err err = {0};

	if (argc != 3 || !store_open(&s, argv[1], &err) ||
	    !model_open(&m, s, argv[2], &err) ||
	    !features_make(&f, store_catalog(s), &(struct features_ask){
				   features_wanted(&m->params),
				   (unsigned)params_count(&m->params, PARAM_ID_BUCKETS),
				   NULL, NULL}, NULL, &err)) {
		fprintf(stderr, "dump_network STORE MODEL: %s\n", err.text);
		return 1;
	}
	print_ids(store_catalog(s));
	print_features(&f);
	features_finish(&f);
	for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
		print_array(m, arrays[i]);
	return 0;
}
