// Does not end when it is asked to.
const { createServer } = require('node:http');

process.on('SIGTERM', () => {});
createServer((_, response) => response.end('hello\n')).listen(Number(process.env.PORT), '127.0.0.1');
