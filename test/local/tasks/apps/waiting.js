// Waits until a file says on which port to listen.
const { existsSync, readFileSync } = require('node:fs');
const { createServer } = require('node:http');

const [, , file] = process.argv;
const waiting = setInterval(() => {
  if (existsSync(file)) {
    clearInterval(waiting);
    createServer((_, response) => response.end('hello\n')).listen(Number(readFileSync(file, 'utf8')), '127.0.0.1');
  }
}, 10);
