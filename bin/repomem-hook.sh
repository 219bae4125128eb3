#!/bin/sh
# Hook guard for the events that are answered or that start work: `repomem-hook.sh EVENT`, payload on standard input.
# Goes on to Node only where a memory is; otherwise exits 0 at once and prints nothing.
# The flag files it asks: in $XDG_CONFIG_HOME/repomem `auto-init` (make a memory wherever a session starts) and `no-hint`;
# in the git dir's repomem/ `hinted` (the user was told how to start) and `cited` (a path a line that records speak of).
exec 2>/dev/null
bin=${0%/*}
[ "$bin" != "$0" ] || bin=.
[ -r "$bin/repomem-capture.sh" ] || exit 0
case $bin in /*) ;; *) bin=$PWD/$bin ;; esac
. "$bin/repomem-capture.sh"
command -v node >/dev/null || exit 0

if [ -z "$root" ]; then
  [ "${1:-}" = SessionStart ] && [ -n "$bare_top" ] && find_git "$bare_top" || exit 0
  config=${XDG_CONFIG_HOME:-${HOME:-}/.config}/repomem
  if [ ! -e "$config/auto-init" ]; then
    [ ! -e "$common/repomem/hinted" ] && [ ! -e "$config/no-hint" ] || exit 0
  fi
fi

if [ "${1:-}" = PreToolUse ]; then
  [ -s "$private/cited" ] && make_spool || exit 0
  pick_name
  file=$spool/tmp/$name.json
  cat >"$file"
  grep -q -F -f "$private/cited" "$file"
  found=$?
  exec <"$file"
  rm -f "$file"
  [ "$found" = 0 ] || exit 0
fi

exec node "$bin/repomem.js" hook "${1:-}"
