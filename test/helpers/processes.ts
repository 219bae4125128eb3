import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Pids and commands of living processes that stand below a folder, or name it in their arguments. Linux only. */
export function processesAt(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        if (command === '') return [];
        return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder) || command.includes(folder)
          ? [`${pid} ${command}`]
          : [];
      } catch {
        return [];
      }
    });
}
