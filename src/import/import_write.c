/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The arrays and indexes of products, categories, brands, users, sessions. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/pool.h"
#include "base/sort.h"
#include "base/utf8.h"
#include "import/steps.h"
#include "store/build.h"

#define SHORT_ID 6

struct writing {
	const struct import *im;
	const struct taken *t;
	const struct seen *seen;
	const struct category_tree *tree;
	const struct numbers *number;
	struct build *b;
};

static uint32_t value_of(const struct writing *w, uint64_t number, unsigned fact)
{
	return numbers_fact(w->number, w->seen, number, fact).value;
}

/* ---- texts by number */

static struct str product_id(const void *ctx, uint64_t i)
{
	const struct writing *w = ctx;

	return ids_text(&w->seen->id[ID_PRODUCT], w->number->product_rank[i]);
}

static struct str session_id(const void *ctx, uint64_t i)
{
	const struct writing *w = ctx;

	return ids_text(&w->seen->id[ID_SESSION], w->number->session_rank[i]);
}

static struct str rank_text(const void *ctx, uint64_t i)
{
	return ids_text(ctx, (uint32_t)i);
}

/* What build_text does, on all cores: these are the long ones, and each text may be
 * somewhere else in memory: then it is asked for so far ahead. */
typedef void text_asker(const void *ctx, uint64_t i, enum ids_step step);
struct texts {
	struct str (*text)(const void *ctx, uint64_t i);
	const void *ctx;
	uint64_t n, *offsets;
	char *bytes;
	text_asker *ask;	/* NULL: near */
};
#define AHEAD 8

static void ask_product(const void *ctx, uint64_t i, enum ids_step step)
{
	const struct writing *w = ctx;

	ids_ask(&w->seen->id[ID_PRODUCT], w->number->product_rank[i], step);
}

static void ask_session(const void *ctx, uint64_t i, enum ids_step step)
{
	const struct writing *w = ctx;

	ids_ask(&w->seen->id[ID_SESSION], w->number->session_rank[i], step);
}

static void ask_ahead(text_asker *ask, const void *ctx, uint64_t i, uint64_t end)
{
	for (int step = IDS_SAMPLE; ask && step <= IDS_TEXT; step++) {
		uint64_t ahead = i + (uint64_t)(IDS_TEXT + 1 - step) * AHEAD;

		if (ahead < end)
			ask(ctx, ahead, (enum ids_step)step);
	}
}

static void measure_texts(void *ctx, struct pool_rows rows, unsigned worker)
{
	const struct texts *t = ctx;

	for (uint64_t i = rows.begin; i < rows.end; i++) {
		ask_ahead(t->ask, t->ctx, i, rows.end);
		t->offsets[i + 1] = t->text(t->ctx, i).len;
	}
}

static void copy_texts(void *ctx, struct pool_rows rows, unsigned worker)
{
	const struct texts *t = ctx;

	for (uint64_t i = rows.begin; i < rows.end; i++) {
		struct str s;

		ask_ahead(t->ask, t->ctx, i, rows.end);
		s = t->text(t->ctx, i);
		memcpy(t->bytes + t->offsets[i], s.ptr, s.len);
	}
}

/* t without offsets and bytes. */
static bool write_texts(const struct writing *w, const char *name, struct texts t,
			struct err *err)
{
	SCOPED_FREE uint64_t *offsets = mem_big(t.n + 1, sizeof *offsets, name, err);
	STRBUF(part);
	void *room;

	t.offsets = offsets;
	if (!offsets)
		return false;
	pool_run_rows(w->im->pool, t.n, measure_texts, &t);
	for (uint64_t i = 0; i < t.n; i++)
		offsets[i + 1] += offsets[i];
	strbuf_addf(&part, "%s/offsets", name);
	if (!build_array(w->b, strbuf_c(&part), ARRAY_U64, t.n + 1, 1, offsets, err))
		return false;
	strbuf_reset(&part);
	strbuf_addf(&part, "%s/bytes", name);
	if (!build_reserve(w->b, strbuf_c(&part), ARRAY_U8, offsets[t.n], 1, &room, err))
		return false;
	t.bytes = room;
	pool_run_rows(w->im->pool, t.n, copy_texts, &t);
	return true;
}

/* Adds the text of i to out; draft is empty, for what is made on the way. */
typedef void text_maker(const struct writing *w, uint64_t i, struct strbuf *draft,
			struct strbuf *out);

/* Texts made here, a chunk of them to a task and a buffer. */
struct made_texts {
	const struct writing *w;
	text_maker *make;
	uint64_t n, *offsets;	/* (n + 1): within the chunk first, one place on */
	struct strbuf *chunk;
	char *bytes;
	text_asker *ask;	/* NULL: near */
	struct beside *beside;	/* or NULL */
};

/* Long work of one thread, done beside what all threads do. */
struct beside {
	bool (*work)(const struct writing *w, struct err *err);
	bool ok;
	struct err err;
};

static void make_chunk(void *ctx, struct pool_rows rows, unsigned worker)
{
	const struct made_texts *m = ctx;
	struct strbuf *chunk = &m->chunk[rows.begin / POOL_ROWS];
	STRBUF(draft);

	for (uint64_t i = rows.begin; i < rows.end; i++) {
		ask_ahead(m->ask, m->w, i, rows.end);
		strbuf_reset(&draft);
		m->make(m->w, i, &draft, chunk);
		m->offsets[i + 1] = chunk->len;
	}
}

static void place_chunk(void *ctx, struct pool_rows rows, unsigned worker)
{
	const struct made_texts *m = ctx;
	struct strbuf *chunk = &m->chunk[rows.begin / POOL_ROWS];

	memcpy(m->bytes + m->offsets[rows.begin], strbuf_c(chunk), chunk->len);
	strbuf_finish(chunk);
}

static bool write_chunks(struct made_texts *m, const char *name, struct err *err)
{
	STRBUF(part);
	void *room;

	strbuf_addf(&part, "%s/offsets", name);
	if (!build_array(m->w->b, strbuf_c(&part), ARRAY_U64, m->n + 1, 1, m->offsets, err))
		return false;
	strbuf_reset(&part);
	strbuf_addf(&part, "%s/bytes", name);
	if (!build_reserve(m->w->b, strbuf_c(&part), ARRAY_U8, m->offsets[m->n], 1, &room,
			   err))
		return false;
	m->bytes = room;
	pool_run_rows(m->w->im->pool, m->n, place_chunk, m);
	return true;
}

static void do_beside(void *ctx, size_t task, unsigned worker)
{
	const struct made_texts *m = ctx;
	size_t begin = (task - 1) * POOL_ROWS;

	if (task == 0)
		m->beside->ok = m->beside->work(m->w, &m->beside->err);
	else
		make_chunk(ctx, (struct pool_rows){begin, begin + POOL_ROWS < m->n
						   ? begin + POOL_ROWS : m->n}, worker);
}

static bool make_chunks(struct made_texts *m, struct err *err)
{
	if (!m->beside) {
		pool_run_rows(m->w->im->pool, m->n, make_chunk, m);
		return true;
	}
	pool_run(m->w->im->pool, 1 + (m->n + POOL_ROWS - 1) / POOL_ROWS, do_beside, m);
	if (!m->beside->ok && err)
		*err = m->beside->err;
	return m->beside->ok;
}

/* m without offsets and chunks. */
static bool write_all(const char *name, struct made_texts m, struct err *err)
{
	SCOPED_FREE struct strbuf *chunk = mem_zalloc((m.n / POOL_ROWS + 1) * sizeof *chunk);
	SCOPED_FREE uint64_t *offsets = mem_big(m.n + 1, sizeof *offsets, name, err);
	uint64_t before = 0;
	bool ok;

	if (!offsets)
		return false;
	m.chunk = chunk;
	m.offsets = offsets;
	ok = make_chunks(&m, err);
	for (uint64_t i = 0; i < m.n; i++) {
		offsets[i + 1] += before;
		if ((i + 1) % POOL_ROWS == 0)
			before = offsets[i + 1];
	}
	ok = ok && write_chunks(&m, name, err);
	for (size_t i = 0; i <= m.n / POOL_ROWS; i++)
		strbuf_finish(&chunk[i]);
	return ok;
}

static bool write_made(const char *name, uint64_t n, text_maker *make,
		       const struct writing *w, struct err *err)
{
	return write_all(name, (struct made_texts){.w = w, .make = make, .n = n}, err);
}

/* ---- products */

static void add_spaced(struct strbuf *out, struct str s)
{
	size_t at = out->len;

	strbuf_add(out, s);
	for (; at < out->len; at++)
		if (out->ptr[at] == '_')
			out->ptr[at] = ' ';
}

static void add_short_id(struct strbuf *out, struct str id)
{
	size_t skip = id.len > SHORT_ID ? id.len - SHORT_ID : 0;

	/* Not in the middle of a character. */
	while (skip && ((unsigned char)id.ptr[skip] & 0xc0) == 0x80)
		skip--;
	strbuf_addc(out, '#');
	strbuf_add(out, str_span(id.ptr + skip, id.len - skip));
}

/* Brand, category, price and the end of the id, for want of a name. */
static void describe_product(const struct writing *w, uint64_t i, struct strbuf *out)
{
	const struct product_seen *p = numbers_product(w->number, i);
	uint32_t brand = p->value[FACT_BRAND];
	uint32_t node = w->number->product_node[i];
	struct str label = STR_NULL;

	if (brand != MAP_NONE) {
		uint64_t code;

		/* Some shops publish the number of a brand and not its name. */
		if (num_u64(ids_text(&w->seen->id[ID_BRAND], brand), &code))
			strbuf_adds(out, "brand ");
		strbuf_add(out, ids_text(&w->seen->id[ID_BRAND], brand));
		strbuf_addc(out, ' ');
	}
	if (node != CATALOG_NONE)
		label = w->tree->node[node].label;
	add_spaced(out, label.len ? label : brand == MAP_NONE ? STR("product")
		   : STR_NULL);
	if (out->len && out->ptr[out->len - 1] != ' ')
		strbuf_addc(out, ' ');
	if (p->has_price) {
		num_add_decimal(out, import_price(p, w->t->events.scale), w->t->events.scale,
				false);
		strbuf_addc(out, ' ');
	}
	add_short_id(out, product_id(w, i));
}

static void make_label(const struct writing *w, uint64_t i, struct strbuf *draft,
		       struct strbuf *out)
{
	uint32_t name = value_of(w, i, FACT_NAME);

	if (name == MAP_NONE)
		describe_product(w, i, draft);
	sanitize(out, name == MAP_NONE ? strbuf_str(draft)
				       : ids_text(&w->seen->id[ID_NAME], name), SANITIZE_LINE);
}

/* Variants share the lowest number among them. */
static bool write_groups(const struct writing *w, struct err *err)
{
	uint32_t n = w->seen->id[ID_PRODUCT].n, groups = w->seen->id[ID_GROUP].n;
	SCOPED_FREE uint32_t *lowest = mem_big(groups, sizeof *lowest, "groups", err);
	uint32_t *group;
	void *data;

	if (!lowest || !build_reserve(w->b, "product/group", ARRAY_U32, n, 1, &data, err))
		return false;
	group = data;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t g = value_of(w, i, FACT_GROUP);

		if (g != MAP_NONE && lowest[g] == 0)
			lowest[g] = i + 1;
		group[i] = g == MAP_NONE ? i : lowest[g] - 1;
	}
	return true;
}

static bool write_attributes(const struct writing *w, struct err *err)
{
	unsigned n_attributes = w->im->set->n_attributes;
	uint32_t n = w->seen->id[ID_PRODUCT].n, *to;
	void *data;

	if (n_attributes == 0)
		return true;
	if (!build_reserve(w->b, "product/attribute", ARRAY_U32, n, n_attributes, &data,
			   err))
		return false;
	to = data;
	for (uint32_t i = 0; i < n; i++)
		for (unsigned a = 0; a < n_attributes; a++)
			*to++ = value_of(w, i, FACT_ATTRIBUTE + a);
	return true;
}

/* As it was read, unless that is no text. */
static void make_description(const struct writing *w, uint64_t i, struct strbuf *draft,
			     struct strbuf *out)
{
	uint32_t value = value_of(w, i, FACT_DESCRIPTION);
	struct str text = value == MAP_NONE ? STR("")
		: ids_text(&w->seen->id[ID_DESCRIPTION], value);

	if (utf8_valid(text))
		strbuf_add(out, text);
	else
		sanitize(out, text, SANITIZE_TEXT);
}

static void make_property(const struct writing *w, uint64_t i, struct strbuf *draft,
			  struct strbuf *out)
{
	sanitize(out, ids_text(&w->seen->id[ID_PROPERTY], (uint32_t)i), SANITIZE_LINE);
}

/* w->seen->property is by rank of the product; the file is by its number. */
static bool write_properties(const struct writing *w, struct err *err)
{
	uint32_t n = w->seen->id[ID_PRODUCT].n, *name, *value;
	SCOPED_FREE uint64_t *next = mem_big((size_t)n + 2, sizeof *next, "properties",
					     err);
	void *names, *values;

	if (w->seen->n_property == 0)
		return true;
	if (!next)
		return false;
	for (size_t i = 0; i < w->seen->n_property; i++)
		next[w->number->product_number[w->seen->property[i].product] + 1]++;
	for (uint32_t i = 0; i < n; i++)
		next[i + 1] += next[i];
	if (!build_array(w->b, "product/property-offsets", ARRAY_U64, (uint64_t)n + 1, 1,
			 next, err) ||
	    !build_reserve(w->b, "product/property", ARRAY_U32, w->seen->n_property, 1, &names,
			   err))
		return false;
	name = names;
	for (size_t i = 0; i < w->seen->n_property; i++)
		name[next[w->number->product_number[w->seen->property[i].product]]++] =
			w->seen->property[i].name;
	for (uint32_t i = n; i > 0; i--)
		next[i] = next[i - 1];
	next[0] = 0;
	if (!build_reserve(w->b, "product/property-value", ARRAY_U32, w->seen->n_property, 1,
			   &values, err))
		return false;
	value = values;
	for (size_t i = 0; i < w->seen->n_property; i++)
		value[next[w->number->product_number[w->seen->property[i].product]]++] =
			w->seen->property[i].value.value;
	return write_made("property/name", w->seen->id[ID_PROPERTY].n, make_property, w,
			  err);
}

/* By ascending ids: ranks. */
static bool write_indexes(const struct writing *w, struct err *err)
{
	const struct ids *products = &w->seen->id[ID_PRODUCT], *users = &w->seen->id[ID_USER];

	return build_index(w->b, "product",
			   &(struct id_source){products->n, rank_text, products,
					       w->number->product_number},
			   err) &&
	       (!(w->t->caps & CAP_USERS) ||
		build_index(w->b, "user", &(struct id_source){users->n, rank_text, users, NULL},
			    err));
}

static bool write_products(const struct writing *w, struct err *err)
{
	uint32_t n = w->seen->id[ID_PRODUCT].n;
	struct beside indexes = {.work = write_indexes};
	struct made_texts labels = {
		.w = w, .make = make_label, .n = n, .ask = ask_product, .beside = &indexes};

	return write_texts(w, "product/id",
			   (struct texts){.text = product_id, .ctx = w, .n = n,
					  .ask = ask_product},
			   err) &&
	       write_all("product/label", labels, err) && write_groups(w, err) &&
	       write_attributes(w, err) &&
	       (w->seen->id[ID_DESCRIPTION].n == 0 ||
		write_made("product/description", n, make_description, w, err)) &&
	       write_properties(w, err);
}

/* ---- names of attributes and brands */

static void make_attribute(const struct writing *w, uint64_t i, struct strbuf *draft,
			   struct strbuf *out)
{
	strbuf_adds(out, w->im->set->attributes[i]);
}

static void make_value(const struct writing *w, uint64_t i, struct strbuf *draft,
		       struct strbuf *out)
{
	sanitize(out, ids_text(&w->seen->id[ID_VALUE], (uint32_t)i), SANITIZE_LINE);
}

static void make_brand(const struct writing *w, uint64_t i, struct strbuf *draft,
		       struct strbuf *out)
{
	sanitize(out, ids_text(&w->seen->id[ID_BRAND], (uint32_t)i), SANITIZE_LINE);
}

static bool write_names(const struct writing *w, struct err *err)
{
	const struct ids *brands = &w->seen->id[ID_BRAND];

	if (w->im->set->n_attributes &&
	    !write_made("attribute/name", w->im->set->n_attributes, make_attribute, w,
			err))
		return false;
	if ((w->im->set->n_attributes || w->seen->n_property) &&
	    !write_made("attribute/value", w->seen->id[ID_VALUE].n, make_value, w, err))
		return false;
	return !(w->t->caps & CAP_BRANDS) ||
	       (write_made("brand/name", brands->n, make_brand, w, err) &&
		build_index(w->b, "brand",
			    &(struct id_source){brands->n, rank_text, brands, NULL}, err));
}

/* ---- categories */

static struct str node_id(const void *ctx, uint64_t i)
{
	return ((const struct category_tree *)ctx)->node[i].id;
}

static struct str node_name(const void *ctx, uint64_t i)
{
	return ((const struct category_tree *)ctx)->node[i].name;
}

static struct str node_path(const void *ctx, uint64_t i)
{
	return ((const struct category_tree *)ctx)->node[i].path;
}

/* Fill the four arrays of numbers, one by one. */
static bool write_tree_numbers(const struct writing *w, struct err *err)
{
	const struct category_tree *t = w->tree;
	uint32_t n = w->seen->id[ID_PRODUCT].n, c = 0;
	void *data;

	if (!build_reserve(w->b, "category/parent", ARRAY_U32, t->n, 1, &data, err))
		return false;
	for (uint32_t i = 0; i < t->n; i++)
		((uint32_t *)data)[i] = t->node[i].parent;
	if (!build_reserve(w->b, "category/end", ARRAY_U32, t->n, 1, &data, err))
		return false;
	for (uint32_t i = 0; i < t->n; i++)
		((uint32_t *)data)[i] = t->node[i].end;
	if (!build_reserve(w->b, "category/depth", ARRAY_U8, t->n, 1, &data, err))
		return false;
	for (uint32_t i = 0; i < t->n; i++)
		((uint8_t *)data)[i] = t->node[i].depth;
	if (!build_reserve(w->b, "category/product", ARRAY_U32, (uint64_t)t->n + 1, 1,
			   &data, err))
		return false;
	for (uint32_t i = 0; i < n; i++)
		while (c <= t->n && (w->number->product_node[i] == CATALOG_NONE ||
				     c <= w->number->product_node[i]))
			((uint32_t *)data)[c++] = i;
	while (c <= t->n)
		((uint32_t *)data)[c++] = n;
	return true;
}

static struct str sorted_node_id(const void *ctx, uint32_t i)
{
	return node_id(ctx, i);
}

struct permuted {
	const struct category_tree *tree;
	const uint32_t *order;
};

static struct str permuted_id(const void *ctx, uint64_t i)
{
	const struct permuted *p = ctx;

	return node_id(p->tree, p->order[i]);
}

static bool write_categories(const struct writing *w, struct err *err)
{
	const struct category_tree *t = w->tree;
	SCOPED_FREE uint32_t *order = mem_alloc(((size_t)t->n + 1) * sizeof *order);
	struct permuted p = {t, order};

	return build_text(w->b, "category/id", &(struct text_source){t->n, node_id, t}, err) &&
	       build_text(w->b, "category/name", &(struct text_source){t->n, node_name, t},
			  err) &&
	       build_text(w->b, "category/path", &(struct text_source){t->n, node_path, t},
			  err) &&
	       write_tree_numbers(w, err) &&
	       sort_texts(order, t->n, sorted_node_id, t, NULL, err) &&
	       build_index(w->b, "category", &(struct id_source){t->n, permuted_id, &p, order},
			   err);
}

/* ---- users and sessions */

/* Users of sessions, by number. */
struct user_of {
	const struct writing *w;
	uint32_t *user;
};

static void take_users(void *ctx, struct pool_rows rows, unsigned worker)
{
	const struct user_of *of = ctx;

	for (uint64_t s = rows.begin; s < rows.end; s++)
		of->user[s] = of->w->seen->session[of->w->number->session_rank[s]].user;
}

/* user: of each session, by number. */
static bool write_user_sessions(const struct writing *w, const uint32_t *user_of,
				struct err *err)
{
	uint32_t users = w->seen->id[ID_USER].n, sessions = w->seen->id[ID_SESSION].n;
	SCOPED_FREE uint64_t *next = mem_big((size_t)users + 2, sizeof *next, "users",
					     err);
	void *data;

	if (!next)
		return false;
	for (uint32_t s = 0; s < sessions; s++)
		if (user_of[s] != MAP_NONE)
			next[user_of[s] + 1]++;
	for (uint32_t u = 0; u < users; u++)
		next[u + 1] += next[u];
	if (!build_array(w->b, "user/offsets", ARRAY_U64, (uint64_t)users + 1, 1, next,
			 err) ||
	    !build_reserve(w->b, "user/session", ARRAY_U32, next[users], 1, &data, err))
		return false;
	for (uint32_t s = 0; s < sessions; s++)
		if (user_of[s] != MAP_NONE)
			((uint32_t *)data)[next[user_of[s]]++] = s;
	return true;
}

/* What is known of the users, if a file said any of it. */
static bool write_people(const struct writing *w, struct err *err)
{
	const struct witnesses *heard = &w->t->heard;
	const struct ids *users = &w->seen->id[ID_USER];
	SCOPED_FREE const struct people **all = mem_alloc(heard->n * sizeof *all);
	uint32_t n = 0;

	for (unsigned i = 0; i < heard->n; i++) {
		all[i] = &heard->of[i].people;
		n += all[i]->n ? map_count(all[i]->id) : 0;
	}
	return n == 0 ||
	       people_write(w->b, (struct people_heard){all, heard->n, w->im->set->person},
			    (struct people_users){users->n, rank_text, users}, err);
}

static bool write_users(const struct writing *w, struct err *err)
{
	const struct ids *users = &w->seen->id[ID_USER];
	uint32_t sessions = w->seen->id[ID_SESSION].n;
	SCOPED_FREE uint32_t *user_of = NULL;

	if (!(w->t->caps & CAP_USERS))
		return true;
	user_of = mem_big(sessions, sizeof *user_of, "users", err);
	if (!user_of)
		return false;
	pool_run_rows(w->im->pool, sessions, take_users, &(struct user_of){w, user_of});
	if (!write_texts(w, "user/id",
			 (struct texts){.text = rank_text, .ctx = users, .n = users->n}, err) ||
	    !write_user_sessions(w, user_of, err) ||
	    !build_array(w->b, "session/user", ARRAY_U32, sessions, 1, user_of, err))
		return false;
	return write_people(w, err);
}

static void make_country(const struct writing *w, uint64_t i, struct strbuf *draft,
			 struct strbuf *out)
{
	sanitize(out, ids_text(&w->seen->id[ID_TRAIT + TRAIT_COUNTRY], (uint32_t)i),
		 SANITIZE_LINE);
}

static void make_channel(const struct writing *w, uint64_t i, struct strbuf *draft,
			 struct strbuf *out)
{
	sanitize(out, ids_text(&w->seen->id[ID_TRAIT + TRAIT_CHANNEL], (uint32_t)i),
		 SANITIZE_LINE);
}

/* Where sessions come from, if anything says it. */
static bool write_traits(const struct writing *w, struct err *err)
{
	static const struct {
		const char *of, *name;
		text_maker *make;
	} traits[TRAITS] = {
		[TRAIT_COUNTRY] = {"session/country", "country/name", make_country},
		[TRAIT_CHANNEL] = {"session/channel", "channel/name", make_channel},
	};
	uint32_t n = w->seen->id[ID_SESSION].n;
	void *data;

	for (int t = 0; w->seen->trait && t < TRAITS; t++) {
		if (w->seen->id[ID_TRAIT + t].n == 0)
			continue;
		if (!write_made(traits[t].name, w->seen->id[ID_TRAIT + t].n, traits[t].make,
				w, err) ||
		    !build_reserve(w->b, traits[t].of, ARRAY_U32, n, 1, &data, err))
			return false;
		for (uint32_t s = 0; s < n; s++)
			((uint32_t *)data)[s] = w->seen->trait[
				(size_t)w->number->session_rank[s] * TRAITS + t];
	}
	return true;
}

bool import_write_ids(const struct import *im, const struct taken *t, const struct made *m,
		      struct err *err)
{
	struct writing all = {im, t, &m->seen, &m->tree, &m->number, m->build}, *w = &all;
	uint32_t sessions = m->seen.id[ID_SESSION].n;

	job_step(im->job, "writing products and sessions", 4);
	if (!write_products(w, err) || !job_check(im->job, err))
		return false;
	job_advance(im->job, 1);
	if (!write_names(w, err) || !write_categories(w, err))
		return false;
	job_advance(im->job, 1);
	if (!write_users(w, err) || !write_traits(w, err) || !job_check(im->job, err))
		return false;
	job_advance(im->job, 1);
	/* number by rank is the order of ids */
	return write_texts(w, "session/id",
			   (struct texts){.text = session_id, .ctx = w, .n = sessions,
					  .ask = ask_session}, err) &&
	       build_array(m->build, "session/by-id", ARRAY_U32, sessions, 1,
			   m->number.session_number, err);
}
