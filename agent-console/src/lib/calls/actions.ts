import { goto } from '$app/navigation';
import { page } from '$app/state';
import { post, wordError } from '#lib/api/index.ts';
import { m } from '#lib/i18n/index.ts';
import { devices } from '#lib/softphone/devices.svelte.ts';
import { wordMicrophoneFault } from '#lib/softphone/words.ts';
import { softphone } from '#lib/softphone/softphone.svelte.ts';
import { toasts } from '#lib/ui/toasts.svelte.ts';
import { desk } from './desk.svelte.ts';

/** What an agent does with a call; from buttons, keys and the command list alike. Failures are worded on the screen. */
function tell(error: unknown): void {
  toasts.say('bad', devices.fault === null ? wordError(error) : wordMicrophoneFault(devices.fault));
}

export async function answerCall(): Promise<void> {
  const call = desk.liveCall;
  if (call?.state !== 'ringing') return;
  if (page.url.pathname !== '/desk') void goto('/desk');
  if (softphone.place === 'deskPhone') {
    toasts.say('plain', m.answer_on_phone({ extension: desk.now?.agent.deskPhoneExtension ?? '' }));
    return;
  }
  desk.pendingAction = 'answer';
  try {
    await softphone.answer(call.id);
  } catch (error) {
    desk.pendingAction = null;
    tell(error);
  }
}

export async function refuseCall(): Promise<void> {
  const call = desk.liveCall;
  if (call?.state !== 'ringing') return;
  softphone.silenceRing();
  await desk.act('refuse', call.id).catch(tell);
}

export async function hangUp(): Promise<void> {
  const call = desk.liveCall;
  if (call === null || call.state === 'ringing' || call.state === 'parked') return;
  await desk.act('hang-up', call.id).catch(tell);
}

export async function toggleHold(): Promise<void> {
  const call = desk.liveCall;
  if (call?.state === 'talking') await desk.act('hold', call.id).catch(tell);
  else if (call?.state === 'held') await desk.act('resume', call.id).catch(tell);
}

export function toggleMute(): void {
  if (desk.liveCall !== null && softphone.place !== 'deskPhone') softphone.toggleMute();
}

/** Demo mode: the exchange places a call of a demo customer into the hotline. */
export async function ringMe(): Promise<void> {
  try {
    await post('/api/demo/ring-me', {});
    toasts.say('plain', m.ring_me_sent());
  } catch (error) {
    tell(error);
  }
}
