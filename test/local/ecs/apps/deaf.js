// Does not end when it is asked to.
const { createServer } = require('node:http');

process.on('SIGTERM', () => {});
createServer((_, response) => response.end()).listen(Number(process.env.PORT), process.env.HOST);
