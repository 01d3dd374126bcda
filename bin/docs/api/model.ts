import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { type ApiItem, ApiModel } from '@microsoft/api-extractor-model';
import { root } from '../pages';

/** What `lib/index.ts` exports, with its docstrings. */
export interface PublicApi {
  readonly items: readonly ApiItem[];

  /** What is not as it should be, one line each: types that somebody meets and cannot import, docstrings that cannot be read. */
  readonly problems: readonly string[];
}

// What api-extractor says that is of no matter here: every export of this package is public.
const unimportant = ['ae-missing-release-tag', 'ae-unresolved-link', 'tsdoc-param-tag-missing-hyphen'];

/**
 * Reads the public API of this package.
 *
 * The compiler of this project writes the declarations, and api-extractor, which brings a compiler of its own, reads them.
 */
export function publicApi(): PublicApi {
  const folder = mkdtempSync(join(tmpdir(), 'api-'));
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    writeDeclarations(folder);
    const problems = extract(folder);
    const [entry] = new ApiModel().loadPackage(join(folder, 'api.json')).entryPoints;
    return { items: entry?.members ?? [], problems };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writeDeclarations(folder: string): void {
  const configuration = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      stripInternal: true,
      rootDir: join(root, 'lib'),
      outDir: join(folder, 'types'),
      types: ['node'],
      typeRoots: [join(root, 'node_modules', '@types')],
    },
    include: [],
    files: [join(root, 'lib', 'index.ts')],
  };
  writeFileSync(join(folder, 'declarations.json'), JSON.stringify(configuration));
  execFileSync(process.execPath, [
    join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
    '-p',
    join(folder, 'declarations.json'),
  ]);
}

function extract(folder: string): string[] {
  const compilerOptions = {
    target: 'ES2022',
    module: 'NodeNext',
    moduleResolution: 'NodeNext',
    strict: true,
    skipLibCheck: true,
  };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...compilerOptions, types: [] }, include: ['types'] }),
  );
  writeFileSync(
    join(folder, 'tsdoc.json'),
    JSON.stringify({
      $schema: 'https://developer.microsoft.com/json-schemas/tsdoc/v0/tsdoc.schema.json',
      extends: ['@microsoft/api-extractor/extends/tsdoc-base.json'],
      tagDefinitions: [{ tagName: '@default', syntaxKind: 'block' }],
      supportForTags: { '@default': true },
    }),
  );
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: join(folder, 'types', 'index.d.ts'),
      compiler: { tsconfigFilePath: join(folder, 'tsconfig.json') },
      apiReport: { enabled: false },
      dtsRollup: { enabled: false },
      docModel: { enabled: true, apiJsonFilePath: join(folder, 'api.json') },
      tsdocMetadata: { enabled: false },
      messages: {
        extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.Warning } },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.Warning } },
      },
    },
    configObjectFullPath: join(folder, 'api-extractor.json'),
    packageJsonFullPath: join(root, 'package.json'),
  });
  const problems: string[] = [];
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      message.handled = true;
      if (message.category !== 'console' && !unimportant.includes(message.messageId)) {
        problems.push(`${message.sourceFilePath?.replace(`${folder}/types/`, '')}: ${message.text}`);
      }
    },
  });
  return problems;
}
