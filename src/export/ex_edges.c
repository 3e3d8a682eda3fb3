/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A relation as a weighted graph: n of every pair. Matrix Market (NIST, "The
 * Matrix Market exchange formats", 1996): an unordered relation is a symmetric
 * matrix, of which the lower triangle is written; numbers count from 1, and line
 * i of the ids' file is the product of row and column i.
 */
#include "config.h"

#include "base/job.h"
#include "base/num.h"
#include "base/out.h"
#include "export/chosen.h"
#include "export/grid.h"
#include "query/filter.h"
#include "stats/live.h"

static const struct grid_column columns[] = {
	{"a", GRID_ID}, {"b", GRID_ID}, {"weight", GRID_NUMBER},
};

/* A sheet of two or three numbers, and of the ids: neither has a header. */
static void write_head(const struct export_request *r, const struct chosen *c)
{
	bool directed = relation_directed(c->kind);

	out_addf(r->out, "%%%%MatrixMarket matrix coordinate integer %s\n",
		 directed ? "general" : "symmetric");
	out_addf(r->out, "%% %s: %s; line i of the ids is row and column i\n",
		 relation_name(c->kind), directed ? "row before column" : "unordered");
	out_addf(r->out, "%u %u %llu\n", r->about.catalog->n_products, r->about.catalog->n_products,
		 (unsigned long long)chosen_count(c));
}

static void write_ids(const struct export_request *r)
{
	static const struct grid_column id = {"id", GRID_ID};
	struct export_request q = *r;
	struct grid s;

	q.out = r->ids;
	q.format = EXPORT_EDG;
	grid_init(&s, &q, &id, 1);
	for (uint32_t i = 0; i < r->about.catalog->n_products; i++)
		emit_text(&s.emit, text_at(&r->about.catalog->product_id, i));
	grid_finish(&s);
}

static void add_entry(struct strbuf *b, uint32_t row, uint32_t column, uint32_t n)
{
	num_add_integer(b, (int64_t)row + 1);
	strbuf_addc(b, ' ');
	num_add_integer(b, (int64_t)column + 1);
	strbuf_addc(b, ' ');
	num_add_integer(b, n);
	strbuf_addc(b, '\n');
}

/* An unordered pair is of the lower triangle. */
static void matrix_row(struct strbuf *b, const struct chosen *c, uint32_t a)
{
	const struct csr *m = &c->rel->out;
	bool directed = relation_directed(c->kind);
	for (uint64_t e = m->offsets[a]; e < m->offsets[a + 1]; e++) {
		uint32_t x = m->column[e];

		if (chosen_has(c, a, e))
			add_entry(b, directed || a > x ? a : x, directed || a > x ? x : a,
				  m->value[e]);
	}
}

static bool write_matrix(const struct export_request *r, const struct chosen *c,
			 struct err *err)
{
	STRBUF(b);

	write_head(r, c);
	for (uint32_t i = 0; i < members_count(&c->of); i++) {
		uint32_t a = members_at(&c->of, i);

		matrix_row(&b, c, a);
		out_add(r->out, strbuf_str(&b));
		strbuf_reset(&b);
		job_advance(r->job, 1);
		if (out_failed(r->out))
			return out_flush(r->out, err);
		if (!job_check(r->job, err))
			return false;
	}
	write_ids(r);
	return true;
}

/* The weight of a -> b, or of both directions under the smaller number; 0: no edge. */
static uint32_t weight_of(const struct chosen *c, uint32_t a, uint64_t e)
{
	const struct csr *m = &c->rel->out;
	uint32_t b = m->column[e], back;

	if (!relation_directed(c->kind) || !outlook_asks(c->r->about.outlook, ASK_UNDIRECTED))
		return m->value[e];
	back = relation_pair(c->rel, b, a);
	return a > b && back ? 0 : m->value[e] + back;
}

static bool write_edges(struct grid *s, const struct chosen *c, struct err *err)
{
	const struct catalog *cat = s->r->about.catalog;
	const struct csr *m = &c->rel->out;

	for (uint32_t i = 0; i < members_count(&c->of); i++) {
		uint32_t a = members_at(&c->of, i);

		for (uint64_t e = m->offsets[a]; e < m->offsets[a + 1]; e++) {
			uint32_t weight = chosen_has(c, a, e) ? weight_of(c, a, e) : 0;

			if (!weight)
				continue;
			emit_text(&s->emit, text_at(&cat->product_id, a));
			emit_text(&s->emit, text_at(&cat->product_id, m->column[e]));
			emit_count(&s->emit, weight);
		}
		job_advance(s->r->job, 1);
		if (!grid_check(s, err))
			return false;
	}
	return true;
}

static bool choose(struct chosen *c, const struct export_request *r, struct err *err)
{
	if (r->format == EXPORT_MTX && outlook_asks(r->about.outlook, ASK_UNDIRECTED))
		return err_fail(err, ERR_USAGE, "--undirected is for edges a line each; as mtx a "
				"relation has its own directions");
	return chosen_make(c, r, err);
}

static bool edges_run(const struct export_request *r, struct err *err)
{
	struct chosen c;
	struct grid s;
	bool ok;

	if (!choose(&c, r, err))
		return false;
	job_step(r->job, "writing edges", members_count(&c.of));
	if (r->format == EXPORT_MTX) {
		ok = write_matrix(r, &c, err);
	} else {
		grid_init(&s, r, columns, sizeof columns / sizeof *columns);
		ok = write_edges(&s, &c, err);
		grid_finish(&s);
	}
	chosen_finish(&c);
	return ok;
}

const struct export_class ex_edges = {
	.name = "edges",
	.summary = "The pairs of a relation as a graph: two ids and their count; as mtx a "
		"matrix, with its ids in a file beside it.",
	.asks = MAY(CATEGORY) | MAY(RELATION) | MAY(ADJACENT) | MAY(UNDIRECTED),
	.formats = EXPORT_TABLES | 1u << EXPORT_EDG | 1u << EXPORT_MTX,
	.dflt = EXPORT_EDG,
	.where = FILTER_PRODUCT | FILTER_EVENT | FILTER_SESSION | FILTER_ROW,
	.parts = LIVE_PAIRS,
	.run = edges_run,
};
