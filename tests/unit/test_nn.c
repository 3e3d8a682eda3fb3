/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every part of learn/nn against differences, in double precision. */
#include "config.h"

#define NN_DOUBLE
#include "learn/nn.h"

#include <math.h>

#include "base/rng.h"

#include "unit.h"

#include "../../src/learn/nn_activation.c"
#include "../../src/learn/nn_adam.c"
#include "../../src/learn/nn_attention.c"
#include "../../src/learn/nn_bag.c"
#include "../../src/learn/nn_heads.c"
#include "../../src/learn/nn_linear.c"
#include "../../src/learn/nn_loss.c"
#include "../../src/learn/nn_norm.c"
#include "../../src/learn/nn_rows.c"

enum { ROWS = 5, WIDTH = 4, TO = 3, MOST = 64 };

/* What a part is tried on: x and its parameters, weights of y that make a loss of it. */
struct trial {
	double x[MOST], p[MOST], q[MOST], weight[MOST];
	double y[MOST], room[MOST], kept[2][MOST];
	double dy[MOST], dx[MOST], dp[MOST], dq[MOST];
	double (*loss)(struct trial *t);
};

static void fill(struct trial *t, uint64_t seed)
{
	double *at[] = {t->x, t->p, t->q, t->weight};
	struct rng rng;

	rng_init(&rng, seed, 0);
	for (unsigned k = 0; k < 4; k++)
		for (unsigned i = 0; i < MOST; i++)
			at[k][i] = 2 * rng_real(&rng) - 1;
	memcpy(t->dy, t->weight, sizeof t->dy);
}

static double weighted(const struct trial *t, unsigned n)
{
	double sum = 0;

	for (unsigned i = 0; i < n; i++)
		sum += t->weight[i] * t->y[i];
	return sum;
}

/* slope (n) is that of the loss by value (n). */
static void slopes_are(struct trial *t, double *value, const double *slope, unsigned n)
{
	const double h = 1e-5;
	double all = 0;

	for (unsigned i = 0; i < n; i++) {
		double was = value[i], up, down;

		value[i] = was + h;
		up = t->loss(t);
		value[i] = was - h;
		down = t->loss(t);
		value[i] = was;
		if (fabs(slope[i] - (up - down) / (2 * h)) > 1e-7)
			fail_msg("%u: %.12g, but by differences %.12g", i, slope[i],
				 (up - down) / (2 * h));
		all += fabs(slope[i]);
	}
	assert_true(all > 1e-3);	/* not all zeros beside zeros */
}

/* --- layers */

static struct nn_linear linear_of(const struct trial *t)
{
	return (struct nn_linear){WIDTH, TO, t->p, t->q};
}

static double linear_loss(struct trial *t)
{
	struct nn_linear l = linear_of(t);

	nn_linear(&l, t->x, ROWS, t->y);
	return weighted(t, ROWS * TO);
}

static void linear(void **state)
{
	struct trial t = {.loss = linear_loss};
	struct nn_linear l = linear_of(&t);
	struct nn_linear_slope d = {t.dp, t.dq, t.dx};

	fill(&t, 1);
	nn_linear_back(&l, (struct nn_back){t.x, t.dy, ROWS}, &d);
	slopes_are(&t, t.x, t.dx, ROWS * WIDTH);
	slopes_are(&t, t.p, t.dp, WIDTH * TO);
	slopes_are(&t, t.q, t.dq, TO);
}

static double relu_loss(struct trial *t)
{
	memcpy(t->y, t->x, sizeof t->y);
	nn_relu(MOST, t->y);
	return weighted(t, MOST);
}

static double tanh_loss(struct trial *t)
{
	memcpy(t->y, t->x, sizeof t->y);
	nn_tanh(MOST, t->y);
	return weighted(t, MOST);
}

static double gelu_loss(struct trial *t)
{
	nn_gelu(MOST, t->x, t->y);
	return weighted(t, MOST);
}

static void activations(void **state)
{
	struct trial t = {.loss = relu_loss};

	fill(&t, 2);
	t.loss(&t);
	nn_relu_back(MOST, t.y, t.dy);
	slopes_are(&t, t.x, t.dy, MOST);
	t.loss = tanh_loss;
	fill(&t, 3);
	t.loss(&t);
	nn_tanh_back(MOST, t.y, t.dy);
	slopes_are(&t, t.x, t.dy, MOST);
	t.loss = gelu_loss;
	fill(&t, 4);
	nn_gelu_back(MOST, t.x, t.dy);
	slopes_are(&t, t.x, t.dy, MOST);
	assert_true(fabs(t.y[0] - t.x[0] * .5 * (1 + erf(t.x[0] / sqrt(2)))) < 1e-12);
}

static double hadamard_loss(struct trial *t)
{
	nn_hadamard(MOST, t->x, t->p, t->y);
	return weighted(t, MOST);
}

static void products_and_dropout(void **state)
{
	struct trial t = {.loss = hadamard_loss};
	static double factor[20000];
	unsigned zeros = 0;
	struct rng rng;

	fill(&t, 5);
	nn_hadamard(MOST, t.dy, t.p, t.dx);
	slopes_are(&t, t.x, t.dx, MOST);
	rng_init(&rng, 1, 1);
	nn_dropout(20000, .25, &rng, factor);
	for (unsigned i = 0; i < 20000; i++) {
		assert_true(factor[i] == 0 || fabs(factor[i] - 4. / 3) < 1e-12);
		zeros += factor[i] == 0;
	}
	assert_in_range(zeros, 4700, 5300);
}

static struct nn_norm norm_of(const struct trial *t)
{
	return (struct nn_norm){WIDTH, t->p, t->q, 1e-3};
}

static double batch_loss(struct trial *t)
{
	struct nn_norm l = norm_of(t);
	struct nn_norm_kept kept = {t->kept[0], t->kept[1]};

	nn_batch_norm(&l, (struct nn_input){t->x, ROWS}, t->y, &kept);
	return weighted(t, ROWS * WIDTH);
}

static double layer_loss(struct trial *t)
{
	struct nn_norm l = norm_of(t);
	struct nn_norm_kept kept = {t->kept[0], t->kept[1]};

	nn_layer_norm(&l, (struct nn_input){t->x, ROWS}, t->y, &kept);
	return weighted(t, ROWS * WIDTH);
}

static void norms(void **state)
{
	struct trial t = {.loss = batch_loss};
	struct nn_norm l = norm_of(&t);
	struct nn_norm_kept kept = {t.kept[0], t.kept[1]};
	struct nn_norm_slope d = {t.dp, t.dq, t.dx};
	double again[MOST];

	fill(&t, 6);
	t.loss(&t);
	nn_batch_norm_fixed(&l, (struct nn_input){t.x, ROWS}, again, &kept);
	assert_memory_equal(again, t.y, ROWS * WIDTH * sizeof *again);
	nn_batch_norm_back(&l, (struct nn_back){t.x, t.dy, ROWS}, &kept, &d);
	slopes_are(&t, t.x, t.dx, ROWS * WIDTH);
	slopes_are(&t, t.p, t.dp, WIDTH);
	slopes_are(&t, t.q, t.dq, WIDTH);
	t.loss = layer_loss;
	t.loss(&t);
	nn_layer_norm_back(&l, (struct nn_back){t.x, t.dy, ROWS}, &kept, &d);
	slopes_are(&t, t.x, t.dx, ROWS * WIDTH);
	slopes_are(&t, t.p, t.dp, WIDTH);
	slopes_are(&t, t.q, t.dq, WIDTH);
}

enum { WIDE = 20, FEW = 3 };	/* a block of columns, and what is left */

static double wide_loss(struct trial *t)
{
	struct nn_norm l = {WIDE, t->p, t->q, 1e-3};
	struct nn_norm_kept kept = {t->kept[0], t->kept[1]};

	nn_batch_norm(&l, (struct nn_input){t->x, FEW}, t->y, &kept);
	return weighted(t, FEW * WIDE);
}

static void wide_norm(void **state)
{
	struct trial t = {.loss = wide_loss};
	struct nn_norm l = {WIDE, t.p, t.q, 1e-3};
	struct nn_norm_kept kept = {t.kept[0], t.kept[1]};
	struct nn_norm_slope d = {t.dp, t.dq, t.dx};

	fill(&t, 14);
	t.loss(&t);
	for (unsigned i = 0; i < WIDE; i++)
		assert_true(fabs(t.kept[0][i] - (t.x[i] + t.x[WIDE + i] + t.x[2 * WIDE + i]) / 3) <
			    1e-12);
	nn_batch_norm_back(&l, (struct nn_back){t.x, t.dy, FEW}, &kept, &d);
	slopes_are(&t, t.x, t.dx, FEW * WIDE);
	slopes_are(&t, t.p, t.dp, WIDE);
	slopes_are(&t, t.q, t.dq, WIDE);
}

static double attend_loss(struct trial *t)
{
	const struct nn_neighbours a = {ROWS, WIDTH, t->q, t->x};

	nn_attend(&a, t->room, t->y);
	return weighted(t, WIDTH);
}

static void attention(void **state)
{
	struct trial t = {.loss = attend_loss};
	const struct nn_neighbours a = {ROWS, WIDTH, t.q, t.x};
	double sum = 0;

	fill(&t, 7);
	t.loss(&t);
	for (unsigned j = 0; j < ROWS; j++)
		sum += t.room[j];
	assert_true(fabs(sum - 1) < 1e-12);
	nn_attend_back(&a, t.room, t.dy, t.dq, t.dx);
	slopes_are(&t, t.x, t.dx, ROWS * WIDTH);
	slopes_are(&t, t.q, t.dq, WIDTH);
}

/* A whole block of spans of 3, 0, 1 and 2 rows: projections to two heads of two columns,
 * attention, projection. */
enum { SEEN = 6, HEADS = 2, PARTS = 3 * WIDTH };

static const size_t spans[] = {0, 3, 3, 4, 6};

struct block {
	double in[WIDTH * PARTS + PARTS], out[WIDTH * WIDTH + WIDTH];
	double qkv[SEEN * PARTS], z[HEADS * 14 + 9], mixed[SEEN * WIDTH];
	double dqkv[SEEN * PARTS], dmixed[SEEN * WIDTH];
	double din[WIDTH * PARTS + PARTS], dout[WIDTH * WIDTH + WIDTH];
	struct nn_heads heads;
};

static struct block block;

static struct nn_linear inwards(void)
{
	return (struct nn_linear){WIDTH, PARTS, block.in, block.in + WIDTH * PARTS};
}

static struct nn_linear outwards(void)
{
	return (struct nn_linear){WIDTH, WIDTH, block.out, block.out + WIDTH * WIDTH};
}

static double heads_loss(struct trial *t)
{
	const struct nn_linear in = inwards(), out = outwards();

	nn_linear(&in, t->x, SEEN, block.qkv);
	nn_heads(&block.heads, block.qkv, block.z, block.mixed);
	nn_linear(&out, block.mixed, SEEN, t->y);
	return weighted(t, SEEN * WIDTH);
}

/* What head h of row r makes of the values, from the equation alone. */
static double attended(size_t from, size_t to, size_t r, size_t column)
{
	size_t first = column / (WIDTH / HEADS) * (WIDTH / HEADS);
	double sum = 0, mix = 0;

	for (size_t j = from; j < to; j++) {
		double s = 0;

		for (size_t i = first; i < first + WIDTH / HEADS; i++)
			s += block.qkv[r * PARTS + i] * block.qkv[j * PARTS + WIDTH + i];
		s = exp(s / sqrt(WIDTH / HEADS));
		sum += s;
		mix += s * block.qkv[j * PARTS + 2 * WIDTH + column];
	}
	return mix / sum;
}

static void heads_of(bool causal)
{
	struct trial t = {.loss = heads_loss};
	const struct nn_linear in = inwards(), out = outwards();
	const struct nn_linear_slope by_in = {block.din, block.din + WIDTH * PARTS, t.dx};
	const struct nn_linear_slope by_out = {block.dout, block.dout + WIDTH * WIDTH,
					       block.dmixed};
	struct rng rng;

	block.heads = (struct nn_heads){WIDTH, HEADS, spans, 4, causal};
	assert_int_equal(nn_heads_room(&block.heads), HEADS * 14 + 9);
	rng_init(&rng, 12, 0);
	for (size_t i = 0; i < sizeof block.in / sizeof *block.in; i++)
		block.in[i] = 2 * rng_real(&rng) - 1;
	for (size_t i = 0; i < sizeof block.out / sizeof *block.out; i++)
		block.out[i] = 2 * rng_real(&rng) - 1;
	fill(&t, 13);
	t.loss(&t);
	for (size_t s = 0; s < 4; s++)
		for (size_t r = spans[s]; r < spans[s + 1]; r++)
			for (size_t i = 0; i < WIDTH; i++) {
				size_t to = causal ? r + 1 : spans[s + 1];

				assert_true(fabs(block.mixed[r * WIDTH + i] -
						 attended(spans[s], to, r, i)) < 1e-12);
			}
	nn_linear_back(&out, (struct nn_back){block.mixed, t.dy, SEEN}, &by_out);
	nn_heads_back(&block.heads, (struct nn_attended){block.qkv, block.z}, block.dmixed,
		      block.dqkv);
	nn_linear_back(&in, (struct nn_back){t.x, block.dqkv, SEEN}, &by_in);
	slopes_are(&t, t.x, t.dx, SEEN * WIDTH);
	slopes_are(&t, block.in, block.din, sizeof block.in / sizeof *block.in);
	slopes_are(&t, block.out, block.dout, sizeof block.out / sizeof *block.out);
}

static void heads(void **state)
{
	heads_of(false);
	heads_of(true);
}

static const uint32_t some[] = {2, 0, 2};	/* one row twice */

static double rows_loss(struct trial *t)
{
	nn_rows(t->x, (struct nn_ids){some, 3}, WIDTH, t->y);
	return weighted(t, 3 * WIDTH);
}

static void rows(void **state)
{
	struct trial t = {.loss = rows_loss};

	fill(&t, 8);
	nn_rows_back(t.dy, (struct nn_ids){some, 3}, WIDTH, t.dx);
	slopes_are(&t, t.x, t.dx, 4 * WIDTH);
}

static const uint64_t bag_offsets[] = {0, 2, 2, 5};
static const uint32_t bag_columns[] = {1, 3, 0, 1, 2};
static const float bag_values[] = {.5f, -2, 1, 3, .25f};
static const struct nn_bags bags = {bag_offsets, bag_columns, bag_values};

static double bag_loss(struct trial *t)
{
	memset(t->y, 0, sizeof t->y);
	nn_bag(&bags, (struct nn_ids){some, 3}, (struct nn_table){t->x, WIDTH}, t->y);
	return weighted(t, 3 * WIDTH);
}

static void bag(void **state)
{
	struct trial t = {.loss = bag_loss};
	uint32_t place[4] = {0}, row[4], column[15];
	uint64_t offsets[5];
	float value[15];
	struct nn_turned turned = {.place = place, .row = row, .offsets = offsets,
				   .column = column, .value = value};
	struct nn_bags back;

	fill(&t, 11);
	nn_turn(&bags, (struct nn_ids){some, 3}, &turned);
	back = nn_turned_bags(&turned);
	for (uint32_t i = 0; i < turned.n; i++)
		nn_bag(&back, (struct nn_ids){&i, 1}, (struct nn_table){t.dy, WIDTH},
		       t.dx + turned.row[i] * WIDTH);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(place[i], 0);
	slopes_are(&t, t.x, t.dx, 4 * WIDTH);
}

/* --- steps */

static void adam(void **state)
{
	double first[2] = {0}, second[2] = {0}, theta[2] = {1, -2}, d[2] = {3, -4};
	struct nn_adam a = {.rate = .1, .warm = 2, .steps = 6, .first = first,
			    .second = second};

	assert_true(fabs(nn_rate(&a, 1) - .05) < 1e-12);
	assert_true(fabs(nn_rate(&a, 2) - .1) < 1e-12);
	assert_true(fabs(nn_rate(&a, 4) - .05) < 1e-12);
	assert_true(nn_rate(&a, 6) == 0);
	nn_adam(&a, 1, 0, 2, d, theta);	/* the first step is the rate, down the slope */
	assert_true(fabs(theta[0] - .95) < 1e-6 && fabs(theta[1] + 1.95) < 1e-6);
	a = (struct nn_adam){.rate = .1, .decay = .5, .first = first, .second = second};
	first[0] = second[0] = first[1] = second[1] = 0;
	theta[0] = 1;
	nn_adam(&a, 1, 0, 1, d, theta);	/* and the decay of the parameter itself */
	assert_true(fabs(theta[0] - (1 - .1 - .1 * .5)) < 1e-6);
	assert_true(fabs(nn_clip(2, 10, d) - 5) < 1e-12 && d[0] == 3);
	assert_true(fabs(nn_clip(2, 1, d) - 5) < 1e-12);
	assert_true(fabs(d[0] - .6) < 1e-12 && fabs(d[1] + .8) < 1e-12);
}

/* --- losses */

static const struct nn_hinge hinge = {1, 1};

static double near_loss(struct trial *t)
{
	return nn_hinge(&hinge, true, WIDTH, t->x, t->p, t->room, t->room + WIDTH);
}

static double far_loss(struct trial *t)
{
	return nn_hinge(&hinge, false, WIDTH, t->x, t->p, t->room, t->room + WIDTH);
}

static void hinges(void **state)
{
	struct trial t = {.loss = near_loss};
	double distance = 0;

	fill(&t, 9);
	for (unsigned i = 0; i < WIDTH; i++) {
		t.p[i] *= .3;
		t.x[i] *= .3;
		distance += (t.x[i] - t.p[i]) * (t.x[i] - t.p[i]);
	}
	/* with both at 1: d^2, and max(0, 2 - d^2) */
	assert_true(fabs(near_loss(&t) - distance) < 1e-12);
	assert_true(fabs(far_loss(&t) - (2 - distance)) < 1e-12);
	nn_hinge(&hinge, true, WIDTH, t.x, t.p, t.dx, t.dp);
	slopes_are(&t, t.x, t.dx, WIDTH);
	slopes_are(&t, t.p, t.dp, WIDTH);
	t.loss = far_loss;
	nn_hinge(&hinge, false, WIDTH, t.x, t.p, t.dx, t.dp);
	slopes_are(&t, t.x, t.dx, WIDTH);
	slopes_are(&t, t.p, t.dp, WIDTH);
	t.x[0] = 9;	/* far enough apart: nothing pulls */
	assert_true(nn_hinge(&hinge, false, WIDTH, t.x, t.p, t.dx, t.dp) == 0);
	for (unsigned i = 0; i < WIDTH; i++)
		assert_true(t.dx[i] == 0 && t.dp[i] == 0);
}

static double entropy_loss(struct trial *t)
{
	return nn_cross_entropy(6, t->x, 2, t->room);
}

static double contrast_loss(struct trial *t)
{
	const struct nn_contrast c = {ROWS, WIDTH, .2, t->x, t->p};

	return nn_infonce(&c, t->room, t->y, t->kept[0]);
}

static void entropies(void **state)
{
	struct trial t = {.loss = entropy_loss};
	const struct nn_contrast c = {ROWS, WIDTH, .2, t.x, t.p};
	double zeros[4] = {0}, slope[4];

	fill(&t, 10);
	assert_true(fabs(nn_cross_entropy(4, zeros, 1, slope) - log(4)) < 1e-12);
	nn_cross_entropy(6, t.x, 2, t.dx);
	slopes_are(&t, t.x, t.dx, 6);
	t.loss = contrast_loss;
	nn_infonce(&c, t.room, t.dx, t.dp);
	slopes_are(&t, t.x, t.dx, ROWS * WIDTH);
	slopes_are(&t, t.p, t.dp, ROWS * WIDTH);
}

UNIT_TESTS(nn, UNIT(linear), UNIT(activations), UNIT(products_and_dropout), UNIT(norms),
	   UNIT(wide_norm), UNIT(attention), UNIT(heads), UNIT(rows), UNIT(bag), UNIT(adam),
	   UNIT(hinges), UNIT(entropies))
