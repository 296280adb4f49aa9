import { describe, expect, test } from 'vitest';
import { judge, subscription, unread } from './sequence.ts';

const at = (seq: number, snapshot = false, stream = 'a') => ({ stream, seq, snapshot });
const read = (seq: number, stream = 'a') => ({ stream, seq });

describe('one topic', () => {
  test('begins with a snapshot, whatever its number', () => {
    expect(judge(unread, at(41, true))).toEqual({ what: 'apply', position: read(41) });
  });
  test('a change before any snapshot is a gap: it would change what nobody knows', () => {
    expect(judge(unread, at(1))).toEqual({ what: 'gap' });
  });
  test('takes the next change', () => {
    expect(judge(read(4), at(5))).toEqual({ what: 'apply', position: read(5) });
  });
  test('ignores what it has seen', () => {
    expect(judge(read(4), at(4))).toEqual({ what: 'ignore' });
    expect(judge(read(4), at(2))).toEqual({ what: 'ignore' });
  });
  test('notices that something is missing', () => {
    expect(judge(read(4), at(6))).toEqual({ what: 'gap' });
  });
  test('does not go on counting when another server counts', () => {
    expect(judge(read(4), at(5, false, 'b'))).toEqual({ what: 'gap' });
    expect(judge(read(400), at(2, true, 'b'))).toEqual({ what: 'apply', position: read(2, 'b') });
  });
  test('a snapshot that was overtaken does not bring back the past', () => {
    expect(judge(read(9), at(7, true))).toEqual({ what: 'ignore' });
  });
  test('a snapshot of the same number repairs what is shown', () => {
    expect(judge(read(9), at(9, true))).toEqual({ what: 'apply', position: read(9) });
  });
});

test('after a break it asks for each topic from where it stopped', () => {
  const positions = new Map([['desk' as const, read(12)]]);
  expect(subscription(['desk', 'queues'], positions)).toEqual([
    { topic: 'desk', stream: 'a', seq: 12 },
    { topic: 'queues', stream: null, seq: null },
  ]);
});
