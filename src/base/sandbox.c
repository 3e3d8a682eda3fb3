/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Landlock (Linux 5.13, Documentation/userspace-api/landlock.rst) decides about files by their
 * place, a seccomp filter about system calls by their numbers and flags. Either alone holds a
 * kiosk: the filter refuses to open anything for writing. Constants stand here, as headers are
 * often older than the kernel.
 */
#include "config.h"

#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"
#include "base/sanitized.h"
#include "base/scope.h"
#include "base/str.h"

/* A build that counts what the tests run writes the counts beside its objects when it ends, out of
 * any sandbox. What a kiosk can't do isn't tested with it. */
#ifndef COVERAGE_FOLDER
#define COVERAGE_FOLDER NULL
#endif

/* --- Landlock */

#define CREATE_RULESET 444
#define ADD_RULE 445
#define RESTRICT_SELF 446
#define RULE_PATH_BENEATH 1
#define RULESET_VERSION 1u

enum access {
	EXECUTE = 1 << 0,
	WRITE_FILE = 1 << 1,
	READ_FILE = 1 << 2,
	READ_DIR = 1 << 3,
	REMOVE_FILE = 1 << 5,
	CHANGES = 0x1ff0 | WRITE_FILE,	/* removing and making things of any kind */
	REFER = 1 << 13,	/* version 2 */
	TRUNCATE = 1 << 14,	/* version 3 */
	OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE,
};
#define NET 3u		/* bind, connect; version 4 */
#define SCOPES 3u	/* abstract sockets, signals; version 6 */

struct ruleset {
	uint64_t files, net, scopes;
};

struct __attribute__((packed)) beneath {
	uint64_t allowed;
	int32_t folder;
};

static int landlock_version(void)
{
	long v = syscall(CREATE_RULESET, NULL, 0, RULESET_VERSION);

	return v > 0 ? (int)v : 0;
}

static void allow(int rules, const char *path, uint64_t access)
{
	SCOPED_FD int fd = open(path, O_PATH | O_CLOEXEC);
	struct beneath b = {access, fd};
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		return;		/* what isn't there needs no leave */
	if (!S_ISDIR(st.st_mode))
		b.allowed &= OF_FILES;
	syscall(ADD_RULE, rules, RULE_PATH_BENEATH, &b, 0);
}

static uint64_t governed(enum sandbox_level level, int version)
{
	uint64_t a = CHANGES | (version >= 2 ? REFER : 0) | (version >= 3 ? TRUNCATE : 0);

	return level == SANDBOX_KIOSK ? a | EXECUTE | READ_FILE | READ_DIR : a;
}

/* What the C library, curses and the clock's zone are read from, and OpenBLAS. */
static void allow_system(int rules)
{
	static const char *const read[] = {
		"/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64",
		"/etc/ld.so.cache", "/etc/terminfo", "/usr/share/terminfo",
		"/usr/share/zoneinfo", "/etc/localtime", "/proc/meminfo",
		"/proc/self/mountinfo", "/sys/devices/system/cpu", "/dev/null",
	};

	for (size_t i = 0; i < sizeof read / sizeof *read; i++)
		allow(rules, read[i], READ_FILE | READ_DIR);
	if (SANITIZED)	/* checks at the end read it, and look in from outside */
		allow(rules, "/proc", READ_FILE | READ_DIR);
}

static int guard_files(enum sandbox_level level, const char *folder)
{
	int version = landlock_version();
	struct ruleset set = {.files = governed(level, version), .net = NET, .scopes = SCOPES};
	size_t size = version >= 6 ? sizeof set : version >= 4 ? offsetof(struct ruleset, scopes)
							       : sizeof set.files;
	int rules = version ? (int)syscall(CREATE_RULESET, &set, size, 0) : -1;

	if (rules < 0)
		return 0;
	if (folder)
		allow(rules, folder, level == SANDBOX_KIOSK ? READ_FILE | READ_DIR : REMOVE_FILE);
	if (level == SANDBOX_KIOSK)
		allow_system(rules);
	else
		allow(rules, "/dev/null", WRITE_FILE);
	if (COVERAGE_FOLDER)
		allow(rules, COVERAGE_FOLDER, set.files);
	if (syscall(RESTRICT_SELF, rules, 0) != 0)
		version = 0;
	close(rules);
	return version;
}

/* --- seccomp */

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#define REFUSE(errnum) (SECCOMP_RET_ERRNO | (errnum))
#define X32 0x40000000u		/* numbers of another kind of call on x86-64 */
#define FILTER_MAX 256

struct filter {
	struct sock_filter at[FILTER_MAX];
	unsigned short n;
};

static void add(struct filter *f, struct sock_filter i)
{
	if (f->n < FILTER_MAX)
		f->at[f->n++] = i;
}

static void load(struct filter *f, size_t offset)
{
	add(f, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

static void answer(struct filter *f, uint32_t with)
{
	add(f, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, with));
}

/* The next `over` instructions are for that number alone. */
static void when(struct filter *f, uint32_t number, uint8_t over)
{
	add(f, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, over));
}

static void refuse(struct filter *f, int number, uint32_t with)
{
	when(f, (uint32_t)number, 1);
	answer(f, REFUSE(with));
}

/* Of a call: allowed when none of the bits of its argument is set, or when one is. */
static void by_bits(struct filter *f, int number, unsigned argument, uint32_t bits, bool set)
{
	when(f, (uint32_t)number, 5);
	load(f, offsetof(struct seccomp_data, args) + argument * sizeof(uint64_t));
	add(f, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, bits));
	when(f, 0, 1);
	answer(f, set ? REFUSE(EPERM) : SECCOMP_RET_ALLOW);
	answer(f, set ? SECCOMP_RET_ALLOW : REFUSE(EACCES));
}

/* Programs, sockets, other processes, and doors that the kernel opens to no one in need. */
static const int never[] = {
	SYS_socket, SYS_socketpair, SYS_connect, SYS_bind, SYS_listen, SYS_accept, SYS_accept4,
	SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_unshare, SYS_setns,
	SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_reboot,
	SYS_swapon, SYS_swapoff, SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_add_key,
	SYS_request_key, SYS_keyctl, SYS_open_by_handle_at, SYS_process_vm_writev,
	425, 426, 427,	/* io_uring, which goes around filters */
#if !SANITIZED
	SYS_execve, SYS_execveat, SYS_ptrace, SYS_process_vm_readv,
#endif
};

/* What changes files by their names. */
static const int changes[] = {
	SYS_mkdirat, SYS_mknodat, SYS_unlinkat, SYS_renameat2, SYS_linkat, SYS_symlinkat,
	SYS_truncate, SYS_fchmodat, SYS_fchmod, SYS_fchownat, SYS_fchown, SYS_setxattr,
	SYS_lsetxattr, SYS_fsetxattr, SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr,
	SYS_utimensat,
#ifdef SYS_renameat
	SYS_renameat,
#endif
#ifdef SYS_open		/* of before there were the forms with a folder */
	SYS_creat, SYS_mkdir, SYS_mknod, SYS_unlink, SYS_rmdir, SYS_rename, SYS_link,
	SYS_symlink, SYS_chmod, SYS_chown, SYS_lchown, SYS_utime, SYS_utimes, SYS_futimesat,
#endif
};

static void add_kiosk(struct filter *f)
{
	const uint32_t writes = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY);

	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
		refuse(f, changes[i], EACCES);
	refuse(f, 437, ENOSYS);			/* openat2, whose flags can't be seen */
	if (!COVERAGE_FOLDER) {
		by_bits(f, SYS_openat, 2, writes, false);
#ifdef SYS_open
		by_bits(f, SYS_open, 1, writes, false);
#endif
	}
#if !SANITIZED
	refuse(f, 435, ENOSYS);			/* clone3, likewise: the C library falls back */
	by_bits(f, SYS_clone, 0, CLONE_THREAD, true);
#ifdef SYS_fork
	refuse(f, SYS_fork, EPERM);
	refuse(f, SYS_vfork, EPERM);
#endif
#endif
}

static bool guard_calls(enum sandbox_level level)
{
#ifdef ARCHITECTURE
	struct filter f = {.n = 0};
	struct sock_fprog program = {.filter = f.at};

	load(&f, offsetof(struct seccomp_data, arch));
	add(&f, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0));
	answer(&f, SECCOMP_RET_KILL_PROCESS);
	load(&f, offsetof(struct seccomp_data, nr));
	add(&f, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32, 0, 1));
	answer(&f, REFUSE(ENOSYS));
	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		refuse(&f, never[i], EPERM);
	/* No keys into the queue of the terminal, which its shell would take for typed. */
	when(&f, SYS_ioctl, 4);
	load(&f, offsetof(struct seccomp_data, args) + sizeof(uint64_t));
	when(&f, TIOCSTI, 1);
	answer(&f, REFUSE(EPERM));
	answer(&f, SECCOMP_RET_ALLOW);
	if (level == SANDBOX_KIOSK)
		add_kiosk(&f);
	answer(&f, SECCOMP_RET_ALLOW);
	program.len = f.n;
	return f.n < FILTER_MAX &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
#else
	(void)level;
	return false;
#endif
}

/* --- both */

void sandbox_enter(enum sandbox_level level, const char *folder, struct sandbox *got)
{
	*got = (struct sandbox){0};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return;
	if (level != SANDBOX_WORK)
		got->landlock = guard_files(level, folder);
	got->calls = guard_calls(level);
}

bool sandbox_kiosk(const char *folder, struct err *err)
{
	struct sandbox got;

	sandbox_enter(SANDBOX_KIOSK, folder, &got);
	return got.landlock || got.calls ||
	       err_fail(err, ERR_NO, "this kernel has neither Landlock nor seccomp, so nothing "
			"would hold a visitor who finds a fault: --no-sandbox opens the kiosk all "
			"the same");
}

void sandbox_add(const struct sandbox *s, struct strbuf *b)
{
	if (s->landlock)
		strbuf_addf(b, "files by Landlock %d", s->landlock);
	if (s->calls)
		strbuf_addf(b, "%ssystem calls by seccomp", s->landlock ? ", " : "");
	if (!s->landlock && !s->calls)
		strbuf_adds(b, "none: this kernel has neither Landlock nor seccomp");
}
