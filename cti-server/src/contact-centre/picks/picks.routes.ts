import { disposition, dispositionInput, reasonCode, reasonCodeInput } from '../../contracts/index.ts';
import type { HttpApp } from '../../platform/http.ts';
import { createSetupRecords, type SetupDependencies, setupRoutes } from '../setup/index.ts';
import { dispositionsStore } from './dispositions.store.ts';
import { reasonCodesStore } from './reason-codes.store.ts';

/** /api/reason-codes and /api/dispositions: what agents pick from. */
export function pickRoutes(app: HttpApp, dependencies: SetupDependencies): void {
  setupRoutes(app, {
    path: '/api/reason-codes',
    tag: 'picks',
    input: reasonCodeInput,
    output: reasonCode,
    records: createSetupRecords(reasonCodesStore, dependencies),
  });
  setupRoutes(app, {
    path: '/api/dispositions',
    tag: 'picks',
    input: dispositionInput,
    output: disposition,
    records: createSetupRecords(dispositionsStore, dependencies),
  });
}
