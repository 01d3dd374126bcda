import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Emulator } from '../../../lib/local/emulator/emulator';
import { type Seen, seen, type Thing, thing } from './custom-thing';
import { type Resources, Stacks } from './stacks';

const type = 'Custom::Thing';

describe('custom resources', () => {
  let folder: string;
  let seenIn: string;
  let emulator: Emulator;
  let stacks: Stacks;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'custom-resources-'));
    seenIn = path.join(folder, 'seen');
    writeFileSync(seenIn, '');
    emulator = await Emulator.start();
    stacks = new Stacks(emulator);
  });

  afterEach(async () => {
    await emulator?.stop();
    rmSync(folder, { recursive: true });
  });

  const create = (properties: Thing) => stacks.create('stack', thing(seenIn, properties));
  const update = (properties: Thing) => stacks.update('stack', thing(seenIn, properties));
  const requests = () => seen(seenIn).map(({ request, from, to, status }) => [request, from, to, status]);
  const events = async () =>
    (await emulator.events())
      .filter((event) => event.type === type)
      .map(({ verb, stack, logicalId, problem }) => [verb, stack, logicalId, problem]);

  test('a function makes, changes and takes away its resource, and the journal tells', async () => {
    expect(await create({ Value: 1 })).toMatchObject({ status: 'CREATE_COMPLETE', refs: { Thing: 'thing' } });
    expect(await update({ Value: 2 })).toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect(await stacks.delete('stack')).toMatchObject({ status: 'DELETE_COMPLETE' });

    expect(requests()).toEqual([
      ['Create', undefined, '1', 'CREATE_IN_PROGRESS'],
      ['Update', '1', '2', 'UPDATE_IN_PROGRESS'],
      ['Delete', undefined, '2', 'DELETE_IN_PROGRESS'],
    ]);
    expect(await events()).toEqual([
      ['create', 'stack', 'Thing', null],
      ['update', 'stack', 'Thing', null],
      ['delete', 'stack', 'Thing', null],
    ]);
    expect(await emulator.resources()).toEqual([]);
  });

  test('it runs with the Node of this process, whatever Node is found first', async () => {
    writeFileSync(path.join(folder, 'node'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const { PATH } = process.env;
    try {
      process.env.PATH = [folder, PATH].join(path.delimiter);
      await emulator.stop();
      emulator = await Emulator.start();
    } finally {
      process.env.PATH = PATH;
    }
    await new Stacks(emulator).create('stack', thing(seenIn, { Value: 1 }));
    expect(seen(seenIn)).toMatchObject([{ node: process.execPath } satisfies Partial<Seen>]);
  });

  test('a refused update is sent back with old and new swapped, while the stack says that it goes back', async () => {
    await create({ Value: 1 });
    const { status, failures } = await update({ Value: 2, RefusedIn: '^UPDATE_IN_PROGRESS$' });

    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(failures).toEqual({ Thing: 'refused: 1 to 2' });
    expect(requests().slice(1)).toEqual([
      ['Update', '1', '2', 'UPDATE_IN_PROGRESS'],
      ['Update', '2', '1', 'UPDATE_ROLLBACK_IN_PROGRESS'],
    ]);
    expect((await events()).slice(1)).toEqual([
      ['update', 'stack', 'Thing', 'refused: 1 to 2'],
      ['update', 'stack', 'Thing', null],
    ]);
  });

  test('refused on the way back too: the stack is stuck', async () => {
    await create({ Value: 1 });
    const { status } = await update({ Value: 2, RefusedIn: '.' });

    expect(status).toBe('UPDATE_ROLLBACK_FAILED');
    expect((await events()).slice(1)).toEqual([
      ['update', 'stack', 'Thing', 'refused: 1 to 2'],
      ['update', 'stack', 'Thing', 'refused: 2 to 1'],
    ]);
  });

  test('an update that fails elsewhere sends it back', async () => {
    const parameter = (Value: string) => ({
      Type: 'AWS::SSM::Parameter',
      Properties: { Type: 'String', Value },
      DependsOn: 'Thing',
    });
    await stacks.create('stack', { ...thing(seenIn, { Value: 1 }), Parameter: parameter('one') });
    await emulator.intervene({ effect: 'fail', type: 'AWS::SSM::Parameter', verb: 'update' });
    const { status } = await stacks.update('stack', { ...thing(seenIn, { Value: 2 }), Parameter: parameter('two') });

    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(requests().slice(1)).toEqual([
      ['Update', '1', '2', 'UPDATE_IN_PROGRESS'],
      ['Update', '2', '1', 'UPDATE_ROLLBACK_IN_PROGRESS'],
    ]);
  });

  test('one that was not changed is not asked', async () => {
    await create({ Value: 1 });
    await stacks.update('stack', { ...thing(seenIn, { Value: 1 }), Other: { Type: 'AWS::ECS::Cluster' } });
    expect(requests()).toHaveLength(1);
    expect(await events()).toHaveLength(1);
  });

  test('an order to fail holds for the way back too, until it is taken back', async () => {
    await create({ Value: 1 });
    await emulator.intervene({ effect: 'fail', type, verb: 'update', name: 'Thing', reason: 'ordered' });
    expect(await update({ Value: 2 })).toMatchObject({
      status: 'UPDATE_ROLLBACK_FAILED',
      failures: { Thing: expect.stringContaining('ordered') },
    });
    expect(await emulator.met()).toBe(2);
    expect(requests()).toHaveLength(1);

    await emulator.release();
    expect(await stacks.continueRollback('stack')).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
    expect(requests().slice(1)).toEqual([['Update', '2', '1', 'UPDATE_ROLLBACK_IN_PROGRESS']]);
  });

  test('an order to fail holds for a creation', async () => {
    await emulator.intervene({ effect: 'fail', type, verb: 'create' });
    expect(await create({ Value: 1 })).toMatchObject({ status: 'ROLLBACK_COMPLETE' });
    expect(requests()).toEqual([]);
  });

  test('a function that does not answer is waited for no longer than it is told', async () => {
    const { status, failures } = await create({ Value: 1, Silent: true, ServiceTimeout: 1 });
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(failures).toEqual({ Thing: expect.stringMatching(/timed out after 1s/) });
  });

  test('another function for a resource that is there is refused', async () => {
    const before = thing(seenIn, { Value: 1 });
    const { Function: first, ...others } = before;
    await stacks.create('stack', before);
    const moved = JSON.parse(JSON.stringify({ ...others, Moved: first }).replaceAll('["Function","Arn"]', '["Moved","Arn"]'));
    const { status, failures } = await stacks.update('stack', moved as Resources);

    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(failures).toEqual({ Thing: expect.stringMatching(/Modifying service token is not allowed/) });
    expect(requests()).toHaveLength(1);
  });

  test('the function writes into the log group of its template', async () => {
    const { refs } = await create({ Value: 1 });
    await update({ Value: 2 });

    const logGroupName = refs.Log as string;
    const { events: lines } = await logs<{ events: { message: string }[] }>(emulator, 'FilterLogEvents', { logGroupName });
    expect(lines.map(({ message }) => message)).toContainEqual(expect.stringContaining('seen Create'));
    const { logGroups } = await logs<{ logGroups: { logGroupName: string }[] }>(emulator, 'DescribeLogGroups', {});
    expect(logGroups.map((group) => group.logGroupName)).toEqual([logGroupName]);
  });

  test('things of two stacks with one physical id are told apart', async () => {
    await create({ Value: 1 });
    await stacks.create('other', thing(seenIn, { Value: 1 }));
    await stacks.update('stack', thing(seenIn, { Value: 2 }));
    await stacks.delete('other');

    expect(await events()).toEqual([
      ['create', 'stack', 'Thing', null],
      ['create', 'other', 'Thing', null],
      ['update', 'stack', 'Thing', null],
      ['delete', 'other', 'Thing', null],
    ]);
    expect((await emulator.resources()).filter((resource) => resource.type === type)).toMatchObject([{ stack: 'stack' }]);
  });

  test('what does not wait for it comes before it, whatever its name', async () => {
    const parameter = (Value: number, DependsOn?: string) => ({
      Type: 'AWS::SSM::Parameter',
      Properties: { Type: 'String', Value: String(Value) },
      ...(DependsOn && { DependsOn }),
    });
    const resources = (Value: number): Resources => ({
      ...thing(seenIn, { Value }),
      AfterThing: parameter(Value, 'Thing'),
      Unordered: parameter(Value),
    });
    await stacks.create('stack', resources(1));
    const before = (await emulator.events()).length;
    await stacks.update('stack', resources(2));

    expect((await emulator.events()).slice(before).map(({ logicalId }) => logicalId)).toEqual([
      'Unordered',
      'Thing',
      'AfterThing',
    ]);
  });

  test('a connection of a function to another machine is refused and written down', async () => {
    const { status, failures } = await create({ Value: 1, Reach: 'http://192.0.2.1:8/' });

    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(failures.Thing).toMatch(/connection to 192.0.2.1 refused: the emulator stays on this machine/);
    expect(emulator.refusedConnections).toBe('192.0.2.1\n');
  });
});

/** A call of CloudWatch Logs. */
async function logs<T>({ url }: Emulator, action: string, body: object): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `Logs_20140328.${action}` },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}
