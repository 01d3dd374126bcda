import { rmSync } from 'node:fs';
import { folderVariable } from './templates-folder';

export default function tearDown(): void {
  rmSync(process.env[folderVariable] ?? '', { recursive: true, force: true });
}
