import { hash, verify } from '@node-rs/argon2';
import { Refusal } from '../platform/errors.ts';

/**
 * Argon2id with 19 MiB, two passes, one lane: the OWASP Password Storage Cheat Sheet's recommendation (m=19456, t=2, p=1). The library's
 * default algorithm is Argon2id.
 */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
export const hashPrefix = '$argon2id$v=19$m=19456,t=2,p=1$';

/** Of random bytes that nobody kept. Verified when there is no such login, so that it takes the same time as a wrong password. */
const nobodysHash = `${hashPrefix}83OInq79r51Ke7ipInJfUw$hNKQ3VmGZ7TbmfW+HP3f3Sovc3mzoMs0Zf1w3u714QI`;

/** The same characters typed on different keyboards can arrive as different code points. */
const canonical = (password: string): string => password.normalize('NFKC');

/** The hash to keep, with its own salt and cost. */
export const hashPassword = (password: string): Promise<string> => hash(canonical(password), cost);

/** Whether the password is the one behind the hash. `null` (no such user) takes as long and is always false. */
export async function isPassword(kept: string | null, password: string): Promise<boolean> {
  const matches = await verify(kept ?? nobodysHash, canonical(password));
  return kept !== null && matches;
}

export interface Turns {
  /** Runs `work` when one of the few places is free, in the order of asking. Throws 503 `unavailable` when too many wait already. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Hashing takes 19 MiB and one of Node's four worker threads each time: only so many at once, so that a storm of sign-ins cannot starve
 * calls of memory, of file access or of name look-ups.
 */
export function createTurns(places = 3, longestQueue = 2_000): Turns {
  let free = places;
  const waiting: (() => void)[] = [];
  return {
    async inTurn(work) {
      if (free > 0) free -= 1;
      else {
        if (waiting.length >= longestQueue) throw new Refusal(503, 'unavailable', 'Too many people sign in at this moment; try again.');
        await new Promise<void>((begin) => waiting.push(begin));
      }
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      }
    },
  };
}
