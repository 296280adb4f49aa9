import { isDeepStrictEqual } from 'node:util';
import { changesBetween } from '../../access/index.ts';
import {
  checkFlow,
  type Flow,
  type FlowGraph,
  type FlowProblem,
  type FlowPrompt,
  type FlowSetup,
  type FlowSounds,
  type FlowSummary,
  type FlowVersion,
  type FlowVersionSummary,
  type LibraryPrompt,
  type Locale,
  locale,
  promptsOfNode,
  soundKey,
} from '../../contracts/index.ts';
import { alreadyExists, brokenUnique, changedMeanwhile, notFound, Refusal } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Directory } from '../directory/index.ts';
import { inTransaction, inUseBy, type SetupDependencies, type Transaction } from '../setup/index.ts';
import { flowsStore, type StoredFlow } from './flows.store.ts';
import { promptsStore } from './prompts.store.ts';
import type { Sounds } from './sounds.service.ts';

export interface FlowsOptions extends SetupDependencies {
  directory: Directory;
  sounds: Sounds;
}

const auditName = 'flow';

/** Drafts are changed freely; callers hear published versions, which never change. */
export class FlowsService {
  readonly #options: FlowsOptions;
  constructor(options: FlowsOptions) {
    this.#options = options;
  }

  async list(): Promise<FlowSummary[]> {
    const library = await promptsStore.list(this.#options.database);
    const stored = await flowsStore.list(this.#options.database);
    return stored.map((flow) => {
      const { draft, ...summary } = toFlow(flow);
      return { ...summary, nodes: draft.nodes.length, errors: this.#problems(draft, flow.language, library).filter(({ severity }) => severity === 'error').length };
    });
  }

  /** Throws 404. */
  async get(id: string): Promise<Flow> {
    const found = await flowsStore.find(this.#options.database, id);
    if (!found) throw notFound('call flow');
    return toFlow(found);
  }

  /** Throws 409 `alreadyExists`. */
  create(viewer: Viewer, fields: { name: string; language: Locale; draft?: FlowGraph }): Promise<Flow> {
    const { audit } = this.#options;
    return this.#save(async (tx) => {
      const { id, at } = { id: newId(this.#options.clock.now()), at: this.#now() };
      await flowsStore.insert(tx, { id, name: fields.name, language: fields.language, draft: fields.draft ?? { startId: null, nodes: [], edges: [] }, updatedAt: at, updatedBy: viewer.userId });
      await audit.record(tx, viewer, 'created', auditName, id, changesBetween(null, { name: fields.name, language: fields.language }));
      return toFlow(await this.#lock(tx, id));
    });
  }

  /** Throws 404, 409 `changedMeanwhile` with the flow as it is now, 409 `alreadyExists`. A change that changes nothing is no new version. */
  change(viewer: Viewer, id: string, version: number, fields: { name?: string | undefined; language?: Locale | undefined; draft?: FlowGraph | undefined }): Promise<Flow> {
    return this.#save(async (tx) => {
      const before = await this.#lockVersion(tx, id, version);
      const after = { name: fields.name ?? before.name, language: fields.language ?? before.language, draft: fields.draft ?? before.draft };
      if (isDeepStrictEqual(after, { name: before.name, language: before.language, draft: before.draft })) return toFlow(before);
      await flowsStore.update(tx, id, { ...after, version: version + 1, updatedAt: this.#now(), updatedBy: viewer.userId });
      // a draft is saved with every stroke and heard by nobody: what is published is what the audit keeps
      const changes = changesBetween({ name: before.name, language: before.language }, { name: after.name, language: after.language });
      if (Object.keys(changes).length > 0) await this.#options.audit.record(tx, viewer, 'changed', auditName, id, changes);
      return toFlow(await this.#lock(tx, id));
    });
  }

  /** Throws 404, 409 `changedMeanwhile`, 400 `flowHasErrors` with all problems, 503 `speechUnavailable`. */
  async publish(viewer: Viewer | null, id: string, version: number, note: string): Promise<Flow> {
    const { database, audit, clock } = this.#options;
    const flow = await flowsStore.find(database, id);
    if (!flow) throw notFound('call flow');
    if (flow.version !== version) throw changedMeanwhile(toFlow(flow));
    const library = await promptsStore.list(database);
    const problems = this.#problems(flow.draft, flow.language, library);
    if (problems.some(({ severity }) => severity === 'error'))
      throw new Refusal(400, 'flowHasErrors', 'The flow has errors; a caller could be lost in it.', { field: 'draft', details: { problems } });
    // speaking takes its time, so before anything is locked
    const sounds = await this.#speak(flow.draft, flow.language, library);
    return this.#save(async (tx) => {
      const now = await this.#lockVersion(tx, id, version);
      const versionId = newId(clock.now());
      const number = await flowsStore.insertVersion(tx, { id: versionId, flowId: id, language: now.language, graph: now.draft, sounds, note, publishedAt: this.#now(), publishedBy: viewer?.userId ?? null });
      await flowsStore.update(tx, id, { publishedVersionId: versionId });
      const heard = (published: { number: number; graph: FlowGraph } | null) => published && { number: published.number, graph: published.graph };
      // the demo's own set-up is nobody's act
      if (viewer) await audit.record(tx, viewer, 'published', auditName, id, changesBetween(heard(now.published), { number, graph: now.draft, note }));
      return toFlow(await this.#lock(tx, id));
    });
  }

  /** Makes an old version the draft. Throws 404, 409 `changedMeanwhile`. */
  async restore(viewer: Viewer, id: string, version: number, versionId: string): Promise<Flow> {
    const old = await this.version(id, versionId);
    return this.change(viewer, id, version, { language: old.language, draft: old.graph });
  }

  /** The newest first. Throws 404. */
  async versions(id: string): Promise<FlowVersionSummary[]> {
    await this.get(id);
    return (await flowsStore.versions(this.#options.database, id)).map(({ graph: _graph, sounds: _sounds, ...summary }) => summary);
  }

  /** Throws 404. */
  async version(flowId: string, versionId: string): Promise<FlowVersion> {
    const found = await flowsStore.version(this.#options.database, versionId);
    if (found?.flowId !== flowId) throw notFound('version');
    return found;
  }

  /** Throws 404, 409 `inUse`. Callers inside go on to the end. */
  remove(viewer: Viewer, id: string): Promise<void> {
    return this.#save(async (tx) => {
      const before = await this.#lock(tx, id);
      if (await flowsStore.isDialled(tx, id)) throw inUseBy('numbers', 'Numbers lead into this flow: let them lead elsewhere first.');
      if (await flowsStore.isOverflow(tx, id)) throw inUseBy('queues', 'Queues send calls into this flow: let them send them elsewhere first.');
      await flowsStore.update(tx, id, { deletedAt: this.#now() });
      await this.#options.audit.record(tx, viewer, 'deleted', auditName, id, changesBetween({ name: before.name, language: before.language }, null));
    });
  }

  #now(): Date {
    return new Date(this.#options.clock.now());
  }

  async #lock(tx: Transaction, id: string): Promise<StoredFlow> {
    const found = await flowsStore.lock(tx, id);
    if (!found) throw notFound('call flow');
    return found;
  }

  async #lockVersion(tx: Transaction, id: string, version: number): Promise<StoredFlow> {
    const found = await this.#lock(tx, id);
    if (found.version !== version) throw changedMeanwhile(toFlow(found));
    return found;
  }

  async #save<T>(run: (tx: Transaction) => Promise<T>): Promise<T> {
    const { database, directory } = this.#options;
    const saved = await inTransaction(database, run).catch((error: unknown) => {
      throw brokenUnique(error) === 'flows_name' ? alreadyExists('name', 'There is a call flow of this name already.') : error;
    });
    await directory.changed();
    return saved;
  }

  #problems(draft: FlowGraph, language: Locale, library: readonly LibraryPrompt[]): FlowProblem[] {
    const { directory } = this.#options;
    const calendars = draft.nodes.flatMap((node) => (node.kind === 'hours' && node.calendarId !== null ? [node.calendarId] : []));
    const setup: FlowSetup = {
      queues: new Map(directory.queues().map((queue) => [queue.id, queue])),
      agents: new Map([...directory.agents()].map((agent) => [agent.userId, agent])),
      calendars: new Set(calendars.filter((id) => directory.calendar(id) !== undefined)),
      prompts: new Map(library.map((prompt) => [prompt.id, new Set(locale.options.filter((one) => prompt.recordings[one] !== undefined || (prompt.words[one] ?? '').trim() !== ''))])),
    };
    return checkFlow(draft, language, setup);
  }

  async #speak(graph: FlowGraph, language: Locale, library: readonly LibraryPrompt[]): Promise<FlowSounds> {
    const sounds: FlowSounds = {};
    for (const node of graph.nodes)
      for (const { slot, prompt } of promptsOfNode(node)) sounds[soundKey(node.id, slot)] = await this.#soundOf(prompt, language, library);
    return sounds;
  }

  #soundOf(prompt: FlowPrompt, language: Locale, library: readonly LibraryPrompt[]): Promise<{ soundId: string; durationMs: number }> {
    const { sounds } = this.#options;
    if (prompt.kind === 'words') return sounds.spoken(language, prompt.words);
    const found = library.find((one) => one.id === prompt.promptId);
    const recording = found?.recordings[language];
    if (recording) return Promise.resolve({ soundId: recording.soundId, durationMs: recording.durationMs });
    return sounds.spoken(language, found?.words[language] ?? '');
  }
}

function toFlow(flow: StoredFlow): Flow {
  const { published } = flow;
  return {
    ...{ id: flow.id, name: flow.name, language: flow.language, draft: flow.draft, version: flow.version },
    published: published && { versionId: published.versionId, number: published.number, at: published.at.toISOString() },
    isChanged: published === null || published.language !== flow.language || !isDeepStrictEqual(published.graph, flow.draft),
    updatedAt: flow.updatedAt.toISOString(),
    updatedByName: flow.updatedByName,
  };
}
