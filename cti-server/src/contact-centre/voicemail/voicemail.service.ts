import { z } from 'zod';
import { changesBetween } from '../../access/index.ts';
import { id as uuid, type Page, type Voicemail, type VoicemailChange, type VoicemailCounts, type voicemailQuery } from '../../contracts/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { changedMeanwhile, forbidden, notFound, Refusal } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { TelephonyPort } from '../../telephony/port.ts';
import { reachOf } from '../callbacks/index.ts';
import type { Directory } from '../directory/index.ts';
import { type AuditTrail, type Database, inTransaction } from '../setup/index.ts';
import { callOfRecording, recordingIdOf, secondsOfWav, shortestSeconds } from './voicemail-rules.ts';
import {
  callForVoicemail, countVoicemails, findVoicemail, insertVoicemail, keepSound, listVoicemails, lockVoicemail, markLost, readSound, removeVoicemail, saveVoicemail, type StoredVoicemail, unfetched,
  viewOfVoicemail, type VoicemailReach, voicemailOfCall,
} from './voicemail.store.ts';

export type RecordingSource = Pick<TelephonyPort, 'fetchRecording' | 'dropRecording' | 'storedRecordings'>;

export interface VoicemailOptions {
  database: Database;
  directory: Directory;
  audit: AuditTrail;
  clock: Clock;
  logger: Logger;
  /** The lines that this server holds: only they can be asked for sounds. */
  heldLines(): readonly { lineId: string; port: RecordingSource }[];
  customerExists(customerId: string): Promise<boolean>;
  /** The customer's history shows that they left a voicemail. */
  tellHistory(told: { callId: string; customerId: string; atMs: number; queueName: string; voicemailId: string }): Promise<void>;
  /** After each change that was saved. */
  onChanged(): void;
}

/** What a call tells of the voicemail that its caller left. */
export interface LeftVoicemail {
  callId: string;
  lineId: string;
  queueId: string;
  from: { raw: string; e164: string | null };
  customerId: string | null;
  recordedAtMs: number;
  /** As the switch told; 0 when it told nothing. */
  seconds: number;
}

const position = z.tuple([z.number(), uuid]);
/** The server that is in the middle of a call finishes it itself. */
const settledAfterMs = 60_000;
/** A switch that has had no such recording for so long will not find it again. */
const lostAfterMs = 10 * 60_000;

/** What callers said to a queue where nobody answered. */
export function createVoicemailService(options: VoicemailOptions) {
  const { database, directory, audit, clock, logger } = options;
  const reach = (viewer: Viewer): VoicemailReach | undefined => {
    const { userId, queueIds, others } = reachOf(viewer, directory);
    return others === null ? undefined : { userId, queueIds: new Set([...queueIds, ...others.queueIds]) };
  };
  const portOf = (lineId: string): RecordingSource | undefined => options.heldLines().find((line) => line.lineId === lineId)?.port;

  async function tellHistory(one: StoredVoicemail): Promise<void> {
    if (one.customerId === null) return;
    const { callId, customerId, recordedAtMs: atMs, id: voicemailId } = one;
    await options.tellHistory({ callId, customerId, atMs, queueName: one.names.queue, voicemailId });
  }

  /** Fetches the sound, keeps it, and only then lets the switch drop it. Any step may be done again. */
  async function fetchSound(one: StoredVoicemail, port: RecordingSource): Promise<void> {
    const fetched = await port.fetchRecording(one.recordingId);
    if (fetched.outcome !== 'ok') {
      logger.warn({ voicemailId: one.id, outcome: fetched.outcome, reason: fetched.reason }, 'a voicemail’s sound could not be fetched yet');
      return;
    }
    const seconds = secondsOfWav(fetched.value.bytes);
    if (seconds !== null && seconds < shortestSeconds) await removeVoicemail(database, one.id);
    else {
      await inTransaction(database, (tx) => keepSound(tx, one.id, { ...fetched.value, seconds: seconds ?? one.seconds }));
      await tellHistory(one).catch((error: unknown) => logger.warn({ err: error, voicemailId: one.id }, 'a voicemail is not in the history'));
    }
    options.onChanged();
    await port.dropRecording(one.recordingId);
  }

  async function keep(left: LeftVoicemail): Promise<void> {
    const { from, ...rest } = left;
    await insertVoicemail(database, { ...rest, id: newId(clock.now()), recordingId: recordingIdOf(left.callId), fromRaw: from.raw, fromE164: from.e164 });
    const one = await voicemailOfCall(database, left.callId);
    if (!one || one.sound !== 'atSwitch') return;
    const port = portOf(one.lineId);
    if (port) await fetchSound(one, port);
    options.onChanged();
  }

  async function sweepLine(lineId: string, port: RecordingSource): Promise<void> {
    const stored = await port.storedRecordings();
    if (stored.outcome !== 'ok') return;
    const nowMs = clock.now();
    for (const recordingId of stored.value) {
      const callId = callOfRecording(recordingId);
      if (callId === null) continue;
      const one = await voicemailOfCall(database, callId);
      if (one?.sound === 'kept') await port.dropRecording(recordingId);
      if (one) continue;
      const call = await callForVoicemail(database, callId);
      // a switch may be shared with another house: what is of no call of ours stays where it is
      if (!call || call.queueId === null || call.endedAtMs === null || call.endedAtMs > nowMs - settledAfterMs) continue;
      const { queueId, customerId, fromRaw: raw, fromE164: e164, endedAtMs } = call;
      await keep({ callId, lineId, queueId, from: { raw, e164 }, customerId, recordedAtMs: endedAtMs, seconds: 0 });
    }
    for (const one of await unfetched(database, lineId)) {
      if (stored.value.includes(one.recordingId)) await fetchSound(one, port);
      else if (one.recordedAtMs < nowMs - lostAfterMs) {
        await markLost(database, one.id);
        logger.error({ voicemailId: one.id, callId: one.callId }, 'the switch has lost a voicemail’s sound');
        options.onChanged();
      }
    }
  }

  async function change(viewer: Viewer, id: string, decide: (one: StoredVoicemail) => Partial<StoredVoicemail> | null, isAudited = true): Promise<StoredVoicemail> {
    const after = await inTransaction(database, async (tx) => {
      const before = await lockVoicemail(tx, id, reach(viewer));
      if (!before) throw notFound('voicemail');
      const changes = decide(before);
      if (changes === null) return before;
      const changed = { ...before, ...changes };
      await saveVoicemail(tx, changed, clock.now());
      if (isAudited) await audit.record(tx, viewer, 'voicemail.changed', 'voicemail', id, changesBetween(audited(before), audited(changed)));
      return findVoicemail(tx, id);
    });
    if (!after) throw notFound('voicemail');
    options.onChanged();
    return after;
  }

  return {
    /**
     * Keeps what a caller said: makes the row, fetches the sound from the switch and tells the queue's agents. Told twice, it is kept once.
     * What cannot be fetched now is fetched by the sweep.
     */
    keep,

    /** What lies at the switches and is not kept: of calls whose server died, and what could not be fetched. To be run every minute. */
    async sweep(): Promise<void> {
      for (const { lineId, port } of options.heldLines()) await sweepLine(lineId, port);
    },

    async list(viewer: Viewer, query: z.output<typeof voicemailQuery>): Promise<Page<Voicemail>> {
      const { cursor, limit, ...filter } = query;
      const rows = await listVoicemails(database, reach(viewer), { ...filter, after: cursor === undefined ? undefined : readCursor(cursor), limit: limit + 1 });
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      return { items: items.map(viewOfVoicemail), nextCursor: rows.length > limit && last ? Buffer.from(JSON.stringify([last.recordedAtMs, last.id])).toString('base64url') : null };
    },

    async counts(viewer: Viewer): Promise<VoicemailCounts> {
      const reached = reach(viewer);
      const counted = new Map((await countVoicemails(database)).map((one) => [one.queueId, one]));
      const queues = directory.queues().filter((queue) => reached === undefined || reached.queueIds.has(queue.id));
      return { queues: queues.map(({ id, name }) => ({ id, name, new: counted.get(id)?.new ?? 0, open: counted.get(id)?.open ?? 0 })) };
    },
    /** Unheard ones by queue. */
    newByQueue: async (): Promise<ReadonlyMap<string, number>> => new Map((await countVoicemails(database)).map((one) => [one.queueId, one.new])),

    async get(viewer: Viewer, id: string): Promise<Voicemail> {
      const found = await findVoicemail(database, id, reach(viewer));
      if (!found) throw notFound('voicemail');
      return viewOfVoicemail(found);
    },

    async sound(viewer: Viewer, id: string): Promise<{ mediaType: string; content: Buffer }> {
      const sound = (await findVoicemail(database, id, reach(viewer))) && (await readSound(database, id));
      if (!sound) throw notFound('sound');
      return sound;
    },

    /** Somebody listened. The first who does is remembered. */
    async heard(viewer: Viewer, id: string): Promise<Voicemail> {
      const nowMs = clock.now();
      const one = await change(viewer, id, (before) => (before.heardBy !== null ? null : { heardBy: viewer.userId, heardAtMs: nowMs, state: before.state === 'new' ? 'open' : before.state }), false);
      return viewOfVoicemail(one);
    },

    async change(viewer: Viewer, id: string, { version, ...wanted }: VoicemailChange): Promise<Voicemail> {
      const { assigneeId, customerId } = wanted;
      if (assigneeId) {
        if (!directory.agent(assigneeId)?.active) throw new Refusal(400, 'unknownAgent', 'There is no such agent.', { field: 'assigneeId' });
        if (assigneeId !== viewer.userId && !viewer.rights.has('floor.manage')) throw forbidden('giving a voicemail to somebody else');
      }
      if (customerId && !(await options.customerExists(customerId))) throw new Refusal(400, 'unknownCustomer', 'There is no such customer.', { field: 'customerId' });
      const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)) as Partial<StoredVoicemail>;
      const one = await change(viewer, id, (before) => {
        if (before.version !== version) throw changedMeanwhile(viewOfVoicemail(before));
        // whoever takes it has seen it
        return { ...(before.state === 'new' && assigneeId ? { state: 'open' } : {}), ...given };
      });
      if (customerId) await tellHistory(one);
      return viewOfVoicemail(one);
    },
  };
}
export type VoicemailService = ReturnType<typeof createVoicemailService>;

/** What the audit says of a voicemail; not what was said in it. */
const audited = ({ state, assigneeId, customerId, transcript, note }: StoredVoicemail): Record<string, unknown> => ({ state, assigneeId, customerId, transcriptLength: transcript.length, noteLength: note.length });

function readCursor(cursor: string): { atMs: number; id: string } {
  try {
    const [atMs, id] = position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return { atMs, id };
  } catch {
    throw new Refusal(400, 'invalidBody', 'This is not a cursor of ours.', { field: 'cursor' });
  }
}
