/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A log as a shop may have it, with the mapping that explains it. */
#include "config.h"

#include "data/ds_csv.h"

#include "base/num.h"
#include "base/quote.h"
#include "base/time.h"
#include "data/mapping.h"
#include "data/write.h"

enum { WHEN, WHAT, SKU, TITLE, PATH, MAKER, PRICE, PIECES, CUSTOMER, VISIT, COLUMNS };
static const char *const columns[COLUMNS] = {
	"When", "What", "SKU", "Title", "Path", "Maker", "Unit price", "Pieces",
	"Customer", "Visit",
};

static const char mapping[] =
	"separator=semicolon,decimal=comma,time=When,time-format=d.m.Y H:M:S,event=What,"
	"event.view=seen,event.cart=basketed,event.remove=dropped,event.purchase=sold,"
	"product=SKU,name=Title,category=Path,category-separator=/,brand=Maker,"
	"price=Unit price,quantity=Pieces,user=Customer,session=Visit,currency=EUR";

static void write_mapping(struct strbuf *out)
{
	struct str note[MAPPING_KEYS] = {
		[MAP_SEPARATOR] = STR("The log that stands beside this file: "
				      "aisle import csv log.csv --map log.aislemap"),
		[MAP_EVENT_VIEW] = STR("As this shop calls them."),
	};
	SCOPED(mapping) m = NULL;

	if (mapping_parse_list(&m, str_from(mapping), NULL))
		mapping_write(m, note, out);
}

static void write_header(struct strbuf *out)
{
	write_names(out, columns, COLUMNS, ';');
}

static void add(struct strbuf *out, struct str s)
{
	strbuf_addc(out, ';');
	quote_csv(out, s, ';');
}

/* 01.10.2024 08:26:11 */
static void write_when(struct strbuf *out, int64_t ms)
{
	unsigned month, day, second = (unsigned)(ms % TIME_DAY / 1000);
	int year;

	time_civil(ms, &year, &month, &day);
	write_number(out, day, 2);
	strbuf_addc(out, '.');
	write_number(out, month, 2);
	strbuf_addc(out, '.');
	write_number(out, (uint64_t)year, 4);
	strbuf_addc(out, ' ');
	write_number(out, second / 3600, 2);
	strbuf_addc(out, ':');
	write_number(out, second / 60 % 60, 2);
	strbuf_addc(out, ':');
	write_number(out, second % 60, 2);
}

/* 1.299,00: with the point that groups thousands. */
static void write_money(struct strbuf *out, struct decimal price)
{
	uint64_t cents = (uint64_t)price.units;

	strbuf_addc(out, ';');
	if (cents >= 100000) {
		write_number(out, cents / 100000, 1);
		strbuf_addc(out, '.');
		cents %= 100000;
		write_number(out, cents / 100, 3);
	} else {
		write_number(out, cents / 100, 1);
	}
	strbuf_addc(out, ',');
	write_number(out, cents % 100, 2);
}

static void write_path(struct strbuf *out, struct str path)
{
	strbuf_addc(out, ';');
	for (size_t i = 0; i < path.len; i++)
		strbuf_addc(out, path.ptr[i] == '.' ? '/' : path.ptr[i]);
}

static void write_row(struct strbuf *out, const struct event_row *ev)
{
	static const char *const names[EVENT_KINDS] = {
		[EVENT_VIEW] = "seen", [EVENT_CART] = "basketed",
		[EVENT_REMOVE] = "dropped", [EVENT_PURCHASE] = "sold",
	};

	write_when(out, ev->time);
	add(out, str_from(names[ev->kind]));
	add(out, ev->product);
	add(out, ev->name);
	write_path(out, ev->category_path);
	add(out, ev->brand);
	write_money(out, ev->price);
	strbuf_addc(out, ';');
	write_number(out, ev->quantity, 1);
	add(out, ev->user);
	add(out, ev->session);
	strbuf_addc(out, '\n');
}

static const enum column_role roles[COLUMNS] = {
	COLUMN_TIME, COLUMN_EVENT, COLUMN_ID, COLUMN_TEXT, COLUMN_OTHER, COLUMN_TEXT,
	COLUMN_PRICE, COLUMN_QUANTITY, COLUMN_USER, COLUMN_ID,
};
static const struct output_file output[] = {
	{
		.name = "log.csv",
		.kinds = OUTPUT_ALL,
		.names = true,
		.header = write_header,
		.row = write_row,
		.roles = roles,
		.n_roles = COLUMNS,
		.lenient = true,
	}, {
		.name = "log.aislemap",
		.rows = SHOP_ONCE,
		.map = true,
		.header = write_mapping,
	},
};
const struct dataset_writer csv_writer = {
	.files = output,
	.n_files = sizeof(output) / sizeof(*output),
	.separator = ';',
	.described = true,
};
