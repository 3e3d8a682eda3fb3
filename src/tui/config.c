/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file of settings: lines of the ':' line's language, run at the start. */
#include "config.h"

#include "base/utf8.h"
#include "tui/state.h"
#include "tui/xdg.h"

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
	e->message.error = true;
}
