/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The review queue: a row per place, product by product; beside the first rows of a product
 * stands what it sells and how much of it is open. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/time.h"
#include "stats/live.h"
#include "store/store.h"
#include "vet/agreement.h"
#include "vet/rules.h"
#include "vet/verdicts.h"
#include "view/cells.h"
#include "view/evidence.h"
#include "view/format.h"
#include "view/review.h"

enum {
	COL_TURN, COL_PRODUCT, COL_LABEL_OF, COL_TRAFFIC, COL_OPEN, COL_SUM, COL_BESIDE, COL_RANK,
	COL_MARK, COL_SUGGESTION, COL_LABEL, COL_N, COL_REASON, COL_LIFT, COL_LOW, COL_HIGH,
	COL_TIMES, COL_BETWEEN, COL_DOUBT, COL_PRICE, COL_CATEGORY, COL_WHO, COL_AUDIT, COL_SCORE,
	COL_SOURCE, COL_OTHER,
	COL_SIGNS, COLUMNS = COL_SIGNS + DOUBT_SIGNS,
};

#define SIGN(name, help) {name, name, CELL_REAL, 6, 3, COLUMN_DATA, help}

static const struct column columns[COLUMNS] = {
	[COL_TURN] = {"turn", "turn", CELL_COUNT, 5, 0, COLUMN_DATA,
		"the product's place in the queue"},
	[COL_PRODUCT] = {"product", "product", CELL_ID, 10, 0, COLUMN_DATA, "id of the product"},
	[COL_LABEL_OF] = {"label_product", "of", CELL_TEXT, 20, 0, COLUMN_DATA, "its label"},
	[COL_TRAFFIC] = {"traffic", "traffic", CELL_COUNT, 7, 0, COLUMN_DATA,
		"pieces sold; views where nothing is sold"},
	[COL_OPEN] = {"open", "open", CELL_COUNT, 4, 0, COLUMN_DATA, "its open places"},
	[COL_SUM] = {"doubt_product", "sum", CELL_REAL, 5, 3, COLUMN_DATA,
		"doubts of its open places, summed"},
	[COL_BESIDE] = {"beside", "product", CELL_TEXT, 26, 0, COLUMN_PEOPLE | COLUMN_MAIN,
		"the product, what it sells, and how much of it is open"},
	[COL_RANK] = {"rank", "#", CELL_COUNT, 3, 0, 0, "place in the list; empty: rejected"},
	[COL_MARK] = {"mark", "", CELL_TEXT, 1, 0, 0,
		"A approved, P pinned, R rejected, . skipped; empty: open"},
	[COL_SUGGESTION] = {"suggestion", "suggestion", CELL_ID, 10, 0, COLUMN_DATA,
		"id of what is suggested"},
	[COL_LABEL] = {"label", "suggested", CELL_TEXT, 28, 0, 0, "its label"},
	[COL_CATEGORY] = {"category", "category", CELL_TEXT, 16, 0, COLUMN_DATA, "its category"},
	[COL_PRICE] = {"price", "price", CELL_MONEY, 8, 2, COLUMN_SPARE, "its latest price"},
	[COL_N] = {"n", "n", CELL_COUNT, 5, 0, 0, "sessions or baskets with both"},
	[COL_LIFT] = {"lift", "lift", CELL_REAL, 6, 2, COLUMN_DATA,
		"how much more often together than by chance"},
	[COL_LOW] = {"lift_low", "from", CELL_REAL, 6, 2, COLUMN_DATA,
		"lower end of lift's 95% interval"},
	[COL_HIGH] = {"lift_high", "to", CELL_REAL, 6, 2, COLUMN_DATA, "upper end"},
	[COL_TIMES] = {"times", "lift", CELL_TEXT, 5, 0, COLUMN_PEOPLE, "lift"},
	[COL_BETWEEN] = {"between", "95%", CELL_TEXT, 11, 0, COLUMN_PEOPLE, "its 95% interval"},
	[COL_DOUBT] = {"doubt", "doubt", CELL_REAL, 5, 2, 0, "1 - chance of approval"},
	[COL_REASON] = {"reason", "in doubt", CELL_TEXT, 20, 0, 0, "what makes most of it"},
	[COL_WHO] = {"who", "who", CELL_TEXT, 8, 0, COLUMN_DATA, "who decided"},
	[COL_AUDIT] = {"audit", "audit", CELL_TEXT, 5, 0, COLUMN_DATA,
		"yes: it stands here because it was drawn at random; empty until it is decided"},
	[COL_SCORE] = {"score", "score", CELL_REAL, 7, 3, COLUMN_DATA, "of the panel"},
	[COL_SOURCE] = {"source", "source", CELL_TEXT, 12, 0, COLUMN_DATA, "where it comes from"},
	[COL_OTHER] = {"place_other", "other", CELL_COUNT, 5, 0, COLUMN_DATA,
		"place among the first ten of the other panel"},
	[COL_SIGNS + DOUBT_FEW] = SIGN("few", "20 / (20 + n)"),
	[COL_SIGNS + DOUBT_WIDE] = SIGN("wide",
		"doublings from end to end of lift's interval, of 6"),
	[COL_SIGNS + DOUBT_ONE_WAY] = SIGN("one_way", "its own first 20 don't hold the product"),
	[COL_SIGNS + DOUBT_MODELS] = SIGN("models",
		"share of --model whose first 20 don't hold it"),
	[COL_SIGNS + DOUBT_PRICE] = SIGN("price_clash",
		"doublings of the price beyond the first, of 2"),
	[COL_SIGNS + DOUBT_BRAND] = SIGN("brand_clash", "another brand"),
	[COL_SIGNS + DOUBT_OTHER] = SIGN("other_panel", "how high it stands in the other panel"),
	[COL_SIGNS + DOUBT_TEXT] = SIGN("text", "1 - cosine of the words of both texts"),
};

#define FIRST_ROWS 400u		/* that are made at once, if so many are asked for */
#define SCREEN_ROWS 11u		/* before any is shown, where all are; then the rest, bit by bit */
#define GROW_SECONDS 0.3	/* of work at more of them */

/* --- opening */

static struct str reviewer(const struct question *q, struct strbuf *login)
{
	if (outlook_asks(q->outlook, ASK_WHO))
		return outlook_text(q->outlook, ASK_WHO);
	if (q->aside)
		return STR("visitor");
	verdicts_login(login);
	return strbuf_str(login);
}

/* Rows that are wanted at first, 0: all. */
static uint64_t first_rows(const struct view *v)
{
	const struct outlook *o = view_question(v)->outlook;
	uint64_t limit = outlook_count(o, ASK_LIMIT, UINT64_MAX);
	uint64_t offset = outlook_count(o, ASK_OFFSET, 0);

	if (!view_request_of(v)->partly)
		return 0;
	if (limit == UINT64_MAX && !offset)
		return SCREEN_ROWS;
	return offset < FIRST_ROWS && limit < FIRST_ROWS - offset ? offset + limit + 1
								 : FIRST_ROWS;
}

static bool make(struct review *s, const struct question *q, struct queue_request *r,
		 struct work work, struct err *err)
{
	struct queue_keep *keep = q->reviewed;
	const uint64_t asks = MAY(PANEL) | MAY(WHO) | MAY(MODELS) | MAY(CATEGORY) | MAY(WHERE);
	struct queue *before = s->q, *made;
	bool same;
	STRBUF(key);

	outlook_print(q->outlook, asks, &key);
	same = keep && keep->last && keep->store == q->store &&
	       strcmp(keep->key, strbuf_c(&key)) == 0;
	before = before ? before : same ? keep->last : NULL;
	/* What is there is shown again, and more of it for the time that there is. */
	if (before && r->rows)
		r->rows = queue_rows(before) > r->rows ? queue_rows(before) : r->rows;
	if (!queue_make(&made, r, before, work, err))
		return false;
	queue_destroy(s->q);
	s->q = made;
	if (keep) {
		queue_keep_finish(keep);
		*keep = (struct queue_keep){queue_ref(s->q), q->store, strbuf_detach(&key)};
	}
	return true;
}

static void add_audit(struct strbuf *b, const struct queue *q)
{
	struct queue_audit a = queue_audit(q);

	if (!a.decided)
		return;
	strbuf_addf(b, " Drawn at random: %.0f%% of %u approved [%.0f-%.0f].", a.rate * 100,
		    a.decided, a.low * 100, a.high * 100);
}

struct review_person *review_people(const struct review *s, size_t *n)
{
	const struct verdicts *v = queue_verdicts(s->q);
	struct review_person *p = NULL;
	size_t cap = 0;

	*n = 0;
	for (uint32_t pair = 0; v && pair < verdicts_pairs(v); pair++) {
		const struct decision *d = NULL;

		while ((d = verdicts_next(v, pair, d)) != NULL) {
			size_t i = 0;

			if (!str_is(d->panel, rules_panels[s->kind]))
				continue;
			while (i < *n && !str_eq(p[i].who, d->who))
				i++;
			if (i == *n) {
				MEM_GROW(p, cap, *n + 1);
				p[(*n)++] = (struct review_person){.who = d->who};
			}
			p[i].said[d->kind]++;
		}
	}
	return p;
}

static void add_people(struct strbuf *b, const struct review *s)
{
	size_t n, m = 0;
	struct review_person *p = review_people(s, &n);
	struct agreement *g = queue_verdicts(s->q) ?
		agreement_of(queue_verdicts(s->q), str_from(rules_panels[s->kind]), &m) : NULL;

	for (size_t i = 0; i < n && i < 6; i++)
		strbuf_addf(b, "%s%.*s A %u R %u . %u", i ? "; " : " ", STR_ARG(p[i].who),
			    p[i].said[DECISION_APPROVE] + p[i].said[DECISION_PIN],
			    p[i].said[DECISION_REJECT], p[i].said[DECISION_SKIP]);
	strbuf_adds(b, n ? "." : "");
	for (size_t i = 0; i < m && i < 2; i++) {
		strbuf_addf(b, " %.*s and %.*s: %ju decided by both, ", STR_ARG(g[i].a),
			    STR_ARG(g[i].b), (uintmax_t)g[i].both);
		if (isnan(agreement_kappa(&g[i])))
			strbuf_adds(b, "all alike.");
		else
			strbuf_addf(b, "kappa %.2f.", agreement_kappa(&g[i]));
	}
	free(p);
	free(g);
}

static void add_progress(struct strbuf *b, const struct review *s)
{
	struct queue_progress p = queue_progress(s->q);

	strbuf_adds(b, p.whole ? "" : "up to ");
	num_add_grouped(b, p.left);
	strbuf_adds(b, " of ");
	num_add_grouped(b, p.wanted);
	strbuf_addf(b, " products are left to cover 95%% of %s", p.sold ? "sales" : "views");
	if (p.whole) {
		strbuf_adds(b, "; ");
		num_add_grouped(b, (int64_t)p.open);
		strbuf_adds(b, " places open");
	}
	strbuf_addc(b, '.');
}

static bool make_rows(struct view *v, struct review *s, struct queue_request *r, struct work work,
		      struct err *err)
{
	STRBUF(note);
	uint32_t n;

	if (!make(s, view_question(v), r, work, err))
		return false;
	n = queue_count(s->q);
	s->first = mem_resize(s->first, (size_t)n + 1, sizeof *s->first);
	s->first[0] = 0;
	for (uint32_t i = 0; i < n; i++)
		s->first[i + 1] = s->first[i] + queue_at(s->q, i).n;
	add_progress(&note, s);
	add_audit(&note, s->q);
	add_people(&note, s);
	if (queue_blind(s->q))
		strbuf_adds(&note, " Blind: a verdict takes two who decide alike.");
	view_set_note(v, "%s", strbuf_c(&note));
	return true;
}

static struct queue_request request(const struct question *q, const struct review *s,
				    struct strbuf *login)
{
	return (struct queue_request){
		.store = q->store, .who = reviewer(q, login), .category = q->category,
		.kind = s->kind, .only = q->live ? live_selection(q->live) : NULL,
		.models = outlook_text(q->outlook, ASK_MODELS), .aside = q->aside,
	};
}

static bool queue_open(struct view *v, void *state, struct job *job, struct err *err)
{
	struct review *s = state;
	const struct question *q = view_question(v);
	struct queue_request r;
	STRBUF(login);

	s->cat = store_catalog(q->store);
	s->kind = panel_kind_of(outlook_text(q->outlook, ASK_PANEL));
	r = request(q, s, &login);
	r.rows = first_rows(v);
	r.seconds = view_request_of(v)->seconds;
	return make_rows(v, s, &r, (struct work){view_request_of(v)->pool, job}, err);
}

static bool queue_partial(const void *state)
{
	return !queue_whole(((const struct review *)state)->q);
}

static bool queue_grow(struct view *v, void *state, struct work work, struct err *err)
{
	struct review *s = state;
	STRBUF(login);
	struct queue_request r = request(view_question(v), s, &login);

	r.rows = queue_rows(s->q) + SCREEN_ROWS;
	r.seconds = GROW_SECONDS;
	return make_rows(v, s, &r, work, err);
}

static void queue_close(void *state)
{
	struct review *s = state;

	queue_destroy(s->q);
	free(s->first);
}

/* --- rows */

static uint64_t count_rows(const void *state)
{
	const struct review *s = state;

	return s->first[queue_count(s->q)];
}

uint32_t review_turn(const struct review *s, uint64_t row, unsigned *k)
{
	uint32_t low = 0, high = queue_count(s->q);

	while (low + 1 < high) {
		uint32_t mid = low + (high - low) / 2;

		if (s->first[mid] <= row)
			low = mid;
		else
			high = mid;
	}
	*k = (unsigned)(row - s->first[low]);
	return low;
}

/* "Ohlsson beige", "  852 sold, doubt 0.62", "  4 of 10 open". */
static struct cell beside(struct view *v, const struct review *s, const struct queue_product *p,
			  unsigned k)
{
	STRBUF(b);

	if (k == 0)
		strbuf_add(&b, text_at(&s->cat->product_label, p->product));
	else if (k == 1) {
		strbuf_adds(&b, "  ");
		num_add_grouped(&b, p->traffic);
		strbuf_addf(&b, " %s, doubt %.2f", queue_progress(s->q).sold ? "sold" : "viewed",
			    p->doubt);
	} else if (k == 2)
		strbuf_addf(&b, "  %u of %u open", p->open, p->n);
	return cell_text(b.len ? arena_str(view_arena(v), strbuf_str(&b)) : STR(""));
}

/* "29x", "25-33"; nothing where nothing was counted. */
static struct cell times(struct view *v, double x, double y)
{
	STRBUF(b);

	if (isnan(x))
		return cell_empty();
	evidence_times(&b, x);
	strbuf_addc(&b, isnan(y) ? 'x' : '-');
	if (!isnan(y))
		evidence_times(&b, y);
	return cell_text(arena_str(view_arena(v), strbuf_str(&b)));
}

static void evidence_cells(struct view *v, const struct review *s,
			   const struct queue_place *p, struct cell *cells)
{
	cells[COL_N] = isnan(p->lift) ? cell_empty() : cell_count(p->n);
	cells[COL_LIFT] = cell_real((double)p->lift);
	cells[COL_LOW] = cell_real((double)p->low);
	cells[COL_HIGH] = cell_real((double)p->high);
	cells[COL_TIMES] = times(v, (double)p->lift, NAN);
	cells[COL_BETWEEN] = times(v, (double)p->low, (double)p->high);
	cells[COL_PRICE] = !s->cat->product_price ||
		s->cat->product_price[p->with] == PRICE_NONE ? cell_empty() :
		(struct cell){.count = s->cat->product_price[p->with]};
}

static void queue_row(struct view *v, void *state, uint64_t row, struct cell *cells)
{
	const struct review *s = state;
	unsigned k;
	uint32_t turn = review_turn(s, row, &k);
	struct queue_product of = queue_at(s->q, turn);
	const struct queue_place *p = &of.place[k];
	const struct decision *d = p->state > QUEUE_REOPENED ?
				   queue_decision(s->q, of.product, p->with) : NULL;
	STRBUF(reason);

	queue_add_reason(s->q, of.product, p, &reason);
	cells[COL_TURN] = cell_count(turn + 1);
	cells[COL_PRODUCT] = cell_text(text_at(&s->cat->product_id, of.product));
	cells[COL_LABEL_OF] = cell_text(text_at(&s->cat->product_label, of.product));
	cells[COL_TRAFFIC] = cell_count(of.traffic);
	cells[COL_OPEN] = cell_count(of.open);
	cells[COL_SUM] = cell_real(of.doubt);
	cells[COL_BESIDE] = beside(v, s, &of, k);
	cells[COL_RANK] = p->rank ? cell_count(p->rank) : cell_empty();
	cells[COL_MARK] = cell_text(str_from(queue_mark(p->state)));
	cells[COL_SUGGESTION] = cell_text(text_at(&s->cat->product_id, p->with));
	cells[COL_LABEL] = cell_text(text_at(&s->cat->product_label, p->with));
	cells[COL_CATEGORY] = cell_name(&s->cat->category_name,
					s->cat->product_category[p->with]);
	evidence_cells(v, s, p, cells);
	cells[COL_DOUBT] = cell_real((double)p->doubt);
	cells[COL_REASON] = cell_text(arena_str(view_arena(v), strbuf_str(&reason)));
	cells[COL_WHO] = d ? cell_text(d->who) : cell_empty();
	cells[COL_AUDIT] = p->state <= QUEUE_REOPENED ? cell_empty() :
			   cell_text(of.audit ? STR("yes") : STR("no"));
	cells[COL_SCORE] = cell_real((double)p->score);
	cells[COL_SOURCE] = cell_text(str_from(panel_source_name(p->source)));
	cells[COL_OTHER] = p->other ? cell_count(p->other) : cell_empty();
	for (unsigned i = 0; i < DOUBT_SIGNS; i++)
		cells[COL_SIGNS + i] = cell_real((double)p->sign[i]);
}

static void queue_target(const void *state, uint64_t row, struct view_target *t)
{
	const struct review *s = state;
	unsigned k;
	struct queue_product of = queue_at(s->q, review_turn(s, row, &k));

	t->product = of.product;
	t->with = of.place[k].with;
	t->audit = of.audit;
}

static char queue_row_mark(const void *state, uint64_t row)
{
	unsigned k;
	struct queue_product of = queue_at(((const struct review *)state)->q,
					   review_turn(state, row, &k));

	return queue_mark(of.place[k].state)[0];
}

/* --- the place under the cursor, in words */

static void add_product(struct strbuf *b, const struct review *s, uint32_t p)
{
	const struct catalog *c = s->cat;

	strbuf_addf(b, "%.*s #%.*s", STR_ARG(text_at(&c->product_label, p)),
		    STR_ARG(text_at(&c->product_id, p)));
	if (c->product_category[p] != CATALOG_NONE)
		strbuf_addf(b, ", %.*s", STR_ARG(text_at(&c->category_path,
							 c->product_category[p])));
	if (c->product_price && c->product_price[p] != PRICE_NONE) {
		strbuf_adds(b, ", ");
		format_money(b, c->product_price[p], c->price_scale);
	}
}

void review_add_said(struct strbuf *b, const struct review *s, uint32_t product,
		     const struct queue_place *p)
{
	static const char *const words[DECISION_KINDS] = {
		[DECISION_APPROVE] = "approved", [DECISION_REJECT] = "rejected",
		[DECISION_SKIP] = "skipped", [DECISION_PIN] = "pinned",
	};
	const struct verdicts *v = queue_blind(s->q) ? NULL : queue_verdicts(s->q);
	const struct decision *d = v ? NULL : queue_decision(s->q, product, p->with);
	uint32_t pair = v ? verdicts_find(v, str_from(rules_panels[s->kind]),
					  text_at(&s->cat->product_id, product),
					  text_at(&s->cat->product_id, p->with)) : UINT32_MAX;

	if (pair != UINT32_MAX)
		d = verdicts_next(v, pair, NULL);
	for (; d; d = pair == UINT32_MAX ? NULL : verdicts_next(v, pair, d)) {
		strbuf_addf(b, " %.*s %s it on ", STR_ARG(d->who), words[d->kind]);
		time_add_date(b, d->time);
		if (d->n)
			strbuf_addf(b, " at n %ju", (uintmax_t)d->n);
		if (d->reason.len)
			strbuf_addf(b, ": %.*s", STR_ARG(d->reason));
		strbuf_addc(b, '.');
	}
}

static void queue_say(struct view *v, void *state, uint64_t row, struct strbuf *sentence,
		      struct strbuf *what)
{
	const struct review *s = state;
	unsigned k;
	struct queue_product of = queue_at(s->q, review_turn(s, row, &k));
	const struct queue_place *p = &of.place[k];
	STRBUF(reason);

	(void)v;
	add_product(what, s, of.product);
	if (p->rank)
		strbuf_addf(what, ". Place %u: ", p->rank);
	else
		strbuf_adds(what, ". Rejected: ");
	add_product(what, s, p->with);
	strbuf_addc(what, '.');
	if (!isnan(p->lift)) {
		strbuf_addf(sentence, "Together in %u, ", p->n);
		evidence_times(sentence, (double)p->lift);
		strbuf_adds(sentence, " times as often as by chance [");
		evidence_times(sentence, (double)p->low);
		strbuf_adds(sentence, "-");
		evidence_times(sentence, (double)p->high);
		strbuf_adds(sentence, "].");
	} else {
		strbuf_addf(sentence, "A product %s.", panel_source_text(p->source));
	}
	queue_add_reason(s->q, of.product, p, &reason);
	strbuf_addf(sentence, " Doubt %.2f%s%s.", (double)p->doubt, reason.len ? ": " : "",
		    strbuf_c(&reason));
	if (p->other)
		strbuf_addf(sentence, " Place %u in %s too.", p->other,
			    s->kind == PANEL_SIMILAR ? "complementary" : "similar");
	review_add_said(sentence, s, of.product, p);
}

/* What doubt is made of, with its weights. */
static void queue_words(struct view *v, void *state, struct strbuf *b)
{
	const struct review *s = state;
	const struct doubt_weights *w = queue_weights(s->q);

	(void)v;
	strbuf_addf(b, "Doubt of a place is 1 - 1 / (1 + exp(-(%.3f - the sum of weight x sign))); "
		    "products stand in the order of traffic x the doubts of their open places.\n",
		    w->bias);
	if (w->decisions)
		strbuf_addf(b, "The weights were fitted to %u decisions on products drawn at "
			    "random:\n", w->decisions);
	else
		strbuf_addf(b, "The weights are fixed until %d decisions on products drawn at "
			    "random are there to fit them:\n", DOUBT_FIT);
	for (unsigned i = 0; i < DOUBT_SIGNS; i++)
		strbuf_addf(b, "%-12s %6.3f  %s\n", columns[COL_SIGNS + i].key, w->weight[i],
			    columns[COL_SIGNS + i].help);
}

const struct view_class vw_queue = {
	.name = "queue",
	.summary = "Suggestions to be reviewed, product by product: the most traffic x doubt "
		   "first; -f words tells what doubt is.",
	.asks = MAY(PANEL) | MAY(WHO) | MAY(CATEGORY) | MAY(MODELS),
	.where = WHERE_PRODUCTS,
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct review),
	.fixed = true,
	.pooled = true,
	.decides = true,
	.open = queue_open,
	.close = queue_close,
	.count = count_rows,
	.partial = queue_partial,
	.grow = queue_grow,
	.row = queue_row,
	.target = queue_target,
	.mark = queue_row_mark,
	.board = review_board,
	.jump = review_jump,
	.say = queue_say,
	.words = queue_words,
};
