// `npm run lint:templates`: cfn-lint over what the app synthesizes, as CloudFormation would read it in three Regions.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { installPythonEnvironment } from '../../lib/local/python-environment';
import { exceptions } from './exceptions';
import { templates } from './templates';

const regions = ['us-east-1', 'eu-central-1', 'ap-southeast-2'] as const;

interface Finding {
  readonly Filename: string;
  readonly Message: string;
  readonly Rule: { readonly Id: string };
  readonly Location: { readonly Path: readonly (string | number)[] | null };
}

async function main(): Promise<void> {
  const commands = await installPythonEnvironment({
    folder: path.resolve(__dirname, '..', '..', '.cfn-lint'),
    requirements: path.join(__dirname, 'requirements.txt'),
    purpose: 'cfn-lint',
  });
  const folder = mkdtempSync(path.join(tmpdir(), 'cfn-lint-'));
  try {
    const all = templates().map((each, index) => ({ ...each, file: path.join(folder, `${index}.json`) }));
    for (const { template, file } of all) {
      writeFileSync(file, JSON.stringify(template, null, 1));
    }
    const files = all.map(({ file }) => file);
    // cfn-lint uses one core. The templates of a plane stand side by side, so each process gets some of every plane.
    const cores = Math.min(availableParallelism(), files.length);
    const parts = Array.from({ length: cores }, (_, core) => files.filter((_file, index) => index % cores === core));
    const found = await Promise.all(parts.map((part) => lint(path.join(commands, 'cfn-lint'), part)));
    const findings = found.flat().map((finding) => {
      const { name, template } = all.find(({ file }) => file === finding.Filename) ?? { name: finding.Filename, template: {} };
      const at = finding.Location.Path ?? [];
      const { Resources = {} } = template as { Resources?: Readonly<Record<string, { readonly Type?: string }>> };
      const type = (at[0] === 'Resources' && Resources[`${at[1]}`]?.Type) || '';
      return { rule: finding.Rule.Id, type, line: `${name}: ${finding.Rule.Id} ${at.join('.')}: ${finding.Message}` };
    });

    const excepted = exceptions.map(({ rule, at, reason }) => ({
      found: findings.filter((finding) => finding.rule === rule && at.test(finding.type)),
      rule,
      reason,
    }));
    for (const { rule, reason, found } of excepted) {
      console.log(`${rule}, ${found.length} times: ${reason}`);
    }
    const stale = excepted
      .filter(({ found }) => found.length === 0)
      .map(({ rule }) => `${rule}: no finding any more; remove the exception`);
    const left = findings.filter((finding) => excepted.every(({ found }) => !found.includes(finding)));
    const problems = [...left.map(({ line }) => line), ...stale];
    for (const problem of problems) {
      console.error(problem);
    }
    console.log(
      `${all.length} templates in ${regions.join(', ')}: ${problems.length === 0 ? 'nothing else found' : `${problems.length} problems`}`,
    );
    process.exitCode = problems.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function lint(command: string, files: readonly string[]): Promise<readonly Finding[]> {
  const args = ['--format', 'json', '--regions', ...regions, '--template', ...files];
  return new Promise((resolve, reject) => {
    // It ends with another exit code when it finds something.
    execFile(command, args, { maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      try {
        resolve(JSON.parse(stdout));
      } catch {
        reject(
          new Error(`cfn-lint: expected findings as JSON, got ${stderr.trim() || stdout.trim() || error?.message || 'nothing'}`),
        );
      }
    });
  });
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
