import { describe, expect, test } from 'vitest';
import { accountParts } from './accounts.ts';
import { aliveFrom, asteriskTime, type AliveParts } from './alive.ts';
import { endCause } from './end-cause.ts';
import { done, reading } from './outcomes.ts';
import { callerId, dialString, legVariables } from './placing.ts';
import { aliveParts } from './alive.ts';

describe('What Asterisk says, in our words:', () => {
  test.each([
    [16, 'normal'],
    [17, 'busy'],
    [19, 'noAnswer'],
    [21, 'refused'],
    [20, 'unreachable'],
    [34, 'congestion'],
    [0, 'unknown'],
    [88, 'failed'],
  ])('cause %i is %s', (q850, cause) => {
    expect(endCause(q850)).toBe(cause);
  });

  test('a refusal by a rule of the switch is rejected, a failure inside it is unknown', () => {
    expect(done({ outcome: 'refused', statusCode: 422, reason: 'no' })).toMatchObject({ outcome: 'rejected' });
    expect(done({ outcome: 'refused', statusCode: 500, reason: 'no' })).toMatchObject({ outcome: 'unknown' });
    expect(done({ outcome: 'refused', statusCode: 404, reason: 'gone' }, { 404: 'ok' })).toMatchObject({ outcome: 'ok' });
  });

  test('an answer that cannot be read is unknown', () => {
    expect(reading(aliveParts.application)({ outcome: 'answered', value: { channel_ids: 'x' } })).toMatchObject({ outcome: 'unknown' });
  });

  test('Asterisk’s times are read with their zone', () => {
    expect(asteriskTime('2026-11-21T20:34:12.830+0100')).toBe(Date.UTC(2026, 10, 21, 19, 34, 12, 830));
  });

  test('only channels of the application are legs, and only rooms made over ARI are rooms', () => {
    const channel = { state: 'Up', caller: { name: '', number: '' }, creationtime: '2026-11-21T20:34:12.830+0000' };
    const dialplan = (app_name: string, app_data: string) => ({ exten: '900', app_name, app_data });
    const parts: AliveParts = {
      application: { channel_ids: ['caller', 'agent'] },
      channels: [
        { ...channel, id: 'caller', name: 'PJSIP/trunk-1', dialplan: dialplan('Stasis', 'centralita,inbound,902,0') },
        { ...channel, id: 'agent', name: 'PJSIP/desk-201-0000000a', state: 'Ringing', dialplan: dialplan('AppDial2', '(Outgoing Line)') },
        { ...channel, id: 'waiting', name: 'PJSIP/trunk-2', dialplan: dialplan('Wait', '1') },
      ],
      bridges: [
        { id: 'room', bridge_class: 'stasis', channels: ['caller', 'stranger'] },
        { id: 'other', bridge_class: 'basic', channels: [] },
      ],
      endpoints: [
        { resource: 'desk-201', state: 'online' },
        { resource: 'desk-202', state: 'offline' },
      ],
      info: { status: { startup_time: '1970-01-01T00:00:01.000+0000' } },
    };
    const alive = aliveFrom(parts, 'centralita');
    expect(alive.legs).toMatchObject([
      { legId: 'caller', arrived: true, toNumber: '902', roomId: 'room', state: 'up' },
      { legId: 'agent', arrived: false, toNumber: 'desk-201', roomId: null, state: 'ringing' },
    ]);
    expect(alive.rooms).toEqual([{ roomId: 'room', legIds: ['caller'] }]);
    expect(alive.presentEndpoints).toEqual(['desk-201']);
    expect(alive.switchStartedAtMs).toBe(1000);
  });
});

describe('What we say, in Asterisk’s words:', () => {
  test('a caller’s name cannot end the quotes around it', () => {
    expect(callerId('Ana "x" <1>\r\n', '+34600')).toBe('"Ana x 1" <+34600>');
  });

  test('a number goes through the trunk, an endpoint to its phone', () => {
    expect(dialString({ kind: 'number', number: '+34600' }, 'PJSIP/{number}@trunk')).toBe('PJSIP/+34600@trunk');
    expect(dialString({ kind: 'endpoint', endpoint: 'desk-1' }, 'trunk')).toBe('PJSIP/desk-1');
  });

  test('a header’s value cannot begin another header', () => {
    const request = { legId: 'l', to: { kind: 'endpoint', endpoint: 'e' }, callerNumber: '', callerName: '', ringTimeoutSeconds: 1 } as const;
    expect(legVariables({ ...request, callId: 'a\r\nEvil: 1', autoAnswer: false })).toEqual({ 'PJSIP_HEADER(add,X-Centralita-Call)': 'aEvil:1' });
    expect(Object.keys(legVariables({ ...request, callId: 'a', autoAnswer: true }))).toHaveLength(4);
  });

  test('a password stands in the auth alone', () => {
    const options = { codecs: ['alaw'], agentContext: 'from-agent', mediaAddress: undefined };
    const parts = accountParts({ endpoint: 'desk-1', device: 'deskPhone', password: 'secret', displayName: 'Ana' }, options);
    expect(parts.map(([part]) => part)).toEqual(['auth', 'aor', 'endpoint']);
    expect(parts.filter(([, fields]) => fields.some((field) => field.value.includes('secret'))).map(([part]) => part)).toEqual(['auth']);
  });
});
