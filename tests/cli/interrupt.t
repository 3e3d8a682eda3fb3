# a signal stops the work with 130 and leaves the store as it was
aisle generate -q --output g --products 2000 --sessions 300000 --seed 3
aisle import -q mkechinov "$DATA/shop/events.csv" --into s.aisle
timeout --foreground --preserve-status -s TERM 0.1 aisle import mkechinov g/events.csv --into s.aisle >out
echo "exit $?, $(wc -c <out) bytes"
timeout --foreground --preserve-status -s INT 0.1 aisle generate --output h --sessions 90000000 >out
echo "exit $?, $(wc -c <out) bytes"
ls h
aisle verify s.aisle | sed 's/: [0-9]* arrays.*//'
