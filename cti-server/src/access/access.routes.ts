import type { HttpApp } from '../platform/http.ts';
import { registerAdministrationRoutes } from './administration.routes.ts';
import { registerSessionRoutes } from './sessions.routes.ts';
import { registerUserRoutes } from './users.routes.ts';

export type AccessParts = Parameters<typeof registerSessionRoutes>[1] & Parameters<typeof registerUserRoutes>[1] & Parameters<typeof registerAdministrationRoutes>[1];

export function registerAccessRoutes(app: HttpApp, parts: AccessParts): void {
  registerSessionRoutes(app, parts);
  registerUserRoutes(app, parts);
  registerAdministrationRoutes(app, parts);
}
