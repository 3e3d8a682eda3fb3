/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model: what every recommender offers: training, and scores for a history. */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "base/err.h"
#include "base/scope.h"
#include "base/work.h"
#include "math/topk.h"
#include "model/lesson.h"
#include "model/params.h"
#include "model/past.h"
#include "near/coarse.h"
#include "near/hnsw.h"
#include "store/catalog.h"
#include "store/sink.h"

struct job;
struct model;
struct store;

#define MODEL_DENSE 250	/* events of the kinds that are read, a product */

enum model_flag {
	MODEL_VECTORS = 1 << 0,	/* has the array "vectors" F32 (products, dim); a row of
				   zeros: not known. score may be NULL then: cosine */
	MODEL_WEIGHS = 1 << 1,	/* --recency is its own: it gets a history without weights */
	MODEL_COMPLEMENT = 1 << 2,	/* says what is bought along, not what is alike */
	MODEL_BASELINE = 1 << 3,	/* says nothing about the product asked for */
	MODEL_REPEATS = 1 << 4,	/* its scores tell what is bought again from what is new */
	MODEL_RACES = 1 << 6,	/* threads train side by side without locks: one alone repeats
				   itself */
	MODEL_ASIDE = 1 << 5,	/* ranks where it is named, but isn't offered as a ranking:
				   it tells groups apart, or says nothing about a product */
	MODEL_EDGES = 1 << 7,	/* where there are no sessions it learns from counted pairs */
};

/* What a class with `read` is made of. */
struct model_source {
	const char *folder;		/* as someone published it */
	const struct model *before;	/* kept under that name so far: what it holds may be
					   taken over; NULL: there is none */
};

/* Products that someone looked at or bought. */
struct history {
	const uint32_t *product;	/* (n) oldest first, the latest last */
	const float *weight;		/* (n) NULL: by the model's recency if it has that
					   parameter, else all 1 */
	unsigned n;			/* >= 1 */
};

#define MODEL_MANY 8	/* histories that are scored at once, at most */
#define MODEL_PASTS 32	/* pasts */

/* Where scores are put, and the job under which they are made. */
struct scoring {
	float *scores;	 /* (products) */
	struct job *job; /* NULL: it can't be cancelled */
};

/* A product that the store hasn't got. */
struct model_typed {
	const float *vector;	/* (dim) */
	uint32_t category;	/* or CATALOG_NONE */
};

/* One of the paths or parts that a score is made of. */
struct model_reason {
	double share;		/* of the score, 0..1 */
	uint32_t via;		/* a product in between, or CATALOG_NONE */
	char text[160];		/* "73% of next views; 12 of 340" */
};
struct reasons {
	struct model_reason *at; /* (n) room */
	unsigned n;
};

#define ACCOUNT_SOURCES 80
/* What a score for someone is made of. */
struct account {
	char sources[ACCOUNT_SOURCES];	/* where the product came from: "repeat, together" */
	unsigned n;			/* features; 0: shares weren't wanted */
	const char *const *name;	/* (n) */
	const char *const *help;	/* (n) what the feature is */
	float *value;			/* (n) NAN: missing */
	float *share;			/* (n) what each adds; with rest they are the score */
	float rest;
};
void account_finish(struct account *a);

/*
 * A model is a file md_NAME.c that defines `const struct model_class md_NAME` and a
 * row MODEL(NAME) in models.def. Training reads the catalog's sessions and events
 * alone: no counts of relations, no product -> sessions (they are of the whole store
 * where the catalog is a cut of it), and event_time may be NULL. The same code trains
 * for a store and for an evaluation.
 */
struct model_class {
	const char *name;
	const char *title;	/* "Item-based neighbours" */
	const char *summary;	/* a sentence or two: method and source */
	const char *score_text;	/* what a score means, for people: "cosine of the two
				   vectors: 1 is the same direction" */
	const char *(*meaning)(const struct params *p);	/* the same, where parameters
				   change it; or NULL */
	unsigned flags;
	unsigned form;		/* TRAINED_FORM when its arrays changed last: older files are
				   refused. 0: not since there are forms */
	const struct param_default *params;	/* ends with PARAM_IDS; NULL: none */
	/* What stands in their place where no views are read (baskets are no visits), else
	 * where products were met fewer than MODEL_DENSE times on average. Chosen by
	 * bench/defaults.py. The same form; NULL: nothing. */
	const struct param_default *baskets, *sparse;
	/* And where there are counts alone (MODEL_EDGES). */
	const struct param_default *counted;
	/* NULL: it is imported, not trained.
	 * Fill the sink. Deterministic for one thread and a seed. Polls the job, says
	 * its step, and its loss by sink_loss where it has one. */
	bool (*train)(const struct lesson *l, struct err *err);
	/* Instead of train: made of the vectors of another model (aisle train --model). Rows
	 * of v are the catalog's products, zeros where there is no vector. */
	bool (*fit)(const struct lesson *l, const struct vectors *v, struct err *err);
	/* Instead of train: made of a folder (aisle train --from). */
	bool (*read)(const struct lesson *l, const struct model_source *from,
		     struct err *err);
	/* Bind what score needs to m->state (NULL: nothing to bind). */
	bool (*open)(struct model *m, struct err *err);
	void (*close)(struct model *m);
	/* scores (m->n_products): -INFINITY where it says nothing. Products of the
	 * history are scored as all others. From any thread, several at once. */
	bool (*score)(const struct model *m, const struct history *h, struct scoring out,
		      struct err *err);
	/* The same for n histories, up to MODEL_MANY, where what was learnt is read once for all:
	 * out.scores (n, m->n_products), bit by bit what score says of each; or NULL. */
	bool (*score_many)(const struct model *m, const struct history *h, unsigned n,
			   struct scoring out, struct err *err);
	/* Instead of score, from a past with ages and kinds, which may hold nothing; or NULL. */
	bool (*score_past)(const struct model *m, const struct past *past,
			   struct scoring out, struct err *err);
	/* The same for n pasts, up to MODEL_PASTS, where what was learnt is read once for all:
	 * out.scores (n, m->n_products), bit by bit what score_past says of each; or NULL. */
	bool (*score_pasts)(const struct model *m, const struct past *past, unsigned n,
			    struct scoring out, struct err *err);
	/* What the user (of the catalog that it was trained on) does with the product, as a label:
	 * 1 view, 2 cart, 3 purchase; NAN where one of them wasn't learnt from. NULL: it has no
	 * guess. */
	bool (*guess)(const struct model *m, uint32_t user, uint32_t product, double *label,
		      struct err *err);
	/* What it made the product's score of, for that past; shares: what each feature adds too.
	 * ERR_NO where the product is no candidate; those of loading a library. NULL: it has no
	 * account. */
	bool (*account)(const struct model *m, const struct past *past, uint32_t product,
			bool shares, struct account *out, struct err *err);
	/* The same for a product that the store hasn't got, by the vector that the class's net
	 * makes of it (model/network.h); or NULL. */
	bool (*score_typed)(const struct model *m, const struct model_typed *t,
			    struct scoring out, struct err *err);
	/* Why b is suggested for a: up to n reasons, the strongest first; returns how
	 * many. NULL: it has none but the score. */
	unsigned (*explain)(const struct model *m, uint32_t a, uint32_t b,
			    struct reasons reasons);
	/* vector (dim) of what someone typed, among those of MODEL_VECTORS; NULL: it
	 * reads no words. */
	bool (*phrase)(const struct model *m, struct str words, float *vector,
		       struct err *err);
};

extern const struct model_class *const model_classes[];	/* models.def, then NULL */
const struct model_class *model_find(struct str name);

/* A trained model. Numbers of products in class functions are those of the catalog
 * that it was trained on. */
struct model {
	const struct model_class *class;
	struct params params;		/* of its training */
	uint32_t n_products;		/* of that catalog */
	bool (*find)(void *ctx, const char *name, struct array *a);
	void *ctx;
	void *state;			/* of the class: open makes it, close frees it */
	/* From here on for model.c alone. */
	struct array vectors;		/* of MODEL_VECTORS */
	struct vector_room *room;	/* what is made of them when they are first asked */
	struct coarse coarse;		/* of them, where the model has some */
	struct hnsw_graph graph;	/* of them, when indexed */
	bool indexed;
	uint32_t n_outside;		/* products of the catalog that is asked about */
	const uint32_t *outside;	/* (n_products) number there; NULL: the same */
	uint32_t *inside;		/* (n_outside) number here, or CATALOG_NONE */
	struct trained *trained;
};

/* An array of the model by name, with that type; ERR_STORE. */
bool model_array(const struct model *m, const char *name, enum array_type type,
		 struct array *a, struct err *err);

/* Defaults that depend on what the catalog holds: before training, for whoever asks the
 * model with p as well. */
void model_settle(const struct model_class *class, const struct catalog *c,
		  struct params *p);
/* Train in memory for the catalog; the sink gets the arrays. */
bool model_train(const struct model_class *class, const struct lesson *l,
		 struct err *err);
/* The same for a class with fit, of a model of that catalog's store with vectors. */
bool model_fit(const struct model_class *class, const struct lesson *l,
	       const struct model *of, struct err *err);
/* The same for a class with read. */
bool model_read(const struct model_class *class, const struct lesson *l,
		const struct model_source *from, struct err *err);
/* It ranks products: panels and evaluations can ask it. */
bool model_ranks(const struct model_class *class);
/* It does, and is offered in lists, completion and comparisons (not MODEL_ASIDE). */
bool model_offered(const struct model_class *class);
/* Where a model's arrays are. */
struct model_arrays {
	bool (*find)(void *ctx, const char *name, struct array *a);
	void *ctx;
};
/* What a model is, beside its arrays; params are copied. */
struct model_form {
	const struct model_class *class;
	const struct params *params;
	uint32_t n_products;
};
/* Use arrays that outlive the model; p is copied. */
bool model_open_arrays(struct model **m, const struct model_form *form,
		       const struct model_arrays *a, struct err *err);
/* Use what was trained in memory; sink and p must outlive the model (p is copied). */
bool model_open_sink(struct model **m, const struct model_form *form, struct sink *s,
		     struct err *err);
/* For models.c: find the arrays of a model whose class and source are known. */
bool model_bind(struct model *m, struct err *err);
/* Use a trained file of the store by the name under which it was kept; products are
 * matched by id when the store was imported anew since (model_stale). */
bool model_open(struct model **m, const struct store *s, const char *name,
		struct err *err);
void model_destroy(struct model *m);
SCOPED_DEFINE(model)

/* The name under which it was kept (its class's name for one in memory). */
const char *model_name(const struct model *m);
/* It was not trained again since it was opened, nor removed. */
bool model_latest(const struct model *m);
/* What its scores mean, for people. */
const char *model_meaning(const struct model *m);
/* What was written down at training; NULL for one in memory. */
const json_t *model_meta(const struct model *m);
/* It was trained on an earlier import of the store. */
bool model_stale(const struct model *m);

/* What is trained in a store. */
struct model_entry {
	char *name;			/* under which it was kept */
	const struct model_class *class;	/* NULL: this version doesn't know it */
	json_t *meta;			/* NULL: it can't be opened, err says why */
	uint64_t bytes, number;		/* of its file; ascends as models are trained */
	uint32_t products;
	bool stale;
	struct err err;
};
struct model_list {
	struct model_entry *at;		/* by name */
	size_t n;
};
/* Look through the models that came from elsewhere and mark those that are sound, so that no
 * one need look again. ERR_STORE names the first that isn't. */
bool models_seal(const struct store *s, struct err *err);
void models_of(const struct store *s, struct model_list *l);
void model_list_finish(struct model_list *l);
/* Appends the names, separated by commas, of the models that have all of these flags, made by
 * that class (NULL: any), and gives their number; *only becomes the last one of them. */
struct model_wanted {
	unsigned flags;
	const char *class;
};
unsigned models_named(const struct store *s, struct model_wanted w, struct strbuf *names,
		      struct strbuf *only);
/* Opens the model of that class that was trained last; NULL: there is none that can be opened. */
struct model *models_latest(const struct store *s, const char *class);

/* scores (products of the catalog that is asked about); -INFINITY: nothing is said. */
bool model_score(const struct model *m, const struct history *h, struct scoring out,
		 struct err *err);

/* It is asked for less when asked for several histories together. */
bool model_scores_many(const struct model *m);
/* The same for n histories, up to MODEL_MANY: out.scores (n, products). */
bool model_score_many(const struct model *m, const struct history *h, unsigned n,
		      struct scoring out, struct err *err);

/* The same for a past: by the class's score_past where it has one. A past of nothing gets no
 * scores from models that need a history. */
bool model_score_past(const struct model *m, const struct past *past, struct scoring out,
		      struct err *err);

/* It is asked for less when asked for several pasts together. */
bool model_scores_pasts(const struct model *m);
/* The same for n pasts, up to MODEL_PASTS, of such a model: out.scores (n, products). */
bool model_score_pasts(const struct model *m, const struct past *past, unsigned n,
		       struct scoring out, struct err *err);

struct model_query {
	struct history history;
	size_t limit;			/* hits wanted */
	const uint64_t *allow;		/* bit set over products, NULL: all */
	bool repeats;			/* products of the history may come too */
};
/* The best, ties by product number: at most q->limit to hits; *n says how many. The id
 * of a hit is the product. */
bool model_rank(const struct model *m, const struct model_query *q, struct hit *hits,
		size_t *n, struct job *job, struct err *err);
/* As model_class.guess, with the number of a product of the catalog that is asked about.
 * ERR_USAGE from a class that guesses nothing, ERR_NO where the store was imported anew
 * since: users have other numbers then. */
bool model_guess(const struct model *m, uint32_t user, uint32_t product, double *label,
		 struct err *err);
/* As model_class.account, with numbers of the catalog that is asked about; ERR_USAGE from a class
 * that gives none. */
bool model_account(const struct model *m, const struct past *past, uint32_t product,
		   bool shares, struct account *out, struct err *err);
/* As model_class.explain, with numbers of the catalog that is asked about. */
unsigned model_explain(const struct model *m, uint32_t a, uint32_t b,
		       struct reasons reasons);

#endif
