import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSystem, startEverything, type Manner } from './everything.ts';
import { dataFolder, ensureFolder } from './folders.ts';
import type { Part } from './part.ts';
import { checkPorts } from './ports-needed.ts';
import { RunRecord, settleEarlierRun } from './run-state.ts';
import { readSettings, usage, WrongSetting, type Settings } from './settings.ts';
import { Steps } from './steps.ts';
import { supervise } from './supervise.ts';
import { whatNext } from './what-next.ts';

const inStart: Manner = { nodeArguments: [], buildConsole: true, env: {} };

/** Sets up and runs the whole installation until it is told to end. Answers the exit code. */
export async function runInstallation(
  args: readonly string[],
  manner: Manner,
  more: { afterStart?: (settings: Settings, started: (part: Part) => void) => Promise<string> } = {},
): Promise<number> {
  const since = performance.now();
  const settings = await readSettings(args, process.env);
  if (!settings) {
    process.stdout.write(usage);
    return 0;
  }
  const steps = new Steps();
  const parts: Part[] = [];
  const watches: (() => void)[] = [];
  const ending = Promise.withResolvers<string>();
  const stateFile = join(ensureFolder(dataFolder), 'run.json');
  const record = new RunRecord(stateFile, settings.publicUrl);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ending.resolve(signal));
  // Whoever reads our output may go away first (`npm start | head`); that must not cut the orderly end short.
  process.stdout.on('error', () => ending.resolve('SIGPIPE'));

  const stopAll = async (): Promise<void> => {
    for (const stopWatching of watches) stopWatching();
    for (const part of parts.toReversed()) await part.stop();
    // Without a part of ours the account, if there is one, is another run's.
    if (parts.length > 0) record.remove();
  };
  try {
    checkSystem(settings);
    const earlier = await settleEarlierRun(stateFile);
    if (earlier.state === 'running')
      throw new WrongSetting(
        `Centralita already runs here: ${earlier.address} (process ${earlier.pid}). End it with  kill ${earlier.pid}  first.`,
      );
    if (earlier.state === 'killed' && earlier.ended.length > 0)
      steps.say(`! An earlier run was killed; ended what it had left behind: ${earlier.ended.join(', ')}`);
    await checkPorts(settings);
    const started = (part: Part): void => {
      parts.push(part);
      record.write(parts);
    };
    const starting = startEverything(settings, steps, manner, started);
    const interrupted = await Promise.race([starting.then(() => null), ending.promise]);
    if (interrupted) {
      steps.say(`\n${interrupted}: ending what was started`);
      await Promise.race([starting.catch(() => {}), new Promise((resolve) => setTimeout(resolve, 20_000).unref())]);
      await stopAll();
      return 130;
    }
    const address = (await more.afterStart?.(settings, started)) ?? settings.publicUrl;
    for (const part of parts)
      watches.push(
        supervise(
          part,
          (line) => steps.say(line),
          () => record.write(parts),
        ),
      );
    steps.say(await whatNext(settings, address, (performance.now() - since) / 1_000));
  } catch (error) {
    appendFileSync(
      join(dataFolder, 'launcher.log'),
      `${new Date().toISOString()} ${error instanceof Error ? error.stack : String(error)}\n`,
    );
    steps.say(`\n✗ ${error instanceof Error ? error.message : String(error)}`);
    await stopAll();
    return 1;
  }
  const signal = await ending.promise;
  steps.say(`\nEnding (${signal}) …`);
  const endingSince = performance.now();
  await stopAll();
  steps.say(`✓ All ended in ${((performance.now() - endingSince) / 1_000).toFixed(1)} s`);
  return 0;
}

if (import.meta.main) process.exit(await runInstallation(process.argv.slice(2), inStart).catch(tellAndFail));

function tellAndFail(error: unknown): number {
  process.stderr.write(`✗ ${error instanceof WrongSetting ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  return error instanceof WrongSetting ? 2 : 1;
}
