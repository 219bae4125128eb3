// Checks one record file: readable, well-formed, with a valid id and valid links. Pure.
import { idOfName } from '../domain/id.ts';
import { bodyMaxChars, fileMaxBytes, matchesKey, titleMaxChars, type MemoryRecord } from '../domain/record.ts';
import { parsePlainRecord } from '../format/plain-record.ts';
import { lineAt, trimLine, type LintFinding, type LintItem, type Severity } from './lint-finding.ts';

export interface LintUniverse {
  /** Id → paths of shared records in the same tree. */
  shared: ReadonlyMap<string, readonly string[]>;
  /** Whether the id is that of a local record on this machine. */
  isLocal(id: string): boolean;
  /** Whether the id is in git's history; called only for links without a target. */
  wasEver(id: string): boolean;
  /** History is truncated: an unknown id may exist in the full history. */
  isShallow: boolean;
  /** Path → blob of reviewed records, and the same by id. */
  reviewed: ReadonlyMap<string, string>;
  reviewedIds: ReadonlyMap<string, string>;
}

interface Checked {
  record?: MemoryRecord;
  text?: string;
  findings: LintFinding[];
}

export async function checkRecord(item: LintItem, blob: string, universe: LintUniverse): Promise<Checked> {
  const findings: LintFinding[] = [];
  const say = (
    severity: Severity,
    code: string,
    reason: string,
    cure: string,
    more: Partial<LintFinding> = {},
  ): void => {
    findings.push({ path: item.path, severity, code, reason, cure, ...more });
  };
  checkPath(item.path, say);
  checkName(item, blob, universe, say);
  if (item.size > fileMaxBytes) {
    say('error', 'too-big', `${item.size} bytes; expected at most ${fileMaxBytes}`, 'split it or cut it');
    return { findings, ...(item.bytes && { text: item.bytes.toString('utf8') }) };
  }
  if (!item.bytes) {
    say('error', 'unreadable', 'its content cannot be had', 'fetch the missing objects, or check the file’s rights');
    return { findings };
  }
  let text: string;
  try {
    text = decoder.decode(item.bytes);
  } catch {
    say('error', 'encoding', 'not UTF-8', 'save it as UTF-8');
    return { findings, text: item.bytes.toString('utf8') };
  }
  checkBytes(text, say);
  const id = idOf(item.path);
  // A commit waits: the library is loaded only for hand-written files.
  const parsed =
    parsePlainRecord(id, text, '') ?? (await import('../format/frontmatter-read.ts')).parseYamlRecord(id, text, '');
  if ('problem' in parsed) {
    const { code, line, reason } = parsed.problem;
    say('error', code, reason, cureOf(code), line === undefined ? {} : { line });
    return { findings, text };
  }
  checkShape(parsed.record, text, item.path, say);
  checkLinks(parsed.record, text, universe, say);
  return { findings, text, record: parsed.record };
}

type Say = (severity: Severity, code: string, reason: string, cure: string, more?: Partial<LintFinding>) => void;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function idOf(path: string): string {
  return idOfName(path.slice(path.lastIndexOf('/') + 1));
}

function cureOf(code: string): string {
  if (code === 'conflict') return 'keep one side and remove the markers';
  if (code === 'too-big') return 'split it or cut it';
  return 'mend the line, or delete the file; .claude-mem/README.md lists the types, repomem help format (schema/observation.schema.json in the package) says what may stand there';
}

/** Checks paths for invisible characters, and for names that some systems cannot check out. */
function checkPath(path: string, say: Say): void {
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(path))
    say('error', 'name', 'the name holds characters that nobody sees', 'rename the file');
  else if (/[<>:"|?*\\]|[. ](?:\/|$)/.test(path))
    say('warning', 'name', 'the name cannot be checked out on Windows', 'rename the file: letters, digits, - and _');
}

function checkName(item: LintItem, blob: string, universe: LintUniverse, say: Say): void {
  const id = idOf(item.path);
  const others = (universe.shared.get(id) ?? []).filter((path) => path !== item.path);
  if (others.length > 0)
    say('error', 'duplicate-id', `the id ${id} is also that of ${others[0] ?? ''}`, 'give one of the two another name');
  const before = universe.reviewed.get(item.path);
  const was = universe.reviewedIds.get(id);
  if (before !== undefined && before !== blob)
    say(
      'notice',
      'edited',
      'a reviewed record was edited',
      'the reviewer decides; a correction is better a new record that supersedes it',
    );
  else if (before === undefined && was !== undefined && !(universe.shared.get(id) ?? []).includes(was))
    say('notice', 'renamed', `a reviewed record was renamed; it was ${was}`, 'the reviewer decides');
}

function checkBytes(text: string, say: Say): void {
  const fix = { isFixable: true };
  const cure = 'repomem lint --fix mends uncommitted files';
  if (text.startsWith('\uFEFF')) say('warning', 'bom', 'begins with a byte order mark', cure, { ...fix, line: 1 });
  const carriage = text.indexOf('\r\n');
  if (carriage >= 0)
    say('warning', 'crlf', 'lines end in CRLF; expected LF', cure, { ...fix, line: lineAt(text, carriage) });
  const trailing = text.split('\n').findIndex((line) => trimLine(line.replace(/\r$/, '')) !== line.replace(/\r$/, ''));
  if (trailing >= 0)
    say('notice', 'trailing-space', 'blanks at the end of a line', cure, { ...fix, line: trailing + 1 });
}

function checkShape(record: MemoryRecord, text: string, path: string, say: Say): void {
  const { title, body, type } = record;
  if (title.length > titleMaxChars)
    say(
      'warning',
      'long-title',
      `the title has ${title.length} characters; expected at most ${titleMaxChars}`,
      'move the rest into the first paragraph of the body',
      {
        line: lineOfKey(text, 'title'),
      },
    );
  if (body.length > bodyMaxChars)
    say(
      'notice',
      'long-body',
      `the body has ${body.length} characters; about ${bodyMaxChars} are enough`,
      'cut it: every reader pays for it',
    );
  if (!/^title[ \t]*:/m.test(text))
    say('warning', 'no-title', 'has no title', 'write one sentence that says what is to be known', { line: 1 });
  if (type !== 'tombstone' && record.forgets.length > 0)
    say(
      'warning',
      'forgets',
      `only a tombstone forgets; this is of type ${type}`,
      'take the line out, or repomem forget ID',
      {
        line: lineOfKey(text, 'forgets'),
      },
    );
  if (type === 'tombstone' && record.forgets.length === 0)
    say('error', 'forgets', 'a tombstone that names no record', 'add forgets: [ID], or delete the file', { line: 1 });
  const forged = ['trust', 'trusted', 'reviewed'].find((key) => Object.hasOwn(record.extra, key));
  if (forged !== undefined)
    say('warning', 'trust', `${forged}: no record can vouch for itself; git says who is trusted`, 'take the line out', {
      line: lineOfKey(text, forged),
    });
  const isSession = path.startsWith('.claude-mem/sessions/');
  if ((type === 'session') !== isSession)
    say('warning', 'folder', `a ${type} stands in ${isSession ? 'sessions' : 'observations'}/`, 'move the file', {
      line: lineOfKey(text, 'type'),
    });
}

function checkLinks(record: MemoryRecord, text: string, universe: LintUniverse, say: Say): void {
  const links: [key: string, ids: readonly string[]][] = [
    ['supersedes', record.supersedes],
    ['contradicts', record.contradicts],
    ['forgets', record.forgets],
    ['part-of', record.partOf === undefined ? [] : [record.partOf]],
  ];
  for (const [key, ids] of links)
    for (const id of ids) {
      const more = { line: lineOfKey(text, key) };
      const shown = id.length > 40 ? `${id.slice(0, 39)}…` : id;
      if (id === record.id) say('warning', 'link', `${key}: the record names itself`, 'take the id out', more);
      else if (universe.shared.has(id)) {
        if (key === 'forgets')
          say(
            'warning',
            'link',
            `forgets: ${shown} is still there`,
            `git rm ${universe.shared.get(id)?.[0] ?? ''}`,
            more,
          );
      } else if (universe.isLocal(id)) {
        if (key !== 'forgets')
          say(
            'warning',
            'link',
            `${key}: ${shown} is a local record; nobody else has it`,
            `repomem share ${shown}, or take the id out`,
            more,
          );
      } else if (key === 'forgets' && record.extra[matchesKey] !== undefined) {
        // Forgotten before its first commit: the sketch suppresses it.
      } else if (!universe.wasEver(id))
        say(
          universe.isShallow ? 'notice' : 'warning',
          'link',
          `${key}: no record has the id ${shown}, and none ever had`,
          'write the id as the file name ends in it',
          more,
        );
    }
}

function lineOfKey(text: string, key: string): number {
  const at = text.search(new RegExp(`^["']?${key}["']?[ \\t]*:`, 'm'));
  return at < 0 ? 1 : lineAt(text, at);
}
