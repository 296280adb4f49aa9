import { page, user, userInput, userQuery, versioned } from '../contracts/index.ts';
import { type HttpApp, viewerOf } from '../platform/http.ts';
import { idParams, refusals } from './route-schemas.ts';
import type { createUsers } from './users.service.ts';

const tags = ['users'];
const access = ['users.manage'] as const;

export function registerUserRoutes(app: HttpApp, parts: { users: ReturnType<typeof createUsers> }): void {
  const { users } = parts;

  app.get('/api/users', {
    config: { access },
    schema: { tags, summary: 'Users by name, a page at a time; search in name and login', querystring: userQuery, response: { 200: page(user), ...refusals } },
    handler: (request) => users.list(viewerOf(request), request.query),
  });

  app.post('/api/users', {
    config: { access },
    schema: { tags, summary: 'Make a user', body: userInput, response: { 201: user, ...refusals } },
    handler: async (request, reply) => reply.status(201).send(await users.create(viewerOf(request), request.body)),
  });

  app.get('/api/users/:id', {
    config: { access },
    schema: { tags, summary: 'One user', params: idParams, response: { 200: user, ...refusals } },
    handler: (request) => users.get(viewerOf(request), request.params.id),
  });

  app.patch('/api/users/:id', {
    config: { access },
    schema: {
      tags,
      summary: 'Change a user: fields left out stay; takes effect at once',
      params: idParams,
      body: versioned(userInput),
      response: { 200: user, ...refusals },
    },
    handler: (request) => users.change(viewerOf(request), request.params.id, request.body),
  });
}
