// Answers after as many milliseconds as it is asked for, with its words, its variables and its process. Ends when its last answer is
// given, unless it is deaf. One that is late takes a second until it answers a health check.
const { createServer } = require('node:http');

const server = createServer(({ url }, response) => {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const lateMs = pathname === '/health' && process.argv.includes('late') ? 1000 : 0;
  const answer = { pid: process.pid, words: process.argv.slice(2), environment: process.env };
  setTimeout(() => response.end(JSON.stringify(answer)), Number(searchParams.get('ms') ?? lateMs));
});
server.keepAliveTimeout = 0;
server.listen(process.env.PORT, process.env.HOST);
process.on('SIGTERM', () => {
  if (!process.argv.includes('deaf')) {
    server.close(() => process.exit());
    setInterval(() => server.closeIdleConnections(), 10);
  }
});
