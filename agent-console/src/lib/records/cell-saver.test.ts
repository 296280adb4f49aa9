import type { CrmRecord } from '@centralita/cti-server/contracts';
import { expect, test } from 'vitest';
import { CellSaver, type CellEdit } from './cell-saver.ts';
import type { Saved } from './saving.ts';

const record = (version: number, fields: Record<string, unknown>): CrmRecord => ({ id: '1', title: '', fields, names: {}, ownerId: null, ownerName: null, createdAt: '', updatedAt: '', deletedAt: null, version, mayChange: true, mayDelete: true });
const edit = (key: string, value: unknown): CellEdit => ({ key, value, name: undefined });
const apply = (one: CrmRecord, { key, value }: CellEdit): CrmRecord => ({ ...one, fields: { ...one.fields, [key]: value } });

function saver(answer: (asked: CrmRecord, edit: CellEdit) => Saved) {
  const asked: { version: number; key: string }[] = [];
  const answers: (() => void)[] = [];
  let shown = record(1, { a: 'old', b: 'old' });
  const cells = new CellSaver({
    apply,
    show: (one) => (shown = one),
    save: (one, given) =>
      new Promise((resolve) => {
        asked.push({ version: one.version, key: given.key });
        answers.push(() => resolve(answer(one, given)));
      }),
  });
  return { cells, asked, answers, shown: () => shown };
}
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test('two cells edited faster than the wire are saved in turn, the second with the version of the first', async () => {
  const { cells, asked, answers, shown } = saver((one, given) => ({ record: { ...apply(one, given), version: one.version + 1 } }));
  const both = [cells.edit(shown(), edit('a', 'new')), cells.edit(shown(), edit('b', 'new'))];
  expect(shown().fields, 'both at once').toEqual({ a: 'new', b: 'new' });
  await settled();
  expect(asked).toEqual([{ version: 1, key: 'a' }]);
  answers[0]?.();
  await settled();
  expect(shown().fields, 'the first answer takes nothing back').toEqual({ a: 'new', b: 'new' });
  expect(asked[1]).toEqual({ version: 2, key: 'b' });
  answers[1]?.();
  await Promise.all(both);
  expect(shown()).toMatchObject({ version: 3, fields: { a: 'new', b: 'new' } });
});

test('what is refused goes back alone', async () => {
  const { cells, answers, shown } = saver((one, given) => (given.key === 'a' ? { faults: { a: 'no' }, failure: 'no' } : { record: { ...apply(one, given), version: one.version + 1 } }));
  const both = [cells.edit(shown(), edit('a', 'new')), cells.edit(shown(), edit('b', 'new'))];
  await settled();
  answers[0]?.();
  await settled();
  expect(shown().fields).toEqual({ a: 'old', b: 'new' });
  answers[1]?.();
  await Promise.all(both);
  expect(shown().fields).toEqual({ a: 'old', b: 'new' });
});
