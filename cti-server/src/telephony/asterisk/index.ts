import type { TelephonyPort } from '../port.ts';
import { AsteriskLine, type AsteriskLineOptions } from './asterisk-line.ts';

export type { AsteriskLineOptions };

/** A line over one Asterisk. Nothing happens before `start`. */
export function createAsteriskLine(options: AsteriskLineOptions): TelephonyPort {
  return new AsteriskLine(options);
}
