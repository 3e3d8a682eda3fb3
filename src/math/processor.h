/* SPDX-License-Identifier: GPL-3.0-or-later */
/* processor: which of the machine codes this processor can run. */
#ifndef MATH_PROCESSOR_H
#define MATH_PROCESSOR_H

/* Of plain C, AVX2 with FMA and AVX-512 (F, DQ, VL), in this order, how many run here:
 * 1 to 3; 1 where the processor is of another kind. */
unsigned processor_rows(void);
/* A row for each of those that are compiled, ROW(name), in that order. */
#ifdef __x86_64__
#define PROCESSOR_TABLE(ROW) {ROW(plain), ROW(avx2), ROW(avx512)}
#else
#define PROCESSOR_TABLE(ROW) {ROW(plain)}
#endif

#endif
