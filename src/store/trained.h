/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * trained: model files of a store.
 *
 * model-NAME-N.mdb holds the arrays of one trained model, the ids of the products that
 * it was trained on ("product/id") and a meta document: model, parameters, loss,
 * seconds, catalog (uuid and generation), products. It is published like a generation:
 * built under another name, synced, renamed. The highest N is the one in use; older
 * ones are removed when nobody holds them.
 */
#ifndef STORE_TRAINED_H
#define STORE_TRAINED_H

#include <jansson.h>

#include "base/err.h"
#include "base/scope.h"
#include "store/array.h"

#define TRAINED_NAME_MAX 64
/* The form of what models keep, which meta tells as "form": 1 more when the arrays of some class
 * change, which says so in its row (model_class.form). Files from before forms have none. */
#define TRAINED_FORM 1

struct sink;
struct store;
struct trained;

/* Letters, digits and '_', '-', '.' in between; ERR_USAGE. */
bool trained_name_check(struct str name, struct err *err);
/* Whether trained_publish could begin now: asked before hours of work. Errors as there. */
bool trained_probe(const struct store *s, const char *name, struct err *err);
/* A model as it is published, under a name. */
struct trained_model {
	const char *name;
	struct sink *sink;
	json_t *meta;
};
/*
 * Keep what the sink holds under a name, for the generation that s has open. Takes
 * the writer lock for the time of writing, waiting up to `wait` seconds. meta is
 * borrowed; uuid of the catalog, products, arrays and time of writing are added.
 * Errors as of build_publish: nothing is left behind then.
 */
bool trained_publish(const struct store *s, struct trained_model m, double wait,
		     struct err *err);
/* Remove a trained model; ERR_NO when there is none, ERR_LOCKED. Those who have it
 * open keep it. */
bool trained_remove(const struct store *s, const char *name, double wait,
		    struct err *err);

/* ERR_NO when there is none of that name (it lists those that there are), ERR_STORE. */
bool trained_open(struct trained **t, const struct store *s, const char *name,
		  struct err *err);
void trained_destroy(struct trained *t);
SCOPED_DEFINE(trained)
const char *trained_name(const struct trained *t);
/* Nothing newer is kept under its name. */
bool trained_latest(const struct trained *t);
uint64_t trained_bytes(const struct trained *t);	/* of the file */
const json_t *trained_meta(const struct trained *t);
/* Ascends with each model that is trained in the store, under whatever name. */
uint64_t trained_number(const struct trained *t);
/* An array; ctx is the trained model. */
bool trained_find(void *ctx, const char *name, struct array *a);
/* All of them in the order of their names, until visit returns false. */
void trained_arrays(const struct trained *t,
		    bool (*visit)(void *ctx, const char *name, const struct array *a), void *ctx);
/* It was made or looked through on this machine (store/seal.h); mark it so. */
bool trained_sealed(const struct trained *t);
void trained_seal(const struct trained *t);
/* Its form; 0: it is from before forms. */
unsigned trained_form(const struct trained *t);
/* Products that it was trained on. */
uint32_t trained_products(const struct trained *t);
/* It was trained on another generation than the one that the store has open. */
bool trained_stale(const struct trained *t);
/* Then: the (products) numbers in the store's catalog or CATALOG_NONE, by id, made by
 * the first call. *map is NULL where the numbers are the same. s is what it was opened
 * with. */
bool trained_map(struct trained *t, const struct store *s, const uint32_t **map,
		 struct err *err);

/* Checksums and sizes of its arrays. The bounds of what they hold are checked by the
 * model that binds them. */
struct checker;
void trained_check(const struct trained *t, struct checker *k);

/* Names of the trained models of a store, A to Z; free() each and the list. */
struct trained_list {
	char **name;
	size_t n, cap;
};
void trained_list_read(const char *path, struct trained_list *l);
void trained_list_finish(struct trained_list *l);

#endif
