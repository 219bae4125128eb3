import { jsonOption, type Command } from './command.ts';
import { diagnose } from '../setup/doctor.ts';
import { cleanLine } from '../privacy/invisible.ts';

export const command: Command = {
  usage: 'doctor',
  details:
    'Checks the installation, the hooks, the spool, the last errors and every record, and says what to do about each.',
  maxWords: 0,
  options: { json: jsonOption },
  async run({ env, print }, values) {
    const findings = await diagnose(env);
    const isBad = findings.some((finding) => finding.level === 'problem');
    if (values['json']) print.json({ findings });
    else
      for (const { level, what, cure } of findings) {
        const mark = level === 'ok' ? 'ok  ' : level === 'note' ? 'note' : print.warn('BAD ');
        print.out(`${mark} ${cleanLine(what)}`);
        if (cure) print.out(`     ${print.dim(`→ ${cure}`)}`);
      }
    return isBad ? 1 : 0;
  },
};
