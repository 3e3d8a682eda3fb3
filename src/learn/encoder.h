/* SPDX-License-Identifier: GPL-3.0-or-later */
/* encoder: vectors of texts by a published transformer of BERT's type. */
#ifndef LEARN_ENCODER_H
#define LEARN_ENCODER_H

#include <stddef.h>

#include "base/err.h"
#include "base/scope.h"
#include "base/str.h"
#include "base/work.h"
#include "learn/transformer.h"

struct encoder;

/*
 * A folder as published: model.safetensors, vocab.txt, config.json, and where they are
 * there modules.json (pooling, length 1), 1_Pooling/config.json, tokenizer_config.json
 * and sentence_bert_config.json. Weights are mapped, not copied. ERR_NO names a file that
 * is missing, ERR_FORMAT a kind of encoder that isn't read. Loads BLAS.
 */
bool encoder_open(struct encoder **e, const char *folder, struct err *err);
/* Of a transformer that was trained here, with its pieces of words; theta and table must outlive
 * it. Vectors are means, of length 1. Errors as of wordpiece_make; ERR_NOMEM. */
bool encoder_of(struct encoder **e, const struct transformer *t,
		struct transformer_weights w, struct strs pieces, struct err *err);
void encoder_destroy(struct encoder *e);
SCOPED_DEFINE(encoder)

unsigned encoder_width(const struct encoder *e);	/* of its vectors */

/*
 * out (n, width): a vector for each text; of length 1 where the folder says so. Texts
 * longer than it reads are cut. Packed without padding into batches that depend on the
 * texts alone: the same bytes for any number of threads. The caller says the job's step;
 * progress is in texts.
 * ERR_CANCELLED, ERR_NOMEM.
 */
bool encoder_encode(const struct encoder *e, const struct str *text, size_t n, float *out,
		    struct work work, struct err *err);

#endif
