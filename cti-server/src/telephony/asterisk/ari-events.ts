/** The few events of Asterisk that matter here, checked at the edge. Everything else is counted and dropped. */
import { z } from 'zod';
import type * as ari from './ari-types.generated.ts';

const channel = z.object({
  id: z.string(),
  name: z.string(),
  state: z.string(),
  caller: z.object({ name: z.string(), number: z.string() }),
  dialplan: z.object({ exten: z.string() }),
});

const recording = z.object({ name: z.string(), target_uri: z.string(), duration: z.number().optional() });

const ariEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('StasisStart'), args: z.array(z.string()), channel }),
  z.object({ type: z.literal('StasisEnd'), channel }),
  z.object({ type: z.literal('ChannelStateChange'), channel }),
  z.object({ type: z.literal('ChannelDestroyed'), cause: z.number(), cause_txt: z.string(), tech_cause: z.number().optional(), channel }),
  z.object({ type: z.literal('ChannelDtmfReceived'), digit: z.string(), channel }),
  z.object({
    type: z.literal('PlaybackFinished'),
   
    playback: z.object({ id: z.string(), state: z.string(), target_uri: z.string() }),
  }),
  z.object({ type: z.literal('RecordingFinished'), recording }),
  z.object({ type: z.literal('RecordingFailed'), recording }),
  z.object({ type: z.literal('DeviceStateChanged'), device_state: z.object({ name: z.string(), state: z.string() }) }),
]);
export type AriEvent = z.infer<typeof ariEvent>;
type Named<T extends string> = Extract<AriEvent, { type: T }>;

/** What Asterisk documents must fit what is expected here: a renamed field fails to compile after the types are generated anew. */
type Fits<Documented extends Expected, Expected> = [Documented, Expected];
export type Documented = [
  Fits<Omit<ari.StasisStart, 'type'>, Omit<Named<'StasisStart'>, 'type'>>,
  Fits<Omit<ari.StasisEnd, 'type'>, Omit<Named<'StasisEnd'>, 'type'>>,
  Fits<Omit<ari.ChannelStateChange, 'type'>, Omit<Named<'ChannelStateChange'>, 'type'>>,
  Fits<Omit<ari.ChannelDestroyed, 'type'>, Omit<Named<'ChannelDestroyed'>, 'type'>>,
  Fits<Omit<ari.ChannelDtmfReceived, 'type'>, Omit<Named<'ChannelDtmfReceived'>, 'type'>>,
  Fits<Omit<ari.PlaybackFinished, 'type'>, Omit<Named<'PlaybackFinished'>, 'type'>>,
  Fits<Omit<ari.RecordingFinished, 'type'>, Omit<Named<'RecordingFinished'>, 'type'>>,
  Fits<Omit<ari.RecordingFailed, 'type'>, Omit<Named<'RecordingFailed'>, 'type'>>,
  Fits<Omit<ari.DeviceStateChanged, 'type'>, Omit<Named<'DeviceStateChanged'>, 'type'>>,
];

/**
 * Nine of ten events that a call raises, and no use for them here: Asterisk is asked not to send them. A list of what is wanted would be
 * shorter, but would hold back the answers to requests on the same socket too.
 */
export const unwantedEvents = [
  ...['ChannelVarset', 'ChannelCreated', 'ChannelDialplan', 'ChannelCallerId', 'ChannelConnectedLine', 'ChannelHangupRequest'],
  ...['ChannelEnteredBridge', 'ChannelLeftBridge', 'ChannelHold', 'ChannelUnhold', 'ChannelUserevent', 'ChannelTalkingStarted'],
  ...['ChannelTalkingFinished', 'BridgeCreated', 'BridgeDestroyed', 'BridgeMerged', 'BridgeVideoSourceChanged', 'Dial'],
  ...['PlaybackStarted', 'PlaybackContinuing', 'RecordingStarted', 'PeerStatusChange', 'EndpointStateChange', 'ContactStatusChange'],
].map((type) => ({ type }));

/** The event, `'unneeded'` for one that is none of our business, or what is wrong with one that should be. */
export function readAriEvent(message: unknown): AriEvent | 'unneeded' | { problem: string } {
  const parsed = ariEvent.safeParse(message);
  if (parsed.success) return parsed.data;
  const unknownType = parsed.error.issues.some((issue) => issue.code === 'invalid_union');
  return unknownType ? 'unneeded' : { problem: parsed.error.message };
}
