import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CrmRecord, type RecordAction, type RecordScope, recordScopes } from '../../contracts/index.ts';
import { type Crm, startCrm } from '../testing.ts';

/*
 * Every route of the records × every scope × whose record it is. A route that is not named here fails, so that none is made without
 * saying which right it asks for.
 */
let crm: Crm;
/** Ids of records by whose they are, for each type. */
const owned: Record<string, Record<Whose, string>> = {};
const owners = ['mine', 'reports', 'teamMates', 'departments', 'strangers', 'shared', 'nobodys'] as const;
type Whose = (typeof owners)[number];

const within: Record<RecordScope, readonly Whose[]> = {
  none: [],
  own: ['mine', 'shared'],
  subordinates: ['mine', 'reports', 'shared'],
  team: ['mine', 'teamMates', 'shared'],
  department: ['mine', 'teamMates', 'departments', 'shared'],
  all: owners,
};
/** What lies in a pool is read by whoever may read any. */
const withinPool = (scope: RecordScope): readonly Whose[] => (scope === 'none' ? [] : [...new Set([...within[scope], 'nobodys' as const])]);
const types = { competitor: within, customer: Object.fromEntries(recordScopes.map((scope) => [scope, withinPool(scope)])) as unknown as typeof within };

beforeAll(async () => {
  crm = await startCrm();
  const people: Record<string, string> = {};
  for (const name of ['viewer', 'report', 'mate', 'colleague', 'stranger']) people[name] = (await crm.signIn(name)).userId;
  const run = (text: string, values: unknown[]) => crm.database.$client.query(text, values);
  const [department, team, sister, elsewhere] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  await run(`insert into teams (id, name, parent_id) values ($1, 'Department', null), ($2, 'Team', $1), ($3, 'Sister', $1), ($4, 'Elsewhere', null)`, [department, team, sister, elsewhere]);
  for (const [name, of] of [['viewer', team], ['mate', team], ['colleague', sister], ['report', elsewhere], ['stranger', elsewhere]] as const)
    await run('insert into user_teams (user_id, team_id) values ($1, $2)', [people[name], of]);
  await run('update users set manager_id = $1 where id = $2', [people['viewer'], people['report']]);
  const ownerOf: Record<Whose, string | null> = {
    ...{ mine: people['viewer'] ?? '', reports: people['report'] ?? '', teamMates: people['mate'] ?? '', departments: people['colleague'] ?? '' },
    ...{ strangers: people['stranger'] ?? '', shared: people['stranger'] ?? '', nobodys: null },
  };
  for (const type of Object.keys(types)) {
    const made = {} as Record<Whose, string>;
    for (const whose of owners) made[whose] = (await crm.post<CrmRecord>(`/api/records/${type}`, { fields: { name: `Matrix ${whose}` }, ownerId: ownerOf[whose] })).body.id;
    await crm.ask('PUT', `/api/records/${type}/${made.shared}/shares`, { userIds: [people['viewer']] });
    owned[type] = made;
  }
});
afterAll(() => crm.stop());

async function allow(type: string, rights: Partial<Record<RecordAction, RecordScope>>): Promise<void> {
  const viewer = crm.viewers.get('viewer');
  if (!viewer) throw new Error('The viewer is not signed in.');
  viewer.recordRights = { [type]: rights };
  await Promise.resolve();
}

/** How each route is asked for one record, which right it needs besides reading, and what answers a success. */
const routesOfOne: Record<string, { needs: RecordAction | null; ask(type: string, id: string): Promise<{ status: number }> }> = {
  'GET /api/records/{type}/{id}': { needs: null, ask: (type, id) => crm.get(`/api/records/${type}/${id}`, 'viewer') },
  'GET /api/records/{type}/{id}/history': { needs: null, ask: (type, id) => crm.get(`/api/records/${type}/${id}/history`, 'viewer') },
  'GET /api/records/{type}/{id}/files': { needs: null, ask: (type, id) => crm.get(`/api/records/${type}/${id}/files`, 'viewer') },
  'POST /api/records/{type}/{id}/comments': { needs: null, ask: (type, id) => crm.post(`/api/records/${type}/${id}/comments`, { text: 'Seen' }, 'viewer') },
  'PATCH /api/records/{type}/{id}': { needs: 'change', ask: async (type, id) => crm.patch(`/api/records/${type}/${id}`, { version: (await crm.get<CrmRecord>(`/api/records/${type}/${id}`)).body.version, tags: ['x'] }, 'viewer') },
  'PUT /api/records/{type}/{id}/shares': {
    needs: 'change',
    ask: async (type, id) => {
      const { sharedWith = [] } = (await crm.get<CrmRecord>(`/api/records/${type}/${id}`)).body;
      return crm.ask('PUT', `/api/records/${type}/${id}/shares`, { userIds: sharedWith.map((user) => user.id) }, 'viewer');
    },
  },
  'DELETE /api/records/{type}/{id}': {
    needs: 'delete',
    async ask(type, id) {
      const answer = await crm.remove(`/api/records/${type}/${id}`, 'viewer');
      if (answer.status === 204) await crm.post(`/api/records/${type}/${id}/restore`);
      return answer;
    },
  },
  'POST /api/records/{type}/{id}/restore': {
    needs: 'delete',
    async ask(type, id) {
      await crm.remove(`/api/records/${type}/${id}`);
      const answer = await crm.post(`/api/records/${type}/${id}/restore`, undefined, 'viewer');
      if (answer.status !== 200) await crm.post(`/api/records/${type}/${id}/restore`);
      return answer;
    },
  },
};

/** Routes that are not about one record, or that other tests look at: each with the right that they ask for. */
const otherRoutes: Record<string, string> = {
  'GET /api/record-types': 'read of any type; only such types are told',
  'GET /api/records/openapi.json': 'read of any type; only such types are told',
  'GET /api/records/{type}': 'read, see below',
  'GET /api/records/{type}/count': 'read, see below',
  'GET /api/records/{type}/duplicates': 'read, see below',
  'GET /api/records/{type}/duplicate-groups': 'read, see below',
  'POST /api/records/{type}': 'create, see below',
  'POST /api/records/{type}/bulk': 'change or delete of each record, see below',
  'POST /api/records/undo/{id}': 'only whoever made the change (records.flow)',
  'POST /api/records/{type}/hand-over': 'change of team, department or all, see below',
  'POST /api/records/{type}/{id}/merge': 'change of both (merge.flow)',
  'POST /api/records/merges/{id}/undo': 'change of the kept one (merge.flow)',
  'GET /api/records/{type}/views': 'read',
  'POST /api/records/{type}/views': 'read',
  'PATCH /api/record-views/{id}': 'its owner, or configure for a shared one',
  'DELETE /api/record-views/{id}': 'its owner, or configure for a shared one',
  'GET /api/records/{type}/fields': 'configure, see below',
  'POST /api/records/{type}/fields': 'configure, see below',
  'PATCH /api/record-fields/{id}': 'configure',
  'DELETE /api/record-fields/{id}': 'configure',
  'PUT /api/records/{type}/layout': 'configure, see below',
  'POST /api/records/{type}/{id}/files': 'change',
  'GET /api/records/{type}/{id}/files/{fileId}': 'read',
};

it('names every route of the records', async () => {
  const { paths } = (await crm.get<{ paths: Record<string, Record<string, unknown>> }>('/api/docs/json')).body;
  const routes = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
  const known = new Set([...Object.keys(routesOfOne), ...Object.keys(otherRoutes)]);
  expect(routes.filter((route) => /^\w+ \/api\/record/.test(route) && !known.has(route))).toEqual([]);
});

describe.each(Object.entries(types))('%s', (type, reach) => {
  for (const scope of recordScopes) {
    it(`read as far as ${scope}: lists, counts, search and duplicates show exactly that`, async () => {
      await allow(type, { read: scope });
      const expected = reach[scope].map((whose) => owned[type]?.[whose]).sort();
      const list = await crm.get<{ items: { id: string }[] }>(`/api/records/${type}?search=matrix&limit=100`, 'viewer');
      const count = await crm.get<{ count: number }>(`/api/records/${type}/count?search=matrix`, 'viewer');
      const twins = await crm.get<{ items: { id: string }[] }>(`/api/records/${type}/duplicates?fields=${encodeURIComponent(JSON.stringify({ name: 'Matrix shared' }))}`, 'viewer');
      const hits = (await crm.get<{ hits: { id: string }[] }>('/api/search?q=matrix&limit=50', 'viewer')).body.hits.map((hit) => hit.id);
      if (scope === 'none') {
        expect([list.status, count.status, twins.status]).toEqual([403, 403, 403]);
        expect(hits).toEqual([]);
        return;
      }
      expect(list.body.items.map((one) => one.id).sort()).toEqual(expected);
      expect(count.body.count).toBe(expected.length);
      expect(hits.sort()).toEqual(expected);
      expect(twins.body.items.every((one) => expected.includes(one.id))).toBe(true);
    });

    it.each(Object.entries(routesOfOne))(`as far as ${scope}: %s`, async (_name, route) => {
      // read alone, and everything read but changed only so far
      for (const rights of [{ read: scope }, { read: 'all', ...(route.needs ? { [route.needs]: scope } : {}) }] as Partial<Record<RecordAction, RecordScope>>[]) {
        await allow(type, rights);
        const statuses = {} as Record<Whose, number>;
        for (const whose of owners) statuses[whose] = (await route.ask(type, owned[type]?.[whose] ?? '')).status;
        const read = rights.read === 'all' ? within.all : reach[scope];
        // what lies in a pool may be seen by all, not changed
        const needed = route.needs === null ? within.all : rights[route.needs] === undefined ? [] : within[scope];
        for (const whose of owners) {
          const expected = rights.read === 'none' ? 403 : !read.includes(whose) ? 404 : needed.includes(whose) ? 'ok' : 403;
          expect([whose, JSON.stringify(rights), statuses[whose] < 300 ? 'ok' : statuses[whose]]).toEqual([whose, JSON.stringify(rights), expected]);
        }
      }
    });
  }

  it.each(recordScopes)('changed in bulk as far as %s: the others are refused one by one', async (scope) => {
    await allow(type, { read: 'all', change: scope });
    const { body } = await crm.post<{ changed: number; refused: number }>(`/api/records/${type}/bulk`, { search: 'matrix', addTags: ['bulk'], preview: true }, 'viewer');
    expect(body).toMatchObject({ changed: within[scope].length, refused: owners.length - within[scope].length });
  });

  it('is made, configured and handed over only with the right to', async () => {
    await allow(type, { read: 'all' });
    expect((await crm.post(`/api/records/${type}`, { fields: { name: 'Denied' } }, 'viewer')).status).toBe(403);
    expect((await crm.get(`/api/records/${type}/fields`, 'viewer')).status).toBe(403);
    expect((await crm.post(`/api/records/${type}/fields`, { key: 'denied', kind: 'text', label: { es: 'a', en: 'a', 'zh-CN': 'a', 'zh-TW': 'a' } }, 'viewer')).status).toBe(403);
    expect((await crm.ask('PUT', `/api/records/${type}/layout`, { listFields: ['name'], sections: [] }, 'viewer')).status).toBe(403);
    await allow(type, { read: 'all', change: 'own' });
    expect((await crm.post(`/api/records/${type}/hand-over`, { fromUserId: randomUUID(), toUserIds: [randomUUID()] }, 'viewer')).status).toBe(403);
    await allow(type, { read: 'own', create: 'all' });
    expect((await crm.post(`/api/records/${type}`, { fields: { name: 'Allowed' } }, 'viewer')).status).toBe(201);
  });
});

it('nobody who is not signed in gets anything', async () => {
  for (const url of ['/api/record-types', '/api/records/competitor', '/api/search?q=matrix', '/api/people']) expect((await crm.get(url, 'nobody at all')).status).toBe(401);
});
