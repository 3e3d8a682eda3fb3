/* SPDX-License-Identifier: GPL-3.0-or-later */
/* folder: what a store's folder holds, file by file, and who may remove what. */
#ifndef STORE_FOLDER_H
#define STORE_FOLDER_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

#define FOLDER_CURRENT "CURRENT"	/* one line: "catalog-7.mdb" */
#define FOLDER_LOCK "writer.lock"
#define FOLDER_KEY "pseudonyms.key"	/* see store/secret.h */
#define FOLDER_DECIDED "verdicts.lock"	/* written and closed by whoever decides */
#define FOLDER_MODEL "model-"	/* before the names of trained models */
#define FOLDER_UNFINISHED "unfinished-"	/* before those of trainings that were stopped */
#define FOLDER_TEMPORARY ".tmp"	/* behind the name of a file that folder_put is writing */
#define FOLDER_BUILDING "building-"	/* before the names of files that grow */

/* PATH/catalog-N.mdb; free() it. */
char *folder_catalog(const char *path, uint64_t generation);
/* PATH/name; free() it. */
char *folder_file(const char *path, const char *name);
/* open(2) for every file of a store, which may come from someone else: links are not
 * followed, nothing is waited for, and what is no regular file is refused (ERR_STORE).
 * -1 with errno when it fails; else a descriptor that the caller closes. */
int folder_open(const char *file, int flags, struct err *err);

/* ERR_STORE for file systems whose mappings and locks can't be relied upon
 * (NFS, SMB, sshfs and their like). `path` must exist. */
bool folder_is_local(const char *path, struct err *err);
/* Read CURRENT. Strict: one line, exactly as folder_switch writes it. A folder
 * without it is ERR_STORE "... is not a store". */
bool folder_current(const char *path, uint64_t *generation, struct err *err);
/* Point CURRENT at a generation: new file, synced, renamed, folder synced. */
bool folder_switch(const char *path, uint64_t generation, struct err *err);
bool folder_sync(const char *path, struct err *err);
/* Give the file `name` of the folder that text: a new file, synced, renamed, folder synced. */
bool folder_put(const char *path, const char *name, struct str text, struct err *err);

/* Make the folder if it is missing (*made); refuse one that holds other things. */
bool folder_prepare(const char *path, bool *made, struct err *err);
/* The highest generation that has a file, or 0. */
uint64_t folder_highest(const char *path);
/* Remove files of builds that were killed. Only under the writer lock. */
void folder_sweep(const char *path);
/* Remove a generation's file and lock file unless someone has it open (holds
 * a shared flock on it). False when it is still there. */
bool folder_remove(const char *path, uint64_t generation);
/* The same for any file of the folder by its name. */
bool folder_remove_file(const char *path, const char *name);
/* Call visit for the name of every entry. */
void folder_each(const char *path, void (*visit)(void *ctx, struct str name), void *ctx);
/* Remove every generation but `keep` that no one has open. */
void folder_remove_others(const char *path, uint64_t keep);

#endif
