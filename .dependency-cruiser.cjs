/**
 * Imports point one way: commands -> service -> console -> proxy and ops -> reports and books -> stages -> ledger ->
 * vocabulary -> foundation. A stage never imports another stage, nor a report another report; what two of them share is
 * a plain type in the vocabulary, or a tool of the foundation, which knows nothing about queries. The books alone write
 * to two stages in one transaction; savings are read from the records.
 */
const plain = 'vocabulary|foundation';
const stages = [
  'caller',
  'sql',
  'estimate',
  'policy',
  'budget',
  'advice',
  'records',
  'notices',
  'metrics',
  'tracing',
  'settings',
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'the-foundation-imports-nothing-else-of-ours',
      severity: 'error',
      from: { path: '^src/foundation/' },
      to: { path: '^src/', pathNot: '^src/foundation/' },
    },
    {
      name: 'vocabulary-imports-the-foundation-only',
      severity: 'error',
      from: { path: '^src/vocabulary/' },
      to: { path: '^src/', pathNot: `^src/(${plain})/` },
    },
    {
      name: 'ledger-imports-no-stage',
      severity: 'error',
      from: { path: '^src/ledger/' },
      to: { path: '^src/', pathNot: `^src/(ledger|${plain})/` },
    },
    {
      name: 'transport-imports-settings-and-no-stage',
      severity: 'error',
      from: { path: '^src/transport/' },
      to: { path: '^src/', pathNot: `^src/(transport|settings|${plain})/` },
    },
    {
      name: 'a-stage-never-imports-another-stage',
      severity: 'error',
      from: { path: `^src/(${stages.join('|')})/` },
      to: { path: '^src/', pathNot: `^src/($1|ledger|${plain})/` },
    },
    {
      name: 'books-import-what-they-write-to',
      severity: 'error',
      from: { path: '^src/books/' },
      to: { path: '^src/', pathNot: `^src/(books|budget|records|ledger|${plain})/` },
    },
    {
      name: 'a-report-never-imports-another-report',
      severity: 'error',
      from: { path: '^src/reports/([^/]+)/', pathNot: '^src/reports/savings/' },
      to: { path: '^src/', pathNot: `^src/(reports/$1|ledger|${plain})/` },
    },
    {
      name: 'savings-are-read-from-records',
      severity: 'error',
      from: { path: '^src/reports/savings/' },
      to: { path: '^src/', pathNot: `^src/(reports/savings|records|ledger|${plain})/` },
    },
    {
      name: 'a-rehearsal-imports-stages-only',
      severity: 'error',
      from: { path: '^src/rehearsal/' },
      to: { path: '^src/(main\\.ts|commands/|service/|proxy/|ops/|console/|sandbox/)' },
    },
    {
      name: 'proxy-imports-stages-only',
      severity: 'error',
      from: { path: '^src/proxy/' },
      to: { path: '^src/(main\\.ts|commands/|service/|ops/|console/|sandbox/|ledger/|rehearsal/|reports/)' },
    },
    {
      name: 'ops-imports-stages-only',
      severity: 'error',
      from: { path: '^src/ops/' },
      to: { path: '^src/(main\\.ts|commands/|service/|proxy/|console/|sandbox/|ledger/)' },
    },
    {
      name: 'console-imports-what-it-shows',
      severity: 'error',
      from: { path: '^src/console/' },
      to: { path: '^src/(main\\.ts|commands/|service/|proxy/|sandbox/|ledger/|rehearsal/)' },
    },
    {
      name: 'console-is-imported-by-the-service-only',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(console|service)/' },
      to: { path: '^src/console/' },
    },
    {
      name: 'opentelemetry-is-loaded-only-where-traces-are-on',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/tracing/' },
      to: { path: '(^src/tracing/(?!tracing\\.ts)|node_modules/@opentelemetry/)', dynamic: false },
    },
    {
      name: 'pages-of-the-console-do-not-load-what-draws',
      severity: 'error',
      from: { path: '^src/console/', pathNot: '^src/console/charts/draw-' },
      to: { path: '(^src/console/charts/draw-|^src/foundation/pages/svg-chart\\.ts|node_modules/echarts/)' },
    },
    {
      name: 'sandbox-stands-alone',
      severity: 'error',
      from: { path: '^src/sandbox/' },
      to: { path: '^src/', pathNot: '^src/sandbox/' },
    },
    {
      name: 'sandbox-is-imported-by-its-commands-only',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(sandbox|commands)/' },
      to: { path: '^src/sandbox/' },
    },
    {
      name: 'traffic-stands-alone',
      severity: 'error',
      from: { path: '^src/sandbox/traffic/' },
      to: { path: '^src/', pathNot: '^src/sandbox/traffic/' },
    },
    {
      name: 'traffic-is-imported-by-commands-only',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(sandbox/traffic|commands)/' },
      to: { path: '^src/sandbox/traffic/' },
    },
    {
      name: 'the-service-is-imported-by-commands-only',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(service|commands)/' },
      to: { path: '^src/service/' },
    },
    {
      name: 'commands-are-imported-by-main-only',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(commands/|main\\.ts)' },
      to: { path: '^src/commands/' },
    },
    {
      name: 'production-code-uses-production-packages',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
