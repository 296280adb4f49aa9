import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fillTemplate, templateValues, type AsteriskSettings } from './render.ts';

const folder = new URL('../etc/asterisk/', import.meta.url);
const files = readdirSync(folder);
const settings: AsteriskSettings = {
  httpPort: 8088,
  sipPort: 5060,
  rtpFirst: 40_000,
  rtpLast: 40_999,
  ariUser: 'centralita',
  ariPassword: 'secret',
  address: '127.0.0.1',
  loopbackGuest: true,
  trunkPeers: ['192.0.2.10', '192.0.2.11:5062'],
};
const rendered = (file: string, change: Partial<AsteriskSettings> = {}): string =>
  fillTemplate(readFileSync(new URL(file, folder), 'utf8'), templateValues('/run', '/modules', { ...settings, ...change }));

describe('the configuration of Asterisk', () => {
  test.each(files)('%s opens with why it is there, and nothing in it is left to fill in', (file) => {
    const text = rendered(file);
    expect(text).toMatch(/^; \w/);
    expect(text).not.toMatch(/@[A-Z_]+@/);
  });

  test('a word that nobody fills in is a mistake', () => {
    expect(() => fillTemplate('bind = @TYPO@', {})).toThrow('@TYPO@');
  });

  test('on this machine alone, SIP listens on the loopback only', () => {
    expect(rendered('pjsip.conf')).toContain('bind = 127.0.0.1:5060');
  });

  test('in the office SIP listens to all, ARI still only to this machine', () => {
    expect(rendered('pjsip.conf', { address: '192.168.1.20' })).toContain('bind = 0.0.0.0:5060');
    expect(rendered('http.conf', { address: '192.168.1.20' })).toContain('bindaddr = 127.0.0.1');
    expect(rendered('pjsip_guest.conf', { address: '192.168.1.20' })).toMatch(/match = 127\.0\.0\.1$/m);
  });

  test('a container tells the address outside of it, not its own', () => {
    const container = { own: '172.18.0.4', gateway: '172.18.0.1' };
    expect(rendered('pjsip.conf', { container })).toContain(
      'external_media_address = 127.0.0.1\nexternal_signaling_address = 127.0.0.1\nlocal_net = 172.18.0.4/32',
    );
    expect(rendered('rtp.conf', { container })).toContain('172.18.0.4 => 127.0.0.1');
    expect(rendered('pjsip_guest.conf', { container })).toMatch(/match = 172\.18\.0\.1$/m);
  });

  test('the guest can be shut out', () => {
    expect(rendered('pjsip_guest.conf', { loopbackGuest: false })).not.toMatch(/^match/m);
  });

  test('every trunk and guest is known by its address, never by its name', () => {
    const endpoints = `${rendered('pjsip_guest.conf')}\n${rendered('pjsip_trunks.conf')}`
      .split(/^\[/m)
      .filter((section) => /^type = endpoint$/m.test(section));
    expect(endpoints).toHaveLength(2);
    for (const section of endpoints) expect(section).toMatch(/^identify_by = ip$/m);
  });

  test('a trunk takes calls from all its peers and sends them to the first', () => {
    const text = rendered('pjsip_trunks.conf');
    expect(text).toContain('match = 192.0.2.10\nmatch = 192.0.2.11:5062');
    expect(text).toContain('contact = sip:192.0.2.10\n');
    expect(rendered('pjsip_trunks.conf', { trunkPeers: [] })).not.toMatch(/^\[trunk\]/m);
  });
});
