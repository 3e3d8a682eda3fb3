/* SPDX-License-Identifier: GPL-3.0-or-later */
/* load: files to a published store, for `import` and `demo`. */
#ifndef CMD_LOAD_H
#define CMD_LOAD_H

#include "base/err.h"
#include "import/import.h"

struct args;
struct cmd_env;
struct job;
struct out;

/* Import, count, publish; the old generation stays when anything fails. memory: as
 * build_set_memory. */
bool load_store(struct cmd_env *env, const struct import_options *o, const char *into,
		uint64_t memory, double wait, struct import_summary *sum, struct err *err);
/* The same in a folder for a while, which leaves nothing; pairs: lines on what goes
 * together, NULL: that isn't counted, and no notice is given. */
bool load_check(struct cmd_env *env, const struct import_options *o,
		struct import_summary *sum, struct strbuf *pairs, struct err *err);
/* What was read, and what was not and why. into NULL: nowhere; pairs may be NULL. */
void load_summary(struct out *out, const struct import_options *o, const char *into,
		  const struct import_summary *sum, const struct strbuf *pairs);
/* ERR_USAGE names the data sets and proposes the nearest. */
bool load_dataset(struct str name, const struct dataset **set, struct err *err);

/* --memory, by default half of the machine's. */
bool load_memory(const struct args *a, uint64_t *bytes, struct err *err);
/* A notice of what had to stay in memory beyond it. */
void load_tell_memory(struct job *job);

#endif
