/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Three layers and a norm of learn/nn, one after the other and back. */
#include "config.h"

#include "learn/tower.h"

#include <math.h>
#include <string.h>

#include "base/rng.h"

#define EPSILON 1e-5

/* Where the parts of theta begin. */
struct places_of {
	size_t b1, w2, b2, w3, b3, scale, shift, end;
};

static struct places_of places_of(const struct tower *t)
{
	struct places_of p = {0};

	p.w2 = t->hidden;
	p.b2 = p.w2 + t->hidden * t->hidden;
	p.w3 = p.b2 + t->hidden;
	p.b3 = p.w3 + t->hidden * t->dim;
	p.scale = p.b3 + t->dim;
	p.shift = p.scale + t->dim;
	p.end = p.shift + t->dim;
	return p;
}

size_t tower_size(const struct tower *t)
{
	return places_of(t).end;
}

static void draw(struct rng *rng, size_t from, size_t to, size_t n, nn_real *x)
{
	double most = sqrt(6.0 / (double)(from + to));

	for (size_t i = 0; i < n; i++)
		x[i] = (nn_real)((2 * rng_real(rng) - 1) * most);
}

void tower_begin(const struct tower *t, uint64_t seed, nn_real *theta, nn_real *table)
{
	struct places_of p = places_of(t);
	struct rng rng;

	rng_init(&rng, seed, 0x746f776572);
	memset(theta, 0, p.end * sizeof *theta);
	draw(&rng, t->hidden, t->hidden, t->hidden * t->hidden, theta + p.w2);
	draw(&rng, t->hidden, t->dim, t->hidden * t->dim, theta + p.w3);
	for (size_t i = 0; i < t->dim; i++)
		theta[p.scale + i] = (nn_real)(1 / sqrt((double)t->dim));
	/* a row has a few dozen entries, whatever the features are in all */
	draw(&rng, 16, t->hidden, t->features * t->hidden, table);
}

static struct nn_linear second(const struct tower *t, const nn_real *theta)
{
	struct places_of p = places_of(t);

	return (struct nn_linear){t->hidden, t->hidden, theta + p.w2, theta + p.b2};
}

static struct nn_linear third(const struct tower *t, const nn_real *theta)
{
	struct places_of p = places_of(t);

	return (struct nn_linear){t->hidden, t->dim, theta + p.w3, theta + p.b3};
}

static struct nn_norm norm_of(const struct tower *t, const nn_real *theta)
{
	struct places_of p = places_of(t);

	return (struct nn_norm){t->dim, theta + p.scale, theta + p.shift, EPSILON};
}

void tower_raw(const struct tower *t, struct tower_weights w, const struct tower_input *in,
	       const struct tower_room *room)
{
	const struct nn_linear l2 = second(t, w.theta), l3 = third(t, w.theta);

	for (size_t i = 0; i < in->n; i++)
		memcpy(room->h1 + i * t->hidden, w.theta, t->hidden * sizeof *w.theta);
	nn_bag(in->bags, (struct nn_ids){in->row, in->n}, (struct nn_table){w.table, t->hidden},
	       room->h1);
	nn_tanh(in->n * t->hidden, room->h1);
	nn_linear(&l2, room->h1, in->n, room->h2);
	nn_tanh(in->n * t->hidden, room->h2);
	nn_linear(&l3, room->h2, in->n, room->raw);
}

void tower_forward(const struct tower *t, struct tower_weights w, const struct tower_input *in,
		   const struct tower_room *room)
{
	const struct nn_norm norm = norm_of(t, w.theta);
	const struct nn_norm_kept kept = {room->mean, room->inverse};

	tower_raw(t, w, in, room);
	nn_batch_norm(&norm, (struct nn_input){room->raw, in->n}, room->y, &kept);
}

void tower_fixed(const struct tower *t, const nn_real *theta, size_t rows,
		 const struct tower_room *room)
{
	const struct nn_norm norm = norm_of(t, theta);
	const struct nn_norm_kept kept = {room->mean, room->inverse};

	nn_batch_norm_fixed(&norm, (struct nn_input){room->raw, rows}, room->y, &kept);
}

void tower_back(const struct tower *t, const nn_real *theta, size_t rows, const nn_real *dy,
		const struct tower_room *room, nn_real *d)
{
	const struct nn_linear l2 = second(t, theta), l3 = third(t, theta);
	const struct nn_norm norm = norm_of(t, theta);
	const struct nn_norm_kept kept = {room->mean, room->inverse};
	struct places_of p = places_of(t);
	const struct nn_norm_slope by_norm = {d + p.scale, d + p.shift, room->draw};
	const struct nn_linear_slope by_l3 = {d + p.w3, d + p.b3, room->d2};
	const struct nn_linear_slope by_l2 = {d + p.w2, d + p.b2, room->d1};

	nn_batch_norm_back(&norm, (struct nn_back){room->raw, dy, rows}, &kept, &by_norm);
	nn_linear_back(&l3, (struct nn_back){room->h2, room->draw, rows}, &by_l3);
	nn_tanh_back(rows * t->hidden, room->h2, room->d2);
	nn_linear_back(&l2, (struct nn_back){room->h1, room->d2, rows}, &by_l2);
	nn_tanh_back(rows * t->hidden, room->h1, room->d1);
	memset(d, 0, t->hidden * sizeof *d);
	for (size_t r = 0; r < rows; r++)
		nn_add(t->hidden, room->d1 + r * t->hidden, d);
}
