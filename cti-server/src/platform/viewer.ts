import type { Locale, RecordRights, Right, Scope } from '../contracts/index.ts';

/** Who is asking, as the session says, with what the roles allow. Read anew for each request, so a withdrawn right is gone at once. */
export interface Viewer {
  userId: string;
  sessionId: string;
  login: string;
  name: string;
  locale: Locale;
  rights: ReadonlySet<Right>;
  scope: Scope;
  /** What may be done with which record type, and how far. */
  recordRights: RecordRights;
  teamIds: readonly string[];
  roleIds: readonly string[];
  csrfToken: string;
}

/** What a route asks for: anyone, anyone signed in, or one of these rights. */
export type Access = 'public' | 'signedIn' | readonly Right[];

export function isAllowed(access: Access, viewer: Viewer | null): boolean {
  if (access === 'public') return true;
  if (!viewer) return false;
  return access === 'signedIn' || access.some((right) => viewer.rights.has(right));
}
