/** Promises about SIP accounts, and about the switch ringing itself. */
import { createHash, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { done, type Bench } from './conformance-bench.ts';
import type { EndpointRequest } from './port.ts';

export function endpointPromises(bench: Bench): void {
  const account = (more: Partial<EndpointRequest> = {}): EndpointRequest => ({
    endpoint: `phone-${randomUUID().slice(0, 8)}`,
    device: 'deskPhone',
    password: randomUUID(),
    displayName: 'Ana "la jefa" <1>',
    ...more,
  });

  test('a phone with the right password is present, and alive lists it', async () => {
    const { endpoint, password, ...rest } = account();
    expect(await bench.line.provisionEndpoint({ endpoint, password, ...rest })).toEqual(done);
    expect((await bench.alive()).presentEndpoints).not.toContain(endpoint);
    expect(await bench.world.phoneRegisters(endpoint, password, 'answers')).toBe(true);
    await bench.told.first('endpointPresent', { endpoint });
    expect((await bench.alive()).presentEndpoints).toContain(endpoint);
    await bench.line.removeEndpoint(endpoint);
  });

  test('an account whose name is more than a name is rejected', async () => {
    expect(await bench.line.provisionEndpoint(account({ endpoint: '../auth/other' }))).toMatchObject({ outcome: 'rejected' });
  });

  test('a phone with a wrong password is not let in', async () => {
    const request = account();
    await bench.line.provisionEndpoint(request);
    expect(await bench.world.phoneRegisters(request.endpoint, 'guessed', 'answers')).toBe(false);
    expect((await bench.alive()).presentEndpoints).not.toContain(request.endpoint);
    await bench.line.removeEndpoint(request.endpoint);
  });

  test('an account can be handed over by digest, without its password', async () => {
    const request = account();
    const md5 = createHash('md5').update(`${request.endpoint}:centralita:${request.password}`).digest('hex');
    const outcome = await bench.line.provisionEndpoint({ ...request, password: '', passwordDigest: { realm: 'centralita', md5 } });
    expect(outcome).toEqual(done);
    expect(await bench.world.phoneRegisters(request.endpoint, 'guessed', 'answers')).toBe(false);
    expect(await bench.world.phoneRegisters(request.endpoint, request.password, 'answers')).toBe(true);
    await bench.told.first('endpointPresent', { endpoint: request.endpoint });
    await bench.line.removeEndpoint(request.endpoint);
  });

  test('an account that is made again has the new password only', async () => {
    const request = account();
    await bench.line.provisionEndpoint(request);
    expect(await bench.line.provisionEndpoint({ ...request, password: 'another-one' })).toEqual(done);
    expect(await bench.world.phoneRegisters(request.endpoint, request.password, 'answers')).toBe(false);
    expect(await bench.world.phoneRegisters(request.endpoint, 'another-one', 'answers')).toBe(true);
    await bench.line.removeEndpoint(request.endpoint);
  });

  test('an account that is removed is gone at once, and removing it again is ok', async () => {
    const request = account();
    await bench.line.provisionEndpoint(request);
    await bench.world.phoneRegisters(request.endpoint, request.password, 'answers');
    await bench.told.first('endpointPresent', { endpoint: request.endpoint });
    expect(await bench.line.removeEndpoint(request.endpoint)).toEqual(done);
    await bench.told.first('endpointGone', { endpoint: request.endpoint });
    expect((await bench.alive()).presentEndpoints).not.toContain(request.endpoint);
    expect(await bench.world.phoneRegisters(request.endpoint, request.password, 'answers')).toBe(false);
    expect(await bench.line.removeEndpoint(request.endpoint)).toEqual(done);
  });

  test('a phone that stayed registered while the line was away is listed when it is back', async () => {
    const request = account();
    await bench.line.provisionEndpoint(request);
    await bench.world.phoneRegisters(request.endpoint, request.password, 'answers');
    await bench.told.first('endpointPresent', { endpoint: request.endpoint });
    await bench.line.stop();
    bench.line.start();
    await bench.told.until(() => bench.line.status().state === 'connected', 'the connection');
    expect((await bench.alive()).presentEndpoints).toContain(request.endpoint);
    await bench.line.removeEndpoint(request.endpoint);
  });

  test('an agent who comes back to a call in progress is asked to pick up at once', async () => {
    const endpoint = await bench.phone('answers');
    const request = bench.place(endpoint, { autoAnswer: true });
    expect(await bench.line.placeLeg(request)).toEqual(done);
    await bench.told.first('legAnswered', { legId: request.legId });
  });

  test('the switch rings one of its own numbers, and the call arrives like any other', async () => {
    const request = { fromNumber: '+34911222333', fromName: 'Lola', toNumber: '900', language: 'es' } as const;
    expect(await bench.line.dialIn(request)).toEqual(done);
    const arrival = await bench.told.first('legArrived', { fromNumber: '+34911222333' });
    expect(arrival).toMatchObject({ fromName: 'Lola', toNumber: '900', answered: false });
    expect(await bench.line.answer(arrival.legId)).toEqual(done);
    expect(await bench.aliveLeg(arrival.legId)).toMatchObject({ state: 'up', arrived: true, toNumber: '900', fromNumber: '+34911222333' });
    expect(await bench.line.hangUp(arrival.legId, 'normal')).toEqual(done);
    await bench.told.first('legEnded', { legId: arrival.legId });
    expect((await bench.alive()).legs).toEqual([]);
  });

  test('the switch rings no number that is more than a number', async () => {
    const request = { fromNumber: '+34911222333', fromName: 'Lola', toNumber: '900@elsewhere', language: 'es' } as const;
    expect(await bench.line.dialIn(request)).toMatchObject({ outcome: 'rejected' });
  });
}
