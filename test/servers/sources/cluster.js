// Several processes behind one port. They end with the first one.
const cluster = require('node:cluster');
const { createServer } = require('node:http');

if (cluster.isPrimary) {
  for (let worker = 0; worker < 3; worker += 1) {
    cluster.fork();
  }
} else {
  const server = createServer((_, response) => response.end(`hello from ${process.pid}\n`));
  server.keepAliveTimeout = 0;
  server.listen(Number(process.env.PORT), '127.0.0.1');
}
