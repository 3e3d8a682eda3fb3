/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A test is bound to a dictionary once: which of its numbers pass, and whether none does. */
#include "config.h"

#include "query/sessions.h"

#include <stdlib.h>

#include "base/match.h"
#include "base/mem.h"
#include "base/num.h"
#include "query/ast.h"

#define PEOPLE_LEAST 5u

struct bound {
	const uint32_t *number;	/* (sessions), or (users, stride) */
	unsigned stride;	/* 0: of sessions */
	bool *pass;		/* (n + 1) of the dictionary; the last one: no number */
	uint32_t n;
};

struct choosing {
	const struct catalog *c;
	struct bound *bound;	/* (n_tests) by node id */
	bool people;		/* a test is of users */
	struct err *err;
};

static bool same_text(struct str text, struct str typed, bool exact)
{
	return exact ? str_eq(text, typed) : match_equal(typed, text);
}

/* Exactly, or where nothing is equal ignoring case. */
static bool pass_equal(struct bound *b, const struct text *dict, struct str value)
{
	bool any = false;

	for (unsigned exact = 2; exact-- > 0 && !any;)
		for (uint32_t i = 0; i < b->n; i++)
			if (same_text(text_at(dict, i), value, exact))
				any = b->pass[i] = true;
	return any;
}

static void pass_like(struct bound *b, const struct text *dict, struct str value)
{
	MATCH(like);
	STRBUF(scratch);

	match_phrase(&like, value);
	for (uint32_t i = 0; i < b->n; i++)
		b->pass[i] |= match_found(&like, text_at(dict, i), &scratch);
}

/* Values that compare so as numbers; none: no user has a number there. */
static bool pass_ordered(struct bound *b, const struct text *dict, const struct test *t)
{
	bool any = false;

	for (uint32_t i = 0; i < b->n; i++) {
		struct decimal d;

		if (!num_decimal(str_trim(text_at(dict, i)), &d))
			continue;
		any = true;
		b->pass[i] = op_holds(t->op, number_compare(d.units, d.scale,
							    t->values[0].number));
	}
	return any;
}

static bool no_user_attribute(struct choosing *g, const struct test *t)
{
	STRBUF(names);

	for (uint32_t i = 0; i < g->c->n_user_attributes; i++) {
		strbuf_adds(&names, i ? ", " USER_PREFIX : USER_PREFIX);
		strbuf_add(&names, text_at(&g->c->user_attribute_name, i));
	}
	return err_fail(g->err, ERR_NO, "column %u: the store knows no %.*s of its users%s%s",
			t->column, STR_ARG(t->attribute), names.len ? "; it knows " : "",
			names.len ? strbuf_c(&names) : "");
}

/* Which of the dictionary's values pass. */
static bool bind_values(struct choosing *g, const struct test *t, struct bound *b,
			const struct text *dict)
{
	bool ordered = t->op != OP_EQ && t->op != OP_LIKE;
	STRBUF(name);

	test_name(t, &name);
	b->n = (uint32_t)dict->n;
	b->pass = mem_zalloc((dict->n + 1) * sizeof *b->pass);
	if (ordered && !pass_ordered(b, dict, t))
		return err_fail(g->err, ERR_NO, "column %u: no session's %s is a number",
				t->column, strbuf_c(&name));
	for (unsigned i = 0; i < t->n_values && !ordered; i++) {
		const struct value *v = &t->values[i];

		if (v->none)
			b->pass[b->n] = true;
		else if (t->op == OP_LIKE)
			pass_like(b, dict, v->text);
		else if (!pass_equal(b, dict, v->text))
			return err_fail(g->err, ERR_NO, "column %u: no session's %s is '%.*s'",
					v->column, strbuf_c(&name), STR_ARG(v->text));
	}
	for (uint32_t i = 0; t->negated && i <= b->n; i++)
		b->pass[i] = !b->pass[i];
	return true;
}

static bool bind_user(struct choosing *g, const struct test *t, struct bound *b)
{
	struct str name = str_span(t->attribute.ptr + sizeof USER_PREFIX - 1,
				   t->attribute.len - (sizeof USER_PREFIX - 1));
	uint32_t a = 0, n = g->c->n_user_attributes;

	while (a < n && !same_text(text_at(&g->c->user_attribute_name, a), name, false))
		a++;
	if (a == n || !g->c->user_attribute || !g->c->session_user)
		return no_user_attribute(g, t);
	b->number = g->c->user_attribute + a;
	b->stride = n;
	g->people = true;
	return bind_values(g, t, b, &g->c->user_attribute_value);
}

static bool bind_test(struct choosing *g, const struct test *t, struct bound *b)
{
	bool country = t->field == FIELD_COUNTRY;
	const struct text *dict = country ? &g->c->country_name : &g->c->channel_name;

	if (t->field == FIELD_USER)
		return bind_user(g, t, b);
	b->number = country ? g->c->session_country : g->c->session_channel;
	if (!b->number)
		return err_fail(g->err, ERR_NO, "column %u: the store's sessions have no %s",
				t->column, field_table[t->field].name);
	return bind_values(g, t, b, dict);
}

static bool bind_node(struct choosing *g, const struct node *n)
{
	if (n->type == NODE_TEST)
		return bind_test(g, &n->test, &g->bound[n->id]);
	for (unsigned i = 0; i < n->n; i++)
		if (!bind_node(g, n->child[i]))
			return false;
	return true;
}

static uint32_t number_of(const struct choosing *g, const struct bound *b, uint32_t session)
{
	uint32_t user;

	if (!b->stride)
		return b->number[session];
	user = g->c->session_user[session];
	return user < g->c->n_users ? b->number[(size_t)user * b->stride] : CATALOG_NONE;
}

static bool node_passes(const struct choosing *g, const struct node *n, uint32_t session)
{
	const struct bound *b = &g->bound[n->id];

	if (n->type == NODE_TEST) {
		uint32_t v = number_of(g, b, session);

		return b->pass[v < b->n ? v : b->n];
	}
	for (unsigned i = 0; i < n->n; i++)
		if (node_passes(g, n->child[i], session) == (n->type == NODE_OR))
			return n->type == NODE_OR;
	return n->type == NODE_AND;
}

static bool passes(const struct choosing *g, const struct filter *f, uint32_t session)
{
	for (unsigned i = 0; i < f->root->n; i++)
		if ((f->root->child[i]->classes & FILTER_SESSION) &&
		    !node_passes(g, f->root->child[i], session))
			return false;
	return true;
}

/* Who asks for few enough people asks for one of them. */
static bool enough_people(const struct choosing *g, const struct session_set *s)
{
	SCOPED_FREE bool *in = mem_zalloc((size_t)g->c->n_users + 1);
	unsigned n = 0;

	for (uint32_t i = 0; i < s->n && n < PEOPLE_LEAST; i++)
		if ((s->bits[i / 64] >> i % 64 & 1) && g->c->session_user[i] < g->c->n_users) {
			n += !in[g->c->session_user[i]];
			in[g->c->session_user[i]] = true;
		}
	return n >= PEOPLE_LEAST ||
	       err_fail(g->err, ERR_NO, "fewer than %u users are so: what is known of people "
			"isn't shown of so few; ask for more of them", PEOPLE_LEAST);
}

bool session_set_make(struct session_set *out, const struct filter *f,
		      const struct catalog *c, struct err *err)
{
	struct choosing g = {.c = c, .err = err};
	struct session_set s = {.n = c->n_sessions};
	bool ok;

	s.bits = mem_big((size_t)s.n / 64 + 1, sizeof *s.bits, "the selected sessions", err);
	g.bound = mem_zalloc((f->n_tests + 1) * sizeof *g.bound);
	ok = s.bits != NULL;
	for (unsigned i = 0; ok && i < f->root->n; i++)
		if (f->root->child[i]->classes & FILTER_SESSION)
			ok = bind_node(&g, f->root->child[i]);
	for (uint32_t i = 0; ok && i < s.n; i++)
		s.bits[i / 64] |= (uint64_t)passes(&g, f, i) << i % 64;
	ok = ok && (!g.people || enough_people(&g, &s));
	for (unsigned i = 0; i < f->n_tests; i++)
		free(g.bound[i].pass);
	free(g.bound);
	if (!ok) {
		free(s.bits);
		return false;
	}
	*out = s;
	return true;
}

void session_set_finish(struct session_set *s)
{
	free(s->bits);
	*s = (struct session_set){0};
}
