/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tables and drawings share one style sheet, whose colours are variables: the dark ones stand
 * in a media query, print takes the light ones. Acceptance of a group is that of all
 * decisions, which people chose by doubt, and says so; what was drawn at random stands apart.
 */
#include "config.h"

#include "export/review_report.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/out.h"
#include "base/time.h"
#include "panel/flow.h"
#include "stats/assoc.h"
#include "store/store.h"
#include "suggest/queue.h"
#include "vet/agreement.h"
#include "vet/rules.h"
#include "vet/verdicts.h"

#define GROUPS 8u	/* rows of a table */
#define MATRIX 10u	/* categories of the transitions */

struct report {
	const struct store *store;
	const struct catalog *c;
	struct queue *q;
	const struct verdicts *v;	/* NULL: nothing was decided */
	enum panel_kind kind;
	struct queue *other;	/* of the other panel: its draws */
	struct out *out;
};

/* --- text */

static void add_escaped(struct out *o, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char ch = (unsigned char)s.ptr[i];
		const char *entity = ch == '<' ? "&lt;" : ch == '>' ? "&gt;" : ch == '&' ? "&amp;" :
				     ch == '"' ? "&quot;" : ch == '\'' ? "&#39;" : NULL;

		if (entity)
			out_add(o, str_from(entity));
		else
			out_addc(o, ch < 0x20 || ch == 0x7f ? ' ' : s.ptr[i]);
	}
}

/* At most n bytes, whole characters. */
static struct str cut(struct str s, size_t n)
{
	if (s.len <= n)
		return s;
	while (n > 0 && ((unsigned char)s.ptr[n] & 0xc0) == 0x80)
		n--;
	return str_span(s.ptr, n);
}

static void add_count(struct out *o, uint64_t n)
{
	STRBUF(b);

	num_add_grouped(&b, (int64_t)n);
	out_add(o, strbuf_str(&b));
}

static void add_head(struct report *r)
{
	const char *name = store_path(r->store);
	struct out *o = r->out;
	STRBUF(date);

	for (const char *p = name; p[0] && p[1]; p++)
		name = *p == '/' ? p + 1 : name;
	time_add_date(&date, time_now());
	out_add(o, STR("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<title>Review of suggestions</title>\n<style>\n"
		":root{--bg:#fff;--ink:#1b1b1f;--dim:#666b75;--line:#d5d8de;--good:#2a7f62;"
		"--bad:#b3452c;--part:#3b6ea8;color-scheme:light dark}\n"
		"@media screen and (prefers-color-scheme:dark){:root{--bg:#17181c;--ink:#e6e6ea;"
		"--dim:#9aa0ab;--line:#3a3d45;--good:#57b894;--bad:#e0795f;--part:#7fb0e6}}\n"
		"*{box-sizing:border-box}body{margin:0 auto;padding:1.2rem;max-width:60rem;"
		"background:var(--bg);color:var(--ink);font:15px/1.45 system-ui,sans-serif}\n"
		"h1{font-size:1.45rem;margin:0 0 .2rem}h2{font-size:1.05rem;margin:1.4rem 0 "
		".4rem}"
		"p{margin:.3rem 0}.dim{color:var(--dim)}.wide{overflow-x:auto}\n"
		"table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}"
		"th,td{text-align:left;padding:.18rem .5rem;border-bottom:1px solid var(--line)}"
		"th{font-weight:600;color:var(--dim)}td.n,th.n{text-align:right}\n"
		
		"td.n{white-space:nowrap}td svg{min-width:90px}\n"
		"svg{max-width:100%;height:auto}svg text{fill:var(--ink);font:11px system-ui,"
		"sans-serif}svg .dim{fill:var(--dim)}\n"
		/* the interval stands in figures: on a telephone its bar goes */
		"@media screen and (max-width:560px){body{font-size:13px;padding:.8rem}"
		"td,th{padding:.25rem .2rem}td:first-child{overflow-wrap:anywhere}"
		".wide td:nth-child(5),.wide th:nth-child(5){display:none}}\n"
		"@page{size:A4;margin:12mm}@media print{body{font-size:10.5px;padding:0;"
		"max-width:none}h2{margin:.8rem 0 .25rem;break-after:avoid}"
		"table,svg,.keep{break-inside:avoid}"
		"*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}\n"
		"</style></head><body>\n<h1>Review of suggestions</h1>\n<p class=\"dim\">"));
	add_escaped(o, str_from(name));
	out_addf(o, ", import %ju; written on %s</p>\n",
		 (uintmax_t)store_generation(r->store), strbuf_c(&date));
}

/* --- drawings */

/* A share with its interval: a bar, a whisker. */
static void add_share(struct out *o, double share, double low, double high)
{
	out_addf(o, "<svg width=\"150\" height=\"12\" viewBox=\"0 0 150 12\" role=\"img\" "
		 "aria-label=\"%.0f%%, between %.0f%% and %.0f%%\"><rect width=\"150\" "
		"height=\"12\" "
		 "fill=\"var(--line)\" opacity=\".5\"/><rect width=\"%.1f\" height=\"12\" "
		 "fill=\"var(--good)\"/><path d=\"M%.1f 6H%.1fM%.1f 2V10M%.1f 2V10\" "
		 "stroke=\"var(--ink)\" fill=\"none\"/></svg>", share * 100, low * 100,
		high * 100,
		 share * 150, low * 150, high * 150, low * 150, high * 150);
}

static void add_coverage(struct report *r, const struct queue_progress *p)
{
	struct out *o = r->out;
	double done = p->traffic_done, listed = p->traffic_listed;

	out_addf(o, "<svg class=\"keep\" width=\"640\" height=\"46\" viewBox=\"0 0 640 46\" "
		"role=\"img\" "
		 "aria-label=\"%.1f%% of traffic is of products that are reviewed\">"
		 "<rect y=\"4\" width=\"640\" height=\"18\" fill=\"var(--line)\"/>"
		 "<rect y=\"4\" width=\"%.1f\" height=\"18\" fill=\"var(--part)\" "
		"opacity=\".45\"/>"
		 "<rect y=\"4\" width=\"%.1f\" height=\"18\" fill=\"var(--good)\"/>"
		 "<path d=\"M608 0V26\" stroke=\"var(--ink)\"/><text x=\"604\" y=\"38\" "
		 "text-anchor=\"end\">95%%</text><text x=\"0\" y=\"38\">reviewed %.1f%%, with "
		 "suggestions %.1f%% of %s</text></svg>\n", done * 100, listed * 640, done * 640,
		 done * 100, listed * 100, p->sold ? "sales" : "views");
}

/* --- what was decided, by groups */

struct group {
	struct str name;
	unsigned approved, decided, drawn_approved, drawn;
};
struct groups {
	struct group *at;
	size_t n, cap;
};

static struct group *find_group(struct groups *g, struct str name)
{
	size_t i = 0;

	while (i < g->n && !str_eq(g->at[i].name, name))
		i++;
	if (i == g->n) {
		MEM_GROW(g->at, g->cap, g->n + 1);
		g->at[g->n++] = (struct group){.name = name};
	}
	return &g->at[i];
}

static int by_decided(const void *x, const void *y)
{
	const struct group *a = x, *b = y;

	return a->decided != b->decided ? (a->decided > b->decided ? -1 : 1) :
	       str_cmp(a->name, b->name);
}

/* What a decision is counted under; "" : nothing. */
static struct str of_panel(const struct report *r, const struct decision *d)
{
	(void)r;
	return d->panel;
}

static struct str of_model(const struct report *r, const struct decision *d)
{
	(void)r;
	return d->model.len ? d->model : STR("panel");
}

static struct str of_category(const struct report *r, const struct decision *d)
{
	uint32_t p = store_find(r->store, "product", d->product);
	uint32_t k = p == UINT32_MAX ? CATALOG_NONE : r->c->product_category[p];

	return k == CATALOG_NONE ? STR("(no category)") : text_at(&r->c->category_path, k);
}

static struct str of_reason(const struct report *r, const struct decision *d)
{
	(void)r;
	return d->reason;
}

/* Of whole products drawn at random; what was drawn twice counts twice. */
static void count_drawn(const struct report *r, const struct queue *q, struct groups *g,
			struct str (*of)(const struct report *r, const struct decision *d))
{
	struct queue_audited at = {0};

	while (q && queue_audited(q, &at)) {
		struct group *x = of(r, at.d).len ? find_group(g, of(r, at.d)) : NULL;

		if (!x)
			continue;
		x->drawn++;
		x->drawn_approved += agreement_approves(at.d);
	}
}

static void count_groups(const struct report *r, struct groups *g,
			 struct str (*of)(const struct report *r, const struct decision *d))
{
	for (uint32_t pair = 0; r->v && pair < verdicts_pairs(r->v); pair++) {
		const struct decision *d = verdicts_of(r->v, pair, false);
		struct group *x;

		if (!d || !of(r, d).len)
			continue;
		x = find_group(g, of(r, d));
		x->decided++;
		x->approved += agreement_approves(d);
	}
	count_drawn(r, r->q, g, of);
	count_drawn(r, r->other, g, of);
	if (g->n)
		qsort(g->at, g->n, sizeof *g->at, by_decided);
}

static void add_group(struct out *o, const struct group *g)
{
	double low, high;

	assoc_wilson(g->approved, g->decided, &low, &high);
	out_add(o, STR("<tr><td>"));
	add_escaped(o, g->name);
	out_addf(o, "</td><td class=\"n\">%u</td><td class=\"n\">%.0f%%</td><td class=\"n dim\">"
		 "%.0f-%.0f</td><td>", g->decided, 100.0 * g->approved / g->decided, low * 100,
		 high * 100);
	add_share(o, (double)g->approved / g->decided, low, high);
	if (g->drawn)
		out_addf(o, "</td><td class=\"n\">%.0f%% of %u",
			100.0 * g->drawn_approved / g->drawn,
			 g->drawn);
	else
		out_add(o, STR("</td><td class=\"n\">-"));
	out_add(o, STR("</td></tr>\n"));
}

static void add_groups(struct report *r, const char *title, const char *head,
		       struct str (*of)(const struct report *r, const struct decision *d))
{
	struct groups g = {0};

	count_groups(r, &g, of);
	if (g.n)
		out_addf(r->out, "<h2>%s</h2>\n<div class=\"wide\"><table><tr><th>%s</th><th "
			"class=\"n\">"
			 "decided</th><th class=\"n\">approved</th><th "
			"class=\"n\">95%%</th><th></th>"
			 "<th class=\"n\">drawn at random</th></tr>\n", title, head);
	for (size_t i = 0; i < g.n && i < GROUPS; i++)
		add_group(r->out, &g.at[i]);
	if (g.n)
		out_add(r->out, STR("</table></div>\n"));
	if (g.n > GROUPS)
		out_addf(r->out, "<p class=\"dim\">and %zu more</p>\n", g.n - GROUPS);
	free(g.at);
}

/* --- sections */

static void add_progress(struct report *r)
{
	struct queue_progress p = queue_progress(r->q);
	struct queue_audit a = queue_audit(r->q);
	struct out *o = r->out;

	out_addf(o, "<h2>Progress: %s</h2>\n<p>", rules_panels[r->kind]);
	add_count(o, p.done);
	out_add(o, STR(" of "));
	add_count(o, p.products);
	out_add(o, STR(" products are done; "));
	add_count(o, p.left);
	out_addf(o, " are left to cover 95%% of %s; ", p.sold ? "sales" : "views");
	add_count(o, p.open);
	out_add(o, STR(" suggestions are open.</p>\n"));
	add_coverage(r, &p);
	if (a.decided)
		out_addf(o, "<p>Of %u suggestion%s of %u product%s drawn at random by traffic "
			 "<b>%.0f%%</b> were approved, with an interval of %.0f to %.0f%%.</p>\n",
			 a.decided, a.decided == 1 ? "" : "s", a.draws,
			 a.draws == 1 ? "" : "s", a.rate * 100, a.low * 100, a.high * 100);
	else
		out_add(o, STR("<p class=\"dim\">No product that was drawn at random is done "
			"yet: how "
			"good all lists are can't be told.</p>\n"));
}

static struct str of_person(const struct report *r, const struct decision *d)
{
	(void)r;
	return d->who;
}

static void add_people(struct report *r)
{
	size_t n = 0;
	struct agreement *g = r->v ? agreement_of(r->v, STR_NULL, &n) : NULL;

	add_groups(r, "People", "who decided last", of_person);
	for (size_t i = 0; i < n && i < GROUPS; i++) {
		double kappa = agreement_kappa(&g[i]);

		out_add(r->out, STR("<p>"));
		add_escaped(r->out, g[i].a);
		out_add(r->out, STR(" and "));
		add_escaped(r->out, g[i].b);
		out_addf(r->out, ": %ju decided by both, %ju alike", (uintmax_t)g[i].both,
			 (uintmax_t)g[i].alike);
		if (!isnan(kappa))
			out_addf(r->out, ", Cohen's kappa %.2f", kappa);
		out_add(r->out, STR(".</p>\n"));
	}
	free(g);
}

static void add_reasons(struct report *r)
{
	struct groups g = {0};
	struct out *o = r->out;

	count_groups(r, &g, of_reason);
	if (g.n)
		out_addf(o, "<h2>Reasons</h2>\n<svg class=\"keep\" width=\"640\" height=\"%zu\" "
			 "viewBox=\"0 0 640 %zu\" role=\"img\" aria-label=\"reasons given\">",
			 (g.n < GROUPS ? g.n : GROUPS) * 18, (g.n < GROUPS ? g.n : GROUPS) * 18);
	for (size_t i = 0; i < g.n && i < GROUPS; i++) {
		double w = 380.0 * g.at[i].decided / g.at[0].decided;
		double no = w * (g.at[i].decided - g.at[i].approved) / g.at[i].decided;

		out_addf(o, "<rect x=\"200\" y=\"%zu\" width=\"%.1f\" height=\"12\" "
			 "fill=\"var(--good)\"/><rect x=\"200\" y=\"%zu\" width=\"%.1f\" "
			"height=\"12\" "
			 "fill=\"var(--bad)\"/><text x=\"%.1f\" y=\"%zu\">%u</text><text "
			"x=\"192\" y=\"%zu\" "
			 "text-anchor=\"end\">", i * 18 + 3, w, i * 18 + 3, no, 206 + w,
			i * 18 + 13,
			 g.at[i].decided, i * 18 + 13);
		add_escaped(o, cut(g.at[i].name, 32));
		out_add(o, STR("</text>"));
	}
	if (g.n)
		out_add(o, STR("</svg>\n<p class=\"dim\">Rejected with that reason, then "
			"approved.</p>\n"));
	free(g.at);
}

/* The first level with some categories. */
static unsigned broad_level(const struct catalog *c)
{
	unsigned n[CATALOG_LEVELS] = {0}, level = 0;

	for (uint32_t k = 0; k < c->n_categories; k++)
		if (c->category_depth[k] < CATALOG_LEVELS)
			n[c->category_depth[k]]++;
	while (level + 1 < CATALOG_LEVELS && n[level] < 4 && n[level + 1])
		level++;
	return level;
}

/* Categories by the number of their transitions, at most MATRIX. */
static unsigned choose_categories(const struct flow *f, uint32_t top[MATRIX])
{
	uint64_t sum[MATRIX] = {0};
	unsigned n = 0;

	for (size_t i = 0, end; i < f->n_rows; i = end) {
		uint64_t all = 0;
		unsigned at;

		for (end = i; end < f->n_rows && f->rows[end].from == f->rows[i].from; end++)
			all += f->rows[end].counts.n;
		for (at = n < MATRIX ? n : MATRIX; at > 0 && sum[at - 1] < all; at--)
			if (at < MATRIX) {
				sum[at] = sum[at - 1];
				top[at] = top[at - 1];
			}
		if (at < MATRIX) {
			sum[at] = all;
			top[at] = f->rows[i].from;
			n += n < MATRIX;
		}
	}
	return n;
}

static void add_cells(struct report *r, const struct flow *f, const uint32_t *top, unsigned n)
{
	for (size_t i = 0; i < f->n_rows; i++) {
		const struct flow_row *x = &f->rows[i];
		unsigned from = 0, to = 0;

		while (from < n && top[from] != x->from)
			from++;
		while (to < n && top[to] != x->to)
			to++;
		if (from == n || to == n || isnan(x->share))
			continue;
		out_addf(r->out, "<rect x=\"%u\" y=\"%u\" width=\"36\" height=\"17\" "
			"fill=\"var(--part)\" "
			 "opacity=\"%.2f\"/><text x=\"%u\" y=\"%u\" "
			"text-anchor=\"middle\">%.0f</text>",
			 192 + to * 38, 22 + from * 19, 0.08 + 0.72 * sqrt(x->share),
			 210 + to * 38, 35 + from * 19, x->share * 100);
	}
}

static bool add_transitions(struct report *r, struct err *err)
{
	struct flow_request q = {
		.catalog = r->c, .from = CATALOG_NONE, .kind = BASKET_KINDS,
			.level = broad_level(r->c),
	};
	uint32_t top[MATRIX];
	struct flow f;
	unsigned n;

	if (!r->c->n_categories)
		return true;
	if (!flow_compute(&q, &f, err))
		return false;
	n = choose_categories(&f, top);
	if (n > 1) {
		out_addf(r->out, "<h2>Where baskets go</h2>\n<p class=\"dim\">Per cent of "
			"what stands beside "
			 "a product of the row's category, by the column's.</p>\n<svg "
			"class=\"keep\" "
			 "width=\"%u\" height=\"%u\" viewBox=\"0 0 %u %u\" role=\"img\" "
			"aria-label="
			 "\"transitions between categories\">", 200 + n * 38, 26 + n * 19,
			200 + n * 38,
			 26 + n * 19);
		for (unsigned i = 0; i < n; i++) {
			struct str name = text_at(&r->c->category_name, top[i]);

			out_addf(r->out, "<text x=\"%u\" y=\"14\" "
				"text-anchor=\"middle\">%u</text>"
				 "<text x=\"184\" y=\"%u\" text-anchor=\"end\">%u ",
				210 + i * 38, i + 1,
				 35 + i * 19, i + 1);
			add_escaped(r->out, cut(name, 28));
			out_add(r->out, STR("</text>"));
		}
		add_cells(r, &f, top, n);
		out_add(r->out, STR("</svg>\n"));
	}
	flow_finish(&f);
	return true;
}

static bool write_page(struct report *r, struct err *err)
{
	add_head(r);
	add_progress(r);
	if (!r->v || !verdicts_count(r->v))
		out_add(r->out, STR("<p>Nothing was decided yet.</p>\n"));
	add_people(r);
	add_groups(r, "By panel", "panel", of_panel);
	add_groups(r, "By model", "ranked by", of_model);
	add_groups(r, "By category", "category", of_category);
	if (r->v && verdicts_count(r->v))
		out_add(r->out, STR("<p class=\"dim\">People review what is most in doubt "
			"first: only what "
			"was drawn at random tells how good the lists are.</p>\n"));
	add_reasons(r);
	if (!add_transitions(r, err))
		return false;
	out_add(r->out, STR("</body></html>\n"));
	return true;
}

bool review_report_write(const struct store *s, enum panel_kind kind, struct out *out,
			 struct work work, struct err *err)
{
	struct queue_request q = {.store = s, .kind = kind, .category = CATALOG_NONE};
	struct report r = {.store = s, .c = store_catalog(s), .kind = kind, .out = out};
	bool ok;

	if (!queue_make(&r.q, &q, NULL, work, err))
		return false;
	q.kind = kind == PANEL_SIMILAR ? PANEL_COMPLEMENTARY : PANEL_SIMILAR;
	q.rows = 1;
	ok = queue_make(&r.other, &q, NULL, work, err);
	r.v = queue_verdicts(r.q);
	ok = ok && write_page(&r, err);
	queue_destroy(r.q);
	queue_destroy(r.other);
	return ok;
}
