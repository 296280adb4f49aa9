/** One caller from the outside: sipp rings in, an ear measures what the caller hears. */
import type { Tool } from '../launcher/index.ts';
import { openEar, type Ear } from './ear.ts';
import { startSipp, type SippProcess } from './sipp.ts';

export interface CallerOptions {
  sipp: Tool;
  switchPort: number;
  number: string;
  name: string;
  /** The number that is dialled. */
  to: string;
  /** What the caller says, in Hz. */
  toneHz: number;
}

export interface Caller extends Pick<SippProcess, 'hangUp' | 'press' | 'ended'> {
  readonly number: string;
  readonly toneHz: number;
  readonly ear: Ear;
  close(): Promise<void>;
}

/** A Spanish mobile number that no two callers of a run share. */
let callers = 0;
export const newNumber = (): string => `+346${String(40_000_000 + process.pid * 100 + callers++).padStart(8, '0')}`;

export async function openCaller(options: Pick<CallerOptions, 'sipp' | 'switchPort'> & Partial<CallerOptions>): Promise<Caller> {
  const { number = newNumber(), name = 'Caller', to = '900', toneHz = 1000 } = options;
  const ear = await openEar(toneHz);
  const sipp = await startSipp({ sipp: options.sipp, scenario: 'caller', switchPort: options.switchPort, audioPort: ear.port, rows: [[number, name, to]] });
  let isClosed = false;
  return {
    number,
    toneHz,
    ear,
    ended: sipp.ended,
    hangUp: () => sipp.hangUp(),
    press: (digit) => sipp.press(digit),
    async close() {
      if (isClosed) return;
      isClosed = true;
      await sipp.hangUp();
      await Promise.race([sipp.ended, new Promise((resolve) => setTimeout(resolve, 1_000))]);
      await sipp.stop();
      ear.close();
    },
  };
}
