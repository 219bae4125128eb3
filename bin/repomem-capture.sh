#!/bin/sh
# Hook guard for PostToolUse, PostToolUseFailure and SubagentStop: keeps the payload on standard input as one file in the spool.
# The agent waits for this: shell builtins, and one `cat` when an event is really stored. Prints nothing, always exits 0.
# Run by its name or read with `.`. repomem-hook.sh reads it too, with `walk` as its third argument, for the walk to the memory alone;
# src/store/locate.ts does the same walk in Node.
umask 077
exec 2>/dev/null
trap 'exit 0' 0
[ -z "${REPOMEM_CHILD:-}" ] || exit 0

# read_text FILE: a small file in $text without white space at its end; a path may hold line breaks.
read_text() {
  text=
  while IFS= read -r line || [ -n "$line" ]; do
    text="$text${text:+
}$line"
    [ ${#text} -lt 8192 ] || break
  done <"$1" || return
  text=${text%"${text##*[![:space:]]}"}
}

# find_git TOP: sets $common (git's folder that all worktrees share) and $key (this worktree's name in the spool); fails without a usable git dir.
find_git() {
  common='' key=main
  if [ -d "$1/.git" ]; then
    git_dir=$1/.git
  else
    read_text "$1/.git" || return 1
    git_dir=${text#gitdir: }
    [ "$git_dir" != "$text" ] || return 1
    case $git_dir in '') return 1 ;; /*) ;; *) git_dir=$1/$git_dir ;; esac
    [ -d "$git_dir" ] || return 1
  fi
  common=$git_dir
  [ -f "$git_dir/commondir" ] || return 0
  read_text "$git_dir/commondir" || return 0
  case $text in '') return 0 ;; /*) common=$text ;; *) common=$git_dir/$text ;; esac
  while :; do case $git_dir in */) git_dir=${git_dir%/} ;; *) break ;; esac done
  key=wt-${git_dir##*/}
  [ -d "$common" ]
}

# find_place START: walks up to the first .git; sets $root (holds .claude-mem) and $top (holds .git), each empty when there is none.
find_place() {
  root='' top=''
  cd -P "$1" || return 1
  at=$PWD
  [ -d "$at" ] || return 1
  while :; do
    case $at in /?*) ;; *) break ;; esac
    [ "$at" != "${HOME:-}" ] && [ ! "$at" -ef "${HOME:-/}" ] || break
    if [ -z "$root" ] && [ -f "$at/.claude-mem/settings.yaml" ]; then
      # Never through a link: a clone could point it anywhere.
      [ -L "$at/.claude-mem/settings.yaml" ] || [ -L "$at/.claude-mem" ] || root=$at
    fi
    if [ -e "$at/.git" ] || [ -L "$at/.git" ]; then
      top=$at
      break
    fi
    at=${at%/*}
  done
  [ -n "$root" ]
}

# An event belongs to the project of its session, wherever the shell happens to stand: the folder where the session began, as the host's
# variable names it. Without one our working directory, else the payload's. $payload: set when it had to be read for that.
# $bare_top: the repository without a memory that the session belongs to.
start='' payload='' bare_top=''
for told in "${CLAUDE_PROJECT_DIR:-}" "${GEMINI_PROJECT_DIR:-}" "${CURSOR_PROJECT_DIR:-}"; do
  case $told in /*) [ -d "$told" ] && start=$told && break ;; esac
done
if [ -z "$start" ] && ! find_place .; then
  bare_top=$top
  payload=$(LC_ALL=C cat)
  # Split at its quotes, which is fast at any size.
  set -f
  IFS='"'
  word='' seen=''
  for word in $payload; do
    case "$seen|$word" in
      "|cwd") seen=key ;;
      "key|:" | "key|: ") seen=value ;;
      "value|"*)
        start=$word
        break
        ;;
      *) seen='' ;;
    esac
  done
  unset IFS
  set +f
  case $start in *\\* | [!/]*) start= ;; esac
  [ -z "$start" ] || find_place "$start" || bare_top=${bare_top:-$top}
elif [ -n "$start" ]; then
  find_place "$start" || bare_top=$top
fi

if [ -n "$root" ]; then
  if [ -n "$top" ] && find_git "$top"; then
    private=$common/repomem
  else
    key=main
    private=$root/.claude-mem/local/.repomem
  fi
  spool=$private/spool/$key
fi

# make_spool: the folders, where missing. Without git the spool stands in the working tree: there it ignores itself.
make_spool() {
  [ -d "$spool/tmp" ] && [ -d "$spool/new" ] && return
  mkdir -p "$spool/tmp" "$spool/new" || return
  case $private in
    "$root"/.claude-mem/local/*)
      [ -e "$root/.claude-mem/local/.gitignore" ] || printf '*\n' >"$root/.claude-mem/local/.gitignore"
      ;;
  esac
}

# pick_name: a name that nobody else has, without a process of its own; the kernel's where it gives one.
pick_name() {
  name=''
  [ ! -r /proc/sys/kernel/random/uuid ] || IFS= read -r name </proc/sys/kernel/random/uuid
  [ -n "$name" ] && return
  count=0
  while :; do
    name=$PPID-$$-${RANDOM:-0}-$count
    [ -e "$spool/tmp/$name.json" ] || [ -e "$spool/new/$name.json" ] || return 0
    count=$((count + 1))
  done
}

# not_kept: counts an event that could not be stored; where the git dir takes nothing, in the user's cache folder.
not_kept() {
  [ -d "$spool" ] && printf . >>"$spool/dropped" && return
  lost=${XDG_CACHE_HOME:-${HOME:-}/.cache}/repomem
  [ -d "$lost" ] || mkdir -p -m 700 "$lost" || return
  printf '%s\n' "$private" >>"$lost/lost"
}

# keep_event: stores $payload, or standard input where nothing was read of it, as one file of the spool.
keep_event() {
  if [ -e "$spool/full" ] || ! make_spool; then
    not_kept
    return
  fi
  pick_name
  # The agent whose event this is, where its hook file names it (hostOf in src/capture/spool.ts).
  case ${REPOMEM_AGENT:-} in '' | *[!a-z-]*) ;; *) name=$name.$REPOMEM_AGENT ;; esac
  # Whole once it ends in this white space, which JSON ignores and nobody else writes: the shell does that itself, where a rename would cost a
  # process more than the rest. The compressor renames it (src/capture/spool.ts). In the C locale `cat` reads no tables of letters.
  file=$spool/tmp/$name.json
  if if [ -n "$payload" ]; then printf '%s' "$payload"; else LC_ALL=C cat; fi >"$file"; then
    if [ ! -s "$file" ]; then
      rm -f "$file"
      return
    fi
    printf '\t\r \n' >>"$file" && return
  fi
  [ ! -e "$file" ] || rm -f "$file"
  not_kept
}

[ "${3:-}" != walk ] || return 0

[ -n "$root" ] || exit 0
keep_event
exit 0
