import { fork, type ChildProcess } from 'node:child_process';

/** A script of ours in a process of its own, that is told things and answers with things of a kind. */
export interface HelperProcess<To, From extends { kind: string }> {
  pid: number;
  tell(message: To): void;
  /** The next message of this kind. Rejects when the process ends first or stays silent. */
  next<K extends From['kind']>(kind: K, withinMs: number): Promise<Extract<From, { kind: K }>>;
  stop(): Promise<void>;
}

export function startHelper<To extends object, From extends { kind: string }>(script: URL, nodeArguments: readonly string[] = []): HelperProcess<To, From> {
  const child: ChildProcess = fork(script, { execArgv: [...nodeArguments], serialization: 'advanced' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    pid: child.pid ?? -1,
    tell: (message) => void child.send(message),
    next: <K extends From['kind']>(kind: K, withinMs: number) =>
      new Promise<Extract<From, { kind: K }>>((resolve, reject) => {
        const timer = setTimeout(() => settle(() => reject(new Error(`${script.pathname} did not say "${kind}" within ${withinMs} ms.`))), withinMs);
        const onMessage = (message: From): void => {
          if (message.kind === kind) settle(() => resolve(message as Extract<From, { kind: K }>));
        };
        const onExit = (): void => settle(() => reject(new Error(`${script.pathname} ended before it said "${kind}".`)));
        const settle = (how: () => void): void => {
          clearTimeout(timer);
          child.off('message', onMessage);
          child.off('exit', onExit);
          how();
        };
        child.on('message', onMessage);
        child.once('exit', onExit);
      }),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await ended;
    },
  };
}
