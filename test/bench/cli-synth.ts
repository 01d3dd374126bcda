import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planeNames } from '../../lib/release/plane-limits';
import { printRows, sideBySide } from './measure';

const root = join(__dirname, '..', '..');

/** `cdk synth -q` of this app against that of an empty app as `cdk init app --language typescript` lays it out. */
export function benchCliSynth(rounds: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const empty = emptyApp(join(folder, 'empty'));
    const contestants = {
      empty: () => synth(empty, join(folder, 'empty.out')),
      ...Object.fromEntries(
        planeNames.map((plane) => [plane, () => synth(root, join(folder, `${plane}.out`), `-c`, `trafficPlane=${plane}`)]),
      ),
    };
    const times = sideBySide(contestants, rounds) as Record<string, number>;
    const peer = times.empty ?? Number.NaN;
    printRows(
      `cdk synth -q, median of ${rounds}`,
      'an empty app of cdk init',
      planeNames.map((plane) => ({
        what: plane,
        ours: seconds(times[plane]),
        peer: seconds(peer),
        ratio: (times[plane] ?? Number.NaN) / peer,
        goal: 1,
      })),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// The layout, commands and compiler options of the template, with the same versions as this project.
function emptyApp(folder: string): string {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  mkdirSync(join(folder, 'lib'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
  const featureFlags = Object.fromEntries(Object.entries(context).filter(([key]) => key.startsWith('@aws-cdk')));
  const files = {
    'package.json': { name: 'empty', version: '0.1.0' },
    'cdk.json': { app: 'npx tsc && npx tsx bin/empty.ts', context: featureFlags },
    'tsconfig.json': {
      compilerOptions: {
        target: 'ES2022',
        module: 'NodeNext',
        moduleResolution: 'NodeNext',
        lib: ['es2022'],
        declaration: true,
        strict: true,
        inlineSourceMap: true,
        inlineSources: true,
        experimentalDecorators: true,
        skipLibCheck: true,
        typeRoots: ['./node_modules/@types'],
        noEmit: true,
        isolatedModules: true,
        types: ['jest', 'node'],
      },
      exclude: ['node_modules', 'cdk.out'],
    },
  };
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), JSON.stringify(content));
  }
  writeFileSync(
    join(folder, 'lib', 'empty-stack.ts'),
    "import * as cdk from 'aws-cdk-lib/core';\nimport { Construct } from 'constructs';\nexport class EmptyStack extends cdk.Stack {\n" +
      '  constructor(scope: Construct, id: string, props?: cdk.StackProps) {\n    super(scope, id, props);\n  }\n}\n',
  );
  writeFileSync(
    join(folder, 'bin', 'empty.ts'),
    "#!/usr/bin/env node\nimport * as cdk from 'aws-cdk-lib/core';\nimport { EmptyStack } from '../lib/empty-stack';\nconst app = new cdk.App();\nnew EmptyStack(app, 'EmptyStack', {});\n",
  );
  return folder;
}

function synth(folder: string, out: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/aws-cdk/bin/cdk'), 'synth', '-q', '-o', out, ...args],
    {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true', AWS_EC2_METADATA_DISABLED: 'true' },
    },
  );
  if (status !== 0) {
    throw new Error(`cdk synth of ${folder} failed: ${stderr}`);
  }
}

function seconds(milliseconds = Number.NaN): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
