import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The program that is tested. */
export function program(): string {
  const path = process.env['EFLS_CONSOLE'];
  if (path === undefined) {
    throw new Error('EFLS_CONSOLE must name the program; `make test` sets it');
  }
  return path;
}

/** What the program gets of our environment: no setting of a developer's own. */
export function environment(settings: Record<string, string>): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: process.env['HOME'], ...settings };
}

/** A console of its own: a process, and a folder with its database and files. */
export class Console {
  readonly name: string;
  readonly #folder: string;
  readonly #settings: Record<string, string>;
  #process: ChildProcess | undefined;
  /** Where it is, base path included, without a slash at the end. */
  address = '';
  /** The one-time code of a console without accounts. */
  setupCode: string | undefined;

  private constructor(name: string, folder: string, settings: Record<string, string>) {
    this.name = name;
    this.#folder = folder;
    this.#settings = settings;
  }

  /** Starts a new console on a free port. */
  static async start(name: string, settings: Record<string, string> = {}): Promise<Console> {
    const folder = await mkdtemp(join(tmpdir(), `efls-${name}-`));
    const console = new Console(name, folder, settings);
    await console.#run('0');
    return console;
  }

  async #run(port: string): Promise<void> {
    const child = spawn(program(), ['serve', '--json', '--port', port], {
      cwd: this.#folder,
      stdio: ['ignore', 'pipe', process.env['EFLS_E2E_LOG'] === undefined ? 'ignore' : 'inherit'],
      env: environment({
        EFLS_SERVICE__NAME: this.name,
        EFLS_FEDERATION__ALLOW_LOOPBACK: 'true',
        ...this.#settings,
      }),
    });
    this.#process = child;
    for await (const line of createInterface({ input: child.stdout })) {
      const told = JSON.parse(line) as { address: string; setup_code: string | null };
      this.address = told.address.replace(/\/$/, '');
      this.setupCode = told.setup_code ?? undefined;
      return;
    }
    throw new Error(`the console ${this.name} did not start; EFLS_E2E_LOG=1 shows its log`);
  }

  /** Ends the process without a word, as a power cut would. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Starts it again, at the same address and with what it had. */
  async restart(): Promise<void> {
    await this.#run(new URL(this.address).port);
  }

  /** Ends it, and removes what it had. */
  async remove(): Promise<void> {
    await this.#end('SIGTERM');
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
      return;
    }
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }
}
