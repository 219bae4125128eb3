// Doctor's check of models and modes: a rejected key, a failing endpoint, a reached cap, an invalid mode.
import { consentHint, isAnswered } from '../learn/consent.ts';
import { loadMode } from '../learn/modes.ts';
import type { Memory } from '../memory/open.ts';
import type { Finding } from './doctor-finding.ts';
import { pickProvider } from '../learn/pick-provider.ts';

export async function checkProvider(memory: Memory): Promise<Finding[]> {
  const { name, why, pause, trouble } = pickProvider(memory);
  const asked = memory.settings.provider;
  const isMissing = name === 'extractive' && asked !== 'extractive';
  const findings: Finding[] = [
    isMissing
      ? { level: asked === 'auto' ? 'note' : 'problem', what: `provider ${name}: ${why}` }
      : { level: 'ok', what: `provider ${name}: ${why}` },
  ];
  if (name === 'extractive' && !isAnswered(memory.sources)) findings.push({ level: 'note', what: consentHint });
  if (pause !== undefined || trouble !== undefined)
    findings.push({
      level: 'problem',
      what:
        pause === undefined
          ? `provider ${name} failed at ${trouble?.at ?? ''}: ${trouble?.reason ?? ''}`
          : `provider ${name} is not asked for now: ${pause}`,
      cure:
        trouble?.isLasting === true
          ? 'check key, model and endpoint (repomem settings); the rules do the work meanwhile'
          : 'the rules do the work meanwhile',
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
