// Says that it is another slot than it is.
const { createServer } = require('node:http');

const server = createServer((_, response) => {
  response.setHeader('x-slot', 'blue');
  response.end('blue\n');
});
server.keepAliveTimeout = 0;
server.listen(Number(process.env.PORT), '127.0.0.1');
