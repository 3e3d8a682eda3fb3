/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The child reads the store and reports through a pipe in records: a letter, a
 * length, a text or number. LMDB trusts its pages, so on a damaged file the
 * child may crash; the parent only ever reads the pipe.
 */
#include "config.h"

#include "store/verify.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/job.h"
#include "base/scope.h"
#include "store/catalog.h"
#include "store/check.h"
#include "store/env.h"
#include "store/folder.h"
#include "store/store_impl.h"
#include "store/trained.h"

#define TEXT_MAX 1024
#define FAULTS_MAX 1000

enum record_kind {
	RECORD_FAULT,		/* text */
	RECORD_ERROR,		/* text: no verdict, as memory is out */
	RECORD_UNREAD,		/* text: no verdict, as something could not be opened */
	RECORD_SIZE,		/* struct size */
	RECORD_PROGRESS,	/* uint64_t bytes */
	RECORD_DONE,
};

struct record {
	uint32_t kind, len;
};

struct size {
	uint64_t generation, arrays, bytes, data;
};

void verify_report_finish(struct verify_report *r)
{
	strbuf_finish(&r->text);
}

/* --- the child */

static void send_record(int fd, enum record_kind kind, const void *data, size_t len)
{
	struct {
		struct record head;
		char data[TEXT_MAX];
	} r = {.head = {kind, (uint32_t)(len < TEXT_MAX ? len : TEXT_MAX)}};
	size_t size, at = 0;

	memcpy(r.data, data, r.head.len);
	size = sizeof r.head + r.head.len;
	while (at < size) {
		ssize_t n = write(fd, (char *)&r + at, size - at);

		if (n < 0 && errno != EINTR)
			_exit(2);	/* the parent is gone */
		at += n > 0 ? (size_t)n : 0;
	}
}

static void send_fault(void *ctx, const char *text)
{
	send_record(*(int *)ctx, RECORD_FAULT, text, strlen(text));
}

static void send_unable(void *ctx, const char *text)
{
	send_record(*(int *)ctx, RECORD_ERROR, text, strlen(text));
}

static void send_progress(void *ctx, uint64_t bytes)
{
	send_record(*(int *)ctx, RECORD_PROGRESS, &bytes, sizeof bytes);
}

static void send_size(int fd, const struct store *s)
{
	const struct entry_list *l = store_entries(s);
	struct size z = {store_generation(s), l->n, store_bytes(s), 0};

	for (size_t i = 0; i < l->n; i++)
		z.data += l->at[i].array.rows * entry_row(&l->at[i]);
	send_record(fd, RECORD_SIZE, &z, sizeof z);
}

static void check_models(struct checker *k)
{
	struct trained_list l;

	trained_list_read(store_path(k->s), &l);
	for (size_t i = 0; i < l.n; i++) {
		SCOPED(trained) t = NULL;
		struct err err = {0};

		if (trained_open(&t, k->s, l.name[i], &err))
			trained_check(t, k);
		else if (err.code == ERR_NOMEM)
			k->unable(k->ctx, err.text);
		else if (err.code == ERR_IO)
			send_record(*(int *)k->ctx, RECORD_UNREAD, err.text, strlen(err.text));
		else
			check_fault(k, "%s", err.text);
	}
	trained_list_finish(&l);
}

static void check_all(int fd, const char *path)
{
	SCOPED(store) s = NULL;
	struct checker k = {
		.fault = send_fault,
		.unable = send_unable,
		.progress = send_progress,
		.ctx = &fd,
	};
	struct err err = {0};

	if (!store_open_blindly(&s, path, &err)) {
		send_record(fd, err.code == ERR_NOMEM ? RECORD_ERROR :
			    err.code == ERR_IO ? RECORD_UNREAD : RECORD_FAULT, err.text,
			    strlen(err.text));
		return;
	}
	send_size(fd, s);
	k.s = s;
	k.c = store_catalog(s);
	check_arrays(&k);
	check_links(&k);
	if (!k.faults)
		store_seal(s);
	check_models(&k);
}

/* Die of what kills, quietly: no handler of the parent's (it would restore a
 * terminal that is not ours), no core file, nothing on stderr. */
static void child(int fd, const char *path)
{
	static const int deadly[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTERM,
				     SIGINT,  SIGHUP, SIGPIPE};
	const struct rlimit none = {0, 0};
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	for (size_t i = 0; i < sizeof deadly / sizeof deadly[0]; i++)
		signal(deadly[i], SIG_DFL);
	setrlimit(RLIMIT_CORE, &none);
	if (null >= 0)
		dup2(null, STDERR_FILENO);
	env_forget();
	check_all(fd, path);
	send_record(fd, RECORD_DONE, "", 0);
	_exit(0);
}

/* --- the parent */

static void add_fault(struct verify_report *r, struct str text)
{
	if (++r->faults > FAULTS_MAX)
		return;
	strbuf_add(&r->text, text);
	strbuf_addc(&r->text, '\n');
}

struct listening {
	struct verify_report *r;
	struct job *job;
	bool *done;
};

/* Take whole records off the front of the buffer. */
static bool take_records(struct strbuf *in, struct listening l, struct err *err)
{
	size_t at = 0;
	struct record head;

	while (in->len - at >= sizeof head) {
		const char *data = in->ptr + at + sizeof head;
		uint64_t bytes;
		struct size z;

		memcpy(&head, in->ptr + at, sizeof head);
		if (in->len - at - sizeof head < head.len)
			break;
		if (head.kind == RECORD_ERROR || head.kind == RECORD_UNREAD)
			return err_fail(err, head.kind == RECORD_ERROR ? ERR_NOMEM : ERR_IO,
					"%.*s", (int)head.len, data);
		if (head.kind == RECORD_FAULT)
			add_fault(l.r, str_span(data, head.len));
		if (head.kind == RECORD_PROGRESS && head.len == sizeof bytes) {
			memcpy(&bytes, data, sizeof bytes);
			job_advance(l.job, bytes);
		}
		if (head.kind == RECORD_SIZE && head.len == sizeof z) {
			memcpy(&z, data, sizeof z);
			l.r->generation = z.generation;
			l.r->arrays = z.arrays;
			l.r->bytes = z.bytes;
			job_step(l.job, "verifying", z.data);
		}
		*l.done |= head.kind == RECORD_DONE;
		at += sizeof head + head.len;
	}
	memmove(in->ptr, in->ptr + at, in->len - at);
	in->len -= at;
	return true;
}

static bool listen_to(int fd, struct listening l, struct err *err)
{
	STRBUF(in);

	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		char room[4096];
		ssize_t n;

		if (!job_check(l.job, err))
			return false;
		if (poll(&p, 1, 100) <= 0)
			continue;
		n = read(fd, room, sizeof room);
		if (n == 0)
			return true;
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return err_errno(err, errno, "can't read from the verifying process");
		if (n <= 0)
			continue;
		strbuf_add(&in, str_span(room, (size_t)n));
		if (!take_records(&in, l, err))
			return false;
	}
}

/* What ended the child says something about the file, but for a lack of memory. */
static bool add_death(struct verify_report *r, int status, struct err *err)
{
	STRBUF(text);

	if (WIFEXITED(status) && WEXITSTATUS(status) == err_exit_code(ERR_NOMEM))
		return err_fail(err, ERR_NOMEM, "out of memory while verifying");
	if (WIFSIGNALED(status))
		strbuf_addf(&text, "the file is so damaged that reading it crashed "
				   "(signal %d)", WTERMSIG(status));
	else
		strbuf_addf(&text, "the file is so damaged that reading it ended early "
				   "(exit %d)", WEXITSTATUS(status));
	add_fault(r, strbuf_str(&text));
	return true;
}

static bool verify_in_child(const char *path, struct verify_report *r, struct job *job,
			    struct err *err)
{
	int pipes[2], status = 0;
	bool ok, done = false;
	pid_t pid;

	if (pipe2(pipes, O_CLOEXEC) != 0)
		return err_errno(err, errno, "can't make a pipe");
	pid = fork();
	if (pid < 0) {
		err_errno(err, errno, "can't start the verifying process");
		close(pipes[0]);
		close(pipes[1]);
		return false;
	}
	if (pid == 0) {
		close(pipes[0]);
		child(pipes[1], path);
	}
	close(pipes[1]);
	ok = listen_to(pipes[0], (struct listening){r, job, &done}, err);
	close(pipes[0]);
	if (!ok)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (ok && (!done || status != 0))
		ok = add_death(r, status, err);
	return ok;
}

bool verify_store(const char *path, struct verify_report *r, struct job *job,
		  struct err *err)
{
	struct verify_report new = {0};

	if (!store_current(path, &new.generation, err) || !folder_is_local(path, err))
		return false;
	job_step(job, "verifying", 0);
	if (!verify_in_child(path, &new, job, err)) {
		verify_report_finish(&new);
		return false;
	}
	if (new.faults > FAULTS_MAX)
		strbuf_addf(&new.text, "and %u faults more\n", new.faults - FAULTS_MAX);
	*r = new;
	return true;
}
