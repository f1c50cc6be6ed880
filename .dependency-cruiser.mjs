/** The layering of the source: cli → server → gateway → features → (realtime, runtime, database, cluster, query) → protocol. */
const layers = ['cli', 'server', 'gateway', 'features', 'core', 'protocol'];
const folders = {
  cli: '^src/cli/',
  server: '^src/server(\\.ts|/)',
  gateway: '^src/gateway/',
  features: '^src/features/',
  core: '^src/(realtime|runtime|database|cluster|query)/',
  protocol: '^src/protocol/',
};

const upwards = layers.slice(1).map((layer, index) => ({
  name: `${layer}-knows-nothing-above`,
  severity: 'error',
  from: { path: folders[layer] },
  to: { path: layers.slice(0, index + 1).map((above) => folders[above]) },
}));

export default {
  forbidden: [
    ...upwards,
    {
      name: 'shared-knows-no-layer',
      comment: 'config and observability serve all layers, so they depend on none',
      severity: 'error',
      from: { path: '^src/(config|observability)/' },
      to: { path: Object.values(folders) },
    },
    {
      name: 'server-only-for-cli-and-tests',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/cli/', '^src/testing\\.ts$', folders.server] },
      to: { path: folders.server },
    },
    {
      name: 'features-by-their-front-door',
      comment:
        'a feature takes another one’s service through its constructor; only index.ts and service.ts may be imported',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/' },
      to: { path: '^src/features/[^/]+/', pathNot: ['^src/features/$1/', '^src/features/[^/]+/(index|service)\\.ts$'] },
    },
    { name: 'no-dev-dependencies', severity: 'error', from: { path: '^src/' }, to: { dependencyTypes: ['npm-dev'] } },
    { name: 'all-resolve', severity: 'error', from: { path: '^src/' }, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/(protocol/gen|cli/templates)/' },
    parser: 'swc',
    enhancedResolveOptions: {
      extensions: ['.ts', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
