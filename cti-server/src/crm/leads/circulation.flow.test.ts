import fc from 'fast-check';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CirculationRules, leadStages } from '../../contracts/index.ts';
import { poolsAtOf } from './circulation.store.ts';
import { dayMs, fateOf, isOpen, pooledLead } from './pool-rules.ts';
import { type LeadsHouse, startLeads } from './testing.ts';

/*
 * The pure rules are proven by themselves; here the whole slice is, over Postgres: what people and the rules do in weeks of simulated
 * time, with the rows looked at afterwards.
 */
let house: LeadsHouse;
beforeAll(async () => {
  house = await startLeads();
});
afterAll(() => house.stop());

const someRules: fc.Arbitrary<CirculationRules> = fc.record({
  noFollowUpDays: fc.option(fc.integer({ min: 1, max: 8 })),
  convertWithinDays: fc.option(fc.integer({ min: 1, max: 15 })),
  protectedDays: fc.integer({ min: 0, max: 5 }),
  maxHeld: fc.option(fc.integer({ min: 1, max: 4 })),
  lockOutDays: fc.integer({ min: 0, max: 6 }),
  grabsPerDay: fc.option(fc.integer({ min: 1, max: 3 })),
});

it('the database works out the same time as the rules', async () => {
  const instant = fc.option(fc.integer({ min: 0, max: 60 * 24 }).map((hours) => new Date(Date.UTC(2026, 0, 1) + hours * 3_600_000).toISOString()));
  await fc.assert(
    fc.asyncProperty(someRules, fc.array(fc.record({ owned: fc.boolean(), stage: fc.constantFrom(...leadStages), heldSince: instant, protectedUntil: instant, lastFollowUpAt: instant }), { minLength: 1, maxLength: 30 }), async (rules, rows) => {
      const given = JSON.stringify(rows.map((row, i) => ({ i, owner_id: row.owned ? house.ana.userId : null, stage: row.stage, held_since: row.heldSince, protected_until: row.protectedUntil, last_follow_up_at: row.lastFollowUpAt })));
      const { rows: answers } = await house.database.execute<{ at: Date | string | null }>(sql`
        select ${poolsAtOf(rules)} as at from jsonb_to_recordset(${given}::jsonb)
          as t (i int, owner_id uuid, stage text, held_since timestamptz, protected_until timestamptz, last_follow_up_at timestamptz) order by t.i`);
      const expected = rows.map((row) => fateOf(pooledLead({ ownerId: row.owned ? house.ana.userId : null, fields: { ...row } }), rules)?.poolsAtMs ?? null);
      expect(answers.map(({ at }) => (at === null ? null : new Date(at).getTime()))).toEqual(expected);
    }),
    { numRuns: 60, seed: 3 },
  );
});

const acts = ['grab', 'grab', 'assign', 'followUp', 'release', 'lose', 'reopen', 'rules'] as const;
const act = fc.record({ act: fc.constantFrom(...acts), lead: fc.nat(9), person: fc.nat(1), hours: fc.integer({ min: 0, max: 40 }), rules: someRules });

it('over weeks nobody is above the maximum, nothing is held past its rule, protection and lock-out are honoured, no lead is lost', async () => {
  const people = [house.ana, house.bruno];
  await fc.assert(
    fc.asyncProperty(someRules, fc.array(act, { minLength: 30, maxLength: 60 }), async (first, script) => {
      await house.database.$client.query('delete from leads');
      await house.database.$client.query('delete from lead_moves');
      let company = first;
      let looser = company.maxHeld ?? Infinity;
      await house.rule(company);
      const leads = await Promise.all(Array.from({ length: 10 }, (_, i) => house.make({ name: `Lead ${String(i)}` })));
      for (const step of script) {
        const lead = leads[step.lead];
        const person = people[step.person];
        if (!lead || !person) throw new Error('no such lead or person');
        const as = person.name;
        const present = await house.read(lead.id);
        switch (step.act) {
          case 'grab':
            await house.post(`/api/leads/${lead.id}/grab`, undefined, as);
            break;
          case 'assign':
            await house.ask('PATCH', `/api/records/lead/${lead.id}`, { ownerId: person.userId, version: present.version });
            break;
          case 'followUp':
            await house.post(`/api/leads/${lead.id}/follow-ups`, { text: 'x', outcome: 'reached' });
            break;
          case 'release':
            await house.post(`/api/leads/${lead.id}/release`);
            break;
          case 'lose':
          case 'reopen':
            await house.ask('PATCH', `/api/records/lead/${lead.id}`, { fields: { stage: step.act === 'lose' ? 'lost' : 'contacted' }, version: present.version });
            break;
          case 'rules':
            company = step.rules;
            looser = Math.max(looser, company.maxHeld ?? Infinity);
            await house.rule(company);
            break;
        }
        house.pass(step.hours);
        await house.leads.circulate();

        const { rows } = await house.database.$client.query<{ id: string; owner_id: string | null; stage: string; held_since: Date | null; last_follow_up_at: Date | null; protected_until: Date | null; pooled_at: Date | null; pools_at: Date | null }>('select * from leads where deleted_at is null');
        expect(rows).toHaveLength(10);
        for (const row of rows) {
          const pooled = { ownerId: row.owner_id, stage: row.stage, heldSinceMs: row.held_since?.getTime() ?? null, lastFollowUpAtMs: row.last_follow_up_at?.getTime() ?? null, protectedUntilMs: row.protected_until?.getTime() ?? null };
          const fate = fateOf(pooled, company);
          expect(row.pools_at?.getTime() ?? null).toBe(fate?.poolsAtMs ?? null);
          expect(fate === null || fate.poolsAtMs > house.now(), 'held past its rule').toBe(true);
          expect(row.owner_id === null ? row.pooled_at !== null && row.held_since === null : row.held_since !== null && row.pooled_at === null, 'neither held nor in the pool').toBe(true);
        }
        // a maximum that the company lowers takes nothing away; it lets nobody take more
        for (const one of people) expect(rows.filter((row) => row.owner_id === one.userId && isOpen(row.stage)).length).toBeLessThanOrEqual(looser);
      }
      // the log of moves tells the same story as the leads, and was honoured
      const { rows: moves } = await house.database.$client.query<{ lead_id: string; at: Date; from_user_id: string | null; to_user_id: string | null; how: string }>('select * from lead_moves order by lead_id, at, id');
      for (const lead of leads) {
        const own = moves.filter((move) => move.lead_id === lead.id);
        let owner: string | null = null;
        for (const move of own) {
          expect(move.from_user_id).toBe(owner);
          owner = move.to_user_id;
        }
        expect((await house.read(lead.id)).ownerId).toBe(owner);
        if (script.some((step) => step.act === 'rules')) continue;
        for (const move of own.filter((one) => one.how === 'grabbed')) {
          const lost = own.filter((one) => one.from_user_id === move.to_user_id && one.to_user_id === null && one.at <= move.at).at(-1);
          expect(lost === undefined || move.at.getTime() - lost.at.getTime() >= first.lockOutDays * dayMs, 'the former owner took it during the lock-out').toBe(true);
        }
        for (const move of own.filter((one) => one.how === 'noFollowUp' || one.how === 'notConverted')) {
          const taken = own.filter((one) => one.to_user_id === move.from_user_id && one.at <= move.at).at(-1);
          expect(taken !== undefined && move.at.getTime() - taken.at.getTime() >= first.protectedDays * dayMs, 'a protected lead was taken').toBe(true);
        }
      }
    }),
    { numRuns: 6, seed: 20260105 },
  );
}, 120_000);

it('a lead that is changed while the rules look at it is left for the next round', async () => {
  await house.rule({ noFollowUpDays: 1 });
  const lead = await house.make({ name: 'Busy' }, house.ana.userId);
  house.pass(25);
  const client = await house.database.$client.connect();
  try {
    await client.query('begin');
    await client.query('select from leads where id = $1 for update', [lead.id]);
    await house.leads.circulate();
    await client.query('commit');
  } finally {
    client.release();
  }
  expect((await house.read(lead.id)).ownerId).toBe(house.ana.userId);
  expect((await house.leads.circulate()).pooled.noFollowUp).toBe(1);
  expect((await house.read(lead.id)).ownerId).toBeNull();
});
