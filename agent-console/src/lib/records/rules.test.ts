import { describe, expect, test } from 'vitest';
import { mentionAt, mentioned, withMention } from './mention-rules.ts';
import { moved } from './order-rules.ts';
import { keyFrom, optionsOf } from './setup/setup-rules.ts';
import { formOrder, sectionsOf } from './type-layout.ts';

const labels = (en: string, es = '') => ({ es, en, 'zh-CN': '', 'zh-TW': '' });
const field = (key: string, required = false) => ({ key, kind: 'text' as const, label: labels(key), required, unique: false, custom: false, readOnly: false, encrypted: false, searchable: false, options: [], linkTo: null, max: null, writable: true });

describe('order', () => {
  test('moves one and keeps the rest', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b'], 0, 5)).toEqual(['a', 'b']);
  });
});

describe('mentions', () => {
  test('begin with a word, and are not inside an e-mail address', () => {
    expect(mentionAt('Hi @an', 6)).toEqual({ from: 3, query: 'an' });
    expect(mentionAt('ana@example', 11)).toBeNull();
    expect(mentionAt('你好@林', 4)).toEqual({ from: 2, query: '林' });
  });
  test('count only while the name stands in the text', () => {
    const ana = { id: '1', name: 'Ana Ruiz' };
    const put = withMention('Hi @an, look', { from: 3, query: 'an' }, ana);
    expect(put.text).toBe('Hi @Ana Ruiz, look');
    expect(mentioned(put.text, [ana, { id: '2', name: 'Bruno' }])).toEqual(['1']);
  });
});

describe('layout', () => {
  test('what no section names comes last, and nothing twice', () => {
    const type = { fields: [field('a'), field('b', true), field('c')], sections: [{ label: labels('S'), fields: ['c', 'gone', 'c'] }] };
    expect(sectionsOf(type).map((section) => section.fields.map((one) => one.key))).toEqual([['c'], ['a', 'b']]);
    expect(formOrder(type).map((one) => one.key)).toEqual(['b', 'c', 'a']);
  });
});

describe('names for the API', () => {
  test('come from the words, without accents, and never twice', () => {
    expect(keyFrom(labels('', 'Región de venta'), [], 'field')).toBe('regionDeVenta');
    expect(keyFrom(labels('Region'), ['region'], 'field')).toBe('region2');
    expect(keyFrom({ es: '', en: '', 'zh-CN': '地区', 'zh-TW': '' }, [], 'field')).toBe('field');
    expect(keyFrom(labels('2nd phone'), [], 'field')).toMatch(/^[a-z][A-Za-z0-9]{0,39}$/);
  });
  test('values without a word are left out, known ones keep their name', () => {
    const draft = (id: number, value: string | null, en: string) => ({ id, value, label: labels(en), retired: false, fresh: value === null });
    expect(optionsOf([draft(1, 'a', 'North'), draft(2, null, ''), draft(3, null, 'A')]).map((option) => option.value)).toEqual(['a', 'a2']);
  });
});
