import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** How a window looks. */
export interface WindowOptions {
  readonly dark?: boolean;

  /** In pixels. */
  readonly width?: number;
  readonly height?: number;

  /** Whether the person who looks wants nothing to move. */
  readonly isStill?: boolean;
}

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly sessionId?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/**
 * A browser that is driven while it shows what changes.
 *
 * @see https://chromedevtools.github.io/devtools-protocol/
 */
export class DrivenChromium {
  static async start(binary: string): Promise<DrivenChromium> {
    const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
    const browser = spawn(
      binary,
      [
        ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
        ...['--disable-background-networking', '--disable-component-update', '--hide-scrollbars'],
        ...[`--user-data-dir=${profile}`, '--remote-debugging-pipe'],
      ],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
    );
    await once(browser, 'spawn');
    return new DrivenChromium(browser, profile);
  }

  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private readonly listeners = new Set<(answer: Answer) => void>();
  private last = 0;

  private constructor(
    private readonly browser: ChildProcess,
    private readonly profile: string,
  ) {
    let rest = '';
    (browser.stdio[4] as Readable).setEncoding('utf8').on('data', (chunk: string) => {
      const messages = (rest + chunk).split('\0');
      rest = messages.pop() ?? '';
      for (const message of messages) {
        this.take(JSON.parse(message));
      }
    });
  }

  /** Opens a window, and waits until the page in it is loaded. */
  async open(url: string, { dark = false, width = 1160, height = 900, isStill = false }: WindowOptions = {}): Promise<Window> {
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const window = new Window((method, params) => this.send(method, params, `${sessionId}`));
    await window.send('Page.enable');
    await window.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: width < 600 });
    await window.send('Emulation.setEmulatedMedia', {
      features: [
        { name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' },
        { name: 'prefers-reduced-motion', value: isStill ? 'reduce' : 'no-preference' },
      ],
    });
    const loaded = new Promise<void>((resolve) => {
      const listener = ({ method, sessionId: of }: Answer) => {
        if (method === 'Page.loadEventFired' && of === sessionId) {
          this.listeners.delete(listener);
          resolve();
        }
      };
      this.listeners.add(listener);
    });
    await window.send('Page.navigate', { url });
    await loaded;
    return window;
  }

  /** Ends the browser. */
  async stop(): Promise<void> {
    const ended = once(this.browser, 'exit');
    // By itself, so that its other processes end with it.
    await Promise.race([this.send('Browser.close'), ended]);
    await ended;
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  private async send(method: string, params: object = {}, sessionId?: string): Promise<Record<string, unknown>> {
    this.last += 1;
    const id = this.last;
    const answer = new Promise<Answer>((resolve) => this.waiting.set(id, resolve));
    (this.browser.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, ...(sessionId ? { sessionId } : {}) })}\0`);
    const { result = {}, error } = await answer;
    if (error) {
      throw new Error(`${method}: ${error.message}`);
    }
    return result;
  }

  private take(answer: Answer): void {
    if (answer.id === undefined) {
      for (const listener of this.listeners) {
        listener(answer);
      }
    } else {
      this.waiting.get(answer.id)?.(answer);
      this.waiting.delete(answer.id);
    }
  }
}

/** A window of the browser. */
export class Window {
  constructor(readonly send: (method: string, params?: object) => Promise<Record<string, unknown>>) {}

  /**
   * What an expression is in the page; a promise is waited for.
   *
   * @throws Error when it throws
   */
  async find<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = (await this.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    })) as { result: { value: T }; exceptionDetails?: { exception?: { description?: string } } };
    if (exceptionDetails) {
      throw new Error(exceptionDetails.exception?.description ?? 'expected an expression that does not throw');
    }
    return result.value;
  }

  /** Presses a key. */
  async press(key: string, code: number): Promise<void> {
    for (const type of ['rawKeyDown', 'keyUp']) {
      await this.send('Input.dispatchKeyEvent', { type, key, code: key, windowsVirtualKeyCode: code });
    }
  }

  /** A picture of the page, as PNG: of what is seen, or of all of it. */
  async picture(isWhole = false): Promise<Buffer> {
    const { data } = await this.send('Page.captureScreenshot', { format: 'png', captureBeyondViewport: isWhole });
    return Buffer.from(`${data}`, 'base64');
  }
}
