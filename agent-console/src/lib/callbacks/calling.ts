import type { Callback } from '@centralita/cti-server/contracts';
import { post } from '#lib/api/index.ts';
import { m } from '#lib/i18n/index.ts';
import { callNumber } from '#lib/records/calling.svelte.ts';
import { clickToCall } from '#lib/records/click-to-call.svelte.ts';
import { toasts } from '#lib/ui/toasts.svelte.ts';
import { wordCallbackError } from './words.ts';

/** Takes the callback, so that nobody else calls at the same moment, and dials it. */
export async function callBack(one: Callback): Promise<void> {
  if (clickToCall.dial === null) return toasts.say('bad', m.callbacks_cannot_dial());
  try {
    const claimed = await post<Callback>(`/api/callbacks/${one.id}/claim`);
    void callNumber(claimed.number, { callbackId: claimed.id, ...(claimed.customerId === null ? {} : { customerId: claimed.customerId }) });
  } catch (error) {
    toasts.say('bad', wordCallbackError(error));
  }
}
