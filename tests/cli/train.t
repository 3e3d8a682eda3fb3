# training, what is trained, and a panel that a model ranks
try() {
	aisle "$@"; echo "exit $?"
}
cp -r "$SHOP" own.aisle
best=$(aisle show products "$SHOP" --sort views --limit 1 --columns product --format tsv |
	tail -1)
try show models own.aisle
try train walk own.aisle -q
try train covis own.aisle -q --as near --count set --score cosine --shrink 20
aisle show models own.aisle --columns name,model,parameters,state --format tsv
aisle show similar own.aisle --product "$best" --model near --limit 4
aisle show why own.aisle --product "$best" --with "$(aisle show similar own.aisle \
	--product "$best" --model walk --limit 1 --columns product --format tsv | tail -1)" \
	--model walk --format tsv | grep '^model'
aisle show complementary own.aisle --product "$best" --model near --limit 2 --columns product,source
# a basket by a model: of one product what similar has, of two another list
aisle show similar own.aisle --product "$best" --model near --limit 9 --columns product \
	--format tsv >one
aisle show basket own.aisle --product "$best" --model near --limit 9 --columns product \
	--format tsv | diff one - && echo same
second=$(sed -n 9p one)
aisle show basket own.aisle --product "$best" --product "$second" --model near --limit 3
aisle show basket own.aisle --product "$best" --product "$second" --model near --format tsv \
	--columns product | grep -c "^$best\$\|^$second\$"
aisle show basket own.aisle --product "$best" --model panel --format tsv >panel
aisle show basket own.aisle --product "$best" --format tsv | cmp panel && echo same
aisle train walk --help
aisle train --list --format tsv | grep '^walk'
try show similar own.aisle --product "$best" --model far
try train wlak own.aisle
try train walk own.aisle --window 3
try train covis own.aisle --window 0
try train covis own.aisle --as ../x
try train walk own.aisle --remove
aisle show models own.aisle --columns name --format tsv
# from the store's own texts alone
aisle train text own.aisle --from-scratch --epochs 2 --dim 32 --layers 1 --pieces 300 --as small |
	grep -v 'took\|loss'
aisle near own.aisle --text "a mug of enamel" --model small --limit 2 --format tsv | wc -l
aisle near own.aisle --text "a mug of enamel" --model small --limit 1 | tail -1
aisle near own.aisle --text "a mug of enamel" --model small --limit 1 --metric l2 | tail -1
try near own.aisle warm thing to drink from --model small
try near own.aisle --model small
echo near | try shell own.aisle
aisle show layers own.aisle --model small
aisle train text own.aisle --from-scratch --learn masked --epochs 1 --dim 32 --layers 1 \
	--pieces 300 --as masked -q
aisle train scratch own.aisle --tune-on similar --epochs 1 --dim 32 --layers 1 --pieces 300 \
	--as tuned -q
aisle show models own.aisle --columns name,model,parameters --format tsv | grep scratch
aisle evaluate own.aisle small tuned --task text --queries 20 -q --format tsv |
	awk -F '\t' 'NR > 1 { print $2 }' | sort -u
try train walk own.aisle --from-scratch
try train text own.aisle --from-scratch --from "$SHOP"
try evaluate own.aisle --task text --tune
try evaluate own.aisle walk --task text
# what was given is shown, be it as usual or not; weights of nothing are refused
aisle train itemknn own.aisle --recency 0.8 --as given -q
aisle train blend own.aisle --weights given --trail 1 --as given-blend -q
aisle show models own.aisle --columns name,parameters --format tsv | grep given
try train blend own.aisle --trail 0
# a model of the store by its name
aisle evaluate own.aisle near walk --queries 20 -k 5 --alone -q --format tsv | cut -f2,3 | sort
# what reads purchases needs some
printf 'time,session,product\n2024-01-01,a,x\n2024-01-01,a,y\n2024-01-02,b,x\n' >views.csv
aisle import csv views.csv --map time=time,session=session,product=product,kind=view -q --into views.aisle
try train cowalk views.aisle
try train cowalk views.aisle --events auto -q
# of a large catalogue only what sessions have takes memory; where that is too much it is said
{
	cat "$DATA/shop/products.csv"
	seq 19000 | awk '{ print $1 ",Spare part " $1 "," $1 ",none,9,parts" }'
} >catalogue.csv
aisle import mkechinov "$DATA/shop/events.csv" --products catalogue.csv --into large.aisle -q
try train slist large.aisle -q
best=$(aisle show similar large.aisle --product "$best" --model slist --limit 1 --columns product \
	--format tsv | tail -1)
aisle show similar large.aisle --product "$best" --model slist --limit 2
{
	head -1 "$DATA/shop/events.csv"
	seq 24000 | awk '{ print "2024-10-01 08:00:00 UTC,view," $1 ",9,parts,none,1.00,7," $1 }'
} >visits.csv
aisle import mkechinov visits.csv --into visits.aisle -q
try train slist visits.aisle -q
# sessions that are too long for pairs teach nothing
{
	echo time,session,product
	seq 8 | awk '{ print "2024-01-01,a,p" $1 }'
} >long.csv
aisle import csv long.csv --map time=time,session=session,product=product,kind=view \
	--max-session 3 -q --into long.aisle
try train slist long.aisle -q
try train ease long.aisle -q
