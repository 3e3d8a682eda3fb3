/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Copying from a terminal: tmux drops OSC 52 from programs unless it is told
 * otherwise, but takes a buffer and passes it on itself; other terminals take OSC 52
 * through ssh too, up to some 74 KB. A file always works.
 */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "tui/state.h"
#include "tui/xdg.h"

#define OSC52_MAX (74 * 1024 / 4 * 3)

extern char **environ;

static void add_base64(struct strbuf *b, struct str text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				     "0123456789+/";

	for (size_t i = 0; i < text.len; i += 3) {
		uint32_t v = 0;

		for (size_t k = 0; k < 3; k++)
			v = v << 8 | (i + k < text.len ? (unsigned char)text.ptr[i + k] : 0);
		for (unsigned k = 0; k < 4; k++)
			strbuf_addc(b, i + k > text.len ? '=' : digits[v >> (18 - 6 * k) & 63]);
	}
}

static bool to_terminal(struct explorer *e, struct str text)
{
	STRBUF(b);

	if (text.len > OSC52_MAX)
		return false;
	strbuf_adds(&b, "\033]52;c;");
	add_base64(&b, text);
	strbuf_addc(&b, '\a');
	term_queue(e->term, b.ptr, b.len);
	return true;
}

/* tmux answers in a few ms: it runs on this machine. */
static bool to_tmux(const char *path)
{
	char *argv[] = {(char *)"tmux", (char *)"load-buffer", (char *)"-w", (char *)path,
			NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none;
	pid_t pid;
	int status = -1;

	sigemptyset(&none);
	posix_spawn_file_actions_init(&files);
	for (int fd = 0; fd < 3; fd++)
		posix_spawn_file_actions_addopen(&files, fd, "/dev/null", O_RDWR, 0);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	if (posix_spawnp(&pid, argv[0], &files, &attr, argv, environ) == 0)
		waitpid(pid, &status, 0);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return status == 0;
}

void clip_copy(struct explorer *e, const char *what, struct str text)
{
	const char *tmux = getenv("TMUX");
	bool file, loaded, sent;
	STRBUF(path);

	file = !e->kiosk && xdg_write(XDG_STATE, "yank.txt", text) &&
	       xdg_path(XDG_STATE, "yank.txt", false, &path);
	loaded = file && tmux && *tmux && to_tmux(strbuf_c(&path));
	sent = !loaded && to_terminal(e, text);
	if (!loaded && !sent && !file) {
		explorer_message(e, "%s is too long for the terminal's clipboard", what);
		e->message.error = true;
		return;
	}
	explorer_message(e, "%s to %s%s%s: %.*s", what,
			 loaded ? "tmux and its clipboard" :
			 sent ? "the terminal's clipboard" : "",
			 file && (loaded || sent) ? " and " : "",
			 file ? strbuf_c(&path) : "", STR_ARG(text));
}
