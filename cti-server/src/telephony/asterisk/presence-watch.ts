/**
 * Follows which endpoints are registered.
 *
 * Asterisk has three ways to tell. Subscribing to all endpoints, or to everything, sends each event of each call once more; the state of a
 * device costs three short events a call, and only for endpoints that were asked for. So those are asked for, one by one, after each
 * connection and after each new account.
 */
import type { Logger } from '../../platform/logger.ts';
import { aliveParts, presentEndpoints } from './alive.ts';
import type { AriSocket } from './ari-socket.ts';
import { done, reading } from './outcomes.ts';

/** Subscriptions that go in one request: its length ends up in one line of text. */
const subscriptionsPerRequest = 50;

export class PresenceWatch {
  readonly #socket: AriSocket;
  readonly #app: string;
  readonly #logger: Logger;
  readonly #notDevices: ReadonlySet<string>;
  readonly #tell: (endpoint: string, present: boolean) => void;

  /** Trunks and guests are endpoints too, with a state that changes with each call; they are nobody's device and are left alone. */
  constructor(socket: AriSocket, app: string, logger: Logger, notDevices: readonly string[], tell: (endpoint: string, present: boolean) => void) {
    this.#socket = socket;
    this.#app = app;
    this.#logger = logger;
    this.#notDevices = new Set(notDevices);
    this.#tell = tell;
  }

  /** After a connection: follows every endpoint that there is, then says how each of them is now. */
  async begin(): Promise<void> {
    const before = await this.#endpoints();
    if (before === null) return;
    await this.follow(before.map((endpoint) => endpoint.resource));
    // Read again: what changed before its subscription began raised no event.
    const after = await this.#endpoints();
    if (after === null) return;
    const present = new Set(presentEndpoints(after));
    for (const { resource } of after) this.#tell(resource, present.has(resource));
  }

  async follow(endpoints: readonly string[]): Promise<void> {
    for (let from = 0; from < endpoints.length; from += subscriptionsPerRequest) {
      const eventSource = endpoints.slice(from, from + subscriptionsPerRequest).map(source).join(',');
      const outcome = done(
        await this.#socket.request('POST /applications/{applicationName}/subscription', { path: { applicationName: this.#app }, query: { eventSource } }),
      );
      if (outcome.outcome !== 'ok') this.#logger.warn({ reason: outcome.reason }, 'Asterisk will not tell of endpoints that come and go');
    }
  }

  async unfollow(endpoint: string): Promise<void> {
    const path = { applicationName: this.#app };
    await this.#socket.request('DELETE /applications/{applicationName}/subscription', { path, query: { eventSource: source(endpoint) } });
  }

  async #endpoints() {
    const answer = reading(aliveParts.endpoints)(await this.#socket.request('GET /endpoints/{tech}', { path: { tech: 'PJSIP' } }));
    return answer.outcome === 'ok' ? answer.value.filter((endpoint) => !this.#notDevices.has(endpoint.resource)) : null;
  }
}

const source = (endpoint: string): string => `deviceState:PJSIP/${endpoint}`;
