import { realtimeMessage, type ClientToServer, type LeaseAnswer, type RealtimeEvent, type ServerToClient, type Topic } from '@centralita/cti-server/contracts';
import { io, type Socket } from 'socket.io-client';
import { session } from '#lib/access/session.svelte.ts';
import { backOffMs } from './back-off.ts';
import { clock } from './clock.svelte.ts';
import { judge, subscription, unread, type TopicPosition } from './sequence.ts';

type Listener = (event: RealtimeEvent, whole: boolean, seq: number) => void;

/** The one socket of this page. It reconnects for ever and fills the gaps; stores listen to topics and never see a repeat. */
class Realtime {
  /** `since` is when the screen last knew the truth; null while connected. */
  connected = $state(false);
  lostSince = $state<number | null>(null);
  roundTripMs = $state<number | null>(null);

  #socket: Socket<ServerToClient, ClientToServer> | null = null;
  #topics = new Map<Topic, number>();
  #positions = new Map<Topic, TopicPosition>();
  #listeners = new Map<Topic, Set<Listener>>();
  #lease: (() => LeaseAnswer) | null = null;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  start(): void {
    if (this.#socket !== null) return;
    const socket: Socket<ServerToClient, ClientToServer> = io({ path: '/socket.io', transports: ['websocket'], reconnectionDelay: 300, reconnectionDelayMax: 4000, timeout: 5000 });
    this.#socket = socket;
    socket.on('connect', () => {
      this.#attempt = 0;
      this.connected = true;
      this.lostSince = null;
      this.#subscribe([...this.#topics.keys()]);
    });
    socket.on('disconnect', (reason) => {
      this.#lost();
      // The server closed it on purpose (a restart, an ended session): the client library does not come back by itself then.
      if (reason === 'io server disconnect') this.#connectLater();
    });
    socket.on('connect_error', () => {
      this.#lost();
      if (socket.active) return; // a transport failure: the library tries again
      this.#connectLater();
      void session.refresh().catch(() => undefined); // refused by the server: perhaps the session has ended; unreachable is shown already
    });
    socket.on('message', (raw) => this.#receive(raw));
    socket.on('lease', (answer) => {
      if (this.#lease !== null) answer(this.#lease());
    });
    // Perhaps it was an earlier session that ended: who has signed in again meanwhile is not asked once more.
    socket.on('signedOut', () => void session.refresh().catch(() => session.expire()));
    session.onRenewed(() => {
      if (!socket.connected) socket.connect();
    });
    window.addEventListener('online', () => socket.connect());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible' && !socket.connected) socket.connect();
    });
    setInterval(() => this.#measure(), 10_000);
  }

  #lost(): void {
    this.connected = false;
    this.lostSince ??= clock.now();
    this.roundTripMs = null;
  }

  #connectLater(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#socket?.connect(), backOffMs(this.#attempt++, Math.random()));
  }

  #measure(): void {
    if (this.#socket?.connected !== true) return;
    const asked = performance.now();
    const topic = [...this.#topics.keys()][0];
    if (topic === undefined) return;
    // Asking for nothing new is the cheapest question that the server answers on this socket.
    this.#socket.emit('subscribe', { topics: subscription([topic], this.#positions) }, () => {
      this.roundTripMs = Math.round(performance.now() - asked);
    });
  }

  #receive(raw: unknown): void {
    const parsed = realtimeMessage.safeParse(raw);
    if (!parsed.success) {
      console.error('A realtime message is not in the agreed form; asking for a snapshot.', parsed.error.issues);
      return;
    }
    const message = parsed.data;
    clock.observe(message.sentAt);
    const judgement = judge(this.#positions.get(message.topic) ?? unread, message);
    if (judgement.what === 'ignore') return;
    if (judgement.what === 'gap') {
      this.#subscribe([message.topic]);
      return;
    }
    this.#positions.set(message.topic, judgement.position);
    for (const listener of this.#listeners.get(message.topic) ?? []) listener(message.event, message.snapshot, message.seq);
  }

  #subscribe(topics: Topic[]): void {
    if (topics.length === 0 || this.#socket?.connected !== true) return;
    this.#socket.emit('subscribe', { topics: subscription(topics, this.#positions) }, (result) => {
      if (!result.ok) console.error(`The server refused the subscription: ${result.code}`);
    });
  }

  /** Calls `listener` with each event of the topic, first with a snapshot. Returns the way to stop. */
  listen(topic: Topic, listener: Listener): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(topic, listeners);
    this.#topics.set(topic, (this.#topics.get(topic) ?? 0) + 1);
    // A newcomer to a topic that is already read needs the whole once more.
    this.#positions.delete(topic);
    this.#subscribe([topic]);
    return () => {
      listeners.delete(listener);
      const left = (this.#topics.get(topic) ?? 1) - 1;
      if (left > 0) this.#topics.set(topic, left);
      else {
        this.#topics.delete(topic);
        this.#positions.delete(topic);
      }
    };
  }

  /** Who answers the server's question whether this tab can take calls. */
  answerLease(lease: () => LeaseAnswer): void {
    this.#lease = lease;
  }

  popShown(callId: string): void {
    this.#socket?.emit('popShown', { callId });
  }
}

export const realtime = new Realtime();
