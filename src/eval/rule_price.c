/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of the rules that are kept with the rule behind it, beside that text alone: the lists
 * of all products, then hits on what was held back. */
#include "config.h"

#include "eval/rule_price.h"

#include <math.h>

#include "base/num.h"
#include "base/time.h"
#include "store/store.h"
#include "vet/journal.h"
#include "vet/rules.h"
#include "vet/verdicts.h"
#include "vet/vetting.h"

#define PRICE_TOP 10u	/* places of a list that are compared, as `rules check` does */

struct ruling {
	struct rules *rules;
	struct vetting *vetting;
};

static void ruling_finish(struct ruling *r)
{
	vetting_destroy(r->vetting);
	rules_destroy(r->rules);
}

static bool bind(struct ruling *r, const struct store *s, struct str text, struct pool *pool,
		 struct err *err)
{
	struct vetting_options o = {
		.mode = VETTING_NONE, .now = time_now(), .lenient = true, .pool = pool,
	};

	return rules_parse(&r->rules, text, err) &&
	       vetting_make(&r->vetting, s, NULL, r->rules, &o, err);
}

static bool kept_text(const struct store *s, struct strbuf *text, struct err *err)
{
	struct journal_place at = {store_path(s), "aisle explore", VERDICTS_PATIENCE};
	SCOPED(journal) j = NULL;

	return journal_read(&j, &at, err) && journal_text(j, RULES_TEXT, text, err);
}

/* What the log can't say is left out. */
static bool measure(struct rule_price *p, const struct store *s, enum panel_kind kind,
		    const struct ruling r[2], struct work work, struct err *err)
{
	SCOPED(ruled_test) t = NULL;
	struct err why = {0};

	p->measured = ruled_open(&t, s, kind, PRICE_TOP, work, &why) &&
		      ruled_measure(&p->hits, t, r[0].vetting, r[1].vetting, work, &why);
	if (p->measured || why.code == ERR_NO)
		return true;
	*err = why;
	return false;
}

bool rule_price_make(struct rule_price *out, const struct store *s, enum panel_kind kind,
		     struct str rule, struct work work, struct err *err)
{
	struct rule_price p = {0};
	struct ruling r[2] = {{NULL, NULL}, {NULL, NULL}};
	STRBUF(text);
	bool ok = kept_text(s, &text, err) && bind(&r[0], s, strbuf_str(&text), work.pool, err);

	strbuf_addf(&text, "\n%.*s\n", STR_ARG(rule));
	ok = ok && bind(&r[1], s, strbuf_str(&text), work.pool, err) &&
	     preview_make(&p.touched, s, kind, PRICE_TOP, r[0].vetting, r[1].vetting, work, err) &&
	     measure(&p, s, kind, r, work, err);
	ruling_finish(&r[0]);
	ruling_finish(&r[1]);
	if (ok)
		*out = p;
	return ok;
}

/* ".0520", "-.0070": a share without its 0. */
static void add_share(struct strbuf *b, double x)
{
	char text[16];
	int n = snprintf(text, sizeof text, "%.4f", fabs(x));

	if (x < 0)
		strbuf_addc(b, '-');
	if (n > 0)
		strbuf_adds(b, text[0] == '0' ? text + 1 : text);
}

void rule_price_add(const struct rule_price *p, enum panel_kind kind, struct strbuf *b)
{
	const struct preview *t = &p->touched;

	strbuf_adds(b, "would touch ");
	num_add_grouped(b, (int64_t)(t->left + t->moved));
	strbuf_adds(b, t->left + t->moved == 1 ? " place of " : " places of ");
	num_add_grouped(b, t->changed);
	strbuf_adds(b, t->changed == 1 ? " product" : " products");
	if (!isnan(t->traffic))
		strbuf_addf(b, ", %.3g%% of %s", t->traffic * 100, t->sold ? "sales" : "views");
	if (!p->measured) {
		strbuf_adds(b, "; no list is held out to measure hits");
		return;
	}
	strbuf_addf(b, "; hits on held-out %s ", kind == PANEL_SIMILAR ? "sessions" : "baskets");
	add_share(b, p->hits.before);
	strbuf_adds(b, " -> ");
	add_share(b, p->hits.after);
	strbuf_adds(b, " [");
	add_share(b, p->hits.low);
	strbuf_addc(b, ' ');
	add_share(b, p->hits.high);
	strbuf_addc(b, ']');
}
