#!/bin/sh
# Hook guard for the events that are answered or that start work: `repomem-hook.sh EVENT`, payload on standard input. Also read with `.`, which
# spares a process: then the arguments are the event and the folder of this file.
# Goes on to Node only where a memory is; otherwise exits 0 at once and prints nothing.
# The flag files it asks: in $XDG_CONFIG_HOME/repomem `auto-init` (make a memory wherever a session starts) and `no-hint`;
# in the git dir's repomem/ `hinted` (the user was told how to start) and `cited` (a path a line that records speak of).
exec 2>/dev/null
event=${1:-} bin=${2:-${0%/*}}
[ "$bin" != "$0" ] || bin=.
case $bin in /*) ;; *) bin=$PWD/$bin ;; esac
[ -r "$bin/repomem-capture.sh" ] || exit 0
set -- "$event" "$bin" walk
. "$bin/repomem-capture.sh"

if [ -z "$root" ]; then
  [ "$event" = SessionStart ] && [ -n "$bare_top" ] && find_git "$bare_top" || exit 0
  config=${XDG_CONFIG_HOME:-${HOME:-}/.config}/repomem
  if [ ! -e "$config/auto-init" ]; then
    [ ! -e "$common/repomem/hinted" ] && [ ! -e "$config/no-hint" ] || exit 0
  fi
fi

# run_node END: Node answers; END follows the payload. Whatever `node` is here, a shim without a version or a broken one, its exit code is not
# the host's business (2 would block a prompt), and what it did not take is kept in the spool. A loader in NODE_OPTIONS has no place in a hook.
run_node() {
  options=${NODE_OPTIONS:-}
  unset NODE_OPTIONS
  # No options for V8: with any of them Node compiles its own modules anew, which takes half as long as it takes to start.
  if [ -n "$payload" ]; then
    printf "%s$1" "$payload" | REPOMEM_NODE_OPTIONS=$options node "$bin/repomem.js" hook "$event"
  else
    # Node reads standard input itself: it knows when a payload is whole, also where the host never closes the pipe.
    REPOMEM_NODE_OPTIONS=$options node "$bin/repomem.js" hook "$event"
  fi
  code=$?
  [ $code -ne 0 ] && [ -n "$root" ] || exit 0
  # A Node that did not start has read nothing.
  [ -n "$payload" ] || payload=$(LC_ALL=C cat)
  case $payload in '{'*) ;; *) payload='' ;; esac
  case $event in SessionStart | UserPromptSubmit | Stop | PreCompact | PostCompact | SessionEnd) [ -z "$payload" ] || keep_event ;; esac
  [ "$event" = SessionStart ] && [ ! -e "$private/node-failed" ] || exit 0
  version=$(node --version) || version=
  case $version in
    *[!0-9v.]*) reason='node does not start here; it needs Node 20.19 or newer' ;;
    v1* | v[2-9].* | v20.[0-9].* | v20.1[0-8].*) reason="it needs Node 20.19 or newer, and node is $version" ;;
    *) reason="node does not start here (exit code $code); it needs Node 20.19 or newer" ;;
  esac
  # Said once, and not at all where that cannot be noted.
  printf '%s\n' "$reason" >"$private/node-failed" || exit 0
  printf '{"systemMessage":"repomem: %s. Until then nothing is told; what happens is kept."}\n' "$reason"
  exit 0
}

[ "$event" = PreToolUse ] || run_node ''

# Before a tool: Node only for a file that a record cites. The list has paths as JSON writes them. The payload is split at its quotes,
# which is fast at any size; a quote inside a value is escaped, so that a word `file_path` is the key itself.
[ -s "$private/cited" ] || exit 0
[ -n "$payload" ] || payload=$(LC_ALL=C cat)
set -f
IFS='"'
path='' seen='' command=''
for word in $payload; do
  case "$seen|$word" in
    "|file_path" | "|notebook_path" | "|path" | "|filePath") seen=key ;;
    "|command" | "|cmd") seen=command ;;
    "key|:"*) seen=value ;;
    "value|"*)
      path=$word
      break
      ;;
    "command|:"*)
      command=${payload#*\"command\":}
      [ "$command" != "$payload" ] || command=${payload#*\"cmd\":}
      break
      ;;
    *) seen='' ;;
  esac
done
# add_path PATH: to $wanted, a line each, from the top and with every folder before it cut off: it may be named through a link or stand in
# another worktree. Node knows which it is.
newline='
'
add_path() {
  rest=${1#./}
  rest=${rest#"${top:-$root}"/}
  case $rest in
    *[!\ -~]* | *\\*) run_node '\n' ;;
    /*) ;;
    *)
      wanted=$wanted$rest$newline
      return
      ;;
  esac
  while :; do
    case $rest in */*) rest=${rest#*/} ;; *) break ;; esac
    wanted=$wanted$rest$newline
  done
}
wanted=
if [ -n "$path" ]; then
  # Escaped, or in a form of Unicode that the list may not have: Node compares.
  add_path "$path"
else
  # Of a shell command, the words that look like paths; what stands behind the command in the payload does no harm.
  IFS=" ;|&<>()=\`'\"\\"
  count=0
  for word in $command; do
    case $word in -* | *://* | /dev/* | *[!\ -~]*) continue ;; */* | *.*) ;; *) continue ;; esac
    add_path "$word"
    count=$((count + 1))
    [ $count -lt 64 ] || break
  done
fi
unset IFS
[ -n "$wanted" ] || exit 0
LC_ALL=C grep -q -x -F "${wanted%"$newline"}" "$private/cited" || exit 0
run_node '\n'
