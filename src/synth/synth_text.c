/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a synthetic shop says of its products. */
#include "config.h"

#include "synth/synth.h"

#include "synth/words.h"

static void add_word(struct strbuf *b, struct str word)
{
	if (word.len == 0)
		return;
	if (b->len > 0)
		strbuf_addc(b, ' ');
	strbuf_add(b, word);
}

void synth_name(const struct synth *s, uint32_t product, struct strbuf *b)
{
	const struct synth_product *p = &s->products[product];
	const struct synth_group *g = &s->groups[p->group];
	const struct synth_leaf *leaf = &s->leaves[g->leaf];
	const struct words_leaf *w = &words_leaves[leaf->words];
	uint32_t number = p->group - leaf->group;
	unsigned nouns = words_count(w->nouns);
	STRBUF(name);

	/* one noun per group; product lines tell further groups apart */
	if (number >= nouns)
		words_line(&name, number / nouns - 1);
	add_word(&name, words_nth(w->kinds, p->kind));
	add_word(&name, words_nth(w->nouns, number));
	add_word(&name, words_nth(w->looks, p->look));
	add_word(&name, words_nth(w->sizes, p->size));
	strbuf_add(b, strbuf_str(&name));
}

/* A word list's entry as prose: "coffee_beans" -> "coffee beans". */
static void add_prose(struct strbuf *b, struct str word)
{
	for (size_t i = 0; i < word.len; i++)
		strbuf_addc(b, word.ptr[i] == '_' ? ' ' : word.ptr[i]);
}

void synth_description(const struct synth *s, uint32_t product, struct strbuf *b)
{
	const struct synth_product *p = &s->products[product];
	const struct synth_group *g = &s->groups[p->group];
	const struct words_leaf *w = &words_leaves[s->leaves[g->leaf].words];
	struct str look = words_nth(w->looks, p->look), size = words_nth(w->sizes, p->size);
	struct str kind = words_nth(w->kinds, p->kind);
	struct str other = words_nth(w->complements, p->code);

	strbuf_addf(b, "A %.*s", STR_ARG(words_nth(w->nouns, p->group -
						   s->leaves[g->leaf].group)));
	if (look.len)
		strbuf_addf(b, " in %.*s", STR_ARG(look));
	if (size.len)
		strbuf_addf(b, ", %.*s", STR_ARG(size));
	/* quotes, a comma and letters beyond ASCII, as real texts have them */
	strbuf_addf(b, ". From the \"%.*s\" line", STR_ARG(kind));
	strbuf_adds(b, p->code % 3 ? "" : " \xe2\x80\x93 caf\xc3\xa9 quality");
	if (other.len) {
		strbuf_adds(b, "; goes well with ");
		add_prose(b, other);
	}
	strbuf_addc(b, '.');
}
