import { installEmulator } from '../../lib/local/emulator/install';
import { openReport } from './report';

/** Before all deploy tests: the emulator is installed once, and not by several tests at the same time. */
export default async function setUp(): Promise<void> {
  await installEmulator();
  openReport();
}
