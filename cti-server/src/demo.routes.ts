import { z } from 'zod';
import { ringMe } from './contracts/index.ts';
import type { ContactCentre } from './contact-centre/contact-centre.ts';
import { numbersStore } from './contact-centre/numbers/index.ts';
import { pickDemoCaller } from './crm/demo-caller.store.ts';
import type { Database } from './db/index.ts';
import type { Clock } from './platform/clock.ts';
import { Refusal } from './platform/errors.ts';
import { type HttpApp, viewerOf } from './platform/http.ts';

/** "Ring me": the switch itself rings the hotline as one of the demo customers, with a voice to hear. Exists in demo mode only. */
export function registerDemoRoutes(app: HttpApp, options: { database: Database; centre: ContactCentre; clock: Clock }): void {
  const { database, centre } = options;
  app.post(
    '/api/demo/ring-me',
    {
      config: { access: ['calls.take'], rateLimit: { max: 20, timeWindow: 60_000 } },
      schema: { tags: ['demo'], summary: 'Let a demo customer ring the hotline', body: ringMe, response: { 200: z.object({ outcome: z.literal('ok') }) } },
    },
    async (request) => {
      const viewer = viewerOf(request);
      const mine = centre.directory.agent(viewer.userId)?.queueIds ?? new Set<string>();
      const language = request.body.language ?? viewer.locale;
      const queues = centre.directory.queues().filter((queue) => queue.active && mine.has(queue.id));
      const queue = queues.find((one) => one.language === language) ?? queues[0];
      const number = queue && (await numbersStore.list(database)).find((one) => one.active && one.queueId === queue.id);
      if (!queue || !number) throw new Refusal(409, 'noQueue', 'You serve no queue that has a number: an administrator can change that.');
      const caller = await pickDemoCaller(database, queue.language, request.body.customerId);
      if (!caller) throw new Refusal(400, 'unknownCustomer', 'There is no such demo customer.', { field: 'customerId' });
      const line = centre.mainLine;
      const answer = await line.dialIn({ fromNumber: caller.e164, fromName: caller.name, toNumber: number.number, language: queue.language });
      if (answer.outcome !== 'ok') throw new Refusal(503, 'unavailable', `The phone system cannot place the call just now: ${answer.reason}`);
      return { outcome: 'ok' as const };
    },
  );
}
