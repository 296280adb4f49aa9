import type { Calendar, Queue } from '../../contracts/index.ts';

/** A person who may take calls, with what routing must know. */
export interface AgentSetup {
  userId: string;
  name: string;
  active: boolean;
  teamIds: readonly string[];
  queueIds: ReadonlySet<string>;
  /** Level by skill, 1 to 5. */
  skills: ReadonlyMap<string, number>;
  /** Endpoint of the desk phone at the switch (`desk-101`), null when there is none. */
  deskPhoneEndpoint: string | null;
  extension: string | null;
}

/** A named pick: a reason code or a disposition. */
export interface NamedPick {
  id: string;
  name: string;
  active: boolean;
  sortOrder: number;
}

/**
 * The set-up of the contact centre, held in memory because every call needs it: queues, numbers, agents, skills, reason codes,
 * dispositions. Read from the database at the start and again after each change, on every server.
 */
export interface Directory {
  load(): Promise<void>;
  /** To be called after a change was saved: reads anew here and tells the other servers. */
  changed(): Promise<void>;
  /** A browser's SIP account was made for this user, or dropped (null): known here and on the other servers without reading all anew. */
  endpointChanged(endpoint: string, userId: string | null): void;
  onChange(listener: () => void): void;

  queue(id: string): Queue | undefined;
  queues(): readonly Queue[];
  /** When a house is open, by the id that queues and call flows name. */
  calendar(id: string): Calendar | undefined;
  /** The number a call came in on, in whatever spelling the trunk uses; undefined when nobody set it up or it is switched off. */
  numberFor(dialled: string): { id: string; queueId: string | null } | undefined;
  agent(userId: string): AgentSetup | undefined;
  agents(): Iterable<AgentSetup>;
  agentByEndpoint(endpoint: string): AgentSetup | undefined;
  reasonCode(id: string): NamedPick | undefined;
  disposition(id: string): (NamedPick & { queueIds: readonly string[] }) | undefined;
}
