// What doctor says of models and modes: a key that was refused, an endpoint that fails, a cap that is reached, a mode that is wrong.
import { readBreaker } from '../compress/breaker.ts';
import type { Finding } from './diagnose.ts';
import { loadMode } from './modes.ts';
import type { Memory } from './open.ts';
import { pickProvider } from './provider.ts';

export async function checkProvider(memory: Memory): Promise<Finding[]> {
  const { name, why, pause } = pickProvider(memory);
  const asked = memory.settings.provider;
  const isMissing = name === 'extractive' && asked !== 'extractive';
  const findings: Finding[] = [
    isMissing
      ? { level: asked === 'auto' ? 'note' : 'problem', what: `provider ${name}: ${why}` }
      : { level: 'ok', what: `provider ${name}: ${why}` },
  ];
  if (pause !== undefined)
    findings.push({
      level: 'problem',
      what: `provider ${name} is not asked for now: ${pause}`,
      cure: cureOf(memory),
    });
  const { problems } = await loadMode(memory);
  for (const { path, line, reason } of problems)
    findings.push({
      level: 'problem',
      what: `${path}${line === undefined ? '' : `:${line}`}: ${reason}`,
      cure: 'mend the file, or choose another mode: repomem settings mode code',
    });
  return findings;
}

function cureOf({ place }: Memory): string {
  const last = readBreaker(place)?.last;
  if (last?.isLasting !== true) return 'the extractive provider does the work meanwhile';
  return 'check key, model and endpoint (repomem settings); the extractive provider does the work meanwhile';
}
