import type { AgentStateName, CallStateName } from '@centralita/cti-server/contracts';
import Circle from '@lucide/svelte/icons/circle';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import CirclePause from '@lucide/svelte/icons/circle-pause';
import Coffee from '@lucide/svelte/icons/coffee';
import Headset from '@lucide/svelte/icons/headset';
import NotebookPen from '@lucide/svelte/icons/notebook-pen';
import PhoneCall from '@lucide/svelte/icons/phone-call';
import PhoneIncoming from '@lucide/svelte/icons/phone-incoming';
import PhoneMissed from '@lucide/svelte/icons/phone-missed';
import PhoneOff from '@lucide/svelte/icons/phone-off';
import PhoneForwarded from '@lucide/svelte/icons/phone-forwarded';
import PhoneOutgoing from '@lucide/svelte/icons/phone-outgoing';
import RefreshCw from '@lucide/svelte/icons/refresh-cw';
import type { Component } from 'svelte';
import { m } from '#lib/i18n/index.ts';

export type Tone = 'ready' | 'ringing' | 'talking' | 'held' | 'wrap-up' | 'not-ready' | 'missed' | 'outline';
export interface Look {
  tone: Tone;
  icon: Component<{ class?: string }>;
  word: () => string;
}

/** How each state of an agent looks and is called: one colour, one icon, one word, on every screen. */
export const agentLooks: Record<AgentStateName, Look> = {
  offline: { tone: 'outline', icon: Circle, word: () => m.state_offline() },
  ready: { tone: 'ready', icon: CircleCheck, word: () => m.state_ready() },
  notReady: { tone: 'not-ready', icon: Coffee, word: () => m.state_notReady() },
  ringing: { tone: 'ringing', icon: PhoneIncoming, word: () => m.state_ringing() },
  onCall: { tone: 'talking', icon: PhoneCall, word: () => m.state_onCall() },
  wrapUp: { tone: 'wrap-up', icon: NotebookPen, word: () => m.state_wrapUp() },
  missed: { tone: 'missed', icon: PhoneMissed, word: () => m.state_missed() },
};

export const callLooks: Record<CallStateName, Look> = {
  arriving: { tone: 'not-ready', icon: PhoneIncoming, word: () => m.call_arriving() },
  greeting: { tone: 'not-ready', icon: PhoneIncoming, word: () => m.call_greeting() },
  inFlow: { tone: 'not-ready', icon: PhoneIncoming, word: () => m.call_inFlow() },
  leavingPlace: { tone: 'not-ready', icon: PhoneIncoming, word: () => m.call_leavingPlace() },
  voicemail: { tone: 'not-ready', icon: PhoneIncoming, word: () => m.call_voicemail() },
  waiting: { tone: 'ringing', icon: Headset, word: () => m.call_waiting() },
  ringing: { tone: 'ringing', icon: PhoneIncoming, word: () => m.call_ringing() },
  dialling: { tone: 'ringing', icon: PhoneOutgoing, word: () => m.call_dialling() },
  callingBack: { tone: 'ringing', icon: PhoneOutgoing, word: () => m.call_callingBack() },
  talking: { tone: 'talking', icon: PhoneCall, word: () => m.call_talking() },
  held: { tone: 'held', icon: CirclePause, word: () => m.call_held() },
  parked: { tone: 'held', icon: CirclePause, word: () => m.call_parked() },
  transferring: { tone: 'held', icon: PhoneForwarded, word: () => m.call_transferring() },
  onward: { tone: 'talking', icon: PhoneForwarded, word: () => m.call_onward() },
  rejoining: { tone: 'held', icon: RefreshCw, word: () => m.call_rejoining() },
  refusing: { tone: 'not-ready', icon: PhoneOff, word: () => m.call_refusing() },
  ended: { tone: 'not-ready', icon: PhoneOff, word: () => m.call_ended() },
};
