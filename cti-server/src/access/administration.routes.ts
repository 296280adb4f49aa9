import { z } from 'zod';
import { auditEntry, auditQuery, page, type Page, role, roleInput, team, teamInput, versioned } from '../contracts/index.ts';
import { type HttpApp, viewerOf } from '../platform/http.ts';
import type { Viewer } from '../platform/viewer.ts';
import type { createRoles } from './roles.service.ts';
import { idParams, nothing, refusals } from './route-schemas.ts';
import type { createTeams } from './teams.service.ts';

export interface AdministrationParts {
  roles: ReturnType<typeof createRoles>;
  teams: ReturnType<typeof createTeams>;
  audit: { list(viewer: Viewer, query: z.output<typeof auditQuery>): Promise<Page<z.output<typeof auditEntry>>> };
}

/** Roles, teams and the audit. */
export function registerAdministrationRoutes(app: HttpApp, { roles, teams, audit }: AdministrationParts): void {
  app.get('/api/roles', {
    config: { access: ['roles.manage', 'users.manage'] },
    schema: { tags: ['roles'], summary: 'All roles', response: { 200: z.object({ items: z.array(role) }), ...refusals } },
    handler: () => roles.list(),
  });
  app.post('/api/roles', {
    config: { access: ['roles.manage'] },
    schema: { tags: ['roles'], summary: 'Make a role, with no more rights than one’s own', body: roleInput, response: { 201: role, ...refusals } },
    handler: async (request, reply) => reply.status(201).send(await roles.create(viewerOf(request), request.body)),
  });
  app.patch('/api/roles/:id', {
    config: { access: ['roles.manage'] },
    schema: { tags: ['roles'], summary: 'Change a role; holds for its users at once', params: idParams, body: versioned(roleInput), response: { 200: role, ...refusals } },
    handler: (request) => roles.change(viewerOf(request), request.params.id, request.body),
  });
  app.delete('/api/roles/:id', {
    config: { access: ['roles.manage'] },
    schema: { tags: ['roles'], summary: 'Delete a role that nobody has', params: idParams, response: { 204: nothing, ...refusals } },
    handler: async (request, reply) => {
      await roles.remove(viewerOf(request), request.params.id);
      return reply.status(204).send(null);
    },
  });

  const ofUsers = { access: ['users.manage'] } as const;
  app.get('/api/teams', {
    config: ofUsers,
    schema: { tags: ['teams'], summary: 'All teams', response: { 200: z.object({ items: z.array(team) }), ...refusals } },
    handler: () => teams.list(),
  });
  app.post('/api/teams', {
    config: ofUsers,
    schema: { tags: ['teams'], summary: 'Make a team', body: teamInput, response: { 201: team, ...refusals } },
    handler: async (request, reply) => reply.status(201).send(await teams.create(viewerOf(request), request.body)),
  });
  app.patch('/api/teams/:id', {
    config: ofUsers,
    schema: { tags: ['teams'], summary: 'Rename a team', params: idParams, body: versioned(teamInput), response: { 200: team, ...refusals } },
    handler: (request) => teams.change(viewerOf(request), request.params.id, request.body),
  });
  app.delete('/api/teams/:id', {
    config: ofUsers,
    schema: { tags: ['teams'], summary: 'Delete a team that nobody belongs to', params: idParams, response: { 204: nothing, ...refusals } },
    handler: async (request, reply) => {
      await teams.remove(viewerOf(request), request.params.id);
      return reply.status(204).send(null);
    },
  });

  app.get('/api/audit', {
    config: { access: ['audit.read'] },
    schema: { tags: ['audit'], summary: 'Who changed what, the newest first', querystring: auditQuery, response: { 200: page(auditEntry), ...refusals } },
    handler: (request) => audit.list(viewerOf(request), request.query),
  });
}
