/* SPDX-License-Identifier: GPL-3.0-or-later */
/* agreement: how alike people decide, pair of people by pair. */
#ifndef VET_AGREEMENT_H
#define VET_AGREEMENT_H

#include "vet/verdicts.h"

/* Two people and what both decided, skips aside; a pin approves. */
struct agreement {
	struct str a, b;	/* valid as long as the verdicts; a < b by bytes */
	uint64_t both, alike;	/* suggestions that both decided, and decided alike */
	uint64_t yes_a, yes_b;	/* approved by each, of both */
};

/* Of every two people with `both` above 0 in that panel, (panel.ptr NULL: in all), by their
 * names; *n of them, free(). */
struct agreement *agreement_of(const struct verdicts *v, struct str panel, size_t *n);

/*
 * Cohen's kappa (Cohen 1960): (p_o - p_e) / (1 - p_e), p_o the share decided alike, p_e that
 * of two who decide at random, each with an own share of approvals. NAN where p_e is 1.
 */
double agreement_kappa(const struct agreement *a);

/* It approves: no reject; of decisions that aren't skips. */
bool agreement_approves(const struct decision *d);

#endif
