/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crash: put the terminal right again, whatever ends the process. */
#ifndef TUI_CRASH_H
#define TUI_CRASH_H

#include <termios.h>

/* What to send on every way out: mouse, paste mode and synchronised output off,
 * cursor on, keypad off, plain text, main screen. */
extern const char crash_restore_bytes[];

/*
 * From now on a crash (SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL) or an exit()
 * by a library restores the terminal first: async-signal-safe, on a stack of its
 * own. SIGBUS and SIGSEGV also say that the store may be damaged, as it is read
 * in place. tty stays the caller's.
 */
void crash_arm(int tty, const struct termios *modes);
/* The terminal has been restored by other means. */
void crash_disarm(void);

#endif
