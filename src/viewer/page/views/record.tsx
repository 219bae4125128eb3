import { useLayoutEffect } from 'preact/hooks';
import { Record } from '../parts/record-text.tsx';
import { addKeys } from '../store/keyboard.ts';
import { go } from '../store/address.ts';

export function View({ rest }: { rest: string }) {
  useLayoutEffect(
    () => addKeys([{ keys: 'Escape', about: 'back', run: () => (history.length > 1 ? history.back() : go('/')) }]),
    [],
  );
  return <Record id={rest} />;
}
