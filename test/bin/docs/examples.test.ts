import { exampleProblems, examplesOf } from '../../../bin/docs/examples';
import { pages } from '../../../bin/docs/pages';

test('the examples in TypeScript compile', () => {
  expect(pages().flatMap(examplesOf).length).toBeGreaterThan(5);
  expect(exampleProblems(pages())).toEqual([]);
});

test('an example with a property that there is not is noticed', () => {
  const text =
    "```ts\nimport { LatticePlane } from 'ecs-blue-green';\n\nnew LatticePlane(this, 'Plane', { vpc, vcp: 1 });\n```\n";
  expect(exampleProblems([{ path: 'docs/a.md', text }])).toEqual([
    expect.stringMatching(/^docs-a\.md-1\.ts.*'vcp' does not exist/),
  ]);
});
