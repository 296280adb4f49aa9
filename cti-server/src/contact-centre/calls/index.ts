export type { Call, CallEffect, CallEvent, CallStatus, LedgerEntry, LedgerKind } from './call-types.ts';
export { CallBoard, type Moved } from './call-board.ts';
export { createEffects } from './call-effects.ts';
export { CallsService } from './calls.service.ts';
export { createCallsStore, type CallsStore } from './calls.store.ts';
export { createWrapUpsStore, type WrapUpsStore } from './wrap-ups.store.ts';
export { Desks, viewOfAgent } from './desks.ts';
export { LineKeeper } from './line-keeper.ts';
export { registerCallRoutes } from './calls.routes.ts';
