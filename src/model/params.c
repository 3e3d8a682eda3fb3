/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values are checked by their row of params.def, from text and from JSON. */
#include "config.h"

#include "model/params.h"

#include "base/num.h"

const struct param param_table[PARAM_IDS] = {
#define PARAM(ident, name_, type_, min_, max_, metavar_, choices_, help_)	\
	[PARAM_ID_##ident] = {						\
		.name = name_,						\
		.type = PARAM_##type_,					\
		.min = min_,						\
		.max = max_,						\
		.metavar = metavar_,					\
		.choices = choices_,					\
		.help = help_,						\
	},
#include "model/params.def"
#undef PARAM
};

static const struct param_default no_params[] = {{PARAM_IDS, NULL}};

static bool take_choice(const struct param *p, struct str text, double *value)
{
	struct str rest = str_from(p->choices), word;

	for (unsigned i = 0; str_next(&rest, '|', &word); i++)
		if (str_eq(word, text)) {
			*value = i;
			return true;
		}
	return false;
}

static bool take(const struct param *p, struct str text, double *value)
{
	struct str number = text;
	bool percent = p->type == PARAM_SHARE && text.len &&
		       text.ptr[text.len - 1] == '%';
	uint64_t count;

	if (p->type == PARAM_CHOICE)
		return take_choice(p, text, value);
	if (p->type == PARAM_COUNT && !num_u64(text, &count))
		return false;
	if (percent)
		number.len--;
	if (!num_real(number, value))
		return false;
	if (percent)
		*value /= 100;
	return *value >= p->min && *value <= p->max;
}

bool params_set(struct params *p, enum param_id id, struct str text, struct err *err)
{
	const struct param *row = &param_table[id];
	double value;

	if (take(row, text, &value)) {
		p->value[id] = value;
		p->given[id] = true;
		return true;
	}
	if (row->type == PARAM_CHOICE)
		return err_fail(err, ERR_USAGE, "--%s takes one of %s, not '%.*s'", row->name,
				row->choices, STR_ARG(text));
	return err_fail(err, ERR_USAGE, "--%s takes %s from %g to %g, not '%.*s'", row->name,
			row->type == PARAM_COUNT ? "a whole number" : "a number", row->min,
			row->max, STR_ARG(text));
}

void params_init(struct params *p, const struct param_default *list)
{
	*p = (struct params){.seed = 1, .list = list ? list : no_params};
	params_prefer(p, p->list);
}

void params_prefer(struct params *p, const struct param_default *list)
{
	for (const struct param_default *d = list; d && d->id != PARAM_IDS; d++)
		if (!p->given[d->id])
			take(&param_table[d->id], str_from(d->value), &p->value[d->id]);
}

bool params_takes(const struct params *p, enum param_id id)
{
	for (const struct param_default *d = p->list; d->id != PARAM_IDS; d++)
		if (d->id == id)
			return true;
	return false;
}

enum param_id param_find(struct str name)
{
	unsigned i = 0;

	while (i < PARAM_IDS && !str_is(name, param_table[i].name))
		i++;
	return (enum param_id)i;
}

static void params_add(const struct params *p, enum param_id id, struct strbuf *b)
{
	const struct param *row = &param_table[id];
	struct str rest = str_from(row->choices), word = STR_NULL;

	if (row->type != PARAM_CHOICE) {
		num_add_exact(b, p->value[id]);
		return;
	}
	for (unsigned i = 0; i <= params_choice(p, id); i++)
		str_next(&rest, '|', &word);
	strbuf_add(b, word);
}

static void params_add_named(const struct params *p, enum param_id id, struct strbuf *b)
{
	strbuf_addf(b, "%s--%s ", b->len ? " " : "", param_table[id].name);
	params_add(p, id, b);
}

void params_add_all(const struct params *p, bool changed, struct strbuf *b)
{
	if (changed) {
		params_add_typed(p, p, b);
		return;
	}
	for (const struct param_default *d = p->list; d->id != PARAM_IDS; d++)
		params_add_named(p, d->id, b);
}

void params_add_typed(const struct params *p, const struct params *settled, struct strbuf *b)
{
	struct params plain;

	params_init(&plain, p->list);
	for (const struct param_default *d = p->list; d->id != PARAM_IDS; d++)
		if (p->value[d->id] != plain.value[d->id] ||
		    p->value[d->id] != settled->value[d->id])
			params_add_named(p, d->id, b);
}

json_t *params_json(const struct params *p)
{
	json_t *all = json_object();

	for (const struct param_default *d = p->list; d->id != PARAM_IDS; d++) {
		STRBUF(text);

		params_add(p, d->id, &text);
		json_object_set_new(all, param_table[d->id].name,
				    param_table[d->id].type == PARAM_CHOICE ?
					    json_string(strbuf_c(&text)) :
				    param_table[d->id].type == PARAM_COUNT ?
					    json_integer((json_int_t)p->value[d->id]) :
					    json_real(p->value[d->id]));
	}
	json_object_set_new(all, "seed", json_integer((json_int_t)p->seed));
	return all;
}

json_t *params_given(const struct params *p)
{
	json_t *names = json_array();

	for (const struct param_default *d = p->list; d->id != PARAM_IDS; d++)
		if (p->given[d->id])
			json_array_append_new(names, json_string(param_table[d->id].name));
	return names;
}

static bool names_has(const json_t *names, const char *name)
{
	size_t i;
	json_t *v;

	json_array_foreach((json_t *)names, i, v)
		if (json_is_string(v) && str_is(str_from(json_string_value(v)), name))
			return true;
	return false;
}

void params_add_chosen(const struct params *p, const json_t *given, struct strbuf *b)
{
	struct params plain;

	params_init(&plain, p->list);
	for (const struct param_default *d = p->list; d->id != PARAM_IDS; d++)
		if (p->value[d->id] != plain.value[d->id] ||
		    names_has(given, param_table[d->id].name))
			params_add_named(p, d->id, b);
}

bool params_read(struct params *p, const json_t *json, struct err *err)
{
	const char *key;
	json_t *v;

	p->seed = (uint64_t)json_integer_value(json_object_get(json, "seed"));
	json_object_foreach((json_t *)json, key, v) {
		enum param_id id = param_find(str_from(key));
		STRBUF(text);

		if (id == PARAM_IDS || !params_takes(p, id))
			continue;
		if (json_is_string(v))
			strbuf_adds(&text, json_string_value(v));
		else
			num_add_exact(&text, json_number_value(v));
		if (!params_set(p, id, strbuf_str(&text), NULL))
			return err_fail(err, ERR_STORE,
					"the model is damaged: its parameter %s", key);
	}
	return true;
}
