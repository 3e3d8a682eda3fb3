/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One basket per line and nothing else: the form of market basket collections. */
#include "config.h"

#include "data/dataset.h"

#include <limits.h>

#include "base/err.h"
#include "base/quote.h"
#include "base/time.h"
#include "data/field.h"
#include "data/output.h"

/* Two separators side by side, or one at the end, have no item between them; what
 * table programs pad a line with is none. */
static unsigned next_item(const struct str *field, unsigned n, unsigned from)
{
	while (from < n && (!str_trim(field[from]).len || field_missing(str_trim(field[from]))))
		from++;
	return from;
}

/* All of a record, before its first item is taken. */
static bool check_items(const struct str *field, unsigned n, struct reject *why)
{
	struct str id;

	for (unsigned i = next_item(field, n, 0); i < n; i = next_item(field, n, i + 1))
		if (!field_id(str_trim(field[i]), i, false, &id, why))
			return false;
	return true;
}

static enum row_result row(const void *ctx, const struct str *field, unsigned n,
			   struct event_row *ev, struct reject *why)
{
	unsigned at = next_item(field, n, ev->cursor);

	if (at == n)
		return ROW_SKIP;
	if (ev->cursor == 0 && !check_items(field, n, why))
		return ROW_REJECT;
	ev->time = TIME_NONE;
	ev->kind = EVENT_PURCHASE;
	ev->quantity = 1;
	ev->product = ev->name = str_trim(field[at]);
	ev->cursor = next_item(field, n, at + 1);
	return ev->cursor < n ? ROW_MORE : ROW_EVENT;
}

static bool configure(struct dataset *copy, const struct dataset_options *o,
		      const char *const *files, unsigned n_files, struct err *err)
{
	return !o->gap || err_fail(err, ERR_USAGE, "every line of baskets is a basket: "
				   "--gap has no say there");
}

/* Each item takes the line end of the one before it away. */
static void write_row(struct strbuf *out, const struct event_row *ev)
{
	if (ev->cursor)
		out->ptr[out->len - 1] = ',';
	quote_csv(out, ev->product, ',');
	strbuf_addc(out, '\n');
}

static const enum column_role roles[] = {COLUMN_ID};
static const struct output_file output[] = {{
	.name = "baskets.csv",
	.kinds = OUTPUT_PURCHASES,
	.by_session = true,
	.row = write_row,
	.roles = roles,
	.n_roles = 1,
	.any_fields = true,
}};
static const struct dataset_writer writer = {.files = output, .n_files = 1};

static const struct file_kind kind[] = {{
	.name = "baskets",
	.caps = CAP_PURCHASES | CAP_UNDATED,
	.row = row,
}};

const struct dataset ds_baskets = {
	.name = "baskets",
	.title = "one basket per line",
	.files = "one or more files without a header, a basket on each line, its items "
		 "parted by commas or what --separator says (space for the FIMI files)",
	.basket = "one line",
	.note = "All items are purchases. There are no times: the baskets are in the order "
		"of the files, and their numbers are their ids.",
	.separator = ',',
	.kinds = kind,
	.n_kinds = 1,
	.currency = "",
	.configure = configure,
	.writer = &writer,
};
