export type { Call, CallEvent, CallStatus, LedgerEntry, LedgerKind } from './call-types.ts';
