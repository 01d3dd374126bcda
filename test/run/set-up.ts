import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderVariable } from './templates-folder';

export default function setUp(): void {
  process.env[folderVariable] = mkdtempSync(join(tmpdir(), 'templates-'));
}
