import { type FlowGraph, flowNode, type FlowNode, type FlowNodeKind, portsOfNode } from '@centralita/cti-server/contracts';

/** What can be done to a drawing. Pure: each answers with the drawing afterwards, so that every step can be taken back. */

const columnWidth = 290;
const rowHeight = 170;

/** A name that no node has yet, for instance `menu2`. */
function freeId(graph: FlowGraph, kind: FlowNodeKind): string {
  const taken = new Set(graph.nodes.map((node) => node.id));
  for (let count = 1; ; count += 1) if (!taken.has(`${kind}${String(count)}`)) return `${kind}${String(count)}`;
}

/** Adds a node, right of `after` and led to by its first port that leads nowhere yet. The first node of all is where callers begin. */
export function addNode(graph: FlowGraph, kind: FlowNodeKind, after: string | null): { graph: FlowGraph; id: string } {
  const id = freeId(graph, kind);
  const before = graph.nodes.find((node) => node.id === after);
  const port = before && portsOfNode(before).find((one) => !graph.edges.some((edge) => edge.from === before.id && edge.port === one));
  const place = placeFor(graph, before);
  const made = flowNode.parse({ id, kind, ...place, ...(kind === 'branch' ? { cases: [{ id: 'c1' }] } : {}) });
  return {
    id,
    graph: {
      startId: graph.startId ?? id,
      nodes: [...graph.nodes, made],
      edges: before && port !== undefined ? [...graph.edges, { from: before.id, port, to: id }] : graph.edges,
    },
  };
}

function placeFor(graph: FlowGraph, before: FlowNode | undefined): { x: number; y: number } {
  const place = before ? { x: before.x + columnWidth, y: before.y } : { x: 0, y: 0 };
  const isTaken = (): boolean => graph.nodes.some((node) => Math.abs(node.x - place.x) < 230 && Math.abs(node.y - place.y) < 130);
  while (isTaken()) place.y += rowHeight;
  return place;
}

export function removeNodes(graph: FlowGraph, ids: ReadonlySet<string>): FlowGraph {
  return {
    startId: graph.startId !== null && ids.has(graph.startId) ? null : graph.startId,
    nodes: graph.nodes.filter((node) => !ids.has(node.id)),
    edges: graph.edges.filter((edge) => !ids.has(edge.from) && !ids.has(edge.to)),
  };
}

/** Lets a port lead to a node, or nowhere (null). A port has one way. */
export function connect(graph: FlowGraph, from: string, port: string, to: string | null): FlowGraph {
  const others = graph.edges.filter((edge) => edge.from !== from || edge.port !== port);
  return { ...graph, edges: to === null ? others : [...others, { from, port, to }] };
}

/** Puts the node in place of the one of its name. Ways of ports that it has no more are gone; `renamed` ports keep theirs. */
export function changeNode(graph: FlowGraph, node: FlowNode, renamed: { from: string; to: string } | null = null): FlowGraph {
  const ports = new Set(portsOfNode(node));
  const edges = graph.edges
    .map((edge) => (edge.from === node.id && edge.port === renamed?.from ? { ...edge, port: renamed.to } : edge))
    .filter((edge) => edge.from !== node.id || ports.has(edge.port));
  return { ...graph, nodes: graph.nodes.map((one) => (one.id === node.id ? node : one)), edges };
}

/** A copy beside it, led to by nothing. */
export function copyNode(graph: FlowGraph, id: string): { graph: FlowGraph; id: string } | null {
  const node = graph.nodes.find((one) => one.id === id);
  if (!node) return null;
  const copy = { ...structuredClone(node), id: freeId(graph, node.kind), ...placeFor(graph, { ...node, x: node.x - columnWidth + 40 }) };
  return { graph: { ...graph, nodes: [...graph.nodes, copy] }, id: copy.id };
}

export function moveNodes(graph: FlowGraph, places: ReadonlyMap<string, { x: number; y: number }>): FlowGraph {
  return { ...graph, nodes: graph.nodes.map((node) => ({ ...node, ...places.get(node.id) })) };
}

/** Column by column from where callers begin; what nobody reaches stands last. */
export function arrange(graph: FlowGraph): FlowGraph {
  const column = new Map<string, number>();
  let wave = graph.startId === null ? [] : [graph.startId];
  for (let depth = 0; wave.length > 0; depth += 1) {
    const now = wave.filter((id) => !column.has(id));
    for (const id of now) column.set(id, depth);
    wave = now.flatMap((id) => {
      const node = graph.nodes.find((one) => one.id === id);
      return node ? portsOfNode(node).flatMap((port) => graph.edges.filter((edge) => edge.from === id && edge.port === port).map((edge) => edge.to)) : [];
    });
  }
  const last = Math.max(-1, ...column.values()) + 1;
  const heights = new Map<number, number>();
  const places = new Map<string, { x: number; y: number }>();
  const order = [...column.keys(), ...graph.nodes.map((node) => node.id).filter((id) => !column.has(id))];
  for (const id of order) {
    const node = graph.nodes.find((one) => one.id === id);
    if (!node) continue;
    const at = column.get(id) ?? last;
    const y = heights.get(at) ?? 0;
    places.set(id, { x: at * columnWidth, y });
    heights.set(at, y + 90 + portsOfNode(node).length * 26 + 24);
  }
  return moveNodes(graph, places);
}
