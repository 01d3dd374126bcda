// Starts an app in a slot and makes a temporary folder, says where they are, and ends both when it reads something.
import { once } from 'node:events';
import { SlotProcess } from '../../../../lib/local/tasks/slot-process';
import { TemporaryFolder } from '../../../../lib/local/tasks/temporary-folder';

const [, , folder = '', command = ''] = process.argv;

async function main(): Promise<void> {
  const temporary = TemporaryFolder.make('temporary-');
  const app = { slot: 'green', command: command || undefined, environment: () => ({}), healthCheckPath: '/' };
  const slot = await SlotProcess.start(app, folder, new AbortController().signal);
  console.log(JSON.stringify({ port: slot.port, temporary: temporary.path }));
  await once(process.stdin, 'data');
  await slot.stop();
  temporary.remove();
  // It still runs.
  setInterval(() => {}, 1000);
}

main();
