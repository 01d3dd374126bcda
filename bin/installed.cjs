// Runs before `npm start`, `npm run local` and `npm test`: installs what the lock file names and node_modules does not have, so that a fresh clone
// needs no command of its own for it. Nothing is installed yet when this runs, so it stands on Node alone.
require('./node-version.cjs');

const { spawnSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return {};
  }
}

const there = packagesOf('node_modules/.package-lock.json');
const missing = Object.entries(packagesOf('package-lock.json')).filter(
  ([path, { version, optional }]) => path !== '' && !optional && there[path]?.version !== version,
);

if (missing.length > 0) {
  console.error(`installing ${missing.length} packages, once`);
  const npm = process.env.npm_execpath;
  const words = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  // What npm says goes to standard error: standard output may be somebody's JSON.
  const options = { cwd: root, stdio: ['ignore', 2, 2], shell: npm === undefined };
  const { status } = npm === undefined ? spawnSync('npm', words, options) : spawnSync(process.execPath, [npm, ...words], options);
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}
