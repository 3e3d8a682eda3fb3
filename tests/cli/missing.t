# what isn't there: exit 1 for a product, 3 for a store, 5 for a file
try() {
	aisle "$@" >out; echo "exit $?, $(wc -c <out) bytes" >&2
}
try show product "$SHOP" --product 1
try show products "$SHOP" --category no.such
try show products nowhere.aisle
try info nowhere.aisle
try verify nowhere.aisle
mkdir empty; try show products empty
try import mkechinov nofile.csv --into new.aisle
test ! -e new.aisle || echo "new.aisle was left behind"
printf 'event_time,event\n' >bad.csv
try import mkechinov bad.csv --into new.aisle
test ! -e new.aisle || echo "new.aisle was left behind"
