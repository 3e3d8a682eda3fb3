/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Import and counting in one go, and the summary of both. */
#include "config.h"

#include "cmd/load.h"

#include <stdlib.h>

#include "base/bound.h"
#include "base/job.h"
#include "base/nearest.h"
#include "base/num.h"
#include "base/out.h"
#include "base/pool.h"
#include "base/spill.h"
#include "base/time.h"
#include "base/utf8.h"
#include "cmd/args.h"
#include "cmd/cmd.h"
#include "stats/stats.h"
#include "store/build.h"
#include "store/catalog.h"
#include "store/store.h"

#define MEMORY_MIN ((uint64_t)64 << 10)

static bool load_into(struct build *b, const struct import_options *o, struct work work,
		      struct import_summary *sum, struct err *err)
{
	return import_run(b, o, work, sum, err) && stats_run(b, work, err) &&
	       build_publish(b, err);
}

bool load_store(struct cmd_env *env, const struct import_options *o, const char *into,
		uint64_t memory, double wait, struct import_summary *sum, struct err *err)
{
	SCOPED(build) b = NULL;
	uint64_t generation;
	if (o->append && !store_current(into, &generation, err))
		return err_context(err, "nothing to append to");
	if (!job_check(env->job, err) || !build_begin(&b, into, "aisle import", wait, err))
		return false;
	build_set_memory(b, memory);
	SCOPED(pool) pool = pool_create(env->threads);
	if (!env->quiet && env->progress_start)
		env->progress_start(env->front);
	bool ok = load_into(b, o, (struct work){pool, env->job}, sum, err);
	if (!env->quiet && env->progress_finish)
		env->progress_finish(env->front);
	load_tell_memory(env->job);
	return ok;
}

/* What was counted, which only shows in the arrays. */
static bool add_relations(struct build *b, struct strbuf *out, struct err *err)
{
	const struct catalog *c;
	bool any = false;

	if (!build_catalog(b, &c, err))
		return false;
	for (unsigned r = 0; r < RELATIONS; r++) {
		if (!c->relation[r].pairs)
			continue;
		strbuf_addf(out, "%-10s%s: ", any ? "" : "pairs", relation_name(r));
		num_add_grouped(out, (int64_t)c->relation[r].pairs);
		strbuf_adds(out, " (");
		num_add_grouped(out, (int64_t)c->relation[r].instances);
		strbuf_adds(out, " in all)\n");
		any = true;
	}
	if (!any)
		strbuf_adds(out, "pairs     none: no two products go together in it\n");
	return true;
}

bool load_check(struct cmd_env *env, const struct import_options *o,
		struct import_summary *sum, struct strbuf *pairs, struct err *err)
{
	const char *tmp = getenv("TMPDIR");
	SCOPED(build) b = NULL;
	SCOPED(pool) pool = pool_create(env->threads);

	struct work work = {pool, pairs ? env->job : NULL};

	return build_begin_unnamed(&b, tmp && *tmp ? tmp : "/tmp", err) &&
	       import_run(b, o, work, sum, err) &&
	       (!pairs || (stats_run(b, work, err) && add_relations(b, pairs, err)));
}

static void add_number(struct strbuf *b, const char *before, uint64_t n,
		       const char *after)
{
	strbuf_adds(b, before);
	num_add_grouped(b, (int64_t)n);
	strbuf_adds(b, after);
}

static void add_kinds(struct strbuf *b, const struct import_summary *sum)
{
	const char *sep = ": ";
	for (unsigned k = 0; k < EVENT_KINDS; k++) {
		if (!sum->by_kind[k])
			continue;
		add_number(b, sep, sum->by_kind[k], " ");
		strbuf_adds(b, event_kind_name(k));
		sep = ", ";
	}
	strbuf_addc(b, '\n');
}

static void add_rejects(struct strbuf *b, const struct import_options *o,
			const struct import_summary *sum)
{
	if (!sum->rejected)
		return;
	add_number(b, "rejected  ", sum->rejected, " of ");
	add_number(b, "", sum->records, " records\n");
	for (unsigned r = 1; r < REJECT_REASONS; r++) {
		if (!sum->rejected_by[r])
			continue;
		add_number(b, "          ", sum->rejected_by[r], "  ");
		strbuf_addf(b, "%s: %s\n", reject_name(r), reject_text(r));
	}
	if (sum->first_reject[0])
		strbuf_addf(b, "          the first: %s\n", sum->first_reject);
	if (o->rejects)
		strbuf_addf(b, "          all of them: %s\n", o->rejects);
	else
		strbuf_adds(b, "          --rejects FILE writes them all down\n");
}

static void add_cancelled(struct strbuf *b, const struct import_summary *sum)
{
	if (sum->cancelled)
		add_number(b, "cancelled ", sum->cancelled, " purchases taken back\n");
	if (sum->cancels_lost)
		add_number(b, "          ", sum->cancels_lost, " cancellations name more "
			   "than was bought\n");
}

static void add_sizes(struct strbuf *b, const struct import_summary *sum)
{
	add_number(b, "products  ", sum->products, "");
	if (sum->unseen)
		add_number(b, " (", sum->unseen, " without an event)");
	add_number(b, " in ", sum->categories, " categories");
	if (sum->several)
		add_number(b, " (", sum->several, " in several)");
	if (sum->brands)
		add_number(b, ", ", sum->brands, " brands");
	add_number(b, "\nsessions  ", sum->sessions, "");
	if (sum->users)
		add_number(b, " of ", sum->users, " users");
	if (sum->long_sessions)
		add_number(b, ", ", sum->long_sessions, " over --max-session");
	strbuf_addc(b, '\n');
	add_cancelled(b, sum);
	if (sum->events && sum->undated)
		strbuf_adds(b, "days      none: the log has no times, only an order\n");
	if (!sum->events || sum->undated)
		return;
	strbuf_adds(b, "days      ");
	time_add_date(b, sum->first_clock);
	strbuf_adds(b, " to ");
	time_add_date(b, sum->last_clock);
	if (sum->zone[0])
		strbuf_addf(b, " in %s", sum->zone);
	if (sum->wall && sum->hours)
		strbuf_adds(b, sum->zone[0] ? ", as are times that name no zone" : " (times that "
			    "name no zone are taken for UTC: --time-zone)");
	strbuf_addc(b, '\n');
}

void load_summary(struct out *out, const struct import_options *o, const char *into,
		  const struct import_summary *sum, const struct strbuf *pairs)
{
	STRBUF(b);
	add_number(&b, "events    ", sum->events, "");
	if (sum->old_sources)
		add_number(&b, " (", sum->old_events, " were there before)");
	add_kinds(&b, sum);
	add_sizes(&b, sum);
	if (sum->skipped)
		add_number(&b, "skipped   ", sum->skipped, " records that hold no event\n");
	if (sum->duplicates)
		add_number(&b, "dropped   ", sum->duplicates, " events that stood there "
			   "already\n");
	if (sum->facts)
		add_number(&b, "facts     ", sum->facts, " records on products, categories "
			   "or sessions\n");
	add_rejects(&b, o, sum);
	if (pairs)
		strbuf_add(&b, strbuf_str(pairs));
	if (into)
		strbuf_addf(&b, "store     %s: aisle explore %s\n", into, into);
	else
		strbuf_adds(&b, "checked   nothing was written; --into STORE instead of --check "
			    "writes it\n");
	STRBUF(clean);
	sanitize(&clean, strbuf_str(&b), SANITIZE_TEXT);
	out_add(out, strbuf_str(&clean));
}

bool load_dataset(struct str name, const struct dataset **set, struct err *err)
{
	*set = dataset_find(name);
	if (*set)
		return true;
	struct nearest near;
	STRBUF(hint);
	STRBUF(list);
	nearest_init(&near, name);
	for (const struct dataset *const *d = datasets; *d; d++) {
		nearest_try(&near, str_from((*d)->name));
		strbuf_addf(&list, "%s%s", list.len ? ", " : "", (*d)->name);
	}
	nearest_hint(&near, &hint);
	return err_fail(err, ERR_USAGE, "'%.*s' is no data set; there are %s%s",
			STR_ARG(name), strbuf_c(&list), strbuf_c(&hint));
}

bool load_memory(const struct args *a, uint64_t *bytes, struct err *err)
{
	struct str s = args_text(a, OPT_ID_MEMORY);

	*bytes = spill_machine_memory() / 2;
	if (!s.ptr || (num_size(s, bytes) && *bytes >= MEMORY_MIN))
		return true;
	return err_fail(err, ERR_USAGE, "--memory takes a size of at least 64K, as 512M or "
			"8G, not '%.*s'", STR_ARG(s));
}

void load_tell_memory(struct job *job)
{
	struct err said = {0};
	int why;
	uint64_t bytes = bound_failed(&why);

	if (!bytes)
		return;
	STRBUF(size);
	num_add_bytes(&size, bytes);
	err_errno(&said, why, "%s stayed in memory, beyond --memory, for want of a temporary "
		  "file", strbuf_c(&size));
	job_notice(job, "%s", said.text);
}
