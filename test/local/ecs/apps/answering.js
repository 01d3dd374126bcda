// Answers with its slot, its process and its variables.
const { createServer } = require('node:http');

const server = createServer((_, response) => {
  const { SLOT, TEXT, AWS_PROFILE } = process.env;
  response.end(JSON.stringify({ pid: process.pid, SLOT, TEXT, AWS_PROFILE }));
});
server.listen(Number(process.env.PORT), process.env.HOST);
process.on('SIGTERM', () => process.exit(0));
