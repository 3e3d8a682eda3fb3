/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Distinct words are rows of pieces with a count. A table holds how often each pair of pieces is
 * met; joining one changes the counts of the words that hold it alone. O(joins (words + pairs)).
 */
#include "config.h"

#include "learn/vocabulary.h"

#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "learn/wordpiece.h"

#define LETTERS 40	/* of a word; longer ones teach nothing */

struct word {
	uint32_t *piece;
	unsigned n;
	uint64_t count;
};

struct learning {
	struct map *words, *pieces, *pairs;
	struct word *word;
	size_t n, cap;
	uint64_t *met;		/* of pairs */
	size_t n_met, cap_met;
	struct err *err;
	bool failed;
};

static void take_word(void *ctx, struct str s)
{
	struct learning *l = ctx;
	uint32_t w = map_intern(l->words, s, l->err);

	if (w == MAP_NONE) {
		l->failed = true;
		return;
	}
	if (w == l->n) {
		MEM_GROW(l->word, l->cap, l->n + 1);
		l->word[l->n++] = (struct word){NULL, 0, 0};
	}
	l->word[w].count++;
}

static bool add_piece(struct learning *l, struct str s, uint32_t *id)
{
	*id = map_intern(l->pieces, s, l->err);
	l->failed = l->failed || *id == MAP_NONE;
	return !l->failed;
}

/* A word's characters as pieces. */
static bool spell(struct learning *l, uint32_t w)
{
	struct str s = map_key(l->words, w);
	struct word *x = &l->word[w];
	size_t at = 0;

	x->piece = mem_alloc(LETTERS * sizeof *x->piece);
	while (at < s.len) {
		size_t next = at + 1;
		STRBUF(b);

		while (next < s.len && ((unsigned char)s.ptr[next] & 0xc0) == 0x80)
			next++;
		if (x->n == LETTERS) {
			x->n = 0;	/* too long */
			return true;
		}
		strbuf_adds(&b, at ? "##" : "");
		strbuf_add(&b, str_span(s.ptr + at, next - at));
		if (!add_piece(l, strbuf_str(&b), &x->piece[x->n]))
			return false;
		x->n++;
		at = next;
	}
	return true;
}

static uint32_t pair_of(struct learning *l, uint32_t a, uint32_t b)
{
	const uint32_t key[2] = {a, b};
	uint32_t id = map_intern(l->pairs, str_span((const char *)key, sizeof key), l->err);

	if (id == MAP_NONE) {
		l->failed = true;
		return 0;
	}
	while (id >= l->n_met) {
		MEM_GROW(l->met, l->cap_met, l->n_met + 1);
		l->met[l->n_met++] = 0;
	}
	return id;
}

static void count_pairs(struct learning *l, const struct word *w, bool more)
{
	for (unsigned i = 0; i + 1 < w->n && !l->failed; i++) {
		uint32_t id = pair_of(l, w->piece[i], w->piece[i + 1]);

		if (l->failed)
			return;
		l->met[id] += more ? w->count : -w->count;
	}
}

static bool holds(const struct word *w, const uint32_t pair[2])
{
	for (unsigned i = 0; i + 1 < w->n; i++)
		if (w->piece[i] == pair[0] && w->piece[i + 1] == pair[1])
			return true;
	return false;
}

static void join(struct word *w, const uint32_t pair[2], uint32_t whole)
{
	unsigned n = 0;

	for (unsigned i = 0; i < w->n; i++) {
		bool both = i + 1 < w->n && w->piece[i] == pair[0] && w->piece[i + 1] == pair[1];

		w->piece[n++] = both ? whole : w->piece[i];
		i += both;
	}
	w->n = n;
}

/* The pair that is met most; false where none is met twice. */
static bool best_pair(const struct learning *l, uint32_t pair[2])
{
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < l->n_met; i++)
		if (l->met[i] > 1 && (best == SIZE_MAX || l->met[i] > l->met[best]))
			best = i;
	if (best == SIZE_MAX)
		return false;
	memcpy(pair, map_key(l->pairs, (uint32_t)best).ptr, 2 * sizeof *pair);
	return true;
}

static bool join_best(struct learning *l, bool *more)
{
	uint32_t pair[2], whole;
	struct str end;
	STRBUF(b);

	*more = best_pair(l, pair);
	if (!*more)
		return true;
	strbuf_add(&b, map_key(l->pieces, pair[0]));
	end = map_key(l->pieces, pair[1]);
	strbuf_add(&b, str_span(end.ptr + 2, end.len - 2));
	if (!add_piece(l, strbuf_str(&b), &whole))
		return false;
	for (size_t w = 0; w < l->n && !l->failed; w++) {
		if (!holds(&l->word[w], pair))
			continue;
		count_pairs(l, &l->word[w], false);
		join(&l->word[w], pair, whole);
		count_pairs(l, &l->word[w], true);
	}
	return !l->failed;
}

static bool learn(struct learning *l, unsigned most, struct job *job)
{
	static const char *const special[] = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};
	bool more = true;
	uint32_t id;

	for (size_t i = 0; i < sizeof special / sizeof *special; i++)
		if (!add_piece(l, str_from(special[i]), &id))
			return false;
	for (uint32_t w = 0; w < l->n; w++)
		if (!spell(l, w))
			return false;
	for (size_t w = 0; w < l->n; w++)
		count_pairs(l, &l->word[w], true);
	job_step(job, "learning pieces of words", most);
	while (!l->failed && more && map_count(l->pieces) < most)
		if (!join_best(l, &more) || !job_check(job, l->err))
			return false;
	return !l->failed;
}

bool vocabulary_learn(const struct str *text, size_t n, unsigned most, struct strbuf *b,
		      struct work work, struct err *err)
{
	SCOPED(map) words = map_create();
	SCOPED(map) pieces = map_create();
	SCOPED(map) pairs = map_create();
	struct learning l = {.words = words, .pieces = pieces, .pairs = pairs, .err = err};
	bool ok;

	for (size_t i = 0; i < n; i++)
		wordpiece_words(text[i], true, take_word, &l);
	ok = !l.failed && learn(&l, most, work.job);
	for (uint32_t i = 0; ok && i < map_count(pieces); i++) {
		strbuf_add(b, map_key(pieces, i));
		strbuf_addc(b, '\n');
	}
	for (size_t w = 0; w < l.n; w++)
		free(l.word[w].piece);
	free(l.word);
	free(l.met);
	return ok;
}
