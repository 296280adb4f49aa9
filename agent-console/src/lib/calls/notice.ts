import { untrack } from 'svelte';
import { m, phoneNumber } from '#lib/i18n/index.ts';
import { desk } from './desk.svelte.ts';

/** Shows a notice of the system for the call that rings, if nobody looks at this page. Returns the way to take it back. */
export function noticeOfCall(): (() => void) | undefined {
  if (document.visibilityState === 'visible' || typeof Notification === 'undefined' || Notification.permission !== 'granted') return undefined;
  const { call, customer } = untrack(() => ({ call: desk.liveCall, customer: desk.now?.pop?.customer ?? null }));
  if (call === null) return undefined;
  const name = customer?.name ?? phoneNumber(call.from.e164 ?? call.from.raw);
  const notice = new Notification(m.notice_incoming({ name }), { body: [customer?.company, call.queue?.name].filter(Boolean).join(' · '), tag: call.id, icon: '/favicon.svg', requireInteraction: true });
  notice.onclick = () => {
    window.focus();
    notice.close();
  };
  return () => notice.close();
}
