/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A thread with the lowest claim on processors counts one rule; what it found stays, in a few
 * lines, until another import or other rules come. */
#include "config.h"

#include "tui/pricing.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/job.h"
#include "base/mem.h"
#include "eval/rule_price.h"

#define KEPT 8u		/* prices; there are few drafts */
#define NICE 10

struct kept {
	const char *rule;	/* of a table, never freed */
	enum panel_kind kind;
	struct strbuf text;
};

struct pricing {
	pthread_t thread;
	bool busy;		/* the thread exists */
	int done;		/* eventfd */
	struct job job;
	struct board_rule of;	/* what is being counted, or was last */
	struct edition *edition;	/* a reference while it is */
	struct rule_price price;
	struct err err;
	bool ok;

	const struct edition *known_of;	/* compared alone */
	uint64_t known_rules;
	struct kept kept[KEPT];
	unsigned n;
};

bool pricing_create(struct pricing **out, struct err *err)
{
	struct pricing *p = mem_zalloc(sizeof *p);

	p->done = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (p->done < 0) {
		free(p);
		return err_errno(err, errno, "eventfd");
	}
	*out = p;
	return true;
}

static void *run(void *arg)
{
	struct pricing *p = arg;
	uint64_t one = 1;
	ssize_t ignored;

	(void)setpriority(PRIO_PROCESS, 0, NICE);	/* of this thread alone */
	p->ok = rule_price_make(&p->price, p->edition->store, p->of.kind, str_from(p->of.rule),
				(struct work){NULL, &p->job}, &p->err);
	ignored = write(p->done, &one, sizeof one);
	(void)ignored;
	return NULL;
}

static void finish(struct pricing *p)
{
	if (!p->busy)
		return;
	pthread_join(p->thread, NULL);
	p->busy = false;
	edition_destroy(p->edition);
	p->edition = NULL;
}

static void forget(struct pricing *p)
{
	while (p->n)
		strbuf_finish(&p->kept[--p->n].text);
}

void pricing_destroy(struct pricing *p)
{
	if (!p)
		return;
	atomic_store(&p->job.cancel, true);
	finish(p);
	forget(p);
	scope_close(&p->done);
	free(p);
}

int pricing_fd(const struct pricing *p)
{
	return p->done;
}

bool pricing_busy(const struct pricing *p)
{
	return p->busy;
}

static void start(struct pricing *p, struct edition *edition, const struct board_rule *rule)
{
	sigset_t all, old;

	job_init(&p->job);
	p->of = *rule;
	p->err = (struct err){0};
	p->edition = edition_ref(edition);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	p->busy = pthread_create(&p->thread, NULL, run, p) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (p->busy)
		return;
	edition_destroy(p->edition);
	p->edition = NULL;
}

bool pricing_take(struct pricing *p)
{
	const struct edition *of = p->edition;
	struct kept *k = &p->kept[p->n];
	uint64_t n;

	if (read(p->done, &n, sizeof n) != (ssize_t)sizeof n)
		return false;
	finish(p);
	if (of != p->known_of || p->of.rules != p->known_rules || p->n == KEPT ||
	    p->err.code == ERR_CANCELLED)
		return true;
	*k = (struct kept){.rule = p->of.rule, .kind = p->of.kind};
	if (p->ok)
		rule_price_add(&p->price, p->of.kind, &k->text);
	else
		strbuf_addf(&k->text, "its price can't be counted: %s", p->err.text);
	p->n++;
	return true;
}

static bool same(const struct board_rule *a, const struct board_rule *b)
{
	return a->kind == b->kind && a->rules == b->rules && strcmp(a->rule, b->rule) == 0;
}

void pricing_add(struct pricing *p, struct edition *edition, const struct board_rule *rule,
		 struct strbuf *b)
{
	uint64_t total, done;

	if (edition != p->known_of || rule->rules != p->known_rules)
		forget(p);
	p->known_of = edition;
	p->known_rules = rule->rules;
	for (unsigned i = 0; i < p->n; i++)
		if (p->kept[i].kind == rule->kind && strcmp(p->kept[i].rule, rule->rule) == 0) {
			strbuf_add(b, strbuf_str(&p->kept[i].text));
			return;
		}
	if (p->busy && (p->edition != edition || !same(&p->of, rule)))
		atomic_store(&p->job.cancel, true);	/* it is begun when that one has ended */
	else if (!p->busy)
		start(p, edition, rule);
	total = atomic_load(&p->job.total);
	done = atomic_load(&p->job.done);
	strbuf_adds(b, "what it would touch and cost is being counted");
	if (p->busy && total && same(&p->of, rule))
		strbuf_addf(b, " (%s, %ju%%)", atomic_load(&p->job.step),
			    (uintmax_t)(100 * done / total));
}
