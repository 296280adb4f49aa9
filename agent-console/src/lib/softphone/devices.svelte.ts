import { z } from 'zod';

const storageKey = 'centralita.sound';
const saved = z.object({
  microphoneId: z.string().catch('default'),
  speakerId: z.string().catch('default'),
  ringId: z.string().catch('default'),
  /** Echo cancellation, noise suppression and gain control of the browser. */
  cleaning: z.boolean().catch(true),
});

function read(): z.infer<typeof saved> {
  try {
    return saved.parse(JSON.parse(localStorage.getItem(storageKey) ?? '{}'));
  } catch {
    return saved.parse({});
  }
}

export type MicrophoneFault = 'denied' | 'missing' | 'busy' | 'insecure';

/** The devices of this machine and which of them the agent chose; the choice stays on the machine. */
class Devices {
  choice = $state(read());
  microphones = $state.raw<MediaDeviceInfo[]>([]);
  speakers = $state.raw<MediaDeviceInfo[]>([]);
  fault = $state<MicrophoneFault | null>(null);
  #listening = false;

  choose(change: Partial<z.infer<typeof saved>>): void {
    Object.assign(this.choice, change);
    localStorage.setItem(storageKey, JSON.stringify(this.choice));
  }

  get constraints(): MediaTrackConstraints {
    const { microphoneId, cleaning } = this.choice;
    return {
      ...(microphoneId === 'default' ? {} : { deviceId: { ideal: microphoneId } }),
      echoCancellation: cleaning,
      noiseSuppression: cleaning,
      autoGainControl: cleaning,
    };
  }

  /** Opens the microphone. Throws after noting in `fault` why it cannot. */
  async open(): Promise<MediaStream> {
    if (navigator.mediaDevices === undefined) {
      this.fault = 'insecure';
      throw new Error('The browser offers no microphone on this address.');
    }
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: this.constraints });
      this.fault = null;
      await this.list();
      return stream;
    } catch (error) {
      const name = error instanceof DOMException ? error.name : '';
      this.fault = name === 'NotFoundError' || name === 'OverconstrainedError' ? 'missing' : name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'denied';
      throw error;
    }
  }

  /** Names are only told once the microphone has been allowed. */
  async list(): Promise<void> {
    if (navigator.mediaDevices === undefined) return;
    if (!this.#listening) {
      this.#listening = true;
      navigator.mediaDevices.addEventListener('devicechange', () => void this.list());
    }
    const all = await navigator.mediaDevices.enumerateDevices();
    const named = (kind: MediaDeviceKind): MediaDeviceInfo[] => all.filter((device) => device.kind === kind && device.deviceId !== '' && device.deviceId !== 'default');
    this.microphones = named('audioinput');
    this.speakers = named('audiooutput');
  }
}

export const devices = new Devices();
