import { z } from 'zod';
import { id, instant, line, locale, pageQuery, requiredLine } from './basics.ts';
import { recordRights } from './records.ts';

/**
 * What a role may allow. One list for routes, socket events and the console's menus.
 * A right that ends in `.manage` includes the `.read` of the same thing.
 */
export const rights = [
  'calls.take', // work as an agent: own desk, own calls, own wrap-up
  'calls.read', // see calls of one's scope
  'floor.read', // live queues and agents of one's scope
  'floor.manage', // free a stuck agent, change an agent's state
  'customers.read',
  'customers.manage',
  'tickets.read',
  'tickets.manage',
  'queues.manage', // queues, skills, numbers, reason codes, dispositions, agents' skills
  'users.manage',
  'roles.manage',
  'audit.read',
  'system.read', // status page: dependencies, processes, lines
] as const;
export const right = z.enum(rights);
export type Right = z.infer<typeof right>;

/** Whose agents, queues and calls a role lets one see. `own` is oneself, `team` the teams one belongs to. */
export const scope = z.enum(['own', 'team', 'all']);
export type Scope = z.infer<typeof scope>;

export const theme = z.enum(['light', 'dark', 'system']);

export const signIn = z.strictObject({ login: requiredLine(100), password: z.string().min(1).max(200) });

export const session = z.object({
  user: z.object({
    id,
    login: z.string(),
    name: z.string(),
    locale,
    theme,
    teamIds: z.array(id),
    rights: z.array(right),
    scope,
  }),
  /** To be sent as the header `x-csrf-token` with every request that changes something. */
  csrfToken: z.string(),
  demoMode: z.boolean(),
});
export type Session = z.infer<typeof session>;

export const preferences = z.strictObject({ locale: locale.optional(), theme: theme.optional() });
export const newPassword = z.string().min(10).max(200);
export const changePassword = z.strictObject({ currentPassword: z.string().min(1).max(200), newPassword });

/** First start without demo data: the first administrator and the company. */
export const setupState = z.object({ needed: z.boolean() });
export const demoLogin = z.object({ login: z.string(), password: z.string(), role: z.string() });
/** What the sign-in page may know before anyone signed in. `demoLogins` is empty outside demo mode. */
export const publicState = z.object({
  demoMode: z.boolean(),
  setupNeeded: z.boolean(),
  version: z.string(),
  demoLogins: z.array(demoLogin),
  companyName: z.string(),
  locale,
});
export type PublicState = z.infer<typeof publicState>;
export const setup = z.strictObject({
  /** Printed by the server at its first start, so that nobody else can take the empty house. */
  setupCode: requiredLine(100),
  companyName: requiredLine(120),
  locale,
  country: z.string().regex(/^[A-Z]{2}$/),
  timeZone: requiredLine(60),
  login: requiredLine(100),
  name: requiredLine(120),
  password: newPassword,
});

/** A team within another is part of it; the topmost one is a department. */
export const team = z.object({ id, name: z.string(), parentId: id.nullable(), version: z.int() });
export const teamInput = z.strictObject({ name: requiredLine(80), parentId: id.nullable().default(null) });

export const role = z.object({
  id,
  name: z.string(),
  /** Built-in roles cannot be changed or deleted; copy them to make one's own. */
  builtIn: z.boolean(),
  rights: z.array(right),
  scope,
  recordRights,
  version: z.int(),
});
export const roleInput = z.strictObject({ name: requiredLine(80), rights: z.array(right).max(rights.length), scope, recordRights: recordRights.default({}) });

export const user = z.object({
  id,
  login: z.string(),
  name: z.string(),
  locale,
  active: z.boolean(),
  roleIds: z.array(id),
  teamIds: z.array(id),
  /** Whom this user reports to. */
  managerId: id.nullable(),
  managerName: z.string().nullable(),
  lastSignInAt: instant.nullable(),
  version: z.int(),
});
export type User = z.infer<typeof user>;
export const userInput = z.strictObject({
  login: requiredLine(100).regex(/^[\p{L}\p{N}._@-]+$/u),
  name: requiredLine(120),
  locale,
  active: z.boolean().default(true),
  roleIds: z.array(id).min(1).max(20),
  teamIds: z.array(id).max(50).default([]),
  managerId: id.nullable().default(null),
  /** Required for a new user; left out, the password stays. */
  password: newPassword.optional(),
});
export const userQuery = pageQuery.extend({ search: line(100).optional() });

/** Every change sends the version it is based on; another one in the database answers 409 `changedMeanwhile`. */
export const versioned = <T extends z.ZodRawShape>(shape: z.ZodObject<T>) =>
  withoutDefaults(shape).partial().extend({ version: z.int().min(0) }).strict();
/** zod 4 fills in a default even inside an optional field: what a change does not name would be set back to the default of a new record. */
function withoutDefaults<T extends z.ZodRawShape>(shape: z.ZodObject<T>): z.ZodObject<T> {
  const fields = Object.entries(shape.shape).map(([name, field]) => [name, field instanceof z.ZodDefault ? field.unwrap() : field]);
  return z.object(Object.fromEntries(fields) as T);
}

export const auditEntry = z.object({
  id: z.string(),
  at: instant,
  userId: id.nullable(),
  userName: z.string(),
  action: z.string(),
  recordType: z.string(),
  recordId: z.string(),
  changes: z.record(z.string(), z.object({ old: z.unknown(), new: z.unknown() })),
});
export const auditQuery = pageQuery.extend({ recordType: line(50).optional(), recordId: line(100).optional(), userId: id.optional() });
