# input that an error quotes can't drive the terminal
aisle "$(printf 'sh\033[31mow\nx')"
aisle show products "$SHOP" --category "$(printf 'a\342\200\256b')"
