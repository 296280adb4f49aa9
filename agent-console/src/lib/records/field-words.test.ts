import type { PickOption, RecordField } from '@centralita/cti-server/contracts';
import { describe, expect, test } from 'vitest';
import { labelIn, wordValue, type Reader } from './field-words.ts';

const word = (en: string) => ({ es: `${en}-es`, en, 'zh-CN': `${en}-cn`, 'zh-TW': '' });
const options: PickOption[] = [{ value: 'won', label: word('Won'), retired: false }, { value: 'old', label: word('Old'), retired: true }];
const field = (kind: RecordField['kind']) => ({ kind, options });
const reader = (locale: Reader['locale'] = 'en'): Reader => ({ locale, names: { 'id-1': 'Ana' }, yes: 'Yes', no: 'No' });

test('a label nobody translated is shown in another language', () => {
  expect(labelIn(word('Won'), 'es')).toBe('Won-es');
  expect(labelIn(word('Won'), 'zh-TW')).toBe('Won');
});

describe('a value in words', () => {
  test('no value is no word, but zero and no are', () => {
    for (const none of [null, undefined, '']) expect(wordValue(field('text'), none, reader())).toBe('');
    expect(wordValue(field('number'), 0, reader())).toBe('0');
    expect(wordValue(field('yesNo'), false, reader())).toBe('No');
  });
  test('money keeps every cent, however large', () => {
    expect(wordValue(field('money'), '9999999999999.99', reader('en'))).toBe('9,999,999,999,999.99');
    expect(wordValue(field('money'), '1234.5', reader('es'))).toBe('1234,50');
  });
  test('a day stays the same day in every zone', () => {
    expect(wordValue(field('date'), '2026-01-01', reader('en'))).toBe('Jan 1, 2026');
  });
  test('a retired value of a list stays readable, an unknown one shows as it is', () => {
    expect(wordValue(field('pick'), 'old', reader())).toBe('Old');
    expect(wordValue(field('multiPick'), ['won', 'gone'], reader())).toBe('Won, gone');
  });
  test('an id shows as its name, never as itself', () => {
    expect(wordValue(field('user'), 'id-1', reader())).toBe('Ana');
    expect(wordValue(field('link'), 'id-2', reader())).toBe('…');
  });
  test('a telephone number is grouped as people read it', () => {
    expect(wordValue(field('phone'), '+34910000001', reader())).toBe('+34 910 00 00 01');
    expect(wordValue(field('phone'), '1234', reader())).toBe('1234');
  });
});
