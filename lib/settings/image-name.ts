import type { ValueType } from './value-type';

// A host, as the part before the first slash, looks otherwise than a directory: by a dot, a port, an upper-case letter, or its name.
const hostPart = '[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]';
const host = new RegExp(`^((${hostPart})(\\.(${hostPart}))*|\\[[0-9A-Fa-f:]+\\])(:\\d+)?$`);
const path = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;
const tag = /^\w[\w.-]{0,127}$/;
const digest = /^(sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;

/** The longest name: for Docker without tag and digest, for ECS with them. */
const longestName = 255;

/** The parts of the name of a container image. */
export interface ImageName {
  /** The registry, with its port; `undefined`: Docker Hub. */
  readonly host: string | undefined;

  /** The repository in the registry. */
  readonly path: string;
}

/**
 * The parts of the name of an image as it stands on a `docker pull` command line; `undefined` when Docker would not take it.
 *
 * @see https://pkg.go.dev/github.com/distribution/reference
 */
export function parseImageName(text: string): ImageName | undefined {
  const [, beforeDigest = '', digestText] = /^([^@]*)(?:@(.*))?$/s.exec(text) ?? [];
  // A colon after the last slash begins a tag; one before it, a port.
  const [, name = '', tagText] = /^(.*?)(?::([^/:\]]*))?$/s.exec(beforeDigest) ?? [];
  const slash = name.indexOf('/');
  const first = name.slice(0, slash);
  const hasHost = slash >= 0 && (/[.:A-Z]/.test(first) || first === 'localhost');
  const repository = hasHost ? name.slice(slash + 1) : name;
  const valid =
    name.length <= longestName &&
    (!hasHost || host.test(first)) &&
    path.test(repository) &&
    // Docker takes 64 digits alone for the id of an image that is there already.
    !/^[0-9a-f]{64}$/.test(name) &&
    (tagText === undefined || tag.test(tagText)) &&
    (digestText === undefined || digest.test(digestText));
  return valid ? { host: hasHost ? first : undefined, path: repository } : undefined;
}

/** Which image of its repository a name means: that of a digest, of a tag, or of `latest`. */
export function imageReference(text: string): string {
  const [name = '', digestText] = text.split('@');
  return digestText ?? /:([^/:\]]*)$/.exec(name)?.[1] ?? 'latest';
}

/**
 * A container image as it stands on a `docker pull` command line.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
export const imageType: ValueType<string> = {
  expected: 'a container image such as registry/repository:tag',
  kind: 'image',
  parse: (value) =>
    typeof value === 'string' && value.length <= longestName && parseImageName(value) !== undefined ? value : undefined,
};
