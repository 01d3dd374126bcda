// An app of a user's: it knows nothing of rehearsals.
const { createServer } = require('node:http');

const paths = { '/': 200, '/health': 200, '/alive': 200 };
const server = createServer((request, response) => {
  response.statusCode = paths[request.url] ?? 404;
  response.end('hello\n');
});
server.keepAliveTimeout = 0;
server.listen(Number(process.env.PORT), '127.0.0.1');
