import type { CallRefusal, MayCallAnswer } from '../../contracts/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import { normaliseNumber } from '../../platform/phone-numbers.ts';
import type { Database } from '../database.store.ts';
import { dayIn, refusalsOf } from './may-call-rules.ts';
import { factsOfCustomer, factsOfNumbers } from './may-call.store.ts';

/** What click-to-call and campaigns ask before they dial. */
export function createMayCall(options: { database: Database; clock: Clock; config: Pick<Config, 'defaultCountry'> & Partial<Pick<Config, 'timeZone'>> }) {
  const { database, clock, config } = options;
  const today = (nowMs: number): string => dayIn(config.timeZone ?? 'UTC', nowMs);
  return {
    /**
     * Whether a number, in any spelling, or a customer may be called, with every reason why not. With both, all that is said of either.
     * What is no number, and whom nobody knows, nothing speaks against.
     */
    async mayCall({ number, customerId }: { number?: string | null | undefined; customerId?: string | null | undefined }, nowMs = clock.now()): Promise<MayCallAnswer> {
      const { e164 } = number ? normaliseNumber(number, config.defaultCountry) : { e164: null };
      const [ofNumber, ofCustomer] = await Promise.all([factsOfNumbers(database, e164 === null ? [] : [e164]), customerId ? factsOfCustomer(database, customerId) : []]);
      const known = new Set(ofNumber.filter((fact) => fact.number === null).map((fact) => fact.customerId));
      const refusals = refusalsOf([...ofNumber, ...ofCustomer.filter((fact) => !known.has(fact.customerId))], today(nowMs));
      return { allowed: refusals.length === 0, refusals };
    },

    /** The same for many numbers in E.164 at once: those that may not be called, with why. */
    async refusedNumbers(numbers: readonly string[], nowMs = clock.now()): Promise<Map<string, CallRefusal[]>> {
      const byNumber = Map.groupBy(await factsOfNumbers(database, numbers), (fact) => fact.askedFor);
      return new Map([...byNumber].map(([number, facts]) => [number, refusalsOf(facts, today(nowMs))] as const).filter(([, refusals]) => refusals.length > 0));
    },
  };
}
export type MayCall = ReturnType<typeof createMayCall>;
