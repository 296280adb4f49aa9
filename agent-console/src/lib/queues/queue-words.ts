import type { Queue, WaitingAction } from '@centralita/cti-server/contracts';
import { wrapUpModeOf } from '@centralita/cti-server/contracts';
import { lookups } from '#lib/admin/lookups.svelte.ts';
import { locale, m, phoneNumber } from '#lib/i18n/index.ts';

/** What a queue will do, section by section, in sentences made of its settings. */
export type QueueFields = Omit<Queue, 'id' | 'version'>;
export type SectionName = 'who' | 'order' | 'ringing' | 'sound' | 'waiting' | 'hours' | 'wrapUp' | 'figures';

/** `20 sec`, `5 min`: seconds as somebody says them. */
export function timeWords(seconds: number): string {
  const isMinutes = seconds >= 120 && seconds % 60 === 0;
  return new Intl.NumberFormat(locale.current, { style: 'unit', unit: isMinutes ? 'minute' : 'second', unitDisplay: 'short' }).format(isMinutes ? seconds / 60 : seconds);
}

export function actionWords(action: WaitingAction): string {
  switch (action.to) {
    case 'queue':
      return m.queues_to_queue({ name: lookups.nameOf('queues', action.queueId) });
    case 'flow':
      return m.queues_to_flow({ name: lookups.nameOf('flows', action.flowId) });
    case 'voicemail':
      return m.queues_to_voicemail();
    case 'number':
      return m.queues_to_number({ number: phoneNumber(action.number) });
    case 'announcement':
      return action.announcement === 'closedNow' ? m.queues_to_closedNow() : m.queues_to_callLater();
  }
}

/** Sentences follow each other with a space, in Chinese without. */
const join = (sentences: readonly (string | false)[]): string => sentences.filter((one) => one !== false).join(locale.current.startsWith('zh') ? '' : ' ');

export const queueSentences: Record<SectionName, (queue: QueueFields) => string> = {
  who(queue) {
    const skills = queue.skills.map((skill) => `${lookups.nameOf('skills', skill.skillId)} ≥ ${String(skill.minLevel)}`).join(', ');
    const soonest = Math.min(...queue.skillSteps.map((step) => step.afterSeconds));
    return join([skills === '' ? m.queues_say_who_any() : m.queues_say_who_skills({ skills }), skills !== '' && Number.isFinite(soonest) && m.queues_say_relaxes({ time: timeWords(soonest) })]);
  },
  order(queue) {
    const { A: a, B: b, C: c } = queue.tierBonus;
    return join([
      m.queues_say_order({ priority: queue.priority }),
      (a !== 0 || b !== 0 || c !== 0) && m.queues_say_order_tier({ a, b, c }),
      queue.waitPointsPerMinute > 0 && m.queues_say_order_wait({ points: queue.waitPointsPerMinute }),
    ]);
  },
  ringing(queue) {
    const time = timeWords(queue.ringTimeoutSeconds);
    const first = {
      longestIdle: () => m.queues_say_longestIdle({ time }),
      fewestCalls: () => m.queues_say_fewestCalls({ time }),
      roundRobin: () => m.queues_say_roundRobin({ time }),
      ringAll: () => m.queues_say_ringAll({ time, count: queue.ringAllLimit }),
    }[queue.strategy]();
    const [one, other] = [queue.ownerFirst ? m.queues_owner() : '', queue.lastAgentDays > 0 ? m.queues_last_agent() : ''];
    const who = one !== '' && other !== '' ? m.queues_or({ one, other }) : one + other;
    return join([who !== '' && m.queues_say_preferred({ time: timeWords(queue.preferredPatienceSeconds), who }), first]);
  },
  sound(queue) {
    const [one, other] = [queue.announcePosition ? m.queues_position() : '', queue.announceExpectedWait ? m.queues_expected_wait() : ''];
    const what = one !== '' && other !== '' ? m.queues_and({ one, other }) : one + other;
    return join([
      queue.playGreeting ? m.queues_say_greets() : m.queues_say_no_greeting(),
      what === '' ? m.queues_say_music() : m.queues_say_announces({ time: timeWords(queue.announceEverySeconds), what }),
    ]);
  },
  waiting(queue) {
    const said = [
      queue.maxLength !== null && m.queues_say_full({ count: queue.maxLength, action: actionWords(queue.whenFull) }),
      queue.maxWaitSeconds !== null && m.queues_say_max_wait({ time: timeWords(queue.maxWaitSeconds), action: actionWords(queue.afterMaxWait) }),
      queue.noAgentsWhen === 'noneLoggedIn' && m.queues_say_noneLoggedIn({ action: actionWords(queue.whenNoAgents) }),
      queue.noAgentsWhen === 'noneReachable' && m.queues_say_noneReachable({ action: actionWords(queue.whenNoAgents) }),
    ];
    return said.some((one) => one !== false) ? join(said) : m.queues_say_waits_for_ever();
  },
  hours(queue) {
    if (queue.calendarId === null) return m.queues_say_always_open();
    return join([
      m.queues_say_hours({ name: lookups.nameOf('calendars', queue.calendarId), action: actionWords(queue.afterHours) }),
      queue.atClosing === null ? m.queues_say_closing_served() : m.queues_say_closing({ action: actionWords(queue.atClosing) }),
    ]);
  },
  wrapUp(queue) {
    return {
      none: () => m.queues_say_wrap_none(),
      optional: () => m.queues_say_wrap_optional(),
      timed: () => m.queues_say_wrap_timed({ time: timeWords(queue.wrapUpSeconds ?? 0), count: queue.wrapUpMoreTimes, more: timeWords(queue.wrapUpMoreSeconds) }),
      free: () => m.queues_say_wrap_free(),
    }[wrapUpModeOf(queue)]();
  },
  figures: (queue) => m.queues_say_figures({ time: timeWords(queue.serviceLevelSeconds), short: timeWords(queue.shortAbandonSeconds) }),
};
