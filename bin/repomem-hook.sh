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
command -v node >/dev/null || exit 0

if [ -z "$root" ]; then
  [ "$event" = SessionStart ] && [ -n "$bare_top" ] && find_git "$bare_top" || exit 0
  config=${XDG_CONFIG_HOME:-${HOME:-}/.config}/repomem
  if [ ! -e "$config/auto-init" ]; then
    [ ! -e "$common/repomem/hinted" ] && [ ! -e "$config/no-hint" ] || exit 0
  fi
fi

[ "$event" = PreToolUse ] || exec node "$bin/repomem.js" hook "$event"

# Before a tool: Node only for a file that a record cites. The list has paths as JSON writes them. The payload is split at its quotes,
# which is fast at any size; a quote inside a value is escaped, so that a word `file_path` is the key itself.
[ -s "$private/cited" ] || exit 0
payload=$(LC_ALL=C cat)
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
set --
if [ -n "$path" ]; then
  path=${path#"${top:-$root}"/}
  set -- -e "${path#"${CLAUDE_PROJECT_DIR:-/}"/}"
else
  # Of a shell command, the words that look like paths; what stands behind the command in the payload does no harm.
  IFS=" ;|&<>()=\`'\"\\"
  for word in $command; do
    case $word in -* | *://* | /dev/*) continue ;; */* | *.*) ;; *) continue ;; esac
    word=${word#./}
    word=${word#"${top:-$root}"/}
    set -- "$@" -e "$word"
    [ $# -lt 64 ] || break
  done
fi
unset IFS
[ $# -gt 0 ] || exit 0
LC_ALL=C grep -q -x -F "$@" "$private/cited" || exit 0
exec node "$bin/repomem.js" hook PreToolUse <<END
$payload
END
