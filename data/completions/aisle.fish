# fish completion for aisle
# SPDX-License-Identifier: GPL-3.0-or-later
# Made by aisle help fish; do not edit.

function __aisle_words	# what stands before the cursor, options left out
	for word in (commandline -opc)
		string match -q -- '-*' $word; or echo $word
	end
end

function __aisle_at	# COMMAND [OPERAND]
	set -l words (__aisle_words)
	test (count $words) -ge 2; and test $words[2] = $argv[1]; or return 1
	test (count $argv) -lt 2; and return 0
	test (count $words) -ge 3; and test $words[3] = $argv[2]
end

function __aisle_first	# COMMAND: its first operand comes next
	set -l words (__aisle_words)
	test (count $words) -eq 2; and test $words[2] = $argv[1]
end

function __aisle_none	# no command yet
	test (count (__aisle_words)) -eq 1
end

function __aisle_categories	# of the store that the line names
	for word in (__aisle_words)
		test -e $word/CURRENT; or continue
		aisle show categories $word --columns path --format tsv \
			2>/dev/null | tail -n +2
	end
end

complete -c aisle -n '__aisle_none' -k -a '(__fish_complete_directories)' -d Store
complete -c aisle -n __aisle_none -f -a explore -d 'Open the explorer on a store; aisle STORE does the same'
complete -c aisle -n '__aisle_at explore' -l read-only -d 'Refuse every command that changes a store'
complete -c aisle -n '__aisle_at explore' -l kiosk -d 'For screens that others use: no ids of people, no files, nothing that writes or trains, and a budget for each command; see aisle-kiosk(7)'
complete -c aisle -n '__aisle_at explore' -l no-resume -d 'Begin anew, not where the explorer was left'
complete -c aisle -n '__aisle_at explore' -l show-users -d 'Ids of users and sessions instead of pseudonyms'
complete -c aisle -n '__aisle_at explore' -l mask-prices -d 'Show the shop as if it had told no prices'
complete -c aisle -n '__aisle_at explore' -l plain -d 'Lines of text at a prompt, not a screen: for screen readers and braille lines'
complete -c aisle -n '__aisle_at explore' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at explore' -l seconds -d '--kiosk: the longest that a visitor\'s command may take' -x
complete -c aisle -n '__aisle_at explore' -l memory -d '--kiosk: the most memory that a visitor\'s commands may take, as 256M or 2G' -x
complete -c aisle -n '__aisle_at explore' -l no-sandbox -d '--kiosk: start even where the kernel has neither Landlock nor seccomp'
complete -c aisle -n __aisle_none -f -a demo -d 'Make a synthetic shop of 5,000 products, import it and open it'
complete -c aisle -n '__aisle_at demo' -l tour -d 'Show the explorer around by itself, keys and captions on its last line'
complete -c aisle -n '__aisle_at demo' -l record -d 'Write the tour to FILE.cast (asciicast v2) or FILE.svg (a picture that moves)' -r -F
complete -c aisle -n __aisle_none -f -a generate -d 'Write the log of a synthetic shop of any size'
complete -c aisle -n '__aisle_at generate' -l output -s o -d 'The folder to write the files to' -r -F
complete -c aisle -n '__aisle_at generate' -l format -s f -d 'The data set whose files the shop is written as' -x
complete -c aisle -n '__aisle_at generate' -l products -d 'Products in the shop' -x
complete -c aisle -n '__aisle_at generate' -l sessions -d 'Sessions to draw' -x
complete -c aisle -n '__aisle_at generate' -l seed -d 'The same seed gives the same bytes' -x
complete -c aisle -n '__aisle_at generate' -l days -d 'Days that the sessions are spread over' -x
complete -c aisle -n '__aisle_at generate' -l more-categories -d 'The share of products that stand in one or two more categories, which products.csv names' -x
complete -c aisle -n '__aisle_at generate' -l dirty -d 'Damage so many of the lines and list them in damage.csv' -x
complete -c aisle -n __aisle_none -f -a import -d 'Read a shop\'s log into a store and count it'
complete -c aisle -n '__aisle_first import' -a mkechinov
complete -c aisle -n '__aisle_first import' -a mkechinov-orders
complete -c aisle -n '__aisle_first import' -a clickstream
complete -c aisle -n '__aisle_first import' -a retailrocket
complete -c aisle -n '__aisle_first import' -a hm
complete -c aisle -n '__aisle_first import' -a orders
complete -c aisle -n '__aisle_first import' -a baskets
complete -c aisle -n '__aisle_first import' -a csv
complete -c aisle -n '__aisle_first import' -a vectors
complete -c aisle -n '__aisle_first import' -a counts
complete -c aisle -n '__aisle_first import' -a edges
complete -c aisle -n '__aisle_at import' -l into -d 'The store to write: a folder, made if it is missing' -r -F
complete -c aisle -n '__aisle_at import' -l append -d 'Add the files to what STORE holds, with the result of importing all of them at once; options that count are the store\'s'
complete -c aisle -n '__aisle_at import' -l map -d 'csv: what the columns are, as time=event_time,product=sku,..., or a file that says so' -r -F
complete -c aisle -n '__aisle_at import' -l guess -d 'Read nothing; print a mapping for FILE, with reasons, to be given to --map'
complete -c aisle -n '__aisle_at import' -l check -d 'Read, count and say what a store would hold, but write none'
complete -c aisle -n '__aisle_at import' -l encoding -d 'Encoding of the files: latin1, windows-1252, utf-16 ...; default: utf-8' -x
complete -c aisle -n '__aisle_at import' -l products -d 'CSV with product_id and what is known of products: see aisle-import(5)' -r -F
complete -c aisle -n '__aisle_at import' -l users -d 'A table of users (user_id or customer_id, and attributes): --where "user.NAME=..." counts what such users did' -r -F
complete -c aisle -n '__aisle_at import' -l weights -d 'How much an event of a kind says, as view=1,cart=2,purchase=3 (the default): what mf and neumf guess, and --weights store of panels' -x
complete -c aisle -n '__aisle_at import' -l gap -d 'A pause so long ends a visitor\'s session, where the log names none' -x
complete -c aisle -n '__aisle_at import' -l separator -d 'What parts the fields: one ASCII character, or space, tab or semicolon' -x
complete -c aisle -n '__aisle_at import' -l header -d 'baskets: does the first line name columns?' -x -a 'yes no'
complete -c aisle -n '__aisle_at import' -l skip-columns -d 'baskets: so many fields at the front of each line are no items' -x
complete -c aisle -n '__aisle_at import' -l layout -d 'baskets: items of one basket on each line (the default); a user and then items; or a column for each item with 1 or yes where it is in the basket' -x -a 'items user-items one-hot'
complete -c aisle -n '__aisle_at import' -l rejects -d 'Write rejected records to FILE with file, line, reason, column and value' -r -F
complete -c aisle -n '__aisle_at import' -l strict -d 'Stop at the first rejected record'
complete -c aisle -n '__aisle_at import' -l max-rejects -d 'Fail, and keep the old store, when more than this share is rejected' -x
complete -c aisle -n '__aisle_at import' -l spreadsheet -d 'Take away the apostrophes that export --spreadsheet put before formulas'
complete -c aisle -n '__aisle_at import' -l duplicates -d 'What to do with events that are the same in session, product, kind, time, price and pieces; drop keeps the first' -x -a 'keep drop'
complete -c aisle -n '__aisle_at import' -l max-session -d 'Sessions of more distinct products are kept but not counted in pairs' -x
complete -c aisle -n '__aisle_at import' -l currency -d 'Currency of the prices; default: the data set\'s own' -x
complete -c aisle -n '__aisle_at import' -l time-zone -d 'The shop\'s time zone: of its days and hours, and of times that name none' -x
complete -c aisle -n '__aisle_at import' -l memory -d 'Keep to about so much memory (as 512M, 8G), ids included; what doesn\'t fit goes to temporary files in the store\'s folder' -x
complete -c aisle -n '__aisle_at import' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_at import' -l ids -d 'vectors: the ids for an .npy or .tsv file, a line each; default: the file beside it that ends in .ids or .metadata.tsv' -r -F
complete -c aisle -n '__aisle_at import' -l index -d 'Of a model with vectors: keep a graph that finds near ones without looking at all; auto makes one from 200,000 products on' -x -a 'auto hnsw none'
complete -c aisle -n '__aisle_at import' -l seed -d 'The same seed gives the same bytes' -x
complete -c aisle -n '__aisle_at import' -l relation -s r -d 'The relation between products; similar stands for co-view, complement for co-purchase' -x -a 'co-view adjacent-view view-purchase co-cart co-purchase similar complement'
complete -c aisle -n '__aisle_at import' -l undirected -d 'edges: both directions of a pair as one edge, whose weight is their sum'
complete -c aisle -n '__aisle_at import' -l top -d 'Of counts: keep the N most frequent pairs of every product in each relation, and what is among the N of the other one; 0: all' -x
complete -c aisle -n __aisle_none -f -a info -d 'Show what a store holds, where it came from and how it was made'
complete -c aisle -n '__aisle_at info' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n __aisle_none -f -a verify -d 'Read a whole store and check that it is what was written'
complete -c aisle -n __aisle_none -f -a train -d 'Train a model on a store and keep it there'
complete -c aisle -n '__aisle_first train' -a covis
complete -c aisle -n '__aisle_first train' -a rules
complete -c aisle -n '__aisle_first train' -a co-purchase
complete -c aisle -n '__aisle_first train' -a walk
complete -c aisle -n '__aisle_first train' -a trail
complete -c aisle -n '__aisle_first train' -a itemknn
complete -c aisle -n '__aisle_first train' -a vsknn
complete -c aisle -n '__aisle_first train' -a stan
complete -c aisle -n '__aisle_first train' -a vstan
complete -c aisle -n '__aisle_first train' -a ease
complete -c aisle -n '__aisle_first train' -a slist
complete -c aisle -n '__aisle_first train' -a blend
complete -c aisle -n '__aisle_first train' -a rank
complete -c aisle -n '__aisle_first train' -a item2vec
complete -c aisle -n '__aisle_first train' -a deepwalk
complete -c aisle -n '__aisle_first train' -a node2vec
complete -c aisle -n '__aisle_first train' -a text
complete -c aisle -n '__aisle_first train' -a lsa
complete -c aisle -n '__aisle_first train' -a scratch
complete -c aisle -n '__aisle_first train' -a als
complete -c aisle -n '__aisle_first train' -a bpr
complete -c aisle -n '__aisle_first train' -a mf
complete -c aisle -n '__aisle_first train' -a neumf
complete -c aisle -n '__aisle_first train' -a svd
complete -c aisle -n '__aisle_first train' -a useruser
complete -c aisle -n '__aisle_first train' -a cf
complete -c aisle -n '__aisle_first train' -a itemcf
complete -c aisle -n '__aisle_first train' -a cowalk
complete -c aisle -n '__aisle_first train' -a inout
complete -c aisle -n '__aisle_first train' -a transition
complete -c aisle -n '__aisle_first train' -a companion
complete -c aisle -n '__aisle_first train' -a product2vec
complete -c aisle -n '__aisle_first train' -a vectors
complete -c aisle -n '__aisle_first train' -a clusters
complete -c aisle -n '__aisle_first train' -a map
complete -c aisle -n '__aisle_first train' -a trending
complete -c aisle -n '__aisle_first train' -a again
complete -c aisle -n '__aisle_first train' -a popular
complete -c aisle -n '__aisle_first train' -a random
complete -c aisle -n '__aisle_at train' -l list -d 'Train nothing; list the models with their parameters, defaults and bounds'
complete -c aisle -n '__aisle_at train' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_at train' -l as -d 'Keep it under that name, so that a store can hold several of one model; default: the model\'s own name' -x
complete -c aisle -n '__aisle_at train' -l remove -d 'Train nothing; remove what is kept under that name'
complete -c aisle -n '__aisle_at train' -l seed -d 'The same seed gives the same bytes' -x
complete -c aisle -n '__aisle_at train' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_at train' -l index -d 'Of a model with vectors: keep a graph that finds near ones without looking at all; auto makes one from 200,000 products on' -x -a 'auto hnsw none'
complete -c aisle -n '__aisle_at train' -l model -d 'The model whose vectors are taken; default: the only one that has some' -x
complete -c aisle -n '__aisle_at train' -l from -d 'text: the folder of a published encoder (model.safetensors, vocab.txt, config.json); default: aisle/weights in the person\'s data folder' -r -F
complete -c aisle -n '__aisle_at train' -l from-scratch -d 'text: learn from the store\'s own texts alone, as aisle train scratch does, instead of reading a folder'
complete -c aisle -n '__aisle_at train' -l events -d 'Which events make the sequences and baskets; auto takes views, else carts, else purchases' -x -a 'auto view cart purchase all'
complete -c aisle -n '__aisle_at train' -l fields -d 'What is read of a product: its name, name and description, or these with category, brand and attributes' -x -a 'name described all'
complete -c aisle -n '__aisle_at train' -l learn -d 'That two pieces of a text belong together (crops), or to guess pieces of words that are hidden (masked)' -x -a 'crops masked'
complete -c aisle -n '__aisle_at train' -l tune-on -d 'Goes on with pairs of products that are alike: seen together and not bought together, or in a log without views alike by category and features' -x -a 'nothing similar'
complete -c aisle -n '__aisle_at train' -l pieces -d 'Pieces of words that are learnt, at most' -x
complete -c aisle -n '__aisle_at train' -l layers -d 'Layers of attention' -x
complete -c aisle -n '__aisle_at train' -l without -d 'A feature of products that isn\'t learnt from, to see what it is worth' -x -a 'nothing category brand band price attributes words letters age text item'
complete -c aisle -n '__aisle_at train' -l instead -d 'Products that are looked at instead of one are learnt not to complete it, or are like any others' -x -a 'against ignored'
complete -c aisle -n '__aisle_at train' -l transition-of -d 'Which categories go along is learnt for a category, or for the product in it too' -x -a 'category product'
complete -c aisle -n '__aisle_at train' -l labels -d 'verdicts: what people approved completes a product, and what they rejected doesn\'t, whatever the log says (companion); on a product\'s page what was approved comes before what was rejected (rank)' -x -a 'none verdicts'
complete -c aisle -n '__aisle_at train' -l choices -d 'Sessions that saw two products and bought one or both of them say whether they are alike or complete each other, before rates do' -x -a 'yes no'
complete -c aisle -n '__aisle_at train' -l item -d 'Learn from the vectors of that model too, which is trained on the same log first' -x -a 'none item2vec als bpr deepwalk node2vec'
complete -c aisle -n '__aisle_at train' -l buckets -d 'Words, and four letters in a row, are hashed to so many' -x
complete -c aisle -n '__aisle_at train' -l count -d 'Count pairs once per session (set), from one product to the next (adjacent), or up to --window steps apart (window)' -x -a 'set adjacent window'
complete -c aisle -n '__aisle_at train' -l direction -d 'Count a pair from the earlier to the later product, or both ways' -x -a 'directed symmetric'
complete -c aisle -n '__aisle_at train' -l window -d 'How many steps apart two products of a sequence may stand' -x
complete -c aisle -n '__aisle_at train' -l gap-weight -d 'A pair that is g steps apart counts 1/g, or 1' -x -a 'inverse flat'
complete -c aisle -n '__aisle_at train' -l half-life -d 'What is so old counts half as much as the newest; 0: age doesn\'t matter' -x
complete -c aisle -n '__aisle_at train' -l score -d 'What is made of the counts n of a pair, n_a and n_b of its products: n, n/sqrt(n_a n_b), n/(n_a+n_b-n), n/n_a, n N/(n_a n_b)' -x -a 'count cosine jaccard conditional lift'
complete -c aisle -n '__aisle_at train' -l shrink -d 'Added below the fraction, so that what was seen once does not lead' -x
complete -c aisle -n '__aisle_at train' -l support -d 'Pairs that were counted less often are left out' -x
complete -c aisle -n '__aisle_at train' -l hops -d 'Steps of the longest walk' -x
complete -c aisle -n '__aisle_at train' -l alpha -d 'walk: what each further hop counts; itemknn: how much of the division is by the count of the product asked for (0.5: cosine); companion: what the loss of products counts, the loss of categories counts the rest' -x
complete -c aisle -n '__aisle_at train' -l beta -d 'Divide by so high a power of a product\'s own degree: above 0 the long tail rises' -x
complete -c aisle -n '__aisle_at train' -l both -d 'What counts of adjacent products in either direction count beside those from the earlier to the later' -x
complete -c aisle -n '__aisle_at train' -l earlier -d 'What the product before the last one counts beside it; 0: only the last one does' -x
complete -c aisle -n '__aisle_at train' -l recency -d 'What each product of a history counts of the one after it: 0 is the last one alone, 1 all alike' -x
complete -c aisle -n '__aisle_at train' -l lambda -d 'Regularisation: the larger, the more evidence a large score needs' -x
complete -c aisle -n '__aisle_at train' -l most -d 'ease: so many products, those with the most sessions, are solved for together; it takes their number squared in memory, and cubed in time' -x
complete -c aisle -n '__aisle_at train' -l whole -d 'What whole sessions count beside what comes next: 1 is whole ones alone' -x
complete -c aisle -n '__aisle_at train' -l neighbours -d 'How many of the most alike sessions (vsknn) or products (itemknn) count' -x
complete -c aisle -n '__aisle_at train' -l candidates -d 'How many of the latest sessions that share a product are looked at' -x
complete -c aisle -n '__aisle_at train' -l idf -d 'How much more rare products count: times 1 + X log(sessions / product\'s sessions)' -x
complete -c aisle -n '__aisle_at train' -l weighting -d 'What the i-th of n products counts before --recency: i/n, its square, 1/log2(2 + n - i), or 1' -x -a 'share square log same'
complete -c aisle -n '__aisle_at train' -l position -d 'What each step from the shared product in a neighbour\'s session (slist: from the border between past and next) counts of the step before; 1: all alike' -x
complete -c aisle -n '__aisle_at train' -l back -d 'What each step from the end of the history back to the latest shared product counts of the step before; 1: all alike' -x
complete -c aisle -n '__aisle_at train' -l combine -d 'Add scores as shares of a model\'s best one, or weights over 60 + rank (reciprocal rank)' -x -a 'share rank'
complete -c aisle -n '__aisle_at train' -l weights -d 'blend: the weights as given, or fitted to what the latest tenth of the sessions went on to, by parts that learnt from the others; those given are where that begins' -x -a 'given fitted'
complete -c aisle -n '__aisle_at train' -l covis -d 'blend: what covis counts; 0: it is left out' -x
complete -c aisle -n '__aisle_at train' -l rules -d 'blend: what rules counts; 0: it is left out' -x
complete -c aisle -n '__aisle_at train' -l co-purchase -d 'blend: what co-purchase counts; 0: it is left out' -x
complete -c aisle -n '__aisle_at train' -l walk -d 'blend: what walk counts; 0: it is left out' -x
complete -c aisle -n '__aisle_at train' -l trail -d 'blend: what trail counts; 0: it is left out' -x
complete -c aisle -n '__aisle_at train' -l itemknn -d 'blend: what itemknn counts; 0: it is left out' -x
complete -c aisle -n '__aisle_at train' -l vsknn -d 'blend: what vsknn counts; 0: it is left out' -x
complete -c aisle -n '__aisle_at train' -l stan -d 'blend: what stan counts; 0: it is left out' -x
complete -c aisle -n '__aisle_at train' -l vstan -d 'blend: what vstan counts; 0: it is left out' -x
complete -c aisle -n '__aisle_at train' -l ease -d 'blend: what ease counts; 0: it is left out' -x
complete -c aisle -n '__aisle_at train' -l slist -d 'blend: what slist counts; 0: it is left out' -x
complete -c aisle -n '__aisle_at train' -l item2vec -d 'blend: what item2vec counts; 0: it is left out' -x
complete -c aisle -n '__aisle_at train' -l als -d 'blend: what als counts; 0: it is left out' -x
complete -c aisle -n '__aisle_at train' -l popular -d 'blend: what popular counts; 0: it is left out' -x
complete -c aisle -n '__aisle_at train' -l cf -d 'blend: what cf counts; 0: it is left out' -x
complete -c aisle -n '__aisle_at train' -l cowalk -d 'blend: what cowalk counts; 0: it is left out' -x
complete -c aisle -n '__aisle_at train' -l transition -d 'blend: what transition counts; 0: it is left out' -x
complete -c aisle -n '__aisle_at train' -l companion -d 'blend: what companion counts; 0: it is left out' -x
complete -c aisle -n '__aisle_at train' -l useruser -d 'blend: what useruser counts; 0: it is left out' -x
complete -c aisle -n '__aisle_at train' -l itemcf -d 'blend: what itemcf counts; 0: it is left out' -x
complete -c aisle -n '__aisle_at train' -l period -d 'How long the periods are that are compared; 0: 28 days, 7 or 1, the longest of which the log holds two' -x
complete -c aisle -n '__aisle_at train' -l confidence -d 'What was met n times counts 1 + X n, what wasn\'t 1; a cart is two, a purchase three' -x
complete -c aisle -n '__aisle_at train' -l asked -d 'als: solve for the factors of the history as for one more user and take their product with a product\'s (fold), or look for factors near those of its products (near)' -x -a 'fold near'
complete -c aisle -n '__aisle_at train' -l steps -d 'Steps of conjugate gradients for each row; 0: exactly, by Cholesky' -x
complete -c aisle -n '__aisle_at train' -l batch-size -d 'Events that are learnt from together' -x
complete -c aisle -n '__aisle_at train' -l hidden -d 'Width of the two hidden layers between a product\'s features and its vector' -x
complete -c aisle -n '__aisle_at train' -l type-dim -d 'Numbers per vector of a category' -x
complete -c aisle -n '__aisle_at train' -l loss -d 'hinge: of squared distances, pair by pair, as published; contrast: the right one among all others of the batch (InfoNCE), and the right one of all categories' -x -a 'hinge contrast'
complete -c aisle -n '__aisle_at train' -l sampled -d 'How many of a product\'s neighbours are drawn each time; and of those it is held against' -x
complete -c aisle -n '__aisle_at train' -l against -d 'What a product is kept away from: what is bought along with it, as published, any others at random, or both' -x -a 'complements others both'
complete -c aisle -n '__aisle_at train' -l neighbourhood -d 'Neighbours weigh by how near they are (attention), or alike (mean)' -x -a 'attention mean'
complete -c aisle -n '__aisle_at train' -l margin -d 'hinge: how far beyond --centre a distance must be to cost nothing' -x
complete -c aisle -n '__aisle_at train' -l centre -d 'hinge: the squared distance between near and far' -x
complete -c aisle -n '__aisle_at train' -l temperature -d 'contrast: what products of vectors are divided by; the smaller, the sharper' -x
complete -c aisle -n '__aisle_at train' -l dropout -d 'Share of the hidden numbers of a category that are left out at random in training' -x
complete -c aisle -n '__aisle_at train' -l decay -d 'Decay of the weights (AdamW), times the learning rate in each step; 0: none' -x
complete -c aisle -n '__aisle_at train' -l patience -d 'Ends when the loss of links that were held out hasn\'t fallen for so many epochs; 0: runs through' -x
complete -c aisle -n '__aisle_at train' -l ranking -d 'Score all products by category, product and popularity together (sum), or take the best of the nearest categories in turns (categories), as published' -x -a 'sum categories'
complete -c aisle -n '__aisle_at train' -l categories -d '--ranking categories: how many categories are taken' -x
complete -c aisle -n '__aisle_at train' -l each -d '--ranking categories: how many products of each' -x
complete -c aisle -n '__aisle_at train' -l type-weight -d '--ranking sum: what the category\'s score counts beside the product\'s' -x
complete -c aisle -n '__aisle_at train' -l popularity -d '--ranking sum: what log(1 + sessions with it) counts' -x
complete -c aisle -n '__aisle_at train' -l objective -d 'Trees that put the right candidates first (lambdarank), trees that guess each alone (logloss), the one and the other summed (both), or a sum of the features that guesses (logistic)' -x -a 'lambdarank logloss logistic both'
complete -c aisle -n '__aisle_at train' -l periods -d 'How many days are learnt from, before the last one, which says when to stop; where too few users take something on a day, each is two days, four or more' -x
complete -c aisle -n '__aisle_at train' -l wrong -d 'Of the candidates that weren\'t taken at most so many are learnt from, drawn for each user and day' -x
complete -c aisle -n '__aisle_at train' -l trees -d 'At most so many trees' -x
complete -c aisle -n '__aisle_at train' -l depth -d 'How many questions a tree asks in a row' -x
complete -c aisle -n '__aisle_at train' -l members -d 'How members of the cluster are ranked for a product: those at its centre first, or at random by the seed, the baseline of published work' -x -a 'centre random'
complete -c aisle -n '__aisle_at train' -l clusters -d 'How many clusters are made' -x
complete -c aisle -n '__aisle_at train' -l distance -d 'What near means: the angle between vectors, or the distance of their ends' -x -a 'cosine l2'
complete -c aisle -n '__aisle_at train' -l rounds -d 'At most so many rounds; it ends when nothing changes' -x
complete -c aisle -n '__aisle_at train' -l batch -d 'Rows of a round of mini-batches, for very many vectors; 0: all rows in each round' -x
complete -c aisle -n '__aisle_at train' -l method -d 'Keep near what is near (umap), or look from where the vectors differ most (pca)' -x -a 'umap pca'
complete -c aisle -n '__aisle_at train' -l axes -d 'Dimensions of the map' -x
complete -c aisle -n '__aisle_at train' -l near -d 'How many products, itself included, a product is to stay near to: few show small groups, many the whole' -x
complete -c aisle -n '__aisle_at train' -l min-dist -d 'Least distance that products are to keep on the map' -x
complete -c aisle -n '__aisle_at train' -l map-epochs -d 'Rounds of laying out; 0: 500 up to 10,000 products, 200 above' -x
complete -c aisle -n '__aisle_at train' -l dim -d 'Numbers per vector' -x
complete -c aisle -n '__aisle_at train' -l architecture -d 'Every product of the window predicts the one in the middle (skip-gram), or their mean does (cbow)' -x -a 'skip-gram cbow'
complete -c aisle -n '__aisle_at train' -l softmax -d 'Learn against products drawn at random (negative), or along a Huffman tree (hierarchical)' -x -a 'negative hierarchical'
complete -c aisle -n '__aisle_at train' -l negative -d 'Products drawn at random per position' -x
complete -c aisle -n '__aisle_at train' -l exponent -d 'They are drawn by count to this power: 1 as popular, 0 all alike, below 0 the rare ones' -x
complete -c aisle -n '__aisle_at train' -l sample -d 'Products with a greater share of all events are thinned out; 0: none' -x
complete -c aisle -n '__aisle_at train' -l epochs -d 'How often training passes over everything' -x
complete -c aisle -n '__aisle_at train' -l per-epoch -d 'An epoch passes over so many links at most, drawn anew each time; 0: over all of them' -x
complete -c aisle -n '__aisle_at train' -l rate -d 'Learning rate at the start' -x
complete -c aisle -n '__aisle_at train' -l min-count -d 'Products that come less often get no vector' -x
complete -c aisle -n '__aisle_at train' -l vectors -d 'What is kept of the two vectors that a product has in training: their sum (Levy, Goldberg and Dagan 2015), or the first alone, as word2vec does; a tree has only that' -x -a 'sum in'
complete -c aisle -n '__aisle_at train' -l walks -d 'Walks that start at every product, in each epoch' -x
complete -c aisle -n '__aisle_at train' -l length -d 'Products of a walk' -x
complete -c aisle -n '__aisle_at train' -l edge-weight -d 'Walk by how often two products follow each other, or along all edges alike' -x -a 'count one'
complete -c aisle -n '__aisle_at train' -l p -d 'The larger, the rarer a walk goes back to where it came from' -x
complete -c aisle -n '__aisle_at train' -l q -d 'Below 1 walks lead away, above 1 they stay near' -x
complete -c aisle -n '__aisle_at train' -l extend -d 'Edges that are weak for their product count as if they weren\'t there (node2vec+)' -x -a 'yes no'
complete -c aisle -n __aisle_none -f -a show -d 'Print a view: what the explorer shows, as text or data'
complete -c aisle -n '__aisle_first show' -a categories -d 'The category tree with products, events, revenue and conversion'
complete -c aisle -n '__aisle_at show categories' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at show categories' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a 'products views carts purchases revenue conversion'
complete -c aisle -n '__aisle_at show categories' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show categories' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show categories' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'tree depth id name path products views carts purchases revenue conversion'
complete -c aisle -n '__aisle_at show categories' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at show categories' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show categories' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a products -d 'Products of the shop or of a category, by category or sorted'
complete -c aisle -n '__aisle_at show products' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at show products' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a 'label price views carts purchases revenue conversion'
complete -c aisle -n '__aisle_at show products' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show products' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show products' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'product label category brand price views carts purchases revenue conversion'
complete -c aisle -n '__aisle_at show products' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at show products' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show products' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a product -d 'One product in full: attributes, prices, totals, history, who suggests it'
complete -c aisle -n '__aisle_at show product' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at show product' -l same-category -d 'What to do with suggestions of the product\'s own category; weigh makes room for others among the complements' -x -a 'include weigh exclude only'
complete -c aisle -n '__aisle_at show product' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show product' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show product' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'field value shown'
complete -c aisle -n '__aisle_at show product' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show product' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a similar -d 'What could be bought instead of a product, with evidence and source'
complete -c aisle -n '__aisle_at show similar' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at show similar' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at show similar' -l same-category -d 'What to do with suggestions of the product\'s own category; weigh makes room for others among the complements' -x -a 'include weigh exclude only'
complete -c aisle -n '__aisle_at show similar' -l tail -d 'How much less what sells well counts: the score over the sessions with it to that power' -x
complete -c aisle -n '__aisle_at show similar' -l diversify -d 'How much it counts against a suggestion that it is like those above it: in category and brand, or by the vectors of --model' -x
complete -c aisle -n '__aisle_at show similar' -l per-category -d 'At most N suggestions of a category; 1 is the best of each' -x
complete -c aisle -n '__aisle_at show similar' -l categories -d 'Suggestions of at most N categories, those of the best ones, 0: of any number; with N the explorer\'s Complementary stands category by category' -x
complete -c aisle -n '__aisle_at show similar' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at show similar' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a 'rank label score n confidence lift lift_low'
complete -c aisle -n '__aisle_at show similar' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show similar' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show similar' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'rank product label score source n n_a n_b n_all support confidence lift lift_low lift_high g2 p q reverse_rank flags'
complete -c aisle -n '__aisle_at show similar' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at show similar' -l scope -d 'What the filter\'s tests of products do to suggestions: shop, nothing, so they come from the whole shop (the default of the explorer\'s panes); filter, they pass it too (the default elsewhere)' -x -a 'shop filter'
complete -c aisle -n '__aisle_at show similar' -l codes -d 'Suggestions of one product code (what the log calls variants of each other): the best one of them, or all' -x -a 'one all'
complete -c aisle -n '__aisle_at show similar' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show similar' -l verdicts -d 'What people\'s decisions do to a list: leave out what was rejected (default), keep it in its place with a mark (the default of the explorer\'s panes), let in only what was approved, or nothing' -x -a 'not-rejected marked approved none'
complete -c aisle -n '__aisle_at show similar' -l rules -d 'off: the list as it would be without the store\'s rules' -x -a 'on off'
complete -c aisle -n '__aisle_at show similar' -l weights -d 'similar, complementary: rank by what is seen, put in carts and bought together, weighed, as view=1,cart=2,purchase=3 (what isn\'t named keeps these), or store: as the import was told' -x
complete -c aisle -n '__aisle_at show similar' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a complementary -d 'What is bought along with a product, with evidence and source'
complete -c aisle -n '__aisle_at show complementary' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at show complementary' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at show complementary' -l same-category -d 'What to do with suggestions of the product\'s own category; weigh makes room for others among the complements' -x -a 'include weigh exclude only'
complete -c aisle -n '__aisle_at show complementary' -l tail -d 'How much less what sells well counts: the score over the sessions with it to that power' -x
complete -c aisle -n '__aisle_at show complementary' -l diversify -d 'How much it counts against a suggestion that it is like those above it: in category and brand, or by the vectors of --model' -x
complete -c aisle -n '__aisle_at show complementary' -l per-category -d 'At most N suggestions of a category; 1 is the best of each' -x
complete -c aisle -n '__aisle_at show complementary' -l categories -d 'Suggestions of at most N categories, those of the best ones, 0: of any number; with N the explorer\'s Complementary stands category by category' -x
complete -c aisle -n '__aisle_at show complementary' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at show complementary' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a 'rank label score n confidence lift lift_low'
complete -c aisle -n '__aisle_at show complementary' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show complementary' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show complementary' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'rank product label score source n n_a n_b n_all support confidence lift lift_low lift_high g2 p q reverse_rank flags'
complete -c aisle -n '__aisle_at show complementary' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at show complementary' -l scope -d 'What the filter\'s tests of products do to suggestions: shop, nothing, so they come from the whole shop (the default of the explorer\'s panes); filter, they pass it too (the default elsewhere)' -x -a 'shop filter'
complete -c aisle -n '__aisle_at show complementary' -l codes -d 'Suggestions of one product code (what the log calls variants of each other): the best one of them, or all' -x -a 'one all'
complete -c aisle -n '__aisle_at show complementary' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show complementary' -l verdicts -d 'What people\'s decisions do to a list: leave out what was rejected (default), keep it in its place with a mark (the default of the explorer\'s panes), let in only what was approved, or nothing' -x -a 'not-rejected marked approved none'
complete -c aisle -n '__aisle_at show complementary' -l rules -d 'off: the list as it would be without the store\'s rules' -x -a 'on off'
complete -c aisle -n '__aisle_at show complementary' -l weights -d 'similar, complementary: rank by what is seen, put in carts and bought together, weighed, as view=1,cart=2,purchase=3 (what isn\'t named keeps these), or store: as the import was told' -x
complete -c aisle -n '__aisle_at show complementary' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a along -d 'What goes along with a product, category by category, the best --per-category of each'
complete -c aisle -n '__aisle_at show along' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at show along' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at show along' -l same-category -d 'What to do with suggestions of the product\'s own category; weigh makes room for others among the complements' -x -a 'include weigh exclude only'
complete -c aisle -n '__aisle_at show along' -l tail -d 'How much less what sells well counts: the score over the sessions with it to that power' -x
complete -c aisle -n '__aisle_at show along' -l diversify -d 'How much it counts against a suggestion that it is like those above it: in category and brand, or by the vectors of --model' -x
complete -c aisle -n '__aisle_at show along' -l per-category -d 'At most N suggestions of a category; 1 is the best of each' -x
complete -c aisle -n '__aisle_at show along' -l categories -d 'Suggestions of at most N categories, those of the best ones, 0: of any number; with N the explorer\'s Complementary stands category by category' -x
complete -c aisle -n '__aisle_at show along' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at show along' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at show along' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show along' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show along' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'category confidence low high lift product label score source n new'
complete -c aisle -n '__aisle_at show along' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at show along' -l scope -d 'What the filter\'s tests of products do to suggestions: shop, nothing, so they come from the whole shop (the default of the explorer\'s panes); filter, they pass it too (the default elsewhere)' -x -a 'shop filter'
complete -c aisle -n '__aisle_at show along' -l codes -d 'Suggestions of one product code (what the log calls variants of each other): the best one of them, or all' -x -a 'one all'
complete -c aisle -n '__aisle_at show along' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show along' -l verdicts -d 'What people\'s decisions do to a list: leave out what was rejected (default), keep it in its place with a mark (the default of the explorer\'s panes), let in only what was approved, or nothing' -x -a 'not-rejected marked approved none'
complete -c aisle -n '__aisle_at show along' -l rules -d 'off: the list as it would be without the store\'s rules' -x -a 'on off'
complete -c aisle -n '__aisle_at show along' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a newcomer -d 'Both panels of a product that the store hasn\'t got, typed in with --like'
complete -c aisle -n '__aisle_at show newcomer' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at show newcomer' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show newcomer' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show newcomer' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'panel rank product label category price score'
complete -c aisle -n '__aisle_at show newcomer' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show newcomer' -l like -d 'newcomer: a product that the store hasn\'t got, by what is known of it: category (a path or id), brand, price, words (of its name), parted by commas' -x
complete -c aisle -n '__aisle_at show newcomer' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a whatif -d 'A blend\'s suggestions under other weights: what enters, leaves and moves'
complete -c aisle -n '__aisle_at show whatif' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at show whatif' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at show whatif' -l same-category -d 'What to do with suggestions of the product\'s own category; weigh makes room for others among the complements' -x -a 'include weigh exclude only'
complete -c aisle -n '__aisle_at show whatif' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at show whatif' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at show whatif' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show whatif' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show whatif' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'rank was change product label category score'
complete -c aisle -n '__aisle_at show whatif' -l codes -d 'Suggestions of one product code (what the log calls variants of each other): the best one of them, or all' -x -a 'one all'
complete -c aisle -n '__aisle_at show whatif' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show whatif' -l verdicts -d 'What people\'s decisions do to a list: leave out what was rejected (default), keep it in its place with a mark (the default of the explorer\'s panes), let in only what was approved, or nothing' -x -a 'not-rejected marked approved none'
complete -c aisle -n '__aisle_at show whatif' -l rules -d 'off: the list as it would be without the store\'s rules' -x -a 'on off'
complete -c aisle -n '__aisle_at show whatif' -l panel -d 'The panel whose suggestions are decided on; export lists: that panel of every product' -x -a 'similar complementary'
complete -c aisle -n '__aisle_at show whatif' -l blend -d 'whatif: what parts of the blend count, as cowalk=1,companion=0.5; parts that aren\'t named count what they did in training' -x
complete -c aisle -n '__aisle_at show whatif' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a transitions -d 'How often baskets with one category hold another, or of --category'
complete -c aisle -n '__aisle_at show transitions' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at show transitions' -l level -d 'Depth of the category tree to count at, 0 at the top; default: the deepest' -x
complete -c aisle -n '__aisle_at show transitions' -l baskets -d 'Count all baskets or those with two or more products; default: those, where most baskets hold one product, which goes with nothing' -x -a 'all multi'
complete -c aisle -n '__aisle_at show transitions' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a 'n confidence share lift'
complete -c aisle -n '__aisle_at show transitions' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show transitions' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show transitions' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'from to from_path to_path n n_a n_b n_all confidence low high share support lift lift_low lift_high pmi leverage conviction g2 p q flags'
complete -c aisle -n '__aisle_at show transitions' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at show transitions' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show transitions' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a learnt -d 'Transitions between categories as companion learnt them, beside those counted: where they disagree most'
complete -c aisle -n '__aisle_at show learnt' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at show learnt' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a 'n counted learnt more z'
complete -c aisle -n '__aisle_at show learnt' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show learnt' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show learnt' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'from to n counted learnt more z'
complete -c aisle -n '__aisle_at show learnt' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show learnt' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a pairs -d 'All counted pairs of a relation, or those of one product'
complete -c aisle -n '__aisle_at show pairs' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at show pairs' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at show pairs' -l relation -s r -d 'The relation between products; similar stands for co-view, complement for co-purchase' -x -a 'co-view adjacent-view view-purchase co-cart co-purchase similar complement'
complete -c aisle -n '__aisle_at show pairs' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a 'n confidence lift lift_low'
complete -c aisle -n '__aisle_at show pairs' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show pairs' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show pairs' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'a b n n_a n_b n_all support confidence lift lift_low lift_high g2 p q flags label_a label_b'
complete -c aisle -n '__aisle_at show pairs' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at show pairs' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show pairs' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a why -d 'Everything known of one suggestion: --product A --with B'
complete -c aisle -n '__aisle_at show why' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at show why' -l with -d 'The product that is suggested for --product; diff: the store to compare with' -x
complete -c aisle -n '__aisle_at show why' -l relation -s r -d 'The relation between products; similar stands for co-view, complement for co-purchase' -x -a 'co-view adjacent-view view-purchase co-cart co-purchase similar complement'
complete -c aisle -n '__aisle_at show why' -l same-category -d 'What to do with suggestions of the product\'s own category; weigh makes room for others among the complements' -x -a 'include weigh exclude only'
complete -c aisle -n '__aisle_at show why' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at show why' -l show-users -d 'Ids of users and sessions instead of pseudonyms'
complete -c aisle -n '__aisle_at show why' -l level -d 'Depth of the category tree to count at, 0 at the top; default: the deepest' -x
complete -c aisle -n '__aisle_at show why' -l baskets -d 'Count all baskets or those with two or more products; default: those, where most baskets hold one product, which goes with nothing' -x -a 'all multi'
complete -c aisle -n '__aisle_at show why' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show why' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show why' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'section heading field value low high shown'
complete -c aisle -n '__aisle_at show why' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show why' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a compare -d 'Rankings for a product side by side: panels, trained models (--model NAME,NAME), counts of relations'
complete -c aisle -n '__aisle_at show compare' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at show compare' -l same-category -d 'What to do with suggestions of the product\'s own category; weigh makes room for others among the complements' -x -a 'include weigh exclude only'
complete -c aisle -n '__aisle_at show compare' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at show compare' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at show compare' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show compare' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show compare' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'ranking rank product label score first_rank change others'
complete -c aisle -n '__aisle_at show compare' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at show compare' -l scope -d 'What the filter\'s tests of products do to suggestions: shop, nothing, so they come from the whole shop (the default of the explorer\'s panes); filter, they pass it too (the default elsewhere)' -x -a 'shop filter'
complete -c aisle -n '__aisle_at show compare' -l codes -d 'Suggestions of one product code (what the log calls variants of each other): the best one of them, or all' -x -a 'one all'
complete -c aisle -n '__aisle_at show compare' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show compare' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a basket -d 'What goes with a whole basket: --product ID for each of its products'
complete -c aisle -n '__aisle_at show basket' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at show basket' -l relation -s r -d 'The relation between products; similar stands for co-view, complement for co-purchase' -x -a 'co-view adjacent-view view-purchase co-cart co-purchase similar complement'
complete -c aisle -n '__aisle_at show basket' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at show basket' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a 'rank label category score'
complete -c aisle -n '__aisle_at show basket' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show basket' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show basket' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'rank product label category score with n best best_label best_n lift flags'
complete -c aisle -n '__aisle_at show basket' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at show basket' -l scope -d 'What the filter\'s tests of products do to suggestions: shop, nothing, so they come from the whole shop (the default of the explorer\'s panes); filter, they pass it too (the default elsewhere)' -x -a 'shop filter'
complete -c aisle -n '__aisle_at show basket' -l codes -d 'Suggestions of one product code (what the log calls variants of each other): the best one of them, or all' -x -a 'one all'
complete -c aisle -n '__aisle_at show basket' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show basket' -l verdicts -d 'What people\'s decisions do to a list: leave out what was rejected (default), keep it in its place with a mark (the default of the explorer\'s panes), let in only what was approved, or nothing' -x -a 'not-rejected marked approved none'
complete -c aisle -n '__aisle_at show basket' -l rules -d 'off: the list as it would be without the store\'s rules' -x -a 'on off'
complete -c aisle -n '__aisle_at show basket' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a list -d 'A ranked list for someone: --product of a page or each of a cart, --user, --history, --text, alone or together; with nothing what is popular'
complete -c aisle -n '__aisle_at show list' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at show list' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at show list' -l tail -d 'How much less what sells well counts: the score over the sessions with it to that power' -x
complete -c aisle -n '__aisle_at show list' -l diversify -d 'How much it counts against a suggestion that it is like those above it: in category and brand, or by the vectors of --model' -x
complete -c aisle -n '__aisle_at show list' -l per-category -d 'At most N suggestions of a category; 1 is the best of each' -x
complete -c aisle -n '__aisle_at show list' -l categories -d 'Suggestions of at most N categories, those of the best ones, 0: of any number; with N the explorer\'s Complementary stands category by category' -x
complete -c aisle -n '__aisle_at show list' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at show list' -l user -d 'The user, by id or pseudonym' -x
complete -c aisle -n '__aisle_at show list' -l show-users -d 'Ids of users and sessions instead of pseudonyms'
complete -c aisle -n '__aisle_at show list' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a 'rank label category price score'
complete -c aisle -n '__aisle_at show list' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show list' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show list' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'for rank product label category price score source because because_label because_kind because_time n flags'
complete -c aisle -n '__aisle_at show list' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at show list' -l codes -d 'Suggestions of one product code (what the log calls variants of each other): the best one of them, or all' -x -a 'one all'
complete -c aisle -n '__aisle_at show list' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show list' -l text -d 'near, list: products whose texts are near to these words, by a model of aisle train text' -x
complete -c aisle -n '__aisle_at show list' -l history -d 'list: what someone did, a product id per line, the oldest first; after a tab may stand view, cart or purchase and after another the time' -r -F
complete -c aisle -n '__aisle_at show list' -l repeat -d 'What someone has already may come again, never, or after so many days; default: keep where scores tell what is bought again, else drop' -x
complete -c aisle -n '__aisle_at show list' -l among -d 'list: rank the products of FILE, an id per line, and no others' -r -F
complete -c aisle -n '__aisle_at show list' -l verdicts -d 'What people\'s decisions do to a list: leave out what was rejected (default), keep it in its place with a mark (the default of the explorer\'s panes), let in only what was approved, or nothing' -x -a 'not-rejected marked approved none'
complete -c aisle -n '__aisle_at show list' -l rules -d 'off: the list as it would be without the store\'s rules' -x -a 'on off'
complete -c aisle -n '__aisle_at show list' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a upsell -d 'What could be sold instead of --product: as near by text and attributes, in a band of prices (--price 1x..1.5x), one of each variant group'
complete -c aisle -n '__aisle_at show upsell' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at show upsell' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at show upsell' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at show upsell' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at show upsell' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show upsell' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show upsell' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'rank product label category price times score text equal of sold'
complete -c aisle -n '__aisle_at show upsell' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at show upsell' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show upsell' -l price -d 'upsell: prices that alternatives may have, each end a price, times the product\'s as 1.5x, or nothing' -x
complete -c aisle -n '__aisle_at show upsell' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a diff -d 'What entered, left or moved in the panels since another store: --with STORE'
complete -c aisle -n '__aisle_at show diff' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at show diff' -l with -d 'The product that is suggested for --product; diff: the store to compare with' -x
complete -c aisle -n '__aisle_at show diff' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at show diff' -l same-category -d 'What to do with suggestions of the product\'s own category; weigh makes room for others among the complements' -x -a 'include weigh exclude only'
complete -c aisle -n '__aisle_at show diff' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at show diff' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show diff' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show diff' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'product label panel change suggestion suggestion_label before now moved'
complete -c aisle -n '__aisle_at show diff' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show diff' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a gaps -d 'Products with traffic and without good suggestions, the worst first'
complete -c aisle -n '__aisle_at show gaps' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at show gaps' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a 'traffic lost complements similar'
complete -c aisle -n '__aisle_at show gaps' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show gaps' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show gaps' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'product label category traffic share lost complements similar most'
complete -c aisle -n '__aisle_at show gaps' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show gaps' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a overview -d 'The shop at a glance: events, funnel, favourites, time, activity, quality'
complete -c aisle -n '__aisle_at show overview' -l show-users -d 'Ids of users and sessions instead of pseudonyms'
complete -c aisle -n '__aisle_at show overview' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show overview' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show overview' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'section heading field value low high shown'
complete -c aisle -n '__aisle_at show overview' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show overview' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a sessions -d 'Sessions by start: all, or with --product or --user theirs'
complete -c aisle -n '__aisle_at show sessions' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at show sessions' -l user -d 'The user, by id or pseudonym' -x
complete -c aisle -n '__aisle_at show sessions' -l show-users -d 'Ids of users and sessions instead of pseudonyms'
complete -c aisle -n '__aisle_at show sessions' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at show sessions' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show sessions' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show sessions' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'session user start seconds events views carts purchases'
complete -c aisle -n '__aisle_at show sessions' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show sessions' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a session -d 'A session\'s time line: --session ID'
complete -c aisle -n '__aisle_at show session' -l session -d 'The session, by id or pseudonym' -x
complete -c aisle -n '__aisle_at show session' -l show-users -d 'Ids of users and sessions instead of pseudonyms'
complete -c aisle -n '__aisle_at show session' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at show session' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show session' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show session' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'session time after event product price quantity label'
complete -c aisle -n '__aisle_at show session' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show session' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a users -d 'Users with their sessions, events and days: all, or those of a product'
complete -c aisle -n '__aisle_at show users' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at show users' -l show-users -d 'Ids of users and sessions instead of pseudonyms'
complete -c aisle -n '__aisle_at show users' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at show users' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show users' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show users' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'user sessions events views carts purchases first_time last_time'
complete -c aisle -n '__aisle_at show users' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show users' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a user -d 'A user\'s history, session by session: --user ID'
complete -c aisle -n '__aisle_at show user' -l user -d 'The user, by id or pseudonym' -x
complete -c aisle -n '__aisle_at show user' -l show-users -d 'Ids of users and sessions instead of pseudonyms'
complete -c aisle -n '__aisle_at show user' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at show user' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show user' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show user' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'session time after event product price quantity label'
complete -c aisle -n '__aisle_at show user' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show user' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a person -d 'A user: what was done as a time line, a ranked list with reasons (by the ranker that was trained last, where the store has one), and who is alike: --user ID'
complete -c aisle -n '__aisle_at show person' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at show person' -l user -d 'The user, by id or pseudonym' -x
complete -c aisle -n '__aisle_at show person' -l show-users -d 'Ids of users and sessions instead of pseudonyms'
complete -c aisle -n '__aisle_at show person' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show person' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show person' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'section rank time what user product label score why'
complete -c aisle -n '__aisle_at show person' -l codes -d 'Suggestions of one product code (what the log calls variants of each other): the best one of them, or all' -x -a 'one all'
complete -c aisle -n '__aisle_at show person' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show person' -l repeat -d 'What someone has already may come again, never, or after so many days; default: keep where scores tell what is bought again, else drop' -x
complete -c aisle -n '__aisle_at show person' -l verdicts -d 'What people\'s decisions do to a list: leave out what was rejected (default), keep it in its place with a mark (the default of the explorer\'s panes), let in only what was approved, or nothing' -x -a 'not-rejected marked approved none'
complete -c aisle -n '__aisle_at show person' -l rules -d 'off: the list as it would be without the store\'s rules' -x -a 'on off'
complete -c aisle -n '__aisle_at show person' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a alike -d 'The users whose pasts are nearest to that of --user, by pseudonym: by what both have, or by texts with --model useruser'
complete -c aisle -n '__aisle_at show alike' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at show alike' -l user -d 'The user, by id or pseudonym' -x
complete -c aisle -n '__aisle_at show alike' -l show-users -d 'Ids of users and sessions instead of pseudonyms'
complete -c aisle -n '__aisle_at show alike' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show alike' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show alike' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'rank user near both has shared news'
complete -c aisle -n '__aisle_at show alike' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show alike' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a predict -d 'What mf, neumf and svd guess that --user does with --product, beside a constant guess: of --model, or of all that are trained'
complete -c aisle -n '__aisle_at show predict' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at show predict' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at show predict' -l user -d 'The user, by id or pseudonym' -x
complete -c aisle -n '__aisle_at show predict' -l show-users -d 'Ids of users and sessions instead of pseudonyms'
complete -c aisle -n '__aisle_at show predict' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at show predict' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show predict' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show predict' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'model user product label guess constant mse_test mse_constant did'
complete -c aisle -n '__aisle_at show predict' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show predict' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a near -d 'Products whose vectors are near to a sum of others, or to words, by a trained model'
complete -c aisle -n '__aisle_at show near' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at show near' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show near' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show near' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'rank product label category score'
complete -c aisle -n '__aisle_at show near' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at show near' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show near' -l to -d 'near: what to look near to: a product, or several as A13 - C1 + \'oak table\'' -x
complete -c aisle -n '__aisle_at show near' -l text -d 'near, list: products whose texts are near to these words, by a model of aisle train text' -x
complete -c aisle -n '__aisle_at show near' -l metric -d 'What near means: the angle, the product, or the distance' -x -a 'cosine dot l2'
complete -c aisle -n '__aisle_at show near' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a models -d 'What is trained in the store, with parameters, loss and time'
complete -c aisle -n '__aisle_at show models' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at show models' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show models' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show models' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'name model parameters loss seconds products bytes trained_time state'
complete -c aisle -n '__aisle_at show models' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show models' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a layers -d 'The layers of trained networks with their sizes: of --model, or of all'
complete -c aisle -n '__aisle_at show layers' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at show layers' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at show layers' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show layers' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show layers' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'model rank layer from to activation parameters'
complete -c aisle -n '__aisle_at show layers' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show layers' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a features -d 'What a ranker\'s features are worth (gain, permutation); with --user and --product what they add to that product\'s place in that user\'s list'
complete -c aisle -n '__aisle_at show features' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at show features' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at show features' -l user -d 'The user, by id or pseudonym' -x
complete -c aisle -n '__aisle_at show features' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show features' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show features' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'rank order feature gain permuted value adds help'
complete -c aisle -n '__aisle_at show features' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show features' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a leaderboard -d 'What aisle evaluate measured: every model beside the baselines'
complete -c aisle -n '__aisle_at show leaderboard' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at show leaderboard' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show leaderboard' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show leaderboard' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'rank model parameters k hr hr_low hr_high hr_query mrr mrr_low mrr_high ndcg recall precision precision_low precision_high map map_low map_high reach perfect category_hit3 hr_session p p_floor behind behind_low behind_high coverage diversity novelty popularity hr_cold hr_warm hr_popular accepted accepted_n seconds cpu task split queries time'
complete -c aisle -n '__aisle_at show leaderboard' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show leaderboard' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a clusters -d 'Clusters of a model\'s vectors with what is typical of each (--model, made by aisle train clusters)'
complete -c aisle -n '__aisle_at show clusters' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at show clusters' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a 'products distance'
complete -c aisle -n '__aisle_at show clusters' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show clusters' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show clusters' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'cluster products share distance category category_share brand brand_share words members'
complete -c aisle -n '__aisle_at show clusters' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show clusters' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a cluster -d 'The members of a cluster (--cluster N, or that of --product), the nearest to its centre first, or with --sort to_product to the product'
complete -c aisle -n '__aisle_at show cluster' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at show cluster' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at show cluster' -l cluster -d 'The cluster, by its number in aisle show clusters' -x
complete -c aisle -n '__aisle_at show cluster' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a 'to_product'
complete -c aisle -n '__aisle_at show cluster' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show cluster' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show cluster' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'rank product label category views distance to_product'
complete -c aisle -n '__aisle_at show cluster' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show cluster' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a map -d 'Where products stand on a map of a model\'s vectors (--model, made by aisle train map)'
complete -c aisle -n '__aisle_at show map' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at show map' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at show map' -l colour -d 'map: what gives products their colour: category (and --level N), density, or a model made by aisle train clusters; default: the broadest level that tells products apart' -x
complete -c aisle -n '__aisle_at show map' -l level -d 'Depth of the category tree to count at, 0 at the top; default: the deepest' -x
complete -c aisle -n '__aisle_at show map' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at show map' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show map' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show map' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'product label category x y z'
complete -c aisle -n '__aisle_at show map' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at show map' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show map' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a queue -d 'Suggestions to be reviewed, product by product: the most traffic x doubt first; -f words tells what doubt is'
complete -c aisle -n '__aisle_at show queue' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at show queue' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at show queue' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show queue' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show queue' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'turn product label_product traffic open doubt_product beside rank mark suggestion label n reason lift lift_low lift_high times between doubt price category who audit score source place_other few wide one_way models price_clash brand_clash other_panel text'
complete -c aisle -n '__aisle_at show queue' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at show queue' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show queue' -l panel -d 'The panel whose suggestions are decided on; export lists: that panel of every product' -x -a 'similar complementary'
complete -c aisle -n '__aisle_at show queue' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at show queue' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a audit -d 'Products that the review drew at random, and the share of their suggestions that was approved'
complete -c aisle -n '__aisle_at show audit' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show audit' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show audit' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'draw product label traffic approved decided'
complete -c aisle -n '__aisle_at show audit' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show audit' -l panel -d 'The panel whose suggestions are decided on; export lists: that panel of every product' -x -a 'similar complementary'
complete -c aisle -n '__aisle_at show audit' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at show audit' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a agreement -d 'Suggestions on which people disagree, and Cohen\'s kappa of every two'
complete -c aisle -n '__aisle_at show agreement' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at show agreement' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show agreement' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show agreement' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'panel product suggestion label label_suggestion approved rejected reason'
complete -c aisle -n '__aisle_at show agreement' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show agreement' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a verdicts -d 'What people decided on suggestions, the latest first'
complete -c aisle -n '__aisle_at show verdicts' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at show verdicts' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at show verdicts' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show verdicts' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show verdicts' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'panel product suggestion verdict who time others scope position reason rank n state label label_suggestion'
complete -c aisle -n '__aisle_at show verdicts' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show verdicts' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n '__aisle_first show' -a notes -d 'What people noted of what they saw, and what of it has moved since'
complete -c aisle -n '__aisle_at show notes' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at show notes' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at show notes' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'note time who import text since command'
complete -c aisle -n '__aisle_at show notes' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at show notes' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n __aisle_none -f -a near -d 'Find products whose vectors are near to a product or to a sum of products'
complete -c aisle -n '__aisle_at near' -l model -d 'The model whose vectors are taken; default: the only one that has some' -x
complete -c aisle -n '__aisle_at near' -l metric -d 'What near means: the angle, the product, or the distance' -x -a 'cosine dot l2'
complete -c aisle -n '__aisle_at near' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at near' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at near' -l check -d 'Measure instead: how many of the truly nearest 10 of 1000 products the graph finds, and how long both ways take'
complete -c aisle -n '__aisle_at near' -l text -d 'near, list: products whose texts are near to these words, by a model of aisle train text' -x
complete -c aisle -n '__aisle_at near' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n __aisle_none -f -a export -d 'Write what a store holds to a file for other programs'
complete -c aisle -n '__aisle_first export' -a pairs -d 'All counted pairs of a relation, or those of one product'
complete -c aisle -n '__aisle_at export pairs' -l output -s o -d 'The file to write, which appears when it is whole; - is standard output' -r -F
complete -c aisle -n '__aisle_at export pairs' -l format -s f -d 'The form; default: what FILE\'s extension says (.csv, .tsv, .jsonl, .ndjson, .edg, .mtx, .inter, .item, .vec, .txt, .bin, .npy)' -x -a 'csv tsv jsonl edg mtx recbole gorse log word2vec word2vec-bin npy parquet parquet-wide'
complete -c aisle -n '__aisle_at export pairs' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at export pairs' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at export pairs' -l relation -s r -d 'The relation between products; similar stands for co-view, complement for co-purchase' -x -a 'co-view adjacent-view view-purchase co-cart co-purchase similar complement'
complete -c aisle -n '__aisle_at export pairs' -l spreadsheet -d 'Put an apostrophe before text that a spreadsheet would take for a formula; import --spreadsheet takes it away'
complete -c aisle -n '__aisle_at export pairs' -l of -d 'lists: a list for every user, or for every product\'s page' -x -a 'users products'
complete -c aisle -n '__aisle_at export pairs' -l top -d 'lists: products of a list' -x
complete -c aisle -n '__aisle_at export pairs' -l keep-approved -d 'lists --panel: what was approved stays in the list when it falls out of the first --top'
complete -c aisle -n '__aisle_at export pairs' -l changed-since -d 'lists --panel: only lists that what was decided since then has changed; all, where an import or other rules came since' -x
complete -c aisle -n '__aisle_at export pairs' -l manifest -d 'lists --panel: write FILE.manifest.json too: counts, checksum, what was asked, models and rules'
complete -c aisle -n '__aisle_at export pairs' -l parts -d 'Of lists, pairs and vectors: a folder FILE with N files part-00000 and so on, as Spark and others read a table, and _SUCCESS when all are whole; parquet where FILE tells no form' -x
complete -c aisle -n '__aisle_first export' -a products -d 'Products of the shop or of a category, by category or sorted'
complete -c aisle -n '__aisle_at export products' -l output -s o -d 'The file to write, which appears when it is whole; - is standard output' -r -F
complete -c aisle -n '__aisle_at export products' -l format -s f -d 'The form; default: what FILE\'s extension says (.csv, .tsv, .jsonl, .ndjson, .edg, .mtx, .inter, .item, .vec, .txt, .bin, .npy)' -x -a 'csv tsv jsonl edg mtx recbole gorse log word2vec word2vec-bin npy parquet parquet-wide'
complete -c aisle -n '__aisle_at export products' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at export products' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at export products' -l spreadsheet -d 'Put an apostrophe before text that a spreadsheet would take for a formula; import --spreadsheet takes it away'
complete -c aisle -n '__aisle_at export products' -l of -d 'lists: a list for every user, or for every product\'s page' -x -a 'users products'
complete -c aisle -n '__aisle_at export products' -l top -d 'lists: products of a list' -x
complete -c aisle -n '__aisle_at export products' -l keep-approved -d 'lists --panel: what was approved stays in the list when it falls out of the first --top'
complete -c aisle -n '__aisle_at export products' -l changed-since -d 'lists --panel: only lists that what was decided since then has changed; all, where an import or other rules came since' -x
complete -c aisle -n '__aisle_at export products' -l manifest -d 'lists --panel: write FILE.manifest.json too: counts, checksum, what was asked, models and rules'
complete -c aisle -n '__aisle_at export products' -l parts -d 'Of lists, pairs and vectors: a folder FILE with N files part-00000 and so on, as Spark and others read a table, and _SUCCESS when all are whole; parquet where FILE tells no form' -x
complete -c aisle -n '__aisle_first export' -a transitions -d 'How often baskets with one category hold another, or of --category'
complete -c aisle -n '__aisle_at export transitions' -l output -s o -d 'The file to write, which appears when it is whole; - is standard output' -r -F
complete -c aisle -n '__aisle_at export transitions' -l format -s f -d 'The form; default: what FILE\'s extension says (.csv, .tsv, .jsonl, .ndjson, .edg, .mtx, .inter, .item, .vec, .txt, .bin, .npy)' -x -a 'csv tsv jsonl edg mtx recbole gorse log word2vec word2vec-bin npy parquet parquet-wide'
complete -c aisle -n '__aisle_at export transitions' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at export transitions' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at export transitions' -l level -d 'Depth of the category tree to count at, 0 at the top; default: the deepest' -x
complete -c aisle -n '__aisle_at export transitions' -l baskets -d 'Count all baskets or those with two or more products; default: those, where most baskets hold one product, which goes with nothing' -x -a 'all multi'
complete -c aisle -n '__aisle_at export transitions' -l spreadsheet -d 'Put an apostrophe before text that a spreadsheet would take for a formula; import --spreadsheet takes it away'
complete -c aisle -n '__aisle_at export transitions' -l of -d 'lists: a list for every user, or for every product\'s page' -x -a 'users products'
complete -c aisle -n '__aisle_at export transitions' -l top -d 'lists: products of a list' -x
complete -c aisle -n '__aisle_at export transitions' -l keep-approved -d 'lists --panel: what was approved stays in the list when it falls out of the first --top'
complete -c aisle -n '__aisle_at export transitions' -l changed-since -d 'lists --panel: only lists that what was decided since then has changed; all, where an import or other rules came since' -x
complete -c aisle -n '__aisle_at export transitions' -l manifest -d 'lists --panel: write FILE.manifest.json too: counts, checksum, what was asked, models and rules'
complete -c aisle -n '__aisle_at export transitions' -l parts -d 'Of lists, pairs and vectors: a folder FILE with N files part-00000 and so on, as Spark and others read a table, and _SUCCESS when all are whole; parquet where FILE tells no form' -x
complete -c aisle -n '__aisle_first export' -a sessions -d 'Sessions by start: all, or with --product or --user theirs'
complete -c aisle -n '__aisle_at export sessions' -l output -s o -d 'The file to write, which appears when it is whole; - is standard output' -r -F
complete -c aisle -n '__aisle_at export sessions' -l format -s f -d 'The form; default: what FILE\'s extension says (.csv, .tsv, .jsonl, .ndjson, .edg, .mtx, .inter, .item, .vec, .txt, .bin, .npy)' -x -a 'csv tsv jsonl edg mtx recbole gorse log word2vec word2vec-bin npy parquet parquet-wide'
complete -c aisle -n '__aisle_at export sessions' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at export sessions' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at export sessions' -l spreadsheet -d 'Put an apostrophe before text that a spreadsheet would take for a formula; import --spreadsheet takes it away'
complete -c aisle -n '__aisle_at export sessions' -l of -d 'lists: a list for every user, or for every product\'s page' -x -a 'users products'
complete -c aisle -n '__aisle_at export sessions' -l top -d 'lists: products of a list' -x
complete -c aisle -n '__aisle_at export sessions' -l keep-approved -d 'lists --panel: what was approved stays in the list when it falls out of the first --top'
complete -c aisle -n '__aisle_at export sessions' -l changed-since -d 'lists --panel: only lists that what was decided since then has changed; all, where an import or other rules came since' -x
complete -c aisle -n '__aisle_at export sessions' -l manifest -d 'lists --panel: write FILE.manifest.json too: counts, checksum, what was asked, models and rules'
complete -c aisle -n '__aisle_at export sessions' -l show-users -d 'Ids of users and sessions instead of pseudonyms'
complete -c aisle -n '__aisle_at export sessions' -l parts -d 'Of lists, pairs and vectors: a folder FILE with N files part-00000 and so on, as Spark and others read a table, and _SUCCESS when all are whole; parquet where FILE tells no form' -x
complete -c aisle -n '__aisle_first export' -a users -d 'Users with their sessions, events and days: all, or those of a product'
complete -c aisle -n '__aisle_at export users' -l output -s o -d 'The file to write, which appears when it is whole; - is standard output' -r -F
complete -c aisle -n '__aisle_at export users' -l format -s f -d 'The form; default: what FILE\'s extension says (.csv, .tsv, .jsonl, .ndjson, .edg, .mtx, .inter, .item, .vec, .txt, .bin, .npy)' -x -a 'csv tsv jsonl edg mtx recbole gorse log word2vec word2vec-bin npy parquet parquet-wide'
complete -c aisle -n '__aisle_at export users' -l spreadsheet -d 'Put an apostrophe before text that a spreadsheet would take for a formula; import --spreadsheet takes it away'
complete -c aisle -n '__aisle_at export users' -l of -d 'lists: a list for every user, or for every product\'s page' -x -a 'users products'
complete -c aisle -n '__aisle_at export users' -l top -d 'lists: products of a list' -x
complete -c aisle -n '__aisle_at export users' -l keep-approved -d 'lists --panel: what was approved stays in the list when it falls out of the first --top'
complete -c aisle -n '__aisle_at export users' -l changed-since -d 'lists --panel: only lists that what was decided since then has changed; all, where an import or other rules came since' -x
complete -c aisle -n '__aisle_at export users' -l manifest -d 'lists --panel: write FILE.manifest.json too: counts, checksum, what was asked, models and rules'
complete -c aisle -n '__aisle_at export users' -l show-users -d 'Ids of users and sessions instead of pseudonyms'
complete -c aisle -n '__aisle_at export users' -l parts -d 'Of lists, pairs and vectors: a folder FILE with N files part-00000 and so on, as Spark and others read a table, and _SUCCESS when all are whole; parquet where FILE tells no form' -x
complete -c aisle -n '__aisle_first export' -a edges
complete -c aisle -n '__aisle_at export edges' -l output -s o -d 'The file to write, which appears when it is whole; - is standard output' -r -F
complete -c aisle -n '__aisle_at export edges' -l format -s f -d 'The form; default: what FILE\'s extension says (.csv, .tsv, .jsonl, .ndjson, .edg, .mtx, .inter, .item, .vec, .txt, .bin, .npy)' -x -a 'csv tsv jsonl edg mtx recbole gorse log word2vec word2vec-bin npy parquet parquet-wide'
complete -c aisle -n '__aisle_at export edges' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at export edges' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at export edges' -l relation -s r -d 'The relation between products; similar stands for co-view, complement for co-purchase' -x -a 'co-view adjacent-view view-purchase co-cart co-purchase similar complement'
complete -c aisle -n '__aisle_at export edges' -l spreadsheet -d 'Put an apostrophe before text that a spreadsheet would take for a formula; import --spreadsheet takes it away'
complete -c aisle -n '__aisle_at export edges' -l of -d 'lists: a list for every user, or for every product\'s page' -x -a 'users products'
complete -c aisle -n '__aisle_at export edges' -l top -d 'lists: products of a list' -x
complete -c aisle -n '__aisle_at export edges' -l keep-approved -d 'lists --panel: what was approved stays in the list when it falls out of the first --top'
complete -c aisle -n '__aisle_at export edges' -l changed-since -d 'lists --panel: only lists that what was decided since then has changed; all, where an import or other rules came since' -x
complete -c aisle -n '__aisle_at export edges' -l manifest -d 'lists --panel: write FILE.manifest.json too: counts, checksum, what was asked, models and rules'
complete -c aisle -n '__aisle_at export edges' -l adjacent -d 'edges: products whose events of that kind follow each other in a session, counted for this file (as adjacent-view counts views)' -x -a 'view cart purchase'
complete -c aisle -n '__aisle_at export edges' -l undirected -d 'edges: both directions of a pair as one edge, whose weight is their sum'
complete -c aisle -n '__aisle_at export edges' -l parts -d 'Of lists, pairs and vectors: a folder FILE with N files part-00000 and so on, as Spark and others read a table, and _SUCCESS when all are whole; parquet where FILE tells no form' -x
complete -c aisle -n '__aisle_first export' -a vectors
complete -c aisle -n '__aisle_at export vectors' -l output -s o -d 'The file to write, which appears when it is whole; - is standard output' -r -F
complete -c aisle -n '__aisle_at export vectors' -l format -s f -d 'The form; default: what FILE\'s extension says (.csv, .tsv, .jsonl, .ndjson, .edg, .mtx, .inter, .item, .vec, .txt, .bin, .npy)' -x -a 'csv tsv jsonl edg mtx recbole gorse log word2vec word2vec-bin npy parquet parquet-wide'
complete -c aisle -n '__aisle_at export vectors' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at export vectors' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at export vectors' -l spreadsheet -d 'Put an apostrophe before text that a spreadsheet would take for a formula; import --spreadsheet takes it away'
complete -c aisle -n '__aisle_at export vectors' -l model -d 'The model whose vectors are taken; default: the only one that has some' -x
complete -c aisle -n '__aisle_at export vectors' -l of -d 'lists: a list for every user, or for every product\'s page' -x -a 'users products'
complete -c aisle -n '__aisle_at export vectors' -l top -d 'lists: products of a list' -x
complete -c aisle -n '__aisle_at export vectors' -l keep-approved -d 'lists --panel: what was approved stays in the list when it falls out of the first --top'
complete -c aisle -n '__aisle_at export vectors' -l changed-since -d 'lists --panel: only lists that what was decided since then has changed; all, where an import or other rules came since' -x
complete -c aisle -n '__aisle_at export vectors' -l manifest -d 'lists --panel: write FILE.manifest.json too: counts, checksum, what was asked, models and rules'
complete -c aisle -n '__aisle_at export vectors' -l parts -d 'Of lists, pairs and vectors: a folder FILE with N files part-00000 and so on, as Spark and others read a table, and _SUCCESS when all are whole; parquet where FILE tells no form' -x
complete -c aisle -n '__aisle_first export' -a clusters -d 'Clusters of a model\'s vectors with what is typical of each (--model, made by aisle train clusters)'
complete -c aisle -n '__aisle_at export clusters' -l output -s o -d 'The file to write, which appears when it is whole; - is standard output' -r -F
complete -c aisle -n '__aisle_at export clusters' -l format -s f -d 'The form; default: what FILE\'s extension says (.csv, .tsv, .jsonl, .ndjson, .edg, .mtx, .inter, .item, .vec, .txt, .bin, .npy)' -x -a 'csv tsv jsonl edg mtx recbole gorse log word2vec word2vec-bin npy parquet parquet-wide'
complete -c aisle -n '__aisle_at export clusters' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at export clusters' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at export clusters' -l spreadsheet -d 'Put an apostrophe before text that a spreadsheet would take for a formula; import --spreadsheet takes it away'
complete -c aisle -n '__aisle_at export clusters' -l model -d 'The model whose vectors are taken; default: the only one that has some' -x
complete -c aisle -n '__aisle_at export clusters' -l of -d 'lists: a list for every user, or for every product\'s page' -x -a 'users products'
complete -c aisle -n '__aisle_at export clusters' -l top -d 'lists: products of a list' -x
complete -c aisle -n '__aisle_at export clusters' -l keep-approved -d 'lists --panel: what was approved stays in the list when it falls out of the first --top'
complete -c aisle -n '__aisle_at export clusters' -l changed-since -d 'lists --panel: only lists that what was decided since then has changed; all, where an import or other rules came since' -x
complete -c aisle -n '__aisle_at export clusters' -l manifest -d 'lists --panel: write FILE.manifest.json too: counts, checksum, what was asked, models and rules'
complete -c aisle -n '__aisle_at export clusters' -l parts -d 'Of lists, pairs and vectors: a folder FILE with N files part-00000 and so on, as Spark and others read a table, and _SUCCESS when all are whole; parquet where FILE tells no form' -x
complete -c aisle -n '__aisle_first export' -a lists
complete -c aisle -n '__aisle_at export lists' -l output -s o -d 'The file to write, which appears when it is whole; - is standard output' -r -F
complete -c aisle -n '__aisle_at export lists' -l format -s f -d 'The form; default: what FILE\'s extension says (.csv, .tsv, .jsonl, .ndjson, .edg, .mtx, .inter, .item, .vec, .txt, .bin, .npy)' -x -a 'csv tsv jsonl edg mtx recbole gorse log word2vec word2vec-bin npy parquet parquet-wide'
complete -c aisle -n '__aisle_at export lists' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at export lists' -l spreadsheet -d 'Put an apostrophe before text that a spreadsheet would take for a formula; import --spreadsheet takes it away'
complete -c aisle -n '__aisle_at export lists' -l model -d 'The model whose vectors are taken; default: the only one that has some' -x
complete -c aisle -n '__aisle_at export lists' -l of -d 'lists: a list for every user, or for every product\'s page' -x -a 'users products'
complete -c aisle -n '__aisle_at export lists' -l panel -d 'The panel whose suggestions are decided on; export lists: that panel of every product' -x -a 'similar complementary'
complete -c aisle -n '__aisle_at export lists' -l top -d 'lists: products of a list' -x
complete -c aisle -n '__aisle_at export lists' -l keep-approved -d 'lists --panel: what was approved stays in the list when it falls out of the first --top'
complete -c aisle -n '__aisle_at export lists' -l changed-since -d 'lists --panel: only lists that what was decided since then has changed; all, where an import or other rules came since' -x
complete -c aisle -n '__aisle_at export lists' -l manifest -d 'lists --panel: write FILE.manifest.json too: counts, checksum, what was asked, models and rules'
complete -c aisle -n '__aisle_at export lists' -l show-users -d 'Ids of users and sessions instead of pseudonyms'
complete -c aisle -n '__aisle_at export lists' -l repeat -d 'What someone has already may come again, never, or after so many days; default: keep where scores tell what is bought again, else drop' -x
complete -c aisle -n '__aisle_at export lists' -l verdicts -d 'What people\'s decisions do to a list: leave out what was rejected (default), keep it in its place with a mark (the default of the explorer\'s panes), let in only what was approved, or nothing' -x -a 'not-rejected marked approved none'
complete -c aisle -n '__aisle_at export lists' -l rules -d 'off: the list as it would be without the store\'s rules' -x -a 'on off'
complete -c aisle -n '__aisle_at export lists' -l parts -d 'Of lists, pairs and vectors: a folder FILE with N files part-00000 and so on, as Spark and others read a table, and _SUCCESS when all are whole; parquet where FILE tells no form' -x
complete -c aisle -n '__aisle_first export' -a verdicts -d 'What people decided on suggestions, the latest first'
complete -c aisle -n '__aisle_at export verdicts' -l output -s o -d 'The file to write, which appears when it is whole; - is standard output' -r -F
complete -c aisle -n '__aisle_at export verdicts' -l format -s f -d 'The form; default: what FILE\'s extension says (.csv, .tsv, .jsonl, .ndjson, .edg, .mtx, .inter, .item, .vec, .txt, .bin, .npy)' -x -a 'csv tsv jsonl edg mtx recbole gorse log word2vec word2vec-bin npy parquet parquet-wide'
complete -c aisle -n '__aisle_at export verdicts' -l spreadsheet -d 'Put an apostrophe before text that a spreadsheet would take for a formula; import --spreadsheet takes it away'
complete -c aisle -n '__aisle_at export verdicts' -l of -d 'lists: a list for every user, or for every product\'s page' -x -a 'users products'
complete -c aisle -n '__aisle_at export verdicts' -l top -d 'lists: products of a list' -x
complete -c aisle -n '__aisle_at export verdicts' -l keep-approved -d 'lists --panel: what was approved stays in the list when it falls out of the first --top'
complete -c aisle -n '__aisle_at export verdicts' -l changed-since -d 'lists --panel: only lists that what was decided since then has changed; all, where an import or other rules came since' -x
complete -c aisle -n '__aisle_at export verdicts' -l manifest -d 'lists --panel: write FILE.manifest.json too: counts, checksum, what was asked, models and rules'
complete -c aisle -n '__aisle_at export verdicts' -l parts -d 'Of lists, pairs and vectors: a folder FILE with N files part-00000 and so on, as Spark and others read a table, and _SUCCESS when all are whole; parquet where FILE tells no form' -x
complete -c aisle -n '__aisle_first export' -a notes -d 'What people noted of what they saw, and what of it has moved since'
complete -c aisle -n '__aisle_at export notes' -l output -s o -d 'The file to write, which appears when it is whole; - is standard output' -r -F
complete -c aisle -n '__aisle_at export notes' -l format -s f -d 'The form; default: what FILE\'s extension says (.csv, .tsv, .jsonl, .ndjson, .edg, .mtx, .inter, .item, .vec, .txt, .bin, .npy)' -x -a 'csv tsv jsonl edg mtx recbole gorse log word2vec word2vec-bin npy parquet parquet-wide'
complete -c aisle -n '__aisle_at export notes' -l spreadsheet -d 'Put an apostrophe before text that a spreadsheet would take for a formula; import --spreadsheet takes it away'
complete -c aisle -n '__aisle_at export notes' -l of -d 'lists: a list for every user, or for every product\'s page' -x -a 'users products'
complete -c aisle -n '__aisle_at export notes' -l top -d 'lists: products of a list' -x
complete -c aisle -n '__aisle_at export notes' -l keep-approved -d 'lists --panel: what was approved stays in the list when it falls out of the first --top'
complete -c aisle -n '__aisle_at export notes' -l changed-since -d 'lists --panel: only lists that what was decided since then has changed; all, where an import or other rules came since' -x
complete -c aisle -n '__aisle_at export notes' -l manifest -d 'lists --panel: write FILE.manifest.json too: counts, checksum, what was asked, models and rules'
complete -c aisle -n '__aisle_at export notes' -l parts -d 'Of lists, pairs and vectors: a folder FILE with N files part-00000 and so on, as Spark and others read a table, and _SUCCESS when all are whole; parquet where FILE tells no form' -x
complete -c aisle -n __aisle_none -f -a evaluate -d 'Measure how well models predict what people did next, or bought along'
complete -c aisle -n '__aisle_at evaluate' -l task -d 'What is asked: the next product of a session, what else is in the basket of a product, or one product of a basket from all others; personal: lists for people; text: what is near by the store\'s models of texts; verdicts: how high rankings hold what people approved above what they rejected' -x -a 'next complement basket personal text verdicts'
complete -c aisle -n '__aisle_at evaluate' -l split -d 'What is tested on: time:DATE or a time as 2008-08-01T12:30:00+02:00, time:DATE,DATE (parameters are chosen between the two), time:DATE..DATE (between the two), the latest:SHARE of all events, last:N items of each session, random:SHARE of the sessions; of --task complement links:SHARE of the pairs bought together, and products:SHARE of the products, which nothing is learnt of' -x
complete -c aisle -n '__aisle_at evaluate' -l train -d 'Instead of --split, with --test: the sessions to learn from; a line of FILE begins with the id of one' -r -F
complete -c aisle -n '__aisle_at evaluate' -l test -d 'Instead of --split: the sessions to be asked' -r -F
complete -c aisle -n '__aisle_at evaluate' -l last -d '--task next: ask for the last N items of a test session alone; 0: for all' -x
complete -c aisle -n '__aisle_at evaluate' -l tune -d 'Choose the models\' and panels\' parameters first, on a part of what they may learn from, by successive halving'
complete -c aisle -n '__aisle_at evaluate' -l trainings -d '--tune: at most so many trainings of each model' -x
complete -c aisle -n '__aisle_at evaluate' -l minutes -d '--tune: stop after so many minutes of a model, before its trainings are used up and within one, with the best so far; 0: never' -x
complete -c aisle -n '__aisle_at evaluate' -l k -s k -d 'Lengths of the lists that are looked at' -x
complete -c aisle -n '__aisle_at evaluate' -l same-category -d 'What to do with suggestions of the product\'s own category; weigh makes room for others among the complements' -x -a 'include weigh exclude only'
complete -c aisle -n '__aisle_at evaluate' -l tail -d 'How much less what sells well counts: the score over the sessions with it to that power' -x
complete -c aisle -n '__aisle_at evaluate' -l diversify -d 'How much it counts against a suggestion that it is like those above it: in category and brand, or by the vectors of --model' -x
complete -c aisle -n '__aisle_at evaluate' -l per-category -d 'At most N suggestions of a category; 1 is the best of each' -x
complete -c aisle -n '__aisle_at evaluate' -l categories -d 'Suggestions of at most N categories, those of the best ones, 0: of any number; with N the explorer\'s Complementary stands category by category' -x
complete -c aisle -n '__aisle_at evaluate' -l repeat -d 'What someone has already may come again, never, or after so many days; default: keep where scores tell what is bought again, else drop' -x
complete -c aisle -n '__aisle_at evaluate' -l variants -d 'Variants of what a session has are candidates and targets like other products'
complete -c aisle -n '__aisle_at evaluate' -l queries -d 'At most so many test sessions, drawn by the seed; 0: all' -x
complete -c aisle -n '__aisle_at evaluate' -l alone -d 'Ask the models that are named alone: neither the panel nor popularity and chance stand beside them'
complete -c aisle -n '__aisle_at evaluate' -l verdicts -d 'on: panels and models obey the store\'s decisions and rules, as lists that a shop loads do' -x -a 'on off'
complete -c aisle -n '__aisle_at evaluate' -l seed -d 'The same seed gives the same bytes' -x
complete -c aisle -n '__aisle_at evaluate' -l format -s f -d 'text is for people, and so are chart and words, its charts and what they say in sentences; the others are for programs and keep full precision' -x -a 'text chart words tsv csv json jsonl'
complete -c aisle -n __aisle_none -f -a verdict -d 'Decide on a suggestion, and keep who decided what and why'
complete -c aisle -n '__aisle_first verdict' -a approve
complete -c aisle -n '__aisle_first verdict' -a reject
complete -c aisle -n '__aisle_first verdict' -a skip
complete -c aisle -n '__aisle_first verdict' -a pin
complete -c aisle -n '__aisle_first verdict' -a undo
complete -c aisle -n '__aisle_first verdict' -a redo
complete -c aisle -n '__aisle_first verdict' -a open
complete -c aisle -n '__aisle_first verdict' -a blind
complete -c aisle -n '__aisle_at verdict' -l panel -d 'The panel whose suggestions are decided on; export lists: that panel of every product' -x -a 'similar complementary'
complete -c aisle -n '__aisle_at verdict' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at verdict' -l with -d 'The product that is suggested' -x
complete -c aisle -n '__aisle_at verdict' -l reason -d 'Why, in words of one\'s own' -x
complete -c aisle -n '__aisle_at verdict' -l position -d 'pin: the place in the list, 1 at the top' -x
complete -c aisle -n '__aisle_at verdict' -l scope -d 'What it is said of: this pair, the pair both ways, every variant of the suggestion, or the suggestion in every list' -x -a 'pair both variants everywhere'
complete -c aisle -n '__aisle_at verdict' -l from -d 'Take many from a CSV file or JSON lines with the columns product, suggestion, decision and, where they are there, panel, scope, position, reason; - reads standard input' -r -F
complete -c aisle -n '__aisle_at verdict' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at verdict' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n __aisle_none -f -a note -d 'Write a remark down, with the view and the rows that it is about'
complete -c aisle -n '__aisle_first note' -a categories -d 'The category tree with products, events, revenue and conversion'
complete -c aisle -n '__aisle_at note categories' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at note categories' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a 'products views carts purchases revenue conversion'
complete -c aisle -n '__aisle_at note categories' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note categories' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note categories' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'tree depth id name path products views carts purchases revenue conversion'
complete -c aisle -n '__aisle_at note categories' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at note categories' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note categories' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note categories' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a products -d 'Products of the shop or of a category, by category or sorted'
complete -c aisle -n '__aisle_at note products' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at note products' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a 'label price views carts purchases revenue conversion'
complete -c aisle -n '__aisle_at note products' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note products' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note products' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'product label category brand price views carts purchases revenue conversion'
complete -c aisle -n '__aisle_at note products' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at note products' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note products' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note products' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a product -d 'One product in full: attributes, prices, totals, history, who suggests it'
complete -c aisle -n '__aisle_at note product' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at note product' -l same-category -d 'What to do with suggestions of the product\'s own category; weigh makes room for others among the complements' -x -a 'include weigh exclude only'
complete -c aisle -n '__aisle_at note product' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note product' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note product' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'field value shown'
complete -c aisle -n '__aisle_at note product' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note product' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note product' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a similar -d 'What could be bought instead of a product, with evidence and source'
complete -c aisle -n '__aisle_at note similar' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at note similar' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at note similar' -l same-category -d 'What to do with suggestions of the product\'s own category; weigh makes room for others among the complements' -x -a 'include weigh exclude only'
complete -c aisle -n '__aisle_at note similar' -l tail -d 'How much less what sells well counts: the score over the sessions with it to that power' -x
complete -c aisle -n '__aisle_at note similar' -l diversify -d 'How much it counts against a suggestion that it is like those above it: in category and brand, or by the vectors of --model' -x
complete -c aisle -n '__aisle_at note similar' -l per-category -d 'At most N suggestions of a category; 1 is the best of each' -x
complete -c aisle -n '__aisle_at note similar' -l categories -d 'Suggestions of at most N categories, those of the best ones, 0: of any number; with N the explorer\'s Complementary stands category by category' -x
complete -c aisle -n '__aisle_at note similar' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at note similar' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a 'rank label score n confidence lift lift_low'
complete -c aisle -n '__aisle_at note similar' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note similar' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note similar' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'rank product label score source n n_a n_b n_all support confidence lift lift_low lift_high g2 p q reverse_rank flags'
complete -c aisle -n '__aisle_at note similar' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at note similar' -l scope -d 'What the filter\'s tests of products do to suggestions: shop, nothing, so they come from the whole shop (the default of the explorer\'s panes); filter, they pass it too (the default elsewhere)' -x -a 'shop filter'
complete -c aisle -n '__aisle_at note similar' -l codes -d 'Suggestions of one product code (what the log calls variants of each other): the best one of them, or all' -x -a 'one all'
complete -c aisle -n '__aisle_at note similar' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note similar' -l verdicts -d 'What people\'s decisions do to a list: leave out what was rejected (default), keep it in its place with a mark (the default of the explorer\'s panes), let in only what was approved, or nothing' -x -a 'not-rejected marked approved none'
complete -c aisle -n '__aisle_at note similar' -l rules -d 'off: the list as it would be without the store\'s rules' -x -a 'on off'
complete -c aisle -n '__aisle_at note similar' -l weights -d 'similar, complementary: rank by what is seen, put in carts and bought together, weighed, as view=1,cart=2,purchase=3 (what isn\'t named keeps these), or store: as the import was told' -x
complete -c aisle -n '__aisle_at note similar' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note similar' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a complementary -d 'What is bought along with a product, with evidence and source'
complete -c aisle -n '__aisle_at note complementary' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at note complementary' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at note complementary' -l same-category -d 'What to do with suggestions of the product\'s own category; weigh makes room for others among the complements' -x -a 'include weigh exclude only'
complete -c aisle -n '__aisle_at note complementary' -l tail -d 'How much less what sells well counts: the score over the sessions with it to that power' -x
complete -c aisle -n '__aisle_at note complementary' -l diversify -d 'How much it counts against a suggestion that it is like those above it: in category and brand, or by the vectors of --model' -x
complete -c aisle -n '__aisle_at note complementary' -l per-category -d 'At most N suggestions of a category; 1 is the best of each' -x
complete -c aisle -n '__aisle_at note complementary' -l categories -d 'Suggestions of at most N categories, those of the best ones, 0: of any number; with N the explorer\'s Complementary stands category by category' -x
complete -c aisle -n '__aisle_at note complementary' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at note complementary' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a 'rank label score n confidence lift lift_low'
complete -c aisle -n '__aisle_at note complementary' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note complementary' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note complementary' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'rank product label score source n n_a n_b n_all support confidence lift lift_low lift_high g2 p q reverse_rank flags'
complete -c aisle -n '__aisle_at note complementary' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at note complementary' -l scope -d 'What the filter\'s tests of products do to suggestions: shop, nothing, so they come from the whole shop (the default of the explorer\'s panes); filter, they pass it too (the default elsewhere)' -x -a 'shop filter'
complete -c aisle -n '__aisle_at note complementary' -l codes -d 'Suggestions of one product code (what the log calls variants of each other): the best one of them, or all' -x -a 'one all'
complete -c aisle -n '__aisle_at note complementary' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note complementary' -l verdicts -d 'What people\'s decisions do to a list: leave out what was rejected (default), keep it in its place with a mark (the default of the explorer\'s panes), let in only what was approved, or nothing' -x -a 'not-rejected marked approved none'
complete -c aisle -n '__aisle_at note complementary' -l rules -d 'off: the list as it would be without the store\'s rules' -x -a 'on off'
complete -c aisle -n '__aisle_at note complementary' -l weights -d 'similar, complementary: rank by what is seen, put in carts and bought together, weighed, as view=1,cart=2,purchase=3 (what isn\'t named keeps these), or store: as the import was told' -x
complete -c aisle -n '__aisle_at note complementary' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note complementary' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a along -d 'What goes along with a product, category by category, the best --per-category of each'
complete -c aisle -n '__aisle_at note along' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at note along' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at note along' -l same-category -d 'What to do with suggestions of the product\'s own category; weigh makes room for others among the complements' -x -a 'include weigh exclude only'
complete -c aisle -n '__aisle_at note along' -l tail -d 'How much less what sells well counts: the score over the sessions with it to that power' -x
complete -c aisle -n '__aisle_at note along' -l diversify -d 'How much it counts against a suggestion that it is like those above it: in category and brand, or by the vectors of --model' -x
complete -c aisle -n '__aisle_at note along' -l per-category -d 'At most N suggestions of a category; 1 is the best of each' -x
complete -c aisle -n '__aisle_at note along' -l categories -d 'Suggestions of at most N categories, those of the best ones, 0: of any number; with N the explorer\'s Complementary stands category by category' -x
complete -c aisle -n '__aisle_at note along' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at note along' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at note along' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note along' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note along' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'category confidence low high lift product label score source n new'
complete -c aisle -n '__aisle_at note along' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at note along' -l scope -d 'What the filter\'s tests of products do to suggestions: shop, nothing, so they come from the whole shop (the default of the explorer\'s panes); filter, they pass it too (the default elsewhere)' -x -a 'shop filter'
complete -c aisle -n '__aisle_at note along' -l codes -d 'Suggestions of one product code (what the log calls variants of each other): the best one of them, or all' -x -a 'one all'
complete -c aisle -n '__aisle_at note along' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note along' -l verdicts -d 'What people\'s decisions do to a list: leave out what was rejected (default), keep it in its place with a mark (the default of the explorer\'s panes), let in only what was approved, or nothing' -x -a 'not-rejected marked approved none'
complete -c aisle -n '__aisle_at note along' -l rules -d 'off: the list as it would be without the store\'s rules' -x -a 'on off'
complete -c aisle -n '__aisle_at note along' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note along' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a newcomer -d 'Both panels of a product that the store hasn\'t got, typed in with --like'
complete -c aisle -n '__aisle_at note newcomer' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at note newcomer' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note newcomer' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note newcomer' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'panel rank product label category price score'
complete -c aisle -n '__aisle_at note newcomer' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note newcomer' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note newcomer' -l like -d 'newcomer: a product that the store hasn\'t got, by what is known of it: category (a path or id), brand, price, words (of its name), parted by commas' -x
complete -c aisle -n '__aisle_at note newcomer' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a whatif -d 'A blend\'s suggestions under other weights: what enters, leaves and moves'
complete -c aisle -n '__aisle_at note whatif' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at note whatif' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at note whatif' -l same-category -d 'What to do with suggestions of the product\'s own category; weigh makes room for others among the complements' -x -a 'include weigh exclude only'
complete -c aisle -n '__aisle_at note whatif' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at note whatif' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at note whatif' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note whatif' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note whatif' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'rank was change product label category score'
complete -c aisle -n '__aisle_at note whatif' -l codes -d 'Suggestions of one product code (what the log calls variants of each other): the best one of them, or all' -x -a 'one all'
complete -c aisle -n '__aisle_at note whatif' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note whatif' -l verdicts -d 'What people\'s decisions do to a list: leave out what was rejected (default), keep it in its place with a mark (the default of the explorer\'s panes), let in only what was approved, or nothing' -x -a 'not-rejected marked approved none'
complete -c aisle -n '__aisle_at note whatif' -l rules -d 'off: the list as it would be without the store\'s rules' -x -a 'on off'
complete -c aisle -n '__aisle_at note whatif' -l panel -d 'The panel whose suggestions are decided on; export lists: that panel of every product' -x -a 'similar complementary'
complete -c aisle -n '__aisle_at note whatif' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note whatif' -l blend -d 'whatif: what parts of the blend count, as cowalk=1,companion=0.5; parts that aren\'t named count what they did in training' -x
complete -c aisle -n '__aisle_at note whatif' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a transitions -d 'How often baskets with one category hold another, or of --category'
complete -c aisle -n '__aisle_at note transitions' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at note transitions' -l level -d 'Depth of the category tree to count at, 0 at the top; default: the deepest' -x
complete -c aisle -n '__aisle_at note transitions' -l baskets -d 'Count all baskets or those with two or more products; default: those, where most baskets hold one product, which goes with nothing' -x -a 'all multi'
complete -c aisle -n '__aisle_at note transitions' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a 'n confidence share lift'
complete -c aisle -n '__aisle_at note transitions' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note transitions' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note transitions' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'from to from_path to_path n n_a n_b n_all confidence low high share support lift lift_low lift_high pmi leverage conviction g2 p q flags'
complete -c aisle -n '__aisle_at note transitions' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at note transitions' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note transitions' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note transitions' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a learnt -d 'Transitions between categories as companion learnt them, beside those counted: where they disagree most'
complete -c aisle -n '__aisle_at note learnt' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at note learnt' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a 'n counted learnt more z'
complete -c aisle -n '__aisle_at note learnt' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note learnt' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note learnt' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'from to n counted learnt more z'
complete -c aisle -n '__aisle_at note learnt' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note learnt' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note learnt' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a pairs -d 'All counted pairs of a relation, or those of one product'
complete -c aisle -n '__aisle_at note pairs' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at note pairs' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at note pairs' -l relation -s r -d 'The relation between products; similar stands for co-view, complement for co-purchase' -x -a 'co-view adjacent-view view-purchase co-cart co-purchase similar complement'
complete -c aisle -n '__aisle_at note pairs' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a 'n confidence lift lift_low'
complete -c aisle -n '__aisle_at note pairs' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note pairs' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note pairs' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'a b n n_a n_b n_all support confidence lift lift_low lift_high g2 p q flags label_a label_b'
complete -c aisle -n '__aisle_at note pairs' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at note pairs' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note pairs' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note pairs' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a why -d 'Everything known of one suggestion: --product A --with B'
complete -c aisle -n '__aisle_at note why' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at note why' -l with -d 'The product that is suggested for --product; diff: the store to compare with' -x
complete -c aisle -n '__aisle_at note why' -l relation -s r -d 'The relation between products; similar stands for co-view, complement for co-purchase' -x -a 'co-view adjacent-view view-purchase co-cart co-purchase similar complement'
complete -c aisle -n '__aisle_at note why' -l same-category -d 'What to do with suggestions of the product\'s own category; weigh makes room for others among the complements' -x -a 'include weigh exclude only'
complete -c aisle -n '__aisle_at note why' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at note why' -l show-users -d 'Ids of users and sessions instead of pseudonyms'
complete -c aisle -n '__aisle_at note why' -l level -d 'Depth of the category tree to count at, 0 at the top; default: the deepest' -x
complete -c aisle -n '__aisle_at note why' -l baskets -d 'Count all baskets or those with two or more products; default: those, where most baskets hold one product, which goes with nothing' -x -a 'all multi'
complete -c aisle -n '__aisle_at note why' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note why' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note why' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'section heading field value low high shown'
complete -c aisle -n '__aisle_at note why' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note why' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note why' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a compare -d 'Rankings for a product side by side: panels, trained models (--model NAME,NAME), counts of relations'
complete -c aisle -n '__aisle_at note compare' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at note compare' -l same-category -d 'What to do with suggestions of the product\'s own category; weigh makes room for others among the complements' -x -a 'include weigh exclude only'
complete -c aisle -n '__aisle_at note compare' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at note compare' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at note compare' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note compare' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note compare' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'ranking rank product label score first_rank change others'
complete -c aisle -n '__aisle_at note compare' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at note compare' -l scope -d 'What the filter\'s tests of products do to suggestions: shop, nothing, so they come from the whole shop (the default of the explorer\'s panes); filter, they pass it too (the default elsewhere)' -x -a 'shop filter'
complete -c aisle -n '__aisle_at note compare' -l codes -d 'Suggestions of one product code (what the log calls variants of each other): the best one of them, or all' -x -a 'one all'
complete -c aisle -n '__aisle_at note compare' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note compare' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note compare' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a basket -d 'What goes with a whole basket: --product ID for each of its products'
complete -c aisle -n '__aisle_at note basket' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at note basket' -l relation -s r -d 'The relation between products; similar stands for co-view, complement for co-purchase' -x -a 'co-view adjacent-view view-purchase co-cart co-purchase similar complement'
complete -c aisle -n '__aisle_at note basket' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at note basket' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a 'rank label category score'
complete -c aisle -n '__aisle_at note basket' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note basket' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note basket' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'rank product label category score with n best best_label best_n lift flags'
complete -c aisle -n '__aisle_at note basket' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at note basket' -l scope -d 'What the filter\'s tests of products do to suggestions: shop, nothing, so they come from the whole shop (the default of the explorer\'s panes); filter, they pass it too (the default elsewhere)' -x -a 'shop filter'
complete -c aisle -n '__aisle_at note basket' -l codes -d 'Suggestions of one product code (what the log calls variants of each other): the best one of them, or all' -x -a 'one all'
complete -c aisle -n '__aisle_at note basket' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note basket' -l verdicts -d 'What people\'s decisions do to a list: leave out what was rejected (default), keep it in its place with a mark (the default of the explorer\'s panes), let in only what was approved, or nothing' -x -a 'not-rejected marked approved none'
complete -c aisle -n '__aisle_at note basket' -l rules -d 'off: the list as it would be without the store\'s rules' -x -a 'on off'
complete -c aisle -n '__aisle_at note basket' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note basket' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a list -d 'A ranked list for someone: --product of a page or each of a cart, --user, --history, --text, alone or together; with nothing what is popular'
complete -c aisle -n '__aisle_at note list' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at note list' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at note list' -l tail -d 'How much less what sells well counts: the score over the sessions with it to that power' -x
complete -c aisle -n '__aisle_at note list' -l diversify -d 'How much it counts against a suggestion that it is like those above it: in category and brand, or by the vectors of --model' -x
complete -c aisle -n '__aisle_at note list' -l per-category -d 'At most N suggestions of a category; 1 is the best of each' -x
complete -c aisle -n '__aisle_at note list' -l categories -d 'Suggestions of at most N categories, those of the best ones, 0: of any number; with N the explorer\'s Complementary stands category by category' -x
complete -c aisle -n '__aisle_at note list' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at note list' -l user -d 'The user, by id or pseudonym' -x
complete -c aisle -n '__aisle_at note list' -l show-users -d 'Ids of users and sessions instead of pseudonyms'
complete -c aisle -n '__aisle_at note list' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a 'rank label category price score'
complete -c aisle -n '__aisle_at note list' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note list' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note list' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'for rank product label category price score source because because_label because_kind because_time n flags'
complete -c aisle -n '__aisle_at note list' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at note list' -l codes -d 'Suggestions of one product code (what the log calls variants of each other): the best one of them, or all' -x -a 'one all'
complete -c aisle -n '__aisle_at note list' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note list' -l text -d 'near, list: products whose texts are near to these words, by a model of aisle train text' -x
complete -c aisle -n '__aisle_at note list' -l history -d 'list: what someone did, a product id per line, the oldest first; after a tab may stand view, cart or purchase and after another the time' -r -F
complete -c aisle -n '__aisle_at note list' -l repeat -d 'What someone has already may come again, never, or after so many days; default: keep where scores tell what is bought again, else drop' -x
complete -c aisle -n '__aisle_at note list' -l among -d 'list: rank the products of FILE, an id per line, and no others' -r -F
complete -c aisle -n '__aisle_at note list' -l verdicts -d 'What people\'s decisions do to a list: leave out what was rejected (default), keep it in its place with a mark (the default of the explorer\'s panes), let in only what was approved, or nothing' -x -a 'not-rejected marked approved none'
complete -c aisle -n '__aisle_at note list' -l rules -d 'off: the list as it would be without the store\'s rules' -x -a 'on off'
complete -c aisle -n '__aisle_at note list' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note list' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a upsell -d 'What could be sold instead of --product: as near by text and attributes, in a band of prices (--price 1x..1.5x), one of each variant group'
complete -c aisle -n '__aisle_at note upsell' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at note upsell' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at note upsell' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at note upsell' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at note upsell' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note upsell' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note upsell' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'rank product label category price times score text equal of sold'
complete -c aisle -n '__aisle_at note upsell' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at note upsell' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note upsell' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note upsell' -l price -d 'upsell: prices that alternatives may have, each end a price, times the product\'s as 1.5x, or nothing' -x
complete -c aisle -n '__aisle_at note upsell' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a diff -d 'What entered, left or moved in the panels since another store: --with STORE'
complete -c aisle -n '__aisle_at note diff' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at note diff' -l with -d 'The product that is suggested for --product; diff: the store to compare with' -x
complete -c aisle -n '__aisle_at note diff' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at note diff' -l same-category -d 'What to do with suggestions of the product\'s own category; weigh makes room for others among the complements' -x -a 'include weigh exclude only'
complete -c aisle -n '__aisle_at note diff' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at note diff' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note diff' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note diff' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'product label panel change suggestion suggestion_label before now moved'
complete -c aisle -n '__aisle_at note diff' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note diff' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note diff' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a gaps -d 'Products with traffic and without good suggestions, the worst first'
complete -c aisle -n '__aisle_at note gaps' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at note gaps' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a 'traffic lost complements similar'
complete -c aisle -n '__aisle_at note gaps' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note gaps' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note gaps' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'product label category traffic share lost complements similar most'
complete -c aisle -n '__aisle_at note gaps' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note gaps' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note gaps' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a overview -d 'The shop at a glance: events, funnel, favourites, time, activity, quality'
complete -c aisle -n '__aisle_at note overview' -l show-users -d 'Ids of users and sessions instead of pseudonyms'
complete -c aisle -n '__aisle_at note overview' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note overview' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note overview' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'section heading field value low high shown'
complete -c aisle -n '__aisle_at note overview' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note overview' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note overview' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a sessions -d 'Sessions by start: all, or with --product or --user theirs'
complete -c aisle -n '__aisle_at note sessions' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at note sessions' -l user -d 'The user, by id or pseudonym' -x
complete -c aisle -n '__aisle_at note sessions' -l show-users -d 'Ids of users and sessions instead of pseudonyms'
complete -c aisle -n '__aisle_at note sessions' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at note sessions' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note sessions' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note sessions' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'session user start seconds events views carts purchases'
complete -c aisle -n '__aisle_at note sessions' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note sessions' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note sessions' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a session -d 'A session\'s time line: --session ID'
complete -c aisle -n '__aisle_at note session' -l session -d 'The session, by id or pseudonym' -x
complete -c aisle -n '__aisle_at note session' -l show-users -d 'Ids of users and sessions instead of pseudonyms'
complete -c aisle -n '__aisle_at note session' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at note session' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note session' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note session' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'session time after event product price quantity label'
complete -c aisle -n '__aisle_at note session' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note session' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note session' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a users -d 'Users with their sessions, events and days: all, or those of a product'
complete -c aisle -n '__aisle_at note users' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at note users' -l show-users -d 'Ids of users and sessions instead of pseudonyms'
complete -c aisle -n '__aisle_at note users' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at note users' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note users' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note users' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'user sessions events views carts purchases first_time last_time'
complete -c aisle -n '__aisle_at note users' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note users' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note users' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a user -d 'A user\'s history, session by session: --user ID'
complete -c aisle -n '__aisle_at note user' -l user -d 'The user, by id or pseudonym' -x
complete -c aisle -n '__aisle_at note user' -l show-users -d 'Ids of users and sessions instead of pseudonyms'
complete -c aisle -n '__aisle_at note user' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at note user' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note user' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note user' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'session time after event product price quantity label'
complete -c aisle -n '__aisle_at note user' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note user' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note user' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a person -d 'A user: what was done as a time line, a ranked list with reasons (by the ranker that was trained last, where the store has one), and who is alike: --user ID'
complete -c aisle -n '__aisle_at note person' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at note person' -l user -d 'The user, by id or pseudonym' -x
complete -c aisle -n '__aisle_at note person' -l show-users -d 'Ids of users and sessions instead of pseudonyms'
complete -c aisle -n '__aisle_at note person' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note person' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note person' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'section rank time what user product label score why'
complete -c aisle -n '__aisle_at note person' -l codes -d 'Suggestions of one product code (what the log calls variants of each other): the best one of them, or all' -x -a 'one all'
complete -c aisle -n '__aisle_at note person' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note person' -l repeat -d 'What someone has already may come again, never, or after so many days; default: keep where scores tell what is bought again, else drop' -x
complete -c aisle -n '__aisle_at note person' -l verdicts -d 'What people\'s decisions do to a list: leave out what was rejected (default), keep it in its place with a mark (the default of the explorer\'s panes), let in only what was approved, or nothing' -x -a 'not-rejected marked approved none'
complete -c aisle -n '__aisle_at note person' -l rules -d 'off: the list as it would be without the store\'s rules' -x -a 'on off'
complete -c aisle -n '__aisle_at note person' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note person' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a alike -d 'The users whose pasts are nearest to that of --user, by pseudonym: by what both have, or by texts with --model useruser'
complete -c aisle -n '__aisle_at note alike' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at note alike' -l user -d 'The user, by id or pseudonym' -x
complete -c aisle -n '__aisle_at note alike' -l show-users -d 'Ids of users and sessions instead of pseudonyms'
complete -c aisle -n '__aisle_at note alike' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note alike' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note alike' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'rank user near both has shared news'
complete -c aisle -n '__aisle_at note alike' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note alike' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note alike' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a predict -d 'What mf, neumf and svd guess that --user does with --product, beside a constant guess: of --model, or of all that are trained'
complete -c aisle -n '__aisle_at note predict' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at note predict' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at note predict' -l user -d 'The user, by id or pseudonym' -x
complete -c aisle -n '__aisle_at note predict' -l show-users -d 'Ids of users and sessions instead of pseudonyms'
complete -c aisle -n '__aisle_at note predict' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at note predict' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note predict' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note predict' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'model user product label guess constant mse_test mse_constant did'
complete -c aisle -n '__aisle_at note predict' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note predict' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note predict' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a near -d 'Products whose vectors are near to a sum of others, or to words, by a trained model'
complete -c aisle -n '__aisle_at note near' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at note near' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note near' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note near' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'rank product label category score'
complete -c aisle -n '__aisle_at note near' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at note near' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note near' -l to -d 'near: what to look near to: a product, or several as A13 - C1 + \'oak table\'' -x
complete -c aisle -n '__aisle_at note near' -l text -d 'near, list: products whose texts are near to these words, by a model of aisle train text' -x
complete -c aisle -n '__aisle_at note near' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note near' -l metric -d 'What near means: the angle, the product, or the distance' -x -a 'cosine dot l2'
complete -c aisle -n '__aisle_at note near' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a models -d 'What is trained in the store, with parameters, loss and time'
complete -c aisle -n '__aisle_at note models' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at note models' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note models' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note models' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'name model parameters loss seconds products bytes trained_time state'
complete -c aisle -n '__aisle_at note models' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note models' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note models' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a layers -d 'The layers of trained networks with their sizes: of --model, or of all'
complete -c aisle -n '__aisle_at note layers' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at note layers' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at note layers' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note layers' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note layers' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'model rank layer from to activation parameters'
complete -c aisle -n '__aisle_at note layers' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note layers' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note layers' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a features -d 'What a ranker\'s features are worth (gain, permutation); with --user and --product what they add to that product\'s place in that user\'s list'
complete -c aisle -n '__aisle_at note features' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at note features' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at note features' -l user -d 'The user, by id or pseudonym' -x
complete -c aisle -n '__aisle_at note features' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note features' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note features' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'rank order feature gain permuted value adds help'
complete -c aisle -n '__aisle_at note features' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note features' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note features' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a leaderboard -d 'What aisle evaluate measured: every model beside the baselines'
complete -c aisle -n '__aisle_at note leaderboard' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at note leaderboard' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note leaderboard' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note leaderboard' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'rank model parameters k hr hr_low hr_high hr_query mrr mrr_low mrr_high ndcg recall precision precision_low precision_high map map_low map_high reach perfect category_hit3 hr_session p p_floor behind behind_low behind_high coverage diversity novelty popularity hr_cold hr_warm hr_popular accepted accepted_n seconds cpu task split queries time'
complete -c aisle -n '__aisle_at note leaderboard' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note leaderboard' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note leaderboard' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a clusters -d 'Clusters of a model\'s vectors with what is typical of each (--model, made by aisle train clusters)'
complete -c aisle -n '__aisle_at note clusters' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at note clusters' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a 'products distance'
complete -c aisle -n '__aisle_at note clusters' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note clusters' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note clusters' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'cluster products share distance category category_share brand brand_share words members'
complete -c aisle -n '__aisle_at note clusters' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note clusters' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note clusters' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a cluster -d 'The members of a cluster (--cluster N, or that of --product), the nearest to its centre first, or with --sort to_product to the product'
complete -c aisle -n '__aisle_at note cluster' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at note cluster' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at note cluster' -l cluster -d 'The cluster, by its number in aisle show clusters' -x
complete -c aisle -n '__aisle_at note cluster' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a 'to_product'
complete -c aisle -n '__aisle_at note cluster' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note cluster' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note cluster' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'rank product label category views distance to_product'
complete -c aisle -n '__aisle_at note cluster' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note cluster' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note cluster' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a map -d 'Where products stand on a map of a model\'s vectors (--model, made by aisle train map)'
complete -c aisle -n '__aisle_at note map' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at note map' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at note map' -l colour -d 'map: what gives products their colour: category (and --level N), density, or a model made by aisle train clusters; default: the broadest level that tells products apart' -x
complete -c aisle -n '__aisle_at note map' -l level -d 'Depth of the category tree to count at, 0 at the top; default: the deepest' -x
complete -c aisle -n '__aisle_at note map' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at note map' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note map' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note map' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'product label category x y z'
complete -c aisle -n '__aisle_at note map' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at note map' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note map' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note map' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a queue -d 'Suggestions to be reviewed, product by product: the most traffic x doubt first; -f words tells what doubt is'
complete -c aisle -n '__aisle_at note queue' -l category -s c -d 'The category and all below it, by path (a.b.c) or id; similar, complementary: the one that suggestions are of' -x -a '(__aisle_categories)'
complete -c aisle -n '__aisle_at note queue' -l model -d 'similar, complementary, basket, why: the trained model that ranks products, see aisle show models; panel: what aisle counts by itself' -x
complete -c aisle -n '__aisle_at note queue' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note queue' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note queue' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'turn product label_product traffic open doubt_product beside rank mark suggestion label n reason lift lift_low lift_high times between doubt price category who audit score source place_other few wide one_way models price_clash brand_clash other_panel text'
complete -c aisle -n '__aisle_at note queue' -l where -s w -d 'Only what the filter lets in: "price<30 and brand=\'aqua\' and date>=2019-10-01"; see aisle help where' -x
complete -c aisle -n '__aisle_at note queue' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note queue' -l panel -d 'The panel whose suggestions are decided on; export lists: that panel of every product' -x -a 'similar complementary'
complete -c aisle -n '__aisle_at note queue' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note queue' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a audit -d 'Products that the review drew at random, and the share of their suggestions that was approved'
complete -c aisle -n '__aisle_at note audit' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note audit' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note audit' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'draw product label traffic approved decided'
complete -c aisle -n '__aisle_at note audit' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note audit' -l panel -d 'The panel whose suggestions are decided on; export lists: that panel of every product' -x -a 'similar complementary'
complete -c aisle -n '__aisle_at note audit' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note audit' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a agreement -d 'Suggestions on which people disagree, and Cohen\'s kappa of every two'
complete -c aisle -n '__aisle_at note agreement' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at note agreement' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note agreement' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note agreement' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'panel product suggestion label label_suggestion approved rejected reason'
complete -c aisle -n '__aisle_at note agreement' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note agreement' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note agreement' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a verdicts -d 'What people decided on suggestions, the latest first'
complete -c aisle -n '__aisle_at note verdicts' -l product -s p -d 'The product; basket: each of its products' -x
complete -c aisle -n '__aisle_at note verdicts' -l sort -s s -d 'Sort by that column, tables of products also by an attribute of theirs; numbers the largest first, names A to Z' -x -a ''
complete -c aisle -n '__aisle_at note verdicts' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note verdicts' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note verdicts' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'panel product suggestion verdict who time others scope position reason rank n state label label_suggestion'
complete -c aisle -n '__aisle_at note verdicts' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note verdicts' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note verdicts' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n '__aisle_first note' -a notes -d 'What people noted of what they saw, and what of it has moved since'
complete -c aisle -n '__aisle_at note notes' -l limit -s n -d 'At most N rows' -x
complete -c aisle -n '__aisle_at note notes' -l offset -d 'Leave out the first N rows' -x
complete -c aisle -n '__aisle_at note notes' -l columns -d 'Only these columns, in the order of the table; long tables get quicker' -x -a 'note time who import text since command'
complete -c aisle -n '__aisle_at note notes' -l having -d 'Of the rows that there are those whose columns pass: "n>20 and lift>3", in the language of --where; nothing is counted anew' -x
complete -c aisle -n '__aisle_at note notes' -l as -d 'Who decides; default: the login name' -x
complete -c aisle -n '__aisle_at note notes' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n __aisle_none -f -a rules -d 'Rules that every list obeys: block, only, once, pin, boost, bury'
complete -c aisle -n '__aisle_first rules' -a show
complete -c aisle -n '__aisle_first rules' -a check
complete -c aisle -n '__aisle_first rules' -a set
complete -c aisle -n '__aisle_at rules' -l wait -d 'Wait so long for another writer of the store' -x
complete -c aisle -n __aisle_none -f -a report -d 'Write what was reviewed as one page of HTML'
complete -c aisle -n '__aisle_at report' -l output -s o -d 'The file to write, which appears when it is whole; - is standard output' -r -F
complete -c aisle -n '__aisle_at report' -l panel -d 'The panel whose suggestions are decided on; export lists: that panel of every product' -x -a 'similar complementary'
complete -c aisle -n __aisle_none -f -a shell -d 'Take commands line by line, with the store left out of them'
complete -c aisle -n __aisle_none -f -a help -d 'Show how a command, a view or a model is used, filters or keys'
complete -c aisle -n '__aisle_first help' -a explore
complete -c aisle -n '__aisle_first help' -a demo
complete -c aisle -n '__aisle_first help' -a generate
complete -c aisle -n '__aisle_first help' -a import
complete -c aisle -n '__aisle_first help' -a info
complete -c aisle -n '__aisle_first help' -a verify
complete -c aisle -n '__aisle_first help' -a train
complete -c aisle -n '__aisle_first help' -a show
complete -c aisle -n '__aisle_first help' -a near
complete -c aisle -n '__aisle_first help' -a export
complete -c aisle -n '__aisle_first help' -a evaluate
complete -c aisle -n '__aisle_first help' -a verdict
complete -c aisle -n '__aisle_first help' -a note
complete -c aisle -n '__aisle_first help' -a rules
complete -c aisle -n '__aisle_first help' -a report
complete -c aisle -n '__aisle_first help' -a shell
complete -c aisle -n '__aisle_first help' -a help
complete -c aisle -n '__aisle_first help' -a set
complete -c aisle -n '__aisle_first help' -a go
complete -c aisle -n '__aisle_first help' -a similar
complete -c aisle -n '__aisle_first help' -a view
complete -c aisle -n '__aisle_first help' -a bind
complete -c aisle -n '__aisle_first help' -a unbind
complete -c aisle -n '__aisle_first help' -a quit
complete -c aisle -n '__aisle_first help' -a categories
complete -c aisle -n '__aisle_first help' -a products
complete -c aisle -n '__aisle_first help' -a product
complete -c aisle -n '__aisle_first help' -a similar
complete -c aisle -n '__aisle_first help' -a complementary
complete -c aisle -n '__aisle_first help' -a along
complete -c aisle -n '__aisle_first help' -a newcomer
complete -c aisle -n '__aisle_first help' -a whatif
complete -c aisle -n '__aisle_first help' -a transitions
complete -c aisle -n '__aisle_first help' -a learnt
complete -c aisle -n '__aisle_first help' -a pairs
complete -c aisle -n '__aisle_first help' -a why
complete -c aisle -n '__aisle_first help' -a compare
complete -c aisle -n '__aisle_first help' -a basket
complete -c aisle -n '__aisle_first help' -a list
complete -c aisle -n '__aisle_first help' -a upsell
complete -c aisle -n '__aisle_first help' -a diff
complete -c aisle -n '__aisle_first help' -a gaps
complete -c aisle -n '__aisle_first help' -a overview
complete -c aisle -n '__aisle_first help' -a sessions
complete -c aisle -n '__aisle_first help' -a session
complete -c aisle -n '__aisle_first help' -a users
complete -c aisle -n '__aisle_first help' -a user
complete -c aisle -n '__aisle_first help' -a person
complete -c aisle -n '__aisle_first help' -a alike
complete -c aisle -n '__aisle_first help' -a predict
complete -c aisle -n '__aisle_first help' -a near
complete -c aisle -n '__aisle_first help' -a models
complete -c aisle -n '__aisle_first help' -a layers
complete -c aisle -n '__aisle_first help' -a features
complete -c aisle -n '__aisle_first help' -a leaderboard
complete -c aisle -n '__aisle_first help' -a clusters
complete -c aisle -n '__aisle_first help' -a cluster
complete -c aisle -n '__aisle_first help' -a map
complete -c aisle -n '__aisle_first help' -a queue
complete -c aisle -n '__aisle_first help' -a audit
complete -c aisle -n '__aisle_first help' -a agreement
complete -c aisle -n '__aisle_first help' -a verdicts
complete -c aisle -n '__aisle_first help' -a notes
complete -c aisle -n '__aisle_first help' -a covis
complete -c aisle -n '__aisle_first help' -a rules
complete -c aisle -n '__aisle_first help' -a co-purchase
complete -c aisle -n '__aisle_first help' -a walk
complete -c aisle -n '__aisle_first help' -a trail
complete -c aisle -n '__aisle_first help' -a itemknn
complete -c aisle -n '__aisle_first help' -a vsknn
complete -c aisle -n '__aisle_first help' -a stan
complete -c aisle -n '__aisle_first help' -a vstan
complete -c aisle -n '__aisle_first help' -a ease
complete -c aisle -n '__aisle_first help' -a slist
complete -c aisle -n '__aisle_first help' -a blend
complete -c aisle -n '__aisle_first help' -a rank
complete -c aisle -n '__aisle_first help' -a item2vec
complete -c aisle -n '__aisle_first help' -a deepwalk
complete -c aisle -n '__aisle_first help' -a node2vec
complete -c aisle -n '__aisle_first help' -a text
complete -c aisle -n '__aisle_first help' -a lsa
complete -c aisle -n '__aisle_first help' -a scratch
complete -c aisle -n '__aisle_first help' -a als
complete -c aisle -n '__aisle_first help' -a bpr
complete -c aisle -n '__aisle_first help' -a mf
complete -c aisle -n '__aisle_first help' -a neumf
complete -c aisle -n '__aisle_first help' -a svd
complete -c aisle -n '__aisle_first help' -a useruser
complete -c aisle -n '__aisle_first help' -a cf
complete -c aisle -n '__aisle_first help' -a itemcf
complete -c aisle -n '__aisle_first help' -a cowalk
complete -c aisle -n '__aisle_first help' -a inout
complete -c aisle -n '__aisle_first help' -a transition
complete -c aisle -n '__aisle_first help' -a companion
complete -c aisle -n '__aisle_first help' -a product2vec
complete -c aisle -n '__aisle_first help' -a vectors
complete -c aisle -n '__aisle_first help' -a clusters
complete -c aisle -n '__aisle_first help' -a map
complete -c aisle -n '__aisle_first help' -a trending
complete -c aisle -n '__aisle_first help' -a again
complete -c aisle -n '__aisle_first help' -a popular
complete -c aisle -n '__aisle_first help' -a random
complete -c aisle -n '__aisle_at help' -l version -s V -d 'Print the version'
complete -c aisle -l help -s h -d 'Show the help of the command'
complete -c aisle -l quiet -s q -d 'No progress and no messages but errors'
complete -c aisle -l verbose -s v -d 'Say more: every step, every warning'
complete -c aisle -l threads -d 'Threads to work with; 0 takes all processors' -x
complete -c aisle -l color -d 'Colours: auto takes them on a terminal unless NO_COLOR is set' -x -a 'auto always never'
