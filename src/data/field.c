/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of ids, prices and times that several data sets share. */
#include "config.h"

#include "data/field.h"

#define DECIMALS 9
#define DIGITS_MAX 17

static bool digit(char c)
{
	return (unsigned char)(c - '0') <= 9;
}

static const char *const signs[] = {
	"\xe2\x82\xac" /* euro */,
	"\xc2\xa3" /* pound */,
	"\xc2\xa5" /* yen */,
	"R$",
	"$",
	"kr.",
	"Ft",
	"Fr.",
	"lei",
	"Rs.",
	"руб.",
	"руб",
	"kr",
	"z\xc5\x82" /* zloty */,
	"K\xc4\x8d" /* koruna */,
	"\xe2\x82\xb9" /* rupee */,
	"\xe2\x82\xbd" /* rouble */,
	"\xe2\x82\xba" /* lira */,
	"TL",
	"\xe2\x82\xa9" /* won */,
	"\xe5\x85\x83" /* yuan */,
	"\xe5\x86\x86" /* yen */,
	"\xc2\xa0" /* blank that doesn't break */,
	"\xe2\x80\xaf" /* the narrow one */,
	" ",
};

/* Take a currency and blanks off one end of *s. */
static void strip(struct str *s, bool front)
{
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		struct str sign = str_from(signs[i]);
		size_t at = front ? 0 : s->len - sign.len;

		if (s->len <= sign.len || memcmp(s->ptr + at, sign.ptr, sign.len) != 0)
			continue;
		*s = str_span(front ? s->ptr + sign.len : s->ptr, s->len - sign.len);
		i = SIZE_MAX; /* from the first again */
	}
}

/* Three capitals, as EUR. */
static void strip_code(struct str *s)
{
	const char *p[] = {s->ptr, s->ptr + s->len - 3};

	for (int end = 0; end < 2 && s->len > 3; end++) {
		bool code = true;

		for (int i = 0; i < 3; i++)
			code &= p[end][i] >= 'A' && p[end][i] <= 'Z';
		if (!code)
			continue;
		*s = str_span(end ? s->ptr : s->ptr + 3, s->len - 3);
		strip(s, !end);
		return;
	}
}

/* Take a minus off either end, or the parentheses of accountants. */
static bool take_minus(struct str *s)
{
	static const char *const minus[] = {"-", "\xe2\x88\x92" /* U+2212 */};

	if (s->len > 2 && s->ptr[0] == '(' && s->ptr[s->len - 1] == ')') {
		*s = str_trim(str_span(s->ptr + 1, s->len - 2));
		return true;
	}
	for (size_t i = 0; i < sizeof(minus) / sizeof(*minus); i++) {
		size_t n = strlen(minus[i]);

		if (s->len <= n)
			continue;
		if (memcmp(s->ptr, minus[i], n) == 0) {
			*s = str_span(s->ptr + n, s->len - n);
			return true;
		}
		if (memcmp(s->ptr + s->len - n, minus[i], n) == 0) {
			*s = str_span(s->ptr, s->len - n);
			return true;
		}
	}
	return false;
}

/* Bytes of a sign between thousands at `at`, or 0. */
static size_t group_sign(struct str s, size_t at, bool comma)
{
	static const char *const wide[] = {
		"\xc2\xa0",	  /* blank that doesn't break */
		"\xe2\x80\xaf", /* the narrow one */
		"\xe2\x80\x89", /* thin blank */
		"\xe2\x80\x99", /* typographic apostrophe */
	};
	char c = s.ptr[at];

	if (c == (comma ? '.' : ',') || c == ' ' || c == '\'')
		return 1;
	for (size_t i = 0; i < sizeof(wide) / sizeof(*wide); i++) {
		size_t n = strlen(wide[i]);

		if (s.len - at > n && memcmp(s.ptr + at, wide[i], n) == 0)
			return n;
	}
	return 0;
}

/* Digits from *at, grouped by threes or not at all, into d->units. */
static bool whole_part(struct str s, bool comma, size_t *at, struct decimal *d)
{
	size_t i = *at, run = 0, groups = 0, n = 0;
	struct str group = STR_NULL;

	for (; i < s.len; i++) {
		char c = s.ptr[i];
		struct str sign;

		if (digit(c)) {
			n += d->units || c != '0';
			if (n > DIGITS_MAX)
				return false;
			d->units = d->units * 10 + (c - '0');
			run++;
			continue;
		}
		sign = str_span(s.ptr + i, group_sign(s, i, comma));

		if (!sign.len)
			break;
		if ((groups && (!str_eq(sign, group) || run != 3)) || run == 0 || run > 3)
			return false;
		group = sign;
		groups++;
		run = 0;
		i += sign.len - 1;
	}
	*at = i;
	return i > 0 && (groups ? run == 3 : run > 0);
}

static bool decimals(struct str s, size_t at, struct decimal *d)
{
	bool up = false;

	if (at == s.len)
		return false;
	for (; at < s.len; at++) {
		if (!digit(s.ptr[at]))
			return false;
		if (d->scale == DECIMALS) {
			up = s.ptr[at] >= '5';
			break;
		}
		if (d->units > INT64_MAX / 100)
			return false;
		d->units = d->units * 10 + (s.ptr[at] - '0');
		d->scale++;
	}
	while (++at < s.len)
		if (!digit(s.ptr[at]))
			return false;
	d->units += up;
	return true;
}

bool field_decimal(struct str s, bool comma, struct decimal *d)
{
	struct decimal v = {0};
	bool minus = false;
	size_t at = 0;

	s = str_trim(s);
	if (!s.len)
		return false;
	if (!digit(s.ptr[0]) || !digit(s.ptr[s.len - 1])) {
		minus = take_minus(&s);
		strip(&s, true);
		strip(&s, false);
		strip_code(&s);
		if (!minus)
			minus = take_minus(&s);
	}
	if (!s.len || !digit(s.ptr[0]) || !whole_part(s, comma, &at, &v))
		return false;
	if (at < s.len && (s.ptr[at] != (comma ? ',' : '.') || !decimals(s, at + 1, &v)))
		return false;
	if (minus)
		v.units = -v.units;
	*d = v;
	return true;
}

static char fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

static void skip_signs(struct str s, size_t *i)
{
	while (*i < s.len && (s.ptr[*i] == ' ' || s.ptr[*i] == '-' || s.ptr[*i] == '_'))
		++*i;
}

bool field_same_name(struct str a, struct str b)
{
	for (size_t i = 0, j = 0;; i++, j++) {
		skip_signs(a, &i);
		skip_signs(b, &j);
		if (i == a.len || j == b.len)
			return i == a.len && j == b.len;
		if (fold(a.ptr[i]) != fold(b.ptr[j]))
			return false;
	}
}

static const struct {
	const char *name;
	int kind;
} events[] = {
	{"view", EVENT_VIEW},
	{"pageview", EVENT_VIEW},
	{"productview", EVENT_VIEW},
	{"viewitem", EVENT_VIEW},
	{"itemview", EVENT_VIEW},
	{"detail", EVENT_VIEW},
	{"detailview", EVENT_VIEW},
	{"detailpageview", EVENT_VIEW},
	{"click", EVENT_VIEW},
	{"viewed", EVENT_VIEW},
	{"visit", EVENT_VIEW},
	{"pv", EVENT_VIEW},
	{"views", EVENT_VIEW},
	{"clicks", EVENT_VIEW},
	{"clickout", EVENT_VIEW},
	{"clickoutitem", EVENT_VIEW},
	{"productviewed", EVENT_VIEW},
	{"viewedproduct", EVENT_VIEW},
	{"viewproduct", EVENT_VIEW},
	{"productclick", EVENT_VIEW},
	{"viewcontent", EVENT_VIEW},
	{"cart", EVENT_CART},
	{"addtocart", EVENT_CART},
	{"addtobasket", EVENT_CART},
	{"addtobag", EVENT_CART},
	{"add", EVENT_CART},
	{"basket", EVENT_CART},
	{"cartadd", EVENT_CART},
	{"added", EVENT_CART},
	{"carts", EVENT_CART},
	{"productadded", EVENT_CART},
	{"addedtocart", EVENT_CART},
	{"removefromcart", EVENT_REMOVE},
	{"remove", EVENT_REMOVE},
	{"removefrombasket", EVENT_REMOVE},
	{"cartremove", EVENT_REMOVE},
	{"productremoved", EVENT_REMOVE},
	{"removedfromcart", EVENT_REMOVE},
	{"purchase", EVENT_PURCHASE},
	{"purchased", EVENT_PURCHASE},
	{"transaction", EVENT_PURCHASE},
	{"order", EVENT_PURCHASE},
	{"buy", EVENT_PURCHASE},
	{"bought", EVENT_PURCHASE},
	{"sale", EVENT_PURCHASE},
	{"orders", EVENT_PURCHASE},
	{"purchases", EVENT_PURCHASE},
	{"ordercompleted", EVENT_PURCHASE},
	{"completedorder", EVENT_PURCHASE},
	{"orderplaced", EVENT_PURCHASE},
	{"placedorder", EVENT_PURCHASE},
	{"orderedproduct", EVENT_PURCHASE},
	{"ecommercepurchase", EVENT_PURCHASE},
	{"conversion", EVENT_PURCHASE},
	{"rating", EVENT_RATING},
	{"rate", EVENT_RATING},
	{"review", EVENT_RATING},
};

bool field_event_kind(struct str s, int *kind)
{
	if (!s.len || s.len > 40)
		return false;
	for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++)
		if (field_same_name(s, str_from(events[i].name))) {
			*kind = events[i].kind;
			return true;
		}
	return false;
}

bool field_missing_word(struct str s)
{
	static const char *const words[] = {
		"NA", "N/A", "NULL", "null", "nan", "NaN", "None", "\\N", "(not set)",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_is(s, words[i]))
			return true;
	return false;
}

/* The next word of a status: letters, and bytes of other alphabets. */
static bool next_word(struct str *rest, struct str *word)
{
	size_t i = 0, start;
	unsigned char c;

#define LETTER(i) (c = (unsigned char)fold(rest->ptr[i]), (c >= 'a' && c <= 'z') || c >= 0x80)
	while (i < rest->len && !LETTER(i))
		i++;
	start = i;
	while (i < rest->len && LETTER(i))
		i++;
#undef LETTER
	*word = str_span(rest->ptr + start, i - start);
	*rest = str_span(rest->ptr + i, rest->len - i);
	return word->len > 0;
}

bool field_cancels(struct str s)
{
	static const char *const words[] = {
		"cancelled", "canceled", "cancel", "cancellation", "refunded", "refund",
		"returned", "voided", "void", "failed", "chargeback", "storniert", "storno",
		"abgebrochen", "erstattet", "zurückerstattet", "retourniert", "zurückgegeben",
		"fehlgeschlagen", "annulé", "annulée", "annulee", "annule", "remboursé",
		"remboursée", "retourné", "retournée", "échoué", "échouée", "cancelado",
		"cancelada", "anulado", "anulada", "devuelto", "devuelta", "reembolsado",
		"reembolsada", "fallido", "fallida", "devolvido", "falhou", "annullato",
		"annullata", "rimborsato", "rimborsata", "reso", "fallito", "geannuleerd",
		"terugbetaald", "geretourneerd", "mislukt", "anulowane", "anulowano", "anulowany",
		"zwrócone", "zwrot", "zwrócono", "отменен", "отменён",
		"отменено", "возврат", "Отменен", "Отменён",
		"Возврат", "取消", "已取消", "退款", "已退款", "退货",
		"已退货", "キャンセル", "返品", "返金",
	};
	static const char *const parts[] = {"partially", "partial", "partly", "not", "non",
					    "nicht", "teilweise", "no"};
	struct str word;

	if (s.len > 60)
		return false;
	while (next_word(&s, &word)) {
		for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
			if (field_same_name(word, str_from(parts[i])))
				return false;
		for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
			if (field_same_name(word, str_from(words[i])))
				return true;
	}
	return false;
}
