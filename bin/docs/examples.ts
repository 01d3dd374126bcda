import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import MarkdownIt from 'markdown-it';
import { type Page, root } from './pages';

// What an example may use without making it.
const given = `import type { App, aws_ec2, aws_ecs } from 'aws-cdk-lib';
import type { BlueGreenService } from 'ecs-blue-green';
declare global {
  const app: App;
  const vpc: aws_ec2.IVpc;
  const cluster: aws_ecs.ICluster;
  const shop: BlueGreenService;
}`;

/** The examples in TypeScript of a page, in their order. */
export function examplesOf({ text }: Page): string[] {
  return new MarkdownIt()
    .parse(text, {})
    .filter(({ type, info }) => type === 'fence' && info === 'ts')
    .map(({ content }) => content);
}

/** What the compiler says of the examples of some pages, one line each, with the page and the number of the example in front. */
export function exampleProblems(pages: readonly Page[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'examples-'));
  try {
    writeFileSync(join(folder, 'given.d.ts'), given);
    for (const page of pages) {
      for (const [index, example] of examplesOf(page).entries()) {
        writeFileSync(join(folder, `${page.path.replaceAll('/', '-')}-${index + 1}.ts`), inStack(example));
      }
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(configuration()));
    return compilerLines(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compilerLines(folder: string): string[] {
  try {
    execFileSync(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', folder, '--pretty', 'false'], {
      cwd: folder,
      encoding: 'utf8',
    });
    return [];
  } catch (error) {
    return `${(error as { stdout?: string }).stdout ?? error}`.trim().split('\n');
  }
}

// An example is what stands in the constructor of a stack, below its imports.
function inStack(example: string): string {
  const imports = example.match(/^import .*\n/gm) ?? [];
  const body = imports.reduce((text, line) => text.replace(line, ''), example);
  return `import { Stack as ExampleStack } from 'aws-cdk-lib';
${imports.join('')}export class Example extends ExampleStack {
  constructor() {
    super();
${body}  }
}
`;
}

function configuration(): object {
  const modules = join(root, 'node_modules');
  return {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      types: ['node'],
      typeRoots: [join(modules, '@types')],
      noUnusedLocals: false,
      paths: {
        'ecs-blue-green': [join(root, 'lib', 'index.ts')],
        'aws-cdk-lib': [join(modules, 'aws-cdk-lib')],
        'aws-cdk-lib/*': [join(modules, 'aws-cdk-lib', '*')],
        constructs: [join(modules, 'constructs')],
      },
    },
    include: ['*.ts'],
  };
}
