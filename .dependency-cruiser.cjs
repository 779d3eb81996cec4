/**
 * Imports point one way: commands -> service -> console -> proxy and ops -> books -> stages -> ledger -> vocabulary.
 * A stage never imports another stage; what two stages share is a plain type in the vocabulary, a tool that knows
 * nothing of queries, the look of the pages that they write, how they write files, post to other servers, or start other
 * processes. The books alone write to two stages in one transaction; savings are read from the records.
 */
const tools = 'calendar|lists|text|waiting';
const plain = `vocabulary|${tools}`;
const stages = [
  'caller',
  'sql',
  'estimate',
  'policy',
  'budget',
  'advice',
  'records',
  'notices',
  'reconciliation',
  'showback',
  'audit',
  'replay',
  'sunset',
  'catalog',
  'metrics',
  'tracing',
  'settings',
];
const stagePattern = `^src/(${stages.join('|')})/`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'vocabulary-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^src/vocabulary/' },
      to: { path: '^src/', pathNot: '^src/vocabulary/' },
    },
    {
      name: 'tools-import-vocabulary-only',
      severity: 'error',
      from: { path: `^src/(${tools})/` },
      to: { path: '^src/', pathNot: '^src/($1|vocabulary)/' },
    },
    {
      name: 'ledger-imports-no-stage',
      severity: 'error',
      from: { path: '^src/ledger/' },
      to: { path: '^src/', pathNot: `^src/(ledger|files|${plain})/` },
    },
    {
      name: 'pages-import-no-stage',
      severity: 'error',
      from: { path: '^src/pages/' },
      to: { path: '^src/', pathNot: `^src/(pages|${plain})/` },
    },
    {
      name: 'what-reaches-out-imports-no-stage',
      severity: 'error',
      from: { path: '^src/(children|files|outbound)/' },
      to: { path: '^src/', pathNot: `^src/($1|${plain})/` },
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
      from: { path: stagePattern },
      to: {
        path: '^src/',
        pathNot: ['^src/$1/', `^src/(${plain}|ledger|pages|children|files|outbound)/`],
      },
    },
    {
      name: 'books-import-what-they-write-to',
      severity: 'error',
      from: { path: '^src/books/' },
      to: { path: '^src/', pathNot: `^src/(books|budget|records|ledger|files|${plain})/` },
    },
    {
      name: 'savings-are-read-from-records',
      severity: 'error',
      from: { path: '^src/savings/' },
      to: { path: '^src/', pathNot: `^src/(savings|records|ledger|pages|${plain})/` },
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
      to: { path: '^src/(main\\.ts|commands/|service/|ops/|console/|sandbox/|ledger/|rehearsal/)' },
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
      to: { path: '(^src/console/charts/draw-|^src/pages/svg-chart\\.ts|node_modules/echarts/)' },
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
      from: { path: '^src/traffic/' },
      to: { path: '^src/', pathNot: '^src/traffic/' },
    },
    {
      name: 'traffic-is-imported-by-commands-only',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(traffic|commands)/' },
      to: { path: '^src/traffic/' },
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
