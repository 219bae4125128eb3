// Many command lines in one process of the built program: `cli-batch.mjs MAIN`, the lines as a JSON list of lists on standard input. Prints a JSON
// list of what each wrote and of its exit code.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { pathToFileURL } from 'node:url';

const lines = JSON.parse(fs.readFileSync(0, 'utf8'));
const write = fs.writeSync;
let said = ['', '', ''];
// The program writes past Node's streams.
fs.writeSync = (fd, data, ...more) => {
  if (fd !== 1 && fd !== 2) return write(fd, data, ...more);
  const bytes = Buffer.from(data).subarray(...(typeof data === 'string' ? [] : [more[0] ?? 0]));
  said[fd] += bytes.toString('utf8');
  return bytes.length;
};
syncBuiltinESMExports();
const { main } = await import(pathToFileURL(process.argv[2]).href);
const runs = [];
for (const line of lines) {
  said = ['', '', ''];
  process.exitCode = 0;
  await main(line);
  runs.push({ code: process.exitCode, stdout: said[1], stderr: said[2] });
}
process.exitCode = 0;
write(1, JSON.stringify(runs));
