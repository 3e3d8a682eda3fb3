/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All decisions stand in one array in the order of the journal; each knows the one before it
 * on the same pair, so a pair is a chain from its latest decision. Undo and redo clear and
 * set a bit of the decision that they are about.
 */
#include "config.h"

#include "vet/verdicts.h"

#include <assert.h>
#include <math.h>
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/time.h"
#include "vet/aside.h"

struct kept {
	struct decision d;
	uint32_t pair;		/* UINT32_MAX: undo and redo */
	uint64_t before;	/* seq of the one before it on the pair; 0: none */
	bool undone;
};

struct verdicts {
	struct journal_place at;
	char *store;
	uint64_t shared;	/* with .aside: records of the store that count */
	uint64_t version;	/* of the journal, as far as it is folded */
	struct arena *arena;
	struct kept *all;	/* (n) record seq stands at seq - 1 */
	size_t n, cap;
	struct map *pair;	/* panel TAB product TAB with -> number */
	uint64_t *head;		/* (pairs) seq of the latest decision */
	size_t heads;
};

static void add_key(struct strbuf *b, struct str panel, struct str product, struct str with)
{
	strbuf_add(b, panel);
	strbuf_addc(b, '\0');
	strbuf_add(b, product);
	strbuf_addc(b, '\0');
	strbuf_add(b, with);
}

/* --- folding */

static bool chain(struct verdicts *v, struct kept *k, struct err *err)
{
	STRBUF(key);
	uint32_t known = map_count(v->pair);

	add_key(&key, k->d.panel, k->d.product, k->d.with);
	k->pair = map_intern(v->pair, strbuf_str(&key), err);
	if (k->pair == MAP_NONE)
		return false;
	MEM_GROW(v->head, v->heads, (size_t)k->pair + 1);
	k->before = k->pair < known ? v->head[k->pair] : 0;
	v->head[k->pair] = k->d.seq;
	return true;
}

/* Undo and redo name a decision that came before; others a pair. */
static bool fold(struct verdicts *v, const struct decision *d, struct err *err)
{
	struct kept *k;

	assert(d->seq == v->n + 1);
	MEM_GROW(v->all, v->cap, v->n + 1);
	k = &v->all[v->n++];
	*k = (struct kept){.d = *d, .pair = UINT32_MAX};
	if (d->kind != DECISION_UNDO && d->kind != DECISION_REDO && d->of < d->seq)
		return chain(v, k, err);
	if (d->of == 0 || d->of >= d->seq)
		return err_fail(err, ERR_STORE, "the decisions are damaged: record %ju is "
				"about record %ju", (uintmax_t)d->seq, (uintmax_t)d->of);
	v->all[d->of - 1].undone = d->kind == DECISION_UNDO;
	return true;
}

static bool take_record(void *ctx, uint64_t seq, struct str record, struct err *err)
{
	struct verdicts *v = ctx;
	struct decision d = {.seq = seq};

	if (!decision_read(&d, record, v->arena))
		return err_fail(err, ERR_STORE, "the decisions are damaged: record %ju is no "
				"decision", (uintmax_t)seq);
	return fold(v, &d, err);
}

/* The store's part once, as far as it counts, and then what was kept aside. */
static bool catch_up_aside(struct verdicts *v, struct err *err)
{
	struct aside *a = v->at.aside;

	for (uint64_t i = v->n - v->shared; i < aside_count(a); i++) {
		STRBUF(record);

		aside_record(a, i, &record);
		if (!take_record(v, v->n + 1, strbuf_str(&record), err))
			return false;
	}
	return true;
}

static bool take_shared(void *ctx, uint64_t seq, struct str record, struct err *err)
{
	struct verdicts *v = ctx;

	return seq > v->shared || take_record(ctx, seq, record, err);
}

static bool open_aside(struct verdicts *v, struct err *err)
{
	SCOPED(journal) j = NULL;

	if (!journal_read(&j, &v->at, err))
		return false;
	v->shared = aside_base(v->at.aside, journal_last(j));
	return journal_each(j, 0, take_shared, v, err) && catch_up_aside(v, err);
}

static bool catch_up(struct verdicts *v, struct journal *j, struct err *err)
{
	if (journal_last(j) < v->n)
		return err_fail(err, ERR_STORE, "the decisions of %s were replaced by others; "
				"open the store again", v->store);
	v->version = journal_version(j);
	return journal_each(j, v->n, take_record, v, err);
}

bool verdicts_refresh(struct verdicts *v, struct err *err)
{
	SCOPED(journal) j = NULL;

	if (v->at.aside)
		return catch_up_aside(v, err);
	return !v->store || (journal_read(&j, &v->at, err) && catch_up(v, j, err));
}

uint64_t verdicts_version(const struct verdicts *v)
{
	return v->version;
}

bool verdicts_open(struct verdicts **out, const struct journal_place *at, struct err *err)
{
	SCOPED(verdicts) v = mem_zalloc(sizeof *v);

	v->at = *at;
	v->store = at->store ? mem_strdup(at->store) : NULL;
	v->at.store = v->store;
	v->arena = arena_create();
	v->pair = map_create();
	if (!(v->at.aside ? open_aside(v, err) : verdicts_refresh(v, err)))
		return false;
	*out = v;
	v = NULL;
	return true;
}

void verdicts_destroy(struct verdicts *v)
{
	if (!v)
		return;
	free(v->store);
	free(v->all);
	free(v->head);
	map_destroy(v->pair);
	arena_destroy(v->arena);
	free(v);
}

/* --- deciding */

static bool append(struct journal *j, struct decision *d, struct err *err)
{
	STRBUF(record);

	decision_write(d, &record);
	return journal_append(j, strbuf_str(&record), &d->seq, err);
}

/* The texts of d stay the caller's: the state keeps copies of its own. */
static bool fold_copy(struct verdicts *v, const struct decision *d, struct err *err)
{
	struct decision own = *d;
	STRBUF(record);

	decision_write(d, &record);
	if (!decision_read(&own, strbuf_str(&record), v->arena))
		return err_fail(err, ERR_STORE, "a decision can't be read back");
	return fold(v, &own, err);
}

static void stamp(struct decision *d, size_t n)
{
	int64_t now = time_now();

	for (size_t i = 0; i < n; i++)
		if (!d[i].time)
			d[i].time = now;
}

#define ASIDE_MOST 20000u	/* decisions that a screen keeps */

/* Behind those that another thread has added meanwhile. */
static bool keep_aside(struct verdicts *v, struct decision *d, struct err *err)
{
	struct aside *a = v->at.aside;
	STRBUF(record);

	if (v->n - v->shared >= ASIDE_MOST)
		return err_fail(err, ERR_NO, "this screen keeps %u decisions, which are there "
				"already", ASIDE_MOST);
	decision_write(d, &record);
	while (!aside_add(a, v->n - v->shared, strbuf_str(&record)))
		if (!catch_up_aside(v, err))
			return false;
	d->seq = v->n + 1;
	return true;
}

/* j: the journal that was opened to write, with all of it folded; NULL: none is kept. */
static bool keep(struct verdicts *v, struct journal *j, struct decisions d, struct err *err)
{
	stamp(d.at, d.n);
	for (size_t i = 0; i < d.n; i++) {
		d.at[i].seq = v->n + i + 1;
		if (j && !append(j, &d.at[i], err))
			return false;
	}
	if (j && !journal_commit(j, err))
		return false;
	v->version = j ? journal_version(j) : v->version;
	for (size_t i = 0; i < d.n; i++) {
		if (v->at.aside && !keep_aside(v, &d.at[i], err))
			return false;
		if (!fold_copy(v, &d.at[i], err))
			return false;
	}
	return true;
}

/* Opened to write, and what others wrote taken in; *j stays NULL where none is kept. */
static bool begin(struct verdicts *v, struct journal **j, struct err *err)
{
	if (v->at.aside)
		return catch_up_aside(v, err);
	return !v->store || (journal_write(j, &v->at, err) && catch_up(v, *j, err));
}

bool verdicts_add(struct verdicts *v, struct decisions d, struct err *err)
{
	SCOPED(journal) j = NULL;

	assert(d.n == 0 || d.at);
	for (size_t i = 0; i < d.n; i++)
		if (!decision_check(&d.at[i], err))
			return false;
	return begin(v, &j, err) && keep(v, j, d, err);
}

/* --- decisions of another log */

/* The number here of the decision that is d; 0: it is new. */
static uint64_t known_as(const struct verdicts *v, const struct decision *d)
{
	uint32_t pair = verdicts_find(v, d->panel, d->product, d->with);
	uint64_t seq = pair == MAP_NONE ? 0 : v->head[pair];

	for (; seq; seq = v->all[seq - 1].before) {
		const struct decision *own = &v->all[seq - 1].d;

		if (own->time == d->time && own->kind == d->kind && str_eq(own->who, d->who))
			return seq;
	}
	return 0;
}

/* The same undo or redo of decision d->of is in the log. */
static bool turned_already(const struct verdicts *v, const struct decision *d)
{
	for (size_t i = d->of; i < v->n; i++) {
		const struct decision *own = &v->all[i].d;

		if (own->of == d->of && own->kind == d->kind && own->time == d->time)
			return true;
	}
	return false;
}

struct merging {
	struct decision *fresh;	/* (n) that are new here */
	size_t n;
	uint64_t *there, *here;	/* (m) numbers in the other log and in this one */
	size_t m;
};

static uint64_t number_here(const struct merging *x, uint64_t there)
{
	for (size_t i = x->m; i-- > 0;)
		if (x->there[i] == there)
			return x->here[i];
	return 0;
}

static bool merge_one(const struct verdicts *v, struct merging *x, const struct decision *d,
		      struct err *err)
{
	bool turns = d->kind == DECISION_UNDO || d->kind == DECISION_REDO;
	struct decision own = *d;
	uint64_t here = turns ? 0 : known_as(v, d);

	own.of = turns || d->of ? number_here(x, d->of) : 0;
	if (turns) {
		if (!own.of)
			return err_fail(err, ERR_FORMAT, "decision %ju takes back decision %ju, "
					"which is not there before it", (uintmax_t)d->seq,
					(uintmax_t)d->of);
		if (turned_already(v, &own))
			return true;
	}
	if (!here) {
		here = v->n + x->n + 1;
		x->fresh[x->n++] = own;
	}
	x->there[x->m] = d->seq;
	x->here[x->m++] = here;
	return true;
}

static bool merge(struct verdicts *v, struct merging *x, struct decisions d, struct err *err)
{
	SCOPED(journal) j = NULL;

	if (!begin(v, &j, err))
		return false;
	for (size_t i = 0; i < d.n; i++)
		if (!decision_check(&d.at[i], err) || !merge_one(v, x, &d.at[i], err))
			return false;
	return keep(v, j, (struct decisions){x->fresh, x->n}, err);
}

bool verdicts_merge(struct verdicts *v, struct decisions d, size_t *added, struct err *err)
{
	struct merging x = {
		.fresh = mem_alloc(d.n * sizeof *x.fresh),
		.there = mem_alloc(d.n * sizeof *x.there),
		.here = mem_alloc(d.n * sizeof *x.here),
	};
	bool ok = merge(v, &x, d, err);

	*added = ok ? x.n : 0;
	free(x.fresh);
	free(x.there);
	free(x.here);
	return ok;
}

static bool on_pair(const struct decision *d, const struct decision *pair)
{
	return !pair || (str_eq(d->panel, pair->panel) && str_eq(d->product, pair->product) &&
			 str_eq(d->with, pair->with));
}

/* The last decision of who that stands, on that pair. */
static const struct kept *last_standing(const struct verdicts *v, struct str who,
					const struct decision *pair)
{
	for (size_t i = v->n; i-- > 0;) {
		const struct kept *k = &v->all[i];

		if (k->pair != UINT32_MAX && !k->undone && str_eq(k->d.who, who) &&
		    on_pair(&k->d, pair))
			return k;
	}
	return NULL;
}

/* What who took back last, with nothing decided since. */
static const struct kept *last_undone(const struct verdicts *v, struct str who)
{
	for (size_t i = v->n; i-- > 0;) {
		const struct decision *d = &v->all[i].d;

		if (!str_eq(d->who, who) || d->kind == DECISION_REDO)
			continue;
		if (d->kind != DECISION_UNDO)
			return NULL;
		if (v->all[d->of - 1].undone)
			return &v->all[d->of - 1];
	}
	return NULL;
}

/* What k says again, and is as it is: undone or not; NULL: nothing. */
static const struct kept *said_before(const struct verdicts *v, const struct kept *k)
{
	const struct kept *was = k->d.of ? &v->all[k->d.of - 1] : NULL;

	return was && was->pair == k->pair && was->undone == k->undone &&
	       str_eq(was->d.who, k->d.who) ? was : NULL;
}

/* k and all that it says again, the first one first: it is one step for who decides. */
static bool turn(struct verdicts *v, struct journal *j, const struct kept *k,
		 enum decision_kind kind, struct decision *about, struct err *err)
{
	const struct str who = k->d.who;
	struct decisions d = {NULL, 1};
	bool ok;

	*about = k->d;
	for (const struct kept *i = k; (i = said_before(v, i)) != NULL;)
		d.n++;
	d.at = mem_alloc(d.n * sizeof *d.at);
	for (size_t i = d.n; i-- > 0; k = said_before(v, k))
		d.at[i] = (struct decision){.who = who, .kind = kind, .of = k->d.seq,
					    .score = NAN};
	ok = decision_check(&d.at[0], err) && keep(v, j, d, err);
	free(d.at);
	return ok;
}

bool verdicts_undo(struct verdicts *v, struct str who, const struct decision *pair,
		   struct decision *about, struct err *err)
{
	SCOPED(journal) j = NULL;
	const struct kept *k;

	if (!begin(v, &j, err))
		return false;
	k = last_standing(v, who, pair);
	if (!k)
		return err_fail(err, ERR_NO, "there is no decision of %.*s%s that could be "
				"taken back", STR_ARG(who), pair ? " on this pair" : "");
	return turn(v, j, k, DECISION_UNDO, about, err);
}

bool verdicts_redo(struct verdicts *v, struct str who, struct decision *about,
		   struct err *err)
{
	SCOPED(journal) j = NULL;
	const struct kept *k;

	if (!begin(v, &j, err))
		return false;
	k = last_undone(v, who);
	if (!k)
		return err_fail(err, ERR_NO, "there is no decision that %.*s took back last and "
				"that could be given again", STR_ARG(who));
	return turn(v, j, k, DECISION_REDO, about, err);
}

/* --- what stands */

uint64_t verdicts_count(const struct verdicts *v)
{
	return v->n;
}

const struct decision *verdicts_at(const struct verdicts *v, uint64_t i)
{
	assert(i < v->n);
	return &v->all[i].d;
}

const struct decision *verdicts_about(const struct verdicts *v, const struct decision *d)
{
	return d->kind == DECISION_UNDO || d->kind == DECISION_REDO ? verdicts_at(v, d->of - 1) : d;
}

bool verdicts_stands(const struct verdicts *v, uint64_t i)
{
	assert(i < v->n);
	return !v->all[i].undone;
}

uint32_t verdicts_pairs(const struct verdicts *v)
{
	return map_count(v->pair);
}

uint32_t verdicts_find(const struct verdicts *v, struct str panel, struct str product,
		       struct str with)
{
	STRBUF(key);

	add_key(&key, panel, product, with);
	return map_find(v->pair, strbuf_str(&key));
}

/* Someone's later decision on the pair stands. */
static bool superseded(const struct verdicts *v, uint32_t pair, const struct kept *k)
{
	for (uint64_t seq = v->head[pair]; seq > k->d.seq; seq = v->all[seq - 1].before)
		if (!v->all[seq - 1].undone && str_eq(v->all[seq - 1].d.who, k->d.who))
			return true;
	return false;
}

const struct decision *verdicts_next(const struct verdicts *v, uint32_t pair,
				     const struct decision *after)
{
	uint64_t seq = after ? v->all[after->seq - 1].before : v->head[pair];

	for (; seq; seq = v->all[seq - 1].before) {
		const struct kept *k = &v->all[seq - 1];

		if (!k->undone && !superseded(v, pair, k))
			return &k->d;
	}
	return NULL;
}

/* A pin approves. */
static bool alike(const struct decision *a, const struct decision *b)
{
	return (a->kind == DECISION_REJECT) == (b->kind == DECISION_REJECT);
}

static const struct decision *next_said(const struct verdicts *v, uint32_t pair,
					const struct decision *after)
{
	do
		after = verdicts_next(v, pair, after);
	while (after && after->kind == DECISION_SKIP);
	return after;
}

const struct decision *verdicts_of(const struct verdicts *v, uint32_t pair, bool blind)
{
	const struct decision *latest = next_said(v, pair, NULL), *other;

	if (!latest || !blind)
		return latest;
	other = next_said(v, pair, latest);
	return other && alike(latest, other) ? latest : NULL;
}

const struct decision *verdicts_by(const struct verdicts *v, uint32_t pair, struct str who)
{
	const struct decision *d = NULL;

	assert(pair < verdicts_pairs(v));
	while ((d = verdicts_next(v, pair, d)) != NULL && !str_eq(d->who, who))
		;
	return d;
}

void verdicts_login(struct strbuf *name)
{
	struct passwd pw, *found = NULL;
	char room[4096];

	if (getpwuid_r(getuid(), &pw, room, sizeof room, &found) == 0 && found)
		strbuf_adds(name, found->pw_name);
	else
		strbuf_addf(name, "uid %u", (unsigned)getuid());
}
