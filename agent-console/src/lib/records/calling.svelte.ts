import type { CallRefusal, MayCallAnswer } from '@centralita/cti-server/contracts';
import { get, wordError } from '#lib/api/index.ts';
import { toasts } from '#lib/ui/toasts.svelte.ts';
import { clickToCall, type DialAbout } from './click-to-call.svelte.ts';

interface Question {
  number: string;
  about: DialAbout;
  refusals: CallRefusal[];
}
/** The number whose owner does not want to be called, while somebody decides whether to call all the same. */
export const callQuestion = $state<{ now: Question | null }>({ now: null });

/** Dials, unless something speaks against it: then whoever called is told and decides. Does nothing while nothing dials. */
export async function callNumber(number: string, about: DialAbout = {}): Promise<void> {
  if (clickToCall.dial === null) return;
  try {
    const { allowed, refusals } = await get<MayCallAnswer>('/api/may-call', { query: { number, customerId: about.customerId } });
    if (allowed) clickToCall.dial(number, about);
    else callQuestion.now = { number, about, refusals };
  } catch (error) {
    toasts.say('bad', wordError(error));
  }
}
