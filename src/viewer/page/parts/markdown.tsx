// Draws the tree that the server made of Markdown. Nothing here ever becomes markup: text stays text.
import type { ComponentChildren } from 'preact';
import type { Node } from '../../wire.ts';
import { href } from '../store/address.ts';

/** `level`: of its first headings, one below what stands above. */
export function Markdown({ nodes, level = 2 }: { nodes: readonly Node[]; level?: number }) {
  const depths = nodes.flatMap((node) => (typeof node === 'object' && node.tag === 'heading' ? node.depth : []));
  const shift = level - Math.min(6, ...depths);
  return <div class="prose">{nodes.map((node, key) => draw(node, key, shift))}</div>;
}

const plain = {
  p: 'p',
  list: 'ul',
  ordered: 'ol',
  item: 'li',
  quote: 'blockquote',
  strong: 'strong',
  em: 'em',
  del: 'del',
  code: 'code',
  row: 'tr',
  cell: 'td',
} as const;

function draw(node: Node, key: number, shift = 0): ComponentChildren {
  if (typeof node === 'string') return node;
  switch (node.tag) {
    case 'break':
      return <br key={key} />;
    case 'rule':
      return <hr key={key} />;
    case 'heading': {
      // One name for the compiler: the union of them all is too much for it.
      const Tag = `h${Math.min(6, Math.max(2, node.depth + shift))}` as 'h3';
      return <Tag key={key}>{node.children.map((child, at) => draw(child, at, shift))}</Tag>;
    }
    case 'block':
      return (
        <pre key={key} tabIndex={0} aria-label={node.language ? `Code, ${node.language}` : 'Code'}>
          <code>{node.text}</code>
        </pre>
      );
    case 'table':
      return (
        <table key={key}>
          <tbody>{(node.children ?? []).map((child, at) => draw(child, at, shift))}</tbody>
        </table>
      );
    case 'link':
      return (
        <span key={key}>
          <a href={node.href} target="_blank" rel="noopener noreferrer">
            {node.children.map((child, at) => draw(child, at, shift))}
          </a>{' '}
          <span class="muted small">({hostOf(node.href)})</span>
        </span>
      );
    case 'record':
      return (
        <a key={key} href={href(`/o/${node.id}`)}>
          {node.children.map((child, at) => draw(child, at, shift))}
        </a>
      );
    default: {
      const Tag = plain[node.tag] as 'p';
      return <Tag key={key}>{(node.children ?? []).map((child, at) => draw(child, at, shift))}</Tag>;
    }
  }
}

function hostOf(address: string): string {
  try {
    return new URL(address).host || address;
  } catch {
    return address;
  }
}
