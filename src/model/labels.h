/* SPDX-License-Identifier: GPL-3.0-or-later */
/* labels: what people decided, as a model learns it. */
#ifndef MODEL_LABELS_H
#define MODEL_LABELS_H

#include "base/err.h"
#include "base/scope.h"
#include "model/links.h"

struct lesson;
struct store;

/* Pairs that were approved (or pinned) or rejected, in the numbers of a catalog. */
struct label {
	uint32_t product, with;
	bool similar;		/* in that panel, else complementary */
	bool approved;
};
struct labels {
	struct label *at;	/* (n) */
	size_t n, cap;
};
/* The verdicts that hold in the store, each pair's own; what it doesn't have any more is left
 * out. n 0: none. Errors: those of vetting_open. */
bool labels_open(struct labels *l, const struct store *s, struct err *err);
void labels_finish(struct labels *l);
/* Whether labels=verdicts is asked for. Errors: ERR_USAGE where a lesson has no labels, as in an
 * evaluation, ERR_NO where nobody decided. */
bool labels_asked(const struct lesson *l, bool *asked, struct err *err);

/* Links both ways: what was approved becomes one that counts like LABELS_WORTH sessions at least,
 * and leaves the other set; what was rejected is none any more. ERR_NOMEM. */
#define LABELS_WORTH 10.0F
bool labels_link(const struct labels *l, struct link_sets *sets, uint32_t products,
		 struct err *err);

#endif
