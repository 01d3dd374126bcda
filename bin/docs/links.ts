import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import GithubSlugger from 'github-slugger';
import MarkdownIt from 'markdown-it';
import type { Page } from './pages';

const markdown = new MarkdownIt({ html: true });

/** A link or an image of a page. */
interface Link {
  readonly target: string;

  /** What an image shows, in words; `undefined`: it is a link. */
  readonly alt: string | undefined;
}

/**
 * What is wrong with the links and images of some pages, one line each. A link goes to a page, a file or a heading that is there, or to
 * an https address, of which only the form is looked at.
 *
 * @param root folder from which the paths of the pages are seen
 */
export function linkProblems(pages: readonly Page[], root: string): string[] {
  const anchors = new Map(pages.map(({ path, text }) => [path, anchorsOf(text)]));
  return pages.flatMap((page) =>
    linksOf(page.text).flatMap((link) => {
      const problem = problemOf(page.path, link, anchors, root);
      return problem === undefined ? [] : [`${page.path}: got "${link.target}", expected ${problem}`];
    }),
  );
}

function problemOf(
  page: string,
  { target, alt }: Link,
  anchors: ReadonlyMap<string, ReadonlySet<string>>,
  root: string,
): string | undefined {
  if (alt === '') {
    return 'an image with words for who does not see it';
  }
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) {
    return isAddress(target) ? undefined : 'an address that starts with https://';
  }
  const [path = '', anchor] = target.split('#');
  if (path.startsWith('/')) {
    return 'a path from this page on';
  }
  const file = path === '' ? page : normalize(join(dirname(page), decodeURIComponent(path))).replaceAll('\\', '/');
  if (file.startsWith('..') || !existsSync(join(root, file))) {
    return 'a file that exists';
  }
  return anchor === undefined || anchors.get(file)?.has(decodeURIComponent(anchor)) ? undefined : `a heading of ${file}`;
}

function isAddress(target: string): boolean {
  const url = URL.parse(target);
  return url?.protocol === 'https:' && url.hostname.includes('.');
}

function linksOf(text: string): Link[] {
  return markdown
    .parse(text, {})
    .flatMap(({ children }) => children ?? [])
    .flatMap(({ type, attrs, content }): Link[] => {
      const attribute = (name: string) => attrs?.find(([key]) => key === name)?.[1] ?? '';
      if (type === 'link_open') {
        return [{ target: attribute('href'), alt: undefined }];
      }
      return type === 'image' ? [{ target: attribute('src'), alt: content }] : [];
    });
}

// As GitHub makes them of the text of a heading.
function anchorsOf(text: string): ReadonlySet<string> {
  const slugger = new GithubSlugger();
  const tokens = markdown.parse(text, {});
  return new Set(
    tokens.flatMap(({ type }, index) => {
      const words = (tokens[index + 1]?.children ?? []).filter((child) => child.type === 'text' || child.type === 'code_inline');
      return type === 'heading_open' ? [slugger.slug(words.map(({ content }) => content).join(''))] : [];
    }),
  );
}
