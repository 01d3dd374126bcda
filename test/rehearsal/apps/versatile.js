// Does what the environment says: in its MODE it fails, hangs or waits for a moment, with all but health checks. PID_FILE, if given, gets its number.
const { createServer } = require('node:http');
const { writeFileSync } = require('node:fs');

const { MODE, PORT, PID_FILE } = process.env;
if (PID_FILE) {
  writeFileSync(PID_FILE, `${process.pid}`);
}
const server = createServer((request, response) => {
  if (request.url === '/stream') {
    response.write('the beginning of a long story\n');
    return;
  }
  if (request.url !== '/health' && MODE === 'hang') {
    return;
  }
  if (request.url !== '/health' && MODE === 'wait') {
    setTimeout(() => response.end('hello\n'), 100);
    return;
  }
  response.statusCode = request.url !== '/health' && MODE === 'fail' ? 500 : 200;
  response.end('hello\n');
});
server.keepAliveTimeout = 0;
server.listen(Number(PORT), '127.0.0.1');
