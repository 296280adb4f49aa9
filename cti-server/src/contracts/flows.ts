import { z } from 'zod';
import { e164, id, instant, line, locale, requiredLine, text } from './basics.ts';

/*
 * A call flow: what a caller hears and may choose before an agent is there. It is a drawing: nodes, and edges from a node's port to the
 * next node. A draft may be unfinished in every way (see flow-check-rules.ts); what is published is whole and never changes again.
 */

/** A key of a telephone. */
export const flowKey = z.string().regex(/^[0-9*#]$/);
export const flowKeys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;

/** Names a node, a case or a variable within its flow. */
const shortName = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,39}$/);
/** As it is typed, empty too: a draft is saved in every state. */
const variableName = z.string().regex(/^([A-Za-z][A-Za-z0-9_]{0,39})?$/);

/** What is said: words in the flow's language, or a prompt of the library. */
export const flowPrompt = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('words'), words: text(2_000) }),
  z.strictObject({ kind: z.literal('prompt'), promptId: id }),
]);
export type FlowPrompt = z.infer<typeof flowPrompt>;

const base = {
  id: shortName,
  /** What the people who draw call it; empty: its kind's name. */
  label: line(80).default(''),
  /** Where it is drawn. */
  x: z.number().min(-100_000).max(100_000).default(0),
  y: z.number().min(-100_000).max(100_000).default(0),
};
const prompt = flowPrompt.default({ kind: 'words', words: '' });
const optionalPrompt = flowPrompt.nullable().default(null);
/** A key during the prompt stops it and counts. */
const interruptible = z.boolean().default(true);
/** How long without a key until that counts as none. */
const timeoutSeconds = z.int().min(1).max(60).default(6);
/** How often it is asked before the flow goes on by `invalid` or `timeout`. */
const tries = z.int().min(1).max(9).default(3);

export const flowFact = z.enum(['number', 'country', 'dialledNumber', 'tier', 'isKnown', 'hasOpenTicket', 'isOwnerReady']);
export type FlowFact = z.infer<typeof flowFact>;

export const flowNode = z.discriminatedUnion('kind', [
  z.strictObject({ ...base, kind: z.literal('greeting'), prompt, interruptible }),
  z.strictObject({
    ...base,
    kind: z.literal('menu'),
    prompt,
    /** Said before the prompt is repeated, after a wrong key or none. */
    retryPrompt: optionalPrompt,
    keys: z.array(z.strictObject({ key: flowKey, label: line(80).default('') })).max(12).default([]),
    timeoutSeconds,
    tries,
    interruptible,
  }),
  z.strictObject({
    ...base,
    kind: z.literal('digits'),
    prompt,
    retryPrompt: optionalPrompt,
    variable: variableName.default(''),
    minDigits: z.int().min(1).max(32).default(1),
    maxDigits: z.int().min(1).max(32).default(10),
    /** The key that ends the input; null: only the length or a pause does. */
    endKey: z.enum(['#', '*']).nullable().default('#'),
    timeoutSeconds,
    tries,
    interruptible,
    /** Kept out of the call's history: a PIN, a card. */
    secret: z.boolean().default(false),
  }),
  z.strictObject({ ...base, kind: z.literal('hours'), calendarId: id.nullable().default(null) }),
  z.strictObject({ ...base, kind: z.literal('caller'), by: z.enum(['isKnown', 'tier', 'hasOpenTicket', 'isOwnerReady']).default('isKnown') }),
  z.strictObject({
    ...base,
    kind: z.literal('branch'),
    on: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('variable'), name: variableName }),
        z.strictObject({ kind: z.literal('fact'), fact: flowFact }),
      ])
      .default({ kind: 'fact', fact: 'number' }),
    /** The first that fits is taken. */
    cases: z
      .array(z.strictObject({ id: shortName, test: z.enum(['is', 'startsWith']).default('is'), values: z.array(line(60)).max(50).default([]) }))
      .max(12)
      .default([]),
  }),
  z.strictObject({
    ...base,
    kind: z.literal('queue'),
    queueId: id.nullable().default(null),
    /** Added to the call's priority. */
    priorityBonus: z.int().min(0).max(100).default(0),
  }),
  z.strictObject({
    ...base,
    kind: z.literal('agent'),
    /** A person, or whoever owns the caller's customer record. */
    to: z
      .discriminatedUnion('kind', [z.strictObject({ kind: z.literal('user'), userId: id.nullable() }), z.strictObject({ kind: z.literal('owner') })])
      .default({ kind: 'user', userId: null }),
    patienceSeconds: z.int().min(5).max(300).default(25),
  }),
  z.strictObject({
    ...base,
    kind: z.literal('number'),
    /** E.164; a draft may hold half a number. */
    number: line(32).default(''),
    ringSeconds: z.int().min(5).max(120).default(30),
  }),
  z.strictObject({ ...base, kind: z.literal('voicemail'), queueId: id.nullable().default(null), prompt: optionalPrompt }),
  z.strictObject({
    ...base,
    kind: z.literal('callback'),
    queueId: id.nullable().default(null),
    prompt,
    acceptKey: flowKey.default('1'),
    timeoutSeconds,
    interruptible,
  }),
  z.strictObject({ ...base, kind: z.literal('hangUp'), prompt: optionalPrompt }),
]);
export type FlowNode = z.infer<typeof flowNode>;
export type FlowNodeKind = FlowNode['kind'];
export type FlowNodeOf<Kind extends FlowNodeKind> = Extract<FlowNode, { kind: Kind }>;
export const flowNodeKinds = [
  'greeting',
  'menu',
  'digits',
  'hours',
  'caller',
  'branch',
  'queue',
  'agent',
  'number',
  'voicemail',
  'callback',
  'hangUp',
] as const satisfies readonly FlowNodeKind[];

export const flowEdge = z.strictObject({ from: shortName, port: z.string().min(1).max(40), to: shortName });
export type FlowEdge = z.infer<typeof flowEdge>;

export const flowGraph = z.strictObject({
  /** The first node; null: not chosen yet. */
  startId: shortName.nullable().default(null),
  nodes: z.array(flowNode).max(200).default([]),
  edges: z.array(flowEdge).max(1_000).default([]),
});
export type FlowGraph = z.infer<typeof flowGraph>;

/** The ways out of a node, in the order they are drawn. Nodes where the call leaves the flow for good have none. */
export function portsOfNode(node: FlowNode): readonly string[] {
  switch (node.kind) {
    case 'greeting':
      return ['next'];
    case 'menu':
      return [...new Set(node.keys.map(({ key }) => key)), 'invalid', 'timeout'];
    case 'digits':
      return ['next', 'invalid', 'timeout'];
    case 'hours':
      return ['open', 'closed'];
    case 'caller':
      return node.by === 'tier' ? ['A', 'B', 'C', 'unknown'] : ['yes', 'no'];
    case 'branch':
      return [...new Set(node.cases.map((one) => one.id)), 'otherwise'];
    case 'agent':
      return ['otherwise'];
    case 'number':
      return ['failed'];
    case 'callback':
      return ['refused'];
    case 'queue':
    case 'voicemail':
    case 'hangUp':
      return [];
  }
}

/** Which of a node's texts: `prompt` or `retryPrompt`. */
export type FlowPromptSlot = 'prompt' | 'retryPrompt';

/** Everything a node says, by slot. */
export function promptsOfNode(node: FlowNode): { slot: FlowPromptSlot; prompt: FlowPrompt }[] {
  const said: { slot: FlowPromptSlot; prompt: FlowPrompt }[] = [];
  if ('prompt' in node && node.prompt !== null) said.push({ slot: 'prompt', prompt: node.prompt });
  if ('retryPrompt' in node && node.retryPrompt !== null) said.push({ slot: 'retryPrompt', prompt: node.retryPrompt });
  return said;
}

/** Under which name a version keeps the sound of a node's prompt. */
export const soundKey = (nodeId: string, slot: FlowPromptSlot): string => `${nodeId}.${slot}`;

/** The sound that a prompt became when the version was published. */
export const flowSound = z.object({ soundId: z.string(), durationMs: z.int() });
export const flowSounds = z.record(z.string(), flowSound);
export type FlowSounds = z.infer<typeof flowSounds>;

/** Somewhere that a flow is not fit to be published, or (a warning) perhaps not what was meant. */
export const flowProblem = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  /** Null: the flow as a whole. */
  nodeId: z.string().nullable(),
  /** The node's field, `port:<name>` for a way out of it; null: the node as a whole. */
  field: z.string().nullable(),
});

export const flowInput = z.strictObject({ name: requiredLine(80), language: locale });
export const flow = z.object({
  id,
  name: z.string(),
  language: locale,
  /** What is drawn now; callers hear the published version. */
  draft: flowGraph,
  /** Raised by every change of name, language or draft. */
  version: z.int(),
  published: z.object({ versionId: id, number: z.int(), at: instant }).nullable(),
  /** The draft differs from what is published. */
  isChanged: z.boolean(),
  updatedAt: instant,
  updatedByName: z.string().nullable(),
});
export type Flow = z.infer<typeof flow>;
/** One line of the list of flows. */
export const flowSummary = flow.omit({ draft: true }).extend({ nodes: z.int(), errors: z.int() });
export type FlowSummary = z.infer<typeof flowSummary>;
/** What one save changes. The version it is based on comes with it: another's change in between is refused as 409 `changedMeanwhile`. */
export const flowChange = z.strictObject({ version: z.int().min(0), name: requiredLine(80).optional(), language: locale.optional(), draft: flowGraph.optional() });
export const flowPublish = z.strictObject({ version: z.int().min(0), note: line(300).default('') });
export const flowRestore = z.strictObject({ version: z.int().min(0), versionId: id });

export const flowVersion = z.object({
  id,
  flowId: id,
  /** Counts up from 1 within its flow. */
  number: z.int(),
  language: locale,
  graph: flowGraph,
  sounds: flowSounds,
  note: z.string(),
  publishedAt: instant,
  publishedByName: z.string().nullable(),
});
export type FlowVersion = z.infer<typeof flowVersion>;
export const flowVersionSummary = flowVersion.omit({ graph: true, sounds: true });
export type FlowVersionSummary = z.infer<typeof flowVersionSummary>;

/** A telephone number that an outside-number node may call. */
export const isOutsideNumber = (number: string): boolean => e164.safeParse(number).success;

/** A prompt of the library: in each language words that are spoken, or a recording that was uploaded, which then goes before the words. */
export const promptInput = z.strictObject({
  name: requiredLine(80),
  words: z.partialRecord(locale, text(2_000)).default({}),
});
export const libraryPrompt = z.object({
  id,
  ...promptInput.shape,
  recordings: z.partialRecord(locale, flowSound.extend({ fileName: z.string() })),
  version: z.int(),
});
export type LibraryPrompt = z.infer<typeof libraryPrompt>;
/** Words to be heard before they are saved. */
export const speechInput = z.strictObject({ language: locale, words: text(2_000).min(1) });
