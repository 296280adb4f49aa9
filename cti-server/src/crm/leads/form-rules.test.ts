import { expect, it } from 'vitest';
import { judgeAnswer, makeStamp, readStamp, stampLivesMs } from './form-rules.ts';

it('a stamp tells when the form was opened, and only ours does', () => {
  const stamp = makeStamp('secret', 1_767_600_000_123);
  expect(readStamp('secret', stamp)).toBe(1_767_600_000_123);
  expect(readStamp('another', stamp)).toBeNull();
  expect(readStamp('secret', stamp.replace(/^./, '0'))).toBeNull();
  for (const bad of ['', '.', 'x', 'x.', `${stamp}x`]) expect(readStamp('secret', bad)).toBeNull();
});

const answer = { honeypot: '', openedAtMs: 10_000, nowMs: 13_000, minimumSeconds: 3 };
it.each([
  [{}, 'person'],
  [{ honeypot: 'http://buy.example' }, 'machine'],
  [{ nowMs: 12_999 }, 'tooFast'],
  [{ nowMs: 10_000, minimumSeconds: 0 }, 'person'],
  [{ openedAtMs: null }, 'expired'],
  [{ openedAtMs: 20_000 }, 'expired'],
  [{ nowMs: 10_000 + stampLivesMs }, 'person'],
  [{ nowMs: 10_001 + stampLivesMs }, 'expired'],
])('%j is %s', (some, kind) => expect(judgeAnswer({ ...answer, ...some }).kind).toBe(kind));
it('who was too fast is told how long to wait', () => expect(judgeAnswer({ ...answer, nowMs: 11_500 })).toEqual({ kind: 'tooFast', waitMs: 1_500 }));
