import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { QueueCounts } from '../contact-centre/ledger/index.ts';

/** Figures for Prometheus. Names follow its conventions; each says its unit. */
export function createMetrics(read: {
  queues(): Iterable<{ name: string; counts: Readonly<QueueCounts>; waiting: number }>;
  agents(): Iterable<{ state: string }>;
  openCalls(): number;
  linesConnected(): number;
}) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  new Gauge({ name: 'centralita_calls_open', help: 'Calls in progress on this server', registers, collect() { this.set(read.openCalls()); } });
  new Gauge({ name: 'centralita_lines_connected', help: 'Phone lines this server is connected to', registers, collect() { this.set(read.linesConnected()); } });
  new Gauge({
    name: 'centralita_queue_calls',
    help: 'Calls of the day by queue and outcome, folded from the ledger; waiting is the number now',
    labelNames: ['queue', 'outcome'],
    registers,
    collect() {
      this.reset();
      for (const { name, counts, waiting } of read.queues()) {
        this.set({ queue: name, outcome: 'offered' }, counts.offered);
        this.set({ queue: name, outcome: 'answered' }, counts.answered);
        this.set({ queue: name, outcome: 'abandoned' }, counts.abandoned);
        this.set({ queue: name, outcome: 'short_abandoned' }, counts.shortAbandoned);
        this.set({ queue: name, outcome: 'flowed_out' }, counts.flowedOut);
        this.set({ queue: name, outcome: 'waiting' }, waiting);
      }
    },
  });
  new Gauge({
    name: 'centralita_agents',
    help: 'Agents by state',
    labelNames: ['state'],
    registers,
    collect() {
      this.reset();
      for (const { state } of read.agents()) this.inc({ state });
    },
  });
  const popSeconds = new Histogram({
    name: 'centralita_pop_shown_seconds',
    help: 'From the arrival of a call to its screen-pop being shown in the browser',
    buckets: [0.02, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  const moves = new Counter({ name: 'centralita_moves_total', help: 'Moves of calls saved by this server', registers });
  return { registry, popSeconds, moves };
}
export type Metrics = ReturnType<typeof createMetrics>;
