// Sends everybody elsewhere, as an app behind a login would.
const { createServer } = require('node:http');

const server = createServer((request, response) => {
  response.writeHead(request.url === '/health' ? 200 : 301, { location: 'https://example.com/' });
  response.end();
});
server.keepAliveTimeout = 0;
server.listen(Number(process.env.PORT), '127.0.0.1');
