/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes of the terminal to keys; replies to our questions are told apart and kept. */
#include "config.h"

#include "tui/input.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "tui/curses.h"
#include "tui/term.h"

/* Codes for define_key, far above what terminfo's extended keys are given. */
#define CODE_REPLY 0x2001
#define CODE_PASTE 0x2002
#define CODE_PASTE_END 0x2003
#define CODE_GROUND 0x2004
#define CODE_WHERE 0x2005	/* and on, by the column */
#define GROUND_MAX 24	/* characters: rrrr/gggg/bbbb */
#define HOLD 1.0		/* s */
#define PASTE_MAX (64 * 1024)

struct input {
	WINDOW *pad;	/* reading from a pad never refreshes the screen */
	bool pasting;
	struct strbuf paste;
	bool grounding;			/* inside the reply that tells the ground's colour */
	struct strbuf ground;
	double part_at;			/* when the last part of either came */
	bool held;	/* an ESC that may be the start of a reply */
	double held_at;
	char torn[8];	/* what came of a reply behind it */
	unsigned n_torn;
	uint32_t queue[8];
	unsigned queued;
};

struct input *input_create(void)
{
	struct input *in = mem_zalloc(sizeof *in);

	in->pad = newpad(1, 1);
	keypad(in->pad, TRUE);
	nodelay(in->pad, TRUE);
	define_key("\033[0n", CODE_REPLY);
	for (int column = 1; column <= 9; column++) {
		char text[] = "\033[2;#R";

		text[4] = (char)('0' + column);
		define_key(text, CODE_WHERE + column);
	}
	define_key("\033]11;rgb:", CODE_GROUND);
	define_key("\033[200~", CODE_PASTE);
	define_key("\033[201~", CODE_PASTE_END);
	return in;
}

void input_destroy(struct input *in)
{
	if (!in)
		return;
	delwin(in->pad);
	strbuf_finish(&in->paste);
	strbuf_finish(&in->ground);
	free(in);
}

/* One key of curses; KEY_NONE when there is none. */
static uint32_t read_key(struct input *in)
{
	wint_t c;
	int kind = wget_wch(in->pad, &c);

	if (kind == KEY_CODE_YES)
		return KEY_IS_CURSES | c;
	return kind == OK && c != 0 ? c : KEY_NONE;
}

static void push(struct input *in, uint32_t key)
{
	if (in->queued < sizeof in->queue / sizeof in->queue[0])
		in->queue[in->queued++] = key;
}

static uint32_t pop(struct input *in)
{
	uint32_t key = in->queue[0];

	for (unsigned i = 1; i < in->queued; i++)
		in->queue[i - 1] = in->queue[i];
	in->queued--;
	return key;
}

/* The held ESC was a key after all, and so were the characters behind it. */
static void let_go(struct input *in)
{
	in->held = false;
	push(in, KEY_ESCAPE);
	for (unsigned i = 0; i < in->n_torn; i++)
		push(in, (unsigned char)in->torn[i]);
	in->n_torn = 0;
}

/* Does the reply, in which # is a digit, begin as what came? */
static bool begins(const struct input *in, const char *reply)
{
	for (unsigned i = 0; i < in->n_torn; i++) {
		bool digit = in->torn[i] >= '0' && in->torn[i] <= '9';

		if (reply[i] == '#' ? !digit : reply[i] != in->torn[i])
			return false;
	}
	return true;
}

/* A key that came while ESC is held: true when it belongs to a torn reply, which *event tells
 * when all of it is there. */
static bool torn_reply(struct input *in, uint32_t key, enum input_event *event)
{
	static const struct {
		const char *text;
		enum input_event event;
	} replies[] = {
		{"[0n", INPUT_REPLY}, {"[2;4R", INPUT_REPEATS}, {"[2;#R", INPUT_NOTHING},
	};

	*event = INPUT_NOTHING;
	in->torn[in->n_torn++] = (char)key;
	for (size_t i = 0; key < 128 && i < sizeof replies / sizeof *replies; i++) {
		if (!begins(in, replies[i].text))
			continue;
		if (in->n_torn == strlen(replies[i].text)) {
			*event = replies[i].event;
			in->held = false;
			in->n_torn = 0;
		}
		return true;
	}
	in->n_torn--;
	return false;
}

static enum input_event paste_key(struct input *in, uint32_t key)
{
	if (key == (KEY_IS_CURSES | CODE_PASTE_END)) {
		in->pasting = false;
		return INPUT_PASTE;
	}
	if (key < KEY_IS_ALT && in->paste.len < PASTE_MAX)
		utf8_add(&in->paste, key == '\r' ? '\n' : key);
	return INPUT_NOTHING;
}

/* It ends with BEL or ESC \; whatever else is no colour ends it too. */
static enum input_event ground_key(struct input *in, uint32_t key)
{
	bool part = (key >= '0' && key <= '9') || (key >= 'a' && key <= 'f') ||
		    (key >= 'A' && key <= 'F') || key == '/';

	if (part && in->ground.len < GROUND_MAX) {
		strbuf_addc(&in->ground, (char)key);
		return INPUT_NOTHING;
	}
	if (key == KEY_ESCAPE)
		return INPUT_NOTHING;
	in->grounding = false;
	if (key == '\\' || key == 7)
		return INPUT_GROUND;
	push(in, key);			/* the rest was lost: this is a key */
	return INPUT_NOTHING;
}

/* A paste or a reply whose end was lost must not keep the keyboard: after a second of
 * silence the keys by which people leave end it. Others may be its late rest. */
static bool lost_end(const struct input *in, uint32_t key, double now)
{
	bool leaves = key == KEY_ESCAPE || key == KEY_CTRL('c') || key == 'Q';

	return (in->grounding || (in->pasting && leaves)) && now >= in->part_at + HOLD;
}

/* *pasted: text was there before the key, which comes next. */
static void give_up(struct input *in, uint32_t key, bool *pasted)
{
	*pasted = in->pasting;
	in->pasting = in->grounding = false;
	push(in, key);
}

/* The first two digits of each part say enough. */
bool input_light(const struct input *in)
{
	struct str rest = strbuf_str(&in->ground), part;
	double sum = 0;
	static const double weight[] = {0.299, 0.587, 0.114};

	for (int i = 0; i < 3 && str_next(&rest, '/', &part); i++) {
		unsigned v = 0;

		for (size_t k = 0; k < 2 && k < part.len; k++) {
			int c = part.ptr[k] | 32;

			v = v * 16 + (unsigned)(c >= 'a' ? c - 'a' + 10 : (c & 15));
		}
		sum += weight[i] * v;
	}
	return sum > 127;
}

static enum input_event escape(struct input *in, bool asked, double now, uint32_t *key)
{
	uint32_t next = read_key(in);

	if (next == KEY_NONE && asked) {
		in->held = true;
		in->held_at = now;
		in->n_torn = 0;
		return INPUT_NOTHING;
	}
	*key = next == KEY_NONE ? KEY_ESCAPE : next | KEY_IS_ALT;
	return INPUT_KEY;
}

static bool whole_reply(uint32_t key, enum input_event *event)
{
	uint32_t code = key & ~KEY_IS_CURSES;
	bool where = code > CODE_WHERE && code <= CODE_WHERE + 9;

	*event = code == CODE_REPLY ? INPUT_REPLY :
		 code == CODE_WHERE + TERM_REPEATS ? INPUT_REPEATS : INPUT_NOTHING;
	return (key & KEY_IS_CURSES) && (code == CODE_REPLY || where);
}

static enum input_event sort_key(struct input *in, uint32_t k, bool asked, double now,
				 uint32_t *key)
{
	enum input_event event;

	if (whole_reply(k, &event)) {
		if (in->held)
			let_go(in);	/* the reply came whole: ESC was a key */
		return event;
	}
	if (in->held) {
		if (torn_reply(in, k, &event))
			return event;
		let_go(in);
		push(in, k);
		*key = pop(in);
		return INPUT_KEY;
	}
	if (k == (KEY_IS_CURSES | CODE_GROUND)) {
		in->grounding = true;
		strbuf_reset(&in->ground);
		return INPUT_NOTHING;
	}
	if (k == (KEY_IS_CURSES | CODE_PASTE)) {
		in->pasting = true;
		strbuf_reset(&in->paste);
		return INPUT_NOTHING;
	}
	if (k == KEY_ESCAPE)
		return escape(in, asked, now, key);
	*key = k;
	return INPUT_KEY;
}

enum input_event input_next(struct input *in, bool asked, double now, uint32_t *key)
{
	uint32_t k;

	if (in->queued > 0) {
		*key = pop(in);
		return INPUT_KEY;
	}
	while ((k = read_key(in)) != KEY_NONE) {
		enum input_event e;
		bool pasted;

		if (lost_end(in, k, now)) {
			give_up(in, k, &pasted);
			if (pasted)
				return INPUT_PASTE;
			break;
		}
		in->part_at = now;
		e = in->grounding ? ground_key(in, k) :
				     in->pasting ? paste_key(in, k)
						 : sort_key(in, k, asked, now, key);
		if (e != INPUT_NOTHING)
			return e;
		if (in->queued)
			break;
	}
	if (in->queued) {
		*key = pop(in);
		return INPUT_KEY;
	}
	if (in->held && (!asked || now >= in->held_at + HOLD)) {
		let_go(in);
		*key = pop(in);
		return INPUT_KEY;
	}
	return INPUT_NOTHING;
}

bool input_held(const struct input *in, double now, double *wait)
{
	*wait = in->held_at + HOLD - now;
	return in->held;
}

struct str input_paste(const struct input *in)
{
	return strbuf_str(&in->paste);
}
