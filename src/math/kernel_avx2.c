/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kernels for AVX2 and FMA: eight floats at a time, tails by masks. */
#include "config.h"

#include "math/kernel_impl.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx2,fma")))

TARGET static inline float sum8(__m256 x)
{
	__m128 s = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
	s = _mm_add_ps(s, _mm_movehl_ps(s, s));
	return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
}

/* The first n < 8 floats of x, then zeros. */
TARGET static inline __m256i first(size_t n)
{
	return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n),
				  _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

TARGET static inline float avx2_dot(const float *a, const float *b, size_t n)
{
	__m256 s = _mm256_setzero_ps(), t = s;
	size_t i = 0;
	for (; i + 16 <= n; i += 16) {
		s = _mm256_fmadd_ps(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i), s);
		t = _mm256_fmadd_ps(_mm256_loadu_ps(a + i + 8), _mm256_loadu_ps(b + i + 8), t);
	}
	if (i + 8 <= n) {
		s = _mm256_fmadd_ps(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i), s);
		i += 8;
	}
	if (i < n) {
		__m256i m = first(n - i);
		t = _mm256_fmadd_ps(_mm256_maskload_ps(a + i, m),
				    _mm256_maskload_ps(b + i, m), t);
	}
	return sum8(_mm256_add_ps(s, t));
}

TARGET static inline __m256 square(__m256 a, __m256 b, __m256 s)
{
	__m256 d = _mm256_sub_ps(a, b);
	return _mm256_fmadd_ps(d, d, s);
}

TARGET static inline float avx2_l2(const float *a, const float *b, size_t n)
{
	__m256 s = _mm256_setzero_ps(), t = s;
	size_t i = 0;
	for (; i + 16 <= n; i += 16) {
		s = square(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i), s);
		t = square(_mm256_loadu_ps(a + i + 8), _mm256_loadu_ps(b + i + 8), t);
	}
	if (i + 8 <= n) {
		s = square(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i), s);
		i += 8;
	}
	if (i < n) {
		__m256i m = first(n - i);
		t = square(_mm256_maskload_ps(a + i, m), _mm256_maskload_ps(b + i, m), t);
	}
	return sum8(_mm256_add_ps(s, t));
}

TARGET static void avx2_axpy(float w, const float *x, float *y, size_t n)
{
	__m256 weight = _mm256_set1_ps(w);
	size_t i = 0;
	for (; i + 8 <= n; i += 8)
		_mm256_storeu_ps(y + i, _mm256_fmadd_ps(weight, _mm256_loadu_ps(x + i),
							_mm256_loadu_ps(y + i)));
	if (i < n) {
		__m256i m = first(n - i);
		__m256 sum = _mm256_fmadd_ps(weight, _mm256_maskload_ps(x + i, m),
					     _mm256_maskload_ps(y + i, m));
		_mm256_maskstore_ps(y + i, m, sum);
	}
}

/* Columns of y stay in registers while all rows are added to them. */
TARGET static void avx2_gather(const float *w, const uint32_t *at, size_t n, const float *rows,
			       size_t dim, float *y)
{
	size_t from = 0;
	for (; from + 64 <= dim; from += 64) {
		__m256 s[8];
		for (int j = 0; j < 8; j++)
			s[j] = _mm256_loadu_ps(y + from + 8 * j);
		for (size_t i = 0; i < n; i++) {
			const float *x = rows + at[i] * dim + from;
			__m256 weight = _mm256_set1_ps(w[i]);
			for (int j = 0; j < 8; j++)
				s[j] = _mm256_fmadd_ps(weight, _mm256_loadu_ps(x + 8 * j), s[j]);
		}
		for (int j = 0; j < 8; j++)
			_mm256_storeu_ps(y + from + 8 * j, s[j]);
	}
	for (size_t i = 0; from < dim && i < n; i++)
		avx2_axpy(w[i], rows + at[i] * dim + from, y + from, dim - from);
}

/* Without fused additions, so that it says what the plain row says. */
__attribute__((target("avx2"))) void avx2_adam(const struct adam_step *s, const float *d, size_t n,
					       struct adam_state at)
{
	const __m256 tenth = _mm256_set1_ps(.1f), thousandth = _mm256_set1_ps(.001f);
	const __m256 step = _mm256_set1_ps(s->step), least = _mm256_set1_ps(s->least);
	const __m256 kept = _mm256_set1_ps(s->kept);
	size_t i = 0;
	for (; i + 8 <= n; i += 8) {
		__m256 x = _mm256_loadu_ps(d + i), m = _mm256_loadu_ps(at.first + i);
		__m256 v = _mm256_loadu_ps(at.second + i), t = _mm256_loadu_ps(at.theta + i);
		m = _mm256_add_ps(m, _mm256_mul_ps(tenth, _mm256_sub_ps(x, m)));
		v = _mm256_add_ps(v, _mm256_mul_ps(thousandth,
						   _mm256_sub_ps(_mm256_mul_ps(x, x), v)));
		x = _mm256_div_ps(_mm256_mul_ps(step, m),
				  _mm256_add_ps(_mm256_sqrt_ps(v), least));
		_mm256_storeu_ps(at.first + i, m);
		_mm256_storeu_ps(at.second + i, v);
		_mm256_storeu_ps(at.theta + i, _mm256_sub_ps(_mm256_mul_ps(t, kept), x));
	}
	kernel_adam(s, d + i, n - i,
		    (struct adam_state){at.first + i, at.second + i, at.theta + i});
}

TARGET static size_t avx2_over(const float *x, size_t n, float floor, uint32_t *at)
{
	__m256 limit = _mm256_set1_ps(floor);
	size_t found = 0, i = 0;
	for (; i + 8 <= n; i += 8) {
		__m256 in = _mm256_cmp_ps(_mm256_loadu_ps(x + i), limit, _CMP_GE_OQ);
		unsigned bits = (unsigned)_mm256_movemask_ps(in);
		for (; bits; bits &= bits - 1)
			at[found++] = (uint32_t)i + (uint32_t)__builtin_ctz(bits);
	}
	for (; i < n; i++)
		if (x[i] >= floor)
			at[found++] = (uint32_t)i;
	return found;
}

TARGET static size_t avx2_two(const float *x, size_t n, float top[2])
{
	__m256 one = _mm256_set1_ps(-__builtin_inff()), two = one, best;
	float lanes[24];
	size_t i = 0, rest = 0;
	for (; i + 8 <= n; i += 8) {
		__m256 values = _mm256_loadu_ps(x + i);
		two = _mm256_max_ps(two, _mm256_min_ps(one, values));
		one = _mm256_max_ps(one, values);
	}
	_mm256_storeu_ps(lanes, one);
	_mm256_storeu_ps(lanes + 8, two);
	while (i < n)
		lanes[16 + rest++] = x[i++];
	kernel_top(lanes, 16 + rest, top);
	best = _mm256_set1_ps(top[0]);
	for (i = 0; i + 8 <= n; i += 8) {
		int in = _mm256_movemask_ps(_mm256_cmp_ps(_mm256_loadu_ps(x + i), best,
							  _CMP_EQ_OQ));
		if (in)
			return i + (size_t)__builtin_ctz((unsigned)in);
	}
	while (x[i] != top[0])
		i++;
	return i;
}

/* 16 products of a row, in pairs. */
TARGET static inline __m256i pairs(__m256i q, const int8_t *code, __m256i sum)
{
	__m256i c = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)code));

	return _mm256_add_epi32(sum, _mm256_madd_epi16(c, q));
}

/* The sums of four rows, each over its eight lanes. */
TARGET static inline __m128i sums4(__m256i a, __m256i b, __m256i c, __m256i d)
{
	__m256i s = _mm256_hadd_epi32(_mm256_hadd_epi32(a, b), _mm256_hadd_epi32(c, d));

	return _mm_add_epi32(_mm256_castsi256_si128(s), _mm256_extracti128_si256(s, 1));
}

/* Bytes: the processor itself doesn't look ahead over the end of a page. */
enum { AHEAD = 2048 };

TARGET void avx2_codes(const struct code_query *q, const int8_t *code, const float *weight,
		       size_t n, float *out)
{
	const __m128 step = _mm_set1_ps(q->step), plus = _mm_set1_ps(q->plus);
	const size_t w = q->width;
	size_t r = 0;

	for (; r + 4 <= n; r += 4, code += 4 * w) {
		__m256i a = _mm256_setzero_si256(), b = a, c = a, d = a;
		__m128 x;

		for (size_t j = 0; j < w; j += 16) {
			__m256i y = _mm256_loadu_si256((const __m256i *)(q->q + j));

			_mm_prefetch((const char *)code + 4 * j + AHEAD, _MM_HINT_T0);
			a = pairs(y, code + j, a);
			b = pairs(y, code + w + j, b);
			c = pairs(y, code + 2 * w + j, c);
			d = pairs(y, code + 3 * w + j, d);
		}
		x = _mm_fmadd_ps(step, _mm_cvtepi32_ps(sums4(a, b, c, d)), plus);
		_mm_storeu_ps(out + r, _mm_mul_ps(_mm_loadu_ps(weight + r), x));
	}
	kernel_codes(q, code, weight + r, n - r, out + r);
}

KERNEL_ROWS(avx2, TARGET)

const struct kernels kernels_avx2 = KERNEL_TABLE(avx2, "avx2");
#endif
