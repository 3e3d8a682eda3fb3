/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crc32c: the checksum of arrays on disk (Castagnoli polynomial, as in iSCSI). */
#ifndef BASE_CRC32C_H
#define BASE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* The CRC-32C of n bytes; seed is 0, or the result for what came before, so
 * crc32c(crc32c(0, a), b) is that of a and b in a row. By the processor's own
 * instruction where it has one. */
uint32_t crc32c(uint32_t seed, const void *p, size_t n);
/* The same by table, on any machine: what the other one is tested against. */
uint32_t crc32c_table(uint32_t seed, const void *p, size_t n);

#endif
