/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An errand that gives way to all others counts one rule; what it found stays, in a few lines,
 * until another import or other rules come. */
#include "config.h"

#include "tui/pricing.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "eval/rule_price.h"
#include "tui/errand.h"

#define KEPT 8u		/* prices; there are few drafts */

struct kept {
	const char *rule;	/* of a table, never freed */
	enum panel_kind kind;
	struct strbuf text;
};

struct pricing {
	struct errand errand;
	struct board_rule of;	/* what is being counted, or was last */
	struct edition *edition;	/* a reference while it is */
	struct rule_price price;
	struct err err;
	bool ok;

	const struct edition *known_of;	/* compared alone */
	uint64_t known_rules;
	struct kept kept[KEPT];
	unsigned n;
};

bool pricing_create(struct pricing **out, struct err *err)
{
	struct pricing *p = mem_zalloc(sizeof *p);

	p->errand.gives_way = true;
	if (!errand_open(&p->errand, err)) {
		free(p);
		return false;
	}
	*out = p;
	return true;
}

static void count(void *ctx)
{
	struct pricing *p = ctx;

	p->ok = rule_price_make(&p->price, p->edition->store, p->of.kind, str_from(p->of.rule),
				(struct work){NULL, &p->errand.job}, &p->err);
}

static void release(struct pricing *p)
{
	edition_destroy(p->edition);
	p->edition = NULL;
}

static void forget(struct pricing *p)
{
	while (p->n)
		strbuf_finish(&p->kept[--p->n].text);
}

void pricing_destroy(struct pricing *p)
{
	if (!p)
		return;
	errand_close(&p->errand);
	release(p);
	forget(p);
	free(p);
}

int pricing_fd(const struct pricing *p)
{
	return p->errand.done;
}

bool pricing_busy(const struct pricing *p)
{
	return p->errand.busy;
}

static void start(struct pricing *p, struct edition *edition, const struct board_rule *rule)
{
	p->of = *rule;
	p->err = (struct err){0};
	p->edition = edition_ref(edition);
	if (errand_start(&p->errand, count, p) != 0)
		release(p);
}

bool pricing_take(struct pricing *p)
{
	const struct edition *of = p->edition;
	struct kept *k = &p->kept[p->n];

	if (!errand_take(&p->errand))
		return false;
	release(p);
	if (of != p->known_of || p->of.rules != p->known_rules || p->n == KEPT ||
	    p->err.code == ERR_CANCELLED)
		return true;
	*k = (struct kept){.rule = p->of.rule, .kind = p->of.kind};
	if (p->ok)
		rule_price_add(&p->price, p->of.kind, &k->text);
	else
		strbuf_addf(&k->text, "its price can't be counted: %s", p->err.text);
	p->n++;
	return true;
}

static bool same(const struct board_rule *a, const struct board_rule *b)
{
	return a->kind == b->kind && a->rules == b->rules && strcmp(a->rule, b->rule) == 0;
}

void pricing_add(struct pricing *p, struct edition *edition, const struct board_rule *rule,
		 struct strbuf *b)
{
	uint64_t total, done;

	if (edition != p->known_of || rule->rules != p->known_rules)
		forget(p);
	p->known_of = edition;
	p->known_rules = rule->rules;
	for (unsigned i = 0; i < p->n; i++)
		if (p->kept[i].kind == rule->kind && strcmp(p->kept[i].rule, rule->rule) == 0) {
			strbuf_add(b, strbuf_str(&p->kept[i].text));
			return;
		}
	if (p->errand.busy && (p->edition != edition || !same(&p->of, rule)))
		errand_cancel(&p->errand);	/* it is begun when that one has ended */
	else if (!p->errand.busy)
		start(p, edition, rule);
	total = atomic_load(&p->errand.job.total);
	done = atomic_load(&p->errand.job.done);
	strbuf_adds(b, "what it would touch and cost is being counted");
	if (p->errand.busy && total && same(&p->of, rule))
		strbuf_addf(b, " (%s, %ju%%)", atomic_load(&p->errand.job.step),
			    (uintmax_t)(100 * done / total));
}
