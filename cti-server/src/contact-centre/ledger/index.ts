export type { AgentMove, Move, MoveResult } from './moves.ts';
export { createMoveWriter, type MoveWriter } from './moves.store.ts';
export { CountsSince, foldEvent, noCounts, stillWaiting, type FoldedEvent, type QueueCounts } from './ledger-fold-rules.ts';
