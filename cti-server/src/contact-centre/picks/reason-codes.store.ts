import { asc, eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { reasonCode } from '../../contracts/index.ts';
import { reasonCodes } from '../../db/index.ts';
import { alreadyExists, brokenUnique } from '../../platform/errors.ts';
import { inUseBy, type SetupStore } from '../setup/index.ts';

export type ReasonCode = z.infer<typeof reasonCode>;

export const reasonCodesStore: SetupStore<ReasonCode> = {
  recordType: 'reasonCode',
  list: (connection) =>
    connection.select().from(reasonCodes).orderBy(asc(reasonCodes.sortOrder), asc(reasonCodes.name), asc(reasonCodes.id)),
  async lock(tx, id) {
    const [found] = await tx.select().from(reasonCodes).where(eq(reasonCodes.id, id)).for('update');
    return found;
  },
  async insert(tx, item) {
    await tx.insert(reasonCodes).values(item);
  },
  async update(tx, { id, ...columns }) {
    await tx.update(reasonCodes).set(columns).where(eq(reasonCodes.id, id));
  },
  async remove(tx, id) {
    await tx.delete(reasonCodes).where(eq(reasonCodes.id, id));
  },
  async refuseWhileInUse(tx, { id }) {
    // the ledger names what agents chose, and agents.state what they have chosen for after their call
    const used = await tx.execute<{ used: boolean }>(sql`
      select exists (select 1 from agent_events where reason_code_id = ${id}) or exists (select 1 from agents where strpos(state::text, ${id}) > 0) as used`);
    if (used.rows[0]?.used) throw inUseBy('agentEvents', 'Agents have used this reason: switch it off instead of deleting it.');
  },
  refusalFor: (error) =>
    brokenUnique(error) === 'reason_codes_name' ? alreadyExists('name', 'There is a reason of this name already.') : undefined,
};
