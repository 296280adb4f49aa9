import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../../app.testing.ts';
import type { Console } from '../../console.testing.ts';
import type { Desk } from '../../contracts/index.ts';
import { until } from '../../until.testing.ts';

const outside = '+34600710100';

describe('handing a customer on', () => {
  let house: House;
  let ana: Console;
  let bruno: Console;
  let caller: ReturnType<House['rings']>;
  let callId: string;
  let otherQueue: string;
  beforeAll(async () => {
    house = await openHouse({});
    await house.queue('910', ['ana']);
    otherQueue = (await house.queue('911', ['bruno'])).id;
  });
  afterEach(() => house.goHome());
  afterAll(() => house.close());

  /** Ana talks with the caller; Bruno is ready. */
  const talking = async (onRing: Parameters<House['agentAt']>[1] = { kind: 'answers', afterMs: 20 }): Promise<void> => {
    ana = await house.agentAt('ana', { kind: 'answers', afterMs: 5 });
    bruno = await house.agentAt('bruno', onRing);
    caller = house.rings('910');
    await ana.untilState('onCall');
    ({ callId } = ana);
    await until('both are in one room', () => caller.hears().legs.length === 1);
  };
  const move = (path: string, body: unknown = {}): Promise<Desk> => ana.do<Desk>('POST', `/api/calls/${callId}/${path}`, body);
  const toBruno = () => ({ to: { kind: 'agent', agentId: bruno.id } });
  const hearsOne = (): Promise<unknown> => until('the customer talks with one party', () => !caller.hears().music && caller.hears().legs.length === 1);

  it('blind to a colleague: the agent is out at once, the colleague has the call and its wrap-up', async () => {
    await talking();
    await move('transfer', toBruno());
    await ana.untilState('wrapUp');
    await bruno.until('Bruno talks', (desk) => desk.call?.id === callId && desk.call.state === 'talking' && desk.role === 'agent');
    await hearsOne();
    await bruno.hangsUp();
    await bruno.untilState('wrapUp');
    expect(await house.untilEnded(callId)).toMatchObject({ agentId: bruno.id, outcome: 'answered' });
  });

  it('blind to a colleague who does not take it: the customer goes to the head of the queue, not into silence', async () => {
    await talking({ kind: 'refuses', afterMs: 20 });
    await move('transfer', toBruno());
    await ana.untilState('wrapUp');
    await bruno.untilState('missed');
    await until('the customer hears music', () => caller.hears().music);
    await ana.wrapsUp();
    await ana.until('the first who is free gets them', (desk) => desk.call?.id === callId && desk.call.state === 'talking');
    expect(await house.kinds(callId)).toEqual(expect.arrayContaining(['callTransferred', 'transferFailed', 'callQueued']) as string[]);
  });

  it('blind into another queue: an entry of its own there, with its own agent', async () => {
    await talking();
    await move('transfer', { to: { kind: 'queue', queueId: otherQueue } });
    await bruno.until('Bruno talks', (desk) => desk.call?.id === callId && desk.call.state === 'talking');
    expect(bruno.desk?.call?.queue?.id).toBe(otherQueue);
    expect((await house.kinds(callId)).filter((kind) => kind === 'callQueued')).toHaveLength(2);
    await hearsOne();
  });

  it('blind to a number: customer and outside party go on without us, until one of them hangs up', async () => {
    await talking();
    house.line.numberDoes(outside, { kind: 'answers', afterMs: 20 });
    await move('transfer', { to: { kind: 'number', number: outside } });
    await ana.untilState('wrapUp');
    await hearsOne();
    await until('the call is with the outside party', async () => (await (await house.administrator()).call(callId)).state === 'onward');
    caller.hangsUp();
    await house.untilEnded(callId);
    await until('nothing is left at the switch', () => house.line.inspect().legs.length === 0);
  });

  it('with a word first: music for the customer meanwhile, swapped and joined, then the two go on', async () => {
    await talking();
    await move('consult', toBruno());
    await bruno.until('Bruno is asked', (desk) => desk.role === 'consulted');
    await until('the customer hears music', () => caller.hears().music);
    await ana.until('they talk in private', (desk) => desk.call?.consult?.state === 'private');
    await move('consult/swap');
    await hearsOne();
    await move('consult/swap');
    await until('the customer hears music', () => caller.hears().music);
    await move('consult/join');
    await until('all three talk', () => !caller.hears().music && caller.hears().legs.length === 2);
    await move('consult/complete');
    await ana.untilState('wrapUp');
    await bruno.until('Bruno has the call', (desk) => desk.role === 'agent' && desk.call?.state === 'talking');
    await hearsOne();
    await bruno.hangsUp();
    await house.untilEnded(callId);
    expect(await house.kinds(callId)).toEqual(expect.arrayContaining(['consultStarted', 'consultAnswered', 'consultSwapped', 'consultJoined', 'callTransferred']) as string[]);
  });

  it('asked and taken back: with the customer again at once; the colleague has missed nothing', async () => {
    await talking({ kind: 'byHand' });
    await move('consult', toBruno());
    await bruno.untilState('ringing');
    await move('consult/cancel');
    await bruno.untilState('ready');
    await hearsOne();
    expect(ana.desk?.call?.state).toBe('talking');
  });

  it('asked and refused: with the customer again at once', async () => {
    await talking({ kind: 'refuses', afterMs: 20 });
    await move('consult', toBruno());
    await bruno.untilState('missed');
    await ana.until('back with the customer', (desk) => desk.call?.state === 'talking' && desk.call.consult === null);
    await hearsOne();
  });

  it('to a queue with a word first: its next free agent is asked', async () => {
    await talking();
    await bruno.becomes({ state: 'offline' });
    await move('consult', { to: { kind: 'queue', queueId: otherQueue } });
    await ana.until('waits for the queue', (desk) => desk.call?.consult?.state === 'queued');
    await bruno.becomes({ state: 'ready' });
    await ana.until('they talk', (desk) => desk.call?.consult?.state === 'private');
    await move('consult/complete');
    await bruno.until('Bruno has the call', (desk) => desk.role === 'agent' && desk.call?.state === 'talking');
    await hearsOne();
  });

  it('the customer hangs up in the middle: everybody is free', async () => {
    await talking();
    await move('consult', toBruno());
    await ana.until('they talk in private', (desk) => desk.call?.consult?.state === 'private');
    caller.hangsUp();
    await ana.untilState('wrapUp');
    await bruno.untilState('ready');
    await until('nothing is left at the switch', () => house.line.inspect().legs.length === 0);
  });

  it('the agent’s page dies in the middle: whom they asked takes the customer over', async () => {
    await talking();
    await move('consult', toBruno());
    await ana.until('they talk in private', (desk) => desk.call?.consult?.state === 'private');
    ana.closesPage();
    await bruno.until('Bruno has the call', (desk) => desk.role === 'agent' && desk.call?.state === 'talking', house.clock);
    await hearsOne();
  });

  it('a colleague who is not free is not asked', async () => {
    await talking();
    await bruno.becomes({ state: 'offline' });
    expect(await ana.refused('POST', `/api/calls/${callId}/consult`, toBruno())).toBe('409 agentNotFree');
    expect(await ana.refused('POST', `/api/calls/${callId}/transfer`, { to: { kind: 'number', number: 'x' } })).toBe('400 notANumber');
    expect(await ana.refused('POST', `/api/calls/${callId}/consult/join`)).toBe('409 wrongState');
    await hearsOne();
  });
});
