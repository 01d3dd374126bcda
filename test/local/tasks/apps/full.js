// Listens on PORT and takes no connection any more, as a process that is too busy: the system keeps some for it, and then none.
const { createServer } = require('node:net');

createServer().listen({ port: Number(process.env.PORT), host: '127.0.0.1', backlog: 1 }, () => {
  console.log('listening');
  process.kill(process.pid, 'SIGSTOP');
});
