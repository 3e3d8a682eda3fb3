/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kernels for AVX-512F: sixteen floats at a time, tails by masks. */
#include "config.h"

#include "math/kernel_impl.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx2,fma")))

/* The first n < 16 places. */
TARGET static inline __mmask16 first(size_t n)
{
	return (__mmask16)((1u << n) - 1);
}

TARGET static inline float sum16(__m512 x)
{
	__m256 high = _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(x), 1));
	__m256 s = _mm256_add_ps(_mm512_castps512_ps256(x), high);
	__m128 t = _mm_add_ps(_mm256_castps256_ps128(s), _mm256_extractf128_ps(s, 1));
	t = _mm_add_ps(t, _mm_movehl_ps(t, t));
	return _mm_cvtss_f32(_mm_add_ss(t, _mm_movehdup_ps(t)));
}

TARGET static inline float avx512_dot(const float *a, const float *b, size_t n)
{
	__m512 s = _mm512_setzero_ps(), t = s;
	size_t i = 0;
	for (; i + 32 <= n; i += 32) {
		s = _mm512_fmadd_ps(_mm512_loadu_ps(a + i), _mm512_loadu_ps(b + i), s);
		t = _mm512_fmadd_ps(_mm512_loadu_ps(a + i + 16), _mm512_loadu_ps(b + i + 16), t);
	}
	if (i + 16 <= n) {
		s = _mm512_fmadd_ps(_mm512_loadu_ps(a + i), _mm512_loadu_ps(b + i), s);
		i += 16;
	}
	if (i < n) {
		__mmask16 m = first(n - i);
		t = _mm512_fmadd_ps(_mm512_maskz_loadu_ps(m, a + i),
				    _mm512_maskz_loadu_ps(m, b + i), t);
	}
	return sum16(_mm512_add_ps(s, t));
}

TARGET static inline __m512 square(__m512 a, __m512 b, __m512 s)
{
	__m512 d = _mm512_sub_ps(a, b);
	return _mm512_fmadd_ps(d, d, s);
}

TARGET static inline float avx512_l2(const float *a, const float *b, size_t n)
{
	__m512 s = _mm512_setzero_ps(), t = s;
	size_t i = 0;
	for (; i + 32 <= n; i += 32) {
		s = square(_mm512_loadu_ps(a + i), _mm512_loadu_ps(b + i), s);
		t = square(_mm512_loadu_ps(a + i + 16), _mm512_loadu_ps(b + i + 16), t);
	}
	if (i + 16 <= n) {
		s = square(_mm512_loadu_ps(a + i), _mm512_loadu_ps(b + i), s);
		i += 16;
	}
	if (i < n) {
		__mmask16 m = first(n - i);
		t = square(_mm512_maskz_loadu_ps(m, a + i), _mm512_maskz_loadu_ps(m, b + i), t);
	}
	return sum16(_mm512_add_ps(s, t));
}

TARGET static void avx512_axpy(float w, const float *x, float *y, size_t n)
{
	__m512 weight = _mm512_set1_ps(w);
	size_t i = 0;
	for (; i + 16 <= n; i += 16)
		_mm512_storeu_ps(y + i, _mm512_fmadd_ps(weight, _mm512_loadu_ps(x + i),
							_mm512_loadu_ps(y + i)));
	if (i < n) {
		__mmask16 m = first(n - i);
		__m512 sum = _mm512_fmadd_ps(weight, _mm512_maskz_loadu_ps(m, x + i),
					     _mm512_maskz_loadu_ps(m, y + i));
		_mm512_mask_storeu_ps(y + i, m, sum);
	}
}

/* Columns of y stay in registers while all rows are added to them. */
TARGET static void avx512_gather(const float *w, const uint32_t *at, size_t n, const float *rows,
				 size_t dim, float *y)
{
	size_t from = 0;
	for (; from + 128 <= dim; from += 128) {
		__m512 s[8];
		for (int j = 0; j < 8; j++)
			s[j] = _mm512_loadu_ps(y + from + 16 * j);
		for (size_t i = 0; i < n; i++) {
			const float *x = rows + at[i] * dim + from;
			__m512 weight = _mm512_set1_ps(w[i]);
			for (int j = 0; j < 8; j++)
				s[j] = _mm512_fmadd_ps(weight, _mm512_loadu_ps(x + 16 * j), s[j]);
		}
		for (int j = 0; j < 8; j++)
			_mm512_storeu_ps(y + from + 16 * j, s[j]);
	}
	for (size_t i = 0; from < dim && i < n; i++)
		avx512_axpy(w[i], rows + at[i] * dim + from, y + from, dim - from);
}

/* A plain store of the places that are packed in a register: a store that packs is
 * slow on some processors. */
TARGET static size_t avx512_over(const float *x, size_t n, float floor, uint32_t *at)
{
	__m512 limit = _mm512_set1_ps(floor);
	__m512i place = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
	size_t found = 0;
	for (size_t i = 0; i < n; i += 16) {
		__mmask16 there = n - i < 16 ? first(n - i) : 0xFFFF;
		__m512 values = _mm512_maskz_loadu_ps(there, x + i);
		__mmask16 in = _mm512_mask_cmp_ps_mask(there, values, limit, _CMP_GE_OQ);
		if (in) {
			_mm512_storeu_si512(at + found, _mm512_maskz_compress_epi32(in, place));
			found += (size_t)__builtin_popcount(in);
		}
		place = _mm512_add_epi32(place, _mm512_set1_epi32(16));
	}
	return found;
}

TARGET static size_t avx512_two(const float *x, size_t n, float top[2])
{
	const __m512 least = _mm512_set1_ps(-__builtin_inff());
	__m512 one = least, two = least, best;
	float lanes[32];
	for (size_t i = 0; i < n; i += 16) {
		__mmask16 there = n - i < 16 ? first(n - i) : 0xFFFF;
		__m512 values = _mm512_mask_loadu_ps(least, there, x + i);
		two = _mm512_max_ps(two, _mm512_min_ps(one, values));
		one = _mm512_max_ps(one, values);
	}
	_mm512_storeu_ps(lanes, one);
	_mm512_storeu_ps(lanes + 16, two);
	kernel_top(lanes, 32, top);
	best = _mm512_set1_ps(top[0]);
	for (size_t i = 0;; i += 16) {
		__mmask16 there = n - i < 16 ? first(n - i) : 0xFFFF;
		__mmask16 in = _mm512_mask_cmp_ps_mask(there, _mm512_maskz_loadu_ps(there, x + i),
						       best, _CMP_EQ_OQ);
		if (in)
			return i + (size_t)__builtin_ctz(in);
	}
}

KERNEL_ROWS(avx512, TARGET)

const struct kernels kernels_avx512 = KERNEL_TABLE(avx512, "avx512");
#endif
