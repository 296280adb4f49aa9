import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CirculationRules } from '../../contracts/index.ts';
import { dayMs, dueFate, fateOf, isOpen, noRules, placeInPool, placeOfHeld, type PooledLead, pooledLead, refusalOfTaking, type TakeQuestion } from './pool-rules.ts';

const rules = (some: Partial<CirculationRules>): CirculationRules => ({ ...noRules, ...some });
const held = (some: Partial<PooledLead> = {}): PooledLead => ({ ownerId: 'ana', stage: 'new', heldSinceMs: 0, lastFollowUpAtMs: null, protectedUntilMs: null, ...some });
const take = (some: Partial<TakeQuestion> = {}): TakeQuestion => ({ how: 'grabbed', stage: 'new', held: 0, grabbedToday: 0, lostAtMs: null, nowMs: 10 * dayMs, dayEndsAtMs: 11 * dayMs, ...some });

describe('a lead goes to the pool', () => {
  it('never while there is no rule, nobody holds it, or it is closed', () => {
    expect(fateOf(held(), noRules)).toBeNull();
    const some = rules({ noFollowUpDays: 3 });
    expect(fateOf(held({ ownerId: null }), some)).toBeNull();
    expect(fateOf(held({ stage: 'converted' }), some)).toBeNull();
    expect(fateOf(held({ stage: 'lost' }), some)).toBeNull();
  });
  it('so many days after the last follow-up, or after it was taken', () => {
    expect(fateOf(held(), rules({ noFollowUpDays: 3 }))).toEqual({ poolsAtMs: 3 * dayMs, because: 'noFollowUp', ruleDays: 3, delayedByProtection: false });
    expect(fateOf(held({ lastFollowUpAtMs: 2 * dayMs }), rules({ noFollowUpDays: 3 }))?.poolsAtMs).toBe(5 * dayMs);
    // a follow-up of an earlier owner does not count against the new one
    expect(fateOf(held({ heldSinceMs: 9 * dayMs, lastFollowUpAtMs: dayMs }), rules({ noFollowUpDays: 3 }))?.poolsAtMs).toBe(12 * dayMs);
  });
  it('when it was not converted in time, however often it was followed up', () =>
    expect(fateOf(held({ lastFollowUpAtMs: 29 * dayMs }), rules({ noFollowUpDays: 7, convertWithinDays: 30 }))).toMatchObject({ poolsAtMs: 30 * dayMs, because: 'notConverted' }));
  it('not before the protection of its owner ends', () =>
    expect(fateOf(held({ protectedUntilMs: 5 * dayMs }), rules({ noFollowUpDays: 3 }))).toMatchObject({ poolsAtMs: 5 * dayMs, delayedByProtection: true }));
  it('at that very millisecond, and not one earlier', () => {
    expect(dueFate(held(), rules({ noFollowUpDays: 3 }), 3 * dayMs - 1)).toBeNull();
    expect(dueFate(held(), rules({ noFollowUpDays: 3 }), 3 * dayMs)).not.toBeNull();
  });
});

describe('who asks for a lead is told why not', () => {
  it.each<[Partial<TakeQuestion>, Partial<CirculationRules>, string | null]>([
    [{}, {}, null],
    [{ stage: 'converted' }, {}, 'leadClosed'],
    [{ held: 4 }, { maxHeld: 5 }, null],
    [{ held: 5 }, { maxHeld: 5 }, 'maximumHeld'],
    [{ held: 5, how: 'given' }, { maxHeld: 5 }, 'maximumHeld'],
    [{ held: 5, how: 'made' }, { maxHeld: 5 }, 'maximumHeld'],
    [{ held: 5, how: 'given', stage: 'lost' }, { maxHeld: 5 }, null],
    [{ lostAtMs: 4 * dayMs }, { lockOutDays: 7 }, 'lockedOut'],
    [{ lostAtMs: 4 * dayMs, how: 'byRule' }, { lockOutDays: 7 }, 'lockedOut'],
    [{ lostAtMs: 4 * dayMs, how: 'given' }, { lockOutDays: 7 }, null],
    [{ lostAtMs: 3 * dayMs }, { lockOutDays: 7 }, null],
    [{ grabbedToday: 2 }, { grabsPerDay: 2 }, 'grabsUsedUp'],
    [{ grabbedToday: 2, how: 'given' }, { grabsPerDay: 2 }, null],
  ])('%j under %j: %s', (question, some, reason) => expect(refusalOfTaking(take(question), rules(some))?.reason ?? null).toBe(reason));
  it('with the moment from which they may', () => {
    expect(refusalOfTaking(take({ lostAtMs: 4 * dayMs }), rules({ lockOutDays: 7 }))).toEqual({ reason: 'lockedOut', untilMs: 11 * dayMs, limit: 7 });
    expect(refusalOfTaking(take({ grabbedToday: 2 }), rules({ grabsPerDay: 2 }))?.untilMs).toBe(11 * dayMs);
  });
});

/*
 * Weeks of a sales floor: people grab, are given, follow up, give back, lose, reopen and convert leads at random moments, and the rules'
 * work runs every hour. Whatever happens, the company's rules have been kept.
 */
interface Lead extends PooledLead {
  id: number;
  losses: Map<string, number>;
}
const people = ['ana', 'bruno', 'lin'];
const someRules: fc.Arbitrary<CirculationRules> = fc.record({
  noFollowUpDays: fc.option(fc.integer({ min: 1, max: 9 })),
  convertWithinDays: fc.option(fc.integer({ min: 1, max: 20 })),
  protectedDays: fc.integer({ min: 0, max: 6 }),
  maxHeld: fc.option(fc.integer({ min: 1, max: 4 })),
  lockOutDays: fc.integer({ min: 0, max: 8 }),
  grabsPerDay: fc.option(fc.integer({ min: 1, max: 3 })),
});
const acts = ['grab', 'give', 'followUp', 'release', 'lose', 'reopen', 'convert', 'wait'] as const;
const act = fc.record({ act: fc.constantFrom(...acts), lead: fc.nat(11), person: fc.nat(2), hours: fc.integer({ min: 0, max: 30 }) });

describe('over weeks of simulated time', () => {
  it('nobody is above the maximum, nothing is held past its rule, protection and lock-out are honoured, no lead is lost', () => {
    fc.assert(
      fc.property(someRules, fc.array(act, { minLength: 50, maxLength: 250 }), (company, script) => {
        let nowMs = Date.UTC(2026, 2, 1);
        const leads: Lead[] = Array.from({ length: 12 }, (_, id) => ({ ...held({ ownerId: null, heldSinceMs: null }), id, losses: new Map() }));
        const grabs: { person: string; day: number }[] = [];
        const put = (lead: Lead, ownerId: string | null): void => {
          const place = ownerId === null ? placeInPool('released', nowMs) : placeOfHeld(company, nowMs);
          if (ownerId === null && lead.ownerId !== null) lead.losses.set(lead.ownerId, nowMs);
          Object.assign(lead, pooledLead({ ownerId, fields: { stage: lead.stage, ...place, lastFollowUpAt: lead.lastFollowUpAtMs === null ? null : new Date(lead.lastFollowUpAtMs).toISOString() } }));
        };
        const heldBy = (person: string, but: Lead): number => leads.filter((lead) => lead !== but && lead.ownerId === person && isOpen(lead.stage)).length;
        const dayOf = (ms: number): number => Math.floor(ms / dayMs);
        const wants = (lead: Lead, person: string, how: TakeQuestion['how']) =>
          refusalOfTaking({ how, stage: lead.stage, held: heldBy(person, lead), grabbedToday: grabs.filter((grab) => grab.person === person && grab.day === dayOf(nowMs)).length, lostAtMs: lead.losses.get(person) ?? null, nowMs, dayEndsAtMs: (dayOf(nowMs) + 1) * dayMs }, company);

        const passHour = (): void => {
          nowMs += 3_600_000;
          for (const lead of leads) {
            const due = dueFate(lead, company, nowMs);
            if (due === null) continue;
            expect(lead.protectedUntilMs ?? 0, 'a protected lead was taken').toBeLessThanOrEqual(nowMs);
            put(lead, null);
          }
        };
        for (const step of script) {
          const lead = leads[step.lead] as Lead;
          const person = people[step.person] as string;
          switch (step.act) {
            case 'grab':
              if (lead.ownerId === null && wants(lead, person, 'grabbed') === null) {
                const lost = lead.losses.get(person);
                expect(lost === undefined || nowMs - lost >= company.lockOutDays * dayMs, 'the former owner took it during the lock-out').toBe(true);
                put(lead, person);
                grabs.push({ person, day: dayOf(nowMs) });
              }
              break;
            case 'give':
              if (lead.ownerId !== person && wants(lead, person, 'given') === null) put(lead, person);
              break;
            case 'followUp':
              lead.lastFollowUpAtMs = nowMs;
              break;
            case 'release':
              if (lead.ownerId !== null) put(lead, null);
              break;
            case 'lose':
            case 'convert':
              lead.stage = step.act === 'lose' ? 'lost' : 'converted';
              break;
            case 'reopen':
              if (!isOpen(lead.stage) && (lead.ownerId === null || wants({ ...lead, stage: 'new' }, lead.ownerId, 'given') === null)) lead.stage = 'contacted';
              break;
            case 'wait':
              break;
          }
          for (let hour = 0; hour < step.hours; hour += 1) passHour();
          // a lead that was reopened after its time goes with the next hour
          if (step.act === 'reopen') passHour();
          for (const one of people) {
            const open = leads.filter((each) => each.ownerId === one && isOpen(each.stage)).length;
            expect(open, 'above the maximum').toBeLessThanOrEqual(company.maxHeld ?? Infinity);
          }
          const fates = leads.map((each) => fateOf(each, company));
          expect(fates.every((fate) => fate === null || fate.poolsAtMs > nowMs), 'held past its rule').toBe(true);
          for (const [at, each] of leads.entries()) {
            const fate = fates[at] ?? null;
            if (company.noFollowUpDays !== null && fate !== null && !fate.delayedByProtection) expect(nowMs - Math.max(each.heldSinceMs ?? 0, each.lastFollowUpAtMs ?? 0)).toBeLessThan(company.noFollowUpDays * dayMs);
          }
          expect(leads).toHaveLength(12);
          expect(leads.every((each) => (each.ownerId === null) === (each.heldSinceMs === null)), 'neither held nor in the pool').toBe(true);
        }
        const perDay = new Map<string, number>();
        for (const { person, day } of grabs) perDay.set(`${person} ${String(day)}`, (perDay.get(`${person} ${String(day)}`) ?? 0) + 1);
        expect(Math.max(0, ...perDay.values()), 'above the limit of a day').toBeLessThanOrEqual(company.grabsPerDay ?? Infinity);
      }),
      { numRuns: 100, seed: 20260301 },
    );
  }, 60_000);
});
