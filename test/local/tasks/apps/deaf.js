// Does not end when it is asked to, and notes that it was in the file NOTES, if there is one.
const { appendFileSync } = require('node:fs');
const { createServer } = require('node:http');

process.on('SIGTERM', () => process.env.NOTES && appendFileSync(process.env.NOTES, 'asked\n'));
createServer((_, response) => response.end('hello\n')).listen(Number(process.env.PORT), '127.0.0.1');
