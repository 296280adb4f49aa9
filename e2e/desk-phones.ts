/** Agents without a browser: users made for a test, each with a desk phone that sipp plays. */
import type { agentSettings, Queue, User } from '../cti-server/src/contracts/index.ts';
import type { z } from 'zod';
import { signIn, type Api } from './api.ts';
import type { House } from './house.ts';
import { freeUdpPort, startSipp, type SippOptions, type SippProcess } from './sipp.ts';
import { until } from './until.ts';

export interface DeskPhoneAgent {
  readonly login: string;
  readonly userId: string;
  readonly api: Api;
  readonly phone: SippProcess;
  stop(): Promise<void>;
}

export interface PhoneBehaviour extends Pick<SippOptions, 'ringMs' | 'talkMs' | 'toneHz'> {
  scenario: 'phone-answers' | 'phone-refuses' | 'phone-is-busy' | 'phone-never-answers';
}

const password = 'a-password-for-tests';

/** Makes an agent of all queues and skills whose desk phone is registered; not ready yet. */
export async function hireWithDeskPhone(house: House, login: string, behaviour: PhoneBehaviour): Promise<DeskPhoneAgent> {
  const { admin } = house;
  const roles = await admin.get<{ items: { id: string; rights: string[]; builtIn: boolean }[] }>('/api/roles');
  const role = roles.items.find((one) => one.builtIn && one.rights.includes('calls.take') && !one.rights.includes('floor.read'));
  const user = await admin.send<User>('POST', '/api/users', { login, name: login, locale: 'es', roleIds: [role?.id], teamIds: [], password });
  const queues = await admin.get<{ items: Queue[] }>('/api/queues');
  const skillIds = new Set(queues.items.flatMap((queue) => queue.skills.map((skill) => skill.skillId)));
  const settings = await admin.get<{ items: z.infer<typeof agentSettings>[] }>(`/api/agent-settings?search=${login}`);
  await admin.send('PUT', `/api/agent-settings/${user.id}`, {
    skills: [...skillIds].map((skillId) => ({ skillId, level: 3 })),
    queueIds: queues.items.map((queue) => queue.id),
    version: settings.items[0]?.version ?? 0,
  });
  const account = await admin.send<{ user: string; password: string }>('POST', `/api/agent-settings/${user.id}/desk-phone`);
  const localPort = await freeUdpPort();
  const common = { sipp: house.sipp, switchPort: house.asterisk.sipPort, localPort };
  const register = await startSipp({ ...common, scenario: 'register', rows: [[account.user, `[authentication username=${account.user} password=${account.password}]`, '600']] });
  const registered = await register.ended;
  await register.stop();
  if (registered.exitCode !== 0) throw new Error(`${account.user} could not register:\n${registered.output}`);
  const phone = await startSipp({ ...common, ...behaviour });
  const api = await signIn(house.server.url, login, password);
  await api.send('POST', '/api/agent/device', { device: 'deskPhone', tabId: `phone-${login}` });
  await until(`the phone of ${login} is present`, async () => (await api.get<{ agent: { reachable: boolean } }>('/api/desk')).agent.reachable);
  return { login, userId: user.id, api, phone, stop: () => phone.stop() };
}
