# input that an error quotes can't drive the terminal
aisle "$(printf 'sh\033[31mow\nx')"
aisle show products "$SHOP" --category "$(printf 'a\342\200\256b')"; echo "exit $?"
# and what has quotes and commas is a field all the same
cp -r "$SHOP" 'a,"b\c.aisle'
aisle info 'a,"b\c.aisle' --format csv | grep '^store,'
aisle info 'a,"b\c.aisle' --format tsv | grep '^store	'
