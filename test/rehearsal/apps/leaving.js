// Ends by itself while nobody looks.
const { createServer } = require('node:http');

createServer((_, response) => response.end('still here\n')).listen(Number(process.env.PORT), '127.0.0.1');
setTimeout(() => {
  console.log('I am off');
  process.exit(7);
}, 300);
