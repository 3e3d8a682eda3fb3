# filters: what they leave, and errors that point at the column
best=$(aisle show products "$SHOP" --sort purchases --limit 1 --columns product --format tsv |
	tail -1)
first=$(aisle show categories "$SHOP" --columns path --format tsv | sed -n 2p)
aisle show products "$SHOP" --where 'price<10 and sold>=3' --sort purchases --limit 3
aisle show products "$SHOP" --where "category='$first' and not price > 5" --limit 3
aisle show products "$SHOP" --where 'date<2024-10-15 and event in (view, purchase)' \
	--sort views --limit 3
aisle show categories "$SHOP" --where 'label like "GOLD" or price<4' --limit 4
aisle show similar "$SHOP" --product "$best" --where 'date>=2024-10-15' --limit 4
aisle show similar "$SHOP" --product "$best" --where 'date>=2024-10-15' --limit 2 \
	--columns product,n,reverse_rank
aisle show complementary "$SHOP" --product "$best" --where 'price<20 and n>=2' --limit 4
aisle show pairs "$SHOP" --where 'n>=20 and lift>2' --sort n --limit 3
aisle show pairs "$SHOP" --product "$best" --where 'date<2024-10-20' --limit 3
aisle show pairs "$SHOP" --where 'date<2024-10-20' --relation co-cart --sort n --limit 3
aisle show transitions "$SHOP" --where 'date=2024-10 and date>2024-10-10 and n>=5' --level 0 --limit 3
try() {
	aisle show "$@"; echo "exit $?" >&2
}
try products "$SHOP" --where 'prize<30'
try products "$SHOP" --where 'price<30 an brand=x'
try products "$SHOP" --where 'price<30 and brand=Nobody'
try products "$SHOP" --where 'n>=3'
# attributes that are numbers
printf '%s\n' 'o,at,sku,stock,watt' '1,2024-01-01,A,3,9.5' '1,2024-01-01,B,,12' \
	'2,2024-01-02,C,0,no' '2,2024-01-02,A,3,9.5' '3,2024-01-03,D,-2,9.50' >attributes.csv
aisle import csv attributes.csv --into attributes.aisle -q --map \
	'time=at,product=sku,session=o,kind=purchase,attribute.stock=stock,attribute.watt=watt'
for where in 'stock>0' 'stock<1 and watt!=none' 'watt=9.5' 'watt<=9.5' 'not watt>10' \
	'watt>=9.5 or stock=0'; do
	aisle show products attributes.aisle --where "$where" --format csv --columns product |
		tr '\n' ' '
	echo "$where"
done
try products attributes.aisle --where 'volt>3'
try product "$SHOP" --product "$best" --where 'price<30'
aisle help where
# a setting of the shell, until none
printf '%s\n' 'set limit 2' "set where \"price<7 and label like 'tea'\"" 'show products' \
	"show product --product $best --columns field" 'set where none' 'show products' \
	'set where "price<"' | aisle shell "$SHOP"
echo "exit $?"
# suggestions from the whole shop: what tests products doesn't narrow them, what tests events does
aisle show similar "$SHOP" --product 5209878 --columns product,n --limit 3
aisle show similar "$SHOP" --product 5209878 --where 'category=pantry' --scope shop --columns product,n --limit 3
aisle show similar "$SHOP" --product 5209878 --where 'category=pantry' --columns product,n --limit 3
aisle show similar "$SHOP" --product 5209878 --where 'category=pantry and event=view and views>10' --scope shop --columns product,n,n_all --limit 2
aisle show products "$SHOP" --where 'category=pantry' --scope shop
# one of each product code, or all; by the lower bound of lift
aisle show similar "$SHOP" --product 5209878 --codes all --columns rank,product,label --limit 5
aisle show similar "$SHOP" --product 5209878 --sort lift_low --columns rank,product,n,lift,lift_low --limit 3
