// Checks one record file: readable, well-formed, with a valid id and valid links. Pure.
import { isUtf8 } from 'node:buffer';
import { idOfPath } from '../domain/id.ts';
import { bodyMaxChars, fileMaxBytes, matchesKey, titleMaxChars, type MemoryRecord } from '../domain/record.ts';
import { parsePlainRecord } from '../format/plain-record.ts';
import { lineAt, lineOfKey } from '../format/record-of-data.ts';
import { trimLine, type LintFinding, type LintItem, type Severity } from './lint-finding.ts';

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

export interface Checked {
  record?: MemoryRecord;
  text?: string;
  findings: LintFinding[];
}

const byFix = 'repomem lint --fix mends uncommitted files';

/** Severity, code and cure of each rule. */
const rules = {
  'unseen-name': ['error', 'name', 'rename the file'],
  'windows-name': ['warning', 'name', 'rename the file: letters, digits, - and _'],
  'duplicate-id': ['error', 'duplicate-id', 'give one of the two another name'],
  edited: ['notice', 'edited', 'the reviewer decides; a correction is better a new record that supersedes it'],
  renamed: ['notice', 'renamed', 'the reviewer decides'],
  'too-big': ['error', 'too-big', 'split it or cut it'],
  unreadable: ['error', 'unreadable', 'fetch the missing objects, or check the file’s rights'],
  encoding: ['error', 'encoding', 'save it as UTF-8'],
  bom: ['warning', 'bom', byFix],
  crlf: ['warning', 'crlf', byFix],
  'trailing-space': ['notice', 'trailing-space', byFix],
  'long-title': ['warning', 'long-title', 'move the rest into the first paragraph of the body'],
  'long-body': ['notice', 'long-body', 'cut it: every reader pays for it'],
  'no-title': ['warning', 'no-title', 'write one sentence that says what is to be known'],
  'stray-forgets': ['warning', 'forgets', 'take the line out, or repomem forget ID'],
  'no-forgets': ['error', 'forgets', 'add forgets: [ID], or delete the file'],
  trust: ['warning', 'trust', 'take the line out'],
  folder: ['warning', 'folder', 'move the file'],
  'own-link': ['warning', 'link', 'take the id out'],
  link: ['warning', 'link', 'write the id as the file name ends in it'],
} satisfies Record<string, readonly [Severity, code: string, cure: string]>;

type Say = (rule: keyof typeof rules, reason: string, more?: Partial<LintFinding>) => void;

export async function checkRecord(item: LintItem, blob: string, universe: LintUniverse): Promise<Checked> {
  const findings: LintFinding[] = [];
  const say: Say = (rule, reason, more = {}) => {
    const [severity, code, cure] = rules[rule];
    const isFixable = cure === byFix;
    findings.push({ path: item.path, severity, code, reason, cure, ...more, ...(isFixable && { isFixable }) });
  };
  checkPath(item.path, say);
  checkName(item, blob, universe, say);
  if (item.size > fileMaxBytes) {
    say('too-big', `${item.size} bytes; expected at most ${fileMaxBytes}`);
    return { findings, ...(item.bytes && { text: item.bytes.toString('utf8') }) };
  }
  if (!item.bytes) {
    say('unreadable', 'its content cannot be had');
    return { findings };
  }
  const text = item.bytes.toString('utf8');
  if (!isUtf8(item.bytes)) {
    say('encoding', 'not UTF-8');
    return { findings, text };
  }
  checkBytes(text, say);
  const id = idOfPath(item.path);
  // A commit waits: the library is loaded only for hand-written files.
  const parsed =
    parsePlainRecord(id, text, '') ?? (await import('../format/frontmatter-read.ts')).parseYamlRecord(id, text, '');
  if ('problem' in parsed) {
    const { code, line, reason } = parsed.problem;
    const { path } = item;
    findings.push({ path, severity: 'error', code, reason, cure: cureOf(code), ...(line !== undefined && { line }) });
    return { findings, text };
  }
  checkShape(parsed.record, text, item.path, say);
  checkLinks(parsed.record, text, universe, say);
  return { findings, text, record: parsed.record };
}

function cureOf(code: string): string {
  if (code === 'conflict') return 'keep one side and remove the markers';
  if (code === 'too-big') return rules['too-big'][2];
  return 'mend the line, or delete the file; .claude-mem/README.md lists the types, repomem help format (schema/observation.schema.json in the package) says what may stand there';
}

/** Checks paths for invisible characters, and for names that some systems cannot check out. */
function checkPath(path: string, say: Say): void {
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(path)) say('unseen-name', 'the name holds characters that nobody sees');
  else if (/[<>:"|?*\\]|[. ](?:\/|$)/.test(path)) say('windows-name', 'the name cannot be checked out on Windows');
}

function checkName(item: LintItem, blob: string, { shared, reviewed, reviewedIds }: LintUniverse, say: Say): void {
  const id = idOfPath(item.path);
  const others = shared.get(id) ?? [];
  const other = others.find((path) => path !== item.path);
  if (other !== undefined) say('duplicate-id', `the id ${id} is also that of ${other}`);
  const before = reviewed.get(item.path);
  const was = reviewedIds.get(id);
  if (before !== undefined && before !== blob) say('edited', 'a reviewed record was edited');
  else if (before === undefined && was !== undefined && !others.includes(was))
    say('renamed', `a reviewed record was renamed; it was ${was}`);
}

function checkBytes(text: string, say: Say): void {
  if (text.startsWith('\uFEFF')) say('bom', 'begins with a byte order mark', { line: 1 });
  const carriage = text.indexOf('\r\n');
  if (carriage >= 0) say('crlf', 'lines end in CRLF; expected LF', { line: lineAt(text, carriage) });
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const trailing = lines.findIndex((line) => trimLine(line) !== line);
  if (trailing >= 0) say('trailing-space', 'blanks at the end of a line', { line: trailing + 1 });
}

function checkShape({ title, body, type, forgets, extra }: MemoryRecord, text: string, path: string, say: Say): void {
  const at = (key: string): Partial<LintFinding> => ({ line: lineOfKey(text, key) });
  if (title.length > titleMaxChars)
    say('long-title', `the title has ${title.length} characters; expected at most ${titleMaxChars}`, at('title'));
  if (body.length > bodyMaxChars)
    say('long-body', `the body has ${body.length} characters; about ${bodyMaxChars} are enough`);
  if (!/^title[ \t]*:/m.test(text)) say('no-title', 'has no title', { line: 1 });
  if (type !== 'tombstone' && forgets.length > 0)
    say('stray-forgets', `only a tombstone forgets; this is of type ${type}`, at('forgets'));
  if (type === 'tombstone' && forgets.length === 0) say('no-forgets', 'a tombstone that names no record', { line: 1 });
  const forged = ['trust', 'trusted', 'reviewed'].find((key) => Object.hasOwn(extra, key));
  if (forged !== undefined)
    say('trust', `${forged}: no record can vouch for itself; git says who is trusted`, at(forged));
  const isSession = path.startsWith('.claude-mem/sessions/');
  if ((type === 'session') !== isSession)
    say('folder', `a ${type} stands in ${isSession ? 'sessions' : 'observations'}/`, at('type'));
}

function checkLinks(record: MemoryRecord, text: string, universe: LintUniverse, say: Say): void {
  const links: Record<string, readonly string[]> = {
    supersedes: record.supersedes,
    contradicts: record.contradicts,
    forgets: record.forgets,
    'part-of': record.partOf === undefined ? [] : [record.partOf],
  };
  for (const [key, ids] of Object.entries(links))
    for (const id of ids) {
      const line = lineOfKey(text, key);
      const shown = id.length > 40 ? `${id.slice(0, 39)}…` : id;
      const [there] = universe.shared.get(id) ?? [];
      if (id === record.id) say('own-link', `${key}: the record names itself`, { line });
      else if (there !== undefined) {
        if (key === 'forgets') say('link', `forgets: ${shown} is still there`, { line, cure: `git rm ${there}` });
      } else if (universe.isLocal(id)) {
        const cure = `repomem share ${shown}, or take the id out`;
        if (key !== 'forgets') say('link', `${key}: ${shown} is a local record; nobody else has it`, { line, cure });
      } else {
        // Forgotten before its first commit: the sketch suppresses it.
        const isSketched = key === 'forgets' && record.extra[matchesKey] !== undefined;
        const severity = universe.isShallow ? 'notice' : 'warning';
        if (!isSketched && !universe.wasEver(id))
          say('link', `${key}: no record has the id ${shown}, and none ever had`, { line, severity });
      }
    }
}
