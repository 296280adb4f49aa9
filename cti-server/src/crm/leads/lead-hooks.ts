import { scopeOf } from '../../access/index.ts';
import type { CirculationRules, PoolReason, RecordScope } from '../../contracts/index.ts';
import type { Config } from '../../platform/config.ts';
import { forbidden, Refusal } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { RecordActor, RecordHooks, RecordMove, StoredValues } from '../records/index.ts';
import { readRules } from './lead-rules.store.ts';
import { holdingOf, insertMoves, lockHolder } from './moves.store.ts';
import { fateOf, isOpen, placeInPool, placeOfHeld, pooledLead, refusalOfTaking, type Taking } from './pool-rules.ts';
import { refuseTaking } from './refuse-taking.ts';

/**
 * What holds for every way in which a lead changes, be it a form, an import, a bulk change or the pool's own Grab: limits are kept, the
 * lead's place is written down, and the time at which it goes to the pool is worked out anew.
 */
export function leadHooks(config: Pick<Config, 'timeZone'>): RecordHooks {
  return {
    async beforeSave(move) {
      const { tx, before, after, id, nowMs } = move;
      refuseWorkInPool(move);
      if (after === null) return;
      if (typeof after.fields['country'] === 'string') after.fields['country'] = after.fields['country'].toUpperCase();
      refuseStageByHand(before, after);
      const { circulation } = await readRules(tx, true);
      const changesHands = before?.ownerId !== after.ownerId;
      const isReopened = before !== null && !isOpen(stageOf(before)) && isOpen(stageOf(after));
      if (after.ownerId !== null && (changesHands || isReopened)) {
        await lockHolder(tx, after.ownerId);
        const holding = await holdingOf(tx, after.ownerId, id, nowMs, config.timeZone);
        refuseTaking(refusalOfTaking({ ...holding, how: changesHands ? howTaken(move) : 'given', stage: stageOf(after), nowMs }, circulation));
      }
      if (changesHands) Object.assign(after.fields, placeAfter(move, circulation));
      after.fields['poolsAt'] = poolsAt(after, circulation);
    },

    async afterSave(move) {
      const { tx, before, after, id, nowMs, actor } = move;
      const [fromUserId, toUserId] = [before?.ownerId ?? null, after === null ? (before?.ownerId ?? null) : after.ownerId];
      if (after === null || fromUserId === toUserId) return;
      const how = toUserId === null ? (after.fields['poolReason'] as PoolReason) : howTaken(move);
      await insertMoves(tx, [{ id: newId(nowMs), leadId: id, atMs: nowMs, fromUserId, toUserId, how, actorId: actor?.userId ?? null }]);
    },
  };
}

/** Everybody sees the pool; who may change only their own leads takes one first. What the pool holds is not theirs to change or to delete. */
function refuseWorkInPool({ before, after, actor }: RecordMove): void {
  if (actor === null || before === null || before.ownerId !== null || !isViewer(actor)) return;
  const isTaken = after?.ownerId === actor.userId;
  const differs = after === null || after.ownerId !== null || JSON.stringify(before.fields) !== JSON.stringify(after.fields);
  if (isTaken || !differs || !ownAlone.includes(scopeOf(actor.recordRights, 'lead', after === null ? 'delete' : 'change'))) return;
  throw forbidden('change a lead of the pool before taking it');
}
const ownAlone: readonly RecordScope[] = ['none', 'own', 'subordinates'];
const isViewer = (actor: RecordActor): actor is RecordActor & Pick<Viewer, 'recordRights'> => 'recordRights' in actor;

/** Converted is what a lead becomes with its customer, and stops being when the conversion is taken back; never by choosing the word. */
function refuseStageByHand(before: StoredValues | null, after: StoredValues): void {
  const isLinked = typeof after.fields['customerId'] === 'string';
  if ((stageOf(after) === 'converted') === isLinked || (before !== null && stageOf(before) === stageOf(after))) return;
  throw new Refusal(409, 'useConversion', 'A lead becomes a customer by being converted, and a lead again by taking that back.', { field: 'fields.stage' });
}

const stageOf = (values: StoredValues): string | null => (typeof values.fields['stage'] === 'string' ? values.fields['stage'] : null);

/** Who takes from the pool for themselves has grabbed, whatever button they pressed: the limits of grabbing hold. */
export function howTaken({ before, after, actor }: Pick<RecordMove, 'before' | 'after' | 'actor'>): Taking {
  if (before === null) return 'made';
  if (actor === null) return 'byRule';
  return before.ownerId === null && after?.ownerId === actor.userId ? 'grabbed' : 'given';
}

/** What the record's fields say of its place afterwards. */
function placeAfter({ before, after, nowMs }: RecordMove, rules: CirculationRules): Record<string, unknown> {
  if (after?.ownerId != null) return { ...placeOfHeld(rules, nowMs) };
  const lost = before?.ownerId ?? null;
  return { ...placeInPool(lost === null ? 'unassigned' : 'released', nowMs), ...(lost === null ? {} : { formerOwnerId: lost }) };
}

/** The field `poolsAt`: by it lists are ordered, and the rules' own work finds what is due. */
export function poolsAt(values: StoredValues, rules: CirculationRules): string | null {
  const fate = fateOf(pooledLead(values), rules);
  return fate === null ? null : new Date(fate.poolsAtMs).toISOString();
}
