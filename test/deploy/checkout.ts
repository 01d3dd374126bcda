import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Context, freshContext } from '../fresh-context';

const root = path.resolve(__dirname, '..', '..');
const { app } = require('../../cdk.json');
const { blueActive, blueWeight, greenActive, greenWeight, ...common } = freshContext;

/** A checkout of this project whose two files hold other settings and another state. */
export class Checkout {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'checkout-'));

  /** @param settings those of `cdk.json`, besides what a fresh clone has there */
  constructor(settings: Context, state: Context) {
    for (const part of ['bin', 'lib', 'node_modules']) {
      symlinkSync(path.join(root, part), path.join(this.folder, part));
    }
    this.write('cdk.json', { app, context: { ...common, ...settings } });
    this.write('cdk.context.json', state);
  }

  /** Writes down a part of the state; the rest stays, and so does what the CDK has looked up. */
  hold(state: Context): void {
    const file = path.join(this.folder, 'cdk.context.json');
    this.write('cdk.context.json', { ...JSON.parse(readFileSync(file, 'utf8')), ...state });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private write(name: string, content: unknown): void {
    writeFileSync(path.join(this.folder, name), JSON.stringify(content, undefined, 2));
  }
}
