/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * smooth_body: the functions of smooth.c, once per kind of processor: NAME(f) names a function,
 * TARGET says what it may use, LANES floats fill a register.
 */
#define VEC NAME(vec)
#define INTS NAME(ints)
typedef float VEC __attribute__((vector_size(LANES * 4)));
typedef int32_t INTS __attribute__((vector_size(LANES * 4)));
#define INLINE static inline __attribute__((always_inline))
#define ALL(x) ((VEC){0} + (x))
#define CHOOSE(which, a, b) ((VEC)(((which) & (INTS)(a)) | (~(which) & (INTS)(b))))

TARGET INLINE void NAME(exponential)(VEC *at)
{
	const VEC whole = ALL(12582912.0f);	/* 1.5 * 2^23: what is added to it is rounded */
	const INTS none = *at < ALL(-87.0f), much = *at > ALL(88.0f);
	VEC k, r, y, x = CHOOSE(much, ALL(88.0f), CHOOSE(none, ALL(-87.0f), *at));

	k = x * 1.44269504f + whole;
	r = k - whole;
	k -= whole;
	r = x - r * 0.693359375f + r * 2.12194440e-4f;	/* ln 2 in two parts */
	y = ALL(1 / 5040.f);
	y = y * r + 1 / 720.f;
	y = y * r + 1 / 120.f;
	y = y * r + 1 / 24.f;
	y = y * r + 1 / 6.f;
	y = y * r + .5f;
	y = y * r + 1.0f;
	y = y * r + 1.0f;
	y *= (VEC)((__builtin_convertvector(k, INTS) + 127) << 23);
	*at = CHOOSE(none, ALL(0.0f), y);
}

TARGET INLINE void NAME(tangent)(VEC *at)
{
	VEC e = *at + *at;

	NAME(exponential)(&e);
	*at = 1.0f - 2.0f / (e + 1.0f);
}

/* f of each; the last of a list are filled up with zeros. */
TARGET INLINE void NAME(each)(size_t n, float *x, void (*f)(VEC *at))
{
	VEC v;

	for (; n >= LANES; n -= LANES, x += LANES) {
		memcpy(&v, x, sizeof v);
		f(&v);
		memcpy(x, &v, sizeof v);
	}
	if (n == 0)
		return;
	v = ALL(0.0f);
	memcpy(&v, x, n * sizeof *x);
	f(&v);
	memcpy(x, &v, n * sizeof *x);
}

TARGET static void NAME(exp)(size_t n, float *x)
{
	NAME(each)(n, x, NAME(exponential));
}

TARGET static void NAME(tanh)(size_t n, float *x)
{
	NAME(each)(n, x, NAME(tangent));
}

#undef VEC
#undef INTS
#undef INLINE
#undef ALL
#undef CHOOSE
