/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state of decisions at a time is a second vetting; the manifest reads the file again, so
 * that it vouches for what is on the disk. */
#include "config.h"

#include "cmd/curated.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "base/num.h"
#include "base/out.h"
#include "base/time.h"
#include "cmd/cmd.h"
#include "model/model.h"
#include "store/store.h"
#include "vet/journal.h"
#include "vet/rules.h"
#include "vet/verdicts.h"
#include "vet/vetting.h"

/* --- what has changed */

static int64_t created(const struct store *s)
{
	const char *text = json_string_value(json_object_get(store_meta(s), "created"));
	int64_t ms = 0;

	return text && time_parse(str_from(text), &ms) ? ms : 0;
}

static bool rules_since(const struct store *s, int64_t *ms, struct err *err)
{
	struct journal_place at = {store_path(s), "aisle export", VERDICTS_PATIENCE, NULL};
	SCOPED(journal) j = NULL;
	STRBUF(text);

	*ms = 0;
	if (!journal_read(&j, &at, err) || !journal_text(j, RULES_SINCE, &text, err))
		return false;
	return !text.len || num_i64(strbuf_str(&text), ms) || true;
}

/* A day, a time, or the number of an import: when that was. */
static bool parse_since(const struct store *s, struct str text, int64_t *since, struct err *err)
{
	uint64_t import;

	if (time_parse_date(text, since) || time_parse(text, since))
		return true;
	if (!num_u64(text, &import) || import == 0 || import > store_generation(s))
		return err_fail(err, ERR_USAGE, "--changed-since takes a day as 2026-11-29, "
			"a time or an "
				"import from 1 to %ju, not '%.*s'",
				(uintmax_t)store_generation(s),
				STR_ARG(text));
	*since = import == store_generation(s) ? created(s) : 1;
	return true;
}

static void say_all(struct cmd_env *env, const char *why)
{
	STRBUF(b);

	if (env->quiet || !env->say)
		return;
	strbuf_addf(&b, "all lists are written: %s since then", why);
	env->say(env->front, strbuf_c(&b));
}

bool curated_since(struct cmd_env *env, const struct args *a, struct export_request *r,
		   struct vetting **before, struct err *err)
{
	struct vetting_options o = {
		.mode = VETTING_NOT_REJECTED, .now = time_now(), .lenient = true,
	};
	const struct store *s = r->about.store;
	bool rules = !str_is(outlook_text(r->about.outlook, ASK_RULES), "off");
	int64_t ruled;

	if (!args_given(a, OPT_ID_CHANGED_SINCE))
		return true;
	if (!parse_since(s, args_text(a, OPT_ID_CHANGED_SINCE), &o.until, err) ||
	    !rules_since(s, &ruled, err))
		return false;
	if (created(s) > o.until || ruled >= o.until) {
		say_all(env, created(s) > o.until ? "the store was imported again"
						  : "other rules were set");
		return true;
	}
	if (outlook_asks(r->about.outlook, ASK_VERDICTS))
		vetting_mode_parse(outlook_text(r->about.outlook, ASK_VERDICTS), &o.mode);
	if (!vetting_open(before, s, rules, &o, err))
		return false;
	r->before = *before;
	r->changed = true;
	return true;
}

/* --- the manifest */

static bool sum_file(const char *path, uint64_t *bytes, uint32_t *crc, struct err *err)
{
	SCOPED_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	char room[65536];
	ssize_t n;

	*bytes = 0;
	*crc = 0;
	if (fd < 0)
		return err_errno(err, errno, "can't open %s", path);
	while ((n = read(fd, room, sizeof room)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, errno, "can't read %s", path);
		*crc = crc32c(*crc, room, (size_t)n);
		*bytes += (uint64_t)n;
	}
	return true;
}

static json_t *text_or_null(struct str s)
{
	return s.len ? json_stringn(s.ptr, s.len) : json_null();
}

static void add_asked(json_t *o, const struct export_request *r, const struct args *a)
{
	const struct outlook *look = r->about.outlook;

	json_object_set_new(o, "panel", json_string(rules_panels[r->panel]));
	json_object_set_new(o, "top", json_integer(r->top));
	json_object_set_new(o, "keep_approved", json_boolean(r->keep_approved));
	json_object_set_new(o, "changed_since", text_or_null(args_text(a, OPT_ID_CHANGED_SINCE)));
	json_object_set_new(o, "only_changed", json_boolean(r->changed));
	json_object_set_new(o, "spreadsheet", json_boolean(r->spreadsheet));
	json_object_set_new(o, "where", text_or_null(outlook_text(look, ASK_WHERE)));
	json_object_set_new(o, "category", text_or_null(outlook_text(look, ASK_CATEGORY)));
	json_object_set_new(o, "verdicts", outlook_asks(look, ASK_VERDICTS) ?
			    text_or_null(outlook_text(look, ASK_VERDICTS)) :
			    json_string("not-rejected"));
	json_object_set_new(o, "model", r->about.model ? json_string(model_name(r->about.model)) :
			    json_null());
}

static bool add_rules(json_t *o, const struct export_request *r, struct err *err)
{
	struct journal_place at = {store_path(r->about.store), "aisle export", VERDICTS_PATIENCE,
				   NULL};
	bool off = str_is(outlook_text(r->about.outlook, ASK_RULES), "off");
	SCOPED(journal) j = NULL;
	STRBUF(text);

	if (!journal_read(&j, &at, err) || !journal_text(j, RULES_TEXT, &text, err))
		return false;
	json_object_set_new(o, "rules", off ? json_null() : text_or_null(strbuf_str(&text)));
	json_object_set_new(o, "decisions", json_integer((json_int_t)journal_last(j)));
	return true;
}

static void add_store(json_t *o, const struct store *s)
{
	json_t *uuid = json_object_get(store_meta(s), "uuid");
	json_t *when = json_object_get(store_meta(s), "created");

	json_object_set_new(o, "aisle", json_string(PACKAGE_VERSION));
	json_object_set_new(o, "import", json_integer((json_int_t)store_generation(s)));
	json_object_set(o, "imported", when ? when : json_null());
	json_object_set(o, "store", uuid ? uuid : json_null());
}

static bool save(const json_t *o, const char *path, struct err *err)
{
	SCOPED(out) out = out_file(path, err);
	char *text = out ? json_dumps(o, JSON_INDENT(2)) : NULL;

	if (!out)
		return false;
	out_add(out, str_from(text ? text : "{}"));
	out_addc(out, '\n');
	free(text);
	return out_close(out, err);
}

bool curated_manifest(const struct export_request *r, const struct args *a, struct err *err)
{
	const char *file = args_text(a, OPT_ID_EXPORT_FILE).ptr;
	json_t *o = json_object();
	uint64_t bytes;
	uint32_t crc;
	char sum[16];
	bool ok = sum_file(file, &bytes, &crc, err);
	STRBUF(path);
	const char *name = file;

	for (const char *p = file; *p; p++)
		name = *p == '/' ? p + 1 : name;
	if (ok) {
		snprintf(sum, sizeof sum, "%08x", crc);
		json_object_set_new(o, "file", json_string(name));
		json_object_set_new(o, "format", json_string(export_format_name(r->format)));
		json_object_set_new(o, "bytes", json_integer((json_int_t)bytes));
		json_object_set_new(o, "crc32c", json_string(sum));
		json_object_set_new(o, "lists", json_integer((json_int_t)r->counts->lists));
		json_object_set_new(o, "rows", json_integer((json_int_t)r->counts->rows));
		add_asked(o, r, a);
		add_store(o, r->about.store);
		ok = add_rules(o, r, err);
	}
	strbuf_addf(&path, "%s.manifest.json", file);
	ok = ok && save(o, strbuf_c(&path), err);
	json_decref(o);
	return ok;
}
