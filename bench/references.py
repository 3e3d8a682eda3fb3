# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of other programs on the protocols of bench/models.py, which prints them.

Per table: (name, the models that are the same method, HR at the table's lengths). None: not
published. That popularity breaks the ties of the counts is concluded from blend:co-purchase=1,
popular=0.001, whose figures across categories are theirs within .001.
"""
REFERENCES = {
    "clicks": (
        ("popularity", ("popular",), (.081, .148, .251)),
        ("popularity in the category", ("popular in category",), (.179, .319, .534)),
        ("session co-count", (), (.318, .471, .632)),
        ("skip-gram, 10 dimensions", ("item2vec", "node2vec", "deepwalk"), (.365, .534, .693)),
        ("cosine of counts, shrink 20", ("itemknn",), (.370, .527, .691)),
        ("EASE, last item", ("ease",), (.367, .516, .672)),
        ("window counts, 1/gap", ("covis", "rules"), (.416, .569, .718)),
        ("directed Markov", (), (.4235, .5725, .720)),
        ("directed walk of two hops", ("walk", "trail"), (.424, .574, .726)),
    ),
    "jewelry": (
        ("popularity", ("popular",), (.000, .004, .014, .108)),
        ("transition x popularity", ("transition",), (.005, .018, .049, .166)),
        ("co-purchase count, then popularity", ("co-purchase",), (.088, .143, .197, .270)),
        ("count + transition prior", (), (.087, .145, .204, .300)),
        ("walk of three hops + prior", ("cowalk",), (.087, .143, .211, .334)),
    ),
    "jewelry across": (
        ("popularity", ("popular",), (.000, .005, .015, .136)),
        ("transition x popularity", ("transition",), (.008, .022, .056, .175)),
        ("co-purchase count, then popularity", ("co-purchase",), (.147, .196, .217, .308)),
        ("count + transition prior", (), (.150, .200, .236, .335)),
        ("walk of three hops + prior", ("cowalk",), (.145, .201, .247, .343)),
    ),
    "hm": (
        ("co-purchase count", ("co-purchase",), (None, None, .049, .111)),
        ("count + prior of leaf categories", (), (None, None, .056, .136)),
    ),
    "hm basket": (
        ("sum of counts", ("co-purchase",), (.111, None)),
    ),
}
