/* SPDX-License-Identifier: GPL-3.0-or-later */
/* similar NAME: which trained model ranks similar products from now on. */
#include "config.h"

#include "cmd/cmd.h"
#include "cmd/target.h"

static void add_name(void *ctx, struct str name)
{
	struct strbuf *b = ctx;

	strbuf_addf(b, "%s%.*s", b->len ? ", " : "", STR_ARG(name));
}

static bool no_name(const struct store *s, struct err *err)
{
	STRBUF(list);

	target_models(s, STR(""), add_name, &list);
	return err_fail(err, ERR_USAGE, "similar needs a name: %s", strbuf_c(&list));
}

static bool similar_run(struct cmd_env *env, const struct args *a, struct err *err)
{
	struct str name = args_operand(a, 0);

	if (!env->store || !env->set)
		return err_fail(err, ERR_USAGE, "similar works where a store is open");
	if (!args_operands(a))
		return no_name(env->store, err);
	return target_model(env->store, name, err) &&
	       env->set(env->front, OPT_ID_MODEL, name, err);
}

static void similar_complete(const struct completion *c)
{
	if (c->n == 0 && c->env->store)
		target_models(c->env->store, c->prefix, c->add, c->ctx);
}

const struct command cmd_similar = {
	.name = "similar",
	.operands = "NAME",
	.max_operands = 1,
	.flags = CMD_LIVE | CMD_FRONT | CMD_VISITOR,
	.summary = "Rank similar products by a trained model from now on.",
	.help = "similar panel goes back to what aisle counts by itself; without a name the "
		"models of the store are named.",
	.run = similar_run,
	.complete = similar_complete,
};
