/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a synthetic shop sells: categories, brands, groups and products. */
#include "config.h"

#include "synth/synth_impl.h"

#include <limits.h>
#include <stdlib.h>

#include "base/mem.h"
#include "synth/words.h"

#define PRODUCTS_PER_LEAF 20	/* wanted; all leaves are used in a big shop */
#define LEAVES_MIN 6
#define COLD_PERCENT 8
#define FIRST_CATEGORY UINT64_C(2053013552259662037)

/* --- which leaves the shop has */

/* Leaves are taken by following complements from the first one, so that a small
 * shop too holds what goes together. chosen[i]: words_leaves[i] is in. */
static void choose_leaves(bool *chosen, unsigned wanted)
{
	SCOPED_FREE unsigned *queue = mem_alloc(words_n_leaves * sizeof *queue);
	unsigned head = 0, tail = 0, next = 0;

	while (tail < wanted) {
		struct str rest, name;

		if (head == tail) {
			while (chosen[next])
				next++;
			chosen[next] = true;
			queue[tail++] = next;
		}
		rest = str_from(words_leaves[queue[head++]].complements);
		while (tail < wanted && str_next(&rest, '|', &name)) {
			unsigned i = words_find(name);

			if (i != UINT_MAX && !chosen[i]) {
				chosen[i] = true;
				queue[tail++] = i;
			}
		}
	}
}

void synth_create_leaves(struct synth *s)
{
	SCOPED_FREE bool *chosen = mem_zalloc(words_n_leaves);
	unsigned wanted = s->n_products / PRODUCTS_PER_LEAF;
	uint32_t last = SYNTH_NONE;

	wanted = wanted < LEAVES_MIN ? LEAVES_MIN : wanted;
	wanted = wanted > words_n_leaves ? words_n_leaves : wanted;
	choose_leaves(chosen, wanted);
	s->leaves = mem_zalloc(wanted * sizeof *s->leaves);
	s->departments = mem_zalloc(words_n_departments * sizeof *s->departments);
	for (unsigned i = 0; i < words_n_leaves; i++) {
		struct synth_leaf *l = &s->leaves[s->n_leaves];
		uint32_t d = words_department_of(&words_leaves[i]);

		if (!chosen[i])
			continue;
		if (d != last)
			s->departments[s->n_departments++].words = last = d;
		l->words = i;
		l->department = s->n_departments - 1;
		l->coded = s->n_leaves % 25 != 17;
		s->n_leaves++;
	}
}

uint32_t synth_find_leaf(const struct synth *s, struct str name)
{
	unsigned words = words_find(name);

	for (uint32_t i = 0; i < s->n_leaves; i++)
		if (s->leaves[i].words == words)
			return i;
	return SYNTH_NONE;
}

/* Products, in unequal shares, to leaves; ids as in a real log. */
void synth_size_leaves(struct synth *s, struct rng *r)
{
	SCOPED_FREE uint64_t *share = mem_zalloc((s->n_leaves + 1) * sizeof *share);

	for (uint32_t i = 0; i < s->n_leaves; i++)
		share[i + 1] = share[i] + 64 + rng_below(r, 97);
	for (uint32_t i = 0; i < s->n_leaves; i++) {
		struct synth_leaf *l = &s->leaves[i];
		struct synth_department *d = &s->departments[l->department];
		uint64_t id = FIRST_CATEGORY + (i + 1) * (UINT64_C(1) << 27) +
			      rng_below(r, 1 << 26);

		l->product = (uint32_t)(s->n_products * share[i] / share[s->n_leaves]);
		l->product_end =
			(uint32_t)(s->n_products * share[i + 1] / share[s->n_leaves]);
		if (d->product_end == 0)
			d->product = l->product;
		d->product_end = l->product_end;
		for (unsigned k = 19; k-- > 0; id /= 10)
			l->id[k] = (char)('0' + id % 10);
	}
}

/* --- groups and products */

void synth_create_brands(struct synth *s)
{
	uint32_t per_tier = s->n_products / 16 / (SYNTH_TIERS * s->n_departments);
	uint32_t most = WORDS_BRANDS / (SYNTH_TIERS * s->n_departments);

	per_tier = per_tier < 2 ? 2 : per_tier > most ? most : per_tier;
	s->n_brands = per_tier * SYNTH_TIERS * s->n_departments;
	s->brands = mem_zalloc(s->n_brands * sizeof *s->brands);
	for (uint32_t i = 0; i < s->n_brands; i++) {
		STRBUF(name);

		words_brand(&name, (unsigned)((i * UINT64_C(432) + s->seed % WORDS_BRANDS) %
					      WORDS_BRANDS));
		s->brands[i].len = (uint8_t)name.len;
		memcpy(s->brands[i].name, name.ptr, name.len);
	}
}

/* A brand of a department and mostly of the tier; the first ones are larger. */
static uint16_t draw_brand(const struct synth *s, struct rng *r, uint32_t department,
			   uint32_t tier)
{
	uint32_t per_tier = s->n_brands / (SYNTH_TIERS * s->n_departments);
	uint64_t a = rng_below(r, per_tier), b = rng_below(r, per_tier);

	if (rng_below(r, 10) == 0)
		return SYNTH_NO_BRAND;
	if (rng_below(r, 4) == 0)
		tier = (uint32_t)rng_below(r, SYNTH_TIERS);
	a = a < b ? a : b;
	return (uint16_t)((a * SYNTH_TIERS + tier) * s->n_departments + department);
}

/* Numeric ids in no order: a step that has no factor in common with the range
 * visits every number once. */
static void product_id(const struct synth *s, uint32_t i, struct synth_product *p)
{
	uint64_t range = s->n_products <= 9000000 ? 9000000 : 9000000000;
	uint64_t id = range / 9 + (i * UINT64_C(7654321) + s->seed % range) % range;
	char digits[20];
	unsigned n = 0;

	for (; id > 0; id /= 10)
		digits[n++] = (char)('0' + id % 10);
	p->id_len = (uint8_t)n;
	for (unsigned k = 0; k < n; k++)
		p->id[k] = digits[n - 1 - k];
}

/* The products of one group: families of one to three variants. Prices are near
 * the group's own. */
static void fill_group(struct synth *s, struct rng *r, uint32_t g, uint32_t cents,
		       uint32_t *code)
{
	const struct synth_group *group = &s->groups[g];
	const struct synth_leaf *leaf = &s->leaves[group->leaf];
	const struct words_leaf *words = &words_leaves[leaf->words];
	unsigned kinds = words_count(words->kinds), looks = words_count(words->looks);
	unsigned sizes = words_count(words->sizes);
	unsigned kind = (unsigned)rng_below(r, kinds), size = (unsigned)rng_below(r, 64);
	unsigned family = 0, left = 0, look = 0;

	for (uint32_t i = group->product; i < group->product_end; i++) {
		struct synth_product *p = &s->products[i];

		product_id(s, i, p);
		p->group = g;
		if (left-- > 0) {
			p->cents = p[-1].cents;
			p->brand = p[-1].brand;
		} else {
			left = looks > 2 && rng_below(r, 10) < 3 ?
				       1 + (unsigned)rng_below(r, 2) : 0;
			look = (unsigned)rng_below(r, 64);
			p->cents = synth_price_point(
				(uint32_t)(cents * (92 + rng_below(r, 17)) / 100));
			p->brand = draw_brand(s, r, leaf->department, group->tier);
			++*code;
			family++;
		}
		p->code = *code;
		p->kind = (uint8_t)((kind + family) % kinds);
		p->size = (uint8_t)(sizes ? (size + family + family / kinds) % sizes : 0);
		p->look = (uint8_t)(looks ? (look + left) % looks : 0);
		p->cold = i > group->product && rng_below(r, 100) < COLD_PERCENT;
	}
}

/* Split [from, end) into groups; returns the end of the first. */
static uint32_t group_end(struct rng *r, uint32_t from, uint32_t end)
{
	uint32_t left = end - from, size = 5 + (uint32_t)rng_below(r, 7);

	if (left <= SYNTH_GROUP_MAX)
		return end;
	if (left - size < SYNTH_GROUP_MIN)
		size = left / 2;
	return from + size;
}

void synth_create_groups(struct synth *s, struct rng *r)
{
	uint32_t code = 100000;

	for (uint32_t i = 0; i < s->n_leaves; i++) {
		struct synth_leaf *l = &s->leaves[i];
		const struct words_leaf *w = &words_leaves[l->words];
		unsigned spread =
			words_departments[s->departments[l->department].words].spread;

		l->group = s->n_groups;
		for (uint32_t p = l->product; p < l->product_end;) {
			struct synth_group *g = &s->groups[s->n_groups++];

			*g = (struct synth_group){i, p, group_end(r, p, l->product_end), 0};
			p = g->product_end;
		}
		l->group_end = s->n_groups;
		for (uint32_t g = l->group; g < l->group_end; g++) {
			uint64_t n = l->group_end - l->group;
			uint64_t q = ((g - l->group) * 256 + rng_below(r, 256)) / n;

			s->groups[g].tier = (uint32_t)(q * SYNTH_TIERS / 256);
			fill_group(s, r, g, synth_lognormal(w->cents, spread, (unsigned)q),
				   &code);
		}
	}
}
