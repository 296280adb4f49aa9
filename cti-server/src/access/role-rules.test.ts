import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recordActions, recordScopes, rights, scope } from '../contracts/index.ts';
import { builtInRoles } from './built-in-roles.ts';
import { recordRightsBeyond } from './record-rights-rules.ts';
import { allowanceOf, beyond, sortRights } from './role-rules.ts';

const anyRecordRights = fc.dictionary(fc.constantFrom('*', 'lead', 'customer'), fc.dictionary(fc.constantFrom(...recordActions), fc.constantFrom(...recordScopes), { maxKeys: 3 }), { maxKeys: 3 });
const anyRole = fc.record({ rights: fc.subarray([...rights]), scope: fc.constantFrom(...scope.options), recordRights: anyRecordRights });

test('to manage includes to read', () => {
  expect(sortRights(allowanceOf([{ rights: ['tickets.manage'], scope: 'own', recordRights: {} }]).rights)).toEqual(['tickets.read', 'tickets.manage']);
});

test('several roles allow all that each allows, as far as the widest sees', () => {
  const both = allowanceOf([{ rights: ['calls.take'], scope: 'own', recordRights: {} }, { rights: ['floor.read'], scope: 'team', recordRights: {} }]);
  expect([sortRights(both.rights), both.scope]).toEqual([['calls.take', 'floor.read'], 'team']);
});

test('no role, and a right or scope that nobody knows, allow nothing', () => {
  expect(allowanceOf([])).toEqual({ rights: new Set(), scope: 'own', recordRights: {} });
  expect(allowanceOf([{ rights: ['world.rule'], scope: 'galaxy', recordRights: {} }])).toEqual({ rights: new Set(), scope: 'own', recordRights: {} });
});

test('nothing is beyond oneself, and what is beyond is exactly what adding it would bring', () => {
  fc.assert(
    fc.property(fc.array(anyRole, { maxLength: 4 }), anyRole, (own, given) => {
      const before = allowanceOf(own);
      expect(beyond(before, before)).toEqual([]);
      const after = allowanceOf([...own, given]);
      const hasGrown = after.rights.size > before.rights.size || after.scope !== before.scope || recordRightsBeyond(before.recordRights, after.recordRights).length > 0;
      expect(beyond(before, allowanceOf([given])).length > 0).toBe(hasGrown);
    }),
  );
});

test('nothing is beyond an administrator', () => {
  const administrator = allowanceOf(builtInRoles.filter((role) => role.name === 'administrator'));
  for (const role of builtInRoles) expect(beyond(administrator, allowanceOf([role]))).toEqual([]);
});
