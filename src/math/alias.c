/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sweep of Hübschle-Schneider and Sanders (2019): one finger goes over the light
 * cells, one over the heavy ones, and no list of either is kept. */
#include "config.h"

#include "math/alias.h"

#include <assert.h>
#include <stdbool.h>

struct sweep {
	const double *weights;
	size_t n;
	double scale;		/* to a mean of 1; 0: all alike */
};

static double weight(const struct sweep *s, size_t i)
{
	return s->scale > 0 ? s->weights[i] * s->scale : 1;
}

/* The next cell from i on that is heavy, or that is light. */
static size_t next(const struct sweep *s, size_t i, bool heavy)
{
	while (i < s->n && (weight(s, i) > 1) != heavy)
		i++;
	return i;
}

static uint32_t share(double x)
{
	return x >= 1 ? UINT32_MAX : x > 0 ? (uint32_t)(x * 0x1p32) : 0;
}

void alias_make(struct alias *cells, const double *weights, size_t n)
{
	assert(n > 0 && n < UINT32_MAX);
	struct sweep s = {weights, n, 0};
	double total = 0;
	for (size_t i = 0; i < n; i++) {
		total += weights[i];
		cells[i] = (struct alias){UINT32_MAX, (uint32_t)i};
	}
	s.scale = total > 0 ? (double)n / total : 0;
	size_t light = next(&s, 0, false), heavy = next(&s, 0, true);
	double left = heavy < n ? weight(&s, heavy) : 0;
	while (heavy < n) {
		if (left > 1) {
			if (light == n)
				break;
			double own = weight(&s, light);
			cells[light] = (struct alias){share(own), (uint32_t)heavy};
			left -= 1 - own;
			light = next(&s, light + 1, false);
		} else {
			size_t then = next(&s, heavy + 1, true);
			if (then == n)
				break;
			cells[heavy] = (struct alias){share(left), (uint32_t)then};
			left = weight(&s, then) - (1 - left);
			heavy = then;
		}
	}
}
