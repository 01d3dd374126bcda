// @ts-check
// What a slot runs until it is given an image: it says which slot answers, and nothing else. This text is the command of its container.

const { createServer } = require('node:http');

// biome-ignore lint/style/noProcessEnv: it runs in a container, and is no part of this room
const { HOST, PORT, SLOT } = process.env;
// No template text: CloudFormation's own would look like it.
const text = [SLOT, 'on Node.js', process.versions.node].join(' ').concat('\n');
let ending = false;

// Whatever is asked, the answer is the same: what a stranger sends is kept nowhere, and costs no more than a line of text.
const server = createServer((_, response) => {
  response.writeHead(200, {
    'content-type': 'text/plain',
    'cache-control': 'no-store',
    ...(ending ? { connection: 'close' } : {}),
  });
  response.end(text);
});
// Longer than a load balancer can be told to keep a silent connection, which is 4000 s.
server.keepAliveTimeout = 4_100_000;
server.listen(Number(PORT), HOST);

// Requests may still come in while the plane takes the task out: for as many seconds as the last word of the command says.
process.on('SIGTERM', () => {
  ending = true;
  setTimeout(() => server.close(() => process.exit()), 1000 * Number(process.argv[1]));
});
