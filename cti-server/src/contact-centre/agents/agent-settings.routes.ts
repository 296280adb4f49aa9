import { z } from 'zod';
import { agentSettings, agentSettingsInput, agentSettingsQuery, deskPhoneAccount, id, page } from '../../contracts/index.ts';
import { type HttpApp, viewerOf } from '../../platform/http.ts';
import { setupWriters } from '../setup/index.ts';
import { createAgentSettings, type DeskPhonePresence } from './agent-settings.service.ts';
import type { DeskPhones } from './desk-phones.service.ts';
import type { SetupDependencies } from '../setup/index.ts';

/** /api/agent-settings: skills, queues and desk phones of agents. */
export function agentSettingsRoutes(
  app: HttpApp,
  dependencies: SetupDependencies & { presence: DeskPhonePresence; deskPhones: DeskPhones },
): void {
  const settings = createAgentSettings(dependencies);
  const { deskPhones } = dependencies;
  const config = { access: setupWriters };
  const tags = ['agents'];
  const params = z.object({ userId: id });
  const nothing = z.null();

  app.get('/api/agent-settings', {
    config,
    schema: {
      tags,
      summary: 'Agents by name, a page at a time; search in name and login',
      querystring: agentSettingsQuery,
      response: { 200: page(agentSettings) },
    },
    handler: (request) => settings.list(viewerOf(request), request.query),
  });
  app.put('/api/agent-settings/:userId', {
    config,
    schema: { tags, summary: 'Set skills and queues of an agent', params, body: agentSettingsInput, response: { 200: agentSettings } },
    handler: (request) => settings.change(viewerOf(request), request.params.userId, request.body),
  });
  app.post('/api/agent-settings/:userId/desk-phone', {
    config,
    schema: {
      tags,
      summary: "Make an agent's desk phone, or renew its password, which is answered this once",
      params,
      response: { 201: deskPhoneAccount },
    },
    handler: async (request, reply) => reply.status(201).send(await deskPhones.make(viewerOf(request), request.params.userId)),
  });
  app.delete('/api/agent-settings/:userId/desk-phone', {
    config,
    schema: { tags, summary: "Take an agent's desk phone away", params, response: { 204: nothing } },
    handler: async (request, reply) => {
      await deskPhones.remove(viewerOf(request), request.params.userId);
      return reply.status(204).send(null);
    },
  });
}
