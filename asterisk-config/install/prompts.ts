import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join as joinPath } from 'node:path';
import { promisify } from 'node:util';
import { join, normalise, readWav, resample, writeWav, type Sound } from '../../cti-server/src/telephony/sound.ts';

const run = promisify(execFile);
const sentencesFile = new URL('../prompts/sentences.json', import.meta.url);

/** espeak-ng's voice by language: one for announcements, another for the caller of the demo, so that they are not mistaken. */
const voices: Record<string, { announcer: string; caller: string; wordsPerMinute: number }> = {
  es: { announcer: 'es+f3', caller: 'es+m3', wordsPerMinute: 150 },
  en: { announcer: 'en-gb+f3', caller: 'en-gb+m3', wordsPerMinute: 150 },
  'zh-CN': { announcer: 'cmn+f3', caller: 'cmn+m3', wordsPerMinute: 150 },
  'zh-TW': { announcer: 'cmn+f3', caller: 'cmn+m3', wordsPerMinute: 150 },
};

/** Numbers sound the same in both, so they are spoken once. */
const sameNumbersAs: Record<string, string> = { 'zh-TW': 'zh-CN' };
const highestNumber = 99;
const telephoneRate = 8_000;

/** Changes whenever anything that can be heard changes. */
export async function promptsFingerprint(): Promise<string> {
  const made = createHash('sha256').update(JSON.stringify(voices)).update(String(highestNumber));
  for (const file of [sentencesFile, new URL('../../cti-server/src/telephony/sound.ts', import.meta.url)]) made.update(await readFile(file));
  return made.digest('hex');
}

/**
 * Speaks every announcement in every language into `folder/<language>/<name>.wav` and `…/numbers/<n>.wav`, unless they are there already.
 * The folder appears whole or not at all. Answers whether it had to be made.
 * @param speechCommand program and leading arguments of espeak-ng
 */
export async function makePrompts(speechCommand: readonly string[], folder: string): Promise<boolean> {
  const fingerprint = await promptsFingerprint();
  const stamp = joinPath(folder, 'fingerprint');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === fingerprint) return false;
  const sentences = JSON.parse(await readFile(sentencesFile, 'utf8')) as Record<string, Record<string, string[]>>;
  const making = `${folder}.new`;
  await rm(making, { recursive: true, force: true });
  const jobs: (() => Promise<void>)[] = [];
  for (const [language, voice] of Object.entries(voices)) {
    const place = joinPath(making, language);
    await mkdir(joinPath(place, 'numbers'), { recursive: true });
    const speak = (who: string, text: string): Promise<Sound> => speakOne(speechCommand, who, voice.wordsPerMinute, text);
    for (const [name, lines] of Object.entries(sentences[language] ?? {}))
      jobs.push(async () => {
        const who = name.startsWith('demo-caller') ? voice.caller : voice.announcer;
        const spoken: Sound[] = [];
        for (const line of lines) spoken.push(await speak(who, line));
        await writeFile(joinPath(place, `${name}.wav`), writeWav(join(spoken, 0.8)));
      });
    if (sameNumbersAs[language]) continue;
    for (let number = 1; number <= highestNumber; number += 1)
      jobs.push(async () => writeFile(joinPath(place, 'numbers', `${number}.wav`), writeWav(await speak(voice.announcer, String(number)))));
  }
  const workers = Array.from({ length: availableParallelism() }, async () => {
    for (let job = jobs.pop(); job; job = jobs.pop()) await job();
  });
  await Promise.all(workers);
  for (const [language, twin] of Object.entries(sameNumbersAs))
    await cp(joinPath(making, twin, 'numbers'), joinPath(making, language, 'numbers'), { recursive: true });
  await writeFile(joinPath(making, 'fingerprint'), fingerprint);
  await rm(folder, { recursive: true, force: true });
  await rename(making, folder);
  return true;
}

async function speakOne(speechCommand: readonly string[], voice: string, wordsPerMinute: number, text: string): Promise<Sound> {
  const [program = '', ...args] = speechCommand;
  const spoken = await run(program, [...args, '-v', voice, '-s', String(wordsPerMinute), '--stdout', text], {
    encoding: 'buffer',
    maxBuffer: 1 << 26,
  });
  // -3 dB leaves room for the codec; louder clips in A-law.
  return normalise(resample(readWav(spoken.stdout), telephoneRate), 0.7);
}
