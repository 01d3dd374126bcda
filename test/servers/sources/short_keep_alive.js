// Closes a connection after one second without a request.
const { createServer } = require('node:http');

const server = createServer((_, response) => response.end('hello\n'));
server.keepAliveTimeout = 1000;
server.listen(Number(process.env.PORT), '127.0.0.1');
