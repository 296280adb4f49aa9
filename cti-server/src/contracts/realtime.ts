import { z } from 'zod';
import { agentView } from './agents.ts';
import { id } from './basics.ts';
import { followUps } from './callbacks.ts';
import { desk } from './calls.ts';
import { queuePulse, queueView } from './queues.ts';

/**
 * One socket per browser. The client subscribes to topics; each message carries the topic's sequence number as this server counts it.
 * After a break it subscribes again with the `stream` and the `seq` it saw last: the server replays what was missed, or answers with a
 * fresh snapshot. Topics: `desk` (one's own), `queues` (pulse of the queues one serves), `floor` (needs `floor.read`), `system`, `followUps` (callbacks and voicemail that wait for
 * one).
 */
export const topic = z.enum(['desk', 'queues', 'floor', 'system', 'followUps']);
export type Topic = z.infer<typeof topic>;

export const systemStatus = z.object({
  ok: z.boolean(),
  parts: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['database', 'redis', 'line', 'process', 'queue']),
      state: z.enum(['ok', 'starting', 'down']),
      /** A word of ours that the console words (`movesWait`, `heldElsewhere`, `takenOver`, `noAnswer`, `noCampaigns`, `noRecording`), or what a machine said. */
      detail: z.string(),
      since: z.string().nullable(),
    }),
  ),
});
export type SystemStatus = z.infer<typeof systemStatus>;

export const realtimeEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('desk'), desk }),
  z.object({ kind: z.literal('queues'), queues: z.array(queuePulse) }),
  /** Only what changed. */
  z.object({ kind: z.literal('floor'), queues: z.array(queueView), agents: z.array(agentView), removedAgentIds: z.array(id) }),
  z.object({ kind: z.literal('system'), status: systemStatus }),
  z.object({ kind: z.literal('followUps'), followUps }),
]);
export type RealtimeEvent = z.infer<typeof realtimeEvent>;

export const realtimeMessage = z.object({
  topic,
  /** Names the counting server's run; another value means that `seq` starts anew. */
  stream: z.string(),
  seq: z.int(),
  /** True when this replaces all that was known before. */
  snapshot: z.boolean(),
  sentAt: z.string(),
  event: realtimeEvent,
});
export type RealtimeMessage = z.infer<typeof realtimeMessage>;

export const subscribe = z.strictObject({
  topics: z
    .array(z.strictObject({ topic, stream: z.string().max(100).nullable(), seq: z.int().min(0).nullable() }))
    .min(1)
    .max(10),
});
export const subscribed = z.union([z.object({ ok: z.literal(true), refused: z.array(topic) }), z.object({ ok: z.literal(false), code: z.string() })]);

/** Asked by the server every few seconds; the readiness lease lives on the answers. */
export const leaseAnswer = z.object({
  tabId: z.string().max(60),
  /** This tab holds the microphone. */
  hasMicrophone: z.boolean(),
  registered: z.boolean(),
  /** How long ago, in ms, a SIP request of this browser was answered by the switch; null: never. */
  sipRoundTripAgoMs: z.number().nullable(),
  /** Ids of the calls that this browser hears right now. */
  liveCallIds: z.array(z.string()).max(10),
});
export type LeaseAnswer = z.infer<typeof leaseAnswer>;

/** Names and arguments of all socket messages. */
export interface ServerToClient {
  message: (message: RealtimeMessage) => void;
  lease: (answer: (lease: LeaseAnswer) => void) => void;
  /** The session ended: sign in again. A call in progress goes on. */
  signedOut: (reason: 'expired' | 'signedOut' | 'deactivated') => void;
}
export interface ClientToServer {
  subscribe: (request: z.infer<typeof subscribe>, answer: (result: z.infer<typeof subscribed>) => void) => void;
  /** The screen shows this call: told for the measure of ring-to-screen time. */
  popShown: (shown: { callId: string }) => void;
}
