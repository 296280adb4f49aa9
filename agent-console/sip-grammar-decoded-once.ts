import type { Plugin } from 'vite';

const before = 'function peg$decode(s) {\n        return s.split("").map((ch) => ch.charCodeAt(0) - 32);\n    }';
const after = `function peg$decode(s) {
        let decoded = peg$decoded.get(s);
        if (decoded === undefined) peg$decoded.set(s, (decoded = s.split("").map((ch) => ch.charCodeAt(0) - 32)));
        return decoded;
    }`;

/**
 * sip.js decodes its whole grammar again for every header that it reads: more than half of what an incoming call costs the page before it
 * can be shown. The decoded rules are only read, so they are kept. A sip.js whose grammar looks otherwise stops the build.
 */
export function sipGrammarDecodedOnce(): Plugin {
  return {
    name: 'sip-grammar-decoded-once',
    apply: 'build',
    transform: {
      filter: { id: /sip\.js\/lib\/grammar\/pegjs\/dist\/grammar\.js$/ },
      handler(code) {
        const parts = code.split(before);
        if (parts.length !== 2) this.error('The grammar of sip.js is not as sip-grammar-decoded-once.ts knows it: see whether it still decodes itself for every header.');
        return { code: `const peg$decoded = new Map();${parts.join(after)}`, map: null };
      },
    },
  };
}
