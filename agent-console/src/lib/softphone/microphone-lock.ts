const lockName = 'centralita-softphone';

/**
 * The right to hold the microphone among the tabs of this browser. One tab has it; another may steal it, and a tab that waits gets it when
 * the holder closes.
 */
export class MicrophoneLock {
  #state: 'mine' | 'another' | 'free' = 'free';
  #release: (() => void) | null = null;
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get state(): 'mine' | 'another' | 'free' {
    return this.#state;
  }

  #set(state: 'mine' | 'another' | 'free'): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#onChange();
  }

  /** Looks whether another tab has the lock, without taking it. */
  async look(): Promise<void> {
    if (navigator.locks === undefined || this.#state === 'mine') return;
    const free = await navigator.locks.request(lockName, { ifAvailable: true }, (lock) => lock !== null);
    if (free) return;
    this.#set('another');
    this.#waitForHolder();
  }

  /** Takes the lock if nobody has it; otherwise waits for it in the background. Resolves with whether it is ours now. */
  async takeIfFree(): Promise<boolean> {
    if (this.#state === 'mine') return true;
    if (navigator.locks === undefined) {
      this.#set('mine'); // without locks every tab stands alone, and the server's last claim decides
      return true;
    }
    return new Promise((resolve) => {
      void navigator.locks.request(lockName, { ifAvailable: true }, (lock) => {
        if (lock === null) {
          this.#set('another');
          this.#waitForHolder();
          resolve(false);
          return undefined;
        }
        resolve(true);
        return this.#hold();
      }).catch(() => this.#stolen());
    });
  }

  /** Takes the lock from whichever tab has it; that tab is told by its own broken promise. */
  async steal(): Promise<void> {
    if (this.#state === 'mine' || navigator.locks === undefined) return this.#set('mine');
    await new Promise<void>((resolve) => {
      void navigator.locks
        .request(lockName, { steal: true }, () => {
          resolve();
          return this.#hold();
        })
        .catch(() => this.#stolen());
    });
  }

  /** Another tab took it; this one is told again when that tab is gone. */
  #stolen(): void {
    this.#release = null;
    this.#set('another');
    this.#waitForHolder();
  }

  release(): void {
    this.#release?.();
    this.#release = null;
    this.#set('free');
  }

  #hold(): Promise<void> {
    this.#set('mine');
    return new Promise((resolve) => (this.#release = resolve));
  }

  #waiting = false;
  #waitForHolder(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    // Waits in line behind the holder, learns that it is gone, and lets go at once: taking the microphone is for the telephone to decide.
    // Only once the lock is really let go may the telephone be told, or it would find it taken by our own waiting.
    void navigator.locks
      .request(lockName, () => undefined)
      .then(() => {
        this.#waiting = false;
        if (this.#state === 'another') this.#set('free');
      })
      .catch(() => (this.#waiting = false));
  }
}
