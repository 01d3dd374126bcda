// Listens, and is never well.
const { createServer } = require('node:http');

createServer((_, response) => {
  response.writeHead(500);
  response.end();
}).listen(Number(process.env.PORT), process.env.HOST);
