/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text_fit: trains a transformer on texts alone. */
#ifndef LEARN_TEXT_FIT_H
#define LEARN_TEXT_FIT_H

#include "base/err.h"
#include "base/str.h"
#include "base/work.h"
#include "learn/transformer.h"

enum text_fit_by {
	TEXT_CROPS,	/* two pieces of a text belong together, those of others of the batch
			   don't (InfoNCE; Gao, Yao and Chen 2021 with crops for dropout) */
	TEXT_MASKED,	/* pieces that are hidden are guessed (Devlin et al. 2019) */
	TEXT_PAIRS,	/* as TEXT_CROPS, of two texts that belong together */
};

/* Whoever keeps what is learnt so far. */
struct text_keeper {
	void *ctx;
	bool (*due)(void *ctx);	/* now would be a time for it */
	void (*keep)(void *ctx, struct str state);
};

struct text_fit {
	enum text_fit_by by;
	const uint32_t *id;		/* pieces of all texts, without their ends */
	const uint64_t *offset;		/* (n + 1); no text is empty */
	uint32_t n;
	const uint32_t (*pair)[2];	/* (n_pairs) texts, of TEXT_PAIRS */
	size_t n_pairs;
	uint32_t first, last, mask;	/* [CLS], [SEP], [MASK] */
	unsigned batch, epochs;
	double rate, decay, temperature;	/* AdamW: warmed up for a twentieth, then to 0 */
	uint64_t seed;
	const struct text_keeper *keeper;	/* asked after every batch; NULL: nobody */
	struct str state;		/* that was kept of this very task: it goes on from there to
					   the same bytes. Another length: it begins anew */
};

/* theta and table are learnt on; loss (epochs): means. One thread, so that one seed gives the
 * same bytes. Call blas_load before. ERR_NOMEM, ERR_CANCELLED. */
bool text_fit(const struct transformer *t, nn_real *theta, nn_real *table,
	      const struct text_fit *f, double *loss, struct work work, struct err *err);

#endif
