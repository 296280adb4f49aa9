import { expect, test } from 'vitest';
import { chordOf } from './chord.ts';

const press = (key: string, code: string, held: Partial<Record<'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey', boolean>> = {}) => ({ key, code, ctrlKey: false, shiftKey: false, altKey: false, metaKey: false, ...held });

test('a chord is spelt the same whatever the keyboard writes', () => {
  expect(chordOf(press('A', 'KeyA', { ctrlKey: true, shiftKey: true }))).toBe('Ctrl+Shift+A');
  expect(chordOf(press('ф', 'KeyA', { ctrlKey: true, shiftKey: true }))).toBe('Ctrl+Shift+A');
  expect(chordOf(press('!', 'Digit1', { ctrlKey: true, shiftKey: true }))).toBe('Ctrl+Shift+1');
  expect(chordOf(press('Enter', 'Enter', { ctrlKey: true }))).toBe('Ctrl+Enter');
});

test('a key alone is what is printed on it, with or without Shift', () => {
  expect(chordOf(press('?', 'Minus', { shiftKey: true }))).toBe('?');
  expect(chordOf(press('/', 'Digit7', { shiftKey: true }))).toBe('/');
  expect(chordOf(press('3', 'Numpad3'))).toBe('3');
});
