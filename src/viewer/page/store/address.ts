// Where the reader is: the address is the state, so that reload, back and a sent link show the same.
import { computed, signal } from '@preact/signals';

export const address = signal(new URL(location.href));

export const path = computed(() => address.value.pathname);
export const query = computed(() => address.value.searchParams);

addEventListener('popstate', () => (address.value = new URL(location.href)));

/** An address within the page; the chosen repository goes along. */
export function href(to: string): string {
  const repo = address.value.searchParams.get('repo');
  if (repo === null) return to;
  const url = new URL(to, location.origin);
  if (!url.searchParams.has('repo')) url.searchParams.set('repo', repo);
  return url.pathname + url.search;
}

export function go(to: string, how: 'push' | 'replace' = 'push'): void {
  const next = new URL(href(to), location.origin);
  if (next.href === address.value.href) return;
  if (how === 'push') history.pushState(null, '', next);
  else history.replaceState(null, '', next);
  address.value = next;
}

/** The present address with some parameters set, or taken away where the value is ''. */
export function withParams(changes: Readonly<Record<string, string>>): string {
  const url = new URL(address.value);
  for (const [name, value] of Object.entries(changes))
    if (value === '') url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  return url.pathname + url.search;
}

/** Plain clicks on our own links stay in the page. */
addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  const link = (event.target as Element | null)?.closest?.('a[href]');
  if (!(link instanceof HTMLAnchorElement) || link.getAttribute('href')?.startsWith('#')) return;
  if (link.target !== '' || link.origin !== location.origin) return;
  event.preventDefault();
  go(link.pathname + link.search);
  document.querySelector('main')?.focus({ preventScroll: true });
});
