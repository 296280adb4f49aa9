import type { RecordsService } from '../records/index.ts';

/** Invented people at numbers that belong to nobody: see the demo's customers. */
const demoLeads = [
  { name: 'Irene Valdeolivas', company: 'Viveros Valdeolivas', phone: '+34799101001', city: 'Murcia', country: 'ES', source: 'form', grade: 'A', stage: 'new' },
  { name: 'Tomás Escribano Luz', phone: '+34799101002', city: 'Cuenca', country: 'ES', source: 'event', grade: 'B', stage: 'new' },
  { name: '沈亦舟', company: '舟山远帆渔具', phone: '+8612010100003', city: '舟山', country: 'CN', source: 'form', grade: 'A', stage: 'new' },
  { name: '柯詠晴', company: '晴空旅行社', phone: '+886210100004', city: '台中', country: 'TW', source: 'referral', grade: 'C', stage: 'new' },
  { name: 'Rowena Ashdown', company: 'Ashdown Kennels', phone: '+442079460905', city: 'London', country: 'GB', source: 'call', grade: 'B', stage: 'new' },
  { name: 'Paloma Quintero', company: 'Librería Quintero', phone: '+34799101006', city: 'Cádiz', country: 'ES', source: 'referral', grade: 'A', stage: 'proposal', owner: 0, nextStep: 'Enviar la oferta revisada' },
  { name: 'Gabriel Montalvo', phone: '+34799101007', city: 'Burgos', country: 'ES', source: 'form', grade: 'B', stage: 'contacted', owner: 0, nextStep: 'Llamar por la tarde' },
  { name: '白若溪', company: '溪田茶业', phone: '+8612010100008', city: '福州', country: 'CN', source: 'event', grade: 'A', stage: 'qualified', owner: 2, nextStep: '安排样品寄送' },
  { name: 'Duncan Farleigh', company: 'Farleigh Boats', phone: '+442079460909', city: 'Bristol', country: 'GB', source: 'call', grade: 'C', stage: 'contacted', owner: 1, nextStep: 'Ask about delivery dates' },
] as const;

/**
 * The demo's leads: some in the public pool, some with somebody. Made once, in an installation without any; those that were thrown away
 * stay away.
 * @param owners users who hold some of them
 */
export async function ensureDemoLeads(records: RecordsService, owners: readonly string[]): Promise<void> {
  const [alive, gone] = [await records.count(null, 'lead', { filter: [], state: 'alive' }), await records.count(null, 'lead', { filter: [], state: 'trash' })];
  if (alive.count + gone.count > 0) return;
  for (const lead of demoLeads) {
    const { owner, ...fields } = { owner: undefined, ...lead };
    await records.create(null, 'lead', { fields, ownerId: owner === undefined ? null : (owners[owner] ?? null) });
  }
}
