import { createSocket } from 'node:dgram';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { commandLine } from './processes.ts';

export type Transport = 'tcp' | 'udp';

/** Whether nobody listens there yet. */
export async function isPortFree(port: number, transport: Transport, host = '127.0.0.1'): Promise<boolean> {
  return (await bindOnce(port, transport, host)) !== null;
}

/** A port that is free now. Somebody else may take it before it is used; ask again then. */
export async function freePort(transport: Transport = 'tcp', host = '127.0.0.1'): Promise<number> {
  const port = await bindOnce(0, transport, host);
  if (port === null) throw new Error(`There is no free ${transport} port on ${host}.`);
  return port;
}

function bindOnce(port: number, transport: Transport, host: string): Promise<number | null> {
  return new Promise((resolve) => {
    if (transport === 'tcp') {
      const server = createServer();
      server.once('error', () => resolve(null));
      server.listen({ port, host, exclusive: true }, () => {
        const address = server.address();
        server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
      });
    } else {
      const socket = createSocket('udp4');
      socket.once('error', () => resolve(null));
      socket.bind({ port, address: host, exclusive: true }, () => {
        const taken = socket.address().port;
        socket.close(() => resolve(taken));
      });
    }
  });
}

/** Whether somebody on 127.0.0.1 takes TCP connections there. */
export function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Who listens on a port, for instance `nginx: master process (process 812)`; null when it cannot be told (another user's process). */
export function portHolder(port: number, transport: Transport): string | null {
  const inodes = listeningInodes(port, transport);
  if (inodes.size === 0) return null;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    let links: string[];
    try {
      links = readdirSync(`/proc/${pid}/fd`);
    } catch {
      continue; // Another user's process: its files are not ours to see.
    }
    for (const link of links) {
      try {
        const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${link}`))?.[1];
        if (inode && inodes.has(inode)) return `${commandLine(Number(pid)).slice(0, 100) || 'a process'} (process ${pid})`;
      } catch {
        continue; // Closed since it was listed.
      }
    }
  }
  return null;
}

function listeningInodes(port: number, transport: Transport): Set<string> {
  const found = new Set<string>();
  for (const file of [`/proc/net/${transport}`, `/proc/net/${transport}6`]) {
    let table = '';
    try {
      table = readFileSync(file, 'utf8');
    } catch {
      continue; // No IPv6 on this machine.
    }
    for (const line of table.split('\n').slice(1)) {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
      const listens = transport === 'udp' || state === '0A';
      if (listens && inode && Number.parseInt(local.split(':').at(-1) ?? '', 16) === port) found.add(inode);
    }
  }
  return found;
}
