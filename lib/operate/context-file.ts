import {
  accessSync,
  constants,
  existsSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type Node, type ParseError, parseTree } from 'jsonc-parser';
import type { ReleaseState } from '../release/release';
import { flagsOf } from '../settings/flags';
import { stageKeyName } from '../settings/stages';
import type { AskedService } from './asked-service';

const fileName = 'cdk.context.json';

/** How the flags were written down. */
export interface WrittenFlags {
  /** Whether the file is another one now. */
  readonly isChanged: boolean;

  /** Why the files do not declare these flags, with what to do; none when they do. */
  readonly problems: readonly string[];
}

/** `cdk.context.json`, in which the state of the slots is declared; with a stage, under the keys of that stage. */
export class ContextFile {
  private readonly path: string;

  constructor(private readonly asked: Pick<AskedService, 'folder' | 'stage'>) {
    this.path = join(asked.folder, fileName);
  }

  /**
   * Declares a state. All else in the file stays as it is, byte for byte, and so does the kind of each value: one that is text stays text.
   * The file is written as a whole or not at all; without one, it is made.
   *
   * Throws nothing: whoever calls this has deployed the state already, and has to say what is left to do.
   */
  write(state: ReleaseState): WrittenFlags {
    const flags = this.flags(state);
    try {
      const { before, after } = this.texts(flags);
      if (after === undefined) {
        return { isChanged: false, problems: [this.problem('got something that is not a JSON object', flags)] };
      }
      if (after !== before) {
        replaceFile(this.path, after);
      }
      return { isChanged: after !== before, problems: overruled(join(this.asked.folder, 'cdk.json'), flags) };
    } catch (error) {
      return { isChanged: false, problems: [this.problem(`got ${(error as Error).message}`, flags)] };
    }
  }

  /** Why the files could not be made to declare a state, with what to do; none when they could. Changes nothing. */
  obstacles(state: ReleaseState): readonly string[] {
    const flags = this.flags(state);
    try {
      if (this.texts(flags).after === undefined) {
        return [this.problem('got something that is not a JSON object', flags)];
      }
      // It is replaced, so what counts is the folder in which it really is.
      accessSync(dirname(existsSync(this.path) ? realpathSync(this.path) : this.path), constants.W_OK);
      return overruled(join(this.asked.folder, 'cdk.json'), flags);
    } catch (error) {
      return [this.problem(`got ${(error as Error).message}`, flags)];
    }
  }

  /** The command with which what was written is kept, as a person types it. */
  commitCommand(message: string): string {
    return `git commit -m ${JSON.stringify(message)} ${fileName}`;
  }

  private texts(flags: Readonly<Record<string, boolean | number>>) {
    const before = readIfThere(this.path);
    return { before, after: before === undefined ? `${JSON.stringify(flags, undefined, 2)}\n` : withFlags(before, flags) };
  }

  private flags(state: ReleaseState): Readonly<Record<string, boolean | number>> {
    const { stage } = this.asked;
    const named = Object.entries(flagsOf(state));
    return Object.fromEntries(named.map(([key, value]) => [stage === undefined ? key : stageKeyName(stage, key), value]));
  }

  private problem(got: string, flags: Readonly<Record<string, unknown>>): string {
    const wanted = Object.entries(flags).map(([key, value]) => `"${key}": ${value}`);
    return `${fileName}: ${got}, expected a file that can be written; put ${wanted.join(', ')} into it yourself`;
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

function withFlags(text: string, flags: Readonly<Record<string, boolean | number>>): string | undefined {
  let done = text;
  for (const [key, value] of Object.entries(flags)) {
    const object = objectIn(done);
    if (object === undefined) {
      return undefined;
    }
    // Of a key that stands there twice, the last one holds.
    const [old] = (object.children ?? [])
      .flatMap(({ children: [name, held] = [] }) => (name?.value === key ? (held ?? []) : []))
      .slice(-1);
    if (old === undefined) {
      done = withProperty(done, object, `"${key}": ${value}`);
    } else if (`${old.value}` !== `${value}`) {
      const shown = old.type === 'string' ? JSON.stringify(`${value}`) : `${value}`;
      done = `${done.slice(0, old.offset)}${shown}${done.slice(old.offset + old.length)}`;
    }
  }
  return done;
}

function objectIn(text: string): Node | undefined {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true });
  return errors.length === 0 && tree?.type === 'object' ? tree : undefined;
}

// Behind the last property, with as much space in front as that one has.
function withProperty(text: string, { offset, children = [] }: Node, property: string): string {
  const last = children.at(-1);
  if (last === undefined) {
    return `${text.slice(0, offset)}{\n  ${property}\n${text.slice(text.indexOf('}', offset))}`;
  }
  const [space = ''] = /\s*$/.exec(text.slice(0, last.offset)) ?? [];
  const end = last.offset + last.length;
  return `${text.slice(0, end)},${space}${property}${text.slice(end)}`;
}

// In the same folder, so that it can take the place of the other one at once.
function replaceFile(path: string, text: string): void {
  let target = path;
  let mode: number | undefined;
  try {
    target = realpathSync(path);
    ({ mode } = statSync(target));
  } catch {
    // A new file.
  }
  const unfinished = `${target}.${process.pid}`;
  try {
    writeFileSync(unfinished, text, { mode });
    renameSync(unfinished, target);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

// What stands in cdk.json goes before what stands in cdk.context.json.
function overruled(path: string, flags: Readonly<Record<string, boolean | number>>): string[] {
  const text = readIfThere(path);
  let context: Readonly<Record<string, unknown>>;
  try {
    context = (text === undefined ? undefined : JSON.parse(text).context) ?? {};
  } catch (error) {
    return [`cdk.json: got something that is not JSON (${(error as Error).message}), expected the context of the app; mend it`];
  }
  return Object.keys(flags)
    .filter((key) => context[key] !== undefined)
    .map(
      (key) =>
        `${key}: got ${JSON.stringify(context[key])} in cdk.json, which goes before ${fileName}, expected it there only; take it out of cdk.json`,
    );
}
