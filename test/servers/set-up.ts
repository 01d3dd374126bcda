import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { findEnvoy } from '../../lib/local/envoy/envoy-binary';
import { compile, isInstalled, languages } from './languages';
import tearDown from './tear-down';

/** Before all of these tests: compiles the servers of those languages that are here, and names those that are not. */
export default async function setUp(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'servers-'));
  process.env.SERVERS_FOLDER = folder;
  try {
    const missing = Object.entries(languages).filter(([, language]) => !isInstalled(language));
    process.env.SERVERS_MISSING = missing.map(([, { name }]) => name).join(',');
    const sources = join(__dirname, 'sources');
    for (const source of readdirSync(sources).filter((each) => missing.every(([ending]) => ending !== extname(each)))) {
      compile(join(sources, source), folder);
    }
    await findEnvoy();
  } catch (error) {
    tearDown();
    throw error;
  }
}
