import type { Locale } from '../../../contracts/index.ts';
import type { Sound } from '../../../telephony/sound.ts';

/** Turns words into sound. One of the machine itself speaks by default; others may be joined by implementing this. */
export interface SpeechProvider {
  /** Changes whenever the same words would sound different: sounds are kept under it. */
  readonly name: string;
  /** Throws {@link SpeechUnavailable} when it cannot speak now. */
  speak(language: Locale, words: string): Promise<Sound>;
}

export class SpeechUnavailable extends Error {
  override readonly name = 'SpeechUnavailable';
}
