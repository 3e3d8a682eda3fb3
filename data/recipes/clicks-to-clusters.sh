#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# From click sequences to vectors, clusters and recommendations, the way many tutorials
# do it: word2vec (CBOW, 10 dimensions, window 5) on the sequences of sessions, k-means
# with 10 clusters, and for a product the other members of its cluster. They recommend 5
# members at random; aisle ranks them.
#
#   sh clicks-to-clusters.sh 'e-shop clothing 2008.csv' A13 FOLDER [DATE]
#
# The log is the UCI set "clickstream data for online shopping"; what comes after DATE is
# what the vectors are tested on.
set -eu
[ $# -ge 3 ] || { echo "usage: $0 LOG PRODUCT FOLDER [DATE]" >&2; exit 2; }
log=$1 product=$2 folder=$3 date=${4:-2008-08-01}
store=$folder/clicks.aisle

mkdir -p "$folder"
aisle import clickstream "$log" --into "$store" --quiet

# The sequences: models leave repeats in a row and sessions of one click out.
aisle export sessions "$store" -o "$folder/sequences.csv" --show-users --quiet

# The vectors. One thread, so that they are the same every time; rate, negatives and
# `--vectors in` are word2vec's own defaults.
aisle train item2vec "$store" --as cbow --architecture cbow --dim 10 --window 5 --min-count 1 \
	--negative 5 --rate 0.025 --vectors in --seed 1 --threads 1 --quiet
aisle export vectors "$store" --model cbow -o "$folder/vectors.txt" --quiet

# The clusters, by distance as k-means has it: their sizes, and the members of the
# product's, nearest to the centre first.
aisle train clusters "$store" --as clusters --model cbow --clusters 10 --distance l2 --quiet
aisle show clusters "$store" --model clusters --format tsv >"$folder/clusters.tsv"
aisle show cluster "$store" --model clusters --product "$product" --format tsv \
	>"$folder/members.tsv"

# The map: two axes, by category and by cluster. In the explorer m shows it.
aisle train map "$store" --as map --model cbow --quiet
aisle show map "$store" --model map --format tsv >"$folder/map.tsv"
aisle show map "$store" --model map --product "$product" --format chart
aisle show map "$store" --model map --colour clusters --format words

# What to recommend: the products whose vectors are nearest.
aisle near "$store" "$product" --model cbow -n 5

# How good that is, beside popularity and chance; aisle show leaderboard says it again.
aisle evaluate "$store" item2vec:architecture=cbow,dim=10,negative=5,rate=0.025,vectors=in \
	--split "time:$date" --k 5,20 --threads 1 --quiet
