/**
 * Who may import whom. A broken rule names itself and says why it is there.
 *
 * A slice is a folder of cti-server/src/contact-centre or cti-server/src/crm; cti-server/src/access is one slice, its folders too.
 */
const SLICE = '^cti-server/src/((?:contact-centre|crm)/[^/]+|access)/';
/** Tests, and what only tests use: `testing.ts`, a `…-world.ts` that builds a whole surrounding. */
const TEST = '\\.(test|testing|conformance)\\.ts$|/testing\\.ts$|-world\\.ts$|/testing/';
const PURE = '(-machine|-moves|-rules|call-step)\\.ts$|^dialer/src/(pacing|eligibility|contact-window|judge)\\.ts$';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'What needs each other is one thing.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'contracts-know-only-zod',
      severity: 'error',
      comment: 'Contracts go into the browser as they are.',
      from: { path: '^cti-server/src/contracts/', pathNot: TEST },
      to: { pathNot: ['^cti-server/src/contracts/', '(^|/)node_modules/zod/'] },
    },
    {
      name: 'pure-stays-pure',
      severity: 'error',
      comment:
        'No clock, no database, no provider: values come in, values go out. Hashes, comparison and address syntax of node: are values too.',
      from: { path: PURE, pathNot: TEST },
      to: {
        pathNot: [
          PURE,
          '^cti-server/src/contracts/',
          '^cti-server/src/telephony/port\\.ts$',
          '-types\\.ts$',
          '^(node:)?(crypto|util|net)$',
          // what a number is, by tables alone
          '^cti-server/src/platform/phone-numbers\\.ts$',
        ],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'websocket-to-asterisk-only-in-its-adapter',
      severity: 'error',
      from: { pathNot: ['^cti-server/src/telephony/asterisk/', TEST, '^(e2e|bench)/'] },
      to: { path: '(^|/)node_modules/(ari-client|ws)/' },
    },
    {
      name: 'twilio-only-in-its-adapter',
      severity: 'error',
      from: { pathNot: ['^cti-server/src/telephony/twilio/', TEST] },
      to: { path: '(^|/)node_modules/twilio/' },
    },
    {
      name: 'adapters-know-no-slice',
      severity: 'error',
      comment: 'An adapter translates; it decides nothing.',
      from: { path: '^cti-server/src/telephony/' },
      to: { path: '^cti-server/src/(contact-centre|crm|access)/' },
    },
    {
      name: 'only-the-app-knows-adapters',
      severity: 'error',
      from: { path: '^cti-server/src/', pathNot: ['^cti-server/src/app\\.ts$', '^cti-server/src/telephony/', TEST] },
      to: { path: '^cti-server/src/telephony/(asterisk|twilio|simulated)/' },
    },
    {
      name: 'slice-enters-slice-by-its-door',
      severity: 'error',
      comment: 'index.ts is all that a slice shows.',
      from: { path: SLICE, pathNot: TEST },
      to: { path: SLICE, pathNot: ['^cti-server/src/$1/', '/index\\.ts$'] },
    },
    {
      name: 'crm-knows-no-contact-centre',
      severity: 'error',
      from: { path: '^cti-server/src/crm/', pathNot: TEST },
      to: { path: '^cti-server/src/contact-centre/' },
    },
    {
      name: 'only-stores-touch-tables',
      severity: 'error',
      comment: 'SQL is in *.store.ts and nowhere else.',
      from: { path: SLICE, pathNot: ['\\.store\\.ts$', TEST] },
      to: { path: '^cti-server/src/db/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nobody-imports-the-app',
      severity: 'error',
      from: { pathNot: ['^cti-server/src/main\\.ts$', TEST, '^(e2e|bench)/'] },
      to: { path: '^cti-server/src/(app|main)\\.ts$' },
    },
    {
      name: 'console-sees-only-contracts',
      severity: 'error',
      from: { path: '^agent-console/' },
      to: { path: '^(cti-server|dialer|recordings|launcher)/', pathNot: '^cti-server/src/contracts/' },
    },
    {
      name: 'workers-see-contracts-and-db',
      severity: 'error',
      from: { path: '^(dialer|recordings)/', pathNot: TEST },
      to: { path: '^cti-server/src/', pathNot: '^cti-server/src/(contracts|db)/' },
    },
    {
      name: 'workers-do-not-meet',
      severity: 'error',
      from: { path: '^(dialer|recordings)/' },
      to: { path: '^(dialer|recordings)/', pathNot: '^$1/' },
    },
    {
      name: 'servers-know-no-launcher',
      severity: 'error',
      from: { path: '^(cti-server|dialer|recordings)/', pathNot: TEST },
      to: { path: '^(launcher|asterisk-config|e2e|bench)/' },
    },
    {
      name: 'all-imports-are-there',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: ['^#', '^\\$', 'paraglide', '^@lucide/svelte/'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    exclude: { path: '(^|/)(build|\\.svelte-kit|paraglide)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default', 'svelte'] },
  },
};
