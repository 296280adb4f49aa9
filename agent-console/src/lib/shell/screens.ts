import type { Right } from '@centralita/cti-server/contracts';
import Activity from '@lucide/svelte/icons/activity';
import BookUser from '@lucide/svelte/icons/book-user';
import Headset from '@lucide/svelte/icons/headset';
import History from '@lucide/svelte/icons/history';
import LayoutGrid from '@lucide/svelte/icons/layout-grid';
import PhoneCall from '@lucide/svelte/icons/phone-call';
import PhoneOutgoing from '@lucide/svelte/icons/phone-outgoing';
import Settings from '@lucide/svelte/icons/settings-2';
import Tickets from '@lucide/svelte/icons/ticket';
import Users from '@lucide/svelte/icons/users-round';
import type { Component } from 'svelte';
import { followUps } from '#lib/callbacks/follow-ups.svelte.ts';
import { m } from '#lib/i18n/index.ts';

export interface Screen {
  path: string;
  name: () => string;
  icon: Component<{ class?: string }>;
  /** Any of these opens it. */
  rights: Right[];
  /** False: reached from another screen, and found by its name. */
  inMenu?: false;
  /** How much waits there for whoever looks. */
  count?: () => number;
}

/** The screens of the menu; each shows only to those who may use it. The server checks again. */
export const screens: Screen[] = [
  { path: '/desk', name: () => m.nav_desk(), icon: Headset, rights: ['calls.take'] },
  { path: '/calls/agents', name: () => m.history_states(), icon: History, rights: ['floor.read', 'floor.manage'], inMenu: false },
  { path: '/calls', name: () => m.history_nav(), icon: PhoneCall, rights: ['calls.read'] },
  { path: '/customers', name: () => m.nav_customers(), icon: Users, rights: ['customers.read', 'customers.manage'] },
  { path: '/tickets', name: () => m.nav_tickets(), icon: Tickets, rights: ['tickets.read', 'tickets.manage'] },
  { path: '/callbacks', name: () => m.callbacks_nav(), icon: PhoneOutgoing, rights: ['calls.take', 'floor.read', 'floor.manage'], count: () => followUps.due },
  { path: '/phone-book', name: () => m.book_nav(), icon: BookUser, rights: ['calls.take', 'calls.read', 'customers.read', 'customers.manage', 'tickets.read', 'floor.read', 'users.manage'] },
  { path: '/floor', name: () => m.nav_floor(), icon: LayoutGrid, rights: ['floor.read', 'floor.manage'] },
  { path: '/admin', name: () => m.nav_admin(), icon: Settings, rights: ['queues.manage', 'users.manage', 'roles.manage', 'audit.read'] },
  { path: '/status', name: () => m.nav_status(), icon: Activity, rights: ['system.read'] },
];
