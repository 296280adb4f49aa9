import process from 'node:process';
import { startApp } from './app.ts';
import { readConfig, WrongConfig } from './platform/config.ts';

/** How long an orderly stop may take before the process just ends; calls in progress live on in the switch either way. */
const stopWithinMs = 8_000;

try {
  const app = await startApp({ config: readConfig() });
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(1), stopWithinMs).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
} catch (error) {
  process.stderr.write(`${error instanceof WrongConfig ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(error instanceof WrongConfig ? 78 : 1);
}
