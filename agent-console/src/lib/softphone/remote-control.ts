import { z } from 'zod';

const command = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answer'), callId: z.string() }),
  z.object({ kind: z.literal('mute'), muted: z.boolean() }),
  z.object({ kind: z.literal('digit'), digit: z.string().regex(/^[0-9*#]$/) }),
  /** The tab with the microphone tells the others how it stands. */
  z.object({ kind: z.literal('state'), tabId: z.string(), muted: z.boolean(), registered: z.boolean(), liveCallIds: z.array(z.string()) }),
  /** A tab has just opened and wants to know. */
  z.object({ kind: z.literal('ask') }),
]);
export type RemoteCommand = z.infer<typeof command>;

/** Between the tabs of one browser: the one with the microphone does what the others ask. */
export class RemoteControl {
  readonly #channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('centralita-softphone');

  constructor(onCommand: (command: RemoteCommand) => void) {
    this.#channel?.addEventListener('message', (event: MessageEvent<unknown>) => {
      const parsed = command.safeParse(event.data);
      if (parsed.success) onCommand(parsed.data); // a tab of an older version may say things that we do not know
    });
  }

  send(said: RemoteCommand): void {
    this.#channel?.postMessage(said);
  }
}
