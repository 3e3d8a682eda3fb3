/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls the counts one after another and notes the seconds of each. */
#include "config.h"

#include "stats/stats.h"

#include <jansson.h>

#include "base/job.h"
#include "base/time.h"
#include "stats/relation.h"
#include "stats/scan.h"
#include "stats/totals.h"
#include "stats/transition.h"
#include "store/build.h"

/* Keeps how long each step took in meta "steps". */
struct clock {
	struct build *b;
	double since;
};

static void clock_step(struct clock *k, const char *step)
{
	json_t *meta = build_meta(k->b), *steps = json_object_get(meta, "steps");
	double now = time_now_monotonic();

	if (!json_is_object(steps)) {
		json_object_set_new(meta, "steps", json_object());
		steps = json_object_get(meta, "steps");
	}
	json_object_set_new(steps, step, json_real(now - k->since));
	k->since = now;
}

static bool count_relations(struct clock *k, unsigned kinds, struct work work,
			    struct err *err)
{
	for (unsigned r = 0; r < RELATIONS; r++) {
		if ((kinds & relation_kinds(r)) != relation_kinds(r))
			continue;
		if (!relation_count(k->b, r, work, err))
			return err_context(err, "counting %s", relation_name(r));
		clock_step(k, relation_name(r));
	}
	return true;
}

static bool count_transitions(struct clock *k, unsigned kinds, struct work work,
			      struct err *err)
{
	for (unsigned kind = 0; kind < BASKET_KINDS; kind++)
		if ((kinds & KIND_BIT(basket_event(kind))) &&
		    !transition_count(k->b, kind, work, err))
			return err_context(err, "counting transitions of %s baskets",
					   basket_kind_name(kind));
	clock_step(k, "transitions");
	return true;
}

bool stats_run(struct build *b, struct work work, struct err *err)
{
	struct clock k = {b, time_now_monotonic()};
	const struct catalog *c;
	unsigned kinds;

	if (!build_catalog(b, &c, err))
		return false;
	kinds = scan_kinds(c, work.pool);
	if (!totals_count(b, work, err))
		return false;
	clock_step(&k, "totals");
	if (!totals_sessions(b, work, err))
		return false;
	clock_step(&k, "product-sessions");
	if (!count_relations(&k, kinds, work, err) ||
	    !count_transitions(&k, kinds, work, err) || !order_write(b, work, err))
		return false;
	clock_step(&k, "orders");
	return true;
}
