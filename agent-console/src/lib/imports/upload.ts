import type { RecordImportDetails } from '@centralita/cti-server/contracts';
import { upload } from '#lib/api/upload.ts';

/** Brings a file in and tells how far it is, from 0 to 1. */
export const bringIn = (type: string, file: File, onprogress: (part: number) => void, signal: AbortSignal): Promise<RecordImportDetails> =>
  upload('/api/imports', { type, name: file.name.slice(-200) }, file, onprogress, signal);
