import BookOpen from '@lucide/svelte/icons/book-open';
import BookUser from '@lucide/svelte/icons/book-user';
import Briefcase from '@lucide/svelte/icons/briefcase';
import Building from '@lucide/svelte/icons/building-2';
import Calendar from '@lucide/svelte/icons/calendar';
import ClipboardList from '@lucide/svelte/icons/clipboard-list';
import Contact from '@lucide/svelte/icons/contact';
import FileText from '@lucide/svelte/icons/file-text';
import HistoryIcon from '@lucide/svelte/icons/history';
import Handshake from '@lucide/svelte/icons/handshake';
import Megaphone from '@lucide/svelte/icons/megaphone';
import Package from '@lucide/svelte/icons/package';
import Phone from '@lucide/svelte/icons/phone';
import Receipt from '@lucide/svelte/icons/receipt';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import ShoppingCart from '@lucide/svelte/icons/shopping-cart';
import Star from '@lucide/svelte/icons/star';
import Swords from '@lucide/svelte/icons/swords';
import Target from '@lucide/svelte/icons/target';
import Ticket from '@lucide/svelte/icons/ticket';
import Truck from '@lucide/svelte/icons/truck';
import UserPlus from '@lucide/svelte/icons/user-plus';
import Users from '@lucide/svelte/icons/users-round';
import Wrench from '@lucide/svelte/icons/wrench';
import type { Component } from 'svelte';

/** The icons a declaration may name. A fixed list, so that the console carries these and not all of the set. */
const icons: Readonly<Record<string, Component<{ class?: string }>>> = {
  'book-open': BookOpen,
  'book-user': BookUser,
  briefcase: Briefcase,
  'building-2': Building,
  building: Building,
  calendar: Calendar,
  'clipboard-list': ClipboardList,
  contact: Contact,
  'contact-round': Contact,
  'file-text': FileText,
  handshake: Handshake,
  history: HistoryIcon,
  megaphone: Megaphone,
  package: Package,
  phone: Phone,
  receipt: Receipt,
  'shield-check': ShieldCheck,
  'shopping-cart': ShoppingCart,
  star: Star,
  swords: Swords,
  target: Target,
  ticket: Ticket,
  truck: Truck,
  'user-plus': UserPlus,
  users: Users,
  'users-round': Users,
  wrench: Wrench,
};

export const iconOf = (name: string): Component<{ class?: string }> => icons[name] ?? FileText;
