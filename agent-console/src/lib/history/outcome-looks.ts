import PhoneIncoming from '@lucide/svelte/icons/phone-incoming';
import PhoneMissed from '@lucide/svelte/icons/phone-missed';
import PhoneOutgoing from '@lucide/svelte/icons/phone-outgoing';
import Users from '@lucide/svelte/icons/users-round';
import type { Component } from 'svelte';

/** The colour of how a call ended: spoken with, lost, or never got through. */
export function outcomeTone(outcome: unknown): 'ready' | 'missed' | 'ringing' | 'not-ready' | 'talking' {
  if (outcome === null || outcome === undefined) return 'talking';
  if (outcome === 'answered') return 'ready';
  if (outcome === 'abandoned' || outcome === 'flowedOut' || outcome === 'abandonedBeforeQueue') return 'missed';
  return outcome === 'shortAbandoned' || outcome === 'busy' || outcome === 'noAnswer' ? 'ringing' : 'not-ready';
}

/** One look tells where a call went, and whether it was lost. */
export function directionIcon(direction: unknown, wasAnswered: boolean): Component<{ class?: string }> {
  if (direction === 'outbound') return PhoneOutgoing;
  if (direction === 'internal') return Users;
  return wasAnswered ? PhoneIncoming : PhoneMissed;
}
