import { type RecordAction, recordActions, type RecordRights, type RecordScope, recordScopes, type Right } from '../contracts/index.ts';

const widest = (a: RecordScope, b: RecordScope): RecordScope => (recordScopes.indexOf(a) >= recordScopes.indexOf(b) ? a : b);
const isScope = (name: unknown): name is RecordScope => recordScopes.some((scope) => scope === name);

/** What this program knows of what is written in a role; an action or scope that only a newer one knows allows nothing. */
export function knownRecordRights(written: Readonly<Record<string, Readonly<Record<string, string>>>>): RecordRights {
  return Object.fromEntries(
    Object.entries(written).map(([type, actions]) => [
      type,
      Object.fromEntries(recordActions.flatMap((action) => (isScope(actions[action]) ? [[action, actions[action]]] : []))),
    ]),
  );
}

/** How far an action on a type reaches: what is said of the type, or of every type, whichever is wider. */
export const scopeOf = (rights: RecordRights, type: string, action: RecordAction): RecordScope => widest(rights[type]?.[action] ?? 'none', rights['*']?.[action] ?? 'none');

/** All that several roles allow together: for each type and action the widest. */
export function mergeRecordRights(all: readonly RecordRights[]): RecordRights {
  const merged: RecordRights = {};
  for (const rights of all) {
    for (const [type, actions] of Object.entries(rights)) {
      const into = (merged[type] ??= {});
      for (const action of recordActions) {
        const scope = actions[action];
        if (scope !== undefined) into[action] = widest(into[action] ?? 'none', scope);
      }
    }
  }
  return merged;
}

const types: Readonly<Partial<Record<Right, readonly string[]>>> = {
  'customers.read': ['customer', 'contact'],
  'customers.manage': ['customer', 'contact'],
  'tickets.read': ['ticket'],
  'tickets.manage': ['ticket'],
};
/** Whoever rings may be anybody's customer: the rights on customers and tickets reach all of them, as the screen that rings does. */
export function recordRightsOf(rights: Iterable<Right>): RecordRights {
  return mergeRecordRights(
    [...rights].flatMap((right) =>
      (types[right] ?? []).map((type): RecordRights => ({ [type]: right.endsWith('.manage') ? { read: 'all', create: 'all', change: 'all' } : { read: 'all' } })),
    ),
  );
}

/** What `given` has beyond `own`, for a refusal. */
export function recordRightsBeyond(own: RecordRights, given: RecordRights): string[] {
  return Object.entries(given).flatMap(([type, actions]) =>
    recordActions.flatMap((action) => {
      const scope = actions[action];
      return scope !== undefined && widest(scope, scopeOf(own, type, action)) !== scopeOf(own, type, action) ? [`${type} ${action} ${scope}`] : [];
    }),
  );
}
