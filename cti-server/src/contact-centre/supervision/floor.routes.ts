import { floor } from '../../contracts/index.ts';
import { type HttpApp, viewerOf } from '../../platform/http.ts';
import type { Floor } from './floor.ts';

export function registerFloorRoutes(app: HttpApp, live: Floor): void {
  app.get('/api/floor', { config: { access: ['floor.read'] }, schema: { tags: ['floor'], summary: 'Queues and agents of one’s scope, now', response: { 200: floor } } }, (request) =>
    live.snapshot(viewerOf(request)),
  );
}
