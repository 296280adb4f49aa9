export { firstRepeated } from './setup-rules.ts';
export {
  type AuditTrail,
  createSetupRecords,
  inUseBy,
  namedTwice,
  type SetupDependencies,
  type SetupRecords,
  type SetupStore,
  unknownId,
} from './setup-records.ts';
export { setupReaders, setupRoutes, setupWriters } from './setup.routes.ts';
export { type Connection, type Database, inTransaction, type Transaction } from './setup.store.ts';
