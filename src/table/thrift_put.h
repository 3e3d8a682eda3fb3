/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thrift_put: writes structs of Thrift's compact protocol. */
#ifndef TABLE_THRIFT_PUT_H
#define TABLE_THRIFT_PUT_H

#include "table/thrift.h"

#define THRIFT_DEPTH 8

/* Fields come in rising order of their ids; structs and elements of lists are begun and
 * ended. Zero but for `to`. */
struct thrift_put {
	struct strbuf *to;
	int last[THRIFT_DEPTH];	/* field of every open struct */
	unsigned depth;
};
void thrift_put_i32(struct thrift_put *t, int id, int64_t x);
void thrift_put_i64(struct thrift_put *t, int id, int64_t x);
void thrift_put_text(struct thrift_put *t, int id, struct str s);
/* n elements follow: structs (thrift_put_item, fields, thrift_put_end) or plain ones. */
void thrift_put_list(struct thrift_put *t, int id, enum thrift_type element, uint32_t n);
void thrift_put_number(struct thrift_put *t, int64_t x);
void thrift_put_word(struct thrift_put *t, struct str s);
void thrift_put_item(struct thrift_put *t);
void thrift_put_struct(struct thrift_put *t, int id);
/* Of a struct or item; once more at the very end. */
void thrift_put_end(struct thrift_put *t);

#endif
