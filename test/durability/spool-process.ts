// A hook's way into the spool as a process of its own, for tests of full disks. argv: spool, number of the writer, count of events.
// Prints the key of each event that was stored.
import { setTimeout as sleep } from 'node:timers/promises';
import { putSpool } from '../../src/capture/spool.ts';

const [spoolDir = '', who = '', count = ''] = process.argv.slice(2);
for (let n = 0; n < Number(count); n++) {
  const key = `k${who}-${n}`;
  const events = [{ kind: 'edit', key, path: 'a.ts', ok: true, created: false, hunks: [] }];
  try {
    if (putSpool({ spoolDir }, JSON.stringify({ session: `s${n % 5}`, events })) !== undefined)
      process.stdout.write(`${key}\n`);
  } catch {
    // Not acknowledged: the disk is full.
  }
  await sleep(Math.random() * 50);
}
