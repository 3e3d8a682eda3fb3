/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * vecfile: files of vectors that other programs write.
 *
 *	word2vec text	"N DIM", then lines "id x1 ... xDIM"; also of fastText (.vec)
 *	word2vec binary	"N DIM", then "id ", DIM 32-bit floats, perhaps a line end
 *	.npy		a matrix of 32- or 64-bit floats; its ids in a second file
 *	.tsv		a line of numbers per vector, as the TensorFlow projector reads;
 *			its ids in a second file
 *
 *	Parquet		a column of ids and a list of numbers, or a column for each number
 *
 * A second file has a line per vector, whose first field (up to a tab) is the id; a line
 * more than there are vectors is a header. Which of them a file is, its contents say.
 */
#ifndef NEAR_VECFILE_H
#define NEAR_VECFILE_H

#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

#define VECFILE_DIM_MAX 16384u

enum vecfile_form {
	VECFILE_TEXT,
	VECFILE_BINARY,
	VECFILE_NPY,
	VECFILE_TSV,
	VECFILE_PARQUET,
};

struct vecfile {
	enum vecfile_form form;
	size_t n;
	unsigned dim;
	float *data;		/* (n, dim), all finite */
	struct strbuf bytes;	/* of the ids */
	size_t *ends;		/* (n) where each id ends in them */
};

/* What a file holds, and its name for errors. */
struct vecfile_text {
	struct str bytes; /* ptr NULL: there is none */
	const char *name;
};

const char *vecfile_form_name(enum vecfile_form f);
/* Needs a second file? */
static inline bool vecfile_has_ids(enum vecfile_form f)
{
	return f == VECFILE_TEXT || f == VECFILE_BINARY || f == VECFILE_PARQUET;
}
struct str vecfile_id(const struct vecfile *v, size_t i);

/*
 * Read a file. `ids` is the second one; NULL: FILE without its extension and .ids or
 * .metadata.tsv. Errors name the file and the line, or the byte in a binary file:
 * ERR_FORMAT for what is no such file, is cut off, has a value that is no finite number,
 * lines of another length, or an id that is empty or comes twice; ERR_IO, ERR_NOMEM.
 */
bool vecfile_read(struct vecfile *v, const char *path, const char *ids, struct err *err);
/* The same from memory; the names are for errors. ids.ptr NULL: there are none. */
bool vecfile_parse(struct vecfile *v, struct vecfile_text file, struct vecfile_text second,
		   struct err *err);
void vecfile_finish(struct vecfile *v);

#endif
