import type { ViewRequest } from '../domain/view-request.ts';
import { type CliContext, type Command, defineCommand, usageError } from './command.ts';

const command = defineCommand({
  usage: 'view [PAGE]',
  details:
    'The memory of this repository as a page in the browser, from a server on this machine alone. PAGE is an address such as /o/ID,\n' +
    '/context or /review. It ends with Ctrl-C, or ten minutes after its last tab was closed. Nothing is ever staged, committed or pushed.',
  words: { max: 1, hint: 'such as: repomem view /o/ID' },
  options: {
    port: {
      type: 'number',
      value: 'N',
      min: 1,
      describe: 'the port; else one that stays the same for this repository',
    },
    host: {
      type: 'text',
      oneOf: ['127.0.0.1', '::1', 'localhost'],
      describe: 'where to listen; from another machine: ssh -L PORT:127.0.0.1:PORT NAME, the same port on both',
    },
    'no-open': 'open no browser, print the address only',
    'read-only': 'change nothing from the page',
    stay: 'go on until Ctrl-C, without a tab too',
    out: {
      type: 'text',
      value: 'FILE',
      describe: 'write one read-only page to hand on instead: shared, standing, trusted records',
    },
    force: 'with --out: write over a file that stands there',
    poll: 'look every two seconds, for drives that send no events',
  },
  async run(context, { port, host, out, force, ...values }, [page = '/']) {
    if (out !== undefined) {
      const written = await context.surfaces.exportMemory(context.env, out, force);
      const { file, records, bytes } = written;
      return context.answer({ file, records, bytes }, [`${file}: ${records} records, ${Math.ceil(bytes / 1024)} KB`]);
    }
    if (!/^\/[^#\s\\]*$/.test(page) || page.startsWith('//'))
      throw usageError(
        `view: expected a page that begins with /; got '${page}'`,
        'such as /o/ID, /search?q=words, /context, /review',
      );
    if (port !== undefined && port > 65_535) throw usageError(`--port: expected at most 65535; got ${port}`);
    return openPage(context, page, {
      port,
      host,
      isOpening: !values['no-open'],
      isReadOnly: values['read-only'],
      isStaying: values.stay,
      isPolling: values.poll,
    });
  },
});

const usual = { isOpening: true, isReadOnly: false, isStaying: false, isPolling: false };

/** Serves until it ends; gives the exit code. */
export function openPage(
  { env, print, surfaces, isJson }: CliContext,
  page: string,
  how: Omit<ViewRequest, 'page'> = usual,
): Promise<number> {
  return surfaces.view(
    env,
    { page, ...how },
    {
      address: (address) => {
        if (isJson) return print.write(`${JSON.stringify(address)}\n`);
        if (address.taken !== undefined) print.err(`Port ${address.taken} is taken: ${address.port} instead.`);
        print.out(address.isRunning ? 'It runs already:' : `The memory of ${address.root}:`);
        print.out(`  ${address.url}`);
        if (!address.isRunning) print.out(print.dim('Ctrl-C ends it.'));
      },
      note: print.err,
    },
  );
}

/** For help alone: main.ts starts the server itself, since surfaces do not know one another. */
const mcpCommand: Command = {
  usage: 'mcp',
  details:
    'Model Context Protocol over standard input and output, for agents. The plugin and `repomem init --mcp` set it up.',
  options: {},
  run: () => Promise.reject(usageError('mcp takes no arguments')),
};

export const commands = { view: command, mcp: mcpCommand };
