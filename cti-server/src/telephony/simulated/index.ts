import { SimulatedLine, type SimulatedCaller, type SimulatedLineOptions } from './simulated-line.ts';

export type { Faults, RequestFault, RequestName } from './faults.ts';
export { seededRandom } from './faults.ts';
export type { Heard, OnRing } from './simulated-switch.ts';
export { VirtualClock } from './virtual-clock.ts';
export { SimulatedLine, type SimulatedCaller, type SimulatedLineOptions };

/** A line without a telephone network: give it the clock it shall live by. Nothing happens before `start`. */
export function createSimulatedLine(options: SimulatedLineOptions): SimulatedLine {
  return new SimulatedLine(options);
}
