import { describe, expect, test } from 'vitest';
import { checkFlow, type FlowSetup } from './flow-check-rules.ts';
import { flowGraph } from './flows.ts';

const [queueId, offId, userId, calendarId, promptId] = ['1', '2', '3', '4', '5'].map((digit) => `00000000-0000-7000-8000-00000000000${digit}`) as [string, string, string, string, string];
const setup: FlowSetup = {
  queues: new Map([[queueId, { active: true }], [offId, { active: false }]]),
  agents: new Map([[userId, { active: true }]]),
  calendars: new Set([calendarId]),
  prompts: new Map([[promptId, new Set(['es'])]]),
};
const words = { kind: 'words', words: 'Hola' };
const wayOf = (edge: string): object => {
  const [from, port, to] = edge.split(' ');
  return { from, port, to };
};
const check = (nodes: object[], edges: string[], startId: string | null = 'a') =>
  checkFlow(flowGraph.parse({ startId, nodes, edges: edges.map(wayOf) }), 'es', setup).map(({ severity, code, nodeId, field }) => `${severity} ${code} ${String(nodeId)} ${String(field)}`);

test('a whole flow has no problem', () => {
  expect(
    check(
      [
        { id: 'a', kind: 'hours', calendarId },
        { id: 'menu', kind: 'menu', prompt: words, keys: [{ key: '1' }, { key: '#' }] },
        { id: 'order', kind: 'digits', prompt: { kind: 'prompt', promptId }, variable: 'order' },
        { id: 'branch', kind: 'branch', on: { kind: 'variable', name: 'order' }, cases: [{ id: 'c1', values: ['1'] }] },
        { id: 'queue', kind: 'queue', queueId },
        { id: 'agent', kind: 'agent', to: { kind: 'user', userId } },
        { id: 'number', kind: 'number', number: '+34910000001' },
        { id: 'mail', kind: 'voicemail', queueId },
      ],
      ['a open menu', 'a closed mail', 'menu 1 order', 'menu # agent', 'menu invalid queue', 'menu timeout queue', 'order next branch', 'order invalid queue', 'order timeout queue', 'branch c1 queue', 'branch otherwise queue', 'agent otherwise number', 'number failed queue'],
    ),
  ).toEqual([]);
});

describe('ways', () => {
  test.each<[string, object[], string[], string | null, string[]]>([
    ['an empty flow has no start', [], [], null, ['error noStart null startId']],
    ['a way out that leads nowhere', [{ id: 'a', kind: 'greeting', prompt: words }], [], 'a', ['error portLeadsNowhere a port:next']],
    ['a way to a node that is gone', [{ id: 'a', kind: 'greeting', prompt: words }], ['a next gone'], 'a', ['error portLeadsNowhere a port:next']],
    ['two ways from one port', [{ id: 'a', kind: 'greeting', prompt: words }, { id: 'b', kind: 'hangUp' }], ['a next b', 'a next b'], 'a', ['error twoWaysFromPort a port:next']],
    ['a way from a key that the menu has no more', [{ id: 'a', kind: 'hangUp' }], ['a 1 a'], 'a', ['error unknownPort a port:1', 'error loopWithoutInput a null']],
    ['a node that no caller reaches', [{ id: 'a', kind: 'hangUp' }, { id: 'b', kind: 'hangUp' }], [], 'a', ['warning unreachable b null']],
    ['a node twice', [{ id: 'a', kind: 'hangUp' }, { id: 'a', kind: 'hangUp' }], [], 'a', ['error repeatedNode a null']],
    ['a circle of announcements', [{ id: 'a', kind: 'greeting', prompt: words }, { id: 'b', kind: 'greeting', prompt: words }], ['a next b', 'b next a'], 'a', ['error loopWithoutInput a null']],
    [
      'a menu that silent callers hear again and again',
      [{ id: 'a', kind: 'menu', prompt: words, keys: [{ key: '1' }] }, { id: 'b', kind: 'hangUp' }],
      ['a 1 b', 'a invalid a', 'a timeout a'],
      'a',
      ['warning loopForSilent a null'],
    ],
  ])('%s', (_name, nodes, edges, startId, expected) => {
    expect(check(nodes, edges, startId)).toEqual(expected);
  });

  test('a circle through a question is a menu one comes back to', () => {
    expect(
      check(
        [{ id: 'a', kind: 'greeting', prompt: words }, { id: 'm', kind: 'menu', prompt: words, keys: [{ key: '9' }] }, { id: 'b', kind: 'hangUp' }],
        ['a next m', 'm 9 a', 'm invalid b', 'm timeout b'],
      ),
    ).toEqual([]);
  });
});

describe('fields', () => {
  const end = { id: 'z', kind: 'hangUp' };
  test.each<[object, string[], string[]]>([
    [{ kind: 'greeting' }, ['a next z'], ['error promptMissing a prompt']],
    [{ kind: 'greeting', prompt: { kind: 'prompt', promptId: queueId } }, ['a next z'], ['error promptUnknown a prompt']],
    [{ kind: 'menu', prompt: words }, ['a invalid z', 'a timeout z'], ['error menuWithoutKeys a keys']],
    [{ kind: 'menu', prompt: words, keys: [{ key: '1' }, { key: '1' }] }, ['a 1 z', 'a invalid z', 'a timeout z'], ['error keyTwice a keys']],
    [{ kind: 'digits', prompt: words, minDigits: 5, maxDigits: 4 }, ['a next z', 'a invalid z', 'a timeout z'], ['error variableMissing a variable', 'error minAboveMax a minDigits']],
    [{ kind: 'hours' }, ['a open z', 'a closed z'], ['error calendarMissing a calendarId']],
    [{ kind: 'hours', calendarId: queueId }, ['a open z', 'a closed z'], ['error calendarUnknown a calendarId']],
    [{ kind: 'branch', on: { kind: 'variable', name: 'nobody' } }, ['a otherwise z'], ['error variableUnknown a on', 'error branchWithoutCases a cases']],
    [{ kind: 'branch', cases: [{ id: 'c1' }] }, ['a c1 z', 'a otherwise z'], ['error caseWithoutValue a cases']],
    [{ kind: 'queue' }, [], ['error queueMissing a queueId']],
    [{ kind: 'voicemail', queueId: userId }, [], ['error queueUnknown a queueId']],
    [{ kind: 'queue', queueId: offId }, [], ['warning queueInactive a queueId']],
    [{ kind: 'agent' }, ['a otherwise z'], ['error agentMissing a to']],
    [{ kind: 'agent', to: { kind: 'owner' } }, ['a otherwise z'], []],
    [{ kind: 'number' }, ['a failed z'], ['error numberMissing a number']],
    [{ kind: 'number', number: '910 000 001' }, ['a failed z'], ['error numberWrong a number']],
    [{ kind: 'callback', prompt: words }, ['a refused z'], ['error queueMissing a queueId']],
  ])('%j', (node, edges, expected) => {
    const isEnd = edges.length === 0;
    expect(check([{ id: 'a', ...node }, ...(isEnd ? [] : [end])], edges)).toEqual(expected);
  });

  test('a prompt must be there in the language of the flow', () => {
    const graph = flowGraph.parse({ startId: 'a', nodes: [{ id: 'a', kind: 'hangUp', prompt: { kind: 'prompt', promptId } }] });
    expect(checkFlow(graph, 'en', setup)).toMatchObject([{ code: 'promptNotInLanguage', field: 'prompt' }]);
  });
});
