/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * readline never touches the terminal here: keys are fed to it as bytes, its
 * output goes nowhere, and its line is drawn by us with the cells of our own
 * measure. It is installed only while a line is being typed.
 */
#include "config.h"

#include "tui/prompt.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "tui/draw.h"
#include "tui/input.h"
#include "tui/xdg.h"

#define HISTORY_LINES 1000
#define QUEUE 64

static const struct {
	char kind;
	const char *file;
} histories[] = {
	{':', "history"},
	{'/', "history-find"},
	{'&', "history-filter"},
	{'>', "history-files"},
	{'!', "history-reasons"},
};
#define HISTORIES (sizeof histories / sizeof histories[0])

/* readline calls back without a context: what it needs stands here. */
static struct {
	bool ready, open, done, cancelled;
	bool closed;		/* nothing is read nor written */
	bool loaded[HISTORIES];
	char kind;
	size_t lead;		/* bytes of the line before what is completed */
	struct strbuf said;	/* above it until the next key */
	const struct prompt_completer *completer;
	unsigned char queue[QUEUE];
	unsigned head, tail;
	struct strbuf text;	/* the line when it was accepted */
	char **match;		/* completions to show, or NULL */
	int matches;
	FILE *null;
	HISTORY_STATE *history[HISTORIES];
} prompt;

static int queue_getc(FILE *ignored)
{
	(void)ignored;
	if (prompt.head == prompt.tail)
		return EOF;
	return prompt.queue[prompt.head++ % QUEUE];
}

static int queue_filled(void)
{
	return prompt.head != prompt.tail;
}

static void queue_bytes(const char *s, size_t n)
{
	for (size_t i = 0; i < n && prompt.tail - prompt.head < QUEUE; i++)
		prompt.queue[prompt.tail++ % QUEUE] = (unsigned char)s[i];
}

static void queue_key(uint32_t key)
{
	static const struct {
		int key;
		const char *bytes;
	} special[] = {
		{KEY_LEFT, "\033[D"}, {KEY_RIGHT, "\033[C"}, {KEY_UP, "\033[A"},
		{KEY_DOWN, "\033[B"}, {KEY_HOME, "\033[H"}, {KEY_END, "\033[F"},
		{KEY_DC, "\033[3~"}, {KEY_BACKSPACE, "\177"}, {KEY_ENTER, "\r"},
	};
	STRBUF(b);

	if (key & KEY_IS_CURSES) {
		for (size_t i = 0; i < sizeof special / sizeof special[0]; i++)
			if ((key & ~KEY_IS_CURSES) == (uint32_t)special[i].key)
				queue_bytes(special[i].bytes, strlen(special[i].bytes));
		return;
	}
	if (key & KEY_IS_ALT)
		strbuf_addc(&b, '\033');
	utf8_add(&b, key & ~KEY_IS_ALT);
	queue_bytes(b.ptr, b.len);
}

static void take_line(char *line)
{
	strbuf_reset(&prompt.text);
	strbuf_adds(&prompt.text, line ? line : "");
	prompt.done = true;
	prompt.cancelled = !line;	/* Ctrl-D on an empty line */
	if (line && *line) {
		HIST_ENTRY *last = history_length ? history_get(history_base +
								history_length - 1)
						  : NULL;

		if (!last || strcmp(last->line, line) != 0)
			add_history(line);
	}
	free(line);
	rl_callback_handler_remove();
}

static void no_redisplay(void)
{
}

static void forget_matches(void)
{
	for (int i = 0; prompt.match && i <= prompt.matches; i++)
		free(prompt.match[i]);
	free(prompt.match);
	prompt.match = NULL;
	prompt.matches = 0;
}

/* readline shows candidates through this: they are kept for prompt_draw. */
static void keep_matches(char **match, int n, int longest)
{
	(void)longest;
	forget_matches();
	prompt.match = mem_zalloc(((size_t)n + 1) * sizeof *match);
	prompt.matches = n;
	for (int i = 1; i <= n; i++)
		prompt.match[i - 1] = mem_strdup(strlen(match[i]) > prompt.lead
						? match[i] + prompt.lead : match[i]);
}

struct words {
	char **word;
	size_t n, cap;
};

static void add_word(void *ctx, struct str word)
{
	struct words *w = ctx;

	MEM_GROW(w->word, w->cap, w->n + 1);
	w->word[w->n] = mem_alloc(word.len + 1);
	memcpy(w->word[w->n], word.ptr, word.len);
	w->word[w->n++][word.len] = '\0';
}

/* readline's word is the whole line, see prepare: what stands before ours comes
 * with each candidate. */
static char *with_lead(char *word)
{
	char *all = malloc(prompt.lead + strlen(word) + 1);

	if (all) {
		memcpy(all, rl_line_buffer, prompt.lead);
		memcpy(all + prompt.lead, word, strlen(word) + 1);
	}
	return all;
}

static char *next_word(const char *text, int state)
{
	static struct words found;
	static size_t at;

	(void)text;
	if (!state) {
		for (at = 0; at < found.n; at++)
			free(found.word[at]);
		free(found.word);
		found = (struct words){0};
		at = 0;
		prompt.lead = (size_t)rl_point;
		if (!prompt.completer)
			return NULL;
		prompt.completer->complete(prompt.completer->ctx,
					   str_from(rl_line_buffer), (size_t)rl_point,
					   &prompt.lead, add_word, &found);
	}
	return at < found.n ? with_lead(found.word[at++]) : NULL;
}

static char **complete(const char *text, int start, int end)
{
	(void)start;
	(void)end;
	rl_attempted_completion_over = 1;
	rl_completion_suppress_append = prompt.kind == '&';
	return rl_completion_matches(text, next_word);
}

static void prepare(void)
{
	if (prompt.ready)
		return;
	prompt.ready = true;
	prompt.null = fopencookie(NULL, "w", (cookie_io_functions_t){.write = NULL});
	rl_readline_name = "aisle";
	rl_instream = stdin;
	rl_outstream = prompt.null;
	rl_getc_function = queue_getc;
	rl_input_available_hook = queue_filled;
	rl_redisplay_function = no_redisplay;
	rl_prep_term_function = NULL;
	rl_deprep_term_function = NULL;
	rl_catch_signals = 0;
	rl_catch_sigwinch = 0;
	rl_change_environment = 0;
	rl_attempted_completion_function = complete;
	rl_completion_display_matches_hook = keep_matches;
	/* Words are cut by whoever completes them. */
	rl_basic_word_break_characters = "";
	rl_completer_word_break_characters = "";
	rl_sort_completion_matches = 0;		/* whoever offers them knows best */
	rl_variable_bind("enable-bracketed-paste", "off");
	rl_variable_bind("bell-style", "none");
	rl_variable_bind("show-all-if-ambiguous", "on");
	rl_variable_bind("completion-query-items", "0");
	using_history();
	stifle_history(HISTORY_LINES);
}

static unsigned history_of(char kind)
{
	for (unsigned i = 0; i < HISTORIES; i++)
		if (histories[i].kind == kind)
			return i;
	return 0;
}

static void load_history(unsigned i)
{
	STRBUF(path);

	if (prompt.loaded[i] || prompt.closed)
		return;
	prompt.loaded[i] = true;
	if (xdg_path(XDG_STATE, histories[i].file, false, &path))
		read_history(strbuf_c(&path));
}

/* Exchange readline's history for that of the other kind of line. */
static void use_history(char kind)
{
	unsigned now = history_of(kind), was = history_of(prompt.kind);

	if (prompt.kind && now != was) {
		free(prompt.history[was]);
		prompt.history[was] = history_get_history_state();
		history_set_history_state(prompt.history[now] ? prompt.history[now]
				: &(HISTORY_STATE){.flags = 0});
	}
	prompt.kind = kind;
	load_history(now);
	using_history();
}

static void save_history(void)
{
	mode_t old = umask(077);
	STRBUF(path);

	if (!prompt.closed && history_length > 0 &&
	    xdg_path(XDG_STATE, histories[history_of(prompt.kind)].file, true, &path))
		write_history(strbuf_c(&path));
	umask(old);
}

void prompt_open(char kind, const struct prompt_completer *completer)
{
	char text[2] = {kind, '\0'};

	prepare();
	use_history(kind);
	prompt.completer = completer;
	prompt.open = true;
	prompt.done = prompt.cancelled = false;
	prompt.head = prompt.tail = 0;
	strbuf_reset(&prompt.text);
	strbuf_reset(&prompt.said);
	forget_matches();
	rl_callback_handler_install(text, take_line);
}

void prompt_put(struct str text, size_t cursor)
{
	STRBUF(b);

	assert(cursor <= text.len);
	strbuf_add(&b, text);
	rl_insert_text(strbuf_c(&b));
	rl_point = cursor < (size_t)rl_end ? (int)cursor : rl_end;
}

void prompt_say(const char *text)
{
	strbuf_reset(&prompt.said);
	sanitize(&prompt.said, str_from(text), SANITIZE_LINE);
}

void prompt_private(void)
{
	prompt.closed = true;
}

char prompt_kind(void)
{
	return prompt.kind;
}

bool prompt_is_open(void)
{
	return prompt.open;
}

static void cancel(void)
{
	bool aside = RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH |
				RL_STATE_NUMERICARG);

	rl_free_line_state();
	rl_callback_sigcleanup();
	if (aside)
		rl_restore_prompt();	/* the clean-up forgets the one put aside */
	rl_replace_line("", 0);
	rl_callback_handler_remove();
	prompt.open = false;
	forget_matches();
}

/* Read what is queued; readline may take several bytes at a call. */
static void feed(void)
{
	while (prompt.head != prompt.tail && !prompt.done)
		rl_callback_read_char();
	prompt.head = prompt.tail = 0;
}

enum prompt_result prompt_key(uint32_t key)
{
	/* With vi's keys the first Esc leaves insertion, the second one the line. */
	if (key == KEY_ESCAPE && rl_editing_mode == 0 &&
	    rl_get_keymap() == vi_insertion_keymap) {
		rl_vi_movement_mode(1, KEY_ESCAPE);
		return PROMPT_TYPING;
	}
	if (key == KEY_ESCAPE || key == KEY_CTRL('c') ||
	    (key == KEY_CTRL('g') && !RL_ISSTATE(RL_STATE_ISEARCH))) {
		cancel();
		return PROMPT_CANCELLED;
	}
	/* Erasing the last character leaves the line, as in vi. */
	if (rl_end == 0 && (key == 127 || key == '\b' ||
			    key == (KEY_IS_CURSES | KEY_BACKSPACE))) {
		cancel();
		return PROMPT_ERASED;
	}
	strbuf_reset(&prompt.said);
	if (key != '\t')
		forget_matches();
	queue_key(key);
	feed();
	if (!prompt.done)
		return PROMPT_TYPING;
	prompt.open = false;
	forget_matches();
	return prompt.cancelled ? PROMPT_CANCELLED : PROMPT_DONE;
}

void prompt_paste(struct str text)
{
	STRBUF(b);

	sanitize(&b, str_trim(text), SANITIZE_LINE);
	rl_insert_text(strbuf_c(&b));
}

struct str prompt_text(void)
{
	return prompt.open ? str_span(rl_line_buffer, (size_t)rl_end)
			   : strbuf_str(&prompt.text);
}

void prompt_resize(int rows, int cols)
{
	if (prompt.ready)
		rl_set_screen_size(rows, cols);
}

static void draw_matches(const struct term *t, struct rect line)
{
	int widest = 0, per_row, rows, most = line.y / 2;

	for (int i = 0; i < prompt.matches; i++) {
		int w = draw_cells(t, str_from(prompt.match[i]));

		widest = w > widest ? w : widest;
	}
	per_row = line.w / (widest + 2) > 0 ? line.w / (widest + 2) : 1;
	rows = (prompt.matches + per_row - 1) / per_row;
	if (rows > most)
		rows = most;
	for (int i = 0; i < rows; i++)
		draw_fill(t, (struct rect){line.y - rows + i, line.x, 1, line.w},
			  STYLE_TEXT);
	for (int i = 0; i < prompt.matches && i / per_row < rows; i++)
		draw_text(t,
			  (struct rect){line.y - rows + i / per_row,
					line.x + 1 + i % per_row * (widest + 2), 1,
					widest},
			  str_from(prompt.match[i]), STYLE_TEXT);
	if (rows * per_row < prompt.matches)
		draw_text(t, (struct rect){line.y - 1, line.x + line.w - 12, 1, 12},
			  STR("... and more"), STYLE_DIM);
}

void prompt_draw(const struct term *term, struct rect line, int *y, int *x)
{
	struct str prefix = str_from(rl_display_prompt ? rl_display_prompt : "");
	struct str text = str_span(rl_line_buffer, (size_t)rl_end);
	int lead = draw_cells(term, prefix), room, at, skip = 0;
	size_t pos = 0;

	if (lead > line.w / 2)
		lead = line.w / 2;
	room = line.w - lead - 1;
	at = draw_cells(term, str_span(text.ptr, (size_t)rl_point));
	draw_fill(term, line, STYLE_TEXT);
	draw_text(term, (struct rect){line.y, line.x, 1, lead}, prefix, STYLE_KEY);
	/* Scroll sideways until the cursor is seen. */
	while (at - skip > room && pos < text.len) {
		size_t before = pos;

		utf8_next(text, &pos);
		skip += draw_cells(term, str_span(text.ptr + before, pos - before));
	}
	draw_text(term, (struct rect){line.y, line.x + lead, 1, room + 1},
		  str_span(text.ptr + pos, text.len - pos), STYLE_TEXT);
	draw_matches(term, line);
	if (prompt.said.len && line.y > 0) {
		draw_fill(term, (struct rect){line.y - 1, line.x, 1, line.w}, STYLE_TEXT);
		draw_text(term, (struct rect){line.y - 1, line.x + 1, 1, line.w - 2},
			  strbuf_str(&prompt.said), STYLE_ERROR);
	}
	*y = line.y;
	*x = line.x + lead + (at - skip);
}

void prompt_finish(void)
{
	if (!prompt.ready)
		return;
	if (prompt.open)
		cancel();
	for (unsigned i = 0; i < HISTORIES; i++) {
		if (!prompt.loaded[i])
			continue;
		use_history(histories[i].kind);
		save_history();
	}
	strbuf_finish(&prompt.text);
	strbuf_finish(&prompt.said);
	forget_matches();
	if (prompt.null)
		fclose(prompt.null);
	prompt.null = NULL;
	prompt.ready = false;
}
