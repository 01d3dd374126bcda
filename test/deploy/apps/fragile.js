// An app that is healthy until a user asks for something.
const { createServer } = require('node:http');

createServer((request, response) => {
  if (request.url !== '/health') {
    process.exit(1);
  }
  response.end('fine\n');
}).listen(process.env.PORT, process.env.HOST);
