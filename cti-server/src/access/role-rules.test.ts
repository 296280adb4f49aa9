import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rights, scope } from '../contracts/index.ts';
import { builtInRoles } from './built-in-roles.ts';
import { allowanceOf, beyond, sortRights } from './role-rules.ts';

const anyRole = fc.record({ rights: fc.subarray([...rights]), scope: fc.constantFrom(...scope.options) });

test('to manage includes to read', () => {
  expect(sortRights(allowanceOf([{ rights: ['tickets.manage'], scope: 'own' }]).rights)).toEqual(['tickets.read', 'tickets.manage']);
});

test('several roles allow all that each allows, as far as the widest sees', () => {
  const both = allowanceOf([{ rights: ['calls.take'], scope: 'own' }, { rights: ['floor.read'], scope: 'team' }]);
  expect([sortRights(both.rights), both.scope]).toEqual([['calls.take', 'floor.read'], 'team']);
});

test('no role, and a right or scope that nobody knows, allow nothing', () => {
  expect(allowanceOf([])).toEqual({ rights: new Set(), scope: 'own' });
  expect(allowanceOf([{ rights: ['world.rule'], scope: 'galaxy' }])).toEqual({ rights: new Set(), scope: 'own' });
});

test('nothing is beyond oneself, and what is beyond is exactly what adding it would bring', () => {
  fc.assert(
    fc.property(fc.array(anyRole, { maxLength: 4 }), anyRole, (own, given) => {
      const before = allowanceOf(own);
      expect(beyond(before, before)).toEqual([]);
      const after = allowanceOf([...own, given]);
      const hasGrown = after.rights.size > before.rights.size || after.scope !== before.scope;
      expect(beyond(before, allowanceOf([given])).length > 0).toBe(hasGrown);
    }),
  );
});

test('nothing is beyond an administrator', () => {
  const administrator = allowanceOf(builtInRoles.filter((role) => role.name === 'administrator'));
  for (const role of builtInRoles) expect(beyond(administrator, allowanceOf([role]))).toEqual([]);
});
