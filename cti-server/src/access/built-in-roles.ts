import { type RecordRights, type Right, rights, type Scope } from '../contracts/index.ts';

export interface BuiltInRole {
  name: string;
  rights: readonly Right[];
  scope: Scope;
  recordRights: RecordRights;
}

export const administratorRole = 'administrator';

/**
 * The roles every installation has. A supervisor does not take calls: who does both has both roles, so that the floor shows as agents
 * only those who mean to be.
 */
export const builtInRoles: readonly BuiltInRole[] = [
  {
    name: administratorRole,
    rights,
    scope: 'all',
    recordRights: { '*': { read: 'all', create: 'all', change: 'all', delete: 'all', import: 'all', export: 'all', configure: 'all' } },
  },
  {
    name: 'supervisor',
    rights: ['calls.read', 'floor.read', 'floor.manage', 'customers.read', 'customers.manage', 'tickets.read', 'tickets.manage', 'queues.manage'],
    scope: 'team',
    recordRights: { '*': { read: 'department', create: 'all', change: 'department', delete: 'department', import: 'all', export: 'department' } },
  },
  {
    name: 'agent',
    rights: ['calls.take', 'calls.read', 'customers.read', 'customers.manage', 'tickets.read', 'tickets.manage'],
    scope: 'own',
    recordRights: { '*': { read: 'own', create: 'all', change: 'own', delete: 'own' }, competitor: { read: 'all' } },
  },
];
