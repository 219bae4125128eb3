// Markdown files of other tools: front matter, headings, paragraphs and list items. Only as much as their forms need. Pure.
import { parseYaml } from '../format/yaml.ts';

export interface Section {
  /** '' above the first heading. */
  heading: string;
  level: number;
  /** Paragraphs and list items, each one line; where it stands, from 1. */
  items: SectionItem[];
}

export interface SectionItem {
  text: string;
  lines: [number, number];
  isListItem: boolean;
}

export interface Note {
  front: Record<string, unknown>;
  /** Of the first heading of level one. */
  title: string;
  sections: Section[];
}

export function readNote(text: string): Note {
  const normal = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const match = /^---\n([\s\S]*?)\n---(?:\n|$)/.exec(normal);
  const offset = match === null ? 0 : match[0].split('\n').length - 1;
  const body = match === null ? normal : normal.slice(match[0].length);
  const sections = sectionsOf(withoutForeign(body), offset);
  return {
    front: match === null ? {} : frontOf(match[1] ?? ''),
    title: sections.find(({ level }) => level === 1)?.heading ?? '',
    sections,
  };
}

function frontOf(text: string): Record<string, unknown> {
  const parsed = parseYaml(text);
  const value: unknown = 'value' in parsed ? parsed.value : undefined;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** Blocks that other tools write into a file, comments, code: the lines stay, empty, so that line numbers hold. */
function withoutForeign(body: string): string {
  return body
    .replace(/<!--[\s\S]*?(?:-->|$)/g, blank)
    .replace(/<([a-z][\w]*-[\w-]*)>[\s\S]*?(?:<\/\1>|$)/g, blank)
    .replace(/^```[\s\S]*?(?:^```$|$(?![\s\S]))/gm, blank);
}

function blank(found: string): string {
  return found.replace(/[^\n]/g, '');
}

function sectionsOf(body: string, offset: number): Section[] {
  const sections: Section[] = [{ heading: '', level: 0, items: [] }];
  let open: SectionItem | undefined;
  for (const [index, line] of body.split('\n').entries()) {
    const at = offset + index + 1;
    const items = sections.at(-1)!.items;
    const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
    const item = /^\s*(?:[-*+]|\d+[.)])\s+(.*)$/.exec(line);
    if (heading) {
      sections.push({ heading: heading[2] ?? '', level: heading[1]!.length, items: [] });
      open = undefined;
    } else if (line.trim() === '') open = undefined;
    else if (item) items.push((open = { text: item[1]!.trim(), lines: [at, at], isListItem: true }));
    else if (open !== undefined) {
      open.text = `${open.text} ${line.trim()}`;
      open.lines = [open.lines[0], at];
    } else items.push((open = { text: line.trim(), lines: [at, at], isListItem: false }));
  }
  return sections;
}

/** What a section says, as text. */
export function textOfSection(section: Section | undefined): string {
  return (section?.items ?? []).map(({ text }) => text).join('\n\n');
}

export function plainText(text: string): string {
  return text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\[\[([^\]|]*)(?:\|[^\]]*)?\]\]/g, '$1')
    .replace(/\*\*([^*]+)\*\*/g, '$1')
    .trim();
}

export function stringOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
}

export function stringsOf(value: unknown): string[] {
  return Array.isArray(value)
    ? value.map(stringOf).filter(Boolean)
    : stringOf(value)
        .split(',')
        .map((one) => one.trim())
        .filter(Boolean);
}
