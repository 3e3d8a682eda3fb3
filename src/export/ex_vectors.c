/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The vectors of a trained model. Text has nine digits, enough for every 32-bit float to
 * be read back the same. word2vec's binary form is a line "N DIM", then for each vector
 * its id, a space and its floats; .npy is version 1.0 of NumPy's NEP 1.
 */
#include "config.h"

#include "base/arena.h"
#include "base/job.h"
#include "base/mem.h"
#include "base/out.h"
#include "export/export.h"
#include "model/vector_scores.h"
#include "query/filter.h"
#include "table/parquet_write.h"

/* What parts fields or lines in these files can't be in an id; a space neither where one
 * ends the id. */
static bool check_id(struct str id, enum export_format f, struct err *err)
{
	bool word = f == EXPORT_WORD2VEC || f == EXPORT_WORD2VEC_BIN;
	for (size_t i = 0; i < id.len; i++) {
		unsigned char c = (unsigned char)id.ptr[i];
		if (c < ' ' || c == 0x7f || (word && c == ' '))
			return err_fail(err, ERR_FORMAT, "the product id '%.*s' has a character "
					"that %s can't hold%s", STR_ARG(id),
					export_format_name(f), word ? "; npy and tsv take spaces"
								    : "");
	}
	return true;
}

/* NULL: not written. */
static const float *vector_of(const struct export_request *r, uint32_t p)
{
	return export_has(r, p) ? vectors_of(r->about.model, p) : NULL;
}

static uint32_t count(const struct export_request *r)
{
	uint32_t n = 0;
	for (uint32_t p = 0; p < r->about.catalog->n_products; p++)
		n += vector_of(r, p) != NULL;
	return n;
}

/* Padded so that the data begin at a multiple of 64 bytes. */
static void npy_head(const struct export_request *r, uint32_t n, unsigned dim)
{
	STRBUF(head);
	strbuf_addf(&head, "{'descr': '<f4', 'fortran_order': False, 'shape': (%u, %u), }", n,
		    dim);
	strbuf_fill(&head, ' ', 63 - (10 + head.len) % 64);
	strbuf_addc(&head, '\n');
	out_add(r->out, STR("\x93NUMPY\x01"));
	out_addc(r->out, '\0');
	out_addc(r->out, (char)(head.len & 0xff));
	out_addc(r->out, (char)(head.len >> 8));
	out_add(r->out, strbuf_str(&head));
}

static void head(const struct export_request *r, uint32_t n)
{
	unsigned dim = vectors_dim(r->about.model);
	if (r->format == EXPORT_NPY)
		npy_head(r, n, dim);
	else if (r->format == EXPORT_TSV)
		out_add(r->ids, STR("product\tlabel\tcategory\tbrand\n"));
	else
		out_addf(r->out, "%u %u\n", n, dim);
}

static void add_text(const struct export_request *r, const float *x, char between)
{
	for (unsigned j = 0; j < vectors_dim(r->about.model); j++) {
		if (j > 0)
			out_addc(r->out, between);
		out_addf(r->out, "%.9g", (double)x[j]);
	}
	out_addc(r->out, '\n');
}

/* The projector has no way to write a tab or a line end. */
static void add_field(struct out *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		out_addc(out, (unsigned char)text.ptr[i] < ' ' ? ' ' : text.ptr[i]);
}

static void add_name(struct out *out, const struct text *t, const uint32_t *number, uint32_t p)
{
	out_addc(out, '\t');
	if (number && number[p] != CATALOG_NONE && number[p] < t->n)
		add_field(out, text_at(t, number[p]));
}

static void add_product(const struct export_request *r, uint32_t p)
{
	const struct catalog *cat = r->about.catalog;
	out_add(r->ids, text_at(&cat->product_id, p));
	if (r->format == EXPORT_TSV) {
		out_addc(r->ids, '\t');
		if (p < cat->product_label.n)
			add_field(r->ids, text_at(&cat->product_label, p));
		add_name(r->ids, &cat->category_path, cat->product_category, p);
		add_name(r->ids, &cat->brand_name, cat->product_brand, p);
	}
	out_addc(r->ids, '\n');
}

static void add_vector(const struct export_request *r, uint32_t p, const float *x)
{
	struct str bytes = str_span((const char *)x, vectors_dim(r->about.model) * sizeof *x);
	if (r->ids) {
		add_product(r, p);
	} else {
		out_add(r->out, text_at(&r->about.catalog->product_id, p));
		out_addc(r->out, ' ');
	}
	if (r->format == EXPORT_WORD2VEC || r->format == EXPORT_TSV)
		add_text(r, x, r->format == EXPORT_TSV ? '\t' : ' ');
	else
		out_add(r->out, bytes);
	if (r->format == EXPORT_WORD2VEC_BIN)
		out_addc(r->out, '\n');
}

/* A row for a vector: its product, and a list or a column for each of its numbers. */
static struct parquet_writer *parquet_start(const struct export_request *r)
{
	bool wide = r->format == EXPORT_PARQUET_WIDE;
	unsigned n = wide ? vectors_dim(r->about.model) + 1 : 2;
	SCOPED_FREE const char **name = mem_alloc(n * sizeof *name);
	SCOPED(arena) arena = arena_create();

	name[0] = "product";
	name[1] = "vector";
	for (unsigned j = 1; j < n && wide; j++)
		name[j] = arena_printf(arena, "x%u", j).ptr;
	return parquet_writer_create(r->out, name, n);
}

static bool write_parquet(const struct export_request *r, struct err *err)
{
	SCOPED(parquet_writer) w = parquet_start(r);
	unsigned dim = vectors_dim(r->about.model);
	uint32_t first, end;

	export_share(r, r->about.catalog->n_products, &first, &end);
	for (uint32_t p = first; p < end; p++) {
		const float *x = vector_of(r, p);

		if (!x)
			continue;
		parquet_put_text(w, text_at(&r->about.catalog->product_id, p));
		if (r->format == EXPORT_PARQUET)
			parquet_put_floats(w, x, dim);
		for (unsigned j = 0; j < dim && r->format == EXPORT_PARQUET_WIDE; j++)
			parquet_put_float(w, x[j]);
		job_advance(r->job, 1);
		if (p % 1024 == 0 && !job_check(r->job, err))
			return false;
	}
	parquet_writer_finish(w);
	return !out_failed(r->out) || out_flush(r->out, err);
}

static bool vectors_run(const struct export_request *r, struct err *err)
{
	uint32_t n = count(r);
	job_step(r->job, "writing vectors", n);
	if (r->format == EXPORT_PARQUET || r->format == EXPORT_PARQUET_WIDE)
		return write_parquet(r, err);
	head(r, n);
	for (uint32_t p = 0; p < r->about.catalog->n_products; p++) {
		const float *x = vector_of(r, p);
		if (!x)
			continue;
		if (!check_id(text_at(&r->about.catalog->product_id, p), r->format, err))
			return false;
		add_vector(r, p, x);
		job_advance(r->job, 1);
		if (out_failed(r->out))
			return out_flush(r->out, err);
		if (p % 1024 == 0 && !job_check(r->job, err))
			return false;
	}
	return true;
}

const struct export_class ex_vectors = {
	.name = "vectors",
	.summary = "The vectors of a trained model (--model).",
	.asks = MAY(CATEGORY) | MAY(VECTORS),
	.formats = 1u << EXPORT_WORD2VEC | 1u << EXPORT_WORD2VEC_BIN | 1u << EXPORT_NPY |
		   1u << EXPORT_TSV | 1u << EXPORT_PARQUET | 1u << EXPORT_PARQUET_WIDE,
	.dflt = EXPORT_WORD2VEC,
	.where = FILTER_PRODUCT,
	.divides = true,
	.run = vectors_run,
};
