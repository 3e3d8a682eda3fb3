/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aisle rules WHAT STORE [FILE]: the rules that lists obey, shown, tried and kept. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <unistd.h>

#include "base/num.h"
#include "base/out.h"
#include "base/pool.h"
#include "base/time.h"
#include "base/utf8.h"
#include "cmd/cmd.h"
#include "cmd/target.h"
#include "eval/ruled.h"
#include "suggest/preview.h"
#include "vet/journal.h"
#include "vet/rules.h"
#include "vet/vetting.h"

#define PREVIEW_TOP 10u	/* places of a list that are compared */
#define RULES_PRICED 20u	/* rules that are priced one by one */
#define FILE_MAX ((size_t)1 << 20)	/* bytes of a text of rules */

static const enum opt_id options[] = {OPT_ID_WAIT, OPT_IDS};

static const char *const words[] = {"show", "check", "set", NULL};

struct ruling {
	struct cmd_env *env;
	const struct store *s;
	struct journal_place at;
	const char *file;
	struct strbuf text;
};

/* --- the text */

static bool read_all(int fd, const char *file, struct strbuf *text, struct err *err)
{
	char room[65536];
	ssize_t n;

	while ((n = read(fd, room, sizeof room)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, errno, "can't read %s", file);
		strbuf_add(text, str_span(room, (size_t)n));
		if (text->len > FILE_MAX)
			return err_fail(err, ERR_FORMAT, "%s: over 1 MiB is no text of rules",
					file);
	}
	return utf8_valid(strbuf_str(text)) ||
	       err_fail(err, ERR_FORMAT, "%s: is not UTF-8", file);
}

static bool read_file(struct ruling *x, struct err *err)
{
	bool standard = str_is(str_from(x->file), "-");
	SCOPED_FD int fd = standard ? dup(STDIN_FILENO) : open(x->file, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_errno(err, errno, "can't open %s", x->file);
	return read_all(fd, x->file, &x->text, err);
}

/* Does the text parse, and name what the store has? */
static bool bind(struct ruling *x, struct rules **rules, struct vetting **v, struct err *err)
{
	SCOPED(pool) pool = pool_create(x->env->threads);
	struct vetting_options o = {.mode = VETTING_NONE, .now = time_now(), .pool = pool};

	if (!rules_parse(rules, strbuf_str(&x->text), err) ||
	    !vetting_make(v, x->s, NULL, *rules, &o, err))
		return err_context(err, "%s", x->file);
	return true;
}

/* --- show, check, set */

static bool kept_text(struct ruling *x, struct strbuf *text, struct err *err)
{
	SCOPED(journal) j = NULL;

	return journal_read(&j, &x->at, err) && journal_text(j, RULES_TEXT, text, err);
}

static bool show(struct ruling *x, struct err *err)
{
	STRBUF(clean);

	if (!kept_text(x, &x->text, err))
		return false;
	if (!x->text.len && !x->env->quiet && x->env->say)
		x->env->say(x->env->front, "this store has no rules: aisle rules set STORE FILE "
			    "keeps some");
	sanitize(&clean, strbuf_str(&x->text), SANITIZE_TEXT);
	out_add(x->env->out, strbuf_str(&clean));
	return true;
}

static void add_count(struct strbuf *b, uint64_t n, const char *what)
{
	num_add_grouped(b, (int64_t)n);
	strbuf_adds(b, what);
}

/* "complementary  1,204 of 3,410 lists change: 2,114 places of 34,100 leave, ..." */
static void say_preview(struct ruling *x, enum panel_kind kind, const struct preview *p)
{
	STRBUF(b);

	strbuf_addf(&b, "%-14s ", rules_panels[kind]);
	add_count(&b, p->changed, " of ");
	add_count(&b, p->lists, " lists change: of ");
	add_count(&b, p->places, " places ");
	add_count(&b, p->left, " leave, ");
	add_count(&b, p->entered, " enter, ");
	add_count(&b, p->moved, " move; ");
	add_count(&b, p->emptied, " lists have nothing left, ");
	add_count(&b, p->shorter, " are shorter");
	if (!isnan(p->traffic))
		strbuf_addf(&b, "; %.1f%% of %s touched", p->traffic * 100,
			    p->sold ? "sales" : "views");
	strbuf_addc(&b, '\n');
	out_add(x->env->out, strbuf_str(&b));
}

/* "hits .052 -> .047 [-.007 -.003] of 12,345 pairs held back; 4.1% of them are kept out". */
static void say_cost(struct ruling *x, const char *what, const struct ruled *r)
{
	STRBUF(b);

	strbuf_addf(&b, "%-14s hits %.4f -> %.4f [%+.4f %+.4f] of ", what, r->before, r->after,
		    r->low, r->high);
	add_count(&b, r->cases, " held-back pairs in ");
	add_count(&b, r->lists, r->lists == 1 ? " list" : " lists");
	strbuf_addf(&b, "; %.1f%% of the pairs are kept out\n", r->out * 100);
	out_add(x->env->out, strbuf_str(&b));
}

/* Each rule by itself beside none, where there are several. */
static bool cost_of_each(struct ruling *x, const struct rules *rules, const struct ruled_test *t,
			 enum panel_kind kind, struct work work, struct err *err)
{
	struct vetting_options o = {
		.mode = VETTING_NONE, .now = time_now(), .lenient = true, .pool = work.pool,
	};

	for (unsigned i = 0; rules->n > 1 && i < rules->n && i < RULES_PRICED; i++) {
		SCOPED(rules) one = NULL;
		SCOPED(vetting) v = NULL;
		struct ruled r;
		STRBUF(what);

		if (!(rules->at[i].panels >> kind & 1))
			continue;
		if (!rules_parse(&one, rules->at[i].text, err) ||
		    !vetting_make(&v, x->s, NULL, one, &o, err) ||
		    !ruled_measure(&r, t, NULL, v, work, err))
			return false;
		strbuf_addf(&what, "  line %u", rules->at[i].line);
		say_cost(x, strbuf_c(&what), &r);
	}
	return true;
}

/* What hits on held-back baskets they cost; a log that has none of the panel's says so. */
static bool cost(struct ruling *x, const struct rules *rules, enum panel_kind kind,
		 const struct vetting *before, const struct vetting *after, struct work work,
		 struct err *err)
{
	SCOPED(ruled_test) t = NULL;
	struct err why = {0};
	struct ruled r;

	if (!ruled_open(&t, x->s, kind, PREVIEW_TOP, work, &why)) {
		if (why.code != ERR_NO) {
			*err = why;
			return false;
		}
		out_addf(x->env->out, "%-14s hits can't be measured: %s\n", rules_panels[kind],
			 why.text);
		return true;
	}
	if (!ruled_measure(&r, t, before, after, work, err))
		return false;
	say_cost(x, rules_panels[kind], &r);
	return cost_of_each(x, rules, t, kind, work, err);
}

/* The lists of both panels under the rules that are kept and under those of the file. */
static bool preview(struct ruling *x, const struct rules *rules, const struct vetting *after,
		    struct err *err)
{
	SCOPED(pool) pool = pool_create(x->env->threads);
	SCOPED(vetting) before = NULL;
	struct vetting_options o = {
		.mode = VETTING_NONE, .now = time_now(), .lenient = true, .pool = pool,
	};
	bool ok = vetting_open(&before, x->s, true, &o, err);

	if (ok && !x->env->quiet && x->env->progress_start)
		x->env->progress_start(x->env->front);
	out_addf(x->env->out, "%u rule%s; the first %u places of every list, beside the rules "
		 "that are kept now:\n", rules->n, rules->n == 1 ? "" : "s", PREVIEW_TOP);
	for (unsigned kind = 0; ok && rules_panels[kind]; kind++) {
		struct preview p;

		ok = preview_make(&p, x->s, kind, PREVIEW_TOP, before, after,
				  (struct work){pool, x->env->job}, err);
		if (ok)
			say_preview(x, kind, &p);
	}
	for (unsigned kind = 0; ok && rules_panels[kind]; kind++)
		ok = cost(x, rules, kind, before, after, (struct work){pool, x->env->job}, err);
	if (!x->env->quiet && x->env->progress_finish)
		x->env->progress_finish(x->env->front);
	return ok;
}

static bool check(struct ruling *x, struct err *err)
{
	SCOPED(rules) rules = NULL;
	SCOPED(vetting) v = NULL;

	return read_file(x, err) && bind(x, &rules, &v, err) && preview(x, rules, v, err);
}

static bool set(struct ruling *x, struct err *err)
{
	SCOPED(rules) rules = NULL;
	SCOPED(vetting) v = NULL;
	SCOPED(journal) j = NULL;
	STRBUF(since);

	strbuf_addf(&since, "%jd", (intmax_t)time_now());
	if (!read_file(x, err) || !bind(x, &rules, &v, err) ||
	    !journal_write(&j, &x->at, err) ||
	    !journal_set_text(j, RULES_TEXT, strbuf_str(&x->text), err) ||
	    !journal_set_text(j, RULES_SINCE, strbuf_str(&since), err) ||
	    !journal_commit(j, err))
		return false;
	if (!x->env->quiet)
		out_addf(x->env->out, "%u rule%s kept\n", rules->n, rules->n == 1 ? "" : "s");
	return true;
}

static bool (*const run[])(struct ruling *x, struct err *err) = {show, check, set};

static bool rules_run(struct cmd_env *env, const struct args *a, struct err *err)
{
	SCOPED(store) owned = NULL;
	struct ruling x = {.env = env};
	unsigned w = 0;
	bool ok;

	while (words[w] && !str_is(args_operand(a, 0), words[w]))
		w++;
	if (!words[w])
		return err_fail(err, ERR_USAGE, "rules does show, check and set, not '%.*s'",
				STR_ARG(args_operand(a, 0)));
	if ((w > 0) != (args_operands(a) == 3))
		return err_fail(err, ERR_USAGE, w ? "rules %s needs a store and a file of rules: "
				"aisle rules %s STORE FILE" : "rules %s takes a store alone: "
				"aisle rules %s STORE", words[w], words[w]);
	if (w == 2 && env->read_only)
		return err_fail(err, ERR_USAGE, "the store was opened read-only");
	if (!target_store(env, args_operand(a, 1).ptr, &owned, &x.s, err))
		return false;
	x.at = (struct journal_place){store_path(x.s), "aisle rules", args_real(a, OPT_ID_WAIT)};
	x.file = w ? args_operand(a, 2).ptr : NULL;
	ok = run[w](&x, err);
	strbuf_finish(&x.text);
	return ok;
}

static void rules_topics(void (*add)(void *ctx, const char *name, const char *text), void *ctx)
{
	add(ctx, "show", "Prints the rules as they were written.");
	add(ctx, "check", "Reads FILE and says what would change, without keeping it.");
	add(ctx, "set", "Keeps the rules of FILE instead of those before; an empty file: none.");
}

static void rules_complete(const struct completion *c)
{
	for (unsigned w = 0; c->n == 0 && words[w]; w++)
		completion_offer(c, str_from(words[w]));
}

const struct command cmd_rules = {
	.name = "rules",
	.operands = "WHAT STORE [FILE]",
	.min_operands = 2,
	.max_operands = 3,
	.flags = CMD_STORE | CMD_STORE_SECOND | CMD_LIVE,
	.options = options,
	.summary = "Rules that every list obeys: block, only, once, pin, boost, bury.",
	.help = "A rule is a line: block suggestion.category != product.category on "
		"complementary; only price in 0.5x..2x, which is times the product's price; "
		"pin A13 at 1 for category='trousers' until 2026-12-24; pin brand='aqua' at 3; "
		"boost suggestion.brand = product.brand; bury price < 5; once variant, which lets "
		"one of all variants of a product stand. Fields are the "
		"suggestion's unless product. stands before them; tests are those of aisle help "
		"where. They apply in that order whatever their order in the file: block, only, "
		"once, pins by id, pins by a test, boost, bury, then the rest; among equals the "
		"earlier line. They speak of panels and of lists for baskets, pages and people; on "
		"similar, on complementary or on list says of which alone, and what asks for the "
		"product says nothing of a list without one. A # begins a comment. A list keeps "
		"its length where there are candidates.",
	.topics_title = "What",
	.topics = rules_topics,
	.run = rules_run,
	.complete = rules_complete,
};
