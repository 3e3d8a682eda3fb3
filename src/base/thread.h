/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thread: threads beside the one that takes signals. */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <pthread.h>

/*
 * run(ctx) in a thread of its own. Signals are for the thread that starts it, but those that a
 * fault of the new one raises reach their handlers there: blocked they would end the program
 * before a word is said or the terminal put right. 0, or an errno.
 */
int thread_start(pthread_t *t, void *(*run)(void *ctx), void *ctx);
/* This thread, and those that it starts, leave the processors to others where these are few: a
 * batch that wakes takes no one's place, and it is nice by so much. */
void thread_give_way(int nice);

#endif
