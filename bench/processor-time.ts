import { readdirSync, readFileSync } from 'node:fs';

/** Of Linux, whatever the processor: /proc counts in hundredths of a second. */
const ticksPerSecond = 100;

/**
 * Processor time in ms, user and system, that a process and its children have used so far, those that ended included. A child of a child
 * counts once it was waited for; Postgres and our processes have none that live longer.
 */
export function processorMs(pid: number): number {
  const own = timesOf(pid);
  if (own === null) throw new Error(`Process ${pid}, whose processor time is measured, is gone.`);
  let ticks = own.self + own.ended;
  for (const child of childrenOf(pid)) {
    const times = timesOf(child);
    if (times) ticks += times.self + times.ended;
  }
  return (ticks * 1000) / ticksPerSecond;
}

function timesOf(pid: number): { parent: number; self: number; ended: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name stands in brackets and may hold anything, brackets and spaces too.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ').map(Number);
    const [, parent = 0] = fields;
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
    return { parent, self: user + system, ended: endedUser + endedSystem };
  } catch {
    return null; // It ended since it was listed.
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => timesOf(pid)?.parent === parent);
}
