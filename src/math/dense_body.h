/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dense_body: the kernels of dense.c, once per kind of processor: NAME(f) names a function,
 * TARGET says what it may use, LANES floats fill a register.
 *
 * An ordered matrix is its bias, filled up to whole panels, and then for each DEPTH of rows
 * panel after panel, each (depth, PANEL) with the columns that are missing as zeros.
 */
#define VEC NAME(vec)
#define INTS NAME(ints)
#define PANEL (2 * LANES)
typedef float VEC __attribute__((vector_size(LANES * 4), aligned(4), may_alias));
typedef int32_t INTS __attribute__((vector_size(LANES * 4), aligned(4), may_alias));
#define INLINE static inline __attribute__((always_inline))

static size_t NAME(padded)(size_t out)
{
	return (out + PANEL - 1) / PANEL * PANEL;
}

static size_t NAME(room)(size_t in, size_t out)
{
	return (in + 1) * NAME(padded)(out);
}

TARGET static void NAME(put)(struct dense *d, const struct dense_matrix *m, size_t first,
			     const float *bias)
{
	size_t padded = NAME(padded)(d->out);

	assert(m->in == d->in && first + m->out <= d->out);
	if (bias)
		memcpy(d->ordered + first, bias, m->out * sizeof *bias);
	for (size_t from = 0; from < d->in; from += DEPTH) {
		size_t k = d->in - from < DEPTH ? d->in - from : DEPTH;
		float *block = d->ordered + padded * (from + 1);

		for (size_t o = 0; o < m->out; o++) {
			const float *x = m->at + from * m->by_in + o * m->by_out;
			size_t at = first + o;
			float *y = block + at / PANEL * PANEL * k + at % PANEL;

			for (size_t i = 0; i < k; i++)
				y[i * PANEL] = x[i * m->by_in];
		}
	}
}

/*
 * x/2 (1 + erf(x / sqrt 2)) (Hendrycks and Gimpel 2016). erf as an odd rational function,
 * fitted by reweighted least squares to |z| <= 3.9, beyond which it is 1 within 4e-8; the
 * error in float is below 3.1e-7.
 */
TARGET INLINE void NAME(gelu)(VEC *at)
{
	const VEC top = (VEC){0} + 3.9f;
	VEC x = *at, z = x * 0.70710678f, s, p, q;
	INTS high = z > top, low = z < -top;

	z = (VEC)((high & (INTS)top) | (low & (INTS)-top) | (~(high | low) & (INTS)z));
	s = z * z;
	p = 2.0503957785e-6f * s + 2.874553611e-4f;
	p = p * s + 3.836806631e-3f;
	p = p * s + 5.29667100e-2f;
	p = p * s + 1.919394284e-1f;
	p = p * s + 1.128378987f;
	q = 3.823072984e-5f * s + 1.181716798e-3f;
	q = q * s + 1.510906778e-2f;
	q = q * s + 1.147575528e-1f;
	q = q * s + 5.034337044e-1f;
	q = q * s + 1.0f;
	*at = 0.5f * x * (1.0f + z * p / q);
}

/* rows <= TILE is a constant where this is put. */
TARGET INLINE void NAME(tile)(const struct tile *t, const size_t rows)
{
	const size_t stride = t->x_stride;
	const float *x = t->x, *upper = t->x + 3 * stride, *panel = t->panel;
	VEC sum[TILE][2];

#pragma GCC unroll 6
	for (size_t i = 0; i < rows; i++) {
		const float *y = t->y + i * t->y_stride;
		bool add = !t->bias || t->then == DENSE_ADD;

		sum[i][0] = add ? *(const VEC *)y : (VEC){0};
		sum[i][1] = add ? *(const VEC *)(y + LANES) : (VEC){0};
		if (t->bias) {
			sum[i][0] += *(const VEC *)t->bias;
			sum[i][1] += *(const VEC *)(t->bias + LANES);
		}
	}
	for (size_t k = t->k; k > 0; k--, panel += PANEL, x++, upper++) {
		const VEC left = *(const VEC *)panel, right = *(const VEC *)(panel + LANES);

#pragma GCC unroll 6
		for (size_t i = 0; i < rows; i++) {
			float each = i < 3 ? x[i * stride] : upper[(i - 3) * stride];

			sum[i][0] += each * left;
			sum[i][1] += each * right;
		}
	}
#pragma GCC unroll 6
	for (size_t i = 0; i < rows; i++) {
		float *y = t->y + i * t->y_stride;

		*(VEC *)y = sum[i][0];
		*(VEC *)(y + LANES) = sum[i][1];
	}
}

TARGET INLINE void NAME(any_tile)(const struct tile *t, size_t rows)
{
	switch (rows) {
	case 6:
		NAME(tile)(t, 6);
		break;
	case 5:
		NAME(tile)(t, 5);
		break;
	case 4:
		NAME(tile)(t, 4);
		break;
	case 3:
		NAME(tile)(t, 3);
		break;
	case 2:
		NAME(tile)(t, 2);
		break;
	default:
		NAME(tile)(t, 1);
		break;
	}
}

/* A tile that y has no room for goes by way of one that has. */
TARGET static void NAME(edge)(const struct tile *t, size_t rows)
{
	float whole[TILE * PANEL] = {0};
	struct tile by = *t;

	by.y = whole;
	by.y_stride = PANEL;
	for (size_t i = 0; i < rows; i++)
		memcpy(whole + i * PANEL, t->y + i * t->y_stride, t->columns * sizeof *whole);
	NAME(any_tile)(&by, rows);
	for (size_t i = 0; i < rows; i++)
		memcpy(t->y + i * t->y_stride, whole + i * PANEL, t->columns * sizeof *whole);
}

/* Columns of y while they are in the cache. */
TARGET static void NAME(gelus)(float *y, size_t rows, size_t stride, size_t columns)
{
	for (size_t i = 0; i < rows; i++, y += stride) {
		size_t j = 0;

		for (; j + LANES <= columns; j += LANES)
			NAME(gelu)((VEC *)(y + j));
		if (j < columns) {
			VEC rest = {0};

			memcpy(&rest, y + j, (columns - j) * sizeof *y);
			NAME(gelu)(&rest);
			memcpy(y + j, &rest, (columns - j) * sizeof *y);
		}
	}
}

/* Part of the next panel: matrices come from far away. */
TARGET INLINE void NAME(prefetch)(const float *panel, size_t from, size_t end)
{
	for (; from < end; from += 16)
		__builtin_prefetch(panel + from, 0, 2);
}

/* Rows from the corner on, at most ROWS, times the panels of one depth. */
TARGET static void NAME(block)(const struct dense *d, const struct dense_rows *r,
			       struct corner at, enum dense_then then)
{
	size_t row = at.row, from = at.from;
	size_t k = d->in - from < DEPTH ? d->in - from : DEPTH;
	size_t n = r->n - row < ROWS ? r->n - row : ROWS;
	size_t padded = NAME(padded)(d->out);
	const float *block = d->ordered + padded * (from + 1);
	bool last = from + k == d->in;

	for (size_t j = 0; j < d->out; j += PANEL) {
		size_t columns = d->out - j < PANEL ? d->out - j : PANEL;
		float *y = r->y + row * r->y_stride + j;

		for (size_t i = 0; i < n; i += TILE) {
			const struct tile t = {
				.x = r->x + (row + i) * r->x_stride + from,
				.x_stride = r->x_stride,
				.panel = block + j * k, .k = k,
				.bias = from ? NULL : d->ordered + j,
				.y = y + i * r->y_stride, .y_stride = r->y_stride,
				.columns = columns, .then = then};
			size_t rows = n - i < TILE ? n - i : TILE;

			NAME(prefetch)(t.panel + PANEL * k, PANEL * k * i / n,
				       PANEL * k * (i + TILE) / n);
			if (columns == PANEL)
				NAME(any_tile)(&t, rows);
			else
				NAME(edge)(&t, rows);
		}
		if (last && then == DENSE_GELU)
			NAME(gelus)(y, n, r->y_stride, columns);
	}
}

TARGET static void NAME(multiply)(const struct dense *d, const struct dense_rows *r,
				  enum dense_then then)
{
	for (size_t row = 0; row < r->n; row += ROWS)
		for (size_t from = 0; from < d->in; from += DEPTH)
			NAME(block)(d, r, (struct corner){row, from}, then);
}

TARGET INLINE float NAME(total)(const VEC *x)
{
	float lane[LANES], sum = 0;

	memcpy(lane, x, sizeof lane);
	for (size_t i = 0; i < LANES; i++)
		sum += lane[i];
	return sum;
}

/* exp of x <= 0: 2^n 2^f with |f| <= 1/2, the second factor by its Taylor series (relative
 * error below 3e-7); what is below 2^-125 is 2^-125. */
TARGET INLINE void NAME(exp)(VEC *at)
{
	const VEC round = (VEC){0} + 12582912.0f;	/* 1.5 * 2^23 */
	const VEC least = (VEC){0} - 125.0f;
	VEC y = *at * 1.44269504f, whole, f, p;
	INTS low = y < least;

	y = (VEC)((low & (INTS)least) | (~low & (INTS)y));
	whole = y + round;
	f = y - (whole - round);
	p = f * 1.54035304e-4f + 1.33335581e-3f;
	p = p * f + 9.61812911e-3f;
	p = p * f + 5.55041087e-2f;
	p = p * f + 2.40226507e-1f;
	p = p * f + 6.93147181e-1f;
	p = p * f + 1.0f;
	*at = (VEC)((INTS)p + ((INTS)whole << 23));
}

TARGET static float NAME(most)(const float *x, size_t stride)
{
	VEC best = *(const VEC *)x;
	float lane[LANES], most;

	for (size_t i = LANES; i < stride; i += LANES) {
		VEC v = *(const VEC *)(x + i);
		INTS more = v > best;

		best = (VEC)((more & (INTS)v) | (~more & (INTS)best));
	}
	memcpy(lane, &best, sizeof lane);
	most = lane[0];
	for (size_t i = 1; i < LANES; i++)
		most = lane[i] > most ? lane[i] : most;
	return most;
}

TARGET static void NAME(softmax)(const struct dense_scores *s, float scale)
{
	const size_t n = s->n, stride = s->stride;
	float *x = s->x;

	assert(stride % DENSE_BLOCK == 0 && n > 0 && n <= stride && scale > 0);
	for (size_t row = 0; row < s->rows; row++, x += stride) {
		VEC sum = {0};
		float most;

		for (size_t i = n; i < stride; i++)
			x[i] = -INFINITY;
		most = NAME(most)(x, stride);
		for (size_t i = n; i < stride; i++)
			x[i] = most;
		for (size_t i = 0; i < stride; i += LANES) {
			VEC v = (*(VEC *)(x + i) - most) * scale;

			NAME(exp)(&v);
			*(VEC *)(x + i) = v;
		}
		for (size_t i = n; i < stride; i++)
			x[i] = 0;
		for (size_t i = 0; i < stride; i += LANES)
			sum += *(VEC *)(x + i);
		most = 1 / NAME(total)(&sum);
		for (size_t i = 0; i < stride; i += LANES)
			*(VEC *)(x + i) *= most;
	}
}

/* Sum of (x[i] - mean)^power over the row, power 1 or 2. */
TARGET INLINE float NAME(moment)(const float *x, size_t n, float mean, const int power)
{
	VEC sum = {0};
	float rest = 0;
	size_t i = 0;

	for (; i + LANES <= n; i += LANES) {
		VEC v = *(const VEC *)(x + i) - mean;

		if (power == 2)
			v *= v;
		sum += v;
	}
	for (; i < n; i++)
		rest += power == 1 ? x[i] - mean : (x[i] - mean) * (x[i] - mean);
	return rest + NAME(total)(&sum);
}

TARGET static void NAME(norm)(const struct dense_norm *n, float *x, size_t rows)
{
	for (; rows > 0; rows--, x += n->width) {
		float mean = NAME(moment)(x, n->width, 0, 1) / (float)n->width;
		float square = NAME(moment)(x, n->width, mean, 2) / (float)n->width;
		float scale = 1 / sqrtf(square + n->eps);
		size_t i = 0;

		for (; i + LANES <= n->width; i += LANES)
			*(VEC *)(x + i) = (*(VEC *)(x + i) - mean) * scale *
					  *(const VEC *)(n->gain + i) +
					  *(const VEC *)(n->bias + i);
		for (; i < n->width; i++)
			x[i] = (x[i] - mean) * scale * n->gain[i] + n->bias[i];
	}
}

#undef VEC
#undef INTS
#undef PANEL
#undef INLINE
