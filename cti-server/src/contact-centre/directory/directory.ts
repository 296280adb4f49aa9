import type { Calendar, FlowVersion, NextAction, Queue } from '../../contracts/index.ts';

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

export interface DispositionPick extends NamedPick {
  queueIds: readonly string[];
  parentId: string | null;
  nextAction: NextAction;
  /** Whether it can be chosen: no active one stands under it, and no inactive one above it. */
  canBeChosen: boolean;
}

/** A number of ours, as calls need it. */
export interface NumberSetup {
  id: string;
  /** Answers when there is no flow, or none of it is published. */
  queueId: string | null;
  /** The call flow that answers; see `publishedFlow`. */
  flowId: string | null;
  priorityBonus: number;
  /** Which number is shown when somebody is called back from here, in E.164 or as the trunk wants it. */
  shownNumber: string;
  /** ISO 3166 alpha-2 of the country whose rules hold; null: the house's own. */
  country: string | null;
}

export interface OwnNumber {
  id: string;
  number: string;
  label: string;
  queueId: string | null;
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
  /** What callers who enter this flow now hear; undefined: it is deleted, or was never published. */
  publishedFlow(flowId: string): FlowVersion | undefined;
  /** The version that a caller entered. An older one is known for a day after another took its place. */
  flowVersion(versionId: string): FlowVersion | undefined;
  /** The number a call came in on, in whatever spelling the trunk uses; undefined when nobody set it up or it is switched off. */
  numberFor(dialled: string): NumberSetup | undefined;
  /** Which of our numbers is shown when somebody is called on behalf of this queue; null: the house's own. */
  numberShownBy(queueId: string): string | null;
  /** Our own numbers in use, which may be shown to who is called. */
  numbersToShow(): readonly OwnNumber[];
  agent(userId: string): AgentSetup | undefined;
  agents(): Iterable<AgentSetup>;
  agentByEndpoint(endpoint: string): AgentSetup | undefined;
  reasonCode(id: string): NamedPick | undefined;
  disposition(id: string): DispositionPick | undefined;
}
