// Markdown of records as a tree of a few kinds of nodes. No HTML is made: what stands in the text as HTML is shown as the text that it is.
import type { Nodes, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';
import { isId } from '../../domain/id.ts';
import { removeInvisible } from '../../privacy/invisible.ts';
import type { Node } from '../wire.ts';

const maxDepth = 24;

export function treeOf(text: string): Node[] {
  const root: Root = fromMarkdown(removeInvisible(text), {
    extensions: [gfmTable()],
    mdastExtensions: [gfmTableFromMarkdown()],
  });
  return root.children.flatMap((node) => nodesOf(node, 0));
}

function nodesOf(node: Nodes, depth: number): Node[] {
  if (depth > maxDepth) return ['…'];
  const inner = (): Node[] => ('children' in node ? node.children.flatMap((child) => nodesOf(child, depth + 1)) : []);
  switch (node.type) {
    case 'text':
    case 'html':
      return [node.value];
    case 'paragraph':
      return [{ tag: 'p', children: inner() }];
    case 'heading':
      return [{ tag: 'heading', depth: node.depth, children: inner() }];
    case 'list':
      return [{ tag: node.ordered ? 'ordered' : 'list', children: inner() }];
    case 'listItem':
      return [{ tag: 'item', children: tight(inner()) }];
    case 'blockquote':
      return [{ tag: 'quote', children: inner() }];
    case 'strong':
      return [{ tag: 'strong', children: inner() }];
    case 'emphasis':
      return [{ tag: 'em', children: inner() }];
    case 'delete':
      return [{ tag: 'del', children: inner() }];
    case 'inlineCode':
      return [{ tag: 'code', children: [node.value] }];
    case 'code':
      return [{ tag: 'block', language: node.lang ?? '', text: node.value }];
    case 'break':
      return [{ tag: 'break' }];
    case 'thematicBreak':
      return [{ tag: 'rule' }];
    case 'table':
      return [{ tag: 'table', children: inner() }];
    case 'tableRow':
      return [{ tag: 'row', children: inner() }];
    case 'tableCell':
      return [{ tag: 'cell', children: inner() }];
    case 'link':
      return linkOf(node.url, inner());
    case 'image':
      // A picture from elsewhere would tell that it is looked at.
      return linkOf(node.url, [node.alt || node.url]);
    case 'linkReference':
    case 'imageReference':
      return node.type === 'linkReference' ? inner() : [node.alt ?? ''];
    default:
      return inner();
  }
}

/** One paragraph in an item needs no paragraph. */
function tight(children: Node[]): Node[] {
  const [first, ...rest] = children;
  const isLone = typeof first === 'object' && first.tag === 'p';
  return isLone ? [...(first.children ?? []), ...rest] : children;
}

function linkOf(url: string, children: Node[]): Node[] {
  const id = /^(?:\/o\/)?([0-9a-z]{8})$/.exec(url)?.[1];
  if (id !== undefined && isId(id)) return [{ tag: 'record', id, children }];
  if (/^(?:https?:\/\/[^\s/]|mailto:[^\s])/i.test(url)) return [{ tag: 'link', href: url, children }];
  return url === '' ? children : [...children, ` (${url})`];
}
