/** Nothing but Socket.io: pushes the same messages into the same rooms at the same moments as the real server did. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import type { Pushed } from './house.ts';

export type ToBare = { kind: 'open'; port: number } | { kind: 'push'; from: string };
export type FromBare = { kind: 'open' } | { kind: 'pushed' };

const send = (message: FromBare): void => void process.send?.(message);
let server: Server | null = null;

process.on('message', (message: ToBare) => {
  if (message.kind === 'open') {
    const http = createServer();
    server = new Server(http, { serveClient: false });
    server.on('connection', (socket) => {
      const rooms: unknown = socket.handshake.auth['rooms'];
      if (Array.isArray(rooms)) void socket.join(rooms.map(String));
    });
    http.listen(message.port, '127.0.0.1', () => send({ kind: 'open' }));
    return;
  }
  const pushed = JSON.parse(readFileSync(message.from, 'utf8')) as Pushed[];
  const began = performance.now();
  let done = 0;
  const next = (): void => {
    for (let due = pushed[done]; due !== undefined && due.atMs <= performance.now() - began; due = pushed[done]) {
      done += 1;
      server?.local.to(due.room).emit('message', { topic: due.topic, stream: 'bare', seq: done, snapshot: false, sentAt: new Date().toISOString(), event: due.event });
    }
    if (done < pushed.length) setTimeout(next, 1);
    else setTimeout(() => send({ kind: 'pushed' }), 1_000);
  };
  next();
});
process.once('disconnect', () => process.exit(0));
