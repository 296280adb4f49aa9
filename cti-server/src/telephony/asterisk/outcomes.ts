/** From what ARI answered to the port's four outcomes. */
import type { z } from 'zod';
import type { Outcome } from '../port.ts';
import type { AriAnswer } from './ari-socket.ts';

/** For each status that means something special: `'ok'`, or the reason to give for the rejection. */
type Meanings = Readonly<Record<number, string>>;

/** The outcome of a request whose answer holds nothing of interest. */
export function done(answer: AriAnswer<unknown>, meanings: Meanings = {}): Outcome {
  switch (answer.outcome) {
    case 'answered':
      return { outcome: 'ok', value: undefined };
    case 'unavailable':
    case 'unknown':
      return answer;
    case 'refused': {
      const meaning = meanings[answer.statusCode];
      if (meaning === 'ok') return { outcome: 'ok', value: undefined };
      if (meaning !== undefined) return { outcome: 'rejected', reason: meaning };
      // A failure inside Asterisk may come after half of the work was done.
      if (answer.statusCode >= 500) return { outcome: 'unknown', reason: `${answer.statusCode} ${answer.reason}` };
      return { outcome: 'rejected', reason: `${answer.statusCode} ${answer.reason}` };
    }
  }
}

/** The outcome of a question, with its answer checked. An answer that cannot be read tells nothing: `unknown`. */
export const reading =
  <T>(schema: z.ZodType<T>) =>
  (answer: AriAnswer<unknown>): Outcome<T> => {
    if (answer.outcome !== 'answered') {
      const outcome = done(answer);
      return outcome.outcome === 'ok' ? { outcome: 'unknown', reason: 'no answer' } : outcome;
    }
    const parsed = schema.safeParse(answer.value);
    return parsed.success ? { outcome: 'ok', value: parsed.data } : { outcome: 'unknown', reason: `unreadable answer: ${parsed.error.message}` };
  };
