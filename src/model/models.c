/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of models, and whatever finds a class by the name that a trained file tells: it
 * stands over the classes, model.c below them. */
#include "config.h"

#include "model/model.h"
#include "model/values.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/quote.h"
#include "store/store.h"
#include "store/trained.h"

#define MODEL(name) extern const struct model_class md_##name;
#include "model/models.def"
#undef MODEL

const struct model_class *const model_classes[] = {
#define MODEL(name) &md_##name,
#include "model/models.def"
#undef MODEL
	NULL,
};

const struct model_class *model_find(struct str name)
{
	for (const struct model_class *const *c = model_classes; *c; c++)
		if (str_is(name, (*c)->name))
			return *c;
	return NULL;
}

/* --- opening */

/* Numbers of the store's products -> those of training. */
static bool turn_map(struct model *m, struct err *err)
{
	m->inside = mem_big(m->n_outside, sizeof *m->inside, "products of a model", err);
	if (!m->inside)
		return false;
	for (uint32_t i = 0; i < m->n_outside; i++)
		m->inside[i] = CATALOG_NONE;
	for (uint32_t i = 0; i < m->n_products; i++)
		if (m->outside[i] != CATALOG_NONE)
			m->inside[m->outside[i]] = i;
	return true;
}

/* aisle train rank SHOP.aisle --objective logistic --as NAME: as it was made. */
static void add_training(struct strbuf *b, const struct trained *t, const struct store *s)
{
	const json_t *meta = trained_meta(t);
	const char *kind = json_string_value(json_object_get(meta, "model"));
	const char *of = json_string_value(json_object_get(meta, "of"));
	const char *from = json_string_value(json_object_get(meta, "from"));
	const struct model_class *class = model_find(str_from(kind ? kind : ""));
	struct params p;
	STRBUF(changed);

	strbuf_addf(b, "aisle train %s ", class ? class->name : "MODEL");
	quote_word(b, str_from(store_path(s)));
	if (!class)
		return;
	params_init(&p, class->params);
	if (params_read(&p, json_object_get(meta, "parameters"), NULL))
		params_add_all(&p, true, &changed);
	if (changed.len)
		strbuf_addf(b, " %s", strbuf_c(&changed));
	if (of || from)
		strbuf_adds(b, of ? " --model " : " --from ");
	if (of || from)
		quote_word(b, str_from(of ? of : from));
	if (strcmp(trained_name(t), class->name) != 0)
		strbuf_addf(b, " --as %s", trained_name(t));
}

/* What is wrong with a file of an older or newer form is its age, not damage; vectors that were
 * imported have no form of aisle's. */
static bool blame(const struct trained *t, const struct store *s, struct err *err)
{
	unsigned form = trained_form(t);
	const char *kind = json_string_value(json_object_get(trained_meta(t), "model"));
	const struct model_class *class = model_find(str_from(kind ? kind : ""));
	bool newer = form > TRAINED_FORM, learnt = class && class->fit;
	STRBUF(again);

	if (!err || err->code != ERR_STORE || form == TRAINED_FORM || (!learnt && !newer))
		return err_context(err, "model %s", trained_name(t));
	add_training(&again, t, s);
	return err_fail(err, ERR_STORE, "model %s was trained by %s aisle, whose models have "
			"another form: %strain it again with %s", trained_name(t),
			newer ? "a newer" : "an older", newer ? "take that one, or " : "",
			strbuf_c(&again));
}

static bool open_trained(struct model *m, struct err *err)
{
	unsigned form = trained_form(m->trained);
	const char *kind = json_string_value(json_object_get(trained_meta(m->trained),
							     "model"));

	m->class = model_find(str_from(kind ? kind : ""));
	if (!m->class)
		return err_fail(err, ERR_STORE, "this version of aisle has no model '%s'",
				kind ? kind : "");
	if (form > TRAINED_FORM || form < m->class->form)
		return err_fail(err, ERR_STORE, "it has form %u", form);
	params_init(&m->params, m->class->params);
	return params_read(&m->params, json_object_get(trained_meta(m->trained), "parameters"),
			   err) &&
	       (!m->outside || turn_map(m, err)) && model_bind(m, err);
}

bool model_open(struct model **out, const struct store *s, const char *name,
		struct err *err)
{
	SCOPED(model) m = mem_zalloc(sizeof *m);

	if (!trained_open(&m->trained, s, name, err))
		return false;
	if (!trained_sealed(m->trained) && !values_check(m->trained, err))
		return blame(m->trained, s, err);
	m->n_products = trained_products(m->trained);
	m->n_outside = store_catalog(s)->n_products;
	m->find = trained_find;
	m->ctx = m->trained;
	if (!trained_map(m->trained, s, &m->outside, err) || !open_trained(m, err))
		return blame(m->trained, s, err);
	*out = m;
	m = NULL;
	return true;
}

/* --- what is trained */

static void describe(struct model_entry *e, const struct trained *t)
{
	const struct model_class *class;
	const char *kind;

	e->meta = json_incref((json_t *)trained_meta(t));
	e->number = trained_number(t);
	e->bytes = trained_bytes(t);
	e->products = trained_products(t);
	e->stale = trained_stale(t);
	kind = json_string_value(json_object_get(e->meta, "model"));
	class = model_find(str_from(kind ? kind : ""));
	e->class = class;
}

void models_of(const struct store *s, struct model_list *l)
{
	struct trained_list names;

	trained_list_read(store_path(s), &names);
	*l = (struct model_list){0};
	l->at = mem_zalloc((names.n + 1) * sizeof *l->at);
	for (size_t i = 0; i < names.n; i++) {
		SCOPED(trained) t = NULL;
		struct model_entry *e = &l->at[l->n++];

		e->name = mem_strdup(names.name[i]);
		if (trained_open(&t, s, names.name[i], &e->err))
			describe(e, t);
	}
	trained_list_finish(&names);
}

void model_list_finish(struct model_list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		json_decref(l->at[i].meta);
		free(l->at[i].name);
	}
	free(l->at);
	*l = (struct model_list){0};
}

unsigned models_named(const struct store *s, struct model_wanted w, struct strbuf *names,
		      struct strbuf *only)
{
	struct model_list l;
	unsigned n = 0;

	models_of(s, &l);
	for (size_t i = 0; i < l.n; i++) {
		const struct model_class *c = l.at[i].class;

		if (!c || (c->flags & w.flags) != w.flags ||
		    (w.class && strcmp(c->name, w.class) != 0))
			continue;
		strbuf_addf(names, "%s%s", n++ ? ", " : "", l.at[i].name);
		strbuf_reset(only);
		strbuf_adds(only, l.at[i].name);
	}
	model_list_finish(&l);
	return n;
}

struct model *models_latest(const struct store *s, const char *class)
{
	const struct model_entry *last = NULL;
	struct model *m = NULL;
	struct model_list l;

	models_of(s, &l);
	for (size_t i = 0; i < l.n; i++) {
		const struct model_entry *e = &l.at[i];

		if (e->class && strcmp(e->class->name, class) == 0 &&
		    (!last || e->number > last->number))
			last = e;
	}
	if (last && !model_open(&m, s, last->name, NULL))
		m = NULL;
	model_list_finish(&l);
	return m;
}

bool models_seal(const struct store *s, struct err *err)
{
	struct trained_list names;
	bool ok = true;

	trained_list_read(store_path(s), &names);
	for (size_t i = 0; ok && i < names.n; i++) {
		SCOPED(trained) t = NULL;

		ok = trained_open(&t, s, names.name[i], err) &&
		     (trained_sealed(t) || values_check(t, err));
		if (ok && !trained_sealed(t))
			trained_seal(t);
		else if (!ok && t)
			blame(t, s, err);
		else if (!ok)
			err_context(err, "model %s", names.name[i]);
	}
	trained_list_finish(&names);
	return ok;
}
