/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * canopy_body: a block of rows under all trees, once per kind of processor: NAME(f) names a
 * function, TARGET says what it may use, LANES floats fill a register. x (2 columns, BLOCK).
 */
#define VEC NAME(vec)
#define INTS NAME(ints)
#define REGISTERS (BLOCK / LANES)
typedef float VEC __attribute__((vector_size(LANES * 4), aligned(4), may_alias));
typedef int32_t INTS __attribute__((vector_size(LANES * 4), aligned(4), may_alias));

TARGET static void NAME(block)(const struct canopy *c, const float *x, float *score)
{
	for (uint32_t t = 0; t < c->f.trees; t++) {
		const float *leaf = c->leaf + (size_t)t * LEAVES;
		uint32_t at[BLOCK];
		INTS open[REGISTERS];

		for (unsigned j = 0; j < REGISTERS; j++)
			open[j] = (INTS){0} - 1;
		for (uint32_t i = c->first[t]; i < c->first[t + 1]; i++) {
			const struct split *s = &c->split[i];
			const VEC *v = (const VEC *)(x + (size_t)s->column * BLOCK);
			const VEC number = (VEC){0} + s->number;
			const INTS right = (INTS){0} + (int32_t)s->right;

			for (unsigned j = 0; j < REGISTERS; j++)
				open[j] &= (INTS)(v[j] < number) | right;
		}
		memcpy(at, open, sizeof at);
		for (unsigned r = 0; r < BLOCK; r++)
			score[r] += leaf[__builtin_ctz(at[r])];
	}
}

#undef VEC
#undef INTS
#undef REGISTERS
