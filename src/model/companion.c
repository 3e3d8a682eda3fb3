/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A share's units go through the categories' network row by row of a matrix: units (n),
 * their categories' vectors, gamma, the projections, then the two losses and back.
 */
#include "config.h"

#include "model/companion.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/scope.h"
#include "base/sort.h"

/* Where the extra parameters begin. */
struct parts {
	size_t phi, phic, w4, b4, w5, b5, w6, b6, w7, end;
};

static struct parts parts_of(const struct companion *k)
{
	size_t half = k->type_dim / 2, table = k->types * k->type_dim;
	struct parts p = {.phic = table, .w4 = 2 * table};

	p.b4 = p.w4 + k->type_dim * half;
	p.w5 = p.b4 + half;
	p.b5 = p.w5 + half * k->type_dim;
	p.w6 = p.b5 + k->type_dim;
	p.b6 = p.w6 + k->type_dim * k->dim;
	p.w7 = p.b6 + k->dim;
	p.end = p.w7 + (k->by_product ? k->dim * half : 0);
	return p;
}

uint32_t companion_type(const struct companion *k, uint32_t product)
{
	uint32_t c = k->catalog->product_category[product];

	return c < k->types - 1 ? c : k->types - 1;
}

size_t companion_extra(const struct companion *k)
{
	return parts_of(k).end;
}

static void draw_even(struct rng *rng, double most, size_t n, nn_real *x)
{
	for (size_t i = 0; i < n; i++)
		x[i] = (nn_real)((2 * rng_real(rng) - 1) * most);
}

void companion_begin(const struct companion *k, uint64_t seed, nn_real *extra)
{
	struct parts p = parts_of(k);
	double layer = sqrt(6.0 / (1.5 * (double)k->type_dim));
	struct rng rng;

	rng_init(&rng, seed, 0x636f6d70);
	memset(extra, 0, p.end * sizeof *extra);
	draw_even(&rng, 1 / sqrt((double)k->type_dim), p.w4, extra);
	draw_even(&rng, layer, p.b4 - p.w4, extra + p.w4);
	draw_even(&rng, layer, p.b5 - p.w5, extra + p.w5);
	draw_even(&rng, 1 / sqrt((double)k->type_dim), p.b6 - p.w6, extra + p.w6);
	draw_even(&rng, sqrt(6.0 / ((double)k->dim + (double)k->type_dim / 2)), p.end - p.w7,
		  extra + p.w7);
	for (size_t i = 0; i < k->dim; i++)	/* at first products are looked at as they are */
		extra[p.b6 + i] = 1;
}

/* --- units */

/* One that is looked at instead of a, and isn't linked with it; false: there is none. */
static bool draw_instead(const struct companion *k, uint32_t a, struct rng *rng, uint32_t *b)
{
	const struct links *l = k->similar;
	uint64_t n = l ? l->offsets[a + 1] - l->offsets[a] : 0;

	if (n == 0)
		return false;
	*b = l->column[l->offsets[a] + rng_below(rng, n)];
	return *b != a && !links_has(k->links, a, *b);
}

/* A link, then products that aren't linked: in turns of the other's category, and what is
 * looked at instead of the first, or else any. */
void companion_draw(void *ctx, size_t unit, struct rng *rng, uint32_t *row)
{
	const struct companion *k = ctx;
	const struct catalog *c = k->catalog;
	uint32_t of;

	row[0] = k->from[unit];
	row[1] = k->links->column[unit];
	of = c->product_category[row[1]];
	for (unsigned i = 0; i < k->negative; i++) {
		uint32_t first = 0, n = c->n_products;

		if (i % 2 == 1 && draw_instead(k, row[0], rng, &row[2 + i]))
			continue;
		if (i % 2 == 0 && of < c->n_categories) {
			first = c->category_product[of];
			n = c->category_product[of + 1] - first;
		}
		for (unsigned tries = 0; tries < 8; tries++) {
			row[2 + i] = first + (uint32_t)rng_below(rng, n);
			if (row[2 + i] != row[0] && !links_has(k->links, row[0], row[2 + i]))
				break;
		}
	}
}

/* --- room of a share; n units, m products of a share (all rows but the first of each) */

struct share {
	nn_real *phi, *half, *mask, *gamma;	/* (n, L), (n, L/2), (n, L/2), (n, L) */
	nn_real *dgamma, *dhalf, *dphi;
	nn_real *project, *dproject;		/* (kinds, d), at most m */
	nn_real *a, *da;			/* (n, d) */
	nn_real *own, *down;			/* (n, d) of the units' first products */
	nn_real *b, *db;			/* (m, d) */
	nn_real *type, *dtype;			/* (kinds, L), at most m */
	nn_real *logit;				/* (n, m) or (n, types) */
	nn_real *square;			/* (types) */
	nn_real *sum;				/* slopes of W4 .. b6, before they are added */
	uint32_t *kind, *of;			/* (kinds) categories that are met; (m) which */
	uint32_t *of_unit;			/* (n) categories */
	size_t kinds;
};

static size_t logits(const struct companion *k, size_t m)
{
	return FIT_SHARE * (m > k->types ? m : k->types);
}

bool companion_room(struct companion *k, unsigned workers, struct err *err)
{
	size_t n = FIT_SHARE, m = n * (1 + k->negative), l = k->type_dim;
	struct parts p = parts_of(k);

	k->room_each = 4 * n * l + 3 * n * l + 4 * m * k->dim + 4 * n * k->dim + 2 * m * l +
		       logits(k, m) + k->types + (p.end - p.w4) + k->types * l + n + 2 * m;
	k->order_each = m;
	k->room = mem_big(k->room_each * workers, sizeof *k->room, "a network", err);
	k->order = mem_big(m * workers, sizeof *k->order, "a network", err);
	k->place = mem_big(workers * k->types, sizeof *k->place, "a network", err);
	return k->room && k->order && k->place;
}

void companion_room_finish(struct companion *k)
{
	free(k->room);
	free(k->order);
	free(k->place);
}

static nn_real *take(nn_real **at, size_t n)
{
	nn_real *x = *at;

	*at += n;
	return x;
}

static struct share share_of(const struct companion *k, const struct fit_units *u)
{
	size_t n = u->n, m = n * (1 + k->negative), l = k->type_dim;
	nn_real *at = k->room + u->worker * k->room_each;
	struct parts p = parts_of(k);
	struct share s;

	s.phi = take(&at, n * l);
	s.half = take(&at, n * l / 2);
	s.mask = take(&at, n * l / 2);
	s.gamma = take(&at, n * l);
	s.dgamma = take(&at, n * l);
	s.dhalf = take(&at, n * l);
	s.dphi = take(&at, n * l);
	s.project = take(&at, m * k->dim);
	s.dproject = take(&at, m * k->dim);
	s.b = take(&at, m * k->dim);
	s.db = take(&at, m * k->dim);
	s.a = take(&at, n * k->dim);
	s.da = take(&at, n * k->dim);
	s.own = take(&at, n * k->dim);
	s.down = take(&at, n * k->dim);
	s.type = take(&at, m * l);
	s.dtype = take(&at, m * l);
	s.logit = take(&at, logits(k, m));
	s.square = take(&at, k->types);
	s.sum = take(&at, p.end - p.w4);
	s.of_unit = (uint32_t *)take(&at, n);
	s.of = (uint32_t *)take(&at, m);
	s.kind = (uint32_t *)take(&at, m);
	s.kinds = 0;
	return s;
}

/* --- categories: phi -> gamma, and back */

static struct nn_linear inner(const struct companion *k, const nn_real *extra)
{
	struct parts p = parts_of(k);

	return (struct nn_linear){k->type_dim, k->type_dim / 2, extra + p.w4, extra + p.b4};
}

static struct nn_linear outer(const struct companion *k, const nn_real *extra)
{
	struct parts p = parts_of(k);

	return (struct nn_linear){k->type_dim / 2, k->type_dim, extra + p.w5, extra + p.b5};
}

static struct nn_linear look(const struct companion *k, const nn_real *extra)
{
	struct parts p = parts_of(k);

	return (struct nn_linear){k->type_dim, k->dim, extra + p.w6, extra + p.b6};
}

/* half += theta W7 */
static void enter(const struct companion *k, const struct fit_units *u, struct share *s)
{
	size_t per = 2 + k->negative;
	const struct nn_product p = {
		.m = u->n, .n = k->type_dim / 2, .k = k->dim, .over = 1, .beta = 1};

	for (size_t i = 0; i < u->n; i++)
		memcpy(s->own + i * k->dim, u->y + i * per * k->dim, k->dim * sizeof *s->own);
	nn_product(&p, s->own, u->extra + parts_of(k).w7, s->half);
}

/* Adds to dy of the first products, and to the slopes of W7. */
static void enter_back(const struct companion *k, const struct fit_units *u,
		       const struct share *s, nn_real *dy, nn_real *d)
{
	size_t half = k->type_dim / 2, per = 2 + k->negative;
	struct parts at = parts_of(k);
	const struct nn_product by_weights = {.transpose_a = true,
					      .m = k->dim,
					      .n = half,
					      .k = u->n,
					      .over = 1,
					      .beta = 1};
	const struct nn_product by_own = {
		.transpose_b = true, .m = u->n, .n = k->dim, .k = half, .over = 1};

	nn_product(&by_weights, s->own, s->dhalf, d + at.w7);
	nn_product(&by_own, s->dhalf, u->extra + at.w7, s->down);
	for (size_t i = 0; i < u->n; i++)
		nn_add(k->dim, s->down + i * k->dim, dy + i * per * k->dim);
}

static void transit(const struct companion *k, const struct fit_units *u, struct share *s)
{
	const struct nn_linear l4 = inner(k, u->extra), l5 = outer(k, u->extra);
	size_t per = 2 + k->negative, half = u->n * l4.to;

	for (size_t i = 0; i < u->n; i++)
		s->of_unit[i] = companion_type(k, u->row[i * per]);
	nn_rows(u->extra, (struct nn_ids){s->of_unit, u->n}, k->type_dim, s->phi);
	nn_linear(&l4, s->phi, u->n, s->half);
	if (k->by_product)
		enter(k, u, s);
	nn_relu(half, s->half);
	if (u->learning && k->dropout > 0)
		nn_dropout(half, k->dropout, u->rng, s->mask);
	else
		for (size_t i = 0; i < half; i++)
			s->mask[i] = 1;
	nn_hadamard(half, s->half, s->mask, s->half);
	nn_linear(&l5, s->half, u->n, s->gamma);
	memset(s->dgamma, 0, u->n * k->type_dim * sizeof *s->dgamma);
}

static void transit_back(const struct companion *k, const struct fit_units *u,
			 struct share *s, nn_real *dy, nn_real *d)
{
	const struct nn_linear l4 = inner(k, u->extra), l5 = outer(k, u->extra);
	struct parts p = parts_of(k);
	const struct nn_linear_slope by5 = {s->sum, s->sum + l5.from * l5.to, s->dhalf};
	const struct nn_linear_slope by4 = {s->sum, s->sum + l4.from * l4.to, s->dphi};
	size_t half = u->n * l4.to;

	nn_linear_back(&l5, (struct nn_back){s->half, s->dgamma, u->n}, &by5);
	nn_add(p.w6 - p.w5, s->sum, d + p.w5);
	nn_hadamard(half, s->dhalf, s->mask, s->dhalf);
	nn_relu_back(half, s->half, s->dhalf);
	if (k->by_product)
		enter_back(k, u, s, dy, d);
	nn_linear_back(&l4, (struct nn_back){s->phi, s->dhalf, u->n}, &by4);
	nn_add(p.w5 - p.w4, s->sum, d + p.w4);
	nn_rows_back(s->dphi, (struct nn_ids){s->of_unit, u->n}, k->type_dim, d);
}

/* Who looks at which units with what room. */
struct lookers {
	const struct companion *k;
	const struct fit_units *u;
	struct share *s;
};

static void look_back(const struct lookers *at, const nn_real *type, size_t rows, nn_real *d)
{
	const struct nn_linear l6 = look(at->k, at->u->extra);
	struct parts p = parts_of(at->k);
	const struct nn_linear_slope by6 = {at->s->sum, at->s->sum + l6.from * l6.to,
					    at->s->dtype};

	nn_linear_back(&l6, (struct nn_back){type, at->s->dproject, rows}, &by6);
	nn_add(p.w7 - p.w6, at->s->sum, d + p.w6);
}

/* --- hinges */

static double hinge_types(const struct companion *k, const struct fit_units *u,
			  struct share *s, nn_real *d)
{
	struct parts p = parts_of(k);
	size_t l = k->type_dim, per = 2 + k->negative;
	nn_real *own = s->type, *other = s->type + l, weight = (nn_real)(1 - k->alpha);
	double loss = 0;

	for (size_t i = 0; i < u->n; i++) {
		uint32_t right = companion_type(k, u->row[i * per + 1]);
		uint32_t wrong = k->types < 2 ? right :
				 (uint32_t)((right + 1 + rng_below(u->rng, k->types - 1)) %
					    k->types);

		for (unsigned side = 0; side < (wrong == right ? 1 : 2); side++) {
			size_t at = (side ? wrong : right) * l;

			loss += nn_hinge(&k->hinge, !side, l, s->gamma + i * l,
					 u->extra + p.phic + at, own, other);
			for (size_t j = 0; j < l; j++) {
				s->dgamma[i * l + j] += weight * own[j];
				d[p.phic + at + j] += weight * other[j];
			}
		}
	}
	return (1 - k->alpha) * loss;
}

static double hinge_items(const struct lookers *at, nn_real *dy, nn_real *d)
{
	const struct nn_linear l6 = look(at->k, at->u->extra);
	size_t n = at->k->dim, per = 2 + at->k->negative;
	double loss = 0;

	nn_linear(&l6, at->s->gamma, at->u->n, at->s->project);
	for (size_t i = 0; i < at->u->n; i++) {
		const nn_real *y = at->u->y + i * per * n, *p = at->s->project + i * n;
		nn_real *dyi = dy + i * per * n, *dp = at->s->dproject + i * n;

		nn_hadamard(n, y, p, at->s->a);
		memset(dyi, 0, n * sizeof *dyi);
		memset(dp, 0, n * sizeof *dp);
		for (unsigned j = 1; j < per; j++) {
			double weight = at->k->alpha / (j == 1 ? 1 : at->k->negative);
			nn_real *db = dyi + j * n;

			loss += weight * nn_hinge(&at->k->hinge, j == 1, n, at->s->a, y + j * n,
						  at->s->da, db);
			for (size_t x = 0; x < n; x++) {
				dyi[x] += (nn_real)weight * at->s->da[x] * p[x];
				dp[x] += (nn_real)weight * at->s->da[x] * y[x];
				db[x] *= (nn_real)weight;
			}
		}
	}
	look_back(at, at->s->gamma, at->u->n, d);
	nn_add(at->u->n * at->k->type_dim, at->s->dtype, at->s->dgamma);
	return loss;
}

/* --- contrasts */

/* Squared lengths of the categories' vectors, and -|gamma - phic|^2 of all units and
 * categories up to what is the same in a row: 2 gamma phic - |phic|^2. */
static void compare_types(const struct companion *k, const nn_real *phic, size_t n,
			  struct share *s)
{
	const struct nn_product p = {.transpose_b = true,
				     .m = n,
				     .n = k->types,
				     .k = k->type_dim,
				     .over = (nn_real).5};

	for (uint32_t w = 0; w < k->types; w++) {
		nn_real sum = 0;

		for (size_t j = 0; j < k->type_dim; j++)
			sum += phic[w * k->type_dim + j] * phic[w * k->type_dim + j];
		s->square[w] = sum;
	}
	nn_product(&p, s->gamma, phic, s->logit);
	for (size_t i = 0; i < n; i++)
		for (uint32_t w = 0; w < k->types; w++)
			s->logit[i * k->types + w] -= s->square[w];
}

/*
 * With x' the slopes by the logits, whose rows add up to 0:
 *	dgamma = 2 x' phic		dphic = 2 (x'' gamma - diag(sums of columns) phic)
 */
static double contrast_types(const struct companion *k, const struct fit_units *u,
			     struct share *s, nn_real *d)
{
	struct parts p = parts_of(k);
	size_t l = k->type_dim, per = 2 + k->negative;
	double loss = 0, weight = 1 - k->alpha;
	const struct nn_product by_gamma = {.m = u->n,
					    .n = l,
					    .k = k->types,
					    .over = (nn_real)(.5 / weight),
					    .beta = 1};
	const struct nn_product by_phic = {.transpose_a = true,
					   .m = k->types,
					   .n = l,
					   .k = u->n,
					   .over = (nn_real)(.5 / weight),
					   .beta = 1};
	const nn_real *phic = u->extra + p.phic;

	if (weight <= 0)
		return 0;
	compare_types(k, phic, u->n, s);
	memset(s->square, 0, k->types * sizeof *s->square);
	for (size_t i = 0; i < u->n; i++) {
		nn_real *x = s->logit + i * k->types;

		loss += nn_cross_entropy(k->types, x, companion_type(k, u->row[i * per + 1]),
					 x);
		nn_add(k->types, x, s->square);
	}
	nn_product(&by_gamma, s->logit, phic, s->dgamma);
	nn_product(&by_phic, s->logit, s->gamma, d + p.phic);
	for (uint32_t w = 0; w < k->types; w++)
		for (size_t j = 0; j < l; j++)
			d[p.phic + w * l + j] -= (nn_real)(2 * weight) * s->square[w] *
						 phic[w * l + j];
	return weight * loss;
}

static int ascending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* The products that are compared, ascending, each with its place: product << 32 | place. */
static uint64_t *put_in_order(const struct companion *k, const struct fit_units *u, size_t m)
{
	size_t per = 2 + k->negative, each = per - 1;
	uint64_t *order = k->order + u->worker * k->order_each;

	for (size_t c = 0; c < m; c++)
		order[c] = (uint64_t)u->row[c / each * per + 1 + c % each] << 32 | c;
	qsort(order, m, sizeof *order, ascending);
	return order;
}

struct drawn {
	const uint64_t *order;
	size_t m;
};

/* Logits of product b but at its place `own`: out. */
static void drop(struct drawn d, uint32_t b, size_t own, nn_real *logit)
{
	size_t i = sort_u64_before(d.order, d.m, (uint64_t)b << 32);

	for (; i < d.m && d.order[i] >> 32 == b; i++)
		if ((uint32_t)d.order[i] != own)
			logit[(uint32_t)d.order[i]] = (nn_real)-1e30;
}

/* Those that are linked with the product of unit i, or it itself, aren't held against it. */
static void leave_out(const struct companion *k, const struct fit_units *u,
		      const uint64_t *order, size_t i, size_t m, nn_real *logit)
{
	const struct links *l = k->links;
	size_t own = i * (1 + k->negative);
	uint32_t a = u->row[i * (2 + k->negative)];

	drop((struct drawn){order, m}, a, own, logit);
	for (uint64_t e = l->offsets[a]; e < l->offsets[a + 1]; e++)
		drop((struct drawn){order, m}, l->column[e], own, logit);
}

/* The categories that the compared products are of, each once. */
static void find_kinds(const struct companion *k, const struct fit_units *u, struct share *s)
{
	size_t per = 2 + k->negative, each = per - 1, m = u->n * each;
	uint32_t *place = k->place + (size_t)u->worker * k->types;

	for (size_t c = 0; c < m; c++) {
		uint32_t w = companion_type(k, u->row[c / each * per + 1 + c % each]);

		if (place[w] == 0) {
			s->kind[s->kinds] = w;
			place[w] = (uint32_t)++s->kinds;
		}
		s->of[c] = place[w] - 1;
	}
	for (size_t i = 0; i < s->kinds; i++)
		place[s->kind[i]] = 0;
}

/* Rows of the share but the first of each unit: their theta * P is b. */
static void look_at(const struct companion *k, const struct fit_units *u, struct share *s)
{
	const struct nn_linear l6 = look(k, u->extra);
	struct parts p = parts_of(k);
	size_t per = 2 + k->negative, each = per - 1, n = k->dim;

	find_kinds(k, u, s);
	nn_rows(u->extra + p.phic, (struct nn_ids){s->kind, s->kinds}, k->type_dim, s->type);
	nn_linear(&l6, s->type, s->kinds, s->project);
	for (size_t i = 0; i < u->n; i++) {
		memcpy(s->a + i * n, u->y + i * per * n, n * sizeof *s->a);
		for (size_t c = i * each; c < (i + 1) * each; c++)
			nn_hadamard(n, u->y + (c + i + 1) * n, s->project + s->of[c] * n,
				    s->b + c * n);
	}
}

/* From db to dy, and to the slopes by the projections of the categories. */
static void look_away(const struct lookers *at, nn_real *dy)
{
	const struct share *s = at->s;
	size_t each = 1 + at->k->negative, n = at->k->dim;

	memset(s->dproject, 0, s->kinds * n * sizeof *s->dproject);
	for (size_t i = 0; i < at->u->n; i++) {
		memcpy(dy + i * (each + 1) * n, s->da + i * n, n * sizeof *dy);
		for (size_t c = i * each; c < (i + 1) * each; c++) {
			const nn_real *y = at->u->y + (c + i + 1) * n, *db = s->db + c * n;
			nn_real *by = s->dproject + s->of[c] * n;

			nn_hadamard(n, db, s->project + s->of[c] * n, dy + (c + i + 1) * n);
			nn_hadamard_add(n, db, y, by);
		}
	}
}

static double contrast_items(const struct lookers *at, nn_real *dy, nn_real *d)
{
	size_t per = 2 + at->k->negative, each = per - 1, m = at->u->n * each, n = at->k->dim;
	const struct nn_product x = {.transpose_b = true,
				     .m = at->u->n,
				     .n = m,
				     .k = n,
				     .over = (nn_real)at->k->temperature};
	const struct nn_product by_a = {.m = at->u->n,
					.n = n,
					.k = m,
					.over = (nn_real)(at->k->temperature / at->k->alpha)};
	const struct nn_product by_b = {.transpose_a = true,
					.m = m,
					.n = n,
					.k = at->u->n,
					.over = (nn_real)(at->k->temperature / at->k->alpha)};
	const uint64_t *order = put_in_order(at->k, at->u, m);
	double loss = 0;

	look_at(at->k, at->u, at->s);
	nn_product(&x, at->s->a, at->s->b, at->s->logit);
	for (size_t i = 0; i < at->u->n; i++) {
		leave_out(at->k, at->u, order, i, m, at->s->logit + i * m);
		loss += nn_cross_entropy(m, at->s->logit + i * m, i * each,
					 at->s->logit + i * m);
	}
	nn_product(&by_a, at->s->logit, at->s->b, at->s->da);
	nn_product(&by_b, at->s->logit, at->s->a, at->s->db);
	look_away(at, dy);
	look_back(at, at->s->type, at->s->kinds, d);
	nn_rows_back(at->s->dtype, (struct nn_ids){at->s->kind, at->s->kinds}, at->k->type_dim,
		     d + parts_of(at->k).phic);
	return at->k->alpha * loss;
}

double companion_loss(void *ctx, const struct fit_units *u, nn_real *dy, nn_real *d)
{
	const struct companion *k = ctx;
	struct share s = share_of(k, u);
	double loss;

	transit(k, u, &s);
	if (k->loss == COMPANION_HINGE)
		loss = hinge_types(k, u, &s, d) +
		       hinge_items(&(struct lookers){k, u, &s}, dy, d);
	else
		loss = contrast_types(k, u, &s, d) +
		       contrast_items(&(struct lookers){k, u, &s}, dy, d);
	transit_back(k, u, &s, dy, d);
	return loss;
}

void companion_types(const struct companion *k, const nn_real *extra, nn_real *gamma,
		     nn_real *complement, nn_real *project)
{
	const struct nn_linear l4 = inner(k, extra), l5 = outer(k, extra), l6 = look(k, extra);
	struct parts p = parts_of(k);
	SCOPED_FREE nn_real *half = mem_alloc(k->types * l4.to * sizeof *half);

	nn_linear(&l4, extra + p.phi, k->types, half);
	nn_relu(k->types * l4.to, half);
	nn_linear(&l5, half, k->types, gamma);
	memcpy(complement, extra + p.phic, k->types * k->type_dim * sizeof *complement);
	nn_linear(&l6, complement, k->types, project);
}

void companion_way(const struct companion *k, const nn_real *extra, struct companion_way out)
{
	const struct nn_linear l4 = inner(k, extra);
	struct parts p = parts_of(k);

	assert(k->by_product);
	nn_linear(&l4, extra + p.phi, k->types, out.inner);
	memcpy(out.enter, extra + p.w7, (p.end - p.w7) * sizeof *extra);
	memcpy(out.outer, extra + p.w5, (p.w6 - p.w5) * sizeof *extra);
}
