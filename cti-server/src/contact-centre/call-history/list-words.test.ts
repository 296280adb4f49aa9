import { expect, test } from 'vitest';
import { directionOptions, endedByOptions, outcomeOptions, stateOptions } from './list-words.ts';

test('every value of the contracts has words of its own in each language', () => {
  for (const { value, label } of [...outcomeOptions, ...directionOptions, ...endedByOptions, ...stateOptions])
    for (const [language, word] of Object.entries(label)) expect(word, `${value} in ${language}`).not.toBe(value);
});
