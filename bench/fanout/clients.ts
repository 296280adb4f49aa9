/**
 * A process full of consoles' sockets. Told over its parent's channel whom to connect as and where; answers with how late messages came.
 * Not more than some hundred sockets each, or the measuring itself would be what is late.
 */
import { io, type Socket } from 'socket.io-client';
import type { ClientToServer, RealtimeMessage, ServerToClient } from '../../cti-server/src/contracts/index.ts';

export interface ClientOrder {
  url: string;
  clients: { token: string; topics: ('desk' | 'queues' | 'floor')[]; rooms: string[] }[];
}
export interface ClientReport {
  /** ms from the moment of the agent's new state to the message's arrival, of desks and of floors. */
  deskLateMs: number[];
  floorLateMs: number[];
  messages: number;
}
export type ToClients = { kind: 'connect'; order: ClientOrder } | { kind: 'begin' } | { kind: 'report' } | { kind: 'leave' };
export type FromClients = { kind: 'connected' } | { kind: 'report'; report: ClientReport };

type Console = Socket<ServerToClient & { replayed: (message: RealtimeMessage) => void }, ClientToServer>;

let sockets: Console[] = [];
let report: ClientReport = { deskLateMs: [], floorLateMs: [], messages: 0 };
/** The newest state seen of each agent, by socket: a message may tell of the same state again. */
let known = new WeakMap<Console, Map<string, string>>();

function note(socket: Console, message: RealtimeMessage): void {
  const now = performance.timeOrigin + performance.now();
  report.messages += 1;
  const states = known.get(socket) ?? new Map<string, string>();
  known.set(socket, states);
  const { event } = message;
  if (event.kind === 'desk') noteState(states, event.desk.agent, message.snapshot ? null : report.deskLateMs, now);
  if (event.kind === 'floor') for (const agent of event.agents) noteState(states, agent, message.snapshot ? null : report.floorLateMs, now);
}

function noteState(states: Map<string, string>, agent: { id: string; status: { since: string } }, late: number[] | null, now: number): void {
  const { since } = agent.status;
  if (states.get(agent.id) === since) return;
  states.set(agent.id, since);
  late?.push(now - Date.parse(since));
}

async function connect(order: ClientOrder): Promise<void> {
  sockets = [];
  known = new WeakMap();
  for (const { token, topics, rooms } of order.clients) {
    const socket: Console = io(order.url, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      extraHeaders: { cookie: `centralita_session=${token}` },
      auth: { rooms },
    });
    sockets.push(socket);
    socket.on('message', (message) => note(socket, message));
    socket.on('lease', (answer) => answer({ tabId: token.slice(0, 40), hasMicrophone: false, registered: false, sipRoundTripAgoMs: null, liveCallIds: [] }));
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('connect_error', reject);
    });
    if (topics.length > 0) await socket.timeout(20_000).emitWithAck('subscribe', { topics: topics.map((topic) => ({ topic, stream: null, seq: null })) });
  }
}

const send = (message: FromClients): void => void process.send?.(message);

process.on('message', (message: ToClients) => {
  switch (message.kind) {
    case 'connect':
      connect(message.order).then(
        () => send({ kind: 'connected' }),
        (error: unknown) => {
          process.stderr.write(`A console could not connect: ${String(error)}\n`);
          process.exit(1);
        },
      );
      break;
    case 'begin':
      report = { deskLateMs: [], floorLateMs: [], messages: 0 };
      break;
    case 'report':
      send({ kind: 'report', report });
      break;
    case 'leave':
      for (const socket of sockets) socket.disconnect();
      sockets = [];
      break;
  }
});
process.once('disconnect', () => process.exit(0));
