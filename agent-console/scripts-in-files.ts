import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Adapter } from '@sveltejs/kit';

/**
 * Moves the one script that SvelteKit writes into index.html to a file of its own, so that the server can forbid every inline script
 * (`script-src 'self'`) without knowing a hash that changes with each build.
 */
export function scriptsInFiles(inner: Adapter): Adapter {
  return {
    ...inner,
    name: `${inner.name} with scripts in files`,
    async adapt(builder) {
      await inner.adapt(builder);
      const page = join('build', 'index.html');
      const html = readFileSync(page, 'utf8');
      const moved = html.replace(/<script>([\s\S]*?)<\/script>/g, (_whole, script: string) => {
        const name = `start.${createHash('sha256').update(script).digest('hex').slice(0, 12)}.js`;
        const folder = join('_app', 'immutable');
        mkdirSync(join('build', folder), { recursive: true });
        writeFileSync(join('build', folder, name), script);
        // Not `defer`: the script finds the element to mount in as its own parent.
        return `<script src="/${folder}/${name}"></script>`;
      });
      if (moved === html) throw new Error('index.html holds no inline script any more: scripts-in-files.ts is no longer needed or no longer works');
      writeFileSync(page, moved);
      writeFileSync(`${page}.gz`, gzipSync(moved));
      writeFileSync(`${page}.br`, brotliCompressSync(moved));
    },
  };
}
