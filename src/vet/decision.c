/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields in the order of enum field; a later version may add some at the end. */
#include "config.h"

#include "vet/decision.h"

#include <math.h>
#include <stdlib.h>

#include "base/num.h"
#include "base/quote.h"
#include "base/utf8.h"

enum field {
	FIELD_TIME, FIELD_WHO, FIELD_KIND, FIELD_SCOPE, FIELD_PANEL, FIELD_PRODUCT,
	FIELD_WITH, FIELD_POSITION, FIELD_OF, FIELD_AUDIT, FIELD_RANK, FIELD_SCORE,
	FIELD_MODEL, FIELD_REASON, FIELD_N, FIELD_GENERATION, FIELD_LOW, FIELD_HIGH, FIELDS,
	FIELDS_FIRST = FIELD_LOW,	/* that every record has */
};

static const char *const kinds[DECISION_KINDS] = {
	[DECISION_APPROVE] = "approve",
	[DECISION_REJECT] = "reject",
	[DECISION_SKIP] = "skip",
	[DECISION_PIN] = "pin",
	[DECISION_UNDO] = "undo",
	[DECISION_REDO] = "redo",
};

static const char *const scopes[DECISION_SCOPES] = {
	[SCOPE_PAIR] = "pair",
	[SCOPE_BOTH] = "both",
	[SCOPE_VARIANTS] = "variants",
	[SCOPE_EVERYWHERE] = "everywhere",
};

static bool find(const char *const *names, unsigned n, struct str s, unsigned *i)
{
	for (*i = 0; *i < n; ++*i)
		if (str_is(s, names[*i]))
			return true;
	return false;
}

const char *decision_kind_name(enum decision_kind k)
{
	return kinds[k];
}

bool decision_kind_parse(struct str s, enum decision_kind *k)
{
	unsigned i;
	bool ok = find(kinds, DECISION_KINDS, s, &i);

	if (ok)
		*k = i;
	return ok;
}

const char *decision_scope_name(enum decision_scope s)
{
	return scopes[s];
}

bool decision_scope_parse(struct str s, enum decision_scope *scope)
{
	unsigned i;
	bool ok = find(scopes, DECISION_SCOPES, s, &i);

	if (ok)
		*scope = i;
	return ok;
}

/* --- checking */

static bool check_text(struct str s, size_t most, const char *what, struct err *err)
{
	if (s.len == 0)
		return err_fail(err, ERR_USAGE, "a decision needs %s", what);
	if (s.len > most)
		return err_fail(err, ERR_USAGE, "%s has %zu bytes, at most %zu are kept", what,
				s.len, most);
	return utf8_valid(s) || err_fail(err, ERR_USAGE, "%s is not UTF-8", what);
}

bool decision_check(const struct decision *d, struct err *err)
{
	if (!check_text(d->who, DECISION_WHO, "the name of who decides", err))
		return false;
	if (d->kind == DECISION_UNDO || d->kind == DECISION_REDO)
		return true;
	if (!check_text(d->panel, DECISION_ID, "a panel", err) ||
	    !check_text(d->product, DECISION_ID, "a product", err) ||
	    !check_text(d->with, DECISION_ID, "a suggestion", err))
		return false;
	if (str_eq(d->product, d->with))
		return err_fail(err, ERR_USAGE, "a product is no suggestion for itself: '%.*s'",
				STR_ARG(d->product));
	if (d->reason.len && !check_text(d->reason, DECISION_REASON, "the reason", err))
		return false;
	if ((d->kind == DECISION_PIN) != (d->position > 0) || d->position > DECISION_PLACES)
		return err_fail(err, ERR_USAGE, d->kind == DECISION_PIN ?
				"a pin needs a position from 1 to %d" :
				"only a pin has a position from 1 to %d", DECISION_PLACES);
	return true;
}

/* --- writing and reading */

static void add_text(struct strbuf *b, struct str s)
{
	strbuf_addc(b, '\t');
	quote_tsv(b, s);
}

void decision_write(const struct decision *d, struct strbuf *b)
{
	strbuf_addf(b, "%jd", (intmax_t)d->time);
	add_text(b, d->who);
	strbuf_addf(b, "\t%s\t%s", kinds[d->kind], scopes[d->scope]);
	add_text(b, d->panel);
	add_text(b, d->product);
	add_text(b, d->with);
	strbuf_addf(b, "\t%u\t%ju\t%d\t%u\t", d->position, (uintmax_t)d->of, d->audit,
		    d->rank);
	if (isfinite(d->score))
		strbuf_addf(b, "%.9g", d->score);
	add_text(b, d->model);
	add_text(b, d->reason);
	strbuf_addf(b, "\t%ju\t%ju", (uintmax_t)d->n, (uintmax_t)d->generation);
	if (d->high > 0)
		strbuf_addf(b, "\t%.9g\t%.9g", d->low, d->high);
}

static struct str unescape(struct str s, struct arena *arena)
{
	char *to = arena_alloc(arena, s.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (c == '\\' && i + 1 < s.len) {
			c = s.ptr[++i];
			c = (char)(c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c);
		}
		to[n++] = c;
	}
	to[n] = '\0';
	return str_span(to, n);
}

static bool read_count(struct str s, uint64_t most, uint64_t *n)
{
	return num_u64(s, n) && *n <= most;
}

static double read_score(struct str s)
{
	double x = NAN;

	return s.len && num_real(s, &x) ? x : NAN;
}

static double read_bound(struct str s)
{
	double x = read_score(s);

	return isfinite(x) && x > 0 ? x : 0;
}

bool decision_read(struct decision *d, struct str record, struct arena *arena)
{
	struct str field[FIELDS];
	struct decision x = {0};
	uint64_t position, audit, rank;
	int64_t time;

	for (unsigned i = 0; i < FIELDS; i++)
		if (!str_next(&record, '\t', &field[i])) {
			if (i < FIELDS_FIRST)
				return false;
			field[i] = STR("");
		}
	if (!num_i64(field[FIELD_TIME], &time) ||
	    !decision_kind_parse(field[FIELD_KIND], &x.kind) ||
	    !decision_scope_parse(field[FIELD_SCOPE], &x.scope) ||
	    !read_count(field[FIELD_POSITION], DECISION_PLACES, &position) ||
	    !read_count(field[FIELD_OF], UINT64_MAX, &x.of) ||
	    !read_count(field[FIELD_AUDIT], 1, &audit) ||
	    !read_count(field[FIELD_RANK], UINT32_MAX, &rank) ||
	    !read_count(field[FIELD_N], UINT64_MAX, &x.n) ||
	    !read_count(field[FIELD_GENERATION], UINT64_MAX, &x.generation))
		return false;
	x.seq = d->seq;
	x.time = time;
	x.position = (unsigned)position;
	x.audit = audit;
	x.rank = (unsigned)rank;
	x.score = read_score(field[FIELD_SCORE]);
	x.low = read_bound(field[FIELD_LOW]);
	x.high = read_bound(field[FIELD_HIGH]);
	x.who = unescape(field[FIELD_WHO], arena);
	x.panel = unescape(field[FIELD_PANEL], arena);
	x.product = unescape(field[FIELD_PRODUCT], arena);
	x.with = unescape(field[FIELD_WITH], arena);
	x.model = unescape(field[FIELD_MODEL], arena);
	x.reason = unescape(field[FIELD_REASON], arena);
	*d = x;
	return true;
}
