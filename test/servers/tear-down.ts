import { rmSync } from 'node:fs';

export default function tearDown(): void {
  rmSync(process.env.SERVERS_FOLDER ?? '', { recursive: true, force: true });
}
