-- SPDX-License-Identifier: GPL-3.0-or-later
-- Counts of a log for aisle: what aisle-bundle(5) holds, in statements that DuckDB, Spark and
-- SQLite know. The driver makes the table `raw`, a row for each record that aisle would take:
--   ms        since 1970, UTC            seq       its place: files in their order, then rows
--   session   what goes together; the buyer where a gap cuts sessions
--   buyer     the user, or ''            product   its id
--   category  the id, or $mark and the path where there is no id, or ''
--   code      the path beside an id      brand, name, family, price: texts, or ''
--   quantity  pieces                     kind      view, cart, remove, purchase, rating
--   cancels   1: takes pieces of purchases back
-- and, before the transitions, `node`. It runs the statements in their order, each under the name
-- that stands before it, those with a condition only where it holds. $cap: the most distinct
-- products of a session that is counted in pairs; $gap: ms; $day(x): the day of an instant.

-- name: back when: cancels
SELECT DISTINCT session, buyer, product FROM raw WHERE cancels = 1

-- What `taken` is made of: purchases that could be meant, and what takes them back.
-- name: claim when: cancels
SELECT r.seq, r.ms, r.session, r.buyer, r.product, r.quantity, r.cancels FROM raw r
WHERE r.cancels = 1 OR (r.kind = 'purchase' AND (
    EXISTS (SELECT 1 FROM back b WHERE b.product = r.product AND b.session = r.session)
    OR (r.buyer <> '' AND
        EXISTS (SELECT 1 FROM back b WHERE b.product = r.product AND b.buyer = r.buyer))))

-- name: visit when: gap
SELECT ms, seq, session || '/' || CAST(1 + SUM(cut) OVER (
           PARTITION BY session ORDER BY ms, seq ROWS UNBOUNDED PRECEDING) AS VARCHAR(20)
       ) AS session, product, category, code, brand, name, family, price, quantity, kind, cancels
FROM (
    SELECT r.*, CASE WHEN ms - LAG(ms) OVER (PARTITION BY session ORDER BY ms, seq) > $gap
                     THEN 1 ELSE 0 END AS cut
    FROM raw r) t

-- name: log when: cancels
SELECT v.ms, v.seq, v.session, v.product, v.category, v.code, v.brand, v.name, v.family,
       v.price, COALESCE(t.remains, v.quantity) AS quantity, v.kind
FROM $visit v LEFT JOIN taken t ON t.seq = v.seq
WHERE v.cancels = 0 AND (t.remains IS NULL OR t.remains > 0)

-- name: log when: no cancels
SELECT ms, seq, session, product, category, code, brand, name, family, price, quantity, kind
FROM $visit

-- name: product_sum
SELECT product, MIN(ms) AS first, MAX(ms) AS last,
       SUM(CASE WHEN kind = 'view' THEN 1 ELSE 0 END) AS views,
       SUM(CASE WHEN kind = 'cart' THEN 1 ELSE 0 END) AS carts,
       SUM(CASE WHEN kind = 'purchase' THEN quantity ELSE 0 END) AS purchases,
       SUM(CASE WHEN kind = 'purchase' AND price <> ''
                THEN CAST(price AS DECIMAL(20, 9)) * quantity ELSE 0 END) AS revenue
FROM log GROUP BY product

-- What is said of products, by records that are taken back too. The latest text of each is the
-- greatest of those that begin with time and place, which are 35 digits: a sum of parts, so a
-- popular product is no task of its own.
-- name: product_latest
SELECT product, MAX(CASE WHEN category <> '' THEN stamp || category END) AS category,
       MAX(CASE WHEN brand <> '' THEN stamp || brand END) AS brand,
       MAX(CASE WHEN name <> '' THEN stamp || name END) AS name,
       MAX(CASE WHEN family <> '' THEN stamp || family END) AS family,
       MAX(CASE WHEN price <> '' THEN stamp || price END) AS price
FROM (SELECT r.*, CAST(1000000000000000 + ms AS VARCHAR(16)) ||
                  CAST(1000000000000000000 + seq AS VARCHAR(19)) AS stamp FROM raw r) t
GROUP BY product

-- name: product_now
SELECT l.product, s.first, s.last, COALESCE(s.views, 0) AS views, COALESCE(s.carts, 0) AS carts,
       COALESCE(s.purchases, 0) AS purchases, COALESCE(s.revenue, 0) AS revenue,
       COALESCE(SUBSTR(l.category, 36), '') AS category, COALESCE(SUBSTR(l.brand, 36), '') AS brand,
       COALESCE(SUBSTR(l.name, 36), '') AS name, COALESCE(SUBSTR(l.family, 36), '') AS family,
       COALESCE(SUBSTR(l.price, 36), '') AS price
FROM product_latest l LEFT JOIN product_sum s ON s.product = l.product

-- name: product
SELECT product AS id, CASE WHEN SUBSTR(category, 1, 1) = '$mark' THEN '' ELSE category END
       AS category,
       CASE WHEN SUBSTR(category, 1, 1) = '$mark' THEN SUBSTR(category, 2) ELSE '' END AS path,
       brand, name, family, price, first, last, views, carts, purchases,
       CAST(revenue AS VARCHAR(40)) AS revenue
FROM product_now

-- name: category_code
SELECT category, SUBSTR(MAX(CASE WHEN code <> '' THEN
           CAST(1000000000000000 + ms AS VARCHAR(16)) ||
           CAST(1000000000000000000 + seq AS VARCHAR(19)) || code END), 36) AS code
FROM raw WHERE category <> '' GROUP BY category

-- name: day
SELECT day, COUNT(*) AS events, SUM(CASE WHEN kind = 'view' THEN 1 ELSE 0 END) AS views,
       SUM(CASE WHEN kind = 'cart' THEN 1 ELSE 0 END) AS carts,
       SUM(CASE WHEN kind = 'purchase' THEN 1 ELSE 0 END) AS purchases
FROM (SELECT $day(ms) AS day, kind FROM log) t GROUP BY day

-- Sessions beyond the cap go before any join of a session with itself.
-- name: kept
SELECT session FROM log GROUP BY session HAVING COUNT(DISTINCT product) <= $cap

-- depth: where it stands in the tree, from 0.
-- name: category
SELECT CASE WHEN SUBSTR(c.category, 1, 1) = '$mark' THEN '' ELSE c.category END AS id,
       CASE WHEN SUBSTR(c.category, 1, 1) = '$mark' THEN SUBSTR(c.category, 2)
            ELSE COALESCE(c.code, '') END AS path, '' AS name, '' AS parent, n.level AS depth
FROM category_code c JOIN node n ON n.category = c.category AND n.own = 1

-- What --append needs to see that no session is in two bundles: names and times; of sessions that
-- a gap cut, the buyers.
-- name: session_told when: sessions
SELECT $name AS session, MIN(ms) AS first, MAX(ms) AS last FROM log GROUP BY session

-- name: event
SELECT l.session, l.product, l.kind,
       ROW_NUMBER() OVER (PARTITION BY l.session ORDER BY l.ms, l.seq) AS place
FROM log l JOIN kept k ON k.session = l.session

-- name: seen
SELECT session, product, kind, MIN(place) AS first, MAX(place) AS last
FROM event GROUP BY session, product, kind

-- name: pair_co_view
SELECT x.product AS a, y.product AS b, COUNT(*) AS n
FROM seen x JOIN seen y ON x.session = y.session AND x.product < y.product
WHERE x.kind = 'view' AND y.kind = 'view' GROUP BY x.product, y.product

-- name: pair_co_cart
SELECT x.product AS a, y.product AS b, COUNT(*) AS n
FROM seen x JOIN seen y ON x.session = y.session AND x.product < y.product
WHERE x.kind = 'cart' AND y.kind = 'cart' GROUP BY x.product, y.product

-- name: pair_co_purchase
SELECT x.product AS a, y.product AS b, COUNT(*) AS n
FROM seen x JOIN seen y ON x.session = y.session AND x.product < y.product
WHERE x.kind = 'purchase' AND y.kind = 'purchase' GROUP BY x.product, y.product

-- name: pair_view_purchase
SELECT x.product AS a, y.product AS b, COUNT(*) AS n
FROM seen x JOIN seen y ON x.session = y.session AND x.product <> y.product
WHERE x.kind = 'view' AND y.kind = 'purchase' AND y.last > x.first
GROUP BY x.product, y.product

-- name: step
SELECT a, b FROM (
    SELECT product AS a, LEAD(product) OVER (PARTITION BY session ORDER BY place) AS b
    FROM event WHERE kind = 'view') t
WHERE b IS NOT NULL AND a <> b

-- name: pair_adjacent_view
SELECT a, b, COUNT(*) AS n FROM step GROUP BY a, b

-- name: margin
SELECT kind, product, COUNT(*) AS sessions FROM seen GROUP BY kind, product

-- name: margin_step
SELECT product, SUM(leaves) AS leaves, SUM(reaches) AS reaches FROM (
    SELECT a AS product, 1 AS leaves, 0 AS reaches FROM step
    UNION ALL SELECT b AS product, 0 AS leaves, 1 AS reaches FROM step) t
GROUP BY product

-- name: margin_view_purchase
SELECT product, SUM(CASE WHEN kind = 'view' THEN sessions ELSE 0 END) AS viewed,
       SUM(CASE WHEN kind = 'purchase' THEN sessions ELSE 0 END) AS bought
FROM margin WHERE kind = 'view' OR kind = 'purchase' GROUP BY product

-- name: total
SELECT COUNT(DISTINCT CASE WHEN kind = 'view' THEN session END) AS views,
       COUNT(DISTINCT CASE WHEN kind = 'cart' THEN session END) AS carts,
       COUNT(DISTINCT CASE WHEN kind = 'purchase' THEN session END) AS purchases,
       COUNT(DISTINCT CASE WHEN kind = 'view' OR kind = 'purchase' THEN session END) AS either
FROM seen

-- name: basket
SELECT s.kind, s.session, s.product, c.category
FROM seen s JOIN product_now c ON c.product = s.product
WHERE c.category <> '' AND (s.kind = 'view' OR s.kind = 'cart' OR s.kind = 'purchase')

-- name: basket_size
SELECT kind, session, COUNT(*) AS products FROM basket GROUP BY kind, session

-- name: basket_node
SELECT b.kind, b.session, z.products, n.level, n.node, COUNT(*) AS m,
       MAX(n.placed) AS placed, SUM(n.own) AS own
FROM basket b
JOIN basket_size z ON z.kind = b.kind AND z.session = b.session
JOIN node n ON n.category = b.category
GROUP BY b.kind, b.session, z.products, n.level, n.node

-- name: node_margin
SELECT kind, level, node AS category, COUNT(*) AS baskets,
       SUM(CASE WHEN products > 1 THEN 1 ELSE 0 END) AS multi,
       SUM(CASE WHEN own > 0 THEN 1 ELSE 0 END) AS own,
       SUM(CASE WHEN own > 0 AND products > 1 THEN 1 ELSE 0 END) AS own_multi
FROM basket_node WHERE placed = 1 GROUP BY kind, level, node

-- name: node_pair
SELECT x.kind, x.level, x.node AS a, y.node AS b, COUNT(*) AS n,
       SUM(CASE WHEN x.node = y.node THEN x.m * (x.m - 1) / 2 ELSE x.m * y.m END) AS pairs
FROM basket_node x
JOIN basket_node y ON y.kind = x.kind AND y.session = x.session AND y.level = x.level
    AND (x.node < y.node OR (x.node = y.node AND x.m > 1))
GROUP BY x.kind, x.level, x.node, y.node

-- name: basket_total
SELECT kind, COUNT(*) AS baskets, SUM(CASE WHEN products > 1 THEN 1 ELSE 0 END) AS multi
FROM basket_size GROUP BY kind
