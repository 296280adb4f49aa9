import type { AuditChanges } from '../access/index.ts';
import type { Viewer } from '../platform/viewer.ts';
import type { Connection } from './database.store.ts';

/** What the CRM needs of the audit: a line on the transaction of the change itself. */
export interface Audit {
  record(
    connection: Connection,
    viewer: Pick<Viewer, 'userId' | 'name'> | null,
    action: string,
    recordType: string,
    recordId: string,
    changes: AuditChanges,
  ): Promise<void>;
}
