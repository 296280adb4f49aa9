import CalendarClock from '@lucide/svelte/icons/calendar-clock';
import GitBranch from '@lucide/svelte/icons/git-branch';
import Grid3x3 from '@lucide/svelte/icons/grid-3x3';
import Hash from '@lucide/svelte/icons/hash';
import Headset from '@lucide/svelte/icons/headset';
import PhoneForwarded from '@lucide/svelte/icons/phone-forwarded';
import PhoneIncoming from '@lucide/svelte/icons/phone-incoming';
import PhoneOff from '@lucide/svelte/icons/phone-off';
import UserSearch from '@lucide/svelte/icons/user-search';
import Users from '@lucide/svelte/icons/users';
import Voicemail from '@lucide/svelte/icons/voicemail';
import Volume2 from '@lucide/svelte/icons/volume-2';
import type { FlowFact, FlowNode, FlowNodeKind, FlowProblem } from '@centralita/cti-server/contracts';
import type { Component } from 'svelte';
import { m, phoneNumber } from '#lib/i18n/index.ts';
import type { FlowChoices } from './flow-draft.svelte.ts';

export const kindLooks: Record<FlowNodeKind, { icon: Component<{ class?: string }>; word: () => string; hint: () => string; tone: string }> = {
  greeting: { icon: Volume2, word: () => m.ivr_kind_greeting(), hint: () => m.ivr_kind_greeting_hint(), tone: 'bg-accent-soft text-accent-ink' },
  menu: { icon: Grid3x3, word: () => m.ivr_kind_menu(), hint: () => m.ivr_kind_menu_hint(), tone: 'bg-accent-soft text-accent-ink' },
  digits: { icon: Hash, word: () => m.ivr_kind_digits(), hint: () => m.ivr_kind_digits_hint(), tone: 'bg-accent-soft text-accent-ink' },
  hours: { icon: CalendarClock, word: () => m.ivr_kind_hours(), hint: () => m.ivr_kind_hours_hint(), tone: 'bg-ringing-soft text-ringing-ink' },
  caller: { icon: UserSearch, word: () => m.ivr_kind_caller(), hint: () => m.ivr_kind_caller_hint(), tone: 'bg-ringing-soft text-ringing-ink' },
  branch: { icon: GitBranch, word: () => m.ivr_kind_branch(), hint: () => m.ivr_kind_branch_hint(), tone: 'bg-ringing-soft text-ringing-ink' },
  queue: { icon: Users, word: () => m.ivr_kind_queue(), hint: () => m.ivr_kind_queue_hint(), tone: 'bg-ready-soft text-ready-ink' },
  agent: { icon: Headset, word: () => m.ivr_kind_agent(), hint: () => m.ivr_kind_agent_hint(), tone: 'bg-ready-soft text-ready-ink' },
  number: { icon: PhoneForwarded, word: () => m.ivr_kind_number(), hint: () => m.ivr_kind_number_hint(), tone: 'bg-ready-soft text-ready-ink' },
  voicemail: { icon: Voicemail, word: () => m.ivr_kind_voicemail(), hint: () => m.ivr_kind_voicemail_hint(), tone: 'bg-wrap-up-soft text-wrap-up-ink' },
  callback: { icon: PhoneIncoming, word: () => m.ivr_kind_callback(), hint: () => m.ivr_kind_callback_hint(), tone: 'bg-wrap-up-soft text-wrap-up-ink' },
  hangUp: { icon: PhoneOff, word: () => m.ivr_kind_hangUp(), hint: () => m.ivr_kind_hangUp_hint(), tone: 'bg-not-ready-soft text-not-ready-ink' },
};

/** What people call the node. */
export const nameOfNode = (node: FlowNode): string => node.label || kindLooks[node.kind].word();

const portWords: Record<string, () => string> = {
  next: () => m.ivr_port_next(),
  invalid: () => m.ivr_port_invalid(),
  timeout: () => m.ivr_port_timeout(),
  open: () => m.ivr_port_open(),
  closed: () => m.ivr_port_closed(),
  yes: () => m.ivr_port_yes(),
  no: () => m.ivr_port_no(),
  unknown: () => m.ivr_port_unknown(),
  otherwise: () => m.ivr_port_otherwise(),
  failed: () => m.ivr_port_failed(),
  refused: () => m.ivr_port_refused(),
};

/** A way out of a node in words: the key with what it means, the case with its values. */
export function nameOfPort(node: FlowNode | undefined, port: string): string {
  if (node?.kind === 'menu') {
    const key = node.keys.find((one) => one.key === port);
    if (key) return key.label === '' ? m.ivr_port_key({ key: port }) : `${port} · ${key.label}`;
  }
  if (node?.kind === 'branch') {
    const found = node.cases.find((one) => one.id === port);
    if (found) return `${found.test === 'is' ? '=' : m.ivr_case_begins()} ${found.values.filter(Boolean).join(', ') || '…'}`;
  }
  if (node?.kind === 'agent' && port === 'otherwise') return m.ivr_port_not_reached();
  if (node?.kind === 'caller' && node.by === 'tier' && port !== 'unknown') return m.ivr_port_tier({ tier: port });
  return portWords[port]?.() ?? port;
}

export const factWords: Record<FlowFact, () => string> = {
  number: () => m.ivr_fact_number(),
  country: () => m.ivr_fact_country(),
  dialledNumber: () => m.ivr_fact_dialledNumber(),
  tier: () => m.ivr_fact_tier(),
  isKnown: () => m.ivr_fact_isKnown(),
  hasOpenTicket: () => m.ivr_fact_hasOpenTicket(),
  isOwnerReady: () => m.ivr_fact_isOwnerReady(),
};

/** What the node does, in one line. */
export function summaryOf(node: FlowNode, choices: FlowChoices): string {
  const nameIn = (list: readonly { id: string; name: string }[], id: string | null): string => list.find((one) => one.id === id)?.name ?? '—';
  switch (node.kind) {
    case 'queue':
    case 'voicemail':
    case 'callback':
      return nameIn(choices.queues, node.queueId);
    case 'agent':
      return node.to.kind === 'owner' ? m.ivr_agent_owner() : nameIn(choices.agents, node.to.userId);
    case 'number':
      return node.number === '' ? '—' : phoneNumber(node.number);
    case 'hours':
      return nameIn(choices.calendars, node.calendarId);
    case 'caller':
      return factWords[node.by]();
    case 'branch':
      return node.on.kind === 'variable' ? node.on.name || '—' : factWords[node.on.fact]();
    default:
      if (node.prompt === null) return '';
      return node.prompt.kind === 'words' ? node.prompt.words : nameIn(choices.prompts, node.prompt.promptId);
  }
}

const problemWords: Record<string, () => string> = {
  noStart: () => m.ivr_problem_noStart(),
  repeatedNode: () => m.ivr_problem_repeatedNode(),
  unreachable: () => m.ivr_problem_unreachable(),
  unknownPort: () => m.ivr_problem_unknownPort(),
  twoWaysFromPort: () => m.ivr_problem_twoWaysFromPort(),
  loopWithoutInput: () => m.ivr_problem_loopWithoutInput(),
  loopForSilent: () => m.ivr_problem_loopForSilent(),
  promptMissing: () => m.ivr_problem_promptMissing(),
  promptUnknown: () => m.ivr_problem_promptUnknown(),
  promptNotInLanguage: () => m.ivr_problem_promptNotInLanguage(),
  menuWithoutKeys: () => m.ivr_problem_menuWithoutKeys(),
  keyTwice: () => m.ivr_problem_keyTwice(),
  variableMissing: () => m.ivr_problem_variableMissing(),
  variableUnknown: () => m.ivr_problem_variableUnknown(),
  minAboveMax: () => m.ivr_problem_minAboveMax(),
  calendarMissing: () => m.ivr_problem_calendarMissing(),
  calendarUnknown: () => m.ivr_problem_calendarUnknown(),
  branchWithoutCases: () => m.ivr_problem_branchWithoutCases(),
  caseTwice: () => m.ivr_problem_caseTwice(),
  caseWithoutValue: () => m.ivr_problem_caseWithoutValue(),
  queueMissing: () => m.ivr_problem_queueMissing(),
  queueUnknown: () => m.ivr_problem_queueUnknown(),
  queueInactive: () => m.ivr_problem_queueInactive(),
  agentMissing: () => m.ivr_problem_agentMissing(),
  agentUnknown: () => m.ivr_problem_agentUnknown(),
  agentInactive: () => m.ivr_problem_agentInactive(),
  numberMissing: () => m.ivr_problem_numberMissing(),
  numberWrong: () => m.ivr_problem_numberWrong(),
};

export function wordProblem(problem: FlowProblem, node: FlowNode | undefined): string {
  if (problem.code === 'portLeadsNowhere') return m.ivr_problem_portLeadsNowhere({ port: nameOfPort(node, problem.field?.slice('port:'.length) ?? '') });
  return problemWords[problem.code]?.() ?? problem.code;
}
