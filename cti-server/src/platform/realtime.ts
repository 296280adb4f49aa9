import { randomUUID } from 'node:crypto';
import type { Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import {
  type ClientToServer,
  leaseAnswer,
  type LeaseAnswer,
  type RealtimeEvent,
  type RealtimeMessage,
  type Right,
  type ServerToClient,
  subscribe,
  type Topic,
  topic as topicSchema,
} from '../contracts/index.ts';
import { type Clock, toInstant } from './clock.ts';
import { sessionCookie } from './http.ts';
import type { Logger } from './logger.ts';
import { isAllowed, type Viewer } from './viewer.ts';

/** What stands behind a topic. */
export interface TopicSource {
  access: readonly Right[];
  /** The rooms this viewer listens to; what they may not see is in another room. */
  rooms(viewer: Viewer): readonly string[];
  /** All that the viewer may know now. */
  snapshot(viewer: Viewer): Promise<RealtimeEvent>;
  /** Kept per room for those who come back after a break; 0: they get a snapshot. */
  replay: number;
}

interface SocketData {
  viewer: Viewer;
  token: string;
}
type ClientSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, SocketData>;

interface Room {
  seq: number;
  recent: RealtimeMessage[];
}

export interface RealtimeOptions {
  clock: Clock;
  logger: Logger;
  publicUrl: URL;
  resolveViewer(token: string): Promise<Viewer | null>;
  onLease(viewer: Viewer, lease: LeaseAnswer): void;
  /** The last socket of this person's tab closed, or the browser vanished. */
  onLeft(viewer: Viewer): void;
  onPopShown(viewer: Viewer, callId: string): void;
}

/** How long a browser may take to answer for its softphone. */
const leaseAnswerMs = 3_500;
const recheckEveryMs = 30_000;
/** One socket may send so many requests in a second. */
const requestsPerSecond = 20;

/**
 * Pushes to browsers. Every server pushes to its own sockets only, from what it knows (its own moves and those its peers tell it), and
 * numbers what it pushes, so that a client which comes back to the same server gets what it missed.
 */
export class Realtime {
  readonly io: Server<ClientToServer, ServerToClient, Record<string, never>, SocketData>;
  readonly #stream = randomUUID();
  readonly #sources = new Map<Topic, TopicSource>();
  readonly #rooms = new Map<string, Room>();
  readonly #o: RealtimeOptions;
  #timer: { cancel(): void } | null = null;

  constructor(httpServer: HttpServer, options: RealtimeOptions) {
    this.#o = options;
    this.io = new Server(httpServer, {
      serveClient: false,
      maxHttpBufferSize: 100_000,
      pingInterval: 10_000,
      pingTimeout: 8_000,
      allowRequest: (request, decide) => {
        const { origin } = request.headers;
        const isOurs = origin === undefined || origin === options.publicUrl.origin || origin.replace(/^https?:\/\//, '') === request.headers.host;
        decide(isOurs ? null : 'foreign origin', isOurs);
      },
    });
    this.io.use((socket, next) => {
      const token = cookieOf(socket.handshake.headers.cookie);
      const refuse = (): void => next(Object.assign(new Error('notSignedIn'), { data: { code: 'notSignedIn' } }));
      if (!token) return refuse();
      options.resolveViewer(token).then(
        (viewer) => {
          if (!viewer) return refuse();
          socket.data = { viewer, token };
          next();
        },
        (error: unknown) => next(error instanceof Error ? error : new Error('unavailable')),
      );
    });
    this.io.on('connection', (socket) => void this.#connected(socket));
    this.#recheck();
  }

  provide(topic: Topic, source: TopicSource): void {
    this.#sources.set(topic, source);
  }

  /** Pushes to everybody in the room, with the room's next number. Costs next to nothing when nobody listens. */
  publish(room: string, topic: Topic, event: RealtimeEvent): void {
    const keeps = this.#sources.get(topic)?.replay ?? 0;
    const state = this.#roomState(room);
    state.seq += 1;
    if (!this.hasListeners(room) && keeps === 0) return;
    const message = this.#message(topic, state.seq, false, event);
    if (keeps > 0) {
      state.recent.push(message);
      if (state.recent.length > keeps) state.recent.splice(0, state.recent.length - keeps);
    }
    this.io.local.to(room).emit('message', message);
  }

  hasListeners(room: string): boolean {
    return (this.io.of('/').adapter.rooms.get(room)?.size ?? 0) > 0;
  }

  /** Rooms that somebody listens to and that begin like this. */
  listenedRooms(prefix: string): string[] {
    return [...this.io.of('/').adapter.rooms.keys()].filter((room) => room.startsWith(prefix));
  }

  /** Asks the browsers of one person for their softphone's state right now. */
  askLease(userId: string): void {
    for (const socket of this.#socketsOf(userRoom(userId))) this.#ask(socket);
  }
  /** Asks everybody who takes calls. */
  askLeases(): void {
    for (const socket of this.#socketsOf(agentsRoom)) this.#ask(socket);
  }

  /** Ends the sockets of a session, telling why. */
  endSession(sessionId: string, reason: 'expired' | 'signedOut' | 'deactivated'): void {
    for (const socket of this.#socketsOf(sessionRoom(sessionId))) {
      socket.emit('signedOut', reason);
      socket.disconnect(true);
    }
  }

  async close(): Promise<void> {
    this.#timer?.cancel();
    await this.io.close();
  }

  async #connected(socket: ClientSocket): Promise<void> {
    const { viewer } = socket.data;
    await socket.join([userRoom(viewer.userId), sessionRoom(viewer.sessionId)]);
    let budget = requestsPerSecond;
    let budgetFrom = this.#o.clock.now();
    socket.use((_packet, next) => {
      const now = this.#o.clock.now();
      if (now - budgetFrom >= 1000) {
        budget = requestsPerSecond;
        budgetFrom = now;
      }
      budget -= 1;
      if (budget < 0) socket.disconnect(true);
      else next();
    });
    socket.on('subscribe', (request, answer) => {
      this.#subscribe(socket, request).then(
        (refused) => reply(answer, { ok: true, refused }),
        (error: unknown) => {
          this.#o.logger.warn({ err: error, userId: viewer.userId }, 'subscription failed');
          reply(answer, { ok: false, code: 'unavailable' });
        },
      );
    });
    socket.on('popShown', (shown) => {
      if (typeof shown?.callId === 'string') this.#o.onPopShown(viewer, shown.callId);
    });
    socket.on('disconnecting', () => {
      for (const room of socket.rooms) this.#leaves(room);
    });
    socket.on('disconnect', () => this.#o.onLeft(viewer));
    if (viewer.rights.has('calls.take')) {
      await socket.join(agentsRoom);
      this.#ask(socket);
    }
  }

  async #subscribe(socket: ClientSocket, request: unknown): Promise<Topic[]> {
    const read = subscribe.safeParse(request);
    if (!read.success) return [...topicSchema.options];
    // rights may have changed since the socket was opened
    const viewer = await this.#o.resolveViewer(socket.data.token);
    if (!viewer) {
      socket.emit('signedOut', 'expired');
      socket.disconnect(true);
      return [];
    }
    socket.data.viewer = viewer;
    const refused: Topic[] = [];
    for (const wanted of read.data.topics) {
      const source = this.#sources.get(wanted.topic);
      if (!source || !isAllowed(source.access, viewer)) {
        refused.push(wanted.topic);
        continue;
      }
      const rooms = [...source.rooms(viewer)];
      for (const room of socket.rooms) {
        if (!room.startsWith(`${wanted.topic}:`) || rooms.includes(room)) continue;
        this.#leaves(room);
        await socket.leave(room);
      }
      await socket.join(rooms);
      const [room] = rooms;
      if (!room || rooms.length > 1 || !this.#replay(socket, room, wanted)) await this.#sendSnapshot(socket, wanted.topic, source, viewer, room);
    }
    return refused;
  }

  #replay(socket: ClientSocket, room: string, wanted: { stream: string | null; seq: number | null }): boolean {
    if (wanted.stream !== this.#stream || wanted.seq === null) return false;
    const state = this.#roomState(room);
    const oldest = state.recent[0]?.seq ?? state.seq + 1;
    if (wanted.seq > state.seq || wanted.seq < oldest - 1) return false;
    for (const message of state.recent) if (message.seq > wanted.seq) socket.emit('message', message);
    return true;
  }

  async #sendSnapshot(socket: ClientSocket, topic: Topic, source: TopicSource, viewer: Viewer, room: string | undefined): Promise<void> {
    // the number is read first: what is published meanwhile counts as newer than this snapshot
    const seq = room === undefined ? 0 : this.#roomState(room).seq;
    const event = await source.snapshot(viewer);
    socket.emit('message', this.#message(topic, seq, true, event));
  }

  /**
   * The last one leaves a room: from now on nobody may publish there at all, so whoever comes back to it needs the whole. The number goes
   * on, or a screen would take the whole for something old.
   */
  #leaves(room: string): void {
    const state = this.#rooms.get(room);
    if (!state || (this.io.of('/').adapter.rooms.get(room)?.size ?? 0) > 1) return;
    state.seq += 1;
    state.recent = [];
  }

  #message(topic: Topic, seq: number, snapshot: boolean, event: RealtimeEvent): RealtimeMessage {
    return { topic, stream: this.#stream, seq, snapshot, sentAt: toInstant(this.#o.clock.now()), event };
  }

  #roomState(room: string): Room {
    let state = this.#rooms.get(room);
    if (!state) this.#rooms.set(room, (state = { seq: 0, recent: [] }));
    return state;
  }

  #ask(socket: ClientSocket): void {
    socket.timeout(leaseAnswerMs).emit('lease', (error: Error | null, answer: LeaseAnswer) => {
      if (error) return; // no answer in time: the lease runs out by itself
      const read = leaseAnswer.safeParse(answer);
      if (read.success) this.#o.onLease(socket.data.viewer, read.data);
    });
  }

  *#socketsOf(room: string): Generator<ClientSocket> {
    const sockets = this.io.of('/').sockets;
    for (const id of this.io.of('/').adapter.rooms.get(room) ?? []) {
      const socket = sockets.get(id);
      if (socket) yield socket;
    }
  }

  /** A session that ended elsewhere, or rights that were withdrawn, reach open sockets within half a minute at the latest. */
  #recheck(): void {
    this.#timer = this.#o.clock.setTimer(recheckEveryMs, () => {
      void this.#recheckAll().finally(() => this.#recheck());
    });
  }

  /** One after the other: a thousand questions at once would make the calls wait for their turn at the database. */
  async #recheckAll(): Promise<void> {
    for (const socket of [...this.io.of('/').sockets.values()]) {
      if (!socket.connected) continue;
      const viewer = await this.#o.resolveViewer(socket.data.token).catch(() => undefined);
      if (viewer === undefined) return; // the database is away: unknown is not "no"
      if (viewer) socket.data.viewer = viewer;
      else {
        socket.emit('signedOut', 'expired');
        socket.disconnect(true);
      }
    }
  }
}

const agentsRoom = 'all-agents';
const userRoom = (userId: string): string => `user:${userId}`;
const sessionRoom = (sessionId: string): string => `session:${sessionId}`;

function reply<T>(answer: unknown, value: T): void {
  if (typeof answer === 'function') (answer as (value: T) => void)(value);
}

function cookieOf(header: string | undefined): string | null {
  for (const part of header?.split(';') ?? []) {
    const [name, value] = part.trim().split('=');
    if (name === sessionCookie && value) return decodeURIComponent(value);
  }
  return null;
}
