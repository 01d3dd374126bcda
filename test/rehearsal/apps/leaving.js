// Ends by itself at the first request that is no health check.
const { createServer } = require('node:http');

createServer((request, response) => {
  response.end('still here\n');
  if (request.url !== '/health') {
    console.log('I am off');
    process.exit(7);
  }
}).listen(Number(process.env.PORT), '127.0.0.1');
