/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shortest: the fewest decimal digits that read back as the same double. */
#ifndef BASE_SHORTEST_H
#define BASE_SHORTEST_H

#include <stdint.h>

/* x > 0 and finite: x is read back from *digits * 10^exponent. *digits has no
 * trailing zero and at most 17 digits; of the numbers with as few digits it is
 * the nearest to x, even where two are as near. Integer arithmetic only, some
 * 20 ns. Source: R. Giulietti, "The Schubfach way to render doubles" (2021). */
void shortest(double x, uint64_t *digits, int *exponent);

#endif
