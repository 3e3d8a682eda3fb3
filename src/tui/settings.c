/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `set` changes in the explorer, and what it says of it. */
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
	if (explorer_order(e, value))
		return true;
	return err_fail(err, ERR_USAGE,
			"products can't be sorted by \"%.*s\": o lists the columns",
			STR_ARG(value));
}

/* The ask that an option is, or ASK_IDS. */
static enum ask_id ask_of(enum opt_id o)
{
	switch (o) {
#define ASK(ident, ...)		\
	case OPT_ID_##ident:	\
		return ASK_##ident;
#define ASK_TOO(...)
#include "ask/asks.def"
#undef ASK_TOO
#undef ASK
	default:
		return ASK_IDS;
	}
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
	case OPT_ID_SET_COMPLEMENTARY:
		return explorer_complements(e, value, err);
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
	case OPT_ID_SET_REASONS:
		strbuf_reset(&e->deciding.reasons);
		strbuf_add(&e->deciding.reasons, value);
		return true;
	case OPT_ID_SET_LINK:
		e->link = when_of(value);
		return true;
	case OPT_ID_SET_LEAN:
		e->lean = when_of(value);
		return true;
	default:
		explorer_set(e, ask_of(o), value);
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
		strbuf_add(b, outlook_text(&e->sight.own[PANE_PRODUCTS], ASK_SORT));
		break;
	case OPT_ID_MODEL:
		if (!outlook_asks(&e->sight.asked, ASK_MODEL))
			strbuf_adds(b, MODEL_NONE);
		strbuf_add(b, outlook_text(&e->sight.asked, ASK_MODEL));
		break;
	case OPT_ID_SET_COMPLEMENTARY:
		if (!outlook_asks(&e->sight.own[PANE_COMPLEMENTARY], ASK_MODEL))
			strbuf_adds(b, MODEL_NONE);
		strbuf_add(b, outlook_text(&e->sight.own[PANE_COMPLEMENTARY], ASK_MODEL));
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
	case OPT_ID_SET_REASONS:
		strbuf_add(b, e->deciding.reasons.len ? strbuf_str(&e->deciding.reasons) :
			   str_from(opt_table[o].dflt));
		break;
	case OPT_ID_SET_LINK:
		strbuf_adds(b, when_names[e->link]);
		break;
	case OPT_ID_SET_LEAN:
		strbuf_adds(b, when_names[e->lean]);
		break;
	default:
		if (outlook_asks(&e->sight.asked, ask_of(o)))
			strbuf_add(b, outlook_text(&e->sight.asked, ask_of(o)));
		else if (opt_table[o].dflt)
			strbuf_adds(b, opt_table[o].dflt);
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

		if (e->kiosk && opt_table[*o].whose == OPT_OWNER)
			continue;
		strbuf_addf(&b, "  %-14s ", opt_table[*o].name);
		add_value(e, *o, &b);
		strbuf_addc(&b, ' ');
		if (b.len - start < 34)
			strbuf_fill(&b, ' ', 34 - (b.len - start));
		strbuf_addf(&b, "%s\n", opt_table[*o].help);
	}
	if (!e->kiosk && xdg_path(XDG_CONFIG, "config", false, &path))
		strbuf_addf(&b, "\nset NAME VALUE changes one; lines like that in %s do it at "
			    "every start.\n", strbuf_c(&path));
	if (e->config_said.len)
		strbuf_addf(&b, "\n%s", strbuf_c(&e->config_said));
	pager_open(&e->pager, STR("Settings"), strbuf_str(&b));
	return true;
}
