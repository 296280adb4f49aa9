import { type RecordRights, type Right, rights as allRights, type Scope } from '../contracts/index.ts';
import { knownRecordRights, mergeRecordRights, recordRightsBeyond, recordRightsOf } from './record-rights-rules.ts';

/** What somebody may do, and whose things they see. */
export interface Allowance {
  rights: ReadonlySet<Right>;
  scope: Scope;
  recordRights: RecordRights;
}
export interface RoleAllowance {
  rights: readonly string[];
  scope: string;
  recordRights: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const known: ReadonlySet<string> = new Set(allRights);
const isRight = (name: string): name is Right => known.has(name);
const scopes: readonly Scope[] = ['own', 'team', 'all'];
const toScope = (name: string): Scope => scopes.find((scope) => scope === name) ?? 'own';

/**
 * All that several roles allow together: the union of their rights, with the `.read` of each `.manage`, and the widest scope. A right
 * this program does not know (written by a newer one) allows nothing.
 */
export function allowanceOf(roles: readonly RoleAllowance[]): Allowance {
  const rights = new Set<Right>();
  for (const name of roles.flatMap((role) => role.rights)) {
    if (!isRight(name)) continue;
    rights.add(name);
    const read = name.replace(/\.manage$/, '.read');
    if (isRight(read)) rights.add(read);
  }
  const scope = roles.map((role) => toScope(role.scope)).reduce((widest, next) => (isWider(next, widest) ? next : widest), 'own');
  const recordRights = mergeRecordRights([...roles.map((role) => knownRecordRights(role.recordRights)), recordRightsOf(rights)]);
  return { rights, scope, recordRights };
}

export const isWider = (scope: Scope, than: Scope): boolean => scopes.indexOf(scope) > scopes.indexOf(than);

/** What the given allowance has beyond one's own, for a refusal; empty when one may give it away. */
export function beyond(own: Allowance, given: Allowance): string[] {
  const more: string[] = [...[...given.rights].filter((right) => !own.rights.has(right)), ...recordRightsBeyond(own.recordRights, given.recordRights)];
  return isWider(given.scope, own.scope) ? [...more, `scope ${given.scope}`] : more;
}

/** The order of the contract, so that the same rights always read the same. */
export const sortRights = (given: Iterable<string>): Right[] => {
  const set = new Set(given);
  return allRights.filter((right) => set.has(right));
};
