// Finishes what it is doing when it is asked to end, says so, and notes it in the file NOTES.
const { appendFileSync } = require('node:fs');
const { createServer } = require('node:http');

const note = (words) => appendFileSync(process.env.NOTES, `${words}\n`);
createServer((_, response) => response.end('hello\n')).listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => {
  note('asked');
  const saying = setInterval(() => console.log('finishing'), 100);
  setTimeout(() => {
    clearInterval(saying);
    note('done');
    process.exit(0);
  }, 1500);
});
