import { fieldKinds, type RecordField } from '@centralita/cti-server/contracts';
import { describe, expect, test } from 'vitest';
import { filterOf, filtersFrom, opsOf, typedOfFilter } from './filter-conditions.ts';

const label = { es: 'x', en: 'x', 'zh-CN': 'x', 'zh-TW': 'x' };
const field = (kind: RecordField['kind'], more: Partial<RecordField> = {}): RecordField => ({ key: 'f', kind, label, required: false, unique: false, custom: false, readOnly: false, encrypted: false, searchable: false, options: [], linkTo: null, max: null, writable: true, ...more });

test('every kind can be asked whether it is empty', () => {
  for (const kind of fieldKinds) expect(opsOf(field(kind)), kind).toContain('empty');
});
test('what is encrypted is compared whole, and only where it may be found', () => {
  expect(opsOf(field('text', { encrypted: true }))).toEqual(['empty', 'notEmpty']);
  expect(opsOf(field('text', { encrypted: true, searchable: true }))).toContain('eq');
  expect(opsOf(field('text', { encrypted: true, searchable: true }))).not.toContain('contains');
});

describe('a condition', () => {
  test('needs a value unless it asks for none', () => {
    expect(filterOf(field('text'), 'contains', ' ', 'en')).toBeUndefined();
    expect(filterOf(field('text'), 'empty', '', 'en')).toEqual({ field: 'f', op: 'empty' });
  });
  test('on a part of an address is no address itself', () => expect(filterOf(field('email'), 'contains', 'acme', 'en')).toEqual({ field: 'f', op: 'contains', value: 'acme' }));
  test('finds retired values too', () => expect(filterOf(field('pick', { options: [{ value: 'old', label, retired: true }] }), 'in', ['old'], 'en')).toEqual({ field: 'f', op: 'in', value: ['old'] }));
  test('on tags takes words between any commas', () => expect(filterOf(field('multiPick', { key: 'tags' }), 'in', 'vip， new', 'en')).toEqual({ field: 'tags', op: 'in', value: ['vip', 'new'] }));
  test('comes back into its controls as it was typed', () => {
    expect(typedOfFilter(field('money'), { field: 'f', op: 'gte', value: '12.50' }, 'es')).toBe('12,50');
    expect(typedOfFilter(field('pick'), { field: 'f', op: 'in', value: ['a', 'b'] }, 'en')).toEqual(['a', 'b']);
  });
});

test('a damaged address opens the list without conditions', () => {
  for (const text of [null, '', '{', '[{"field":1}]', '{"a":1}']) expect(filtersFrom(text)).toEqual([]);
  expect(filtersFrom('[{"field":"name","op":"empty"}]')).toEqual([{ field: 'name', op: 'empty' }]);
});
