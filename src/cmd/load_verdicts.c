/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file is read whole and merged in one transaction: all of it or nothing. */
#include "config.h"

#include "cmd/load_verdicts.h"

#include "base/out.h"
#include "cmd/cmd.h"
#include "store/store.h"
#include "vet/decision_file.h"
#include "vet/verdicts.h"

static size_t count_unknown(const struct store *s, const struct decision_list *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		n += l->at[i].product.len &&
		     (store_find(s, "product", l->at[i].product) == UINT32_MAX ||
		      store_find(s, "product", l->at[i].with) == UINT32_MAX);
	return n;
}

static bool merge(struct cmd_env *env, const struct store *s, const struct decision_list *l,
		  double wait, struct err *err)
{
	struct journal_place at = {store_path(s), "aisle import verdicts", wait};
	SCOPED(verdicts) v = NULL;
	size_t added, unknown = count_unknown(s, l);

	if (!verdicts_open(&v, &at, err) ||
	    !verdicts_merge(v, (struct decisions){l->at, l->n}, &added, err))
		return false;
	if (env->quiet)
		return true;
	out_addf(env->out, "%zu decisions added, %zu were there already\n", added, l->n - added);
	if (unknown)
		out_addf(env->out, "%zu are about products that the store doesn't have: they "
			 "are kept, and count when an import brings the products\n", unknown);
	return true;
}

bool load_verdicts(struct cmd_env *env, const struct args *a, struct err *err)
{
	SCOPED(store) s = NULL;
	struct decision_list l;
	struct decision dflt = {.kind = DECISION_APPROVE};
	STRBUF(login);
	bool ok;

	if (args_operands(a) != 2 || !args_given(a, OPT_ID_INTO))
		return err_fail(err, ERR_USAGE, "import verdicts needs a file and a store: aisle "
				"import verdicts FILE --into STORE");
	verdicts_login(&login);
	dflt.who = strbuf_str(&login);
	dflt.panel = STR("complementary");
	if (!store_open(&s, args_text(a, OPT_ID_INTO).ptr, err) ||
	    !decision_file_read(&l, args_operand(a, 1).ptr, &dflt, err))
		return false;
	ok = merge(env, s, &l, args_real(a, OPT_ID_WAIT), err);
	decision_list_finish(&l);
	return ok;
}
