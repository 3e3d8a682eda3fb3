/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * c says why, or of what: the decision just made is given again with it, so the log keeps
 * both. A reason that a rule could give for all lists is offered as a draft, a comment in the
 * text of the rules.
 */
#include "config.h"

#include <stdlib.h>

#include "base/mem.h"
#include "tui/state.h"
#include "vet/journal.h"
#include "vet/rules.h"
#include "vet/verdicts.h"

static const struct {
	char key;
	enum decision_scope scope;
	const char *text;
} scopes[] = {
	{'1', SCOPE_PAIR, "this pair"},
	{'2', SCOPE_BOTH, "the pair both ways"},
	{'3', SCOPE_VARIANTS, "every variant of the suggestion"},
	{'4', SCOPE_EVERYWHERE, "the suggestion in every list"},
};
#define SCOPES (sizeof scopes / sizeof *scopes)

/* The review screen, of what this person decides; NULL: something else is in front. */
static const struct pane *own_review(struct explorer *e)
{
	const struct pane *p = panes_front(e);
	const struct outlook *o;
	STRBUF(login);

	if (!p->sheet || !p->class->decides || !pane_has_board(p) || pane_stale(p) ||
	    !deciding_may(e))
		return NULL;
	o = view_question(pane_view(p))->outlook;
	if (outlook_asks(o, ASK_WHO))
		strbuf_add(&login, outlook_text(o, ASK_WHO));
	else if (e->deciding.aside)
		strbuf_adds(&login, "visitor");
	else
		verdicts_login(&login);
	return str_eq(strbuf_str(&login), strbuf_str(&e->deciding.who)) ? p : NULL;
}

/* The decision that the review screen names: of its panel what was decided or given again last, in
 * whichever run; 0: nothing, or it was taken back. */
static uint64_t named(const struct explorer *e, const struct verdicts *v, struct str panel)
{
	for (uint64_t i = verdicts_count(v); i-- > 0;) {
		const struct decision *d = verdicts_at(v, i), *about = verdicts_about(v, d);

		if (str_eq(d->who, strbuf_str(&e->deciding.who)) && str_eq(about->panel, panel))
			return d->kind == DECISION_UNDO ? 0 : about->seq;
	}
	return 0;
}

/* The decision that c and y are about; NULL: there is none. */
static const struct decision *current(struct explorer *e)
{
	struct deciding *d = &e->deciding;
	const struct pane *review = own_review(e);
	const struct verdicts *v = review ? deciding_verdicts(e) : d->verdicts;
	uint64_t seq = review && v ? named(e, v, deciding_panel(review)) : d->last;

	if (!v || !seq)
		return NULL;
	if (seq != d->last) {
		d->last = seq;
		d->n = 1;
	}
	return verdicts_at(v, seq - 1);
}

static const struct decision *last(struct explorer *e)
{
	const struct decision *d = current(e);

	if (!d)
		explorer_message(e, "nothing was decided just now: a, x, . and p decide, then c "
				 "says why");
	return d;
}

/* Give it again, and what was decided with it, with that changed; NULL, 0: as it is. */
static bool give(struct explorer *e, const struct str *reason, const enum decision_scope *scope)
{
	struct deciding *d = &e->deciding;
	struct decisions again = {mem_alloc(d->n * sizeof *again.at), d->n};
	struct err err = {0};
	bool ok;

	for (size_t i = 0; i < again.n; i++) {
		again.at[i] = *verdicts_at(d->verdicts, d->last - d->n + i);
		again.at[i].of = again.at[i].seq;	/* u takes back both */
		again.at[i].seq = 0;
		again.at[i].time = 0;
		if (reason)
			again.at[i].reason = *reason;
		if (scope)
			again.at[i].scope = *scope;
	}
	ok = verdicts_add(d->verdicts, again, &err);
	if (ok)
		d->last = again.at[again.n - 1].seq;
	else
		explorer_error(e, &err);
	free(again.at);
	return ok;
}

void deciding_reason(struct explorer *e, struct str reason)
{
	const struct decision *d = last(e);
	const char *rule = d && d->kind == DECISION_REJECT ? rules_proposal(reason) : NULL;

	if (!d || !give(e, &reason, NULL))
		return;
	if (rule && !e->read_only)
		explorer_message(e, "because: %.*s. A rule for all lists: %s; c r keeps it as a "
				 "draft", STR_ARG(reason), rule);
	else
		explorer_message(e, "because: %.*s", STR_ARG(reason));
	deciding_show(e);
}

static bool has_line(struct str text, struct str line)
{
	struct str at;

	while (str_next(&text, '\n', &at))
		if (str_eq(str_trim(at), line))
			return true;
	return false;
}

/* A comment in the text of the rules, which changes no list; once, whoever keeps it. */
static void keep_draft(struct explorer *e, const char *rule)
{
	struct journal_place at = {e->path, "aisle explore", 1, NULL};
	SCOPED(journal) j = NULL;
	struct err err = {0};
	STRBUF(text);
	STRBUF(draft);

	if (!journal_write(&j, &at, &err) || !journal_text(j, RULES_TEXT, &text, &err)) {
		explorer_error(e, &err);
		return;
	}
	strbuf_addf(&draft, "# draft: %s", rule);
	if (has_line(strbuf_str(&text), str_from(rule))) {
		explorer_message(e, "it is among the rules: aisle rules show prints them");
		return;
	}
	if (has_line(strbuf_str(&text), strbuf_str(&draft))) {
		explorer_message(e, "it was kept as a draft before: aisle rules show prints it");
		return;
	}
	if (text.len && text.ptr[text.len - 1] != '\n')
		strbuf_addc(&text, '\n');
	strbuf_addf(&text, "%s\n", strbuf_c(&draft));
	if (!journal_set_text(j, RULES_TEXT, strbuf_str(&text), &err) || !journal_commit(j, &err))
		explorer_error(e, &err);
	else
		explorer_message(e, "kept as a draft: aisle rules show prints it, check FILE says "
				 "what it would change, set FILE keeps it");
}

bool deciding_draft(struct explorer *e)
{
	struct deciding *d = &e->deciding;
	const struct decision *at = own_review(e) ? current(e) : NULL;
	const char *rule = at && at->kind == DECISION_REJECT ? rules_proposal(at->reason) : NULL;

	if (!rule || e->read_only || d->drafted == d->last)
		return false;
	d->drafted = d->last;
	keep_draft(e, rule);
	return true;
}

static struct str reasons_of(const struct explorer *e)
{
	return e->deciding.reasons.len ? strbuf_str(&e->deciding.reasons) :
	       str_from(opt_table[OPT_ID_SET_REASONS].dflt);
}

static void chosen(struct explorer *e, unsigned i)
{
	struct str rest = reasons_of(e), reason;
	const struct decision *d = last(e);
	unsigned k = 0;

	for (; d && str_next(&rest, ',', &reason); k++)
		if (k == i) {
			deciding_reason(e, str_trim(reason));
			return;
		}
	i -= k;
	if (!d)
		return;
	if (i == 0) {
		prompt_open('!', NULL);
	} else if (i <= SCOPES) {
		if (give(e, NULL, &scopes[i - 1].scope)) {
			explorer_message(e, "said of: %s", scopes[i - 1].text);
			deciding_show(e);
		}
	} else if (rules_proposal(d->reason)) {
		keep_draft(e, rules_proposal(d->reason));
	}
}

void act_reason(struct explorer *e, uint64_t count)
{
	const struct decision *d = last(e);
	struct str rest = reasons_of(e), reason;
	struct menu *m = &e->menu;

	(void)count;
	if (!d)
		return;
	menu_open(m, "Why, and of what", chosen);
	while (str_next(&rest, ',', &reason)) {
		STRBUF(text);
		char key;

		strbuf_add(&text, str_trim(reason));
		key = strbuf_c(&text)[0];
		if (menu_item(m, (unsigned char)key) >= 0)
			key = 0;
		menu_add(m, (struct menu_entry){key, strbuf_c(&text), NULL,
						str_eq(strbuf_str(&text), d->reason)});
	}
	menu_add(m, (struct menu_entry){'w', "in words ...", NULL, false});
	for (size_t i = 0; i < SCOPES; i++)
		menu_add(m, (struct menu_entry){scopes[i].key, scopes[i].text,
						scopes[i].scope == d->scope ? "as it is now" : NULL,
						false});
	if (d->kind == DECISION_REJECT && rules_proposal(d->reason) && !e->read_only)
		menu_add(m, (struct menu_entry){'r', "keep the rule as a draft",
						rules_proposal(d->reason), false});
}
