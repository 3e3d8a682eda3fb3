/* SPDX-License-Identifier: GPL-3.0-or-later */
/* smooth: exponentials and what is made of them, of many floats, as networks need them. */
#ifndef MATH_SMOOTH_H
#define MATH_SMOOTH_H

#include <stddef.h>

/* x (n) becomes exp(x), within 2e-7 of it as a share; below -87 it is 0, above 88 that of 88. */
void smooth_exp(size_t n, float *x);
/* x (n) becomes tanh(x), within 2e-7. */
void smooth_tanh(size_t n, float *x);

/* One implementation for a kind of processor; they differ in the last bits. */
struct smooth_kernel {
	const char *name;
	void (*exp)(size_t n, float *x);
	void (*tanh)(size_t n, float *x);
};
/* All that this processor runs, the plain one first, to *rows. Returns how many. */
size_t smooth_all(const struct smooth_kernel **rows);

#endif
