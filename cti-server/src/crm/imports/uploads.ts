import { createWriteStream } from 'node:fs';
import { access, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Refusal } from '../../platform/errors.ts';

export const largestUploadBytes = 200 * 1_048_576;

export interface Uploads {
  pathOf(importId: string): string;
  /** Keeps what comes, piece by piece. Throws 413 beyond the limit, 400 for nothing at all; then nothing is kept. */
  save(importId: string, body: Readable): Promise<{ bytes: number; isUtf8: boolean }>;
  beginning(importId: string, bytes: number): Promise<Buffer>;
  has(importId: string): Promise<boolean>;
  remove(importId: string): Promise<void>;
}

/** Files that were brought in, in a folder of the server's own. */
export function createUploads(folder: string): Uploads {
  const uploads: Uploads = {
    pathOf: (importId) => join(folder, importId),
    async save(importId, body) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      let bytes = 0;
      let isUtf8 = true;
      const decoder = new TextDecoder('utf-8', { fatal: true });
      const check = (piece: Uint8Array | undefined): void => {
        if (!isUtf8) return;
        try {
          if (piece) decoder.decode(piece, { stream: true });
          else decoder.decode();
        } catch {
          isUtf8 = false;
        }
      };
      try {
        await pipeline(
          body,
          async function* (source: AsyncIterable<Buffer>) {
            for await (const piece of source) {
              bytes += piece.length;
              if (bytes > largestUploadBytes) throw new Refusal(413, 'bodyTooLarge', `A file may have ${String(largestUploadBytes)} bytes.`);
              check(piece);
              yield piece;
            }
          },
          createWriteStream(uploads.pathOf(importId), { mode: 0o600 }),
        );
        if (bytes === 0) throw new Refusal(400, 'unreadableFile', 'The file is empty.');
      } catch (error) {
        await uploads.remove(importId);
        throw error;
      }
      check(undefined);
      return { bytes, isUtf8 };
    },
    async beginning(importId, bytes) {
      const file = await open(uploads.pathOf(importId));
      try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
        return buffer.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    },
    has: (importId) => access(uploads.pathOf(importId)).then(() => true, () => false),
    remove: (importId) => rm(uploads.pathOf(importId), { force: true }),
  };
  return uploads;
}
