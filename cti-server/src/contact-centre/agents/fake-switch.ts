import type { EndpointRequest, Outcome } from '../../telephony/port.ts';
import type { SipSwitch } from './desk-phones.service.ts';

type Failure = Exclude<Outcome['outcome'], 'ok'>;

/** A switch that only holds SIP accounts. Tests look into it, and tell it to fail by kind. */
export class FakeSwitch implements SipSwitch {
  readonly lineId: string;
  readonly accounts = new Map<string, EndpointRequest>();
  /** Every later request fails this way; with `unknown` it is done all the same, and only the answer is lost. */
  failing: Failure | null = null;

  constructor(lineId = 'main') {
    this.lineId = lineId;
  }

  provisionEndpoint(request: EndpointRequest): Promise<Outcome> {
    return this.#answer(() => this.accounts.set(request.endpoint, request));
  }
  removeEndpoint(endpoint: string): Promise<Outcome> {
    return this.#answer(() => this.accounts.delete(endpoint));
  }

  #answer(act: () => void): Promise<Outcome> {
    const failing = this.failing;
    if (failing === null || failing === 'unknown') act();
    return Promise.resolve(failing === null ? { outcome: 'ok', value: undefined } : { outcome: failing, reason: 'as told' });
  }
}
