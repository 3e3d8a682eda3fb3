/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking for a product by name or id, a slice of rows between two frames. */
#include "config.h"

#include "base/utf8.h"
#include "tui/state.h"

#define SLICE 4096	/* rows between two looks at the keys: about 1 ms */

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] >= 0x80)
			return false;
	return true;
}

static bool matches(const struct find *f, const struct catalog *cat, uint32_t p,
		    bool ascii)
{
	struct str label = text_at(&cat->product_label, p);
	struct str query = strbuf_str(&f->query);
	STRBUF(folded);

	if (str_find_nocase(label, query) != SIZE_MAX ||
	    str_find_nocase(text_at(&cat->product_id, p), query) != SIZE_MAX)
		return true;
	if (ascii)
		return false;
	utf8_fold(&folded, label);
	return str_find(strbuf_str(&folded), strbuf_str(&f->folded)) != SIZE_MAX;
}

static void start(struct explorer *e, uint64_t from, int by, bool here)
{
	struct find *f = &e->find;
	uint64_t n = e->table.list.count;

	f->scanning = n > 0 && f->query.len > 0;
	f->by = by;
	f->left = n;
	f->row = here ? from : by > 0 ? (from + 1) % (n ? n : 1)
				      : (from + n - 1) % (n ? n : 1);
}

static void set_query(struct find *f, struct str query)
{
	strbuf_reset(&f->query);
	strbuf_reset(&f->folded);
	strbuf_add(&f->query, query);
	utf8_fold(&f->folded, query);
}

void find_open(struct explorer *e)
{
	e->find.typing = true;
	e->find.origin = e->table.list.cursor;
	e->find.scanning = false;
	prompt_open('/', NULL);
}

void find_typed(struct explorer *e)
{
	struct str query = prompt_text();

	if (str_eq(query, strbuf_str(&e->find.query)))
		return;
	set_query(&e->find, query);
	strbuf_reset(&e->message.text);
	start(e, e->find.origin, 1, true);
}

void find_close(struct explorer *e, bool accepted)
{
	struct find *f = &e->find;

	f->typing = false;
	if (!accepted) {
		f->scanning = false;
		list_go(&e->table.list, f->origin);
		explorer_ask_panels(e);
	} else if (prompt_text().len == 0) {
		f->scanning = false;
	} else if (!str_eq(prompt_text(), strbuf_str(&f->query))) {
		set_query(f, prompt_text());
		start(e, f->origin, 1, true);
	}
}

void find_start(struct explorer *e, struct str query)
{
	set_query(&e->find, query);
	e->find.origin = e->table.list.cursor;
	start(e, e->find.origin, 1, true);
}

void find_again(struct explorer *e, int by)
{
	if (e->find.query.len == 0) {
		explorer_message(e, "nothing was searched for yet: / starts");
		return;
	}
	start(e, e->table.list.cursor, by, false);
}

static void not_found(struct explorer *e)
{
	const char *all = e->category == CATALOG_NONE
				  ? "" : " in this category; :find looks at all products";

	explorer_message(e, "no product's name or id holds \"%s\"%s",
			 strbuf_c(&e->find.query), all);
	e->message.error = true;
	if (!e->find.typing)
		return;
	list_go(&e->table.list, e->find.origin);
	explorer_ask_panels(e);
}

void find_slice(struct explorer *e)
{
	struct find *f = &e->find;
	uint64_t n = e->table.list.count;
	bool ascii = is_ascii(strbuf_str(&f->query));

	/* A new table is on its way: its rows are the ones to look at. */
	if (!f->scanning || e->table.stale)
		return;
	for (unsigned i = 0; i < SLICE && f->left > 0; i++, f->left--) {
		uint32_t p = table_product_at(&e->table, f->row);

		if (p != CATALOG_NONE && matches(f, e->table.shown->request.edition->cat, p,
						 ascii)) {
			f->scanning = false;
			list_go(&e->table.list, f->row);
			explorer_ask_panels(e);
			e->dirty = true;
			return;
		}
		f->row = f->by > 0 ? (f->row + 1) % n : (f->row + n - 1) % n;
	}
	if (f->left > 0)
		return;
	f->scanning = false;
	e->dirty = true;
	not_found(e);
}

void find_finish(struct find *f)
{
	strbuf_finish(&f->query);
	strbuf_finish(&f->folded);
}
