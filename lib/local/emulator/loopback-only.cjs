// Loaded into every Node process that works with the emulator: what does not stay on this machine is written down and refused.
const { appendFileSync } = require('node:fs');
const net = require('node:net');

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const [options] = Array.isArray(args[0]) ? args[0] : args;
  const host = typeof options === 'object' ? options.host : args[1];
  const local = options?.path !== undefined || host === undefined || /^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(host);
  if (!local) {
    appendFileSync(process.env.REFUSED_CONNECTIONS, `${host}\n`);
    this.destroy(new Error(`connection to ${host} refused: the emulator stays on this machine`));
    return this;
  }
  return connect.apply(this, args);
};
