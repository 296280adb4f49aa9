export type { AgentSetup, Directory, NamedPick } from './directory.ts';
export { createDirectory, deskPhoneEndpoint } from './directory.service.ts';
export { canonicalNumber } from './number-spelling.ts';
