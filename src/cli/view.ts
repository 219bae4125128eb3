import { jsonOption, numberOf, textOf, type Command } from './command.ts';
import { RepomemError } from '../domain/errors.ts';

export const command: Command = {
  usage: 'view [PAGE]',
  details:
    'The memory of this repository as a page in the browser, from a server on this machine alone. PAGE is an address such as /o/ID,\n' +
    '/context or /review. It ends with Ctrl-C, or ten minutes after its last tab was closed. Nothing is ever staged, committed or pushed.',
  options: {
    port: { type: 'string', value: 'N', describe: 'the port; else one that stays the same for this repository' },
    host: { type: 'string', value: 'NAME', describe: 'listen on ::1 or localhost instead of 127.0.0.1' },
    'no-open': { type: 'boolean', describe: 'open no browser, print the address only' },
    'read-only': { type: 'boolean', describe: 'change nothing from the page' },
    stay: { type: 'boolean', describe: 'go on until Ctrl-C, without a tab too' },
    out: {
      type: 'string',
      value: 'FILE',
      describe: 'write one read-only page to hand on instead: shared, standing, trusted records',
    },
    force: { type: 'boolean', describe: 'with --out: write over a file that stands there' },
    poll: { type: 'boolean', describe: 'look every two seconds, for drives that send no events' },
    json: jsonOption,
  },
  async run({ env, print, surfaces }, values, positionals) {
    if (positionals.length > 1)
      throw new RepomemError('usage', `view: expected one page; got ${positionals.join(' ')}`, {
        hint: 'such as: repomem view /o/ID',
      });
    const out = textOf(values, 'out');
    if (out !== undefined) {
      const { file, records, bytes } = await surfaces.exportMemory(env, out, values['force'] === true);
      if (values['json']) print.json({ file, records, bytes });
      else print.out(`${file}: ${records} records, ${Math.ceil(bytes / 1024)} KB`);
      return 0;
    }
    const page = positionals[0] ?? '/';
    if (!/^\/[^#\s\\]*$/.test(page) || page.startsWith('//'))
      throw new RepomemError('usage', `view: expected a page that begins with /; got '${page}'`, {
        hint: 'such as /o/ID, /search?q=words, /context, /review',
      });
    const port = numberOf(values, 'port', 1);
    if (port !== undefined && port > 65_535)
      throw new RepomemError('usage', `--port: expected at most 65535; got ${port}`);
    const host = textOf(values, 'host');
    if (host !== undefined && !['127.0.0.1', '::1', 'localhost'].includes(host))
      throw new RepomemError('usage', `--host: expected 127.0.0.1, ::1 or localhost; got '${host}'`, {
        hint: 'it can change files: it is for this machine. From another one: ssh -L PORT:127.0.0.1:PORT NAME, the same port on both',
      });
    const isJson = values['json'] === true;
    return surfaces.view(
      env,
      {
        page,
        ...(port !== undefined && { port }),
        ...(host !== undefined && { host }),
        isOpening: values['no-open'] !== true,
        isReadOnly: values['read-only'] === true,
        isStaying: values['stay'] === true,
        isPolling: values['poll'] === true,
      },
      {
        address: (address) => {
          if (isJson) return print.write(`${JSON.stringify(address)}\n`);
          if (address.taken !== undefined) print.err(`Port ${address.taken} is taken: ${address.port} instead.`);
          print.out(address.isRunning ? 'It runs already:' : `The memory of ${address.root}:`);
          print.out(`  ${address.url}`);
          if (!address.isRunning) print.out(print.dim('Ctrl-C ends it.'));
        },
        note: (text) => print.err(text),
      },
    );
  },
};
