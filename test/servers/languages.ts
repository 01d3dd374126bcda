import { execFileSync, spawnSync } from 'node:child_process';
import { basename, extname, join } from 'node:path';

interface Language {
  readonly name: string;

  /** Programs that must be on the `PATH`, each with words by which it says only that it is there. */
  readonly programs: readonly (readonly [string, ...string[]])[];

  /** Makes a program of a source. Without it, the source is run as it is. */
  readonly compile?: (source: string, folder: string) => readonly [string, ...string[]];

  /** The shell command that runs it. */
  readonly run: (source: string, folder: string) => string;
}

const program = (source: string, folder: string) => join(folder, basename(source, extname(source)));
const runProgram = (source: string, folder: string) => `"${program(source, folder)}"`;

/** The languages of the servers, by what the names of their sources end with. */
export const languages = {
  '.c': {
    name: 'C',
    programs: [['cc', '--version']],
    compile: (source, folder) => ['cc', '-O1', '-o', program(source, folder), source],
    run: runProgram,
  },
  '.go': {
    name: 'Go',
    programs: [['go', 'version']],
    compile: (source, folder) => ['go', 'build', '-o', program(source, folder), source],
    run: runProgram,
  },
  '.java': {
    name: 'Java',
    programs: [
      ['javac', '-version'],
      ['java', '-version'],
    ],
    compile: (source, folder) => ['javac', '-d', folder, source],
    // Without its own file of figures, which stays in the folder for temporary files when it is killed.
    run: (source, folder) => `java -XX:-UsePerfData -XX:TieredStopAtLevel=1 -cp "${folder}" ${basename(source, '.java')}`,
  },
  '.js': { name: 'JavaScript', programs: [['node', '--version']], run: (source) => `node "${source}"` },
  '.pl': { name: 'Perl', programs: [['perl', '-MIO::Socket::INET', '-e', '1']], run: (source) => `perl "${source}"` },
  '.py': { name: 'Python', programs: [['python3', '--version']], run: (source) => `python3 "${source}"` },
  '.rs': {
    name: 'Rust',
    programs: [['rustc', '--version']],
    compile: (source, folder) => ['rustc', '-o', program(source, folder), source],
    run: runProgram,
  },
} as const satisfies Readonly<Record<string, Language>>;

type Ending = keyof typeof languages;

/** The language of a source. */
export function languageOf(source: string): Language {
  return languages[extname(source) as Ending];
}

/** Whether a language can be compiled and run on this machine. */
export function isInstalled({ programs }: Language): boolean {
  return programs.every(([name, ...words]) => spawnSync(name, words, { stdio: 'ignore' }).status === 0);
}

/** Compiles a source into a folder; nothing to do for a language that is run as it is. */
export function compile(source: string, folder: string): void {
  const [name, ...words] = languageOf(source).compile?.(source, folder) ?? [];
  if (name !== undefined) {
    execFileSync(name, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  }
}
