/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The edges of a category tree as the files name them, made a forest: a category
 * that is its own parent stands at the top, a cycle is cut above its first id, a
 * parent that no record describes is a category nevertheless. All of it is said in
 * notices. No recursion: a chain may be as long as the file.
 */
#include "config.h"

#include "import/category_tree.h"

#include "base/job.h"
#include "base/mem.h"
#include "base/utf8.h"

/* Faults of one sort: how many, and the first few ids. */
struct faults {
	uint32_t n;
	struct strbuf ids;
};
#define FAULTS_SHOWN 3

static void add_fault(struct faults *f, const struct seen *s, uint32_t category)
{
	struct str id = ids_text(&s->id[ID_CATEGORY], category);

	f->n++;
	if (f->n > FAULTS_SHOWN)
		return;
	strbuf_adds(&f->ids, f->n > 1 ? ", " : "");
	sanitize(&f->ids, id, SANITIZE_LINE);
}

static void tell(struct job *job, struct faults *f, const char *what)
{
	if (f->n)
		job_notice(job, "category tree: %u %s: %s%s", f->n, what,
			   strbuf_c(&f->ids), f->n > FAULTS_SHOWN ? ", ..." : "");
	strbuf_finish(&f->ids);
}

/* The cycle that `at` stands in loses the edge above its lowest rank: that is the
 * first id as a text. */
static void cut_cycle(const struct seen *s, uint32_t *up, uint32_t at,
		      struct faults *cycles)
{
	uint32_t lowest = at;

	for (uint32_t i = up[at]; i != at; i = up[i])
		if (i < lowest)
			lowest = i;
	up[lowest] = MAP_NONE;
	add_fault(cycles, s, lowest);
}

static void cut_cycles(const struct seen *s, uint32_t *up, uint32_t *walk,
		       struct faults *cycles)
{
	for (uint32_t i = 0; i < s->id[ID_CATEGORY].n; i++) {
		uint32_t at = i;

		while (at != MAP_NONE && walk[at] == 0) {
			walk[at] = i + 1;
			at = up[at];
		}
		if (at != MAP_NONE && walk[at] == i + 1)
			cut_cycle(s, up, at, cycles);
	}
}

bool category_edges(const struct seen *s, uint32_t *up, struct job *job, struct err *err)
{
	uint32_t n = s->id[ID_CATEGORY].n;
	struct faults selves = {0}, cycles = {0}, orphans = {0}, conflicts = {0};
	SCOPED_FREE uint32_t *walk = mem_big(n, sizeof *walk, "categories", err);
	SCOPED_FREE bool *named = mem_big(n, sizeof *named, "categories", err);

	if (!walk || !named)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		const struct fact *parent = &s->category[i].fact[CATEGORY_PARENT];

		up[i] = parent->value;
		if (parent->conflict)
			add_fault(&conflicts, s, i);
		if (up[i] == i) {
			add_fault(&selves, s, i);
			up[i] = MAP_NONE;
		}
		if (up[i] != MAP_NONE && !s->category[up[i]].own && !named[up[i]]) {
			named[up[i]] = true;
			add_fault(&orphans, s, up[i]);
		}
	}
	cut_cycles(s, up, walk, &cycles);
	tell(job, &selves, "categories are their own parents and stand at the top");
	tell(job, &cycles, "cycles were cut, above");
	tell(job, &orphans, "categories are named as parents and not described; they stand "
	     "at the top");
	tell(job, &conflicts, "categories have several parents; the last one holds");
	return true;
}
