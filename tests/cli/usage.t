# every class of a wrong command line: one line on stderr, nothing on stdout, exit 2
try() {
	aisle "$@" >out; echo "exit $?, $(wc -c <out) bytes" >&2
}
try shwo
try frobnicate
try --nonsense
try --nonsense show products "$SHOP"
try show
try show products
try show prodcts "$SHOP"
try show products "$SHOP" too many
try show products "$SHOP" --frmat tsv
try show products "$SHOP" --format xml
try show products "$SHOP" --limit -1
try show products "$SHOP" --limit
try show products "$SHOP" --sort
try show products "$SHOP" --sort lable
try show similar "$SHOP" --product 9333335 --sort source
try show products "$SHOP" --sort views,price,label
try show users "$SHOP" --having "vews>3"
try show products "$SHOP" --sort views:down
try show similar "$SHOP" --product 1 --sort score
try show similar "$SHOP"
try show pairs "$SHOP" --relation co-vew
try show pairs "$SHOP" --columns a,c
try import mkechinow a.csv --into s.aisle
try import mkechinov a.csv
try import mkechinov
try import mkechinov a.csv --into s.aisle --max-rejects 2
try import mkechinov a.csv --into s.aisle --currency EUROS-OF-OLD
try generate
try generate --output g --format clikstream
try generate --output g --products 3
try help shwo
try quit
try set level 2
