import { dispositionInput, numberInput, queueInput } from '../contracts/index.ts';
import type { Locale } from '../contracts/index.ts';
import type { Clock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import { defaultPicks } from './default-picks.ts';
import { findUserByLogin, isMarked, lockFirstSetup, mark, setAssignments } from './demo-setup.store.ts';
import { insertDemoFlow } from './ivr/index.ts';
import { numbersStore } from './numbers/index.ts';
import { dispositionsStore, reasonCodesStore } from './picks/index.ts';
import { queuesStore, skillsStore } from './queues/index.ts';
import { type Database, inTransaction, type SetupStore, type Transaction } from './setup/index.ts';

const demoQueues = [
  { number: '900', name: 'Atención al cliente', language: 'es', skill: 'Español' },
  { number: '901', name: 'Customer care', language: 'en', skill: 'English' },
  { number: '902', name: '客户服务', language: 'zh-CN', skill: '中文' },
] as const;
type DemoSkill = (typeof demoQueues)[number]['skill'];

/** Levels by skill; an agent serves the queues of the skills they have. */
const demoAgents: readonly { login: string; skills: Partial<Record<DemoSkill, number>> }[] = [
  { login: 'ana', skills: { Español: 5, English: 3 } },
  { login: 'bruno', skills: { Español: 4, English: 5 } },
  { login: 'lin', skills: { 中文: 5, English: 3 } },
];

const marks = { demo: 'contactCentre.demoSetup', defaults: 'contactCentre.defaultPicks' } as const;

/** The demo's hotline with a call flow before it. */
const demoFlowNumber = '903';

/**
 * Reasons and dispositions for the first day, in the given language. Made once: what an administrator deletes afterwards stays deleted.
 * May run at each start and on many servers at once.
 */
export async function ensureDefaults(database: Database, clock: Clock, locale: Locale = 'es'): Promise<void> {
  await inTransaction(database, async (tx) => {
    await lockFirstSetup(tx);
    await makeDefaults(tx, clock, locale);
  });
}

/**
 * Queues, skills, numbers and picks for the demo, and skills and queues of those demo users who are there (so make them first). Made once:
 * whatever is changed afterwards stays so.
 */
export async function ensureDemoSetup(database: Database, clock: Clock): Promise<void> {
  await inTransaction(database, async (tx) => {
    await lockFirstSetup(tx);
    await makeDefaults(tx, clock, 'es');
    if (await isMarked(tx, marks.demo)) return;
    await mark(tx, marks.demo, clock.now());

    const skillIds = new Map<DemoSkill, string>();
    const queueIds = new Map<DemoSkill, string>();
    for (const { number, name, language, skill } of demoQueues) {
      const skillId = await ensure(tx, clock, skillsStore, (one) => one.name === skill, { name: skill });
      const fields = queueInput.parse({ name, language, skills: [{ skillId, minLevel: 1 }] });
      const queueId = await ensure(tx, clock, queuesStore, (one) => one.name === name, fields);
      await ensure(tx, clock, numbersStore, (one) => one.number === number, numberInput.parse({ number, label: name, queueId }));
      skillIds.set(skill, skillId);
      queueIds.set(skill, queueId);
    }
    const queueId = must(queueIds, 'Español');
    const flowId = await insertDemoFlow(tx, clock, queueId);
    await ensure(tx, clock, numbersStore, (one) => one.number === demoFlowNumber, numberInput.parse({ number: demoFlowNumber, label: 'Atención al cliente, con menú', queueId, flowId }));
    for (const { login, skills } of demoAgents) {
      const userId = await findUserByLogin(tx, login);
      if (userId === undefined) continue;
      const had = demoQueues.map(({ skill }) => ({ skill, level: skills[skill] })).filter((one) => one.level !== undefined);
      await setAssignments(tx, userId, {
        skills: had.map(({ skill, level }) => ({ skillId: must(skillIds, skill), level: level ?? 1 })),
        queueIds: had.map(({ skill }) => must(queueIds, skill)),
      });
    }
  });
}

async function makeDefaults(tx: Transaction, clock: Clock, locale: Locale): Promise<void> {
  if (await isMarked(tx, marks.defaults)) return;
  await mark(tx, marks.defaults, clock.now());
  const { reasonCodes, dispositions } = defaultPicks[locale];
  for (const [index, name] of reasonCodes.entries()) {
    await ensure(tx, clock, reasonCodesStore, (one) => one.name === name, { name, active: true, sortOrder: (index + 1) * 10 });
  }
  for (const [index, name] of dispositions.entries()) {
    await ensure(tx, clock, dispositionsStore, (one) => one.name === name, dispositionInput.parse({ name, sortOrder: (index + 1) * 10 }));
  }
}

/** The id of the record that is meant, made when it is not there. */
async function ensure<Item extends { id: string; version: number }>(
  tx: Transaction,
  clock: Clock,
  store: SetupStore<Item>,
  isMeant: (item: Item) => boolean,
  fields: Omit<Item, 'id' | 'version'>,
): Promise<string> {
  const found = (await store.list(tx)).find(isMeant);
  if (found) return found.id;
  const made = { ...fields, id: newId(clock.now()), version: 0 } as Item;
  await store.insert(tx, made);
  return made.id;
}

function must<Key>(ids: ReadonlyMap<Key, string>, key: Key): string {
  const found = ids.get(key);
  if (found === undefined) throw new Error(`The demo needs ${String(key)}.`);
  return found;
}
