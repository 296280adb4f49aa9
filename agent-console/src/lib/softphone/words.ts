import { m } from '#lib/i18n/index.ts';
import type { MicrophoneFault } from './devices.svelte.ts';

/** Why there is no microphone, and what to do. */
export function wordMicrophoneFault(fault: MicrophoneFault): string {
  const words: Record<MicrophoneFault, () => string> = {
    denied: () => m.sound_microphone_denied(),
    missing: () => m.sound_microphone_missing(),
    busy: () => m.sound_microphone_busy(),
    insecure: () => m.sound_insecure(),
  };
  return words[fault]();
}
