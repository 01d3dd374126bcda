// The app of a slot when the user brings none: it says which slot it is, counts what it gets, and misbehaves when told to.
// Started by a rehearsal with PORT, SLOT and COUNTERS in its environment.

import { createServer } from 'node:http';
import { rehearsalHeaders } from '../envoy/envoy-configuration';
import { Counters } from './counters';
import type { FaultMessage, FaultName } from './fault';

const { PORT, SLOT = '', COUNTERS = '' } = process.env;
const counters = COUNTERS === '' ? undefined : new Counters(COUNTERS);
let fault: FaultName | undefined;
let delayMs = 0;

const server = createServer((request, response) => {
  const phase = Number(request.headers[rehearsalHeaders.phase] ?? Number.NaN);
  // What bears no phase is a health check, whatever its path.
  if (!Number.isInteger(phase)) {
    response.end(`${SLOT}\n`);
    return;
  }
  const count = (kind: 'received' | 'ok' | 'error') => counters?.add(phase, kind);
  count('received');
  const status = fault === 'error' && Math.random() < 0.5 ? 503 : 200;
  const answer = () => {
    if (response.destroyed) {
      return;
    }
    // First: nobody can have an answer that is not counted yet. And both at once: no crash that it is told of can come between.
    count(status === 200 ? 'ok' : 'error');
    response.writeHead(status, { 'content-type': 'text/plain', [rehearsalHeaders.appSlot]: SLOT });
    response.end(`${SLOT}\n`);
  };
  if (fault === 'slow') {
    setTimeout(answer, delayMs);
  } else {
    answer();
  }
});

// Envoy keeps its connections for an hour; Node's 5 s would close one under a request that is on its way.
server.keepAliveTimeout = 0;
server.listen(Number(PORT), '127.0.0.1');

function stop(): void {
  server.close(() => process.exit(0));
  // One whose answer is under way becomes idle a moment later, and nobody else would close it.
  setInterval(() => server.closeIdleConnections(), 10);
}

process.on('SIGTERM', stop);
// The rehearsal is gone: nobody else will end this app.
process.on('disconnect', () => process.exit(0));
process.on('message', (message: FaultMessage) => {
  fault = message.fault;
  delayMs = message.delayMs;
  if (fault === 'crash') {
    process.kill(process.pid, 'SIGKILL');
  }
  if (fault === 'refuse') {
    server.close();
    server.closeAllConnections();
  }
});
