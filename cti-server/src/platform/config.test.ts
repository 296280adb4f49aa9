import { expect, it } from 'vitest';
import { readConfig, settingNames, WrongConfig } from './config.ts';

const good = { DATABASE_URL: 'postgres://somebody@localhost/centralita' };

it('needs nothing but the database, and says which', () => {
  expect(readConfig(good)).toMatchObject({ httpHost: '127.0.0.1', httpPort: 8080, demoMode: false, telephony: 'asterisk', timeZone: 'Europe/Madrid', redisUrl: undefined });
  expect(() => readConfig({})).toThrow(/DATABASE_URL \(the Postgres that holds the truth\)/);
});

it.each([
  ['DATABASE_URL', 'mysql://x', /must begin with postgres:\/\//],
  ['REDIS_URL', 'http://x', /jobs and fan-out on Redis.*must begin with redis:\/\//],
  ['HTTP_PORT', '70000', /port the console and the API listen on/],
  ['HTTP_PORT', 'eighty', /port the console/],
  ['PUBLIC_URL', 'centralita', /address that people type/],
  ['DEMO_MODE', 'yes', /demo data, demo logins/],
  ['DEFAULT_COUNTRY', 'es', /must be two capital letters/],
  ['TIME_ZONE', 'Madrid', /must be a zone name such as Europe\/Madrid/],
  ['TELEPHONY', 'carrier pigeon', /which kind of phone line/],
  ['LINE_ID', 'Main Line', /name of the phone line/],
  ['SIP_WS_URL', 'https://x', /must be ws:\/\/…, wss:\/\/… or a path/],
  ['METRICS_TOKEN', 'short', /bearer token for \/metrics/],
  ['SETUP_CODE', '1', /code asked at the first start/],
])('a wrong %s (%s) names itself and what it is for', (name, value, saying) => {
  const read = (): unknown => readConfig({ ...good, [name]: value });
  expect(read).toThrow(WrongConfig);
  expect(read).toThrow(saying);
  expect(read).toThrow(new RegExp(`  ${name} \\(`));
});

it('names all that is wrong at once', () => {
  expect(() => readConfig({ HTTP_PORT: '-1', TIME_ZONE: 'nowhere' })).toThrow(/DATABASE_URL[\s\S]*HTTP_PORT[\s\S]*TIME_ZONE/);
});

it('an empty setting counts as not given', () => {
  expect(readConfig({ ...good, REDIS_URL: '', HTTP_PORT: '' })).toMatchObject({ redisUrl: undefined, httpPort: 8080 });
});

it('every setting has a name that operators can look up', () => {
  expect(settingNames).toContain('DATABASE_URL');
  expect(new Set(settingNames).size).toBe(settingNames.length);
});
