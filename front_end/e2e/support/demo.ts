import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { environment, program } from './console';

interface Door {
  address: string;
  name: string;
  password: string;
}

/** The two consoles of `efls-console demo`, after they have joined and trained. */
export class Demo {
  readonly host: Door;
  readonly peer: Door;
  readonly #folder: string;
  readonly #process: ChildProcess;

  private constructor(folder: string, process: ChildProcess, [host, peer]: [Door, Door]) {
    this.#folder = folder;
    this.#process = process;
    this.host = host;
    this.peer = peer;
  }

  static async start(): Promise<Demo> {
    const folder = await mkdtemp(join(tmpdir(), 'efls-demo-'));
    const [host, peer] = await Promise.all([freePort(), freePort()]);
    const child = spawn(
      program(),
      ['demo', '--dir', folder, '--host-port', String(host), '--peer-port', String(peer)],
      { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'], env: environment({}) },
    );
    const doors: Door[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      const [, address, name, password] = /(http:\S+)\s+user (\S+)\s+password (\S+)/.exec(line) ?? [];
      if (address && name && password) {
        doors.push({ address, name, password });
      }
      const [first, second] = doors;
      if (first && second) {
        return new Demo(folder, child, [first, second]);
      }
    }
    throw new Error('the demo ended before it said where its consoles are');
  }

  async remove(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGINT');
    await ended;
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
