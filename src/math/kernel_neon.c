/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kernels for NEON, which every 64-bit ARM has: four floats at a time, tails one by one. */
#include "config.h"

#include "math/kernel_impl.h"

#if defined(__aarch64__)
#include <arm_neon.h>

static inline float neon_dot(const float *a, const float *b, size_t n)
{
	float32x4_t s[4] = {vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0)};
	size_t i = 0;
	float sum;

	for (; i + 16 <= n; i += 16)
		for (size_t j = 0; j < 4; j++)
			s[j] = vfmaq_f32(s[j], vld1q_f32(a + i + 4 * j), vld1q_f32(b + i + 4 * j));
	for (; i + 4 <= n; i += 4)
		s[0] = vfmaq_f32(s[0], vld1q_f32(a + i), vld1q_f32(b + i));
	sum = vaddvq_f32(vaddq_f32(vaddq_f32(s[0], s[1]), vaddq_f32(s[2], s[3])));
	for (; i < n; i++)
		sum += a[i] * b[i];
	return sum;
}

static inline float32x4_t square(float32x4_t s, const float *a, const float *b)
{
	float32x4_t d = vsubq_f32(vld1q_f32(a), vld1q_f32(b));

	return vfmaq_f32(s, d, d);
}

static inline float neon_l2(const float *a, const float *b, size_t n)
{
	float32x4_t s[4] = {vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0)};
	size_t i = 0;
	float sum;

	for (; i + 16 <= n; i += 16)
		for (size_t j = 0; j < 4; j++)
			s[j] = square(s[j], a + i + 4 * j, b + i + 4 * j);
	for (; i + 4 <= n; i += 4)
		s[0] = square(s[0], a + i, b + i);
	sum = vaddvq_f32(vaddq_f32(vaddq_f32(s[0], s[1]), vaddq_f32(s[2], s[3])));
	for (; i < n; i++)
		sum += (a[i] - b[i]) * (a[i] - b[i]);
	return sum;
}

static void neon_axpy(float w, const float *x, float *y, size_t n)
{
	size_t i = 0;

	for (; i + 4 <= n; i += 4)
		vst1q_f32(y + i, vfmaq_n_f32(vld1q_f32(y + i), vld1q_f32(x + i), w));
	for (; i < n; i++)
		y[i] += w * x[i];
}

/* Where none of four reaches the floor, which is nearly everywhere, they cost one test. */
static size_t neon_over(const float *x, size_t n, float floor, uint32_t *at)
{
	float32x4_t limit = vdupq_n_f32(floor);
	size_t found = 0, i = 0;

	for (; i + 4 <= n; i += 4) {
		if (!vmaxvq_u32(vcgeq_f32(vld1q_f32(x + i), limit)))
			continue;
		for (size_t j = i; j < i + 4; j++) {
			at[found] = (uint32_t)j;
			found += x[j] >= floor;
		}
	}
	for (; i < n; i++) {
		at[found] = (uint32_t)i;
		found += x[i] >= floor;
	}
	return found;
}

static size_t neon_two(const float *x, size_t n, float top[2])
{
	float32x4_t one = vdupq_n_f32(-__builtin_inff()), two = one, best;
	float lanes[12];
	size_t i = 0, rest = 0;

	for (; i + 4 <= n; i += 4) {
		float32x4_t values = vld1q_f32(x + i);

		two = vmaxq_f32(two, vminq_f32(one, values));
		one = vmaxq_f32(one, values);
	}
	vst1q_f32(lanes, one);
	vst1q_f32(lanes + 4, two);
	while (i < n)
		lanes[8 + rest++] = x[i++];
	kernel_top(lanes, 8 + rest, top);
	best = vdupq_n_f32(top[0]);
	for (i = 0; i + 4 <= n; i += 4)
		if (vmaxvq_u32(vceqq_f32(vld1q_f32(x + i), best)))
			break;
	while (x[i] != top[0])
		i++;
	return i;
}

static void neon_codes(const struct code_query *q, const int8_t *code, const float *weight,
		       size_t n, float *out)
{
	for (size_t r = 0; r < n; r++, code += q->width) {
		int32x4_t s = vdupq_n_s32(0), t = s;

		for (size_t j = 0; j < q->width; j += 16) {
			int8x16_t c = vld1q_s8(code + j);
			int16x8_t low = vmovl_s8(vget_low_s8(c)), high = vmovl_high_s8(c);
			int16x8_t a = vld1q_s16(q->q + j), b = vld1q_s16(q->q + j + 8);

			s = vmlal_s16(s, vget_low_s16(low), vget_low_s16(a));
			t = vmlal_high_s16(t, low, a);
			s = vmlal_s16(s, vget_low_s16(high), vget_low_s16(b));
			t = vmlal_high_s16(t, high, b);
		}
		out[r] = weight[r] * (q->step * (float)vaddvq_s32(vaddq_s32(s, t)) + q->plus);
	}
}

KERNEL_ROWS(neon, )
KERNEL_GATHER(neon)
KERNEL_ADAM(neon)

const struct kernels kernels_neon = KERNEL_TABLE(neon, "neon");
#endif
