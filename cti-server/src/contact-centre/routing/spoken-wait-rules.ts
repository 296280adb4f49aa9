import type { Prompt } from '../../telephony/port.ts';
import { spokenWait } from './expected-wait-rules.ts';

/** The sentences that tell a caller how long it will take; none while it cannot be known. */
export function promptsForWait(expectedMs: number | null): Prompt[] {
  if (expectedMs === null) return [];
  const { isMore, minutes } = spokenWait(expectedMs);
  if (!isMore && minutes === 1) return [{ kind: 'sentence', name: 'waitIsAboutAMinute' }];
  return [{ kind: 'sentence', name: isMore ? 'waitIsMoreThan' : 'waitIsAbout' }, { kind: 'number', value: minutes }, { kind: 'sentence', name: 'minutes' }];
}
