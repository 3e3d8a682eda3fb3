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
#include "export/sheet.h"

static const struct sheet_column columns[] = {
	{"a", SHEET_ID}, {"b", SHEET_ID}, {"weight", SHEET_NUMBER},
};

/* A sheet of two or three numbers, and of the ids: neither has a header. */
static void write_head(const struct export_request *r, enum relation kind)
{
	const struct relation_counts *rel = &r->catalog->relation[kind];
	bool directed = relation_directed(kind);

	out_addf(r->out, "%%%%MatrixMarket matrix coordinate integer %s\n",
		 directed ? "general" : "symmetric");
	out_addf(r->out, "%% %s: %s; line i of the ids is row and column i\n",
		 relation_name(kind), directed ? "row before column" : "unordered");
	out_addf(r->out, "%u %u %llu\n", r->catalog->n_products, r->catalog->n_products,
		 (unsigned long long)rel->pairs);
}

static void write_ids(const struct export_request *r)
{
	static const struct sheet_column id = {"id", SHEET_ID};
	struct export_request q = *r;
	struct sheet s;

	q.out = r->ids;
	q.format = EXPORT_EDG;
	sheet_init(&s, &q, &id, 1);
	for (uint32_t i = 0; i < r->catalog->n_products; i++)
		sheet_text(&s, text_at(&r->catalog->product_id, i));
	sheet_finish(&s);
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

/* Row a of the relation: every pair once when it is unordered. */
static void matrix_row(struct strbuf *b, const struct csr *m, uint32_t a, bool directed)
{
	for (uint64_t e = m->offsets[a]; e < m->offsets[a + 1]; e++) {
		uint32_t c = m->column[e];

		if (directed)
			add_entry(b, a, c, m->value[e]);
		else if (c > a)
			add_entry(b, c, a, m->value[e]);
	}
}

static bool write_matrix(const struct export_request *r, enum relation kind,
			 struct err *err)
{
	const struct csr *m = &r->catalog->relation[kind].out;
	STRBUF(b);

	write_head(r, kind);
	for (uint32_t a = 0; a < r->catalog->n_products; a++) {
		matrix_row(&b, m, a, relation_directed(kind));
		out_add(r->out, strbuf_str(&b));
		strbuf_reset(&b);
		job_advance(r->job, m->offsets[a + 1] - m->offsets[a]);
		if (out_failed(r->out))
			return out_flush(r->out, err);
		if (!job_check(r->job, err))
			return false;
	}
	write_ids(r);
	return true;
}

static bool write_edges(struct sheet *s, enum relation kind, struct err *err)
{
	const struct catalog *cat = s->r->catalog;
	const struct csr *m = &cat->relation[kind].out;
	bool directed = relation_directed(kind);

	for (uint32_t a = 0; a < cat->n_products; a++) {
		for (uint64_t e = m->offsets[a]; e < m->offsets[a + 1]; e++) {
			if (!directed && m->column[e] <= a)
				continue;
			sheet_text(s, text_at(&cat->product_id, a));
			sheet_text(s, text_at(&cat->product_id, m->column[e]));
			sheet_count(s, m->value[e]);
		}
		job_advance(s->r->job, m->offsets[a + 1] - m->offsets[a]);
		if (!sheet_check(s, err))
			return false;
	}
	return true;
}

static bool edges_run(const struct export_request *r, struct err *err)
{
	enum relation kind;
	struct sheet s;

	if (!export_relation(r, &kind, err))
		return false;
	job_step(r->job, "writing edges", r->catalog->relation[kind].out.entries);
	if (r->format == EXPORT_MTX)
		return write_matrix(r, kind, err);
	sheet_init(&s, r, columns, sizeof columns / sizeof *columns);
	bool ok = write_edges(&s, kind, err);
	sheet_finish(&s);
	return ok;
}

const struct export_class ex_edges = {
	.name = "edges",
	.summary = "The pairs of a relation as a graph: two ids and their count; as mtx a "
		"matrix, with its ids in a file beside it.",
	.formats = EXPORT_TABLES | 1u << EXPORT_EDG | 1u << EXPORT_MTX,
	.dflt = EXPORT_EDG,
	.run = edges_run,
};
