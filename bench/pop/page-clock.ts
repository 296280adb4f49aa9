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

  const look = (): void => {
    const pop = document.querySelector<HTMLElement>('[data-testid="pop"]');
    const callId = pop?.dataset['callId'];
    if (pop === null || callId === undefined) return;
    const name = pop.querySelector('[data-testid="pop-name"]')?.textContent.trim() ?? '';
    const shown = `${callId} ${name}`;
    if (name === '' || known.pops.has(shown) || pop.getBoundingClientRect().height === 0) return;
    known.pops.add(shown);
    const one = { callId, name, builtAtMs: Date.now(), paintedAtMs: Number.NaN };
    seen.pops.push(one);
    // The next frame is prepared, and a message that is posted while it is arrives right after it was painted.
    requestAnimationFrame(() => {
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
