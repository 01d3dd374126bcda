// An app that takes five seconds to answer, and ends when its last answer is given.
const { createServer } = require('node:http');

const server = createServer((request, response) => {
  setTimeout(() => response.end(`${process.env.SLOT}\n`), request.url === '/health' ? 0 : 5000);
});
server.listen(process.env.PORT, process.env.HOST);
process.on('SIGTERM', () => {
  server.close(() => process.exit());
  setInterval(() => server.closeIdleConnections(), 50);
});
