/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of sources, over their files, and the evidence of rows. */
#include "config.h"

#include "panel/panel.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "panel/source.h"
#include "stats/relation.h"

const struct source panel_sources[PANEL_SOURCES] = {
	[SOURCE_CO_VIEW] = {
		.name = "co-view",
		.text = "looked at in the same sessions",
		.did = "seen with it",
		.lack = "views",
		.none = "looked at with another one",
		.relation = REL_CO_VIEW,
		.gather = gather_co_view,
	},
	[SOURCE_CO_PURCHASE] = {
		.name = "co-purchase",
		.text = "bought in the same sessions",
		.did = "bought with it",
		.lack = "purchases",
		.none = "bought with another one",
		.relation = REL_CO_PURCHASE,
		.gather = gather_together,
		.source_of = source_together,
	},
	[SOURCE_CO_CART] = {
		.name = "co-cart",
		.text = "put in the cart in the same sessions",
		.did = "put in carts with it",
		.lack = "carts",
		.none = "put in a cart with another one",
		.relation = REL_CO_CART,
		.gather = gather_together,
		.source_of = source_together,
	},
	[SOURCE_SECOND] = {
		.name = "second",
		.text = "bought with what is bought with it",
		.lack = "purchases",
		.none = "bought with another one",
		.relation = RELATIONS,
		.gather = gather_together,
		.source_of = source_together,
	},
	[SOURCE_VIEW_PURCHASE] = {
		.name = "view-purchase",
		.text = "bought later in sessions that looked at it",
		.did = "bought after it was seen",
		.lack = "views followed by purchases",
		.none = "looked at before another one was bought",
		.relation = REL_VIEW_PURCHASE,
		.gather = gather_view_purchase,
	},
	[SOURCE_ACROSS] = {
		.name = "cross-view",
		.text = "of other categories, looked at in the same sessions more than by chance",
		.did = "seen with it",
		.lack = "views",
		.none = "looked at with one of another category more than by chance",
		.relation = REL_CO_VIEW,
		.unbought = true,
		.gather = gather_across,
	},
	[SOURCE_ATTRIBUTES] = {
		.name = "attributes",
		.text = "of the same category, with shared attributes and a near price",
		.relation = RELATIONS,
		.gather = gather_attributes,
	},
	[SOURCE_TRANSITION] = {
		.name = "transition",
		.text = "popular in the categories that go with its category",
		.relation = RELATIONS,
		.gather = gather_transition,
	},
	[SOURCE_POPULAR] = {
		.name = "popular",
		.text = "popular in its category, then around it",
		.relation = RELATIONS,
		.gather = gather_popular,
	},
	[SOURCE_WEIGHTED] = {
		.name = "weighted",
		.text = "seen, put in carts or bought in the same sessions, as --weights says",
		.none = "together in a way that --weights counts",
		.relation = RELATIONS,
		.gather = gather_weighted,
	},
	[SOURCE_BASKET] = {
		.name = "basket",
		.text = "that go with the products of the basket",
		.relation = RELATIONS,
		.gather = gather_whole,
	},
	[SOURCE_MODEL] = {
		.name = "model",
		.text = "ranked by a trained model, see aisle show models",
		.relation = RELATIONS,
		.gather = gather_model,
	},
	[SOURCE_REPEAT] = {.name = "repeat", .text = "had before", .relation = RELATIONS},
	[SOURCE_VARIANT] = {
		.name = "variant",
		.text = "that are variants of what was had or looked at",
		.relation = RELATIONS,
	},
	[SOURCE_TOGETHER] = {
		.name = "together",
		.text = "that go with what was had or looked at",
		.relation = RELATIONS,
	},
	[SOURCE_WORDS] = {.name = "words", .text = "that read like the words",
			  .relation = RELATIONS},
	[SOURCE_LATE] = {.name = "popular", .text = "bought of late", .relation = RELATIONS},
	[SOURCE_PIN] = {
		.name = "pin",
		.text = "set by hand",
		.relation = RELATIONS,
	},
};

enum panel_kind panel_kind_of(struct str name)
{
	return str_is(name, "similar") ? PANEL_SIMILAR : PANEL_COMPLEMENTARY;
}

const char *panel_source_name(enum panel_source s)
{
	return (unsigned)s < PANEL_SOURCES ? panel_sources[s].name : "unknown";
}

const char *panel_source_text(enum panel_source s)
{
	return (unsigned)s < PANEL_SOURCES ? panel_sources[s].text : "unknown";
}

enum relation panel_source_relation(enum panel_source s)
{
	assert(s < PANEL_SOURCES);
	return panel_sources[s].relation;
}

/* The counts of the relation for a -> b. */
static struct assoc_counts relation_evidence(struct query *q, enum relation r, uint32_t a,
					     uint32_t b)
{
	const struct relation_counts *c = &q->c->relation[r];

	return (struct assoc_counts){pair_count(q, r, a, b), c->from[a], c->to[b], c->total};
}

/* The source can say something in this store. */
static bool counted(const struct catalog *c, const struct live *live, enum relation of)
{
	const struct relation_counts *r = &c->relation[of];

	if (live && live_cuts(live))
		return r->from && r->to;
	return r->out.offsets && r->in.offsets && r->from && r->to;
}

bool source_usable(const struct catalog *c, const struct live *live,
		   const struct source *s)
{
	if (s->unbought && (counted(c, live, REL_CO_PURCHASE) || counted(c, live, REL_CO_CART)))
		return false;
	return s->relation == RELATIONS || counted(c, live, s->relation);
}

/* A model, or several relations at once, has no counts of its own: what was counted stands
 * beside it. */
enum relation relation_of(const struct query *q, const struct source *s)
{
	return s == &panel_sources[SOURCE_MODEL] || s == &panel_sources[SOURCE_WEIGHTED]
		? model_evidence(q) : s->relation;
}

bool row_passes(struct query *q, const struct source *s, uint32_t a, uint32_t b)
{
	struct assoc_counts c = {0};

	if (!q->r->about.live || !live_tests_rows(q->r->about.live))
		return true;
	if (s->source_of)
		s = &panel_sources[s->source_of(q, a, b)];
	if (relation_of(q, s) != RELATIONS)
		c = relation_evidence(q, relation_of(q, s), a, b);
	return live_row_passes(q->r->about.live,
			       (struct live_counts){(double)c.n, (double)c.n_a, (double)c.n_b,
						    (double)c.n_all});
}

void add_evidence(struct query *q, const struct source *s, struct panel_row *row)
{
	const struct catalog *c = q->c;
	uint32_t a = q->r->about.product, b = row->product;
	enum relation relation = relation_of(q, s);

	if (q->r->kind == PANEL_BASKET) {
		whole_evidence(q, row);
		return;
	}
	row->q = NAN;
	if (catalog_same_category(c, a, b))
		row->flags |= PANEL_SAME_CATEGORY;
	if (relation != RELATIONS)
		row->counts = relation_evidence(q, relation, a, b);
	assoc_compute(&row->counts, &row->assoc);
	if (relation == RELATIONS)
		return;
	row->q = q->r->about.live && live_cuts(q->r->about.live) ?
		 live_q(q->r->about.live, &q->own, relation, b) :
		 assoc_q(c->relation[relation].q, row->assoc.p);
	if (row->counts.n < SMALL_N)
		row->flags |= PANEL_SMALL;
	if (row->source == SOURCE_CO_VIEW &&
	    bought_together(c, a, b, pair_count(q, REL_CO_PURCHASE, a, b)))
		row->flags |= PANEL_PENALISED;
}

void panel_finish(struct panel *p)
{
	free(p->rows);
	*p = (struct panel){0};
}
