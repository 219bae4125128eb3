// The shell lines in git's hooks. Pure. They do nothing without the program or a memory.
export type HookName = 'pre-commit' | 'commit-msg' | typeof guardName;

/**
 * Git runs this hook when it writes the index, as it does before pre-commit. Other programs rarely use it, so it survives when they write
 * pre-commit anew, and puts our lines back before the commit that would miss them.
 */
export const guardName = 'post-index-change';

const opening = '# >>> repomem';
const closing = '# <<< repomem';

/** Exit code of `repomem git-hook` when a commit must stop; any other failure is our own and does not block the commit. */
export const refusalCode = 9;

/** `prefix`: `.claude-mem/`, relative to the top of the working tree. The result ends in a newline. */
export function hookBlock(name: HookName, prefix: string): string {
  const lines = { 'pre-commit': preCommit, 'commit-msg': commitMessage, [guardName]: guard }[name](prefix);
  // What stands above may have failed as the last command of its script.
  const failed = '[ $? -eq 0 ] || exit 1';
  return [`${opening}: repomem install-git-hooks --undo takes these lines out`, failed, ...lines, closing, ''].join(
    '\n',
  );
}

function preCommit(prefix: string): string[] {
  return [
    `if [ -f ${quote(`${prefix}settings.yaml`)} ]; then`,
    ...callProgram('pre-commit', prefix, `[ $? -ne ${refusalCode} ] || exit 1`),
    'fi',
  ];
}

function callProgram(name: HookName, prefix: string, failed: string): string[] {
  const root = prefix.slice(0, -'.claude-mem/'.length) || '.';
  return [
    '  repomem_js=${XDG_DATA_HOME:-${HOME:-}/.local/share}/repomem/marketplace/repomem/bin/repomem.js',
    '  if [ -f "$repomem_js" ] && command -v node >/dev/null 2>&1; then',
    `    (cd ${quote(root)} && exec node "$repomem_js" git-hook ${name}) || ${failed}`,
    '  elif command -v repomem >/dev/null 2>&1; then',
    `    (cd ${quote(root)} && exec repomem git-hook ${name}) || ${failed}`,
    '  fi',
  ];
}

/** Starts no process while the lines are in their place: git writes its index often. */
function guard(prefix: string): string[] {
  return [
    'repomem_is_run=',
    'for repomem_hook in "${0%/*}/pre-commit" "${0%/*}/pre-commit.legacy"; do',
    '  [ -z "$repomem_is_run" ] && [ -f "$repomem_hook" ] || continue',
    '  while IFS= read -r repomem_line; do',
    `    case $repomem_line in '${opening}'*) repomem_is_run=1; break ;; esac`,
    '  done < "$repomem_hook"',
    'done',
    `if [ -z "$repomem_is_run" ] && [ -f ${quote(`${prefix}settings.yaml`)} ]; then`,
    ...callProgram(guardName, prefix, ':'),
    'fi',
  ];
}

/** Keeps an empty message empty, so that git still rejects it. Adds no trailer to merges: their commits have them. */
function commitMessage(prefix: string): string[] {
  return [
    `if [ -f ${quote(`${prefix}settings.yaml`)} ] && grep -q '^[^#]' "$1" && ! git rev-parse -q --verify MERGE_HEAD >/dev/null; then`,
    `  git diff --cached --name-only --no-renames --diff-filter=A -- ${quote(`${prefix}observations`)} |`,
    "    sed -n 's/.*[-/]\\([0-9b-df-hj-np-tv-z]\\{8\\}\\)\\.md$/\\1/p' | head -n 20 |",
    '    while read -r repomem_id; do',
    '      git interpret-trailers --in-place --if-exists addIfDifferent --trailer "Memory: $repomem_id" "$1" || :',
    '    done',
    'fi',
  ];
}

/** Whether the file contains only our lines, below its first line. */
export function isOurs(text: string): boolean {
  return hasBlock(text) && /^(?:#!.*)?\s*$/.test(removeBlock(text));
}

/** Inserts after the first line, for scripts that exit early; removeBlock restores the original bytes. */
export function insertBlock(text: string, block: string): string {
  const start = text.startsWith('#!') ? text.indexOf('\n') + 1 : 0;
  return `${text.slice(0, start)}\n${block}${text.slice(start)}`;
}

/** Always adds one newline before the block: removeBlock restores the original bytes. */
export function addBlock(text: string, block: string): string {
  return `${text}\n${block}`;
}

export function hasBlock(text: string): boolean {
  return text.includes(`\n${opening}`) && text.includes(`\n${closing}`);
}

export function removeBlock(text: string): string {
  const start = text.indexOf(`\n${opening}`);
  const end = text.indexOf(`\n${closing}\n`, start);
  if (start === -1 || end === -1) return text;
  return text.slice(0, start) + text.slice(end + closing.length + 2);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
