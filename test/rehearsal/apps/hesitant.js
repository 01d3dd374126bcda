// Answers about when a client with 100 ms of patience gives up: sometimes before, sometimes after, often in the same moment.
const { createServer } = require('node:http');

const server = createServer((request, response) => {
  setTimeout(() => response.end('at last\n'), request.url === '/health' ? 0 : 85 + Math.random() * 30);
});
server.keepAliveTimeout = 0;
server.listen(Number(process.env.PORT), '127.0.0.1');
