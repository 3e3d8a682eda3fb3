/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aisle import DATASET FILE... --into STORE */
#include "config.h"

#include <limits.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/out.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "cmd/cmd.h"
#include "cmd/load.h"
#include "cmd/load_counts.h"
#include "cmd/load_edges.h"
#include "cmd/load_files.h"
#include "cmd/load_vectors.h"
#include "data/mapping.h"
#include "cmd/load_verdicts.h"
#include "guess/guess.h"

static const enum opt_id options[] = {
	OPT_ID_INTO, OPT_ID_APPEND, OPT_ID_MAP, OPT_ID_GUESS, OPT_ID_DRY, OPT_ID_ENCODING,
	OPT_ID_PRODUCTS_FILE, OPT_ID_USERS_FILE, OPT_ID_EVENT_WEIGHTS, OPT_ID_GAP,
	OPT_ID_SEPARATOR, OPT_ID_HEADER,
	OPT_ID_SKIP_COLUMNS, OPT_ID_LAYOUT, OPT_ID_REJECTS, OPT_ID_STRICT,
	OPT_ID_MAX_REJECTS, OPT_ID_SPREADSHEET_BACK, OPT_ID_DUPLICATES, OPT_ID_MAX_SESSION,
	OPT_ID_CURRENCY, OPT_ID_TIME_ZONE, OPT_ID_MEMORY, OPT_ID_WAIT, OPT_ID_IDS_FILE,
	OPT_ID_INDEX, OPT_ID_SEED, OPT_ID_RELATION, OPT_ID_UNDIRECTED,
	OPT_ID_COUNTS_TOP, OPT_IDS,
};

/* ISO 4217 codes have three capitals; other units may be named too. */
static bool check_currency(struct str code, struct err *err)
{
	if (code.len > 7)
		return err_fail(err, ERR_USAGE, "--currency takes at most 7 letters, as USD, "
				"not '%.*s'", STR_ARG(code));
	for (size_t i = 0; i < code.len; i++)
		if (code.ptr[i] <= ' ' || code.ptr[i] > '~')
			return err_fail(err, ERR_USAGE, "--currency takes ASCII letters, not "
					"'%.*s'", STR_ARG(code));
	return true;
}

/* A name of the time zone database, where that is installed; else what looks so. */
static bool check_time_zone(const char *zone, struct err *err)
{
	static const char folder[] = "/usr/share/zoneinfo";
	struct zone z;
	STRBUF(path);
	if (zone_open(&z, zone)) {
		zone_finish(&z);
		return true;
	}
	strbuf_addf(&path, "%s/%s", folder, zone);
	size_t ok = strspn(zone, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "0123456789/_+-");
	if (ok > 0 && ok < 64 && !zone[ok] &&
	    (access(folder, F_OK) != 0 || access(strbuf_c(&path), F_OK) == 0))
		return true;
	return err_fail(err, ERR_USAGE, "--time-zone takes a name as Europe/Berlin or UTC, or "
			"an offset as UTC-05:00, not '%s'", zone);
}

#define TRIED ((uint64_t)4 << 20)	/* bytes of the file */

/* The proposal is tried on the beginning of the file: what import would refuse, or
 * reject of it, stands above it. */
static bool try_proposal(struct cmd_env *env, const char *file, struct strbuf *b,
			 struct err *err)
{
	struct import_options o = {
		.set = dataset_find(STR("csv")),
		.dataset.mapping = strbuf_c(b),
		.files = &file,
		.n_files = 1,
		.max_rejects = 0.1,
		.duplicates = DUPLICATES_KEEP,
		.sample = TRIED,
	};
	struct import_summary sum = {0};
	struct err why = {0};
	SCOPED(mapping) m = NULL;
	STRBUF(all);

	if (strcmp(file, "-") == 0 ||
	    !mapping_parse_file(&m, file, strbuf_str(b), NULL) || !mapping_check(m, NULL))
		return true;	/* it leads to something else than a mapping */
	if (!isnan(m->max_rejects))
		o.max_rejects = m->max_rejects;
	if (!load_check(env, &o, &sum, NULL, &why)) {
		if (why.code != ERR_FORMAT && why.code != ERR_USAGE) {
			*err = why;
			return false;
		}
		strbuf_addf(&all, "# WARNING: import refuses this mapping: %s\n", why.text);
	} else if (sum.rejected) {
		strbuf_addf(&all, "# CHECK: %llu of the first %llu records can't be loaded; %s\n",
			    (unsigned long long)sum.rejected, (unsigned long long)sum.records,
			    sum.first_reject);
	}
	strbuf_add(&all, strbuf_str(b));
	strbuf_reset(b);
	strbuf_add(b, strbuf_str(&all));
	return true;
}

/* aisle import --guess FILE; the data set csv may be named, as it is no guess. */
static bool run_guess(struct cmd_env *env, const struct args *a, struct err *err)
{
	unsigned n = args_operands(a);
	bool named = n == 2 && str_is(args_operand(a, 0), "csv");
	struct load_files files __attribute__((cleanup(load_files_finish))) = {0};
	STRBUF(b);

	if (n != 1 + (unsigned)named)
		return err_fail(err, ERR_USAGE, "--guess looks at one file: aisle import "
				"--guess FILE");
	if (!load_files_add(&files, args_operand(a, n - 1).ptr, err) ||
	    !guess_file(files.at[0], &b, err) || !try_proposal(env, files.at[0], &b, err))
		return false;
	if (out_is_tty(env->out)) {
		STRBUF(clean);
		sanitize(&clean, strbuf_str(&b), SANITIZE_TEXT);
		out_add(env->out, strbuf_str(&clean));
		return true;
	}
	out_add(env->out, strbuf_str(&b));
	return true;
}

static bool parse_separator(struct str s, char *separator, struct err *err)
{
	static const struct {
		const char *name;
		char c;
	} names[] = {{"space", ' '}, {"tab", '\t'}, {"\\t", '\t'}, {"semicolon", ';'}};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_is(s, names[i].name)) {
			*separator = names[i].c;
			return true;
		}
	if (s.len != 1 || (s.ptr[0] != '\t' && (s.ptr[0] < ' ' || s.ptr[0] > '~')) ||
	    s.ptr[0] == '"')
		return err_fail(err, ERR_USAGE, "--separator takes one ASCII character that "
				"is no quote, or space, tab or semicolon, not '%.*s'",
				STR_ARG(s));
	*separator = s.ptr[0];
	return true;
}

/* How the data set's files are to be read. */
static bool parse_dataset_options(const struct args *a, struct dataset_options *o,
				  struct err *err)
{
	struct str separator = args_text(a, OPT_ID_SEPARATOR);

	o->gap = (int64_t)(args_real(a, OPT_ID_GAP) * 60000);
	o->header = args_text(a, OPT_ID_HEADER).ptr;
	o->layout = args_text(a, OPT_ID_LAYOUT).ptr;
	o->skip_columns = args_given(a, OPT_ID_SKIP_COLUMNS)
				  ? (int)args_count(a, OPT_ID_SKIP_COLUMNS)
				  : -1;
	return !separator.ptr || parse_separator(separator, &o->separator, err);
}

/* What wasn't said is the store's. */
static void take_store_options(const struct args *a, const char *into,
			       struct import_options *o)
{
	o->append = into;
	if (!args_given(a, OPT_ID_MAX_SESSION))
		o->max_session = 0;
	if (!args_given(a, OPT_ID_TIME_ZONE))
		o->time_zone = NULL;
	if (!args_given(a, OPT_ID_DUPLICATES))
		o->duplicates = DUPLICATES_UNSAID;
}

/* What the mapping says of the import as a whole, unless options do. */
static bool take_mapping(const struct args *a, struct import_options *o, struct mapping **m,
			 struct err *err)
{
	if (!o->dataset.map || !o->set->mapped)
		return true;
	if (!mapping_load(m, o->dataset.map, err))
		return false;
	if ((*m)->time_zone && !args_given(a, OPT_ID_TIME_ZONE))
		o->time_zone = (*m)->time_zone;
	if (!isnan((*m)->max_rejects) && !args_given(a, OPT_ID_MAX_REJECTS))
		o->max_rejects = (*m)->max_rejects;
	return true;
}

/* Columns that the mapping (NULL: none) doesn't name though they are called like what it
 * lacks. */
static void warn_unnamed(struct cmd_env *env, const struct import_options *o,
			 const struct mapping *m)
{
	struct str rest, line;
	STRBUF(b);

	if (!m)
		return;
	guess_unnamed(o->files[0], m, &b);
	rest = strbuf_str(&b);
	while (rest.len && str_next(&rest, '\n', &line))
		job_notice(env->job, "%.*s", STR_ARG(line));
}

static bool import_run_command(struct cmd_env *env, const struct args *a, struct err *err)
{
	if (args_flag(a, OPT_ID_GUESS))
		return run_guess(env, a, err);
	if (str_is(args_operand(a, 0), "vectors"))
		return load_vectors(env, a, err);
	if (str_is(args_operand(a, 0), "counts"))
		return load_counts(env, a, err);
	if (str_is(args_operand(a, 0), "edges"))
		return load_edges(env, a, err);
	if (str_is(args_operand(a, 0), "verdicts"))
		return load_verdicts(env, a, err);
	if (args_given(a, OPT_ID_RELATION) || args_given(a, OPT_ID_UNDIRECTED))
		return err_fail(err, ERR_USAGE, "--relation and --undirected are for import "
				"edges");
	if (args_given(a, OPT_ID_COUNTS_TOP))
		return err_fail(err, ERR_USAGE, "--top is for import counts");
	if (args_operands(a) < 2)
		return err_fail(err, ERR_USAGE, "import needs a data set and its files: aisle "
				"import DATASET FILE... --into STORE");
	struct load_files files __attribute__((cleanup(load_files_finish))) = {0};
	for (unsigned i = 1; i < args_operands(a); i++)
		if (!load_files_add(&files, args_operand(a, i).ptr, err))
			return false;
	struct import_options o = {
		.files = files.at,
		.n_files = files.n,
		.products = args_text(a, OPT_ID_PRODUCTS_FILE).ptr,
		.users = args_text(a, OPT_ID_USERS_FILE).ptr,
		.rejects = args_text(a, OPT_ID_REJECTS).ptr,
		.strict = args_flag(a, OPT_ID_STRICT),
		.spreadsheet = args_flag(a, OPT_ID_SPREADSHEET_BACK),
		.max_rejects = args_real(a, OPT_ID_MAX_REJECTS),
		.max_session = (uint32_t)args_count(a, OPT_ID_MAX_SESSION),
		.duplicates = str_is(args_text(a, OPT_ID_DUPLICATES), "drop")
			? DUPLICATES_DROP : DUPLICATES_KEEP,
		.currency = args_text(a, OPT_ID_CURRENCY).ptr,
		.time_zone = args_text(a, OPT_ID_TIME_ZONE).ptr,
		.dataset.map = args_text(a, OPT_ID_MAP).ptr,
		.dataset.encoding = args_text(a, OPT_ID_ENCODING).ptr,
	};
	float weight[EVENT_KINDS];
	struct import_summary sum = {0};
	uint64_t memory;
	const char *into = args_text(a, OPT_ID_INTO).ptr;
	if (!load_dataset(args_operand(a, 0), &o.set, err))
		return false;
	if (args_given(a, OPT_ID_EVENT_WEIGHTS)) {
		if (!event_weights_parse(args_text(a, OPT_ID_EVENT_WEIGHTS), weight, err))
			return false;
		o.weights = weight;
	}
	bool check = args_flag(a, OPT_ID_DRY);
	SCOPED(mapping) m = NULL;
	STRBUF(pairs);
	if (!into && !check)
		return err_fail(err, ERR_USAGE, "import needs a store to write: --into STORE");
	if (args_flag(a, OPT_ID_APPEND) && !into)
		return err_fail(err, ERR_USAGE, "--append needs the store that is added to: "
				"--into STORE");
	if (args_flag(a, OPT_ID_APPEND))
		take_store_options(a, into, &o);
	if (!parse_dataset_options(a, &o.dataset, err) || !take_mapping(a, &o, &m, err))
		return false;
	if (o.currency && !check_currency(str_from(o.currency), err))
		return false;
	if (o.time_zone && !check_time_zone(o.time_zone, err))
		return false;
	if (!load_memory(a, &memory, err))
		return false;
	if (check ? !load_check(env, &o, &sum, &pairs, err)
		  : !load_store(env, &o, into, memory, args_real(a, OPT_ID_WAIT), &sum, err))
		return false;
	warn_unnamed(env, &o, m);
	if (!env->quiet)
		load_summary(env->out, &o, check ? NULL : into, &sum, check ? &pairs : NULL);
	return true;
}

static void import_topics(void (*add)(void *ctx, const char *name, const char *text),
			  void *ctx)
{
	for (const struct dataset *const *d = datasets; *d; d++) {
		STRBUF(b);
		strbuf_addf(&b, "%s. Files: %s. A session is %s.", (*d)->title, (*d)->files,
			    (*d)->basket);
		if ((*d)->note)
			strbuf_addf(&b, " %s", (*d)->note);
		add(ctx, (*d)->name, strbuf_c(&b));
	}
	add(ctx, "vectors", "NAME FILE: vectors of products that another program made, as "
	    "word2vec's text or binary (gensim, fastText), .npy or .tsv with ids beside it. "
	    "They become the model NAME of a store that is there already.");
	add(ctx, "counts", "DIR: a bundle of counts that Spark, DuckDB or another engine made of "
	    "a log too big for one machine (aisle-bundle(5)). The store has products, pairs and "
	    "transitions, but no events: what needs them says so.");
	add(ctx, "edges", "FILE...: a weighted graph of products, two ids and a whole number a "
	    "line, as export edges writes it in csv, tsv, jsonl, edg or parquet. An edge of "
	    "weight n counts as n sessions with both of its products; --relation says of which "
	    "kind (default: co-purchase, what completes; co-view is what is alike, "
	    "adjacent-view and view-purchase have a direction), RELATION=FILE of one file, a "
	    "column relation of each edge. Equal edges are added. --products FILE says what the "
	    "products are. Transitions are counted of it, models learn from it as from so many "
	    "sessions of two, and evaluate --task complement holds some of its pairs back.");
}

static void import_complete(const struct completion *c)
{
	for (const struct dataset *const *d = datasets; c->n == 0 && *d; d++)
		completion_offer(c, str_from((*d)->name));
	if (c->n > 0)
		return;
	completion_offer(c, STR("vectors"));
	completion_offer(c, STR("counts"));
	completion_offer(c, STR("edges"));
}

const struct command cmd_import = {
	.name = "import",
	.operands = "DATASET FILE... --into STORE",
	.min_operands = 1,
	.max_operands = UINT_MAX,
	.flags = CMD_WRITES | CMD_LIVE,
	.options = options,
	.summary = "Read a shop's log into a store and count it.",
	.help = "A record that can't be used is rejected with its file, line, column and "
		"reason, and the rest is loaded; the summary counts them by reason. The new "
		"contents are published all at once when everything is counted and safe on "
		"disk: until then, and when the import fails or is interrupted, the store "
		"keeps what it had, and open explorers move over by themselves.",
	.topics_title = "Data sets",
	.topics = import_topics,
	.run = import_run_command,
	.complete = import_complete,
};
