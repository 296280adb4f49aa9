import { z } from 'zod';
import { changesBetween } from '../../access/index.ts';
import {
  type AttemptOutcome, type Callback, type CallbackInput, type CallbackPeople, type callbackQuery, type callbackReassign, type callbackReschedule, type CallbackWithAttempts, id as uuid, type NumberZones, type Page,
} from '../../contracts/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { changedMeanwhile, forbidden, notFound, Refusal } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { normaliseNumber } from '../../platform/phone-numbers.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Directory } from '../directory/index.ts';
import { type AuditTrail, type Database, inTransaction, type Transaction } from '../setup/index.ts';
import { type CallbackEvent, type KeptPlace, mayArrange, mayClaim, nextCallback, type Reach } from './callback-rules.ts';
import { viewOfCallback } from './callback-views.ts';
import { findCallback, findPlace, insertAttempt, insertCallback, listAttempts, listCallbacks, lockCallback, type NewCallback, ranOut, saveCallback, type StoredCallback } from './callbacks.store.ts';
import { listConsents } from './callback-forms.store.ts';
import { reachOf } from './reach.ts';
import { guessZone, zonesOfCountry } from './zone-rules.ts';

export interface CallbacksServiceOptions {
  database: Database;
  directory: Directory;
  audit: AuditTrail;
  clock: Clock;
  defaultCountry(): string;
  companyZone(): string;
  customerExists(customerId: string): Promise<boolean>;
  /** The one customer who has this number. */
  recognise(number: string): Promise<{ customerId: string; name: string } | null>;
  /** After each change that was saved. */
  onChanged(callback: StoredCallback): void;
}

/** Further ahead nobody plans; a year that was typed wrongly is found out at once. */
const furthestMs = 366 * 24 * 3_600_000;
const justNowMs = 60_000;
const position = z.tuple([z.number(), uuid]);

const refusals = {
  taken: new Refusal(409, 'callbackTaken', 'Somebody else has taken this callback.'),
  ended: new Refusal(409, 'callbackEnded', 'This callback is over.'),
  calling: new Refusal(409, 'callbackCalling', 'The call is being made just now.'),
};

/** A place that a caller wants to keep while hanging up. */
export interface PlaceRequest {
  callId: string;
  queueId: string;
  /** Null when the number is withheld: such a caller cannot be called back. */
  number: string | null;
  customerId: string | null;
  contactName: string;
  /** When the caller entered the queue, and how much they count there. */
  queuedAtMs: number;
  priority: number;
  atMs: number;
}

/** Who is called back, when and by whom. Every change is decided by callback-rules on the locked row. */
export function createCallbacksService(options: CallbacksServiceOptions) {
  const { database, directory, audit, clock } = options;
  const now = (): number => clock.now();
  const reach = (viewer: Viewer): Reach => reachOf(viewer, directory);
  const view = (one: StoredCallback): Callback => viewOfCallback(one, now());

  const zonesFor = (number: string): NumberZones => {
    const { e164, country } = normaliseNumber(number, options.defaultCountry());
    const zones = zonesOfCountry(country);
    return { e164, country, zones, guess: guessZone(zones, options.companyZone()) };
  };
  const checkDue = (dueAtMs: number): void => {
    if (dueAtMs < now() - justNowMs) throw new Refusal(400, 'inThePast', 'The time is past.', { field: 'dueAt' });
    if (dueAtMs > now() + furthestMs) throw new Refusal(400, 'tooFarAhead', 'That is more than a year ahead.', { field: 'dueAt' });
  };
  const checkAgent = (viewer: Viewer, agentId: string): void => {
    const agent = directory.agent(agentId);
    const reached = reach(viewer);
    const isReached = agentId === viewer.userId || reached.others === null || reached.others.agentIds.has(agentId);
    if (!agent?.active || !isReached) throw new Refusal(400, 'unknownAgent', 'There is no such agent.', { field: 'agentId' });
    if (agentId !== viewer.userId && !reached.manages) throw forbidden('giving a callback to somebody else');
  };
  const checkQueue = (queueId: string): void => {
    if (!directory.queue(queueId)?.active) throw new Refusal(400, 'unknownQueue', 'There is no such queue.', { field: 'queueId' });
  };

  /** Lets `event` happen to a callback. `check` throws when it must not. Answers the callback as it is then. */
  async function happen(id: string, event: CallbackEvent, check: (one: StoredCallback) => void, more: { viewer?: Viewer; action?: string; set?: Partial<StoredCallback>; in?: (tx: Transaction) => Promise<boolean> } = {}): Promise<StoredCallback> {
    const { before, after } = await inTransaction(database, async (tx) => {
      const found = await lockCallback(tx, id);
      if (!found) throw notFound('callback');
      check(found);
      if (more.in && !(await more.in(tx))) return { before: found, after: found };
      const next = nextCallback(found, event);
      if ('refused' in next) throw refusals[next.refused];
      const changed = { ...next.callback, ...more.set };
      if (next.callback === found && more.set === undefined) return { before: found, after: found };
      await saveCallback(tx, changed);
      if (more.viewer && more.action !== undefined) await audit.record(tx, more.viewer, more.action, 'callback', id, changesBetween(audited(found), audited(changed)));
      return { before: found, after: await findCallback(tx, id) };
    });
    if (after === null) throw notFound('callback');
    if (after !== before) options.onChanged(after);
    return after;
  }

  const mustSee = (viewer: Viewer) => async (id: string): Promise<StoredCallback> => {
    const found = await findCallback(database, id, reach(viewer));
    if (!found) throw notFound('callback');
    return found;
  };
  const canArrange = (viewer: Viewer) => (one: StoredCallback): void => {
    if (!mayArrange(reach(viewer), one)) throw forbidden('changing somebody else’s callback');
  };
  const atVersion = (version: number, then: (one: StoredCallback) => void) => (one: StoredCallback): void => {
    then(one);
    if (one.version !== version) throw changedMeanwhile(view(one));
  };
  const isTheirs = (viewer: Viewer) => (one: StoredCallback): void => {
    if (one.claimedBy !== viewer.userId && !mayClaim(reach(viewer), one)) throw refusals.taken;
  };

  async function add(one: NewCallback, viewer: Viewer | null): Promise<StoredCallback> {
    const made = await inTransaction(database, async (tx) => {
      await insertCallback(tx, one);
      const found = await findCallback(tx, one.id);
      if (found && viewer) await audit.record(tx, viewer, 'callback.created', 'callback', one.id, changesBetween(null, audited(found)));
      return found;
    });
    if (!made) throw new Error('a callback that was just made is not there');
    options.onChanged(made);
    return made;
  }

  return {
    zonesFor,
    add,

    async list(viewer: Viewer, query: z.output<typeof callbackQuery>): Promise<Page<Callback>> {
      const { cursor, limit, ...filter } = query;
      const after = cursor === undefined ? undefined : readCursor(cursor);
      const rows = await listCallbacks(database, reach(viewer), { ...filter, after, limit: limit + 1, nowMs: now() });
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      const nextCursor = rows.length > limit && last ? Buffer.from(JSON.stringify([last.endedAtMs ?? last.dueAtMs, last.id])).toString('base64url') : null;
      return { items: items.map(view), nextCursor };
    },

    async get(viewer: Viewer, id: string): Promise<CallbackWithAttempts> {
      const found = await mustSee(viewer)(id);
      return { ...view(found), attempts: await listAttempts(database, id), consents: await listConsents(database, id) };
    },

    /** Whom the viewer may give a callback to. */
    people(viewer: Viewer): CallbackPeople {
      const reached = reach(viewer);
      const agents = [...directory.agents()].filter((agent) => agent.active && (agent.userId === viewer.userId || (reached.manages && (reached.others === null || reached.others.agentIds.has(agent.userId)))));
      return {
        agents: agents.map(({ userId, name }) => ({ id: userId, name })).sort((a, b) => a.name.localeCompare(b.name)),
        queues: directory.queues().filter((queue) => queue.active).map(({ id, name }) => ({ id, name })),
      };
    },

    /** Throws 400 with the field: no telephone number, a time that is past, nobody who could call. */
    async create(viewer: Viewer, input: CallbackInput): Promise<Callback> {
      const { e164, guess } = zonesFor(input.number);
      if (e164 === null) throw new Refusal(400, 'invalidNumber', 'This is no telephone number.', { field: 'number' });
      const dueAtMs = Date.parse(input.dueAt);
      checkDue(dueAtMs);
      if (input.queueId !== null) checkQueue(input.queueId);
      const agentId = input.agentId ?? (input.queueId === null ? viewer.userId : null);
      if (agentId !== null) checkAgent(viewer, agentId);
      if (input.customerId !== null && !(await options.customerExists(input.customerId))) throw new Refusal(400, 'unknownCustomer', 'There is no such customer.', { field: 'customerId' });
      const known = input.customerId === null ? await options.recognise(e164) : null;
      return view(
        await add(
          {
            ...{ id: newId(now()), kind: agentId === null ? 'queue' : 'personal', number: e164, customerId: input.customerId ?? known?.customerId ?? null, contactName: input.contactName || (known?.name ?? '') },
            ...{ queueId: input.queueId, agentId, dueAtMs, timeZone: input.timeZone ?? guess, note: input.note, sourceCallId: input.sourceCallId, queuedAtMs: null, priority: 0 },
            ...{ createdBy: viewer.userId, createdAtMs: now() },
          },
          viewer,
        ),
      );
    },

    async reschedule(viewer: Viewer, id: string, input: z.output<typeof callbackReschedule>): Promise<Callback> {
      await mustSee(viewer)(id);
      const dueAtMs = Date.parse(input.dueAt);
      checkDue(dueAtMs);
      const set = { ...(input.timeZone === undefined ? {} : { timeZone: input.timeZone }), ...(input.note === undefined ? {} : { note: input.note }) };
      return view(await happen(id, { kind: 'rescheduled', dueAtMs, atMs: now() }, atVersion(input.version, canArrange(viewer)), { viewer, action: 'callback.rescheduled', set }));
    },

    async reassign(viewer: Viewer, id: string, { agentId, queueId, version }: z.output<typeof callbackReassign>): Promise<Callback> {
      await mustSee(viewer)(id);
      if (queueId !== null) checkQueue(queueId);
      if (agentId !== null) checkAgent(viewer, agentId);
      return view(await happen(id, { kind: 'reassigned', agentId, queueId, atMs: now() }, atVersion(version, canArrange(viewer)), { viewer, action: 'callback.reassigned' }));
    },

    async cancel(viewer: Viewer, id: string): Promise<Callback> {
      await mustSee(viewer)(id);
      return view(await happen(id, { kind: 'cancelled', atMs: now() }, canArrange(viewer), { viewer, action: 'callback.cancelled' }));
    },

    /** 409 `callbackTaken` when somebody else was quicker, or it is somebody else's. */
    async claim(viewer: Viewer, id: string): Promise<Callback> {
      await mustSee(viewer)(id);
      return view(await happen(id, { kind: 'claimed', agentId: viewer.userId, atMs: now() }, isTheirs(viewer)));
    },

    async release(viewer: Viewer, id: string): Promise<Callback> {
      await mustSee(viewer)(id);
      return view(await happen(id, { kind: 'released', atMs: now() }, isTheirs(viewer)));
    },

    /** Done without a call of ours, or settled otherwise. */
    async complete(viewer: Viewer, id: string, note: string | undefined): Promise<Callback> {
      await mustSee(viewer)(id);
      return view(await happen(id, { kind: 'completed', atMs: now() }, canArrange(viewer), { viewer, action: 'callback.completed', ...(note === undefined ? {} : { set: { note } }) }));
    },

    async snooze(viewer: Viewer, id: string, minutes: number): Promise<Callback> {
      await mustSee(viewer)(id);
      const check = (one: StoredCallback): void => {
        if (one.agentId !== viewer.userId) throw forbidden('snoozing somebody else’s callback');
      };
      return view(await happen(id, { kind: 'snoozed', untilMs: now() + minutes * 60_000, atMs: now() }, check));
    },

    // What calls tell.

    /** The agent is about to call it back with this call. Throws 409 when it is somebody else's by now; telling it again is harmless. */
    async noteDialled(told: { callbackId: string; callId: string; agentId: string; atMs: number }): Promise<void> {
      const queueIds = directory.agent(told.agentId)?.queueIds ?? new Set<string>();
      const check = (one: StoredCallback): void => {
        if (one.claimedBy !== told.agentId && !mayClaim({ userId: told.agentId, queueIds }, one)) throw refusals.taken;
      };
      await happen(told.callbackId, { kind: 'dialled', agentId: told.agentId, callId: told.callId, atMs: told.atMs }, check);
    },

    /** How the call of an attempt ended: done, again later, or failed. Each call counts once, however often it is told. */
    async noteAttempt(told: { callbackId: string; callId: string; outcome: AttemptOutcome; agentId: string | null; atMs: number }): Promise<void> {
      const { callbackId, callId, outcome, agentId, atMs } = told;
      await happen(callbackId, { kind: 'attempted', callId, outcome, atMs }, () => undefined, { in: (tx) => insertAttempt(tx, { callbackId, callId, outcome, agentId, atMs }) });
    },

    /**
     * Keeps the place of a caller who hangs up. Answers the callback, the same for the same call; a number that has a place in the queue
     * keeps that one. Null when there is no number to call.
     */
    async takePlace(place: PlaceRequest): Promise<{ callbackId: string; isNew: boolean } | null> {
      const { e164, guess } = zonesFor(place.number ?? '');
      if (e164 === null) return null;
      const id = newId(now());
      const made = await inTransaction(database, async (tx) => {
        const { callId, queueId, customerId, contactName, queuedAtMs, priority, atMs } = place;
        const isNew = await insertCallback(tx, {
          ...{ id, kind: 'keptPlace', number: e164, customerId, contactName, queueId, agentId: null, dueAtMs: atMs, timeZone: guess, note: '', sourceCallId: callId, queuedAtMs, priority },
          ...{ createdBy: null, createdAtMs: atMs },
        });
        return { isNew, kept: isNew ? await findCallback(tx, id) : await findPlace(tx, { callId, queueId, number: e164 }) };
      });
      if (made.kept === null) throw new Error('a place that was kept is not there');
      if (made.isNew) options.onChanged(made.kept);
      return { callbackId: made.kept.id, isNew: made.isNew };
    },

    /** One of many who claim a place has it; null for the others. */
    async claimPlace(callbackId: string, agentId: string): Promise<KeptPlace | null> {
      try {
        const one = await happen(callbackId, { kind: 'claimed', agentId, atMs: now() }, (found) => {
          if (found.state !== 'open') throw refusals.taken;
        });
        const { queueId, queuedAtMs, priority, dueAtMs, number, customerId } = one;
        return queueId === null || queuedAtMs === null ? null : { callbackId, queueId, priority, queuedAtMs, dueAtMs, number, customerId, contactName: one.names.customer ?? one.contactName };
      } catch (error) {
        if (error instanceof Refusal) return null;
        throw error;
      }
    },
    /** The agent did not take it on after all: the place stands where it stood. */
    async releasePlace(callbackId: string): Promise<void> {
      await happen(callbackId, { kind: 'released', atMs: now() }, () => undefined);
    },

    /** Claims that ran out become free again. To be run every minute. */
    async sweep(): Promise<number> {
      const ids = await ranOut(database, now());
      for (const id of ids) await happen(id, { kind: 'claimRanOut', atMs: now() }, () => undefined);
      return ids.length;
    },
  };
}
export type CallbacksService = ReturnType<typeof createCallbacksService>;

/** What the audit says of a callback; no names and numbers of people. */
function audited({ state, agentId, queueId, dueAtMs, timeZone }: StoredCallback): Record<string, unknown> {
  return { state, agentId, queueId, dueAt: new Date(dueAtMs).toISOString(), timeZone };
}

function readCursor(cursor: string): { atMs: number; id: string } {
  try {
    const [atMs, id] = position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return { atMs, id };
  } catch {
    throw new Refusal(400, 'invalidBody', 'This is not a cursor of ours.', { field: 'cursor' });
  }
}
