#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# From a log of views, carts and purchases to graphs, walks, vectors and a map: edge lists
# of what follows what, DeepWalk and node2vec+ (10 walks of 50 products from each), skip-gram
# with hierarchical softmax in 128 dimensions, neighbours, and UMAP coloured by category.
#
#   sh walks-to-neighbours.sh events.parquet PRODUCT FOLDER [MAPPING]
#
# The log has the form of "ecommerce behavior data from multi category store", or that which
# a mapping says (aisle import --guess); it may be CSV, Parquet or JSON. Then the same once
# more from a graph alone, as another program may have made it.
set -eu
[ $# -eq 3 ] || [ $# -eq 4 ] || { echo "usage: $0 LOG PRODUCT FOLDER [MAPPING]" >&2; exit 2; }
log=$1 product=$2 folder=$3
store=$folder/shop.aisle graph=$folder/graph.aisle

mkdir -p "$folder"
if [ $# -eq 4 ]; then
	aisle import csv "$log" --map "$4" --into "$store" --quiet
else
	aisle import mkechinov "$log" --into "$store" --quiet
fi

# The graphs as edge lists (id, id, weight): views that follow each other, directed; what
# is put into one cart; what is bought together.
for relation in adjacent-view co-cart co-purchase; do
	aisle export edges "$store" --relation $relation -o "$folder/$relation.edg" --quiet
done

# Three graphs of one kind each: what follows each other of views, of carts, of purchases,
# both directions as one edge.
for kind in view cart purchase; do
	aisle export edges "$store" --adjacent $kind --undirected -o "$folder/after-$kind.edg" \
		--quiet
done

# Walks are made while the vectors are trained; they are never written anywhere.
skip_gram='--architecture skip-gram --softmax hierarchical --dim 128 --window 5'
walks='--walks 10 --length 50 --seed 1 --threads 1 --quiet'
aisle train deepwalk "$store" $walks $skip_gram --direction directed --edge-weight one
aisle train node2vec "$store" $walks $skip_gram --direction symmetric --edge-weight count \
	--p 1 --q 0.5 --extend yes
aisle train deepwalk "$store" --as carts $walks $skip_gram --events cart

# The ten nearest products, by the walks of each kind.
for model in deepwalk node2vec; do
	aisle near "$store" "$product" --model $model -n 10 --format tsv \
		>"$folder/near-$model.tsv"
done
aisle show similar "$store" --product "$product" --model node2vec -n 10

# Two and three dimensions, and the vectors for other programs: .tsv with its metadata is
# for the TensorFlow projector.
aisle train map "$store" --as map2 --model node2vec --axes 2 --quiet
aisle train map "$store" --as map3 --model node2vec --axes 3 --quiet
aisle show map "$store" --model map2 --format tsv >"$folder/map2.tsv"
aisle show map "$store" --model map3 --format tsv >"$folder/map3.tsv"
aisle show map "$store" --model map2 --product "$product" --format chart
aisle export vectors "$store" --model node2vec -o "$folder/vectors.npy" --quiet
aisle export vectors "$store" --model node2vec -o "$folder/projector.tsv" --quiet
# For pandas, DuckDB and Spark: an id and a list of floats per product.
aisle export vectors "$store" --model node2vec -o "$folder/vectors.parquet" --quiet

# The other way: edges are all that walks need. Two ids and a weight a line, or Parquet.
aisle import edges "$folder/adjacent-view.edg" --relation adjacent-view --into "$graph" --quiet
aisle train deepwalk "$graph" $walks $skip_gram --direction directed --edge-weight one
aisle train node2vec "$graph" $walks $skip_gram --direction symmetric --edge-weight count \
	--p 1 --q 0.5 --extend yes
aisle near "$graph" "$product" --model node2vec -n 10 --format tsv >"$folder/near-graph.tsv"
aisle train map "$graph" --as map2 --model node2vec --axes 2 --quiet
aisle show map "$graph" --model map2 --format tsv >"$folder/graph-map2.tsv"
aisle export vectors "$graph" --model node2vec -o "$folder/graph.parquet" --quiet

# Does it predict what is viewed next? Beside neighbours counted without any training.
aisle evaluate "$store" walk deepwalk node2vec --split last:1 --k 20 --threads 1 --quiet
