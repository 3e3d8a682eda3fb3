/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What evaluations of this store found: the newest of each task and split. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "store/results.h"
#include "store/store.h"
#include "suggest/queue.h"
#include "vet/agreement.h"
#include "vet/verdicts.h"
#include "view/cells.h"

enum {
	COL_RANK, COL_MODEL, COL_PARAMS, COL_K, COL_HR, COL_HR_LOW, COL_HR_HIGH, COL_HR_QUERY,
	COL_MRR, COL_MRR_LOW, COL_MRR_HIGH, COL_NDCG, COL_RECALL, COL_PRECISION,
	COL_PRECISION_LOW, COL_PRECISION_HIGH, COL_MAP,
	COL_MAP_LOW, COL_MAP_HIGH, COL_REACH, COL_PERFECT, COL_CATEGORY, COL_HR_SESSION, COL_P,
	COL_P_FLOOR, COL_BEHIND, COL_BEHIND_LOW, COL_BEHIND_HIGH, COL_COVERAGE,
	COL_DIVERSITY, COL_NOVELTY, COL_POPULARITY,
	COL_COLD, COL_WARM, COL_POPULAR, COL_ACCEPTED,
	COL_ACCEPTED_N, COL_SECONDS, COL_CPU, COL_TASK, COL_SPLIT, COL_QUERIES,
	COL_TIME, COLUMNS,
};

#define SHARE_3(key, title, flags, help) {key, title, CELL_REAL, 6, 3, flags, help}

static const struct column columns[COLUMNS] = {
	{"rank", "#", CELL_COUNT, 2, 0, 0, "place by HR@k among the models, from 1; of lists "
	 "for people by MAP"},
	{"model", "model", CELL_TEXT, 18, 0, COLUMN_MAIN,
	 "the model; (oracle category) knows the category of the target"},
	{"parameters", "parameters", CELL_TEXT, 24, 0, COLUMN_SPARE,
	 "where they are not the model's own"},
	{"k", "k", CELL_COUNT, 3, 0, 0, "length of the list that is looked at"},
	SHARE_3("hr", "HR", 0, "share of cases whose target is among the first k: of next items, "
		"or per pair of a product and one bought along"),
	SHARE_3("hr_low", "from", 0, "lower end of its 95% interval"),
	SHARE_3("hr_high", "to", 0, "upper end"),
	SHARE_3("hr_query", "HR/q", 0, "share of queries with any of what followed (was in the "
		"basket) among the first k"),
	SHARE_3("mrr", "MRR", 0, "mean of 1 / rank of the target, 0 beyond k"),
	SHARE_3("mrr_low", "from", COLUMN_DATA, "lower end of its 95% interval"),
	SHARE_3("mrr_high", "to", COLUMN_DATA, "upper end"),
	SHARE_3("ndcg", "NDCG", 0, "mean of 1 / log2(rank + 1), 0 beyond k"),
	SHARE_3("recall", "recall", COLUMN_SPARE,
		"share of all that followed (was in the basket) among the first k"),
	SHARE_3("precision", "prec", COLUMN_SPARE, "share of the k places with such a product"),
	SHARE_3("precision_low", "from", COLUMN_DATA,
		"lower end of its 95% interval, of texts"),
	SHARE_3("precision_high", "to", COLUMN_DATA, "upper end"),
	SHARE_3("map", "MAP", COLUMN_SPARE, "mean average precision at k of the same"),
	SHARE_3("map_low", "from", COLUMN_DATA,
		"lower end of its 95% interval, of lists for people"),
	SHARE_3("map_high", "to", COLUMN_DATA, "upper end"),
	SHARE_3("reach", "reach", COLUMN_SPARE, "lists for people: share of what they took that "
		"it scores at all"),
	SHARE_3("perfect", "perfect", COLUMN_SPARE, "MAP if that stood first"),
	SHARE_3("category_hit3", "cat@3", COLUMN_SPARE,
		"complements: share of cases whose target is of the first three categories, "
		"ranked by the best product of each"),
	SHARE_3("hr_session", "HR/s", COLUMN_SPARE,
		"HR averaged in each session first: long sessions weigh no more"),
	{"p", "p", CELL_REAL, 6, 4, COLUMN_CHANCE,
	 "of no difference to the first in HR@k: randomisation in pairs, Holm's correction "
	 "for the number of models; < is before the least that so many rounds can say"},
	{"p_floor", "p from", CELL_REAL, 6, 4, COLUMN_DATA | COLUMN_CHANCE,
	 "that least p"},
	SHARE_3("behind", "behind", COLUMN_DATA, "HR@k of the first less its own"),
	SHARE_3("behind_low", "from", COLUMN_DATA, "lower end of that difference's 95% interval, "
		"in pairs"),
	SHARE_3("behind_high", "to", COLUMN_DATA, "upper end"),
	{"coverage", "cover", CELL_SHARE, 6, 1, COLUMN_SPARE,
	 "share of the products that any list of k holds"},
	SHARE_3("diversity", "divers", COLUMN_SPARE,
		"share of pairs in a list that are of different categories"),
	{"novelty", "novel", CELL_REAL, 6, 2, COLUMN_SPARE,
	 "mean of -log2(share of training sessions with the product), in bits"},
	{"popularity", "pop", CELL_REAL, 6, 2, COLUMN_SPARE,
	 "mean training events of what is listed over those of the targets: above 1, more "
	 "popular than what people took"},
	SHARE_3("hr_cold", "cold", 0, "HR where the product asked about was met fewer than "
		"twice in training"),
	SHARE_3("hr_warm", "warm", 0, "HR of those between"),
	SHARE_3("hr_popular", "top", 0, "HR where it is of the most popular tenth"),
	{"accepted", "approved", CELL_SHARE, 8, 0, COLUMN_SPARE,
	 "share of its suggestions that people approved, of whole products drawn at random alone "
	 "(aisle show audit)"},
	{"accepted_n", "of", CELL_COUNT, 5, 0, COLUMN_SPARE,
	 "how many of those were decided; what was drawn twice counts twice"},
	{"seconds", "s", CELL_REAL, 7, 2, COLUMN_SPARE, "of training and of asking"},
	{"cpu", "CPU s", CELL_REAL, 7, 2, COLUMN_DATA, "processor time of the same"},
	{"task", "task", CELL_TEXT, 10, 0, COLUMN_SPARE, "what was asked"},
	{"split", "split", CELL_TEXT, 16, 0, COLUMN_SPARE, "what was learnt from and tested on"},
	{"queries", "queries", CELL_COUNT, 7, 0, COLUMN_SPARE, "how many were asked"},
	{"time", "measured", CELL_TIME, 10, 0, COLUMN_DATA, "when"},
};

struct row {
	const json_t *run, *row;
};
struct state {
	json_t *runs;
	struct row *rows;
	size_t n, cap;
	struct queue *q[PANEL_KINDS];	/* of each panel; NULL: nothing is decided or reviewed */
};

static const char *text_of(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text ? text : "";
}

/* Pairs across categories are another test than all pairs, and so are lists that obey verdicts. */
static bool same_test(const json_t *a, const json_t *b)
{
	return str_is(str_from(text_of(a, "task")), text_of(b, "task")) &&
	       str_is(str_from(text_of(a, "split")), text_of(b, "split")) &&
	       json_is_true(json_object_get(a, "cross_category")) ==
	       json_is_true(json_object_get(b, "cross_category")) &&
	       json_is_true(json_object_get(a, "verdicts")) ==
	       json_is_true(json_object_get(b, "verdicts"));
}

/* An earlier row is of a newer run of the same test. */
static bool superseded(const struct state *s, const json_t *run)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->rows[i].run != run && same_test(run, s->rows[i].run))
			return true;
	return false;
}

static void add_run(struct state *s, const json_t *run)
{
	const json_t *rows = json_object_get(run, "rows");

	if (superseded(s, run))
		return;
	for (size_t i = 0; i < json_array_size(rows); i++) {
		MEM_GROW(s->rows, s->cap, s->n + 1);
		s->rows[s->n++] = (struct row){run, json_array_get(rows, i)};
	}
}

/* Decisions on what was drawn at random and ranked by that model, or panel. */
static void add_accepted(const struct state *s, const char *model, struct cell *cells)
{
	uint64_t approved = 0, decided = 0;

	for (int kind = 0; kind < PANEL_KINDS; kind++) {
		struct queue_audited x = {0};

		while (s->q[kind] && queue_audited(s->q[kind], &x)) {
			const struct decision *d = x.d;
			STRBUF(panel);

			strbuf_addf(&panel, "%.*s panel", STR_ARG(d->panel));
			if (!str_is(str_is(d->model, MODEL_NONE) || !d->model.len ?
				    strbuf_str(&panel) : d->model, model))
				continue;
			decided++;
			approved += agreement_approves(d);
		}
	}
	cells[COL_ACCEPTED] = decided ? cell_real((double)approved / (double)decided) :
			      cell_empty();
	cells[COL_ACCEPTED_N] = decided ? cell_count(decided) : cell_empty();
}

/* The draws of both panels, as far as they are decided. */
static bool open_queues(struct view *v, struct state *s, struct job *job, struct err *err)
{
	const struct view_request *r = view_request_of(v);
	struct journal_place at = {store_path(r->about.store), "aisle show leaderboard",
				   VERDICTS_PATIENCE, r->about.aside};
	SCOPED(verdicts) all = NULL;

	if (!verdicts_open(&all, &at, err))
		return false;
	for (int kind = 0; verdicts_pairs(all) && kind < PANEL_KINDS; kind++) {
		struct queue_request q = {
			.store = r->about.store, .kind = kind, .category = CATALOG_NONE,
			.aside = r->about.aside, .rows = 1,
		};
		struct err why = {0};

		if (queue_make(&s->q[kind], &q, NULL, (struct work){r->pool, job}, &why) ||
		    why.code == ERR_NO)
			continue;
		*err = why;
		return false;
	}
	return true;
}

static bool leaderboard_open(struct view *v, void *state, struct job *job, struct err *err)
{
	const struct view_request *r = view_request_of(v);
	struct state *s = state;

	s->runs = r->run ? json_pack("[O]", r->run) : results_all(store_path(r->about.store));
	for (size_t i = 0; i < json_array_size(s->runs); i++)
		add_run(s, json_array_get(s->runs, i));
	if (!s->n)
		view_set_note(v, "Nothing was measured yet: aisle evaluate STORE does.");
	else
		view_set_note(v, "%s", text_of(s->rows[0].run, "protocol"));
	return !s->n || open_queues(v, s, job, err);
}

static void leaderboard_close(void *state)
{
	struct state *s = state;

	for (int kind = 0; kind < PANEL_KINDS; kind++)
		queue_destroy(s->q[kind]);
	json_decref(s->runs);
	free(s->rows);
}

static uint64_t leaderboard_count(const void *state)
{
	return ((const struct state *)state)->n;
}

static struct cell number(const json_t *o, const char *key)
{
	const json_t *x = json_object_get(o, key);

	return cell_real(json_is_number(x) ? json_number_value(x) : NAN);
}

static struct cell count(const json_t *o, const char *key)
{
	const json_t *x = json_object_get(o, key);

	return json_is_integer(x) ? cell_count((uint64_t)json_integer_value(x)) : cell_empty();
}

static void leaderboard_row(struct view *v, void *state, uint64_t i, struct cell *cells)
{
	const struct row *r = &((struct state *)state)->rows[i];
	STRBUF(task);

	for (unsigned c = 0; c < COLUMNS; c++)
		switch (columns[c].type) {
		case CELL_TEXT:
			cells[c] = cell_text(str_from(text_of(r->row, columns[c].key)));
			break;
		case CELL_COUNT:
			cells[c] = count(r->row, columns[c].key);
			break;
		default:
			cells[c] = number(r->row, columns[c].key);
			break;
		}
	/* what is counted by rounds comes out a little beside the quotient */
	cells[COL_P].at_most = !cells[COL_P].empty && !cells[COL_P_FLOOR].empty &&
			       cells[COL_P].real <= cells[COL_P_FLOOR].real * (1 + 1e-9);
	add_accepted(state, text_of(r->row, "model"), cells);
	strbuf_adds(&task, json_is_true(json_object_get(r->run, "cross_category")) ?
		    "complement across categories" :
		    text_of(text_of(r->row, "task")[0] ? r->row : r->run, "task"));
	if (json_is_true(json_object_get(r->run, "verdicts")))
		strbuf_adds(&task, ", verdicts on");
	cells[COL_TASK] = cell_text(arena_str(view_arena(v), strbuf_str(&task)));
	cells[COL_SPLIT] = cell_text(str_from(text_of(r->run, "split")));
	cells[COL_TIME] = count(r->run, "time");
	cells[COL_QUERIES] = count(json_object_get(r->row, "queries") ? r->row : r->run,
				   "queries");
}

const struct view_class vw_leaderboard = {
	.name = "leaderboard",
	.summary = "What aisle evaluate measured: every model beside the baselines.",
	.n_columns = COLUMNS,
	.columns = columns,
	.size = sizeof(struct state),
	.open = leaderboard_open,
	.close = leaderboard_close,
	.count = leaderboard_count,
	.row = leaderboard_row,
};
