// An app whose manner is the word in a file, so that it changes while it runs: `node moody.js FILE`.
const { readFileSync } = require('node:fs');
const { createServer } = require('node:http');

let asked = 0;

const manners = {
  errs: (_, response) => {
    asked += 1;
    response.statusCode = asked % 4 === 0 ? 500 : 200;
    response.end();
  },
  crashes: () => process.exit(1),
  breaks: (request) => request.socket.destroy(),
  // What asks waits for as long as it likes.
  hangs: () => {},
};

createServer((request, response) => {
  response.setHeader('x-slot', process.env.SLOT);
  const manner = request.url === '/health' ? undefined : manners[readFileSync(process.argv[2], 'utf8')];
  return manner ? manner(request, response) : response.end('fine\n');
}).listen(process.env.PORT, process.env.HOST);
