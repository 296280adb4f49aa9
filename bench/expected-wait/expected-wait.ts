/**
 * How far the spoken estimate is from what callers then really waited, on simulated days, against what is mostly said instead: the mean
 * wait of the day so far, and that of the last fifty answered calls. Errors are of answered callers who had to wait; who hung up sooner
 * cannot say how long it would have been.
 */
import { ExpectedWaits } from '../../cti-server/src/contact-centre/routing/index.ts';
import type { BenchOptions } from '../options.ts';
import { figure, type Figure } from '../results.ts';
import { type AnsweredCall, type DayPlan, seeded, simulateDay } from './simulated-day.ts';

const same = (value: number, hours = 10): number[] => Array.from({ length: hours }, () => value);

const days: Record<string, DayPlan> = {
  'two peaks': {
    callersPerHour: [60, 150, 230, 200, 110, 90, 160, 220, 140, 60],
    agentsPerHour: [6, 12, 15, 15, 9, 8, 12, 15, 12, 6],
    workSecondsPerHour: same(240),
    patienceSeconds: 480,
  },
  'half the shift at lunch': {
    callersPerHour: same(160),
    agentsPerHour: [12, 12, 12, 6, 6, 12, 12, 12, 9, 12],
    workSecondsPerHour: same(240),
    patienceSeconds: 480,
  },
  'longer calls after an outage': {
    callersPerHour: [90, 90, 90, 220, 260, 200, 120, 90, 90, 90],
    agentsPerHour: same(9),
    workSecondsPerHour: [200, 200, 200, 330, 380, 340, 260, 200, 200, 200],
    patienceSeconds: 600,
  },
  'a small queue': {
    callersPerHour: [20, 34, 40, 36, 22, 20, 34, 40, 30, 16],
    agentsPerHour: [2, 3, 3, 3, 2, 2, 3, 3, 3, 2],
    workSecondsPerHour: same(270),
    patienceSeconds: 420,
  },
};
const daysOfEach = 100;

export function benchExpectedWait(_options: BenchOptions, tell: (line: string) => void): Promise<Figure[]> {
  const all: AnsweredCall[] = [];
  for (const [kind, [name, plan]] of Object.entries(days).entries()) {
    const calls: AnsweredCall[] = [];
    for (let day = 0; day < daysOfEach; day++) calls.push(...oneDay(plan, 1_000 * kind + day));
    all.push(...calls);
    tell(`${name.padEnd(30)} ${line(calls)}`);
  }
  tell(`${'all'.padEnd(30)} ${line(all)}`);
  return Promise.resolve([
    figure('expected wait, mean error against the mean of the day', error(all, 0) / 1000, 's', 'ratio < 1', error(all, 1) / 1000),
    figure('expected wait, mean error against the mean of the last 50', error(all, 0) / 1000, 's', 'ratio < 1', error(all, 2) / 1000),
  ]);
}

function oneDay(plan: DayPlan, seed: number): AnsweredCall[] {
  const waits = new ExpectedWaits();
  const seen: number[] = [];
  let sum = 0;
  const fold = (kind: string, call: number, atMs: number): void => waits.fold({ callId: String(call), kind, queueId: 'q', atMs });
  const calls = simulateDay(
    plan,
    seeded(seed),
    {
      agentsAre: (atWork, atMs) => waits.agentsAre('q', atWork, atMs),
      queued: (call, atMs) => fold('callQueued', call, atMs),
      answered: (call, atMs, waitedMs) => {
        fold('callOffered', call, atMs);
        fold('agentAnswered', call, atMs);
        if (waitedMs === 0) return;
        seen.push(waitedMs);
        sum += waitedMs;
      },
      abandoned: (call, atMs) => fold('callAbandoned', call, atMs),
    },
    (position) => {
      const last = seen.slice(-50);
      // the first caller of a day has no mean: the usual two minutes are said
      const ofDay = seen.length === 0 ? 120_000 : sum / seen.length;
      const ofLast = last.length === 0 ? 120_000 : last.reduce((a, b) => a + b, 0) / last.length;
      return [waits.of('q', position) ?? 0, ofDay, ofLast];
    },
  );
  return calls.filter((call) => call.predictedMs.length > 0);
}

const error = (calls: readonly AnsweredCall[], predictor: number): number =>
  calls.reduce((sum, call) => sum + Math.abs((call.predictedMs[predictor] ?? 0) - call.waitedMs), 0) / calls.length;
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

function line(calls: readonly AnsweredCall[]): string {
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(0)} s`.padStart(6);
  const longer = mean(calls.map((call) => (call.waitedMs > (call.predictedMs[0] ?? 0) ? 1 : 0)));
  return (
    `${String(calls.length).padStart(6)} waits of ${seconds(mean(calls.map((call) => call.waitedMs)))} on average  mean error ${seconds(error(calls, 0))}` +
    `  mean of the day ${seconds(error(calls, 1))}  of the last 50 ${seconds(error(calls, 2))}  waited longer than said ${(longer * 100).toFixed(0)} %`
  );
}
