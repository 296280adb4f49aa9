/** What is laid into the page before its own code runs, to look on from the outside: nothing here changes what the page does. */

export interface RingHeard {
  /** performance.now() of the page when the ring began to sound. */
  atMs: number;
  /** Name on the screen at that moment; null when there was none. */
  nameShown: string | null;
}

declare global {
  interface Window {
    /** Calls' sound as the page opened it, newest last. */
    seenPeers: RTCPeerConnection[];
    ringsHeard: RingHeard[];
    hearingContext: AudioContext;
  }
}

/** Runs in the page. The ring of the console is made of oscillators, so the start of one of 440 Hz is the ring that is heard. */
export function lookOn(): void {
  window.seenPeers = [];
  window.ringsHeard = [];
  window.RTCPeerConnection = new Proxy(window.RTCPeerConnection, {
    construct(target, args: ConstructorParameters<typeof RTCPeerConnection>) {
      const peer = new target(...args);
      window.seenPeers.push(peer);
      return peer;
    },
  });
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (this: OscillatorNode, ...args: [number?]) {
    if (this.frequency.value === 440) {
      const name = document.querySelector<HTMLElement>('[data-testid="pop-name"]');
      const box = name?.getBoundingClientRect();
      const isVisible = box !== undefined && box.width > 0 && box.height > 0;
      window.ringsHeard.push({ atMs: performance.now(), nameShown: isVisible ? (name?.textContent ?? null) : null });
    }
    start.apply(this, args);
  };
}

/** Runs in the page: listens to the newest call for `overMs` and answers its samples. Empty when no call is connected. */
export async function listen(overMs: number): Promise<{ samples: number[]; sampleRate: number }> {
  const peer = window.seenPeers.findLast((one) => one.connectionState === 'connected');
  const track = peer?.getReceivers().find((one) => one.track.kind === 'audio')?.track;
  if (track === undefined) return { samples: [], sampleRate: 48_000 };
  window.hearingContext ??= new AudioContext();
  const context = window.hearingContext;
  await context.resume();
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const analyser = context.createAnalyser();
  analyser.fftSize = 16_384;
  source.connect(analyser);
  await new Promise((resolve) => setTimeout(resolve, overMs));
  const samples = new Float32Array(analyser.fftSize);
  analyser.getFloatTimeDomainData(samples);
  source.disconnect();
  return { samples: [...samples], sampleRate: context.sampleRate };
}
