// Ends what a rehearsal has left behind, when the rehearsal itself could not: it was killed. Started by reaper.ts, with its
// standard input as the only tie: what is still registered when that ends was left behind.
//
// Plain JavaScript, and what it needs is loaded at the end, so that it costs next to nothing while it waits.

const { rmSync } = require('node:fs');
const { createInterface } = require('node:readline');
const { setTimeout: wait } = require('node:timers/promises');

const [, , taskProcesses, loader] = process.argv;
const registered = new Map();

/** How long a process may take to get its environment, in milliseconds. The system does it at once, unless it has a lot to do. */
const startPatienceMs = 2000;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) {
  process.on(signal, () => {});
}

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const { id, task, folder } = read(line);
  if (task === undefined && folder === undefined) {
    registered.delete(id);
  } else {
    registered.set(id, { task, folder });
  }
});
lines.on('close', async () => {
  const left = [...registered.values()];
  const tasks = left.filter(({ task }) => task !== undefined);
  if (tasks.length > 0) {
    if (loader !== undefined) {
      require(loader);
    }
    const { killTask } = require(taskProcesses);
    await Promise.allSettled(tasks.map(({ task }) => kill(task, killTask)));
  }
  // When nobody writes into them any more.
  for (const { folder } of left.filter(({ folder }) => folder !== undefined)) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
});

// One without a group was about to be started at that very moment, and may come a moment later.
async function kill(task, killTask) {
  const until = performance.now() + (task.group === undefined ? startPatienceMs : 0);
  do {
    await killTask(task);
    await wait(50);
  } while (performance.now() < until);
}

// The last line may be half a one.
function read(line) {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}
