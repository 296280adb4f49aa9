import { checkFlow, type Calendar, type Flow, type FlowGraph, type FlowNode, type FlowSetup, type LibraryPrompt, type Locale, locale } from '@centralita/cti-server/contracts';
import { ApiError, get, patch, post, wordError } from '#lib/api/index.ts';

export interface Named {
  id: string;
  name: string;
  active: boolean;
}

/** Everything that nodes can name. */
export interface FlowChoices {
  queues: readonly Named[];
  agents: readonly Named[];
  calendars: readonly Calendar[];
  prompts: readonly LibraryPrompt[];
}

interface Step {
  graph: FlowGraph;
  name: string;
  language: Locale;
}

const saveAfterMs = 700;
const mostSteps = 200;

/** Reads what nodes can name; agents page by page. */
export async function readChoices(): Promise<FlowChoices> {
  const agents: Named[] = [];
  const readAgents = async (cursor: string | null): Promise<void> => {
    const page = await get<{ items: { userId: string; name: string; active: boolean }[]; nextCursor: string | null }>('/api/agent-settings', { query: { limit: 200, cursor } });
    agents.push(...page.items.map(({ userId, name, active }) => ({ id: userId, name, active })));
    if (page.nextCursor !== null) await readAgents(page.nextCursor);
  };
  const [queues, calendars, prompts] = await Promise.all([
    get<{ items: Named[] }>('/api/queues'),
    get<{ items: Calendar[] }>('/api/calendars'),
    get<{ items: LibraryPrompt[] }>('/api/prompts'),
    readAgents(null),
  ]);
  return { queues: queues.items, agents, calendars: calendars.items, prompts: prompts.items };
}

/** In which languages something is to be heard of a prompt. */
export const languagesOf = (prompt: LibraryPrompt): Locale[] => locale.options.filter((one) => prompt.recordings[one] !== undefined || (prompt.words[one] ?? '').trim() !== '');

/**
 * A flow while it is being drawn: every edit can be taken back, and is saved by itself a moment later. When somebody else saved meanwhile,
 * nothing is overwritten until the person says whose is kept.
 */
export class FlowDraft {
  readonly id: string;
  /** As the server has it. */
  flow = $state.raw() as Flow;
  now = $state.raw() as Step;
  choices = $state.raw() as FlowChoices;
  selectedId = $state<string | null>(null);
  /** The node where the path tester stands. */
  testedId = $state<string | null>(null);
  saving = $state<'saved' | 'waiting' | 'running' | 'failed' | 'conflict'>('saved');
  failure = $state('');
  theirs = $state.raw<Flow | null>(null);
  #past = $state.raw<Step[]>([]);
  #future = $state.raw<Step[]>([]);
  #merging: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | null = null;

  constructor(flow: Flow, choices: FlowChoices) {
    this.id = flow.id;
    this.flow = flow;
    this.choices = choices;
    this.now = stepOf(flow);
  }

  get graph(): FlowGraph {
    return this.now.graph;
  }
  get canUndo(): boolean {
    return this.#past.length > 0;
  }
  get canRedo(): boolean {
    return this.#future.length > 0;
  }
  get selected(): FlowNode | undefined {
    return this.graph.nodes.find((node) => node.id === this.selectedId);
  }
  readonly problems = $derived.by(() => checkFlow(this.now.graph, this.now.language, setupOf(this.choices)));
  readonly errors = $derived(this.problems.filter((problem) => problem.severity === 'error').length);

  /** @param merging edits of the same name in a row are one step back: a word being typed, a node being pushed about */
  edit(change: Partial<Step>, merging: string | null = null): void {
    if (merging === null || merging !== this.#merging) this.#past = [...this.#past.slice(-mostSteps), this.now];
    this.#merging = merging;
    this.#future = [];
    this.#go({ ...this.now, ...change });
  }

  undo(): void {
    const before = this.#past.at(-1);
    if (!before) return;
    this.#past = this.#past.slice(0, -1);
    this.#future = [...this.#future, this.now];
    this.#merging = null;
    this.#go(before);
  }

  redo(): void {
    const after = this.#future.at(-1);
    if (!after) return;
    this.#future = this.#future.slice(0, -1);
    this.#past = [...this.#past, this.now];
    this.#merging = null;
    this.#go(after);
  }

  #go(step: Step): void {
    this.now = step;
    if (this.selectedId !== null && !step.graph.nodes.some((node) => node.id === this.selectedId)) this.selectedId = null;
    if (this.saving === 'conflict') return;
    this.saving = 'waiting';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), saveAfterMs);
  }

  /** Saves what is not saved yet; when it returns, `saving` says how that went. */
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    while (this.#running) await this.#running;
    if (this.saving === 'saved' || this.saving === 'conflict') return;
    this.#running = this.#send().finally(() => (this.#running = null));
    await this.#running;
  }

  async #send(): Promise<void> {
    const sent = this.now;
    this.saving = 'running';
    try {
      this.flow = await patch<Flow>(`/api/flows/${this.id}`, { version: this.flow.version, name: sent.name.trim() || this.flow.name, language: sent.language, draft: sent.graph });
      this.saving = this.now === sent ? 'saved' : 'waiting';
      if (this.now !== sent) this.#timer = setTimeout(() => void this.save(), saveAfterMs);
    } catch (error) {
      if (error instanceof ApiError && error.code === 'changedMeanwhile') {
        this.theirs = error.details['current'] as Flow;
        this.saving = 'conflict';
        return;
      }
      this.failure = wordError(error);
      this.saving = 'failed';
    }
  }

  async keepMine(): Promise<void> {
    if (this.theirs) this.flow = this.theirs;
    this.theirs = null;
    this.saving = 'waiting';
    await this.save();
  }

  keepTheirs(): void {
    if (!this.theirs) return;
    this.#past = [...this.#past, this.now];
    this.take(this.theirs);
    this.theirs = null;
  }

  /** Shows the flow as the server answered it. */
  take(flow: Flow): void {
    this.flow = flow;
    this.now = stepOf(flow);
    this.saving = 'saved';
    this.#merging = null;
  }

  /** Throws what the server refuses. */
  async publish(note: string): Promise<void> {
    await this.save();
    if (this.saving !== 'saved') throw new ApiError(409, 'changedMeanwhile', 'not saved');
    this.flow = await post<Flow>(`/api/flows/${this.id}/publish`, { version: this.flow.version, note });
  }

  /** Makes an old version the draft; that too can be taken back. */
  async restore(versionId: string): Promise<void> {
    await this.save();
    const before = this.now;
    const flow = await post<Flow>(`/api/flows/${this.id}/restore`, { version: this.flow.version, versionId });
    this.#past = [...this.#past, before];
    this.#future = [];
    this.take(flow);
  }

  close(): void {
    if (this.saving === 'waiting') void this.save();
  }
}

const stepOf = (flow: Flow): Step => ({ graph: flow.draft, name: flow.name, language: flow.language });

function setupOf(choices: FlowChoices): FlowSetup {
  return {
    queues: new Map(choices.queues.map((queue) => [queue.id, queue])),
    agents: new Map(choices.agents.map((agent) => [agent.id, agent])),
    calendars: new Set(choices.calendars.map((calendar) => calendar.id)),
    prompts: new Map(choices.prompts.map((prompt) => [prompt.id, new Set(languagesOf(prompt))])),
  };
}
