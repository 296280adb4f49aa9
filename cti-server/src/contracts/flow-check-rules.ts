import type { z } from 'zod';
import type { Locale } from './basics.ts';
import { type FlowGraph, type FlowNode, type FlowPrompt, flowProblem, isOutsideNumber, portsOfNode, promptsOfNode } from './flows.ts';

export type FlowProblem = z.infer<typeof flowProblem>;

/** What a flow may name, as it is set up now. */
export interface FlowSetup {
  /** By id; switched off or not. */
  queues: ReadonlyMap<string, { active: boolean }>;
  agents: ReadonlyMap<string, { active: boolean }>;
  calendars: ReadonlySet<string>;
  /** By id: the languages in which there are words or a recording. */
  prompts: ReadonlyMap<string, ReadonlySet<Locale>>;
}

/**
 * Everything that is wrong with a drawn flow. With an `error` it is not published: some caller would hear nothing or be lost. A `warning`
 * may be what was meant. Codes are stable; the console words them.
 */
export function checkFlow(graph: FlowGraph, language: Locale, setup: FlowSetup): FlowProblem[] {
  const problems: FlowProblem[] = [];
  const tell = (severity: FlowProblem['severity'], code: string, nodeId: string | null, field: string | null = null): void =>
    void problems.push({ severity, code, nodeId, field });
  const nodes = new Map<string, FlowNode>();
  for (const node of graph.nodes) {
    if (nodes.has(node.id)) tell('error', 'repeatedNode', node.id);
    nodes.set(node.id, node);
  }
  if (graph.startId === null || !nodes.has(graph.startId)) tell('error', 'noStart', null, 'startId');
  checkEdges(graph, nodes, tell);
  const reached = reachedFrom(graph, graph.startId);
  const variables = new Set(graph.nodes.map((node) => (node.kind === 'digits' ? node.variable : '')));
  for (const node of nodes.values()) {
    if (!reached.has(node.id)) tell('warning', 'unreachable', node.id);
    for (const { slot, prompt } of promptsOfNode(node)) checkPrompt(prompt, language, setup, (code) => tell('error', code, node.id, slot));
    checkNode(node, setup, variables, (severity, code, field) => tell(severity, code, node.id, field));
  }
  // in a circle of such nodes a caller would go round without ever being asked
  for (const nodeId of firstOfCircles(graph, nodes, (node) => !['menu', 'digits', 'callback', 'agent', 'number'].includes(node.kind)))
    tell('error', 'loopWithoutInput', nodeId);
  const quiet = { menu: ['timeout'], digits: ['timeout'], callback: ['refused'] } as Partial<Record<FlowNode['kind'], string[]>>;
  const isQuiet = (node: FlowNode, port: string): boolean => quiet[node.kind]?.includes(port) ?? true;
  for (const nodeId of firstOfCircles(graph, nodes, (node) => node.kind !== 'agent' && node.kind !== 'number', isQuiet))
    if (!problems.some((problem) => problem.code === 'loopWithoutInput' && problem.nodeId === nodeId)) tell('warning', 'loopForSilent', nodeId);
  return problems;
}

type Tell = (severity: FlowProblem['severity'], code: string, nodeId: string | null, field?: string | null) => void;

function checkEdges(graph: FlowGraph, nodes: ReadonlyMap<string, FlowNode>, tell: Tell): void {
  const taken = new Set<string>();
  for (const edge of graph.edges) {
    const from = nodes.get(edge.from);
    if (!from || !portsOfNode(from).includes(edge.port)) tell('error', 'unknownPort', edge.from, `port:${edge.port}`);
    else if (!nodes.has(edge.to)) tell('error', 'portLeadsNowhere', edge.from, `port:${edge.port}`);
    const place = `${edge.from} ${edge.port}`;
    if (taken.has(place)) tell('error', 'twoWaysFromPort', edge.from, `port:${edge.port}`);
    taken.add(place);
  }
  for (const node of nodes.values())
    for (const port of portsOfNode(node)) if (!taken.has(`${node.id} ${port}`)) tell('error', 'portLeadsNowhere', node.id, `port:${port}`);
}

function checkPrompt(prompt: FlowPrompt, language: Locale, setup: FlowSetup, tell: (code: string) => void): void {
  if (prompt.kind === 'words') {
    if (prompt.words.trim() === '') tell('promptMissing');
    return;
  }
  const languages = setup.prompts.get(prompt.promptId);
  if (!languages) tell('promptUnknown');
  else if (!languages.has(language)) tell('promptNotInLanguage');
}

function checkNode(node: FlowNode, setup: FlowSetup, variables: ReadonlySet<string>, tell: (severity: FlowProblem['severity'], code: string, field: string) => void): void {
  if ('queueId' in node) checkNamed(node.queueId, setup.queues, 'queue', 'queueId', tell);
  switch (node.kind) {
    case 'menu': {
      if (node.keys.length === 0) tell('error', 'menuWithoutKeys', 'keys');
      if (new Set(node.keys.map(({ key }) => key)).size < node.keys.length) tell('error', 'keyTwice', 'keys');
      return;
    }
    case 'digits':
      if (node.variable === '') tell('error', 'variableMissing', 'variable');
      if (node.minDigits > node.maxDigits) tell('error', 'minAboveMax', 'minDigits');
      return;
    case 'hours':
      if (node.calendarId === null) tell('error', 'calendarMissing', 'calendarId');
      else if (!setup.calendars.has(node.calendarId)) tell('error', 'calendarUnknown', 'calendarId');
      return;
    case 'branch':
      if (node.on.kind === 'variable' && node.on.name === '') tell('error', 'variableMissing', 'on');
      else if (node.on.kind === 'variable' && !variables.has(node.on.name)) tell('error', 'variableUnknown', 'on');
      if (node.cases.length === 0) tell('error', 'branchWithoutCases', 'cases');
      if (new Set(node.cases.map((one) => one.id)).size < node.cases.length) tell('error', 'caseTwice', 'cases');
      if (node.cases.some((one) => !one.values.some((value) => value !== ''))) tell('error', 'caseWithoutValue', 'cases');
      return;
    case 'agent':
      if (node.to.kind === 'user') checkNamed(node.to.userId, setup.agents, 'agent', 'to', tell);
      return;
    case 'number':
      if (node.number === '') tell('error', 'numberMissing', 'number');
      else if (!isOutsideNumber(node.number)) tell('error', 'numberWrong', 'number');
      return;
    default:
  }
}

function checkNamed(
  id: string | null,
  known: ReadonlyMap<string, { active: boolean }>,
  what: 'queue' | 'agent',
  field: string,
  tell: (severity: FlowProblem['severity'], code: string, field: string) => void,
): void {
  const found = id === null ? undefined : known.get(id);
  if (id === null) tell('error', `${what}Missing`, field);
  else if (!found) tell('error', `${what}Unknown`, field);
  else if (!found.active) tell('warning', `${what}Inactive`, field);
}

function reachedFrom(graph: FlowGraph, startId: string | null): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = startId === null ? [] : [startId];
  const next = Map.groupBy(graph.edges, (edge) => edge.from);
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (reached.has(at)) continue;
    reached.add(at);
    open.push(...(next.get(at) ?? []).map((edge) => edge.to));
  }
  return reached;
}

/** One node of each circle that runs through such nodes, by such ports, only. */
function firstOfCircles(
  graph: FlowGraph,
  nodes: ReadonlyMap<string, FlowNode>,
  counts: (node: FlowNode) => boolean,
  isWay: (node: FlowNode, port: string) => boolean = () => true,
): string[] {
  const ways = Map.groupBy(
    graph.edges.filter((edge) => {
      const [from, to] = [nodes.get(edge.from), nodes.get(edge.to)];
      return from && to && counts(from) && counts(to) && isWay(from, edge.port);
    }),
    (edge) => edge.from,
  );
  const found = new Set<string>();
  const state = new Map<string, 'open' | 'done'>();
  for (const start of nodes.keys()) {
    if (state.has(start)) continue;
    state.set(start, 'open');
    const path = [{ id: start, next: [...(ways.get(start) ?? [])] }];
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const edge = top.next.pop();
      if (!edge) {
        state.set(top.id, 'done');
        path.pop();
      } else if (state.get(edge.to) === 'open') found.add(edge.to);
      else if (!state.has(edge.to)) {
        state.set(edge.to, 'open');
        path.push({ id: edge.to, next: [...(ways.get(edge.to) ?? [])] });
      }
    }
  }
  return [...found];
}
