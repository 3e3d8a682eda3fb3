/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture: screens one after the other as one SVG that moves by itself, without a script. */
#ifndef TUI_PICTURE_H
#define TUI_PICTURE_H

struct out;
struct picture;

/* Of windows of that many cells. */
struct picture *picture_create(int rows, int cols);
void picture_destroy(struct picture *p);
/* What curses has on the screen (curscr) is seen from `at` on, for `seconds`. */
void picture_take(struct picture *p, double at, double seconds);
void picture_write(const struct picture *p, struct out *out);

#endif
