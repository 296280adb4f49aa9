import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { enterFlow, flowDueAtMs, nextInFlow } from './flow-machine.ts';
import { type FlowCallerFacts, type FlowEvent, type FlowPosition, flowLimits, type FlowStep, type FlowTrailStep, type RunningFlow } from './flow-types.ts';
import { flowGraph, flowKeys, flowNodeKinds, portsOfNode, promptsOfNode, soundKey } from './flows.ts';

const queueId = '00000000-0000-7000-8000-000000000001';
const userId = '00000000-0000-7000-8000-000000000002';
const calendarId = '00000000-0000-7000-8000-000000000003';
const known: FlowCallerFacts = { isKnown: true, tier: 'A', hasOpenTicket: true, ownerId: userId, isOwnerReady: true };
const facts = { playbackPrefix: 'call-1', number: '+34600000001', country: 'ES', dialledNumber: '900', caller: null };

/** A flow from nodes and `from port to` lines; every prompt lasts a second. */
function flowOf(nodes: object[], edges: string[], startId = 'start'): RunningFlow {
  const graph = flowGraph.parse({ startId, nodes, edges: edges.map((edge) => { const [from, port, to] = edge.split(' '); return { from, port, to }; }) });
  const sounds = Object.fromEntries(graph.nodes.flatMap((node) => promptsOfNode(node).map(({ slot }) => [soundKey(node.id, slot), { soundId: `${node.id}-${slot}`, durationMs: 1_000 }])));
  return { id: 'version-1', graph, sounds };
}

/** A caller on a clock of their own. */
function caller(flow: RunningFlow, options: { isOpen?: boolean; caller?: FlowCallerFacts } = {}) {
  const surroundings = { isOpen: () => options.isOpen ?? true };
  let now = 0;
  let step: FlowStep = enterFlow(flow, { ...facts, caller: options.caller ?? null }, surroundings, now);
  const trail: FlowTrailStep[] = [...step.trail];
  const send = (event: FlowEvent): FlowStep | null => {
    const next = nextInFlow(flow, step.position, event, surroundings, now);
    if (next) {
      step = next;
      trail.push(...next.trail);
    }
    return next;
  };
  return {
    get step() {
      return step;
    },
    get at() {
      return step.position.nodeId;
    },
    get doing() {
      return step.position.doing.kind;
    },
    trail,
    send,
    press: (keys: string) => [...keys].map((digit) => send({ kind: 'digitPressed', digit })),
    hear: () => send({ kind: 'playbackEnded', playbackId: step.position.doing.kind === 'playing' ? step.position.doing.playbackId : '' }),
    wait: (ms: number) => (now += ms),
    waitUntilDue: () => {
      now = flowDueAtMs(step.position) ?? now;
      return send({ kind: 'timePassed' });
    },
  };
}

const menuFlow = flowOf(
  [
    { id: 'start', kind: 'greeting' },
    { id: 'menu', kind: 'menu', keys: [{ key: '1' }, { key: '2' }], retryPrompt: { kind: 'words', words: 'Otra vez' }, tries: 2 },
    { id: 'sub', kind: 'menu', keys: [{ key: '5' }] },
    { id: 'sales', kind: 'queue', queueId, priorityBonus: 7 },
    { id: 'bye', kind: 'hangUp', prompt: { kind: 'words', words: 'Adiós' } },
  ],
  ['start next menu', 'menu 1 sales', 'menu 2 sub', 'menu invalid bye', 'menu timeout bye', 'sub 5 sales', 'sub invalid bye', 'sub timeout bye'],
);

describe('prompts and keys', () => {
  test('a greeting is heard out, then the menu asks, and a key leads on', () => {
    const one = caller(menuFlow);
    expect(one.step.effects).toEqual([{ kind: 'play', playbackId: 'call-1-1', prompts: [{ kind: 'sound', soundId: 'start-prompt' }], nodeId: 'start', slots: ['prompt'] }]);
    one.hear();
    one.hear();
    expect([one.at, one.doing]).toEqual(['menu', 'listening']);
    one.press('1');
    expect(one.step.exit).toEqual({ kind: 'queue', queueId, priorityBonus: 7 });
    expect(flowDueAtMs(one.step.position)).toBeNull();
  });

  test('a key during the prompt stops it and counts', () => {
    const one = caller(menuFlow);
    one.hear();
    const [step] = one.press('1');
    expect(step?.effects).toEqual([{ kind: 'stopPlaying', playbackId: 'call-1-2' }]);
    expect(step?.exit?.kind).toBe('queue');
  });

  test('keys typed ahead answer the questions to come, without those being asked', () => {
    const one = caller(menuFlow);
    const steps = one.press('25');
    expect(one.step.exit?.kind).toBe('queue');
    expect(steps.flatMap((step) => step?.effects ?? []).map((effect) => effect.kind)).toEqual(['stopPlaying', 'play', 'stopPlaying']);
    expect(one.trail.filter((step) => step.what === 'pressed').map((step) => step.nodeId)).toEqual(['menu', 'sub']);
  });

  test('a prompt that must be heard out keeps the keys for afterwards', () => {
    const flow = flowOf(
      [
        { id: 'start', kind: 'greeting', interruptible: false },
        { id: 'menu', kind: 'menu', keys: [{ key: '1' }], interruptible: false },
        { id: 'queue', kind: 'queue', queueId },
      ],
      ['start next menu', 'menu 1 queue', 'menu invalid queue', 'menu timeout queue'],
    );
    const one = caller(flow);
    one.press('1');
    expect([one.at, one.doing]).toEqual(['start', 'playing']);
    one.hear();
    expect([one.at, one.doing]).toEqual(['menu', 'playing']);
    one.hear();
    expect(one.step.exit?.kind).toBe('queue');
  });

  test('wrong keys and silence share the tries, and the last one says which way it goes', () => {
    const one = caller(menuFlow);
    one.hear();
    one.hear();
    one.press('9');
    expect(one.step.effects).toMatchObject([{ kind: 'play', slots: ['retryPrompt', 'prompt'] }]);
    one.hear();
    one.waitUntilDue();
    expect(one.trail).toContainEqual({ nodeId: 'menu', what: 'wentOn', port: 'timeout' });
    expect([one.at, one.doing, one.step.exit]).toEqual(['bye', 'playing', null]);
    one.hear();
    expect(one.step.exit).toEqual({ kind: 'hangUp', reason: 'asked' });
  });

  test('after a wrong key, what was typed behind it is forgotten', () => {
    const one = caller(menuFlow);
    one.press('9');
    one.press('1');
    expect(one.step.exit?.kind).toBe('queue');
    const other = caller(menuFlow);
    other.hear();
    const flow = other.step.position;
    const ahead: FlowPosition = { ...flow, ahead: '91' };
    const step = nextInFlow(menuFlow, ahead, { kind: 'timePassed' }, { isOpen: () => true }, flowLimits.playbackMarginMs + 1_000);
    expect(step?.position).toMatchObject({ nodeId: 'menu', ahead: '', tries: 1, doing: { kind: 'playing' } });
  });
});

describe('collected digits', () => {
  const flow = flowOf(
    [
      { id: 'start', kind: 'digits', variable: 'order', minDigits: 2, maxDigits: 4, tries: 2 },
      { id: 'branch', kind: 'branch', on: { kind: 'variable', name: 'order' }, cases: [{ id: 'vip', test: 'startsWith', values: ['99'] }, { id: 'exact', values: ['1234'] }] },
      { id: 'menu', kind: 'menu', keys: [{ key: '#' }] },
      { id: 'bye', kind: 'hangUp' },
      { id: 'queue', kind: 'queue', queueId },
    ],
    ['start next branch', 'start invalid bye', 'start timeout bye', 'branch vip queue', 'branch exact menu', 'branch otherwise bye', 'menu # queue', 'menu invalid bye', 'menu timeout bye'],
  );

  test.each([
    ['99#', 'queue'],
    ['1234', 'menu'],
    ['77#', 'bye'],
  ])('%s leads to %s', (keys, to) => {
    const one = caller(flow);
    one.press(keys);
    expect(one.at).toBe(to);
  });

  test('the end key from habit after the last digit answers nothing, later it does', () => {
    const one = caller(flow);
    one.press('1234#');
    expect(one.at).toBe('menu');
    one.wait(flowLimits.needlessEndKeyMs);
    one.press('#');
    expect(one.step.exit?.kind).toBe('queue');
  });

  test('a pause ends an input that is long enough; a short one is asked for again', () => {
    const one = caller(flow);
    one.press('99');
    one.waitUntilDue();
    expect(one.at).toBe('queue');
    const other = caller(flow);
    other.press('9');
    other.waitUntilDue();
    expect([other.at, other.doing, other.step.position.digits]).toEqual(['start', 'playing', '']);
    other.press('#');
    expect(other.at).toBe('bye');
  });

  test('a secret input is nowhere in what is written down', () => {
    const secret = flowOf([{ id: 'start', kind: 'digits', variable: 'pin', maxDigits: 4, secret: true }, { id: 'bye', kind: 'hangUp' }], ['start next bye', 'start invalid bye', 'start timeout bye']);
    const one = caller(secret);
    one.press('4711');
    expect(one.trail).toContainEqual({ nodeId: 'start', what: 'collected', keys: '••••' });
    expect(JSON.stringify(one.trail)).not.toContain('4711');
  });
});

describe('what is known', () => {
  const flow = flowOf(
    [
      { id: 'start', kind: 'hours', calendarId },
      { id: 'tier', kind: 'caller', by: 'tier' },
      { id: 'owner', kind: 'caller', by: 'isOwnerReady' },
      { id: 'agent', kind: 'agent', to: { kind: 'owner' }, patienceSeconds: 15 },
      { id: 'number', kind: 'number', number: '+34910000001' },
      { id: 'offer', kind: 'callback', queueId },
      { id: 'mail', kind: 'voicemail', queueId, prompt: { kind: 'words', words: 'Deje su mensaje' } },
      { id: 'queue', kind: 'queue', queueId },
    ],
    ['start open tier', 'start closed mail', 'tier A owner', 'tier B queue', 'tier C queue', 'tier unknown queue', 'owner yes agent', 'owner no queue', 'agent otherwise number', 'number failed offer', 'offer refused queue'],
  );

  test('outside opening hours the caller comes to the voicemail, with its greeting', () => {
    expect(caller(flow, { isOpen: false }).step.exit).toEqual({ kind: 'voicemail', queueId, prompts: [{ kind: 'sound', soundId: 'mail-prompt' }] });
  });

  test('the caller is looked up once it matters, and where nobody can be reached the flow goes on', () => {
    const one = caller(flow);
    expect(one.step.effects).toEqual([{ kind: 'lookUp' }]);
    one.send({ kind: 'lookedUp', caller: known });
    expect(one.step.exit).toEqual({ kind: 'agent', agentId: userId, patienceSeconds: 15 });
    one.send({ kind: 'exitFailed', reason: 'noAnswer' });
    expect(one.step.exit).toMatchObject({ kind: 'number', number: '+34910000001' });
    one.send({ kind: 'exitFailed', reason: 'busy' });
    expect([one.at, one.doing]).toEqual(['offer', 'playing']);
    one.press('1');
    expect(one.step.exit).toEqual({ kind: 'callbackOffer', queueId });
  });

  test('who is ready is asked anew when the facts are old; who somebody is, is not', () => {
    const flow = flowOf(
      [
        { id: 'start', kind: 'agent', to: { kind: 'owner' } },
        { id: 'tier', kind: 'caller', by: 'tier' },
        { id: 'owner', kind: 'caller', by: 'isOwnerReady' },
        { id: 'bye', kind: 'hangUp' },
      ],
      ['start otherwise tier', 'tier A owner', 'tier B bye', 'tier C bye', 'tier unknown bye', 'owner yes bye', 'owner no bye'],
    );
    const one = caller(flow, { caller: known });
    one.wait(flowLimits.callerFactsMs);
    one.send({ kind: 'exitFailed', reason: 'noAnswer' });
    expect([one.at, one.doing, one.step.effects]).toEqual(['owner', 'lookingUp', [{ kind: 'lookUp' }]]);
    one.send({ kind: 'lookedUp', caller: { ...known, isOwnerReady: false } });
    expect(one.trail).toContainEqual({ nodeId: 'owner', what: 'wentOn', port: 'no' });
  });

  test('a look-up that nobody answers counts as an unknown caller', () => {
    const one = caller(flow);
    one.waitUntilDue();
    expect(one.step.exit?.kind).toBe('queue');
    expect(one.send({ kind: 'lookedUp', caller: known })).toBeNull();
  });
});

describe('nothing hangs', () => {
  test('a lost end of a sound is taken as come after its length', () => {
    const one = caller(menuFlow);
    expect(flowDueAtMs(one.step.position)).toBe(1_000 + flowLimits.playbackMarginMs);
    one.waitUntilDue();
    expect(one.at).toBe('menu');
  });

  test('late, repeated and foreign events change nothing', () => {
    const one = caller(menuFlow);
    expect(one.send({ kind: 'playbackEnded', playbackId: 'other' })).toBeNull();
    expect(one.send({ kind: 'timePassed' })).toBeNull();
    expect(one.send({ kind: 'compared' })).toBeNull();
    expect(one.send({ kind: 'exitFailed', reason: '' })).toBeNull();
    one.hear();
    expect(one.send({ kind: 'playbackEnded', playbackId: 'call-1-1' })).toBeNull();
    one.press('1');
    expect([...one.press('1'), one.send({ kind: 'timePassed' }), one.send({ kind: 'compared' })]).toEqual([null, null, null]);
  });

  test('after a gap a question to the customer records is put again, and what is overdue happens', () => {
    const flow = flowOf([{ id: 'start', kind: 'caller' }, { id: 'bye', kind: 'hangUp' }], ['start yes bye', 'start no bye']);
    const one = caller(flow);
    expect(one.send({ kind: 'compared' })?.effects).toEqual([{ kind: 'lookUp' }]);
    one.wait(flowLimits.lookUpMs);
    one.send({ kind: 'compared' });
    expect(one.step.exit?.kind).toBe('hangUp');
  });

  test('who is led round and round without pressing anything is let go', () => {
    const flow = flowOf([{ id: 'start', kind: 'menu', keys: [{ key: '1' }] }, { id: 'bye', kind: 'hangUp' }], ['start 1 bye', 'start invalid start', 'start timeout start']);
    const one = caller(flow);
    for (let steps = 0; steps < 2_000 && one.step.exit === null; steps += 1) one.waitUntilDue();
    expect(one.step.exit).toEqual({ kind: 'hangUp', reason: 'tooManySteps' });
  });

  test('a way that leads nowhere ends the call instead of leaving the caller in silence', () => {
    expect(caller(flowOf([{ id: 'start', kind: 'hours' }], [])).step.exit).toEqual({ kind: 'hangUp', reason: 'broken' });
    expect(caller(flowOf([], [], 'nobody')).step.exit).toEqual({ kind: 'hangUp', reason: 'broken' });
  });

  const anyFlow = fc
    .record({ kinds: fc.array(fc.constantFrom(...flowNodeKinds), { minLength: 1, maxLength: 8 }), seed: fc.array(fc.nat(), { minLength: 100, maxLength: 100 }), interruptible: fc.boolean() })
    .map(({ kinds, seed, interruptible }) => {
      const nodes = kinds.map((kind, index) => ({
        ...{ id: `n${String(index)}`, kind },
        ...(['greeting', 'menu', 'digits', 'callback'].includes(kind) ? { interruptible } : {}),
        ...(kind === 'menu' ? { keys: [{ key: '1' }, { key: '#' }] } : {}),
        ...(kind === 'digits' ? { variable: 'v', maxDigits: 3, endKey: index % 2 ? '#' : null } : {}),
        ...(kind === 'branch' ? { cases: [{ id: 'c1', values: ['1'] }] } : {}),
        ...(['queue', 'voicemail', 'callback'].includes(kind) && index % 3 ? { queueId } : {}),
      }));
      const parsed = flowGraph.parse({ nodes });
      // some ports lead nowhere, some to a node that is not there
      const edges = parsed.nodes.flatMap((node, at) => portsOfNode(node).map((port, index) => `${node.id} ${port} n${String((seed[(at * 12 + index) % 100] ?? 0) % (kinds.length + 1))}`));
      return flowOf(nodes, edges, 'n0');
    });
  const anyEvent = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...flowKeys).map((digit): FlowEvent => ({ kind: 'digitPressed', digit })) },
    { weight: 3, arbitrary: fc.constantFrom<'mine' | 'other'>('mine', 'other') },
    { weight: 3, arbitrary: fc.constant<FlowEvent>({ kind: 'timePassed' }) },
    fc.constant<FlowEvent>({ kind: 'lookedUp', caller: known }),
    fc.constant<FlowEvent>({ kind: 'exitFailed', reason: 'busy' }),
    fc.constant<FlowEvent>({ kind: 'compared' }),
  );

  test('whatever happens in whatever flow, there is an exit or a time to look again, and time alone leads out', () => {
    fc.assert(
      fc.property(anyFlow, fc.array(fc.tuple(anyEvent, fc.nat(20_000)), { maxLength: 60 }), (flow, happenings) => {
        const surroundings = { isOpen: (_id: string, atMs: number) => atMs % 2 === 0 };
        let now = 0;
        let step = enterFlow(flow, facts, surroundings, now);
        const playbacks = new Set<string>();
        const look = (): void => {
          expect(step.exit !== null).toBe(step.position.doing.kind === 'left');
          expect(flowDueAtMs(step.position) === null).toBe(step.exit !== null);
          expect(JSON.parse(JSON.stringify(step.position))).toEqual(step.position);
          for (const effect of step.effects) {
            if (effect.kind !== 'play') continue;
            expect(playbacks.has(effect.playbackId)).toBe(false);
            playbacks.add(effect.playbackId);
          }
        };
        look();
        for (const [what, passedMs] of happenings) {
          now += passedMs;
          const { doing } = step.position;
          const event: FlowEvent = typeof what === 'object' ? what : { kind: 'playbackEnded', playbackId: what === 'mine' && doing.kind === 'playing' ? doing.playbackId : 'other' };
          const before = JSON.stringify(step.position);
          const next = nextInFlow(flow, step.position, event, surroundings, now);
          expect(JSON.stringify(step.position)).toBe(before);
          if (next) step = next;
          if (next) look();
        }
        for (let rounds = 0; step.exit === null; rounds += 1) {
          expect(rounds).toBeLessThan(flowLimits.visits * 20);
          now = Math.max(now, flowDueAtMs(step.position) ?? 0);
          const next = nextInFlow(flow, step.position, { kind: 'timePassed' }, surroundings, now);
          expect(next).not.toBeNull();
          if (next) step = next;
        }
      }),
      { numRuns: 500, seed: 4 },
    );
  }, 60_000);
});
