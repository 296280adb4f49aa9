export type { AgentSetup, Directory, DispositionPick, NamedPick, NumberSetup, OwnNumber } from './directory.ts';
export { createDirectory, deskPhoneEndpoint } from './directory.service.ts';
export { canonicalNumber } from './number-spelling.ts';
export { queueFromRow } from './queue-row.ts';
