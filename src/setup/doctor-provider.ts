// Doctor's check of models and modes: a rejected key, a failing endpoint, a reached cap, an invalid mode.
import { consentHint, isAnswered } from '../learn/consent.ts';
import { loadMode } from '../learn/modes.ts';
import { pickProvider } from '../learn/pick-provider.ts';
import type { Memory } from '../memory/open.ts';
import { note, ok, problem, type Finding } from './doctor-finding.ts';

export async function checkProvider(memory: Memory): Promise<Finding[]> {
  const { name, why, pause, trouble } = pickProvider(memory);
  const asked = memory.settings.provider;
  const isMissing = name === 'extractive' && asked !== 'extractive';
  const level = !isMissing ? ok : asked === 'auto' ? note : problem;
  const findings = [level(`provider ${name}: ${why}`)];
  if (name === 'extractive' && !isAnswered(memory.sources)) findings.push(note(consentHint));
  if (pause !== undefined || trouble !== undefined) {
    const what =
      pause === undefined
        ? `failed at ${trouble?.at ?? ''}: ${trouble?.reason ?? ''}`
        : `is not asked for now: ${pause}`;
    const advice = trouble?.isLasting ? 'check key, model and endpoint (repomem settings); ' : '';
    findings.push(problem(`provider ${name} ${what}`, `${advice}the rules do the work meanwhile`));
  }
  const { problems } = await loadMode(memory);
  const cure = 'mend the file, or choose another mode: repomem settings mode code';
  for (const { path, line, reason } of problems)
    findings.push(problem(`${path}${line === undefined ? '' : `:${line}`}: ${reason}`, cure));
  return findings;
}
