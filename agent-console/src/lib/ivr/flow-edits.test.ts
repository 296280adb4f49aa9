import { flowGraph } from '@centralita/cti-server/contracts';
import { expect, test } from 'vitest';
import { addNode, arrange, changeNode, connect, copyNode, removeNodes } from './flow-edits.ts';

const empty = flowGraph.parse({});

test('the first node is where callers begin; the next one is led to by what had no way yet', () => {
  const first = addNode(empty, 'greeting', null);
  const second = addNode(first.graph, 'menu', first.id);
  const third = addNode(second.graph, 'queue', second.id);
  const fourth = addNode(third.graph, 'queue', second.id);
  expect(fourth.graph.startId).toBe('greeting1');
  expect(fourth.graph.edges).toEqual([
    { from: 'greeting1', port: 'next', to: 'menu1' },
    { from: 'menu1', port: 'invalid', to: 'queue1' },
    { from: 'menu1', port: 'timeout', to: 'queue2' },
  ]);
  const places = fourth.graph.nodes.map(({ x, y }) => `${String(x)} ${String(y)}`);
  expect(new Set(places).size).toBe(4);
});

test('a port has one way, and takes it along when its key is another', () => {
  const { graph: first, id } = addNode(empty, 'menu', null);
  let graph = first;
  const [menu] = graph.nodes;
  if (menu?.kind !== 'menu') throw new Error('no menu');
  graph = changeNode(graph, { ...menu, keys: [{ key: '1', label: '' }, { key: '2', label: '' }] });
  graph = addNode(graph, 'hangUp', null).graph;
  graph = connect(connect(graph, id, '1', id), id, '1', 'hangUp1');
  expect(graph.edges).toEqual([{ from: id, port: '1', to: 'hangUp1' }]);
  graph = changeNode(graph, { ...menu, keys: [{ key: '5', label: '' }] }, { from: '1', to: '5' });
  expect(graph.edges).toEqual([{ from: id, port: '5', to: 'hangUp1' }]);
  graph = changeNode(graph, { ...menu, keys: [] });
  expect(graph.edges).toEqual([]);
});

test('a node goes with all its ways, and the beginning with it; a copy has none', () => {
  const { graph } = addNode(addNode(empty, 'greeting', null).graph, 'hangUp', 'greeting1');
  expect(removeNodes(graph, new Set(['greeting1']))).toMatchObject({ startId: null, nodes: [{ id: 'hangUp1' }], edges: [] });
  const copied = copyNode(graph, 'greeting1');
  expect(copied?.id).toBe('greeting2');
  expect(copied?.graph.edges).toEqual(graph.edges);
  expect(copyNode(graph, 'nobody')).toBeNull();
});

test('tidied up, each stands right of what leads to it, and circles do not matter', () => {
  let graph = addNode(addNode(empty, 'menu', null).graph, 'menu', 'menu1').graph;
  graph = connect(graph, 'menu2', 'timeout', 'menu1');
  graph = addNode(graph, 'hangUp', null).graph;
  expect(arrange(graph).nodes.map(({ id, x }) => [id, x])).toEqual([
    ['menu1', 0],
    ['menu2', 290],
    ['hangUp1', 580],
  ]);
});
