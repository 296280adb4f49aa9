import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readConfig, settingNames } from '../cti-server/src/platform/config.ts';
import { projectFolder } from './folders.ts';

interface Service {
  build?: { context: string; dockerfile: string };
  image: string;
  hostname?: string;
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  healthcheck?: unknown;
  depends_on?: Record<string, { condition: string }>;
}
const text = readFileSync(join(projectFolder, 'docker-compose.yml'), 'utf8');
const compose = parse(text, { merge: true }) as { services: Record<string, Service>; volumes: Record<string, unknown> };
const service = (name: string): Service => {
  const found = compose.services[name];
  if (!found) throw new Error(`there is no service ${name}`);
  return found;
};
/** What Compose makes of `${NAME:-standard}` on a machine where nothing is set. */
const withStandards = (value: string): string => value.replace(/\$\{\w+:-([^}]*)\}/g, '$1');

describe('docker-compose.yml', () => {
  test('passes the linter', () => {
    expect(() =>
      execFileSync(process.execPath, ['node_modules/dclint/bin/dclint.cjs', '-c', '.dclintrc.yaml', 'docker-compose.yml'], {
        cwd: projectFolder,
      }),
    ).not.toThrow();
  }, 60_000);

  test('brings up the same parts as npm start', () => {
    expect(Object.keys(compose.services).sort()).toEqual(['asterisk', 'cti-server', 'dialer', 'postgres', 'recordings', 'redis']);
  });

  test('sets only settings that cti-server knows, and with values that it takes', () => {
    const environment = Object.fromEntries(
      Object.entries(service('cti-server').environment ?? {}).map(([name, value]) => [name, withStandards(value)]),
    );
    expect(settingNames).toEqual(expect.arrayContaining(Object.keys(environment)));
    expect(readConfig(environment)).toMatchObject({ httpHost: '0.0.0.0', httpPort: 8080, demoMode: true, telephony: 'asterisk' });
  });

  test('gives cti-server and Asterisk the same account, and Postgres and its clients the same password', () => {
    const server = service('cti-server').environment ?? {};
    const asterisk = service('asterisk').environment ?? {};
    expect([server['ARI_USER'], server['ARI_PASSWORD']]).toEqual([asterisk['ARI_USER'], asterisk['ARI_PASSWORD']]);
    for (const name of ['cti-server', 'dialer', 'recordings'])
      expect(service(name).environment?.['DATABASE_URL']).toContain(service('postgres').environment?.['POSTGRES_PASSWORD']);
  });

  test('opens ports to this machine only, unless told otherwise', () => {
    for (const { ports } of Object.values(compose.services))
      for (const port of ports ?? []) expect(port).toMatch(/^\$\{BIND_ADDRESS:-127\.0\.0\.1\}:/);
  });

  test('publishes exactly the range of sound ports that Asterisk uses', () => {
    const range = service('asterisk').environment?.['RTP_PORTS'] ?? '';
    expect(service('asterisk').ports).toContain(`\${BIND_ADDRESS:-127.0.0.1}:${range}:${range}/udp`);
  });

  test('names Asterisk so that browsers can read where it calls from', () => {
    expect(service('asterisk').hostname).toMatch(/^[a-z]/);
  });

  test('keeps what must survive in named volumes, and waits for nothing that has no health check', () => {
    for (const { volumes, depends_on: needs } of Object.values(compose.services)) {
      for (const volume of volumes ?? []) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
      for (const [name, { condition }] of Object.entries(needs ?? {}))
        if (condition === 'service_healthy') expect(service(name).healthcheck).toBeDefined();
    }
  });

  test('says nothing that docker-compose 1.29 does not understand', () => {
    expect(text).not.toMatch(/^name:|start_interval|develop:|^include:/m);
  });

  test('builds from Dockerfiles whose sources are all there', () => {
    for (const { build } of Object.values(compose.services)) {
      if (!build) continue;
      const dockerfile = readFileSync(join(projectFolder, build.dockerfile), 'utf8');
      for (const [, sources] of dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm))
        for (const source of (sources ?? '').split(' ')) expect(existsSync(join(projectFolder, source)), source).toBe(true);
    }
  });
});
