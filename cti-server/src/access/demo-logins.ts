import type { Locale } from '../contracts/index.ts';

/** Printed in the manual and on the sign-in page of the demo; refused everywhere else. */
export const demoPassword = 'demo-centralita';

export const demoTeams = ['Atención', 'Ventas'] as const;
type DemoTeam = (typeof demoTeams)[number];

export interface DemoLogin {
  login: 'admin' | 'supervisor' | 'ana' | 'bruno' | 'lin';
  name: string;
  locale: Locale;
  role: 'administrator' | 'supervisor' | 'agent';
  teams: readonly DemoTeam[];
}

export const demoLogins: readonly DemoLogin[] = [
  { login: 'admin', name: 'Administrator', locale: 'es', role: 'administrator', teams: [] },
  { login: 'supervisor', name: 'Supervisor', locale: 'es', role: 'supervisor', teams: demoTeams },
  { login: 'ana', name: 'Ana', locale: 'es', role: 'agent', teams: ['Atención'] },
  { login: 'bruno', name: 'Bruno', locale: 'en', role: 'agent', teams: ['Atención'] },
  { login: 'lin', name: 'Lin', locale: 'zh-CN', role: 'agent', teams: ['Ventas'] },
];
