/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ds_hm: what reading and writing of the H&M files share: their columns. */
#ifndef DATA_DS_HM_H
#define DATA_DS_HM_H

#include "data/dataset.h"
#include "data/output.h"

enum {
	ARTICLE_ID,
	PRODUCT_CODE,
	PROD_NAME,
	PRODUCT_TYPE_NO,
	PRODUCT_TYPE_NAME,
	PRODUCT_GROUP_NAME,
	GRAPHICAL_APPEARANCE_NO,
	GRAPHICAL_APPEARANCE_NAME,
	COLOUR_GROUP_CODE,
	COLOUR_GROUP_NAME,
	PERCEIVED_COLOUR_VALUE_ID,
	PERCEIVED_COLOUR_VALUE_NAME,
	PERCEIVED_COLOUR_MASTER_ID,
	PERCEIVED_COLOUR_MASTER_NAME,
	DEPARTMENT_NO,
	DEPARTMENT_NAME,
	INDEX_CODE,
	INDEX_NAME,
	INDEX_GROUP_NO,
	INDEX_GROUP_NAME,
	SECTION_NO,
	SECTION_NAME,
	GARMENT_GROUP_NO,
	GARMENT_GROUP_NAME,
	DETAIL_DESC,
	ARTICLE_COLUMNS,
};
enum { T_DATE, T_CUSTOMER, T_ARTICLE, T_PRICE, T_CHANNEL, TRANSACTION_COLUMNS };
enum {
	C_CUSTOMER, C_FN, C_ACTIVE, C_CLUB, C_NEWS, C_AGE, C_POSTAL, CUSTOMER_COLUMNS
};
extern const char *const hm_article_columns[ARTICLE_COLUMNS];
extern const char *const hm_transaction_columns[TRANSACTION_COLUMNS];
extern const char *const hm_customer_columns[CUSTOMER_COLUMNS];

/* What generate writes: the three files (write_hm.c). */
extern const struct dataset_writer hm_writer;

#endif
