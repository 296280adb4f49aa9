/** What is laid into the console's page before its own code runs, to tell when a call reaches it; nothing here changes what the page does. */

export interface SeenInPage {
  /** When the first INVITE of each call came in over the page's SIP websocket; call's id and ms since 1970. */
  invites: [callId: string, atMs: number][];
  /** Each name that a call's screen-pop bore: when it was in the page, and when it had been painted. */
  pops: { callId: string; name: string; builtAtMs: number; paintedAtMs: number }[];
}

declare global {
  interface Window {
    seenOfCalls: SeenInPage;
  }
}

/**
 * Runs in the page. Times are the system's own clock, as sipp's are; the page's high-resolution clock is set once when the page opens and
 * drifts from it.
 */
export function keepTimes(): void {
  const seen: SeenInPage = { invites: [], pops: [] };
  window.seenOfCalls = seen;
  const known = { invites: new Set<string>(), pops: new Set<string>() };

  window.WebSocket = new Proxy(window.WebSocket, {
    construct(target, args: ConstructorParameters<typeof WebSocket>) {
      const socket = new target(...args);
      socket.addEventListener('message', (event: MessageEvent<unknown>) => {
        if (typeof event.data !== 'string' || !event.data.startsWith('INVITE ')) return;
        const callId = /^X-Centralita-Call: *(\S+)/im.exec(event.data)?.[1];
        if (callId === undefined || known.invites.has(callId)) return;
        known.invites.add(callId);
        seen.invites.push([callId, Date.now()]);
      });
      return socket;
    },
  });

  const onScreen = (): { callId: string; name: string; pop: HTMLElement } | null => {
    const pop = document.querySelector<HTMLElement>('[data-testid="pop"]');
    const callId = pop?.dataset['callId'];
    const name = pop?.querySelector('[data-testid="pop-name"]')?.textContent.trim() ?? '';
    return pop === null || callId === undefined || name === '' ? null : { callId, name, pop };
  };
  const look = (): void => {
    const found = onScreen();
    if (found === null) return;
    const { callId, name } = found;
    const shown = `${callId} ${name}`;
    if (known.pops.has(shown)) return;
    known.pops.add(shown);
    const one = { callId, name, builtAtMs: Date.now(), paintedAtMs: Number.NaN };
    // The next frame is prepared. Its size is asked for only now: asked for earlier, the page would be laid out once more than without us.
    requestAnimationFrame(() => {
      const still = onScreen();
      if (still?.callId !== callId || still.name !== name || still.pop.getBoundingClientRect().height === 0) {
        known.pops.delete(shown);
        return;
      }
      seen.pops.push(one);
      // A message that is posted while the frame is prepared arrives right after it was painted.
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        one.paintedAtMs = Date.now();
        channel.port1.close();
      };
      channel.port2.postMessage(null);
    });
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-call-id'], characterData: true });
}
