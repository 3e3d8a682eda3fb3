/* SPDX-License-Identifier: GPL-3.0-or-later */
/* curated: what an export of lists adds for the shop that loads them. */
#ifndef CMD_CURATED_H
#define CMD_CURATED_H

#include "base/err.h"
#include "export/export.h"

struct args;
struct cmd_env;
struct vetting;

/* --changed-since: r->before and r->changed; *before is what it borrows, the caller's. Where
 * an import or other rules came since, all lists are written, and that is said. ERR_USAGE. */
bool curated_since(struct cmd_env *env, const struct args *a, struct export_request *r,
		   struct vetting **before, struct err *err);
/* FILE.manifest.json: bytes and CRC-32C of FILE as it is on the disk, lists and rows, what was
 * asked, the model, the rules and how many decisions they rest on. */
bool curated_manifest(const struct export_request *r, const struct args *a, struct err *err);

#endif
