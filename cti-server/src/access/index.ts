export type { AccessOptions } from './access.context.ts';
export { type AccessSlice, createAccess } from './access.service.ts';
export { type AuditChanges, changesBetween } from './audit-rules.ts';
export { readCursor, toPage } from './cursor.ts';
export { demoLogins, demoPassword } from './demo-logins.ts';
export { type DemoUsers, ensureDemoUsers } from './demo-users.ts';
export { allowanceOf } from './role-rules.ts';
export type { SessionEndedListener, SessionEndReason, ViewersChangedListener } from './session-endings.ts';
export type { Company } from './setup.service.ts';
