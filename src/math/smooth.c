/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Four at a time, without a branch:
 *
 *	exp(x) = 2^k exp(r), k the whole number nearest to x / ln 2, r = x - k ln 2, and
 *	exp(r) the first terms of its series, |r| <= ln 2 / 2
 *	tanh(x) = 1 - 2 / (exp(2 x) + 1)
 */
#include "config.h"

#include "math/smooth.h"

#include <stdint.h>
#include <string.h>

#define LANES 4u

typedef float v4 __attribute__((vector_size(16)));
typedef int32_t i4 __attribute__((vector_size(16)));

static inline v4 all(float x)
{
	return (v4){x, x, x, x};
}

static inline v4 choose(i4 which, v4 a, v4 b)
{
	return (v4)((which & (i4)a) | (~which & (i4)b));
}

static inline v4 exponential(v4 x)
{
	const v4 whole = all(12582912);	/* 1.5 * 2^23: what is added to it is rounded */
	const i4 none = x < all(-87);
	v4 k, r, y;

	x = choose(x > all(88), all(88), choose(none, all(-87), x));
	k = x * all(1.44269504f) + whole;
	r = k - whole;
	k -= whole;
	r = x - r * all(0.693359375f) + r * all(2.12194440e-4f);	/* ln 2 in two parts */
	y = all(1 / 5040.f);
	y = y * r + all(1 / 720.f);
	y = y * r + all(1 / 120.f);
	y = y * r + all(1 / 24.f);
	y = y * r + all(1 / 6.f);
	y = y * r + all(.5f);
	y = y * r + all(1);
	y = y * r + all(1);
	y *= (v4)((__builtin_convertvector(k, i4) + 127) << 23);
	return choose(none, all(0), y);
}

static inline v4 tangent(v4 x)
{
	return all(1) - all(2) / (exponential(x + x) + all(1));
}

/* The last of a list, filled up with zeros. */
struct rest {
	float at[LANES];
};

static v4 load(const float *x, size_t n)
{
	struct rest r = {{0}};
	v4 v;

	memcpy(r.at, x, n * sizeof *x);
	memcpy(&v, r.at, sizeof v);
	return v;
}

void smooth_exp(size_t n, float *x)
{
	v4 v;

	for (; n >= LANES; n -= LANES, x += LANES) {
		memcpy(&v, x, sizeof v);
		v = exponential(v);
		memcpy(x, &v, sizeof v);
	}
	v = exponential(load(x, n));
	memcpy(x, &v, n * sizeof *x);
}

void smooth_tanh(size_t n, float *x)
{
	v4 v;

	for (; n >= LANES; n -= LANES, x += LANES) {
		memcpy(&v, x, sizeof v);
		v = tangent(v);
		memcpy(x, &v, sizeof v);
	}
	v = tangent(load(x, n));
	memcpy(x, &v, n * sizeof *x);
}
