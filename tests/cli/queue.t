cp -r "$SHOP" shop.aisle
aisle show queue shop.aisle --as ana --limit 12
aisle show queue shop.aisle --as ana --limit 3 -f csv
aisle show queue shop.aisle --as ana -f words --limit 1
aisle show queue shop.aisle --panel similar --as ana --limit 3
aisle show queue shop.aisle --as ana --where "brand='nosuch'"
aisle show audit shop.aisle
aisle show agreement shop.aisle
set -- $(aisle show queue shop.aisle --as ana --limit 3 --columns product,suggestion -f tsv | tail -3)
aisle verdict approve shop.aisle --product "$1" --with "$2" --as ana
aisle verdict reject shop.aisle --product "$3" --with "$4" --as ana --reason "too dear"
aisle verdict skip shop.aisle --product "$5" --with "$6" --as ana
aisle verdict approve shop.aisle --product "$3" --with "$4" --as bob
aisle show queue shop.aisle --as ana --limit 4
aisle show queue shop.aisle --as bob --limit 4
aisle show agreement shop.aisle
aisle verdict blind shop.aisle
aisle show queue shop.aisle --as bob --limit 4
aisle show complementary shop.aisle --product "$1" --limit 3 --columns product,flags
aisle verdict open shop.aisle
printf '# one of each brand\nonce brand on complementary\n' >rules.txt
aisle rules check shop.aisle rules.txt
aisle rules set shop.aisle rules.txt
aisle show complementary shop.aisle --product "$1" --limit 5 --columns product,label
printf 'once\n' | aisle rules check shop.aisle -
printf 'once nosuch\n' | aisle rules check shop.aisle -
aisle verdict approve shop.aisle --product "$1" --with "$6" --as ana
aisle export lists shop.aisle --panel complementary --top 2 --keep-approved --manifest -o l.csv -q
grep "^$1," l.csv
grep -v 'crc32c\|bytes\|store\|imported' l.csv.manifest.json
aisle export lists shop.aisle --panel complementary --changed-since 1 -o - -q | head -3
aisle export lists shop.aisle --panel complementary --changed-since never -o - -q
aisle export lists shop.aisle --keep-approved -o - -q
aisle report shop.aisle -o r.html
sed 's/, import 1; written on .*/, import 1/' r.html | sed -n '/<h1>/,/By category/p' | head -60
