/* SPDX-License-Identifier: GPL-3.0-or-later */
/* params: typed, bounded parameters of models, from text and to JSON. */
#ifndef MODEL_PARAMS_H
#define MODEL_PARAMS_H

#include <jansson.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum param_type {
	PARAM_COUNT,	/* integer within [min, max] */
	PARAM_REAL,
	PARAM_SHARE,	/* 0..1 or per cent */
	PARAM_CHOICE,	/* one of `choices`, separated by | */
};

enum param_id {
#define PARAM(ident, ...) PARAM_ID_##ident,
#include "model/params.def"
#undef PARAM
	PARAM_IDS
};

struct param {
	const char *name;	/* without -- */
	enum param_type type;
	double min, max;
	const char *metavar;
	const char *choices;
	const char *help;	/* one sentence or two */
};
extern const struct param param_table[PARAM_IDS];

/* A parameter that a model takes and what it is unless someone says otherwise. A
 * list ends with PARAM_IDS. */
struct param_default {
	enum param_id id;
	const char *value;
};

/* What a model is trained with. */
struct params {
	uint64_t seed;
	const struct param_default *list;	/* those that are set */
	double value[PARAM_IDS];	/* of a choice: its place, from 0 */
	bool given[PARAM_IDS];	/* someone set it: no other default takes its place */
};

/* The defaults of a list, seed 1. */
void params_init(struct params *p, const struct param_default *list);
/* What isn't given gets the values of another list (NULL: nothing changes). */
void params_prefer(struct params *p, const struct param_default *list);
/* Is it one that the model takes? */
bool params_takes(const struct params *p, enum param_id id);
/* ERR_USAGE names the parameter and its bounds or choices. */
bool params_set(struct params *p, enum param_id id, struct str text, struct err *err);
/* "--count set --shrink 20", all or only those that aren't at their default. */
void params_add_all(const struct params *p, bool changed, struct strbuf *b);
/* What must be typed where `settled` stands by itself: what isn't at its default, and what is
 * but wouldn't be. */
void params_add_typed(const struct params *p, const struct params *settled, struct strbuf *b);
/* {"count": "set", "shrink": 20, "seed": 1}; a new reference. */
json_t *params_json(const struct params *p);
/* ["count"]: the names of those that someone set; a new reference. */
json_t *params_given(const struct params *p);
/* Those, of a list that params_given made (NULL: it isn't known), and what isn't at its default. */
void params_add_chosen(const struct params *p, const json_t *given, struct strbuf *b);
/* What params_json made; unknown keys are left alone. ERR_STORE for values that
 * params_set would refuse. */
bool params_read(struct params *p, const json_t *json, struct err *err);
enum param_id param_find(struct str name);	/* PARAM_IDS: none */

static inline double params_real(const struct params *p, enum param_id id)
{
	return p->value[id];
}
static inline uint64_t params_count(const struct params *p, enum param_id id)
{
	return (uint64_t)p->value[id];
}
/* Place of the choice in the row's `choices`, from 0. */
static inline unsigned params_choice(const struct params *p, enum param_id id)
{
	return (unsigned)p->value[id];
}

#endif
