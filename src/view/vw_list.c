/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A ranked list for a context: a page, a cart, a person, a history, words. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "ask/pseudonym.h"
#include "base/arena.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "model/past.h"
#include "model/vector_scores.h"
#include "suggest/door.h"
#include "suggest/lister.h"
#include "view/cells.h"
#include "view/ranking.h"

enum {
	COL_FOR, COL_RANK, COL_PRODUCT, COL_LABEL, COL_CATEGORY, COL_PRICE, COL_SCORE, COL_SOURCE,
	COL_BECAUSE, COL_BECAUSE_LABEL, COL_BECAUSE_KIND, COL_BECAUSE_TIME, COL_N, COL_FLAGS,
	COLUMNS,
};

static const struct column columns[COLUMNS] = {
	{"for", "for", CELL_ID, 12, 0, COLUMN_DATA, "the user or product that was asked for"},
	{"rank", "#", CELL_COUNT, 3, 0, COLUMN_SORT | COLUMN_ASCENDING, "place, from 1"},
	{"product", "product", CELL_ID, 10, 0, COLUMN_SPARE, "id of the suggested product"},
	{"label", "label", CELL_TEXT, 28, 0, COLUMN_MAIN | COLUMN_SORT, "its label"},
	{"category", "category", CELL_TEXT, 16, 0, COLUMN_SPARE | COLUMN_SORT,
	 "path of its category"},
	{"price", "price", CELL_MONEY, 9, 0, COLUMN_SPARE | COLUMN_SORT, "its latest price"},
	{"score", "score", CELL_REAL, 8, 4, COLUMN_SORT,
	 "what the note says; of popular ones, which fill the list up, how much is bought of late"},
	{"source", "source", CELL_TEXT, 8, 0, 0,
	 "repeat: had before; variant: of what was; together: goes with it; model; words; "
	 "popular: nothing else is known; pin: a rule's"},
	{"because", "because", CELL_ID, 10, 0, COLUMN_DATA,
	 "the product of the context that speaks most for it"},
	{"because_label", "because of", CELL_TEXT, 20, 0, 0, "its label"},
	{"because_kind", "which was", CELL_TEXT, 9, 0, 0,
	 "what was done with it: view, cart, purchase; page: it is looked at now"},
	{"because_time", "on", CELL_TIME, 10, 0, COLUMN_SPARE | COLUMN_SHOP,
	 "when, the last time, UTC"},
	{"n", "n", CELL_COUNT, 6, 0, 0, "sessions with both of these two"},
	{"flags", "flags", CELL_TEXT, 9, 0, COLUMN_SPARE,
	 "what people decided for that page: approved, rejected; pinned by a rule"},
};

struct state {
	const struct question *q;
	struct pool *pool;
	const struct catalog *cat;
	struct past past;
	struct panel list;
};

static bool read_context(struct state *s, struct err *err)
{
	const struct question *q = s->q;
	const struct catalog *c = s->cat;

	if (q->user != CATALOG_NONE) {
		if (!c->user_offsets || !c->user_session)
			return err_fail(err, ERR_NO,
					"the store has no list of the sessions of a user");
		past_read(&s->past, c, q->user, c->last_time + 1);
	}
	for (unsigned i = 0; q->history && i < q->history->n; i++) {
		past_add(&s->past, q->history->product[i], q->history->age[i],
			 q->history->kind[i]);
		s->past.times[s->past.n - 1] = q->history->times[i];
	}
	return true;
}

/* cosine of every product's text and the words; *near is NULL without words. */
static bool read_words(const struct state *s, float **near, struct job *job, struct err *err)
{
	const struct model *reader = s->q->reader;
	struct str text = outlook_text(s->q->outlook, ASK_WORDS);
	uint32_t n = s->cat->n_products;
	SCOPED_FREE float *vector = NULL;
	SCOPED_FREE struct hit *hits = NULL;
	struct vectors_query q = {.metric = METRIC_COSINE, .exact = true, .limit = n};
	size_t found;

	*near = NULL;
	if (!text.ptr)
		return true;
	vector = mem_alloc(vectors_dim(reader) * sizeof *vector);
	hits = mem_big(n, sizeof *hits, "scores", err);
	if (!hits || !vectors_phrase(reader, text, vector, err))
		return false;
	q.q = vector;
	if (!vectors_near(reader, &q, hits, &found, (struct work){s->pool, job}, err) ||
	    !(*near = mem_big(n, sizeof **near, "scores", err)))
		return false;
	for (uint32_t p = 0; p < n; p++)
		(*near)[p] = -INFINITY;
	for (size_t i = 0; i < found; i++)
		(*near)[hits[i].id] = hits[i].score;
	return true;
}

static void describe_context(const struct state *s, struct strbuf *b)
{
	const struct question *q = s->q;
	struct str text = outlook_text(q->outlook, ASK_WORDS);
	SCOPED(arena) a = arena_create();
	const char *between = "For ";

	if (q->user != CATALOG_NONE) {
		struct str user = pseudonym_user(q, a, q->user);

		strbuf_addf(b, "%suser %.*s", between, STR_ARG(user));
		between = ", ";
	}
	if (q->history) {
		strbuf_addf(b, "%sa history", between);
		between = ", ";
	}
	for (unsigned i = 0; i < q->n_basket; i++) {
		strbuf_addf(b, "%s%.*s", between,
			    STR_ARG(text_at(&s->cat->product_label, q->basket[i])));
		between = ", ";
	}
	if (text.ptr)
		strbuf_addf(b, "%s\"%.*s\"", between, STR_ARG(text));
	strbuf_adds(b, b->len ? ". " : "For nobody in particular. ");
}

static void describe_score(const struct state *s, struct strbuf *b)
{
	const struct question *q = s->q;
	bool words = outlook_asks(q->outlook, ASK_WORDS);

	if (words && !s->past.n && !q->n_basket)
		strbuf_addf(b, "A score is %s.", model_meaning(q->reader));
	else if (words)
		strbuf_adds(b, "What reads like the words, ordered by them and by what is known: "
			    "a score is the sum of 1 / (60 + rank) in both orders.");
	else if (q->model)
		strbuf_addf(b, "Ranked by the model %s%s: a score is %s.", model_name(q->model),
			    model_stale(q->model) ? " (trained on an earlier import)" : "",
			    model_meaning(q->model));
	else
		strbuf_adds(b, "By hand: what was had (3 to 4), its variants (2 to 3), what goes "
			    "with it (1 to 2), what is popular of late (below 1).");
}

static void describe(struct view *v, const struct state *s)
{
	const struct question *q = s->q;
	unsigned filled = 0;
	STRBUF(b);

	for (unsigned i = 0; i < s->list.n_rows; i++)
		filled += s->list.rows[i].source == SOURCE_LATE;
	describe_context(s, &b);
	describe_score(s, &b);
	if ((q->user != CATALOG_NONE || q->history) && !s->past.n)
		strbuf_adds(&b, " Nothing is known of what was done before: these are the popular "
			    "ones.");
	else if (filled && filled == s->list.n_rows)
		strbuf_adds(&b, " Nothing better is known than what is popular.");
	else if (filled && (q->model || q->reader))
		strbuf_addf(&b, " The last %u are popular ones.", filled);
	if (q->ids_unknown) {
		strbuf_addc(&b, ' ');
		num_add_grouped(&b, q->ids_unknown);
		strbuf_addf(&b, " id%s of the file %s not in the store.",
			    q->ids_unknown == 1 ? "" : "s", q->ids_unknown == 1 ? "is" : "are");
	}
	view_set_note(v, "%s", strbuf_c(&b));
}

static bool list_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct state *s = state;
	SCOPED(lister) l = NULL;
	SCOPED_FREE float *words = NULL;
	struct list_request context = {.past = &s->past, .reasons = true};
	struct panel_request q;

	s->q = view_question(v);
	s->pool = view_request_of(v)->pool;
	s->cat = s->q->catalog;
	if (!read_context(s, err) || !read_words(s, &words, job, err) ||
	    !lister_create(&l, s->cat, s->q->model, err) ||
	    !list_asked_repeat(s->q->outlook, &context, err))
		return false;
	context.lister = l;
	context.words = words;
	q = (struct panel_request){.about = *s->q, .kind = PANEL_CONTEXT, .context = &context,
				   .limit = asked_rows(s->q->outlook, PANEL_ROWS)};
	if (!suggest(&q, &s->list, job, err))
		return false;
	describe(v, s);
	return true;
}

static void list_close(void *state)
{
	struct state *s = state;

	past_finish(&s->past);
	panel_finish(&s->list);
}

static uint64_t list_count(const void *state)
{
	return ((const struct state *)state)->list.n_rows;
}

static bool on_page(const struct question *q, uint32_t product)
{
	for (unsigned i = 0; i < q->n_basket; i++)
		if (q->basket[i] == product)
			return true;
	return false;
}

static void because_cells(const struct state *s, const struct panel_row *row,
			  struct cell *cells)
{
	const struct catalog *c = s->cat;
	unsigned k = 0;

	cells[COL_BECAUSE] = cells[COL_BECAUSE_LABEL] = cells[COL_BECAUSE_KIND] =
		cells[COL_BECAUSE_TIME] = cells[COL_N] = cell_empty();
	if (row->best == CATALOG_NONE)
		return;
	cells[COL_BECAUSE] = cell_text(text_at(&c->product_id, row->best));
	cells[COL_BECAUSE_LABEL] = cell_text(text_at(&c->product_label, row->best));
	if (row->best != row->product)
		cells[COL_N] = cell_count(row->counts.n);
	if (on_page(s->q, row->best)) {
		cells[COL_BECAUSE_KIND] = cell_text(STR("page"));
		return;
	}
	while (k + 1 < s->past.n && s->past.product[k] != row->best)
		k++;
	cells[COL_BECAUSE_KIND] = cell_text(str_from(event_kind_name(s->past.kind[k])));
	if (c->event_time)
		cells[COL_BECAUSE_TIME] = (struct cell){
			.count = c->last_time + 1 -
				 (int64_t)llround((double)s->past.age[k] * TIME_DAY)};
}

static void list_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct state *s = state;
	const struct catalog *c = s->cat;
	const struct panel_row *row = &s->list.rows[i];

	cells[COL_FOR] = s->q->user != CATALOG_NONE ?
		cell_known(pseudonym_user(s->q, view_arena(v), s->q->user)) : s->q->n_basket ?
		cell_text(text_at(&c->product_id, s->q->basket[s->q->n_basket - 1])) :
		cell_empty();
	cells[COL_RANK] = row->rank ? cell_count(row->rank) : cell_empty();
	cells[COL_PRODUCT] = cell_text(text_at(&c->product_id, row->product));
	cells[COL_LABEL] = cell_text(text_at(&c->product_label, row->product));
	cells[COL_CATEGORY] = cell_name(&c->category_path, c->product_category[row->product]);
	cells[COL_PRICE] = c->product_price && c->product_price[row->product] != PRICE_NONE ?
		(struct cell){.count = c->product_price[row->product]} : cell_empty();
	cells[COL_SCORE] = cell_real(row->score);
	cells[COL_SOURCE] = cell_text(str_from(panel_source_name(row->source)));
	cells[COL_FLAGS] = cell_text(ranking_flags(v, row->flags));
	because_cells(s, row, cells);
}

static uint32_t list_product(const void *state, uint64_t i)
{
	return ((const struct state *)state)->list.rows[i].product;
}

const struct view_class vw_list = {
	.name = "list",
	.summary = "A ranked list for someone: --product of a page or each of a cart, --user, "
		   "--history, --text, alone or together; with nothing what is popular.",
	.asks = MAY(PRODUCT) | MAY(USER) | MAY(HISTORY) | MAY(WORDS) | MAY(MODEL) | MAY(REPEAT) |
		MAY(AMONG) | MAY(CATEGORY) | MAY(SHOW_USERS) | MAY(VERDICTS) | MAY(RULES) |
		MAY(CODES) | MAY(TAIL) | MAY(DIVERSIFY) | MAY(PER_CATEGORY) | MAY(CATEGORIES),
	.where = WHERE_PRODUCTS,
	.best = true,
	.sorts = &suggest_product_sorts,
	.sorts_by = suggest_sorts_by,
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct state),
	.open = list_open,
	.close = list_close,
	.count = list_count,
	.row = list_row,
	.product = list_product,
};
