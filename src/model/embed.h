/* SPDX-License-Identifier: GPL-3.0-or-later */
/* embed: what the models have in common that are trained by word2vec. */
#ifndef MODEL_EMBED_H
#define MODEL_EMBED_H

#include "base/work.h"
#include "learn/word2vec.h"
#include "model/lesson.h"
#include "model/model.h"
#include "model/sequences.h"

/* What word2vec is to do, by the parameters. */
struct word2vec_options embed_options(const struct params *p);
/* Sequences in memory as a corpus; q must outlive it. */
void embed_sequences(struct corpus *c, const struct sequences *q, uint32_t n_products);
/* Train, and put "vectors" F32 (products, dim) and the losses into the sink. */
bool embed_train(const struct corpus *c, const struct lesson *l, struct err *err);
/* model_class.train of deepwalk and node2vec: the graph of products that stand next to
 * each other in sequences, walks over it, vectors of the walks. */
bool embed_train_walks(const struct lesson *l, struct err *err);

#endif
