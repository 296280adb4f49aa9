import { locale, type Queue, queueRules } from '../../contracts/index.ts';
import type { queues } from '../../db/index.ts';

/** A queue as the contract has it. Rules that its row does not have, because they came later, are those of a new queue. */
export function queueFromRow(row: typeof queues.$inferSelect, skills: Queue['skills']): Queue {
  const { rules, ...columns } = row;
  return { ...columns, language: locale.parse(row.language), skills, ...queueRules.parse(rules) };
}
