import { sql } from 'drizzle-orm';
import type { FollowUp } from '../../contracts/index.ts';
import type { Connection, Transaction } from '../database.store.ts';

interface Row extends Record<string, unknown> {
  id: string;
  at: Date | string;
  user_id: string | null;
  user_name: string | null;
  text: string;
  outcome: FollowUp['outcome'];
  next_step: string | null;
  next_step_at: Date | string | null;
}
const iso = (at: Date | string): string => new Date(at).toISOString();
const toFollowUp = (row: Row): FollowUp => ({
  id: row.id,
  at: iso(row.at),
  userId: row.user_id,
  userName: row.user_name,
  text: row.text,
  outcome: row.outcome,
  nextStep: row.next_step,
  nextStepAt: row.next_step_at === null ? null : iso(row.next_step_at),
});

export async function insertFollowUp(tx: Transaction, leadId: string, made: Omit<FollowUp, 'userName'>): Promise<void> {
  await tx.execute(sql`
    insert into lead_follow_ups (id, lead_id, at, user_id, text, outcome, next_step, next_step_at)
    values (${made.id}::uuid, ${leadId}::uuid, ${made.at}::timestamptz, ${made.userId}::uuid, ${made.text}, ${made.outcome}, ${made.nextStep}, ${made.nextStepAt}::timestamptz)`);
}

/** The newest first, behind `after` (an instant and an id). */
export async function listFollowUps(connection: Connection, leadId: string, after: readonly [string, string] | undefined, limit: number): Promise<FollowUp[]> {
  const behind = after === undefined ? sql`true` : sql`(f.at, f.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`;
  const { rows } = await connection.execute<Row>(sql`
    select f.id, f.at, f.user_id, u.name as user_name, f.text, f.outcome, f.next_step, f.next_step_at
    from lead_follow_ups f left join users u on u.id = f.user_id
    where f.lead_id = ${leadId}::uuid and ${behind} order by f.at desc, f.id desc limit ${limit}`);
  return rows.map(toFollowUp);
}
