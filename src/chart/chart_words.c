/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Charts for those who hear or feel them. */
#include "config.h"

#include <math.h>

#include "base/num.h"
#include "chart/chart.h"

#define STEADY 0.05	/* a change below that share of the larger end is none */

static void add_value(struct strbuf *b, double x)
{
	if (x == floor(x) && fabs(x) < 1e15)
		num_add_grouped(b, (int64_t)x);
	else
		strbuf_addf(b, "%.4g", x);
}

void chart_words(struct strbuf *b, const char *name, const double *values, int n,
		 void (*at)(struct strbuf *b, const void *ctx, int i), const void *ctx)
{
	int low = 0, high = 0;
	if (n == 0) {
		strbuf_addf(b, "%s: nothing", name);
		return;
	}
	for (int i = 1; i < n; i++) {
		low = values[i] < values[low] ? i : low;
		high = values[i] > values[high] ? i : high;
	}
	double first = values[0], last = values[n - 1];
	double change = last - first, size = fmax(fabs(first), fabs(last));
	if (n == 1) {
		strbuf_addf(b, "%s: ", name);
		add_value(b, first);
		strbuf_adds(b, " in ");
		at(b, ctx, 0);
		return;
	}
	strbuf_addf(b, "%s %s from ", name, fabs(change) <= STEADY * size ? "stay much the same"
		    : change > 0 ? "rise" : "fall");
	add_value(b, first);
	strbuf_adds(b, " in ");
	at(b, ctx, 0);
	strbuf_adds(b, " to ");
	add_value(b, last);
	strbuf_adds(b, " in ");
	at(b, ctx, n - 1);
	strbuf_adds(b, "; lowest ");
	add_value(b, values[low]);
	strbuf_adds(b, " in ");
	at(b, ctx, low);
	strbuf_adds(b, ", highest ");
	add_value(b, values[high]);
	strbuf_adds(b, " in ");
	at(b, ctx, high);
}
