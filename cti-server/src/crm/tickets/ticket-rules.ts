import type { z } from 'zod';
import type { ticketStatus } from '../../contracts/index.ts';

export type TicketStatus = z.infer<typeof ticketStatus>;

/** What somebody still has to do something about. */
export const isOpen = (status: TicketStatus): boolean => status !== 'solved' && status !== 'closed';

/**
 * When a ticket counts as closed: from the moment it is solved or closed until it is opened again. Solved and then closed keeps the
 * moment it was solved.
 * @param closedAt the moment before the move, null while it was open
 */
export function closedAtAfter(status: TicketStatus, closedAt: Date | null, now: Date): Date | null {
  return isOpen(status) ? null : (closedAt ?? now);
}

/** "1042" or "#1042": the number of a ticket, as people say it. */
export function ticketNumberIn(search: string): number | null {
  const digits = /^#?\s*(\d{1,15})$/.exec(search.normalize('NFKC').trim())?.[1];
  return digits === undefined ? null : Number(digits);
}
