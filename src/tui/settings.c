/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `set` changes in the explorer, and the file that sets it at the start. */
#include "config.h"

#include "base/num.h"
#include "base/utf8.h"
#include "cmd/target.h"
#include "tui/state.h"
#include "tui/xdg.h"

/* --- values */

static const char *const when_names[] = {
	[WHEN_AUTO] = "auto",
	[WHEN_ON] = "on",
	[WHEN_OFF] = "off",
};

/* Values have been checked against the table of options before. */
static enum when when_of(struct str value)
{
	return str_is(value, "on") ? WHEN_ON : str_is(value, "off") ? WHEN_OFF : WHEN_AUTO;
}

void settings_theme(struct explorer *e)
{
	enum theme t = e->theme;

	if (e->theme == THEMES)
		t = !e->ground_known ? THEME_DEFAULT :
		    e->ground_light ? THEME_LIGHT : THEME_DARK;
	term_theme(e->term, t);
	e->dirty = true;
}

static void set_theme(struct explorer *e, struct str value)
{
	e->theme = THEMES;
	for (int t = 0; t < THEMES; t++)
		if (str_is(value, theme_name((enum theme)t)))
			e->theme = (enum theme)t;
	settings_theme(e);
}

static const char *const glyph_names[] = {
	[GLYPHS_BRAILLE] = "braille",
	[GLYPHS_QUADRANT] = "quadrant",
	[GLYPHS_BLOCK] = "block",
	[GLYPHS_ASCII] = "ascii",
};

static void set_glyphs(struct explorer *e, struct str value)
{
	e->glyphs_rich = true;
	for (int g = GLYPHS_BRAILLE; g <= GLYPHS_ASCII; g++)
		if (str_is(value, glyph_names[g])) {
			e->glyphs_rich = false;
			e->glyphs = (enum glyph_set)g;
		}
	term_glyphs(e->term, e->glyphs_rich, e->glyphs);
}

static bool set_sort(struct explorer *e, struct str value, struct err *err)
{
	size_t colon = str_chr(value, ':');
	struct str column = str_span(value.ptr, colon == SIZE_MAX ? value.len : colon);

	if (explorer_sort(e, column, false))
		return true;
	return err_fail(err, ERR_USAGE,
			"products can't be sorted by \"%.*s\": o lists the columns",
			STR_ARG(column));
}

static void set_panels(struct explorer *e, enum opt_id o, struct str value)
{
	uint64_t n;

	explorer_changes(e);
	if (o == OPT_ID_SAME_CATEGORY)
		same_category_parse(value, &e->same);
	else if (o == OPT_ID_LEVEL && num_u64(value, &n))
		e->level = (unsigned)n;
	else if (o == OPT_ID_BASKETS)
		e->multi = str_is(value, "multi");
	explorer_again(e);
}

bool settings_set(void *front, enum opt_id o, struct str value, struct err *err)
{
	struct explorer *e = front;
	uint64_t n;

	e->dirty = true;
	switch (o) {
	case OPT_ID_SORT:
		return set_sort(e, value, err);
	case OPT_ID_CATEGORY:
		return line_go(e, value, err);
	case OPT_ID_WHERE:
		return chips_set(e, value, err);
	case OPT_ID_MODEL:
		return explorer_model(e, value, err);
	case OPT_ID_SET_THEME:
		set_theme(e, value);
		return true;
	case OPT_ID_SET_GLYPHS:
		set_glyphs(e, value);
		return true;
	case OPT_ID_SET_MOUSE:
		e->mouse = str_is(value, "on");
		term_mouse(e->term, e->mouse);
		return true;
	case OPT_ID_SET_SHOW_USERS:
		e->show_users = str_is(value, "on");
		return true;
	case OPT_ID_SET_BESIDE_DELAY:
		e->beside_delay = num_u64(value, &n) ? (double)n / 1000 : REST;
		return true;
	case OPT_ID_SET_LINK:
		e->link = when_of(value);
		return true;
	case OPT_ID_SET_LEAN:
		e->lean = when_of(value);
		return true;
	default:
		set_panels(e, o, value);
		return true;
	}
}

static void add_value(const struct explorer *e, enum opt_id o, struct strbuf *b)
{
	switch (o) {
	case OPT_ID_WHERE:
		strbuf_adds(b, e->lens ? filter_text(e->lens->filter) : "none");
		break;
	case OPT_ID_CATEGORY:
		if (e->category < e->edition->cat->n_categories)
			strbuf_add(b, text_at(&e->edition->cat->category_path, e->category));
		break;
	case OPT_ID_SORT:
		strbuf_adds(b, e->sort);
		break;
	case OPT_ID_SAME_CATEGORY:
		strbuf_adds(b, same_category_name(e->same));
		break;
	case OPT_ID_LEVEL:
		if (e->level != UINT32_MAX)
			strbuf_addf(b, "%u", e->level);
		break;
	case OPT_ID_MODEL:
		strbuf_adds(b, e->model[0] ? e->model : TARGET_PANEL);
		break;
	case OPT_ID_BASKETS:
		strbuf_adds(b, e->multi ? "multi" : "all");
		break;
	case OPT_ID_SET_THEME:
		strbuf_adds(b, e->theme == THEMES ? "auto" : theme_name(e->theme));
		break;
	case OPT_ID_SET_GLYPHS:
		strbuf_adds(b, e->glyphs_rich ? "auto" : glyph_names[e->glyphs]);
		break;
	case OPT_ID_SET_MOUSE:
		strbuf_adds(b, e->mouse ? "on" : "off");
		break;
	case OPT_ID_SET_SHOW_USERS:
		strbuf_adds(b, e->show_users ? "on" : "off");
		break;
	case OPT_ID_SET_BESIDE_DELAY:
		strbuf_addf(b, "%.0f", e->beside_delay * 1000);
		break;
	case OPT_ID_SET_LINK:
		strbuf_adds(b, when_names[e->link]);
		break;
	default:
		strbuf_adds(b, when_names[e->lean]);
		break;
	}
}

bool settings_list(void *front, struct err *err)
{
	struct explorer *e = front;
	STRBUF(b);
	STRBUF(path);

	for (const enum opt_id *o = opt_explorer; *o != OPT_IDS; o++) {
		size_t start = b.len;

		strbuf_addf(&b, "  %-14s ", opt_table[*o].name);
		add_value(e, *o, &b);
		strbuf_addc(&b, ' ');
		if (b.len - start < 34)
			strbuf_fill(&b, ' ', 34 - (b.len - start));
		strbuf_addf(&b, "%s\n", opt_table[*o].help);
	}
	if (xdg_path(XDG_CONFIG, "config", false, &path))
		strbuf_addf(&b, "\nset NAME VALUE changes one; lines like that in %s do it at "
			    "every start.\n", strbuf_c(&path));
	if (e->config_said.len)
		strbuf_addf(&b, "\n%s", strbuf_c(&e->config_said));
	pager_open(&e->pager, STR("Settings"), strbuf_str(&b));
	return true;
}

/* --- the file */

/* PATH:LINE:COLUMN: what is wrong. Errors that name no column are about the whole. */
static void complain(struct explorer *e, struct str path, unsigned line, size_t lead,
		     const struct err *err)
{
	const char *text = err->text;
	unsigned long column = 1;

	if (str_starts(str_from(text), STR("column "))) {
		char *end;

		for (column = 0, text += strlen("column "); *text >= '0' && *text <= '9'; text++)
			column = column * 10 + (unsigned long)(*text - '0');
		end = strstr(text, ": ");
		text = end ? end + 2 : text;
	}
	strbuf_addf(&e->config_said, "%.*s:%u:%lu: ", STR_ARG(path), line,
		    column + (unsigned long)lead);
	sanitize(&e->config_said, str_from(text), SANITIZE_LINE);
	strbuf_addc(&e->config_said, '\n');
	e->config_errors++;
}

static bool run_setting(struct explorer *e, struct str line, struct err *err)
{
	static const char *const allowed[] = {"set", "bind", "unbind"};
	const struct command *c;
	SCOPED(args) a = NULL;
	struct str rest = line, word;
	bool known = false;

	str_next(&rest, ' ', &word);
	for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
		known = known || str_is(word, allowed[i]);
	if (!known)
		return err_fail(err, ERR_USAGE, "only set, bind and unbind stand in this file, "
				"not '%.*s'", STR_ARG(word));
	if (!cmd_parse_line(line, e->path, &c, &a, err))
		return false;
	if (args_operands(a) == 0)
		return err_fail(err, ERR_USAGE, "set needs a name and a value");
	if (line_command(e, c, a, err))
		return true;
	if (!str_starts(str_from(err->text), STR("column ")))
		err_context(err, "column %zu", word.len + 2);
	return false;
}

void settings_read(struct explorer *e)
{
	struct str rest, line;
	unsigned number = 0;
	const char *first;
	STRBUF(more);
	STRBUF(path);
	STRBUF(text);

	if (!xdg_path(XDG_CONFIG, "config", false, &path) ||
	    !xdg_read(XDG_CONFIG, "config", &text))
		return;
	rest = strbuf_str(&text);
	while (str_next(&rest, '\n', &line)) {
		struct str trimmed = str_trim(line);
		struct err err = {0};

		number++;
		if (trimmed.len && trimmed.ptr[0] != '#' && !run_setting(e, trimmed, &err))
			complain(e, strbuf_str(&path), number,
				 (size_t)(trimmed.ptr - line.ptr), &err);
	}
	if (!e->config_errors)
		return;
	first = strbuf_c(&e->config_said) + path.len - strlen("config");
	if (e->config_errors > 1)
		strbuf_addf(&more, "%u mistakes, :set lists them: ", e->config_errors);
	explorer_message(e, "%s%.*s", strbuf_c(&more), (int)strcspn(first, "\n"), first);
	e->message_is_error = true;
}
