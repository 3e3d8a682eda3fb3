/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vetting_impl: what a catalog's decisions and rules are bound to, for vetting*.c alone. */
#ifndef VET_VETTING_IMPL_H
#define VET_VETTING_IMPL_H

#include "query/select.h"
#include "vet/rules.h"
#include "vet/verdicts.h"
#include "vet/vetting.h"

#define PANELS RULES_LIST

struct entry {
	uint32_t product, with;	/* product CATALOG_NONE: in every list */
	const struct decision *d;
};

struct entries {
	struct entry *at;
	uint32_t n;
	size_t cap;
	uint32_t everywhere;	/* from here on those of every list */
};

struct bound_term {
	struct selection set;	/* TERM_FILTER */
	const uint32_t *number;	/* TERM_SAME: (P, stride); NULL: the store has none */
	uint32_t stride;
};

struct bound_rule {
	const struct rule *rule;
	struct bound_term *term;	/* (rule->n) */
	uint32_t pinned;		/* of a pin by id; CATALOG_NONE: not in the store */
	struct bound_term alike;	/* of once */
};

struct vetting {
	const struct store *store;
	const struct catalog *c;
	enum vetting_mode mode;
	struct entries panel[PANELS];
	struct bound_rule *rule;	/* (n_rules) those that apply now */
	uint32_t n_rules, gone;
	int64_t until;			/* ms: other rules apply from then on */
	struct verdicts *verdicts;	/* of vetting_open, and what it was asked */
	bool blind;
	struct rules *rules;
	struct vetting_options options;
	uint64_t asides;		/* records kept aside that are in it */
	bool with_rules;
	uint32_t (*group)[2];		/* (n_grouped) see make_groups; NULL: not yet */
	uint32_t n_grouped;
};

#endif
