import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locale } from '../../contracts/index.ts';
import type { Database } from '../../db/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { Refusal } from '../../platform/errors.ts';
import type { Logger } from '../../platform/logger.ts';
import { type Sound, writeWav } from '../../telephony/sound.ts';
import { findSound, readSound, saveSound } from './sounds.store.ts';
import { type SpeechProvider, SpeechUnavailable } from './speech/speech.ts';
import { soundFromUpload, UnusableSound } from './speech/uploaded-wav.ts';

export interface MadeSound {
  soundId: string;
  durationMs: number;
}

export interface Sounds {
  /** The words as sound, made once and kept. Throws 503 `speechUnavailable`. */
  spoken(language: Locale, words: string): Promise<MadeSound>;
  /** An uploaded WAV file, made fit for the telephone. Throws 400 `unusableSound` with the reason. */
  uploaded(file: Uint8Array): Promise<MadeSound>;
  /** The sound as a WAV file; undefined when there is none. */
  wav(soundId: string): Promise<Buffer | undefined>;
  /** Where the switch finds it: a path without its ending; null when there is none. Writes the file when it is missing. */
  fileOf(soundId: string): Promise<string | null>;
}

/** Sounds live in the database under what they were made of; the folder is only what the switch reads, and is filled as needed. */
export function createSounds(options: { database: Database; speech: SpeechProvider; folder: string; clock: Clock; logger: Logger }): Sounds {
  const { database, speech, folder, clock, logger } = options;

  const keep = async (id: string, sound: Sound): Promise<MadeSound> => {
    const durationMs = Math.round((1_000 * sound.samples.length) / sound.rate);
    await saveSound(database, { id, wav: writeWav(sound), durationMs, madeAt: new Date(clock.now()) });
    return { soundId: id, durationMs };
  };

  const fileOf = async (soundId: string): Promise<string | null> => {
    if (!/^[0-9a-f]{32}$/.test(soundId)) return null;
    const place = join(folder, soundId);
    const isThere = await access(`${place}.wav`).then(
      () => true,
      () => false,
    );
    if (isThere) return place;
    const wav = await readSound(database, soundId);
    if (!wav) return null;
    // the switch may be another user
    await mkdir(folder, { recursive: true, mode: 0o755 });
    const making = `${place}.${randomUUID()}.part`;
    await writeFile(making, wav, { mode: 0o644 });
    await rename(making, `${place}.wav`);
    return place;
  };

  return {
    async spoken(language, words) {
      const said = words.trim();
      const id = idOf([speech.name, language, said]);
      const durationMs = await findSound(database, id);
      if (durationMs !== undefined) return { soundId: id, durationMs };
      try {
        return await keep(id, await speech.speak(language, said));
      } catch (error) {
        if (!(error instanceof SpeechUnavailable)) throw error;
        logger.error({ err: error }, 'words could not be spoken');
        throw new Refusal(503, 'speechUnavailable', 'The voice that speaks prompts cannot be reached. Is SPEECH_COMMAND right?');
      }
    },
    async uploaded(file) {
      let sound: Sound;
      try {
        sound = soundFromUpload(file);
      } catch (error) {
        if (!(error instanceof UnusableSound)) throw error;
        throw new Refusal(400, 'unusableSound', error.message, { field: 'file', details: { reason: error.code } });
      }
      return keep(idOf(['upload', sound.rate, Buffer.from(sound.samples.buffer).toString('base64')]), sound);
    },
    wav: (soundId) => readSound(database, soundId),
    fileOf: (soundId) =>
      fileOf(soundId).catch((error: unknown) => {
        logger.error({ err: error, soundId }, 'a sound could not be put where the switch reads it');
        return null;
      }),
  };
}

const idOf = (madeOf: unknown[]): string => createHash('sha256').update(JSON.stringify(madeOf)).digest('hex').slice(0, 32);
