#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The house rules that a compiler does not know: layers, completeness of the lists,
# banned functions, what the core library may reach for, and how sources look.
# Each rule is a function that prints what breaks it, one per line. At the end every rule
# is shown a small tree that breaks it, since a rule that can't fail is worth nothing.
set -u
LC_ALL=C
export LC_ALL
root=${top_srcdir:-.}
build=${top_builddir:-.}
awk=${AWK:-awk}
objdump=${OBJDUMP:-objdump}
lib=$build/libaisle.a

# Folder and layer, as in ARCHITECTURE.md. A file of src/ itself is over all of them.
layers='base 0 math 1 table 1 store 2 near 2 query 3 data 3 learn 3 import 4 synth 4 guess 4 stats 4 vet 4
model 5 ask 6 chart 6
panel 7 suggest 8 view 9 eval 9 export 9 cmd 10 cli 11 tui 11'

# What the core library may reach for all the same, as object:symbol.
# - mem.o: small allocations can't fail.
# - verify.o: ends the process that it forked to read a damaged file.
symbols_allowed='
mem.o:quick_exit
verify.o:_exit
'
# What may be written at file scope below the front ends, as object:symbol, with a reason.
# - blas.o, boost.o: a library is loaded once per process, by whoever needs it first.
# - bound.o: memory is the process's, whoever asks for it.
# - env.o: LMDB allows a file to be opened once per process, whoever asks.
mutable_allowed='
blas.o:lib
boost.o:lib
bound.o:bound
env.o:open_envs
mem.o:said
'

# Files that still wait for their opening sentence, and for a name of their own.
sentence_waiting='^$'
names_waiting='^$'

sources() {	# sources ROOT: every .c and .h of the program, as src/...
	(cd "$1" && find src -name '*.[ch]' | sort)
}

# A folder includes its own files and those of lower layers.
rule_layers() {
	(cd "$1" && sources . | xargs -r "$awk" -v table="$layers" '
	BEGIN {
		n = split(table, word, /[ \n]+/)
		for (i = 1; i < n; i += 2)
			level[word[i]] = word[i + 1]
	}
	FNR == 1 {
		n = split(FILENAME, part, "/")
		folder = n > 2 ? part[2] : ""
		if (folder != "" && !(folder in level))
			print FILENAME ": the folder " folder " has no layer"
	}
	/^[ \t]*#[ \t]*include[ \t]*"/ {
		split($0, quoted, "\"")
		if (quoted[2] == "config.h")
			next
		n = split(quoted[2], part, "/")
		if (n == 1)
			print FILENAME ":" FNR ": includes " quoted[2] " without its folder"
		else if (!(part[1] in level))
			print FILENAME ":" FNR ": includes " quoted[2] " of no layer"
		else if (folder != "" && part[1] != folder && level[part[1]] >= level[folder])
			print FILENAME ":" FNR ": " folder " includes " quoted[2]
	}')
}

# Lists are made behind one door: what panels are made of is known to suggest/ alone.
rule_door() {
	(cd "$1" && grep -n '^#include "\(panel/source\|suggest/door_impl\)\.h"' $(sources .) /dev/null |
		sed 's/:#include "/: includes /; s/"$/, which only the door does/' |
		grep -v -e '^src/panel/' -e '^src/suggest/')
}

# Every source is a word of Makefile.am and every such word is a file.
rule_listed() {
	(
		cd "$1" || exit
		sed 's/#.*//' Makefile.am | tr -s ' \t\\=' '\n\n\n\n' |
			sed -n 's/^\$(srcdir)\///; /^\(src\|tests\)\/.*\.\(c\|h\|def\)$/p' |
			sort -u >"$scratch/listed"
		find src -name '*.[ch]' -o -name '*.def' | sort >"$scratch/there"
		comm -13 "$scratch/listed" "$scratch/there" |
			sed 's/$/: is not listed in Makefile.am/'
		while read -r file; do
			[ -f "$file" ] || echo "$file: is listed in Makefile.am but not there"
		done <"$scratch/listed"
		for test in tests/unit/test_*.c; do
			[ -f "$test" ] || continue
			grep -q "[[:space:]]${test%.c}\([[:space:]]\|\$\)" Makefile.am ||
				echo "$test: is not in unit_tests of Makefile.am"
		done
		# a golden that is not listed is missing from a release, and nobody notices
		for file in tests/cli/*.t tests/cli/*.out tests/*/*.sh tests/*/*.py; do
			[ -f "$file" ] || continue
			grep -q "[[:space:]]$file\([[:space:]]\|\$\)" Makefile.am ||
				echo "$file: is not listed in Makefile.am"
		done
	)
}

# rows ROOT TABLE MACRO PREFIX: every row has its file, every such file its row.
rows() {
	[ -f "$1/src/$2" ] || return 0
	folder=$1/src/${2%/*}
	names=$(sed -n "s/^$3(\([a-z0-9_]*\).*/\1/p" "$1/src/$2")
	[ -n "$names" ] || echo "src/$2: has no row $3(...)"
	for name in $names; do
		[ -f "$folder/$4_$name.c" ] ||
			echo "src/$2: the row $name has no file $4_$name.c"
	done
	for file in "$folder/$4"_*.c; do
		[ -f "$file" ] || continue
		name=${file##*/$4_}
		echo "$names" | grep -qx "${name%.c}" ||
			echo "src/$2: has no row for ${file##*/}"
	done
}

rule_tables() {
	rows "$1" data/datasets.def DATASET ds
	rows "$1" model/models.def MODEL md
	rows "$1" view/views.def VIEW vw
	rows "$1" cmd/cmds.def CMD cmd
	rows "$1" export/exports.def EXPORT ex
}

# Calls of what src/base/banned.h poisons: the compiler sees only what it compiles. Threads
# start in base/thread alone, which leaves them the signals of their faults.
rule_banned() {
	names=$(sed -n 's/^#pragma GCC poison//p' "$root/src/base/banned.h")
	(cd "$1" && sources . | grep -v '^src/base/banned\.h$' |
		xargs -r "$awk" -v names="$names" '
	BEGIN {
		n = split(names, word, /[ \n]+/)
		for (i = 1; i <= n; i++)
			if (word[i] != "")
				banned[word[i]]
	}
	FNR == 1 { comment = 0 }
	{
		line = $0
		gsub(/\\./, "", line)
		gsub(/"[^"]*"/, "\"\"", line)
		if (comment && !sub(/^.*\*\//, "", line))
			next
		comment = 0
		gsub(/\/\*([^*]|\*+[^*\/])*\*+\//, "", line)
		comment = sub(/\/\*.*/, "", line)
		while (match(line, /[A-Za-z_][A-Za-z_0-9]*[ \t]*\(/)) {
			name = substr(line, RSTART, RLENGTH - 1)
			sub(/[ \t]+$/, "", name)
			if (name in banned ||
			    (name == "pthread_create" && FILENAME != "src/base/thread.c"))
				print FILENAME ":" FNR ": calls " name
			line = substr(line, RSTART + RLENGTH)
		}
	}')
}

# The core library knows no terminal, ends no process and prints nothing. What the
# compiler adds (checks of assert and of the stack) is its own.
rule_symbols() {
	"${NM:-nm}" -u "$1" 2>/dev/null | "$awk" -v allowed="$symbols_allowed" '
	BEGIN {
		n = split(allowed, word, /[ \t\n]+/)
		for (i = 1; i <= n; i++)
			ok[word[i]]
	}
	/\.o:$/ { object = $1; sub(/:$/, "", object); sub(/.*\//, "", object); next }
	$1 == "U" {
		name = $2
		sub(/@.*/, "", name)
		if ((object ":" name) in ok)
			next
		if (name ~ /^(_?exit|_Exit|quick_exit|abort|errx?|error|warnx?|verrx?)$/ ||
		    name ~ /^(stdin|stdout|stderr|printf|vprintf|puts|putchar|perror|psignal)$/ ||
		    name ~ /^(__printf_chk|__vprintf_chk|putc_unlocked|putchar_unlocked)$/ ||
		    name ~ /^(stdscr|curscr|newscr|LINES|COLS|acs_map|COLOR_PAIRS?)$/ ||
		    name ~ /^(initscr|newterm|endwin|set_term|delscreen|setupterm|tigetstr|tputs|use_env)$/ ||
		    name ~ /^(_nc_|wadd|wins|wget_wch|wgetch|wrefresh|wnoutrefresh|doupdate|wmove|wattr|wclr|werase|newwin|newpad|mvw|keypad|curs_set|start_color|init_pair)/ ||
		    name ~ /^(rl_|_rl_|readline|add_history|using_history)/)
			print object ": reaches for " name
	}'
}

# No file-scope state that can change. Constant tables of pointers lie in .data.rel.ro.
rule_mutable() {
	"$objdump" -t "$1" 2>/dev/null | "$awk" -v allowed="$mutable_allowed" '
	BEGIN {
		n = split(allowed, word, /[ \t\n]+/)
		for (i = 1; i <= n; i++)
			ok[word[i]]
	}
	/:[ \t]+file format/ { object = $1; sub(/:$/, "", object); next }
	{
		section = ""
		for (i = 2; i <= NF; i++)
			if ($i ~ /^(\.t?(data|bss)|\*COM\*)/) {
				section = $i
				break
			}
		if (section == "" || section ~ /^\.data\.rel\.ro/ || $NF == section)
			next
		if (!((object ":" $NF) in ok))
			print object ": " $NF " can change (" section ")"
	}'
}

rule_licence() {
	(
		cd "$1" || exit
		# never the build folders: what is made there is not ours
		{
			find src tests bench data -type f \( -name '*.[ch]' -o -name '*.def' \
				-o -name '*.sh' -o -name '*.py' \) 2>/dev/null
			find Makefile.am configure.ac quickstart .ci/run tests/unit/run \
				2>/dev/null
		} |
			sort | while read -r file; do
			head -n 3 "$file" |
				grep -q 'SPDX-License-Identifier: GPL-3.0-or-later' ||
				echo "$file: has no SPDX line"
		done
	)
}

# At most 100 columns, tabs of 8; a byte that continues a character takes none.
rule_columns() {
	(cd "$1" && find src tests -name '*.[ch]' | sort | xargs -r "$awk" '
	{
		line = $0
		gsub(/[\200-\277]/, "", line)
		columns = 0
		n = split(line, part, "\t")
		for (i = 1; i <= n; i++) {
			columns += length(part[i])
			if (i < n)
				columns += 8 - columns % 8
		}
		if (columns > 100)
			print FILENAME ":" FNR ": " columns " columns"
	}')
}

# Every .c says in a sentence what it does before it includes anything.
rule_sentence() {
	(cd "$1" && find src -name '*.c' | sort | xargs -r "$awk" -v waiting="$sentence_waiting" '
	FNR == 1 { done = 0; opens = 0; next }
	done || /^[ \t]*$/ { next }
	!opens && /^\/\*/ { opens = 1 }
	opens && /[A-Za-z].*[A-Za-z]/ { done = 1; next }
	opens { next }
	{
		done = 1
		if (!waiting || FILENAME !~ waiting)
			print FILENAME ": does not open with a sentence"
	}')
}

# The name of a file tells it from all others: in messages, stacks and heads.
rule_names() {
	(cd "$1" && sources . | "$awk" -v waiting="$names_waiting" '
	!waiting || $0 !~ waiting {
		n = split($0, part, "/")
		if (part[n] in at)
			print $0 ": " at[part[n]] " has the same name"
		at[part[n]] = $0
	}')
}

# circles MOST: of edges "from to" on stdin those circles that have more than MOST members
# (strongly connected components, Tarjan 1972).
circles() {
	"$awk" -v most="$1" '
	{ out[$1] = out[$1] " " $2; node[$1]; node[$2] }
	function visit(v,	n, i, to, w, size, members) {
		number[v] = low[v] = ++clock
		stack[++top] = v
		on[v] = 1
		n = split(out[v], to, " ")
		for (i = 1; i <= n; i++) {
			w = to[i]
			if (!(w in number)) {
				visit(w)
				if (low[w] < low[v])
					low[v] = low[w]
			} else if (on[w] && number[w] < low[v]) {
				low[v] = number[w]
			}
		}
		if (low[v] != number[v])
			return
		do {
			w = stack[top--]
			on[w] = 0
			members = members " " w
			size++
		} while (w != v)
		if (size > most)
			print size " in a circle:" members
	}
	END {
		for (v in node)
			if (!(v in number))
				visit(v)
	}'
}

rule_include_circles() {
	(cd "$1/src" && find . -name '*.h' | sort | xargs -r "$awk" '
	/^[ \t]*#[ \t]*include[ \t]*"/ {
		split($0, quoted, "\"")
		print substr(FILENAME, 3) " " quoted[2]
	}') | circles 1
}

# Objects of ROOT's sources in BUILD that need each other: at most 5 in a circle.
rule_object_circles() {	# rule_object_circles ROOT BUILD
	# a file that was renamed leaves its object behind
	find "$2/src" -name '*.o' | sort | while read -r object; do
		name=${object##*/}
		name=${name##*-}
		folder=${object%/*}
		[ -f "$1/${folder#"$2/"}/${name%.o}.c" ] && echo "$object"
	done | xargs -r "${NM:-nm}" -A -g 2>/dev/null | "$awk" '
	{
		colon = index($0, ".o:")
		object = substr($0, 1, colon + 1)
		sub(/^.*\/src\//, "", object)
		sub(/[A-Za-z0-9_]*-/, "", object)	# of a program with flags of its own
		n = split(substr($0, colon + 3), word, " ")
		if (word[n - 1] == "U")
			use[++uses] = object " " word[n]
		else if (word[n - 1] ~ /^[TDBRVWCu]$/ && word[n] != "main")
			def[word[n]] = object
	}
	END {
		for (i = 1; i <= uses; i++) {
			split(use[i], one, " ")
			if ((one[2] in def) && def[one[2]] != one[1])
				print one[1] " " def[one[2]]
		}
	}' | sort -u | circles 5
}

# What has a name for all is used by some other object, of the program or of the tests: the
# rest is static, or dead. act_: rows of a table (cmd/keys.def) in their own file.
rule_unshared() {	# rule_unshared ROOT BUILD
	find "$2/src" "$2/tests" "$2/bench" -name '*.o' 2>/dev/null | sort | while read -r object; do
		name=${object##*/}
		name=${name##*-}
		folder=${object%/*}
		[ -f "$1/${folder#"$2/"}/${name%.o}.c" ] && echo "$object"
	done | xargs -r "${NM:-nm}" -A -g 2>/dev/null | "$awk" '
	{
		colon = index($0, ".o:")
		n = split(substr($0, colon + 3), word, " ")
		if (word[n - 1] == "U")
			used[word[n]]
		else if (word[n - 1] ~ /^[TDBRVWC]$/ && $0 !~ /\/src\//)
			used[word[n]]	# a test that is compiled with the file
		else if (word[n - 1] ~ /^[TDBRVWC]$/ && word[n] !~ /^(main$|act_|__)/)
			def[word[n]] = substr($0, 1, colon + 1)
	}
	END {
		for (name in def)
			if (!(name in used)) {
				sub(/^.*\/src\//, "", def[name])
				print def[name] ": nothing else uses " name
			}
	}' | sort
}

# What takes five or more arguments has not found the structs that are really there: of a
# thousand functions at most so many may. A definition starts a line, its brace has one alone.
arguments_most=73
rule_arguments() {
	(cd "$1" && find src -name '*.c' | sort | xargs -r "$awk" -v most="$arguments_most" '
	function wide(head,	n, i, c, depth, commas) {
		for (i = index(head, "("); i <= length(head); i++) {
			c = substr(head, i, 1)
			depth += c == "(" ? 1 : c == ")" ? -1 : 0
			commas += c == "," && depth == 1
			if (!depth)
				break
		}
		return commas >= 4
	}
	FNR == 1 { head = "" }
	/^[A-Za-z_]/ { head = /;[ \t]*$/ ? "" : $0; next }
	/^\{/ {
		if (head ~ /\)[ \t]*$/) {
			all++
			many += wide(head)
		}
		head = ""
		next
	}
	head != "" { head = /;[ \t]*$/ ? "" : head " " $0 }
	END {
		if (many * 1000 > all * most)
			print many " of " all " functions take five arguments or more, over " \
				most " in a thousand"
	}')
}

count=0
report() {	# report NAME VIOLATIONS
	count=$((count + 1))
	if [ -z "$2" ]; then
		echo "ok $count - $1"
	else
		echo "$2" | sed 's/^/# /'
		echo "not ok $count - $1"
	fi
}

# bites NAME WHAT VIOLATIONS: the rule must have said WHAT.
bites() {
	count=$((count + 1))
	if echo "$3" | grep -q "$2"; then
		echo "ok $count - the rule on $1 bites"
	else
		printf '%s\n' "# wanted: $2" "# got: $3" | sed '2,$s/^[^#]/# &/'
		echo "not ok $count - the rule on $1 bites"
	fi
}

scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
echo 1..45

if [ -f "$root/src/base/banned.h" ] && [ -f "$lib" ]; then
	report "includes go down the layers" "$(rule_layers "$root")"
	report "only the door computes a panel" "$(rule_door "$root")"
	report "Makefile.am lists what is there" "$(rule_listed "$root")"
	report "rows of tables have their files" "$(rule_tables "$root")"
	report "no banned functions" "$(rule_banned "$root")"
	report "the core neither prints, exits nor draws" "$(rule_symbols "$lib")"
	if "${NM:-nm}" "$lib" 2>/dev/null | grep -q __asan_; then
		count=$((count + 1))
		echo "ok $count - nothing at file scope can change # SKIP sanitizers add state"
	else
		report "nothing at file scope can change" "$(rule_mutable "$lib")"
	fi
	report "every source has its SPDX line" "$(rule_licence "$root")"
	report "no line is longer than 100 columns" "$(rule_columns "$root")"
	report "every file opens with a sentence" "$(rule_sentence "$root")"
	report "no two files share a name" "$(rule_names "$root")"
	report "few functions take many arguments" "$(rule_arguments "$root")"
	report "no header includes itself" "$(rule_include_circles "$root")"
	report "no circle of objects over 5" "$(rule_object_circles "$root" "$build")"
	report "what has a name for all is used by others" "$(rule_unshared "$root" "$build")"
else
	echo "Bail out! no $root/src or no $lib"
	exit 1
fi

# A tree that breaks every rule once ...
bad=$scratch/bad
mkdir -p "$bad/src/base" "$bad/src/store" "$bad/src/stats" "$bad/src/data" "$bad/src/odd" \
	"$bad/src/view" "$bad/tests/cli" "$bad/tests/unit"
spdx='/* SPDX-License-Identifier: GPL-3.0-or-later */'
{
	echo "$spdx"
	echo '#include "config.h"'
	echo '#include "store/store.h"'
	echo '#include "loose.h"'
	echo '/* strcat(a, b) and'
	echo ' * sprintf() in a comment, */ char *f(void) { return "strtok("; }'
	echo 'int g(char *a, char *b) { return atoi (strcpy(a, b)) + pthread_create(); }'
} >"$bad/src/base/up.c"
echo '#include "guess/other.h"' >"$bad/src/stats/side.c"
echo "$spdx" >"$bad/src/store/store.h"
echo "$spdx" >"$bad/src/odd/odd.c"
for file in base/told.c store/told.c; do
	printf '%s\n/*\n * It says what it does.\n */\n#include "config.h"\n' "$spdx" >"$bad/src/$file"
done
printf '%s\n#include "store/store.h"\n#include "store/two.h"\n' "$spdx" >"$bad/src/store/one.h"
printf '%s\n#include "store/three.h"\n' "$spdx" >"$bad/src/store/two.h"
printf '%s\n#include "store/one.h"\n' "$spdx" >"$bad/src/store/three.h"
printf '%s\n%0101d\n' "$spdx" 0 >"$bad/src/data/ds_extra.c"
printf '%s\nDATASET(one)\n' "$spdx" >"$bad/src/data/datasets.def"
printf '%s\nVIEW(two)\n' "$spdx" >"$bad/src/view/views.def"
printf '%s\n#include "panel/source.h"\n' "$spdx" >"$bad/src/view/vw_two.c"
echo "$spdx" >"$bad/tests/unit/test_lost.c"
echo true >"$bad/tests/cli/lost.t"
cat >"$bad/Makefile.am" <<'END'
# SPDX-License-Identifier: GPL-3.0-or-later
base_files = src/base/up.c src/base/gone.c \
	src/stats/side.c
END
said=$(rule_layers "$bad")
bites "layers: upwards" 'src/base/up.c:3: base includes store/store.h' "$said"
bites "layers: no folder" 'src/base/up.c:4: includes loose.h' "$said"
bites "layers: sideways" 'src/stats/side.c:1: stats includes guess/other.h' "$said"
bites "layers: unknown folder" 'the folder odd has no layer' "$said"
bites "the door" 'src/view/vw_two.c:2: includes panel/source.h' "$(rule_door "$bad")"
said=$(rule_listed "$bad")
bites "lists: missing word" 'src/odd/odd.c: is not listed' "$said"
bites "lists: missing file" 'src/base/gone.c: is listed' "$said"
bites "lists: missing test" 'test_lost.c: is not in unit_tests' "$said"
bites "lists: missing golden" 'tests/cli/lost.t: is not listed' "$said"
said=$(rule_tables "$bad")
bites "tables: missing file" 'the row one has no file ds_one.c' "$said"
bites "tables: missing row" 'has no row for ds_extra.c' "$said"
said=$(rule_banned "$bad")
bites "banned functions" 'src/base/up.c:7: calls atoi' "$said"
bites "banned functions, nested" 'src/base/up.c:7: calls strcpy' "$said"
bites "threads" 'src/base/up.c:7: calls pthread_create' "$said"
report "comments and strings are not calls" "$(echo "$said" | grep -v ':7: calls')"
bites "SPDX lines" 'src/stats/side.c: has no SPDX line' "$(rule_licence "$bad")"
bites "columns" 'src/data/ds_extra.c:2: 101 columns' "$(rule_columns "$bad")"
bites "opening sentences" 'src/base/up.c: does not open' "$(rule_sentence "$bad")"
report "a sentence is seen" "$(rule_sentence "$bad" | grep told)"
printf '%s\n' "$spdx" 'int five(int a, int b,' '	 int c, int d, int e)' '{' '	return a;' '}' \
	'int four(int a, int (*f)(int x, int y), int c, int d)' '{' '	return a;' '}' \
	>"$bad/src/base/wide.c"
bites "many arguments" '^1 of 2 functions take five' "$(rule_arguments "$bad")"
bites "names" 'src/store/told.c: src/base/told.c has the same name' "$(rule_names "$bad")"
said=$(rule_include_circles "$bad")
bites "include circles" '3 in a circle:.* store/two.h' "$said"
report "includes without a circle are none" "$(echo "$said" | grep store/store.h)"

# ... and a library that does what the core must not.
cat >"$bad/bad.c" <<'END'
#include <stdio.h>
#include <stdlib.h>
int counter;
static const char *const fixed[] = {"a", "b"};
const char *bad(int i)
{
	static int calls = 1;
	printf("%d\n", calls++ + counter);
	if (i > 1)
		exit(1);
	return fixed[i];
}
END
if ${CC:-cc} -fPIE -O1 -c "$bad/bad.c" -o "$bad/bad.o" 2>"$bad/log" &&
   ${AR:-ar} cr "$bad/libbad.a" "$bad/bad.o" 2>>"$bad/log"; then
	said=$(rule_symbols "$bad/libbad.a")
	bites "symbols" 'bad.o: reaches for exit' "$said"
	said=$said$(rule_mutable "$bad/libbad.a")
	bites "mutable state" 'bad.o: counter can change' "$said"
	report "constant tables are no state" "$(echo "$said" | grep fixed)"
else
	for name in "symbols" "mutable state" "constant tables"; do
		count=$((count + 1))
		sed 's/^/# /' "$bad/log"
		echo "not ok $count - $name: the compiler failed"
	done
fi

# Six objects that call each other in turn, and five.
ring() {	# ring NAME MEMBERS
	mkdir -p "$bad/ring/src/$1"
	for i in $(seq "$2"); do
		echo "void $1_$((i % $2 + 1))(void); void $1_$i(void) { $1_$((i % $2 + 1))(); }" \
			>"$bad/ring/src/$1/$1_$i.c"
		${CC:-cc} -c "$bad/ring/src/$1/$1_$i.c" -o "$bad/ring/src/$1/$1_$i.o" 2>>"$bad/log" ||
			return 1
	done
}
if ring six 6 && ring five 5; then
	said=$(rule_object_circles "$bad/ring" "$bad/ring")
	bites "object circles" '6 in a circle:.* six/six_1.o' "$said"
	report "five objects may be in a circle" "$(echo "$said" | grep five)"
	echo 'void six_1(void); void lonely(void) { six_1(); }' >"$bad/ring/src/six/lonely.c"
	${CC:-cc} -c "$bad/ring/src/six/lonely.c" -o "$bad/ring/src/six/lonely.o"
	said=$(rule_unshared "$bad/ring" "$bad/ring")
	bites "names for all" 'six/lonely.o: nothing else uses lonely' "$said"
	report "what others use is left alone" "$(echo "$said" | grep five)"
else
	for name in "object circles" "five objects" "names for all" "what others use"; do
		count=$((count + 1))
		sed 's/^/# /' "$bad/log"
		echo "not ok $count - $name: the compiler failed"
	done
fi
