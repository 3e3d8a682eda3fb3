/* SPDX-License-Identifier: GPL-3.0-or-later */
/* worker: the thread that computes, so that the one that draws never waits. */
#ifndef TUI_WORKER_H
#define TUI_WORKER_H

#include "base/scope.h"
#include "panel/flow.h"
#include "panel/panel.h"
#include "store/trained.h"
#include "tui/edition.h"
#include "tui/lens.h"

struct view;
struct worker;

/* Rows of the product table. */
struct table_request {
	struct edition *edition;	/* a reference that the request owns */
	struct lens *lens;	/* a reference too; NULL: no filter */
	uint32_t category;	/* CATALOG_NONE: all products */
	char sort[32];		/* column key, "": the view's own order */
	bool reverse;
	uint32_t select;	/* find the row of that product, or CATALOG_NONE */
};
struct table_result {
	struct table_request request;
	struct view *view;	/* NULL: err says why */
	uint64_t row;		/* of `select`, else 0 */
	bool found;
	uint32_t blank;		/* bit per column: the data set can't say it */
	struct err err;
};
void table_result_destroy(struct table_result *r);
SCOPED_DEFINE(table_result)

/* The panels of one product, and the transitions of one category. */
struct panels_request {
	struct edition *edition;	/* a reference that the request owns */
	struct lens *lens;	/* a reference too; NULL: no filter */
	uint32_t product, category;	/* or CATALOG_NONE */
	enum same_category same;
	char model[TRAINED_NAME_MAX + 1];	/* that ranks similar products; "": none */
	unsigned level;		/* of transitions; UINT_MAX: the deepest */
	bool multi;
};
struct panels_result {
	struct panels_request request;
	struct panel panel[PANEL_KINDS];	/* copies: nothing is borrowed */
	struct flow flow;
	char sampled[160];	/* what was estimated, ""; exact counts follow then */
	double sample_error;	/* live_sample_error of that */
	bool ranks_later;	/* a second result has the ranks back */
	struct err err;		/* code ERR_NONE when all went well */
};
void panels_result_destroy(struct panels_result *r);
SCOPED_DEFINE(panels_result)

/* threads (0: all) count what is filtered; For tests: slow_ms delays every panel;
 * sample (0: no) estimates a product's counts from about so many sessions however little
 * time all of them would take. */
bool worker_create(struct worker **w, unsigned threads, unsigned slow_ms, unsigned sample,
		   struct err *err);
/* Cancels what is being done and waits for it. Results with a lens go before. */
void worker_destroy(struct worker *w);
SCOPED_DEFINE(worker)

/* Readable when a result is there. */
int worker_fd(const struct worker *w);
/* The newest request of a kind wins: an older one is cancelled and its result is
 * never seen. The request is copied, its reference is taken over. */
void worker_ask_table(struct worker *w, const struct table_request *r);
void worker_ask_panels(struct worker *w, const struct panels_request *r);
/* The result of the newest request, once, or NULL. */
struct table_result *worker_take_table(struct worker *w);
struct panels_result *worker_take_panels(struct worker *w);
/* Something was asked whose result has not been taken. */
bool worker_busy(struct worker *w);

#endif
