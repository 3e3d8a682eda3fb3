/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row per panel and ranking; the note says what the numbers are and what they leave out. */
#include "config.h"

#include "cmd/replaying.h"

#include <math.h>

#include "base/out.h"
#include "data/emit.h"
#include "eval/replay.h"
#include "model/model.h"
#include "store/store.h"
#include "store/trained.h"
#include "vet/rules.h"
#include "vet/verdicts.h"
#include "view/view.h"

#define COLUMNS 9u

static const char *const keys[COLUMNS] = {
	"panel", "ranking", "products", "approved", "rejected", "pairs", "auc", "auc_low",
	"auc_high",
};

/* Where rows go: lines for people, or cells. */
struct printing_to {
	struct cmd_env *env;
	bool cells;
	struct emit emit;
	uint64_t pairs;
};

static bool begin(struct printing_to *to, struct str format)
{
	static const struct {
		enum format format;
		enum emit_form form;
	} forms[] = {
		{FORMAT_TSV, EMIT_TSV}, {FORMAT_CSV, EMIT_CSV}, {FORMAT_JSON, EMIT_JSON},
		{FORMAT_JSONL, EMIT_JSONL},
	};
	enum format f = FORMAT_TEXT;
	STRBUF(b);

	format_parse(format, &f);
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (f == forms[i].format) {
			to->cells = true;
			emit_init(&to->emit, forms[i].form, COLUMNS, to->env->out);
		}
	for (unsigned i = 0; to->cells && i < COLUMNS; i++)
		emit_key(&to->emit, i, keys[i]);
	if (to->cells)
		emit_head(&to->emit, NULL);
	else
		strbuf_addf(&b, "%-14s %-16s %8s %8s %8s %8s  %-5s  %s\n", "panel", "ranking",
			    "products", "approved", "rejected", "pairs", "AUC", "95%");
	out_add(to->env->out, strbuf_str(&b));
	return to->cells;
}

static void print_row(struct printing_to *to, const char *panel, const char *ranking,
		      const struct replayed *r)
{
	STRBUF(b);

	to->pairs += r->pairs;
	if (to->cells) {
		emit_text(&to->emit, str_from(panel));
		emit_text(&to->emit, str_from(ranking));
		emit_count(&to->emit, r->products);
		emit_count(&to->emit, (int64_t)r->approved);
		emit_count(&to->emit, (int64_t)r->rejected);
		emit_count(&to->emit, (int64_t)r->pairs);
		emit_real(&to->emit, r->auc);
		emit_real(&to->emit, r->low);
		emit_real(&to->emit, r->high);
		return;
	}
	strbuf_addf(&b, "%-14s %-16s %8u %8ju %8ju %8ju", panel, ranking, r->products,
		    (uintmax_t)r->approved, (uintmax_t)r->rejected, (uintmax_t)r->pairs);
	if (!isnan(r->auc))
		strbuf_addf(&b, "  %.3f", r->auc);
	if (!isnan(r->low))
		strbuf_addf(&b, "  %.3f-%.3f", r->low, r->high);
	strbuf_addc(&b, '\n');
	out_add(to->env->out, strbuf_str(&b));
}

static bool replay_one(struct printing_to *to, const struct store *s, const struct verdicts *v,
		       const char *name, struct err *err)
{
	SCOPED(model) m = NULL;

	if (name && !model_open(&m, s, name, err))
		return false;
	for (unsigned kind = 0; kind < PANEL_KINDS; kind++) {
		struct replayed r;

		if (!replay(&r, s, v, kind, m, to->env->job, err))
			return false;
		if (r.pairs)
			print_row(to, rules_panels[kind], name ? name : "as counted", &r);
	}
	return true;
}

bool replaying(struct cmd_env *env, const struct store *s, const struct args *a,
	       struct err *err)
{
	static const char note[] = "\n"
		"Of each product's pairs of an approved and a rejected suggestion the share that\n"
		"the ranking has in that order; ties and what it doesn't hold count a half.\n"
		"Verdicts and rules themselves don't apply. Decisions were made on what some\n"
		"ranking showed: that one is judged by its own choice.\n";
	struct journal_place at = {store_path(s), "aisle evaluate", VERDICTS_PATIENCE, NULL};
	struct printing_to to = {.env = env};
	struct trained_list l = {0};
	SCOPED(verdicts) v = NULL;
	bool ok = verdicts_open(&v, &at, err);

	if (!ok)
		return false;
	begin(&to, args_text(a, OPT_ID_FORMAT));
	ok = replay_one(&to, s, v, NULL, err);
	if (ok && !to.pairs)
		ok = err_fail(err, ERR_NO, "no product of the store has both an approved and a "
			      "rejected suggestion: aisle show queue is where to decide");
	if (args_operands(a) < 2)
		trained_list_read(store_path(s), &l);
	for (unsigned i = 1; ok && i < args_operands(a); i++)
		ok = replay_one(&to, s, v, args_operand(a, i).ptr, err);
	for (size_t i = 0; ok && i < l.n; i++)
		ok = replay_one(&to, s, v, l.name[i], err);
	trained_list_finish(&l);
	if (to.cells)
		emit_finish(&to.emit, ok);
	else if (ok)
		out_add(env->out, str_from(note));
	return ok;
}
