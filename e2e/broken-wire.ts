/** A TCP connection that can be broken on purpose: stands between a client and a server of the tests. */
import { connect, createServer, type Socket } from 'node:net';

export interface BrokenWire {
  /** Where the client connects instead of to the server itself; always 127.0.0.1. */
  readonly port: number;
  /** Breaks every connection and lets none come about until {@link BrokenWire.mend}. */
  cut(): void;
  mend(): void;
  /** From now on nothing that the server says gets through; what the client says still does. Until `cut`. */
  muteServer(): void;
  /** Nothing gets through in either direction, yet no side is told: a cable pulled out. Until `cut`. */
  freeze(): void;
  close(): Promise<void>;
}

/** Relays a free port of 127.0.0.1 to the given one. */
export async function openBrokenWire(serverPort: number): Promise<BrokenWire> {
  const pairs = new Set<{ client: Socket; server: Socket }>();
  let isCut = false;
  let serverHeard = true;
  let clientHeard = true;
  const listener = createServer((client) => {
    if (isCut) {
      client.destroy();
      return;
    }
    const server = connect(serverPort, '127.0.0.1');
    const pair = { client, server };
    pairs.add(pair);
    client.on('data', (data) => clientHeard && server.write(data));
    server.on('data', (data) => serverHeard && client.write(data));
    const end = (): void => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on('close', end).on('error', end);
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(0, '127.0.0.1', resolve);
  });
  const address = listener.address();
  const cut = (): void => {
    isCut = true;
    for (const { client, server } of [...pairs]) {
      client.destroy();
      server.destroy();
    }
  };
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cut,
    mend() {
      isCut = false;
      serverHeard = true;
      clientHeard = true;
    },
    muteServer() {
      serverHeard = false;
    },
    freeze() {
      serverHeard = false;
      clientHeard = false;
    },
    async close() {
      cut();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
}
