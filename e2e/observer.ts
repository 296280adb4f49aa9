/** Looks into Asterisk with somebody else's client (ari-client), so that our own adapter does not judge itself. */
import ari from 'ari-client';
import type { RunningAsterisk } from '../launcher/index.ts';
import { until } from './until.ts';

export interface Observer {
  /** Names and states of all channels that Asterisk holds now. */
  channels(): Promise<string[]>;
  bridges(): Promise<string[]>;
  /** Waits until Asterisk holds neither a channel nor a bridge; throws naming what is left. */
  holdsNothing(withinMs?: number): Promise<void>;
}

/** Connects without a websocket: it asks, and is told nothing that our server would miss. */
export async function openObserver(asterisk: RunningAsterisk): Promise<Observer> {
  const client = await ari.connect(asterisk.ariUrl, asterisk.ariUser, asterisk.ariPassword);
  const observer: Observer = {
    async channels() {
      return (await client.channels.list()).map((channel) => `${channel.name} ${channel.state}`);
    },
    async bridges() {
      return (await client.bridges.list()).map((bridge) => `${bridge.id} with ${String(bridge.channels.length)}`);
    },
    async holdsNothing(withinMs = 10_000) {
      let left: string[] = [];
      try {
        await until('Asterisk holds nothing', async () => (left = [...(await observer.channels()), ...(await observer.bridges())]).length === 0, withinMs);
      } catch (error) {
        throw new Error(`Asterisk still holds:\n${left.join('\n')}`, { cause: error });
      }
    },
  };
  return observer;
}
