/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aisle verify STORE */
#include "config.h"

#include "base/num.h"
#include "base/out.h"
#include "cmd/cmd.h"
#include "model/model.h"
#include "store/store.h"
#include "store/verify.h"
#include "vet/notes.h"
#include "vet/rules.h"
#include "vet/verdicts.h"

/* "", or the first fault; the others with -v. */
static bool faulty(struct cmd_env *env, const struct verify_report *r, const char *path,
		   struct err *err)
{
	struct str rest = strbuf_str(&r->text), first = STR("");
	str_next(&rest, '\n', &first);
	if (env->say && (env->verbose || r->faults <= 20) && r->faults > 1)
		env->say(env->front, strbuf_c(&r->text));
	return err_fail(err, ERR_STORE, "%s is damaged, %u %s: %.*s", path, r->faults,
			r->faults == 1 ? "fault" : "faults, the first", STR_ARG(first));
}

static bool check_notes(struct cmd_env *env, const char *path, struct err *err)
{
	struct journal_place at = {path, "aisle verify", VERDICTS_PATIENCE};
	json_t *notes;
	size_t n;

	if (!notes_read(&at, &notes, err))
		return err_context(err, "%s", path);
	n = json_array_size(notes);
	json_decref(notes);
	if (n)
		out_addf(env->out, "%s: %zu note%s whole\n", path, n, n == 1 ? " is" : "s are");
	return true;
}

/* Every decision, and the rules: as many are left as the log has numbers. */
static bool check_decisions(struct cmd_env *env, const char *path, struct err *err)
{
	struct journal_place at = {path, "aisle verify", VERDICTS_PATIENCE};
	SCOPED(verdicts) v = NULL;
	SCOPED(journal) j = NULL;
	SCOPED(rules) rules = NULL;
	STRBUF(text);

	if (!verdicts_open(&v, &at, err) || !journal_read(&j, &at, err) ||
	    !journal_text(j, RULES_TEXT, &text, err) ||
	    !rules_parse(&rules, strbuf_str(&text), err))
		return err_context(err, "%s", path);
	if (verdicts_count(v) || rules->n)
		out_addf(env->out, "%s: %ju decisions and %u rules are whole\n", path,
			 (uintmax_t)verdicts_count(v), rules->n);
	return check_notes(env, path, err);
}

static bool verify_run(struct cmd_env *env, const struct args *a, struct err *err)
{
	struct verify_report r = {0};
	const char *path = args_operand(a, 0).ptr;
	if (!verify_store(path, &r, env->job, err))
		return false;
	bool ok = r.faults == 0;
	if (ok) {
		STRBUF(b);
		strbuf_addf(&b, "%s: generation %llu is whole: %llu arrays, ", path,
			    (unsigned long long)r.generation, (unsigned long long)r.arrays);
		num_add_bytes(&b, r.bytes);
		strbuf_addc(&b, '\n');
		out_add(env->out, strbuf_str(&b));
	} else {
		faulty(env, &r, path, err);
	}
	verify_report_finish(&r);
	if (ok) {
		SCOPED(store) s = NULL;

		ok = store_open(&s, path, err) && models_seal(s, err);
	}
	return ok && check_decisions(env, path, err);
}

const struct command cmd_verify = {
	.name = "verify",
	.operands = "STORE",
	.min_operands = 1,
	.max_operands = 1,
	.flags = CMD_STORE | CMD_READS,
	.summary = "Read a whole store and check that it is what was written.",
	.help = "Checks the checksum of every array, the bounds of every reference, the "
		"indexes and the totals, the checksums of trained models, and decisions and "
		"rules. A store or model that was copied from elsewhere is marked as looked "
		"through when it is whole; until then every command that opens it looks first. "
		"Exit code 0: whole; 3: damaged or not a store.",
	.run = verify_run,
};
