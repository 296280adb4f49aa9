import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import type { CallView, ChosenState, ClientToServer, Desk, RealtimeMessage, ServerToClient, Session, SipAccount, Topic } from './contracts/index.ts';
import { until } from './until.testing.ts';
import type { OnRing, SimulatedLine } from './telephony/simulated/index.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export interface Answer<T> {
  status: number;
  body: T;
}
export interface Refused {
  error: { code: string; message: string; field?: string; details?: Record<string, unknown> };
}

/** One tab's share in the softphone. A good browser answers each question of the server truthfully. */
interface Tab {
  id: string;
  socket: Socket<ServerToClient, ClientToServer>;
}

/**
 * A console as the server sees it: it signs in over HTTP, keeps the cookie, listens on a socket and answers for its softphone, and has a
 * SIP device at the simulated switch. It holds the newest state of its desk and every message that came.
 */
export class Console {
  readonly login: string;
  session: Session | null = null;
  cookie = '';
  account: SipAccount | null = null;
  tab: Tab | null = null;
  desk: Desk | null = null;
  /** Every message of the socket, oldest first, with the moment it came. */
  readonly messages: { message: RealtimeMessage; cameAtMs: number }[] = [];
  signedOutReason: string | null = null;
  /** A bad browser: its softphone is out of order, though the page is alive. */
  answersLeases = true;
  isRegistered = true;
  sipRoundTripAgoMs: number | null = 50;
  readonly #at: { url: string; line: SimulatedLine; now: () => number };
  #positions = new Map<Topic, { stream: string; seq: number }>();
  #topics: Topic[] = ['desk'];

  constructor(login: string, at: { url: string; line: SimulatedLine; now: () => number }) {
    this.login = login;
    this.#at = at;
  }

  get id(): string {
    return this.session?.user.id ?? '';
  }
  get callId(): string {
    const status = this.desk?.agent.status;
    if (!status || !('callId' in status)) throw new Error(`${this.login} has no call: ${JSON.stringify(status)}`);
    return status.callId;
  }
  get state(): string {
    return this.desk?.agent.status.state ?? 'unknown';
  }

  async ask<T>(method: Method, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> {
    const answer = await fetch(`${this.#at.url}${path}`, {
      method,
      headers: {
        ...(this.cookie === '' ? {} : { cookie: this.cookie }),
        ...(this.session === null ? {} : { 'x-csrf-token': this.session.csrfToken }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const set = answer.headers.getSetCookie().find((one) => one.startsWith('centralita_session='));
    if (set) this.cookie = set.split(';')[0] ?? '';
    return { status: answer.status, body: (text === '' ? null : JSON.parse(text)) as T };
  }
  /** Asks for what must succeed. */
  async do<T>(method: Method, path: string, body?: unknown): Promise<T> {
    const answer = await this.ask<T>(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path} by ${this.login}: ${String(answer.status)} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
  /** The code it was refused with; throws when it was not. */
  async refused(method: Method, path: string, body?: unknown): Promise<string> {
    const answer = await this.ask<Refused>(method, path, body);
    if (answer.status < 400) throw new Error(`${method} ${path} was not refused`);
    return `${String(answer.status)} ${answer.body.error.code}`;
  }

  async signIn(password = 'demo-centralita'): Promise<this> {
    this.session = null;
    this.session = await this.do<Session>('POST', '/api/session', { login: this.login, password });
    return this;
  }

  /** Asks for an account and registers with it; what it does when it rings is given. */
  async registers(onRing: OnRing): Promise<this> {
    this.account = await this.do<SipAccount>('POST', '/api/agent/sip-account');
    if (!this.#at.line.deviceRegisters(this.account.endpoint, this.account.password, onRing)) throw new Error(`${this.login} could not register`);
    return this;
  }
  /** From now on the device does this when it rings. */
  device(onRing: OnRing): void {
    if (this.account) this.#at.line.devicePresent(this.account.endpoint, onRing);
  }
  deviceGoes(): void {
    if (this.account) this.#at.line.deviceGone(this.account.endpoint);
  }

  /** Opens a page: its socket, with a tab's name of its own. */
  async opensPage(topics: Topic[] = this.#topics): Promise<Tab> {
    this.#topics = topics;
    const socket: Tab['socket'] = io(this.#at.url, {
      transports: ['websocket'],
      extraHeaders: { cookie: this.cookie },
      forceNew: true,
      reconnectionDelay: 50,
      reconnectionDelayMax: 100,
    });
    const tab: Tab = { id: randomUUID(), socket };
    this.tab = tab;
    socket.on('message', (message) => this.#take(message));
    socket.on('signedOut', (reason) => (this.signedOutReason = reason));
    socket.on('lease', (answer) => {
      if (!this.answersLeases) return;
      const { isRegistered: registered, sipRoundTripAgoMs } = this;
      answer({ tabId: tab.id, hasMicrophone: this.desk?.agent.deviceTabId === tab.id || this.desk === null, registered, sipRoundTripAgoMs, liveCallIds: [] });
    });
    socket.on('connect', () => void this.subscribe(this.#topics));
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('connect_error', reject);
    });
    if (topics.includes('desk')) await until(`${this.login} sees the desk`, () => this.desk);
    return tab;
  }

  /** Asks for topics, from where it read them last. Answers those it may not see. */
  async subscribe(topics: Topic[]): Promise<Topic[]> {
    const socket = this.tab?.socket;
    if (!socket) return [];
    const wanted = topics.map((topic) => ({ topic, stream: this.#positions.get(topic)?.stream ?? null, seq: this.#positions.get(topic)?.seq ?? null }));
    const answer = await socket.emitWithAck('subscribe', { topics: wanted });
    return answer.ok ? answer.refused : topics;
  }

  async claims(device: 'browser' | 'deskPhone' = 'browser', tab = this.tab): Promise<void> {
    this.desk = await this.do<Desk>('POST', '/api/agent/device', { device, tabId: tab?.id });
  }

  async becomes(state: ChosenState): Promise<void> {
    await this.do('POST', '/api/agent/state', state);
    // who is ready while callers wait may be ringing before anybody could see it
    const becoming: string[] = state.state === 'ready' ? ['ready', 'ringing', 'onCall'] : [state.state];
    await this.until(`${this.login} is ${state.state}`, (desk) => becoming.includes(desk.agent.status.state));
  }

  /** All that the shift begins with: page, softphone, claim, ready. */
  async starts(onRing: OnRing): Promise<this> {
    await this.registers(onRing);
    await this.opensPage();
    await this.claims();
    await this.until(`${this.login} can be reached`, (desk) => desk.agent.reachable);
    await this.becomes({ state: 'ready' });
    return this;
  }

  /** The page is gone, and with it the softphone: closed, reloaded or crashed. */
  closesPage(): void {
    this.tab?.socket.disconnect();
    this.tab = null;
    this.deviceGoes();
  }

  /** A new page of the same session. It takes the microphone, and its call when there is one. */
  async comesBack(onRing: OnRing): Promise<void> {
    await this.registers(onRing);
    await this.opensPage();
    await this.claims();
    if (this.state === 'onCall') await this.do('POST', `/api/calls/${this.callId}/rejoin`);
  }

  /** The desk once it is so. */
  until(what: string, holds: (desk: Desk) => boolean, hurry?: { hurry(work: () => Promise<Desk>): Promise<Desk> }): Promise<Desk> {
    const wait = (): Promise<Desk> => until(what, () => (this.desk && holds(this.desk) ? this.desk : null), () => `the desk of ${this.login}: ${JSON.stringify(this.desk?.agent)} ${JSON.stringify(this.desk?.call)}`);
    return hurry ? hurry.hurry(wait) : wait();
  }
  untilState(state: string): Promise<Desk> {
    return this.until(`${this.login} is ${state}`, (desk) => desk.agent.status.state === state);
  }

  hangsUp(): Promise<Desk> {
    return this.do('POST', `/api/calls/${this.callId}/hang-up`);
  }
  /** Ends after-call work with the first disposition that there is. */
  async wrapsUp(notes = ''): Promise<Desk> {
    return this.do<Desk>('POST', `/api/calls/${this.callId}/wrap-up/complete`, { dispositionId: await this.anyDisposition(), notes });
  }
  async anyDisposition(): Promise<string> {
    const { items } = await this.do<{ items: { id: string; active: boolean; nextAction: string; parentId: string | null }[] }>('GET', '/api/dispositions');
    return items.find(({ id, active, nextAction }) => active && nextAction === 'none' && !items.some((other) => other.parentId === id))?.id ?? '';
  }
  async call(callId: string): Promise<CallView> {
    return (await this.do<{ call: CallView }>('GET', `/api/calls/${callId}`)).call;
  }

  close(): void {
    this.tab?.socket.disconnect();
    this.tab = null;
  }

  #take(message: RealtimeMessage): void {
    const known = this.#positions.get(message.topic);
    const isOld = known?.stream === message.stream && message.seq < known.seq;
    this.messages.push({ message, cameAtMs: this.#at.now() });
    if (isOld) return;
    this.#positions.set(message.topic, { stream: message.stream, seq: message.seq });
    if (message.event.kind === 'desk') this.desk = message.event.desk;
  }
}
