// Answers after as many milliseconds as it is asked for, with its words, its variables and its process. Ends when its last answer is
// given, unless it is deaf.
const { createServer } = require('node:http');

const server = createServer(({ url }, response) => {
  const { searchParams } = new URL(url, 'http://localhost');
  const answer = { pid: process.pid, words: process.argv.slice(2), environment: process.env };
  setTimeout(() => response.end(JSON.stringify(answer)), Number(searchParams.get('ms') ?? 0));
});
server.keepAliveTimeout = 0;
server.listen(process.env.PORT, process.env.HOST);
process.on('SIGTERM', () => {
  if (!process.argv.includes('deaf')) {
    server.close(() => process.exit());
    setInterval(() => server.closeIdleConnections(), 10);
  }
});
