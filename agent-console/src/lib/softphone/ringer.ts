type Sinkable = HTMLAudioElement & { setSinkId?: (id: string) => Promise<void> };

/**
 * The ring, made of two tones in the browser: nothing to fetch, and it can sound on another device than the call. One context for the page;
 * `unlock` within a click lets it sound later without one.
 */
export class Ringer {
  #context: AudioContext | null = null;
  #out: Sinkable | null = null;
  #gain: GainNode | null = null;
  #stop: (() => void) | null = null;

  /** Best called in a click. True when sound may be made from now on. */
  async unlock(): Promise<boolean> {
    this.#prepare();
    // Where the browser wants a click first, these promises wait for it: the answer must not.
    const patience = new Promise((resolve) => setTimeout(resolve, 300));
    await Promise.race([this.#context?.resume().catch(() => undefined), patience]);
    await Promise.race([this.#out?.play().catch(() => undefined), patience]);
    return this.#context?.state === 'running' && this.#out?.paused === false;
  }

  get unlocked(): boolean {
    return this.#context?.state === 'running' && this.#out?.paused === false;
  }

  async useDevice(deviceId: string): Promise<void> {
    this.#prepare();
    await this.#out?.setSinkId?.(deviceId === 'default' ? '' : deviceId).catch(() => this.#out?.setSinkId?.(''));
  }

  #prepare(): void {
    if (this.#context !== null) return;
    const context = new AudioContext();
    const destination = context.createMediaStreamDestination();
    this.#gain = context.createGain();
    this.#gain.gain.value = 0;
    this.#gain.connect(destination);
    const out: Sinkable = new Audio();
    out.srcObject = destination.stream;
    this.#context = context;
    this.#out = out;
  }

  /** Rings until {@link stop}. */
  start(): void {
    if (this.#stop !== null) return;
    this.#stop = this.#play([440, 554], (gain, at) => {
      // One second of ring, two of silence, for longer than any call rings.
      for (let cycle = 0; cycle < 60; cycle++) {
        const start = at + cycle * 3;
        gain.setValueAtTime(0, start);
        gain.linearRampToValueAtTime(0.22, start + 0.03);
        gain.setValueAtTime(0.22, start + 0.9);
        gain.linearRampToValueAtTime(0, start + 1);
      }
    });
  }

  stop(): void {
    this.#stop?.();
    this.#stop = null;
  }

  /** One short ring, for the sound check. */
  async once(): Promise<void> {
    await this.unlock();
    const stop = this.#play([440, 554], (gain, at) => {
      gain.setValueAtTime(0, at);
      gain.linearRampToValueAtTime(0.22, at + 0.03);
      gain.setValueAtTime(0.22, at + 0.7);
      gain.linearRampToValueAtTime(0, at + 0.8);
    });
    setTimeout(stop, 1000);
  }

  #play(frequencies: number[], shape: (gain: AudioParam, at: number) => void): () => void {
    this.#prepare();
    const context = this.#context;
    const gain = this.#gain;
    if (context === null || gain === null) return () => undefined;
    void this.unlock();
    gain.gain.cancelScheduledValues(context.currentTime);
    shape(gain.gain, context.currentTime);
    const tones = frequencies.map((frequency) => {
      const tone = context.createOscillator();
      tone.frequency.value = frequency;
      tone.connect(gain);
      tone.start();
      return tone;
    });
    return () => {
      gain.gain.cancelScheduledValues(context.currentTime);
      gain.gain.setValueAtTime(0, context.currentTime);
      for (const tone of tones) {
        tone.stop();
        tone.disconnect();
      }
    };
  }
}
