// An app that listens, and says that it is not healthy whatever it is asked.
const { createServer } = require('node:http');

createServer((_, response) => response.writeHead(500).end()).listen(process.env.PORT, process.env.HOST);
