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
  // Who waits gets an answer when it is in another manner.
  hangs: (_, response) => {
    const look = setInterval(() => {
      if (manner() !== 'hangs') {
        clearInterval(look);
        response.end('late\n');
      }
    }, 100);
    response.on('close', () => clearInterval(look));
  },
};

const manner = () => readFileSync(process.argv[2], 'utf8');

// Who closes a connection in the moment in which a request is on its way loses it: a way in has to be the first to close.
createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
  response.setHeader('x-slot', process.env.SLOT);
  const answer = request.url === '/health' ? undefined : manners[manner()];
  return answer ? answer(request, response) : response.end('fine\n');
}).listen(process.env.PORT, process.env.HOST);
