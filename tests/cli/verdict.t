cp -r "$SHOP" shop.aisle
aisle show verdicts shop.aisle
aisle verdict reject shop.aisle --product 5209878 --with 5304 --as ana
set -- $(aisle show complementary shop.aisle --product 5209878 --limit 3 --columns product --format tsv | tail -3)
aisle verdict reject shop.aisle --product 5209878 --with "$1" --reason "too dear" --as ana
aisle verdict pin shop.aisle --product 5209878 --with "$2" --position 1 --as bob
aisle verdict approve shop.aisle --product 5209878 --with "$3" --scope both --as ana
aisle verdict undo shop.aisle --as ana
aisle verdict redo shop.aisle --as ana
aisle verdict undo shop.aisle --as nobody
aisle verdict skip shop.aisle --product 5209878 --with "$1" --as bob
aisle verdict pin shop.aisle --product 5209878 --with "$1"
aisle verdict aprove shop.aisle --product 5209878 --with "$1"
aisle verdict approve shop.aisle --product 5209878 --with 5209878
aisle verdict approve shop.aisle
printf 'product,suggestion,decision,reason\n%s,%s,approve,good\n%s,%s,reject,"no, never"\n' \
	"$1" "$2" "$1" "$3" | aisle verdict approve shop.aisle --from - --as eve
printf 'product,suggestion,decision\n%s,%s,no\n' "$1" "$2" |
	aisle verdict approve shop.aisle --from - --as eve
printf 'product,suggestion,decision\n%s,%s,skip\n1,2,skip\n' "$1" "$2" |
	aisle verdict approve shop.aisle --from - --as eve
aisle show verdicts shop.aisle --columns product,suggestion,verdict,who,others,scope,place,reason,state
aisle show verdicts shop.aisle --columns product,suggestion,verdict,who,others,scope,position,reason,state
aisle show verdicts shop.aisle --product 5209878 --format tsv --columns suggestion,verdict
aisle export verdicts shop.aisle -o log.csv
cut -d, -f 1,3-10,17-20 log.csv
aisle import verdicts log.csv --into shop.aisle
cp -r "$SHOP" other.aisle
aisle import verdicts log.csv --into other.aisle
aisle export verdicts other.aisle -o - | cmp - log.csv && echo the same
aisle export verdicts other.aisle -o log.jsonl
aisle import verdicts log.jsonl --into shop.aisle
aisle verify other.aisle | tail -1
cat >rules.txt <<'END'
# what a shop wants
block suggestion.category != product.category on complementary
boost suggestion.brand = product.brand   # its own first
END
aisle rules show shop.aisle
aisle rules set shop.aisle rules.txt
aisle rules show shop.aisle
echo 'block price < 5 for category=nowhere' | aisle rules check shop.aisle -
echo 'blok price < 5' | aisle rules set shop.aisle -
aisle rules set shop.aisle
aisle rules keep shop.aisle rules.txt
aisle verify shop.aisle | tail -1
aisle verdict pin shop.aisle --product 5209878 --with 8654322 --position 2 --quiet
aisle rules set shop.aisle rules.txt --quiet
aisle export lists shop.aisle --panel complementary --top 3 -o - | grep -e ^for -e ^5209878,
aisle export lists shop.aisle --panel complementary --top 3 -o - --verdicts none --rules off |
	grep ^5209878,
aisle show complementary shop.aisle --product 5209878 --limit 3 --columns rank,product,flags
aisle export lists shop.aisle --panel complementary --of users -o -
aisle export lists shop.aisle --of products --verdicts none --top 2 -o - | head -3
aisle export lists shop.aisle --panel similar -o l1.csv --threads 1
aisle export lists shop.aisle --panel similar -o l2.csv --threads 2
cmp l1.csv l2.csv && wc -l <l1.csv
aisle evaluate shop.aisle -q --task complement --same-category exclude --k 5 itemknn -f tsv |
	cut -f2,5 | grep -e panel -e itemknn
aisle evaluate shop.aisle -q --task complement --same-category exclude --k 5 itemknn \
	--verdicts on -f tsv | cut -f2,5 | grep -e panel -e itemknn
aisle show leaderboard shop.aisle -f tsv --columns task | sort -u | grep verdicts
aisle evaluate shop.aisle -q --task basket --k 5 --queries 50 --verdicts on | tail -1
aisle evaluate shop.aisle -q --task basket --k 5 --queries 50 | tail -1
aisle evaluate shop.aisle -q --task personal --verdicts on
aisle evaluate "$SHOP" -q --task basket --verdicts on
aisle rules check shop.aisle rules.txt
printf '' | aisle rules check shop.aisle -
