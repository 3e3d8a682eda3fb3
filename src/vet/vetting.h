/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vetting: verdicts and rules brought to a catalog's numbers: what a list must obey. */
#ifndef VET_VETTING_H
#define VET_VETTING_H

#include "store/catalog.h"
#include "vet/decision.h"

struct aside;
struct pool;
struct rules;
struct store;
struct verdicts;

enum vetting_mode {
	VETTING_NOT_REJECTED,	/* what was rejected is left out (the default) */
	VETTING_MARKED,		/* it stays, marked, between its neighbours: for people */
	VETTING_APPROVED,	/* what was approved or pinned alone stands */
	VETTING_NONE,		/* verdicts are marks and change nothing */
	VETTING_MODES,
};
bool vetting_mode_parse(struct str s, enum vetting_mode *m);

/* A named text of the journal: "on" where verdicts take two people who agree. */
#define VETTING_BLIND "blind"

struct vetting_options {
	enum vetting_mode mode;
	bool blind;		/* two people must agree: see verdicts_of; vetting_open takes
				   what the store says */
	int64_t now;		/* ms; rules apply at that time */
	bool lenient;		/* a rule of a category, brand or attribute that the store doesn't
				   have (any more) is left out, not an error */
	int64_t until;		/* ms: vetting_open leaves later decisions out; 0: none */
	struct aside *aside;	/* where decisions are kept instead; see vet/aside.h, or NULL */
	struct pool *pool;	/* tests products for the rules; NULL: one thread */
	bool just_read;		/* for vetting_latest: the journal was looked at since then */
};

/*
 * Either may be NULL: no verdicts, no rules. Both must outlive the result, which is read-only
 * and safe in any thread. Ids that the store doesn't have are left out and counted.
 * Errors: ERR_NO, "line 3, column 7: ..." for a category, brand or attribute of a rule that
 * the store doesn't have; ERR_NOMEM.
 */
struct vetting;
bool vetting_make(struct vetting **v, const struct store *s, const struct verdicts *verdicts,
		  const struct rules *rules, const struct vetting_options *o,
		  struct err *err);
/* The same of what the store keeps, owned by *v, which is NULL where it keeps neither decisions
 * nor rules; rules false: without those. Errors also of verdicts_open and rules_parse. */
bool vetting_open(struct vetting **v, const struct store *s, bool rules,
		  const struct vetting_options *o, struct err *err);
/* Is it what vetting_open would give now? A look at the journal's version; what can't be read
 * isn't. s: a store that was open all the while. */
bool vetting_latest(const struct vetting *v, const struct store *s, bool rules,
		    const struct vetting_options *o);
void vetting_destroy(struct vetting *v);
SCOPED_DEFINE(vetting)

/* All decisions of vetting_open; NULL: there are none. */
const struct verdicts *vetting_verdicts(const struct vetting *v);
/* The store wants two people to agree (VETTING_BLIND). */
bool vetting_blind(const struct vetting *v);

/* Decisions, and rules, about what the store doesn't have: they are left out. */
uint32_t vetting_gone(const struct vetting *v);

/* Verdicts of one panel on what is suggested for one product: entries [low, high). */
struct vetting_of {
	uint32_t product;	/* CATALOG_NONE: for nothing in particular */
	unsigned panel;
	uint32_t low, high;
};
/* A rule, and the product whose list it speaks of (CATALOG_NONE: it names none). */
struct vetting_rule {
	uint32_t rule, product;
};

/* What applies to a list: found once, then asked for each candidate. */
struct vetting_list {
	const struct vetting *v;
	uint32_t product;	/* of a panel; CATALOG_NONE: for a context */
	struct vetting_of *of;	/* (n_of) of several a rejection counts */
	unsigned n_of;
	struct vetting_rule *rule;	/* (n_rules) those whose terms of the product hold, in
					   their order, without once */
	unsigned n_rules;
	struct vetting_rule *once;	/* (n_once) rules `once` among them */
	unsigned n_once;
	bool pins;		/* verdicts give places */
	bool reorders;		/* boosts, buries or pins: the order may change */
};
/* A panel of one product; panel: enum panel_kind. */
void vetting_list_begin(struct vetting_list *l, const struct vetting *v, unsigned panel,
			uint32_t product);
/* A list for the n products of a page or cart, or with n = 0 for someone or nobody: what was
 * rejected in a panel of one of them, or in every list, is rejected; the rules that speak of
 * one of them apply, without a product those that ask nothing of it. Pins of people are places
 * in a panel, and give none here. */
void vetting_context_begin(struct vetting_list *l, const struct vetting *v,
			   const uint32_t *product, unsigned n);
void vetting_list_finish(struct vetting_list *l);

/* The verdict on suggesting `with`; NULL: none. */
const struct decision *vetting_verdict(const struct vetting_list *l, uint32_t with);

/* It was rejected and stands all the same, marked: VETTING_MARKED. */
bool vetting_struck(const struct vetting_list *l, uint32_t with);

/* Suggestions approved or pinned for the product of a panel, ascending; *n of them, free(). */
uint32_t *vetting_approved(const struct vetting_list *l, unsigned *n);

enum vetting_tier {
	TIER_BOOSTED,
	TIER_REST,
	TIER_BURIED,
	TIER_OUT,	/* blocked, not let in, rejected */
};
/* *line gets the rule's line that put it there; 0: none did (a verdict, or the rest). */
enum vetting_tier vetting_tier(const struct vetting_list *l, uint32_t with, unsigned *line);

/* What rule `once` number k < n_once takes to be alike: CATALOG_NONE: like no other. */
uint32_t vetting_alike(const struct vetting_list *l, unsigned k, uint32_t with);

/* A place that is given away, by id or to the first of the ranking that a rule names. */
struct vetting_pin {
	unsigned position;	/* 1-based */
	unsigned line;		/* of the rule; 0: a verdict */
	uint32_t with;		/* CATALOG_NONE: by condition, see vetting_fits */
	uint32_t rule;
};
/* In the order in which they are given: verdicts, rules by id, rules by condition. free(). */
struct vetting_pin *vetting_pins(const struct vetting_list *l, unsigned *n);
/* Does the pin's condition name that product? */
bool vetting_fits(const struct vetting_list *l, const struct vetting_pin *p, uint32_t with);

#endif
