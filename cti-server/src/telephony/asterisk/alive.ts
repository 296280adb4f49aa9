/** Reads what Asterisk holds, in the port's words. */
import { z } from 'zod';
import type { Alive, AliveLeg } from '../port.ts';

export const aliveParts = {
  application: z.object({ channel_ids: z.array(z.string()) }),
  channels: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      state: z.string(),
      caller: z.object({ name: z.string(), number: z.string() }),
      dialplan: z.object({ exten: z.string(), app_name: z.string(), app_data: z.string() }),
      creationtime: z.string(),
    }),
  ),
  bridges: z.array(z.object({ id: z.string(), bridge_class: z.string(), channels: z.array(z.string()) })),
  endpoints: z.array(z.object({ resource: z.string(), state: z.string().optional() })),
  info: z.object({ status: z.object({ startup_time: z.string() }) }),
};
export type AliveParts = { [P in keyof typeof aliveParts]: z.infer<(typeof aliveParts)[P]> };

/**
 * Legs are the channels that the application holds. A caller whom the dialplan keeps in the waiting loop is not among them: the dialplan
 * offers such a caller anew each second, as an arrival. Rooms are all bridges made over ARI, also those left empty by an earlier life of ours.
 */
export function aliveFrom(parts: AliveParts, app: string): Alive {
  const ours = new Set(parts.application.channel_ids);
  const rooms = parts.bridges
    .filter((bridge) => bridge.bridge_class === 'stasis')
    .map((bridge) => ({ roomId: bridge.id, legIds: bridge.channels.filter((legId) => ours.has(legId)) }));
  const roomOf = new Map(rooms.flatMap((room) => room.legIds.map((legId) => [legId, room.roomId] as const)));
  return {
    legs: parts.channels.filter((channel) => ours.has(channel.id)).map((channel) => aliveLeg(channel, app, roomOf.get(channel.id) ?? null)),
    rooms,
    presentEndpoints: presentEndpoints(parts.endpoints),
    switchStartedAtMs: asteriskTime(parts.info.status.startup_time),
  };
}

export const presentEndpoints = (endpoints: AliveParts['endpoints']): string[] =>
  endpoints.filter((endpoint) => endpoint.state === 'online').map((endpoint) => endpoint.resource);

function aliveLeg(channel: AliveParts['channels'][number], app: string, roomId: string | null): AliveLeg {
  // A channel in our application runs Stasis(app,inbound,number,tries); one that we placed says placed, or nothing while it rings.
  const [owner, argument, toNumber] = channel.dialplan.app_name === 'Stasis' ? channel.dialplan.app_data.split(',') : [];
  const arrived = owner === app && argument === 'inbound';
  return {
    legId: channel.id,
    state: channel.state === 'Up' ? 'up' : 'ringing',
    fromNumber: channel.caller.number,
    fromName: channel.caller.name,
    toNumber: arrived ? (toNumber ?? channel.dialplan.exten) : (/^PJSIP\/(.+)-[0-9a-f]+$/.exec(channel.name)?.[1] ?? ''),
    roomId,
    arrived,
    createdAtMs: asteriskTime(channel.creationtime),
  };
}

/** Asterisk writes +0000 without the colon that ISO 8601 in Node may rely on. */
export const asteriskTime = (text: string): number => Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
