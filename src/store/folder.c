/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names, generations, the switch of CURRENT, and removal of what no one holds. */
#include "config.h"

#include "store/folder.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/scope.h"


char *folder_file(const char *path, const char *name)
{
	STRBUF(b);

	strbuf_addf(&b, "%s/%s", path, name);
	return strbuf_detach(&b);
}

char *folder_catalog(const char *path, uint64_t generation)
{
	STRBUF(b);

	strbuf_addf(&b, "%s/catalog-%ju.mdb", path, (uintmax_t)generation);
	return strbuf_detach(&b);
}

/* "catalog-N.mdb" written the one way there is; 0 is no generation. */
static bool parse_catalog(struct str name, uint64_t *generation)
{
	const struct str head = STR("catalog-"), tail = STR(".mdb");
	struct str digits;

	if (name.len <= head.len + tail.len || !str_starts(name, head) ||
	    !str_eq(str_span(name.ptr + name.len - tail.len, tail.len), tail))
		return false;
	digits = str_span(name.ptr + head.len, name.len - head.len - tail.len);
	return digits.ptr[0] != '0' && num_u64(digits, generation);
}

/* --- remote file systems */

static const struct {
	uint32_t magic;
	const char *name;
} remote[] = {
	{0x00006969, "NFS"},
	{0x0000517b, "SMB"},
	{0xfe534d42, "SMB"},
	{0xff534d42, "SMB"},
	{0x73757245, "Coda"},
	{0x5346414f, "AFS"},
	{0x6b414653, "AFS"},
	{0x0000564c, "NCP"},
	{0x01021997, "9P"},
	{0x00c36400, "Ceph"},
	{0x0bd00bd0, "Lustre"},
	{0x47504653, "GPFS"},
	{0x01161970, "GFS2"},
	{0x7461636f, "OCFS2"},
	{0x786f4256, "VirtualBox shared folder"},
	{0xbacbacbc, "VMware shared folder"},
};
#define FUSE_MAGIC 0x65735546u

/* The mount table's type of the device ("fuseblk", "fuse.sshfs"), or "". */
static void mount_type(const char *path, char *type, size_t size)
{
	SCOPED_FREE char *line = NULL;
	char device[64];
	struct stat st;
	size_t cap = 0;
	FILE *f;

	type[0] = '\0';
	if (stat(path, &st) != 0 || !(f = fopen("/proc/self/mountinfo", "re")))
		return;
	snprintf(device, sizeof device, "%u:%u", major(st.st_dev), minor(st.st_dev));
	while (getline(&line, &cap, f) > 0) {
		struct str rest = str_from(line), part = STR_NULL;

		for (int i = 0; i < 3 && str_next(&rest, ' ', &part);)
			i++;
		if (!str_is(part, device))
			continue;
		while (str_next(&rest, ' ', &part) && !str_is(part, "-"))
			;
		if (str_next(&rest, ' ', &part))
			snprintf(type, size, "%.*s", STR_ARG(part));
	}
	fclose(f);
}

/* FUSE serves local disks (NTFS, encryption) and remote ones. */
static bool fuse_is_local(const char *type)
{
	static const char *const local[] = {
		"fuseblk",	  "fuse.encfs",	   "fuse.fuse-overlayfs",
		"fuse.gocryptfs", "fuse.mergerfs", "fuse.bindfs",
	};

	for (size_t i = 0; i < sizeof local / sizeof local[0]; i++)
		if (str_is(str_from(type), local[i]))
			return true;
	return false;
}

static bool refuse(const char *path, const char *kind, struct err *err)
{
	return err_fail(err, ERR_STORE,
			"%s is on a remote file system (%s), where a store can't be kept "
			"safely: use a folder on a local disk", path, kind);
}

bool folder_is_local(const char *path, struct err *err)
{
	struct statfs fs;
	char type[64];

	if (statfs(path, &fs) != 0)
		return err_errno(err, errno, "can't look at %s", path);
	for (size_t i = 0; i < sizeof remote / sizeof remote[0]; i++)
		if ((uint32_t)fs.f_type == remote[i].magic)
			return refuse(path, remote[i].name, err);
	if ((uint32_t)fs.f_type != FUSE_MAGIC)
		return true;
	mount_type(path, type, sizeof type);
	return fuse_is_local(type) || refuse(path, type[0] ? type : "FUSE", err);
}

/* --- files */

int folder_open(const char *file, int flags, struct err *err)
{
	int fd = open(file, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0666);
	int why = errno;
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	if (fd >= 0 || why == ENXIO) {
		err_fail(err, ERR_STORE, "%s is not a regular file, as every file of a store "
			 "is: a store from someone else should be looked at before it is "
			 "used", file);
		why = EINVAL;
	} else if (why == ELOOP) {
		err_fail(err, ERR_STORE, "%s is a symbolic link, which no file of a store "
			 "is: put a copy of what it names in its place", file);
	} else {
		err_errno(err, why, "can't open %s", file);
	}
	if (fd >= 0)
		close(fd);
	errno = why;
	return -1;
}

/* --- CURRENT */

bool folder_current(const char *path, uint64_t *generation, struct err *err)
{
	SCOPED_FREE char *file = folder_file(path, FOLDER_CURRENT);
	SCOPED_FD int fd = folder_open(file, O_RDONLY, err);
	char text[64];
	struct stat st;
	ssize_t n;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
		if (stat(path, &st) != 0)
			return err_fail(err, ERR_STORE, "there is no store %s", path);
		return err_fail(err, ERR_STORE,
				"%s is not a store: it has no file CURRENT", path);
	}
	if (fd < 0)
		return false;
	n = read(fd, text, sizeof text);
	if (n < 0)
		return err_errno(err, errno, "can't read %s", file);
	if (n < 1 || n == sizeof text || text[n - 1] != '\n' ||
	    !parse_catalog(str_span(text, (size_t)n - 1), generation))
		return err_fail(err, ERR_STORE,
				"the store is damaged: %s does not name a generation", file);
	return true;
}

bool folder_sync(const char *path, struct err *err)
{
	SCOPED_FD int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) != 0)
		return err_errno(err, errno, "can't sync the folder %s", path);
	return true;
}

static bool write_synced(const char *file, struct str text, struct err *err)
{
	int made = unlink(file) == 0 || errno == ENOENT ? O_EXCL : 0;
	SCOPED_FD int fd = folder_open(file, O_WRONLY | O_CREAT | made, err);
	ssize_t n;

	if (fd < 0)
		return err_context(err, "can't make %s", file);
	n = write(fd, text.ptr, text.len);
	if (n < 0)
		return err_errno(err, errno, "can't write %s", file);
	if ((size_t)n != text.len)
		return err_errno(err, ENOSPC, "can't write %s", file);
	if (fsync(fd) != 0)
		return err_errno(err, errno, "can't sync %s", file);
	return true;
}

bool folder_put(const char *path, const char *name, struct str text, struct err *err)
{
	SCOPED_FREE char *file = folder_file(path, name);
	STRBUF(tmp);

	strbuf_addf(&tmp, "%s" FOLDER_TEMPORARY, file);
	if (!write_synced(strbuf_c(&tmp), text, err)) {
		unlink(strbuf_c(&tmp));
		return false;
	}
	if (rename(strbuf_c(&tmp), file) != 0) {
		err_errno(err, errno, "can't rename %s", strbuf_c(&tmp));
		unlink(strbuf_c(&tmp));
		return false;
	}
	return folder_sync(path, err);
}

bool folder_switch(const char *path, uint64_t generation, struct err *err)
{
	STRBUF(line);

	assert(path);
	strbuf_addf(&line, "catalog-%ju.mdb\n", (uintmax_t)generation);
	return folder_put(path, FOLDER_CURRENT, strbuf_str(&line), err);
}

/* --- what is in the folder */

/* Of folder_put. */
static bool is_temporary(struct str name)
{
	return str_is(name, FOLDER_CURRENT FOLDER_TEMPORARY) ||
	       str_is(name, FOLDER_KEY FOLDER_TEMPORARY);
}

static bool is_ours(struct str name)
{
	return str_is(name, ".") || str_is(name, "..") || str_is(name, FOLDER_CURRENT) ||
	       is_temporary(name) || str_is(name, FOLDER_LOCK) || str_is(name, FOLDER_KEY) ||
	       str_starts(name, STR(FOLDER_BUILDING)) || str_starts(name, STR("catalog-")) ||
	       str_starts(name, STR(FOLDER_MODEL)) || str_starts(name, STR(FOLDER_UNFINISHED)) ||
	       str_starts(name, STR("verdicts."));
}

static bool only_ours(const char *path, struct err *err)
{
	DIR *d = opendir(path);
	struct dirent *e;
	bool ok = true;

	if (!d)
		return err_errno(err, errno, "can't read the folder %s", path);
	while (ok && (e = readdir(d)))
		ok = is_ours(str_from(e->d_name)) ||
		     err_fail(err, ERR_STORE,
			      "%s is not empty and not a store (it holds %s): give the "
			      "store a folder of its own", path, e->d_name);
	closedir(d);
	return ok;
}

bool folder_prepare(const char *path, bool *made, struct err *err)
{
	SCOPED_FREE char *current = folder_file(path, FOLDER_CURRENT);
	struct stat st;

	if (mkdir(path, 0777) == 0) {
		if (!folder_is_local(path, err)) {
			rmdir(path);
			return false;
		}
		*made = true;
		return true;
	}
	if (errno != EEXIST)
		return err_errno(err, errno, "can't make the folder %s", path);
	if (stat(path, &st) != 0)
		return err_errno(err, errno, "can't look at %s", path);
	if (!S_ISDIR(st.st_mode))
		return err_fail(err, ERR_STORE, "%s is a file, not a store's folder", path);
	if (!folder_is_local(path, err))
		return false;
	if (access(current, F_OK) != 0 && !only_ours(path, err))
		return false;
	*made = false;
	return true;
}

void folder_each(const char *path, void (*visit)(void *ctx, struct str name), void *ctx)
{
	DIR *d = opendir(path);
	struct dirent *e;

	if (!d)
		return;
	while ((e = readdir(d)))
		visit(ctx, str_from(e->d_name));
	closedir(d);
}

static void visit_highest(void *ctx, struct str name)
{
	uint64_t *highest = ctx, n;

	if (parse_catalog(name, &n) && n > *highest)
		*highest = n;
}

uint64_t folder_highest(const char *path)
{
	uint64_t highest = 0;

	folder_each(path, visit_highest, &highest);
	return highest;
}

static void visit_sweep(void *ctx, struct str name)
{
	if (!str_starts(name, STR(FOLDER_BUILDING)) && !is_temporary(name))
		return;
	SCOPED_FREE char *file = folder_file(ctx, name.ptr);

	unlink(file);
}

void folder_sweep(const char *path)
{
	SCOPED_FREE char *copy = mem_strdup(path);

	folder_each(path, visit_sweep, copy);
}

bool folder_remove_file(const char *path, const char *name)
{
	SCOPED_FREE char *file = folder_file(path, name);
	SCOPED_FD int fd = folder_open(file, O_RDONLY, NULL);
	STRBUF(lock);

	/* what is no regular file is not held by anyone, and unlink follows nothing */
	if (fd < 0)
		return errno == ENOENT ||
		       ((errno == ELOOP || errno == EINVAL) && unlink(file) == 0);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		return false;
	strbuf_addf(&lock, "%s-lock", file);
	if (unlink(file) != 0)
		return false;
	unlink(strbuf_c(&lock));
	return true;
}

bool folder_remove(const char *path, uint64_t generation)
{
	SCOPED_FREE char *file = folder_catalog(path, generation);

	return folder_remove_file(path, file + strlen(path) + 1);
}

struct others {
	const char *path;
	uint64_t keep;
};

static void visit_others(void *ctx, struct str name)
{
	const struct others *o = ctx;
	uint64_t n;

	if (parse_catalog(name, &n) && n != o->keep)
		folder_remove(o->path, n);
}

void folder_remove_others(const char *path, uint64_t keep)
{
	struct others o = {path, keep};

	folder_each(path, visit_others, &o);
}
