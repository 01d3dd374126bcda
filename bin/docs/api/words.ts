import {
  type DocCodeSpan,
  type DocComment,
  type DocEscapedText,
  type DocFencedCode,
  type DocLinkTag,
  type DocNode,
  DocNodeKind,
  type DocPlainText,
} from '@microsoft/tsdoc';

/** A part of a docstring as Markdown, in one line where the docstring has one paragraph. */
export function words(node: DocNode | undefined): string {
  return node === undefined
    ? ''
    : text(node)
        .replace(/[^\S\n]+/g, ' ')
        .replace(/ ?\n+ ?/g, '\n\n')
        .trim();
}

/** What stands below a tag such as `@default`, one entry for each time it is there. */
export function below(comment: DocComment | undefined, tag: string): string[] {
  return (comment?.customBlocks ?? []).filter(({ blockTag }) => blockTag.tagName === tag).map(({ content }) => words(content));
}

function text(node: DocNode): string {
  switch (node.kind) {
    case DocNodeKind.PlainText:
      return (node as DocPlainText).text;
    case DocNodeKind.SoftBreak:
      return ' ';
    case DocNodeKind.CodeSpan:
      return `\`${(node as DocCodeSpan).code}\``;
    case DocNodeKind.EscapedText:
      return (node as DocEscapedText).decodedText;
    case DocNodeKind.FencedCode: {
      const { language, code } = node as DocFencedCode;
      return `\n\`\`\`${language}\n${code}\`\`\`\n`;
    }
    case DocNodeKind.LinkTag:
      return link(node as DocLinkTag);
    case DocNodeKind.Paragraph:
      return `${node.getChildNodes().map(text).join('')}\n`;
    default:
      return node.getChildNodes().map(text).join('');
  }
}

function link({ urlDestination, linkText, codeDestination }: DocLinkTag): string {
  return urlDestination === undefined
    ? `\`${linkText ?? codeDestination?.emitAsTsdoc()}\``
    : `[${linkText ?? urlDestination}](${urlDestination})`;
}
