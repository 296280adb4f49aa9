import { describe, expect, test } from 'vitest';
import { readSettings, WrongSetting } from './settings.ts';

const read = async (args: string[], environment: NodeJS.ProcessEnv = {}) => {
  const settings = await readSettings(args, environment);
  if (!settings) throw new Error('only help was asked for');
  return settings;
};

describe('settings', () => {
  test('without any, everything stays on this machine, in demo mode', async () => {
    expect(await read([])).toMatchObject({
      httpHost: '127.0.0.1',
      httpPort: 8080,
      postgresPort: 54_330,
      ariPort: 8088,
      sipPort: 5060,
      rtpPorts: [40_000, 40_999],
      demo: true,
      lan: null,
      publicUrl: 'http://127.0.0.1:8080',
    });
  });

  test('an offset moves every port that is not named', async () => {
    expect(await read([], { CENTRALITA_PORT_OFFSET: '100', SIP_PORT: '5070' })).toMatchObject({
      httpPort: 8180,
      postgresPort: 54_430,
      ariPort: 8188,
      sipPort: 5070,
      rtpPorts: [40_100, 41_099],
    });
  });

  test('an option wins over the environment', async () => {
    expect(await read(['--port', '9000'], { HTTP_PORT: '9001' })).toMatchObject({ httpPort: 9000, publicUrl: 'http://127.0.0.1:9000' });
  });

  test('a database of the operator’s own gets demo logins only when he asks for them', async () => {
    const DATABASE_URL = 'postgres://somewhere/centralita';
    expect((await read([], { DATABASE_URL })).demo).toBe(false);
    expect((await read([], { DATABASE_URL, DEMO_MODE: 'true' })).demo).toBe(true);
    expect((await read(['--no-demo'])).demo).toBe(false);
  });

  test('--lan serves HTTPS to everyone and keeps the plain port to this machine', async () => {
    const settings = await read(['--lan'], { CENTRALITA_LAN_ADDRESS: '192.168.1.20' });
    expect(settings).toMatchObject({
      httpHost: '127.0.0.1',
      address: '192.168.1.20',
      publicUrl: 'https://192.168.1.20:8443',
      lan: { host: '0.0.0.0', port: 8443 },
    });
  });

  test.each([
    [['--port', 'abc'], {}],
    [['--port', '70000'], {}],
    [['--nonsense'], {}],
    [['--cert', 'a.pem'], {}],
    [['--cert', 'a.pem', '--key', 'b.pem'], {}],
    [[], { RTP_PORTS: '40000' }],
    [[], { RTP_PORTS: '40000-40001' }],
    [[], { DEMO_MODE: 'perhaps' }],
    [[], { CENTRALITA_PORT_OFFSET: '1.5' }],
  ])('%j with %j is refused with a reason', async (args, environment) => {
    await expect(readSettings(args, environment)).rejects.toThrow(WrongSetting);
  });

  test('--help asks for nothing else', async () => {
    expect(await readSettings(['--help'], {})).toBeNull();
  });
});
