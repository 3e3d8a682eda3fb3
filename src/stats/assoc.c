/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Point probabilities by Loader's saddle-point expansion ("Fast and accurate
 * computation of binomial probabilities", 2000): the hypergeometric term as three
 * binomial ones, each of small terms, so nothing cancels when N is in the
 * millions. G2 = 2 sum O ln(O/E) is summed as 2 sum D(O, E) with the same
 * deviance D(x, m) = x ln(x/m) + m - x >= 0: the extra terms add up to zero.
 */
#include "config.h"

#include "stats/assoc.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/scope.h"
#include "stats/lift.h"

#define Z95 1.959963984540054

/* ln x! - Stirling's formula. */
static double stirling_error(double x)
{
	static const double small[16] = {
		0.0, 0.0810614667953272582, 0.0413406959554092941,
		0.0276779256849983391, 0.0207906721037650931, 0.0166446911898211922,
		0.0138761288230707480, 0.0118967099458917701, 0.0104112652619720965,
		0.00925546218271273292, 0.00833056343336287126,
		0.00757367548795184079, 0.00694284010720952987,
		0.00640899418800420707, 0.00595137011275884774,
		0.00555473355196280137,
	};
	double r, r2;

	if (x < 16)
		return small[(unsigned)x];
	r = 1 / x;
	r2 = r * r;
	return r * (1.0 / 12 - r2 * (1.0 / 360 - r2 * (1.0 / 1260 - r2 / 1680)));
}

/* x ln(x/m) + m - x, also where x is close to m. */
static double deviance(double x, double m)
{
	double d = x - m, v, s, e, v2;

	if (x == 0)
		return m;
	if (fabs(d) >= 0.1 * (x + m))
		return x * log(x / m) - d;
	v = d / (x + m);
	s = d * v;
	e = 2 * x * v;
	v2 = v * v;
	for (unsigned j = 1; j < 100; j++) {
		double next;

		e *= v2;
		next = s + e / (2 * j + 1);
		if (next == s)
			break;
		s = next;
	}
	return s;
}

/* ln of the binomial term (x of n, p = m / n given as both means) without the
 * square root, which the callers multiply in: *root takes 2 pi x (n - x) / n. */
static double binomial_log(double x, double n, double mean, double rest, double *root)
{
	if (x == 0)
		return -deviance(n, rest) - mean;
	if (x == n)
		return -deviance(n, mean) - rest;
	*root *= 2 * M_PI * x * ((n - x) / n);
	return stirling_error(n) - stirling_error(x) - stirling_error(n - x) -
	       deviance(x, mean) - deviance(n - x, rest);
}

/* P(X = n) where n_b of N are drawn and n_a of N count. */
static double hypergeometric(const struct assoc_counts *c)
{
	double n = (double)c->n, a = (double)c->n_a, b = (double)c->n_b;
	double all = (double)c->n_all, p = b / all, up = 1, down = 1, ln;

	if (c->n_b == c->n_all || c->n_a == c->n_all)
		return 1;
	ln = binomial_log(n, a, a * p, a * (1 - p), &down) +
	     binomial_log(b - n, all - a, (all - a) * p, (all - a) * (1 - p), &down) -
	     binomial_log(b, all, b, all - b, &up);
	return exp(ln) * sqrt(up / down);
}

/* P(X > n) for up, P(X < n) otherwise, from the term at n. */
static double tail(const struct assoc_counts *c, double term, bool up)
{
	double x = (double)c->n, a = (double)c->n_a, b = (double)c->n_b;
	double other = (double)c->n_all - a - b, sum = 0;

	while (term > 0) {
		if (up) {
			term *= (a - x) * (b - x) / ((x + 1) * (other + x + 1));
			x++;
		} else {
			term *= x * (other + x) / ((a - x + 1) * (b - x + 1));
			x--;
		}
		sum += term;
		if (term < sum * 1e-17)
			break;
	}
	return sum;
}

static double exact_p(const struct assoc_counts *c)
{
	double term = hypergeometric(c);
	double mean = (double)c->n_a * (double)c->n_b / (double)c->n_all;
	double p = 2 * (tail(c, term, (double)c->n >= mean) + term / 2);

	return p > 1 ? 2 - p > 0 ? fmin(1, 2 - p) : 0 : p;
}

/* Unsigned: the sign is that of n - expected. */
static double g_squared(const struct assoc_counts *c)
{
	double n = (double)c->n, a = (double)c->n_a, b = (double)c->n_b;
	double all = (double)c->n_all, g;

	g = deviance(n, a * b / all) + deviance(a - n, a * (all - b) / all) +
	    deviance(b - n, (all - a) * b / all) +
	    deviance(all - a - b + n, (all - a) * (all - b) / all);
	return 2 * g;
}

/* Where order matters (bought after it was viewed, viewed next) the margins may leave
 * room for fewer than any table has: these count as the fewest. */
static struct assoc_counts as_table(const struct assoc_counts *c)
{
	struct assoc_counts t = *c;

	if (t.n + t.n_all < t.n_a + t.n_b)
		t.n = t.n_a + t.n_b - t.n_all;
	return t;
}

static bool testable(const struct assoc_counts *c)
{
	return c->n_a > 0 && c->n_b > 0 && c->n_a < c->n_all && c->n_b < c->n_all;
}

static double least_expected(const struct assoc_counts *c)
{
	uint64_t a = c->n_a < c->n_all - c->n_a ? c->n_a : c->n_all - c->n_a;
	uint64_t b = c->n_b < c->n_all - c->n_b ? c->n_b : c->n_all - c->n_b;

	return (double)a * (double)b / (double)c->n_all;
}

double assoc_p(const struct assoc_counts *c)
{
	const struct assoc_counts t = as_table(c);

	if (c->n_a == 0 || c->n_b == 0 || c->n_all == 0)
		return NAN;
	if (!testable(c))
		return 1;
	if (least_expected(c) < 5)
		return exact_p(&t);
	return erfc(sqrt(g_squared(&t) / 2));
}

/* Wilson 1927: the values of the share that a score test does not reject. */
void assoc_wilson(uint64_t k, uint64_t n, double *low, double *high)
{
	double p, z2n, mid, half;

	assert(low && high);
	if (n == 0) {
		*low = 0;
		*high = 1;
		return;
	}
	p = (double)k / (double)n;
	z2n = Z95 * Z95 / (double)n;
	mid = p + z2n / 2;
	half = Z95 * sqrt(p * (1 - p) / (double)n + z2n / (4 * (double)n));
	*low = k == 0 ? 0 : (mid - half) / (1 + z2n);
	*high = k == n ? 1 : (mid + half) / (1 + z2n);
}

void assoc_compute(const struct assoc_counts *c, struct assoc *a)
{
	double n = (double)c->n, na = (double)c->n_a, nb = (double)c->n_b;
	double all = (double)c->n_all;
	const struct assoc_counts t = as_table(c);

	*a = (struct assoc){NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
	if (c->n_all == 0)
		return;
	a->support = n / all;
	if (c->n_a == 0)
		return;
	a->confidence = n / na;
	assoc_wilson(c->n, c->n_a, &a->confidence_low, &a->confidence_high);
	if (c->n_b == 0)
		return;
	a->lift = n * all / (na * nb);
	lift_interval(c, &a->lift_low, &a->lift_high);
	a->pmi = c->n ? log2(a->lift) : NAN;
	a->leverage = n / all - na / all * (nb / all);
	a->conviction = c->n == c->n_a ? c->n_b == c->n_all ? NAN : INFINITY :
			(1 - nb / all) / (1 - a->confidence);
	a->g2 = testable(c) ? g_squared(&t) : 0;
	if (n * all < na * nb)
		a->g2 = -a->g2;
	a->p = assoc_p(c);
}

struct ranked {
	double p;
	size_t at;
};

static int by_p(const void *x, const void *y)
{
	const struct ranked *a = x, *b = y;

	return a->p < b->p ? -1 : a->p > b->p;
}

/* Benjamini and Hochberg 1995, step-up: q(i) = min over j >= i of p(j) m / j. */
bool assoc_bh(const double *p, double *q, size_t n, double family)
{
	SCOPED_FREE struct ranked *r = mem_big(n, sizeof *r, "p-values", NULL);
	double least = 1;

	if (!r)
		return false;
	for (size_t i = 0; i < n; i++)
		r[i] = (struct ranked){isnan(p[i]) ? 1 : p[i], i};
	qsort(r, n, sizeof *r, by_p);
	for (size_t i = n; i-- > 0;) {
		least = fmin(least, r[i].p * family / (double)(i + 1));
		q[r[i].at] = least;
	}
	return true;
}

/* Step s ends at exp((s - (Q_STEPS - 1)) * width); step 0 takes all below. */
#define Q_SPAN 690.77552789821368	/* -ln 1e-300 */
#define Q_WIDTH (Q_SPAN / (Q_STEPS - 1))

unsigned assoc_q_step(double p)
{
	double below;

	if (!(p < 1))
		return Q_STEPS - 1;
	if (p <= 1e-300)
		return 0;
	below = floor(-log(p) / Q_WIDTH);
	return below >= Q_STEPS - 1 ? 0 : Q_STEPS - 1 - (unsigned)below;
}

/* ln 2: p is twice a tail. */
#define LN2 0.69314718055994531
/* Of tails: what is left out, and how far from a step's end (in steps) p is sure of its
 * step in spite of that. */
#define TAIL_REST 1e-9
#define STEP_MARGIN 1e-5
#define TAIL_TERMS 4	/* of rest_of */

/* A probability of few among many: ln P(n) = own[a] + own[b] + fall[a + b - n] -
 * factorial[n] - factorial[a - n] - factorial[b - n]. */
static void make_tables(struct assoc_tally *t)
{
	double factorial = 0, fall = 0;

	for (unsigned i = 0; i < 2 * ASSOC_FEW; i++) {
		t->fall[i] = fall;
		fall += i < t->n_all ? log((double)(t->n_all - i)) : 0;
		if (i >= ASSOC_FEW)
			continue;
		factorial += i ? log(i) : 0;
		t->factorial[i] = factorial;
		t->own[i] = factorial - t->fall[i];
	}
}

static void tally_exact(struct assoc_tally *t, const struct assoc_counts *c, uint64_t pairs)
{
	t->histogram[assoc_q_step(assoc_p(c))] += pairs;
}

/* The next terms of a tail, over its first one: the sum so far and the term that it ends
 * with go on from the i-th. */
static double further(const struct assoc_tail *x, double sum, double term, double i)
{
	while (term > sum * TAIL_REST) {
		term *= (x->p - i) * (x->q - i) / ((x->r + 1 + i) * (x->s + 1 + i));
		sum += term;
		i++;
	}
	return sum;
}

/* A tail's terms over its first one: u1 / v1 (1 + u2 / v2 (1 + u3 / v3 (1 + u4 / v4))), with
 * one division, as few have more that matter. */
static double rest_of(const struct assoc_tail *x)
{
	double p = x->p, q = x->q, r = x->r + 1, s = x->s + 1;
	double u2 = (p - 1) * (q - 1), u3 = (p - 2) * (q - 2), u4 = (p - 3) * (q - 3);
	double v2 = (r + 1) * (s + 1), v3 = (r + 2) * (s + 2), v4 = (r + 3) * (s + 3);
	double over = p * q, under = r * s * v2 * (v3 * v4);
	double sum = over * (v2 * (v3 * v4) + u2 * (v3 * v4 + u3 * (v4 + u4)));
	double last = over * u2 * (u3 * u4);

	/* Where p or q reaches 0 the tail is over, and what follows in the sum is 0 too. */
	if (last > sum * TAIL_REST)
		return further(x, sum / under, last / under, TAIL_TERMS);
	return sum / under;
}

static void take_waiting(struct assoc_tally *t)
{
	for (unsigned k = 0; k < t->waits; k++) {
		const struct assoc_tail *x = &t->waiting[k];
		double at = -(LN2 + x->ln + log(rest_of(x) + 0.5)) * (1 / Q_WIDTH), part;
		unsigned below;

		if (!(at >= 1 && at < Q_STEPS - 1)) {
			tally_exact(t, &x->counts, x->pairs);
			continue;
		}
		below = (unsigned)at;
		part = at - below;
		if (part < STEP_MARGIN || part > 1 - STEP_MARGIN)
			tally_exact(t, &x->counts, x->pairs);
		else
			t->histogram[Q_STEPS - 1 - below] += x->pairs;
	}
	t->waits = 0;
}

void assoc_tally_alike(struct assoc_tally *t, const struct assoc_counts *c, uint64_t pairs)
{
	struct assoc_tail *x = &t->waiting[t->waits];
	double a = (double)c->n_a, b = (double)c->n_b, n = (double)c->n;
	double mean = a * b / (double)c->n_all;

	assert(t->n_all == c->n_all);
	if (c->n_a >= ASSOC_FEW || c->n_b >= ASSOC_FEW || c->n_a + c->n_b > c->n_all / 2 ||
	    !(mean < 5) || c->n > c->n_a || c->n > c->n_b || mean == 0) {
		tally_exact(t, c, pairs);
		return;
	}
	if (t->fall[1] == 0)
		make_tables(t);
	x->counts = *c;
	x->pairs = pairs;
	x->ln = t->own[c->n_a] + t->own[c->n_b] + t->fall[c->n_a + c->n_b - c->n] -
		t->factorial[c->n] - t->factorial[c->n_a - c->n] -
		t->factorial[c->n_b - c->n];
	if (n >= mean) {
		x->p = a - n;
		x->q = b - n;
		x->r = n;
		x->s = (double)c->n_all - a - b + n;
	} else {
		x->r = a - n;
		x->s = b - n;
		x->p = n;
		x->q = (double)c->n_all - a - b + n;
	}
	if (++t->waits == ASSOC_WAITING)
		take_waiting(t);
}

/* Those together once of all n tallies, through the first one. */
static void end_once(struct assoc_tally *t, unsigned n)
{
	uint64_t most = 0;

	for (unsigned k = 0; k < n; k++) {
		most = t[k].most > most ? t[k].most : most;
		t->n_all = t[k].n_all ? t[k].n_all : t->n_all;
	}
	for (uint64_t more = 0; more <= most; more++)
		for (uint64_t few = 0; few < ASSOC_ONCE && few <= more; few++) {
			struct assoc_counts c = {1, few, more, t->n_all};
			uint64_t pairs = 0;

			for (unsigned k = 0; k < n; k++)
				pairs += t[k].once[more * ASSOC_ONCE + few];
			if (pairs)
				assoc_tally_alike(t, &c, pairs);
		}
}

void assoc_tally_end(struct assoc_tally *t, unsigned n)
{
	end_once(t, n);
	for (unsigned k = 0; k < n; k++) {
		take_waiting(&t[k]);
		for (size_t i = 0; k && i < Q_STEPS; i++)
			t->histogram[i] += t[k].histogram[i];
	}
}

void assoc_q_table(const uint64_t *histogram, double family, double *q)
{
	uint64_t seen = 0;
	double least = 1;

	for (unsigned s = 0; s < Q_STEPS; s++) {
		double end = exp(((double)s - (Q_STEPS - 1)) * Q_WIDTH);

		seen += histogram[s];
		q[s] = seen ? end * family / (double)seen : 1;
	}
	for (unsigned s = Q_STEPS; s-- > 0;)
		q[s] = least = fmin(least, q[s]);
}
