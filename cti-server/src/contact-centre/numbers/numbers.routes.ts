import { number, numberInput } from '../../contracts/index.ts';
import type { HttpApp } from '../../platform/http.ts';
import { createSetupRecords, type SetupDependencies, setupRoutes } from '../setup/index.ts';
import { numbersStore } from './numbers.store.ts';

/** /api/numbers: which number leads to which queue. */
export function numberRoutes(app: HttpApp, dependencies: SetupDependencies): void {
  setupRoutes(app, {
    path: '/api/numbers',
    tag: 'numbers',
    input: numberInput,
    output: number,
    records: createSetupRecords(numbersStore, dependencies),
  });
}
