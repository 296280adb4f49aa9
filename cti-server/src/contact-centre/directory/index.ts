export type { AgentSetup, Directory, NamedPick } from './directory.ts';
