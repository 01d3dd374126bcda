import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

/** Versions of the CDK that somebody may have. */
export interface CdkVersions {
  readonly 'aws-cdk-lib': string;
  readonly constructs: string;

  /** `undefined` where no cdk-nag goes with the others. */
  readonly 'cdk-nag': string | undefined;
}

/** The package as `npm pack` makes it. */
export function pack(folder: string): string {
  const [made] = JSON.parse(run(root, 'npm', ['pack', '--json', '--pack-destination', folder])) as {
    filename: string;
  }[];
  return join(folder, made?.filename ?? '');
}

/** A fresh app of `cdk init`, outside of the repository, into which the package was installed. */
export class ConsumerApp {
  readonly folder = mkdtempSync(join(tmpdir(), 'consumer-'));

  constructor(tarball: string, { 'cdk-nag': nag, ...versions }: CdkVersions) {
    run(this.folder, process.execPath, [
      join(root, 'node_modules/aws-cdk/bin/cdk'),
      ...['init', 'app', '--language', 'typescript', '--generate-only'],
    ]);
    for (const generated of ['bin', 'lib', 'test']) {
      rmSync(join(this.folder, generated), { recursive: true });
    }
    cpSync(join(__dirname, 'consumer'), this.folder, { recursive: true });
    if (nag === undefined) {
      rmSync(join(this.folder, 'bin/scanned-app.ts'));
    }
    writeFileSync(
      join(this.folder, 'cdk.context.json'),
      JSON.stringify({ team: 'shop', blueActive: true, blueWeight: 1, greenActive: true, greenWeight: 1 }),
    );
    this.edit('package.json', ({ dependencies, ...rest }) => ({
      ...rest,
      dependencies: { ...(dependencies as object), ...versions, 'ecs-blue-green': `file:${tarball}` },
      devDependencies: {
        ...(rest.devDependencies as object),
        ...(nag ? { 'cdk-nag': nag } : {}),
        'typescript-5': 'npm:typescript@5.9.3',
      },
    }));
    run(this.folder, 'npm', ['install', '--no-audit', '--no-fund', '--prefer-offline']);
  }

  /** The version of a package that was installed, and where: more than one place would be more than one copy. */
  installed(name: string): readonly string[] {
    const list = JSON.parse(run(this.folder, 'npm', ['ls', name, '--all', '--json'])) as Tree;
    return [...new Set(versionsIn(list, name))];
  }

  /**
   * Checks the types of the whole app, the package's own declarations among them.
   *
   * @returns what the compiler says; nothing when all is well
   */
  typeErrors(compiler: string, module: string, moduleResolution: string): string {
    const file = `tsconfig.${module}.json`;
    writeFileSync(
      join(this.folder, file),
      JSON.stringify({
        compilerOptions: {
          ...{ module, moduleResolution, target: 'ES2022', lib: ['es2022'], strict: true },
          ...{ noEmit: true, types: ['node'], skipLibCheck: false },
        },
        include: ['bin', 'lib'],
      }),
    );
    const { stdout, stderr } = spawnSync('npx', ['--no', '--', ...compiler.split(' '), '-p', file], {
      cwd: this.folder,
      encoding: 'utf8',
    });
    return `${stdout}${stderr}`;
  }

  /**
   * Runs `cdk synth`.
   *
   * @returns the exit code, what was printed, and the folder of the cloud assembly
   */
  synth(
    app: string,
    flags: readonly string[],
  ): { readonly status: number | null; readonly output: string; readonly assembly: string } {
    const assembly = join(this.folder, 'cdk.out');
    rmSync(assembly, { recursive: true, force: true });
    mkdirSync(assembly);
    const { status, stdout, stderr } = spawnSync(
      'npx',
      ['--no', '--', 'cdk', 'synth', '-q', '--app', `npx tsx ${app}`, ...flags.flatMap((flag) => ['-c', flag])],
      {
        cwd: this.folder,
        encoding: 'utf8',
        env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true', AWS_EC2_METADATA_DISABLED: 'true' },
      },
    );
    return { status, output: `${stdout}${stderr}`, assembly };
  }

  /** Runs the command of the package that rehearses a release. */
  rehearse(...words: readonly string[]): { readonly status: number | null; readonly output: string } {
    const { status, stdout, stderr } = spawnSync('npx', ['--no', '--', 'ecs-blue-green-rehearse', ...words], {
      cwd: this.folder,
      encoding: 'utf8',
    });
    return { status, output: `${stdout}${stderr}` };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private edit(file: string, change: (content: Record<string, unknown>) => unknown): void {
    const path = join(this.folder, file);
    writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8'))), undefined, 2));
  }
}

interface Tree {
  readonly dependencies?: Readonly<Record<string, Tree & { readonly version?: string }>>;
}

function versionsIn({ dependencies = {} }: Tree, name: string): string[] {
  return Object.entries(dependencies).flatMap(([key, tree]) => [
    ...(key === name && tree.version ? [tree.version] : []),
    ...versionsIn(tree, name),
  ]);
}

/** The version of a package that this repository is developed with. */
export function versionOf(name: string): string {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return devDependencies[name];
}

function run(cwd: string, command: string, args: readonly string[]): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 * 1024 * 1024 });
}
