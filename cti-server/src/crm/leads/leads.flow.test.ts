import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AssignAnswer, CrmRecord, FollowUp, HistoryEntry, LeadCirculation, LeadLimits, LeadRow, LeadRules, Page } from '../../contracts/index.ts';
import { type LeadsHouse, type Refused, startLeads } from './testing.ts';

let house: LeadsHouse;
beforeAll(async () => {
  house = await startLeads();
});
afterAll(() => house.stop());

const grab = (id: string, as: string) => house.post<CrmRecord & Refused>(`/api/leads/${id}/grab`, undefined, as);
const code = ({ status, body }: { status: number; body: unknown }) => [status, (body as Refused).error?.code];
const circulation = async (id: string, as?: string): Promise<LeadCirculation> => (await house.get<LeadCirculation>(`/api/leads/${id}/circulation`, as)).body;
const history = async (id: string): Promise<HistoryEntry[]> => {
  const { status, body } = await house.get<Page<HistoryEntry>>(`/api/records/lead/${id}/history`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.items;
};
const day = 24;

describe('a lead that is made', () => {
  it('by a person is theirs, and lies in the pool when it is nobody’s', async () => {
    await house.rule({ protectedDays: 2, noFollowUpDays: 5 });
    const { body: own } = await house.post<CrmRecord>('/api/records/lead', { fields: { name: 'Own', phone: '600 111 222', country: 'es' } }, 'Ana');
    expect(own).toMatchObject({ ownerId: house.ana.userId, fields: { stage: 'new', source: 'call', phone: '+34600111222', country: 'ES', pooledAt: null, poolReason: null } });
    expect(own.fields['heldSince']).toBe(new Date(house.now()).toISOString());
    expect(own.fields['poolsAt']).toBe(new Date(house.now() + 5 * day * 3_600_000).toISOString());
    const pooled = await house.make({ name: 'Pooled' });
    expect(pooled).toMatchObject({ ownerId: null, fields: { poolReason: 'unassigned', heldSince: null, poolsAt: null } });
    expect((await house.get(`/api/records/lead/${own.id}`, 'Bruno')).status).toBe(404);
    expect((await house.get(`/api/records/lead/${pooled.id}`, 'Bruno')).status).toBe(200);
  });
  it('has no place that people could write', async () => {
    expect(code(await house.post('/api/records/lead', { fields: { name: 'X', heldSince: '2020-01-01T00:00:00.000Z' } }))).toEqual([400, 'invalidBody']);
  });
});

describe('grabbing', () => {
  it('of 50 at once one wins, and the others hear that it is taken', async () => {
    await house.rule({});
    const lead = await house.make({ name: 'Wanted' });
    const people = await Promise.all(Array.from({ length: 50 }, (_, i) => house.signIn(`Grabber ${String(i)}`)));
    const answers = await Promise.all(people.map((one) => grab(lead.id, one.name)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status !== 200).map(code)).toEqual(Array.from({ length: 49 }, () => [409, 'taken']));
    const winner = people[answers.findIndex((answer) => answer.status === 200)];
    expect((await house.read(lead.id)).ownerId).toBe(winner?.userId);
  });

  it('of several leads at once keeps to the maximum and to the day’s limit', async () => {
    await house.rule({ maxHeld: 3 });
    const carla = await house.signIn('Carla');
    const leads = await Promise.all(Array.from({ length: 8 }, () => house.make()));
    const answers = await Promise.all(leads.map((lead) => grab(lead.id, 'Carla')));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(3);
    expect(code(answers.find((answer) => answer.status !== 200) as (typeof answers)[number])).toEqual([409, 'maximumHeld']);
    expect((await house.get<LeadLimits>('/api/leads/limits', 'Carla')).body).toEqual({ held: 3, maxHeld: 3, grabbedToday: 3, grabsPerDay: null });
    const free = leads[answers.findIndex((answer) => answer.status !== 200)] as CrmRecord;
    // nor by any other way
    expect(code(await house.ask('PATCH', `/api/records/lead/${free.id}`, { ownerId: carla.userId, version: free.version }))).toEqual([409, 'maximumHeld']);
    expect(code(await house.post('/api/records/lead', { fields: { name: 'One more' } }, 'Carla'))).toEqual([409, 'maximumHeld']);
    await house.rule({ grabsPerDay: 3 });
    const refused = await grab(free.id, 'Carla');
    expect(code(refused)).toEqual([409, 'grabsUsedUp']);
    // until midnight in Madrid
    expect(refused.body.error.details).toEqual({ limit: 3, until: '2026-01-05T23:00:00.000Z' });
    expect((await circulation(free.id, 'Carla')).grab).toEqual({ allowed: false, refusal: { reason: 'grabsUsedUp', limit: 3, until: '2026-01-05T23:00:00.000Z' } });
    expect((await circulation(free.id, 'Bruno')).grab).toEqual({ allowed: true, refusal: null });
  });

  it('through the record’s owner is grabbing too, with the same limits', async () => {
    await house.rule({ grabsPerDay: 1 });
    await house.signIn('Dario', 'all');
    const [first, second] = [await house.make(), await house.make()];
    expect((await grab(first.id, 'Dario')).status).toBe(200);
    const dario = await house.read(first.id);
    expect(code(await house.ask('PATCH', `/api/records/lead/${second.id}`, { ownerId: dario.ownerId, version: second.version }, 'Dario'))).toEqual([409, 'grabsUsedUp']);
    // who may change only their own takes by Grab alone
    await house.signIn('Elsa');
    const elsa = await house.make({}, house.bruno.userId);
    expect(code(await house.ask('PATCH', `/api/records/lead/${second.id}`, { ownerId: elsa.ownerId, version: second.version }, 'Elsa'))).toEqual([403, 'forbidden']);
  });

  it('is refused for a lead that is lost, deleted, or for who may not change leads', async () => {
    await house.rule({});
    const lost = await house.make({ stage: 'lost' });
    expect(code(await grab(lost.id, 'Ana'))).toEqual([409, 'leadClosed']);
    const gone = await house.make();
    await house.ask('DELETE', `/api/records/lead/${gone.id}`);
    expect(code(await grab(gone.id, 'Ana'))).toEqual([404, 'notFound']);
    expect(code(await grab(randomUUID(), 'Ana'))).toEqual([404, 'notFound']);
    await house.signIn('Reader', 'own', { lead: { read: 'all' } });
    expect(code(await grab((await house.make()).id, 'Reader'))).toEqual([403, 'forbidden']);
  });
});

describe('the rules at work', () => {
  it('take what nobody followed up, with its reason in the history, and keep the former owner away', async () => {
    await house.rule({ noFollowUpDays: 3, protectedDays: 1, lockOutDays: 7 });
    const lead = await house.make({ name: 'Forgotten' });
    await grab(lead.id, 'Ana');
    expect(await circulation(lead.id, 'Ana')).toMatchObject({ state: 'held', because: 'noFollowUp', ruleDays: 3, goesSoon: false, grab: null, protectedUntil: new Date(house.now() + 24 * 3_600_000).toISOString() });
    house.pass(2 * day + 1);
    expect(await circulation(lead.id, 'Ana')).toMatchObject({ goesSoon: true, protectedUntil: null });
    expect((await house.leads.circulate()).pooled.noFollowUp).toBe(0);
    house.pass(day);
    expect((await house.leads.circulate()).pooled.noFollowUp).toBeGreaterThanOrEqual(1);
    const pooled = await house.read(lead.id);
    expect(pooled).toMatchObject({ ownerId: null, fields: { poolReason: 'noFollowUp', formerOwnerId: house.ana.userId, poolsAt: null, heldSince: null }, names: { [house.ana.userId]: 'Ana' } });
    expect((await history(lead.id))[0]).toMatchObject({ kind: 'other', text: 'lead.pooled', userId: null, changes: { poolReason: { new: 'noFollowUp' }, ruleDays: { new: 3 }, ownerId: { old: house.ana.userId, new: null } } });
    const refused = await grab(lead.id, 'Ana');
    expect(code(refused)).toEqual([409, 'lockedOut']);
    expect((await grab(lead.id, 'Bruno')).status).toBe(200);
    house.pass(7 * day);
    await house.post(`/api/leads/${lead.id}/release`, undefined, 'Bruno');
    expect(await house.read(lead.id)).toMatchObject({ fields: { poolReason: 'released', formerOwnerId: house.bruno.userId } });
    expect((await grab(lead.id, 'Ana')).status).toBe(200);
  });

  it('count from the last follow-up, and from a call that was noted', async () => {
    await house.rule({ noFollowUpDays: 3, convertWithinDays: 10 });
    const lead = await house.make({}, house.ana.userId);
    const ends = async () => [(await house.read(lead.id)).fields['poolsAt'], (await circulation(lead.id)).because];
    const inDays = (days: number) => new Date(house.now() + days * day * 3_600_000).toISOString();
    house.pass(2 * day);
    await house.post(`/api/leads/${lead.id}/follow-ups`, { text: 'Spoke with her', outcome: 'reached', nextStep: 'Send the offer' }, 'Ana');
    expect(await ends()).toEqual([inDays(3), 'noFollowUp']);
    house.pass(2 * day);
    await house.leads.noteContact(lead.id, house.now());
    expect(await ends()).toEqual([inDays(3), 'noFollowUp']);
    await house.leads.noteContact(lead.id, house.now() - 1_000);
    house.pass(5 * day);
    await house.leads.noteContact(lead.id, house.now());
    expect(await ends()).toEqual([inDays(1), 'notConverted']);
  });

  it('hold at once for every lead when the company changes them', async () => {
    await house.rule({});
    const lead = await house.make({}, house.ana.userId);
    expect(lead.fields['poolsAt']).toBeNull();
    const before = await house.rule({ noFollowUpDays: 9 });
    expect(await house.read(lead.id)).toMatchObject({ version: lead.version, fields: { poolsAt: new Date(house.now() + 9 * day * 3_600_000).toISOString() } });
    const late = await house.ask<Refused>('PUT', '/api/lead-rules', { circulation: {}, version: before.version - 1 });
    expect([late.status, late.body.error.code]).toEqual([409, 'changedMeanwhile']);
    expect((await house.ask('PUT', '/api/lead-rules', { circulation: {}, version: before.version }, 'Ana')).status).toBe(403);
    expect((await house.ask('PUT', '/api/lead-rules', { circulation: { maxHeld: 0 }, version: before.version })).status).toBe(400);
    expect((await house.get<LeadRules>('/api/lead-rules', 'Ana')).body.circulation.noFollowUpDays).toBe(9);
  });

  it('reach leads that were put into the table past them, and those whose owner left', async () => {
    await house.rule({ noFollowUpDays: 4 });
    const ids = [randomUUID(), randomUUID()];
    await house.database.$client.query(`insert into leads (id, name, stage, owner_id) values ($1, 'Imported', 'new', $3), ($2, 'Imported', 'new', null)`, [...ids, house.bruno.userId]);
    expect((await house.leads.circulate()).settled).toBe(2);
    expect(await house.read(ids[0] as string)).toMatchObject({ fields: { heldSince: new Date(house.now()).toISOString(), poolsAt: new Date(house.now() + 4 * day * 3_600_000).toISOString() } });
    expect(await house.read(ids[1] as string)).toMatchObject({ ownerId: null, fields: { poolReason: 'unassigned' } });
    expect((await house.leads.circulate()).settled).toBe(0);
    const leaver = await house.signIn('Leaver');
    const lead = await house.make({}, leaver.userId);
    await house.database.$client.query('update users set active = false where id = $1', [leaver.userId]);
    expect((await house.leads.circulate()).pooled.ownerLeft).toBe(1);
    expect(await house.read(lead.id)).toMatchObject({ ownerId: null, fields: { poolReason: 'ownerLeft', formerOwnerId: leaver.userId } });
  });

  it('take thousands in batches, on two servers at once, each lead once', async () => {
    await house.rule({ noFollowUpDays: 2 });
    await house.database.$client.query(
      `insert into leads (id, name, stage, owner_id, held_since) select gen_random_uuid(), 'Many ' || i, 'new', $1, now() from generate_series(1, 2300) i`, [house.bruno.userId]);
    await house.database.$client.query(`update leads set held_since = $2 where owner_id = $1`, [house.bruno.userId, new Date(house.now()).toISOString()]);
    await house.leads.circulate();
    await house.rule({ noFollowUpDays: 3 });
    house.pass(3 * day + 1);
    const reports = await Promise.all([house.leads.circulate(), house.leads.circulate()]);
    expect(reports[0].pooled.noFollowUp + reports[1].pooled.noFollowUp).toBeGreaterThanOrEqual(2_300);
    const { rows } = await house.database.$client.query<{ leads: string; lines: string; moves: string }>(`
      select count(*) as leads, (select count(*) from audit_log a join leads l on l.id::text = a.record_id where l.name like 'Many %' and a.action = 'lead.pooled') as lines,
        (select count(*) from lead_moves m join leads l on l.id = m.lead_id where l.name like 'Many %' and m.how = 'noFollowUp') as moves
      from leads where name like 'Many %' and owner_id is null`);
    expect(rows[0]).toEqual({ leads: '2300', lines: '2300', moves: '2300' });
  });
});

describe('follow-ups', () => {
  it('are kept with who, outcome and next step, move a new lead on, and are in its history', async () => {
    await house.rule({});
    const lead = await house.make({}, house.ana.userId);
    const { status, body } = await house.post<CrmRecord>(`/api/leads/${lead.id}/follow-ups`, { text: 'Wants a demo', outcome: 'interested', nextStep: 'Demo', nextStepAt: '2026-03-01T10:00:00.000Z' }, 'Ana');
    expect(status).toBe(201);
    expect(body.fields).toMatchObject({ stage: 'contacted', nextStep: 'Demo', nextStepAt: '2026-03-01T10:00:00.000Z', lastFollowUpAt: new Date(house.now()).toISOString() });
    house.pass(1);
    await house.post(`/api/leads/${lead.id}/follow-ups`, { text: 'No answer', outcome: 'notReached' }, 'Ana');
    const { body: log } = await house.get<Page<FollowUp>>(`/api/leads/${lead.id}/follow-ups?limit=1`, 'Ana');
    expect(log.items).toMatchObject([{ text: 'No answer', outcome: 'notReached', userName: 'Ana', nextStep: 'Demo' }]);
    const { body: rest } = await house.get<Page<FollowUp>>(`/api/leads/${lead.id}/follow-ups?cursor=${String(log.nextCursor)}`, 'Ana');
    expect(rest.items.map((one) => one.text)).toEqual(['Wants a demo']);
    expect((await history(lead.id)).filter((entry) => entry.text === 'lead.followedUp')).toHaveLength(2);
  });
  it('need a lead that is one’s own, not the pool’s, nor somebody else’s', async () => {
    const pooled = await house.make();
    expect(code(await house.post(`/api/leads/${pooled.id}/follow-ups`, { text: 'x' }, 'Ana'))).toEqual([403, 'forbidden']);
    const other = await house.make({}, house.bruno.userId);
    expect(code(await house.post(`/api/leads/${other.id}/follow-ups`, { text: 'x' }, 'Ana'))).toEqual([404, 'notFound']);
    expect(code(await house.get(`/api/leads/${other.id}/follow-ups`, 'Ana'))).toEqual([404, 'notFound']);
    expect(code(await house.post(`/api/leads/${other.id}/release`, undefined, 'Ana'))).toEqual([404, 'notFound']);
    expect(code(await house.post(`/api/leads/${other.id}/follow-ups`, { text: '' }, 'Bruno'))).toEqual([400, 'invalidBody']);
  });
});

describe('what lies in the pool', () => {
  it('is changed and deleted by who may change others’ leads, not by who only takes them', async () => {
    await house.rule({});
    const lead = await house.make({ name: 'Untouched' });
    const path = `/api/records/lead/${lead.id}`;
    expect(code(await house.ask('PATCH', path, { fields: { name: 'Mine' }, version: lead.version }, 'Ana'))).toEqual([403, 'forbidden']);
    expect(code(await house.ask('PATCH', path, { ownerId: house.bruno.userId, version: lead.version }, 'Ana'))).toEqual([403, 'forbidden']);
    expect(code(await house.ask('DELETE', path, undefined, 'Ana'))).toEqual([403, 'forbidden']);
    expect((await house.ask('PATCH', path, { fields: { name: 'Better' }, version: lead.version })).status).toBe(200);
    expect((await house.ask('DELETE', path)).status).toBe(204);
  });
});

describe('the lists', () => {
  it('are one’s own by the time they go, the pool, and everybody’s for who may see them', async () => {
    await house.rule({ noFollowUpDays: 5 });
    const eva = await house.signIn('Eva');
    const late = await house.make({ name: 'Late' }, eva.userId);
    house.pass(day);
    const early = await house.make({ name: 'Fresh' }, eva.userId);
    await house.make({ name: 'Closed', stage: 'lost' }, eva.userId);
    const names = async (tab: string, as: string) => (await house.get<Page<LeadRow>>(`/api/leads?tab=${tab}&limit=200`, as)).body.items.map((row) => row.lead.fields['name']);
    expect(await names('mine', 'Eva')).toEqual(['Late', 'Fresh']);
    expect(await names('team', 'Eva')).toEqual(['Late', 'Fresh']);
    expect(await names('team', 'Boss')).toEqual(expect.arrayContaining(['Late', 'Fresh']));
    expect(await names('pool', 'Eva')).not.toContain('Late');
    const { body } = await house.get<Page<LeadRow>>('/api/leads?tab=mine&search=fresh', 'Eva');
    expect(body.items).toMatchObject([{ lead: { id: early.id }, circulation: { state: 'held', because: 'noFollowUp' } }]);
    await house.post(`/api/leads/${late.id}/release`, undefined, 'Eva');
    expect((await house.get<Page<LeadRow>>('/api/leads?tab=pool&limit=1', 'Eva')).body.items).toMatchObject([{ lead: { id: late.id }, circulation: { state: 'pool', grab: { allowed: true } } }]);
  });
});

describe('routes', () => {
  it('hand the pool out in turn by territory, to nobody at the maximum, and leave the rest with the reason', async () => {
    const [fred, gina] = [await house.signIn('Fred'), await house.signIn('Gina')];
    await house.rule({ maxHeld: 2 }, [
      { name: 'South', cities: ['Cádiz', 'Málaga'], userIds: [fred.userId, gina.userId] },
      { name: 'Mexico', countries: ['MX'], userIds: [gina.userId], how: 'leastLoaded' },
    ]);
    const south = await Promise.all(Array.from({ length: 5 }, () => house.make({ city: 'malaga' })));
    const north = await house.make({ city: 'Bilbao' });
    const taken = await house.make({}, house.ana.userId);
    const ids = [...south, north, taken].map((lead) => lead.id);
    const { status, body } = await house.post<AssignAnswer>('/api/leads/assign', { ids });
    expect(status).toBe(200);
    expect(body.assigned.map((one) => one.ownerId).sort()).toEqual([fred.userId, fred.userId, gina.userId, gina.userId].sort());
    expect(body.assigned.map((one) => one.route)).toEqual(['South', 'South', 'South', 'South']);
    expect(body.left).toEqual([{ id: south[4]?.id, reason: 'nobodyFree' }, { id: north.id, reason: 'noRoute' }, { id: taken.id, reason: 'notInPool' }]);
    expect((await history(south[0]?.id as string)).map((entry) => entry.text)).toContain('lead.assignedByRule');
    expect((await house.post('/api/leads/assign', {}, 'Ana')).status).toBe(403);
  });
  it('keep to the maximum when two supervisors assign at once', async () => {
    const hugo = await house.signIn('Hugo');
    await house.rule({ maxHeld: 3 }, [{ name: 'All to Hugo', userIds: [hugo.userId] }]);
    const leads = await Promise.all(Array.from({ length: 10 }, () => house.make()));
    const halves = [leads.slice(0, 5), leads.slice(5)].map((half) => half.map((lead) => lead.id));
    const answers = await Promise.all(halves.map((ids) => house.post<AssignAnswer>('/api/leads/assign', { ids })));
    expect(answers.flatMap((answer) => answer.body.assigned)).toHaveLength(3);
    expect(answers.flatMap((answer) => answer.body.left).map((one) => one.reason)).toEqual(Array.from({ length: 7 }, () => 'nobodyFree'));
  });
});
