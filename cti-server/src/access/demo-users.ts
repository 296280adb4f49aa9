import type { Clock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import { type Database, inTransaction, lockUntilEnd } from './access.store.ts';
import { type DemoLogin, demoLogins, demoPassword, demoTeams } from './demo-logins.ts';
import { hashPassword } from './passwords.ts';
import { saveBuiltInRoles } from './roles.store.ts';
import { insertTeam, listTeams } from './teams.store.ts';
import { findSecretByLogin, insertUser } from './users.store.ts';

export interface DemoUsers {
  /** User ids by login. */
  users: Record<DemoLogin['login'], string>;
  /** Team ids by name. */
  teams: Record<(typeof demoTeams)[number], string>;
}

/**
 * Makes the demo's people and teams where they are missing; leaves those that are there as they are, whatever was done to them. Only for
 * demo mode: anyone knows the password.
 */
export async function ensureDemoUsers(options: { database: Database; clock: Clock }): Promise<DemoUsers> {
  const { database, clock } = options;
  return inTransaction(database, async (tx) => {
    await lockUntilEnd(tx, 'firstStart');
    const roleIds = await saveBuiltInRoles(tx, clock.now());
    const teamIds = new Map((await listTeams(tx)).map((team) => [team.name, team.id]));
    for (const name of demoTeams) {
      if (!teamIds.has(name)) teamIds.set(name, (await insertTeam(tx, newId(clock.now()), name, null)).id);
    }
    const userIds = new Map<string, string>();
    for (const { login, role, teams, ...person } of demoLogins) {
      const found = await findSecretByLogin(tx, login);
      const id = found?.id ?? newId(clock.now());
      userIds.set(login, id);
      if (found) continue;
      const memberships = { roleIds: [must(roleIds, role)], managerId: null, teamIds: teams.map((name) => must(teamIds, name)) };
      await insertUser(tx, id, { ...person, login, active: true, ...memberships }, await hashPassword(demoPassword), clock.now());
    }
    return {
      users: {
        admin: must(userIds, 'admin'),
        supervisor: must(userIds, 'supervisor'),
        ana: must(userIds, 'ana'),
        bruno: must(userIds, 'bruno'),
        lin: must(userIds, 'lin'),
      },
      teams: { Atención: must(teamIds, 'Atención'), Ventas: must(teamIds, 'Ventas') },
    };
  });
}

function must(ids: ReadonlyMap<string, string>, name: string): string {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`The demo needs ${name}.`);
  return id;
}
