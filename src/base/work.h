/* SPDX-License-Identifier: GPL-3.0-or-later */
/* work: who works at what takes long, and for whom. */
#ifndef BASE_WORK_H
#define BASE_WORK_H

struct job;
struct pool;

struct work {
	struct pool *pool;	/* NULL: the caller's thread alone */
	struct job *job;	/* reports and can be cancelled; NULL: neither */
};

#endif
