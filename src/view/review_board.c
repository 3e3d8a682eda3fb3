/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The review screen: products of the queue, the places of one, the place under the cursor
 * explained, what was just decided and what that did, and how far people are. All of it is of
 * one opening of the queue. Boxes go, the last ones first, where a screen is small.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/num.h"
#include "base/time.h"
#include "store/store.h"
#include "vet/agreement.h"
#include "vet/rules.h"
#include "vet/verdicts.h"
#include "vet/vetting.h"
#include "view/evidence.h"
#include "view/format.h"
#include "view/names.h"
#include "view/review.h"

#define LEAD_W 34	/* the products' box, on screens of 100 columns and more */
#define LEAD_SMALL 24
#define TALL 32		/* lines from which the lower boxes are there */
#define EXPLAINED 11	/* lines of the place explained */

/* What a board is drawn of. */
struct drawing {
	const struct review *s;
	const struct store *store;
	struct board *b;
	uint32_t turn;
	unsigned k;		/* the cursor's place of that product */
	struct queue_product of;
};

static struct str label(const struct drawing *d, uint32_t p)
{
	return text_at(&d->s->cat->product_label, p);
}

/* By its id; the id of what is gone. */
static struct str label_of(const struct drawing *d, struct str id)
{
	uint32_t p = store_find(d->store, "product", id);

	return p < d->s->cat->n_products ? label(d, p) : id;
}

static struct stretch at(int y, int x, int w)
{
	return (struct stretch){y, {x, w}};
}

/* What products of a box are called, so that no two read alike; out (n) in the box's arena. */
static struct str *name_all(const struct drawing *d, struct board_box *k, const uint32_t *at,
			    unsigned n, int w)
{
	struct names how = {.cat = d->s->cat, .at = at, .n = n, .w = w,
			    .ellipsis = k->s.marks.ellipsis};
	struct str *out = arena_alloc(k->s.arena, (n + 1) * sizeof *out);

	names_products(&how, k->s.arena, out);
	return out;
}

/* --- the line above */

static void add_head(struct drawing *d)
{
	const struct review *s = d->s;
	struct queue_progress p = queue_progress(s->q);
	struct str who = queue_who(s->q);
	unsigned a = 0, r = 0, skipped = 0;
	size_t n;
	struct review_person *people = review_people(s, &n);
	struct strbuf *b = &d->b->head;

	for (size_t i = 0; i < n; i++)
		if (str_eq(people[i].who, who)) {
			a = people[i].said[DECISION_APPROVE] + people[i].said[DECISION_PIN];
			r = people[i].said[DECISION_REJECT];
			skipped = people[i].said[DECISION_SKIP];
		}
	free(people);
	/* Lists that aren't made yet count as full and open. */
	if (d->b->w < 100) {
		strbuf_addf(b, "%s  %.*s: A %u R %u . %u  %s", rules_panels[s->kind],
			    STR_ARG(who), a, r, skipped, p.whole ? "" : "<=");
		num_add_grouped(b, p.left);
		strbuf_adds(b, " to 95%, ");
	} else {
		strbuf_addf(b, "Review  %s   as %.*s   decided %u: A %u  R %u  . %u   %s",
			    rules_panels[s->kind], STR_ARG(who), a + r + skipped, a, r, skipped,
			    p.whole ? "" : "<=");
		num_add_grouped(b, p.left);
		strbuf_addf(b, " open to cover 95%% of %s   ", p.sold ? "sales" : "views");
	}
	strbuf_adds(b, p.whole ? "" : "<=");
	num_add_grouped(b, (int64_t)p.open);
	strbuf_adds(b, " places open");
	if (queue_blind(s->q))
		strbuf_adds(b, "   blind");
}

/* --- 1: products */

static void draw_products(struct drawing *d, struct board_box *k)
{
	uint32_t n = queue_count(d->s->q), first, h = (uint32_t)k->s.h;
	uint32_t *product = arena_alloc(k->s.arena, ((size_t)h + 1) * sizeof *product);
	const struct str *name;
	int w = k->s.w;

	first = d->turn > h / 3 ? d->turn - h / 3 : 0;
	first = n > h && first > n - h ? n - h : n <= h ? 0 : first;
	strbuf_addf(&k->title, "1 Products");
	strbuf_adds(&k->right, w < 30 ? "doubt" : queue_progress(d->s->q).sold ?
		    " sold open doubt" : "views open doubt");
	for (uint32_t i = first; i < n && i - first < h; i++)
		product[i - first] = queue_at(d->s->q, i).product;
	name = name_all(d, k, product, n - first < h ? n - first : h, w < 30 ? w - 7 : w - 18);
	for (uint32_t i = first; i < n && i - first < h; i++) {
		struct queue_product p = queue_at(d->s->q, i);
		int y = (int)(i - first);
		STRBUF(traffic);
		STRBUF(open);
		STRBUF(doubt);

		num_add_short(&traffic, p.traffic);
		strbuf_addf(&open, "%u", p.open);
		strbuf_addf(&doubt, "%.2f", p.open ? p.doubt / p.open : 0);
		sketch_cut(&k->s, at(y, 1, w < 30 ? w - 7 : w - 18), name[y], INK_TEXT);
		if (w >= 30) {
			sketch_right(&k->s, at(y, w - 16, 5), &traffic, INK_TEXT);
			sketch_right(&k->s, at(y, w - 10, 4), &open, INK_TEXT);
		}
		sketch_right(&k->s, at(y, w - 5, 5), &doubt, INK_TEXT);
		k->s.faint[y] = !p.open;
		if (i == d->turn)
			k->here = y;
	}
}

/* --- 2: its places */

static void add_between(struct strbuf *b, const struct queue_place *p)
{
	if (isnan(p->low) || isnan(p->high))
		return;
	evidence_times(b, (double)p->low);
	strbuf_addc(b, '-');
	evidence_times(b, (double)p->high);
}

/* Who decided, or what is in doubt. */
static void add_beside(struct drawing *d, const struct queue_place *p, struct strbuf *b)
{
	const struct decision *by = p->state > QUEUE_REOPENED ?
				    queue_decision(d->s->q, d->of.product, p->with) : NULL;

	if (by)
		strbuf_addf(b, "%.*s%s%.*s", STR_ARG(by->who), by->reason.len ? ": " : "",
			    STR_ARG(by->reason));
	else if (p->state <= QUEUE_REOPENED)
		queue_add_reason(d->s->q, d->of.product, p, b);
}

/* Cells of what is in doubt, and of a name at the least. */
static int doubt_room(int w)
{
	return w >= 100 ? 26 : w >= 76 ? 20 : w >= 62 ? 18 : 14;
}

static int name_room(int w)
{
	int end = w;

	span_right(&end, doubt_room(w));
	if (w >= 62)
		span_right(&end, 9);
	span_right(&end, 6);
	span_right(&end, 5);
	if (w >= 76)
		span_right(&end, 7);
	if (w >= 96)
		span_right(&end, 12);
	return end - 6;
}

static void draw_place(struct drawing *d, struct board_box *k, unsigned i, struct str name)
{
	const struct queue_place *p = &d->of.place[i];
	int y = (int)(i - (unsigned)(d->b->first - d->s->first[d->turn]));
	const struct catalog *c = d->s->cat;
	int w = k->s.w, end = w, room = doubt_room(w);
	struct span doubt = span_right(&end, room), between = {0, 0}, price = {0, 0};
	STRBUF(rank);
	STRBUF(n);
	STRBUF(lift);
	STRBUF(interval);
	STRBUF(money);
	STRBUF(beside);

	if (w >= 62)
		between = span_right(&end, 9);
	add_beside(d, p, &beside);
	sketch_made(&k->s, (struct stretch){y, doubt}, &beside, INK_TEXT);
	if (!isnan(p->lift)) {
		evidence_times(&lift, (double)p->lift);
		strbuf_addc(&lift, 'x');
		add_between(&interval, p);
		num_add_short(&n, p->n);
	}
	sketch_right(&k->s, (struct stretch){y, between}, &interval, INK_TEXT);
	sketch_right(&k->s, (struct stretch){y, span_right(&end, 6)}, &lift, INK_TEXT);
	sketch_right(&k->s, (struct stretch){y, span_right(&end, 5)}, &n, INK_TEXT);
	if (w >= 76) {
		price = span_right(&end, 7);
		if (c->product_price && c->product_price[p->with] != PRICE_NONE)
			format_money(&money, c->product_price[p->with], c->price_scale);
		sketch_right(&k->s, (struct stretch){y, price}, &money, INK_TEXT);
		if (w >= 96 && c->product_category[p->with] != CATALOG_NONE)
			sketch_cut(&k->s, (struct stretch){y, span_right(&end, 12)},
				   text_at(&c->category_name, c->product_category[p->with]),
				   INK_TEXT);
	}
	if (p->rank)
		strbuf_addf(&rank, "%u", p->rank);
	sketch_right(&k->s, at(y, 0, 3), &rank, INK_TEXT);
	sketch_text(&k->s, at(y, 4, 1), str_from(queue_mark(p->state)), INK_HEAD);
	sketch_cut(&k->s, at(y, 6, end - 6), name, INK_TEXT);
	k->s.struck[y] = p->state == QUEUE_REJECTED;
}

static void draw_places(struct drawing *d, struct board_box *k)
{
	unsigned h = (unsigned)k->s.h, first = d->k >= h ? d->k - h + 1 : 0;
	const struct catalog *c = d->s->cat;
	const struct str *name;
	uint32_t *with;

	strbuf_addf(&k->title, "2 %.*s #%.*s", STR_ARG(label(d, d->of.product)),
		    STR_ARG(text_at(&c->product_id, d->of.product)));
	strbuf_addf(&k->right, "%u of %u open", d->of.open, d->of.n);
	d->b->first = d->s->first[d->turn] + first;
	k->s.n = d->of.n - first < h ? d->of.n - first : h;
	with = arena_alloc(k->s.arena, (k->s.n + 1) * sizeof *with);
	for (unsigned i = 0; i < k->s.n; i++)
		with[i] = d->of.place[first + i].with;
	name = name_all(d, k, with, k->s.n, name_room(k->s.w));
	for (unsigned i = 0; i < k->s.n; i++)
		draw_place(d, k, first + i, name[i]);
	k->here = (int)(d->k - first);
}

/* --- 3: the place explained */

/* A line that begins with its name; y moves on where it is wrapped. */
static void say(struct board_box *k, int *y, const char *name, const struct strbuf *text)
{
	if (*y >= k->s.h || !text->len)
		return;
	sketch_text(&k->s, at(*y, 1, 9), str_from(name), INK_DIM);
	sketch_made(&k->s, at(*y, 11, k->s.w - 12), text, INK_TEXT);
	++*y;
}

/* The same on as many lines as are left. */
static void say_long(struct board_box *k, int *y, const char *name, const struct strbuf *text)
{
	if (*y >= k->s.h || !text->len)
		return;
	sketch_text(&k->s, at(*y, 1, 9), str_from(name), INK_DIM);
	sketch_wrapped(&k->s, *y, (struct span){11, k->s.w - 12}, text);
	*y = k->s.h;
}

static void add_price(struct strbuf *b, const struct catalog *c, uint32_t p)
{
	if (c->product_price && c->product_price[p] != PRICE_NONE)
		format_money(b, c->product_price[p], c->price_scale);
	else
		strbuf_addc(b, '-');
}

static void say_products(struct drawing *d, struct board_box *k, int *y,
			 const struct queue_place *p)
{
	const struct catalog *c = d->s->cat;
	uint32_t x = c->product_category[d->of.product], z = c->product_category[p->with];
	const uint32_t *traffic = queue_progress(d->s->q).sold ? c->product_purchases
							       : c->product_views;
	STRBUF(category);
	STRBUF(numbers);
	STRBUF(attributes);

	if (x != CATALOG_NONE && z != CATALOG_NONE) {
		strbuf_add(&category, text_at(&c->category_path, x));
		strbuf_adds(&category, " | ");
		strbuf_add(&category, x == z ? STR("the same") : text_at(&c->category_path, z));
	}
	say(k, y, "category", &category);
	if (c->product_price && c->product_price[d->of.product] != PRICE_NONE) {
		add_price(&numbers, c, d->of.product);
		strbuf_adds(&numbers, " | ");
		add_price(&numbers, c, p->with);
		if (c->product_price[p->with] != PRICE_NONE && c->product_price[d->of.product] > 0)
			strbuf_addf(&numbers, ", %.2gx", (double)c->product_price[p->with] /
				    (double)c->product_price[d->of.product]);
		strbuf_adds(&numbers, "     ");
	}
	strbuf_addf(&numbers, "%s  ", traffic == c->product_views ? "viewed" : "sold");
	num_add_grouped(&numbers, traffic[d->of.product]);
	strbuf_adds(&numbers, " | ");
	num_add_grouped(&numbers, traffic[p->with]);
	say(k, y, "price", &numbers);
	for (uint32_t i = 0; c->product_attribute && i < c->n_attributes && k->s.h >= 9; i++) {
		uint32_t u = c->product_attribute[(uint64_t)d->of.product * c->n_attributes + i];
		uint32_t v = c->product_attribute[(uint64_t)p->with * c->n_attributes + i];

		if (u >= c->attribute_value.n || v >= c->attribute_value.n)
			continue;
		strbuf_addf(&attributes, "%s%.*s: %.*s", attributes.len ? "   " : "",
			    STR_ARG(text_at(&c->attribute_name, i)),
			    STR_ARG(text_at(&c->attribute_value, u)));
		if (u != v)
			strbuf_addf(&attributes, " | %.*s",
				    STR_ARG(text_at(&c->attribute_value, v)));
		else
			strbuf_adds(&attributes, " | the same");
	}
	say(k, y, "also", &attributes);
}

static void say_counts(struct drawing *d, struct board_box *k, int *y,
		       const struct queue_place *p)
{
	const char *unit = d->s->kind == PANEL_SIMILAR ? "sessions" : "baskets";
	struct queue_place q = *p;
	bool known;
	unsigned back = queue_back(d->s->q, d->of.product, p->with, &known);
	STRBUF(b);
	STRBUF(chance);

	if (isnan(p->lift) || !p->n_of || !p->n_all) {
		strbuf_addf(&b, "A product %s.", panel_source_text(p->source));
		say(k, y, "counted", &b);
		return;
	}
	num_add_grouped(&b, p->n);
	strbuf_adds(&b, " of the ");
	num_add_grouped(&b, p->n_of);
	strbuf_addf(&b, " %s with it also hold %.*s: %.1f%%", unit,
		    STR_ARG(label(d, p->with)), 100.0 * p->n / p->n_of);
	say(k, y, "counted", &b);
	strbuf_addf(&chance, "%.1f (%.1f%%): ",
		    (double)p->n_of * p->n_with / p->n_all, 100.0 * p->n_with / p->n_all);
	evidence_times(&chance, (double)p->lift);
	strbuf_adds(&chance, " times as often [");
	add_between(&chance, &q);
	strbuf_adds(&chance, "].  Back: ");
	if (back)
		strbuf_addf(&chance, "place %u.", back);
	else
		strbuf_adds(&chance, known ? "not in its 20." : "its list isn't here.");
	say(k, y, "by chance", &chance);
}

/* "   |      [----o-------]" over "1x  2x  4x": lift and its interval in doublings. */
static void say_interval(struct board_box *k, int *y, const struct queue_place *p)
{
	double least = fmin(log2((double)p->low), 0) - 0.5;
	double most = fmax(log2((double)p->high), 1) + 0.5;
	int w = k->s.w - 13 < 60 ? k->s.w - 13 : 60;
	char line[64], axis[72];
	int place[4];
	const double x[4] = {0, log2((double)p->low), log2((double)p->lift),
			     log2((double)p->high)};
	STRBUF(a);
	STRBUF(b);

	if (isnan(p->lift) || !(p->low > 0) || !(p->high > 0) || w < 20 || *y + 1 >= k->s.h)
		return;
	for (int i = 0; i < 4; i++)
		place[i] = (int)lround(fmin(fmax((x[i] - least) / (most - least), 0), 1) * (w - 1));
	for (int i = 0; i < w; i++)
		line[i] = i > place[1] && i < place[3] ? '-' : ' ';
	memset(axis, ' ', sizeof axis);
	line[place[0]] = '|';
	line[place[1]] = '[';
	line[place[3]] = ']';
	line[place[2]] = 'o';
	for (int e = (int)ceil(least), end = -1; e <= (int)floor(most); e++) {
		int to = (int)lround((e - least) / (most - least) * (w - 1));
		char mark[16];
		int n = snprintf(mark, sizeof mark, e < 0 ? "1/%dx" : "%dx",
				 1 << (e < 0 ? -e : e));

		if (e < -8 || e > 14 || n < 0 || to <= end || to + n > w)
			continue;
		memcpy(axis + to, mark, (size_t)n);
		end = to + n;
	}
	strbuf_add(&a, str_span(line, (size_t)w));
	strbuf_add(&b, str_span(axis, (size_t)w));
	say(k, y, "| chance", &a);
	sketch_made(&k->s, at(*y, 11, w), &b, INK_DIM);
	++*y;
}

/* What the store's rules do with the place. */
static void add_rules(struct drawing *d, const struct queue_place *p, struct strbuf *b)
{
	static const char *const tiers[] = {
		[TIER_BOOSTED] = "boosts", [TIER_REST] = NULL, [TIER_BURIED] = "buries",
		[TIER_OUT] = "takes away",
	};
	const struct vetting *v = queue_vetting(d->s->q);
	struct vetting_list l;
	struct vetting_pin *pins;
	enum vetting_tier tier;
	unsigned line, n;

	if (v) {
		vetting_list_begin(&l, v, d->s->kind, d->of.product);
		tier = vetting_tier(&l, p->with, &line);
		if (line && tiers[tier])
			strbuf_addf(b, "line %u %s it. ", line, tiers[tier]);
		pins = vetting_pins(&l, &n);
		for (unsigned i = 0; i < n; i++)
			if (pins[i].line && pins[i].with == p->with)
				strbuf_addf(b, "line %u pins it at %u. ", pins[i].line,
					    pins[i].position);
		free(pins);
		if (l.n_once)
			strbuf_addf(b, "of those alike by %u rule%s one stands.", l.n_once,
				    l.n_once == 1 ? "" : "s");
		vetting_list_finish(&l);
	}
	if (!b->len)
		strbuf_adds(b, "none touches it");
}

/* "; walk 8, item2vec >100" of the models that the store has. */
static void add_models(struct drawing *d, const struct queue_place *p, struct strbuf *b)
{
	const struct board_beside *beside = &d->b->beside;
	const uint32_t pair[2] = {d->of.product, p->with};
	STRBUF(models);

	if (beside->models)
		beside->models(beside->ctx, pair, &models);
	if (models.len)
		strbuf_addf(b, "; %s", strbuf_c(&models));
}

static void draw_explained(struct drawing *d, struct board_box *k)
{
	const struct queue_place *p = &d->of.place[d->k];
	int y = 0;
	STRBUF(doubt);
	STRBUF(reason);
	STRBUF(said);
	STRBUF(trimmed);
	STRBUF(rules);

	if (p->rank)
		strbuf_addf(&k->title, "3 Place %u: ", p->rank);
	else
		strbuf_adds(&k->title, "3 Rejected: ");
	strbuf_addf(&k->title, "%.*s #%.*s", STR_ARG(label(d, p->with)),
		    STR_ARG(text_at(&d->s->cat->product_id, p->with)));
	say_products(d, k, &y, p);
	say_counts(d, k, &y, p);
	if (k->s.h >= 9)
		say_interval(k, &y, p);
	strbuf_addf(&doubt, "%.2f  ", (double)p->doubt);
	if (p->other)
		strbuf_addf(&doubt, "place %u in %s too; ", p->other,
			    d->s->kind == PANEL_SIMILAR ? "Complementary" : "Similar");
	queue_add_reason(d->s->q, d->of.product, p, &reason);
	strbuf_add(&doubt, strbuf_str(&reason));
	add_models(d, p, &doubt);
	say(k, &y, "In doubt", &doubt);
	review_add_said(&said, d->s, d->of.product, p);
	if (!said.len)
		strbuf_adds(&said, " nobody decided on it");
	strbuf_add(&trimmed, str_trim(strbuf_str(&said)));
	say(k, &y, "Said", &trimmed);
	add_rules(d, p, &rules);
	say(k, &y, "Rules", &rules);
}

/* --- 4: what was just decided */

static void add_change(struct drawing *d, struct strbuf *b)
{
	struct queue_change c = queue_change(d->s->q);

	if (!c.known || !c.lists) {
		strbuf_adds(b, c.known ? "no list looks other than before" :
			    "what it did isn't known any more");
		return;
	}
	strbuf_adds(b, c.more ? "at least " : "");
	num_add_grouped(b, c.lists);
	strbuf_adds(b, c.lists == 1 ? " list, " : " lists, ");
	num_add_grouped(b, (int64_t)c.traffic);
	strbuf_adds(b, queue_progress(d->s->q).sold ? " sales see another one"
						    : " views see another one");
	if (c.from && c.from == c.to)
		strbuf_addf(b, "; place %u is another", c.from);
	else if (c.from)
		strbuf_addf(b, "; places %u to %u move", c.from, c.to);
	if (c.entered != CATALOG_NONE)
		strbuf_addf(b, ", %.*s becomes %u", STR_ARG(label(d, c.entered)), c.entered_at);
	if (c.left != CATALOG_NONE)
		strbuf_addf(b, ", %.*s leaves", STR_ARG(label(d, c.left)));
}

/* The rule that the reason proposes, with its price, which is counted beside. */
static void add_proposal(struct drawing *d, const struct decision *of, struct strbuf *b)
{
	const char *rule = rules_proposal(of->reason);
	const struct board_beside *p = &d->b->beside;
	const struct board_rule what = {rule, d->s->kind, queue_rules(d->s->q)};

	if (!rule) {
		strbuf_adds(b, "the reasons substitute, variant and price propose one");
		return;
	}
	strbuf_addf(b, "%s  ", rule);
	if (p->price)
		p->price(p->ctx, &what, b);
	else
		strbuf_adds(b, "aisle rules check says what it would touch and cost");
	if (p->drafts)
		strbuf_adds(b, p->drafted == of->seq ? ".   it is kept as a draft"
						     : ".   y keeps it as a draft");
}

static void draw_decided(struct drawing *d, struct board_box *k)
{
	static const char *const words[DECISION_KINDS] = {
		[DECISION_APPROVE] = "approved", [DECISION_REJECT] = "rejected",
		[DECISION_SKIP] = "skipped", [DECISION_PIN] = "pinned",
	};
	static const char *const turns[DECISION_KINDS] = {
		[DECISION_UNDO] = "4 Just taken back", [DECISION_REDO] = "4 Just given again",
	};
	enum decision_kind turned = DECISION_SKIP;
	const struct decision *last = queue_newest(d->s->q, &turned);
	int y = 0;
	STRBUF(change);
	STRBUF(reason);
	STRBUF(scope);
	STRBUF(propose);

	strbuf_adds(&k->title, turns[turned] ? turns[turned] : "4 Just decided");
	if (!last) {
		strbuf_adds(&change, "nothing yet: a approves the place under the cursor, x "
			    "rejects it, . leaves it open, p pins it where it stands");
		say(k, &y, "", &change);
		return;
	}
	strbuf_addf(&k->title, ": %s %.*s > %.*s", words[last->kind],
		    STR_ARG(label_of(d, last->product)), STR_ARG(label_of(d, last->with)));
	add_change(d, &change);
	say(k, &y, "changes", &change);
	/* Keys are about one's own decisions that stand. */
	if (turned == DECISION_UNDO || !str_eq(queue_who(d->s->q), d->b->beside.who))
		return;
	if (last->reason.len)
		strbuf_addf(&reason, "%.*s   ", STR_ARG(last->reason));
	strbuf_adds(&reason, "c, then a reason's first letter, or w in words");
	say(k, &y, "reason", &reason);
	strbuf_addf(&scope, "%s   c, then 1 this pair  2 both ways  3 every variant of it  "
		    "4 nowhere at all", decision_scope_name(last->scope));
	say(k, &y, "scope", &scope);
	if (last->kind == DECISION_REJECT)
		add_proposal(d, last, &propose);
	say_long(k, &y, "rule?", &propose);
}

/* --- 5: progress */

static void draw_progress(struct drawing *d, struct board_box *k)
{
	struct queue_progress p = queue_progress(d->s->q);
	struct queue_audit a = queue_audit(d->s->q);
	const struct verdicts *v = queue_verdicts(d->s->q);
	size_t n, m = 0;
	struct review_person *people = review_people(d->s, &n);
	struct agreement *g = v ? agreement_of(v, str_from(rules_panels[d->s->kind]), &m) : NULL;
	int bar = k->s.w - 60 < 40 ? k->s.w - 60 : 40;
	uint32_t done = p.wanted - p.left;
	STRBUF(far);
	STRBUF(audit);

	strbuf_adds(&k->title, "5 Progress");
	num_add_grouped(&far, done);
	strbuf_adds(&far, p.whole ? " of " : " of <=");
	num_add_grouped(&far, p.wanted);
	for (size_t i = 0; i < n && i < 4; i++) {
		unsigned sum = 0;

		for (int j = 0; j < DECISION_KINDS; j++)
			sum += people[i].said[j];
		strbuf_addf(&far, "   %.*s %u", STR_ARG(people[i].who), sum);
	}
	sketch_text(&k->s, at(0, 1, 16), p.sold ? STR("to 95% of sales") : STR("to 95% of views"),
		    INK_DIM);
	sketch_bar(&k->s, at(0, 18, bar), p.wanted ? (double)done / p.wanted : 0,
		   INK_SERIES + d->s->kind);
	sketch_made(&k->s, at(0, 18 + (bar > 0 ? bar + 3 : 0), k->s.w - bar - 22), &far, INK_TEXT);
	if (a.decided)
		strbuf_addf(&audit, "%.0f%% of %u approved [%.0f-%.0f]", a.rate * 100, a.decided,
			    a.low * 100, a.high * 100);
	else
		strbuf_adds(&audit, "none is done yet");
	for (size_t i = 0; i < m && i < 2; i++) {
		strbuf_addf(&audit, "    %.*s with %.*s: %ju decided by both", STR_ARG(g[i].a),
			    STR_ARG(g[i].b), (uintmax_t)g[i].both);
		if (!isnan(agreement_kappa(&g[i])))
			strbuf_addf(&audit, ", kappa %.2f", agreement_kappa(&g[i]));
	}
	if (k->s.h > 1) {
		sketch_text(&k->s, at(1, 1, 16), STR("drawn at random"), INK_DIM);
		sketch_made(&k->s, at(1, 18, k->s.w - 19), &audit, INK_TEXT);
	}
	free(people);
	free(g);
}

/* --- all of it */

void review_board(struct view *v, void *state, struct board *b)
{
	const struct review *s = state;
	struct drawing d = {.s = s, .b = b, .store = view_question(v)->store};
	int lower = b->h >= TALL ? 11 : 0, h = b->h - 1 - lower;
	int lead = b->w >= 100 ? LEAD_W + (b->w - 100) / 8 : LEAD_SMALL;
	int below = h >= EXPLAINED + 2 + 8 ? EXPLAINED + 2 : h / 3 + 1;

	d.turn = review_turn(s, b->row, &d.k);
	d.of = queue_at(s->q, d.turn);
	add_head(&d);
	b->lead = b->n;
	draw_products(&d, board_add(b, 1, 0, h, lead));
	b->list = b->n;
	/* Never more lines than there are places; the rest explains. */
	if (h - below > (int)QUEUE_ROWS + 2)
		below = h - (int)QUEUE_ROWS - 2;
	draw_places(&d, board_add(b, 1, lead, h - below, b->w - lead));
	draw_explained(&d, board_add(b, 1 + h - below, lead, below, b->w - lead));
	if (!lower)
		return;
	draw_decided(&d, board_add(b, 1 + h, 0, 7, b->w));
	draw_progress(&d, board_add(b, 1 + h + 7, 0, 4, b->w));
}

/* The first open place of another product, or its first. */
uint64_t review_jump(const void *state, uint64_t row, int64_t by)
{
	const struct review *s = state;
	unsigned k;
	int64_t turn = (int64_t)review_turn(s, row, &k) + by, n = queue_count(s->q);
	struct queue_product p;

	turn = turn < 0 ? 0 : turn >= n ? n - 1 : turn;
	p = queue_at(s->q, (uint32_t)turn);
	k = 0;
	while (k < p.n && p.place[k].state > QUEUE_REOPENED)
		k++;
	return s->first[turn] + (k < p.n ? k : 0);
}
