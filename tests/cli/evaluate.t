aisle evaluate "$SHOP" -q --queries 400 --k 5,20 >evaluate.txt
head -c 60 evaluate.txt; echo
aisle show leaderboard "$SHOP" --format tsv \
	--columns rank,model,k,hr,hr_low,mrr,ndcg,recall,precision,map,hr_session,p,coverage,task,split,queries
aisle evaluate "$SHOP" -q --task complement --split random:0.5 --k 10 --same-category exclude >/dev/null
aisle show leaderboard "$SHOP" --format tsv --columns rank,model,k,hr,mrr,hr_cold,hr_warm,hr_popular,split | head -6
aisle evaluate "$SHOP" -q --queries 30 --tune popular --split time:2024-10-20 --k 5 | tail -1
aisle evaluate "$SHOP" -q --tune --trainings 5 --split time:2024-10-20 --k 10 blend |
	grep -o ' blend: .*'
# the minutes end it within the very first training
aisle evaluate "$SHOP" -q --tune --minutes 1e-9 --split time:2024-10-20 --k 10 blend |
	grep -o ' blend: .*'
aisle evaluate "$SHOP" -q --split time:2024-10-20 --k 10 --format tsv blend:co-purchase=1,walk=.5 |
	cut -f2,3 | grep blend
aisle show leaderboard "$SHOP" --format tsv --columns task,split | sort | uniq -c
aisle evaluate "$SHOP" -q --split latest:0.1 --last 1 --k 5 | tail -1
aisle evaluate "$SHOP" -q --task basket basket --k 5 --format tsv | cut -f1,2,3,5
aisle evaluate "$SHOP" -q --split time:2024-10-20 --k 10 --alone --format tsv walk covis | cut -f2
aisle evaluate "$SHOP" -q --alone
aisle evaluate "$SHOP" -q --alone --task text
# what is shown can be typed again: a usual default that isn't this log's is named
aisle evaluate "$SHOP" -q --split time:2024-10-20 --k 10 --format tsv stan:recency=0.3 stan |
	cut -f2,3,5 | grep stan | sort
cut -d, -f9 "$DATA/shop/events.csv" | sort -u | head -40 >test.txt
aisle evaluate "$SHOP" -q --test test.txt --k 5 | tail -1
aisle evaluate "$SHOP" -q --train test.txt --test test.txt
aisle evaluate "$SHOP" -q --train test.txt
aisle evaluate "$SHOP" -q --test test.txt --split last:1
aisle evaluate "$SHOP" --task basket --last 1
echo nobody >none.txt
aisle evaluate "$SHOP" -q --test none.txt
aisle evaluate "$SHOP" nothing
aisle evaluate "$SHOP" popular:events=view,depth=3
aisle evaluate "$SHOP" --k 5,x
aisle evaluate "$SHOP" --split time:2030-01-01
aisle evaluate "$SHOP" --split days:3
aisle evaluate "$SHOP" --split links:0.2
aisle evaluate "$SHOP" -q --task complement --split links:0.2 --tune --alone --k 10 --format tsv cowalk |
	cut -f 1-5
aisle export edges "$SHOP" --relation co-purchase -o graph.tsv
aisle import edges graph.tsv --into graph.aisle -q
aisle evaluate graph.aisle
aisle evaluate graph.aisle --task personal
aisle import edges graph.tsv --append --into graph.aisle
aisle evaluate graph.aisle --task complement --split time:2024-12-01
aisle evaluate graph.aisle -q --task complement --k 10 --format tsv cowalk | cut -f 1-5
aisle evaluate "$SHOP" -q --task complement --split links:0.7 --k 10 --format tsv cowalk |
	cut -f2,4,5,14
aisle evaluate "$SHOP" -q --task complement --split products:0.5 --k 10 transition | tail -1
aisle evaluate "$SHOP" --k 5,10,5
aisle evaluate "$SHOP" clusters
