/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each model scores all products for the product alone; the best of them are kept. */
#include "config.h"

#include "suggest/opinion.h"

#include <math.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/time.h"
#include "math/topk.h"
#include "model/model.h"
#include "store/store.h"

void judges_open(struct judges *j, const struct store *s)
{
	struct model_wanted all = {0};
	STRBUF(names);
	STRBUF(only);
	struct str rest, name;

	*j = (struct judges){.n = 0};
	models_named(s, all, &names, &only);
	rest = strbuf_str(&names);
	while (j->n < OPINION_MODELS && rest.len) {
		STRBUF(text);

		if (!str_next(&rest, ',', &name)) {
			name = rest;
			rest.len = 0;
		}
		strbuf_add(&text, str_trim(name));
		if (text.len && model_open(&j->model[j->n], s, strbuf_c(&text), NULL))
			j->n++;
	}
}

void judges_finish(struct judges *j)
{
	while (j->n)
		model_destroy(j->model[--j->n]);
}

static bool ask_one(struct opinions *o, const struct model *m, const struct catalog *c,
		    struct scoring out, struct err *err)
{
	struct history h = {&o->product, NULL, 1};
	struct hit hits[OPINION_PLACES];
	struct topk t;

	if (!model_score(m, &h, out, err))
		return false;
	topk_init(&t, hits, OPINION_PLACES);
	for (uint32_t p = 0; p < c->n_products; p++)
		if (p != o->product && out.scores[p] > -INFINITY &&
		    !catalog_variants(c, o->product, p))
			topk_push(&t, p, out.scores[p]);
	topk_sort(&t);
	for (size_t i = 0; i < t.n; i++)
		o->best[o->n][i] = hits[i].id;
	o->places[o->n] = (uint32_t)t.n;
	o->model[o->n++] = model_name(m);
	return true;
}

bool opinions_ask(struct opinions *o, const struct judges *j, const struct store *s,
		  uint32_t product, double seconds, struct job *job, struct err *err)
{
	const struct catalog *c = store_catalog(s);
	SCOPED_FREE float *scores = mem_big(c->n_products, sizeof *scores, "scores", err);
	double end = time_now_monotonic() + seconds;

	if (!scores)
		return false;
	o->product = product;
	o->n = 0;
	for (unsigned m = 0; m < j->n && time_now_monotonic() < end; m++) {
		struct err why = {0};

		/* One that needs more than a product says nothing. */
		if (!ask_one(o, j->model[m], c, (struct scoring){scores, job}, &why) &&
		    (why.code == ERR_CANCELLED || why.code == ERR_NOMEM)) {
			*err = why;
			return false;
		}
	}
	return job_check(job, err);
}

void opinions_add(const struct opinions *o, uint32_t with, struct strbuf *b)
{
	for (unsigned m = 0; m < o->n; m++) {
		unsigned i = 0;

		while (i < o->places[m] && o->best[m][i] != with)
			i++;
		if (i < o->places[m])
			strbuf_addf(b, "%s%s %u", m ? ", " : "", o->model[m], i + 1);
		else
			strbuf_addf(b, "%s%s >%u", m ? ", " : "", o->model[m], o->places[m]);
	}
}
