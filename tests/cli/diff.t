# The panels of a store beside those of another one: the first half of the log, and of a shop
# that sold something else.
head -650 "$DATA/shop/events.csv" >half.csv
aisle import mkechinov half.csv --products "$DATA/shop/products.csv" --into half.aisle -q
{
	head -1 "$DATA/shop/events.csv"
	echo '2024-10-01 08:43:27 UTC,view,1,2,pantry,b,2.69,1,s'
} >other.csv
aisle import mkechinov other.csv --into other.aisle -q
aisle show diff "$SHOP" --with half.aisle -n 12
aisle show diff half.aisle --with "$SHOP" -n 1
aisle show diff "$SHOP" --with half.aisle --category pantry.snacks -n 4
aisle show diff "$SHOP" --with half.aisle --product 2271607 -f csv
aisle show diff "$SHOP" --with "$SHOP"
aisle show diff "$SHOP" --with other.aisle
aisle show diff "$SHOP" --with nowhere.aisle
echo "$?"
