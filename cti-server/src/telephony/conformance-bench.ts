/** What each test of the conformance suite finds ready. */
import type { ConformanceWorld } from './conformance-world.ts';
import type { EventRecord } from './event-record.ts';
import type { Alive, AliveLeg, PlaceLegRequest, TelephonyPort } from './port.ts';

/** A connected line and the record of what it tells. */
export interface Bench {
  world: ConformanceWorld;
  line: TelephonyPort;
  told: EventRecord;
  /** Rings in and waits for the arrival. */
  caller(): Promise<{ legId: string; hangUp(): Promise<void>; press(digit: string): Promise<void> }>;
  /** Provisions an account and lets a phone register with it. */
  phone(way: Parameters<ConformanceWorld['phoneRegisters']>[2]): Promise<string>;
  place(endpoint: string, more?: Partial<PlaceLegRequest>): PlaceLegRequest;
  /** A leg that is up: a phone that answered. */
  answeredLeg(): Promise<{ legId: string; endpoint: string }>;
  alive(): Promise<Alive>;
  aliveLeg(legId: string): Promise<AliveLeg | undefined>;
}

export const done = { outcome: 'ok', value: undefined };
