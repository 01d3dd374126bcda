import {
  ApiClass,
  ApiDocumentedItem,
  ApiFunction,
  ApiInterface,
  type ApiItem,
  ApiOptionalMixin,
  ApiParameterListMixin,
  ApiProperty,
  ApiPropertySignature,
} from '@microsoft/api-extractor-model';
import type { DocComment } from '@microsoft/tsdoc';
import GithubSlugger from 'github-slugger';
import type { Page } from '../pages';
import { below, words } from './words';

// The rooms of the package, in the order in which somebody needs them.
const rooms: Readonly<Record<string, string>> = {
  service: 'A service in two slots, its alarms and its dashboards.',
  traffic: 'What carries the weights: three traffic planes, and the interface behind which they are.',
  guard: 'What refuses a deploy that would hurt.',
  stack: 'The stack of this app, and what feeds a service from the flags.',
  settings: 'The flags, read and checked.',
  release: 'Slots, limits of the planes, and the steps of a release, as data.',
};

const note = 'Made from the docstrings by `npm run docs`.';

/** The pages of the API: an index, and one page for each room that exports something. */
export function apiPages(items: readonly ApiItem[]): readonly Page[] {
  const ofRoom = (room: string) => items.filter((item) => roomOf(item) === room);
  const stray = items.filter((item) => !Object.hasOwn(rooms, roomOf(item)));
  if (stray.length > 0) {
    throw new Error(
      `docs/api: got ${stray.map(({ displayName }) => displayName).join(', ')} from elsewhere, expected exports of ${Object.keys(rooms).join(', ')}`,
    );
  }
  return [
    { path: 'docs/api/README.md', text: index(items) },
    ...Object.entries(rooms).map(([room, about]) => ({
      path: `docs/api/${room}.md`,
      text: `${[`# API: ${room}`, about, `${note} [All of the API](README.md)`, ...sorted(ofRoom(room)).map(section)].join('\n\n')}\n`,
    })),
  ];
}

function index(items: readonly ApiItem[]): string {
  const lists = Object.entries(rooms).map(([room, about]) => {
    // Two names may differ in nothing but a capital.
    const slugger = new GithubSlugger();
    slugger.slug(`API: ${room}`);
    const entries = sorted(items.filter((item) => roomOf(item) === room)).map((item) => {
      const sentence = firstSentence(item);
      const link = `[\`${item.displayName}\`](${room}.md#${slugger.slug(item.displayName)})`;
      return `- ${link}${sentence === '' ? '' : `: ${sentence}`}`;
    });
    return [`## [${room}](${room}.md)`, about, entries.join('\n')].join('\n\n');
  });
  return `${['# API', `Everything that \`import … from 'ecs-blue-green'\` gives. ${note} [The construct](../construct.md) tells how to begin.`, ...lists].join('\n\n')}\n`;
}

// Classes first, each with its properties; then functions, then the rest.
function sorted(items: readonly ApiItem[]): ApiItem[] {
  const rank = (item: ApiItem) => {
    const owner = items.find((other) => other instanceof ApiClass && item.displayName === `${other.displayName}Props`);
    const kind = item instanceof ApiClass || owner ? 0 : item instanceof ApiFunction ? 1 : 2;
    return `${kind} ${owner ? `${owner.displayName} ` : item.displayName}`;
  };
  return [...items].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

// types/service/slot.d.ts
function roomOf(item: ApiItem): string {
  return (item instanceof ApiDocumentedItem && 'fileUrlPath' in item ? `${item.fileUrlPath}` : '').split('/')[1] ?? '';
}

function section(item: ApiItem): string {
  return [`## ${item.displayName}`, about(item), item.members.map(line).join('\n')].filter((part) => part !== '').join('\n\n');
}

function about(item: ApiItem): string {
  const comment = commentOf(item);
  const shown = item instanceof ApiClass || item instanceof ApiInterface ? heritage(item) : signature(item);
  return [shown, words(comment?.summarySection), ...tags(item, '')].filter((part) => part !== '').join('\n\n');
}

function heritage(item: ApiClass | ApiInterface): string {
  const base = item instanceof ApiClass ? [item.extendsType].flatMap((type) => type ?? []) : item.extendsTypes;
  const taken = item instanceof ApiClass ? item.implementsTypes : [];
  return [
    ...(base.length > 0 ? [`Extends ${base.map(({ excerpt }) => code(excerpt.text)).join(', ')}.`] : []),
    ...(taken.length > 0 ? [`Implements ${taken.map(({ excerpt }) => code(excerpt.text)).join(', ')}.`] : []),
  ].join(' ');
}

// A member of a class or an interface, with what is said of it.
function line(member: ApiItem): string {
  // What api-extractor says of a constructor that has no docstring.
  const summary = words(commentOf(member)?.summarySection).replace(/^Constructs a new instance of .*/, '');
  const [first, ...others] = [summary.replaceAll('\n\n', '\n\n  '), ...tags(member, '  ')].filter((part) => part !== '');
  const rest = others.map((part) => `\n  ${part.trimStart()}`).join('');
  return `- ${shortSignature(member)}${first === undefined ? '' : `: ${first.trimStart()}${rest}`}`;
}

// Parameters, default, what is given back, errors and sources.
function tags(item: ApiItem, indent: string): string[] {
  const comment = commentOf(item);
  const parameters = ApiParameterListMixin.isBaseClassOf(item)
    ? item.parameters.flatMap(({ name, tsdocParamBlock }) => {
        const what = words(tsdocParamBlock?.content);
        return what === '' ? [] : [`${indent}- \`${name}\`: ${what}`];
      })
    : [];
  const returned = words(comment?.returnsBlock?.content);
  return [
    ...parameters,
    ...below(comment, '@default').map((value) => defaultInWords(value)),
    ...(returned === '' ? [] : [`Gives back ${returned}.`]),
    ...below(comment, '@throws').map((what) => `Throws ${what.replace(/\.$/, '')}.`),
    ...(comment?.seeBlocks ?? []).map(({ content }) => `See ${words(content)}`),
  ];
}

// CDK style: a default in words begins with a hyphen, any other is a value.
function defaultInWords(value: string): string {
  return value.startsWith('- ') ? `Default: ${value.slice(2)}.` : `Default: \`${value.replaceAll('`', '')}\`.`;
}

function shortSignature(member: ApiItem): string {
  if (member instanceof ApiProperty || member instanceof ApiPropertySignature) {
    const optional = ApiOptionalMixin.isBaseClassOf(member) && member.isOptional ? '?' : '';
    return `${code(`${member.displayName}${optional}`)} ${code(member.propertyTypeExcerpt.text)}`;
  }
  return signature(member);
}

function signature(item: ApiItem): string {
  const text = 'excerpt' in item ? (item.excerpt as { readonly text: string }).text : item.displayName;
  return code(text.replace(/^export (declare )?(const )?/, '').replace(/;$/, ''));
}

function code(text: string): string {
  return `\`${text.replace(/\s+/g, ' ').trim()}\``;
}

function commentOf(item: ApiItem): DocComment | undefined {
  return item instanceof ApiDocumentedItem ? item.tsdocComment : undefined;
}

function firstSentence(item: ApiItem): string {
  const text = words(commentOf(item)?.summarySection).split('\n')[0] ?? '';
  return /^.*?[.](?= |$)/.exec(text)?.[0] ?? text;
}
