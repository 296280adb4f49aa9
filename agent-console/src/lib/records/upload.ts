import type { RecordFile } from '@centralita/cti-server/contracts';
import { upload as send } from '#lib/api/upload.ts';

/** Attaches a file and tells how far it is, from 0 to 1. */
export const upload = (path: string, file: File, onprogress: (part: number) => void, signal: AbortSignal): Promise<RecordFile> =>
  send(path, { name: file.name, mediaType: file.type || 'application/octet-stream' }, file, onprogress, signal);
