/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The category tree. A category id is a node; its code "a.b.c" is its path and
 * the prefixes of codes are inner nodes, named by their path. The node of a code
 * that one id has is that id's node; where several ids share a code each is a
 * leaf below it. Ids without a code hang below "(no code)", or where records say
 * its parent or name, below that parent.
 */
#include "config.h"

#include "import/category_tree.h"

#include <stdlib.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/sort.h"
#include "base/utf8.h"

#define NO_CODE STR("(no code)")
#define PART '\3'	/* between the parts of a clean code: no name has it */
#define SHORT_ID 9
/* A leaf that shares its code needs one level more. */
#define CODE_LEVELS (CATALOG_LEVELS - 1)

/* Nodes in the order they are met, parents first. */
struct growing {
	const struct seen *seen;
	char separator;
	struct arena *arena;
	struct map *paths;	/* code prefix -> path node */
	struct map *codes;	/* full code -> number in `shared` */
	uint32_t *shared;	/* ids that have the code */
	size_t cap_shared;
	struct tree_node *node;
	size_t n, cap;
	uint32_t *of_path;	/* (paths): node */
	size_t cap_path;
	bool edges;		/* records say parents or names */
	uint32_t too_deep;
};

static uint32_t add_node(struct growing *g, uint32_t parent, struct str name,
			 struct str path)
{
	MEM_GROW(g->node, g->cap, g->n + 1);
	g->node[g->n] = (struct tree_node){
		.name = name,
		.path = path,
		.parent = parent,
		.depth = parent == CATALOG_NONE ? 0
			: (uint8_t)(g->node[parent].depth + 1),
	};
	return (uint32_t)g->n++;
}

/* Sanitised, without empty parts: "a..b." is "a.b". A path that a list of products parts by
 * PATH_JOINT has dots in its names. */
static struct str clean_code(struct growing *g, struct str code)
{
	char separator = str_chr(code, PATH_JOINT) == SIZE_MAX ? g->separator : PATH_JOINT;
	STRBUF(out);
	struct str part;

	while (str_next(&code, separator, &part)) {
		STRBUF(clean);
		struct str name;

		sanitize(&clean, part, SANITIZE_LINE);
		name = str_trim(strbuf_str(&clean));
		if (!name.len)
			continue;
		if (out.len)
			strbuf_addc(&out, PART);
		strbuf_add(&out, name);
	}
	return arena_str(g->arena, strbuf_str(&out));
}

/* A clean code as people read it. */
static struct str shown(struct growing *g, struct str code)
{
	STRBUF(out);

	strbuf_add(&out, code);
	for (size_t i = 0; i < out.len; i++)
		if (out.ptr[i] == PART)
			out.ptr[i] = '.';
	return arena_str(g->arena, strbuf_str(&out));
}

/* The code of a category: what its records say, or its key when it has no id. */
static struct str code_of(struct growing *g, uint32_t rank)
{
	struct str key = ids_text(&g->seen->id[ID_CATEGORY], rank);
	uint32_t path = g->seen->category[rank].fact[CATEGORY_PATH].value;

	if (key.len && key.ptr[0] == '\1')
		return clean_code(g, str_span(key.ptr + 1, key.len - 1));
	if (path == MAP_NONE)
		return STR("");
	return clean_code(g, ids_text(&g->seen->id[ID_PATH], path));
}

/* The node of a code, made with those above it, or CATALOG_NONE when memory is out.
 * Parts beyond CODE_LEVELS stay in the last one. */
static uint32_t path_node(struct growing *g, struct str code, struct err *err)
{
	uint32_t parent = CATALOG_NONE;
	size_t begin = 0;

	for (unsigned level = 1;; level++) {
		struct str rest = {code.ptr + begin, code.len - begin};
		size_t dot = level < CODE_LEVELS ? str_chr(rest, PART) : SIZE_MAX;
		size_t end = dot == SIZE_MAX ? code.len : begin + dot;
		struct str prefix = {code.ptr, end};
		uint32_t known = map_count(g->paths);
		uint32_t path = map_intern(g->paths, prefix, err);

		if (path == MAP_NONE)
			return CATALOG_NONE;
		MEM_GROW(g->of_path, g->cap_path, path + 1);
		if (path == known)
			g->of_path[path] = add_node(g, parent,
				shown(g, str_span(code.ptr + begin, end - begin)),
				shown(g, prefix));
		parent = g->of_path[path];
		if (end == code.len)
			return parent;
		begin = end + 1;
	}
}

/* The end of an id, not from the middle of a character. */
static struct str short_id(struct str id)
{
	size_t skip = id.len > SHORT_ID ? id.len - SHORT_ID : 0;

	while (skip && ((unsigned char)id.ptr[skip] & 0xc0) == 0x80)
		skip--;
	return str_span(id.ptr + skip, id.len - skip);
}

/* A leaf for an id below the node of its code or of "(no code)". */
static uint32_t add_leaf(struct growing *g, uint32_t parent, struct str id)
{
	struct str above = g->node[parent].path, name;
	STRBUF(clean);
	uint32_t node;

	sanitize(&clean, short_id(id), SANITIZE_LINE);
	if (str_eq(above, NO_CODE))
		name = arena_printf(g->arena, "#%s", strbuf_c(&clean));
	else
		name = arena_printf(g->arena, "%.*s #%s", STR_ARG(g->node[parent].name),
				    strbuf_c(&clean));
	node = add_node(g, parent, name, arena_printf(g->arena, "%.*s.%.*s",
						      STR_ARG(above), STR_ARG(name)));
	g->node[node].id = id;
	if (!str_eq(above, NO_CODE))
		g->node[node].label = g->node[parent].name;
	return node;
}

/* Is its place told by a parent and not by a code? */
static bool by_edge(const struct growing *g, uint32_t rank)
{
	return g->edges &&
		g->seen->category[rank].fact[CATEGORY_PATH].value == MAP_NONE &&
		ids_text(&g->seen->id[ID_CATEGORY], rank).ptr[0] != '\1';
}

/* Clean codes, how many ids share each, and the nodes of their paths. */
static bool count_codes(struct growing *g, struct str *code, struct err *err)
{
	const struct ids *ids = &g->seen->id[ID_CATEGORY];

	for (uint32_t i = 0; i < ids->n; i++) {
		uint32_t known = map_count(g->codes), number;

		if (by_edge(g, i))
			continue;
		code[i] = code_of(g, i);
		number = map_intern(g->codes, code[i], err);
		if (number == MAP_NONE ||
		    path_node(g, code[i].len ? code[i] : NO_CODE, err) == CATALOG_NONE)
			return false;
		MEM_GROW(g->shared, g->cap_shared, number + 1);
		if (number == known)
			g->shared[number] = 0;
		g->shared[number] += ids_text(ids, i).ptr[0] != '\1';
	}
	return true;
}

/* Every path is known by now. */
static void place_ids(struct growing *g, const struct str *code, uint32_t *of)
{
	const struct ids *ids = &g->seen->id[ID_CATEGORY];

	for (uint32_t i = 0; i < ids->n; i++) {
		struct str id = ids_text(ids, i);
		uint32_t node;
		bool alone;

		if (by_edge(g, i))
			continue;
		node = path_node(g, code[i].len ? code[i] : NO_CODE, NULL);
		alone = g->shared[map_find(g->codes, code[i])] == 1;
		of[i] = node;
		if (id.ptr[0] == '\1')
			continue;
		if (code[i].len && alone)
			g->node[node].id = id;
		else
			of[i] = add_leaf(g, node, id);
	}
}

/* A category whose parent has its node already; above the deepest level there is
 * room below the parent, there it stands beside it. */
static uint32_t edge_node(struct growing *g, uint32_t rank, uint32_t parent)
{
	struct str id = ids_text(&g->seen->id[ID_CATEGORY], rank), path;
	uint32_t told = g->seen->category[rank].fact[CATEGORY_NAME].value, node;
	STRBUF(name);

	if (parent != CATALOG_NONE && g->node[parent].depth + 1 >= CATALOG_LEVELS) {
		parent = g->node[parent].parent;
		g->too_deep++;
	}
	sanitize(&name, told == MAP_NONE ? id : ids_text(&g->seen->id[ID_PATH], told),
		 SANITIZE_LINE);
	path = parent == CATALOG_NONE ? arena_str(g->arena, strbuf_str(&name))
		: arena_printf(g->arena, "%.*s.%s", STR_ARG(g->node[parent].path),
			       strbuf_c(&name));
	node = add_node(g, parent, arena_str(g->arena, strbuf_str(&name)), path);
	g->node[node].id = id;
	g->node[node].label = told != MAP_NONE ? g->node[node].name
		: arena_printf(g->arena, "category %s", strbuf_c(&name));
	return node;
}

/* Parents first: the way up is kept and walked down again. */
static bool place_edges(struct growing *g, uint32_t *of, struct job *job, struct err *err)
{
	uint32_t n = g->seen->id[ID_CATEGORY].n, depth = 0;
	SCOPED_FREE uint32_t *up = mem_big(n, sizeof *up, "categories", err);
	SCOPED_FREE uint32_t *way = mem_big(n, sizeof *way, "categories", err);

	if (!up || !way || !category_edges(g->seen, up, job, err))
		return false;
	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t at = i; at != MAP_NONE && of[at] == CATALOG_NONE;
		     at = up[at])
			way[depth++] = at;
		while (depth > 0) {
			uint32_t at = way[--depth];

			of[at] = edge_node(g, at, up[at] == MAP_NONE ? CATALOG_NONE
					   : of[up[at]]);
		}
	}
	if (g->too_deep)
		job_notice(job, "category tree: %u categories are deeper than %u "
			   "levels; they stand at the last one", g->too_deep,
			   CATALOG_LEVELS);
	return true;
}

/* Is there a record of a category's own or an edge? */
static bool has_edges(const struct seen *s)
{
	for (uint32_t i = 0; i < s->id[ID_CATEGORY].n; i++)
		if (s->category[i].own ||
		    s->category[i].fact[CATEGORY_NAME].value != MAP_NONE ||
		    s->category[i].fact[CATEGORY_PARENT].value != MAP_NONE)
			return true;
	return false;
}

/* Inner nodes are known by their path; dots in front part a path from what has the
 * same text as its id. */
static bool name_inner(struct growing *g, struct err *err)
{
	SCOPED(map) inner = map_create();

	for (size_t i = 0; i < g->n; i++) {
		struct tree_node *node = &g->node[i];

		if (!node->label.len && !str_eq(node->path, NO_CODE) &&
		    !(node->parent != CATALOG_NONE &&
		      str_eq(g->node[node->parent].path, NO_CODE)))
			node->label = node->name;
		if (node->id.len)
			continue;
		node->id = node->path;
		while (ids_find(&g->seen->id[ID_CATEGORY], node->id) != UINT32_MAX ||
		       map_find(inner, node->id) != MAP_NONE)
			node->id = arena_printf(g->arena, ".%.*s", STR_ARG(node->id));
		if (map_intern(inner, node->id, err) == MAP_NONE)
			return false;
	}
	return true;
}

static struct str key_text(const void *ctx, uint32_t i)
{
	return ((const struct str *)ctx)[i];
}

/* Sort keys: each level's name and id, closed by bytes that no name has, so that
 * a node comes before what is below it and siblings go by name, then id. What
 * says the least of its products, "(no code)", comes after all that have a name. */
static struct str *sort_keys(struct growing *g)
{
	struct str *key = arena_alloc(g->arena, (g->n + 1) * sizeof *key);

	for (size_t i = 0; i < g->n; i++) {
		const struct tree_node *node = &g->node[i];
		struct str above = node->parent == CATALOG_NONE ? STR("")
			: key[node->parent];

		key[i] = arena_printf(g->arena, "%.*s%s%.*s\2%.*s\1", STR_ARG(above),
				      str_eq(node->path, NO_CODE) ? "\377" : "",
				      STR_ARG(node->name), STR_ARG(node->id));
	}
	return key;
}

static bool order_nodes(struct growing *g, struct category_tree *tree, struct err *err)
{
	uint32_t n = (uint32_t)g->n;
	SCOPED_FREE uint32_t *order = mem_alloc((g->n + 1) * sizeof *order);
	SCOPED_FREE uint32_t *place = mem_alloc((g->n + 1) * sizeof *place);

	if (!sort_texts(order, n, key_text, sort_keys(g), NULL, err))
		return false;
	tree->node = mem_alloc((g->n + 1) * sizeof *tree->node);
	for (uint32_t i = 0; i < n; i++) {
		struct tree_node *node = &tree->node[i];

		*node = g->node[order[i]];
		place[order[i]] = i;
		if (node->parent != CATALOG_NONE)
			node->parent = place[node->parent];
		node->end = i + 1;
	}
	for (uint32_t i = n; i-- > 0;) {
		uint32_t parent = tree->node[i].parent;

		if (parent != CATALOG_NONE && tree->node[parent].end < tree->node[i].end)
			tree->node[parent].end = tree->node[i].end;
	}
	for (uint32_t i = 0; i < g->seen->id[ID_CATEGORY].n; i++)
		tree->of[i] = place[tree->of[i]];
	tree->n = n;
	return true;
}

bool category_tree_grow(struct category_tree *t, const struct seen *s, char path_separator,
			struct job *job, struct err *err)
{
	uint32_t n = s->id[ID_CATEGORY].n;
	SCOPED(map) paths = map_create();
	SCOPED(map) codes = map_create();
	SCOPED_FREE struct str *code = mem_alloc((n + 1) * sizeof *code);
	struct growing g = {
		.seen = s,
		.separator = path_separator ? path_separator : '.',
		.paths = paths,
		.codes = codes,
	};
	bool ok;

	t->arena = g.arena = arena_create();
	t->of = mem_alloc((n + 1) * sizeof *t->of);
	g.edges = has_edges(s);
	for (uint32_t i = 0; i < n; i++)
		t->of[i] = CATALOG_NONE;
	ok = count_codes(&g, code, err);
	if (ok)
		place_ids(&g, code, t->of);
	ok = ok && (!g.edges || place_edges(&g, t->of, job, err)) && name_inner(&g, err) &&
		order_nodes(&g, t, err);
	free(g.node);
	free(g.shared);
	free(g.of_path);
	return ok;
}

void category_tree_finish(struct category_tree *t)
{
	free(t->node);
	free(t->of);
	arena_destroy(t->arena);
	*t = (struct category_tree){0};
}
