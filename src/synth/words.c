/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words and typical prices of the synthetic shop, looked up in words.def. */
#include "config.h"

#include "synth/words.h"

#include <limits.h>

/* What stands before a noun: material, make or quality. */
#define APPLIANCE "Compact|Classic|Digital|Retro|Quiet|Steel|Smart|Pro"
#define BABY "Sensitive|Organic|Soft|Newborn|Everyday|Gentle"
#define BLADE "Steel|Forged|Titanium|Carbon|Galvanised|Professional|Classic|Hardened"
#define CABLE "Braided|Fast|Slim|High-speed|Flat|Reinforced|Basic"
#define CANDLE "Classic|Natural|Concentrated|Eco|Premium|Handmade"
#define CASE "Slim|Rugged|Clear|Leather|Magnetic|Universal|Foldable|Basic"
#define CLOTH "Cotton|Linen|Wool|Microfibre|Bamboo|Velvet|Organic Cotton|Recycled"
#define COSMETIC "Hydrating|Sensitive|Vegan|Matte|Nourishing|Light|Repair|Daily"
#define CYCLE "Urban|Alloy|Carbon|Light|Comfort|Touring|Kids|Sport"
#define DEVICE "Lite|Pro|Max|Mini|Classic|Ultra|Plus|Air"
#define FABRIC "Cotton|Linen|Merino|Denim|Viscose|Organic Cotton|Jersey|Cashmere"
#define FIT "Soft|Pro|Basic|Studio|Cork|Neoprene|Alpine|Club"
#define FOOD "Organic|Fair Trade|Classic|Wholegrain|Premium|Country|Family"
#define FURNITURE "Oak|Pine|Walnut|Rattan|Steel|Bamboo|Ash|Recycled"
#define GLASS "Crystal|Ribbed|Handblown|Double-walled|Recycled|Frosted|Cut"
#define LAMP "LED|Dimmable|Rechargeable|Classic|Industrial|Solar|Paper"
#define LEATHER "Leather|Suede|Vegan|Waxed|Nappa|Canvas|Woven"
#define MACHINE "Cordless|Heavy-duty|Compact|Professional|Universal|Brushless|Home"
#define OVEN "Portable|Compact|Folding|Steel|Titanium|Classic|Twin"
#define PAINT "Matt|Satin|Gloss|Water-based|Student|Artist|Washable"
#define PAN "Cast Iron|Non-stick|Copper|Stainless|Ceramic|Carbon Steel|Enamelled"
#define PETFOOD "Adult|Junior|Senior|Grain-free|Light|Sensitive|Natural"
#define PLANTER "Terracotta|Zinc|Rattan|Recycled|Concrete|Flexible|Classic"
#define SEED "Organic|Universal|Premium|Extra|Classic|Fine|Economy|Natural"
#define SHOE "Leather|Canvas|Light|Waterproof|Vegan|Knit|Classic|Cushioned"
#define TEXTILE "Ripstop|Recycled|Light|Merino|Trail|Waterproof|Classic|Seamless"
#define TOY "Wooden|Classic|Giant|Mini|Magnetic|Junior|Deluxe|Travel"
#define UTENSIL "Silicone|Beech|Olive Wood|Steel|Bamboo|Acacia|Recycled|Nylon"
#define WARE "Enamel|Stoneware|Porcelain|Glass|Bamboo|Steel|Earthenware|Handmade"

/* What the variants of one product differ in. */
#define COLOUR "white|black|grey|navy|red|green|sand|blue|yellow|teal|pink|brown"
#define FLAVOUR "original|vanilla|hazelnut|orange|mint|caramel|ginger|cherry"
#define INKS "black|cyan|magenta|yellow|photo black|light grey"
#define MEAT "chicken|beef|salmon|lamb|turkey|duck"
#define METAL "silver|brass|black|copper|gold|chrome"
#define NOLOOK ""
#define SCENT "lavender|citrus|unscented|rose|sea breeze|vanilla|sandalwood|aloe"
#define SHADE "rose|nude|coral|plum|ivory|berry|bronze|black"
#define TINT "clear|amber|smoke|blue|green|rose"
#define WOOD "oak|walnut|beech|black|white|natural|cherry"

#define AMP "4A|8A|44Ah|60Ah|74Ah"
#define APPAREL "XS|S|M|L|XL|XXL"
#define BED "80x80|135x200|155x220|200x200|240x220"
#define CHARGE "20W|30W|45W|65W|100W"
#define CM "16cm|20cm|24cm|28cm|32cm|40cm|60cm|80cm"
#define CUP "200ml|250ml|300ml|350ml|450ml"
#define DEGREE "-15C|-5C|0C|+5C|+10C"
#define FRAME "48cm|52cm|56cm|60cm"
#define GB "16GB|32GB|64GB|128GB|256GB|512GB"
#define GHZ "3.2GHz|3.6GHz|4.1GHz|4.7GHz"
#define GRAM "50g|100g|200g|250g|500g|1kg"
#define GRIT "P60|P80|P120|P180|P240"
#define INCH "5.8in|6.1in|6.7in|13in|14in|16in"
#define KILO "2kg|4kg|8kg|10kg|15kg"
#define LITRE "0.5l|1l|1.5l|2l|5l|10l|20l"
#define MAH "5000mAh|10000mAh|20000mAh"
#define METRE "0.5m|1m|2m|3m|5m|10m"
#define ML "30ml|50ml|100ml|250ml|350ml|500ml|750ml"
#define MM "4mm|6mm|8mm|12mm|20mm|40mm|58mm"
#define MPIX "2MP|5MP|12MP|24MP|45MP"
#define NONE ""
#define PACK "2 pcs|4 pcs|6 pcs|10 pcs|20 pcs|50 pcs"
#define PERSON "1 person|2 persons|3 persons|4 persons"
#define PIECES "12 pieces|24 pieces|48 pieces|100 pieces|500 pieces|1000 pieces"
#define PLAYER "2 players|2-4 players|3-6 players|4-8 players"
#define POT "0.8l|1.2l|1.5l|1.7l|2l"
#define SCREEN "24in|27in|32in|43in|55in|65in"
#define SHOES "36|37|38|39|40|41|42|43|44"
#define VOLT "12V|18V|20V|36V"
#define WATT "5W|7W|10W|20W|65W|400W|900W"
#define WHEEL "20in|26in|28in|29in"

const struct words_department words_departments[] = {
#define DEPARTMENT(name, spread, months) {name, spread, months},
#include "synth/words.def"
};
const unsigned words_n_departments = sizeof words_departments / sizeof *words_departments;

const struct words_leaf words_leaves[] = {
#define LEAF(path, nouns, kinds, looks, sizes, cents, complements)	\
	{path, nouns, kinds, looks, sizes, cents, complements},
#include "synth/words.def"
};
const unsigned words_n_leaves = sizeof words_leaves / sizeof *words_leaves;

const struct words_substitute words_substitutes[] = {
#define SUBSTITUTE(a, b) {a, b},
#include "synth/words.def"
};
const unsigned words_n_substitutes = sizeof words_substitutes / sizeof *words_substitutes;

static const char lines[] =
	"Fjord|Alba|Nordlys|Linnea|Aster|Bergen|Calla|Dune|Elm|Fern|Grove|Harbor|Iris|"
	"Juno|Kestrel|Lark|Mira|Nova|Orla|Pine|Quill|Rune|Saga|Tide|Umbra|Vale|Willow|"
	"Yarrow|Zephyr|Atlas|Birch|Cove|Delta|Ember|Flint|Gale|Heath|Isla|Jade|Kite|Loom|"
	"Moss|North|Opal|Pebble|Reed|Slate|Thorn|Vega|Wren";

/* Two lists of 31: every pair is another name. */
static const char heads[] =
	"nor|vel|kas|tal|bri|mar|sol|fen|lun|dor|pal|ryn|har|ost|kel|vin|tor|bel|gra|sil|"
	"mon|fal|cor|dal|wen|lar|nim|pex|zor|hul|rav";
static const char tails[] =
	"da|tek|ora|ello|wick|stad|mere|lin|vo|berg|ana|ix|ton|ford|aro|isa|mark|well|una|"
	"dell|ner|fex|ica|brook|tano|ly|gard|mio|ene|strom|pi";

unsigned words_count(const char *list)
{
	unsigned n = *list != '\0';

	for (; *list; list++)
		n += *list == '|';
	return n;
}

struct str words_nth(const char *list, unsigned i)
{
	struct str rest = str_from(list), word = STR("");
	unsigned n = words_count(list);

	if (n == 0)
		return word;
	for (i %= n; str_next(&rest, '|', &word) && i > 0; i--)
		;
	return word;
}

unsigned words_find(struct str name)
{
	for (unsigned i = 0; i < words_n_leaves; i++) {
		struct str path = str_from(words_leaves[i].path);

		if (path.len > name.len && path.ptr[path.len - name.len - 1] == '.' &&
		    memcmp(path.ptr + path.len - name.len, name.ptr, name.len) == 0)
			return i;
	}
	return UINT_MAX;
}

unsigned words_department_of(const struct words_leaf *leaf)
{
	struct str rest = str_from(leaf->path), name = STR("");
	unsigned i = 0;

	str_next(&rest, '.', &name);
	while (i + 1 < words_n_departments && !str_is(name, words_departments[i].name))
		i++;
	return i;
}

void words_brand(struct strbuf *b, unsigned i)
{
	strbuf_add(b, words_nth(heads, i % 31));
	strbuf_add(b, words_nth(tails, (i / 31 + i) % 31));
}

void words_line(struct strbuf *b, unsigned i)
{
	unsigned n = words_count(lines);

	strbuf_add(b, words_nth(lines, i));
	if (i >= n)
		strbuf_addf(b, " %u", i / n + 1);
}
