/* SPDX-License-Identifier: GPL-3.0-or-later */
/* resume: what a store keeps of its import so that files can be added later. */
#ifndef IMPORT_RESUME_H
#define IMPORT_RESUME_H

#include "base/err.h"
#include "store/array.h"

struct store;

#define RESUME_TYPE_U8 const uint8_t *
#define RESUME_TYPE_U32 const uint32_t *
#define RESUME_TYPE_U64 const uint64_t *
#define RESUME_TYPE_I64 const int64_t *
#define RESUME_TYPE_F32 const float *

/* Borrowed from the store; NULL (of texts: offsets NULL) where it has none. */
struct resume {
#define RESUME_ARRAY(field, name, type) RESUME_TYPE_##type field;
#define RESUME_TEXT(field, name) struct text field;
#include "import/resume.def"
#undef RESUME_ARRAY
#undef RESUME_TEXT
};

/* ERR_STORE for a store that keeps nothing for it, or something else. facts: F. */
bool resume_bind(struct resume *r, const struct store *s, unsigned facts, struct err *err);

#endif
