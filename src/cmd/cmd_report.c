/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aisle report STORE -o FILE: what was reviewed, as a page. */
#include "config.h"

#include "base/out.h"
#include "base/pool.h"
#include "cmd/cmd.h"
#include "cmd/target.h"
#include "export/review_report.h"

static const enum opt_id options[] = {OPT_ID_EXPORT_FILE, OPT_ID_PANEL, OPT_IDS};

static bool write_to(struct cmd_env *env, const struct store *s, enum panel_kind kind,
		     struct out *out, struct err *err)
{
	SCOPED(pool) pool = pool_create(env->threads);

	return review_report_write(s, kind, out, (struct work){pool, env->job}, err);
}

static bool report_run(struct cmd_env *env, const struct args *a, struct err *err)
{
	SCOPED(store) owned = NULL;
	SCOPED(out) out = NULL;
	const struct store *s;
	struct str file = args_text(a, OPT_ID_EXPORT_FILE);
	enum panel_kind kind = panel_kind_of(args_text(a, OPT_ID_PANEL));

	if (!file.ptr)
		return err_fail(err, ERR_USAGE, "report needs a file to write: -o FILE, or "
			"-o - for "
				"standard output");
	if (!target_store(env, args_operand(a, 0).ptr, &owned, &s, err))
		return false;
	if (str_is(file, "-"))
		return write_to(env, s, kind, env->out, err);
	out = out_file(file.ptr, err);
	return out && write_to(env, s, kind, out, err) && out_close(out, err);
}

const struct command cmd_report = {
	.name = "report",
	.operands = "STORE -o FILE",
	.min_operands = 1,
	.max_operands = 1,
	.flags = CMD_STORE | CMD_LIVE,
	.options = options,
	.summary = "Write what was reviewed as one page of HTML.",
	.help = "Progress and what was drawn at random of --panel, who decided, acceptance "
		"by panel, "
		"model and category with intervals, reasons, and where baskets go. The page "
		"needs "
		"no network and no script, follows the reader's light or dark setting and "
		"prints on "
		"two A4 pages.",
	.run = report_run,
};
