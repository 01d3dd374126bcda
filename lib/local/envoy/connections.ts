import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * How many connections a process has to a local port, those among them that it has just begun.
 *
 * @param pid the process that has opened them
 */
export function connectionsTo(port: number, pid: number, platform: NodeJS.Platform = process.platform): Promise<number> {
  return platform === 'linux' ? onLinux(port, pid) : elsewhere(port, pid);
}

// https://docs.kernel.org/networking/proc_net_tcp.html: local address, remote address, state, ..., inode.
// https://github.com/torvalds/linux/blob/master/include/net/tcp_states.h: 01 is established, 02 has sent its SYN.
async function onLinux(port: number, pid: number): Promise<number> {
  const remote = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const sockets = (await readFile('/proc/net/tcp', 'utf8'))
    .split('\n')
    .filter((line) => line.includes(remote))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , address, state]) => address?.endsWith(remote) && (state === '01' || state === '02'))
    .map((columns) => `socket:[${columns[9]}]`);
  if (sockets.length === 0) {
    return 0;
  }
  const folder = `/proc/${pid}/fd`;
  // The process may have just ended, or closed one of them.
  const files = await readdir(folder).catch(() => []);
  const open = new Set(await Promise.all(files.map((file) => readlink(`${folder}/${file}`).catch(() => ''))));
  return sockets.filter((socket) => open.has(socket)).length;
}

const run = promisify(execFile);

async function elsewhere(port: number, pid: number): Promise<number> {
  const words = ['-nP', '-a', '-p', `${pid}`, `-iTCP:${port}`, '-sTCP:ESTABLISHED,SYN_SENT'];
  // It ends with 1 when it found none.
  const { stdout } = await run('lsof', words).catch(() => ({ stdout: '' }));
  return stdout.split('\n').filter((line) => line.includes(`:${port} (`)).length;
}
