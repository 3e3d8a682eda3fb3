#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The completions for fish and zsh, asked as the shells themselves ask them: fish by
# `complete -C`, zsh by Ctrl-D in a pseudo terminal of its own.
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
PATH=$(cd "$top_builddir" && pwd)/src:$PATH
LC_ALL=C.UTF-8
HOME=$work
export PATH LC_ALL HOME
unset XDG_CONFIG_HOME XDG_DATA_HOME
files=$(cd "$top_srcdir" && pwd)/data/completions
shop=$(cd "$top_srcdir" && pwd)/data/shop
cd "$work" || exit 1
aisle import -q mkechinov "$shop/events.csv" --products "$shop/products.csv" \
	--into s.aisle || { echo 'Bail out! the shop can not be imported'; exit 1; }
mkdir zsh && cp "$files/_aisle" zsh

cat >ask.zsh <<'END'
zmodload zsh/zpty
zpty shell zsh -f -i
ask() { zpty -w shell "$1" }
read_until() {
	local line
	while zpty -r -m shell line "*$1*"; do print -r -- "$line"; return; done
}
ask 'PS1= ; PS2= ; stty -echo; TERM=vt100; fpath=('$1' $fpath); autoload -Uz compinit; compinit -u -D'
ask 'setopt no_list_beep no_auto_menu; LISTMAX=0; zstyle ":completion:*" list-grouped false'
ask 'bindkey "^I" complete-word; compadd() {
	[[ " $* " == *" -O "* || " $* " == *" -A "* || " $* " == *" -D "* ]] && { builtin compadd "$@"; return }
	local -a found; builtin compadd -O found "$@"; print -rl -- $found >>'$PWD'/found; builtin compadd "$@" }'
ask 'print rea""dy'
read_until ready >/dev/null
zpty -w -n shell "$2"$'\t'
zpty -w -n shell $'\x15'
ask 'print do""ne'
read_until done >/dev/null
zpty -d shell
END

in_fish() {
	fish -N -c "source $files/aisle.fish; complete -C '$1'" 2>&1 | cut -f 1
}

in_zsh() {
	rm -f found
	zsh -f ask.zsh "$work/zsh" "$1"
	sort -u found 2>/dev/null
}

n=0
# has SHELL WORDS LINE: the candidates for LINE have all of WORDS; a word after ! none has.
has() {
	n=$((n + 1))
	command -v "$1" >/dev/null || { echo "ok $n # SKIP $1 is not installed"; return; }
	"in_$1" "$3" >candidates
	for word in $2; do
		case $word in
		!*) grep -qx -e "${word#!}" candidates || continue ;;
		*) ! grep -qx -e "$word" candidates || continue ;;
		esac
		sed 's/^/# /' candidates | head -20
		echo "not ok $n - $1: $3: $word"
		return
	done
	echo "ok $n - $1: $3"
}

cases() {
	has "$1" 'shell show !evaluate' 'aisle sh'
	has "$1" 'pairs product products !similar' 'aisle show p'
	has "$1" '--sort !--user' 'aisle show pairs s.aisle --so'
	has "$1" '--model' 'aisle show similar s.aisle --mod'
	has "$1" '!--model' 'aisle show transitions s.aisle --mod'
	has "$1" 'co-cart co-purchase co-view' 'aisle show pairs s.aisle --relation co-'
	has "$1" 'csv !tsv' 'aisle show pairs s.aisle --format cs'
	has "$1" 'confidence lift lift_low n' 'aisle show pairs s.aisle --sort '
	has "$1" 'mkechinov retailrocket csv' 'aisle import '
	has "$1" '--kiosk' 'aisle explore s.aisle --ki'
}

echo 1..20
cases fish
cases zsh
