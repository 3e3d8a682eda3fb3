/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One body, compiled for what every processor has and for AVX2. Without FMA, which rounds
 * once where a product and a sum round twice: what lanes say is what one number alone says.
 */
#include "config.h"

#include "math/lanes.h"
#include "math/processor.h"

#include <assert.h>

#define HALF (LANES / 2)

typedef double half __attribute__((vector_size(HALF * sizeof(double)), aligned(8), may_alias));

static inline __attribute__((always_inline)) void add(const struct lanes_row *row,
						      const double *w, double *out)
{
	const half low = *(const half *)w, high = *(const half *)(w + HALF);

	for (size_t i = 0; i < row->n; i++) {
		uint32_t b = row->column[i];
		double x = row->value[i];
		half *to;

		if (b >= row->columns)
			continue;
		to = (half *)(out + (size_t)row->place[b] * LANES);
		to[0] += low * x;
		to[1] += high * x;
	}
}

static void plain(const struct lanes_row *row, const double *w, double *out)
{
	add(row, w, out);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void avx2(const struct lanes_row *row,
						 const double *w, double *out)
{
	add(row, w, out);
}
#endif

void lanes_add(const struct lanes_row *row, const double *w, double *out)
{
	assert(row && w && out);
#if defined(__x86_64__)
	if (processor_rows() > 1) {
		avx2(row, w, out);
		return;
	}
#endif
	plain(row, w, out);
}
