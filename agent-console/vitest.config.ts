import { defineConfig } from 'vitest/config';

// Only the console's pure rules: components and stores are tested in a real browser, end to end.
export default defineConfig({
  test: { name: 'agent-console', root: import.meta.dirname, environment: 'node', include: ['src/**/*.test.ts'] },
});
