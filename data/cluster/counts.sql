-- SPDX-License-Identifier: GPL-3.0-or-later
-- Counts of a log for aisle: what aisle-bundle(5) holds, in statements that DuckDB and Spark both
-- know. A driver makes the table `log` (ms: since 1970, UTC; seq: the row's place in the files;
-- session, product, category, code, brand, price: texts; kind: view, cart, remove, purchase) and,
-- before the transitions, `node`; it runs the statements in their order, each under the name that
-- stands before it. $cap is the most distinct products of a session that is counted in pairs.

-- name: product_category
SELECT product, category FROM (
    SELECT product, category,
           ROW_NUMBER() OVER (PARTITION BY product ORDER BY ms DESC, seq DESC) AS place
    FROM log WHERE category <> '') t
WHERE place = 1

-- name: product_brand
SELECT product, brand FROM (
    SELECT product, brand,
           ROW_NUMBER() OVER (PARTITION BY product ORDER BY ms DESC, seq DESC) AS place
    FROM log WHERE brand <> '') t
WHERE place = 1

-- name: product_price
SELECT product, price FROM (
    SELECT product, price,
           ROW_NUMBER() OVER (PARTITION BY product ORDER BY ms DESC, seq DESC) AS place
    FROM log WHERE price <> '') t
WHERE place = 1

-- name: product_total
SELECT product, MIN(ms) AS first, MAX(ms) AS last,
       SUM(CASE WHEN kind = 'view' THEN 1 ELSE 0 END) AS views,
       SUM(CASE WHEN kind = 'cart' THEN 1 ELSE 0 END) AS carts,
       SUM(CASE WHEN kind = 'purchase' THEN 1 ELSE 0 END) AS purchases,
       SUM(CASE WHEN kind = 'purchase' AND price <> '' THEN CAST(price AS DECIMAL(18, 6))
                ELSE CAST(0 AS DECIMAL(18, 6)) END) AS revenue
FROM log GROUP BY product

-- name: product
SELECT t.product AS id, COALESCE(c.category, '') AS category, COALESCE(b.brand, '') AS brand,
       '' AS name, COALESCE(p.price, '') AS price, t.first, t.last, t.views, t.carts,
       t.purchases, CAST(t.revenue AS VARCHAR(40)) AS revenue
FROM product_total t
LEFT JOIN product_category c ON c.product = t.product
LEFT JOIN product_brand b ON b.product = t.product
LEFT JOIN product_price p ON p.product = t.product

-- name: category_code
SELECT category, code FROM (
    SELECT category, code,
           ROW_NUMBER() OVER (PARTITION BY category ORDER BY ms DESC, seq DESC) AS place
    FROM log WHERE category <> '' AND code <> '') t
WHERE place = 1

-- name: category
SELECT t.category AS id, COALESCE(c.code, '') AS path, '' AS name, '' AS parent
FROM (SELECT DISTINCT category FROM log WHERE category <> '') t
LEFT JOIN category_code c ON c.category = t.category

-- name: kept
SELECT session FROM log GROUP BY session HAVING COUNT(DISTINCT product) <= $cap

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
FROM seen s JOIN product_category c ON c.product = s.product
WHERE s.kind = 'view' OR s.kind = 'cart' OR s.kind = 'purchase'

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
