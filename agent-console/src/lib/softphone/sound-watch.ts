/** One look at a call's statistics, sums since its start. */
export interface SoundSample {
  atMs: number;
  packetsReceived: number;
  packetsLost: number;
  jitterMs: number;
  roundTripMs: number | null;
  /** The way to the switch is open: ICE and DTLS stand. */
  pathUp: boolean;
  /** 0 to 1, what the microphone gave lately. */
  microphoneLevel: number | null;
}

export interface SoundState {
  last: SoundSample | null;
  /** When a packet last arrived, or the watch began. */
  heardAtMs: number;
  /** When the way of the sound was last open. */
  pathUpAtMs: number;
  /** When the microphone last gave anything but digital silence. */
  spokeAtMs: number;
  lossPercent: number;
}

export interface SoundReport {
  noInboundMs: number;
  /** How long the way of the sound has been closed. */
  brokenMs: number;
  silentMicrophoneMs: number;
  quality: 'good' | 'fair' | 'poor';
  lossPercent: number;
  jitterMs: number;
}

/** Silence of a real microphone still has noise; below this the headset is switched off. */
export const digitalSilence = 0.0005;

export const startWatch = (nowMs: number): SoundState => ({ last: null, heardAtMs: nowMs, pathUpAtMs: nowMs, spokeAtMs: nowMs, lossPercent: 0 });

/** Folds one sample in. Loss is smoothed over about ten samples, so that one bad second does not cry wolf. */
export function watchSound(state: SoundState, sample: SoundSample): SoundState {
  const { last } = state;
  const received = sample.packetsReceived - (last?.packetsReceived ?? 0);
  const lost = Math.max(0, sample.packetsLost - (last?.packetsLost ?? 0));
  const lossNow = received + lost === 0 ? 0 : (100 * lost) / (received + lost);
  return {
    last: sample,
    heardAtMs: received > 0 ? sample.atMs : state.heardAtMs,
    pathUpAtMs: sample.pathUp ? sample.atMs : state.pathUpAtMs,
    spokeAtMs: sample.microphoneLevel === null || sample.microphoneLevel > digitalSilence ? sample.atMs : state.spokeAtMs,
    lossPercent: state.lossPercent * 0.9 + lossNow * 0.1,
  };
}

/** What the agent should be told. */
export function reportSound(state: SoundState, nowMs: number): SoundReport {
  const jitterMs = state.last?.jitterMs ?? 0;
  const { lossPercent } = state;
  const roundTripMs = state.last?.roundTripMs ?? 0;
  const quality = lossPercent > 5 || jitterMs > 60 || roundTripMs > 500 ? 'poor' : lossPercent > 1.5 || jitterMs > 30 || roundTripMs > 250 ? 'fair' : 'good';
  const brokenMs = state.last?.pathUp === false ? nowMs - state.pathUpAtMs : 0;
  return { noInboundMs: nowMs - state.heardAtMs, brokenMs, silentMicrophoneMs: nowMs - state.spokeAtMs, quality, lossPercent, jitterMs };
}
