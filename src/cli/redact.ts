import { readFileSync } from 'node:fs';
import { jsonOption, type Command } from './command.ts';
import { userFolder } from '../memory/open.ts';
import { knownValuesFrom } from '../privacy/known-values.ts';
import { stripPrivate } from '../privacy/private-tags.ts';
import { redact } from '../privacy/redact.ts';
import { loadSettings } from '../settings/settings.ts';
import { settingsName } from '../store/locate.ts';
import { join } from 'node:path';

export const command: Command = {
  usage: 'redact [--json] < TEXT',
  details: 'The same filter that everything passes before it is written. Works anywhere, with or without a memory.',
  options: { json: { ...jsonOption, describe: 'print { text, findings: [{ rule, start, end }] }' } },
  async run({ env, print }, values) {
    const { settings } = await loadSettings({
      userFile: join(userFolder(env), settingsName),
      vars: env.vars,
      projectIsTrusted: false,
    });
    const allow = new Set(settings.redact.allow.map(({ fingerprint }) => fingerprint));
    const open = stripPrivate(readFileSync(0, 'utf8'));
    const { text, findings } = redact(open.text, {
      knownValues: knownValuesFrom([], env.vars),
      allow,
      clock: () => performance.now(),
    });
    if (values['json']) print.json({ text, findings });
    else print.write(text);
    return 0;
  },
};
