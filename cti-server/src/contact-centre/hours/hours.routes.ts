import { calendar, calendarInput } from '../../contracts/index.ts';
import type { HttpApp } from '../../platform/http.ts';
import { createSetupRecords, type SetupDependencies, setupRoutes } from '../setup/index.ts';
import { calendarsStore } from './hours.store.ts';

/** /api/calendars: when the house is open. */
export function calendarRoutes(app: HttpApp, dependencies: SetupDependencies): void {
  setupRoutes(app, {
    path: '/api/calendars',
    tag: 'hours',
    input: calendarInput,
    output: calendar,
    records: createSetupRecords(calendarsStore, dependencies),
  });
}
