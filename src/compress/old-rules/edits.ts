// Facts that edits show: what a file newly defines, which tests it gained, what comments and messages in it say,
// which line took the place of which, and what was tried and taken back.
import type { EditEvent, Event } from '../../domain/event.ts';
import { plainText, splitSentences } from './sentences.ts';
import { clip, containment, stemsOf } from './words.ts';

export interface EditFact {
  at: number;
  path: string;
  text: string;
  kind: 'defines' | 'tests' | 'comment' | 'message' | 'replaced' | 'reverted' | 'values';
}

const definition =
  /^\s*(?:export\s+)?(?:default\s+)?(?:pub(?:\([\w:]+\))?\s+)?(?:public\s+|private\s+|protected\s+|static\s+|abstract\s+|final\s+|async\s+|unsafe\s+)*(?:def|defp|defmacrop?|defmodule|fn|func|fun|function\*?|class|interface|trait|struct|enum|type|module|record|protocol|impl|object|macro_rules!|CREATE TABLE|create_table)\s+(?:\([^)]*\)\s*)?["':]?([\w.:?!]+)/;
const arrow = /^\s*(?:export\s+)?(?:const|let|var)\s+(\w+)\s*(?::[^=]+)?=\s*(?:async\s*)?(?:\([^)]*\)|\w+)\s*=>/;
const shellFunction = /^\s*(?:function\s+)?([A-Za-z_][\w-]*)\s*\(\)\s*\{/;
const attribute =
  /^\s*(@[a-z]\w+)\s+(?!\()\S|^\s*(?:export\s+)?(?:const|static|final|val)\s+(?:\w+\s+)*([A-Z][A-Z0-9_]{3,})\b/;
const test =
  /^\s*(?:test|it|specify|scenario|example|describe|context)(?:\.\w+)?\s*\(?\s*(["'`])((?:(?!\1).){4,120})\1|^\s*(?:async\s+)?(?:def|func|fn|void|public void|fun)\s+(test_?\w+|Test\w+|`[^`]+`)/;
const comment = /^\s*(?:\/\/+!?|#+(?!\{|!|\[)|--|;;+|%+|\*|\/\*+|"""|'''|<!--)\s*(.+?)\s*(?:\*\/|-->|"""|''')?\s*$/;
const named =
  /\b[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+\b|\b[xX]-[\w-]{4,}\b|--[a-z][\w-]{3,}|(?<=["'])(?:[a-z]\w*(?:[._][a-z]\w+)+|\/(?:[a-z][\w-]*\/)+[\w:-]+)(?=["'])/g;
const notNames = new Set([
  'test',
  'describe',
  'it',
  'setup',
  'initialize',
  'constructor',
  'main',
  '@moduledoc',
  '@doc',
  '@spec',
  '@impl',
  '@type',
  '@override',
  '@param',
]);

const isTestPath = (path: string): boolean => /(?:^|[/_.-])(?:tests?|specs?|__tests__)(?:[/_.-]|$)/i.test(path);
const isProse = (path: string): boolean => /\.(?:md|mdx|txt|rst|adoc)$/i.test(path);

function definedIn(line: string): string | undefined {
  const match = definition.exec(line) ?? arrow.exec(line) ?? shellFunction.exec(line) ?? attribute.exec(line);
  const name = match?.[1] ?? match?.[2];
  return name && name.length > 2 && !notNames.has(name) ? name.replace(/[:.]$/, '') : undefined;
}

/** Sentences that speak to people: comments, docstrings, paragraphs of prose files; lines of one comment are joined. */
function proseOf(lines: readonly string[], isDocument: boolean): string[] {
  const runs: string[][] = [[]];
  let inDoc = false;
  let inFence = false;
  for (const line of lines) {
    if (isDocument && /^\s*```/.test(line)) inFence = !inFence;
    if (inFence || (isDocument && /^\s*(?:```|\|)/.test(line))) {
      runs.push([]);
      continue;
    }
    const fences = line.split(/"""|'''/).length - 1;
    const inner = comment.exec(line)?.[1] ?? (inDoc || isDocument ? line.trim() : '');
    if (fences === 1) inDoc = !inDoc;
    const isItem = /^\s*(?:[-*]|\d+\.)\s/.test(inner);
    const text = inner.replace(/^["'#*\s-]+|["'*]+$/g, '').trim();
    const isNew = /^\p{Lu}/u.test(text) && !/[,;:–—-]$/.test(runs.at(-1)!.at(-1) ?? ',');
    if (text === '' || isItem || (!isDocument && isNew)) runs.push([]);
    if (text !== '') runs.at(-1)!.push(text);
  }
  return runs
    .flatMap((run) => splitSentences(run.join(' ')))
    .map((text) => plainText(text))
    .filter(
      (text) =>
        text.split(/\s+/).length >= 5 &&
        text.length < 260 &&
        /\p{L}{3}/u.test(text) &&
        !/^[({[|<]|[{;]$|^\W*(?:eslint|oxlint|prettier|type:|noqa|@\w+\s)/.test(text),
    );
}

/** String literals that read as a message: several words, no interpolation soup. */
function messagesOf(lines: readonly string[]): string[] {
  const found: string[] = [];
  for (const line of lines) {
    if (comment.test(line) || test.test(line)) continue;
    for (const match of line.matchAll(/(["'`])((?:(?!\1)[^\\]|\\.){10,120})\1/g)) {
      const text = match[2]!.replace(/\\(["'`])/g, '$1');
      if (
        text.split(/\s+/).filter((word) => /^[\p{L}'’]{2,}[.,:;!?]?$/u.test(word)).length >= 3 &&
        !/[<>{}]{2}|class=|=>/.test(text)
      )
        found.push(text);
    }
  }
  return found;
}

function squeeze(line: string): string {
  return line.trim().replace(/\s+/g, ' ').replace(/`/g, "'");
}

/** One line took the place of another: only where both are short enough to be read. */
function replacements(event: EditEvent): string[] {
  const found: string[] = [];
  for (const hunk of event.hunks) {
    const removed = hunk.removed.map(squeeze).filter((line) => line.length > 6);
    const added = hunk.added.map(squeeze).filter((line) => line.length > 6);
    if (removed.length === 0 || removed.length > 2 || added.length === 0 || added.length > 3) continue;
    const before = removed.join(' ');
    const after = added.join(' ');
    if (
      before.length > 130 ||
      after.length > 160 ||
      before === after ||
      /^(?:import|alias|use|from|require)\b/.test(after)
    )
      continue;
    if (containment(new Set(stemsOf(before)), new Set(stemsOf(after))) < 0.3 && before.length + after.length > 120)
      continue;
    found.push(`\`${before}\` → \`${after}\``);
  }
  return found;
}

/** All facts of a session's edits, in order; one file's definitions and tests are gathered an edit. */
export function editFacts(events: readonly Event[]): EditFact[] {
  const facts: EditFact[] = [];
  const seen = new Set<string>();
  events.forEach((event, at) => {
    if (event.kind !== 'edit' || !event.ok) return;
    const added = event.hunks.flatMap((hunk) => hunk.added);
    const removed = event.hunks.flatMap((hunk) => hunk.removed);
    const path = event.path;
    const known = new Set(removed.map(definedIn));
    const names = [...new Set(added.map(definedIn).filter((name) => name !== undefined && !known.has(name)))];
    const tests = added
      .map((line) => test.exec(line))
      .map((match) => match?.[2] ?? match?.[3]?.replaceAll('`', ''))
      .filter((name) => name !== undefined);
    if (tests.length > 0 && isTestPath(path))
      facts.push({ at, path, kind: 'tests', text: `tests ${clip(tests.join('; '), 420)}` });
    else if (names.length > 0)
      facts.push({
        at,
        path,
        kind: 'defines',
        text: `${event.created ? 'new, defines' : 'defines'} ${names
          .slice(0, 14)
          .map((name) => `\`${name}\``)
          .join(', ')}`,
      });
    if (isTestPath(path)) return;
    const values = [...new Set(added.join('\n').match(named) ?? [])].filter(
      (name) => !removed.join('\n').includes(name) && !seen.has(name),
    );
    for (const name of values) seen.add(name);
    if (values.length > 0)
      facts.push({
        at,
        path,
        kind: 'values',
        text: `uses ${values
          .slice(0, 8)
          .map((name) => `\`${name}\``)
          .join(', ')}`,
      });
    for (const text of proseOf(added, isProse(path)).slice(0, 12))
      facts.push({ at, path, kind: 'comment', text: clip(text, 220) });
    if (!isProse(path))
      for (const text of messagesOf(added).slice(0, 6))
        facts.push({ at, path, kind: 'message', text: `says "${text}"` });
    for (const text of replacements(event)) facts.push({ at, path, kind: 'replaced', text });
  });
  return [...facts, ...revertedCalls(events)].sort((x, y) => x.at - y.at);
}

const calls = (lines: readonly string[]): string[] =>
  lines
    .filter((line) => !comment.test(line) && !definition.test(line))
    .flatMap((line) => line.match(/[:\w.]*[a-z]\w*_\w+(?=\()|[:\w.]*[a-z]+[A-Z]\w+(?=\()/g) ?? []);

const ofPlatform = /^(?:window|document|console|process|Math|JSON|Object|Array|Promise|self|this|os|sys|fmt)\./;

/** Calls that were written and taken out again, and that no other line of the session makes: tried in vain. */
function revertedCalls(events: readonly Event[]): EditFact[] {
  const facts: EditFact[] = [];
  const live = new Map<string, { at: number; count: number }>();
  const shown = new Map<string, string>();
  events.forEach((event, at) => {
    if (event.kind !== 'edit' || !event.ok || isTestPath(event.path)) return;
    const added = event.hunks.flatMap((hunk) => hunk.added);
    const removed = event.hunks
      .filter((hunk) => hunk.removed.length <= 12 && hunk.added.at(-1)?.endsWith('lines cut …]') !== true)
      .flatMap((hunk) => hunk.removed);
    const kept = new Set(calls(added));
    for (const call of new Set(calls(removed))) {
      const first = live.get(`${event.path}\0${call}`);
      if (!first || kept.has(call) || ofPlatform.test(call)) continue;
      live.delete(`${event.path}\0${call}`);
      facts.push({
        at,
        path: event.path,
        kind: 'reverted',
        text: `tried \`${clip(shown.get(call) ?? call, 100)}\`, taken out again`,
      });
    }
    for (const line of added) {
      for (const call of calls([line])) {
        const key = `${event.path}\0${call}`;
        live.set(key, { at, count: (live.get(key)?.count ?? 0) + 1 });
        shown.set(call, squeeze(line));
      }
    }
  });
  const written = events.flatMap((event) =>
    event.kind === 'edit' && event.ok ? calls(event.hunks.flatMap((hunk) => hunk.added)) : [],
  );
  return facts.filter((fact) => written.filter((call) => fact.text.includes(call)).length === 1);
}
