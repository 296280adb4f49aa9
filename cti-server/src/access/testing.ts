import { pino } from 'pino';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { createHttp, csrfHeader, type HttpApp, sessionCookie } from '../platform/http.ts';
import { silentLogger, type Logger } from '../platform/logger.ts';
import type { Clock } from '../platform/clock.ts';
import { createAccess, demoPassword, ensureDemoUsers, type AccessSlice, type DemoUsers } from './index.ts';

export interface Answer {
  status: number;
  body: Record<string, unknown> & { error?: { code: string; field?: string; details?: Record<string, unknown> } };
  headers: Record<string, unknown>;
}

/** A browser as far as the server sees it: keeps the cookie, shows the CSRF token. */
export interface Browser {
  cookie: string;
  csrfToken: string;
  address: string;
  send(method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', url: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  signIn(login: string, password?: string): Promise<Answer>;
}

export interface TestHouse {
  access: AccessSlice;
  app: HttpApp;
  database: TestDatabase['database'];
  demo: DemoUsers | null;
  routes: { method: string; url: string }[];
  passTime(ms: number): void;
  now(): number;
  browser(address?: string): Browser;
  /** A second server on the same database. */
  neighbour(): AccessSlice;
  close(): Promise<void>;
}

/** Access on a fresh database behind the real web server, with a clock that the test moves. Demo mode comes with the demo's people. */
export async function openTestHouse(options: { demoMode: boolean; logger?: Logger; setupCode?: string; publicUrl?: string }): Promise<TestHouse> {
  const { database, drop } = await createTestDatabase();
  let nowMs = Date.UTC(2026, 2, 2, 8);
  const clock: Clock = { now: () => nowMs, setTimer: () => ({ cancel: () => undefined }) };
  const publicUrl = new URL(options.publicUrl ?? 'http://127.0.0.1:8080');
  const settings = {
    database,
    clock,
    logger: options.logger ?? silentLogger,
    config: { demoMode: options.demoMode, publicUrl, setupCode: options.setupCode, defaultCountry: 'ES', timeZone: 'Europe/Madrid' },
  };
  const access = createAccess(settings);
  await access.firstStart();
  const demo = options.demoMode ? await ensureDemoUsers({ database, clock }) : null;
  const app = await createHttp({
    logger: pino({ level: 'silent' }),
    trustProxy: false,
    publicUrl,
    connectSources: [],
    resolveViewer: (token) => access.resolveViewer(token),
  });
  const routes: { method: string; url: string }[] = [];
  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) if (method !== 'HEAD') routes.push({ method, url: route.url });
  });
  access.registerRoutes(app);
  await app.ready();

  function browser(address = '192.0.2.1'): Browser {
    const self: Browser = {
      cookie: '',
      csrfToken: '',
      address,
      async send(method, url, body, headers = {}) {
        const reply = await app.inject({
          method,
          url,
          remoteAddress: self.address,
          headers: {
            ...(self.csrfToken === '' ? {} : { [csrfHeader]: self.csrfToken }),
            ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
            ...headers,
          },
          cookies: self.cookie === '' ? {} : { [sessionCookie]: self.cookie },
          ...(body === undefined ? {} : { payload: body as object | string }),
        });
        const set = reply.cookies.find((cookie) => cookie.name === sessionCookie);
        if (set) self.cookie = set.value;
        return { status: reply.statusCode, body: reply.body === '' ? {} : reply.json(), headers: reply.headers };
      },
      async signIn(login, password = demoPassword) {
        self.cookie = '';
        self.csrfToken = '';
        const answer = await self.send('POST', '/api/session', { login, password });
        if (answer.status === 200) self.csrfToken = String(answer.body['csrfToken']);
        return answer;
      },
    };
    return self;
  }

  return {
    access,
    app,
    database,
    demo,
    routes,
    passTime: (ms) => void (nowMs += ms),
    now: () => nowMs,
    browser,
    neighbour: () => createAccess(settings),
    async close() {
      await app.close();
      await drop();
    },
  };
}
