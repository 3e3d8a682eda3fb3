/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An errand that gives way to all others opens the models of an edition once and asks them; what
 * they said of one product stays until another one is under review. */
#include "config.h"

#include "tui/judging.h"

#include <stdlib.h>

#include "base/mem.h"
#include "suggest/opinion.h"
#include "tui/errand.h"

#define SECONDS 2.0	/* after which no model is begun with */

struct judging {
	struct errand errand;
	struct edition *edition;	/* a reference: whose models are open; NULL: none are */
	bool opened;
	struct judges judges;
	uint32_t product;	/* that is being asked about */
	struct opinions said;	/* by the errand while it is busy */
	bool known;		/* they are of `product` */
};

bool judging_create(struct judging **out, struct err *err)
{
	struct judging *j = mem_zalloc(sizeof *j);

	j->product = CATALOG_NONE;
	j->errand.gives_way = true;
	if (!errand_open(&j->errand, err)) {
		free(j);
		return false;
	}
	*out = j;
	return true;
}

static void ask(void *ctx)
{
	struct judging *j = ctx;
	struct err err;

	if (!j->opened)
		judges_open(&j->judges, j->edition->store);
	j->opened = true;
	j->known = opinions_ask(&j->said, &j->judges, j->edition->store, j->product, SECONDS,
				&j->errand.job, &err);
}

static void close_models(struct judging *j)
{
	judges_finish(&j->judges);
	edition_destroy(j->edition);
	j->edition = NULL;
	j->opened = j->known = false;
	j->product = CATALOG_NONE;
}

void judging_destroy(struct judging *j)
{
	if (!j)
		return;
	errand_close(&j->errand);
	close_models(j);
	free(j);
}

int judging_fd(const struct judging *j)
{
	return j->errand.done;
}

bool judging_busy(const struct judging *j)
{
	return j->errand.busy;
}

bool judging_take(struct judging *j)
{
	return errand_take(&j->errand);
}

static void start(struct judging *j, struct edition *edition, uint32_t product)
{
	if (j->edition != edition)
		close_models(j);
	if (!j->edition)
		j->edition = edition_ref(edition);
	j->product = product;
	j->known = false;
	(void)errand_start(&j->errand, ask, j);
}

void judging_add(struct judging *j, struct edition *edition, const uint32_t pair[2],
		 struct strbuf *b)
{
	bool same = j->edition == edition && j->product == pair[0];

	if (same && !j->errand.busy && j->known)
		opinions_add(&j->said, pair[1], b);
	else if (j->errand.busy && !same)
		errand_cancel(&j->errand);	/* it is begun when that one has ended */
	else if (!j->errand.busy && !same)
		start(j, edition, pair[0]);
}
