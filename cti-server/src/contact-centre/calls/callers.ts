import type { FlowCallerFacts, ScreenPop } from '../../contracts/index.ts';
import type { Database } from '../../db/index.ts';
import type { Logger } from '../../platform/logger.ts';
import type { AgentsService } from '../agents/index.ts';
import { type CallerFacts, readCallerFacts } from '../routing/index.ts';
import type { Call } from './call-types.ts';

/** What routing and call flows may know of who calls: read once per call, kept while it lasts. */
export function createCallers(options: { database: Database; agents: AgentsService; logger: Logger; popOf(callId: string): ScreenPop | null; lookUp(call: Call): Promise<ScreenPop> }) {
  const known = new Map<string, CallerFacts>();
  return {
    /** As far as it is known by now. */
    factsOf: (call: Call): CallerFacts | null => known.get(call.id) ?? null,
    async learn(callId: string, customerId: string): Promise<void> {
      const facts = await readCallerFacts(options.database, customerId).catch((error: unknown) => {
        options.logger.warn({ err: error, callId }, 'what routing may use of a customer could not be read: the call is routed without it');
        return null;
      });
      if (facts !== null) known.set(callId, facts);
    },
    forget: (callId: string): void => void known.delete(callId),
    /** For a call flow that asks. Nobody known for certain is nobody known. */
    async forFlow(call: Call): Promise<FlowCallerFacts> {
      const pop = options.popOf(call.id) ?? (await options.lookUp(call));
      const customer = pop.match === 'one' ? pop.customer : null;
      const facts = customer === null ? null : (known.get(call.id) ?? (await readCallerFacts(options.database, customer.id)));
      const ownerId = facts?.ownerId ?? null;
      const isOwnerReady = ownerId !== null && options.agents.get(ownerId).status.state === 'ready' && options.agents.isReachable(ownerId);
      return { isKnown: customer !== null, tier: facts?.tier ?? customer?.tier ?? null, hasOpenTicket: customer !== null && pop.openTickets.length > 0, ownerId, isOwnerReady };
    },
  };
}
