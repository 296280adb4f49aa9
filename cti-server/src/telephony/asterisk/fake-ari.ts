/** The websocket side of ARI with nothing behind it, for tests of the socket alone: it records requests and answers as it is told. */
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

export interface FakeRequest {
  request_id: string;
  method: string;
  uri: string;
  message_body?: string;
}

export class FakeAri {
  readonly requests: FakeRequest[] = [];
  readonly authorizations: (string | undefined)[] = [];
  /** What to answer; null keeps silent. */
  answer: (request: FakeRequest) => { status_code: number; message_body?: string } | null = () => ({ status_code: 204 });
  answersPings = true;
  #server: WebSocketServer;
  #sockets = new Set<WebSocket>();
  #waiting: (() => void)[] = [];

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on('connection', (socket, request) => {
      this.authorizations.push(request.headers.authorization);
      this.#sockets.add(socket);
      socket.on('ping', (data) => this.answersPings && socket.pong(data));
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('message', (data) => this.#receive(socket, JSON.parse(data.toString()) as FakeRequest));
      this.#changed();
    });
  }

  static async open(): Promise<FakeAri> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', autoPong: false });
    await new Promise<void>((resolve) => server.once('listening', () => resolve()));
    return new FakeAri(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get connections(): number {
    return this.authorizations.length;
  }

  say(message: unknown): void {
    for (const socket of this.#sockets) socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  drop(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  /** Resolves once the condition holds; looked at after each connection and each request. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async close(): Promise<void> {
    this.drop();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #receive(socket: WebSocket, request: FakeRequest): void {
    this.requests.push(request);
    const answer = this.answer(request);
    if (answer !== null) socket.send(JSON.stringify({ type: 'RESTResponse', request_id: request.request_id, reason_phrase: '', ...answer }));
    this.#changed();
  }

  #changed(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
