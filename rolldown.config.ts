import { readdir, readFile } from 'node:fs/promises';
import { defineConfig, type Plugin } from 'rolldown';

/** What is loaded by its place: each is `NAME.js` in the bundle, beside the module that starts it. */
const input = {
  main: 'src/main.ts',
  'reading-process-main': 'src/sql/processes/reading-process-main.ts',
  'console-process-main': 'src/service/questions/console-process-main.ts',
};

/** What `src/console/assets.ts` reads from the folder of this name beside it. */
const ASSETS = 'src/console/assets';

const consoleAssets: Plugin = {
  name: 'console-assets',
  async generateBundle() {
    for (const name of await readdir(ASSETS)) {
      const source = await readFile(`${ASSETS}/${name}`);
      this.emitFile({ type: 'asset', fileName: `assets/${name}`, source });
    }
  },
};

/** `npm run build`: all that `src` imports in a few files, which the container runs. docs/decisions/0019 has why. */
export default defineConfig({
  input,
  platform: 'node',
  // These find native code and WebAssembly beside themselves; pg asks for the third only where it is installed.
  external: [/^@duckdb\//, /^@polyglot-sql\//, 'pg-native'],
  plugins: [consoleAssets],
  output: { dir: 'dist', cleanDir: true, format: 'esm', chunkFileNames: '[name]-[hash].js' },
});
