/* SPDX-License-Identifier: GPL-3.0-or-later */
/* parquet_form: the numbers by which Parquet's metadata name things. */
#ifndef TABLE_PARQUET_FORM_H
#define TABLE_PARQUET_FORM_H

#define PARQUET_MAGIC "PAR1"

enum parquet_type {
	PARQUET_BOOLEAN,
	PARQUET_INT32,
	PARQUET_INT64,
	PARQUET_INT96,
	PARQUET_FLOAT,
	PARQUET_DOUBLE,
	PARQUET_BYTES,
	PARQUET_FIXED,
	PARQUET_TYPES,
};

/* What values of a type are taken for. */
enum parquet_meaning {
	MEANS_PLAIN,
	MEANS_UNSIGNED,
	MEANS_DECIMAL,
	MEANS_DATE,
	MEANS_TIME_MS,		/* of a day */
	MEANS_TIME_US,
	MEANS_TIME_NS,
	MEANS_INSTANT_MS,
	MEANS_INSTANT_US,
	MEANS_INSTANT_NS,
	MEANS_WALL_MS,		/* what a clock showed */
	MEANS_WALL_US,
	MEANS_WALL_NS,
	MEANS_UUID,
	MEANS_NOTHING,		/* refused: see leaf.readable */
};

enum parquet_codec {
	CODEC_NONE,
	CODEC_SNAPPY,
	CODEC_GZIP,
	CODEC_LZO,
	CODEC_BROTLI,
	CODEC_LZ4,
	CODEC_ZSTD,
	CODEC_LZ4_RAW,
	CODECS,
};

enum parquet_encoding {
	ENCODING_PLAIN,
	ENCODING_PLAIN_DICTIONARY = 2,
	ENCODING_RLE,
	ENCODING_BIT_PACKED,
	ENCODING_DELTA,
	ENCODING_DELTA_LENGTH,
	ENCODING_DELTA_BYTES,
	ENCODING_DICTIONARY,
	ENCODING_SPLIT,
	ENCODINGS,
};

enum parquet_page {
	PAGE_DATA,
	PAGE_INDEX,
	PAGE_DICTIONARY,
	PAGE_DATA_2,
};

/* Of a column of the schema. */
enum parquet_repetition {
	PARQUET_REQUIRED,
	PARQUET_OPTIONAL,
	PARQUET_REPEATED,
};

#endif
