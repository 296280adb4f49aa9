import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '../launcher/folders.ts';
import { benchExpectedWait } from './expected-wait/expected-wait.ts';
import { benchFanout } from './fanout/fanout.ts';
import { benchImport } from './import/import.ts';
import { readOptions, type BenchOptions } from './options.ts';
import { benchPop } from './pop/pop.ts';
import { benchRecords } from './records/records.ts';
import { tableOf, type Figure } from './results.ts';
import { benchRouting } from './routing/routing.ts';

/**
 * `npm run bench` measures everything, `npm run bench -- NAME` one thing. Prints a table and writes bench-results.json. Figures depend on
 * the machine and on what else it does; the ratios, of two things measured in turns in the same run, are what counts.
 */
const benches: Record<string, (options: BenchOptions, tell: (line: string) => void) => Promise<Figure[]>> = {
  routing: benchRouting,
  pop: benchPop,
  fanout: benchFanout,
  records: benchRecords,
  import: benchImport,
  'expected-wait': benchExpectedWait,
};

const tell = (line: string): void => void process.stdout.write(`${line}\n`);
const { names, options } = readOptions(process.argv.slice(2));
const chosen = names.length === 0 ? Object.keys(benches) : names;
const figures: Figure[] = [];
for (const name of chosen) {
  const bench = benches[name];
  if (!bench) throw new Error(`There is no benchmark "${name}". There are: ${Object.keys(benches).join(', ')}.`);
  tell(`\n${name} (${cpus().length} processors, load before: ${loadavg().map((load) => load.toFixed(1)).join(' ')})`);
  figures.push(...(await bench(options, (line) => tell(`  ${line}`))));
}
tell(`\n${tableOf(figures)}\n`);
await writeFile(join(projectFolder, 'bench-results.json'), `${JSON.stringify(figures.map(({ target: _, ...one }) => one), null, 2)}\n`);
tell('Written to bench-results.json.');
