/** Who gets a ticket that nobody has. Pure. */
import type { TicketRoute } from '../../contracts/index.ts';

export interface RoutedTicket {
  kind: string;
  priority: string;
  /** Of its customer; null without one. */
  tier: string | null;
}
export interface TicketCandidate {
  userId: string;
  name: string;
  /** Open tickets they have. */
  held: number;
}

export function ticketRouteFits(route: TicketRoute, ticket: RoutedTicket): boolean {
  const within = (list: readonly string[], value: string | null): boolean => list.length === 0 || (value !== null && list.includes(value));
  return within(route.kinds, ticket.kind) && within(route.priorities, ticket.priority) && within(route.tiers, ticket.tier);
}

/**
 * In turn: the next by id after whoever had the last one. Least loaded: who has fewest, and among equals the next in turn. Null when there
 * is nobody.
 * @param lastUserId who got the last ticket of this route; they may have left since
 */
export function chooseAssignee(how: TicketRoute['how'], candidates: readonly TicketCandidate[], lastUserId: string | null): TicketCandidate | null {
  const byId = [...candidates].sort((a, b) => (a.userId < b.userId ? -1 : 1));
  const inTurn = [...byId.filter((one) => lastUserId === null || one.userId > lastUserId), ...byId.filter((one) => lastUserId !== null && one.userId <= lastUserId)];
  if (how === 'inTurn') return inTurn[0] ?? null;
  const least = Math.min(...inTurn.map((one) => one.held));
  return inTurn.find((one) => one.held === least) ?? null;
}
