/**
 * The audit as a chain: each line is sealed with a hash over itself and over the seal before it, so that whoever changes, adds or takes away
 * a line afterwards breaks every seal from there on. Lines are written by many at once and sealed about a second later by one, because a
 * chain that each change had to join itself would make all changes wait for each other.
 */
import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Database } from './access.store.ts';

/** Any number, the same in every process: one seals at a time. */
const sealingLock = 7_220_033;
const atOnce = 2_000;

interface Line extends Record<string, unknown> {
  id: string;
  at: string;
  user_id: string | null;
  user_name: string;
  action: string;
  record_type: string;
  record_id: string;
  /** As Postgres writes jsonb: always the same for the same content. */
  changes: string;
}
interface SealedLine extends Line {
  seal: string;
  hash: string;
}

const columns = sql`id::text, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS') as at, user_id::text, user_name, action, record_type, record_id, changes::text`;

const hashOf = (before: string, seal: number, line: Line): string =>
  createHash('sha256')
    .update(JSON.stringify([before, seal, line.id, line.at, line.user_id, line.user_name, line.action, line.record_type, line.record_id, line.changes]))
    .digest('hex');

/** Seals the lines that are not sealed yet. Answers how many; 0 as well while another server does it. */
export async function sealAudit(database: Database): Promise<number> {
  return database.transaction(async (tx) => {
    const { rows: locked } = await tx.execute<{ got: boolean }>(sql`select pg_try_advisory_xact_lock(${sealingLock}) as got`);
    if (!locked[0]?.got) return 0;
    const { rows: lines } = await tx.execute<Line>(sql`select ${columns} from audit_log where seal is null order by audit_log.id limit ${atOnce}`);
    if (lines.length === 0) return 0;
    const { rows: last } = await tx.execute<{ seal: string; hash: string }>(sql`select seal, hash from audit_log where seal is not null order by seal desc limit 1`);
    let [seal, hash] = [Number(last[0]?.seal ?? 0), last[0]?.hash ?? ''];
    const seals = lines.map((line) => {
      seal += 1;
      hash = hashOf(hash, seal, line);
      return { id: line.id, seal, hash };
    });
    await tx.execute(sql`
      update audit_log a set seal = s.seal, hash = s.hash
      from json_to_recordset(${JSON.stringify(seals)}::json) as s(id bigint, seal bigint, hash text) where a.id = s.id`);
    return lines.length;
  });
}

export interface AuditProof {
  /** Every seal fits, and none is missing. */
  whole: boolean;
  sealed: number;
  /** Written in the last moments and not sealed yet. */
  unsealed: number;
  /** The newest seal: kept elsewhere, it proves later that no line was cut off at the end. */
  head: { seal: number; hash: string } | null;
  /** The first seal that does not fit, and why. */
  fault: { seal: number; auditId: string | null; reason: 'missing' | 'changed' | 'headDiffers' } | null;
}

/**
 * Reads the whole chain and proves it.
 * @param expected a head that was noted before: it must still be there, with the same hash
 */
export async function proveAudit(database: Database, expected?: { seal: number; hash: string }): Promise<AuditProof> {
  let [seal, hash] = [0, ''];
  let fault: AuditProof['fault'] = null;
  let sawExpected = expected === undefined;
  while (fault === null) {
    const { rows } = await database.execute<SealedLine>(sql`select seal::text, hash, ${columns} from audit_log where seal > ${seal} order by seal limit ${atOnce}`);
    if (rows.length === 0) break;
    for (const line of rows) {
      const place = seal + 1;
      if (Number(line.seal) !== place) fault = { seal: place, auditId: null, reason: 'missing' };
      else if (line.hash !== hashOf(hash, place, line)) fault = { seal: place, auditId: line.id, reason: 'changed' };
      if (fault !== null) break;
      [seal, hash] = [place, line.hash];
      if (expected?.seal === seal) {
        sawExpected = expected.hash === hash;
        if (!sawExpected) fault = { seal, auditId: line.id, reason: 'headDiffers' };
      }
    }
  }
  if (fault === null && !sawExpected) fault = { seal: seal + 1, auditId: null, reason: 'missing' };
  const { rows: open } = await database.execute<{ count: string }>(sql`select count(*) from audit_log where seal is null`);
  return { whole: fault === null, sealed: seal, unsealed: Number(open[0]?.count ?? 0), head: seal === 0 ? null : { seal, hash }, fault };
}
