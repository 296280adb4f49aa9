import adapter from '@sveltejs/adapter-static';
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig, loadEnv } from 'vite';
import { scriptsInFiles } from './scripts-in-files.ts';
import { sipGrammarDecodedOnce } from './sip-grammar-decoded-once.ts';

export default defineConfig(({ mode }) => {
  // Only for `vite dev`: where a running cti-server is. Built pages always talk to their own origin.
  const server = loadEnv(mode, import.meta.dirname, 'CENTRALITA_')['CENTRALITA_SERVER'] ?? 'http://127.0.0.1:8080';
  return {
    plugins: [
      sipGrammarDecodedOnce(),
      tailwindcss(),
      paraglideVitePlugin({
        project: './project.inlang',
        outdir: './src/lib/paraglide',
        outputStructure: 'locale-modules',
        emitTsDeclarations: true,
        // The console chooses the language itself (src/lib/i18n), so that changing it needs no reload during a call.
        strategy: ['globalVariable', 'baseLocale'],
      }),
      sveltekit({
        // A single page: the server answers index.html for every screen's address.
        adapter: scriptsInFiles(adapter({ fallback: 'index.html', precompress: true })),
        compilerOptions: { runes: true },
      }),
    ],
    build: { target: 'es2023' },
    server: {
      proxy: {
        '/api': { target: server },
        '/socket.io': { target: server, ws: true },
        '/sip': { target: server, ws: true },
      },
    },
  };
});
