import type { RealtimeMessage, Topic } from '@centralita/cti-server/contracts';

/** How far one topic has been read. */
export interface TopicPosition {
  stream: string | null;
  seq: number | null;
}

export type Judgement =
  /** The next in line: apply it. */
  | { what: 'apply'; position: TopicPosition }
  /** Seen before: a repeat or a late one. */
  | { what: 'ignore' }
  /** Something in between is missing: ask for it from `position`. */
  | { what: 'gap' };

export const unread: TopicPosition = { stream: null, seq: null };

/**
 * Decides about one message. A snapshot replaces all that was known, whatever its number, unless it is older than what is known of the same
 * stream. A change must follow the last one exactly.
 */
export function judge(position: TopicPosition, message: Pick<RealtimeMessage, 'stream' | 'seq' | 'snapshot'>): Judgement {
  const next = { stream: message.stream, seq: message.seq };
  const sameStream = position.stream === message.stream && position.seq !== null;
  if (message.snapshot) {
    if (sameStream && message.seq < (position.seq ?? 0)) return { what: 'ignore' };
    return { what: 'apply', position: next };
  }
  if (!sameStream) return { what: 'gap' };
  const last = position.seq ?? 0;
  if (message.seq <= last) return { what: 'ignore' };
  return message.seq === last + 1 ? { what: 'apply', position: next } : { what: 'gap' };
}

/** The request that brings the given topics up to date. */
export function subscription(topics: readonly Topic[], positions: ReadonlyMap<Topic, TopicPosition>): { topic: Topic; stream: string | null; seq: number | null }[] {
  return topics.map((topic) => ({ topic, ...(positions.get(topic) ?? unread) }));
}
