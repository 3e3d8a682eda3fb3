# The whole report, of decisions with times of their own; the day that it is written on aside.
cp -r "$SHOP" shop.aisle
cat >decisions.csv <<'END'
seq,time,who,panel,product,suggestion,decision,scope,position,reason,audit,rank,score,model,n,import,of,lift_low,lift_high,stands
1,2024-11-02T09:00:00.000Z,ana,complementary,5209878,9333335,approve,pair,,,no,1,4.14101754,,2,1,,2.21124221,13.7475469,yes
2,2024-11-02T09:01:00.000Z,ana,complementary,5209878,4543212,approve,pair,,,no,2,2.81831579,,1,1,,0.92694097,14.2202825,yes
3,2024-11-02T09:02:00.000Z,ana,complementary,5209878,2604940,approve,pair,,,no,3,1.78542105,,1,1,,2.74162068,42.6608476,yes
4,2024-11-02T09:03:00.000Z,ana,complementary,5209878,4629632,approve,pair,,,no,4,1.06315789,,1,1,,2.74162068,42.6608476,yes
5,2024-11-02T09:04:00.000Z,ana,complementary,5209878,8234569,approve,pair,,,no,5,0.809105263,,1,1,,0.957332477,14.6865213,yes
6,2024-11-02T09:05:00.000Z,ana,complementary,5209878,8320989,approve,pair,,,no,6,0.542105263,,,1,,,,yes
7,2024-11-02T09:06:00.000Z,ana,complementary,5209878,3950619,approve,pair,,,no,7,0.473684211,,,1,,,,yes
8,2024-11-02T09:07:00.000Z,ana,complementary,5209878,3617286,approve,pair,,,no,8,0.434210526,,,1,,,,yes
9,2024-11-02T09:08:00.000Z,ana,complementary,5209878,9086422,approve,pair,,,no,9,0.434210526,,,1,,,,yes
10,2024-11-02T09:09:00.000Z,ana,complementary,5209878,2432100,approve,pair,,,no,10,0.426315789,,,1,,,,yes
11,2024-11-02T09:10:00.000Z,ana,complementary,3950619,8234569,approve,pair,,,no,1,2.75964103,,1,1,,2.74162068,42.6608476,yes
12,2024-11-02T09:11:00.000Z,ana,complementary,3950619,8827162,reject,pair,,too dear,no,2,2.58238462,,1,1,,0.92694097,14.2202825,yes
13,2024-11-02T09:12:00.000Z,ana,complementary,3950619,6555557,skip,pair,,,no,3,2.44392308,,1,1,,1.39041145,21.3304238,yes
14,2024-11-02T09:13:00.000Z,ana,complementary,3950619,5629631,approve,pair,,,no,4,2.13879487,,1,1,,2.74162068,42.6608476,yes
15,2024-11-02T09:14:00.000Z,ana,complementary,3950619,2358027,approve,pair,,,no,5,1.94392308,,1,1,,2.74162068,42.6608476,yes
16,2024-11-02T09:15:00.000Z,ana,complementary,3950619,3617286,reject,pair,,substitute,no,6,1.90384615,,1,1,,1.39041145,21.3304238,yes
17,2024-11-02T09:16:00.000Z,ana,complementary,3950619,1938274,approve,pair,,,no,7,1.52692308,,1,1,,2.74162068,42.6608476,yes
18,2024-11-02T09:17:00.000Z,ana,complementary,3950619,3283953,approve,pair,,,no,8,0.830769231,,,1,,,,yes
19,2024-11-02T09:18:00.000Z,ana,complementary,3950619,4197532,approve,pair,,,no,9,0.759307692,,1,1,,0.420747176,7.88903951,yes
20,2024-11-02T09:19:00.000Z,ana,complementary,3950619,7481483,reject,pair,,price,no,10,0.667,,1,1,,2.52448306,47.3342371,yes
21,2024-11-03T09:00:00.000Z,ana,complementary,4543212,5209878,approve,pair,,,no,1,2.90033333,,1,1,,0.937752157,12.4738112,yes
22,2024-11-03T09:01:00.000Z,ana,complementary,4543212,9333335,approve,pair,,,no,2,2.65033333,,1,1,,0.937752157,12.4738112,yes
23,2024-11-03T09:02:00.000Z,ana,complementary,4543212,7148150,approve,pair,,,no,3,1.75033333,,1,1,,1.81638599,24.1663822,yes
24,2024-11-03T09:03:00.000Z,ana,complementary,4543212,4197532,approve,pair,,,no,4,0.767,,1,1,,0.860887226,12.2561937,yes
25,2024-11-03T09:04:00.000Z,ana,complementary,4543212,8320989,approve,pair,,,no,5,0.616666667,,,1,,,,yes
26,2024-11-03T09:05:00.000Z,ana,complementary,4543212,3950619,approve,pair,,,no,6,0.583333333,,,1,,,,yes
27,2024-11-03T09:06:00.000Z,ana,complementary,4543212,8827162,approve,pair,,,no,7,0.55,,,1,,,,yes
28,2024-11-03T09:07:00.000Z,ana,complementary,4543212,4617285,approve,pair,,,no,8,0.533333333,,,1,,,,yes
29,2024-11-03T09:08:00.000Z,ana,complementary,4543212,5962964,approve,pair,,,no,9,0.533333333,,,1,,,,yes
30,2024-11-03T09:09:00.000Z,ana,complementary,4543212,7567903,approve,pair,,,no,10,0.4375,,,1,,,,yes
31,2024-11-03T09:10:00.000Z,bob,complementary,5209878,9333335,approve,pair,,,no,1,4.14101754,,2,1,,2.21124221,13.7475469,yes
32,2024-11-03T09:11:00.000Z,bob,complementary,5209878,4543212,approve,pair,,,no,2,2.81831579,,1,1,,0.92694097,14.2202825,yes
33,2024-11-03T09:12:00.000Z,bob,complementary,5209878,2604940,approve,pair,,,no,3,1.78542105,,1,1,,2.74162068,42.6608476,yes
34,2024-11-03T09:13:00.000Z,bob,complementary,5209878,4629632,reject,pair,,taste,no,4,1.06315789,,1,1,,2.74162068,42.6608476,yes
35,2024-11-03T09:14:00.000Z,bob,complementary,5209878,8234569,approve,pair,,,no,5,0.809105263,,1,1,,0.957332477,14.6865213,yes
36,2024-11-03T09:15:00.000Z,bob,complementary,5209878,8320989,approve,pair,,,no,6,0.542105263,,,1,,,,yes
37,2024-11-03T09:16:00.000Z,bob,complementary,5209878,3950619,approve,pair,,,no,7,0.473684211,,,1,,,,yes
38,2024-11-03T09:17:00.000Z,bob,complementary,5209878,3617286,approve,pair,,,no,8,0.434210526,,,1,,,,yes
39,2024-11-03T09:18:00.000Z,bob,complementary,5209878,9086422,reject,pair,,taste,no,9,0.434210526,,,1,,,,yes
40,2024-11-03T09:19:00.000Z,bob,complementary,5209878,2432100,approve,pair,,,no,10,0.426315789,,,1,,,,yes
41,2024-11-04T09:00:00.000Z,bob,complementary,3950619,8234569,approve,pair,,,no,1,2.75964103,,1,1,,2.74162068,42.6608476,yes
42,2024-11-04T09:01:00.000Z,bob,complementary,3950619,8827162,approve,pair,,,no,2,2.58238462,,1,1,,0.92694097,14.2202825,yes
43,2024-11-04T09:02:00.000Z,bob,similar,5209878,9333335,reject,pair,,taste,no,3,0.11924242,,4,1,,0.955504432,4.72617981,yes
END
aisle import verdicts decisions.csv --into shop.aisle
aisle report shop.aisle -o report.html
sed 's/written on [0-9-]*/written on DAY/' report.html
aisle report shop.aisle -o report.html && echo "written again"
