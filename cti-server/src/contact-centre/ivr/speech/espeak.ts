import { spawn } from 'node:child_process';
import type { Locale } from '../../../contracts/index.ts';
import { normalise, readWav, resample, type Sound } from '../../../telephony/sound.ts';
import { type SpeechProvider, SpeechUnavailable } from './speech.ts';

/** As the announcements of the house: see asterisk-config/install/prompts.ts. */
const voices: Record<Locale, string> = { es: 'es+f3', en: 'en-gb+f3', 'zh-CN': 'cmn+f3', 'zh-TW': 'cmn+f3' };
const wordsPerMinute = 150;
const telephoneRate = 8_000;
const longestMs = 20_000;

/** espeak-ng on this machine. @param command program and leading arguments */
export function createEspeak(command: readonly string[]): SpeechProvider {
  return {
    name: 'espeak-ng 1',
    async speak(language, words): Promise<Sound> {
      const wav = await run(command, ['-v', voices[language], '-s', String(wordsPerMinute), '--stdin', '--stdout'], words);
      // -3 dB leaves room for the codec; louder clips in A-law.
      return normalise(resample(readWav(wav), telephoneRate), 0.7);
    },
  };
}

/** Words go in by the standard input: on the command line some would be taken for options. */
function run([program = '', ...leading]: readonly string[], args: readonly string[], words: string): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const child = spawn(program, [...leading, ...args], { stdio: ['pipe', 'pipe', 'pipe'], timeout: longestMs, killSignal: 'SIGKILL' });
  const sound: Buffer[] = [];
  let complaint = '';
  child.stdout.on('data', (chunk: Buffer) => sound.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-500)));
  child.once('error', (error) => reject(new SpeechUnavailable(`${program} cannot be started: ${error.message}`)));
  child.once('close', (code, signal) => {
    if (code === 0) resolve(Buffer.concat(sound));
    else reject(new SpeechUnavailable(`${program} ended with ${String(code ?? signal)}: ${complaint}`));
  });
  // it may end before it has read all: what became of it is told by `close`
  child.stdin.on('error', () => undefined);
  child.stdin.end(words);
  return promise;
}
