#!/usr/bin/env node
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

// JavaScript and declarations into dist, beside the files of lib/ that are taken as they are: what the guard deploys is one of them.
const root = join(__dirname, '..');
const dist = join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
execFileSync('npx', ['tsc', '-p', 'tsconfig.package.json'], { cwd: root, stdio: 'inherit' });
for (const file of readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })) {
  const target = join(dist, 'lib', file);
  if (/\.(txt|js|cjs)$/.test(file) && existsSync(dirname(target))) {
    copyFileSync(join(root, 'lib', file), target);
  }
}
