import { goto } from '$app/navigation';
import { stateMenu } from '#lib/agents/state-menu.svelte.ts';
import { m } from '#lib/i18n/index.ts';
import type { Shortcut } from '#lib/shell/shortcuts.svelte.ts';
import { answerCall, hangUp, refuseCall, toggleHold, toggleMute } from './actions.ts';
import { desk } from './desk.svelte.ts';
import { deskView } from './desk-view.svelte.ts';
import { dialling } from './dialling.svelte.ts';

const inState = (...states: string[]) => (): boolean => desk.liveCall !== null && states.includes(desk.liveCall.state);
const group = 'call' as const;

/** The keys of a call, the same on every screen. */
export const callShortcuts: Shortcut[] = [
  { keys: 'Ctrl+Shift+A', label: () => m.answer(), group, run: () => void answerCall(), offered: inState('ringing') },
  { keys: 'Ctrl+Shift+X', label: () => m.refuse(), group, run: () => void refuseCall(), offered: inState('ringing') },
  { keys: 'Ctrl+Shift+E', label: () => m.hang_up(), group, run: () => void hangUp(), offered: inState('dialling', 'talking', 'held', 'rejoining') },
  { keys: 'Ctrl+Shift+H', label: () => `${m.hold()} / ${m.resume()}`, group, run: () => void toggleHold(), offered: inState('talking', 'held') },
  { keys: 'Ctrl+Shift+M', label: () => `${m.mute()} / ${m.unmute()}`, group, run: () => toggleMute(), offered: inState('talking', 'held') },
  { keys: 'Ctrl+Shift+D', label: () => m.keypad(), group, run: () => { if (inState('talking', 'held')()) deskView.keypad = !deskView.keypad; }, offered: inState('talking', 'held') },
  { keys: 'Ctrl+Shift+O', label: () => m.transfer(), group, run: () => { if (dialling.mayTransfer) dialling.asks = 'transfer'; }, offered: () => dialling.mayTransfer },
  { keys: 'Ctrl+Shift+F', label: () => m.dial_title(), group, run: () => { if (dialling.possible) dialling.asks = 'call'; }, offered: () => dialling.possible },
  { keys: 'Ctrl+Shift+L', label: () => m.notes(), group, run: () => deskView.notesWanted++, offered: () => desk.call !== null },
  { keys: 'Ctrl+Shift+K', label: () => m.new_ticket_from_call(), group, run: () => { if (desk.call !== null) deskView.form = 'ticket'; }, offered: () => desk.call !== null },
  { keys: 'Ctrl+Shift+S', label: () => m.state_menu(), group, run: () => (stateMenu.open = !stateMenu.open) },
  { keys: 'Ctrl+Shift+G', label: () => m.shortcut_desk(), group: 'everywhere', run: () => void goto('/desk') },
];
