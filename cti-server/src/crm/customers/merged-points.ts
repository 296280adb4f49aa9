import { newId } from '../../platform/ids.ts';
import type { RecordMergeMove } from '../records/index.ts';
import { addressParts } from './contact-points.service.ts';
import { insertAddress, insertEmail } from './contact-points.store.ts';

/** Of two main e-mails and two main addresses one of each stays in the record; the other goes into its lists, so that nothing is lost. */
export async function keepMainPoints({ tx, mergeId, keptId, nowMs, before, after }: RecordMergeMove): Promise<void> {
  const said = (fields: Readonly<Record<string, unknown>>, key: string): string | null => (typeof fields[key] === 'string' && fields[key] !== '' ? fields[key] : null);
  const emailNow = said(after, 'email')?.toLowerCase();
  const emails = new Set(before.flatMap((fields) => said(fields, 'email')?.toLowerCase() ?? []));
  for (const address of emails) if (address !== emailNow) await insertEmail(tx, { id: newId(nowMs), customerId: keptId, address, kind: 'other', mergeId });

  const addressOf = (fields: Readonly<Record<string, unknown>>) => Object.fromEntries(addressParts.map((part) => [part, said(fields, part)])) as Record<(typeof addressParts)[number], string | null>;
  const now = addressOf(after);
  for (const was of before.map(addressOf)) {
    // what says nothing that the kept one does not say as well is no other address
    if (addressParts.every((part) => was[part] === null || was[part] === now[part])) continue;
    await insertAddress(tx, { ...was, id: newId(nowMs), customerId: keptId, kind: 'other', mergeId });
  }
}
