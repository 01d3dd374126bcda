// @ts-check
// What a slot runs until it is given an image: it says which slot answers, and nothing else. This text is the command of its container.

const { createServer } = require('node:http');

// biome-ignore lint/style/noProcessEnv: it runs in a container, and is no part of this room
const { HOST, PORT, SLOT } = process.env;

// How long nobody asks any more before a task that is to end does so.
const quietMs = 10_000;

let ending = false;
/** @type {NodeJS.Timeout | undefined} */
let quiet;

function endWhenQuiet() {
  clearTimeout(quiet);
  quiet = setTimeout(() => process.exit(), quietMs);
}

// What a stranger sends is not read, and changes nothing.
const server = createServer(({ method }, response) => {
  const known = method === 'GET' || method === 'HEAD';
  if (ending || !known) {
    response.setHeader('connection', 'close');
  }
  response.writeHead(known ? 200 : 405, { 'content-type': 'text/plain', 'cache-control': 'no-store' });
  // No template text: CloudFormation's own would look like it.
  response.end(known ? [SLOT, 'on Node.js', process.versions.node].join(' ').concat('\n') : undefined);
  // HEAD is the check of the container itself.
  if (ending && method === 'GET') {
    endWhenQuiet();
  }
});
// Longer than a load balancer keeps a silent connection, which is 60 s.
server.keepAliveTimeout = 75_000;
server.listen(Number(PORT), HOST);

// Requests may still come in while the plane takes the task out.
process.on('SIGTERM', () => {
  ending = true;
  endWhenQuiet();
});
