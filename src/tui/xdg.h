/* SPDX-License-Identifier: GPL-3.0-or-later */
/* xdg: files of the person's own: settings, and what is kept between runs. */
#ifndef TUI_XDG_H
#define TUI_XDG_H

#include <stdbool.h>

#include "base/str.h"

enum xdg {
	XDG_CONFIG,	/* $XDG_CONFIG_HOME/aisle, else ~/.config/aisle */
	XDG_STATE,	/* $XDG_STATE_HOME/aisle, else ~/.local/state/aisle */
};

/* The path of a file there; make: and the folders above it. false: no home is known. */
bool xdg_path(enum xdg which, const char *name, bool make, struct strbuf *path);
/* A whole small file; false: it is not there, or longer than 1 MiB. */
bool xdg_read(enum xdg which, const char *name, struct strbuf *text);
/* Write it anew, for its owner alone; it is whole or as before. false: it can't be. */
bool xdg_write(enum xdg which, const char *name, struct str text);

#endif
