import { type AnyPgColumn, bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 });

export const users = pgTable(
  'users',
  {
    id: uuid().primaryKey(),
    login: text().notNull(),
    name: text().notNull(),
    passwordHash: text('password_hash').notNull(),
    locale: text().notNull().default('es'),
    theme: text().notNull().default('system'),
    active: boolean().notNull().default(true),
    lastSignInAt: at('last_sign_in_at'),
    /** Whom this user reports to. */
    managerId: uuid('manager_id').references((): AnyPgColumn => users.id, { onDelete: 'set null' }),
    createdAt: at('created_at').notNull().defaultNow(),
    version: integer().notNull().default(0),
  },
  (t) => [uniqueIndex('users_login').on(sql`lower(${t.login})`), index('users_manager').on(t.managerId), index('users_name').on(t.name, t.id)],
);

export const roles = pgTable(
  'roles',
  {
    id: uuid().primaryKey(),
    name: text().notNull(),
    builtIn: boolean('built_in').notNull().default(false),
    rights: text().array().notNull(),
    scope: text().notNull(),
    /** What may be done with which record type, and how far: see `recordRights` in the contracts. */
    recordRights: jsonb('record_rights').notNull().default({}).$type<Record<string, Record<string, string>>>(),
    version: integer().notNull().default(0),
  },
  (t) => [uniqueIndex('roles_name').on(sql`lower(${t.name})`)],
);

export const userRoles = pgTable(
  'user_roles',
  {
    userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
    roleId: uuid('role_id').notNull().references(() => roles.id),
  },
  (t) => [primaryKey({ columns: [t.userId, t.roleId] }), index('user_roles_role').on(t.roleId)],
);

export const teams = pgTable(
  'teams',
  {
    id: uuid().primaryKey(),
    name: text().notNull(),
    /** A team within another; the topmost one is a department. */
    parentId: uuid('parent_id').references((): AnyPgColumn => teams.id, { onDelete: 'set null' }),
    version: integer().notNull().default(0),
  },
  (t) => [uniqueIndex('teams_name').on(sql`lower(${t.name})`)],
);

export const userTeams = pgTable(
  'user_teams',
  {
    userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
    teamId: uuid('team_id').notNull().references(() => teams.id),
  },
  (t) => [primaryKey({ columns: [t.userId, t.teamId] }), index('user_teams_team').on(t.teamId)],
);

/** One row per browser session; the cookie holds the token, the row only its SHA-256. */
export const sessions = pgTable(
  'sessions',
  {
    id: uuid().primaryKey(),
    tokenHash: text('token_hash').notNull(),
    csrfToken: text('csrf_token').notNull(),
    userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
    createdAt: at('created_at').notNull(),
    seenAt: at('seen_at').notNull(),
    expiresAt: at('expires_at').notNull(),
    address: text().notNull().default(''),
    userAgent: text('user_agent').notNull().default(''),
  },
  (t) => [uniqueIndex('sessions_token').on(t.tokenHash), index('sessions_user').on(t.userId), index('sessions_expiry').on(t.expiresAt)],
);

/** Failed sign-ins by login and by address: the brake on guessing holds over restarts and over many servers. */
export const signInFailures = pgTable('sign_in_failures', {
  key: text().primaryKey(),
  failures: integer().notNull(),
  firstAt: at('first_at').notNull(),
  blockedUntil: at('blocked_until'),
});

export const auditLog = pgTable(
  'audit_log',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: at('at').notNull(),
    userId: uuid('user_id'),
    userName: text('user_name').notNull(),
    action: text().notNull(),
    recordType: text('record_type').notNull(),
    recordId: text('record_id').notNull(),
    changes: jsonb().notNull().$type<Record<string, { old: unknown; new: unknown }>>(),
    /** The line's place in the chain and its hash over itself and the line before; null until it is sealed, about a second later. */
    seal: bigint({ mode: 'number' }),
    hash: text(),
  },
  (t) => [index('audit_record').on(t.recordType, t.recordId, t.id), index('audit_user').on(t.userId, t.id), uniqueIndex('audit_seal').on(t.seal), index('audit_at').using('brin', t.at), index('audit_action').on(t.action, t.id), index('audit_unsealed').on(t.id).where(sql`seal is null`)],
);

/** Company-wide settings and marks such as "set up" or "demo data loaded". */
export const settings = pgTable('settings', { key: text().primaryKey(), value: jsonb().notNull() });
