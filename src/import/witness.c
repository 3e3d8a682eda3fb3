/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts to numbers, and to every number the latest of what was said of it. */
#include "config.h"

#include "import/witness.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/mem.h"

void witnesses_start(struct witnesses *all, unsigned n, const struct dataset *set)
{
	*all = (struct witnesses){
		.of = mem_zalloc(n * sizeof *all->of),
		.n = n,
		.n_facts = FACT_ATTRIBUTE + set->n_attributes,
	};
	for (struct witness *w = all->of; w < all->of + n; w++) {
		for (int k = 0; k < ID_KINDS; k++)
			w->map[k] = map_create();
		w->traits = set->traits;
		w->n_facts = all->n_facts;
		w->properties = map_create();
		people_start(&w->people, set->n_person);
		w->places.every = set->every_category;
	}
}

static void finish(struct witness *w)
{
	for (int k = 0; k < ID_KINDS; k++)
		map_destroy(w->map[k]);
	free(w->product);
	free(w->apart);
	free(w->fact);
	free(w->session);
	free(w->trait);
	free(w->category);
	free(w->property);
	free(w->told);
	map_destroy(w->properties);
	people_finish(&w->people);
	placed_finish(&w->places);
	strbuf_finish(&w->key);
}

void witnesses_finish(struct witnesses *w)
{
	for (unsigned i = 0; i < w->n; i++)
		finish(&w->of[i]);
	free(w->of);
	*w = (struct witnesses){0};
}

uint64_t witnesses_memory(const struct witnesses *w)
{
	uint64_t bytes = 0;

	for (unsigned i = 0; i < w->n; i++)
		bytes += atomic_load_explicit(&w->of[i].memory, memory_order_relaxed);
	return bytes;
}

void witness_measure(struct witness *w)
{
	uint64_t bytes = w->cap_product * sizeof *w->product + w->cap_apart * sizeof *w->apart +
		w->cap_fact * sizeof *w->fact + w->cap_session * sizeof *w->session +
		w->cap_trait * sizeof *w->trait + w->cap_property * sizeof *w->property +
		w->cap_told * sizeof *w->told + w->places.cap * sizeof *w->places.at;

	for (int k = 0; k < ID_KINDS; k++)
		bytes += map_memory(w->map[k]);
	if (w->places.key)
		bytes += map_memory(w->places.key);
	atomic_store_explicit(&w->memory, bytes, memory_order_relaxed);
}

void witnesses_rest(struct witnesses *all)
{
	for (struct witness *w = all->of; w < all->of + all->n; w++) {
		for (int k = 0; k < ID_KINDS; k++)
			map_rest(w->map[k]);
		map_rest(w->properties);
		if (w->places.key)
			map_rest(w->places.key);
	}
}

void witness_forget_aside(struct witness *w)
{
	free(w->fact);
	w->fact = NULL;
	w->cap_fact = 0;
}

bool witness_number(struct witness *w, struct witnessed x, uint32_t *number, bool *grown)
{
	uint32_t count = map_count(w->map[x.kind]);

	*number = map_intern(w->map[x.kind], x.text, &w->err);
	*grown = *number == count;
	return *number != MAP_NONE;
}

static bool note(struct witness *w, struct fact *f, struct witnessed x, struct stamp at)
{
	bool known = f->value != MAP_NONE, grown;
	uint32_t value;

	if (x.text.len == 0)
		return true;
	if (known && str_eq(map_key(w->map[x.kind], f->value), x.text)) {
		if (stamp_later(at, f->at))
			f->at = at;
		return true;
	}
	if (!witness_number(w, x, &value, &grown))
		return false;
	f->conflict |= known;
	if (!known || stamp_later(at, f->at)) {
		f->value = value;
		f->at = at;
	}
	return true;
}

/* A category without an id is named by its path behind a byte that no id has. */
static struct str category_key(struct witness *w, const struct event_row *ev)
{
	if (ev->category.len || !ev->category_path.len)
		return ev->category;
	strbuf_reset(&w->key);
	strbuf_addc(&w->key, '\1');
	strbuf_add(&w->key, ev->category_path);
	return strbuf_str(&w->key);
}

/* Blank entries for the categories from `old` on. */
static void new_categories(struct witness *w, uint32_t old)
{
	uint32_t n = map_count(w->map[ID_CATEGORY]);

	MEM_GROW(w->category, w->cap_category, n);
	for (uint32_t i = old; i < n; i++) {
		w->category[i] = (struct category_seen){0};
		for (unsigned f = 0; f < CATEGORY_FACTS; f++)
			w->category[i].fact[f].value = MAP_NONE;
	}
}

/* What is said of the category itself. */
static bool note_edge(struct witness *w, const struct event_row *ev,
		      struct stamp at, uint32_t number)
{
	uint32_t known = map_count(w->map[ID_CATEGORY]);
	struct fact *f = w->category[number].fact;

	if (!note(w, f + CATEGORY_PATH, (struct witnessed){ID_PATH, ev->category_path}, at) ||
	    !note(w, f + CATEGORY_NAME, (struct witnessed){ID_PATH, ev->category_name}, at) ||
	    !note(w, f + CATEGORY_PARENT, (struct witnessed){ID_CATEGORY, ev->category_parent},
		  at))
		return false;
	new_categories(w, known);
	return true;
}

static bool note_category(struct witness *w, struct fact *f,
			  const struct event_row *ev, struct stamp at)
{
	struct str key = category_key(w, ev);
	uint32_t number = f->value, old;
	bool grown;

	if (!key.len)
		return true;
	if (number == MAP_NONE || !str_eq(map_key(w->map[ID_CATEGORY], number), key)) {
		if (!witness_number(w, (struct witnessed){ID_CATEGORY, key}, &number, &grown))
			return false;
		if (grown)
			new_categories(w, number);
	}
	old = f->value;
	f->conflict |= !w->places.every && old != MAP_NONE && old != number;
	if (old == MAP_NONE || placed_first(&w->places, at, f->at)) {
		f->value = number;
		f->at = at;
	}
	return !ev->category.len || note_edge(w, ev, at, number);
}

/* The categories beside the first, and with places.every that one as well: another record
 * may put it behind its own. */
static bool note_places(struct witness *w, const struct event_row *ev, struct stamp at,
			uint32_t product)
{
	for (unsigned i = 0; i <= ev->n_further; i++) {
		struct event_row one = {
			.category = i ? ev->further[i - 1].id : ev->category,
			.category_path = i ? ev->further[i - 1].path : ev->category_path,
		};
		struct fact f = {.value = MAP_NONE};

		if (i == 0 && !w->places.every)
			continue;
		if (!note_category(w, &f, &one, at))
			return false;
		if (f.value != MAP_NONE &&
		    !placed_hear(&w->places, (struct placed){product, f.value, at}, &w->err))
			return false;
	}
	return true;
}

/* Facts aside for n products, blank from `old` on. */
static void grow_facts(struct witness *w, uint32_t old, uint32_t n)
{
	size_t aside = w->n_facts - FACTS_WITH;

	MEM_GROW(w->fact, w->cap_fact, (size_t)n * aside);
	for (size_t i = (size_t)old * aside; i < (size_t)n * aside; i++)
		w->fact[i] = (struct fact){.value = MAP_NONE};
}

struct fact *witness_fact(struct witness *w, uint32_t product, unsigned fact)
{
	assert(fact >= FACTS_WITH);
	if (!w->fact)
		grow_facts(w, 0, map_count(w->map[ID_PRODUCT]));
	return &w->fact[(size_t)product * (w->n_facts - FACTS_WITH) + fact - FACTS_WITH];
}

void witness_conflict(struct witness *w, uint32_t product, unsigned fact)
{
	if (fact < FACTS_WITH)
		w->product[product].conflicts |= (uint8_t)(1u << fact);
	else
		witness_fact(w, product, fact)->conflict = true;
}

/* The stamp of one thing that is known of p, or NULL. */
static const struct stamp *any_stamp(const struct product_seen *p, const struct stamps *at)
{
	for (unsigned f = 0; f < FACTS_WITH; f++)
		if (p->value[f] != MAP_NONE)
			return &at->fact[f];
	return p->has_price ? &at->price : NULL;
}

bool product_parts(const struct product_seen *p, const struct stamps *at)
{
	const struct stamp *one = any_stamp(p, at);
	bool parts = one && p->has_price && !stamp_same(at->price, *one);

	for (unsigned f = 0; one && f < FACTS_WITH; f++)
		parts |= p->value[f] != MAP_NONE && !stamp_same(at->fact[f], *one);
	return parts;
}

void witness_stamp(struct witness *w, uint32_t product, const struct stamps *at)
{
	struct product_seen *p = &w->product[product];
	const struct stamp *one = any_stamp(p, at);

	p->apart = product_parts(p, at);
	if (p->apart)
		w->apart[product] = *at;
	else if (one)
		p->at = *one;
}

void witness_new_products(struct witness *w, uint32_t old)
{
	uint32_t n = map_count(w->map[ID_PRODUCT]);

	MEM_GROW(w->product, w->cap_product, n);
	for (uint32_t i = old; i < n; i++) {
		w->product[i] = (struct product_seen){.first = INT64_MAX,
						      .last = INT64_MIN};
		for (unsigned f = 0; f < FACTS_WITH; f++)
			w->product[i].value[f] = MAP_NONE;
	}
	if (w->apart)
		MEM_GROW(w->apart, w->cap_apart, n);
	if (w->fact)
		grow_facts(w, old, n);
}

void witness_new_traits(struct witness *w, uint32_t old, uint32_t n)
{
	if (!w->traits)
		return;
	MEM_GROW(w->trait, w->cap_trait, (size_t)n * TRAITS);
	for (size_t i = (size_t)old * TRAITS; i < (size_t)n * TRAITS; i++)
		w->trait[i] = MAP_NONE;
}

bool witness_hear_traits(struct witness *w, uint32_t session, const struct str *trait)
{
	uint32_t *to = w->trait ? w->trait + (size_t)session * TRAITS : NULL;
	bool grown;

	for (int t = 0; w->traits && t < TRAITS; t++) {
		to[t] = MAP_NONE;
		if (trait[t].len &&
		    !witness_number(w,
				    (struct witnessed){(enum id_kind)(ID_TRAIT + t), trait[t]},
				    &to[t], &grown))
			return false;
	}
	return true;
}

void witness_new_sessions(struct witness *w, uint32_t old)
{
	uint32_t n = map_count(w->map[ID_SESSION]);

	MEM_GROW(w->session, w->cap_session, n);
	for (uint32_t i = old; i < n; i++)
		w->session[i] = (struct session_seen){.first = {INT64_MAX, UINT64_MAX},
						      .user = MAP_NONE};
	witness_new_traits(w, old, n);
}

static bool note_property(struct witness *w, const struct event_row *ev,
			  struct stamp at, uint32_t product)
{
	uint32_t key[2] = {product}, known = map_count(w->properties), number;
	bool grown;

	if (!ev->property.len)
		return true;
	if (!witness_number(w, (struct witnessed){ID_PROPERTY, ev->property}, &key[1], &grown))
		return false;
	number = map_intern(w->properties, str_span((const char *)key, sizeof key),
			    &w->err);
	if (number == MAP_NONE)
		return false;
	MEM_GROW(w->property, w->cap_property, (size_t)number + 1);
	if (number == known)
		w->property[number] = (struct property){product, key[1],
							{.value = MAP_NONE}};
	return note(w, &w->property[number].value, (struct witnessed){ID_VALUE, ev->value}, at);
}

void witness_see(struct product_seen *p, int64_t time)
{
	if (time < p->first)
		p->first = time;
	if (time > p->last)
		p->last = time;
}

/* A fact that stands aside, and what is said. */
struct aside {
	unsigned fact;
	struct witnessed said;
};

static bool note_aside(struct witness *w, uint32_t product, struct aside x, struct stamp at)
{
	return x.said.text.len == 0 ||
	       note(w, witness_fact(w, product, x.fact), x.said, at);
}

/* Category, brand and price. */
static bool hear_known(struct witness *w, const struct event_row *ev, struct stamp at,
		       uint32_t number)
{
	struct stamps stamps = witness_stamps(w, number);
	struct product_seen *p = &w->product[number];
	struct fact category = product_fact(p, &stamps, FACT_CATEGORY);
	struct fact brand = product_fact(p, &stamps, FACT_BRAND);
	bool ok;

	if (ev->has_price && (!p->has_price || stamp_later(at, stamps.price))) {
		p->has_price = true;
		p->price_units = ev->price.units;
		p->price_scale = (uint8_t)ev->price.scale;
		stamps.price = at;
	}
	ok = note_category(w, &category, ev, at) &&
	     note(w, &brand, (struct witnessed){ID_BRAND, ev->brand}, at);
	product_set(p, &stamps, FACT_CATEGORY, category);
	product_set(p, &stamps, FACT_BRAND, brand);
	if (!w->apart && product_parts(p, &stamps))
		MEM_GROW(w->apart, w->cap_apart, map_count(w->map[ID_PRODUCT]));
	witness_stamp(w, number, &stamps);
	return ok;
}

bool witness_hear_product(struct witness *w, const struct event_row *ev, struct stamp at,
			  uint32_t number)
{
	if (!hear_known(w, ev, at, number) ||
	    ((ev->n_further || w->places.every) && !note_places(w, ev, at, number)) ||
	    !note_aside(w, number, (struct aside){FACT_NAME, {ID_NAME, ev->name}}, at) ||
	    !note_aside(w, number, (struct aside){FACT_GROUP, {ID_GROUP, ev->group}}, at) ||
	    !note_aside(w, number,
			(struct aside){FACT_DESCRIPTION, {ID_DESCRIPTION, ev->description}},
			at) ||
	    !note_property(w, ev, at, number))
		return false;
	for (unsigned i = 0; FACT_ATTRIBUTE + i < w->n_facts; i++)
		if (!note_aside(w, number,
				(struct aside){FACT_ATTRIBUTE + i, {ID_VALUE, ev->attribute[i]}},
				at))
			return false;
	return true;
}

bool witness_product(struct witness *w, struct str id, uint32_t *number)
{
	uint32_t known = map_count(w->map[ID_PRODUCT]);
	bool grown;

	if (!witness_number(w, (struct witnessed){ID_PRODUCT, id}, number, &grown))
		return false;
	witness_new_products(w, known);
	return true;
}

bool witness_hear_category(struct witness *w, const struct event_row *ev, struct stamp at,
			   uint32_t *number)
{
	struct fact found = {.value = MAP_NONE};

	if (!note_category(w, &found, ev, at))
		return false;
	*number = found.value;
	return true;
}

bool witness_hear_session(struct witness *w, const struct event_row *ev, struct stamp at,
			  uint32_t session, uint32_t user, uint32_t events)
{
	struct session_seen *s = &w->session[session];
	bool grown;

	s->events += events;
	if (!stamp_later(s->first, at))
		return true;
	s->first = at;
	s->user = user;
	return witness_hear_traits(w, session, ev->trait) &&
	       (user != MAP_NONE || !ev->user.len ||
		witness_number(w, (struct witnessed){ID_USER, ev->user}, &s->user, &grown));
}

bool witness_hear_told(struct witness *w, const struct event_row *ev, struct stamp at)
{
	uint32_t known = map_count(w->map[ID_SESSION]);
	struct session_told t = {.user = MAP_NONE, .time = ev->time, .seq = at.seq};
	bool grown;

	if (!witness_number(w, (struct witnessed){ID_SESSION, ev->session}, &t.session,
			    &grown) ||
	    (ev->user.len &&
	     !witness_number(w, (struct witnessed){ID_USER, ev->user}, &t.user, &grown)))
		return false;
	witness_new_sessions(w, known);
	MEM_GROW(w->told, w->cap_told, w->n_told + 1);
	w->told[w->n_told++] = t;
	return true;
}
