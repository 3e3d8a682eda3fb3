#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# How well simple and less simple methods guess the next click, on one split of one log:
# learnt from what lies before the second date, tested on what follows; the first date is
# for --tune. Candidates are the products that the session has not had.
#
#   sh next-clicks.sh 'e-shop clothing 2008.csv' FOLDER [DATE,DATE]
#
# The log is the UCI set "clickstream data for online shopping". One thread, so that the
# vectors are the same every time. Prints a row per method: HR@5, HR@10, HR@20, MRR@20.
set -eu
[ $# -ge 2 ] || { echo "usage: $0 LOG FOLDER [DATE,DATE]" >&2; exit 2; }
log=$1 folder=$2 dates=${3:-2008-07-01,2008-08-01}
store=$folder/clicks.aisle

mkdir -p "$folder"
aisle import clickstream "$log" --into "$store" --quiet

# In turn: sessions with both, their cosine, their lift; EASE from the last product; steps
# to the next ten, a step weighing 1/gap; the next one; walks of two hops; vectors of ten
# numbers by CBOW as word2vec has it, and by skip-gram; what aisle makes of all that.
# Popularity and chance, also in the category of the last product, stand beside.
aisle evaluate "$store" \
	covis:count=set,direction=symmetric,score=count,shrink=0 \
	covis:count=set,direction=symmetric,score=cosine,shrink=20 \
	covis:count=set,direction=symmetric,score=lift,shrink=0 \
	ease:lambda=2000,recency=0 \
	covis:count=window,window=10,gap-weight=inverse,score=count,shrink=0 \
	covis:count=adjacent,score=count,shrink=0 \
	walk:alpha=0.5,hops=2 \
	item2vec:architecture=cbow,dim=10,negative=5,rate=0.025,vectors=in \
	item2vec:dim=10 \
	trail \
	--split "time:$dates" --k 5,10,20 --threads 1 --quiet --format tsv >"$folder/runs.tsv"

awk -F '\t' '
NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
{
	name = $at["model"] ($at["parameters"] == "" ? "" : " " $at["parameters"])
	if (!(name in hr))
		order[n++] = name
	hr[name] = hr[name] sprintf("%.3f\t", $at["hr"])
	mrr[name] = $at["mrr"]	# of the greatest k, which comes last
}
END {
	print "HR@5\tHR@10\tHR@20\tMRR@20\tmethod"
	for (i = 0; i < n; i++)
		printf "%s%.3f\t%s\n", hr[order[i]], mrr[order[i]], order[i]
}' "$folder/runs.tsv"
